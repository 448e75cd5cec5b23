"""Which file says what: every text, phrase and number that may be spoken is a clip, named after its content.

A name is a digest of the voice, the language and the words (and of the recording, if there is one). An edited text thus
gets a new file, and calls that began with the old version go on with the old one.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sounds import audio, numbers
from sounds.model import Minutes, Number, Part, Phrase, Speech, Texts, Words, choose, sayable, shortened
from sounds.numbers import UnknownLanguage
from sounds.phrases import LANGUAGES, phrase, phrases
from sounds.recordings import Recording, read

_HEADER = 44
"""The bytes of a .wav without any audio: a file no longer than that is what a power cut left, not a clip."""


class Unspoken(LookupError):
    """A clip that is to be played was never built."""

    def __init__(self, clip: "Clip") -> None:
        self.clip = clip
        super().__init__(f"no sound was built for {shortened(clip.words)!r} in {clip.language}: {clip.path} is missing")


@dataclass(frozen=True, slots=True)
class Clip:
    """One sound file: these words in this language are at `path`, made from `recording` if there is one."""

    language: str
    words: str
    path: Path
    recording: Recording | None = None

    def built(self) -> bool:
        """Whether the file is there. One look at the file system."""
        try:
            return self.path.stat().st_size > _HEADER
        except FileNotFoundError:
            return False


class Catalogue:
    """The clips of one version of a hotline. It never changes, except that clips get built."""

    def __init__(self, folder: Path, prompts: Path | None, languages: Iterable[str], identity: str) -> None:
        """`folder` is where the clips are, `prompts` the hotline's recordings, `identity` that of the voice.

        The first language is the default one. This reads the recordings, so call it off the event loop.
        Raises `UnknownLanguage`, `BadRecordings`.
        """
        self.languages = tuple(languages)
        if not self.languages:
            raise ValueError("a catalogue needs at least one language")
        for language in self.languages:
            if language not in LANGUAGES:
                raise UnknownLanguage(language)
        self._folder = folder.absolute()
        self._identity = identity
        self.recordings = read(prompts, self.languages)
        self._found: dict[tuple[str, str], str] = {}  # what `files` found built: no more than the hotline can say

    def files(self, speech: Speech, language: str) -> list[str]:
        """The paths that say it, in order, without extension, as Asterisk wants them.

        A clip is looked for until it is found; from then on it is taken to be there.

        Raises `Unspoken`, `UnknownPhrase`, `UnknownLanguage`, `Unsayable`, and `ValueError` for a number out of range.
        """
        paths = []
        for spoken_in, words in self._tokens(speech, language):
            path = self._found.get((spoken_in, words))
            if path is None:
                path = self._found[spoken_in, words] = self._find(spoken_in, words)
            paths.append(path)
        return paths

    def _find(self, language: str, words: str) -> str:
        clip = self.clip(language, words)
        if not clip.built():
            raise Unspoken(clip)
        return str(clip.path.with_suffix(""))

    def text(self, speech: Speech, language: str) -> str:
        """What is said, in words, for the story of a call. Errors as in `files`, but for `Unspoken`."""
        return " ".join(sayable(words) for _, words in self._tokens(speech, language))

    def needed(self, texts: Iterable[Texts]) -> list[Clip]:
        """Every clip that these texts, the phrases and all numbers may ask for, each once. Raises `Unsayable`."""
        tokens: dict[tuple[str, str], None] = {}
        texts = tuple(texts)
        for language in self.languages:
            for words in (*phrases(language).values(), *numbers.needed_numbers(language)):
                tokens[language, words] = None
            for text in texts:
                spoken_in, words = choose(text, language, self.languages[0])
                tokens[spoken_in, sayable(words)] = None
        return [self.clip(language, words) for language, words in tokens]

    def clip(self, language: str, words: str) -> Clip:
        """The clip of these words, built or not. Raises `Unsayable`."""
        words = sayable(words)
        recording = self.recordings.find(language, words)
        origin = f"recording {recording.digest}" if recording else self._identity
        content = "\0".join((audio.RECIPE, origin, language, words))
        name = hashlib.sha256(content.encode()).hexdigest()[:32]
        return Clip(language, words, self._folder / language / f"{name}.wav", recording)

    def _tokens(self, speech: Speech, language: str) -> Iterator[tuple[str, str]]:
        """Language and words, clip by clip."""
        for part in speech:
            if isinstance(part, Words):
                yield choose(part.texts, language, self.languages[0])
            else:
                for words in _own(part, language):
                    yield language, words


def _own(part: Part, language: str) -> list[str]:
    match part:
        case Phrase(key):
            return [phrase(key, language)]
        case Number(n, counted):
            return numbers.spoken(n, language, counted=counted)
        case Minutes(n):
            return numbers.minutes(n, language)
        case Words():
            raise AssertionError("words of the hotline's have their own language")
