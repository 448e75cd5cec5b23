"""An agent's day from Records: its spans, shifts and sums; random days, as a slow and obvious computation has them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acd.events import Company, OfferFailure
from agents.states import AgentState
from base.folders import CHECKOUT
from journal.records import AGENT_DAY, Kind, Record
from journal.store import BEFORE, LASTING
from reports.day import LOOKS, Activity, Doing, Shift, Span, milliseconds, shifts, spans, sums
from reports.facts.fold import after
from reports.facts.model import Open
from reports.sums import Dimension, Pending
from tests.unit.reports.stories import MONDAY, state

A, S = Activity, AgentState
ME = "1001"
BEGIN = milliseconds(MONDAY)


def told(kind: Kind, at: float, call: str | None = None, queue: str | None = None, **data: Any) -> Record:
    return Record(MONDAY + at, kind, call, queue, ME, data=data)


def company(at: float, company: Company | None = None, call: str = "") -> Record:
    data = {"company": company} if company is None else {"company": company, "call": call, "queue": "gas"}
    return Record(MONDAY + at, Kind.AGENT_CALL, agent=ME, data=data)


def be(at: float, now: str, before: str, reason: str = "", **data: Any) -> Record:
    record = state(ME, MONDAY + at, now, before, reason)
    return record._replace(data={**record.data, **data})


def seconds(*records: Record, until: float = 1_000.0) -> list[tuple[float, str, str]]:
    """Each span's length, activity, and reason, call or miss."""
    found = spans(records, BEGIN, BEGIN + milliseconds(until))
    return [
        ((span.end - span.begin) / 1_000, span.doing.activity, span.missed or span.doing.call or span.doing.reason)
        for span in found
    ]


def test_every_activity_of_a_call_from_a_queue() -> None:
    found = seconds(
        be(0, "not-ready", "logged-out", "用餐"),
        be(100, "ready", "not-ready"),
        told(Kind.OFFERED, 200, "c1", "gas"),
        be(200, "ringing", "ready"),
        told(Kind.CONNECTED, 203, "c1", "gas"),
        be(203, "on-call", "ringing"),
        told(Kind.HELD, 250, "c1", "gas"),
        told(Kind.UNHELD, 260, "c1", "gas"),
        be(300, "wrap-up", "on-call", until=330),
        be(320, "wrap-up", "wrap-up", until=400),
        be(350.25, "logged-out", "wrap-up"),
    )
    assert found == [
        *((100, A.NOT_READY, "用餐"), (100, A.READY, ""), (3, A.RINGING, "c1"), (47, A.TALK, "c1")),
        *((10, A.HOLD, "c1"), (40, A.TALK, "c1"), (50.25, A.WRAP_UP, "c1")),
    ]


def test_a_ring_that_nobody_answers_is_marked_also_if_it_ends_at_once() -> None:
    found = seconds(
        be(0, "ready", "logged-out"),
        told(Kind.OFFERED, 10, "c1", "gas"),
        be(10, "ringing", "ready"),
        told(Kind.OFFER_FAILED, 30, "c1", "gas", reason="no-answer"),
        be(30, "ready", "ringing"),
        told(Kind.OFFERED, 40, "c2", "gas"),
        be(40, "ringing", "ready"),
        told(Kind.OFFER_FAILED, 40, "c2", "gas", reason="busy"),
        be(40, "not-ready", "ringing", "rona"),
        until=100,
    )
    assert found == [
        *((10, A.READY, ""), (20, A.RINGING, "no-answer"), (10, A.READY, ""), (0, A.RINGING, "busy")),
        (60, A.NOT_READY, "rona"),
    ]


def test_a_hold_ends_with_the_talk_also_if_another_call_or_the_same_one_follows() -> None:
    found = seconds(
        be(0, "ready", "logged-out"),
        told(Kind.OFFERED, 10, "c1", "gas"),
        be(10, "ringing", "ready"),
        told(Kind.CONNECTED, 20, "c1", "gas"),
        be(20, "on-call", "ringing"),
        told(Kind.HELD, 30, "c1", "gas"),
        company(35, Company.TALKS, "c2"),
        be(40, "on-call", "on-call", sent=True),
        company(50),
        be(50, "ready", "on-call"),
        company(60, Company.TALKS, "c1"),
        be(60, "on-call", "ready", sent=True),
        until=70,
    )
    assert found == [
        *((10, A.READY, ""), (10, A.RINGING, "c1"), (10, A.TALK, "c1"), (10, A.HOLD, "c1"), (10, A.TALK, "c2")),
        *((10, A.READY, ""), (10, A.TALK, "c1")),
    ]


