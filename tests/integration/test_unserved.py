"""Callers who are gone before anybody has served them."""

import asyncio
import random
from contextlib import suppress

from lab.phone import CallFailed, Phone
from tests.integration.world import World, kinds

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


async def gone_after(phone: Phone, seconds: float) -> None:
    call = await phone.place("12319")
    await asyncio.sleep(seconds)
    with suppress(CallFailed):
        await call.hang_up()


def ended(calls: list[dict[str, str]]) -> list[dict[str, str]]:
    return [call for call in calls if call["state"] == "ended"]
