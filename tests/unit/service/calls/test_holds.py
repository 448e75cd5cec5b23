"""Callers on hold, and consultations, as asked for over HTTP, on the product's own assembly."""

from dataclasses import replace

import pytest

from agents.states import AgentState
from calls.places import AtLine, Doing, Leaving, Talking, Transfer
from calls.transfer_api import NotTransferred
from ivr.model import ToSubHotline
from journal.actor import SYSTEM, Actor
from journal.records import Kind
from service.calls.holds import Holds
from service.calls.transfers import Transfers
from service.setup.failure import NotDone
from tests.unit.asterisk.caller import Caller
from tests.unit.asterisk.consulted import Consulted
from tests.unit.asterisk.leg import Leg
from tests.unit.faketime import fake_time, passes
from tests.unit.service.calling import HOLD, Hall, hall
from tests.unit.service.dying import folded, talks

WANG = Actor.user("wang")
COLLEAGUE = Transfer("2201", "1001", "trees")
HELD = [Kind.HELD, Kind.CONSULT_ASKED, Kind.CONSULT_ANSWERED]


def consult(here: Hall, line: ToSubHotline | str = "2201") -> None:
    holds = Holds(here.switchboard)
    Transfers(here.switchboard, holds, lambda: here.edition).consult(here.call().id, line, WANG)


async def on_hold(here: Hall) -> tuple[Caller, Leg]:
    caller, leg = await talks(here)
    Holds(here.switchboard).hold(here.call().id, WANG)
    await here.heard()
    return caller, leg


async def consulting(here: Hall, line: ToSubHotline | str = "2201") -> tuple[Caller, Leg]:
    """The agent talks with a colleague."""
    caller, leg = await talks(here)
    consult(here, line)
    await passes(1)
    leg.is_consulted()
    await here.heard()
    return caller, leg


async def complete(here: Hall, *, own: bool = True) -> None:
    await Holds(here.switchboard).complete(here.call().id, WANG, own=own)
    await passes(1)


def doing(here: Hall) -> Doing | None:
    """What the agent does meanwhile; None: the two talk."""
    place = here.call().machine.place
    assert isinstance(place, Talking), place
    return None if place.hold is None else place.hold.doing


@fake_time
async def test_a_caller_on_hold_hears_music_and_is_taken_back() -> None:
    async with hall() as here:
        caller, leg = await on_hold(here)
        assert (caller.held, leg.application, here.state()) == (True, "Wait", AgentState.ON_CALL)
        summary = here.book.live_summary(here.call().id)
        assert summary is not None
        assert summary.held is not None
        await passes(30)
        assert caller.heard[-1] == HOLD, "no announcement comes to the caller"
        Holds(here.switchboard).unhold(here.call().id, WANG)
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
            Holds(here.switchboard).hold(here.call().id, WANG)
            Holds(here.switchboard).unhold(here.call().id, WANG)
            await here.heard()
            await passes(1)
            assert (caller.talking, doing(here)) == (True, None)


@fake_time
async def test_a_consulted_colleague_gets_the_caller() -> None:
    async with hall() as here:
        caller, leg = await consulting(here)
        assert (caller.held, doing(here), leg.consulted) == (True, Doing.ASKING, "PJSIP/2201-consulted")
        await complete(here)
        assert (caller.talking, here.asterisk.legs) == (True, {})
        assert here.call().machine.place == AtLine(COLLEAGUE, answered=True)
        asked = [*HELD, Kind.TALK_ENDED, Kind.TRANSFERRED, Kind.TRANSFER_ANSWERED]
        assert here.kinds()[-6:] == asked
        assert here.told(Kind.TRANSFERRED) == [{"how": "consult", "to": {"agent": "2201"}}]
        assert here.told(Kind.TALK_ENDED)[0]["by"] == "agent"
        assert here.state() is AgentState.READY
        caller.out()  # the colleague hangs up
        await passes(1)
        assert isinstance(here.call().machine.place, Leaving)


@fake_time
async def test_a_department_gets_the_caller_and_the_story_has_it_as_one() -> None:
    async with hall() as here:
        await consulting(here, ToSubHotline(sub_hotline="bureau"))
        assert here.told(Kind.CONSULT_ASKED) == [{"to": {"sub_hotline": "bureau"}}]
        await complete(here, own=False)
        assert here.call().machine.place == AtLine("bureau", answered=True)
        assert here.kinds()[-3:] == [Kind.TRANSFERRED, Kind.SUB_HOTLINE_DIALLED, Kind.SUB_HOTLINE_ANSWERED]
        assert here.told(Kind.TALK_ENDED)[0]["cause"] == "transferred"


