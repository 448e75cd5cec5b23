"""The shipped clips, one by one: complete, equally loud, without clicks and long silence."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from base.folders import SAMPLE_HOTLINE
from hotline.loader import load
from hotline.texts import every_text
from publishing.speech import speaker
from settings.settings import Settings
from sounds import audio
from sounds.catalogue import Catalogue
from sounds.levelling import LEVEL, PEAK, decibels, peak_level, silence, speech_level
from sounds.model import EVERY, OPENS
from sounds.phrases import LANGUAGES
from sounds.shipped import FOLDER, ShippedClip, decode, read_index, shipped
from sounds.voices import DEFAULTS, VOICES, names

MEGABYTES = 25
"""All audio in the repository is smaller than this."""

CLICK = -40.0
"""dBFS: a first or last sample above this is heard as a click."""


def test_everything_that_the_sample_says_ships() -> None:
    hotline = load(SAMPLE_HOTLINE).hotline
    assert hotline is not None
    catalogue = Catalogue(Path("/nowhere"), hotline.folder / "prompts", hotline.languages, speaker(Settings()))
    texts = [*every_text(hotline), {EVERY: OPENS}]  # a moment, which other hotlines tell
    missing = [clip.words for clip in catalogue.needed(texts) if clip.shipped is None]
    assert not missing, f"python -m tools.clips makes these: {missing}"


def test_nothing_ships_that_nobody_says() -> None:
    hotline = load(SAMPLE_HOTLINE).hotline
    assert hotline is not None
    catalogue = Catalogue(Path("/nowhere"), None, hotline.languages, speaker(Settings()))
    said = {(clip.language, clip.words) for clip in catalogue.needed([*every_text(hotline), {EVERY: OPENS}])}
    for language in LANGUAGES:
        assert {(language, words) for words in shipped(language)} <= said
        files = {clip.file for clip in shipped(language).values()}
        assert set((FOLDER / language / "clips").iterdir()) == files


def test_all_audio_is_small() -> None:
    audio_files = [file for file in FOLDER.rglob("*") if file.suffix in (".ogg", ".wav", ".flac", ".opus")]
    assert sum(file.stat().st_size for file in audio_files) < MEGABYTES * 1_000_000


async def wrong(clips: Iterable[ShippedClip]) -> list[str]:
    """What is wrong with the sound of clips, at either rate."""
    clips = list(clips)
    complaints = []
    for clip, (low, high) in zip(clips, await decode(clips), strict=True):
        for rate, samples in ((audio.RATE, low), (audio.WIDE_RATE, high)):
            level, peak, ends = speech_level(samples, rate), peak_level(samples), silence(samples, rate)
            about = f"{clip.words} at {rate}"
            if abs(level - LEVEL) > 1:
                complaints.append(f"{about}: {level:.1f} dBFS, not {LEVEL}")
            if peak > PEAK + 0.01:
                complaints.append(f"{about}: a peak of {peak:.1f} dBFS")
            if max(ends) > 0.3:
                complaints.append(f"{about}: {max(ends):.2f} s of silence at an end")
            if max(decibels(abs(samples[0])), decibels(abs(samples[-1]))) > CLICK:
                complaints.append(f"{about}: it begins or ends with a click")
    return complaints


@pytest.mark.parametrize("language", LANGUAGES)
async def test_all_clips_are_equally_loud_without_clicks_and_long_silence(language: str) -> None:
    clips = list(shipped(language).values())
    complaints = [line for at in range(0, len(clips), 100) for line in await wrong(clips[at : at + 100])]
    assert not complaints, "\n".join(complaints)


async def test_the_music_is_as_loud_as_the_voice() -> None:
    pieces = read_index(FOLDER / "music" / "pieces.json", FOLDER / "music")
    assert pieces
    complaints = [line for line in await wrong(pieces) if "silence" not in line]  # strings ring out slowly
    assert not complaints, "\n".join(complaints)


def test_every_voice_has_a_style_and_a_sample() -> None:
    for voice in VOICES.values():
        assert voice.style.stat().st_size == 510 * 256 * 2
        assert voice.sample.stat().st_size > 10_000
        assert voice.name in names(voice.language)
    assert {names(language)[0] for language in LANGUAGES} == set(DEFAULTS.values())
