"""Citizens who are not reached, and callbacks that an agent takes: the provider at 127.0.0.2 is our phone."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lab.phone import IncomingCall, Phone
from sounds.numbers import spoken
from sounds.phrases import NUMBER, phrase
from tests.integration.conversations import hear_each_other
from tests.integration.test_callbacks import RULE, called_back, ending, promised, with_callbacks
from tests.integration.test_calls_out import CALLS_OUT, CITIZEN, connected, dial
from tests.integration.world import World, kinds, record

CAUSES = "causes: {busy: {again: 10s}, declined: {again: 10s}}"
FEW = 'callback: {key: "2", again: 10s, tries: 2}'
pytestmark = pytest.mark.parametrize("change", [CALLS_OUT])


def with_rule(folder: Path, rule: str) -> Path:
    """Callers of greening may be called back by this rule."""
    file = with_callbacks(folder) / "hotline.yaml"
    text = file.read_text()
    assert text.count(RULE) == 1
    file.write_text(text.replace(RULE, rule))
    return folder


async def postponed(hotline: World, why: str) -> Any:
    """The only callback was postponed for that reason."""
    (one,) = await hotline.see("callbacks", lambda seen: [each["why"] for each in seen] == [why])
    return one


async def left(hotline: World, callback: str) -> str:
    return str((await ending(hotline, callback))["why"])


async def taken(hotline: World, provider: Phone, **time: float) -> tuple[str, str]:
    """A callback that was promised, and that somebody has taken for so long: its id, and until when."""
    await hotline.set_state("1001", "not-ready")
    told = await promised(hotline, provider)
    callback = str(record(told, "callback-promised")["callback"])
    until = (datetime.now(UTC) + timedelta(**time)).isoformat()
    answer = await hotline.http.post(f"/api/v1/callbacks/{callback}/take", json={"until": until})
    assert answer.status_code == 200, answer.text
    await hotline.set_state("1001", "ready")
    return callback, until


async def rung(provider: Phone) -> IncomingCall:
    call = await provider.incoming()
    await call.ring()
    return call


async def test_each_cause_is_known_and_has_its_rule(tmp_path: Path, hotline_folder: Path, sounds: Path) -> None:
    rule = f'callback: {{key: "2", again: 1h, tries: 5, {CAUSES}}}'
    async with connected(tmp_path, with_rule(hotline_folder, rule), sounds) as (hotline, provider, _):
        citizen = await called_back(hotline, provider)
        await citizen.reject(486)
        assert (await postponed(hotline, "busy"))["attempts"] == 1
        await (await rung(provider)).reject(603)
        assert (await postponed(hotline, "declined"))["attempts"] == 2
        await (await rung(provider)).reject(404)
        await hotline.see("callbacks", lambda seen: seen == [])
        (missed,) = await hotline.get("missed")
        assert (missed["number"], missed["why"], missed["queue"]) == (CITIZEN, "not-reached", "greening")
        assert await left(hotline, missed["id"]) == "not-reached"


async def test_the_last_attempt_tells_a_mailbox_and_who_rings_in_has_the_old_place(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    loop = asyncio.get_running_loop()
    rule = 'callback: {key: "2", tries: 1, grace: 5m}'
    async with connected(tmp_path, with_rule(hotline_folder, rule), sounds) as (hotline, provider, agent):
        mailbox = await (await called_back(hotline, provider)).answer()
        answered = loop.time()
        before, after = (part.strip() for part in phrase("callback-last", "zh").split(NUMBER))
        for words in (before, *spoken(5, "zh", counted=True), after):
            await mailbox.hears_recording(hotline.clip({"zh": words}))
        await mailbox.ended()
        took = loop.time() - answered
        await hotline.see("missed", lambda seen: [one["why"] for one in seen] == ["not-reached"])
        call = await provider.dial("12319")
        await call.hears_speech()
        await call.press("1")
        await hear_each_other(call, await (await agent.incoming()).answer())
        await call.hang_up()
        told = await hotline.ended(CITIZEN)
        assert record(told, "queued")["head_start"] > took, "the mailbox alone took so long"
        assert await hotline.get("missed") == []


async def test_an_agent_who_declines_costs_the_citizen_no_try(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    async with connected(tmp_path, with_rule(hotline_folder, FEW), sounds) as (hotline, provider, agent):
        citizen = await (await called_back(hotline, provider)).answer()
        await citizen.hears_recording(hotline.clip("callback-ask"))
        await citizen.press("1")
        await (await agent.incoming()).reject(603)
        await hotline.see_agent("1001", state="not-ready")
        await hotline.set_state("1001", "ready")
        await hear_each_other(citizen, await (await agent.incoming()).answer())
        assert len(provider.calls) == 1, "the citizen is rung once, and holds the line"
        await citizen.hang_up()
        assert kinds(await hotline.ended(CITIZEN)).count("offer-failed") == 1


async def test_an_agent_takes_one_calls_the_citizen_and_that_ends_it(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    async with connected(tmp_path, with_rule(hotline_folder, FEW), sounds) as (hotline, provider, agent):
        callback, _ = await taken(hotline, provider, hours=1)
        await hotline.stop_service()
        await hotline.start_service()
        await hotline.see_agent("1001", state="ready", phone="free")
        (one,) = await hotline.get("callbacks")
        assert (one["taken_by"], one["state"], one["attempts"]) == ("token:local", "waiting", 0)
        assert (await dial(hotline)).status_code == 200
        own = await (await agent.incoming()).answer()
        citizen = await provider.incoming()
        await citizen.answer()
        await hear_each_other(own, citizen)
        await hotline.see("callbacks", lambda seen: seen == [])
        assert await left(hotline, callback) == "talked"
        await own.hang_up()


async def test_past_the_time_of_who_has_taken_it_the_queue_calls(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    async with connected(tmp_path, with_rule(hotline_folder, FEW), sounds) as (hotline, provider, agent):
        _, until = await taken(hotline, provider, seconds=3)
        citizen = await (await provider.incoming()).answer()
        assert datetime.now(UTC).isoformat() >= until
        await citizen.hears_recording(hotline.clip("callback-ask"))
        await citizen.press("1")
        await hear_each_other(citizen, await (await agent.incoming()).answer())
        await citizen.hang_up()
