"""Versions: what was published, by whom, when and why; how one is written and read, and which ones are kept. Pure.

A version has the texts of `FILES`, without passwords; and it names its `hotline.extras`, recordings and lists of
callers, by their content.
"""

import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum, auto
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field

from base.failure import NotDone
from base.files import replace, sync
from hotline import extras as extras_
from hotline.extras import Extra, Extras, Paths, contents
from hotline.files import FILES
from sentences.languages import worded
from sentences.sentence import Sentence
from sounds.recordings import ENDINGS, read_inside

FORMAT = 1

KEPT = 100
"""Versions that are kept. Older ones are removed."""

MOST_BYTES = 2 * 1024**3
"""Bytes that the recordings and lists of all kept versions may have; each content counts once."""

LONGEST_NOTE = 500
"""Characters of a note."""

Texts = Mapping[str, str]
"""Name of one of `FILES` → its text."""


class Damaged(ValueError):
    """It is not a version, or not as it was written."""


class Origin(StrEnum):
    """Where the files of a version came from, where that is not an earlier version."""

    FOLDER = auto()  # the hotline's folder
    DRAFT = auto()  # whoever published it sent them: the console, `publish` of another folder


class Standing(StrEnum):
    """How a hotline's folder stands to the last version."""

    PUBLISHED = auto()  # it has the same files
    BEHIND = auto()  # nobody has edited it since: the last version was published elsewhere
    TRIED = auto()  # it has the files of a version that some callers get on trial, or got: others do not have it
    EDITED = auto()  # it has files of its own


@dataclass(frozen=True)
class Version:
    """`at`: seconds since the epoch. `author`: an actor, as the journal has it.

    digest  of the hotline that was made of the files (`hotline.loader.version`)
    origin  an `Origin`, or the number of the earlier version that this one brought back
    folder  of the hotline, absolute
    content of the files
    extras  the recordings and lists of callers; None: an earlier Wutong kept none, and those of the folder are used
    trial   who is to get it at first, as the trial writes that; None: every new call
    """

    number: int
    at: float
    author: str
    note: str
    digest: str
    origin: Origin | int
    folder: str
    content: str
    trial: Mapping[str, Any] | None = None
    extras: Extras | None = None

    @property
    def tag(self) -> str:
        """Distinguishes this version from every other one, also after another backup was restored."""
        return f"{self.number}-{self.sha256[:12]}"

    @property
    def sha256(self) -> str:
        """Of the files, and of the recordings and lists."""
        if not self.extras:
            return self.content
        lines = (f"{name} {extra.sha256}\n" for name, extra in sorted(self.extras.items()))
        return sha256(f"{self.content}\n{''.join(lines)}".encode()).hexdigest()

    def has(self, extras: Extras) -> bool:
        """Whether these are its recordings and lists."""
        return (self.extras or {}) == extras


def content(files: Texts) -> str:
    """SHA-256 of these files, in hexadecimal digits."""
    digest = sha256()
    for name in sorted(files):
        data = files[name].encode()
        digest.update(f"{name} {len(data)}\n".encode() + data)
    return digest.hexdigest()


def kept(history: Sequence[Version], most: int = KEPT, most_bytes: int = MOST_BYTES) -> tuple[Version, ...]:
    """Those of a history, oldest first, that are kept: the last one, the one in use, and what the folder is compared
    with; and of the others the newest, until they are `most` or their recordings and lists have `most_bytes`.
    """
    published = for_all(history)
    base = _base(published, history[-1].folder) if history else None
    chosen = [each for each in history if each in (base, *published[-1:], history[-1])]
    room = contents(each.extras or {} for each in chosen)
    for version in reversed(history):
        if version in chosen:
            continue
        room |= contents([version.extras or {}])
        if len(chosen) >= most or sum(room.values()) > most_bytes:
            break
        chosen.append(version)
    return tuple(each for each in history if each in chosen)


def for_all(history: Sequence[Version]) -> tuple[Version, ...]:
    """Those that were published for all callers, none on trial."""
    return tuple(version for version in history if version.trial is None)


def on_trial(files: Texts, extras: Extras, history: Sequence[Version]) -> Version | None:
    """The version with these files that was put on trial since a version was last published for all. If
    that one has the same files, the trial's recordings and lists count too.
    """
    here, published = content(files), for_all(history)
    last = published[-1] if published else None
    since = history if last is None else history[history.index(last) :]
    tried = [each for each in reversed(since) if each.trial is not None and each.content == here]
    if last is not None and last.content == here:
        tried = [] if last.has(extras) else [each for each in tried if each.has(extras)]
    return next(iter(tried), None)


