"""Asterisk comes and goes while calls live: how long it is waited for, and each look around when it can be asked."""

from typing import Any

import pytest

from acd.effects import Announce
from acd.records import Kind
from agents.states import AgentState
from dialplan.ami import AmiMessage
from dialplan.link import LinkDown
from service.absence import ABSENCE, FAREWELL
from service.call import LAST_WORDS, Missing
from service.line import COMING
from service.presence import LOOK_AGAIN
from service.snapshot import Recollection
from tests.unit.faketime import fake_time, freezes, passes, settles
from tests.unit.service.asterisk import LAG, PROMPT
from tests.unit.service.calling import HOLD, NEXT, hall
from tests.unit.service.dying import APOLOGY, rings, story, whole
from tests.unit.service.test_adoption import put_through


@pytest.mark.parametrize(("uptime", "cause"), [(2.0, "asterisk-ended"), (86_400.0, "hung-up-unseen")])
@fake_time
async def test_whether_asterisk_was_restarted_meanwhile_says_its_uptime(uptime: float, cause: str) -> None:
    async with hall() as before:
        caller = await before.queued()
        await before.dies()
        caller.hang_up()
        await passes(5)
        async with before.restarted() as here:
            here.link_up(uptime=uptime)
            await passes(1)
            (finished,) = here.told(Kind.CALL_FINISHED)
            assert finished["cause"] == cause
            assert finished.get("outcome") == ("lost" if cause == "asterisk-ended" else None)


@fake_time
async def test_who_called_before_asterisk_began_was_taken_by_its_end_though_much_was_recorded_since() -> None:
    async with hall() as before:
        caller = await before.queued()
        before.link_down()
        caller.ears = None
        await passes(10)
        caller.hung_up = True  # Asterisk is killed, and begins again
        await passes(10)
        before.sign_in()
        async with before.restarted() as here:
            here.link_up(uptime=8.0)
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
async def test_who_waits_keeps_his_place_though_asterisk_cannot_be_asked_for_minutes() -> None:
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
async def test_who_talked_and_hung_up_before_it_was_noticed_that_the_link_is_half_open() -> None:
    async with hall() as here:
        here.link_up()
        await passes(1)
        caller, ring = await rings(here)
        caller.ears = None
        caller.taken_out(ring.offer_id)
        here.asterisk.words[here.call().id] = ring.offer_id
        here.telephony.leg_ended(ring.offer_id)
        caller.hang_up()  # AGI alone says so
        await passes(1)
        assert here.told(Kind.LEFT_QUEUE) == []
        here.link_down()
        await passes(LAST_WORDS)
        here.link_up(uptime=90_000)
        await passes(1)
        assert here.told(Kind.TALK_ENDED)[0]["by"] == "caller"
        assert here.told(Kind.CALL_FINISHED) == [{"by": "caller", "cause": "hung-up-unseen"}]
        assert here.state() is AgentState.READY


@fake_time
async def test_who_is_gone_is_given_up_sooner_while_asterisk_cannot_be_asked() -> None:
    async with hall() as here:
        caller = await here.queued()
        here.link_down()
        caller.ears = None
        caller.hang_up()
        await passes(FAREWELL - 1)
        assert len(here.switchboard) == 1
        await passes(2)
        assert len(here.switchboard) == 0
        assert here.told(Kind.CALL_FINISHED) == [{"by": "caller", "cause": "hung-up-unseen"}]


@fake_time
async def test_a_link_that_breaks_in_the_middle_leaves_everybody_where_he_is_and_the_next_one_adopts() -> None:
    async with hall() as before:
        caller, ring = await rings(before)
        async with before.restarted() as here:
            here.asterisk.before_list = here.link_down
            here.link_up()
            await passes(1)
            assert len(here.switchboard) == 1
            assert not here.presence._looked_around.is_set()
            here.asterisk.list_fails = LinkDown("it broke")
            here.link_up()
            await passes(1)
            here.link_down()
            here.asterisk.list_fails = None
            await passes(1)
            await here.adopts()
            here.answer(ring)
            here.connect(ring, caller)
            assert here.state() is AgentState.ON_CALL
            await passes(ABSENCE)
            assert len(here.switchboard) == 1


