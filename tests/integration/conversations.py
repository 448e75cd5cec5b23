"""Calls brought to the point where a test begins."""

from array import array
from pathlib import Path
from typing import Any

from lab.phone import Call, IncomingCall, Phone
from lab.phone.audio import encode
from lab.phone.ear import Ear
from tests.integration.world import World

HEADER = 44
"""Bytes of a wave file before its samples. What it says of their number is right only when it is finished."""


async def in_menu(hotline: World, number: str = "13800138000") -> Call:
    """A citizen who hears the greeting."""
    citizen = await hotline.citizen(number)
    call = await citizen.dial("12319")
    await call.hears_speech()
    return call


async def queued(hotline: World, key: str, number: str = "13800138000") -> Call:
    """A citizen in the queue behind `key`."""
    call = await in_menu(hotline, number)
    await call.press(key)

    def waits(calls: list[dict[str, Any]]) -> bool:
        return any(one["caller"] == number and one["state"] != "menu" for one in calls)

    await hotline.see("calls", waits)
    return call


async def connected(
    hotline: World, agent: Phone, key: str = "1", number: str = "13800138000"
) -> tuple[Call, IncomingCall]:
    """A citizen and an agent who hear each other."""
    call = await queued(hotline, key, number)
    offer = await agent.incoming()
    await offer.answer()
    await hear_each_other(call, offer)
    return call, offer


async def hear_each_other(one: Call, other: Call, *, one_says: int = 800, other_says: int = 440) -> None:
    """Both speak (hertz), both hear. Another tone than before shows that the conversation still goes on."""
    one.send_tone(one_says)
    other.send_tone(other_says)
    await one.hears(other_says)
    await other.hears(one_says)
    one.send_silence()
    other.send_silence()


def ear_of(recording: Path) -> Ear:
    """An ear that has heard what is in a wave file (mono, 16 bit, 8 kHz), which may still grow."""
    content = recording.read_bytes()[HEADER:]
    samples = array("h", content[: len(content) // 2 * 2])
    ear = Ear(keep=len(samples) / 8_000 + 1)
    ear.receive(encode(samples))
    return ear
