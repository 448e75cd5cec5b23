"""What the self-test calls, what differs from the menu tree, and what came of the last one. Pure.

Times are seconds since the epoch.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from acd.recovery.state import UnreadableSnapshot
from base.hints import shortened
from calls.paths import CallPath
from calls.quality import FEW
from hotline.inwords import language_in_words, node_in_words, quoted, told, walked
from hotline.model import Hotline
from ivr.collecting import END, RIGHT
from ivr.model import PASSED, Input, NodeId
from ivr.walk import KEYS, MESSAGES, SILENCE, Facts, Walk
from journal.records import Kind, Record
from sentences.languages import worded
from sentences.sentence import template

MOST_WAYS = 500
"""Calls of one self-test."""

MOST_DIFFERENCES = 100
"""Differences that are kept of one self-test; the others are counted."""

MOST_KEYS = 50
"""A path with so many does not go on."""

DIGITS = "12345678901234567890"
"""What is entered where digits are asked for: so many of them as are needed."""

LOST = 50.0
"""Percent of what is sent to a department's phone: if so much is lost, nobody understands the rest."""

SLOW = 5.0
"""Seconds in which the robot agent must talk with the caller: it is rung at once."""

MISHEARD = 0.2
"""Of what is said, the share that a recogniser may misunderstand: over a telephone it makes mistakes of its own. One
character or word always may be."""

LOUD = 200
"""The least peak of a tenth of a second that has sound, of 32,767."""

_TENTH = 800  # samples

_DID = frozenset((Kind.KEY_PRESSED, Kind.INVALID_KEY, Kind.NO_INPUT))


class Way(NamedTuple):
    """One call: the number that is dialled, what its caller does, and what the tree says of it."""

    number: str
    keys: tuple[str, ...]
    walk: Walk


def ways(hotline: Hotline, moment: datetime) -> list[Way]:
    """Every path through the menus at this moment, from each number: to each key of each menu, to silence and a wrong
    key until the menu gives up, and through each input, in each language that keys lead to. A menu is gone through
    once, and a path that is the beginning of another is no call of its own. Queues' keys are in none: the robot agent
    answers at once. One more than MOST_WAYS are found at most.
    """
    found: list[Way] = []
    seen: set[tuple[NodeId, str]] = set()
    for number in hotline.numbers:
        facts = Facts(moment, "", number, hotline.known(""))
        coming: list[tuple[str, ...]] = [()]
        while coming and len(found) <= MOST_WAYS:
            keys = coming.pop()
            walk = walked(hotline, facts, keys)
            here = (walk.end, walk.language)
            onward = [] if here in seen or len(keys) >= MOST_KEYS else list(_onward(hotline, keys, walk.end))
            seen.add(here)
            if not onward:
                found.append(Way(number, keys, walk))
            coming.extend(reversed(onward))
    return found


def _onward(hotline: Hotline, keys: tuple[str, ...], node: NodeId) -> Iterator[tuple[str, ...]]:
    section, name = node
    if section == "scopes":
        if hotline.scopes[name].transfer is not None:
            yield *keys, hotline.scopes[name].key
    elif section == "inputs":
        yield from ((*keys, *entered) for entered in _entered(hotline.inputs[name]))
    elif section == "menus":
        menu = hotline.menus[name]
        yield from ((*keys, key) for key in menu.keys)
        yield *keys, *[SILENCE] * (menu.no_input.repeat + 1)
        wrong = next((key for key in KEYS if key not in menu.keys), None)
        if wrong is not None:
            yield *keys, *wrong * (menu.invalid.repeat + 1)


def _entered(wanted: Input) -> Iterator[str]:
    """The keys of a caller who enters a number of the fewest digits and confirms it; and of one whose number is too
    short, each time.
    """
    yield DIGITS[: wanted.least] + (END if wanted.least < wanted.most else "") + RIGHT
    yield (DIGITS[: min(wanted.least - 1, 1)] + END) * wanted.attempts


def pressed(walk: Walk) -> list[str]:
    """What the caller does, one after another: a key, digits between which nothing is said, or SILENCE."""
    done: list[str] = []
    for turn in walk.turns:
        if turn.did is not None and turn.speech:
            done.append(turn.did)
        elif turn.did is not None:
            done[-1] += turn.did
    return done


