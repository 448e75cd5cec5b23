"""Recordings of talks, as Records tell of them, and the names of their files. Pure.

A talk has one recording. Its id is `CALL.OFFER`. Asterisk records it in pieces: a hold ends one, and after it another
begins. Times are seconds since the epoch.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from calls.model import CALL_OUT
from journal.records import Kind, Record

RATE = 8_000
"""Samples a second, of each side."""

FRAME = 2
"""Bytes of a sample."""

PIECE = re.compile(
    r"talk-(?P<call>[0-9a-z-]{1,60})\.(?P<offer>[0-9A-Za-z_-]{1,80}(?:\.[0-9]{1,10})?)(?P<third>\.third)?"
    r"\.(?P<began>[0-9]{13})\.(?P<side>in|out)\.raw"
)
"""A file of a piece. `side`: what the phone sends, or what it hears. `offer`: of a talk after a transfer, the unique id
of the phone's channel. `third`: of the third one in a talk of three. `began`: milliseconds since the epoch."""

ID = re.compile(r"[0-9a-z-]{1,60}\.[0-9A-Za-z_-]{1,80}(?:\.[0-9]{1,10})?")

SUFFIX = ".flac"

FILE = re.compile(rf"(?P<id>{ID.pattern})\.flac(?:\.age)?")
"""A kept file. `.age`: it is encrypted."""

EXAMINED = 30
"""Days after which a file is read again."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What Asterisk has recorded without a break. `files`: their sizes. `third`: beside the talk, what the third one
    says.
    """

    files: Mapping[str, int]
    began: float
    third: bool = False

    @property
    def seconds(self) -> float:
        return max(self.files.values()) // FRAME / RATE


@dataclass(frozen=True, slots=True)
class Recording:
    """One recording that is kept. `marks`: as in the Record. `sha256`: of the file. `recipients`: the public keys for
    which it is encrypted; none: it is not.
    """

    id: str
    call: str
    queue: str
    agent: str
    began: float
    length_s: float
    sha256: str
    day: str
    marks: Sequence[Mapping[str, Any]]
    recipients: Sequence[str]


class Kept(NamedTuple):
    """What the journal says of a recording that is kept."""

    queue: str
    sha256: str


def id_of(call: str, offer: str) -> str:
    return f"{call}.{offer}"


def call_of(recording_id: str) -> str:
    return recording_id.partition(".")[0]


def begun(call: str, offer: str) -> str:
    """The name of a talk's pieces, to which Asterisk adds when each begins."""
    return f"talk-{id_of(call, offer)}"


def day_of(at: float, zone: ZoneInfo) -> str:
    """The folder of the recordings of that day."""
    return datetime.fromtimestamp(at, zone).strftime("%Y/%m/%d")


def is_examined(day: str, today: str) -> bool:
    """Whether the files of a day are read today: on the next day, and every 30 days from then on."""
    first, last = (datetime.strptime(each, "%Y/%m/%d") for each in (day, today))  # noqa: DTZ007 - only their days
    return (last - first).days % EXAMINED == 1


def talks(files: Mapping[str, int]) -> Mapping[tuple[str, str], list[Piece]]:
    """The pieces of each talk in order, by call and offer. `files`: their sizes by their names; others are left out."""
    found: dict[tuple[str, str], list[Piece]] = {}
    for name in sorted(files):  # of a piece `in` comes before `out`
        if (piece := PIECE.fullmatch(name)) is not None:
            pieces = found.setdefault((piece["call"], piece["offer"]), [])
            began, third, file = int(piece["began"]) / 1_000, bool(piece["third"]), {name: files[name]}
            if pieces and (pieces[-1].began, pieces[-1].third) == (began, third):
                file |= pieces.pop().files
            pieces.append(Piece(file, began, third))
    return {talk: sorted(pieces, key=lambda piece: piece.began) for talk, pieces in found.items()}