@fake_time
@pytest.mark.parametrize("status", ["BUSY", "NOANSWER", "CHANUNAVAIL"])
async def test_where_nobody_answers_the_agent_is_back_with_the_caller(status: str) -> None:
    async with hall() as here:
        caller, leg = await talks(here)
        consult(here)
        await passes(1)
        assert (caller.held, doing(here)) == (True, Doing.CALLING)
        leg.consultation_ends(status)
        await here.heard()
        assert (caller.talking, doing(here)) == (True, None)
        assert here.kinds()[-2:] == [Kind.CONSULT_FAILED, Kind.UNHELD]
        assert here.told(Kind.CONSULT_FAILED)[0]["status"] == status


@fake_time
@pytest.mark.parametrize("asked", [True, False], ids=["as asked for", "as the colleague hangs up"])
async def test_an_agent_comes_back_from_a_consultation(asked: bool) -> None:
    async with hall() as here:
        caller, leg = await consulting(here)
        if asked:
            Holds(here.switchboard).go_back(here.call().id, WANG)
        else:
            leg.consultation_ends()
        await here.heard()
        assert (caller.talking, doing(here)) == (True, None)
        assert here.kinds()[-2:] == [Kind.CONSULT_ENDED, Kind.UNHELD]


@fake_time
async def test_nobody_is_joined_with_whom_the_agent_did_not_consult() -> None:
    async with hall() as here:
        caller, leg = await consulting(here)
        leg.consulted = "PJSIP/anonymous-0000000b"  # the colleague's phone has joined its calls meanwhile
        with pytest.raises(NotTransferred, match="somebody else"):
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
        assert after[:4] == [Kind.TRANSFER_FAILED, Kind.SENT_ON, Kind.SAID, Kind.QUEUED]
        assert caller.held


@fake_time
@pytest.mark.parametrize("consults", [True, False])
async def test_a_caller_who_hangs_up_on_hold_frees_the_agent(consults: bool) -> None:
    async with hall() as here:
        caller, _ = await consulting(here) if consults else await on_hold(here)
        caller.hang_up()
        await passes(1)
        assert (here.asterisk.legs, here.state()) == ({}, AgentState.READY)
        assert here.kinds()[-2:] == [Kind.TALK_ENDED, Kind.CALL_FINISHED]


@fake_time
@pytest.mark.parametrize("consults", [True, False])
async def test_an_agent_who_hangs_up_meanwhile_has_ended_the_talk(consults: bool) -> None:
    async with hall() as here:
        _, leg = await consulting(here) if consults else await on_hold(here)
        leg.hangs_up()
        await passes(1)
        assert here.told(Kind.TALK_ENDED)[0]["by"] == "agent"
        assert isinstance(here.call().machine.place, Leaving)


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
                assert (caller.talking, here.call().machine.place) == (True, AtLine(COLLEAGUE, answered=True))
                return
            if consults == "no":
                Holds(here.switchboard).unhold(here.call().id, WANG)
            else:
                leg.consultation_ends("BUSY")
            await here.heard()
            assert (caller.talking, doing(here)) == (True, None)


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
        Holds(here.switchboard).hold(here.call().id, WANG)
        await here.link_down()
        here.asterisk.deaf.clear()
        await here.link_up()
        await passes(1)
        assert (caller.held, doing(here)) == (True, Doing.AWAY)
        here.asterisk.deaf.add("Redirect")
        Holds(here.switchboard).unhold(here.call().id, WANG)
        await here.link_down()
        here.asterisk.deaf.clear()
        await here.link_up()
        await passes(1)
        assert (caller.talking, doing(here)) == (True, None)


@fake_time
async def test_what_is_possible_is_said() -> None:
    async with hall() as here:
        holds = Holds(here.switchboard)
        with pytest.raises(NotTransferred, match="what is possible: nothing"):
            holds.hold("c-9", WANG)
        await talks(here)
        call = here.call()
        with pytest.raises(NotTransferred, match="what is possible: hold, consult, transfer"):
            holds.unhold(call.id, WANG)
        holds.hold(call.id, WANG)
        with pytest.raises(NotTransferred, match="what is possible: unhold, consult, transfer"):
            holds.hold(call.id, WANG)
        consult(here)
        with pytest.raises(NotTransferred, match="what is possible: return, transfer"):
            await complete(here)
        await here.link_down()
        with pytest.raises(NotDone, match="stays as it is"):
            holds.go_back(call.id, WANG)


@fake_time
async def test_a_caller_on_hold_is_sent_on_without_a_word() -> None:
    async with hall() as here:
        caller, leg = await consulting(here)
        transfers = Transfers(here.switchboard, Holds(here.switchboard), lambda: here.edition)
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
        assert (caller.talking, here.call().machine.place) == (True, AtLine(COLLEAGUE, answered=True))


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
        Holds(here.switchboard).go_back(here.call().id, WANG)
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
        Holds(here.switchboard).go_back(here.call().id, WANG)
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
        Holds(here.switchboard).go_back(here.call().id, WANG)
        await here.link_down()
        here.asterisk.deaf.clear()
        await here.link_up()
        await passes(1)
        assert (caller.talking, doing(here), here.asterisk.consulted) == (True, None, {})


