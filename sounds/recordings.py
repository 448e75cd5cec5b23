"""Recordings by people, in the hotline's `prompts/` folder, that replace synthesised speech.

`prompts/recordings.yaml` says, for each language and each file of `prompts/<language>/`, the words that it holds:

    zh:
      main.wav: 绿化请按1，供水请按2
    en:
      main.wav: For greening press 1, for water press 2

A recording is found by its words, not by its menu: once a text is edited, its old recording no longer matches and is
not played by mistake.
"""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from sounds.model import NoSound, Unsayable, sayable, shortened

INDEX = "recordings.yaml"
ENDINGS = (".wav", ".flac", ".ogg", ".aiff", ".aif", ".au", ".gsm", ".mp3")
"""Formats that state their rate. No playlists: sox follows them to other files, addresses and commands."""

_INDEX_BYTES = 1_000_000
_RECORDING_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in `file`, at `line` and `column` counted from 1, and what to do about it."""

    file: Path
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class BadRecordings(NoSound):
    """The recordings cannot be used. `problems` has all problems, the message too."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True)
class Recording:
    """One entry of the index: its place, the audio, and a digest of the audio."""

    language: str
    words: str
    file: Path
    digest: str
    line: int
    column: int


class Recordings:
    """The recordings of one version of a hotline."""

    def __init__(self, index: Path, found: Iterable[Recording] = (), strays: Iterable[Path] = ()) -> None:
        self._index = index
        self._found = {(recording.language, recording.words): recording for recording in found}
        self._strays = tuple(strays)

    def find(self, language: str, words: str) -> Recording | None:
        """The recording of these `sayable` words."""
        return self._found.get((language, words))

    def idle(self, texts: Iterable[tuple[str, str]]) -> list[Recording]:
        """The recordings that match none of these texts (language, `sayable` words)."""
        wanted = set(texts)
        return [recording for key, recording in self._found.items() if key not in wanted]

    def unused(self, texts: Iterable[tuple[str, str]], told: Collection[Recording] = ()) -> list[Problem]:
        """Warnings: recordings that match none of these texts (language, `sayable` words), and files without entry.

        Nothing of those that were `told` already.
        """
        warnings = [
            Problem(
                self._index,
                recording.line,
                recording.column,
                f"{recording.language}/{recording.file.name} is not played: no text in {recording.language} has the"
                f" words {shortened(recording.words)!r}; correct them, or take the line out",
            )
            for recording in self.idle(texts)
            if recording not in told
        ]
        return warnings + [
            Problem(self._index, 1, 1, f"{stray} is not played: write here which words it holds")
            for stray in self._strays
        ]


def read(prompts: Path | None, languages: Iterable[str]) -> Recordings:
    """Read the folder, with every file named in the index; None or a missing folder has no recordings.

    Raises `BadRecordings` with every problem.
    """
    if prompts is None or not prompts.is_dir():
        return Recordings(Path(INDEX))
    prompts, languages = prompts.absolute(), tuple(languages)
    index = prompts / INDEX
    found: dict[tuple[str, str], Recording] = {}
    problems: list[Problem] = []
    content = _index(index)
    for language, files in content.items():
        place = _place(content, language)
        if language not in languages:
            spoken = ", ".join(languages)
            message = f"the hotline does not speak {shortened(repr(language))}; its languages are {spoken}"
            problems.append(Problem(index, *place, message))
            continue
        if not isinstance(files, CommentedMap):
            problems.append(Problem(index, *place, f"below {language} there must be lines of the form main.wav: words"))
            continue
        for name, words in files.items():
            place = _place(files, name)
            try:
                recording = Recording(language, *_audio(prompts, language, name, words), *place)
                if other := found.get((language, recording.words)):
                    raise _Wrong(f"{other.file.name} holds the same words: keep one of them")
                found[language, recording.words] = recording
            except _Wrong as wrong:
                problems.append(Problem(index, *place, str(wrong)))
    if problems:
        raise BadRecordings(problems)
    listed = {recording.file for recording in found.values()}
    there = (file for language in languages for file in sorted((prompts / language).glob("*")))
    strays = [file for file in there if file.suffix.lower() in ENDINGS and file not in listed]
    return Recordings(index, found.values(), strays)


def _index(file: Path) -> CommentedMap:
    if not file.exists():
        return CommentedMap()
    line, column = 1, 1
    try:
        if file.stat().st_size > _INDEX_BYTES:
            raise _Wrong(f"larger than {_INDEX_BYTES} bytes: that is no list of recordings")
        content = YAML().load(file.read_text(encoding="utf-8"))
        if content is None:
            return CommentedMap()
        if not isinstance(content, CommentedMap):
            raise _Wrong("must hold, for each language, lines of the form main.wav: words")
        return content
    except MarkedYAMLError as problem:
        if problem.problem_mark:
            line, column = problem.problem_mark.line + 1, problem.problem_mark.column + 1
        message = f"is not YAML: {' '.join(str(problem.problem or problem.context).split())}"
    except (_Wrong, OSError, UnicodeDecodeError, YAMLError, RecursionError) as problem:
        message = f"cannot be read: {' '.join(str(problem).split())}"
    except Exception as problem:  # what ruamel raises for a date 2025-99-99, an alias inside itself and the like
        message = f"has a value that cannot be read ({problem}): put names and words in quotes"
    raise BadRecordings([Problem(file, line, column, message)])


class _Wrong(Exception):
    """What is wrong with an entry, for the code that knows its line."""


def _audio(prompts: Path, language: str, name: object, words: object) -> tuple[str, Path, str]:
    """The words, the file, its digest. Raises `_Wrong`."""
    if not isinstance(name, str) or not name.isprintable() or "/" in name or "\\" in name or name.startswith("."):
        raise _Wrong(f"{shortened(repr(name))} must be the name of a file in {prompts / language}")
    if not isinstance(words, str):
        raise _Wrong(f"{name} must have the words that it holds; put them in quotes if they look like a number")
    file = prompts / language / name
    if file.suffix.lower() not in ENDINGS:
        raise _Wrong(f"{name} has a format that is not read: use one of {', '.join(ENDINGS)}")
    try:
        # A link out of the folder would let an editor of prompts play any file of this machine.
        if not file.resolve(strict=True).is_relative_to(prompts.resolve()):
            raise _Wrong(f"{file} leads out of {prompts}: copy the recording there")
        if not 0 < file.stat().st_size <= _RECORDING_BYTES:
            raise _Wrong(f"{file} is empty or larger than {_RECORDING_BYTES // 1_000_000} MB: record it again")
        return sayable(words), file, hashlib.sha256(file.read_bytes()).hexdigest()
    except Unsayable as problem:
        raise _Wrong(f"{name}: {problem}") from problem
    except FileNotFoundError as problem:
        raise _Wrong(f"{file} does not exist: put the recording there, or take the line out") from problem
    except (OSError, ValueError, RuntimeError) as problem:  # unreadable, NUL in the name, a loop of links
        raise _Wrong(f"{file} cannot be read: {problem}") from problem


def _place(holder: CommentedMap, key: object) -> tuple[int, int]:
    line, column = holder.lc.key(key)
    return line + 1, column + 1
