"""A phone that sends each key in two ways, as RFC 4733 events and by SIP INFO: it is one press all the same."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

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


both_ways = pytest.mark.parametrize("press", [info_first, at_once, info_last])
Press = Callable[[Call, str], Awaitable[None]]


async def pressed(hotline: World) -> list[str]:
    """The keys of the call's story."""
    told = await hotline.ended()
    assert "invalid-key" not in kinds(told)
    return [step["key"] for step in told["story"] if step["kind"] == "key-pressed"]


@both_ways
async def test_in_a_menu_a_key_sent_in_two_ways_counts_once(hotline: World, press: Press) -> None:
    """In the next menu each of these keys means something else, or nothing."""
    call = await (await hotline.citizen()).dial("12319")
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
    assert await pressed(hotline) == ["2", "#", "*", "*"]
    said = [step for step in (await hotline.ended())["story"] if step["kind"] == "said"]
    (water,) = (step for step in said if step["text"] == hotline.hotline.menus["water"].say["zh"])
    assert water["interrupted"] is False, "by the same key that led there"


@both_ways
async def test_in_a_queue_a_key_sent_in_two_ways_counts_once(hotline: World, press: Press) -> None:
    call = await queued(hotline, "6")
    await call.hears_recording(hotline.clip("please-hold"))
    for key in "7770":
        await press(call, key)
    await hotline.see_queue("general", waiting=1)
    await call.hang_up()
    assert await pressed(hotline) == ["6", "7", "7", "7", "0"]
