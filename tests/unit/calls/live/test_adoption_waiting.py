"""The service dies while callers wait in a queue or leave it, and the next one finds them."""

import pytest

from acd.events import CallLeft, Left, StateRequested
from agents.states import AgentState
from calls.events import QueueLeft
from hotline.edition import Edition
from ivr.model import Destination, ToMenu, ToSubHotline
from journal.actor import Actor
from journal.records import Kind
from tests.unit.asterisk.asterisk import LAG
from tests.unit.asterisk.caller import PROMPT
from tests.unit.faketime import fake_time, passes, settles
from tests.unit.service.calling import HOLD, NEXT, NOBODY, FakeCatalogue, Hall, hall
from tests.unit.service.dying import (
    APOLOGY,
    folded,
    is_not_fetched,
    sessions_first,
    story,
    talks,
    whole,
)


@folded
@fake_time
async def test_a_waiting_caller_keeps_the_music_and_gets_the_next_agent(folded: bool) -> None:
    async with hall() as before:
        caller = await before.queued()
        async with before.restarted(folded=folded) as here:
            heard = len(caller.heard)
            await here.adopts()
            assert (caller.held, caller.heard[heard:], here.asterisk.kicks) == (True, [], [])
            assert here.waiting() == 1
            here.sign_in()
            ring = await here.rung()
            assert (ring.caller, ring.channel, ring.held) == (caller.id, caller.channel, True)
            await here.answer(ring)
            await here.connect(ring, caller)
            await passes(5)
            await here.agent_hangs_up(ring, caller)
            here.lets_in()
            await here.over()
            assert caller.heard[heard:] == ["Goodbye"]
            assert story(here) == whole(queued=1, connected=1, talk_ended=1)


@fake_time
async def test_nobody_is_rung_for_a_caller_who_is_not_found_yet() -> None:
    """A phone comes free between the link's return and Asterisk's answer where everybody is."""
    async with hall() as before:
        caller = await before.queued()
        before.asterisk.device("1001", "INUSE")
        await before.heard()
        before.sign_in()
        async with before.restarted() as here:
            here.asterisk.meanwhile = lambda: here.asterisk.device("1001", "NOT_INUSE")
            await here.adopts()
            ring = await here.rung()
            assert (ring.caller, ring.channel, ring.held) == (caller.id, caller.channel, True)


@sessions_first
@folded
@fake_time
async def test_a_caller_who_hears_an_announcement_is_held_again_without_a_word(
    sessions_first: bool, folded: bool
) -> None:
    async with hall() as before:
        caller = await before.told_to_wait()
        async with before.restarted(folded=folded) as here:
            heard = len(caller.heard)
            await here.adopts(sessions_first=sessions_first)
            assert caller.held
            assert caller.heard[heard:] == []
            here.sign_in()
            ring = await here.rung()
            assert ring.held
            caller.hang_up()
            await passes(1)
            assert here.state() is AgentState.READY
            assert here.told(Kind.LEFT_QUEUE)[0]["why"] == "hung-up"
            assert story(here) == whole(queued=1)


@fake_time
async def test_order_announcements_and_overflow_go_on_from_the_first_entry() -> None:
    async with hall() as before:
        before.takes_a_break()
        callers = [await before.queued(f"caller-{number}") for number in (1, 2, 3)]
        entered = [record.at for record in before.records if record.kind is Kind.QUEUED]
        async with before.restarted() as here:
            await here.adopts()
            positions = [here.engine.position(here.call(caller.id).id) for caller in callers]
            assert positions == [1, 2, 3]
            heard = len(callers[1].heard)
            callers[0].hang_up()
            while here.distributor.clock.now() < entered[1] + 30.5:
                await passes(0.25)
                here.lets_in()
            await passes(PROMPT)
            assert callers[1].heard[heard:] == [NEXT]
            await settles()
            assert callers[1].held
            while here.distributor.clock.now() < entered[1] + 301:
                await passes(0.25)
                here.lets_in()
            await passes(PROMPT)
            assert ["Too long" in caller.heard for caller in callers] == [False, True, False]


@fake_time
async def test_a_waiting_caller_who_hung_up_while_the_service_was_away_has_abandoned() -> None:
    async with hall() as before:
        caller = await before.queued()
        await before.dies()
        caller.hang_up()
        async with before.restarted() as here:
            here.sign_in()
            await here.adopts()
            assert here.waiting() == 0
            assert here.asterisk.legs == {}
            assert here.told(Kind.CALL_FINISHED) == [{"by": "caller", "cause": "hung-up-unseen"}]
            assert story(here) == whole(queued=1)


def leave(hall: Hall, destination: Destination) -> None:
    """A rule of the queue sends the caller on."""
    call = hall.call()
    hall.distributor.tell(CallLeft(call.id, Left.WENT_ELSEWHERE))
    call.tell(QueueLeft(destination, hall.edition))