@pytest.mark.parametrize("ends", ["away", "before the look"])
@fake_time
async def test_a_talk_that_nobody_saw_is_told_though_the_look_around_is_quicker_than_its_caller(ends: str) -> None:
    """His session broke, and so did the link: he is on his way to a new one."""
    async with hall() as before:
        caller, ring = await rings(before)
        before.sign_in("1002")
        async with before.restarted() as here:
            await here.adopts()
            here.link_down()
            leg = here.asterisk.legs[ring.offer_id]
            leg.up, leg.caller = True, caller
            caller.taken_out(ring.offer_id)
            await passes(5)
            if ends != "away":
                here.link_up()
            del here.asterisk.legs[ring.offer_id]
            caller.given_back()
            if ends == "away":
                here.link_up()
                await passes(1)
            here.lets_in()
            await here.over()
            assert (caller.heard[-1], here.telephony.rings) == ("Goodbye", {})
            assert story(here) == whole(queued=1, connected=1, talk_ended=1)
            assert (here.told(Kind.OFFER_FAILED), here.state()) == ([], AgentState.READY)


@fake_time
async def test_who_talked_unseen_and_hangs_up_before_the_look_around_has_not_given_up() -> None:
    async with hall() as here:
        here.link_up()
        await passes(1)
        caller, ring = await rings(here)
        here.link_down()
        caller.taken_out(ring.offer_id)
        await passes(5)
        here.asterisk.words[here.call().id] = ring.offer_id
        here.telephony.leg_ended(ring.offer_id)
        here.link_up(uptime=90_000)
        here.asterisk.before_list = lambda: here.switchboard.caller_ended(caller.id)
        caller.talking = False
        caller.hang_up()
        here.switchboard.caller_hung_up(caller.id)
        await passes(LAST_WORDS + 1)
        assert here.told(Kind.LEFT_QUEUE) == []
        assert here.told(Kind.CALL_FINISHED) == [{"by": "caller", "cause": "hung-up-unseen"}]
        assert story(here) == whole(queued=1, connected=1, talk_ended=1)


@fake_time
async def test_who_hangs_up_in_the_look_around_and_was_in_its_list_is_gone_soon() -> None:
    async with hall() as here:
        here.link_up()
        await passes(1)
        caller, ring = await rings(here)
        here.link_down()
        here.link_up()

        def hangs_up() -> None:
            caller.hang_up()
            here.switchboard.caller_ended(caller.id)

        here.asterisk.before_list = hangs_up
        await passes(LAST_WORDS + 1)
        assert [told["why"] for told in here.told(Kind.LEFT_QUEUE)] == ["hung-up"]
        assert len(here.switchboard) == 0
        here.telephony.leg_ended(ring.offer_id)


@fake_time
async def test_who_was_transferred_while_the_link_was_away_is_over_when_it_is_back() -> None:
    async with hall() as here:
        caller, ring = await rings(here)
        here.answer(ring)
        here.connect(ring, caller)
        here.link_down()
        caller.sent_elsewhere()
        here.telephony.leg_ended(ring.offer_id)
        await passes(1)
        assert len(here.switchboard) == 1
        here.link_up()
        await passes(1)
        assert len(here.switchboard) == 0
        assert [told["by"] for told in here.told(Kind.TALK_ENDED)] == ["agent"]
        assert here.told(Kind.CALL_FINISHED) == [{"by": "agent"}]


@fake_time
async def test_who_went_to_the_fallback_while_the_service_was_away_is_not_rung_for() -> None:
    """He waited, and was just told something: without a session for long the dialplan puts him through by itself."""
    async with hall() as before:
        caller = before.caller()
        await settles()
        caller.press("1")
        await passes(1)
        assert caller.playing == HOLD
        await before.dies()
        caller.knocks, caller.dialled = False, "PJSIP/2200"
        async with before.restarted() as here:
            await here.adopts()
            here.sign_in()
            await passes(60)
            assert (here.telephony.rings, here.waiting(), len(here.switchboard)) == ({}, 0, 0)


