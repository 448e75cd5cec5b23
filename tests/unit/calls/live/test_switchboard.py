"""What the switchboard does with calls, rings and versions of the hotline that no call's life shows."""

import pytest

from acd.effects import Announce, LeaveQueue, RingAgent
from acd.events import CallQueued, HotlineChanged, OfferFailure
from acd.model import Strategy
from agents.states import AgentState, PhoneState
from base.tasks import Work
from calls.events import QueueLeft
from calls.live.rings import robot
from dialplan.news import News
from hotline.edition import Edition
from hotline.model import Hotline
from ivr.model import HangUp, ToQueue, ToSubHotline
from journal.actor import SYSTEM
from journal.records import Kind
from sounds.catalogue import Unspoken
from sounds.model import Phrase, Speech
from tests.unit.asterisk.asterisk import LAG
from tests.unit.asterisk.caller import PROMPT, Caller
from tests.unit.asterisk.leg import Leg
from tests.unit.faketime import fake_time, passes, settles
from tests.unit.service.calling import HOLD, NEXT, FakeCatalogue, Hall, hall
from tests.unit.service.dying import talks
from tests.unit.service.small import hotline


class Mute(FakeCatalogue):
    """The whisper was never built, nor what the robot agent says."""

    def files(self, speech: Speech, language: str) -> list[str]:
        paths = super().files(speech, language)
        if "A tree" in paths:
            raise Unspoken(self.clip(language, "A tree"))
        if Phrase("robot-agent") in speech:
            raise Unspoken(self.clip(language, "robot"))
        return paths


class Forging(FakeCatalogue):
    """The path of the whisper cannot be sent to Asterisk."""

    def files(self, speech: Speech, language: str) -> list[str]:
        return [f"{path}\n" for path in super().files(speech, language)]


def ringing_all() -> Hotline:
    small = hotline()
    trees = small.queues["trees"].model_copy(update={"strategy": Strategy.RING_ALL})
    return small.model_copy(update={"queues": {**small.queues, "trees": trees}})


def without(queue: str) -> Hotline:
    small = hotline()
    return small.model_copy(update={"queues": {name: q for name, q in small.queues.items() if name != queue}})


@fake_time
async def test_what_is_told_of_strangers_changes_nothing() -> None:
    async with hall() as here:
        board = here.switchboard
        board.key_pressed("nobody", "1")
        board.caller_news("nobody", News.HELD)
        board.caller_hung_up("nobody")
        board.offer_answered("o-9")
        board.offer_connected("o-9")
        board.offer_failed("o-9", OfferFailure.BUSY)
        board.leg_hung_up("o-9")
        board.phone_changed("9999", PhoneState.FREE)
        board.announce(Announce("c-9", 1, None))
        board.leave_queue(LeaveQueue("c-9", "trees", 0, HangUp(hangup=True)))
        await passes(1)
        assert here.asterisk.legs == {}
        assert here.kinds() == []


@fake_time
async def test_channels_that_end_are_told_on() -> None:
    async with hall() as here:
        gone: list[str] = []
        here.switchboard.channel_gone = gone.append
        here.switchboard.channel_gone("x-1")
        assert gone == ["x-1"]


@fake_time
async def test_a_phone_that_is_told_of_is_known_to_the_engine() -> None:
    async with hall() as here:
        here.asterisk.device("1001", "INUSE")
        await here.heard()
        assert here.engine.agent_view("1001").phone is PhoneState.BUSY


@fake_time
async def test_a_ring_for_a_call_that_has_no_life_here_fails_at_once() -> None:
    async with hall() as here:
        here.sign_in()
        here.distributor.tell(CallQueued("c-lost", "trees", "en"))
        await settles()
        assert here.asterisk.legs == {}
        (failed,) = here.told(Kind.OFFER_FAILED)
        assert failed["reason"] == "failed"


@fake_time
async def test_a_whisper_that_is_missing_does_not_stop_the_ring() -> None:
    async with hall() as here:
        here.edition = Edition(hotline(), Mute())
        await here.queued()
        here.sign_in()
        assert (await here.rung()).whisper == ()


def test_a_robot_agent_whose_words_are_missing_is_rung_and_says_nothing() -> None:
    assert robot(Edition(hotline(), Mute()), "en") == ()


