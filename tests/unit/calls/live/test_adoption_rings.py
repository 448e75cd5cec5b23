"""The service dies while agents ring or talk, and the next one finds them."""

import pytest

from acd.events import StateRequested
from agents.states import AgentState
from calls.live.snapshot import Recollection
from hotline.edition import Edition
from journal.actor import Actor
from journal.records import Kind
from tests.unit.asterisk.asterisk import LAG
from tests.unit.asterisk.caller import PROMPT
from tests.unit.faketime import fake_time, passes, settles
from tests.unit.service.calling import HOLD, FakeCatalogue, hall
from tests.unit.service.dying import APOLOGY, folded, rings, sessions_first, story, talks, whole

# --- all ring


@pytest.mark.parametrize("when", ["before", "away", "after"])
@folded
@fake_time
async def test_of_all_agents_who_ring_the_first_gets_the_caller(when: str, folded: bool) -> None:
    async with hall() as before:
        caller = await before.queued(key="5")
        before.sign_in("1001")
        before.sign_in("1002")
        await passes(10 * LAG)
        first, second = before.asterisk.legs.values()
        if when == "before":
            await before.answer(first)
        await before.dies()
        if when == "away":
            await before.answer(first)
        async with before.restarted(folded=folded) as here:
            await here.adopts()
            if when == "after":
                await here.answer(first)
            assert here.asterisk.let_through == [first.offer_id], "also when nobody heard that the agent picked up"
            await here.connect(first, caller)
            await passes(1)
            if when != "before":
                assert here.asterisk.cancelled == [second.offer_id]
            assert (here.state("1001"), here.state("1002")) == (AgentState.ON_CALL, AgentState.READY)
            assert story(here)["connected"] == 1


# --- an agent rings


@folded
@fake_time
async def test_a_leg_that_still_rings_is_taken_up_and_becomes_the_conversation(folded: bool) -> None:
    async with hall() as before:
        caller, ring = await rings(before)
        async with before.restarted(folded=folded) as here:
            heard = len(caller.heard)
            await here.adopts()
            assert here.state() is AgentState.RINGING
            await here.answer(ring)
            await here.connect(ring, caller)
            assert here.state() is AgentState.ON_CALL
            await here.agent_hangs_up(ring, caller)
            here.lets_in()
            await here.over()
            assert caller.heard[heard:] == ["Goodbye"]
            assert here.kinds().count(Kind.OFFERED) == 1
            assert story(here) == whole(queued=1, connected=1, talk_ended=1)
            assert here.state() is AgentState.READY


@folded
@fake_time
async def test_a_caller_who_talked_and_hung_up_meanwhile_is_told_as_answered(folded: bool) -> None:
    async with hall() as before:
        caller, ring = await rings(before)
        await before.dies()
        ring.connects(caller)
        caller.hang_up()
        async with before.restarted(folded=folded) as here:
            await here.adopts()
            assert here.told(Kind.TALK_ENDED)[0]["by"] == "caller"
            assert here.told(Kind.CALL_FINISHED) == [{"by": "caller", "cause": "hung-up-unseen"}]
            assert story(here) == whole(queued=1, connected=1, talk_ended=1)
            assert here.state() is AgentState.READY


@folded
@fake_time
async def test_a_leg_that_was_answered_meanwhile_hears_its_whisper_out(folded: bool) -> None:
    async with hall() as before:
        caller, ring = await rings(before)
        await before.dies()
        await before.answer(ring)
        async with before.restarted(folded=folded) as here:
            await here.adopts()
            assert here.kinds()[-1] is Kind.OFFER_ANSWERED
            await here.connect(ring, caller)
            caller.hang_up()
            await here.agent_hangs_up(ring)
            await passes(1)
            assert story(here) == whole(queued=1, connected=1, talk_ended=1)


