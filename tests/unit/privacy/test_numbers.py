"""One caller's number is found, handed out and forgotten; on SQLite and PostgreSQL."""

import json
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import insert, select

import reports.store
from accounts.audit import AuditTable, Entry
from base.failure import NotDone
from base.numbers import plain
from calls.linked import LinkedNumbers
from calls.model import EVERY_CALL, Direction, Outcome
from journal.actor import Actor
from journal.records import Kind, Record
from journal.tables import snapshots
from lab.patience import PATIENCE, until
from privacy import numbers
from tests.unit.recordings.test_model import recorded
from tests.unit.service.aged import NUMBER, Aged, aged, call_of

ADMIN = Actor("user:wang")
OTHER = "13900139000"


def lacks(number: bytes, kept: bytes) -> bool:
    return number not in kept


async def told(world: Aged, kind: str) -> list[tuple[str, str, int]]:
    """The Records that say that it was done: who, which number, how many calls."""
    assert await world.journal.flush(PATIENCE)
    found = [row for row in await world.records() if row.kind == kind]
    return [(row.actor, row.data["number"], row.data["calls"]) for row in found]


async def test_a_number_is_forgotten_in_calls_records_snapshots_and_files(where: Path | str, tmp_path: Path) -> None:
    async with aged(where, tmp_path / "state") as world:
        await world.tell(*call_of("c1", 3, over=False), *call_of("c2", 2, caller="138-0013-8000"))
        world.journal.rotate()  # a snapshot with the number in it
        await world.tell(*call_of("c1", 3)[-2:], *call_of("c3", 1, caller=OTHER))
        assert NUMBER in "".join(await world.states())
        look = await world.numbers.look("138 0013 8000")
        assert (look.removed, look.calls, look.live, look.alike, look.lists) == (0, 2, 0, [], ["nuisance"])
        before = await world.store.list(EVERY_CALL, 10)
        answer = await world.numbers.forget("138 0013 8000", ADMIN)
        assert (answer.removed, answer.calls, answer.more, answer.lists) == (2, 0, False, ["nuisance"])
        assert await world.callers() == {"c1": "", "c2": "", "c3": OTHER}
        after = await world.store.list(EVERY_CALL, 10)
        assert [(call.id, call.queue, call.outcome, call.ended) for call in after] == [
            (call.id, call.queue, call.outcome, call.ended) for call in before
        ]
        assert [row.data["caller"] for row in await world.records() if row.kind == "call-started"] == ["", "", OTHER]
        assert NUMBER not in "".join(await world.states())
        for number in (NUMBER.encode(), b"138-0013-8000"):
            await until("a spool without it", world.bytes, partial(lacks, number))
            if isinstance(where, Path):
                files = [path for path in where.parent.glob(f"{where.name}*") if path.is_file()]
                assert number not in b"".join(path.read_bytes() for path in files), "the database's file has it"
        assert await told(world, "number-forgotten") == [(ADMIN, "*********00", 2)]


async def test_recordings_of_the_number_go_and_those_of_others_stay(where: Path | str, tmp_path: Path) -> None:
    async with aged(where, tmp_path / "state") as world:
        await world.tell(*call_of("c1", 3), *call_of("c2", 3, caller=OTHER))
        for call in ("c1", "c2"):
            await world.tell(recorded(f"{call}.o1"))
            file = world.recordings.file(f"{call}.o1", "2023/11/15")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(b"x")
        await world.numbers.forget(NUMBER, ADMIN)
        assert [file.name for file in world.folder.recorded.rglob("*.flac")] == ["c2.o1.flac"]
        assert await world.recordings.old(world.now, {}) == 1


async def test_a_missed_caller_is_forgotten_in_snapshots_too_and_what_was_noted_of_a_message(
    where: Path | str, tmp_path: Path
) -> None:
    async with aged(where, tmp_path / "state") as world:
        await world.tell(*call_of("c1", 3))
        entries = [{"number": NUMBER, "queue": "greening"}, {"number": OTHER, "queue": "greening"}]
        done = [{"number": NUMBER, "note": "lives in 7 Elm Road"}, {"number": OTHER, "note": "called back"}]
        missed = {"live": {"c2": {"number": NUMBER}}, "entries": entries}
        state = json.dumps({"missed": missed, "messages": {"done": done}})
        async with world.database.begin() as connection:
            await connection.execute(insert(snapshots).values(node="other", seq=1, state=state))
        await world.numbers.forget(NUMBER, ADMIN)
        kept = "".join(await world.states())
        assert NUMBER not in kept
        assert "Elm Road" not in kept
        assert OTHER in kept
        assert "called back" in kept