class What(StrEnum):
    """What differs from the tree."""

    NOT_PLACED = "not-placed"  # came: why
    NO_END = "no-end"
    NOT_RECORDED = "not-recorded"
    ELSEWHERE = "elsewhere"  # wanted, came: nodes, as `queue:ID` is written
    LANGUAGE = "language"  # wanted, came: languages
    NOT_SAID = "not-said"  # wanted: words
    NOTHING_HEARD = "nothing-heard"  # wanted: words
    MISHEARD = "misheard"  # wanted, came: words
    NOT_ANSWERED = "not-answered"  # wanted: the node
    SLOW = "slow"  # wanted: the node; came: seconds
    AGENT_HEARS_NOTHING = "agent-hears-nothing"  # wanted: the node
    AGENT_MISHEARS = "agent-mishears"  # wanted, came: words
    PHONE_MUTE = "phone-mute"  # wanted: the node
    PHONE_DEAF = "phone-deaf"  # wanted: the node; came: percent that is lost


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that a call met otherwise than the tree says. `wanted`, `came`: see What."""

    number: str
    keys: tuple[str, ...]
    what: What
    wanted: str = ""
    came: str = ""

    def sentence(self, language: str) -> str:
        """What differs, in `zh` or `en`."""
        wanted, came = self.wanted, self.came
        match self.what:
            case _ if self.what in _AT_NODE:
                wanted = node_in_words(_node(wanted), language)
                came = node_in_words(_node(came), language) if self.what is What.ELSEWHERE else came
            case What.LANGUAGE:
                wanted, came = language_in_words(wanted, language), language_in_words(came, language)
            case What.NOT_PLACED:
                pass
            case _:
                wanted, came = quoted(shortened(wanted, 100)), quoted(shortened(came, 100))
        return worded(_SENTENCES[self.what], language, wanted=wanted, came=came)


_SENTENCES: Mapping[What, str] = {
    What.NOT_PLACED: template("the call does not come in"),
    What.NO_END: template("the call did not end by itself"),
    What.NOT_RECORDED: template("the call was not recorded to its end, so nobody listened to it"),
    What.ELSEWHERE: template("the call ends at {came}, not at {wanted}"),
    What.LANGUAGE: template("the call ends in {came}, not in {wanted}"),
    What.NOT_SAID: template("{wanted} is not said"),
    What.NOTHING_HEARD: template("{wanted} is said, but nothing is heard"),
    What.MISHEARD: template("{wanted} is said, but {came} is heard"),
    What.NOT_ANSWERED: template("nobody answers at {wanted}"),
    What.SLOW: template("{wanted} takes {came} s to answer"),
    What.AGENT_HEARS_NOTHING: template("at {wanted} the agent does not hear the caller"),
    What.AGENT_MISHEARS: template("the caller says {wanted}, but the agent hears {came}"),
    What.PHONE_MUTE: template("at {wanted} no sound comes from the phone"),
    What.PHONE_DEAF: template("at {wanted} {came}% of the sound that is sent to the phone does not arrive"),
}

_AT_NODE = (
    *(What.ELSEWHERE, What.NOT_ANSWERED, What.SLOW, What.AGENT_HEARS_NOTHING),
    *(What.PHONE_MUTE, What.PHONE_DEAF),
)


def written(node: NodeId) -> str:
    """A node as a Difference has it."""
    return ":".join(node)


def _node(text: str) -> NodeId:
    section, _, name = text.partition(":")
    return section, name


def where(way: Way) -> str:
    """The call in short, as people dial it: `12319 2,1`."""
    return f"{way.number} {','.join(way.keys)}".rstrip()


# What a call came to, from its Records.


def heard_out(way: Way, hotline: Hotline, story: Sequence[Record]) -> bool:
    """Whether the caller has heard all that the way has, and would only wait from now on: it is time to hang up."""
    last, end = story[-1], way.walk.end
    if end[0] == MESSAGES:
        return last.kind is Kind.MESSAGE_BEGUN
    if end[0] != "menus" and end[0] not in PASSED:
        return False
    done = sum(record.kind in _DID for record in story) >= len(way.keys)
    return done and last.kind is Kind.SAID and last.data["text"] == told(hotline, way.walk.turns[-1])


def differences(way: Way, hotline: Hotline, story: Sequence[Record]) -> Iterator[Difference]:
    """What the Records of a call say otherwise than the tree."""

    def found(what: What, wanted: str = "", came: str = "") -> Difference:
        return Difference(way.number, way.keys, what, wanted, came)

    path, kinds = CallPath(), {record.kind for record in story}
    for record in story:
        path.feed(record.kind, record.queue, record.data)
    if Kind.CALL_FINISHED not in kinds:
        yield found(What.NO_END)
    end, met = way.walk.end, path.path
    if end[0] not in PASSED:
        came = ("goodbye", "") if met is None else met.end.node
        if came != end:
            yield found(What.ELSEWHERE, written(end), written(came))
        elif met is not None and met.end.language != way.walk.language:
            yield found(What.LANGUAGE, way.walk.language, met.end.language)
    yield from (found(What.NOT_SAID, text) for text in _unsaid(way, hotline, story))
    if end[0] == "queues" and Kind.QUEUED in kinds:
        waited = seconds_to_person(story)
        if waited is None:
            yield found(What.NOT_ANSWERED, written(end))
        elif waited > SLOW:
            yield found(What.SLOW, written(end), f"{waited:.1f}")
    if Kind.SUB_HOTLINE_DIALLED in kinds and Kind.SUB_HOTLINE_ANSWERED not in kinds:
        yield found(What.NOT_ANSWERED, written(end))
    line = written(end)
    for record in story:
        if record.kind is Kind.SUB_HOTLINE_ANSWERED:
            line = written(("sub_hotlines", record.data["sub_hotline"]))
        elif record.kind is Kind.LEG_MEASURED:
            if record.data["packets_from"] < FEW:
                yield found(What.PHONE_MUTE, line)
            lost = 100.0 if record.data["packets_to"] < FEW else record.data["lost_to"] or 0.0
            if lost >= LOST:
                yield found(What.PHONE_DEAF, line, f"{lost:.0f}")


def _unsaid(way: Way, hotline: Hotline, story: Iterable[Record]) -> Iterator[str]:
    """What the tree says and the call did not, in the tree's order."""
    said = iter([record.data["text"] for record in story if record.kind is Kind.SAID])
    for turn in way.walk.turns:
        if (text := told(hotline, turn)) and not any(each == text for each in said):
            yield text
            return  # what follows it is not found either