@folded
@fake_time
async def test_a_leg_that_talks_already_is_a_conversation(folded: bool) -> None:
    async with hall() as before:
        caller, ring = await rings(before)
        await before.dies()
        await before.answer(ring)
        await before.connect(ring, caller)
        async with before.restarted(folded=folded) as here:
            await here.adopts()
            assert here.state() is AgentState.ON_CALL
            assert (caller.talking, here.asterisk.kicks) == (True, [])
            await here.agent_hangs_up(ring, caller)
            here.lets_in()
            await here.over()
            assert caller.heard[-1] == "Goodbye"
            assert story(here) == whole(queued=1, connected=1, talk_ended=1)


@folded
@fake_time
async def test_a_leg_that_is_gone_leaves_its_caller_at_the_same_position(folded: bool) -> None:
    async with hall() as before:
        caller, ring = await rings(before)
        before.sign_in("1002")
        await before.dies()
        await before.fail(ring, "no-answer")
        async with before.restarted(folded=folded) as here:
            await here.adopts()
            again = await here.rung()
            assert (again.agent_id, again.caller, caller.held) == ("1002", caller.id, True)
            assert here.told(Kind.OFFER_FAILED)[0]["reason"] == "failed"
            assert here.told(Kind.OFFER_FAILED)[0]["missed"] == 0, "nobody knows whether the agent missed it"


@fake_time
async def test_the_caller_of_a_ring_is_gone_and_it_stops() -> None:
    async with hall() as before:
        caller, ring = await rings(before)
        await before.dies()
        caller.hang_up()
        async with before.restarted() as here:
            await here.adopts()
            assert ring.offer_id in here.asterisk.cancelled
            assert here.state() is AgentState.READY
            assert story(here) == whole(queued=1)


@folded
@fake_time
async def test_the_death_in_the_whisper(folded: bool) -> None:
    async with hall() as before:
        caller, ring = await rings(before)
        await before.answer(ring)
        async with before.restarted(folded=folded) as here:
            await here.adopts()
            assert here.state() is AgentState.RINGING
            await here.connect(ring, caller)
            await here.agent_hangs_up(ring, caller)
            here.lets_in()
            await here.over()
            assert here.kinds().count(Kind.OFFER_ANSWERED) == 1
            assert story(here) == whole(queued=1, connected=1, talk_ended=1)


@fake_time
async def test_a_leg_that_waits_for_its_caller_to_be_held_is_told_when_that_is_so() -> None:
    async with hall() as before:
        before.sign_in()
        caller = before.caller()
        await settles()
        before.asterisk.late = True
        caller.press("1")
        ring = await before.rung()
        assert (caller.held, ring.waits) == (True, True), "AMI has not told yet that the caller is held"
        async with before.restarted() as here:
            here.asterisk.late = False
            await here.adopts()
            assert caller.held
            assert not ring.waits
            await here.answer(ring)
            await here.connect(ring, caller)
            assert here.state() is AgentState.ON_CALL


@fake_time
async def test_a_leg_that_nobody_knows_and_that_rings_is_ended() -> None:
    async with hall() as before:
        caller, ring = await rings(before)
        none = Recollection(calls=before.recollection().calls)
        async with before.restarted(before=none) as here:
            await here.adopts()
            assert ring.offer_id in here.asterisk.cancelled
            assert caller.heard[-1] == APOLOGY, "nothing is known of the caller's state"


@fake_time
async def test_a_leg_that_talks_though_its_ring_was_given_up_is_ended_and_the_caller_waits_on() -> None:
    """The service died between its decision and the end of the ring; another agent must not break into the talk."""
    async with hall() as before:
        caller, ring = await rings(before)
        before.sign_in("1002")
        before.asterisk.deaf.add("Hangup")
        before.distributor.tell(StateRequested("1001", AgentState.LOGGED_OUT, Actor.agent("1001")))
        await before.dies()
        for leg in [leg for leg in before.asterisk.legs.values() if leg is not ring]:
            leg.is_over()
        await before.answer(ring)
        await before.connect(ring, caller)
        async with before.restarted() as here:
            await here.adopts()
            assert ring.offer_id in here.asterisk.cancelled
            assert here.waiting() == 1


# --- talking


