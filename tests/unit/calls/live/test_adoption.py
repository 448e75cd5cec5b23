"""The service dies at every moment of a call's life, and the next one finds it: what the caller hears, where the agent
stands, what the story says. Asterisk goes on meanwhile, played by hand."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from agents.states import AgentState
from calls.leg import LAST_WORDS
from calls.live.snapshot import Recollection
from hotline.edition import Edition
from journal.records import Kind
from tests.unit.asterisk.asterisk import LAG
from tests.unit.asterisk.caller import PROMPT
from tests.unit.faketime import fake_time, passes, settles
from tests.unit.service.calling import NOBODY, FakeCatalogue, hall
from tests.unit.service.dying import (
    APOLOGY,
    MAINTENANCE,
    folded,
    put_through,
    rings,
    sessions_first,
    story,
    talks,
    whole,
)
from tests.unit.service.small import hotline

# --- in the menus


@pytest.mark.parametrize("seconds", [PROMPT / 2, PROMPT * 1.5, PROMPT * 2.5], ids=["greeting", "menu", "a key"])
@sessions_first
@folded
@fake_time
async def test_menus_begin_again_after_an_apology(seconds: float, sessions_first: bool, folded: bool) -> None:
    async with hall() as before:
        caller = before.caller()
        await passes(seconds)
        call_id = before.call().id
        async with before.restarted(folded=folded) as here:
            heard = len(caller.heard)
            await here.adopts(sessions_first=sessions_first)
            await passes(3 * PROMPT)
            assert caller.heard[heard:] == [APOLOGY, "Welcome", "Main menu"]
            assert here.call().id == call_id
            caller.press("3")
            await here.over()
            assert story(here) == whole()
            assert here.kinds().count(Kind.CALL_RESUMED) == 1


@sessions_first
@folded
@fake_time
async def test_a_caller_who_was_being_turned_away_hears_that_again(sessions_first: bool, folded: bool) -> None:
    async with hall() as before:
        before.intake.drained = True
        caller = before.caller()
        await passes(PROMPT / 2)
        async with before.restarted(folded=folded) as here:
            await here.adopts(sessions_first=sessions_first)
            await here.over()
            assert caller.heard == [MAINTENANCE, MAINTENANCE, "Goodbye"]
            assert story(here) == whole()


@fake_time
async def test_a_call_whose_service_dies_before_its_first_record_is_one_call() -> None:
    async with hall() as before:
        caller = before.caller()
        await asyncio.sleep(0)

        for _ in range(20):
            if "WUTONG_CALL" in caller.variables:
                break
            await asyncio.sleep(0)
        await before.dies()
        assert before.kinds() == []
        async with before.restarted() as here:
            await here.adopts()
            await passes(3 * PROMPT)
            assert caller.heard == [APOLOGY, "Welcome", "Main menu"]
            assert here.call().id == caller.variables["WUTONG_CALL"]
            caller.hang_up()
            await here.over()
            assert story(here) == whole()


@fake_time
async def test_a_caller_hangs_up_in_the_menus_while_the_service_is_away() -> None:
    async with hall() as before:
        caller = before.caller()
        await passes(1)
        await before.dies()
        caller.hang_up()
        async with before.restarted() as here:
            await here.adopts()
            assert here.told(Kind.CALL_FINISHED) == [{"by": "caller", "cause": "hung-up-unseen"}]
            assert story(here) == whole()


@folded
@fake_time
async def test_a_caller_who_is_interrupted_a_second_time_is_asked_no_more_and_gets_a_person(folded: bool) -> None:
    async with hall() as first:
        caller = first.caller()
        await passes(1)
        async with first.restarted(folded=folded) as second:
            await second.adopts()
            await passes(2 * PROMPT)
            assert caller.playing == "Main menu"
            async with second.restarted(folded=folded) as third:
                heard = len(caller.heard)
                await third.adopts()
                await passes(3 * PROMPT)
                assert caller.heard[heard:] == [APOLOGY, NOBODY]
                assert third.waiting("general") == 1
                caller.hang_up()


@pytest.mark.parametrize("dies", [True, False], ids=["service", "session"])
@fake_time
async def test_a_caller_whom_a_sub_hotline_did_not_answer_goes_where_that_leads(dies: bool) -> None:
    async with hall() as before:
        caller = await put_through(before)
        caller.put_through_ends("BUSY", "17")
        await passes(PROMPT / 2)
        assert caller.playing == "We are sorry, the call could not be connected."
        heard = len(caller.heard)
        if dies:
            async with before.restarted() as here:
                await here.adopts()
                await passes(PROMPT)
                assert caller.heard[heard:] == ["We are sorry, the call could not be connected.", "Main menu"]
                caller.hang_up()
        else:
            caller.session_breaks()
            await settles()
            before.lets_in()
            await passes(1.5 * PROMPT)
            assert caller.heard[heard:] == ["We are sorry, the call could not be connected.", "Main menu"]
            caller.hang_up()
            await before.over()


# --- after the conversation, and beside it


@sessions_first
@folded
@fake_time
async def test_the_goodbye_is_said_again(sessions_first: bool, folded: bool) -> None:
    async with hall() as before:
        caller, ring = await talks(before)
        await before.agent_hangs_up(ring, caller)
        await passes(PROMPT / 2)
        assert caller.playing == "Goodbye"
        async with before.restarted(folded=folded) as here:
            await here.adopts(sessions_first=sessions_first)
            await here.over()
            assert caller.heard[-2:] == ["Goodbye", "Goodbye"]
            assert story(here) == whole(queued=1, connected=1, talk_ended=1)
            assert here.told(Kind.CALL_FINISHED) == [{"by": "agent"}]


@folded
@fake_time
async def test_a_wrap_up_ends_when_it_would_have(folded: bool) -> None:
    async with hall() as before:
        caller = await before.queued(key="0")
        before.sign_in("2201")
        ring = await before.rung()
        await before.answer(ring)
        await before.connect(ring, caller)
        await before.agent_hangs_up(ring, caller)
        until = before.engine.agent_view("2201").until
        assert until is not None
        await passes(3)
        async with before.restarted(folded=folded) as here:
            await here.adopts()
            assert (here.state("2201"), here.engine.agent_view("2201").until) == (AgentState.WRAP_UP, until)
            await passes(until - here.distributor.clock.now() + LAG)
            assert here.state("2201") is AgentState.READY


# --- killed again, and changed meanwhile


@fake_time
async def test_killed_again_before_and_in_the_middle_of_the_adoption() -> None:
    async with hall() as before:
        caller, ring = await rings(before)
        async with before.restarted() as second:
            second.lets_in()
            await second.dies()
            async with second.restarted() as third:
                await third.link_up()
                await passes(LAG / 2)
                await third.dies()
                async with third.restarted() as here:
                    await here.adopts()
                    await here.answer(ring)
                    await here.connect(ring, caller)
                    await here.agent_hangs_up(ring, caller)
                    here.lets_in()
                    await here.over()
                    assert story(here) == whole(queued=1, connected=1, talk_ended=1)


@fake_time
async def test_a_caller_in_a_queue_that_the_hotline_lacks_now_goes_on_to_a_person() -> None:
    known = hotline()
    queues = {name: queue for name, queue in known.queues.items() if name != "trees"}
    edition = Edition(known.model_copy(update={"queues": queues}), FakeCatalogue())
    async with hall() as before:
        caller = await before.queued()
        async with before.restarted(edition=edition) as here:
            await here.adopts()
            await passes(20 * LAG)
            assert [told["to"] for told in here.told(Kind.ROUTED)] == [{"queue": "general"}]
            assert [record.queue for record in here.records if record.kind is Kind.QUEUED] == ["trees", "general"]
            caller.hang_up()


# --- without a queue, without a session


@fake_time
async def test_a_caller_who_is_held_and_waits_for_nobody_is_fetched() -> None:
    async with hall() as before:
        caller = await before.queued()
        async with before.restarted(before=Recollection()) as here:
            await here.adopts()
            assert here.asterisk.kicks == [caller.channel]
            assert caller.heard[-1] == APOLOGY


@fake_time
async def test_with_a_snapshot_of_another_version_agents_are_signed_out_and_waiting_callers_begin_again() -> None:
    async with hall() as before:
        caller = await before.queued()
        before.sign_in("2201")
        known = before.recollection()
        unreadable = Recollection(engine={"format": 99}, calls=known.calls)
        async with before.restarted(before=unreadable) as here:
            await here.adopts()
            assert here.state("2201") is AgentState.LOGGED_OUT
            assert caller.heard[-1] == APOLOGY
            assert story(here)["call-started"] == 1


@pytest.mark.parametrize("kept", [{}, {"last_hour": None}, {"last_hour": {"began": "noon"}}])
@fake_time
async def test_a_waiting_caller_is_in_the_last_hour_also_where_that_begins_anew(kept: dict[str, Any]) -> None:
    async with hall() as before:
        await before.queued()
        known = replace(before.recollection(), **kept)
        async with before.restarted(before=known) as here:
            next_minute = here.distributor.clock.now() + 60
            assert here.centre.last_hour.view("trees", next_minute).waiting[-2:] == (None, 1)
            await here.adopts()
            assert here.waiting() == 1


@fake_time
async def test_a_place_without_a_call_is_given_up() -> None:
    async with hall() as before:
        caller = await before.queued()
        known = before.recollection()
        async with before.restarted(before=Recollection(engine=known.engine)) as here:
            await here.adopts()
            assert here.waiting() == 0
            assert here.call().id == before.call().id, "the call is found by what the channel says"
            assert caller.heard[-1] == APOLOGY


@fake_time
async def test_the_last_words_of_a_caller_whose_channel_ended_are_not_said_of_the_next_service() -> None:
    async with hall() as before:
        caller = await before.queued()
        caller.event("Hangup", Cause="16")
        await before.heard()
        caller.hung_up, caller.held = True, False
        async with before.restarted() as here:
            await here.adopts()
            await passes(LAST_WORDS + 1)
            assert story(here) == whole(queued=1)
