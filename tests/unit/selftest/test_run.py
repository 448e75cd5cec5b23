"""When a self-test begins and ends, without a call: calls are tried with a real Asterisk in `tests/integration`."""

import asyncio
from array import array
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from base.tasks import Failures, Tasks, Work
from calls.live.rehearsal import NotArrived, Rehearsals, Speech
from dialplan.ami_connection import LinkDown
from hotline.edition import Edition, Editions
from journal.actor import Actor
from journal.records import Kind, Record
from selftest import run
from selftest.model import LastSelftest, Outcome, Stopped, What, ways
from selftest.run import NotNow, Selftest
from settings import settings
from sounds import audio
from sounds.hearing import recogniser
from tests.unit.faketime import fake_time
from tests.unit.selftest.test_model import with_input
from tests.unit.service.calling import FakeCatalogue
from tests.unit.service.small import hotline

WANG = Actor.user("wang")


class Phones:
    """Nobody can place a call: it fails in this way."""

    def __init__(self, failure: Exception) -> None:
        self._failure = failure
        self.placed: list[str] = []
        self.connects = 1
        self.breaks = False

    async def place(self, token: str, number: str, *rest: Any, **more: Any) -> str:
        self.placed.append(number)
        if self.breaks:  # the link, which is back at once
            self.connects, self.breaks = self.connects + 1, False
        raise self._failure

    def hang_up(self, token: str) -> None:
        """It never came."""


class Here:
    """A self-test of the small hotline, and what it writes."""

    def __init__(self, tasks: Tasks, failure: Exception, kind: type[Selftest] = Selftest, **given: Any) -> None:
        self.records: list[Record] = []
        self.begun = asyncio.Event()
        self.last = LastSelftest()
        self.phones = Phones(failure)
        self.now: Callable[[], float] = lambda: 1_000.0
        self.not_now: Stopped | None = None
        self.busy = False
        self.selftest = kind(
            settings.load(**given),
            Editions(Edition(hotline(), FakeCatalogue())),
            cast(Rehearsals, self.phones),
            self.last,
            tasks,
            self.write,
            lambda: self.now(),
            lambda: self.not_now,
            lambda: self.busy,
            lambda: self.phones.connects,
        )

    def write(self, record: Record) -> None:
        self.records.append(record)
        self.begun.set()
        self.last.note(record)
        self.selftest.note(record)