@folded
@fake_time
async def test_a_conversation_goes_on_and_ends_as_any(folded: bool) -> None:
    async with hall() as before:
        caller, ring = await talks(before)
        async with before.restarted(folded=folded) as here:
            heard = len(caller.heard)
            await here.adopts()
            assert (here.state(), caller.talking, here.asterisk.kicks) == (AgentState.ON_CALL, True, [])
            caller.press("5")
            await passes(5)
            assert Kind.KEY_PRESSED not in here.kinds()[-2:], "keys are for those at the other end"
            await here.agent_hangs_up(ring, caller)
            here.lets_in()
            await here.over()
            assert caller.heard[heard:] == ["Goodbye"]
            assert here.told(Kind.TALK_ENDED)[0]["by"] == "agent"
            assert story(here) == whole(queued=1, connected=1, talk_ended=1)
            assert here.told(Kind.CALL_FINISHED) == [{"by": "agent"}]


@sessions_first
@folded
@fake_time
async def test_an_agent_who_hung_up_while_the_service_was_away(sessions_first: bool, folded: bool) -> None:
    async with hall() as before:
        caller, ring = await talks(before)
        await before.dies()
        await before.agent_hangs_up(ring, caller)
        async with before.restarted(folded=folded) as here:
            heard = len(caller.heard)
            await here.adopts(sessions_first=sessions_first)
            here.lets_in()
            await here.over()
            assert caller.heard[heard:] == ["Goodbye"]
            assert here.state() is AgentState.READY
            assert story(here) == whole(queued=1, connected=1, talk_ended=1)


@fake_time
async def test_a_caller_who_hung_up_in_a_conversation_while_the_service_was_away() -> None:
    async with hall() as before:
        caller, ring = await talks(before)
        await before.dies()
        caller.hang_up()
        await before.agent_hangs_up(ring)
        async with before.restarted() as here:
            await here.adopts()
            assert here.state() is AgentState.READY
            assert here.told(Kind.TALK_ENDED)[0]["by"] == "caller"
            assert story(here) == whole(queued=1, connected=1, talk_ended=1)


@fake_time
async def test_an_agent_who_hangs_up_just_as_the_channels_are_asked_for() -> None:
    """The agent is listed; the caller is back in a session and held before an event tells that the leg is gone."""
    async with hall() as before:
        caller, ring = await talks(before)
        async with before.restarted() as here:

            def hangs_up() -> None:
                ring.is_over()
                caller.out()
                here.lets_in()

            here.asterisk.meanwhile = hangs_up
            await here.adopts()
            here.lets_in()
            await here.over()
            assert caller.heard[-1] == "Goodbye"
            assert story(here) == whole(queued=1, connected=1, talk_ended=1)


@fake_time
async def test_a_caller_who_is_back_in_a_session_is_through_though_the_leg_is_in_the_list() -> None:
    async with hall() as before:
        caller, ring = await talks(before)
        async with before.restarted() as here:
            caller.out()
            await here.adopts(sessions_first=True)
            await passes(PROMPT / 2)
            assert caller.playing == "Goodbye"
            await here.agent_hangs_up(ring)
            await here.over()
            assert story(here) == whole(queued=1, connected=1, talk_ended=1)


@fake_time
async def test_a_conversation_of_which_the_engine_knows_nothing_is_not_torn_apart() -> None:
    async with hall() as before:
        caller, ring = await talks(before)
        none = Recollection(calls=before.recollection().calls)
        async with before.restarted(before=none) as here:
            await here.adopts()
            await passes(5)
            assert (caller.talking, here.asterisk.kicks) == (True, [])
            await here.agent_hangs_up(ring, caller)
            here.lets_in()
            await here.over()
            assert caller.heard[-1] == "Goodbye"


