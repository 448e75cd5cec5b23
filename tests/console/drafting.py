"""The sample in a world of the console's tests: with real pictures, real work on drafts, calls of today."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from accounts.model import Reach
from base.failure import NotDone
from base.folders import SAMPLE_HOTLINE
from drawing.listing import OutlineOut
from drawing.making import graph_of
from drawing.model import Graph
from drawing.svg import svg
from drawing.traffic import Traffic, with_traffic
from hotline.files import FILES
from hotline.inwords import either
from hotline.loader import sketch
from hotline.model import Hotline
from journal.actor import Actor
from publishing.drafts import Workshop
from publishing.speaking import Speaking
from publishing.versions import Origin, Version, content
from settings.settings import Settings
from tests.console.theatre import World
from tests.unit.service.fakes import FakeVersions
from tests.unit.sounds.making import tone
from trees.draft_worker import answer
from trees.drafting import Drafts

SAMPLE = {name: (SAMPLE_HOTLINE / name).read_text(encoding="utf-8") for name in FILES}


def hotline(text: str = SAMPLE["hotline.yaml"]) -> Hotline:
    found = sketch(SAMPLE_HOTLINE, {**_bytes(SAMPLE), "hotline.yaml": text.encode()}).hotline
    assert found is not None
    return found


@dataclass
class DrawnPictures:
    """The drawings of the sample. `came`: how many calls came to the main menu today."""

    known: Hotline = field(default_factory=hotline)
    came: int = 1_284

    def languages(self) -> tuple[str, ...]:
        return self.known.languages

    async def drawing(self, language: str, days: int | None, reach: Reach) -> OutlineOut:
        graph = await asyncio.to_thread(self._graph, language, days)
        return OutlineOut.of(graph, svg(graph))

    def _graph(self, language: str, days: int | None) -> Graph:
        graph = graph_of(self.known, language)
        return graph if days is None else with_traffic(graph, self.traffic(days))

    def traffic(self, days: int) -> Traffic:
        """Of each day as much as today. Each node loses a few callers, and what is left is spread over its keys, the
        first ones getting the most.
        """
        graph = graph_of(self.known, "zh")
        came: dict[Any, int] = {}
        took: dict[Any, int] = {}
        entry = graph.nodes[graph.start].links[0].to
        everybody = self.came * (1 + days)
        open_ = [(entry, everybody)] if entry is not None else []
        for node, calls in open_:
            came[node] = came.get(node, 0) + calls
            left = calls - calls // 40
            for link in [link for link in graph.nodes[node].links if link.by == "key" and link.to is not None]:
                share = left * 2 // 5
                left -= share
                took[node, link.by, link.detail] = share
                if link.to not in came and link.to is not None and len(open_) < len(graph.nodes):
                    open_.append((link.to, share))
        zone = self.known.zone
        since = datetime(2026, 3, 3, tzinfo=zone)
        gave_up = {node: calls // 40 for node, calls in came.items()}
        return Traffic(since, since.replace(hour=10, minute=40), everybody, 0, came, took, gave_up)


class Tones(Speaking):
    """All new texts sound the same. `absent`: why no text can be spoken; None: each can."""

    absent: tuple[str, str] | None = None

    def impossible(self, language: str) -> str | None:
        return None if self.absent is None else either(*self.absent, language)

    def spoken(self, folder: Path, language: str, words: str, reader: str) -> Path:
        if (why := self.impossible(reader)) is not None:
            raise NotDone(why)
        return tone(self._settings.folder.root / "tone.wav")


class InProcess(Workshop):
    """Works in a thread of the test. `tests/unit/publishing/test_drafts` has the program of its own.

    journal  whether there is one, with the calls of the last days
    asked    the names of the tasks so far
    tones    what speaks
    """

    def __init__(self, settings: Settings, versions: FakeVersions, *, journal: bool) -> None:
        super().__init__(settings, lambda: SAMPLE_HOTLINE, versions)
        self.asked: list[str] = []
        self.tones, self._journal = Tones(settings), journal
        self._drafts = Drafts(settings, self.tones)

    async def work(self, task: str, given: Mapping[str, Any]) -> Any:
        self.asked.append(task)
        return await super().work(task, given if self._journal else {**given, "days": None})

    async def _said(self, line: bytes) -> Mapping[str, Any]:
        return await asyncio.to_thread(answer, self._drafts, line)


def with_tree(world: World, settings: Settings) -> DrawnPictures:
    """The world's hotline is the sample from now on, as its third version."""
    pictures = DrawnPictures()
    world.pictures = pictures  # type: ignore[assignment]
    world.versions = FakeVersions(kept={3: SAMPLE}, versions=[version(3, world.now - 93_000, "system", "第一次启动")])
    world.drafts = InProcess(settings, world.versions, journal=False)
    return pictures


def publish(world: World, files: Mapping[str, str], by: str, note: str) -> None:
    """Somebody else has published."""
    made = version(len(world.versions.versions) + 3, world.now, f"user:{by}", note, files)
    world.versions.versions.append(made)
    world.versions.kept[made.number] = files


def version(number: int, at: float, author: str, note: str, files: Mapping[str, str] = SAMPLE) -> Version:
    return Version(number, at, Actor(author), note, f"{number:012x}", Origin.DRAFT, "/h", content(files))


def _bytes(files: Mapping[str, str]) -> dict[str, bytes]:
    return {name: text.encode() for name, text in files.items()}


def settings_in(folder: Any) -> Settings:
    made = Settings(state=folder / "state", hotline=SAMPLE_HOTLINE)
    made.folder.make()
    return made
