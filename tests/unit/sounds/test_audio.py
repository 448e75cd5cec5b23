import math
from pathlib import Path

import pytest

from sounds.audio import Inaudible, length, level
from sounds.programs import MissingProgram, ProgramFailed
from sounds.voice import EspeakVoice
from tests.unit.sounds.making import leading_silence, samples, tone


@pytest.mark.parametrize("loudness", [0.01, 0.3, 1.0])
@pytest.mark.parametrize("rate", [8000, 22050, 48000])
async def test_everything_becomes_equally_loud_without_silence(tmp_path: Path, loudness: float, rate: int) -> None:
    await level(tone(tmp_path / "in.wav", silence=1, loudness=loudness, rate=rate), tmp_path / "out.wav")
    audio = samples(tmp_path / "out.wav")
    assert max(map(abs, audio)) == pytest.approx(10 ** (-3 / 20), abs=0.01)
    assert leading_silence(audio) < 0.1
    assert leading_silence(audio[::-1]) < 0.15
    assert length(tmp_path / "out.wav") == pytest.approx(0.61, abs=0.05)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", "您好，这里是城建服务热线，绿化请按1，供水请按2"),
        ("zh", "五"),
        ("en", "Welcome to the urban construction hotline."),
        ("en", "five"),
    ],
)
async def test_speech_is_steady(tmp_path: Path, language: str, words: str) -> None:
    await EspeakVoice().speak(words, language, tmp_path / "in.wav")
    await level(tmp_path / "in.wav", tmp_path / "out.wav")
    audio = samples(tmp_path / "out.wav")
    assert max(map(abs, audio)) == pytest.approx(10 ** (-3 / 20), abs=0.01)
    assert leading_silence(audio) < 0.1
    loudest = max(math.sqrt(sum(x * x for x in audio[i : i + 400]) / 400) for i in range(0, len(audio) - 400, 200))
    assert -18 < 20 * math.log10(loudest) < -10


async def test_a_recording_at_full_scale_is_not_clipped(tmp_path: Path) -> None:
    # A square wave overshoots when it is resampled: cut off there, it would differ from the same wave at half scale.
    heard = []
    for name, loudness in (("full", 1.0), ("half", 0.5)):
        source = tone(tmp_path / f"{name}.wav", loudness=loudness, rate=22050, square=True)
        await level(source, tmp_path / f"{name}-levelled.wav")
        heard.append(samples(tmp_path / f"{name}-levelled.wav"))
    assert max(abs(full - half) for full, half in zip(*heard, strict=True)) < 0.002


async def test_silence_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Inaudible):
        await level(tone(tmp_path / "in.wav", loudness=0), tmp_path / "out.wav")


async def test_what_is_no_audio_is_refused(tmp_path: Path) -> None:
    (tmp_path / "in.wav").write_bytes(b"This is no recording.")
    with pytest.raises(ProgramFailed, match="sox"):
        await level(tmp_path / "in.wav", tmp_path / "out.wav")


async def test_a_name_is_never_a_command(tmp_path: Path) -> None:
    source = tone(tmp_path / "|touch broken; -n.wav")
    await level(source, tmp_path / "out.wav")
    assert length(tmp_path / "out.wav") > 0.5


async def test_sox_missing_names_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingProgram, match="install the package sox"):
        await level(tone(tmp_path / "in.wav"), tmp_path / "out.wav")


def test_only_telephone_audio_has_a_length(tmp_path: Path) -> None:
    with pytest.raises(ProgramFailed, match="8000, 2, 2"):
        length(tone(tmp_path / "two-channels.wav"))
    with pytest.raises(ProgramFailed, match="no audio"):
        length(tmp_path / "missing.wav")
