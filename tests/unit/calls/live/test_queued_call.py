"""Lives of calls that wait in a queue and talk with an agent, on a fake clock; Asterisk is played by hand."""

import pytest

from acd.effects import Announce
from acd.events import EndedBy, StateRequested
from agents.states import AgentState
from calls.leg import LAST_WORDS
from calls.live.channel import STOP_AGAIN
from calls.queueing import SETTLING
from journal.actor import Actor
from journal.records import Kind
from tests.unit.asterisk.asterisk import LAG
from tests.unit.asterisk.caller import PROMPT
from tests.unit.faketime import fake_time, passes, settles
from tests.unit.service.calling import HOLD, NEXT, NOBODY, ended, hall
from tests.unit.service.dying import rings, talks

# --- with an agent


@fake_time
async def test_from_the_queue_to_the_agent_to_goodbye() -> None:
    async with hall() as here:
        caller = await here.queued()
        assert caller.heard[1:] == [NOBODY]
        assert caller.held
        here.sign_in("1001")
        ring = await here.rung()
        assert (ring.agent_id, ring.caller, ring.seconds) == ("1001", caller.id, 15)
        assert (ring.display, ring.number, ring.whisper) == ("Trees 13800138000", "13800138000", ("A tree",))
        await here.answer(ring)
        await passes(3)
        await here.connect(ring, caller)
        assert here.state() is AgentState.ON_CALL
        await passes(60)
        await here.agent_hangs_up(ring, caller)
        await here.over()
        assert caller.heard[-1] == "Goodbye"
        assert ended(here) == ("agent", None)
        assert here.state() is AgentState.READY
        (talk,) = here.told(Kind.TALK_ENDED)
        assert (talk["by"], talk["talked_s"]) == (EndedBy.AGENT, pytest.approx(60, abs=0.01))
        assert here.asterisk.cancelled == []


@fake_time
async def test_a_key_of_the_talk_that_comes_late_does_not_cut_the_goodbye_short() -> None:
    async with hall() as here:
        caller, ring = await talks(here)
        await here.agent_hangs_up(ring, caller)
        await settles()
        caller.press("0")
        await passes(PROMPT - 0.1)
        assert caller.playing == "Goodbye"
        await here.over()
        assert here.told(Kind.SAID)[-1]["interrupted"] is False


@pytest.mark.parametrize("offers", [1, 2])
@fake_time
async def test_agi_tells_that_the_caller_is_back_before_ami_tells_of_the_talk(offers: int) -> None:
    async with hall() as here:
        caller, ring = await rings(here)
        if offers == 2:
            await here.fail(ring, "no-answer")
            ring = await here.rung()
        await here.answer(ring)
        here.asterisk.late = True
        ring.connects(caller)
        await passes(20)
        caller.out()
        await passes(SETTLING / 2)
        assert not caller.held, "nobody knows yet what it was, so the caller is not held again"
        here.asterisk.late = False
        await here.agent_hangs_up(ring)
        await here.over()
        assert caller.heard[-1] == "Goodbye"
        assert len(here.told(Kind.TALK_ENDED)) == 1


@fake_time
async def test_agi_tells_that_the_caller_is_back_before_ami_tells_that_the_agent_hung_up() -> None:
    async with hall() as here:
        caller, ring = await talks(here)
        caller.out()
        await settles()
        assert here.state() is AgentState.READY, "free without waiting for AMI"
        await here.agent_hangs_up(ring)
        await here.over()
        assert ended(here) == ("agent", None)
        assert len(here.told(Kind.TALK_ENDED)) == 1


@fake_time
async def test_ami_is_slower_than_anybody_waits_and_the_call_ends_all_the_same() -> None:
    async with hall() as here:
        caller, ring = await rings(here)
        await here.answer(ring)
        here.asterisk.late = True
        ring.connects(caller)
        await passes(20)
        caller.out()
        await passes(SETTLING + 1)
        assert caller.playing == "Goodbye", "the caller's channel says which leg has taken it"
        here.asterisk.late = False
        await here.agent_hangs_up(ring)
        await here.over()
        assert caller.heard[-1] == "Goodbye"
        assert ended(here) == ("agent", None)


