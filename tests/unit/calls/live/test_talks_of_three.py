"""Agent, caller and the one who was consulted talk together: begun, left, lost, over a restart."""

import pytest

from base.failure import NotPossible
from calls.states import AtLine, Doing, Talking
from ivr.model import ToSubHotline
from journal.actor import SYSTEM
from journal.records import Kind
from tests.unit.asterisk.caller import Caller
from tests.unit.asterisk.consulted import Consulted
from tests.unit.asterisk.leg import Leg
from tests.unit.calls.live.consultations import COLLEAGUE, HELD, WANG, complete, consulting, doing
from tests.unit.faketime import fake_time, passes
from tests.unit.service.calling import Hall, hall
from tests.unit.service.dying import folded


async def three(here: Hall, line: ToSubHotline | str = "2201") -> tuple[Caller, Leg, Consulted]:
    """Agent, caller and colleague talk together."""
    caller, leg = await consulting(here, line)
    other = here.asterisk.consulted[leg.consulted]
    await here.orders.join(here.call().id, WANG)
    await here.heard()
    await passes(1)
    assert (caller.talking, other.third, doing(here)) == (True, True, None)
    return caller, leg, other


def third(here: Hall) -> object:
    state = here.call().machine.state
    assert isinstance(state, Talking), state
    return state.third


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
        with pytest.raises(NotPossible, match="what is possible: complete, return, transfer"):
            here.orders.hold(here.call().id, WANG)
        with pytest.raises(NotPossible, match="`join` is not possible"):
            await here.orders.join(here.call().id, WANG)


@fake_time
@pytest.mark.parametrize("asked", [True, False], ids=["as asked for", "as the colleague hangs up"])
async def test_a_talk_of_three_is_one_of_two_without_the_third(asked: bool) -> None:
    async with hall() as here:
        caller, _, other = await three(here)
        if asked:
            here.orders.go_back(here.call().id, WANG)
        else:
            other.hangs_up()
        await passes(1)
        assert (caller.talking, third(here), here.asterisk.consulted) == (True, None, {})
        assert here.kinds()[-2:] == [Kind.UNHELD, Kind.CONSULT_ENDED]
        ended = next(record for record in reversed(here.records) if record.kind is Kind.CONSULT_ENDED)
        assert ended.actor == (WANG if asked else SYSTEM)
        here.orders.hold(here.call().id, WANG)
        await here.heard()
        assert (caller.held, doing(here)) == (True, Doing.AWAY)


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
        await here.orders.complete(here.call().id, WANG, own=True)
        assert (caller.talking, here.call().machine.leg.joining) == (True, None)


@fake_time
async def test_complete_is_answered_though_nobody_tells_whether_they_talk() -> None:
    async with hall() as here:
        await consulting(here)
        here.asterisk.gone_in_that_moment = True
        await here.orders.complete(here.call().id, WANG, own=True)
        assert here.kinds()[-2:] == [Kind.TRANSFER_FAILED, Kind.ROUTED]


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
        assert after[:4] == [Kind.TRANSFER_FAILED, Kind.ROUTED, Kind.SAID, Kind.QUEUED]
        assert caller.held


@fake_time
async def test_a_third_who_hangs_up_as_it_is_asked_for_leaves_two() -> None:
    async with hall() as here:
        caller, leg = await consulting(here)
        other = here.asterisk.consulted[leg.consulted]
        here.asterisk.instead["Redirect"] = other.hangs_up
        await here.orders.join(here.call().id, WANG)
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
                assert here.call().machine.state == AtLine(COLLEAGUE, answered=True)


@fake_time
@folded
async def test_who_was_brought_in_while_the_service_died_is_in_the_talk(folded: bool) -> None:
    async with hall() as before:
        caller, leg = await consulting(before)
        other = before.asterisk.consulted[leg.consulted]
        await before.orders.join(before.call().id, WANG)
        await before.dies()
        other.variables["WUTONG_THIRD"] = leg.offer_id
        other.sent_to("three")
        async with before.restarted(folded=folded) as here:
            await here.adopts()
            await passes(1)
            assert (caller.talking, doing(here), third(here)) == (True, None, COLLEAGUE)
            here.orders.go_back(here.call().id, WANG)
            await passes(1)
            assert (caller.talking, here.asterisk.consulted) == (True, {})


@fake_time
async def test_an_order_for_a_talk_of_three_that_was_lost_leaves_the_consultation() -> None:
    async with hall() as here:
        caller, _ = await consulting(here)
        here.asterisk.deaf |= {"Redirect", "Setvar"}
        await here.orders.join(here.call().id, WANG)
        await here.link_down()
        here.asterisk.deaf.clear()
        await here.link_up()
        await passes(1)
        assert (caller.held, doing(here), here.kinds()[-1]) == (True, Doing.ASKING, Kind.CONSULT_ANSWERED)
        here.orders.go_back(here.call().id, WANG)
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
        here.orders.go_back(here.call().id, WANG)
        await here.link_down()
        here.asterisk.deaf.clear()
        await here.link_up()
        await passes(1)
        assert (caller.talking, here.asterisk.consulted) == (True, {})
