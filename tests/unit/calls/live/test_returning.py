"""An agent whose page in the browser is gone in a talk, and comes back; also while the service dies."""

import pytest

from acd.events import EndedBy
from agents.states import AgentState
from calls.interruptions import EXPLAIN_AFTER
from dialplan.liveness import LISTEN, LISTEN_TO_LEFT
from journal.actor import Actor
from journal.records import Kind
from tests.unit.asterisk.asterisk import LAG
from tests.unit.asterisk.caller import PROMPT, Caller
from tests.unit.asterisk.leg import Leg
from tests.unit.faketime import fake_time, passes, settles
from tests.unit.service.calling import Hall, hall
from tests.unit.service.dying import folded, sessions_first, talks

BROKEN_OFF = "We are sorry, the line to our staff was cut off. You are next in line. Please hold."
BROWSER = "1001_browser"
WANG = Actor.user("wang")


def page_comes(here: Hall, page: str, port: int = 40_000) -> None:
    """A page registers. `port`: of its connection."""
    uri = f"sip:{page}@127.0.0.1:{port};transport=ws"
    for status in ("NonQualified", "Reachable"):
        here.asterisk.event("ContactStatus", EndpointName=BROWSER, URI=uri, ContactStatus=status)
    here.asterisk.device(BROWSER, "NOT_INUSE")


async def talk(here: Hall) -> tuple[Caller, Leg]:
    """The caller talks with 1001 at the first page."""
    page_comes(here, "first")
    await here.heard()
    caller, leg = await talks(here)
    assert leg.agent_id == BROWSER
    leg.variables["CHANNEL(rtcp,rxcount)"] = "250"
    return caller, leg


async def page_goes(here: Hall, caller: Caller, leg: Leg) -> None:
    """It hangs up as a phone that is gone."""
    leg.page_goes(caller)
    await here.heard()


async def goes_on(here: Hall, caller: Caller) -> Leg:
    """The next page takes the caller."""
    leg = await here.rung()
    assert (leg.agent_id, leg.variables["PJSIP_HEADER(add,X-Wutong-Back)"], leg.whisper) == (BROWSER, "1", ())
    await here.answer(leg)
    await here.connect(leg, caller)
    return leg


def one_talk(here: Hall) -> None:
    """The call has had one talk, which goes on."""
    assert (here.state(), here.waiting()) == (AgentState.ON_CALL, 0)
    assert [kind for kind in here.kinds() if kind in (Kind.CONNECTED, Kind.TALK_ENDED)] == [Kind.CONNECTED]


@fake_time
async def test_the_next_page_goes_on_with_the_talk() -> None:
    async with hall() as here:
        caller, leg = await talk(here)
        for page in ("second", "third"):
            await page_goes(here, caller, leg)
            assert caller.held
            await passes(0.5)
            page_comes(here, page)
            leg = await goes_on(here, caller)
            assert caller.talking
            one_talk(here)
            await passes(60)
        assert [data["away_s"] for data in here.told(Kind.TALK_RESUMED)] == pytest.approx([0.5, 0.5], abs=0.1)
        assert BROKEN_OFF not in caller.heard
        await here.agent_hangs_up(leg, caller)
        (over,) = here.told(Kind.TALK_ENDED)
        assert over["by"] == EndedBy.AGENT


@fake_time
async def test_a_page_that_comes_before_the_end_of_the_last_one_is_told_goes_on_too() -> None:
    async with hall() as here:
        caller, leg = await talk(here)
        page_comes(here, "second")
        await here.heard()
        await page_goes(here, caller, leg)
        await goes_on(here, caller)
        one_talk(here)


@fake_time
async def test_the_same_page_goes_on_over_another_network() -> None:
    async with hall() as here:
        caller, leg = await talk(here)
        page_comes(here, "first", 40_001)
        await passes(0.4)
        await page_goes(here, caller, leg)
        await goes_on(here, caller)
        one_talk(here)


@fake_time
async def test_a_page_that_is_gone_without_a_word_is_noticed_by_the_next_one() -> None:
    async with hall() as here:
        caller, leg = await talk(here)
        page_comes(here, "second")
        await passes(LISTEN_TO_LEFT + 20 * LAG)
        assert leg.offer_id in here.asterisk.cancelled
        caller.out()
        await goes_on(here, caller)
        one_talk(here)


@fake_time
async def test_a_page_that_still_talks_keeps_its_talk_when_another_one_comes() -> None:
    async with hall() as here:
        caller, leg = await talk(here)
        page_comes(here, "second")
        await passes(LISTEN_TO_LEFT / 2)
        leg.variables["CHANNEL(rtcp,rxcount)"] = "275"
        await passes(LISTEN)
        assert caller.talking
        one_talk(here)


@fake_time
async def test_the_first_page_is_not_rung_again() -> None:
    async with hall() as here:
        caller, leg = await talk(here)
        await page_goes(here, caller, leg)
        page_comes(here, "first")
        await here.heard()
        assert here.asterisk.legs == {}


