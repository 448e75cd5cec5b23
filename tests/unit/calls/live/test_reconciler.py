"""Asterisk comes and goes while calls live: how long it is waited for, and each look around when it can be asked."""

import pytest

from agents.states import AgentState
from calls.events import Missing
from calls.leg import ABSENCE, FAREWELL, LAST_WORDS
from calls.live.reconciler import COMPARE, LOOK_AGAIN
from calls.live.snapshot import Recollection
from journal.records import Kind
from tests.unit.asterisk.caller import PROMPT
from tests.unit.faketime import fake_time, passes
from tests.unit.service.calling import hall
from tests.unit.service.dying import APOLOGY, rings, story


@pytest.mark.parametrize(("uptime", "cause"), [(2.0, "asterisk-ended"), (86_400.0, "hung-up-unseen")])
@fake_time
async def test_whether_asterisk_was_restarted_meanwhile_says_its_uptime(uptime: float, cause: str) -> None:
    async with hall() as before:
        caller = await before.queued()
        await before.dies()
        caller.hang_up()
        await passes(5)
        async with before.restarted() as here:
            await here.link_up(uptime=uptime)
            await passes(1)
            (finished,) = here.told(Kind.CALL_FINISHED)
            assert finished["cause"] == cause
            assert finished.get("outcome") == ("lost" if cause == "asterisk-ended" else None)


@fake_time
async def test_a_call_from_before_asterisk_began_was_taken_by_its_end_though_much_was_recorded_since() -> None:
    async with hall() as before:
        caller = await before.queued()
        await before.link_down()
        await passes(10)
        caller.hung_up = True  # Asterisk is killed, and begins again
        await passes(10)
        before.sign_in()
        async with before.restarted() as here:
            await here.link_up(uptime=8.0)
            await passes(1)
            assert here.told(Kind.CALL_FINISHED) == [{"by": "system", "outcome": "lost", "cause": "asterisk-ended"}]


@fake_time
async def test_callers_are_not_waited_for_without_end_while_asterisk_is_away() -> None:
    async with hall() as before:
        await before.queued()
        async with before.restarted() as here:
            await passes(ABSENCE - 1)
            assert len(here.switchboard) == 1
            await passes(2)
            assert len(here.switchboard) == 0
            assert here.told(Kind.CALL_FINISHED)[0]["cause"] == Missing.ASTERISK_AWAY


@fake_time
async def test_a_waiting_caller_keeps_the_place_though_asterisk_cannot_be_asked_for_minutes() -> None:
    async with hall() as before:
        caller = await before.queued()
        async with before.restarted() as here:
            await passes(4 * FAREWELL)
            await here.adopts()
            await passes(3 * PROMPT)
            assert (caller.held, here.waiting(), APOLOGY in caller.heard) == (True, 1, False)
            assert story(here)["queued"] == 1
            caller.hang_up()


@fake_time
async def test_a_caller_who_is_gone_is_given_up_sooner_while_asterisk_cannot_be_asked() -> None:
    async with hall() as here:
        caller = await here.queued()
        await here.link_down()
        caller.hang_up()
        await passes(FAREWELL - 1)
        assert len(here.switchboard) == 1
        await passes(2)
        assert len(here.switchboard) == 0
        assert here.told(Kind.CALL_FINISHED) == [{"by": "caller", "cause": "hung-up-unseen"}]


@fake_time
async def test_a_link_that_breaks_in_the_middle_changes_no_call_and_the_next_one_adopts() -> None:
    async with hall() as before:
        caller, ring = await rings(before)
        async with before.restarted() as here:
            here.asterisk.meanwhile = here.asterisk.link_breaks
            await here.link_up()
            await passes(1)
            assert len(here.switchboard) == 1
            assert here.engine.blind
            here.asterisk.deaf.add("Status")
            await here.link_up()
            await passes(1)
            await here.link_down()
            here.asterisk.deaf.clear()
            await passes(1)
            await here.adopts()
            await here.answer(ring)
            await here.connect(ring, caller)
            assert here.state() is AgentState.ON_CALL
            await passes(ABSENCE)
            assert len(here.switchboard) == 1


@fake_time
async def test_a_caller_who_hangs_up_in_the_look_around_and_was_in_its_list_is_gone_soon() -> None:
    async with hall() as here:
        caller, _ = await rings(here)
        await here.link_down()
        await here.link_up()
        here.asterisk.meanwhile = caller.hang_up
        await passes(LAST_WORDS + 1)
        assert [told["why"] for told in here.told(Kind.LEFT_QUEUE)] == ["hung-up"]
        assert len(here.switchboard) == 0


