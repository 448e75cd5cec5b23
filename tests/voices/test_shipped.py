"""The clips that ship, as a caller hears them."""

from pathlib import Path

import pytest

from hotline.loader import load
from hotline.model import Hotline
from lab.patience import PATIENCE
from service.setup.places import SAMPLE_HOTLINE
from sounds import audio
from sounds.model import sayable
from sounds.phrases import LANGUAGES
from sounds.programs import run
from sounds.recogniser.comparison import choices, parts
from sounds.shipped import shipped, unpack
from tests.voices.judging import Spoken, understood

MOST = 0.02
"""So much of all characters, and of all words, may be misunderstood."""


@pytest.fixture
async def clips(tmp_path: Path) -> list[Spoken]:
    """Every clip that ships, unpacked for the telephone."""
    targets = [
        (Spoken(language, clip.words, tmp_path / language / f"{clip.file.stem}.wav"), clip)
        for language in LANGUAGES
        for clip in shipped(language).values()
    ]
    await unpack([(clip, spoken.path) for spoken, clip in targets])
    return [spoken for spoken, _ in targets]


@pytest.fixture
def sample() -> Hotline:
    loaded = load(SAMPLE_HOTLINE).hotline
    assert loaded is not None
    return loaded


def _menus(hotline: Hotline, language: str) -> list[tuple[str, set[str]]]:
    """The words of each menu, and its keys."""
    return [(sayable(menu.say[language]), set(menu.keys)) for menu in hotline.menus.values()]


async def test_callers_understand_every_word_every_key_and_every_department(clips: list[Spoken]) -> None:
    assert {clip.language for clip in clips} == set(LANGUAGES)
    complaints = (await understood(clips)).complaints(MOST)
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_choice_of_the_samples_menus_is_judged(sample: Hotline, language: str) -> None:
    """A choice whose wording is not recognised as one would not be judged."""
    for words, keys in _menus(sample, language):
        assert words in shipped(language)
        said = [choice.key for spoken, text in parts(words, language) for choice in choices(text, spoken)]
        assert len(said) == words.count("请按") + words.count("press ")
        assert set(said) <= keys


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_menu_in_the_draft_voice_is_found(sample: Hotline, language: str, tmp_path: Path) -> None:
    words = _menus(sample, language)[2][0]
    complaints = (await understood([await _draft(language, words, tmp_path)])).complaints(MOST)
    assert any("the key was heard as" in complaint or "the name was heard as" in complaint for complaint in complaints)


async def test_one_sentence_in_the_draft_voice_is_found_among_many(clips: list[Spoken], tmp_path: Path) -> None:
    """Its part of all characters is small: it is found because it is much worse than the rest."""
    words = "很抱歉，值班电话也没有接通，请您稍后再拨。"
    company = [clip for clip in clips if clip.language == "zh" and 6 <= len(clip.words) <= 12][:20]
    complaints = (await understood([*company, await _draft("zh", words, tmp_path)])).complaints(MOST)
    assert any(words in complaint for complaint in complaints)


async def _draft(language: str, words: str, folder: Path) -> Spoken:
    spoken, target = folder / "spoken.wav", folder / "clip.wav"
    voice = {"zh": "cmn", "en": "en-gb"}[language]
    await run(
        ["espeak-ng", "-v", voice, "-s", "160", "-D", "--stdin", "-w", str(spoken)],
        words=words,
        seconds=PATIENCE,
        remedy="install the package espeak-ng",
    )
    await audio.level(spoken, target)
    return Spoken(language, words, target)
