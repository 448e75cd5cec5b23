"""Callers who reach what is there for their district, over restarts too."""

from hotline.callers import District
from hotline.edition import Edition
from ivr.model import Attempts, ChooseDistrict, Menu, ToQueue
from journal.records import Kind
from tests.unit.asterisk.caller import PROMPT
from tests.unit.faketime import fake_time, passes, settles
from tests.unit.service.calling import FakeCatalogue, Hall, hall
from tests.unit.service.dying import folded, talks
from tests.unit.service.small import hotline

OTHERWISE = Attempts(repeat=0, then=ChooseDistrict(district="other"))
WHERE = Menu(say={"*": "Where"}, keys={"1": ChooseDistrict(district="hongkou")}, no_input=OTHERWISE, invalid=OTHERWISE)


def edition(numbers: tuple[str, ...] = (), ask: str | None = "where") -> Edition:
    """In Hongkou, `everybody` is for callers of the queue `trees`."""
    small = hotline()
    trees = small.queues["trees"].model_copy(update={"districts": {"hongkou": "everybody"}, "ask": ask})
    changed = {
        "districts": {"hongkou": District(name={"*": "Hongkou"}, numbers=numbers or ("1*",))} if numbers else {},
        "menus": {**small.menus, "where": WHERE},
        "queues": {**small.queues, "trees": trees},
    }
    return Edition(small.model_copy(update=changed), FakeCatalogue())


def queues(here: Hall) -> list[str | None]:
    return [record.queue for record in here.records if record.kind is Kind.QUEUED]


@folded
@fake_time
async def test_a_caller_whose_number_tells_reaches_the_districts_queue_and_keeps_it(folded: bool) -> None:
    async with hall(edition=edition(("138*",))) as before:
        await talks(before)
        assert queues(before) == ["everybody"]
        assert before.told(Kind.CALL_STARTED)[0]["known"] == {"district": "hongkou"}
        async with before.restarted(folded=folded) as here:
            await here.adopts()
            call = here.call()
            assert call.machine.known == {"district": "hongkou"}
            assert call.machine.given == ToQueue(queue="everybody")


@folded
@fake_time
async def test_a_caller_who_is_asked_and_chooses(folded: bool) -> None:
    async with hall(edition=edition()) as before:
        caller = await before.queued()
        assert before.told(Kind.MENU_ENTERED)[-1]["menu"] == "where"
        caller.press("1")
        await passes(3 * PROMPT)
        assert queues(before) == ["everybody"]
        assert before.told(Kind.LEARNED) == [{"name": "district", "value": "hongkou"}]
        async with before.restarted(folded=folded) as here:
            await here.adopts()
            assert here.call().machine.known == {"district": "hongkou"}
            assert here.waiting("everybody") == 1


@fake_time
async def test_a_restart_in_the_question_begins_again_and_asks_again() -> None:
    async with hall(edition=edition()) as before:
        caller = await before.queued()
        async with before.restarted() as here:
            await here.adopts()
            await passes(4 * PROMPT)
            caller.press("1")
            await passes(PROMPT)
            assert [data["menu"] for data in here.told(Kind.MENU_ENTERED)] == ["main", "where", "main", "where"]
            assert here.told(Kind.LEARNED) == []


@fake_time
async def test_a_caller_who_waits_in_the_queue_itself_comes_back_to_it_unasked() -> None:
    async with hall(edition=edition()) as here:
        caller = here.caller()
        await settles()
        caller.press("1")
        await passes(8 + 3 * PROMPT)  # silence
        assert queues(here) == ["trees"]
        assert here.call().machine.known == {"district": "other"}
        assert here.call().machine.given == ToQueue(queue="trees", district="other")