def seconds_to_person(story: Iterable[Record]) -> float | None:
    """From the queue to the talk; None: there was none."""
    moments = {record.kind: record.at for record in story if record.kind in (Kind.QUEUED, Kind.CONNECTED)}
    if Kind.QUEUED not in moments or Kind.CONNECTED not in moments:
        return None
    return max(0.0, moments[Kind.CONNECTED] - moments[Kind.QUEUED])


def has_sound(samples: Sequence[int]) -> bool:
    """Whether anything is heard in these samples, 8,000 a second."""
    return any(max(map(abs, samples[at : at + _TENTH])) > LOUD for at in range(0, len(samples), _TENTH))


def is_misheard(errors: int, length: int) -> bool:
    """Whether so many characters or words of so many are too many to be the recogniser's own mistakes."""
    return errors > max(1.0, MISHEARD * length)


def next_run(now: float, at: str, zone: ZoneInfo) -> float:
    """When the nightly self-test is due next. `at`: such as `03:30`, in the hotline's time zone."""
    hour, minute = map(int, at.split(":"))
    today = datetime.fromtimestamp(now, zone).replace(hour=hour, minute=minute, second=0, microsecond=0)
    due = today.timestamp()
    return due if due > now else (today + timedelta(days=1)).timestamp()


# The last self-test.