async def test_a_number_that_is_forgotten_is_linked_to_no_other_any_more(where: Path | str, tmp_path: Path) -> None:
    async with aged(where, tmp_path / "state") as world:
        links = LinkedNumbers(world.database)
        await links.link(NUMBER, OTHER, world.now)
        await world.tell(*call_of("c1", 1), *call_of("c2", 1, OTHER))
        assert (await world.numbers.look("138 0013 8000")).linked == [OTHER]
        assert (await world.numbers.about(NUMBER, "", ADMIN)).linked == [OTHER]
        assert (await links.of(NUMBER)) == [OTHER], "it was only looked at"
        assert (await world.numbers.forget("138 0013 8000", ADMIN)).linked == [OTHER]
        assert await links.of(OTHER) == []
        assert await world.callers() == {"c1": "", "c2": OTHER}
        await until("a spool without it", world.bytes, partial(lacks, NUMBER.encode()))


async def test_reports_do_not_know_a_number_that_is_forgotten(where: Path | str, tmp_path: Path) -> None:
    async with aged(where, tmp_path / "state") as world:

        async def known() -> list[str]:
            async with world.database.connect() as connection:
                return sorted((await connection.execute(select(reports.store.contacts.c.number))).scalars())

        await world.tell(*call_of("c1", 1), *call_of("c2", 1, OTHER))
        assert await known() == sorted([plain(NUMBER), plain(OTHER)])
        await world.numbers.forget("138 0013 8000", ADMIN)
        assert await known() == [plain(OTHER)]


async def test_a_caller_who_has_not_hung_up_keeps_the_number(where: Path | str, tmp_path: Path) -> None:
    async with aged(where, tmp_path / "state") as world:
        await world.tell(*call_of("c1", 1), *call_of("c2", 0, over=False))
        answer = await world.numbers.forget(NUMBER, ADMIN)
        assert (answer.removed, answer.live) == (1, 1)
        assert (await world.numbers.look(OTHER)).lists == []
        assert await world.callers() == {"c1": "", "c2": NUMBER}
        await world.tell(*call_of("c2", 0)[-2:])
        assert (await world.numbers.forget(NUMBER, ADMIN)).removed == 1
        assert await world.callers() == {"c1": "", "c2": ""}


async def test_numbers_that_end_alike_are_named_and_not_touched(where: Path | str, tmp_path: Path) -> None:
    written = ["13800138000", "+8613800138000", "008613800138000", "23800138000", "x13800138000", "1380013800", "Li"]
    async with aged(where, tmp_path / "state") as world:
        await world.tell(*(record for n, caller in enumerate(written) for record in call_of(f"c{n}", 1, caller)))
        look = await world.numbers.look("+86 13800138000")
        assert (look.calls, look.alike) == (2, ["13800138000", "23800138000", "x13800138000"])
        assert (await world.numbers.forget("li", ADMIN)).removed == 1
        assert (await world.numbers.forget("13800138000", ADMIN)).removed == 1
        left = [caller for caller in (await world.callers()).values() if caller]
        assert sorted(left) == sorted(set(written) - {"13800138000", "Li"})


@pytest.mark.parametrize(
    "hostile",
    ["%", "_", "1380013____", "' OR 1=1 --", "%00138000", "\\", "1\n3", "0", "", "*", "１３８００１３８０００"],
)
async def test_a_hostile_number_matches_nothing_else(where: Path | str, tmp_path: Path, hostile: str) -> None:
    async with aged(where, tmp_path / "state") as world:
        await world.tell(*call_of("c1", 1), *call_of("c2", 1, caller=""))
        assert (await world.numbers.forget(hostile, ADMIN)).removed == 0
        assert (await world.numbers.about(hostile, "", ADMIN)).calls == []
        assert (await world.callers())["c1"] == NUMBER