@fake_time
async def test_the_caller_is_told_and_comes_to_the_front_if_no_page_comes() -> None:
    async with hall() as here:
        caller, leg = await talk(here)
        kept = here.edition.hotline.agent_back
        await page_goes(here, caller, leg)
        await passes(EXPLAIN_AFTER + PROMPT / 2)
        assert caller.playing == BROKEN_OFF
        await passes(PROMPT)
        assert caller.held
        one_talk(here)
        here.asterisk.device(BROWSER, "UNAVAILABLE")
        await passes(kept - EXPLAIN_AFTER - PROMPT)
        (over,) = here.told(Kind.TALK_ENDED)
        assert (over["by"], over["cause"], here.waiting()) == ("system", "agent-phone-gone", 1)
        assert caller.heard.count(BROKEN_OFF) == 1


@fake_time
async def test_a_page_that_does_not_answer_in_time_is_rung_no_more() -> None:
    async with hall() as here:
        caller, leg = await talk(here)
        await page_goes(here, caller, leg)
        page_comes(here, "second")
        ring = await here.rung()
        await passes(ring.seconds)
        ring.rings_out()
        await passes(PROMPT / 2)
        assert caller.playing == BROKEN_OFF
        page_comes(here, "third")
        await passes(PROMPT)
        await goes_on(here, caller)
        one_talk(here)


@fake_time
async def test_a_caller_who_hangs_up_meanwhile_is_rung_for_no_more() -> None:
    async with hall() as here:
        caller, leg = await talk(here)
        await page_goes(here, caller, leg)
        page_comes(here, "second")
        ring = await here.rung()
        caller.hang_up()
        await here.heard()
        assert ring.offer_id in here.asterisk.cancelled
        (over,) = here.told(Kind.TALK_ENDED)
        assert over["by"] == EndedBy.CALLER


@sessions_first
@folded
@pytest.mark.parametrize("back", ["no", "rings", "talks"])
@fake_time
async def test_a_restart_meanwhile_loses_nobody(sessions_first: bool, folded: bool, back: str) -> None:
    async with hall() as before:
        caller, leg = await talk(before)
        await page_goes(before, caller, leg)
        if back != "no":
            page_comes(before, "second")
            ring = await before.rung()
            if back == "talks":
                ring.answers()
                await settles()
        await before.dies()
        if back == "talks":
            ring.connects(caller)
        async with before.restarted(folded=folded) as here:
            await here.adopts(sessions_first=sessions_first)
            await passes(3 * PROMPT)
            if back == "talks":
                assert caller.talking
                one_talk(here)
                await here.agent_hangs_up(ring, caller)
                (over,) = here.told(Kind.TALK_ENDED)
                assert over["by"] == EndedBy.AGENT
            else:
                (over,) = here.told(Kind.TALK_ENDED)
                assert (over["by"], over["cause"]) == ("system", "agent-phone-gone")
                assert caller.heard.count(BROKEN_OFF) == 1
                assert here.call(caller.id).machine.queue == "trees"


@fake_time
async def test_a_link_that_breaks_meanwhile_loses_nobody() -> None:
    async with hall() as here:
        caller, leg = await talk(here)
        await page_goes(here, caller, leg)
        page_comes(here, "second")
        ring = await here.rung()
        await here.link_down()
        ring.answers()
        ring.connects(caller)
        await passes(1)
        await here.link_up()
        await passes(20 * LAG)
        one_talk(here)
        assert len(here.told(Kind.TALK_RESUMED)) == 1


@fake_time
@pytest.mark.parametrize("away", [0.5, 8.0])
@pytest.mark.parametrize("consults", [True, False])
async def test_a_page_that_goes_while_the_caller_is_on_hold_comes_back_to_the_caller(
    consults: bool, away: float
) -> None:
    async with hall() as here:
        caller, leg = await talk(here)
        holds = here.orders
        if consults:
            holds.consult(here.call().id, "2201", WANG)
            await passes(1)
            leg.is_consulted()
        else:
            holds.hold(here.call().id, WANG)
        await here.heard()
        leg.event("HangupRequest", Cause="18")
        leg.is_over("18")
        await passes(away)
        assert (BROKEN_OFF in caller.heard) == (away > EXPLAIN_AFTER)
        page_comes(here, "second")
        leg = await goes_on(here, caller)
        one_talk(here)
        summary = here.book.live_summary(here.call().id)
        assert summary is not None
        assert (summary.held is None, summary.consulted) == (consults, None), "a hold goes on as it was"
        if consults:
            holds.hold(here.call().id, WANG)
        await here.heard()
        holds.unhold(here.call().id, WANG)
        await passes(1)
        assert (caller.talking, here.kinds()[-1]) == (True, Kind.UNHELD)
        one_talk(here)
