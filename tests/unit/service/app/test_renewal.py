"""The soft end of a service in which something may be wrong."""

from pathlib import Path

import pytest

from base.tasks import Work
from journal.records import Kind
from service.pulse import SOONEST, Renewal, renewed
from tests.unit.faketime import fake_time, passes
from tests.unit.service.calling import hall
from tests.unit.service.saboteur import makes_a_mistake


@fake_time
async def test_it_leaves_once_and_tells_the_next_service_why(tmp_path: Path) -> None:
    async with hall() as here:
        renewal = Renewal(here.intake, here.distributor, lambda: None, tmp_path / "renewed")
        renewal.ask(Work.ENGINE, "it raised")
        await passes(SOONEST - 1)
        assert not here.intake.leaving, "what is wrong may come again with each start"
        renewal.ask(Work.HTTP, "that too")
        await passes(2)
        assert here.intake.restarting.is_set()
        (told,) = [record for record in here.records if record.kind is Kind.SERVICE_RESTARTED]
        assert told.actor == "system"
        assert list(renewed(tmp_path / "renewed")) == [Work.ENGINE]
        assert list(renewed(tmp_path / "renewed")) == [], "once"


@fake_time
async def test_a_mistake_while_it_leaves_does_not_keep_it(tmp_path: Path) -> None:
    async with hall() as here:
        here.mistakes[Work.CALLBACK] = 1
        tries = iter([makes_a_mistake])
        renewal = Renewal(here.intake, here.distributor, lambda: next(tries, lambda: None)(), tmp_path / "renewed")
        renewal.ask(Work.ENGINE, "it raised")
        await passes(SOONEST + 1)
        assert not here.intake.leaving
        await passes(SOONEST)
        assert here.intake.restarting.is_set()


@pytest.mark.parametrize("alone", ["nobody would start it again"])
@fake_time
async def test_a_service_that_nobody_would_start_again_goes_on(alone: str, tmp_path: Path) -> None:
    async with hall() as here:
        Renewal(here.intake, here.distributor, lambda: alone, tmp_path / "renewed").ask(Work.ENGINE, "it raised")
        await passes(2 * SOONEST)
        assert not here.intake.leaving
        assert list(renewed(tmp_path / "renewed")) == []
