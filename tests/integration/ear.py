"""What one call hears, and when."""

import asyncio
from collections.abc import Callable

from lab.patience import patience
from lab.phone import Call
from tests.integration.seen import When


class Ear:
    """From when to when one call hears which voice, or which prompt, since the last `forget`."""

    def __init__(self, call: Call, who: Callable[[bytes], str], now: Callable[[], float]) -> None:
        self.heard: dict[str, When] = {}
        self.last = now()
        """Seconds since the epoch: when the last audio of any kind came in."""
        self._who, self._now = who, now
        self._news = asyncio.Event()
        call.media.ear.watch = self._hear

    def forget(self) -> None:
        self.heard = {}

    async def hears(self, voice: str) -> When:
        async with patience(f"the voice of {voice}", evidence=lambda: f"Heard: {self.heard}"):
            while voice not in self.heard:
                self._news.clear()
                await self._news.wait()
        return self.heard[voice]

    def _hear(self, frame: bytes) -> None:
        self.last = now = self._now()
        if voice := self._who(frame):
            known = self.heard.get(voice)
            self.heard[voice] = When(known.first if known else now, now)
            if known is None:
                self._news.set()
