"""Whether the audio that is there goes with the texts: how long it is, and recordings that hold older words."""

import wave
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path

from base.hints import shown
from hotline.document import Path as TreePath
from hotline.draft import Draft
from hotline.problem import Problem, warning
from hotline.texts import placed_texts
from sentences.sentence import Sentence
from sounds.audio import WIDE_RATE
from sounds.model import EVERY, NoSound, Unsayable, divided, sayable
from sounds.recordings import Recording, Recordings
from sounds.shipped import shipped

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