@fake_time
async def test_a_ring_that_cannot_be_made_fails_alone() -> None:
    async with hall() as here:
        caller = await here.queued()
        whole, here.edition = here.edition, Edition(hotline(), Forging())
        here.sign_in()
        await passes(1)
        (failed,) = here.told(Kind.OFFER_FAILED)
        assert failed["reason"] == "failed"
        assert caller.held
        here.mistakes[Work.RING] = 1
        here.edition = whole
        await passes(5)
        assert (await here.rung()).caller == caller.id


@fake_time
async def test_of_two_who_answer_the_first_is_let_through_and_the_other_hung_up() -> None:
    async with hall() as here:
        here.edition = Edition(ringing_all(), here.edition.catalogue)
        ringing = here.edition.hotline
        here.distributor.tell(HotlineChanged(ringing.queues, ringing.agents, ringing.version, SYSTEM))
        for agent_id in ("1001", "1002"):
            here.sign_in(agent_id)
        await here.queued()
        one, other = here.asterisk.legs.values()
        assert (one.beside, other.beside) == (True, True)
        await here.answer(other)
        await here.answer(one)
        await settles()
        assert here.asterisk.let_through == [other.offer_id]
        assert set(here.asterisk.cancelled) == {one.offer_id}


@pytest.mark.parametrize("stays", [True, False])
@fake_time
async def test_a_leg_that_is_rung_early_may_take_the_caller_who_is_held_and_stays(stays: bool) -> None:
    async with hall() as here:
        caller = await here.queued()
        here.asterisk.lag = 1
        here.switchboard.announce(Announce(here.call().id, 1, None))  # the caller leaves the bridge for it
        await passes(0.5)
        here.switchboard.ring_agent(RingAgent("o-1", here.call().id, "1001", "trees", 15))
        here.switchboard.ring_agent(RingAgent("o-2", here.call().id, "1002", "trees", 15))
        await passes(0.1)
        assert here.asterisk.waiting == {"o-1", "o-2"}
        if not stays:
            here.call().tell(QueueLeft(ToQueue(queue="general"), here.edition))
        await passes(1)
        assert len(here.asterisk.kicks) == (1 if stays else 2)
        assert here.asterisk.waiting == (set() if stays else {"o-1", "o-2"}), "held, but only to be brought back"
        assert caller.held is stays


@fake_time
async def test_a_match_takes_back_an_announcement_that_has_not_begun() -> None:
    async with hall() as here:
        caller = here.caller()
        await settles()
        caller.press("1")
        here.asterisk.lag = 1
        await passes(PROMPT + 0.5)
        assert caller.held, "though AMI has not said so"
        here.switchboard.announce(Announce(here.call().id, 1, None))
        here.sign_in()
        await passes(2)
        assert here.asterisk.kicks == []
        assert NEXT not in caller.heard
        assert len(here.asterisk.legs) == 1


@fake_time
async def test_a_caller_who_was_rung_for_instead_of_told_the_position_is_told_the_next_time() -> None:
    """AMI lags: the announcement and the match are due before AMI tells that the caller is held."""
    async with hall() as here:
        here.takes_a_break()
        caller = here.caller()
        await settles()
        here.asterisk.lag = 40.0
        caller.press("1", ami=False)
        await passes(35)
        assert caller.held
        assert here.told(Kind.ANNOUNCED)
        assert NEXT not in caller.heard
        here.sign_in()
        ring = await here.rung()
        await here.fail(ring, "declined")
        await passes(60)
        assert NEXT in caller.heard
        caller.hang_up()
        await here.over()


@fake_time
async def test_a_ring_for_a_queue_that_the_caller_has_left_fails() -> None:
    async with hall() as here:
        await here.queued()
        here.switchboard.ring_agent(RingAgent("o-1", here.call().id, "1001", "general", 15))
        await passes(1)
        assert here.asterisk.legs == {}


@fake_time
async def test_a_call_is_sent_on_in_the_version_that_has_the_rule() -> None:
    async with hall() as here:
        caller = await here.queued()
        call, began = here.call(), here.edition
        here.edition = Edition(hotline(), FakeCatalogue())
        here.switchboard.leave_queue(LeaveQueue(call.id, "trees", 0, ToSubHotline(sub_hotline="bureau")))
        await passes(1)
        assert call.edition is here.edition
        assert call.edition is not began
        assert caller.heard[-1] == "We are connecting you to"


