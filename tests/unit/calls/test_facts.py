"""What a call's machine lets the rules of the menus know."""

from datetime import UTC, datetime, timedelta

from calls.machine import CallMachine
from calls.model import Arrival
from hotline.edition import Edition
from tests.unit.service.calling import FakeCatalogue
from tests.unit.service.small import hotline

NOON = datetime(2025, 3, 3, 4, tzinfo=UTC)


def test_the_moment_is_in_the_zone_of_the_hotline() -> None:
    here = hotline().model_copy(update={"timezone": "Asia/Shanghai"})
    arrival = Arrival("c-1", caller="13800000000", number="12319", language="zh")
    facts = CallMachine(arrival, Edition(here, FakeCatalogue()), link_up=True).facts(NOON.timestamp())
    assert (facts.caller, facts.number, dict(facts.known)) == ("13800000000", "12319", {})
    assert facts.moment == NOON
    assert (facts.moment.hour, facts.moment.utcoffset()) == (12, timedelta(hours=8))
