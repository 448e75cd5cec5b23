"""Keeping recordings in the hotline's `prompts/` and taking them out again, as `sounds.recordings` reads them.

The index is replaced in one step: before it the old recording counts, after it the new one, whatever ends meanwhile.
What people wrote there stays, but for a comment on the line that goes. A file that was made here is removed once it
no longer counts; a file that people put there stays.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import overload

from base.files import replace
from hotline.edits import edit
from hotline.edits.edit import Edit, Remove, Set, applied
from sentences.sentence import Sentence
from sounds.model import NoSound
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
    _edit(prompts / INDEX, language, before, {name: words})
    recording = read(prompts, languages).find(language, words)
    assert recording is not None, "it was just written"
    if before is not None and before.file != recording.file:
        _remove(before)
    return recording


def remove(prompts: Path, languages: Iterable[str], language: str, words: str, known: str | None) -> None:
    """From now on no recording counts for these words. Arguments and errors as in `keep`."""
    before = _known(prompts, tuple(languages), language, words, known)
    if before is not None:
        _edit(prompts / INDEX, language, before, {})
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


def _edit(index: Path, language: str, old: Recording | None, new: Mapping[str, str]) -> None:
    """Take out the line of `old`, and add those of `new`: file → words. Raises `Uneditable`."""
    written = index.read_bytes().decode() if index.exists() else "# Which words each file holds\n"
    edits: list[Edit] = [] if old is None else [Remove((language, old.name))]
    edits += [Set((language, name), words) for name, words in new.items()]
    try:
        _write(index, applied(written, edits, index.name).encode())
    except edit.Uneditable as error:
        raise Uneditable(*error.args) from None


def _write(file: Path, content: bytes) -> None:
    """Whole. Who may write into the folder may also write the file."""
    replace(file, content, file.parent.stat().st_mode & 0o666)
