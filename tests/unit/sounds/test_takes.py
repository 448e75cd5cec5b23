"""What somebody recorded or sent: good takes become recordings, all others are refused with a reason."""

import random
import struct
import subprocess
import wave
from array import array
from contextlib import nullcontext, suppress
from pathlib import Path

import pytest

from sounds import audio, takes
from sounds.levelling import clipped, speech_level
from sounds.programs import ProgramFailed, run
from sounds.takes import BadTake, Fault, examine, form_of, judge
from tests.unit.sounds.making import tone

SENT = Path(__file__).resolve().parents[2] / "voices" / "sent"
"""Files as people send them: the same words, by other programs."""

FORMATS = subprocess.run(["sox", "--help"], capture_output=True, text=True, check=False).stdout
READS_MP3 = " mp3 " in FORMATS.partition("AUDIO FILE FORMATS:")[2].partition("\n")[0]
"""Whether the package libsox-fmt-mp3 is installed."""


def folder(tmp_path: Path) -> Path:
    made = tmp_path / "made"
    made.mkdir()
    return made


async def test_a_good_take_becomes_a_recording_and_a_levelled_clip(tmp_path: Path) -> None:
    source = tone(tmp_path / "take", seconds=1.5, silence=1, loudness=0.2, rate=44_100)
    take = await examine(source, folder(tmp_path))
    with wave.open(str(take.recording), "rb") as made:
        assert (made.getframerate(), made.getnchannels(), made.getsampwidth()) == (takes.RATE, 1, 2)
        assert made.getnframes() / takes.RATE == pytest.approx(3.5, abs=0.01), "the original, silence included"
    assert take.seconds == pytest.approx(1.6, abs=0.1)
    assert speech_level(audio.read(take.clip), audio.RATE) == pytest.approx(-21, abs=1)
    assert audio.length(audio.wide(take.clip)) == pytest.approx(take.seconds, abs=0.01)


@pytest.mark.parametrize("form", ["flac", "ogg"])
async def test_other_formats_are_read_by_what_is_in_them(tmp_path: Path, form: str) -> None:
    plain = tone(tmp_path / "plain.wav", seconds=1, rate=16_000)
    await run(["sox", str(plain), "-t", form, str(tmp_path / "take")], seconds=10, remedy="sox")
    assert await judge(tmp_path / "take", folder(tmp_path)) == pytest.approx(1.1, abs=0.15)


async def test_an_mp3_is_read_where_sox_can_and_else_the_refusal_names_the_package(tmp_path: Path) -> None:
    with nullcontext() if READS_MP3 else pytest.raises(BadTake, match="libsox-fmt-mp3"):
        assert await judge(SENT / "spoken.mp3", folder(tmp_path)) == pytest.approx(1.4, abs=0.2)


@pytest.mark.parametrize("name", ["spoken.m4a", "spoken.opus"])
async def test_what_sox_cannot_read_is_refused_with_what_can_be_read(tmp_path: Path, name: str) -> None:
    """Opus is in an Ogg, too."""
    with pytest.raises(BadTake, match="WAV, FLAC, Ogg Vorbis or MP3"):
        await judge(SENT / name, folder(tmp_path))


