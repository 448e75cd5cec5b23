"""Which file says what: every text, phrase and number that may be spoken is a clip, named after its content.

A name is a digest of the words, their language and their source: a recording, a clip that ships, a voice. So an edited
text gets a new file, and calls that began with the old version go on with the old file.

Where the wanted voice could not speak, the draft voice may have spoken. Its clip has its own name, and is played until
the wanted clip exists.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from base.hints import shortened
from sentences.sentence import Sentence
from sounds import audio
from sounds.model import Sound, Speech, Texts, sayable, shown
from sounds.numbers import UnknownLanguage
from sounds.phrases import LANGUAGES, everything_said, parts
from sounds.recordings import Recording, Shelf, read
from sounds.shipped import ShippedClip
from sounds.voice import DraftVoice, Source, Voice

_HEADER = 44
"""The bytes of a .wav without any audio. A file no longer than that is left from a power cut, not a clip."""


class Unspoken(LookupError):
    """A clip to be played was never built."""

    def __init__(self, clip: "Clip") -> None:
        self.clip = clip
        super().__init__(
            Sentence(
                "no sound was built for {words!r} in {language}: {path} is missing",
                words=shortened(clip.words),
                language=clip.language,
                path=clip.path,
            )
        )


@dataclass(frozen=True, slots=True)
class Clip:
    """These words in this language. `path` is a .wav for telephones (8,000 samples a second). Beside it, with the
    ending .wav16, is the version for phones with a wideband codec.

    `recording` or `shipped` is its source; without either a voice speaks it.
    """

    language: str
    words: str
    path: Path
    source: Source
    recording: Recording | None = None
    shipped: ShippedClip | None = None

    def built(self) -> bool:
        """Whether the file exists (it is renamed last). Looks at the file system once."""
        try:
            return self.path.stat().st_size > _HEADER
        except FileNotFoundError:
            return False


class Catalogue:
    """The clips of one version of a hotline. It never changes, except that clips get built."""

    def __init__(self, folder: Path, prompts: Path | Shelf | None, languages: Iterable[str], voice: Voice) -> None:
        """`folder` holds the clips, `prompts` the hotline's recordings; `voice` is the wanted one.

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
        self.voice = voice
        self.recordings = read(prompts, self.languages)
        self._found: dict[tuple[str, str], str] = {}  # found by `files`; bounded by what the hotline can say

    def files(self, speech: Speech, language: str) -> list[str]:
        """The paths of the speech's clips, in order, without extension, as Asterisk wants them.

        A clip is looked for until it is found; after that it counts as present.

        Raises `Unspoken`, `KeyError`, `UnknownLanguage`, `Unsayable`, and `ValueError` for a number out of range.
        """
        paths = []
        for part in speech:
            if isinstance(part, Sound):
                paths.append(str(self._folder / part.path))
                continue
            for spoken_in, words in self._tokens((part,), language):
                path = self._found.get((spoken_in, words))
                if path is None:
                    wanted = self.clip(spoken_in, words)
                    clip = self.played(wanted)
                    if clip is None:
                        raise Unspoken(wanted)
                    path = self._found[spoken_in, words] = str(clip.path.with_suffix(""))
                paths.append(path)
        return paths

    def played(self, wanted: Clip) -> Clip | None:
        """What a caller hears for a clip: the clip if it was built, else its draft; None if neither exists."""
        return next((clip for clip in (wanted, self.draft(wanted)) if clip.built()), None)

    def heard(self, wanted: Clip) -> Iterator[Clip]:
        """What calls may hear for a clip: what `files` would find now, and a draft that it found earlier and keeps."""
        draft = self.draft(wanted)
        if self._found.get((wanted.language, wanted.words)) == str(draft.path.with_suffix("")):
            yield draft
        yield self.played(wanted) or wanted

    def text(self, speech: Speech, language: str) -> str:
        """The speech in words, for a call's story, without private digits. Errors as in `files`, except `Unspoken`."""
        return " ".join(sayable(words) for _, words in self._tokens(shown(speech), language))

    def needed(self, texts: Iterable[Texts]) -> list[Clip]:
        """Every clip that these texts, the phrases and all numbers may need, each once. Raises `Unsayable`."""
        return [self.clip(language, words) for language, words in everything_said(texts, self.languages)]

    def clip(self, language: str, words: str) -> Clip:
        """The wanted clip of these words, built or not. Raises `Unsayable`."""
        words = sayable(words)
        if recording := self.recordings.find(language, words):
            return self.recorded(recording)
        if shipped := self.voice.shipped(language).get(words):
            path = self._path(language, words, f"shipped {shipped.sha256}")
            return Clip(language, words, path, Source.VOICE, shipped=shipped)
        return Clip(language, words, self._path(language, words, self.voice.identity(language)), Source.VOICE)

    def recorded(self, recording: Recording) -> Clip:
        """The clip of a recording, which need not be of this version."""
        language, words = recording.language, recording.words
        path = self._path(language, words, f"recording {recording.digest}")
        return Clip(language, words, path, Source.RECORDING, recording=recording)

    def draft(self, clip: Clip) -> Clip:
        """The same words by the draft voice."""
        path = self._path(clip.language, clip.words, DraftVoice().identity(clip.language))
        return Clip(clip.language, clip.words, path, Source.DRAFT)

    def _path(self, language: str, words: str, origin: str) -> Path:
        content = "\0".join((audio.RECIPE, origin, language, words))
        return self._folder / language / f"{hashlib.sha256(content.encode()).hexdigest()[:32]}.wav"

    def _tokens(self, speech: Speech, language: str) -> Iterator[tuple[str, str]]:
        """Language and words, clip by clip."""
        return parts(speech, language, self.languages[0])
