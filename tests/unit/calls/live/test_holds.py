"""Callers on hold, and consultations, as asked for over HTTP, on the product's own assembly."""

from dataclasses import replace

import pytest

from agents.states import AgentState
from base.failure import NotDone, NotPossible
from calls.states import AtLine, Doing
from journal.records import Kind
from tests.unit.calls.live.consultations import COLLEAGUE, WANG, complete, consult, consulting, doing, on_hold
from tests.unit.faketime import fake_time, passes
from tests.unit.service.calling import NOBODY, hall
from tests.unit.service.dying import folded, talks


@fake_time
async def test_a_caller_on_hold_hears_music_and_is_taken_back() -> None:
    async with hall() as here:
        caller, leg = await on_hold(here)
        assert (caller.held, leg.application, here.state()) == (True, "Wait", AgentState.ON_CALL)
        summary = here.book.live_summary(here.call().id)
        assert summary is not None
        assert summary.held is not None
        await passes(30)
        assert caller.heard[-1] == NOBODY, "no announcement comes to the caller"
        here.orders.unhold(here.call().id, WANG)
        await here.heard()
        assert (caller.talking, doing(here)) == (True, None)
        (held,) = [record for record in here.records if record.kind is Kind.HELD]
        assert (held.agent, held.actor) == ("1001", WANG)
        assert here.told(Kind.UNHELD)[0]["held_s"] == pytest.approx(30, abs=0.1)
        await here.agent_hangs_up(leg, caller)
        await passes(10)
        assert here.kinds()[-3:] == [Kind.TALK_ENDED, Kind.SAID, Kind.CALL_FINISHED]


@fake_time
async def test_a_caller_is_taken_back_only_once_held() -> None:
    async with hall() as here:
        caller, _ = await talks(here)
        for _ in range(3):
            here.orders.hold(here.call().id, WANG)
            here.orders.unhold(here.call().id, WANG)
            await here.heard()
            await passes(1)
            assert (caller.talking, doing(here)) == (True, None)


@fake_time
async def test_nobody_is_joined_with_whom_the_agent_did_not_consult() -> None:
    async with hall() as here:
        caller, leg = await consulting(here)
        leg.consulted = "PJSIP/anonymous-0000000b"  # the colleague's phone has joined its calls meanwhile
        with pytest.raises(NotPossible, match="somebody else"):
            await complete(here)
        assert (caller.held, doing(here)) == (True, Doing.ASKING)


@fake_time
@pytest.mark.parametrize("told", [True, False])
async def test_a_colleague_who_is_gone_in_that_moment_leaves_the_caller_at_the_front(told: bool) -> None:
    async with hall() as here:
        caller, _ = await consulting(here)
        if told:
            here.asterisk.refused.add("Redirect")
        here.asterisk.gone_in_that_moment = True
        await complete(here)
        await passes(6)
        after = here.kinds()[here.kinds().index(Kind.TRANSFER_FAILED) :]
        assert after[:4] == [Kind.TRANSFER_FAILED, Kind.ROUTED, Kind.SAID, Kind.QUEUED]
        assert caller.held


@fake_time
@folded
@pytest.mark.parametrize("consults", ["no", "rings", "talks"])
async def test_a_restart_in_the_middle_loses_nobody(folded: bool, consults: str) -> None:
    async with hall() as before:
        if consults == "no":
            caller, leg = await on_hold(before)
        elif consults == "talks":
            caller, leg = await consulting(before)
        else:
            caller, leg = await talks(before)
            consult(before)
            await passes(1)
        async with before.restarted(folded=folded) as here:
            await here.adopts()
            expected = {"no": Doing.AWAY, "rings": Doing.CALLING, "talks": Doing.ASKING}[consults]
            assert (caller.held, doing(here), here.state()) == (True, expected, AgentState.ON_CALL)
            if consults == "talks":
                await complete(here)
                assert (caller.talking, here.call().machine.state) == (True, AtLine(COLLEAGUE, answered=True))
                return
            if consults == "no":
                here.orders.unhold(here.call().id, WANG)
            else:
                leg.consultation_ends("BUSY")
            await here.heard()
            assert (caller.talking, doing(here)) == (True, None)


@fake_time
async def test_an_order_while_the_service_ends_is_refused() -> None:
    async with hall() as before:
        caller, _ = await on_hold(before)
        before.call().stop()
        with pytest.raises(NotDone, match="ends at this moment"):
            before.orders.unhold(before.call().id, WANG)
        await before.dies()
        async with before.restarted(folded=True) as here:
            await here.adopts()
            assert (caller.held, doing(here)) == (True, Doing.AWAY)


