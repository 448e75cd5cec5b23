"""What `./wutong init` writes takes calls."""

import asyncio
from pathlib import Path

from typer.testing import CliRunner

from hotline.loader import load
from service.cli.commands import app
from service.setup.places import StateFolder
from tests.integration.command import Wutong
from tests.integration.conftest import spoken


async def test_a_new_hotline_takes_calls(tmp_path: Path, sounds: Path) -> None:
    folder, state = tmp_path / "hotline", StateFolder(tmp_path / "state")
    state.root.mkdir()
    state.sounds.symlink_to(sounds)
    wutong = Wutong(state.root, folder)
    done = CliRunner().invoke(app, ["init", str(folder), "--languages", "zh,en", "--number", "12300"])
    assert done.exit_code == 0, done.output
    begun = load(folder)
    assert begun.problems == ()
    assert begun.hotline is not None
    await asyncio.to_thread(asyncio.run, spoken(state, begun.hotline))
    try:
        await wutong.up()
        status, output = await wutong.run("call", "12300", "--keys", "0", "--seconds", "4")
        assert status == 0, output
        assert "您好，这里是服务热线。" in output, "the greeting that nobody wrote"
        assert "general" in output, "a person's queue"
    finally:
        await wutong.run("down", "--yes")
