"""A message as Asterisk recorded it: whatever file is there; what is silence; and how loud it is afterwards."""

import math
import os
import wave
from array import array
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from sounds import message
from sounds.audio import RATE
from sounds.levelling import LEVEL, magnitude, speech_level

SECOND = RATE


def tone(level: float, seconds: float) -> "array[int]":
    """A tone of that mean power, in dBFS."""
    peak = magnitude(level) * math.sqrt(2)
    return array("h", (round(peak * math.sin(at * 0.6)) for at in range(int(seconds * RATE))))


def noise(level: float, seconds: float) -> "array[int]":
    chance, most = Random(1), magnitude(level) * math.sqrt(3)
    return array("h", (round(chance.uniform(-most, most)) for _ in range(int(seconds * RATE))))


def silence(seconds: float) -> "array[int]":
    return array("h", bytes(2 * int(seconds * RATE)))


def written(file: Path, samples: "array[int]") -> Path:
    with wave.open(str(file), "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(2)
        made.setframerate(RATE)
        made.writeframes(samples.tobytes())
    return file


def test_speech_is_heard_wherever_it_is() -> None:
    assert message.heard(silence(20) + tone(-40, 0.5) + silence(3))
    assert message.heard(tone(-30, 1))


@pytest.mark.parametrize(
    "samples",
    [
        lambda: array("h"),
        lambda: silence(60),
        lambda: noise(message.LOUD - 3, 30),
        lambda: silence(2) + tone(-10, message.MOMENT) + silence(2),
        lambda: tone(-10, 0.05),
    ],
    ids=["nothing", "silence", "a line's noise", "a knock", "less than a moment"],
)
def test_what_is_no_message(samples: Callable[[], "array[int]"]) -> None:
    assert not message.heard(samples())


def test_a_recording_that_was_broken_off_is_read_to_its_end(tmp_path: Path) -> None:
    samples = tone(-20, 2)
    whole = written(tmp_path / "whole.wav", samples).read_bytes()
    assert message.read(tmp_path / "whole.wav") == samples
    broken = bytearray(whole)
    broken[4:8] = broken[40:44] = bytes(4)  # Asterisk writes the lengths at the end
    (tmp_path / "broken.wav").write_bytes(bytes(broken) + b"\x01")
    assert message.read(tmp_path / "broken.wav") == samples


def test_nothing_else_than_a_recording_is_read(tmp_path: Path) -> None:
    good = written(tmp_path / "good.wav", tone(-20, 1))
    os.symlink(good, tmp_path / "link.wav")
    os.mkfifo(tmp_path / "pipe.wav")
    (tmp_path / "folder.wav").mkdir()
    (tmp_path / "words.wav").write_text("no sound")
    for name in ("link.wav", "pipe.wav", "folder.wav", "words.wav", "missing.wav"):
        with pytest.raises(OSError, match=f"{name}|directory"):
            message.read(tmp_path / name)


def test_a_file_without_an_end_is_cut(tmp_path: Path) -> None:
    with written(tmp_path / "long.wav", tone(-20, 1)).open("r+b") as file:
        file.truncate(10 * message.LARGEST)
    assert len(message.read(tmp_path / "long.wav")) * 2 <= message.LARGEST


@pytest.mark.parametrize("level", [-40.0, -6.0], ids=["a soft voice", "a loud one"])
async def test_a_message_becomes_as_loud_as_prompts(tmp_path: Path, level: float) -> None:
    source = written(tmp_path / "in.wav", silence(1) + tone(level, 2.04))
    assert await message.level(source, tmp_path / "out.wav") == 3.1
    assert abs(speech_level(message.read(tmp_path / "out.wav"), RATE) - LEVEL) <= 1
    assert len(message.read(tmp_path / "out.wav")) == len(message.read(source)), "nothing of it is cut"


async def test_of_silence_nothing_is_written(tmp_path: Path) -> None:
    source = written(tmp_path / "in.wav", silence(3))
    assert await message.level(source, tmp_path / "out.wav") is None
    assert message.copy(source, tmp_path / "out.wav") is None
    assert not (tmp_path / "out.wav").exists()


async def test_a_disk_that_fails_is_told(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"in\.wav"):
        await message.level(tmp_path / "in.wav", tmp_path / "out.wav")
    source = written(tmp_path / "in.wav", tone(-20, 1))
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OSError, match="file"):
        await message.level(source, tmp_path / "file" / "out.wav")


def test_a_copy_is_the_recording_as_it_is(tmp_path: Path) -> None:
    source = written(tmp_path / "in.wav", tone(-38, 1))
    assert message.copy(source, tmp_path / "out.wav") == 1.0
    assert message.read(tmp_path / "out.wav") == message.read(source)