HEADER = b"RIFF\xff\xff\xff\xffWAVEfmt "


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 4_000,
        b"#EXTM3U\nfile:///etc/passwd\n",
        b"[playlist]\nFile1=/etc/passwd\n",
        b"|id > /tmp/owned; true",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"RIFF\x24\x00\x00\x00AVI LIST",
        HEADER,
        HEADER + struct.pack("<IHHIIHH", 16, 1, 0, 8_000, 16_000, 2, 16) + b"data\x10\x00\x00\x00" + b"\x01" * 16,
        HEADER + struct.pack("<IHHIIHH", 16, 1, 1, 0, 0, 2, 16) + b"data\x10\x00\x00\x00" + b"\x01" * 16,
        HEADER + struct.pack("<IHHIIHH", 16, 1, 65_535, 1, 1, 2, 16) + b"data\xff\xff\xff\xff" + b"\x01" * 16,
        HEADER + struct.pack("<IHHIIHH", 16, 2, 1, 8_000, 8_000, 0, 4) + b"data\x10\x00\x00\x00" + b"\x01" * 16,
        HEADER + struct.pack("<IHHIIHH", 2**32 - 1, 1, 1, 8_000, 16_000, 2, 16),
        b"fLaC" + b"\xff" * 200,
        b"OggS" + b"\x00" * 200,
        b"ID3\x03\x00\x00\x7f\x7f\x7f\x7f" + b"\x00" * 200,
        b"\xff\xfb\x90\x00" + b"\x00" * 200,
    ],
)
async def test_what_is_no_audio_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "take").write_bytes(content)
    with pytest.raises(BadTake) as refused:
        await judge(tmp_path / "take", folder(tmp_path))
    assert refused.value.fault in (Fault.UNREADABLE, Fault.TOO_SHORT)


async def test_damaged_files_harm_nobody(tmp_path: Path) -> None:
    good = bytearray(tone(tmp_path / "good.wav", seconds=0.5).read_bytes())
    chance = random.Random(13)
    for number in range(12):
        damaged = bytearray(good)
        for _ in range(6):
            damaged[chance.randrange(8, 44)] = chance.randrange(256)
        (tmp_path / "take").write_bytes(damaged)
        here = tmp_path / f"made-{number}"
        here.mkdir()
        with suppress(BadTake):
            assert await judge(tmp_path / "take", here) > 0


@pytest.mark.parametrize(
    ("fault", "sound"),
    [
        (Fault.SILENT, {"seconds": 2, "loudness": 0}),
        (Fault.SILENT, {"seconds": 2, "loudness": 0.0005}),
        (Fault.TOO_SHORT, {"seconds": 0.05}),
        (Fault.TOO_SHORT, {"seconds": 0.02, "silence": 0.5, "loudness": 0.3}),
        (Fault.CLIPPED, {"seconds": 1, "loudness": 1.0, "square": True}),
        (Fault.TOO_LONG, {"seconds": takes.LONGEST + 2, "rate": 2_000, "hertz": (200,), "channels": 1}),
    ],
)
async def test_what_cannot_be_understood_is_refused(tmp_path: Path, fault: Fault, sound: dict[str, float]) -> None:
    source = tone(tmp_path / "take", **sound)  # type: ignore[arg-type]
    with pytest.raises(BadTake) as refused:
        await judge(source, folder(tmp_path))
    assert refused.value.fault is fault


async def test_the_program_tells_why_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "take").write_bytes(b"no audio")
    with pytest.raises(BadTake, match="cannot be read as WAV"):
        await examine(tmp_path / "take", folder(tmp_path))
    source = tone(tmp_path / "take", seconds=1)
    with monkeypatch.context() as patch:
        patch.setenv("PATH", "")
        with pytest.raises(ProgramFailed, match="install the package sox"):
            await examine(source, tmp_path / "made")
    monkeypatch.setattr(takes, "_WITHIN", 0.001)
    with pytest.raises(ProgramFailed, match=r"longer than 0\.001 seconds"):
        await examine(source, tmp_path / "made")


def test_a_full_scale_peak_is_not_clipped_and_a_flat_top_is() -> None:
    peak = array("h", [0, 20_000, 32_767, 32_767, 20_000, 0, -32_768, -20_000])
    assert clipped(peak * 100) == 0
    assert clipped(array("h", [0, 32_767, 32_767, 32_767, 32_767, 0, -32_768, -32_768])) == 0.5
    assert clipped(array("h")) == 0


def test_the_beginning_tells_the_format() -> None:
    assert [form_of(b"RIFF1234WAVE"), form_of(b"fLaC"), form_of(b"OggS"), form_of(b"ID3"), form_of(b"\xff\xfb")] == [
        *("wav", "flac", "ogg", "mp3", "mp3")
    ]
    assert [form_of(b"RIFF1234AVI "), form_of(b"#EXTM3U"), form_of(b"\xff"), form_of(b"\xff\x1b")] == [None] * 4
