"""What many tests begin with: a hotline, and calls that have come to some point. And what a recording has of a clip."""

import shutil
from array import array
from pathlib import Path
from typing import Any

from lab.phone import Call, IncomingCall, Phone, audio
from tests.integration.world import World

HEADER = 44
"""Bytes of a wave file before its samples. They tell the right number of samples only when the file is finished."""


def copied(hotline: Path, folder: Path, change: tuple[str, str]) -> Path:
    """Copy a hotline's folder to `folder`, with other words in hotline.yaml. Returns `folder`."""
    shutil.copytree(hotline, folder)
    file = folder / "hotline.yaml"
    old, new = change
    file.write_text(file.read_text().replace(old, new))
    return folder


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
    return call, await taken(call, agent)


async def taken(call: Call, agent: Phone) -> IncomingCall:
    """The agent's phone rings and is answered; then the agent and this caller hear each other."""
    offer = await agent.incoming()
    await offer.answer()
    await hear_each_other(call, offer)
    return offer


async def hear_each_other(one: Call, other: Call, *, one_says: int = 800, other_says: int = 440) -> None:
    """Both speak (hertz), both hear. Another tone than before shows that the conversation still goes on."""
    one.send_tone(one_says)
    other.send_tone(other_says)
    await one.hears(other_says)
    await other.hears(one_says)
    one.send_silence()
    other.send_silence()


def recorded(recording: Path, clip: Path) -> float:
    """The share of a clip that a recording has: of its loud packets (20 ms), bit by bit, and in their order.

    Both are wave files (mono, 16 bit, 8 kHz); the recording may still grow. A program that records drops packets, or
    puts silence between them, when a busy machine starves it.
    """
    heard, played = _ulaw(recording), _ulaw(clip)
    packets = [played[start : start + audio.FRAME] for start in range(0, len(played), audio.FRAME)]
    loud = [packet for packet in packets if audio.loudness(packet) >= audio.QUIET]
    found = end = 0
    for packet in loud:
        index = heard.find(packet, end)
        if index >= 0:
            found, end = found + 1, index + len(packet)
    return found / len(loud)


def length(recording: Path) -> float:
    """Seconds of a recording, as above."""
    return (recording.stat().st_size - HEADER) / (2 * 8_000)


def _ulaw(wave: Path) -> bytes:
    content = wave.read_bytes()[HEADER:]
    return audio.encode(array("h", content[: len(content) // 2 * 2]))