@fake_time
async def test_a_call_of_a_trial_keeps_its_version_when_a_queue_sends_it_on_and_others_get_the_one_in_use() -> None:
    async with hall() as here:
        here.editions.trial, asked = Edition(hotline(), FakeCatalogue()), []

        def tries(caller: str) -> bool:
            asked.append(caller)
            return True

        here.editions.tries = tries
        await here.queued()
        call = here.call()
        assert call.edition is here.editions.trial
        assert asked == [call.machine.arrival.caller]
        here.switchboard.leave_queue(LeaveQueue(call.id, "trees", 0, ToSubHotline(sub_hotline="bureau")))
        await passes(1)
        assert call.edition is here.editions.trial
        here.editions.trial = None
        here.switchboard.leave_queue(LeaveQueue(call.id, "trees", 0, ToSubHotline(sub_hotline="bureau")))
    async with hall() as here:
        here.editions.trial = Edition(hotline(), FakeCatalogue())
        await here.queued()
        assert here.call().edition is here.edition, "nobody is chosen"


@fake_time
async def test_a_call_in_a_queue_that_is_gone_is_sent_on_in_the_version_that_took_it_out() -> None:
    async with hall() as here:
        caller = await here.queued()
        call, began = here.call(), here.edition
        here.edition = Edition(without("trees"), FakeCatalogue())
        here.switchboard.leave_queue(LeaveQueue(call.id, "trees", None, ToSubHotline(sub_hotline="bureau")))
        await passes(1)
        assert call.edition is here.edition
        assert call.edition is not began
        assert caller.heard[-1] == "We are connecting you to"


@fake_time
async def test_the_same_channel_comes_back_before_its_first_call_is_over() -> None:
    async with hall() as here:
        first = await here.queued()
        call = here.call()
        first.session_breaks()
        first.comes_in()  # the dialplan was quicker than we
        await passes(1)
        assert here.call() is call
        assert (first.served, call.channel.attached) == (True, True)
        assert here.watched == {first.id}
        assert len(here.switchboard) == 1


@pytest.mark.parametrize("agents", [("1001",), ("1001", "1002")])
@fake_time
async def test_many_callers_and_few_agents(agents: tuple[str, ...]) -> None:
    async with hall() as here:
        callers = {name: await here.queued(name) for name in ("a", "b", "c")}
        for agent_id in agents:
            here.sign_in(agent_id)
        served = []
        for _ in callers:
            await passes(1)
            ring = next(iter(here.asterisk.legs.values()))
            caller = callers[ring.caller]
            await here.answer(ring)
            await here.connect(ring, caller)
            await passes(5)
            await here.agent_hangs_up(ring, caller)
            await here.over(caller.id)
            served.append(caller.id)
        assert served == ["a", "b", "c"]
        assert [here.state(agent_id) for agent_id in agents] == [AgentState.READY] * len(agents)
        assert all(caller.heard[-1] == "Goodbye" for caller in callers.values())


@fake_time
async def test_a_waiting_caller_is_told_of_a_position_behind_others() -> None:
    async with hall() as here:
        here.takes_a_break()
        await here.queued("a")
        second = await here.queued("b")
        third = await here.queued("c")
        await passes(30)
        assert second.heard[2] == "There is one person before you."
        assert third.heard[2] == "There are two people before you."
        assert second.heard[1] == HOLD
        await passes(3 * PROMPT)
        assert second.held


# --- one phone joins two calls


async def asks_through_the_queue(here: Hall, ring: Leg) -> Caller:
    """The agent who talks calls the queue, and talks with 1002. Returns the agent's own call."""
    asking = here.caller("caller-2", extension="6001", arg_6="1001")
    await passes(1)
    here.sign_in("1002")
    await passes(10 * LAG)
    (asked,) = (leg for leg in here.asterisk.legs.values() if leg is not ring)
    await here.answer(asked)
    await here.connect(asked, asking)
    return asking


@fake_time
async def test_a_caller_who_was_moved_into_the_queue_as_an_agent_was_connected_from_it_waits_there() -> None:
    """Asterisk held the caller, and the leg of the agent who had just picked up lost its other channel."""
    async with hall() as here:
        _, ring = await talks(here)
        asking = await asks_through_the_queue(here, ring)
        here.asterisk.hands_over(ring.offer_id, asking)
        await passes(10 * LAG)
        assert here.told(Kind.TRANSFERRED) == [{"how": "consult", "to": {"queue": "trees"}}]
        assert here.asterisk.kicks == ["PJSIP/anonymous-caller-1"], "to be told, and to wait"