@fake_time
async def test_two_looks_at_once_adopt_once() -> None:
    async with hall() as before:
        _, ring = await rings(before)
        async with before.restarted() as here:
            adopted = []
            adopt = here.telephony.adopt

            def once(offer_id: str, *leg: Any, **more: Any) -> None:
                adopted.append(offer_id)
                adopt(offer_id, *leg, **more)

            here.telephony.adopt = once  # type: ignore[method-assign]
            here.link_up()
            await here.presence._look_around()
            assert adopted == [ring.offer_id]


@fake_time
async def test_a_list_that_does_not_come_in_time_is_asked_for_again_soon() -> None:
    async with hall() as before:
        await before.queued()
        async with before.restarted() as here:
            here.asterisk.list_fails = TimeoutError("Asterisk did not answer")
            here.link_up()
            await passes(1)
            assert not here.presence._looked_around.is_set()
            here.asterisk.list_fails = None
            await passes(LOOK_AGAIN)
            assert here.presence._looked_around.is_set()
            assert here.call().id


@pytest.mark.parametrize("asked", ["as it breaks", "before"])
@fake_time
async def test_a_link_that_is_back_is_asked_at_once_though_the_look_before_came_to_nothing(asked: str) -> None:
    async with hall() as before:
        await before.queued()
        async with before.restarted() as here:
            if asked == "before":
                here.asterisk.list_fails = TimeoutError("Asterisk did not answer")
            else:
                here.asterisk.before_list = here.link_down
            here.link_up()
            await passes(1)
            here.link_down()
            here.asterisk.list_fails = None
            here.link_up()
            await passes(1)
            assert here.presence._looked_around.is_set()
            await passes(2 * LOOK_AGAIN)


@pytest.mark.parametrize("back", [False, True])
@fake_time
async def test_a_look_that_a_break_overtook_does_not_say_that_all_is_known(back: bool) -> None:
    async with hall() as before:
        await before.queued()
        async with before.restarted(before=Recollection()) as here:
            kick = here.telephony.kick

            async def breaks(channel: str) -> bool:
                here.telephony.kick = kick  # type: ignore[method-assign]
                here.link_down()
                if back:
                    here.asterisk.list_fails = TimeoutError("it is slow now")
                    here.link_up()
                return False

            here.telephony.kick = breaks  # type: ignore[method-assign]
            here.link_up()
            await passes(1)
            assert not here.presence._looked_around.is_set()
            assert here.engine._floor.blind
            here.asterisk.list_fails = None


@fake_time
async def test_whose_session_s_other_end_is_gone_without_a_word_is_led_to_a_new_one() -> None:
    async with hall() as before:
        caller, held = before.caller(), await before.queued("caller-2")
        await passes(1)
        async with before.restarted() as here:
            caller.knocks = False  # his AGI() waits for a service that was on another machine
            here.link_up()
            await passes(COMING - 1)
            assert here.telephony.led_back == [], "he might just be coming in"
            await passes(2)
            assert here.telephony.led_back == [caller.channel]
            assert held.held
            here.lets_in()
            await passes(3 * PROMPT)
            assert caller.heard[-3:] == [APOLOGY, "Welcome", "Main menu"]
            await passes(3 * COMING)
            assert len(here.telephony.led_back) == 1
            caller.hang_up()
            held.hang_up()


@pytest.mark.parametrize("why", ["announcement", "talk over"])
@fake_time
async def test_so_is_who_comes_out_of_the_holding_bridge_or_a_talk(why: str) -> None:
    async with hall() as before:
        caller = await before.queued()
        async with before.restarted() as here:
            here.link_up()
            await passes(1)
            if why == "announcement":
                here.call().stay.announce(Announce(here.call().id, 1, None, None, None))
                await passes(1)
            else:
                here.sign_in()
                ring = await here.rung()
                here.answer(ring)
                here.connect(ring, caller)
                await passes(1)
                here.agent_hangs_up(ring, caller)
            assert caller.knocks
            caller.knocks = False
            await passes(COMING + 1)
            assert here.telephony.led_back == [caller.channel]
            here.lets_in()
            await passes(PROMPT / 2)
            assert caller.playing == (NEXT if why == "announcement" else "Goodbye")
            caller.hang_up()