@pytest.fixture(autouse=True)
def deaf(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without a recogniser, and without sounds."""
    monkeypatch.setattr(run, "recogniser", lambda: recogniser(tmp_path))
    monkeypatch.setattr(run, "_own_words", lambda edition, language: ([], 0.0))


def ended(here: Here) -> Outcome:
    """What came of it, by its Records alone."""
    assert [record.kind for record in here.records] == [Kind.SELFTEST_STARTED, Kind.SELFTEST_ENDED]
    assert {record.actor for record in here.records} == {WANG}
    assert here.selftest.progress is None
    assert here.last.outcome is not None
    return here.last.outcome


async def test_calls_that_do_not_come_in_differ_and_the_next_ones_are_made() -> None:
    async with Tasks(Failures()) as tasks:
        here = Here(tasks, NotArrived("no"))
        here.selftest.begin(WANG)
        with pytest.raises(NotNow) as refused:
            here.selftest.begin(WANG)
        assert refused.value.why is None
    made = ended(here)
    assert made.called == made.ways == len(here.phones.placed) > 1
    assert {each.what for each in made.differences} == {What.NOT_PLACED}
    assert (len(made.differences), made.stopped, made.recogniser) == (made.ways, None, False)


async def test_a_call_in_which_the_link_broke_says_nothing_and_is_made_again() -> None:
    async with Tasks(Failures()) as tasks:
        here = Here(tasks, NotArrived("no"))
        here.phones.breaks = True
        here.selftest.begin(WANG)
    made = ended(here)
    assert (len(here.phones.placed), made.called, len(made.differences)) == (made.ways + 1, made.ways, made.ways)


def test_a_recording_without_an_end_is_not_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "FINISHING", 0.0)
    call = run._Call("t", tmp_path / "t.wav", Speech([], 0.0, tmp_path / "t.robot.wav"), id="call-1")
    call.records.append(Record(1.0, Kind.CALL_STARTED, "call-1"))
    edition = Edition(hotline(), FakeCatalogue())
    way = ways(edition.hotline, datetime(2026, 3, 2, 12, tzinfo=edition.hotline.zone))[0]
    assert run._pieces(call, way, edition, tmp_path) is None, "Asterisk has written nothing yet"


def test_digits_that_are_read_back_are_listened_for_though_the_story_does_not_have_them(tmp_path: Path) -> None:
    made = with_input(tmp_path, 4, 4, attempts=1)
    now = datetime(2026, 3, 2, 12, tzinfo=made.zone)
    way = next(way for way in ways(made, now) if way.keys == tuple("312341"))
    assert list(run._with_digits(way, made)) == [("您输入的是 … 正确请按1", "您输入的是 幺 二 三 四 正确请按1")]


def test_a_phone_that_is_measured_later_does_not_move_what_was_heard(tmp_path: Path) -> None:
    call = run._Call("t", tmp_path / "t.wav", Speech([], 0.0, tmp_path / "t.robot.wav"))
    audio.write(call.recording, array("h", bytes(2 * 78_000)), 8_000)  # 9.75 s
    moments = (1.0, Kind.CALL_STARTED), (11.0, Kind.CALL_FINISHED), (14.0, Kind.LEG_MEASURED)
    assert run._late(call, [Record(at, kind, "call-1") for at, kind in moments]) == 0.25


async def test_without_asterisk_it_ends_and_says_why() -> None:
    async with Tasks(Failures()) as tasks:
        here = Here(tasks, LinkDown("away"))
        here.selftest.begin(WANG)
    made = ended(here)
    assert (made.called, made.stopped, len(here.phones.placed)) == (0, Stopped.AWAY, 1)


async def test_a_mistake_of_ours_ends_it_and_is_counted() -> None:
    failures = Failures()
    async with Tasks(failures) as tasks:
        here = Here(tasks, ZeroDivisionError())
        here.selftest.begin(WANG)
    assert ended(here).stopped is Stopped.BROKE
    assert failures.counts[Work.SELFTEST] == 1


async def test_it_waits_until_nobody_is_in_the_way_and_can_be_stopped_meanwhile() -> None:
    async with Tasks(Failures()) as tasks:
        here = Here(tasks, NotArrived("no"))
        here.busy = True
        here.selftest.begin(WANG)
        await here.begun.wait()
        assert here.phones.placed == []
        here.busy = False
        here.selftest.note(Record(0.0, Kind.CALL_FINISHED, "a citizen's"))
    assert ended(here).stopped is None
    async with Tasks(Failures()) as tasks:
        here = Here(tasks, NotArrived("no"))
        assert not here.selftest.stop()
        here.busy = True
        here.selftest.begin(WANG)
        await here.begun.wait()
        assert here.selftest.stop()
    assert (ended(here).stopped, here.phones.placed) == (Stopped.ASKED, [])


async def test_the_end_of_the_service_ends_it_and_the_next_one_knows() -> None:
    async with Tasks(Failures()) as tasks:
        here = Here(tasks, NotArrived("no"))
        here.busy = True
        here.selftest.begin(WANG)
        await here.begun.wait()
        here.selftest.close()
    assert [record.kind for record in here.records] == [Kind.SELFTEST_STARTED]
    after = LastSelftest()
    after.restore(None, here.records)
    assert after.outcome is not None
    assert after.outcome.stopped is Stopped.RESTARTED


async def test_none_begins_while_callers_do_not_hear_the_menus() -> None:
    async with Tasks(Failures()) as tasks:
        here = Here(tasks, NotArrived("no"))
        here.not_now = Stopped.CLOSED
        with pytest.raises(NotNow) as refused:
            here.selftest.begin(WANG)
    assert (refused.value.why, here.records) == (Stopped.CLOSED, [])


@fake_time
async def test_at_night_one_begins_at_its_time_and_a_failure_waits_for_the_next_night() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    before, loop = datetime(2026, 3, 2, 2, 29, tzinfo=zone).timestamp(), asyncio.get_running_loop()
    began: list[str] = []

    class Watched(Selftest):
        def begin(self, actor: Actor) -> None:
            began.append(f"{datetime.fromtimestamp(self.now(), zone):%d %H:%M}")
            raise NotNow(Stopped.AWAY)

    async with Tasks(Failures()) as tasks:
        here = Here(tasks, NotArrived("no"), Watched, selftest={"at": "03:30"})
        start = loop.time()
        here.now = lambda: before + loop.time() - start
        nightly = tasks.keep(Work.SELFTEST, here.selftest.nightly)
        await asyncio.sleep(3 * 3_600)
        tasks.cancel(nightly)
    assert began == ["02 03:30"]
    assert here.selftest.not_begun