def standing(files: Texts, extras: Extras, folder: str, history: Sequence[Version]) -> Standing:
    """How these files, recordings and lists of the folder stand to the last version for all of the history, which is
    oldest first.

    The files of any version since the last one from this folder are not edited ones: somebody published that elsewhere,
    and perhaps had it written into the folder. It is the same with the recordings and lists, if the files are those of
    the last version; otherwise these do not count.
    """
    tried, anew = on_trial(files, extras, history), recorded_anew(extras, folder, history)
    history = for_all(history)
    if not history or history[-1].folder != folder:
        return Standing.EDITED
    here = content(files)
    if tried is not None:
        return Standing.TRIED
    if history[-1].content == here:
        return Standing.PUBLISHED if anew or history[-1].has(extras) else Standing.BEHIND
    base = _base(history, folder)
    if base is history[-1]:
        return Standing.EDITED
    since = history if base is None else history[history.index(base) :]
    return Standing.BEHIND if any(version.content == here for version in since) else Standing.EDITED


def recorded_anew(extras: Extras, folder: str, history: Sequence[Version]) -> bool:
    """Whether the recordings and lists of this folder, now these, were edited since a version last took them."""
    took = (each for each in reversed(history) if each.folder == folder and _took_extras(each, history))
    last = next(took, None)
    return last is None or last.extras is None or not last.has(extras)


def _took_extras(version: Version, history: Sequence[Version]) -> bool:
    """Whether the version took those of the folder. One that was brought back has its own."""
    if not isinstance(version.origin, int):
        return True
    earlier = next((each for each in history if each.number == version.origin), None)
    return earlier is not None and not version.has(earlier.extras or {})


def taken_back(files: Texts, folder: str, history: Sequence[Version]) -> Version | None:
    """The last version for all, if it was published elsewhere and these files of the folder are to replace it: what
    they do not have of it is undone. None: nothing is.
    """
    published = for_all(history)
    if not published or published[-1].folder != folder:
        return None
    last, base = published[-1], _base(published, folder)
    same = content(files) if base is None else base.content
    return None if base is last or last.content in (same, content(files)) else last


def taken_back_in_words(version: Version, language: str) -> str:
    """What is shown to whoever takes that version back. `language`: `zh` or `en`."""
    return worded(
        "This takes back version {number} of {author}, which was published elsewhere: callers keep only what the "
        "folder "
        "has too. To have it again: ./wutong rollback {number}",
        language,
        number=version.number,
        author=version.author,
    )


def _base(history: Sequence[Version], folder: str) -> Version | None:
    """The last version that was made of the folder."""
    return next((each for each in reversed(history) if each.origin is Origin.FOLDER and each.folder == folder), None)


# -- written and read --------------------------------------------------------------------------------------------------


def encode(version: Version, files: Texts) -> bytes:
    """What is written for a version: JSON, with a digest of all the rest at its end."""
    fields: dict[str, Any] = {
        "format": FORMAT,
        **asdict(version),
        "extras": None if version.extras is None else extras_.written(version.extras),
        "files": dict(files),
    }
    return (_json({**fields, "sha256": _sealed(fields)}) + "\n").encode()


def decode(data: bytes) -> tuple[Version, Texts]:
    """The version that was written so, and its files. Raises Damaged."""
    try:
        fields = json.loads(data)
        seal = fields.pop("sha256")
        if fields["format"] != FORMAT:
            raise Damaged(
                Sentence("its format is {given}, and this Wutong reads {known}", given=fields["format"], known=FORMAT)
            )
        if seal != _sealed(fields):
            raise Damaged(Sentence("it is not as it was written"))
        origin, files = fields["origin"], {str(name): str(text) for name, text in fields["files"].items()}
        if not files.keys() <= set(FILES) or content(files) != fields["content"]:
            raise Damaged(Sentence("its files are not those that were published"))
        extras = fields.get("extras")
        version = Version(
            number=int(fields["number"]),
            at=float(fields["at"]),
            author=str(fields["author"]),
            note=str(fields["note"]),
            digest=str(fields["digest"]),
            origin=origin if isinstance(origin, int) else Origin(origin),
            folder=str(fields["folder"]),
            content=str(fields["content"]),
            trial=fields["trial"],
            extras=None if extras is None else extras_.read(extras),
        )
        return version, files
    except Damaged:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as wrong:
        raise Damaged(Sentence("it is not a version")) from wrong


