"""Callers without a session, in every order in which AMI and AGI may tell of them."""

from pathlib import Path

import pytest

from calls.live import unserved as module
from calls.live.intake import Intake
from calls.live.unserved import AT_ONCE, Unserved
from hotline.edition import Edition
from journal.actor import CALLER
from journal.records import Kind, Record
from tests.unit.faketime import fake_time, passes
from tests.unit.service.calling import START, FakeCatalogue, FakeClock, hall
from tests.unit.service.small import hotline

CHANNEL = "PJSIP/anonymous-00000001"


class Desk:
    def __init__(self, folder: Path) -> None:
        self.records: list[Record] = []
        self.intake = Intake(folder / "drained", lambda: 0)
        edition = Edition(hotline(), FakeCatalogue())
        self.unserved = Unserved(self.records.append, FakeClock(), lambda: edition, self.intake)

    def came(self, caller: str = "1.1") -> None:
        self.unserved.came(caller, CHANNEL, "12319")

    def kinds(self) -> list[Kind]:
        return [record.kind for record in self.records]


@fake_time
async def test_a_caller_who_was_gone_at_once_leaves_a_call(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.came()
    await passes(0.01)
    desk.unserved.gone("1.1", "13800138000")
    started, finished = desk.records
    assert (started.kind, started.at, started.actor) == (Kind.CALL_STARTED, START, CALLER)
    assert started.call == finished.call
    assert dict(started.data) == {
        "caller": "13800138000",
        "number": "12319",
        "language": "en",
        "channel": CHANNEL,
        "resumed": False,
        "version": hotline().version,
    }
    assert (finished.kind, finished.at) == (Kind.CALL_FINISHED, START + 0.01)
    assert dict(finished.data) == {"by": "caller", "cause": "no-session"}
    desk.unserved.gone("1.1", "13800138000")
    assert len(desk.records) == 2


@fake_time
async def test_a_caller_who_could_not_be_served_was_failed_by_us(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.came()
    await passes(AT_ONCE)
    desk.unserved.gone("1.1", "")
    assert dict(desk.records[1].data) == {"by": "system", "outcome": "failed", "cause": "no-session"}


@pytest.mark.parametrize("said", ["", "1\r\nEvent: Hangup", "<script>", "9" * 41])
@fake_time
async def test_what_is_no_number_is_left_out(tmp_path: Path, said: str) -> None:
    desk = Desk(tmp_path)
    desk.came()
    desk.unserved.gone("1.1", said)
    assert desk.records[0].data["caller"] == ""


@fake_time
async def test_a_caller_with_a_session_is_told_by_the_call(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.came()
    assert desk.unserved.served("1.1")
    desk.unserved.gone("1.1", "")
    assert desk.unserved.served("2.1")  # AGI was quicker than AMI
    desk.came("2.1")
    desk.unserved.gone("2.1", "")
    assert desk.records == []


@fake_time
async def test_a_session_that_comes_after_the_end_is_not_served(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.came()
    desk.unserved.gone("1.1", "")
    assert not desk.unserved.served("1.1")
    assert desk.kinds() == [Kind.CALL_STARTED, Kind.CALL_FINISHED]


@fake_time
async def test_channels_that_are_no_callers_leave_nothing(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.unserved.gone("offer-1", "1001")
    assert desk.records == []


@pytest.mark.parametrize("how", ["drained", "leaving"])
@fake_time
async def test_a_caller_who_is_turned_away_leaves_nothing(tmp_path: Path, how: str) -> None:
    desk = Desk(tmp_path)
    desk.came()
    setattr(desk.intake, how, True)
    desk.unserved.gone("1.1", "")
    assert desk.records == []


@fake_time
async def test_what_became_of_callers_while_the_link_was_away_is_not_known(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.came()
    desk.unserved.lost()
    desk.unserved.gone("1.1", "")
    assert desk.records == []


@fake_time
async def test_no_more_is_remembered_than_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 3)
    desk = Desk(tmp_path)
    for number in range(5):
        desk.came(f"1.{number}")
    for number in range(5):
        desk.unserved.gone(f"1.{number}", "")
    assert len(desk.records) == 2 * 3
    assert [desk.unserved.served(f"1.{number}") for number in range(3)] == [False] * 3


@fake_time
async def test_a_late_session_is_closed_and_begins_no_second_call() -> None:
    async with hall() as here:
        here.switchboard.caller_came("caller-1", CHANNEL, "12319")
        here.switchboard.channel_ended("caller-1", "13800138000")
        assert here.kinds() == [Kind.CALL_STARTED, Kind.CALL_FINISHED]
        here.caller("caller-1")
        await passes(10)
        assert here.kinds() == [Kind.CALL_STARTED, Kind.CALL_FINISHED]
        assert len(here.switchboard) == 0


@fake_time
async def test_a_lost_link_forgets_who_had_no_session() -> None:
    async with hall() as here:
        here.switchboard.caller_came("caller-1", CHANNEL, "12319")
        here.switchboard.link_changed(False)
        here.switchboard.channel_ended("caller-1", "")
        assert here.kinds() == []
