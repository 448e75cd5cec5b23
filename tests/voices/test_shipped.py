"""The clips that ship, as a caller hears them."""

import random
from pathlib import Path

import pytest

from base.folders import SAMPLE_HOTLINE
from hotline.loader import load
from hotline.model import Hotline
from ivr.prompt_keys import named_keys
from lab.patience import PATIENCE
from sounds import audio
from sounds.model import sayable
from sounds.phrases import LANGUAGES
from sounds.programs import run
from sounds.recogniser.comparison import choices, parts
from sounds.shipped import ShippedClip, shipped
from tests.thorough import THOROUGH
from tests.voices.judging import Judgement, Spoken, understood
from tests.voices.record import clips, heard, read, recogniser_digest

MOST = 0.02
"""So much of all characters, and of all words, may be misunderstood."""

FEW = 4
"""Mistakes that some clips may have more than was written down."""

SOME = 40 if THOROUGH else 20
"""Clips that are heard anew: to hear one takes two processors a second."""

CHANCE = random.Random() if THOROUGH else random.Random(1)
"""Chooses them: the same ones each time, unless all is to be tried."""

WRITE = "write down what is heard of them, by .venv/bin/python -P -m tests.voices.record"


@pytest.fixture
def every(tmp_path: Path) -> list[tuple[ShippedClip, Spoken]]:
    """Every clip that ships, and where it is once it is unpacked."""
    return clips(tmp_path)


@pytest.fixture
def sample() -> Hotline:
    loaded = load(SAMPLE_HOTLINE).hotline
    assert loaded is not None
    return loaded


def _menus(hotline: Hotline, language: str) -> list[tuple[str, set[str]]]:
    """The words of each menu, and its keys."""
    return [(sayable(menu.say[language]), set(menu.keys)) for menu in hotline.menus.values()]


def test_callers_understand_every_word_every_key_and_every_department(every: list[tuple[ShippedClip, Spoken]]) -> None:
    """By what was written down of each clip."""
    recogniser, known = read()
    assert recogniser == recogniser_digest(), f"the recogniser has changed: {WRITE}"
    assert {clip.sha256 for clip, _ in every} == known.keys(), f"the clips have changed: {WRITE}"
    complaints = Judgement([(spoken, known[clip.sha256]) for clip, spoken in every]).complaints(MOST)
    assert not complaints, "\n".join(complaints)


async def test_what_was_written_down_is_what_is_heard(every: list[tuple[ShippedClip, Spoken]]) -> None:
    """Of some clips. A short one is heard in a row with others, so its mistakes vary a little. One
    with a grave mistake is heard once more, without the others: a clip that nobody understands is misheard again.
    """
    _, known = read()
    chosen = CHANCE.sample(every, SOME)
    judgement = await heard(chosen)
    length, now = (sum(getattr(of, what) for _, of in judgement.heard) for what in ("length", "errors"))
    before = sum(known[clip.sha256].errors for clip, _ in chosen)
    assert now <= before + max(FEW, MOST * length), "\n".join(
        f"{spoken.words}: {of.heard}" for spoken, of in judgement.heard
    )
    grave = [spoken for spoken, of in judgement.heard if Judgement([(spoken, of)]).complaints(1.0)]
    complaints = (await understood(grave)).complaints(1.0) if grave else []
    assert not complaints, "a key, a department, or most of a sentence"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_choice_of_the_samples_menus_is_judged(sample: Hotline, language: str) -> None:
    """A choice whose wording is not recognised as one would not be judged."""
    for words, keys in _menus(sample, language):
        assert words in shipped(language)
        said = [choice.key for spoken, text in parts(words, language) for choice in choices(text, spoken)]
        assert sorted(said) == sorted(one.key for one in named_keys(words))
        assert set(said) <= keys


async def test_texts_in_the_draft_voice_are_found(
    every: list[tuple[ShippedClip, Spoken]], sample: Hotline, tmp_path: Path
) -> None:
    """A menu in each language, and one sentence among many. The sentence's part of all characters is small: it is found
    because it is much worse than the rest.
    """
    words = "很抱歉，值班电话也没有接通，请您稍后再拨。"
    texts = [*((language, _menus(sample, language)[2][0]) for language in LANGUAGES), ("zh", words)]
    judgement = await understood([await _draft(*text, tmp_path / f"{number}.wav") for number, text in enumerate(texts)])
    (sentence,) = [(spoken, heard) for spoken, heard in judgement.heard if spoken.words == words]
    for pair in judgement.heard:
        if pair != sentence:
            complaints = Judgement([pair]).complaints(MOST)
            assert any(f"the {what} was heard as" in each for each in complaints for what in ("key", "name")), pair
    _, known = read()
    company = [pair for pair in every if pair[1].language == "zh" and 6 <= len(pair[0].words) <= 12][:20]
    among = Judgement([*((spoken, known[clip.sha256]) for clip, spoken in company), sentence])
    assert any(words in complaint for complaint in among.complaints(MOST))


async def _draft(language: str, words: str, target: Path) -> Spoken:
    spoken = target.with_name(f"spoken-{target.name}")
    voice = {"zh": "cmn", "en": "en-gb"}[language]
    await run(
        ["espeak-ng", "-v", voice, "-s", "160", "-D", "--stdin", "-w", str(spoken)],
        words=words,
        seconds=PATIENCE,
        remedy="install the package espeak-ng",
    )
    await audio.level(spoken, target)
    return Spoken(language, words, target)
