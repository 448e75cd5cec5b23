"""What would be other programs, for the routes that ask for it. `world` puts it together with all that is real."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from accounts.model import Reach
from base.failure import NotDone
from dialplan.control import AsteriskControl
from doctor.api import Examination
from drawing.drawings import Drawings
from drawing.listing import OutlineOut, Wanted, drawn
from hotline.inwords import either
from hotline.model import Hotline
from hotline.problem import Problem
from publishing.drafts import Workshop
from publishing.publisher import Publishing
from publishing.shapes import problems_out
from publishing.speaking import Speaking
from settings.settings import Settings
from tests.unit.sounds.making import tone
from trees.draft_worker import answer
from trees.drafting import Drafts

FINDINGS = (
    {
        "level": "right",
        "what": "libraries",
        "sentence": "51 as runtime.txt says",
        "chinese": "51 个，与 runtime.txt 一致",
    },
    {
        "level": "odd",
        "what": "disk",
        "sentence": "only 800 MB are free at {state}",
        "chinese": "{state} 只剩 800 MB",
    },
    {
        "level": "wrong",
        "what": "sound programs",
        "sentence": "install: apt-get install sox",
        "chinese": "请安装：apt-get install sox",
    },
)


class Control(AsteriskControl):
    """Asterisk is another process: it reads its configuration again. `failure`: what the next reload raises."""

    def __init__(self) -> None:
        self.installation = None
        self.failure: Exception | None = None

    async def reload(self) -> None:
        if self.failure is not None:
            raise self.failure


@dataclass(eq=False)
class Examined(Examination):
    """`doctor` and `check` are programs, and look at the machine. Here they print FINDINGS and `problems`, or fail."""

    problems: list[Problem] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)

    async def _said(self, command: str, *arguments: object, language: str = "en") -> Any:
        if self.failures:
            raise self.failures[0]
        if command == "check":
            return [each.model_dump() for each in problems_out(self.problems, language)]
        state = self.settings.folder.root
        return [{name: text.format(state=state) for name, text in finding.items()} for finding in FINDINGS]


class DrawnHere(Drawings):
    """The program takes half a second to start, so this process draws. `asked`: how many drawings were begun; `held`:
    what drawing waits for; `given_up`: how often it was given up meanwhile.
    """

    def __init__(self, in_use: Callable[[], Hotline], database: AsyncEngine, now: Callable[[], float]) -> None:
        super().__init__(in_use, database, now)
        self.held: asyncio.Event | None = None
        self.asked = self.given_up = 0

    async def drawing(self, language: str, days: int | None, reach: Reach) -> OutlineOut:
        self.asked += 1
        try:
            return await super().drawing(language, days, reach)
        except asyncio.CancelledError:
            self.given_up += 1
            raise

    async def _drawn(self, wanted: Wanted) -> OutlineOut:
        if self.held is not None:
            await self.held.wait()
        return drawn(wanted)


class DraftsHere(Workshop):
    """The program takes a second to start, so a thread of this process works. `asked`: each task and what it was given;
    `held`: what work waits for; `given_up`: how often it was given up meanwhile. `tones` speaks new texts.
    """

    def __init__(self, settings: Settings, folder: Callable[[], Path], versions: Publishing) -> None:
        super().__init__(settings, folder, versions)
        self.asked: list[tuple[str, Mapping[str, Any]]] = []
        self.held: asyncio.Event | None = None
        self.given_up = 0
        self.tones = Tones(settings)
        self._drafts = Drafts(settings, self.tones)

    async def work(self, task: str, given: Mapping[str, Any]) -> Any:
        self.asked.append((task, given))
        return await super().work(task, given)

    async def _said(self, line: bytes) -> Mapping[str, Any]:
        try:
            if self.held is not None:
                await self.held.wait()
        except asyncio.CancelledError:
            self.given_up += 1
            raise
        return await asyncio.to_thread(answer, self._drafts, line)


class Tones(Speaking):
    """The voice is another program: new texts sound the same. `absent`: why none can be spoken, in two languages."""

    absent: tuple[str, str] | None = None

    def impossible(self, language: str) -> str | None:
        return None if self.absent is None else either(*self.absent, language)

    def spoken(self, folder: Path, language: str, words: str, reader: str) -> Path:
        if (why := self.impossible(reader)) is not None:
            raise NotDone(why)
        return tone(self._settings.folder.root / "tone.wav")