async def test_many_calls_are_forgotten_and_handed_out_bit_by_bit(
    where: Path | str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(numbers, "BATCH", 4)
    monkeypatch.setattr(numbers, "PAGE", 4)
    async with aged(where, tmp_path / "state") as world:
        await world.tell(*(record for n in range(10) for record in call_of(f"c{n}", 1)), *call_of("d", 1, OTHER))
        ids, after = [], ""
        while True:
            page = await world.numbers.about(NUMBER, after, ADMIN)
            ids += [call.id for call in page.calls]
            if page.after is None:
                break
            after = page.after
        assert ids == [f"c{n}" for n in range(10)]
        assert [step.kind for step in page.calls[0].story][:4] == [
            "call-started",
            "menu-entered",
            "said",
            "key-pressed",
        ]
        answers = [await world.numbers.forget(NUMBER, ADMIN) for _ in range(3)]
        assert [(answer.removed, answer.calls, answer.more) for answer in answers] == [
            (4, 6, True),
            (4, 2, True),
            (2, 0, False),
        ]
        assert await told(world, "number-exported") == [(ADMIN, "*********00", calls) for calls in (4, 4, 2)]
        assert sum(calls for _, _, calls in await told(world, "number-forgotten")) == 10
        assert NUMBER not in json.dumps([dict(row.data) for row in await world.records()])


async def test_no_page_is_handed_out_without_a_record(where: Path | str, tmp_path: Path) -> None:
    """Whoever asks for the pages after the first one gets the calls as well."""
    async with aged(where, tmp_path / "state") as world:
        await world.tell(*call_of("c1", 1), *call_of("c2", 1))
        page = await world.numbers.about(NUMBER, "!", ADMIN)
        assert ([call.id for call in page.calls], page.lists) == (["c1", "c2"], ["nuisance"])
        assert await told(world, "number-exported") == [(ADMIN, "*********00", 2)]


async def test_long_stories_make_short_pages(
    where: Path | str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page is made on the loop that answers calls."""
    monkeypatch.setattr(numbers, "MOST_STEPS", 20)
    async with aged(where, tmp_path / "state") as world:
        await world.tell(*(record for n in range(5) for record in call_of(f"c{n}", 1)))  # 9 steps each
        pages, after = [], ""
        for _ in range(3):
            page = await world.numbers.about(NUMBER, after, ADMIN)
            pages.append([call.id for call in page.calls])
            if page.after is None:
                break
            after = page.after
        assert (pages, page.after) == ([["c0", "c1", "c2"], ["c3", "c4"]], None)


async def test_a_database_that_is_behind_or_away_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers, "WRITTEN", 0.2)
    async with aged(tmp_path / "wutong.db", tmp_path / "state") as world:
        await world.tell(*call_of("c1", 1))
        async with world.database.begin() as connection:
            await connection.exec_driver_sql("ALTER TABLE calls RENAME TO away")
        with pytest.raises(NotDone, match="The database did not do it"):
            await world.numbers.forget(NUMBER, ADMIN)
        world.recorder.write(call_of("c2", 0)[0])
        with pytest.raises(NotDone, match="does not have the latest Records yet"):
            await world.numbers.forget(NUMBER, ADMIN)
        async with world.database.begin() as connection:
            await connection.exec_driver_sql("ALTER TABLE away RENAME TO calls")


async def test_notes_on_the_calls_of_a_number_go_with_it(where: Path | str, tmp_path: Path) -> None:
    """A note may have a name, an address, another number. It is handed out with the calls, too."""
    async with aged(where, tmp_path / "state") as world:
        kept = Record(world.now, Kind.NOTE, "c2", "greening", "1001", data={"note": "stays"})
        await world.tell(*call_of("c1", 1), *call_of("c2", 1, OTHER), note("c1", world.now), kept)
        (told,) = (await world.numbers.about(NUMBER, "", ADMIN)).calls
        assert told.wrap_ups[0].note == "Li, Nanjing Road 1"
        assert (await world.numbers.forget(NUMBER, ADMIN)).removed == 1
        forgotten = await world.book.get("c1")
        assert forgotten is not None
        assert (forgotten[0].caller, forgotten[1][0].data["caller"], forgotten[1][-1].data["note"]) == ("", "", "")
        notes = [row.data["note"] for row in await world.records() if row.kind == "note"]
        assert sorted(notes) == ["", "stays"]
        await until("a spool without it", world.bytes, partial(lacks, b"Nanjing"))
        if isinstance(where, Path):
            files = [path for path in where.parent.glob(f"{where.name}*") if path.is_file()]
            assert b"Nanjing" not in b"".join(path.read_bytes() for path in files)


async def test_reasons_of_transfers_and_consultations_go_with_the_number(where: Path | str, tmp_path: Path) -> None:
    async with aged(where, tmp_path / "state") as world:
        await world.tell(
            *call_of("c1", 1),
            Record(world.now, Kind.CONSULT_ASKED, "c1", data={"to": {"agent": "1002"}, "reason": "Li, Nanjing Road 1"}),
            Record(world.now, Kind.TRANSFERRED, "c1", data={"how": "blind", "to": {}, "reason": "Li, Nanjing Road 1"}),
            Record(world.now, Kind.TRANSFERRED, "c1", data={"how": "blind", "to": {}}),
        )
        assert (await world.numbers.forget(NUMBER, ADMIN)).removed == 1
        assert [row.data["reason"] for row in await world.records() if "reason" in row.data] == ["", ""]
        await until("a spool without it", world.bytes, partial(lacks, b"Nanjing"))


async def test_a_citizen_whom_an_agent_has_called_is_found_and_forgotten(where: Path | str, tmp_path: Path) -> None:
    async with aged(where, tmp_path / "state") as world:
        out, number = ("out-1", "greening", "1001"), {"number": "13900139111"}
        await world.tell(
            Record(world.now - 9, Kind.CALL_OUT_DIALLED, *out, data={**number, "shown": "12319", "language": "zh"}),
            Record(world.now - 5, Kind.CALL_OUT_ANSWERED, *out, data=number),
            Record(world.now - 1, Kind.CALL_OUT_ENDED, *out, data={"by": "caller", "talked_s": 4.0}),
        )
        (call,) = await world.store.list(EVERY_CALL, 10)
        assert (call.direction, call.caller, call.number) == (Direction.OUT, "13900139111", "12319")
        assert (await world.numbers.look("139 0013 9111")).calls == 1
        assert (await world.numbers.forget("139 0013 9111", ADMIN)).removed == 1
        assert [
            row.data["number"] for row in await world.records() if row.call == "out-1" and "number" in row.data
        ] == [
            "",
            "",
        ]
        (call,) = await world.store.list(EVERY_CALL, 10)
        assert (call.direction, call.caller, call.outcome) == (Direction.OUT, "", Outcome.ANSWERED)
        await until("a spool without it", world.bytes, partial(lacks, b"13900139111"))


def keyed_in(call: str, number: str, at: float) -> list[Record]:
    """Callbacks to this number were promised in a call of somebody else, and came to nothing."""
    data = {"callback": f"{call}-b", "number": number, "language": "zh", "since": at, "position": 1, "expected_s": None}
    return [
        Record(at, Kind.CALLBACK_PROMISED, call, "greening", data=data),
        Record(at + 9, Kind.CALLBACK_DIALLED, f"{call}-b", "greening"),
        Record(at + 40, Kind.LEFT_QUEUE, f"{call}-b", "greening", data={"why": "not-reached", "waited_s": 40.0}),
    ]


async def test_a_number_that_somebody_else_has_keyed_in_is_handed_out_and_forgotten(
    where: Path | str, tmp_path: Path
) -> None:
    async with aged(where, tmp_path / "state") as world:
        await world.tell(*call_of("c1", 1, OTHER), *call_of("c2", 0, OTHER, over=False), *call_of("c3", 1))
        for call, number in (("c1", "138 0013 8000"), ("c2", NUMBER), ("c3", NUMBER), ("c4", "8613800138000")):
            await world.tell(*keyed_in(call, number, world.now))
        state = json.dumps({"callbacks": {"callbacks": [{"number": "138 0013 8000"}, {"number": OTHER}]}})
        async with world.database.begin() as connection:
            await connection.execute(insert(snapshots).values(node="other", seq=1, state=state))
        look = await world.numbers.look(NUMBER)
        assert (look.calls, look.live, look.alike) == (3, 0, ["8613800138000"]), "its own call, and two of another"
        about = await world.numbers.about(NUMBER, "", ADMIN)
        assert [(one.id, one.caller) for one in about.calls] == [
            ("c3", NUMBER),
            ("c1-b", "138 0013 8000"),
            ("c2-b", NUMBER),
            ("c3-b", NUMBER),
        ]
        assert [step.kind for step in about.calls[1].story] == ["callback-promised", "callback-dialled", "left-queue"]
        assert (about.alike, OTHER in about.model_dump_json()) == (["8613800138000"], False)
        answer = await world.numbers.forget(NUMBER, ADMIN)
        assert (answer.removed, answer.calls, answer.alike) == (3, 0, ["8613800138000"])
        promised = [row.data["number"] for row in await world.records() if row.kind == "callback-promised"]
        assert promised == ["", "", "", "8613800138000"]
        assert set((await world.callers()).values()) == {OTHER, ""}
        kept = "".join(await world.states())
        assert ("138 0013 8000" in kept, OTHER in kept) == (False, True)
        assert (await world.numbers.look(NUMBER)).calls == 0
        assert (await world.numbers.about(NUMBER, "", ADMIN)).calls == []


async def test_callbacks_are_handed_out_page_by_page_after_the_calls(
    where: Path | str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(numbers, "PAGE", 2)
    async with aged(where, tmp_path / "state") as world:
        for n in range(3):
            await world.tell(*call_of(f"c{n}", 1), *keyed_in(f"c{n}", NUMBER, world.now))
        ids, after = list[str](), ""
        for _ in range(9):
            page = await world.numbers.about(NUMBER, after, ADMIN)
            ids += [one.id for one in page.calls]
            if page.after is None:
                break
            after = page.after
        assert ids == ["c0", "c1", "c2", "c0-b", "c1-b", "c2-b"]


async def test_a_number_with_exactly_a_batch_of_calls_is_in_no_snapshot_either(
    where: Path | str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(numbers, "BATCH", 1)
    async with aged(where, tmp_path / "state") as world:
        await world.tell(*call_of("c1", 1))
        state = json.dumps({"calls": [{"caller": NUMBER}]})
        async with world.database.begin() as connection:
            await connection.execute(insert(snapshots).values(node="other", seq=1, state=state))
        assert [(await world.numbers.forget(NUMBER, ADMIN)).more for _ in range(2)] == [True, False]
        assert NUMBER not in "".join(await world.states())


async def test_a_number_in_the_reason_of_a_break_and_in_the_audit_is_forgotten(
    where: Path | str, tmp_path: Path
) -> None:
    async with aged(where, tmp_path / "state") as world:
        said = ["call 138-0013-8000 back", f"call {OTHER} back", "13800138000", "lunch", "8613800138000"]
        states = [
            Record(world.now, kind, agent="1001", data={"state": "not-ready", "previous": "ready", "reason": reason})
            for kind in (Kind.AGENT_STATE, Kind.AGENT_NEXT_STATE)
            for reason in said
        ]
        await world.tell(*call_of("c1", 1), *states)
        table = AuditTable(world.database)
        entries = [Entry(world.now, ADMIN, "published", "/versions", told, "192.0.2.1", 200) for told in said]
        await table.add(entries)
        await world.numbers.forget(NUMBER, ADMIN)
        left = ["call 138********00 back", f"call {OTHER} back", "138******00", "lunch", "8613800138000"]
        assert [row.data["reason"] for row in await world.records() if "reason" in row.data] == left * 2
        assert sorted(entry.detail for entry in await table.list(None, None, 0.0, 10)) == sorted(left)
        await until("a spool without it", world.bytes, partial(lacks, b"138-0013-8000"))


def note(call: str, at: float) -> Record:
    return Record(at, Kind.NOTE, call, "greening", "1001", data={"note": "Li, Nanjing Road 1"})
