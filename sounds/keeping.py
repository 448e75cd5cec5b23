"""Keeping recordings in the hotline's `prompts/` and taking them out again, as `sounds.recordings` reads them.

The index is replaced in one step: before it the old recording counts, after it the new one, whatever ends meanwhile.
What people wrote there stays, but for a comment on the line that goes. A file that was made here is removed once it
no longer counts; a file that people put there stays.
"""

import hashlib
import os
import re
from collections.abc import Iterable
from io import StringIO
from pathlib import Path
from typing import overload

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import CommentMark, YAMLError
from ruamel.yaml.tokens import CommentToken

from sentences.sentence import Sentence
from sounds.model import NoSound, Unsayable, sayable
from sounds.recordings import INDEX, Recording, read

_OURS = re.compile(r"[0-9a-f]{16}-[0-9a-f]{8}\.wav")
"""Names of files that are made here."""


class Changed(NoSound):
    """Somebody else has kept or removed a recording of this text meanwhile. `now`: the tag of the one that counts."""

    def __init__(self, now: str | None) -> None:
        self.now = now
        super().__init__(Sentence("the recording of this text is not the one that it was"))


class Uneditable(NoSound):
    """One recording of this folder cannot be changed alone. The message says why, and what to do."""


def key(language: str, words: str) -> str:
    """The key of a text, the same for every voice: 16 hexadecimal digits. `words` are `sayable`."""
    return hashlib.sha256(f"{language}\0{words}".encode()).hexdigest()[:16]


@overload
def tag(recording: Recording) -> str: ...
@overload
def tag(recording: Recording | None) -> str | None: ...
def tag(recording: Recording | None) -> str | None:
    """The tag of a recording: a digest of its audio. None: there is no recording."""
    return None if recording is None else recording.digest[:32]


def keep(
    prompts: Path, languages: Iterable[str], language: str, words: str, sound: bytes, known: str | None
) -> Recording:
    """Make `sound`, a .wav, the recording of these `sayable` words. `known`: the `tag` of the one that it replaces.

    Raises `Changed` if that is not the one that counts, `BadRecordings` if the folder has mistakes, `Uneditable`, and
    OSError if it cannot be written.
    """
    languages = tuple(languages)
    before = _known(prompts, languages, language, words, known)
    name = f"{key(language, words)}-{hashlib.sha256(sound).hexdigest()[:8]}.wav"
    folder = prompts / language
    folder.mkdir(parents=True, exist_ok=True)
    if not folder.resolve().is_relative_to(prompts.resolve()):  # `read` would refuse what is written there
        raise Uneditable(
            Sentence("{folder} leads out of {prompts}: make it a folder there", folder=folder, prompts=prompts)
        )
    _write(folder / name, sound)
    _edit(prompts / INDEX, language, words, name)
    recording = read(prompts, languages).find(language, words)
    assert recording is not None, "it was just written"
    if before is not None and before.file != recording.file:
        _remove(before)
    return recording


def remove(prompts: Path, languages: Iterable[str], language: str, words: str, known: str | None) -> None:
    """From now on no recording counts for these words. Arguments and errors as in `keep`."""
    before = _known(prompts, tuple(languages), language, words, known)
    if before is not None:
        _edit(prompts / INDEX, language, words, None)
        _remove(before)


def _known(prompts: Path, languages: tuple[str, ...], language: str, words: str, known: str | None) -> Recording | None:
    before = read(prompts, languages).find(language, words)
    if tag(before) != known:
        raise Changed(tag(before))
    return before


def _remove(recording: Recording) -> None:
    """Its file, if it was made here. One that people put there is theirs; `check` says that it is not played."""
    if _OURS.fullmatch(recording.file.name):
        recording.file.unlink(missing_ok=True)


def _edit(index: Path, language: str, words: str, name: str | None) -> None:
    """Let `name` hold the words; None: no file. Raises `Uneditable`."""
    written = index.read_text(encoding="utf-8") if index.exists() else ""
    round_trip = YAML()
    round_trip.preserve_quotes = True
    round_trip.width = 100_000  # no line is folded anew
    content = round_trip.load(written)
    if content is None:
        content = CommentedMap()
        content.yaml_set_start_comment(written.replace("#", "", 1).strip("\n") or " Which words each file holds")
    expected = _entries(content)
    files = content.get(language)
    if not isinstance(files, CommentedMap):
        files = content[language] = CommentedMap()
    old = next((each for each, held in files.items() if _same(held, words)), None)
    if old is not None:
        del expected[language, old]
    if name is not None:
        expected[language, name] = words
    _replace(files, old, name, words)
    if not files:
        del content[language]
    made = StringIO()
    round_trip.dump(content, made)
    try:
        again = _entries(YAML().load(made.getvalue()))
    except YAMLError:
        raise _entwined(index) from None
    if again != expected:  # as where one language is an alias of another
        raise _entwined(index)
    _write(index, made.getvalue().encode())


def _entwined(index: Path) -> Uneditable:
    return Uneditable(
        Sentence(
            "{file} cannot be edited here: write each recording on a line of its own, or edit it yourself", file=index
        )
    )


def _replace(files: CommentedMap, old: str | None, new: str | None, words: str) -> None:
    """The new entry stands where the old one stood."""
    if old is None:
        if new is not None:
            files[new] = words
        return
    names = list(files)
    index, below = names.index(old), _below(files.ca.items.pop(old, None))
    del files[old]
    if new is not None:
        files.insert(index, new, words)
        names[index] = new
    else:
        del names[index]
    if not below or not names:
        return
    if new is None and index == 0:
        files.yaml_set_comment_before_after_key(names[0], "\n".join(line.strip("# ") for line in below), indent=2)
        return
    heir = new or names[index - 1]
    held = files.ca.items.get(heir)
    before = held[2].value if held else "\n"
    files.ca.items[heir] = [
        None,
        None,
        CommentToken(before + "".join(f"  {line}\n" for line in below), CommentMark(0)),
        None,
    ]


def _below(comment: list[CommentToken | None] | None) -> list[str]:
    """The lines of comment below an entry, which ruamel keeps with it, without the comment beside it."""
    token = comment[2] if comment else None
    return [] if token is None else [line.strip() for line in token.value.split("\n")[1:] if line.strip()]


def _entries(content: CommentedMap | None) -> dict[tuple[str, str], object]:
    """Language and file → words. What is not a mapping stands for itself."""
    return {
        (language, name): words
        for language, files in (content or {}).items()
        for name, words in (files.items() if isinstance(files, CommentedMap) else [("", files)])
        if words is not None
    }


def _same(held: object, words: str) -> bool:
    try:
        return isinstance(held, str) and sayable(held) == words
    except Unsayable:
        return False


def _write(file: Path, content: bytes) -> None:
    """Whole or not at all, also if the power fails. Who may write into the folder may also write the file."""
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with unfinished.open("wb") as made:
            made.write(content)
            made.flush()
            os.fsync(made.fileno())
            os.fchmod(made.fileno(), file.parent.stat().st_mode & 0o666)
        os.replace(unfinished, file)
        folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
