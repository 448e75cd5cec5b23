"""A phone that sends each key in two ways, as RFC 4733 events and by SIP INFO: it is one press all the same."""

import asyncio
from collections.abc import Awaitable, Callable

from lab.phone import Call
from tests.integration.conversations import queued
from tests.integration.world import World, kinds


async def info_first(call: Call, key: str) -> None:
    await call.press(key, "info")
    await call.press(key)


async def at_once(call: Call, key: str) -> None:
    await asyncio.gather(call.press(key), call.press(key, "info"))


async def info_last(call: Call, key: str) -> None:
    await call.press(key)
    await call.press(key, "info")


Press = Callable[[Call, str], Awaitable[None]]
WAYS: dict[str, Press] = {"13800138000": info_first, "13900139000": at_once, "13700137000": info_last}
"""Caller → how the caller's phone sends a key. All three call at once."""


async def pressed(hotline: World, caller: str) -> list[str]:
    """The keys of the call's story."""
    told = await hotline.ended(caller)
    assert "invalid-key" not in kinds(told)
    return [step["key"] for step in told["story"] if step["kind"] == "key-pressed"]


async def test_in_a_menu_a_key_sent_in_two_ways_counts_once(hotline: World) -> None:
    await asyncio.gather(*(chooses(hotline, caller, press) for caller, press in WAYS.items()))


async def chooses(hotline: World, caller: str, press: Press) -> None:
    """In the next menu each of these keys means something else, or nothing."""
    call = await (await hotline.citizen(caller)).dial("12319")
    await call.hears_speech()
    await press(call, "2")
    await call.hears_recording(hotline.menu("water"))
    await call.hears_silence()
    await press(call, "#")
    await call.hears_recording(hotline.menu("main"))
    for _ in range(2):
        await press(call, "*")
    await call.hears_recording(hotline.menu("main"))
    await call.hang_up()
    assert await pressed(hotline, caller) == ["2", "#", "*", "*"]
    said = [step for step in (await hotline.ended(caller))["story"] if step["kind"] == "said"]
    (water,) = (step for step in said if step["text"] == hotline.hotline.menus["water"].say["zh"])
    assert water["interrupted"] is False, "by the same key that led there"


async def test_in_a_queue_a_key_sent_in_two_ways_counts_once(hotline: World) -> None:
    calls = {caller: await queued(hotline, "6", caller) for caller in WAYS}
    await asyncio.gather(*(presses(hotline, call, WAYS[caller]) for caller, call in calls.items()))
    await hotline.see_queue("general", waiting=len(calls))
    for caller, call in calls.items():
        await call.hang_up()
        assert await pressed(hotline, caller) == ["6", "7", "7", "7", "0"]


async def presses(hotline: World, call: Call, press: Press) -> None:
    await call.hears_recording(hotline.clip("nobody-there"))
    for key in "7770":
        await press(call, key)
