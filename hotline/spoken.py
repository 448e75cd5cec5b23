"""Every text that a hotline may say: its words, who speaks it, where it is used, its file, whether its sound fits."""

import time
import wave
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from base.failure import NotDone
from base.hints import shown
from hotline.document import Path as TreePath
from hotline.draft import Draft
from hotline.keeping import key
from hotline.model import Hotline
from hotline.problem import Problem, warning
from hotline.texts import placed_texts
from sentences.of_libraries import recognised
from sentences.sentence import Sentence
from sounds import audio
from sounds.audio import WIDE_RATE
from sounds.catalogue import Catalogue
from sounds.model import EVERY, MARK, NoSound, Unsayable, choose, divided, sayable
from sounds.numbers import needed_moments
from sounds.phrases import NUMBER, needed_phrases, phrases
from sounds.recordings import Recording, Recordings
from sounds.shipped import shipped


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
        ours = (
            (part, key) for key, words in phrases(language).items() if NUMBER not in words for part in divided(words)
        )
        keys = {part: f"phrase {key}" for part, key in ours}
        for words in needed_phrases(language):
            said.setdefault((language, words), []).append(keys.get(words, "number"))
        if any(queue.callback is not None for queue in hotline.queues.values()):
            moments.update(dict.fromkeys((language, each) for each in needed_moments(language)))
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
            raise NotDone(
                "{path} cannot be read: {why}. Remove it, then ./wutong prompts build",
                path=clip.path,
                why=recognised(problem),
            ) from problem
    return Entry(clip.path.stem[:ID], language, words, str(clip.path), str(clip.source), seconds, age, where)


# Whether the audio that is there goes with the texts: how long it is, and recordings that hold older words.


_ALIKE = 0.6
"""From here on, by difflib's measure, a text is the edited form of another one."""


def measured(recordings: Recordings) -> Callable[[str, str], float | None]:
    """The seconds of a text's recording, or of the clip that ships. Reads the recording's header; raises nothing."""

    def seconds(language: str, words: str) -> float | None:
        with suppress(Unsayable):
            plain = sayable(words)  # one with a moment in it has several clips, and is estimated
            if recording := recordings.find(language, plain):
                return _seconds(recording.file)
            with suppress(NoSound):
                clip = shipped(language).get(plain)
                return None if clip is None else clip.frames / WIDE_RATE
        return None

    return seconds


def _seconds(file: Path) -> float | None:
    """Of a .wav; the other formats have no header that says it."""
    with suppress(OSError, wave.Error, EOFError), wave.open(str(file), "rb") as audio:
        return audio.getnframes() / audio.getframerate()
    return None


def outdated_recordings(draft: Draft, recordings: Recordings, unused: Sequence[Recording]) -> dict[Recording, Problem]:
    """Of the recordings that no text uses, those that hold older words of a text, each with that text's problem."""
    open_texts = {
        language: {words: path for words, path in _texts(draft, language) if recordings.find(language, words) is None}
        for language in {recording.language for recording in unused}
    }
    found: dict[Recording, Problem] = {}
    for recording in unused:
        texts = open_texts[recording.language]
        for words in get_close_matches(recording.words, texts, n=1, cutoff=_ALIKE):
            file = f"prompts/{recording.language}/{recording.name}"
            message = Sentence(
                "{file} holds older words of this text: {words}", file=file, words=shown(recording.words)
            )
            hint = Sentence("record it again, or correct the words; until then a voice speaks it")
            found[recording] = warning("old-recording", draft.spot(texts.pop(words)), message, hint)
    return found


def _texts(draft: Draft, language: str) -> Iterator[tuple[str, TreePath]]:
    """Spoken words in a language, each with its spot."""
    for path, texts in placed_texts(draft.hotline):
        words = texts.get(language, texts.get(EVERY, ""))
        for part in divided(words):
            with suppress(Unsayable):
                yield sayable(part), (*path, language) if language in texts else path
