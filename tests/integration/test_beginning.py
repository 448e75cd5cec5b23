"""What `./wutong init` writes takes calls."""

import asyncio
from pathlib import Path

from typer.testing import CliRunner

from base.folders import StateFolder
from hotline.loader import load
from service.cli.commands import app
from tests.integration.conftest import spoken
from tests.integration.conversations import taken
from tests.integration.world import world


async def test_a_new_hotline_takes_calls(tmp_path: Path, sounds: Path) -> None:
    folder, voices = tmp_path / "hotline", StateFolder(tmp_path / "voices")
    done = CliRunner().invoke(app, ["init", str(folder), "--languages", "zh,en", "--number", "12300"])
    assert done.exit_code == 0, done.output
    begun = load(folder)
    assert begun.problems == ()
    assert begun.hotline is not None
    voices.root.mkdir()
    voices.sounds.symlink_to(sounds)
    await asyncio.to_thread(asyncio.run, spoken(voices, begun.hotline))
    async with world(tmp_path / "state", folder, sounds) as hotline:
        agent = await hotline.agent("1001")
        call = await (await hotline.citizen()).dial("12300")
        greeting = {"zh": "您好，这里是服务热线。", "en": "Hello, you have reached City services."}
        await call.hears_recording(hotline.clip(greeting))  # nobody wrote it
        await call.press("0")
        await taken(call, agent)
        await call.hang_up()
        assert (await hotline.ended())["queue"] == "general"
