"""Transfers that are asked for over HTTP, on the product's own assembly."""

import pytest

from base.failure import NotDone, NotPossible
from calls.live.orders import TalkOrders
from calls.states import Going
from ivr.model import Destination, ToQueue
from journal.actor import Actor
from journal.records import Kind
from tests.unit.faketime import fake_time, passes
from tests.unit.service.calling import Hall, hall
from tests.unit.service.dying import folded, is_not_fetched, talks

WANG = Actor.user("wang")
GENERAL = ToQueue(queue="general")


def _transfers(here: Hall) -> TalkOrders:
    return here.orders


def transfer(here: Hall, to: Destination | str, *, own: bool = False) -> None:
    _transfers(here).transfer(here.call().id, to, WANG, own=own)


@fake_time
async def test_a_caller_who_is_sent_to_a_queue_waits_there_and_the_story_says_who_did_it() -> None:
    async with hall() as here:
        caller, _ = await talks(here)
        assert _transfers(here).talker(here.call().id) == "1001"
        transfer(here, GENERAL)
        await passes(6)
        assert (caller.held, here.waiting("general")) == (True, 1)
        kinds = here.kinds()[-5:]
        assert kinds == [Kind.TALK_ENDED, Kind.TRANSFERRED, Kind.QUEUED, Kind.ANNOUNCED, Kind.SAID]
        ended, sent = here.told(Kind.TALK_ENDED)[0], here.told(Kind.TRANSFERRED)[0]
        assert (ended["by"], ended["cause"]) == ("system", "transferred")
        assert sent == {"how": "blind", "to": {"queue": "general"}}
        (record,) = [record for record in here.records if record.kind is Kind.TRANSFERRED]
        assert (record.actor, record.agent) == (WANG, "1001")


@fake_time
async def test_the_reason_is_in_the_story_once_the_caller_is_sent_on_or_somebody_is_asked() -> None:
    async with hall() as here:
        await talks(here)
        transfers, call = _transfers(here), here.call().id
        transfers.consult(call, "2201", WANG, reason="trees")
        assert here.told(Kind.CONSULT_ASKED) == [{"to": {"agent": "2201"}, "reason": "trees"}]
        transfers.transfer(call, "2201", WANG, own=True, reason="asks for Li")
        assert here.told(Kind.TRANSFERRED) == [{"how": "blind", "to": {"agent": "2201"}, "reason": "asks for Li"}]


@fake_time
@folded
async def test_a_caller_who_was_not_let_go_when_the_service_died_talks_on(folded: bool) -> None:
    """The order is lost with the service; the caller is not."""
    async with hall() as before:
        caller, _ = await talks(before)
        is_not_fetched(before)
        transfer(before, GENERAL)
        assert isinstance(before.call().machine.state, Going)
        async with before.restarted() as here:
            await here.adopts()
            assert caller.talking


@fake_time
async def test_a_caller_who_does_not_talk_is_not_sent_on() -> None:
    async with hall() as here:
        await here.queued()
        with pytest.raises(NotPossible, match="Nobody talks"):
            transfer(here, GENERAL)
        transfers = _transfers(here)
        assert (transfers.talker("c-9"), transfers.has(GENERAL), transfers.has(ToQueue(queue="x"))) == (
            None,
            True,
            False,
        )


@fake_time
async def test_while_asterisk_cannot_be_asked_the_talk_goes_on() -> None:
    async with hall() as here:
        caller, _ = await talks(here)
        await here.link_down()
        with pytest.raises(NotDone, match="talk goes on"):
            transfer(here, GENERAL)
        assert caller.talking
