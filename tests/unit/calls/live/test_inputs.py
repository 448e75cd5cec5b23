"""Callers who enter digits."""

from hotline.edition import Edition
from ivr.model import Input, Menu, ToInput, ToQueue
from journal.records import Kind
from tests.unit.asterisk.caller import PROMPT, Caller
from tests.unit.faketime import fake_time, passes, settles
from tests.unit.service.calling import FakeCatalogue, hall
from tests.unit.service.dying import folded
from tests.unit.service.small import hotline

ORDER = Input(
    name={"*": "Order"},
    say={"*": "Enter it"},
    entered={"*": "You entered"},
    confirm={"*": "Right?"},
    least=2,
    wait=5,
    then=ToQueue(queue="trees"),
    failed=ToQueue(queue="general"),
)


def edition() -> Edition:
    small = hotline()
    main = small.menus["main"]
    changed = Menu.model_validate({**main.model_dump(), "keys": {**main.keys, "1": ToInput(input="order")}})
    return Edition(small.model_copy(update={"inputs": {"order": ORDER}, "menus": {"main": changed}}), FakeCatalogue())


async def enter(caller: Caller, keys: str) -> None:
    for key in keys:
        caller.press(key)
        await passes(0.5)


@folded
@fake_time
async def test_what_is_entered_and_confirmed_is_told_and_read_again(folded: bool) -> None:
    async with hall(edition=edition()) as before:
        caller = await before.queued()
        await enter(caller, "45#")
        await passes(5 * PROMPT)
        assert caller.heard[-4:] == ["You entered", "4", "5", "Right?"]
        caller.press("1")
        await passes(3 * PROMPT)
        assert before.told(Kind.COLLECTED) == [{"input": "order", "name": {"*": "Order"}, "digits": "45"}]
        assert before.waiting("trees") == 1
        said = " ".join(str(data["text"]) for data in before.told(Kind.SAID))
        assert "You entered … Right?" in said
        pressed = [data["key"] for data in before.told(Kind.KEY_PRESSED)]
        assert pressed == ["1", "", "", "", ""], "no digit of the caller's is in a Record of a key"
        async with before.restarted(folded=folded) as here:
            await here.adopts()
            assert here.waiting("trees") == 1


@fake_time
async def test_a_restart_while_digits_are_entered_begins_the_menus_again() -> None:
    async with hall(edition=edition()) as before:
        caller = await before.queued()
        await enter(caller, "45")
        async with before.restarted() as here:
            await here.adopts()
            await passes(3 * PROMPT)
            assert here.told(Kind.COLLECTED) == []
            assert [data["menu"] for data in here.told(Kind.MENU_ENTERED)] == ["main", "main"]


@fake_time
async def test_a_caller_who_enters_nothing_goes_on() -> None:
    async with hall(edition=edition()) as here:
        await here.queued()
        await passes(3 * (5 + PROMPT) + 3 * PROMPT)
        await settles()
        assert here.waiting("general") == 1
        assert here.told(Kind.COLLECTED) == []
