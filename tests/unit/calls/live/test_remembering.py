"""Which language of an earlier call is remembered, for how long, and that a number is forgotten."""

from pathlib import Path

import pytest

from calls.live.remembering import DAY, MOST, Remembering
from calls.model import CallSummary
from calls.store import CallStore
from hotline.edition import Edition
from journal import database
from journal.records import Kind, Record
from settings.settings import Keep
from tests.unit.faketime import fake_time, settles
from tests.unit.service.aged import NOW, NUMBER, aged, call_of
from tests.unit.service.calling import FakeCatalogue, hall
from tests.unit.service.small import hotline


def edition(days: float | None = 90, *languages: str) -> Edition:
    wanted = None if days is None else days * DAY
    changed = {"languages": languages or ("zh", "en"), "remember_language": wanted}
    return Edition(hotline().model_copy(update=changed), FakeCatalogue())


class Told:
    """A Remembering, and what it is told. `now` is its clock."""

    def __init__(self, days: float | None = 90, keep: float = 365) -> None:
        self.now, self.edition = NOW, edition(days)
        self.it = Remembering(lambda: self.edition, keep, lambda: self.now)

    def ended(self, language: str, caller: str = NUMBER, *, test: bool = False) -> None:
        call = CallSummary("c", self.now - 60, caller=caller, language=language, test=test)
        self.it.note(Record(self.now, Kind.CALL_FINISHED, "c"), call)

    def later(self, days: float) -> str:
        self.now += days * DAY
        return self.it.of(NUMBER)


def test_the_last_calls_language_is_remembered_until_another_is_chosen() -> None:
    told = Told()
    assert told.it.of(NUMBER) == ""
    told.ended("en")
    assert told.it.of(NUMBER) == told.it.of(f"0{NUMBER}") == told.it.of(f"+{NUMBER}") == "en"
    assert told.it.of("13900000000") == told.it.of("") == ""
    told.ended("zh")
    assert told.it.of(NUMBER) == ""


def test_it_is_forgotten_after_its_time_or_when_numbers_are() -> None:
    for told in (Told(90), Told(365, keep=90)):
        told.ended("en")
        assert told.later(89) == "en"
        assert told.later(2) == ""
        told.now -= 2 * DAY
        assert told.it.of(NUMBER) == "", "it is gone, not hidden"


def test_nothing_is_remembered_of_test_calls_and_withheld_numbers_nor_without_the_setting() -> None:
    told = Told()
    told.ended("en", test=True)
    told.ended("en", caller="")
    told.ended("en", caller="anonymous")
    assert told.it.of(NUMBER) == told.it.of("") == told.it.of("anonymous") == ""
    told = Told(None)
    told.ended("en")
    told.edition = edition(90)
    assert told.it.of(NUMBER) == ""
    told.ended("en")
    told.edition = edition(None)
    assert told.it.of(NUMBER) == "", "a reload without the setting forgets"


def test_a_number_that_asked_for_it_is_forgotten_however_it_is_written() -> None:
    told = Told()
    told.ended("en")
    told.it.forget(f"+{NUMBER}")
    assert told.it.of(NUMBER) == ""


def test_there_is_an_end_to_how_many() -> None:
    told = Told()
    told.ended("en")
    for n in range(MOST):
        told.ended("en", caller=f"139{n:08}")
    assert told.it.of(NUMBER) == ""
    assert told.it.of(f"139{MOST - 1:08}") == "en"


def foreign(call_id: str, days: float, caller: str = NUMBER, language: str = "en") -> list[Record]:
    records = call_of(call_id, days, caller)
    chosen = Record(records[0].at + 1, Kind.LANGUAGE_CHOSEN, call_id, data={"language": language})
    return [records[0], chosen, *records[2:]]


@pytest.mark.parametrize("pages", [1, 500])
async def test_a_start_reads_it_from_the_database(tmp_path: Path, pages: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("calls.store.FOREIGN", pages)
    async with aged(tmp_path / "wutong.db", tmp_path / "state", Keep()) as world:
        await world.tell(*foreign("c1", 5), *call_of("c2", 3, "13900000001"), *foreign("c3", 2, "13900000002"))
        await world.tell(*foreign("c4", 4, "13900000003"), *call_of("c5", 1, "13900000003"), *foreign("c6", 95, "137"))
        await world.tell(*foreign("c7", 6, "13900000002"), *foreign("c8", 7, ""))
        told = Told()
        told.ended("zh", caller="13900000002")  # it has called since the start
        await told.it.recall(world.store)
        callers = (NUMBER, "13900000001", "13900000002", "13900000003", "137", "")
        assert [told.it.of(caller) for caller in callers] == ["en", "", "en", "", "", ""]
        unasked = Told(None)
        await unasked.it.recall(world.store)
        unasked.edition = edition(90)
        assert unasked.it.of(NUMBER) == ""


async def test_a_database_that_is_away_harms_nobody(tmp_path: Path) -> None:
    away = database.open(tmp_path / "nowhere" / "wutong.db")
    told = Told()
    await told.it.recall(CallStore(away))
    await away.dispose()
    assert told.it.of(NUMBER) == ""


@fake_time
async def test_the_next_call_begins_in_it() -> None:
    async with hall(edition=edition(90, "en", "zh")) as here:
        here.centre.remembering.note(
            Record(here.distributor.clock.now(), Kind.CALL_FINISHED, "c"),
            CallSummary("c", 0, caller="13800138000", language="zh"),
        )
        here.caller()
        await settles()
        assert here.told(Kind.CALL_STARTED)[0]["language"] == "zh"
