"""The service dies in the moments in which a caller's channel and the journal do not say the same of a sub-hotline yet:
Asterisk has set what was asked, and nobody hears so. While AGI lags that is a second."""

import pytest

from journal.records import Kind
from tests.unit.asterisk.asterisk import LAG
from tests.unit.asterisk.caller import PROMPT
from tests.unit.faketime import fake_time, passes, settles
from tests.unit.service.calling import hall
from tests.unit.service.dying import (
    APOLOGY,
    folded,
    put_through,
    sessions_first,
    story,
    whole,
)

NOT_CONNECTED = "We are sorry, the call could not be connected."


@pytest.mark.parametrize("done", [True, False])
@sessions_first
@folded
@fake_time
async def test_a_sub_hotline_that_was_not_dialled_yet_is_dialled(
    sessions_first: bool, folded: bool, done: bool
) -> None:
    async with hall() as before:
        caller = before.caller()
        await passes(1)
        caller.variables["DIALSTATUS"] = "BUSY"  # of a sub-hotline before
        caller.loses = ("WUTONG_SUB_HOTLINE=bureau", done)
        caller.press("2")
        await passes(3 * PROMPT + 1)
        assert caller.dialled is None
        async with before.restarted(folded=folded) as here:
            await here.adopts(sessions_first=sessions_first)
            await passes(3 * PROMPT)
            assert caller.dialled == "PJSIP/2201,30,gri"
            assert APOLOGY not in caller.heard
            assert here.kinds().count(Kind.SUB_HOTLINE_DIALLED) == 1
            caller.hang_up()


@sessions_first
@folded
@fake_time
async def test_a_sub_hotline_that_only_the_journal_has_as_dialled_is_dialled(
    sessions_first: bool, folded: bool
) -> None:
    async with hall() as before:
        caller = await put_through(before)
        caller.dialled, caller.knocks = None, True  # EXEC Dial never came to Asterisk
        async with before.restarted(folded=folded) as here:
            heard = len(caller.heard)
            await here.adopts(sessions_first=sessions_first)
            await passes(1)
            assert caller.dialled == "PJSIP/2201,30,gri"
            assert len(caller.heard) == heard
            caller.hang_up()


@pytest.mark.parametrize("done", [True, False])
@sessions_first
@folded
@fake_time
async def test_a_caller_whom_nobody_answered_goes_where_that_leads(
    sessions_first: bool, folded: bool, done: bool
) -> None:
    async with hall() as before:
        caller = await put_through(before)
        caller.loses = ("WUTONG_SUB_HOTLINE=", done)
        caller.put_through_ends("BUSY", "17")
        await passes(1)
        async with before.restarted(folded=folded) as here:
            heard = len(caller.heard)
            await here.adopts(sessions_first=sessions_first)
            await passes(PROMPT)
            assert caller.heard[heard:] == [NOT_CONNECTED, "Main menu"]
            caller.session_breaks()
            await settles()
            here.lets_in()
            await passes(PROMPT / 2)
            assert caller.heard[heard:] == [NOT_CONNECTED, "Main menu", APOLOGY]
            assert here.told(Kind.SUB_HOTLINE_FAILED) == [{"sub_hotline": "bureau", "status": "BUSY", "cause": "17"}]
            caller.hang_up()


@pytest.mark.parametrize("done", [True, False])
@sessions_first
@folded
@fake_time
async def test_a_caller_who_has_talked_unseen_hears_the_goodbye(sessions_first: bool, folded: bool, done: bool) -> None:
    async with hall() as before:
        caller = await put_through(before)
        caller.loses = ("WUTONG_SUB_HOTLINE=", done)
        caller.put_through_ends("ANSWER", "16")
        await passes(1)
        async with before.restarted(folded=folded) as here:
            heard = len(caller.heard)
            await here.adopts(sessions_first=sessions_first)
            await here.over()
            assert caller.heard[heard:] == ["Goodbye"]
            assert APOLOGY not in caller.heard
            assert here.told(Kind.SUB_HOTLINE_ANSWERED) == [{"sub_hotline": "bureau"}]


# --- in between, both say the same


