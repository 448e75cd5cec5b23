"""What the phones of one call saw themselves, and where `GET calls/{id}` tells something else.

All times are seconds since the epoch.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

BOUND = 0.5
"""Seconds by which the story may miss what the phones saw."""


@dataclass(frozen=True, slots=True)
class When:
    """The phones saw it happen between `first` and `last`: between a BYE and its answer, between the first packet that
    one of two heard and the first that the other heard.
    """

    first: float
    last: float

    def off(self, at: float) -> float:
        """By how many seconds this moment misses it."""
        return max(self.first - at, at - self.last, 0.0)


@dataclass(slots=True)
class SeenTalk:
    """With whom the caller talked; the names are those of `talks` in the story. `ended`: set when it is over."""

    other: Mapping[str, str]
    queue: str | None
    began: When
    ended: When | None = None
    ended_by: str = ""


@dataclass(slots=True)
class SeenTransfer:
    """The names are those of `transfers` in the story. `settled`: None until then."""

    at: When
    agent: str
    how: str
    to: Mapping[str, Any]
    became: str = ""
    settled: When | None = None


@dataclass(slots=True)
class Seen:
    """One call. `number`: the dialled one."""

    number: str
    outcome: str = ""
    talks: list[SeenTalk] = field(default_factory=list)
    transfers: list[SeenTransfer] = field(default_factory=list)
    ended: When | None = None


def differences(told: Any, seen: Seen, away: Sequence[When] = ()) -> list[str]:
    """Where the story (as HTTP gives it, of a call that has ended) is not what the phones saw; one sentence each.

    `away`: when the service was not there, or it and the phones stood still, in order. The story may tell events of
    that time as late as the service was back, and events that the phones noted then as early as that time began.
    """
    return list(_differences(told, seen, away))


def _differences(told: Any, seen: Seen, away: Sequence[When]) -> Iterator[str]:
    kinds = [step["kind"] for step in told["story"]]
    for kind in ("call-started", "call-finished"):
        if kinds.count(kind) != 1:
            yield f"{kinds.count(kind)} Records {kind} in one call"
    yield from _fields("the call", told, {"state": "ended", "outcome": seen.outcome, "number": seen.number})
    yield from _moment("the call's end", told["ended"], seen.ended, away)
    yield from _each("talk", told["talks"], seen.talks, _talk, away)
    yield from _each("transfer", told["transfers"], seen.transfers, _transfer, away)


def _each(
    what: str,
    told: list[Any],
    seen: list[Any],
    compare: Callable[[str, Any, Any, Sequence[When]], Iterator[str]],
    away: Any,
) -> Iterator[str]:
    if len(told) != len(seen):
        yield f"{len(told)} {what}s are told, the phones saw {len(seen)}"
    for index, (one, other) in enumerate(zip(told, seen, strict=False)):
        yield from compare(f"{what} {index + 1}", one, other, away)


def _talk(name: str, told: Any, seen: SeenTalk, away: Sequence[When]) -> Iterator[str]:
    yield from _fields(name, told, {"with": seen.other, "queue": seen.queue, "ended_by": seen.ended_by})
    yield from _moment(f"the beginning of {name}", told["began"], seen.began, away)
    yield from _moment(f"the end of {name}", told["ended"], seen.ended, away)


def _transfer(name: str, told: Any, seen: SeenTransfer, away: Sequence[When]) -> Iterator[str]:
    yield from _fields(name, told, {"agent": seen.agent, "how": seen.how, "to": seen.to, "became": seen.became})
    yield from _moment(name, told["at"], seen.at, away)
    yield from _moment(f"the outcome of {name}", told["settled"], seen.settled, away)


def _fields(name: str, told: Any, seen: Mapping[str, Any]) -> Iterator[str]:
    for key, value in seen.items():
        if told[key] != value:
            yield f"{name}: {key} is told as {told[key]!r}, the phones saw {value!r}"


def _moment(name: str, told: str | None, seen: When | None, away: Sequence[When]) -> Iterator[str]:
    if told is None or seen is None:
        if (told is None) != (seen is None):
            yield f"{name}: told as {told}, the phones saw {seen}"
        return
    at = datetime.fromisoformat(told).timestamp()
    for gap in away:
        if seen.last > gap.first - BOUND and seen.first < gap.last:
            # A loop that stood still noted late what the phones saw, too.
            first = gap.first if gap.first < seen.first < gap.last + BOUND else seen.first
            seen = When(first, max(seen.last, gap.last))
    if seen.off(at) > BOUND:
        yield f"{name}: told {seen.off(at):.2f} s {'early' if at < seen.first else 'late'}"
