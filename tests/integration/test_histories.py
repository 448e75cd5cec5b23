"""A hundred histories drawn from seeds: `GET calls/{id}` tells what the phones saw, to half a second.

A history alone, by its seed: `HISTORIES=37 pytest tests/integration/test_histories.py`.
"""

import asyncio
import os
from pathlib import Path

import pytest

from tests.integration.histories import PLACES, History, write_hotline
from tests.integration.seen import When, differences
from tests.integration.world import World, world

GROUPS = [range(first, first + PLACES) for first in range(0, 100, PLACES)]
if "HISTORIES" in os.environ:
    GROUPS = [range(seed, seed + 1) for seed in map(int, os.environ["HISTORIES"].split(","))]

INTERRUPTED = range(80, 100)
"""Seeds of histories in whose middle the service is restarted."""


@pytest.mark.parametrize("seeds", GROUPS, ids=lambda seeds: f"seeds-{seeds[0]}-to-{seeds[-1]}")
async def test_the_story_tells_what_the_phones_saw(tmp_path: Path, sounds: Path, seeds: range) -> None:
    folder = write_hotline(tmp_path / "hotline")
    async with world(tmp_path / "state", folder, sounds) as hotline:
        service = asyncio.Event()
        service.set()
        histories = [History(hotline, seed, service) for seed in seeds]
        await asyncio.gather(*(history.prepare() for history in histories))
        running = [asyncio.create_task(history.run()) for history in histories]
        away = await restarted(hotline, histories, service) if seeds[0] in INTERRUPTED else None
        ends = await asyncio.gather(*running, return_exceptions=True)
        wrong = [f"{history}: {end!r}" for history, end in zip(histories, ends, strict=True) if end is not None]
        print(wrong)
        if not wrong:
            calls = await hotline.see("calls?limit=500", lambda calls: all(call["state"] == "ended" for call in calls))
            for history in histories:
                (call_id,) = [call["id"] for call in calls if call["caller"] == history.caller]
                told = await hotline.story(call_id)
                if found := differences(told, history.seen, away):
                    steps = (f"    {step}" for step in told["story"])
                    wrong.append("\n".join((f"{history}: {'; '.join(found)}", *steps)))
    assert not wrong, "\n".join(wrong)


async def restarted(hotline: World, histories: list[History], service: asyncio.Event) -> When:
    """The service stops once half of the callers have talked, and comes back. Returns when it was away."""
    while sum(bool(history.seen.talks) for history in histories) < max(1, len(histories) // 2):
        await asyncio.sleep(0.05)
    service.clear()
    stopped = histories[0].now()
    await hotline.stop_service()
    await hotline.start_service()
    service.set()
    return When(stopped, histories[0].now())
