"""A talk's pieces become one FLAC file, the caller left and the agent right."""

import asyncio
import hashlib
import os
import subprocess
from array import array
from pathlib import Path

import pytest

from sounds import talk
from sounds.programs import ProgramFailed

AGENT, CALLER = 1_000, -2_000


def piece(file: Path, samples: int) -> Path:
    file.write_bytes(array("h", [AGENT, CALLER] * samples).tobytes())
    return file


async def test_the_sides_change_places_and_pieces_follow_each_other(tmp_path: Path) -> None:
    made = tmp_path / "made.part"
    digest = await talk.packed([piece(tmp_path / "a", 8_000), piece(tmp_path / "b", 4_000)], made)
    assert digest == hashlib.sha256(made.read_bytes()).hexdigest()
    command = ["sox", "-t", "flac", str(made), "-t", "raw", "-"]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, check=True)
    samples = array("h", done.stdout)
    assert (samples[::2], samples[1::2]) == (array("h", [CALLER] * 12_000), array("h", [AGENT] * 12_000))


async def test_what_a_third_one_says_is_with_the_agent_from_its_moment_on(tmp_path: Path) -> None:
    made, talked = tmp_path / "made", piece(tmp_path / "a", 8_000)
    await talk.packed([talked], made, [(piece(tmp_path / "b", 1_000), 0.5), (piece(tmp_path / "c", 9_000), 0.875)])
    command = ["sox", "-t", "flac", str(made), "-t", "raw", "-"]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, check=True)
    samples = array("h", done.stdout)
    assert samples[::2] == array("h", [CALLER] * 8_000), "as long as the talk, and only the caller"
    both = [AGENT] * 4_000 + [2 * AGENT] * 1_000 + [AGENT] * 2_000 + [2 * AGENT] * 1_000
    assert samples[1::2] == array("h", both)


async def test_links_and_pipes_are_refused(tmp_path: Path) -> None:
    link, pipe = tmp_path / "link", tmp_path / "pipe"
    link.symlink_to(piece(tmp_path / "secret", 10))
    os.mkfifo(pipe)
    for trap in (link, pipe):
        with pytest.raises(OSError, match=r"."):
            await talk.packed([trap], tmp_path / "made")
        assert not (tmp_path / "made").exists()


async def test_a_failure_has_its_reason(tmp_path: Path) -> None:
    with pytest.raises(ProgramFailed, match="nowhere"):
        await talk.packed([piece(tmp_path / "a", 10)], tmp_path / "nowhere" / "made")
