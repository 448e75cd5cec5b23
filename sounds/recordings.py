"""Recordings by people, in the hotline's `prompts/` folder, that replace synthesised speech.

`prompts/recordings.yaml` says, for each language and each file of `prompts/<language>/`, the words that it holds:

    zh:
      main.wav: 绿化请按1，供水请按2
    en:
      main.wav: For greening press 1, for water press 2

A recording is found by its words, not by its menu: once a text is edited, its old recording no longer matches and is
not played by mistake.
"""

import errno
import hashlib
import os
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from base.hints import shortened
from sentences.of_libraries import recognised
from sentences.sentence import Sentence
from sentences.sentence import listed as joined
from sounds.model import NoSound, Unsayable, sayable

INDEX = "recordings.yaml"
ENDINGS = (".wav", ".flac", ".ogg", ".aiff", ".aif", ".au", ".gsm", ".mp3")
"""Formats that state their rate. No playlists: sox follows them to other files, addresses and commands."""

_INDEX_BYTES = 1_000_000
_RECORDING_BYTES = 50_000_000

_LONGEST = 200
"""Characters of what a library says: it may be as long as the list."""


@dataclass(frozen=True)
class Shelf:
    """Where the files of a hotline's `prompts/` are: in that `folder`; or, of a version, where they were `kept`, by
    their names in the folder, such as `zh/main.wav`.
    """

    folder: Path
    kept: Mapping[str, Path] | None = None

    def at(self, name: str) -> Path:
        """Where a file of this name in the folder is; it need not exist."""
        return self.folder / name if self.kept is None else self.kept.get(name, self.folder / ".not-kept" / name)

    @property
    def inside(self) -> Path | None:
        """The folder that its files have to be in, as `read_inside` takes it."""
        return self.folder if self.kept is None else None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in `file`, at `line` and `column` counted from 1, and what to do about it."""

    file: Path
    line: int
    column: int
    message: Sentence

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}"
        return Sentence("{file}: {why}", file=where, why=self.message)


class BadRecordings(NoSound):
    """The recordings cannot be used. `problems` has all problems, the message too."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(reduce(_below, map(str, self.problems)))


def _below(said: str, next_: str) -> str:
    return Sentence("{said}\n{next}", said=said, next=next_)


@dataclass(frozen=True, slots=True)
class Recording:
    """One entry of the index: its spot, the audio, and a digest of the audio. `name`: as the index has it. `file`:
    where it is, perhaps under another name. `size` in bytes.
    """

    language: str
    words: str
    name: str
    file: Path
    size: int
    digest: str
    line: int
    column: int


class Recordings:
    """The recordings of one version of a hotline. `index`: its digest and its bytes; None: there is none."""

    def __init__(
        self,
        file: Path,
        found: Iterable[Recording] = (),
        strays: Iterable[Path] = (),
        index: tuple[str, int] | None = None,
    ) -> None:
        self.index = index
        self._file = file
        self._found = {(recording.language, recording.words): recording for recording in found}
        self._strays = tuple(strays)

    def find(self, language: str, words: str) -> Recording | None:
        """The recording of these `sayable` words."""
        return self._found.get((language, words))

    def __iter__(self) -> Iterator[Recording]:
        return iter(self._found.values())

    def idle(self, texts: Iterable[tuple[str, str]]) -> list[Recording]:
        """The recordings that match none of these texts (language, `sayable` words)."""
        wanted = set(texts)
        return [recording for key, recording in self._found.items() if key not in wanted]

    def unused(self, texts: Iterable[tuple[str, str]], reported: Collection[Recording] = ()) -> list[Problem]:
        """Warnings: recordings that match none of these texts (language, `sayable` words), and files without entry.

        Nothing of those that were `reported` already.
        """
        warnings = [
            Problem(
                self._file,
                recording.line,
                recording.column,
                Sentence(
                    "{language}/{name} is not played: no text in {language} has the words {words!r}; correct "
                    "them, or take the line out",
                    language=recording.language,
                    name=recording.name,
                    words=shortened(recording.words),
                ),
            )
            for recording in self.idle(texts)
            if recording not in reported
        ]
        return warnings + [
            Problem(self._file, 1, 1, Sentence("{file} is not played: write here which words it holds", file=stray))
            for stray in self._strays
        ]


def read(prompts: Path | Shelf | None, languages: Iterable[str]) -> Recordings:
    """Read the folder, with every file named in the index; None or a missing folder has no recordings.

    Raises `BadRecordings` with every problem.
    """
    shelf = Shelf(prompts.absolute()) if isinstance(prompts, Path) else prompts
    if shelf is None or (shelf.kept is None and not shelf.folder.is_dir()):
        return Recordings(Path(INDEX))
    languages, index = tuple(languages), shelf.folder / INDEX
    found: dict[tuple[str, str], Recording] = {}
    problems: list[Problem] = []
    content, read_index = _index(shelf.at(INDEX), index, shelf.inside)
    for language, files in content.items():
        spot = _spot(content, language)
        if language not in languages:
            message = Sentence(
                "the hotline does not speak {language}; its languages are {names}",
                language=shortened(repr(language)),
                names=joined(languages),
            )
            problems.append(Problem(index, *spot, message))
            continue
        if not isinstance(files, CommentedMap):
            problems.append(
                Problem(
                    index,
                    *spot,
                    Sentence("below {language} there must be lines of the form main.wav: words", language=language),
                )
            )
            continue
        for name, words in files.items():
            spot = _spot(files, name)
            try:
                recording = Recording(language, *_audio(shelf, language, name, words), *spot)
                if other := found.get((language, recording.words)):
                    raise _Wrong(Sentence("{file} holds the same words: keep one of them", file=other.name))
                found[language, recording.words] = recording
            except _Wrong as wrong:
                problems.append(Problem(index, *spot, wrong.said))
    if problems:
        raise BadRecordings(problems)
    listed = {recording.file for recording in found.values()}
    spoken_in = languages if shelf.kept is None else ()
    there = (file for language in spoken_in for file in sorted((shelf.folder / language).glob("*")))
    strays = [file for file in there if file.suffix.lower() in ENDINGS and file not in listed]
    return Recordings(index, found.values(), strays, read_index)