@fake_time
async def test_an_agent_who_hangs_up_before_the_bridge_loses_no_caller() -> None:
    async with hall() as here:
        caller = await here.queued()
        here.sign_in("1001")
        ring = await here.rung()
        await here.answer(ring)
        await passes(1)
        await here.fail(ring, "abandoned")
        await passes(4)  # the caller is left alone for a moment
        again = await here.rung()
        assert again.offer_id != ring.offer_id
        assert caller.held
        await here.answer(again)
        await here.connect(again, caller)
        assert here.state() is AgentState.ON_CALL


@fake_time
async def test_the_caller_leaves_while_the_agent_listens_to_the_whisper() -> None:
    async with hall() as here:
        caller, ring = await rings(here)
        await here.answer(ring)
        await passes(1)
        caller.hang_up()
        await here.over()
        assert here.asterisk.cancelled == [ring.offer_id]
        assert here.state() is AgentState.READY, "it was no fault of the agent"


@fake_time
async def test_the_caller_leaves_while_the_leg_waits_for_the_hold() -> None:
    async with hall() as here:
        here.takes_a_break()
        caller = await here.told_to_wait()
        await passes(PROMPT * 3 / 4)
        assert caller.held
        here.asterisk.lag = 5.0  # AMI is slow to tell that the caller is held again
        caller.press("5")
        await passes(1)  # an announcement is due and plays
        assert caller.playing == NEXT
        here.sign_in()
        await passes(0.5)
        ring = await here.rung()
        await here.answer(ring)
        here.asterisk.lag = LAG
        caller.hang_up()
        await here.over()
        await passes(10)
        assert ring.waits
        assert set(here.asterisk.cancelled) == {ring.offer_id}
        assert here.state() is AgentState.READY


@fake_time
async def test_an_announcement_is_cut_short_by_a_match_and_the_leg_waits_until_the_caller_is_held() -> None:
    async with hall() as here:
        here.takes_a_break()
        caller = await here.told_to_wait()
        await passes(3)
        assert caller.playing == NEXT
        assert [data["position"] for data in here.told(Kind.ANNOUNCED)] == [1]
        caller.deaf_to_stops = 2
        here.sign_in()
        await passes(2 * LAG)
        (ring,) = here.asterisk.legs.values()
        assert caller.playing == NEXT, "an agent is rung while it is being stopped"
        assert not ring.held
        await here.answer(ring)
        await passes(10 * LAG)
        assert ring.offer_id in here.asterisk.waiting, "the first stop was lost"
        await passes(STOP_AGAIN * 3)
        assert caller.held
        assert here.told(Kind.SAID)[-1] == {"text": NEXT, "language": "en", "interrupted": True}
        await here.connect(ring, caller)
        await passes(60)
        assert caller.heard[-1] == NEXT, "nothing is announced to one who talks"
        assert caller.talking


@fake_time
async def test_a_caller_who_meets_a_ready_agent_is_not_told_to_wait() -> None:
    async with hall() as here:
        here.sign_in()
        caller = here.caller()
        await settles()
        caller.press("1")
        await passes(10 * LAG)
        assert not {HOLD, NOBODY} & set(caller.heard)
        assert caller.held
        assert len(here.asterisk.legs) == 1


@fake_time
async def test_an_announcement_that_is_due_while_another_plays_is_told_after_it() -> None:
    async with hall() as here:
        caller = await here.told_to_wait()
        here.switchboard.announce(Announce(here.call().id, 1, None))
        await passes(PROMPT)
        assert caller.playing == NEXT
        await passes(PROMPT + LAG)
        assert caller.held
        await passes(30 - PROMPT)
        assert len(here.told(Kind.ANNOUNCED)) == 1, "that nobody is there; it is told once"


