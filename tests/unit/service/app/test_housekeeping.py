"""The daily sweep."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

import pytest

from lab.patience import PATIENCE
from service.app import serve
from service.app.serve import sweep_daily
from sounds.catalogue import Clip


async def test_a_disk_that_fails_ends_no_service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "DAY", 0.0)
    again = asyncio.Event()
    loop = asyncio.get_running_loop()
    asked = 0

    def clips() -> Iterable[Clip]:
        nonlocal asked
        asked += 1
        if asked == 2:
            loop.call_soon_threadsafe(again.set)
        raise OSError("the disk does not answer")

    sweeping = asyncio.create_task(sweep_daily(tmp_path, clips, lambda: None))
    async with asyncio.timeout(PATIENCE):
        await again.wait()
    assert not sweeping.done()
    sweeping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sweeping