def _index(file: Path, named: Path, folder: Path | None) -> tuple[CommentedMap, tuple[str, int] | None]:
    """What is in the index, and its digest and bytes; None: there is no index. `named`: what it is called. `folder`:
    where it has to be.
    """
    if not file.exists():
        return CommentedMap(), None
    line, column = 1, 1
    try:
        data = read_inside(file, folder, _INDEX_BYTES)
        if len(data) > _INDEX_BYTES:
            raise _Wrong(Sentence("larger than {count} bytes: that is not a list of recordings", count=_INDEX_BYTES))
        content, about = YAML().load(data.decode()), (hashlib.sha256(data).hexdigest(), len(data))
        if content is None:
            return CommentedMap(), about
        if not isinstance(content, CommentedMap):
            raise _Wrong(Sentence("must hold, for each language, lines of the form main.wav: words"))
        return content, about
    except MarkedYAMLError as problem:
        if problem.problem_mark:
            line, column = problem.problem_mark.line + 1, problem.problem_mark.column + 1
        message = Sentence("is not YAML: {why}", why=recognised(_cut(problem.problem or problem.context)))
    except OSError as problem:
        message = Sentence("cannot be read: {why}", why=recognised(problem.strerror))
    except _Wrong as wrong:
        message = Sentence("cannot be read: {why}", why=wrong.said)
    except (UnicodeDecodeError, YAMLError, RecursionError) as problem:
        message = Sentence("cannot be read: {why}", why=_cut(problem))
    except Exception as problem:  # what ruamel raises for a date 2025-99-99, an alias inside itself and the like
        message = Sentence("has a value that cannot be read ({why}): put names and words in quotes", why=_cut(problem))
    raise BadRecordings([Problem(named, line, column, message)])


class _Wrong(Exception):
    """What is wrong with an entry, for the code that knows its line."""

    def __init__(self, said: Sentence) -> None:
        super().__init__(said)
        self.said = said


def _cut(wrong: object) -> str:
    """A library's words in one line, not too long."""
    return shortened(" ".join(str(wrong).split()), _LONGEST)


def _audio(shelf: Shelf, language: str, name: object, words: object) -> tuple[str, str, Path, int, str]:
    """The words, the name, the file, its size and digest. Raises `_Wrong`."""
    prompts = shelf.folder
    if not isinstance(name, str) or not name.isprintable() or "/" in name or "\\" in name or name.startswith("."):
        raise _Wrong(
            Sentence(
                "{file} must be the name of a file in {folder}", file=shortened(repr(name)), folder=prompts / language
            )
        )
    if not isinstance(words, str):
        raise _Wrong(
            Sentence(
                "{file} must have the words that it holds; put them in quotes if they look like a number", file=name
            )
        )
    file = shelf.at(f"{language}/{name}")
    if file.suffix.lower() not in ENDINGS:
        raise _Wrong(
            Sentence("{file} has a format that is not read: use one of {names}", file=name, names=joined(ENDINGS))
        )
    try:
        data = read_inside(file, shelf.inside, _RECORDING_BYTES)
        if not 0 < len(data) <= _RECORDING_BYTES:
            raise _Wrong(
                Sentence(
                    "{file} is empty or larger than {count} MB: record it again",
                    file=file,
                    count=_RECORDING_BYTES // 1000000,
                )
            )
        return sayable(words), name, file, len(data), hashlib.sha256(data).hexdigest()
    except Unsayable as problem:
        raise _Wrong(Sentence("{file}: {why}", file=name, why=str(problem))) from problem
    except FileNotFoundError as problem:
        raise _Wrong(
            Sentence("{file} does not exist: put the recording there, or take the line out", file=file)
        ) from problem
    except OSError as problem:
        if problem.errno == errno.EXDEV:  # it would let an editor of prompts play any file of this machine
            raise _Wrong(
                Sentence("{file} leads out of {folder}: copy the recording there", file=file, folder=prompts)
            ) from problem
        raise _Wrong(Sentence("{file} cannot be read: {why}", file=file, why=recognised(problem.strerror))) from problem


def _spot(holder: CommentedMap, key: object) -> tuple[int, int]:
    line, column = holder.lc.key(key)
    return line + 1, column + 1


def read_inside(path: Path, folder: Path | None, most: int) -> bytes:
    """The first `most` + 1 bytes of the file. Raises OSError.

    folder  the file has to be in it: a link out of it would show an editor of the folder what is elsewhere. None: it
            may be anywhere

    A pipe is refused, and is not waited for.
    """
    with open(path, "rb", opener=_at_once) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "it is not a file")
        if folder is not None:
            opened = Path(os.readlink(f"/proc/self/fd/{file.fileno()}"))  # not the name: a link may change meanwhile
            if not opened.is_relative_to(folder.resolve()):
                raise OSError(errno.EXDEV, "it is a link out of the folder")
        return file.read(most + 1)


def _at_once(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)