class Stopped(StrEnum):
    """Why a self-test ended before its last call."""

    ASKED = "asked"
    BUSY = "busy"  # callers waited, or there were many calls, for too long
    CLOSED = "closed"  # drained, or an emergency message is on: callers do not hear the menus
    AWAY = "away"  # Asterisk is
    LATE = "late"
    MANY = "many"  # there are more than MOST_WAYS
    CHANGED = "changed"  # the hotline: what is called is not what was planned
    RESTARTED = "restarted"  # the service
    BROKE = "broke"  # a mistake of ours, or the disk


@dataclass(frozen=True, slots=True)
class Outcome:
    """A self-test. `ended` None: it runs.

    ways       how many calls it has; `called`: how many of them were made
    spared     sub-hotlines that were not rung
    recogniser whether it listened; without it only sound and silence are told apart
    slowest    seconds to a person, at most; None: no queue was called
    more       differences that are not kept
    """

    begun: float
    by: str
    ways: int
    ended: float | None = None
    called: int = 0
    differences: tuple[Difference, ...] = ()
    more: int = 0
    spared: tuple[str, ...] = ()
    recogniser: bool = False
    slowest: float | None = None
    stopped: Stopped | None = None

    def with_call(
        self, found: Sequence[Difference], spared: str | None = None, waited: float | None = None
    ) -> "Outcome":
        """After one more call."""
        known = set(self.differences)
        kept = (*self.differences, *(each for each in found if each not in known))
        both = [each for each in (self.slowest, waited) if each is not None]
        return replace(
            self,
            called=self.called + 1,
            differences=kept[:MOST_DIFFERENCES],
            more=self.more + len(kept[MOST_DIFFERENCES:]),
            spared=self.spared if spared in (None, *self.spared) else (*self.spared, str(spared)),
            slowest=max(both, default=None),
        )


STOPPED: Mapping[Stopped, str] = {
    Stopped.ASKED: template("it was stopped"),
    Stopped.BUSY: template("callers waited, or there were many calls"),
    Stopped.CLOSED: template("the hotline is drained, or an emergency message is on"),
    Stopped.AWAY: template("Asterisk is not there"),
    Stopped.LATE: template("it took too long"),
    Stopped.MANY: template("the menus have more paths than a self-test has calls"),
    Stopped.CHANGED: template("the hotline was changed meanwhile"),
    Stopped.RESTARTED: template("the service was restarted"),
    Stopped.BROKE: template("a mistake of ours; the log says which"),
}

OF_SELFTESTS = frozenset((Kind.SELFTEST_STARTED, Kind.SELFTEST_ENDED))
"""The kinds of Records that `LastSelftest.note` has to see."""

_OUTCOME = TypeAdapter(Outcome)
_KEPT = TypeAdapter(Outcome | None)


def as_data(outcome: Outcome) -> dict[str, Any]:
    """An outcome as its Record has it."""
    data: dict[str, Any] = _OUTCOME.dump_python(outcome, mode="json")
    return data


@dataclass(slots=True)
class LastSelftest:
    """The last self-test, kept from Records. `note` takes every Record, or all OF_SELFTESTS."""

    outcome: Outcome | None = field(default=None)

    def note(self, record: Record) -> None:
        if record.kind is Kind.SELFTEST_STARTED:
            self.outcome = Outcome(record.at, str(record.actor), record.data["ways"])
        elif record.kind is Kind.SELFTEST_ENDED:
            self.outcome = _OUTCOME.validate_python(record.data)

    def kept(self) -> dict[str, Any]:
        """What a snapshot holds, as JSON values."""
        return {"outcome": _KEPT.dump_python(self.outcome, mode="json")}

    def restore(self, kept: Mapping[str, Any] | None, records: Iterable[Record]) -> None:
        """As it was at the end of `records`, which came after `kept`. One that ran then has ended with the service.
        Raises UnreadableSnapshot.
        """
        if kept is not None:
            try:
                self.outcome = _KEPT.validate_python(kept["outcome"])
            except (KeyError, ValidationError) as error:
                raise UnreadableSnapshot(f"the last self-test cannot be read: {error}") from error
        for record in records:
            self.note(record)
        if self.outcome is not None and self.outcome.ended is None:
            self.outcome = replace(self.outcome, ended=self.outcome.begun, stopped=Stopped.RESTARTED)
