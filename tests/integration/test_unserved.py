"""Callers who are gone before anybody has served them, and those who cannot be served."""

import asyncio
import random
from contextlib import suppress
from pathlib import Path
from typing import Any

from lab.phone import CallFailed, Phone
from tests.integration.conversations import queued
from tests.integration.world import World, kinds, world

MANY = 50


async def test_every_caller_who_is_gone_within_milliseconds_leaves_a_call(hotline: World) -> None:
    """The CANCEL comes before the AGI session has begun, or before the service has read it."""
    chance = random.Random(1)
    for number in range(MANY):
        phone = await hotline.citizen(f"1380013{number:04}")
        await gone_after(phone, chance.uniform(0, 0.02))
        await phone.close()
    calls = await hotline.see("calls?limit=200", lambda calls: len(ended(calls)) >= MANY, "the calls")
    assert len(calls) == MANY
    assert {(call["number"], call["outcome"]) for call in calls} == {("12319", "hung-up")}
    for call in calls:
        story = await hotline.story(call["id"])
        assert kinds(story)[0] == "call-started"
        assert kinds(story).count("call-finished") == 1
        assert story["story"][-1]["by"] == "caller"
    numbers = [call["caller"] for call in calls if call["caller"]]
    assert len(set(numbers)) == len(numbers), "no call is told twice"


async def gone_after(phone: Phone, seconds: float, number: str = "12319") -> None:
    call = await phone.place(number)
    await asyncio.sleep(seconds)
    with suppress(CallFailed):
        await call.hang_up()


def ended(calls: Any) -> list[Any]:
    return [call for call in calls if call["state"] == "ended"]


async def test_an_agents_own_calls_that_are_gone_within_milliseconds_are_no_callers(hotline: World) -> None:
    agent = await hotline.agent_phone("1001")
    for number in ("*45", "2200"):
        for _ in range(5):
            await gone_after(agent, 0.005, number)
    await gone_after(await hotline.citizen(), 0)
    calls = await hotline.see("calls", lambda calls: bool(ended(calls)), "the citizen's call")
    assert len(calls) == 1


async def test_a_caller_for_whom_there_is_no_room_is_counted(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    async with world(tmp_path / "state", hotline_folder, sounds, max_calls=1) as hotline:
        first = await queued(hotline, "1")
        second = await (await hotline.citizen("13900139000")).dial("12319")
        await second.hears_recording(hotline.clip("fallback-apology"))  # at once, and then the fallback rings
        await second.hang_up()
        call = await hotline.ended("13900139000")
        assert (call["outcome"], call["story"][-1]["cause"]) == ("failed", "too-many-calls")
        assert 'wutong_calls_total{outcome="failed",queue=""} 1.0' in (await hotline.http.get("/metrics")).text
        await first.hang_up()
