"""`./wutong try --heard` and `./wutong selftest`: a recogniser understands the clips that ship, and hears that one is
another's.
"""

import asyncio
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
    tests = {"tests": [{"name": "general", "keys": ["0"], "expect": {"queue": "general"}}]}
    (folder / "tests.yaml").write_text(json.dumps(tests), encoding="utf-8")
    (folder / "agents.yaml").write_text('agents: [{id: "1001", name: 综合, skills: {general: 1}}]\n', encoding="utf-8")
    return folder


async def test_a_caller_is_understood_and_of_all_clips_the_one_that_is_anothers_is_found(tmp_path: Path) -> None:
    wutong = Wutong(tmp_path / "state", small(tmp_path / "hotline"))
    try:
        await wutong.up()
        status, output = await wutong.run("try", str(tmp_path / "hotline"), "--heard", "--json")
        assert status == 0, output
        (test,) = json.loads(output)["tests"]
        assert (test["name"], test["passed"], test["skipped"]) == ("general", True, None)
        assert await asyncio.to_thread(lambda: list(wutong.folder.recordings.iterdir())) == []
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
        last = (await wutong.get("selftest"))["last"]
        assert (last["called"], last["recogniser"]) == (2, True)
    finally:
        await wutong.run("down", "--yes")