@folded
@fake_time
async def test_a_sub_hotline_that_rings_and_answers_after_the_restart(folded: bool) -> None:
    async with hall() as before:
        caller = await put_through(before)
        async with before.restarted(folded=folded) as here:
            await here.adopts()
            caller.sub_hotline_answers()
            await here.heard()
            assert here.told(Kind.SUB_HOTLINE_ANSWERED) == [{"sub_hotline": "bureau"}]
            caller.put_through_ends("ANSWER", "16")
            here.lets_in()
            await here.over()
            assert caller.heard[-1] == "Goodbye"
            assert APOLOGY not in caller.heard
            assert story(here) == whole()


@folded
@fake_time
async def test_a_talk_that_ends_while_asterisk_is_asked_after_a_restart_is_told_before_the_next_session(
    folded: bool,
) -> None:
    """The list still has the bridge, and nobody listens to the caller's events yet. The dialplan takes its time."""
    async with hall() as before:
        caller = await put_through(before)
        caller.sub_hotline_answers()
        await before.heard()
        async with before.restarted(folded=folded) as here:
            here.asterisk.meanwhile = lambda: caller.put_through_ends("ANSWER", "16")
            await here.link_up()
            await passes(20 * LAG)
            assert here.told(Kind.SUB_HOTLINE_ENDED) == [{"sub_hotline": "bureau", "by": "agent"}]
            here.lets_in()
            await here.over()
            assert story(here) == whole()


@folded
@fake_time
async def test_a_caller_who_talked_with_a_sub_hotline_and_hung_up_meanwhile(folded: bool) -> None:
    async with hall() as before:
        caller = await put_through(before)
        await before.dies()
        caller.sub_hotline_answers()
        caller.hang_up()
        async with before.restarted(folded=folded) as here:
            await here.adopts()
            assert here.told(Kind.SUB_HOTLINE_ANSWERED) == [{"sub_hotline": "bureau"}]
            assert story(here) == whole()


@sessions_first
@pytest.mark.parametrize("status", ["ANSWER", "NOANSWER"])
@folded
@fake_time
async def test_a_sub_hotline_whose_end_came_while_the_service_was_away(
    sessions_first: bool, status: str, folded: bool
) -> None:
    async with hall() as before:
        caller = await put_through(before)
        if status == "ANSWER":
            caller.sub_hotline_answers()
            await before.heard()
        await before.dies()
        caller.put_through_ends(status, "16")
        async with before.restarted(folded=folded) as here:
            heard = len(caller.heard)
            await here.adopts(sessions_first=sessions_first)
            await passes(2 * PROMPT)
            assert APOLOGY not in caller.heard
            if status == "ANSWER":
                assert caller.heard[heard:] == ["Goodbye"]
            else:
                assert caller.heard[heard:][:2] == ["We are sorry, the call could not be connected.", "Main menu"]
                caller.hang_up()
            await here.over()
            assert story(here) == whole()


@sessions_first
@folded
@fake_time
async def test_a_sub_hotline_that_nobody_saw_answer_has_answered(sessions_first: bool, folded: bool) -> None:
    async with hall() as before:
        caller = await put_through(before)
        await before.dies()
        caller.put_through_ends("ANSWER", "16")
        async with before.restarted(folded=folded) as here:
            await here.adopts(sessions_first=sessions_first)
            await here.over()
            assert caller.heard[-1] == "Goodbye"
            assert here.told(Kind.SUB_HOTLINE_ANSWERED) == [{"sub_hotline": "bureau"}]
            assert story(here) == whole()


@sessions_first
@folded
@fake_time
async def test_a_death_in_the_goodbye_after_a_sub_hotline(sessions_first: bool, folded: bool) -> None:
    async with hall() as before:
        caller = await put_through(before)
        caller.sub_hotline_answers()
        await before.heard()
        caller.put_through_ends("ANSWER", "16")
        await passes(PROMPT / 2)
        assert caller.playing == "Goodbye"
        await before.dies()
        async with before.restarted(folded=folded) as here:
            heard = len(caller.heard)
            await here.adopts(sessions_first=sessions_first)
            await here.over()
            assert caller.heard[heard:] == ["Goodbye"]
            assert story(here) == whole()
