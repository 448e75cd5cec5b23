"""The sample in a world of the console's tests: with real pictures, real work on drafts, calls of today."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from shutil import copytree
from typing import Any

from accounts.model import Reach
from base.folders import SAMPLE_HOTLINE
from drawing.listing import OutlineOut
from drawing.making import graph_of
from drawing.model import Graph
from drawing.svg import svg
from drawing.traffic import Traffic, with_traffic
from hotline.files import FILES
from hotline.loader import sketch
from hotline.model import Hotline
from journal.actor import Actor
from publishing.publisher import Wanted
from tests.console.theatre import World

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


def in_use(world: World) -> None:
    """The sample is in use as the first version."""
    copytree(SAMPLE_HOTLINE, world.settings.hotline, dirs_exist_ok=True)
    world.starts()


def with_tree(world: World) -> DrawnPictures:
    """The world's hotline is the sample from now on, as its third version."""
    in_use(world)
    store, first = world.versions.store, world.versions.version
    assert first is not None
    third = replace(first, number=3, at=world.now - 93_000, note="第一次启动")
    store.keep(store.write(third, SAMPLE))
    world.versions.version = third
    pictures = DrawnPictures()
    world.pictures = pictures  # type: ignore[assignment]
    return pictures


async def publish(world: World, files: Mapping[str, str], by: str, note: str) -> None:
    """Somebody else publishes."""
    await world.versions.publish(Wanted(note, files), Actor.user(by))


def _bytes(files: Mapping[str, str]) -> dict[str, bytes]:
    return {name: text.encode() for name, text in files.items()}