@fake_time
async def test_announcements_come_again_and_the_engine_is_told_that_they_are_over() -> None:
    async with hall() as here:
        here.takes_a_break()
        first = await here.queued("a")
        caller = await here.queued("b")
        await passes(40)
        first.hang_up()
        await passes(60)
        assert caller.heard[1:] == [HOLD, "There is one person before you.", NEXT], "each once"
        assert caller.held


@fake_time
async def test_a_call_is_sent_on_hears_why_and_waits_elsewhere() -> None:
    async with hall() as here:
        caller = await here.queued()
        await passes(300)
        assert caller.heard[-2:] == ["Too long", NOBODY]
        await passes(2 * PROMPT)
        assert (here.waiting("trees"), here.waiting("general")) == (0, 1)
        assert caller.held
        kicks = len(here.asterisk.kicks)
        here.sign_in("2201")
        ring = await here.rung()
        assert (ring.agent_id, ring.whisper) == ("2201", ())
        assert len(here.asterisk.kicks) == kicks


@fake_time
async def test_a_call_that_is_sent_on_as_it_enters_is_never_held_in_the_first_queue() -> None:
    async with hall() as here:
        caller = here.caller()
        await passes(1)
        caller.press("4")
        await passes(3 * PROMPT)
        assert caller.heard[1:] == [NOBODY]
        assert here.waiting("general") == 1
        assert caller.held
        assert here.asterisk.kicks == [], "nor kicked out of the second"


@fake_time
async def test_keys_in_the_queue_are_noted_and_choose_nothing() -> None:
    async with hall() as here:
        caller = await here.queued()
        for key in "77":
            caller.press(key)
        await passes(1)
        assert here.told(Kind.KEY_PRESSED)[1:] == [{"key": "7", "menu": ""}] * 2
        await passes(300)
        assert "Too long" in caller.heard
        assert [data["interrupted"] for data in here.told(Kind.SAID) if data["text"] == "Too long"] == [False]


@fake_time
async def test_a_blind_transfer_lets_go_of_the_channel_and_of_a_call_that_does_not_come_back() -> None:
    async with hall() as here:
        caller, ring = await talks(here)
        caller.sent_elsewhere()
        ring.is_over()
        await settles()
        await passes(LAG)
        assert not caller.served
        assert here.state() is AgentState.READY
        assert caller.id in here.watched, "it may come to a new session"
        await passes(LAST_WORDS)
        assert caller.id not in here.watched
        assert ended(here) == ("agent", None)


@fake_time
async def test_a_caller_who_is_rung_for_and_comes_in_a_new_session_is_held_at_once() -> None:
    """The channel says that no agent's leg has taken the caller: there is nothing to wait for."""
    async with hall() as here:
        caller = await here.told_to_wait()
        caller.deaf_to_stops = 1_000
        here.sign_in()
        await here.rung()
        caller.session_breaks()
        await settles()
        here.lets_in()
        await settles()
        assert caller.held
        caller.hang_up()


# --- offers that come to nothing, late


@fake_time
async def test_the_end_of_an_earlier_leg_does_not_end_the_talk_with_another_agent() -> None:
    async with hall() as here:
        caller = await here.queued()
        here.sign_in("1001")
        first = await here.rung()
        here.asterisk.deaf.add("Hangup")
        await passes(25)  # Asterisk never says that the ring is over
        assert here.asterisk.cancelled == [first.offer_id]
        here.sign_in("1002")
        await passes(1)
        _, second = here.asterisk.legs.values()
        await here.answer(second)
        await here.connect(second, caller)
        await passes(5)
        first.is_over()
        await passes(5)
        assert caller.talking
        talking = here.engine.queue_view("trees", here.distributor.clock.now()).talking
        assert talking == 1
        await here.agent_hangs_up(second, caller)
        await here.over()
        assert ended(here) == ("agent", None)


