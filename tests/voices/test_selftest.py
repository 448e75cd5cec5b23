"""A recogniser hears `try --heard` and `selftest`: it understands the clips that ship, digits that are
read back too, and hears that one clip is another's: what is said to a wrong key.
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

WRONG_KEY = "现在来电很多，请您稍后再拨。"


def small(folder: Path) -> Path:
    """A hotline of five calls, in words of the sample's, whose clips ship."""
    sample = load(SAMPLE_HOTLINE).hotline
    assert sample is not None
    folder.mkdir()
    order = {
        "name": "工单号",
        "say": "现在没有人工坐席在岗，请稍后再拨。",
        "entered": "绿化市容局",
        "confirm": "回到主菜单请按井号键。",
        "least": 4,
        "most": 4,
        "attempts": 1,
        "then": {"hangup": True},
        "failed": {"hangup": True},
    }
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
                "say": "如有危险请拨打110。值班室请按0，返回请按井号键。",
                "keys": {"0": {"queue": "general"}, "#": {"input": "order"}},
                "wait": "4s",
                "no_input": {"repeat": 0, "then": {"hangup": True}},
                "invalid": {"repeat": 0, "then": {"say": WRONG_KEY}},
            }
        },
        "inputs": {"order": order},
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
        (goodbye,) = hotline.goodbye.values()
        shutil.copyfile(clips[goodbye], clips[WRONG_KEY])
        status, output = await wutong.run("selftest")
        lines = [line for line in output.splitlines() if line.startswith("✗")]
        assert (status, len(lines)) == (1, 1), output
        assert WRONG_KEY in lines[0]
        _, output = await wutong.run("selftest", "--last", "--json")
        made = json.loads(output)
        assert (made["called"], made["recogniser"]) == (5, True), output
        assert [(each["keys"], each["what"]) for each in made["differences"]] == [(["1"], "misheard")], output
    finally:
        await wutong.run("down", "--yes")