def test_a_colleague_asks_then_sends_the_caller_and_the_agent_calls_a_citizen() -> None:
    found = seconds(
        be(0, "ready", "logged-out"),
        company(10, Company.RINGS, "c1"),
        be(10, "ringing", "ready", sent=True),
        company(15, Company.ASKED, "c1"),
        be(15, "on-call", "ringing", sent=True),
        company(40, Company.TALKS, "c1"),
        company(90),
        be(90, "wrap-up", "on-call", until=100),
        be(100, "ready", "wrap-up"),
        told(Kind.CALL_OUT_DIALLED, 110, "o1", "gas", number="13800000000"),
        company(110, Company.RINGS, "o1"),
        be(110, "ringing", "ready", sent=True),
        company(112, Company.ASKED, "o1"),
        be(112, "on-call", "ringing", sent=True),
        company(130, Company.TALKS, "o1"),
        company(150),
        be(150, "logged-out", "on-call"),
    )
    assert found == [
        *((10, A.READY, ""), (5, A.RINGING, "c1"), (25, A.CONSULT, "c1"), (50, A.TALK, "c1"), (10, A.WRAP_UP, "c1")),
        *((10, A.READY, ""), (2, A.RINGING, "o1"), (18, A.DIALLING, "o1"), (20, A.TALK, "o1")),
    ]


def test_a_phone_that_dies_counts_while_calls_are_waited_for() -> None:
    found = seconds(
        be(0, "ready", "logged-out"),
        told(Kind.AGENT_PHONE, 10, phone="unreachable"),
        told(Kind.AGENT_PHONE, 70, phone="unreachable", away=True),
        be(80, "not-ready", "ready", "lunch"),
        be(90, "ready", "not-ready"),
        told(Kind.AGENT_PHONE, 95, phone="free"),
        until=100,
    )
    assert found == [
        *((10, A.READY, ""), (70, A.UNREACHABLE, ""), (10, A.NOT_READY, "lunch"), (5, A.UNREACHABLE, "")),
        (5, A.READY, ""),
    ]


def test_the_clock_goes_back_and_no_span_does() -> None:
    found = list(spans([be(10, "ready", "logged-out"), be(5, "not-ready", "ready")], BEGIN, BEGIN + 20_000))
    assert found == [Span(BEGIN + 10_000, BEGIN + 20_000, Doing(A.NOT_READY))]


def test_shifts_are_what_is_without_a_gap() -> None:
    here = Doing(A.READY)
    found = [Span(0, 5, here), Span(5, 9, Doing(A.NOT_READY)), Span(12, 20, here)]
    assert shifts(found) == [Shift(0, 9), Shift(12, 20)]
    assert sums(found) == {(A.READY, ""): 13, (A.NOT_READY, ""): 4}


def test_each_activity_has_a_word_a_mark_and_a_colour_of_its_own() -> None:
    assert set(LOOKS) == set(Activity)
    for name in ("zh", "en", "mark", "path", "light"):
        assert len({getattr(look, name) for look in LOOKS.values()}) == len(LOOKS), name


@pytest.mark.parametrize("page", ["reports.md", "reports.zh.md"])
def test_the_documentation_explains_each_activity(page: str) -> None:
    text = (CHECKOUT / "docs" / page).read_text(encoding="utf-8")
    for activity in Activity:
        assert f"\n| `{activity}` | " in text


# -- random days ------------------------------------------------------------------------------------------------------


@dataclass
class Life:
    """Writes an agent's Records as the service does, and beside them what the agent does: the truth. Milliseconds."""

    at: int
    state: str = S.LOGGED_OUT
    calls: int = 0
    gone: bool = False
    records: list[Record] = field(default_factory=list)
    truth: list[Span] = field(default_factory=list)

    def write(self, kind: Kind, call: str | None = None, queue: str | None = None, **data: Any) -> None:
        self.records.append(Record(self.at / 1_000, kind, call, queue, ME, data=data))

    def be(self, now: str, reason: str = "", **data: Any) -> None:
        self.write(Kind.AGENT_STATE, state=now, previous=self.state, reason=reason, **data)
        self.state = now

    def company(self, now: Company | None = None, call: str = "") -> None:
        self.records.append(company(self.at / 1_000 - MONDAY, now, call))

    def go_on(self, lasts: int, doing: Doing, missed: str | None = None) -> None:
        self.truth.append(Span(self.at, self.at + lasts, doing, missed))
        self.at += lasts

    def wait(self, lasts: int) -> None:
        self.go_on(lasts, Doing(A.UNREACHABLE if self.gone else A.READY))


