"""Every text that a hotline may say: its words, who speaks it, where it is used, and the file that is played."""

import time
from dataclasses import dataclass

from base.failure import NotDone
from hotline.model import Hotline
from hotline.texts import placed_texts
from sounds import audio
from sounds.catalogue import Catalogue
from sounds.keeping import key
from sounds.model import MARK, NoSound, choose, divided, sayable
from sounds.moments import needed_moments
from sounds.phrases import NUMBER, needed_phrases, phrases


@dataclass(frozen=True, slots=True)
class Entry:
    """One spoken text. `path`: the file that Asterisk plays; `seconds` and `age_s` are None where there is no file
    yet. `where`: paths in hotline.yaml, or `phrase KEY` and `number` for Wutong's own texts.
    """

    id: str
    language: str
    text: str
    path: str
    source: str
    seconds: float | None
    age_s: float | None
    where: tuple[str, ...]


ID = 8
"""Characters of a clip's name that identify it. Fewer could be words, such as 1231 or "face"."""


def entries(catalogue: Catalogue, hotline: Hotline) -> list[Entry]:
    """Every text that the hotline may say, in the order of its languages. Reads each clip. Raises `NotDone`."""
    now = time.time()
    return [
        _entry(catalogue, language, words, tuple(where), now) for (language, words), where in _said(hotline).items()
    ]


def texts(hotline: Hotline) -> dict[str, tuple[str, str]]:
    """The key of each text → its language and words."""
    return {key(language, words): (language, words) for language, words in _said(hotline)}


def own(where: str) -> bool:
    """Whether the text is Wutong's own."""
    return where == "number" or where.startswith("phrase ")


def _said(hotline: Hotline) -> dict[tuple[str, str], list[str]]:
    """Language and words → where they are used."""
    said: dict[tuple[str, str], list[str]] = {}
    moments: dict[tuple[str, str], None] = {}
    for language in hotline.languages:
        for path, texts in placed_texts(hotline):
            if texts:
                spoken_in, words = choose(texts, language, hotline.languages[0])
                for part in divided(words):
                    where = said.setdefault((spoken_in, sayable(part)), [])
                    if (at := ".".join(map(str, path))) not in where:
                        where.append(at)
                if MARK.search(words):
                    moments.update(dict.fromkeys((spoken_in, each) for each in needed_moments(spoken_in)))
        keys = {words: f"phrase {key}" for key, words in phrases(language).items() if NUMBER not in words}
        for words in needed_phrases(language):
            said.setdefault((language, words), []).append(keys.get(words, "number"))
    for moment in moments:
        said.setdefault(moment, ["phrase opens"])
    return said


def _entry(catalogue: Catalogue, language: str, words: str, where: tuple[str, ...], now: float) -> Entry:
    wanted = catalogue.clip(language, words)
    played = catalogue.played(wanted)
    clip = played or wanted
    seconds = age = None
    if played is not None:
        try:
            seconds, age = round(audio.length(clip.path), 3), round(now - clip.path.stat().st_mtime)
        except (NoSound, OSError) as problem:
            raise NotDone(f"{clip.path} cannot be read: {problem}. Remove it, then ./wutong prompts build") from problem
    return Entry(clip.path.stem[:ID], language, words, str(clip.path), str(clip.source), seconds, age, where)
