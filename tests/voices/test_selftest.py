"""`./wutong selftest`: a recogniser understands the clips that ship, and hears that one is another's."""

import json
import shutil
from pathlib import Path

from base.folders import SAMPLE_HOTLINE
from hotline.loader import load
from publishing.prompts import entries
from settings import settings
from tests.integration.command import Wutong


def small(folder: Path) -> Path:
    """A hotline of two calls, in words of the sample's, whose clips ship."""
    sample = load(SAMPLE_HOTLINE).hotline
    assert sample is not None
    folder.mkdir()
    tree = {
        "hotline": "12319",
        "name": "测试",
        "numbers": ["12319"],
        "languages": ["zh"],
        "timezone": "Asia/Shanghai",
        "greeting": sample.greeting["zh"],
        "goodbye": sample.goodbye["zh"],
        "entry": "main",
        "menus": {
            "main": {
                "say": sample.menus["main"].say["zh"],
                "keys": {"0": {"queue": "general"}},
                "wait": "4s",
                "no_input": {"repeat": 0, "then": {"hangup": True}},
            }
        },
        "queues": {"general": {"name": "综合", "needs": {"general": 1}}},
    }
    (folder / "hotline.yaml").write_text(json.dumps(tree), encoding="utf-8")
    (folder / "agents.yaml").write_text('agents: [{id: "1001", name: 综合, skills: {general: 1}}]\n', encoding="utf-8")
    return folder


async def test_all_is_understood_and_a_clip_that_is_anothers_is_found(tmp_path: Path) -> None:
    wutong = Wutong(tmp_path / "state", small(tmp_path / "hotline"))
    try:
        await wutong.up()
        status, output = await wutong.run("selftest", "--json")
        made = json.loads(output)
        assert (status, made["differences"], made["called"], made["recogniser"]) == (0, [], 2, True), output
        hotline = load(tmp_path / "hotline").hotline
        assert hotline is not None
        chosen = settings.load(state=tmp_path / "state", hotline=tmp_path / "hotline")
        clips = {entry.text: Path(entry.path) for entry in entries(chosen, hotline) if entry.path}
        (goodbye,), (greeting,) = hotline.goodbye.values(), hotline.greeting.values()
        shutil.copyfile(clips[greeting], clips[goodbye])
        status, output = await wutong.run("selftest")
        lines = [line for line in output.splitlines() if line.startswith("✗")]
        assert (status, len(lines)) == (1, 1), output
        assert goodbye in lines[0]
    finally:
        await wutong.run("down", "--yes")
