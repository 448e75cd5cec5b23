"""A talk began, or ended, unseen: the link to Asterisk was away or late, and AGI was ahead of it."""

import pytest

from agents.states import AgentState
from calls.leg import LAST_WORDS
from journal.records import Kind
from tests.unit.asterisk.caller import Caller
from tests.unit.asterisk.leg import Leg
from tests.unit.faketime import fake_time, passes, settles
from tests.unit.service.calling import ended, hall
from tests.unit.service.dying import put_through, rings, story, whole


def talks_unseen(caller: Caller, ring: Leg) -> None:
    """The agent picks up, talks and hangs up. The caller is not back yet."""
    ring.connects(caller)
    ring.is_over()


@fake_time
async def test_a_caller_who_talked_while_the_link_was_away_is_not_put_back_into_the_queue() -> None:
    async with hall() as here:
        caller, ring = await rings(here)
        await here.link_down()
        talks_unseen(caller, ring)
        await passes(5)
        caller.out()
        await here.over()
        assert caller.heard[-1] == "Goodbye"
        assert ended(here) == ("agent", None)
        assert (here.kinds().count(Kind.CONNECTED), here.kinds().count(Kind.TALK_ENDED)) == (1, 1)
        assert here.state() is AgentState.READY


@fake_time
async def test_a_talk_is_told_though_the_ring_is_said_to_have_failed() -> None:
    async with hall() as here:
        caller = await here.queued()
        here.sign_in("1001")
        first = await here.rung()
        with here.asterisk.unheard():
            first.connects(caller)
        caller.out()
        await settles()
        first.rings_out()
        here.sign_in("1002")
        await here.over()
        assert here.asterisk.legs == {}
        assert caller.heard[-1] == "Goodbye"
        assert story(here) == whole(queued=1, connected=1, talk_ended=1)
        assert here.told(Kind.OFFER_FAILED) == []
        assert (here.state("1001"), here.state("1002")) == (AgentState.READY, AgentState.READY)


@fake_time
async def test_a_talk_that_is_told_while_others_ring_still_ends_as_any() -> None:
    """The link was away when the agent picked up and the leg went on by itself."""
    async with hall() as here:
        caller = await here.queued(key="5")
        here.sign_in("1001")
        here.sign_in("1002")
        await passes(1)
        first, second = here.asterisk.legs.values()
        await here.connect(first, caller)
        await passes(5)
        assert here.asterisk.cancelled == [second.offer_id]
        await here.agent_hangs_up(first, caller)
        await here.over()
        assert caller.heard[-1] == "Goodbye"
        assert (here.kinds().count(Kind.TALK_ENDED), here.state(first.agent_id)) == (1, AgentState.READY)


@fake_time
async def test_a_talk_that_ended_with_a_transfer_while_the_link_was_away_is_told() -> None:
    async with hall() as here:
        caller, ring = await rings(here)
        await here.link_down()
        talks_unseen(caller, ring)
        await passes(5)
        caller.sent_elsewhere()
        await settles()
        caller.is_moved("6001")
        caller.comes_in()
        await passes(1)
        assert [told["by"] for told in here.told(Kind.TALK_ENDED)] == ["agent"]
        assert here.told(Kind.LEFT_QUEUE) == []
        assert here.kinds().count(Kind.QUEUED) == 2
        caller.hang_up()
        await passes(1)
        await here.link_up()
        await passes(1)


@fake_time
async def test_late_news_of_a_talk_takes_no_caller_out_of_the_queue_of_a_later_transfer() -> None:
    """The caller's session had broken. AMI lags and tells of the talk after the caller has come to the queue."""
    async with hall() as here:
        caller, ring = await rings(here)
        here.asterisk.late = True
        talks_unseen(caller, ring)
        caller.session_breaks()
        caller.sent_elsewhere()
        caller.is_moved("6001")
        caller.comes_in()
        await passes(1)
        assert here.waiting() == 1
        here.asterisk.late = False
        await here.heard()
        assert here.waiting() == 1
        caller.hang_up()


# --- and the look around when the link is back


@pytest.mark.parametrize("ends", ["away", "before the look"])
@fake_time
async def test_a_talk_that_nobody_saw_is_told_though_the_look_around_is_quicker_than_its_caller(ends: str) -> None:
    """The caller's session broke, and so did the link: a new session is to come."""
    async with hall() as before:
        caller, ring = await rings(before)
        before.sign_in("1002")
        async with before.restarted() as here:
            await here.adopts()
            await here.link_down()
            ring.connects(caller)
            await passes(5)
            if ends != "away":
                await here.link_up()
            ring.is_over()
            caller.out()
            if ends == "away":
                await here.link_up()
                await passes(1)
            here.lets_in()
            await here.over()
            assert (caller.heard[-1], here.asterisk.legs) == ("Goodbye", {})
            assert story(here) == whole(queued=1, connected=1, talk_ended=1)
            assert (here.told(Kind.OFFER_FAILED), here.state()) == ([], AgentState.READY)


@fake_time
async def test_a_caller_who_talked_unseen_and_hangs_up_before_the_look_around_has_not_given_up() -> None:
    async with hall() as here:
        caller, ring = await rings(here)
        await here.link_down()
        ring.connects(caller)
        await passes(5)
        await here.link_up()
        caller.hang_up()
        await passes(LAST_WORDS + 1)
        assert here.told(Kind.LEFT_QUEUE) == []
        assert here.told(Kind.CALL_FINISHED) == [{"by": "caller", "cause": "hung-up-unseen"}]
        assert story(here) == whole(queued=1, connected=1, talk_ended=1)


@fake_time
async def test_a_caller_who_talked_and_hung_up_before_the_link_was_known_to_be_half_open() -> None:
    async with hall() as here:
        caller, ring = await rings(here)
        with here.asterisk.unheard():
            ring.connects(caller)
            caller.hang_up()  # AGI alone says so
        await passes(1)
        assert here.told(Kind.LEFT_QUEUE) == []
        await here.link_down()
        await passes(LAST_WORDS)
        await here.link_up()
        await passes(1)
        assert here.told(Kind.TALK_ENDED)[0]["by"] == "caller"
        assert here.told(Kind.CALL_FINISHED) == [{"by": "caller", "cause": "hung-up-unseen"}]
        assert here.state() is AgentState.READY


@fake_time
async def test_a_caller_who_talked_with_a_sub_hotline_unseen_and_hangs_up_before_a_session_has_talked() -> None:
    async with hall() as here:
        caller = await put_through(here)
        await here.link_down()
        caller.session_breaks()
        caller.put_through_ends("ANSWER", "16")
        await here.link_up()
        await passes(1)
        caller.hang_up()
        await passes(1)
        assert here.told(Kind.SUB_HOTLINE_ANSWERED) == [{"sub_hotline": "bureau"}]
        assert here.told(Kind.CALL_FINISHED) == [{"by": "caller"}]