@fake_time
async def test_who_talks_is_expected_anew_when_that_is_over() -> None:
    """Five seconds from his leaving the holding bridge he was on his way to the goodbye, and lost it."""
    async with hall() as before:
        caller = await before.queued()
        async with before.restarted() as here:
            here.link_up()
            await passes(1)
            here.sign_in()
            ring = await here.rung()
            here.answer(ring)
            here.switchboard.caller_let_go(caller.id)
            here.connect(ring, caller)
            here.switchboard.caller_taken(caller.id)
            await passes(COMING - 1)
            here.agent_hangs_up(ring, caller)
            caller.knocks = False
            await passes(2)
            assert here.telephony.led_back == []
            caller.knocks = True
            here.lets_in()
            await passes(PROMPT / 2)
            assert caller.playing == "Goodbye"


@fake_time
async def test_who_comes_by_himself_or_hangs_up_is_not_fetched() -> None:
    async with hall() as before:
        callers = [before.caller("caller-1"), before.caller("caller-2")]
        await passes(1)
        async with before.restarted() as here:
            for caller in callers:
                caller.knocks = False
            here.link_up()
            await passes(1)
            callers[0].knocks = True
            here.lets_in()
            callers[1].hang_up()
            await passes(3 * COMING)
            assert here.telephony.led_back == []
            callers[0].hang_up()


@fake_time
async def test_who_comes_in_while_asterisk_is_asked_where_he_is_is_not_fetched() -> None:
    """As after a freeze: what was due in it and what came in it are there in one moment. He would lose his session."""
    async with hall() as before:
        caller = before.caller()
        await passes(1)
        async with before.restarted() as here:
            caller.knocks = False
            lead_back = here.telephony.lead_back

            async def comes_now(*who: str) -> bool:
                caller.knocks = True
                here.lets_in()
                await settles()
                return await lead_back(*who)

            here.telephony.lead_back = comes_now  # type: ignore[method-assign, assignment]
            here.link_up()
            await passes(COMING + 1)
            assert caller.playing == APOLOGY
            assert here.telephony.led_back == []
            caller.hang_up()


@pytest.mark.parametrize("waits", [True, False], ids=["waiting", "goodbye"])
@fake_time
async def test_who_comes_in_while_he_is_led_to_another_session_comes_in_that(waits: bool) -> None:
    """The Redirect is on its way, and breaks off the session in which he has just come."""
    async with hall() as before:
        caller = await before.queued()
        if not waits:
            before.sign_in()
            ring = await before.rung()
            before.answer(ring)
            before.connect(ring, caller)
            await passes(1)
        async with before.restarted() as here:
            here.link_up()
            await passes(1)
            if waits:
                here.call().stay.announce(Announce(here.call().id, 1, None, None, None))
                await passes(1)
            else:
                here.agent_hangs_up(ring, caller)
            caller.knocks = False
            await passes(COMING + LAG / 2)
            caller.knocks = True
            here.lets_in()
            await settles()
            assert caller.playing == (NEXT if waits else "Goodbye")
            heard = len(caller.heard)
            await passes(PROMPT + 1 if waits else LAG)
            assert caller.held == waits
            caller.broken_off()
            await passes(1)
            here.lets_in()
            await passes(1)
            assert caller.heard[heard:] == ([] if waits else ["Goodbye"])
            assert caller.held == waits
            caller.hang_up()
            await here.over()
            assert story(here) == whole(queued=1, **({} if waits else {"connected": 1, "talk_ended": 1}))


@fake_time
async def test_who_was_looked_for_and_not_led_anywhere_is_believed_to_be_gone() -> None:
    """His session broke while he was held. From the next one an agent sends him to a colleague: AGI alone tells."""
    async with hall() as here:
        caller = await here.queued()
        caller.session.close()
        await passes(COMING + 1)
        assert (caller.held, here.telephony.led_back) == (True, [])
        here.call().stay.announce(Announce(here.call().id, 1, None, None, None))
        await passes(1)
        here.lets_in()
        await passes(PROMPT)
        here.sign_in()
        ring = await here.rung()
        here.answer(ring)
        here.connect(ring, caller)
        await passes(5)
        caller.sent_elsewhere()
        here.agent_hangs_up(ring)
        await passes(LAST_WORDS + 1)
        assert len(here.switchboard) == 0


