"""More calls than there is room for: who is refused, what the caller hears, and who still gets through."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from lab.phone import CallFailed, Phone
from sounds.audio import length
from tests.integration.conversations import in_menu
from tests.integration.world import World, world

WITHOUT_FALLBACK = re.compile(r"^fallback:.*\n(?:[ ].*\n)*", re.MULTILINE)


@pytest.fixture
def hotline_folder(hotline_folder: Path) -> Path:
    file = hotline_folder / "hotline.yaml"
    file.write_text(WITHOUT_FALLBACK.sub("", file.read_text()))
    return hotline_folder


@pytest.fixture
async def full(tmp_path: Path, hotline_folder: Path, sounds: Path) -> AsyncIterator[World]:
    """A hotline with room for three, and three callers in the menu."""
    async with world(tmp_path / "state", hotline_folder, sounds, max_calls=3) as made:
        for number in range(3):
            await in_menu(made, f"1380013800{number}")
        yield made


async def refused(phone: Phone, number: str = "12319") -> tuple[int, float]:
    """The status that refuses a call, and the seconds until then."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    call = await phone.place(number)
    with pytest.raises(CallFailed) as failed:
        await call.answered()
    return failed.value.status, loop.time() - began


def words(hotline: World) -> float:
    """How long whoever hears that all lines are busy hears that: who is refused sooner has heard nothing."""
    return length(hotline.clip("all-lines-busy"))


async def counted(hotline: World, why: str) -> float:
    metrics = (await hotline.http.get("/metrics")).text
    found = re.search(rf'^wutong_calls_refused_total{{why="{why}"}} (\S+)$', metrics, re.MULTILINE)
    return 0.0 if found is None else float(found[1])


async def test_a_caller_for_whom_there_is_no_room_hears_so_at_once(full: World) -> None:
    call = await (await full.citizen("13900139000")).place("12319")
    await call.hears_recording(full.clip("all-lines-busy"))
    with pytest.raises(CallFailed) as failed:
        await call.answered()
    assert failed.value.status == 486
    story = await full.ended("13900139000")
    assert (story["outcome"], story["story"][-1]["cause"]) == ("failed", "too-many-calls")
    assert await counted(full, "too-many-calls") == 1


async def test_a_flood_gets_the_busy_tone(full: World) -> None:
    phones = [await full.citizen(f"1390013{number:04}") for number in range(30)]
    answers = await asyncio.gather(*map(refused, phones))
    assert {status for status, _ in answers} == {486}
    assert sorted(seconds for _, seconds in answers)[10] < words(full), "most hear no words"
    assert await counted(full, "too-many-calls") == 30


async def test_agents_keep_room(full: World) -> None:
    agent = await full.agent_phone("1001")
    call = await agent.dial("*45")
    await call.ended()
    await full.see_agent("1001", state="ready")
    call = await agent.dial("12319")
    await call.hears_speech()
    await call.hang_up()


async def test_one_number_cannot_have_all_the_room(tmp_path: Path, hotline_folder: Path, sounds: Path) -> None:
    async with world(tmp_path / "state", hotline_folder, sounds, max_calls=10, max_calls_per_number=2) as hotline:
        calls = [await in_menu(hotline, "13800138000") for _ in range(2)]
        status, seconds = await refused(await hotline.citizen("13800138000"))
        assert (status, seconds < words(hotline)) == (486, True)
        await in_menu(hotline, "13900139000")
        await calls[0].hang_up()
        await hotline.see("calls", lambda all_: sum(one["state"] != "ended" for one in all_) == 2)
        await in_menu(hotline, "13800138000")
        assert await counted(hotline, "too-many-calls-from-number") == 1


async def test_one_address_cannot_have_all_the_room(tmp_path: Path, hotline_folder: Path, sounds: Path) -> None:
    async with world(tmp_path / "state", hotline_folder, sounds, max_calls=10, max_calls_per_address=2) as hotline:
        for number in range(2):
            await in_menu(hotline, f"1380013800{number}")
        assert (await refused(await hotline.citizen("13900139000")))[0] == 486
        assert await counted(hotline, "too-many-calls-from-address") == 1
        agent = await hotline.agent_phone("1001")
        call = await agent.dial("12319")
        await call.hears_speech()


async def test_room_is_free_again(full: World) -> None:
    await refused(await full.citizen("13900139000"))
    await full.hang_up_phones()
    await full.see("calls", lambda all_: all(one["state"] == "ended" for one in all_))
    await in_menu(full, "13700137000")
