"""What an ear tells as news, and what it does not."""

import asyncio
from typing import Any, cast

from lab.chaos.hearing import GAP, Hearing
from lab.chaos.voices import Voices
from lab.phone import Call, audio
from tests.unit.faketime import fake_time


class Line:
    """A call of which only the ear is used."""

    def __init__(self) -> None:
        self.media = self.ear = self
        self.watch: Any = None


def hearing() -> tuple[Hearing, Any]:
    """The ear; and a function that makes it hear somebody for some seconds, packet by packet."""
    voices, line = Voices(), Line()
    for label in ("agent:1001", "said:menu:main"):
        voices.voice(label)
    ear = Hearing(cast(Call, line), voices, lambda label: None)

    async def hears(label: str, seconds: float) -> None:
        for _ in range(round(seconds / 0.02)):
            line.watch(audio.tone(voices.voice(label))[0] if label else bytes(audio.FRAME))
            await asyncio.sleep(0.02)

    return ear, hears


def news(ear: Hearing) -> list[str]:
    return [ear.news.get_nowait() for _ in range(ear.news.qsize())]


@fake_time
async def test_a_voice_is_news_once_and_again_after_a_gap() -> None:
    ear, hears = hearing()
    await hears("agent:1001", 2)
    await hears("", GAP / 2)
    await hears("agent:1001", 2)
    assert news(ear) == ["agent:1001"]
    await hears("", GAP + 0.1)
    await hears("agent:1001", 1)
    assert news(ear) == ["agent:1001"]


@fake_time
async def test_the_same_agent_after_a_prompt_is_a_new_talk() -> None:
    """The agent sent the caller to the menus, where a key led back to this agent within a second."""
    ear, hears = hearing()
    await hears("agent:1001", 1)
    await hears("said:menu:main", GAP / 2)
    await hears("agent:1001", 1)
    assert news(ear) == ["agent:1001", "said:menu:main", "agent:1001"]