@fake_time
async def test_a_call_that_was_transferred_while_the_link_was_away_is_over_when_it_is_back() -> None:
    async with hall() as here:
        caller, ring = await rings(here)
        await here.answer(ring)
        await here.connect(ring, caller)
        await here.link_down()
        caller.sent_elsewhere()
        ring.is_over()
        await passes(1)
        assert len(here.switchboard) == 1
        await here.link_up()
        await passes(1)
        assert len(here.switchboard) == 0
        assert [told["by"] for told in here.told(Kind.TALK_ENDED)] == ["agent"]
        assert here.told(Kind.CALL_FINISHED) == [{"by": "agent"}]


@fake_time
async def test_a_caller_who_went_to_the_fallback_while_the_service_was_away_is_not_rung_for() -> None:
    """The caller waited and was just told something: long without a session, the dialplan dials the fallback itself."""
    async with hall() as before:
        caller = await before.told_to_wait()
        await before.dies()
        caller.knocks, caller.dialled = False, "PJSIP/2200"
        async with before.restarted() as here:
            await here.adopts()
            here.sign_in()
            await passes(60)
            assert (here.asterisk.legs, here.waiting(), len(here.switchboard)) == ({}, 0, 0)


@fake_time
async def test_two_looks_at_once_adopt_once() -> None:
    async with hall() as before:
        _, ring = await rings(before)
        await before.dies()
        ring.answers()
        async with before.restarted() as here:
            await passes(COMPARE - 6)
            here.asterisk.lag = 4.0
            here.asterisk.meanwhile = here.asterisk.asked.clear  # the list takes two lags
            await here.link_up()
            await passes(20)
            assert [action.name for action in here.asterisk.asked].count("Status") >= 2
            assert here.kinds().count(Kind.OFFER_ANSWERED) == 1


@fake_time
async def test_a_list_that_does_not_come_in_time_is_asked_for_again_soon() -> None:
    async with hall() as before:
        await before.queued()
        async with before.restarted() as here:
            here.asterisk.refused.add("Status")
            await here.link_up()
            await passes(1)
            assert here.engine.blind
            here.asterisk.refused.clear()
            await passes(LOOK_AGAIN)
            assert not here.engine.blind
            assert here.call().id


@pytest.mark.parametrize("asked", ["as it breaks", "before"])
@fake_time
async def test_a_link_that_is_back_is_asked_at_once_though_the_look_before_came_to_nothing(asked: str) -> None:
    async with hall() as before:
        await before.queued()
        async with before.restarted() as here:
            if asked == "before":
                here.asterisk.refused.add("Status")
            else:
                here.asterisk.meanwhile = here.asterisk.link_breaks
            await here.link_up()
            await passes(1)
            await here.link_down()
            here.asterisk.refused.clear()
            await here.link_up()
            await passes(1)
            assert not here.engine.blind
            await passes(2 * LOOK_AGAIN)


@pytest.mark.parametrize("back", [False, True])
@fake_time
async def test_a_look_that_a_break_overtook_does_not_say_that_all_is_known(back: bool) -> None:
    async with hall() as before:
        await before.queued()
        async with before.restarted(before=Recollection()) as here:

            def breaks() -> None:
                here.asterisk.link_breaks()
                if back:
                    here.asterisk.refused.add("Status")
                    here.asterisk.does(here.asterisk.listens_again())

            here.asterisk.instead["BridgeKick"] = breaks
            await here.link_up()
            await passes(1)
            assert here.engine.blind
            here.asterisk.refused.clear()


@fake_time
async def test_the_link_of_a_service_that_stops_rings_nobody_as_it_is_closed() -> None:
    async with hall() as here:
        caller = await here.queued(key="0")
        here.sign_in("2201")
        ring = await here.rung()
        await here.answer(ring)
        await here.connect(ring, caller)
        await here.agent_hangs_up(ring, caller)
        waiting = await here.queued("caller-2", key="0")
        here.distributor.close()
        await passes(40)
        assert here.state("2201") is AgentState.WRAP_UP, "nothing has told the engine how late it is"
        here.reconciler.close()
        await here.link_down()
        await passes(1)
        assert here.kinds().count(Kind.OFFERED) == 1
        waiting.hang_up()