async def three(here: Hall, line: ToSubHotline | str = "2201") -> tuple[Caller, Leg, Consulted]:
    """Agent, caller and colleague talk together."""
    caller, leg = await consulting(here, line)
    other = here.asterisk.consulted[leg.consulted]
    await Holds(here.switchboard).join(here.call().id, WANG)
    await here.heard()
    await passes(1)
    assert (caller.talking, other.third, doing(here)) == (True, True, None)
    return caller, leg, other


def third(here: Hall) -> object:
    place = here.call().machine.place
    assert isinstance(place, Talking), place
    return place.third


@fake_time
async def test_a_talk_of_three_is_told_and_the_caller_is_on_hold_no_more() -> None:
    async with hall() as here:
        await three(here)
        assert third(here) == COLLEAGUE
        assert here.kinds()[-5:] == [*HELD, Kind.CONSULT_JOINED, Kind.UNHELD]
        (asked,) = [record for record in here.records if record.kind is Kind.CONSULT_JOINED]
        assert (asked.actor, asked.agent, asked.data["to"]) == (WANG, "1001", {"agent": "2201"})
        summary = here.book.live_summary(here.call().id)
        assert summary is not None
        assert (summary.held, summary.consulted) == (None, {"agent": "2201"})
        with pytest.raises(NotTransferred, match="what is possible: complete, return, transfer"):
            Holds(here.switchboard).hold(here.call().id, WANG)
        with pytest.raises(NotTransferred, match="`join` is not possible"):
            await Holds(here.switchboard).join(here.call().id, WANG)


@fake_time
@pytest.mark.parametrize("asked", [True, False], ids=["as asked for", "as the colleague hangs up"])
async def test_a_talk_of_three_is_one_of_two_without_the_third(asked: bool) -> None:
    async with hall() as here:
        caller, _, other = await three(here)
        if asked:
            Holds(here.switchboard).go_back(here.call().id, WANG)
        else:
            other.hangs_up()
        await passes(1)
        assert (caller.talking, third(here), here.asterisk.consulted) == (True, None, {})
        assert here.kinds()[-2:] == [Kind.UNHELD, Kind.CONSULT_ENDED]
        ended = here.records[-1]
        assert ended.actor == (WANG if asked else SYSTEM)
        Holds(here.switchboard).hold(here.call().id, WANG)
        await here.heard()
        assert (caller.held, doing(here)) == (True, Doing.AWAY)


@fake_time
async def test_an_agent_leaves_a_talk_of_three_to_the_others() -> None:
    async with hall() as here:
        caller, _, _ = await three(here)
        await complete(here)
        assert (caller.talking, here.asterisk.legs) == (True, {})
        assert here.call().machine.place == AtLine(COLLEAGUE, answered=True)
        assert here.kinds()[-4:] == [Kind.UNHELD, Kind.TALK_ENDED, Kind.TRANSFERRED, Kind.TRANSFER_ANSWERED]
        assert here.state() is AgentState.READY
        caller.out()  # the colleague hangs up
        await passes(1)
        assert isinstance(here.call().machine.place, Leaving)


@fake_time
async def test_a_third_who_is_gone_as_the_agent_leaves_takes_the_caller_to_the_front() -> None:
    async with hall() as here:
        caller, _, _ = await three(here)
        here.asterisk.refused.add("Redirect")
        await complete(here)
        await passes(6)
        assert (caller.held, here.kinds()[-2:]) == (True, [Kind.QUEUED, Kind.OFFERED])


@fake_time
@pytest.mark.parametrize("of_three", [True, False])
async def test_complete_is_answered_once_the_two_talk(of_three: bool) -> None:
    async with hall() as here:
        caller = (await three(here))[0] if of_three else (await consulting(here))[0]
        await Holds(here.switchboard).complete(here.call().id, WANG, own=True)
        assert (caller.talking, here.call().machine.leg.joining) == (True, None)


@fake_time
async def test_complete_is_answered_though_nobody_tells_whether_they_talk() -> None:
    async with hall() as here:
        await consulting(here)
        here.asterisk.gone_in_that_moment = True
        await Holds(here.switchboard).complete(here.call().id, WANG, own=True)
        assert here.kinds()[-2:] == [Kind.TRANSFER_FAILED, Kind.SENT_ON]


