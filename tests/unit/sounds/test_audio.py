import math
from collections.abc import Sequence
from pathlib import Path

import pytest

from sounds.audio import RATE, WIDE_RATE, Inaudible, length, level, read, wide
from sounds.levelling import LEVEL, peak_level, silence, speech_level
from sounds.programs import MissingProgram, ProgramFailed
from sounds.voice import DraftVoice
from tests.unit.sounds.making import samples, tone


def meets_the_rules(clip: Path) -> None:
    for file, rate in ((clip, RATE), (wide(clip), WIDE_RATE)):
        heard = read(file)
        assert speech_level(heard, rate) == pytest.approx(LEVEL, abs=0.2)
        assert peak_level(heard) <= -3
        before, after = silence(heard, rate)
        assert before < 0.15
        assert after < 0.25
        for end in (heard[0], heard[-1]):
            assert abs(end) < 60, "a click"


def share(samples: Sequence[int], rate: int, hertz: float) -> float:
    """How much of the power is in one tone."""
    angle = 2 * math.pi * hertz / rate
    real = sum(sample * math.cos(angle * at) for at, sample in enumerate(samples))
    imaginary = sum(sample * math.sin(angle * at) for at, sample in enumerate(samples))
    return 2 * (real**2 + imaginary**2) / (len(samples) * sum(sample * sample for sample in samples))


@pytest.mark.parametrize("loudness", [0.01, 0.3, 1.0])
@pytest.mark.parametrize("rate", [8000, 22050, 48000])
async def test_everything_becomes_equally_loud_without_silence(tmp_path: Path, loudness: float, rate: int) -> None:
    await level(tone(tmp_path / "in.wav", silence=1, loudness=loudness, rate=rate), tmp_path / "out.wav")
    meets_the_rules(tmp_path / "out.wav")
    assert length(tmp_path / "out.wav") == pytest.approx(0.61, abs=0.05)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", "您好，这里是城建服务热线，绿化请按1，供水请按2"),
        ("zh", "三"),
        ("zh", "好"),
        ("en", "Urban construction hotline."),
        ("en", "six"),
        ("en", "half"),
    ],
)
async def test_speech_meets_the_rules_at_both_rates(tmp_path: Path, language: str, words: str) -> None:
    await DraftVoice().speak(words, language, tmp_path / "in.wav")
    await level(tmp_path / "in.wav", tmp_path / "out.wav")
    meets_the_rules(tmp_path / "out.wav")


async def test_the_bands_are_those_of_the_telephone_and_of_wideband(tmp_path: Path) -> None:
    for hertz, narrow_has_it in ((300, True), (1000, True), (3200, True), (5500, False)):
        source = tone(tmp_path / f"{hertz}.wav", rate=48000, hertz=(hertz, 1000))
        await level(source, tmp_path / "out.wav")
        assert share(read(wide(tmp_path / "out.wav")), WIDE_RATE, hertz) > 0.3
        assert (share(read(tmp_path / "out.wav"), RATE, hertz) > 0.3) == narrow_has_it


async def test_both_rates_say_the_same_at_the_same_moment(tmp_path: Path) -> None:
    await DraftVoice().speak("For greening press 1", "en", tmp_path / "in.wav")
    await level(tmp_path / "in.wav", tmp_path / "out.wav")
    narrow, whole = read(tmp_path / "out.wav"), read(wide(tmp_path / "out.wav"))[::2]
    assert len(narrow) == len(whole)

    def alike(shift: int) -> float:
        pairs = list(zip(narrow[40:], whole[40 + shift :], strict=False))
        return sum(a * b for a, b in pairs) / math.sqrt(sum(a * a for a, _ in pairs) * sum(b * b for _, b in pairs))

    assert max(range(-20, 20), key=alike) == 0
    assert alike(0) > 0.6


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
    (tmp_path / "in.wav").write_bytes(b"This is not a recording.")
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
    with pytest.raises(ProgramFailed, match="16000, 1, 2"):
        length(tone(tmp_path / "two-channels.wav16"))
    with pytest.raises(ProgramFailed, match="no audio"):
        length(tmp_path / "missing.wav")