def from_answer(pieces: Sequence[Piece], story: Iterable[Record]) -> list[Piece]:
    """The pieces of a call out begin before the citizen is dialled, and have nothing in them before the answer."""
    answered = next((record.at for record in story if record.kind is Kind.CALL_OUT_ANSWERED), 0.0)
    return [replace(piece, began=max(piece.began, answered)) for piece in pieces]


def is_own(file: str) -> bool:
    """Whether this file of a piece has what the phone sends, not what it hears."""
    return file.endswith(".in.raw")


def marks(pieces: Sequence[Piece], story: Sequence[Record], offer: str) -> list[dict[str, Any]]:
    """The beginning of a talk that was recorded on demand, the holds and the pauses, in order. A pause has no sound."""
    return sorted(
        [*_begun(pieces, story, offer), *holds(pieces), *_pauses(pieces, story)], key=lambda mark: mark["at_s"]
    )


def _begun(pieces: Sequence[Piece], story: Iterable[Record], offer: str) -> Iterator[dict[str, Any]]:
    """How long the two had talked before the recording began, if an agent has asked for it."""
    told = {record.kind: record for record in story if record.offer == offer or record.kind in CALL_OUT}
    connected = told.get(Kind.CONNECTED) or told.get(Kind.CALL_OUT_ANSWERED)
    begun_so = told.get(Kind.RECORDING_BEGUN)
    if connected is not None and begun_so is not None and begun_so.data.get("on_demand"):
        yield {"at_s": 0.0, "what": "begun", "held_s": round(pieces[0].began - connected.at, 1)}


def _pauses(pieces: Sequence[Piece], story: Iterable[Record]) -> list[dict[str, Any]]:
    """A pause that nobody has ended lasts until the end of the talk."""
    first, last = pieces[0].began, pieces[-1].began + pieces[-1].seconds
    found: list[tuple[float, float]] = []
    since: float | None = None
    for record in story:
        if record.kind is Kind.RECORDING_PAUSED and first <= record.at <= last:
            since = record.at
        elif record.kind is Kind.RECORDING_RESUMED and since is not None:
            found.append((since, record.at))
            since = None
    if since is not None:
        found.append((since, last))
    return [
        {"at_s": round(place(pieces, since), 1), "what": "pause", "held_s": round(until - since, 1)}
        for since, until in found
    ]


def place(pieces: Sequence[Piece], at: float) -> float:
    """Where in the recording this moment is."""
    return sum(min(max(0.0, at - piece.began), piece.seconds) for piece in pieces)


def holds(pieces: Sequence[Piece]) -> list[dict[str, Any]]:
    """The marks of the holds between the pieces: `at_s` in the recording, and for how long."""
    marks, at = [], 0.0
    for piece, following in pairwise(pieces):
        at += piece.seconds
        held = max(0.0, following.began - piece.began - piece.seconds)
        marks.append({"at_s": round(at, 1), "what": "hold", "held_s": round(held, 1)})
    return marks


def talk_of(story: Iterable[Record], offer: str) -> Record | None:
    """The Record that says in which queue, and with which agent, this offer was."""
    told = [record for record in story if record.offer == offer and record.agent and record.queue]
    return told[-1] if told else None


def recordings_of(story: Iterable[Record]) -> list[Recording]:
    """Those of a call that are kept, the first talk first."""
    kept: dict[str, Recording] = {}
    for record in story:
        name = str(record.data.get("recording"))
        if record.kind is Kind.RECORDED:
            kept[name] = _kept(name, record)
        elif record.kind is Kind.RECORDING_REMOVED:
            kept.pop(name, None)
    return sorted(kept.values(), key=lambda one: one.began)


def _kept(name: str, record: Record) -> Recording:
    data = record.data
    return Recording(
        id=name,
        call=record.call or "",
        queue=record.queue or "",
        agent=record.agent or "",
        began=float(data["began"]),
        length_s=float(data["length_s"]),
        sha256=str(data["sha256"]),
        day=str(data["day"]),
        marks=list(data.get("marks") or ()),
        recipients=list(data.get("recipients") or ()),
    )
