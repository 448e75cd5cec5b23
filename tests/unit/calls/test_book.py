"""The book of live calls."""

from collections.abc import Collection, Mapping, Sequence

import pytest

from accounts.model import Reach
from agents.model import NOTHING_BESIDE, Aside, With
from base.numbers import plain
from calls.book import RECENT, CallBook
from calls.model import EVERY_CALL, CallState, CallSummary, Outcome, Search, fold
from calls.store import StoreUnavailable
from journal.records import Kind, Record
from tests.unit.calls.stories import CONNECTED, OFFERED, QUEUED, START, STARTED, record, summary


class MemoryArchive:
    """What the store does, without a database."""

    def __init__(self, records: Sequence[Record] = ()) -> None:
        self.records = list(records)

    def summaries(self) -> dict[str, CallSummary]:
        found: dict[str, CallSummary] = {}
        for step in self.records:
            if step.call is not None:
                found[step.call] = fold(found.get(step.call), step)
        return found

    async def list(self, search: Search, limit: int, reach: Reach) -> Sequence[CallSummary]:
        found = sorted(self.summaries().values(), key=lambda told: told.started, reverse=True)
        noted = [told for told in found if search.noted(step for step in self.records if step.call == told.id)]
        return [told for told in noted if search.fits(told) and told.within(reach)][:limit]

    async def get(self, call_id: str) -> CallSummary | None:
        return self.summaries().get(call_id)

    async def story(self, call_id: str) -> Sequence[Record]:
        return [step for step in self.records if step.call == call_id]

    async def noted(self, call_ids: Collection[str]) -> Mapping[str, Sequence[Record]]:
        kept = {call_id: await self.story(call_id) for call_id in call_ids}
        return {call_id: story for call_id, story in kept.items() if story}

    async def earlier(
        self, call: CallSummary, limit: int, reach: Reach, linked: Collection[str]
    ) -> Sequence[CallSummary]:
        ended = [one for one in self.summaries().values() if one.state is CallState.ENDED and one.within(reach)]
        return [one for one in ended if plain(one.caller) == plain(call.caller)][:limit]


async def test_a_live_call_is_told_before_the_journal_has_it() -> None:
    book = CallBook(MemoryArchive())
    book.note(START)
    assert book.note(QUEUED) == summary(START, QUEUED)
    assert book.live() == 1
    assert await book.get("c1") == (summary(START, QUEUED), (START, QUEUED))
    assert await book.list(Search(CallState.WAITING, "greening"), 10) == [summary(START, QUEUED)]
    assert await book.list(Search(CallState.MENU), 10) == []
    assert await book.list(Search(queue="water"), 10) == []


async def test_an_ended_call_stays_until_the_journal_has_it() -> None:
    archive = MemoryArchive()
    book = CallBook(archive, recent_limit=0)
    story = [START, record(105, Kind.CALL_FINISHED, by="caller")]
    for step in story:
        book.note(step)
    assert book.live() == 0
    assert await book.get("c1") == (summary(*story), tuple(story))
    archive.records += story
    book.written(story)
    assert await book.get("c1") == (summary(*story), story)
    archive.records.clear()
    assert await book.get("c1") is None, "memory let it go"


async def test_a_late_record_does_not_bring_a_forgotten_call_back() -> None:
    book = CallBook(MemoryArchive(), recent_limit=0)
    end = record(105, Kind.CALL_FINISHED, by="caller")
    for step in (START, end):
        book.note(step)
    book.written([START, end])
    assert book.note(record(106, Kind.LEFT_QUEUE, queue="greening", why="hung-up")) is None
    assert (book.live(), await book.get("c1")) == (0, None)


async def test_memory_overrules_the_archive_and_the_limit_holds() -> None:
    old = [record(at, Kind.CALL_STARTED, call=f"old{at}", **STARTED) for at in range(5)]
    old += [record(50 + at, Kind.CALL_FINISHED, call=f"old{at}", by="caller") for at in range(5)]
    archive = MemoryArchive([*old, START])
    book = CallBook(archive)
    for step in (START, QUEUED):
        book.note(step)
    newest = await book.list(EVERY_CALL, 3)
    assert [told.id for told in newest] == ["c1", "old4", "old3"]
    assert newest[0].state is CallState.WAITING
    # The archive still has c1 in the menu; it must not take a place there.
    assert await book.list(Search(CallState.MENU), 5) == []
    ended = [told.id for told in await book.list(Search(CallState.ENDED), 5)]
    assert ended == ["old4", "old3", "old2", "old1", "old0"]


class NoArchive(MemoryArchive):
    async def list(self, search: Search, limit: int, reach: Reach) -> Sequence[CallSummary]:
        raise StoreUnavailable("OperationalError")


