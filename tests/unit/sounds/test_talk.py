"""A talk's pieces become one FLAC file, the caller left and the agent right."""

import asyncio
import os
import subprocess
from array import array
from collections.abc import Sequence
from pathlib import Path

import pytest

from sounds import talk
from sounds.programs import ProgramFailed

AGENT, CALLER = 1_000, -2_000


def part(file: Path, samples: int, level: int, begins: float = 0.0) -> talk.Part:
    """What one side says from a moment on."""
    file.write_bytes(array("h", [level] * samples).tobytes())
    return talk.Part(file, level == AGENT, begins)


async def packed(parts: Sequence[talk.Part], seconds: float, made: Path) -> None:
    with made.open("wb") as written:
        await talk.packed(parts, seconds, written)


async def sides(made: Path) -> tuple["array[int]", "array[int]"]:
    command = ["sox", "-t", "flac", str(made), "-t", "raw", "-"]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, check=True)
    samples = array("h", done.stdout)
    return samples[::2], samples[1::2]


async def test_the_caller_is_left_the_agent_right_and_pieces_follow_each_other(tmp_path: Path) -> None:
    made = tmp_path / "made.part"
    first = part(tmp_path / "a", 8_000, AGENT), part(tmp_path / "b", 8_000, CALLER)
    second = part(tmp_path / "c", 4_000, AGENT, 1.0), part(tmp_path / "d", 3_900, CALLER, 1.0)
    await packed([*first, *second], 1.5, made)
    left, right = await sides(made)
    assert left == array("h", [CALLER] * 11_900 + [0] * 100)
    assert right == array("h", [AGENT] * 12_000)


async def test_what_a_third_one_says_is_with_the_agent_and_no_longer_than_the_talk(tmp_path: Path) -> None:
    made = tmp_path / "made"
    third = part(tmp_path / "b", 1_000, AGENT, 0.5), part(tmp_path / "c", 9_000, AGENT, 0.875)
    await packed([part(tmp_path / "a", 8_000, AGENT), *third], 1.0, made)
    left, right = await sides(made)
    assert left == array("h", [0] * 8_000)
    assert right == array("h", [AGENT] * 4_000 + [2 * AGENT] * 1_000 + [AGENT] * 2_000 + [2 * AGENT] * 1_000)


async def test_one_side_alone_is_as_long_as_the_talk(tmp_path: Path) -> None:
    await packed([part(tmp_path / "a", 4_000, CALLER)], 1.0, tmp_path / "made")
    assert await sides(tmp_path / "made") == (array("h", [CALLER] * 4_000 + [0] * 4_000), array("h", [0] * 8_000))


async def test_links_and_pipes_are_refused(tmp_path: Path) -> None:
    link, pipe = tmp_path / "link", tmp_path / "pipe"
    link.symlink_to(part(tmp_path / "secret", 10, AGENT).file)
    os.mkfifo(pipe)
    for trap in (link, pipe):
        with pytest.raises(OSError, match=r"."):
            await packed([talk.Part(trap, agent=True, begins=0.0)], 1.0, tmp_path / "made")
        assert not (tmp_path / "made").read_bytes()


async def test_a_failure_has_its_reason(tmp_path: Path) -> None:
    with (tmp_path / "made").open("wb") as made, pytest.raises(ProgramFailed, match="pad"):
        await talk.packed([part(tmp_path / "a", 10, AGENT)], -1.0, made)
