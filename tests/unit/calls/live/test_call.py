"""Whole lives of calls on a fake clock: the real switchboard, engine and interpreter; Asterisk is played by hand."""

from acd.events import CallLeft, Left
from base.tasks import Work
from calls.events import QueueLeft
from ivr.model import ToMenu
from journal.records import Kind
from tests.unit.asterisk.caller import PROMPT
from tests.unit.faketime import fake_time, passes
from tests.unit.service.calling import ended, hall
from tests.unit.service.dying import put_through

# --- through the menus


@fake_time
async def test_silence_is_counted_and_ends_with_goodbye() -> None:
    async with hall() as here:
        caller = here.caller()
        await here.over()
        silence = "I did not notice a key."
        assert caller.heard == ["Welcome", "Main menu", silence, "Main menu", "Goodbye"]
        assert here.kinds().count(Kind.NO_INPUT) == 2
        assert ended(here) == ("system", None)
        assert caller.hung_up
        assert caller.variables["WUTONG_DONE"] == "1"


@fake_time
async def test_a_message_is_told_and_then_goodbye() -> None:
    async with hall() as here:
        caller = here.caller()
        await passes(1)
        caller.press("3")
        await here.over()
        assert caller.heard == ["Welcome", "News", "Goodbye"]
        said = [(data["text"], data["interrupted"]) for data in here.told(Kind.SAID)]
        assert said == [("Welcome Main menu", True), ("News", False), ("Goodbye", False)]


@fake_time
async def test_a_caller_who_hangs_up_in_the_menu_ends_the_call() -> None:
    async with hall() as here:
        caller = here.caller()
        await passes(1)
        caller.hang_up()
        await here.over()
        assert ended(here) == ("caller", None)
        assert "WUTONG_DONE" not in caller.variables


@fake_time
async def test_a_caller_who_hangs_up_at_once_has_a_story_all_the_same() -> None:
    async with hall() as here:
        caller = here.caller()
        caller.hang_up()
        await here.over()
        assert here.kinds() == [Kind.CALL_STARTED, Kind.CALL_FINISHED]
        assert ended(here) == ("caller", None)


@fake_time
async def test_a_key_pressed_while_the_link_is_down_is_heard_by_agi() -> None:
    async with hall() as here:
        caller = here.caller()
        await passes(1)
        await here.link_down()
        await passes(2 * PROMPT)
        caller.press("3", ami=False)
        await passes(1)
        assert caller.heard[-1] == "News"


# --- put through to a sub-hotline


@fake_time
async def test_a_sub_hotline_answers_and_hangs_up() -> None:
    async with hall() as here:
        caller = await put_through(here)
        assert caller.heard[1:] == ["We are connecting you to", "Bureau", "Please hold the line."]
        assert caller.dialled == "PJSIP/2201,30,gri"
        caller.sub_hotline_answers()
        await here.heard()
        await passes(60)
        caller.put_through_ends("ANSWER", "16")
        await here.over()
        assert caller.heard[-1] == "Goodbye"
        assert ended(here) == ("agent", None)
        assert here.told(Kind.SUB_HOTLINE_ANSWERED) == [{"sub_hotline": "bureau"}]


@fake_time
async def test_keys_that_were_meant_for_the_sub_hotline_choose_nothing_afterwards() -> None:
    async with hall() as here:
        caller = await put_through(here)
        for key in "123":
            caller.press(key)
        await passes(1)
        caller.put_through_ends("BUSY", "17")
        await passes(PROMPT / 2)
        assert caller.playing == "We are sorry, the call could not be connected.", "no key cuts it short"
        await passes(PROMPT)
        assert caller.playing == "Main menu", "where the sub-hotline's `failed` leads"
        (failed,) = here.told(Kind.SUB_HOTLINE_FAILED)
        assert (failed["status"], failed["cause"]) == ("BUSY", "17")
        assert Kind.SUB_HOTLINE_ANSWERED not in here.kinds()


@fake_time
async def test_a_caller_who_hangs_up_while_a_sub_hotline_rings_ends_the_call() -> None:
    async with hall() as here:
        caller = await put_through(here)
        caller.hang_up()
        await here.over()
        assert ended(here) == ("caller", None)


# --- when the service itself fails


@fake_time
async def test_a_crash_frees_everybody_and_the_story_says_so() -> None:
    async with hall() as here:
        here.mistakes[Work.SESSION] = 1
        caller = await here.queued()
        caller.refuses = "EXEC"  # the next thing that is asked for
        here.sign_in()
        ring = await here.rung()
        await here.answer(ring)
        caller.taken_out(ring)
        await here.fail(ring, "abandoned")
        caller.out()
        await here.over()
        assert ended(here) == ("system", "failed")
        assert here.waiting() == 0
        assert not caller.served, "so that the dialplan takes the caller up"


@fake_time
async def test_a_mistake_in_the_machine_ends_one_call_and_no_other() -> None:
    async with hall() as here:
        here.mistakes[Work.CALL] = 1
        caller, other = await here.queued(), await here.queued("caller-2")
        here.distributor.tell(CallLeft(here.call().id, Left.WENT_ELSEWHERE))
        here.call().tell(QueueLeft(ToMenu(menu="nowhere"), here.edition))
        await here.over()
        assert ended(here) == ("system", "failed")
        assert not caller.served, "so that the dialplan takes the caller up"
        assert (here.waiting(), other.held) == (1, True)


@fake_time
async def test_a_service_that_stops_leaves_its_calls_where_they_are() -> None:
    async with hall() as here:
        caller = await here.queued()
        told = len(here.records)
        await here.dies()
        assert not caller.served
        assert caller.held
        assert "WUTONG_DONE" not in caller.variables
        assert here.records[told:] == []
        assert here.waiting() == 1