@fake_time
@folded
async def test_who_was_to_be_taken_back_as_the_service_died_is_taken_back(folded: bool) -> None:
    async with hall() as before:
        caller, _ = await on_hold(before)
        before.asterisk.deaf.add("Redirect")
        before.orders.unhold(before.call().id, WANG)
        await before.dies()
        before.asterisk.deaf.clear()
        async with before.restarted(folded=folded) as here:
            await here.adopts()
            await here.heard()
            assert (caller.talking, doing(here)) == (True, None)
            assert here.kinds()[-2:] == [Kind.UNHOLD_ASKED, Kind.UNHELD]


@fake_time
@folded
async def test_who_came_back_while_the_service_was_away_talks(folded: bool) -> None:
    async with hall() as before:
        caller, leg = await consulting(before)
        await before.dies()
        leg.consultation_ends()
        async with before.restarted(folded=folded) as here:
            await here.adopts()
            assert (caller.talking, doing(here)) == (True, None)
            assert here.kinds()[-1] is Kind.UNHELD


@fake_time
@folded
async def test_a_caller_whose_agent_hung_up_while_the_service_was_away_hears_the_goodbye(folded: bool) -> None:
    async with hall() as before:
        caller, leg = await on_hold(before)
        await before.dies()
        leg.hangs_up()
        async with before.restarted(folded=folded) as here:
            await here.adopts()
            await passes(1)
            assert (caller.playing, here.told(Kind.TALK_ENDED)[0]["by"]) == ("Goodbye", "agent")


@fake_time
@folded
async def test_a_consultation_ends_if_its_caller_hung_up_while_the_service_was_away(folded: bool) -> None:
    async with hall() as before:
        caller, _ = await consulting(before)
        await before.dies()
        caller.hang_up()
        async with before.restarted(folded=folded) as here:
            await here.adopts()
            await passes(1)
            assert (here.asterisk.legs, here.state()) == ({}, AgentState.READY)
            assert here.kinds()[-2:] == [Kind.TALK_ENDED, Kind.CALL_FINISHED]


@fake_time
async def test_an_order_that_was_lost_with_the_link_is_sent_again() -> None:
    async with hall() as here:
        caller, _ = await talks(here)
        here.asterisk.deaf.add("Redirect")
        here.orders.hold(here.call().id, WANG)
        await here.link_down()
        here.asterisk.deaf.clear()
        await here.link_up()
        await passes(1)
        assert (caller.held, doing(here)) == (True, Doing.AWAY)
        here.asterisk.deaf.add("Redirect")
        here.orders.unhold(here.call().id, WANG)
        await here.link_down()
        here.asterisk.deaf.clear()
        await here.link_up()
        await passes(1)
        assert (caller.talking, doing(here)) == (True, None)


@fake_time
async def test_what_is_possible_is_said() -> None:
    async with hall() as here:
        holds = here.orders
        with pytest.raises(NotPossible, match="what is possible: nothing"):
            holds.hold("c-9", WANG)
        await talks(here)
        call = here.call()
        with pytest.raises(NotPossible, match="what is possible: hold, consult, transfer"):
            holds.unhold(call.id, WANG)
        holds.hold(call.id, WANG)
        with pytest.raises(NotPossible, match="what is possible: unhold, consult, transfer"):
            holds.hold(call.id, WANG)
        consult(here)
        with pytest.raises(NotPossible, match="what is possible: return, transfer"):
            await complete(here)
        await here.link_down()
        with pytest.raises(NotDone, match="stays as it is"):
            holds.go_back(call.id, WANG)


@fake_time
async def test_a_caller_on_hold_is_sent_on_without_a_word() -> None:
    async with hall() as here:
        caller, leg = await consulting(here)
        transfers = here.orders
        transfers.transfer(here.call().id, "1002", WANG, own=True)
        await passes(3)
        assert (here.asterisk.legs, caller.dialled is not None) == ({}, True)
        assert leg.offer_id in here.asterisk.cancelled


@fake_time
async def test_a_colleague_who_is_new_in_the_version_in_use_is_no_number_outside() -> None:
    async with hall() as here:
        _, leg = await talks(here)
        agents = here.edition.hotline.agents
        new = agents["1002"].model_copy(update={"id": "1003"})
        here.edition = replace(
            here.edition, hotline=here.edition.hotline.model_copy(update={"agents": {**agents, "1003": new}})
        )
        consult(here, "1003")
        await passes(1)
        assert leg.variables["WUTONG_CONSULT"] == "PJSIP/1003"
        assert here.told(Kind.CONSULT_ASKED) == [{"to": {"agent": "1003"}}]