@fake_time
async def test_a_leg_that_bridges_though_its_offer_is_dead_is_hung_up_and_the_caller_waits_on() -> None:
    async with hall() as here:
        caller, ring = await rings(here)
        await here.answer(ring)
        await passes(60)  # longer than a bridge may take
        assert here.asterisk.cancelled == [ring.offer_id]
        await here.connect(ring, caller)
        await settles()
        assert here.asterisk.cancelled == [ring.offer_id] * 2
        assert here.waiting() == 1
        await here.agent_hangs_up(ring, caller)
        await passes(1)
        assert caller.held
        assert Kind.CALL_FINISHED not in here.kinds()
        assert here.waiting() == 1


@fake_time
async def test_a_caller_who_has_left_the_holding_bridge_is_not_rung_for_as_if_still_there() -> None:
    """A leg that came too late took the caller out, and is gone; the caller's session broke, and AGI is away."""
    async with hall() as here:
        caller = await here.queued()
        assert here.call().machine.leg.held
        caller.session_breaks()
        caller.out()
        await here.heard()
        here.sign_in()
        ring = await here.rung()
        assert not ring.held
        here.lets_in()
        await passes(1)
        assert ring.offer_id not in here.asterisk.waiting
        caller.hang_up()


# --- an agent who has called a queue


@pytest.mark.parametrize("session", [True, False])
@pytest.mark.parametrize("agi_first", [True, False])
@fake_time
async def test_a_caller_completed_to_a_queue_that_the_agent_has_called_waits_there(
    session: bool, agi_first: bool
) -> None:
    async with hall() as here:
        caller, ring = await rings(here)
        await here.answer(ring)
        await here.connect(ring, caller)
        here.distributor.tell(StateRequested("1001", AgentState.NOT_READY, Actor.agent("1001")))  # after this call
        agent = here.caller("caller-2", extension="6001", arg_6="1001")
        await passes(2 * PROMPT)
        assert agent.held
        heard = len(caller.heard)
        if not session:
            caller.session_breaks()
            await settles()
        if agi_first:
            agent.sent_elsewhere()
            await settles()
        here.asterisk.hands_over(ring.offer_id, agent)
        agent.hang_up()
        await here.agent_hangs_up(ring)
        await passes(1)
        here.lets_in()
        await passes(1)
        assert caller.heard[heard:] == [HOLD]
        assert here.waiting() == 1
        assert [told["by"] for told in here.told(Kind.TALK_ENDED)] == ["agent"]
        assert here.told(Kind.TRANSFERRED) == [{"how": "consult", "to": {"queue": "trees"}}]
        caller.hang_up()
        await passes(1)
        assert [told["by"] for told in here.told(Kind.CALL_FINISHED)] == ["caller", "caller"]


@pytest.mark.parametrize("by", ["1001", "1002"])
@fake_time
async def test_who_was_handed_over_while_the_link_was_down_waits_where_the_agent_of_the_talk_waited(by: str) -> None:
    async with hall() as here:
        caller, ring = await rings(here)
        await here.answer(ring)
        await here.connect(ring, caller)
        here.distributor.tell(StateRequested("1001", AgentState.NOT_READY, Actor.agent("1001")))
        agents = [here.caller(f"caller-{one}", extension="6001", arg_6=one) for one in ("1001", "1002")]
        await passes(2 * PROMPT)
        heard = len(caller.heard)
        await here.link_down()
        ring.is_over()
        for agent in agents:
            agent.hang_up()
        caller.held, caller.talking = True, False
        caller.variables["ATTENDEDTRANSFER"] = f"PJSIP/{by}-0000000b"
        await here.link_up()
        await passes(1)
        assert caller.heard[heard:] == [HOLD if by == "1001" else "Goodbye"]
        assert caller.variables["ATTENDEDTRANSFER"] == ("" if by == "1001" else "PJSIP/1002-0000000b")
        caller.hang_up()


@fake_time
async def test_a_caller_who_waits_beside_an_agent_is_not_handed_over() -> None:
    async with hall() as here:
        caller = await here.queued()
        other = here.caller("caller-2", extension="6001", arg_6="1001")
        await passes(2 * PROMPT)
        here.asterisk.hands_over("elsewhere", other, caller.id)
        await passes(1)
        assert caller.held
        assert here.told(Kind.ROUTED) == []
