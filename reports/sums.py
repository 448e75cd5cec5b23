"""The sums that figures are made of, and how facts add up to them. Pure.

All sums are whole numbers, times in milliseconds: in whichever order they are added, they come to the same. So what is
counted again from the Records is equal to what was counted as they were written.

A fact counts in the quarter hour in which what it tells of began. It adds to one row for each of its places. Rows of
different dimensions are not crossed: a year of each queue has 35,040 rows at most.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import NamedTuple

QUARTER, HOUR = 900, 3_600
"""Seconds of the rows that are kept: of quarter hours and of whole hours since the epoch, which a year needs."""


class Dimension(StrEnum):
    """What a row is about; its name is beside it."""

    HOTLINE = "hotline"  # all of it; the name is ""
    QUEUE = "queue"
    AGENT = "agent"
    SUB_HOTLINE = "sub-hotline"
    NUMBER = "number"  # that callers dialled
    LANGUAGE = "language"
    DISTRICT = "district"  # of callers whose district is known
    VERSION = "version"  # of the hotline
    MENU = "menu"
    KEY = "key"  # of a menu, as `main/1`
    BREAK = "break"  # why an agent is not ready; "": no reason was given
    DESTINATION = "destination"  # of transfers, as `queue:greening`; of a phone its kind only
    SCOPE = "scope"  # whose business it is
    PHONE = "phone"  # an agent's, as `1001` or `1001_browser`; `trunk`: citizens and departments behind it
    NETWORK = "network"  # of a phone, /24 or /48


@dataclass(slots=True)
class Sums:
    """Each field is a column of the table, but `waits`. Fields that end in `_ms` are milliseconds.

    entries              stays of citizens' calls in a queue, once they are over
    answered             of these: an agent was connected
    answered_in_time     … within the queue's `service_level`
    abandoned            the caller hung up, or the phone was gone
    abandoned_in_time    … within the queue's `service_level`
    abandoned_short      … within SHORT_ABANDON
    overflowed           an overflow rule sent the call on
    promised             the caller chose to be called back
    left_otherwise       moved by a supervisor, gone elsewhere by a key, or lost by a fault
    wait_ms              of the answered
    abandoned_wait_ms    of the abandoned
    longest_wait_ms      the longest of all entries: the greatest, not the sum
    estimates            answered entries whose caller had heard an estimate
    estimate_error_ms    by how much the first one was off, summed
    estimate_bias_ms     the same with its sign: more than 0, the caller waited less than was said
    interactions         talks of agents with callers, transferred ones included
    ring_ms, talk_ms, hold_ms, wrap_up_ms  of these
    offers               rings of agents, once they are over
    missed_*             rings that failed, by why
    offers_cancelled     rings that ended otherwise, such as by the caller's hang-up
    calls_out            calls of agents to citizens; calls_out_answered, talk_out_ms: of these
    transfers_blind, transfers_consult  calls that an agent sent on
    transfers_answered, transfers_failed, transfers_left  what became of them
    ready_ms … not_ready_ms  time of agents in each state
    limited_breaks, breaks_in_time  breaks of agents that have a limit, once they are over; of these: they kept to it
    calls                citizens' calls, once they are over; of a menu those whose caller hung up there without a key
    calls_reached        somebody talked with the caller
    calls_answered       an agent did
    calls_direct         … the first one alone, without a transfer or a consultation
    calls_queued         came to a queue
    calls_elsewhere      heard whose business it is
    contacts, repeats    calls with a talk in this queue of callers who show a number; of these: such a caller had
                         talked in it within seven days before
    lines, lines_answered, lines_failed, line_talk_ms  calls put through to sub-hotlines
    menu_entries, keys, no_input, invalid_keys  in menus
    callbacks            promises; callbacks_tried: whose citizen was dialled; callbacks_on_time: within the time said
    callbacks_reached, callbacks_connected  the citizen answered; talked with an agent
    callbacks_cancelled, callbacks_not_reached, callbacks_otherwise  how they ended else
    messages, messages_done, messages_removed  of callers
    surveys_offered, surveys_begun, surveys_complete, surveys_not_asked, score  of surveys; score: the keys of the first
                         question, summed
    legs, legs_poor, mos_hundredths, lost_hundredths, jitter_us  phones' legs with a MOS, once they have ended; of these
                         those below POOR, and their MOS, their loss in percent, their jitter, summed
    trips, trip_us       of these: the phone has told how long the trip there and back takes
    legs_silent          no audio came from the phone
    waits                how many answered waits each bucket has: see `bucket`
    """

    entries: int = 0
    answered: int = 0
    answered_in_time: int = 0
    abandoned: int = 0
    abandoned_in_time: int = 0
    abandoned_short: int = 0
    overflowed: int = 0
    promised: int = 0
    left_otherwise: int = 0
    wait_ms: int = 0
    abandoned_wait_ms: int = 0
    longest_wait_ms: int = 0
    estimates: int = 0
    estimate_error_ms: int = 0
    estimate_bias_ms: int = 0
    interactions: int = 0
    ring_ms: int = 0
    talk_ms: int = 0
    hold_ms: int = 0
    wrap_up_ms: int = 0
    offers: int = 0
    missed_no_answer: int = 0
    missed_declined: int = 0
    missed_busy: int = 0
    missed_unreachable: int = 0
    missed_abandoned: int = 0
    missed_failed: int = 0
    offers_cancelled: int = 0
    calls_out: int = 0
    calls_out_answered: int = 0
    talk_out_ms: int = 0
    transfers_blind: int = 0
    transfers_consult: int = 0
    transfers_answered: int = 0
    transfers_failed: int = 0
    transfers_left: int = 0
    ready_ms: int = 0
    ringing_ms: int = 0
    on_call_ms: int = 0
    state_wrap_up_ms: int = 0
    not_ready_ms: int = 0
    limited_breaks: int = 0
    breaks_in_time: int = 0
    calls: int = 0
    calls_reached: int = 0
    calls_answered: int = 0
    calls_direct: int = 0
    calls_queued: int = 0
    calls_elsewhere: int = 0
    contacts: int = 0
    repeats: int = 0
    lines: int = 0
    lines_answered: int = 0
    lines_failed: int = 0
    line_talk_ms: int = 0
    menu_entries: int = 0
    keys: int = 0
    no_input: int = 0
    invalid_keys: int = 0
    callbacks: int = 0
    callbacks_tried: int = 0
    callbacks_on_time: int = 0
    callbacks_reached: int = 0
    callbacks_connected: int = 0
    callbacks_cancelled: int = 0
    callbacks_not_reached: int = 0
    callbacks_otherwise: int = 0
    messages: int = 0
    messages_done: int = 0
    messages_removed: int = 0
    surveys_offered: int = 0
    surveys_begun: int = 0
    surveys_complete: int = 0
    surveys_not_asked: int = 0
    score: int = 0
    legs: int = 0
    legs_poor: int = 0
    mos_hundredths: int = 0
    lost_hundredths: int = 0
    jitter_us: int = 0
    trips: int = 0
    trip_us: int = 0
    legs_silent: int = 0
    waits: dict[int, int] = field(default_factory=dict)

    def add(self, other: "Sums") -> None:
        """Count the other one in."""
        for name in MEASURES:
            if theirs := getattr(other, name):
                ours = getattr(self, name)
                setattr(self, name, max(ours, theirs) if name in GREATEST else ours + theirs)
        for bucket_, count in other.waits.items():
            self.waits[bucket_] = self.waits.get(bucket_, 0) + count

    @property
    def offered(self) -> int:
        """Entries that an agent answered, or whose caller gave up."""
        return self.answered + self.abandoned


def made_of(amounts: Mapping[str, int]) -> Sums:
    """Sums with these; the others are 0."""
    made = Sums()
    for name, amount in amounts.items():
        setattr(made, name, amount)
    return made


MEASURES = tuple(each.name for each in fields(Sums) if each.name != "waits")
GREATEST = frozenset({"longest_wait_ms"})
"""Of these the greatest counts, and not the sum."""

_GROWTH = math.log(1.05)


def bucket(ms: int) -> int:
    """The bucket of a wait. Each is 5 % wider than the one before, so a percentile is off by 2.5 % at most. This is the
    mapping of DDSketch (Masson, Rim, Lee: PVLDB 12, 2019), whose sketches are sums, too: those of two hours add up.
    """
    return math.ceil(math.log(max(ms, 1)) / _GROWTH)


def percentile(waits: Mapping[int, int], share: float) -> float | None:
    """So many milliseconds at most did this share (0 to 1) of them wait; None: there are none."""
    rank = math.ceil(share * sum(waits.values()))
    for bucket_ in sorted(waits):
        rank -= waits[bucket_]
        if rank <= 0:
            return 2 * math.exp(bucket_ * _GROWTH) / (1 + math.exp(_GROWTH))
    return None


Place = tuple[Dimension, str]


class Fact(NamedTuple):
    """Something that happened, for figures.

    at       when it began, in epoch seconds
    places   the rows in whose quarter hour it counts
    amounts  what it adds there, by the names in MEASURES
    """

    at: float
    places: tuple[Place, ...]
    amounts: Mapping[str, int]


class Row(NamedTuple):
    """`start`: epoch seconds; `length`: QUARTER or HOUR."""

    length: int
    start: int
    dimension: Dimension
    name: str


_SKETCHED = frozenset({Dimension.HOTLINE, Dimension.QUEUE})


@dataclass(slots=True)
class Pending:
    """What is to be added to the tables. `waits`: how many, by the row of the hour and the bucket."""

    rows: dict[Row, dict[str, int]] = field(default_factory=dict)
    waits: dict[tuple[Row, int], int] = field(default_factory=dict)

    def add(self, facts: Iterable[Fact]) -> None:
        for at, places, amounts in facts:
            start = int(at // QUARTER) * QUARTER
            for dimension, name in places:
                _add(self.rows.setdefault(Row(QUARTER, start, dimension, name), {}), amounts)
            if amounts.get("answered"):
                hour, at_bucket = start // HOUR * HOUR, bucket(amounts["wait_ms"])
                for dimension, name in places:
                    if dimension in _SKETCHED:
                        key = Row(HOUR, hour, dimension, name), at_bucket
                        self.waits[key] = self.waits.get(key, 0) + 1

    def hours(self) -> Mapping[Row, Mapping[str, int]]:
        """The rows of hours."""
        found: dict[Row, dict[str, int]] = {}
        for row, amounts in self.rows.items():
            hour = row._replace(length=HOUR, start=row.start // HOUR * HOUR)
            _add(found.setdefault(hour, {}), amounts)
        return found


def _add(row: dict[str, int], amounts: Mapping[str, int]) -> None:
    for measure, amount in amounts.items():
        before = row.get(measure, 0)
        row[measure] = max(before, amount) if measure in GREATEST else before + amount