async def test_live_calls_are_told_without_the_archive() -> None:
    book = CallBook(NoArchive())
    for step in (START, QUEUED, record(100, Kind.CALL_STARTED, "c2", **STARTED)):
        book.note(step)
    assert [told.id for told in await book.list(Search(CallState.WAITING), 10)] == ["c1"]
    assert [told.id for told in await book.list(Search(CallState.MENU), 10)] == ["c2"]
    for state in (None, CallState.ENDED):
        with pytest.raises(StoreUnavailable):
            await book.list(Search(state), 10)


async def test_a_story_too_long_for_memory_is_read_from_the_archive() -> None:
    story = [START, *(record(101 + n, Kind.KEY_PRESSED, key="1") for n in range(5))]
    book = CallBook(MemoryArchive(story), story_limit=3)
    for step in story:
        book.note(step)
    found = await book.get("c1")
    assert found is not None
    assert list(found[1]) == story


async def test_when_the_journal_cannot_write_the_oldest_ends_are_let_go() -> None:
    book = CallBook(MemoryArchive(), ended_limit=2)
    for n in range(3):
        book.note(record(n, Kind.CALL_STARTED, call=f"c{n}", **STARTED))
        book.note(record(n + 0.5, Kind.CALL_FINISHED, call=f"c{n}", by="caller"))
    assert [told.id for told in await book.list(EVERY_CALL, 10)] == ["c2", "c1"]
    assert book.live() == 0


async def test_a_call_that_was_interrupted_goes_on_from_where_it_was() -> None:
    before = [START, QUEUED]
    archive = MemoryArchive(before)
    book = CallBook(archive)
    book.take_up(archive.summaries().values())
    assert book.live() == 1
    assert [told.state for told in await book.list(EVERY_CALL, 10)] == [CallState.WAITING]
    again = record(130, Kind.CALL_STARTED, resumed=True, **STARTED)
    told = book.note(again)
    assert told is not None
    assert (told.started, told.queue, told.state) == (100, "greening", CallState.MENU)
    for known in (before, [*before, again]):  # before the archive has the newest, and after that
        archive.records[:] = known
        found = await book.get("c1")
        assert found is not None
        assert found[1] == (*before, again)
    assert [told.id for told in book.unfinished()] == ["c1"]


@pytest.mark.parametrize("archived", range(7))
async def test_a_story_from_before_a_restart_is_told_whole_however_far_the_archive_is(archived: int) -> None:
    before = [START, QUEUED, OFFERED]
    after = [record(130, Kind.CALL_RESUMED), CONNECTED, CONNECTED]  # the same twice is two
    archive = MemoryArchive(before)
    book = CallBook(archive)
    book.take_up(archive.summaries().values())
    for step in after:
        book.note(step)
    story = [*before, *after]
    archive.records[:] = story[: max(archived, len(before))]
    found = await book.get("c1")
    assert found is not None
    assert list(found[1]) == story


async def test_a_call_that_somebody_placed_is_in_the_menus() -> None:
    book = CallBook(MemoryArchive())
    for call in ("c1", "c2"):
        book.note(record(1, Kind.CALL_STARTED, call=call, **STARTED))
    assert book.in_menus() == 2
    for step, led in (
        (QUEUED, 1),
        (OFFERED, 1),
        (CONNECTED, 1),
        (record(120, Kind.TALK_ENDED, by="agent"), 2),
        (record(121, Kind.CALL_FINISHED, by="agent"), 1),
    ):
        book.note(step)
        assert book.in_menus() == led, step.kind
    book.note(record(122, Kind.SUB_HOTLINE_DIALLED, call="c2", sub_hotline="gas"))
    assert book.in_menus() == 0
    book.note(record(122, Kind.SUB_HOTLINE_FAILED, call="c2", sub_hotline="gas"))
    assert book.in_menus() == 1


async def test_a_call_that_was_given_up_and_whose_caller_is_back_after_all() -> None:
    archive = MemoryArchive([START, QUEUED])
    book = CallBook(archive)
    book.take_up(archive.summaries().values())
    given_up = record(130, Kind.CALL_FINISHED, by="system", outcome="lost")
    told = book.note(given_up)
    assert told is not None
    assert (told.outcome, told.queue, book.live()) == (Outcome.LOST, "greening", 0)
    book.written([given_up])
    assert book.note(record(131, Kind.KEY_PRESSED, key="1")) is None
    told = book.note(record(132, Kind.CALL_STARTED, resumed=True, **STARTED))
    assert told is not None
    assert (told.started, told.outcome, book.live()) == (132, None, 1)
    assert (await book.list(EVERY_CALL, 10))[0].state is CallState.MENU


async def test_a_session_that_broke_and_came_back_before_the_journal_wrote_the_end() -> None:
    book = CallBook(MemoryArchive())
    end = record(105, Kind.CALL_FINISHED, by="system")
    for step in (START, end, record(106, Kind.CALL_STARTED, resumed=True, **STARTED)):
        book.note(step)
    book.written([START, end])
    assert book.live() == 1
    found = await book.get("c1")
    assert found is not None
    assert found[0].state is CallState.MENU