@fake_time
async def test_who_was_due_while_the_service_was_frozen_has_time_to_come_in() -> None:
    async with hall() as before:
        caller = before.caller()
        await passes(1)
        async with before.restarted() as here:
            caller.knocks = False
            here.link_up()
            await passes(1)
            freezes(2 * COMING)
            await passes(COMING - 1)
            assert here.telephony.led_back == []
            await passes(2)
            assert here.telephony.led_back == [caller.channel]
            caller.hang_up()


@fake_time
async def test_whose_session_broke_without_asterisk_knowing_is_led_to_a_new_one() -> None:
    async with hall() as here:
        caller = here.caller()
        await passes(1)
        caller.session.close()
        await settles()
        caller.knocks = False
        await passes(COMING + 1)
        assert here.telephony.led_back == [caller.channel]
        here.lets_in()
        await settles()
        assert caller.playing == APOLOGY
        caller.hang_up()


@fake_time
async def test_who_talked_with_a_sub_hotline_unseen_and_hangs_up_before_he_has_a_session_has_talked() -> None:
    async with hall() as here:
        here.link_up()
        caller = await put_through(here)
        here.link_down()
        caller.session.close()
        caller.put_through_ends("ANSWER", "16")
        here.link_up(uptime=90_000)
        await passes(1)
        caller.hang_up()
        await passes(1)
        assert here.told(Kind.SUB_HOTLINE_ANSWERED) == [{"sub_hotline": "bureau"}]
        assert here.told(Kind.CALL_FINISHED) == [{"by": "caller"}]


@pytest.mark.parametrize("answered", [True, False])
@fake_time
async def test_so_is_whose_sub_hotline_is_through(answered: bool) -> None:
    async with hall() as before:
        caller = await put_through(before)
        async with before.restarted() as here:
            here.link_up()
            await passes(2 * COMING)
            dialled = {"Event": "DialEnd", "Uniqueid": caller.id, "DialStatus": "ANSWER" if answered else "BUSY"}
            here.telephony.on_event(AmiMessage(tuple(dialled.items())))
            if answered:
                bridge = {"Uniqueid": caller.id, "BridgeUniqueid": "talk", "BridgeTechnology": "simple_bridge"}
                here.telephony.on_event(AmiMessage((("Event", "BridgeEnter"), *bridge.items())))
                await passes(60)
                here.telephony.on_event(AmiMessage((("Event", "BridgeLeave"), *bridge.items())))
            caller.put_through_ends("ANSWER" if answered else "BUSY", "17")
            caller.knocks = False
            await passes(COMING + 1)
            assert here.telephony.led_back == [caller.channel]
            here.lets_in()
            await settles()
            assert caller.playing == ("Goodbye" if answered else "We are sorry, the call could not be connected.")
            caller.hang_up()


@fake_time
async def test_a_service_that_stops_fetches_nobody() -> None:
    async with hall() as here:
        caller = here.caller()
        await passes(1)
        caller.session.close()
        await settles()
        caller.knocks = False
        here.switchboard.close()
        await passes(2 * COMING)
        assert here.telephony.led_back == []
        caller.hang_up()


@fake_time
async def test_the_link_of_a_service_that_stops_rings_nobody_as_it_is_closed() -> None:
    async with hall() as here:
        here.link_up()
        caller = await here.queued(key="0")
        here.sign_in("2201")
        ring = await here.rung()
        here.answer(ring)
        here.connect(ring, caller)
        here.agent_hangs_up(ring, caller)
        waiting = await here.queued("caller-2", key="0")
        here.distributor.close()
        await passes(60)
        assert here.state("2201") is AgentState.WRAP_UP, "nothing has told the engine how late it is"
        here.presence.close()
        here.link_down()
        await passes(1)
        assert here.kinds().count(Kind.OFFERED) == 1
        waiting.hang_up()