@pytest.mark.parametrize("where", ["queue", "number"])
@fake_time
async def test_a_caller_who_was_transferred_to_the_hotline_while_the_service_was_away_is_served_there(
    where: str,
) -> None:
    """To another queue, or to the number that the caller had dialled."""
    async with hall() as before:
        caller = before.caller(extension="12319")
        await settles()
        caller.press("1")
        await passes(3 * PROMPT)
        before.sign_in()
        ring = await before.rung()
        await before.answer(ring)
        await before.connect(ring, caller)
        await before.dies()
        ring.is_over()
        caller.out()
        async with before.restarted() as here:
            caller.is_moved("6001" if where == "queue" else "12319")
            caller.comes_in()
            await here.adopts()
            await passes(PROMPT * 1.5)
            if where == "queue":
                assert here.waiting() == 1
            else:
                assert caller.heard[2:] == ["Main menu"]
            assert "Goodbye" not in caller.heard
            assert story(here) == {"call-started": 1, "queued": 1 + here.waiting(), "connected": 1, "talk-ended": 1}
            caller.hang_up()


@pytest.mark.parametrize("seen", [True, False])
@sessions_first
@folded
@fake_time
async def test_a_talk_that_ended_with_a_transfer_while_the_service_was_away_is_told(
    seen: bool, sessions_first: bool, folded: bool
) -> None:
    async with hall() as before:
        caller, ring = await (talks(before) if seen else rings(before))
        await before.dies()
        if not seen:
            await before.answer(ring)
            await before.connect(ring, caller)
        caller.sent_elsewhere()
        ring.is_over()
        caller.is_moved("6001")
        async with before.restarted(folded=folded) as here:
            await here.adopts(sessions_first=sessions_first)
            await passes(LAG)
            assert story(here) == {"call-started": 1, "queued": 2, "connected": 1, "talk-ended": 1}
            assert [told["by"] for told in here.told(Kind.TALK_ENDED)] == ["agent"]
            caller.hang_up()


@folded
@fake_time
async def test_a_transfer_that_nobody_saw_is_told_before_the_dialplan_brings_the_caller_to_a_session(
    folded: bool,
) -> None:
    """While no service is there it tries only once a second."""
    async with hall() as before:
        caller, ring = await talks(before)
        await before.dies()
        caller.sent_elsewhere()
        ring.is_over()
        caller.is_moved("6001")
        async with before.restarted(folded=folded) as here:
            await here.link_up()
            await passes(10 * LAG)
            (told,) = here.told(Kind.TRANSFERRED)
            assert told["how"] == "blind"
            here.lets_in()
            await passes(20 * LAG)
            assert (here.waiting(), here.kinds().count(Kind.TRANSFERRED)) == (1, 1)
            caller.hang_up()


@fake_time
async def test_a_caller_who_is_transferred_to_a_queue_keeps_the_language_and_is_put_through_to_nobody() -> None:
    async with hall() as here:
        bilingual = here.edition.hotline.model_copy(update={"languages": ("zh", "en")})
        here.edition = Edition(bilingual, FakeCatalogue(("zh", "en")))
        caller = here.caller(extension="6001", arg_2="", arg_3="", arg_4="en")
        caller.variables["WUTONG_SUB_HOTLINE"] = "bureau"
        await settles()
        assert here.told(Kind.CALL_STARTED)[0]["language"] == "en"
        assert caller.variables["WUTONG_SUB_HOTLINE"] == ""
        caller.hang_up()


@fake_time
async def test_a_transferred_caller_waits_in_the_new_queue_though_the_old_session_seems_to_be_there() -> None:
    """Asterisk's end of the session is gone, as after a firewall forgot it; this end was told nothing."""
    async with hall() as here:
        caller, ring = await talks(here)
        call_id = here.call().id
        caller.talking = False
        here.distributor.tell(StateRequested("1001", AgentState.NOT_READY, Actor.agent("1001")))  # after this call
        await here.agent_hangs_up(ring)
        heard = len(caller.heard)
        old = caller.line
        caller.is_moved("6001")
        caller.comes_in()
        await passes(1)
        assert old is not None
        assert not old.open
        assert caller.heard[heard:] == [HOLD]
        assert here.call().id == call_id
        assert story(here) == {"call-started": 1, "queued": 2, "connected": 1, "talk-ended": 1}
        caller.hang_up()
