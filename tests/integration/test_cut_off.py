"""Asterisk dies in the middle of calls: who rings again has the old place, and a talk that was cut comes first."""

import os
import signal
from typing import Any

import pytest

from lab.phone import Call
from tests.integration.conversations import connected, hear_each_other, in_menu, queued, taken
from tests.integration.test_service_away import ready
from tests.integration.test_transfers import CALLER
from tests.integration.test_transfers_over_http import order
from tests.integration.world import World, kinds, record

FIRST, SECOND, TALKER, NEW = "13800138001", "13800138002", "13800138003", "13800138004"
EVERYBODY = ("2", "3")


async def waiting(hotline: World, number: str, keys: tuple[str, ...] = EVERYBODY) -> Call:
    """This citizen waits, after the menus."""
    call = await in_menu(hotline, number)
    for key in keys:
        await call.press(key)
    await waits(hotline, number)
    return call


async def waits(hotline: World, number: str) -> None:
    def seen(calls: list[dict[str, Any]]) -> bool:
        return any(one["caller"] == number for one in calls)

    await hotline.see("calls?state=waiting", seen, f"{number} waits")


async def again(hotline: World, number: str) -> Call:
    """This citizen rings again, and presses nothing."""
    return await (await hotline.citizen(number)).dial("12319")


async def dies(hotline: World, how: signal.Signals = signal.SIGKILL) -> None:
    """Asterisk ends, and is started again."""
    pid = hotline.asterisk.running()
    assert pid is not None
    os.kill(pid, how)
    await hotline.asterisk.wait_ended()
    await hotline.asterisk.start()


async def line(hotline: World, queue: str = "everybody") -> list[str]:
    return [one["caller"] for one in await hotline.get(f"queues/{queue}/callers")]


async def newest(hotline: World, number: str) -> Any:
    calls = await hotline.get("calls")
    return await hotline.story(next(call["id"] for call in calls if call["caller"] == number))


async def old(hotline: World, number: str) -> Any:
    """The call of this number that was cut off."""

    def seen(calls: list[dict[str, Any]]) -> bool:
        return any(call["caller"] == number for call in calls)

    calls = await hotline.see("calls?outcome=lost", seen, f"the end of the call of {number}")
    return await hotline.story(next(call["id"] for call in calls if call["caller"] == number))


@pytest.mark.parametrize("what", ["Asterisk", "the whole machine"])
async def test_callers_who_ring_again_in_reversed_order_are_served_in_the_old_one_and_a_cut_talk_first(
    hotline: World, what: str
) -> None:
    agent = await hotline.agent("1001")
    talk = await in_menu(hotline, TALKER)
    for key in EVERYBODY:
        await talk.press(key)
    await taken(talk, agent)
    await hotline.set_state("1001", "not-ready")
    await waiting(hotline, FIRST)
    await waiting(hotline, SECOND)
    await hotline.see("queues/everybody", lambda queue: queue["longest_wait_s"] > 1)  # who waited longer is missed
    if what == "the whole machine":
        await hotline.stop_service()
    await dies(hotline)
    if what == "the whole machine":
        await hotline.start_service()
    # nobody waits until the service has seen that Asterisk is back
    second = await again(hotline, SECOND)
    await second.hears_recording(hotline.clip("service-apology"))
    await waiting(hotline, NEW)
    first = await again(hotline, FIRST)
    talker = await again(hotline, TALKER)
    await talker.hears_recording(hotline.clip("talk-broken"))
    await hotline.see_queue("everybody", waiting=4)
    assert await line(hotline) == [TALKER, FIRST, SECOND, NEW]
    for number in (FIRST, SECOND, TALKER):
        before = await old(hotline, number)
        assert record(before, "call-finished")["cause"] == "asterisk-ended"
        told = await newest(hotline, number)
        assert record(told, "call-started")["cut"] == before["id"]
        assert "menu-entered" not in kinds(told)
    assert {one["number"]: one["why"] for one in await hotline.get("missed")}[FIRST] == "cut"
    agent = await hotline.agent("1001")
    for call, number in ((talker, TALKER), (first, FIRST), (second, SECOND)):
        offer = await agent.incoming()
        assert offer.caller_number == number
        await offer.answer()
        await hear_each_other(call, offer)
        await call.hang_up()
    assert (await agent.incoming()).caller_number == NEW