@dataclass(frozen=True)
class Step:
    """What happens next, and how long each part of it lasts (milliseconds)."""

    what: str
    lasts: tuple[int, int, int, int]
    detail: int

    def happen(self, life: Life) -> None:
        if self.what != "away" and life.state == S.LOGGED_OUT:
            life.be(S.READY)
        if self.what in ("call", "missed", "sent", "out") and life.state != S.READY:
            life.be(S.READY)
        getattr(self, f"_{self.what}")(life)

    def _ready(self, life: Life) -> None:
        if life.state != S.READY:
            life.be(S.READY)
        life.wait(self.lasts[0])

    def _break(self, life: Life) -> None:
        reason = ("用餐", "lunch", "", "no-code")[self.detail]
        life.be(S.NOT_READY, reason)
        life.go_on(self.lasts[0], Doing(A.NOT_READY, reason))

    def _phone(self, life: Life) -> None:
        life.gone = not life.gone
        life.write(Kind.AGENT_PHONE, phone="unreachable" if life.gone else "free")
        self._ready(life)

    def _away(self, life: Life) -> None:
        if life.state != S.LOGGED_OUT:
            life.be(S.LOGGED_OUT)
        life.at += self.lasts[0]

    def _restart(self, life: Life) -> None:
        """The service was away: nothing is written, and the agent does what the agent did."""
        self._ready(life)

    def _missed(self, life: Life) -> None:
        call, queue = self._rings(life)
        why = list(OfferFailure)[self.detail]
        life.go_on(self.lasts[0], Doing(A.RINGING, "", queue, call), why)
        life.write(Kind.OFFER_FAILED, call, queue, reason=why)
        life.be(S.NOT_READY, "rona") if self.detail else life.be(S.READY)
        if self.detail:
            life.go_on(self.lasts[1], Doing(A.NOT_READY, "rona"))

    def _rings(self, life: Life) -> tuple[str, str]:
        life.calls += 1
        call, queue = f"c{life.calls}", ("gas", "water")[self.detail % 2]
        life.write(Kind.OFFERED, call, queue)
        life.be(S.RINGING)
        return call, queue

    def _call(self, life: Life) -> None:
        call, queue = self._rings(life)
        life.go_on(self.lasts[0], Doing(A.RINGING, "", queue, call))
        life.write(Kind.CONNECTED, call, queue)
        life.be(S.ON_CALL)
        life.go_on(self.lasts[1], Doing(A.TALK, "", queue, call))
        if self.detail > 1:
            life.write(Kind.HELD, call, queue)
            life.go_on(self.lasts[2], Doing(A.HOLD, "", queue, call))
        if self.detail == 2:
            life.write(Kind.UNHELD, call, queue)
            life.go_on(self.lasts[0], Doing(A.TALK, "", queue, call))
        self._talked(life, call, queue)

    def _talked(self, life: Life, call: str, queue: str) -> None:
        """Wrapped up, or signed out in the talk."""
        if self.detail == 1:
            life.be(S.LOGGED_OUT)
            return
        life.be(S.WRAP_UP, until=life.at / 1_000 + 10)
        life.go_on(self.lasts[3], Doing(A.WRAP_UP, "", queue, call))
        life.be(S.WRAP_UP, until=life.at / 1_000 + 20)
        life.go_on(self.lasts[2], Doing(A.WRAP_UP, "", queue, call))
        life.be(S.READY)

    def _sent(self, life: Life) -> None:
        life.calls += 1
        self._in_company(life, f"s{life.calls}", A.CONSULT)

    def _out(self, life: Life) -> None:
        life.calls += 1
        life.write(Kind.CALL_OUT_DIALLED, f"o{life.calls}", "gas", number="13800000000")
        self._in_company(life, f"o{life.calls}", A.DIALLING)

    def _in_company(self, life: Life, call: str, first: Activity) -> None:
        queue = "gas"
        life.company(Company.RINGS, call)
        life.be(S.RINGING, sent=True)
        life.go_on(self.lasts[0], Doing(A.RINGING, "", queue, call))
        life.company(Company.ASKED, call)
        life.be(S.ON_CALL, sent=True)
        life.go_on(self.lasts[1], Doing(first, "", queue, call))
        if self.detail == 3:
            life.company()
            life.be(S.READY)
            return
        life.company(Company.TALKS, call)
        life.go_on(self.lasts[2], Doing(A.TALK, "", queue, call))
        life.company()
        self._talked(life, call, queue)


LASTS = st.one_of(st.integers(1, 90_000), st.integers(1, 9 * 3_600_000))
STEP = st.builds(
    Step,
    st.sampled_from(["ready", "break", "phone", "away", "restart", "missed", "call", "call", "sent", "out"]),
    st.tuples(LASTS, LASTS, LASTS, LASTS),
    st.integers(0, 3),
)
PLACES = st.sampled_from(
    [
        (ZoneInfo("Asia/Shanghai"), date(2026, 3, 2)),
        (ZoneInfo("Europe/Berlin"), date(2026, 3, 29)),
        (ZoneInfo("Europe/Berlin"), date(2026, 10, 25)),
        (ZoneInfo("Australia/Lord_Howe"), date(2026, 4, 5)),
    ]
)
"""The last three are days on which the clock changes."""