@fake_time
async def test_who_answered_while_the_link_was_down_can_get_the_caller() -> None:
    async with hall() as here:
        caller, leg = await talks(here)
        consult(here)
        await passes(1)
        await here.link_down()
        leg.is_consulted()
        await here.link_up()
        await passes(1)
        assert (caller.held, doing(here), here.kinds()[-1]) == (True, Doing.ASKING, Kind.CONSULT_ANSWERED)
        await complete(here)
        assert (caller.talking, here.call().machine.state) == (True, AtLine(COLLEAGUE, answered=True))


@fake_time
async def test_a_link_that_breaks_at_the_handing_over_leaves_no_leg_that_takes_the_caller_later() -> None:
    async with hall() as here:
        caller, leg = await consulting(here)
        here.asterisk.deaf |= {"Redirect", "Setvar"}
        await complete(here)
        await here.link_down()
        here.asterisk.deaf.clear()
        await here.link_up()
        await passes(6)
        assert leg.offer_id not in here.asterisk.legs
        assert (caller.held, here.kinds()[-2:]) == (True, [Kind.QUEUED, Kind.OFFERED])


@fake_time
@pytest.mark.parametrize("moment", ["the colleague hangs up", "nobody has answered", "the phone is about to ring"])
async def test_an_agent_who_goes_back_in_that_moment_takes_the_caller_once(moment: str) -> None:
    """The leg goes back by itself: an order that takes it out of the new talk would end the caller's session."""
    async with hall() as here:
        caller, leg = await (consulting(here) if moment == "the colleague hangs up" else talks(here))
        if moment == "the colleague hangs up":
            leg.consultation_ends()
        else:
            consult(here)
            await passes(0.004 if moment == "the phone is about to ring" else 1)
        if moment == "nobody has answered":
            leg.consultation_ends("BUSY")
        here.orders.go_back(here.call().id, WANG)
        await here.heard()
        await passes(1)
        assert (caller.talking, caller.served, doing(here)) == (True, True, None)
        assert here.asterisk.consulted == {}
        assert here.kinds()[-2:] == [Kind.CONSULT_ENDED, Kind.UNHELD]


@fake_time
async def test_an_agent_goes_back_from_whom_the_colleague_has_passed_the_agent_on_to() -> None:
    async with hall() as here:
        caller, leg = await consulting(here)
        del here.asterisk.consulted[leg.consulted]
        here.orders.go_back(here.call().id, WANG)
        await here.heard()
        assert (caller.talking, doing(here)) == (True, None)


@fake_time
async def test_an_order_to_consult_that_was_lost_with_the_link_is_sent_again() -> None:
    async with hall() as here:
        _, leg = await on_hold(here)
        here.asterisk.deaf.add("Redirect")
        consult(here)
        await passes(1)
        assert (doing(here), leg.application) == (Doing.CALLING, "Wait")
        await here.link_down()
        here.asterisk.deaf.clear()
        await here.link_up()
        await passes(1)
        assert (doing(here), leg.application) == (Doing.CALLING, "Dial")
        leg.is_consulted()
        await here.heard()
        assert doing(here) is Doing.ASKING


@fake_time
@pytest.mark.parametrize("stage", ["rings", "talks"])
async def test_an_order_to_go_back_that_was_lost_with_the_link_is_sent_again(stage: str) -> None:
    async with hall() as here:
        caller, _ = await (consulting(here) if stage == "talks" else talks(here))
        if stage == "rings":
            consult(here)
            await passes(1)
        here.asterisk.deaf |= {"Hangup", "BridgeKick"}
        here.orders.go_back(here.call().id, WANG)
        await here.link_down()
        here.asterisk.deaf.clear()
        await here.link_up()
        await passes(1)
        assert (caller.talking, doing(here), here.asterisk.consulted) == (True, None, {})


@fake_time
@folded
@pytest.mark.parametrize("stage", ["rings", "talks"])
async def test_an_order_to_go_back_that_was_lost_with_the_service_is_given_by_the_next_one(
    folded: bool, stage: str
) -> None:
    async with hall() as before:
        caller, _ = await (consulting(before) if stage == "talks" else talks(before))
        if stage == "rings":
            consult(before)
            await passes(1)
        before.asterisk.deaf |= {"Hangup", "BridgeKick"}
        before.orders.go_back(before.call().id, WANG)
        async with before.restarted(folded=folded) as here:
            await here.adopts()
            await passes(1)
            assert (caller.talking, doing(here), here.asterisk.consulted) == (True, None, {})