def _json(fields: Mapping[str, Any]) -> str:
    return json.dumps(fields, ensure_ascii=False, indent=1)


def _sealed(fields: Mapping[str, Any]) -> str:
    return sha256(json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


# What `GET /versions/{number}` shows of a version's recordings and lists of callers.


class ListOut(BaseModel):
    """A list of callers that a version keeps."""

    file: str = Field(description="In the hotline's folder.", examples=["seniors.txt"])
    sha256: str
    size: int = Field(description="Bytes.", examples=[48_044])
    lost: bool = Field(description="It is not there any more: the version cannot come back without a backup.")


class RecordingOut(ListOut):
    """A recording that a version keeps."""

    file: str = Field(description="In the hotline's folder.", examples=["prompts/zh/main.wav"])
    language: str = Field(examples=["zh"])
    words: str = Field(description="What it says.", examples=["绿化请按1"])


def extras_out(version: Version, lost: Collection[str]) -> Mapping[str, Any]:
    """Its recordings and lists. `lost`: names of those that are not there."""
    if version.extras is None:
        return {"recordings": None, "lists": None}
    extras = {
        name: {"file": name, "sha256": extra.sha256, "size": extra.size, "words": extra.words, "lost": name in lost}
        for name, extra in sorted(version.extras.items())
    }
    recordings = [
        {**each, "language": name.split("/")[1]} for name, each in extras.items() if each["words"] is not None
    ]
    return {"recordings": recordings, "lists": [each for name, each in extras.items() if "/" not in name]}


# What versions keep beside their files: recordings and lists of callers, each content once, named by its SHA-256.
#
# They are in `contents/` of the folder of the versions. A file appears there whole or not at all.


CONTENTS = "contents"

NAME = re.compile(r"([0-9a-f]{64})(\.[a-z0-9]{1,5})?")
"""Of a file: the SHA-256, and for a recording its ending, by which sox knows the format."""


class Contents:
    """`folder`: made when there is something to keep."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def paths(self, extras: Extras) -> Paths:
        """Where each is; it need not be there."""
        return {name: self._folder / _name(name, extra) for name, extra in extras.items()}

    def lost(self, extras: Extras, *, thorough: bool = False) -> list[str]:
        """The names of those that are not there as they were kept. `thorough`: reads them, which finds damaged ones."""
        return [name for name, extra in extras.items() if not self._is_whole(name, extra, thorough=thorough)]

    def put(self, extras: Extras, sources: Paths) -> None:
        """Keep those that are not kept yet, and those that were damaged since; `sources`: where they are now. Raises
        OSError, and NotDone where a file is not what was read.
        """
        missing = self.lost(extras, thorough=True)
        if not missing:
            return
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in missing:
            self._put(name, extras[name], sources[name])
        sync(self._folder)

    def keep_only(self, needed: Collection[Extras]) -> None:
        """Remove what none of these has, and what a crash left. Raises nothing of its own: it only costs room."""
        names = {_name(name, extra) for extras in needed for name, extra in extras.items()}
        try:
            for file in self._folder.iterdir():
                if file.name not in names:
                    file.unlink(missing_ok=True)
        except OSError:  # there is no such folder
            return

    def _is_whole(self, name: str, extra: Extra, *, thorough: bool) -> bool:
        file = self._folder / _name(name, extra)
        try:
            if file.stat().st_size != extra.size:
                return False
            return not thorough or digest_of(file) == extra.sha256
        except OSError:
            return False

    def _put(self, name: str, extra: Extra, source: Path) -> None:
        target = self._folder / _name(name, extra)
        data = read_inside(source, None, extra.size)
        if hashlib.sha256(data).hexdigest() != extra.sha256:
            raise NotDone("{name} was changed while it was read: publish again", name=name)
        replace(target, data)


def digest_of(file: Path) -> str:
    """SHA-256. Raises OSError."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _name(name: str, extra: Extra) -> str:
    ending = Path(name).suffix.lower()
    return f"{extra.sha256}{ending if ending in ENDINGS else ''}"
