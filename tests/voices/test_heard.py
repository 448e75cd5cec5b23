"""`./wutong try --heard`: a real call to the sample, and a recogniser that understands what its caller hears."""

import asyncio
import json
from pathlib import Path

from base.folders import SAMPLE_HOTLINE
from tests.integration.command import Wutong

ONE = "停水"
"""Two menus, in the clips that ship."""


async def test_a_caller_of_the_sample_is_understood(tmp_path: Path) -> None:
    state = tmp_path / "state"
    wutong = Wutong(state, SAMPLE_HOTLINE)
    try:
        await wutong.up()
        status, output = await wutong.run("try", str(SAMPLE_HOTLINE), "--heard", "--only", ONE, "--json")
        assert status == 0, output
        (test,) = json.loads(output)["tests"]
        assert (test["name"], test["passed"], test["skipped"]) == (ONE, True, None)
        assert await asyncio.to_thread(lambda: list(wutong.folder.recordings.iterdir())) == []
    finally:
        await wutong.run("down", "--yes")