async def test_where_each_caller_was_when_asterisk_died(hotline: World) -> None:
    """An agent rang; the caller was on hold; the caller was in the menus, or talked with a department."""
    ringing, holding = await hotline.agent("1002"), await hotline.agent("1003")
    department = await hotline.agent_phone("2201")
    await queued(hotline, "1", FIRST)
    await (await ringing.incoming()).ring()
    await connected(hotline, holding, "0", CALLER)
    await order(hotline, "hold")
    talk = await in_menu(hotline, SECOND)
    await talk.press("3")
    await taken(talk, department)
    await in_menu(hotline, NEW)
    await dies(hotline)
    await ready(hotline, 200)
    for number in (NEW, SECOND):
        call = await again(hotline, number)
        await call.hears_recording(hotline.clip(hotline.hotline.greeting))
        assert "cut" not in record(await newest(hotline, number), "call-started")
    first = await again(hotline, FIRST)
    offer = await ringing.incoming()
    assert offer.caller_number == FIRST
    await offer.answer()
    await hear_each_other(first, offer)
    back = await again(hotline, CALLER)
    offer = await holding.incoming()
    assert offer.caller_number == CALLER
    await offer.answer()
    await hear_each_other(back, offer)
    assert record(await newest(hotline, CALLER), "routed")["agent_first"] == "1003"


async def test_a_place_is_used_once_and_an_asterisk_that_is_stopped_leaves_the_same_places(hotline: World) -> None:
    agent = await hotline.agent("1001")
    talk = await in_menu(hotline, TALKER)
    for key in EVERYBODY:
        await talk.press(key)
    await taken(talk, agent)
    await hotline.set_state("1001", "not-ready")
    await waiting(hotline, FIRST)
    await dies(hotline, signal.SIGTERM)
    await ready(hotline, 200)
    await again(hotline, FIRST)
    await waits(hotline, FIRST)
    colleague = await again(hotline, FIRST)  # of the same company
    await colleague.hears_recording(hotline.clip(hotline.hotline.greeting))
    await again(hotline, TALKER)
    await hotline.see_queue("everybody", waiting=2)
    assert await line(hotline) == [TALKER, FIRST]


async def test_nobody_has_hung_up_when_asterisk_is_stopped_in_order(hotline: World) -> None:
    """Five callers wait, one talks, one is on hold, one at a department, two are in the menus."""
    agent, holding = await hotline.agent("1001"), await hotline.agent("1003")
    department = await hotline.agent_phone("2201")
    numbers, talkers = [f"1380013810{n}" for n in range(5)], (TALKER, CALLER)
    call = await in_menu(hotline, TALKER)
    for key in EVERYBODY:
        await call.press(key)
    await taken(call, agent)
    await connected(hotline, holding, "0", CALLER)
    await order(hotline, "hold")
    for number in numbers:
        await waiting(hotline, number)
    talk = await in_menu(hotline, SECOND)
    await talk.press("3")
    await taken(talk, department)
    for number in (NEW, FIRST):
        await in_menu(hotline, number)
    await dies(hotline, signal.SIGTERM)
    await ready(hotline, 200)
    for number in (*numbers, *talkers, SECOND, NEW, FIRST):
        told = await hotline.ended(number)
        assert (told["outcome"], record(told, "call-finished")["cause"]) == ("lost", "asterisk-ended")
        if number in numbers:  # AGI may say that the caller is gone before AMI says why: docs/reliability.md
            assert record(told, "left-queue")["why"] in ("cut", "hung-up")
        elif number in talkers:
            assert (record(told, "talk-ended")["by"], record(told, "talk-ended")["cause"]) == (
                "system",
                "asterisk-ended",
            )
        elif number == SECOND:
            assert record(told, "sub-hotline-ended")["by"] == "system"
    assert {one["number"] for one in await hotline.get("missed")} == set(numbers)
