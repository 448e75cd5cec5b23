"""What is known of a caller by the number: it is matched once, told, and kept over a restart."""

from hotline.callers import CallerList
from hotline.edition import Edition
from ivr.model import ToQueue
from journal.records import Kind
from tests.unit.asterisk.caller import PROMPT
from tests.unit.faketime import fake_time, passes, settles
from tests.unit.service.calling import FakeCatalogue, Hall, hall
from tests.unit.service.dying import folded
from tests.unit.service.small import hotline

LISTS = {
    "seniors": CallerList(numbers=("13800138000",), then=ToQueue(queue="trees"), priority=60),
    "nobody": CallerList(numbers=("13900*",), priority=30),
}
EDITION = Edition(hotline().model_copy(update={"callers": LISTS}), FakeCatalogue())


def head_starts(here: Hall) -> list[object]:
    return [data["head_start"] for data in here.told(Kind.QUEUED)]


@fake_time
async def test_a_senior_goes_straight_to_a_person_and_has_a_head_start() -> None:
    async with hall(edition=EDITION) as here:
        caller = here.caller()
        await passes(3 * PROMPT)
        assert caller.heard[0] == "Welcome"
        assert here.told(Kind.CALL_STARTED)[0]["known"] == {"list": "seniors"}
        assert here.told(Kind.MENU_ENTERED) == []
        assert here.waiting() == 1
        assert head_starts(here) == [60.0]


@fake_time
async def test_of_another_caller_nothing_is_known() -> None:
    async with hall(edition=EDITION) as here:
        here.caller(callerid="13700000000")
        await settles()
        assert "known" not in here.told(Kind.CALL_STARTED)[0]
        assert len(here.told(Kind.MENU_ENTERED)) == 1


@folded
@fake_time
async def test_it_is_known_after_a_restart_and_the_head_start_counts_once(folded: bool) -> None:
    async with hall(edition=EDITION) as before:
        caller = before.caller()
        await passes(3 * PROMPT)
        await passes(10)
        async with before.restarted(folded=folded) as here:
            await here.adopts()
            call = here.call(caller.id)
            assert call.machine.known == {"list": "seniors"}
            assert here.waiting() == 1
            assert call.machine.since is not None
            await passes(5 * 60)  # then the queue's rule sends the caller to the other one, with a message
            here.lets_in()
            await passes(5 * PROMPT)
            first, second = head_starts(here)
            assert first == 60.0
            assert isinstance(second, float)
            assert 60 + 300 <= second < 60 + 300 + 60


@fake_time
async def test_an_interrupted_senior_begins_again_in_the_queue() -> None:
    async with hall(edition=EDITION) as before:
        caller = before.caller()
        await passes(PROMPT / 2)
        async with before.restarted() as here:
            await here.adopts()
            await passes(6 * PROMPT)
            assert here.call(caller.id).machine.known == {"list": "seniors"}
            assert here.waiting() == 1
            assert here.told(Kind.MENU_ENTERED) == []