@fake_time
async def test_an_agent_who_hangs_up_before_the_others_are_joined_leaves_the_caller_at_the_front() -> None:
    async with hall() as here:
        caller, leg, _ = await three(here)

        def hangs_up() -> None:
            leg.hangs_up()
            caller.out()

        here.asterisk.instead["Redirect"] = hangs_up
        await complete(here)
        await passes(6)
        after = here.kinds()[here.kinds().index(Kind.TRANSFER_FAILED) :]
        assert after[:4] == [Kind.TRANSFER_FAILED, Kind.SENT_ON, Kind.SAID, Kind.QUEUED]
        assert caller.held


@fake_time
@pytest.mark.parametrize("who", ["the caller", "the agent"])
async def test_a_talk_of_three_is_over_for_all_without_caller_or_agent(who: str) -> None:
    async with hall() as here:
        caller, leg, _ = await three(here)
        if who == "the caller":
            caller.hang_up()
        else:
            await here.agent_hangs_up(leg, caller)
        await passes(1)
        assert (here.asterisk.legs, here.asterisk.consulted) == ({}, {})
        assert here.told(Kind.TALK_ENDED)[0]["by"] == ("caller" if who == "the caller" else "agent")
        summary = here.book.live_summary(here.call().id) if who == "the agent" else None
        assert summary is None or summary.consulted is None


@fake_time
async def test_a_third_who_hangs_up_as_it_is_asked_for_leaves_two() -> None:
    async with hall() as here:
        caller, leg = await consulting(here)
        other = here.asterisk.consulted[leg.consulted]
        here.asterisk.instead["Redirect"] = other.hangs_up
        await Holds(here.switchboard).join(here.call().id, WANG)
        await here.heard()
        await passes(1)
        assert (caller.talking, doing(here), third(here)) == (True, None, None)
        assert here.kinds()[-3:] == [Kind.CONSULT_JOINED, Kind.CONSULT_ENDED, Kind.UNHELD]


@fake_time
@folded
@pytest.mark.parametrize("gone", [False, True], ids=["three are there", "the third hung up meanwhile"])
async def test_a_restart_in_a_talk_of_three_knows_who_is_there(folded: bool, gone: bool) -> None:
    async with hall() as before:
        caller, _, other = await three(before)
        if gone:
            await before.dies()
            other.hangs_up()
        async with before.restarted(folded=folded) as here:
            await here.adopts()
            await passes(1)
            assert (caller.talking, doing(here), third(here)) == (True, None, None if gone else COLLEAGUE)
            assert (here.kinds()[-1] is Kind.CONSULT_ENDED) is gone
            if not gone:
                await complete(here)
                assert here.call().machine.place == AtLine(COLLEAGUE, answered=True)


@fake_time
@folded
async def test_who_was_brought_in_while_the_service_died_is_in_the_talk(folded: bool) -> None:
    async with hall() as before:
        caller, leg = await consulting(before)
        other = before.asterisk.consulted[leg.consulted]
        await Holds(before.switchboard).join(before.call().id, WANG)
        await before.dies()
        other.variables["WUTONG_THIRD"] = leg.offer_id
        other.sent_to("three")
        async with before.restarted(folded=folded) as here:
            await here.adopts()
            await passes(1)
            assert (caller.talking, doing(here), third(here)) == (True, None, COLLEAGUE)
            Holds(here.switchboard).go_back(here.call().id, WANG)
            await passes(1)
            assert (caller.talking, here.asterisk.consulted) == (True, {})


@fake_time
async def test_an_order_for_a_talk_of_three_that_was_lost_leaves_the_consultation() -> None:
    async with hall() as here:
        caller, _ = await consulting(here)
        here.asterisk.deaf |= {"Redirect", "Setvar"}
        await Holds(here.switchboard).join(here.call().id, WANG)
        await here.link_down()
        here.asterisk.deaf.clear()
        await here.link_up()
        await passes(1)
        assert (caller.held, doing(here), here.kinds()[-1]) == (True, Doing.ASKING, Kind.CONSULT_ANSWERED)
        Holds(here.switchboard).go_back(here.call().id, WANG)
        await here.heard()
        assert (caller.talking, here.asterisk.consulted) == (True, {})


@fake_time
async def test_a_third_is_no_stranger_who_listens_and_one_who_was_sent_away_is() -> None:
    async with hall() as here:
        caller, _, other = await three(here)
        await here.link_down()
        await here.link_up()
        await passes(1)
        assert (other.third, third(here)) == (True, COLLEAGUE)
        here.asterisk.deaf.add("Hangup")
        Holds(here.switchboard).go_back(here.call().id, WANG)
        await here.link_down()
        here.asterisk.deaf.clear()
        await here.link_up()
        await passes(1)
        assert (caller.talking, here.asterisk.consulted) == (True, {})
