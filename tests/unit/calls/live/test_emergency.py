"""Callers who hear an emergency message: before the menus, instead of them, and what comes after."""

import pytest

from emergency.model import When
from journal.records import Kind
from tests.unit.asterisk.caller import PROMPT
from tests.unit.emergency.test_model import message
from tests.unit.faketime import fake_time, passes, settles
from tests.unit.service.calling import START, hall
from tests.unit.service.dying import folded

TWO = ["燃气泄漏", "[a recording, en, 3 s]"]


@fake_time
async def test_it_comes_before_the_menu_and_no_key_skips_it() -> None:
    async with hall() as here:
        before = here.caller("caller-0")
        await settles()
        here.emergencies = (message(START),)
        caller = here.caller()
        await settles()
        caller.press("1")
        await passes(PROMPT / 2)
        assert caller.playing in TWO, "a key does not end it"
        await passes(3 * PROMPT)
        assert sorted(caller.heard[:2]) == sorted(TWO)
        assert len(caller.heard) > 2, "then the menu"
        assert not here.told(Kind.KEY_PRESSED), "nor is it an answer to what follows"
        assert here.told(Kind.EMERGENCY_TOLD) == [{"id": "1", "mode": "before"}]
        assert not set(TWO) & set(before.heard), "who was there already is not disturbed"


@fake_time
async def test_after_its_end_nobody_hears_it() -> None:
    async with hall() as here:
        here.emergencies = (message(START - 7_200),)
        caller = here.caller()
        await passes(PROMPT)
        assert not set(TWO) & set(caller.heard)
        assert not here.told(Kind.EMERGENCY_TOLD)


@fake_time
async def test_instead_of_the_menu_it_is_heard_twice_then_the_goodbye() -> None:
    async with hall() as here:
        here.emergencies = (message(START, mode=When.INSTEAD),)
        caller = here.caller()
        await passes(8 * PROMPT)
        assert len([words for words in caller.heard if words in TWO]) == 4
        assert not here.told(Kind.MENU_ENTERED)
        assert [data["by"] for data in here.told(Kind.CALL_FINISHED)] == ["system"]


@pytest.mark.parametrize(("after", "queue"), [("person", "general"), ("queue:trees", "trees")])
@fake_time
async def test_callers_in_need_reach_a_person_after_it(after: str, queue: str) -> None:
    async with hall() as here:
        here.emergencies = (message(START, mode=When.INSTEAD, after=after),)
        here.caller()
        await passes(8 * PROMPT)
        assert here.waiting(queue) == 1


@fake_time
async def test_where_a_reload_took_the_queue_away_callers_go_where_those_of_that_queue_go() -> None:
    async with hall() as here:
        here.emergencies = (message(START, mode=When.INSTEAD, after="queue:gone"),)
        here.caller()
        await passes(6 * PROMPT)
        assert not here.told(Kind.MENU_ENTERED)
        assert [record.queue for record in here.records if record.kind is Kind.QUEUED] == ["general"]


@folded
@fake_time
async def test_a_restart_while_it_is_told_lets_nobody_slip_into_the_menu(folded: bool) -> None:
    async with hall() as before:
        before.emergencies = (message(START, mode=When.INSTEAD),)
        before.caller()
        await passes(PROMPT / 2)
        async with before.restarted(folded=folded) as here:
            await here.adopts()
            await passes(9 * PROMPT)
            assert len(here.told(Kind.EMERGENCY_TOLD)) == 2
            assert not here.told(Kind.MENU_ENTERED)
            assert len(here.told(Kind.CALL_FINISHED)) == 1


@fake_time
async def test_a_closed_hotline_tells_it_before_it_says_so() -> None:
    async with hall() as here:
        here.intake.drained = True
        here.emergencies = (message(START, mode=When.INSTEAD, after="person"),)
        caller = here.caller()
        await passes(8 * PROMPT)
        assert any("maintenance" in words for words in caller.heard)
        assert caller.heard[0] in TWO
        assert not here.told(Kind.QUEUED)


@fake_time
async def test_only_who_comes_to_the_node_hears_its_message_and_once() -> None:
    async with hall() as here:
        here.emergencies = (message(START, where="queue:trees"),)
        caller = here.caller()
        await settles()
        assert not set(TWO) & set(caller.heard), "not in the menu"
        caller.press("1")
        await passes(PROMPT / 2)
        caller.press("0")
        assert caller.playing == TWO[1], "a key does not end it; its language is known"
        assert here.told(Kind.EMERGENCY_TOLD) == [{"id": "queue:trees", "mode": "before", "where": "queue:trees"}]
        await passes(2 * PROMPT)
        assert here.waiting("trees") == 1
        assert TWO[0] not in caller.heard
        other = here.caller("caller-2")
        await settles()
        other.press("0")
        await passes(3 * PROMPT)
        assert here.waiting("general") == 1
        assert not set(TWO) & set(other.heard)


@fake_time
async def test_instead_of_a_node_callers_go_where_it_says() -> None:
    async with hall() as here:
        here.emergencies = (message(START, mode=When.INSTEAD, after="queue:general", where="queue:trees"),)
        caller = here.caller()
        await settles()
        caller.press("1")
        await passes(4 * PROMPT)
        assert [words for words in caller.heard if words in TWO] == [TWO[1]] * 2
        assert (here.waiting("trees"), here.waiting("general")) == (0, 1)


@fake_time
async def test_a_menu_has_its_message_whenever_the_caller_comes_there_first() -> None:
    async with hall() as here:
        whole, menu = message(START), message(START, where="menu:main")
        here.emergencies = (whole, menu)
        caller = here.caller()
        await passes(6 * PROMPT)
        assert [data.get("where") for data in here.told(Kind.EMERGENCY_TOLD)] == [None, "menu:main"]
        assert len([words for words in caller.heard if words in TWO]) == 3


@folded
@fake_time
async def test_a_restart_while_a_node_says_it_tells_it_again(folded: bool) -> None:
    async with hall() as before:
        before.emergencies = (message(START, where="queue:trees"),)
        caller = before.caller()
        await settles()
        caller.press("1")
        await passes(PROMPT / 2)
        assert caller.playing in TWO
        async with before.restarted(folded=folded) as here:
            await here.adopts()
            await settles()
            caller.press("1")
            await passes(9 * PROMPT)
            assert len(here.told(Kind.EMERGENCY_TOLD)) == len(here.told(Kind.QUEUED)) + 1 == 2
