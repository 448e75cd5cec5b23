"""The recogniser, with a program of three lines; tests/voices uses the real one."""

import asyncio
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from sounds.environment import CompanionFailed, Environment
from sounds.hearing import Recogniser, recogniser
from sounds.model import Heard
from tests.unit.sounds.cancelled import cancel_kills

CLIP = [(Path("/a.wav"), "绿化")]
ANSWER = {"heard": "律化", "errors": 1, "length": 2, "keys": ["绿化 (1): …"]}
GOOD = f"""
print('{{"ready": true}}', flush=True)
for line in sys.stdin:
    clips = json.loads(line)["clips"]
    print(json.dumps({{"clips": [{{**{ANSWER!r}, "length": len(clip["words"])}} for clip in clips]}}), flush=True)
"""


@dataclass(frozen=True, slots=True)
class Pretended(Environment):
    """Runs `program` with the Python of the tests."""

    program: str = ""

    def ready(self) -> bool:
        return True

    def command(self, module: str) -> tuple[list[str], dict[str, str]]:
        return [sys.executable, "-c", f"import json, os, sys\n{self.program}"], dict(os.environ)


def _pretended(program: str) -> Pretended:
    return Pretended("recogniser", Path("recogniser.txt"), Path("/nowhere"), 1, program)


async def test_clips_are_judged_in_their_order() -> None:
    async with Recogniser(_pretended(GOOD)) as judge:
        assert await judge.judge("zh", CLIP) == [Heard("律化", 1, 2, ("绿化 (1): …",))]
        heard = await judge.judge("zh", [(Path("/a.wav"), "供水"), (Path("/b.wav"), "燃气请按三")])
        assert [each.length for each in heard] == [2, 5]
        assert await judge.judge("zh", []) == []


async def test_one_that_is_not_installed_is_told(tmp_path: Path) -> None:
    with pytest.raises(CompanionFailed, match="is not installed"):
        async with Recogniser(recogniser(tmp_path)) as judge:
            await judge.judge("zh", CLIP)


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("sys.exit('out of memory')", "ended with status 1: out of memory"),
        ("""print('{"problem": "the model is damaged"}')""", "the model is damaged"),
        ("sys.exit()", "gave no reason"),
    ],
)
async def test_one_that_cannot_begin_is_told(program: str, message: str) -> None:
    with pytest.raises(CompanionFailed, match=message):
        async with Recogniser(_pretended(program)) as judge:
            await judge.judge("zh", CLIP)


async def test_one_that_dies_is_told_and_started_again() -> None:
    dying = """print('{"ready": true}', flush=True)\nsys.stdin.readline()\nsys.exit("killed")"""
    async with Recogniser(_pretended(dying)) as judge:
        with pytest.raises(CompanionFailed, match="ended with status 1: killed"):
            await judge.judge("zh", CLIP)
        with pytest.raises(CompanionFailed, match="ended with status 1: killed"):
            await judge.judge("zh", CLIP)


async def test_a_file_that_cannot_be_read_is_told() -> None:
    refusing = """print('{"ready": true}', flush=True)\nsys.stdin.readline()\nprint('{"problem": "no such file"}')"""
    async with Recogniser(_pretended(refusing)) as judge:
        with pytest.raises(CompanionFailed, match="no such file"):
            await judge.judge("zh", CLIP)


async def test_when_cancelled_it_is_killed(tmp_path: Path) -> None:
    fifo = tmp_path / "listening"
    os.mkfifo(fifo)
    slow = f"""
print(json.dumps({{"ready": True}}), flush=True)
sys.stdin.readline()
open({str(fifo)!r}, "w").write(str(os.getpid()))
sys.stdin.read()
"""
    async with Recogniser(_pretended(slow)) as judge:
        await cancel_kills(asyncio.create_task(judge.judge("zh", CLIP)), fifo)


def test_its_lock_is_that_of_the_checkout(tmp_path: Path) -> None:
    environment = recogniser(tmp_path)
    assert environment.lock.is_file()
    assert "faster-whisper==" in environment.lock.read_text()
    assert environment.folder.parent == tmp_path