def as_read(records: Iterable[Record], begin: float, end: float) -> list[Record]:
    """As `journal.store.of_agent` reads them: see its own test."""
    ours = [record for record in records if record.at < end]
    before = [record for record in ours if record.at < begin]
    last = [next((each for each in reversed(before) if each.kind is kind), None) for kind in LASTING]
    return [each for each in ours if each.at >= begin or each in before[-BEFORE:] or each in last]


def midnight(zone: ZoneInfo, day: date) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()


def cut(truth: Sequence[Span], begin: int, end: int) -> list[Span]:
    """What of it is in this time."""
    parts = [span._replace(begin=max(span.begin, begin), end=min(span.end, end)) for span in truth]
    return [part for part in parts if part.begin < part.end]


def by_second(truth: Sequence[Span], begin: int, end: int) -> dict[tuple[Activity, str], int]:
    """One millisecond after the other would take too long: one boundary after the other."""
    marks = sorted({begin, end, *(mark for span in truth for mark in span[:2] if begin < mark < end)})
    found: dict[tuple[Activity, str], int] = {}
    for here, there in pairwise(marks):
        for span in truth:
            if span.begin <= here < span.end:
                key = span.doing.activity, span.doing.reason
                found[key] = found.get(key, 0) + there - here
    return found


def joined(found: Iterable[Span]) -> list[Span]:
    """Spans of the same, one after the other, are one; a miss is told by the Record with which the ring ended."""
    made: list[Span] = []
    for span in found:
        if made and made[-1].end == span.begin and made[-1].doing == span.doing and not made[-1].missed:
            made[-1] = made[-1]._replace(end=span.end, missed=span.missed)
        else:
            made.append(span)
    return made


@settings(max_examples=150)
@given(steps=st.lists(STEP, min_size=1, max_size=25), where=PLACES, before=st.integers(0, 30 * 3_600_000))
def test_random_days_add_up(steps: list[Step], where: tuple[ZoneInfo, date], before: int) -> None:
    zone, first = where
    life = Life(milliseconds(midnight(zone, first)) - before)
    for step in steps:
        step.happen(life)
    assert {record.kind for record in life.records} <= set(AGENT_DAY)
    for number in range(4):
        today = first + timedelta(days=number)
        from_, to = midnight(zone, today), min(midnight(zone, today + timedelta(days=1)), life.at / 1_000)
        if from_ >= to:
            break
        begin, end = milliseconds(from_), milliseconds(to)
        found = list(spans(as_read(life.records, from_, to), begin, end))
        # disjoint, in order, within the day
        assert all(one.end <= other.begin for one, other in pairwise(found))
        assert all(begin <= span.begin <= span.end <= end for span in found)
        late = [span for span in found if span.begin == span.end]  # a ring that ended at midnight
        assert all(any(begin == ring.end and ring.missed == span.missed for ring in life.truth) for span in late)
        found = [span for span in found if span not in late]
        expected = joined(cut(life.truth, begin, end))
        ended = [span._replace(missed=None) if span.end == end else span for span in expected]
        assert [span if span.end < end else span._replace(missed=None) for span in joined(found)] == ended
        assert sums(found) == by_second(life.truth, begin, end)
        assert sum(sums(found).values()) == sum(shift.end - shift.begin for shift in shifts(found))
        assert sum(sums(found).values()) == sum(span.end - span.begin for span in cut(life.truth, begin, end))


FIGURES = {
    "ready_ms": {A.READY, A.UNREACHABLE},
    "ringing_ms": {A.RINGING},
    "on_call_ms": {A.DIALLING, A.TALK, A.HOLD, A.CONSULT},
    "state_wrap_up_ms": {A.WRAP_UP},
    "not_ready_ms": {A.NOT_READY},
}


@settings(max_examples=50)
@given(steps=st.lists(STEP, min_size=1, max_size=15))
def test_the_days_of_an_agent_are_what_reports_count(steps: list[Step]) -> None:
    life = Life(BEGIN)
    for step in steps:
        step.happen(life)
    life.be(S.LOGGED_OUT)
    pending, open_ = Pending(), Open()
    for record in life.records:
        pending.add(after(open_, record))
    counted = dict.fromkeys(FIGURES, 0)
    for row, amounts in pending.rows.items():
        if (row.dimension, row.name) == (Dimension.AGENT, ME):
            for name in FIGURES:
                counted[name] += amounts.get(name, 0)
    added = sums(spans(life.records, BEGIN, life.at + 1))
    for name, kinds in FIGURES.items():
        assert counted[name] == sum(ms for (kind, _), ms in added.items() if kind in kinds), name