@sessions_first
@folded
@fake_time
async def test_a_caller_who_left_the_queue_by_an_overflow_goes_where_it_leads(
    sessions_first: bool, folded: bool
) -> None:
    async with hall() as before:
        caller = await before.queued()
        is_not_fetched(before)
        await passes(310)
        assert (before.waiting(), caller.held) == (0, True)
        async with before.restarted(folded=folded) as here:
            heard = len(caller.heard)
            await here.adopts(sessions_first=sessions_first)
            await passes(PROMPT * 1.5)
            assert caller.heard[heard:] == ["Too long", NOBODY]
            assert here.waiting("general") == 1
            caller.hang_up()
            await here.over()
            assert story(here) == whole(queued=2)
            assert here.told(Kind.ROUTED) == [{"to": {"say": {"*": "Too long"}, "then": {"queue": "general"}}}]


@fake_time
async def test_a_caller_who_was_sent_to_what_the_new_version_lacks_begins_again() -> None:
    async with hall() as before:
        caller = await before.queued()
        is_not_fetched(before)
        await passes(310)
        queues = {name: queue for name, queue in before.edition.hotline.queues.items() if name != "general"}
        edition = Edition(before.edition.hotline.model_copy(update={"queues": queues}), FakeCatalogue())
        async with before.restarted(edition=edition) as here:
            heard = len(caller.heard)
            await here.adopts()
            await passes(PROMPT * 1.5)
            assert caller.heard[heard:] == [APOLOGY, "Welcome"]
            caller.hang_up()


@pytest.mark.parametrize("chosen", [True, False], ids=["in the menu", "by an overflow"])
@sessions_first
@folded
@fake_time
async def test_a_caller_on_the_way_to_a_sub_hotline_gets_there(
    sessions_first: bool, folded: bool, chosen: bool
) -> None:
    """The caller hears that the sub-hotline is dialled."""
    async with hall() as before:
        if chosen:
            caller = before.caller()
            await settles()
            caller.press("2")
        else:
            caller = await before.queued()
            leave(before, ToSubHotline(sub_hotline="bureau"))
        await passes(PROMPT / 2)
        assert caller.playing == "We are connecting you to"
        async with before.restarted(folded=folded) as here:
            await here.adopts(sessions_first=sessions_first)
            await passes(3 * PROMPT)
            assert caller.dialled == "PJSIP/2201,30,gri"
            assert APOLOGY not in caller.heard
            caller.hang_up()


@folded
@fake_time
async def test_a_caller_who_has_arrived_is_not_sent_there_again(folded: bool) -> None:
    async with hall() as before:
        caller = await before.queued()
        leave(before, ToMenu(menu="main"))
        await passes(PROMPT / 2)
        assert caller.playing == "Main menu"
        async with before.restarted(folded=folded) as here:
            heard = len(caller.heard)
            await here.adopts()
            await passes(PROMPT * 1.5)
            assert caller.heard[heard:] == [APOLOGY, "Welcome"]
            caller.hang_up()


@folded
@fake_time
async def test_the_keys_of_the_queue_work_for_a_caller_who_was_taken_up(folded: bool) -> None:
    async with hall() as before:
        caller = await before.queued(key="5")
        async with before.restarted(folded=folded) as here:
            await here.adopts()
            caller.press("0")
            await passes(10 * LAG)
            here.lets_in()
            await passes(2 * PROMPT)
            assert (here.waiting("everybody"), here.waiting("general")) == (0, 1)
            assert caller.held
            caller.hang_up()
            await passes(1)
            assert story(here) == whole(queued=2)


@sessions_first
@folded
@fake_time
async def test_a_caller_who_left_the_queue_by_a_key_goes_where_it_leads(sessions_first: bool, folded: bool) -> None:
    async with hall() as before:
        caller = await before.queued(key="5")
        is_not_fetched(before)
        caller.press("0")
        await passes(1)
        assert (before.waiting("everybody"), caller.held) == (0, True)
        async with before.restarted(folded=folded) as here:
            heard = len(caller.heard)
            await here.adopts(sessions_first=sessions_first)
            await passes(PROMPT / 2)
            assert caller.heard[heard:] == [NOBODY]
            assert here.waiting("general") == 1
            caller.hang_up()


@folded
@fake_time
async def test_a_caller_who_was_handed_over_to_a_queue_gets_there_though_the_service_dies(folded: bool) -> None:
    async with hall() as before:
        caller, ring = await talks(before)
        before.distributor.tell(StateRequested("1001", AgentState.NOT_READY, Actor.agent("1001")))  # after this call
        agent = before.caller("caller-2", extension="6001", arg_6="1001")
        await passes(2 * PROMPT)
        is_not_fetched(before)
        before.asterisk.hands_over(ring.offer_id, agent)
        await before.heard()
        await before.dies()
        ring.is_over()
        caller.out()
        async with before.restarted(folded=folded) as here:
            heard = len(caller.heard)
            await here.adopts()
            await passes(1)
            assert caller.heard[heard:] == [HOLD]
            caller.hang_up()
