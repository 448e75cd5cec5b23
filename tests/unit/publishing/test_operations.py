"""Why an administrator's order is refused. tests/integration has the orders that succeed."""

from pathlib import Path
from typing import Any

import pytest

from acd.distributor import Distributor
from base.clock import Clock
from base.failure import NotDone
from base.tasks import Failures
from calls.api import CallIn, WrongOrder
from calls.live.intake import Intake
from hotline.edition import Edition, Editions
from journal.actor import CALLER, Actor
from journal.records import Kind, Record
from publishing.operations import Administration
from settings.settings import Settings
from tests.unit.hotline.folders import loaded, small


@pytest.mark.parametrize(
    ("number", "language", "told"),
    [("12345", None, "its numbers are 12319"), ("12319", "fr", "does not speak fr; its languages are zh, en")],
)
async def test_a_call_that_the_hotline_does_not_know_is_refused(
    tmp_path: Path, number: str, language: str | None, told: str
) -> None:
    hotline = loaded(tmp_path, small()).hotline
    assert hotline is not None
    nobody: Any = None  # a part that is asked to place the call fails the test
    editions = Editions(Edition(hotline, nobody))
    administration = Administration(
        Settings(state=tmp_path), editions, nobody, nobody, nobody, nobody, nobody, alone=lambda: None
    )
    with pytest.raises(WrongOrder, match=told):
        await administration.place_call(CallIn(number=number, language=language), CALLER)


async def test_a_service_that_nobody_would_start_again_is_not_restarted(tmp_path: Path) -> None:
    nobody: Any = None
    administration = Administration(
        Settings(state=tmp_path), nobody, nobody, nobody, nobody, nobody, nobody, alone=lambda: "its up is gone."
    )
    with pytest.raises(NotDone, match=r"^Nobody would start this service again: its up is gone\.$"):
        await administration.restart(60, CALLER)


async def test_what_an_administrator_ordered_is_a_record_with_the_actor(tmp_path: Path) -> None:
    nobody: Any = None
    records: list[Record] = []
    distributor = Distributor(nobody, Clock(), records.append, Failures())
    intake = Intake(tmp_path / "drained", lambda: 1)
    administration = Administration(
        Settings(state=tmp_path), nobody, nobody, distributor, nobody, nobody, intake, alone=lambda: None
    )
    await administration.drain(True, Actor.token("local"))
    await administration.restart(60, Actor.user("wang"))
    intake.close()
    assert [(record.kind, record.data, record.actor) for record in records] == [
        (Kind.HOTLINE_DRAINED, {"on": True}, "token:local"),
        (Kind.SERVICE_RESTARTED, {"wait_s": 60}, "user:wang"),
    ]


async def test_an_order_that_failed_is_no_record(tmp_path: Path) -> None:
    nobody: Any = None
    records: list[Record] = []
    distributor = Distributor(nobody, Clock(), records.append, Failures())
    intake = Intake(tmp_path / "no folder" / "drained", lambda: 1)
    administration = Administration(
        Settings(state=tmp_path), nobody, nobody, distributor, nobody, nobody, intake, alone=lambda: None
    )
    with pytest.raises(NotDone, match="stays as it is"):
        await administration.drain(True, CALLER)
    assert records == []
