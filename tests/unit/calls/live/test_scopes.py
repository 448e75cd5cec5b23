"""Callers who hear whose business it is, and a message that no key skips."""

from hotline.edition import Edition
from ivr.interpreter import BETWEEN
from ivr.model import Menu, Say, Scope, ToQueue, ToScope
from journal.records import Kind
from tests.unit.asterisk.caller import PROMPT
from tests.unit.faketime import fake_time, passes, settles
from tests.unit.service.calling import FakeCatalogue, hall
from tests.unit.service.dying import folded
from tests.unit.service.small import hotline

TREES = Scope(say={"*": "Ask the manager"}, number="110", transfer=ToQueue(queue="trees"), offer={"*": "Press 1"})
WARNING = Say(say={"*": "Smell of gas"}, skip=False, then=ToQueue(queue="trees"))


def edition() -> Edition:
    small = hotline()
    main = small.menus["main"]
    keys = {**main.keys, "1": ToScope(scope="trees"), "6": WARNING}
    changed = Menu.model_validate({**main.model_dump(), "keys": keys})
    everybody = small.queues["everybody"].model_copy(update={"keys": {"0": ToScope(scope="trees")}})
    queues = {**small.queues, "everybody": everybody}
    given = {"scopes": {"trees": TREES}, "menus": {"main": changed}, "queues": queues}
    return Edition(small.model_copy(update=given), FakeCatalogue())


@fake_time
async def test_the_number_is_read_twice_then_the_offer_is_taken() -> None:
    async with hall(edition=edition()) as here:
        caller = await here.queued()
        await passes(5 * PROMPT + BETWEEN + 1)
        reading = ["1", "1", "0"]
        assert caller.heard[1:9] == ["Ask the manager", *reading, *reading, "Press 1"]
        caller.press("1")
        await passes(3 * PROMPT)
        assert here.waiting("trees") == 1
        assert here.told(Kind.SCOPE_TOLD) == [{"scope": "trees"}]


@folded
@fake_time
async def test_a_restart_while_it_is_told(folded: bool) -> None:
    """From a menu the menus begin again; from a queue it is told again."""
    async with hall(edition=edition()) as before:
        await before.queued()
        other = await before.queued("caller-2", "5")
        other.press("0")
        await passes(3 * PROMPT)
        assert len(before.told(Kind.SCOPE_TOLD)) == 2
        async with before.restarted(folded=folded) as here:
            await here.adopts()
            await passes(4 * PROMPT)
            told = here.told(Kind.SCOPE_TOLD)
            assert len(told) == 3
            assert here.told(Kind.MENU_ENTERED)[-1]["menu"] == "main"


@fake_time
async def test_a_warning_is_heard_to_its_end_and_keys_meanwhile_do_not_count() -> None:
    async with hall(edition=edition()) as here:
        caller = here.caller()
        await settles()
        caller.press("6")
        await passes(PROMPT / 2)
        assert caller.playing == "Smell of gas"
        caller.press("0")
        await passes(PROMPT / 4)
        assert caller.playing == "Smell of gas"
        await passes(3 * PROMPT)
        assert here.waiting("trees") == 1
        said = {data["text"]: data["interrupted"] for data in here.told(Kind.SAID)}
        assert said["Smell of gas"] is False