async def test_a_call_that_has_just_ended_takes_notes_without_the_archive() -> None:
    """It is in no list and in no count any more."""
    archive = MemoryArchive()
    book = CallBook(archive, recent_limit=1)
    for call in ("c1", "c2"):
        ended = [START._replace(call=call), record(105, Kind.CALL_FINISHED, by="caller")._replace(call=call)]
        for step in ended:
            book.note(step)
        book.written(ended)
    note = record(110, Kind.NOTE, note="tree")._replace(call="c2")
    assert book.note(note) is None
    found = await book.get("c2")
    assert found is not None
    assert found[1][-1] == note
    assert (book.live(), await book.list(EVERY_CALL, 9)) == (0, [])
    assert await book.get("c1") is None, "there is room for one"
    book.note(record(105 + RECENT + 1, Kind.NOTE, note="late")._replace(call=None))
    assert await book.get("c2") is None, "it ended too long ago"


async def test_a_note_is_found_in_memory_and_where_only_the_archive_has_it() -> None:
    """After a restart the book has calls without the beginning of their stories."""
    note = Record(101, Kind.NOTE, "old", "greening", "1001", data={"note": "Water pipe, Changning Road"})
    archive = MemoryArchive([START._replace(call="old"), QUEUED._replace(call="old"), note])
    book = CallBook(archive)
    book.take_up([summary(START._replace(call="old"), QUEUED._replace(call="old"))])
    book.note(START)
    book.note(Record(102, Kind.NOTE, "c1", "greening", "1001", data={"note": "a broken WATER PIPE"}))

    async def found(words: str) -> list[str]:
        return [call.id for call in await book.list(Search(words=words), 10)]

    assert sorted(await found("water pipe")) == ["c1", "old"]
    assert await found("changning") == ["old"]
    book.note(Record(103, Kind.NOTE, "c1", "greening", "1001", data={"note": "wrong number"}))
    assert await found("broken") == [], "the note was replaced"


async def test_what_agents_noted_comes_from_memory_where_that_has_the_whole_call_else_from_the_archive() -> None:
    archived = [START, QUEUED, OFFERED, CONNECTED]
    note = Record(CONNECTED.at + 1, Kind.NOTE, "c1", "greening", "1001", data={"note": "树"})
    book = CallBook(MemoryArchive(archived))
    book.take_up([summary(*archived)])
    book.note(note)
    live = CallBook(MemoryArchive())
    for step in (*archived, note):
        live.note(step)
    assert {call: len(story) for call, story in (await live.noted(["c1", "c9"])).items()} == {"c1": 5}
    assert {call: len(story) for call, story in (await book.noted(["c1"])).items()} == {"c1": 4}


async def test_an_earlier_call_is_told_before_the_journal_has_its_end_and_its_code() -> None:
    archive = MemoryArchive()
    book = CallBook(archive)
    story = [START, record(105, Kind.CALL_FINISHED, by="caller")]
    code = record(106, Kind.WRAP_UP_CODE, code="referred", previous=None, agent="1001")
    other = [record(100, Kind.CALL_STARTED, "c2", **{**STARTED, "caller": "13700137000"})]
    other += [record(101, Kind.CALL_FINISHED, "c2", by="caller")]
    now = record(110, Kind.CALL_STARTED, "c3", **{**STARTED, "caller": f"0{STARTED['caller']}"})
    for step in (*story, *other, now):
        book.note(step)
    present = book.live_summary("c3")
    assert present is not None
    for archived, written in ((), ()), (story[:1], ()), (story, story):
        archive.records = list(archived)
        book.written(written)
        assert await book.earlier(present, 5) == [summary(*story)]
        assert await book.earlier(present, 5, Reach(queues=frozenset({"water"}))) == []
    book.note(code)
    (told,) = await book.earlier(present, 5)
    assert (told.id, told.code) == ("c1", "referred")


def test_in_a_talk_of_three_each_of_the_two_agents_has_the_other_beside() -> None:
    book = CallBook(MemoryArchive())
    to = {"agent": "1003"}
    for step in (START, QUEUED, OFFERED, CONNECTED, record(116, Kind.CONSULT_ASKED, to=to)):
        book.note(step)
    assert book.beside("c1", "1003") == NOTHING_BESIDE
    book.note(record(117, Kind.CONSULT_ANSWERED, to=to))
    book.note(record(118, Kind.CONSULT_JOINED, to=to))
    assert CONNECTED.agent is not None
    assert book.beside("c1", CONNECTED.agent)[1] == Aside(None, {"agent": "1003"}, With.JOINED)
    assert book.beside("c1", "1003") == (None, Aside(None, {"agent": CONNECTED.agent}, With.JOINED), ())
    assert book.beside("c1", "1004") == NOTHING_BESIDE
