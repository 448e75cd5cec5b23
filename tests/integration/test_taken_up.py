"""What a call does at the moment when the service dies, and goes on with in the next one: rings, whispers, wrap-ups,
sub-hotlines, order, announcements, keys, overflow."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from lab.patience import patience
from lab.phone import Call, IncomingCall, Phone
from lab.stalls import Stalls
from service.app.serve import serve
from tests.integration.conversations import connected, hear_each_other, in_menu, queued
from tests.integration.kept import KeptAsterisk
from tests.integration.world import World, kinds, record


@pytest.fixture
async def patient(kept: KeptAsterisk, hotline_folder: Path, sounds: Path, tables: Path) -> AsyncIterator[World]:
    """A hotline where wrap-up and overflow come long after a restart of the service."""
    file = hotline_folder / "hotline.yaml"
    text = file.read_text()
    file.write_text(text.replace("wrap_up: 1s", "wrap_up: 20s").replace("waited: 16s", "waited: 30s"))
    async with kept.world(hotline_folder, sounds, tables) as made:
        yield made


async def killed_while_it_starts(hotline: World) -> None:
    """A service begins, has its link to Asterisk, and is killed."""
    task = asyncio.create_task(serve(hotline.settings, lambda pulse: None, alone=lambda: "a test ends it."))
    async with patience("the service's link to Asterisk's manager"):
        while "wutong" not in await hotline.asterisk.command("manager show connected"):
            assert not task.done()
    task.cancel()
    await asyncio.wait({task})


async def goes_through(hotline: World, call: Call, offer: IncomingCall, number: str) -> None:
    """They talk, the agent hangs up, the caller hears the goodbye, and the story has each thing once."""
    await offer.hang_up()
    await call.hears_recording(hotline.clip(hotline.hotline.goodbye))
    told = await hotline.ended(number)
    assert told["outcome"] == "answered"
    for kind in ("call-started", "queued", "offered", "connected", "talk-ended", "call-finished"):
        assert kinds(told).count(kind) == 1, (kind, kinds(told))


async def test_agents_ring_at_the_death_and_answer_before_after_or_not_and_it_dies_twice(patient: World) -> None:
    hotline = patient
    phones: dict[str, Phone] = {agent: await hotline.agent(agent) for agent in ("1001", "1002", "1003", "1004")}
    calls = {}
    rung: dict[str, IncomingCall] = {}
    for number, key, agent in (("138", "1", "1001"), ("139", "1", "1002"), ("136", "0", "1003"), ("137", "6", "1004")):
        calls[agent] = await queued(hotline, key, number)
        rung[agent] = await phones[agent].incoming()
    await rung["1004"].answer()
    await rung["1004"].hears_speech()  # the whisper
    await hotline.stop_service()
    await rung["1001"].answer()
    await hear_each_other(calls["1001"], rung["1001"])
    await rung["1003"].reject(603)
    await killed_while_it_starts(hotline)
    await hear_each_other(calls["1004"], rung["1004"])
    await hotline.start_service()
    for agent in ("1001", "1004"):
        await hotline.see_agent(agent, state="on-call")
    assert (await hotline.get("agents/1002"))["state"] == "ringing"
    await rung["1002"].answer()
    await hear_each_other(calls["1002"], rung["1002"])
    for agent, number in (("1001", "138"), ("1002", "139"), ("1004", "137")):
        await goes_through(hotline, calls[agent], rung[agent], number)
    again = await phones["1003"].incoming()  # declined while nobody listened: the caller waited on
    assert again.caller_number == "136"
    await again.answer()
    await hear_each_other(calls["1003"], again)


async def test_of_several_who_pick_up_while_the_service_is_away_one_has_the_caller(patient: World) -> None:
    """The legs wait 10 s for the service. Then the first one goes on by itself, and the others are hung up."""
    hotline = patient
    team = [await hotline.agent(agent) for agent in ("1001", "1002", "1004")]
    call = await queued(hotline, "23")
    first, *others = [await agent.incoming() for agent in team]
    await hotline.stop_service()
    await first.answer()
    await asyncio.sleep(2)  # the distance between the two, so that the 10 s of the first one are over first
    for offer in others:
        await offer.answer()
    call.send_tone(800)
    first.send_tone(440)
    await first.hears(800)
    await call.hears(440)
    for offer in others:
        await offer.ended()
    await hear_each_other(call, first, one_says=1000, other_says=600)
    await hotline.start_service()
    await hear_each_other(call, first, one_says=900, other_says=500)
    await first.hang_up()
    await call.hears_recording(hotline.clip(hotline.hotline.goodbye))
    told = await hotline.ended()
    assert (told["outcome"], kinds(told).count("connected"), kinds(told).count("offered")) == ("answered", 1, 3)
    for agent in ("1001", "1002", "1004"):
        assert (await hotline.see_agent(agent, state="ready"))["missed_offers"] == 0


async def test_wrap_up_sub_hotline_and_who_hangs_up_while_the_service_is_away(patient: World) -> None:
    hotline = patient
    bureau = await hotline.agent_phone("2202")
    first, second, third = [await hotline.agent(agent) for agent in ("1001", "1002", "1003")]
    _, offer = await connected(hotline, first, number="131")
    agent_leaves, leaving = await connected(hotline, second, number="132")
    caller_leaves, _ = await connected(hotline, third, "0", number="133")
    department = await in_menu(hotline, "134")
    await department.press("5")
    dialled = await bureau.incoming()
    await dialled.answer()
    await hear_each_other(department, dialled)
    waits = await queued(hotline, "9", "135")
    await offer.hang_up()
    until = (await hotline.see_agent("1001", state="wrap-up"))["wrap_up_until"]
    await hotline.stop_service()
    await leaving.hang_up()
    await caller_leaves.hang_up()
    await waits.hang_up()
    await hotline.start_service()
    assert (await hotline.get("agents/1001"))["wrap_up_until"] == until
    await agent_leaves.hears_recording(hotline.clip(hotline.hotline.goodbye))
    for number, by in (("132", "agent"), ("133", "caller")):
        told = await hotline.ended(number)
        assert (told["outcome"], record(told, "talk-ended")["by"]) == ("answered", by)
        assert kinds(told).count("talk-ended") == kinds(told).count("call-started") == 1
    told = await hotline.ended("135")
    assert (told["outcome"], record(told, "call-finished")["cause"]) == ("abandoned", "hung-up-unseen")
    await hear_each_other(department, dialled, one_says=900, other_says=500)
    await dialled.hang_up()
    await department.hears_recording(hotline.clip(hotline.hotline.goodbye))
    told = await hotline.ended("134")
    assert (told["outcome"], "call-resumed" in kinds(told)) == ("sub-hotline", True)
    assert [step["text"] for step in told["story"] if step["kind"] == "said"][-1] == hotline.hotline.goodbye["zh"]
    view = await hotline.see_agent("1001", state="ready")
    assert view["since"] >= until


async def test_order_key_and_overflow_of_who_was_taken_up(patient: World, stalled: Stalls) -> None:
    hotline = patient
    calls = {number: await queued(hotline, "6", number) for number in ("131", "132", "133")}
    await hotline.stop_service()
    await hotline.start_service()
    restarted = time.time()
    await calls["133"].press("0")
    await hotline.see_queue("general", waiting=1)
    agent = await hotline.agent("1004")
    offer = await agent.incoming()
    assert offer.caller_number == "131"
    await offer.answer()
    await hear_each_other(calls["131"], offer)
    await calls["132"].hears_recording(hotline.clip({"zh": "现在很忙", "en": "We are very busy"}))
    told = await hotline.ended("132")
    assert (told["outcome"], kinds(told).count("call-started")) == ("overflowed", 1)
    overflowed = record(told, "overflowed")
    assert overflowed["waited_s"] >= 30
    late = datetime.fromisoformat(overflowed["at"]).timestamp() - restarted
    assert late < 30 + stalled.seconds, "the wait does not begin anew"


@pytest.mark.parametrize("change", [("waited: 16s", "waited: 30m")])
async def test_announcements_go_on_and_say_only_what_is_new(hotline: World) -> None:
    """The queue's own message, which has not changed, would be said again five minutes after it was said."""
    await hotline.agent("1001")
    await hotline.set_state("1001", "not-ready")
    first, second = await queued(hotline, "6", "131"), await queued(hotline, "6", "132")
    await first.hears_recording(hotline.clip("queue-position-next"))
    await second.hears_recording(hotline.clip("queue-position-one"))
    for call in await hotline.get("calls"):
        await hotline.see(f"calls/{call['id']}", lambda told: "said" in after_announcement(told))
    await hotline.stop_service()
    await hotline.start_service()
    await first.hang_up()
    await second.hears_recording(hotline.clip("queue-position-next"))
    await second.hang_up()
    for number, told in (("131", [(1, 0)]), ("132", [(2, 0), (1, None)])):
        steps = (await hotline.ended(number))["story"]
        assert [(step["position"], step["message"]) for step in steps if step["kind"] == "announced"] == told


def after_announcement(told: Any) -> list[str]:
    """What happened since the caller's first announcement began."""
    happened = kinds(told)
    return happened[happened.index("announced") :] if "announced" in happened else []
