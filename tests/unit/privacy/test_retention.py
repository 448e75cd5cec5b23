"""Old data goes, what counts stays; on SQLite and PostgreSQL."""

import asyncio
import os
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from acd.last_hour import entry_end
from base.failure import NotDone
from calls.linked import LinkedNumbers
from calls.model import EVERY_CALL
from journal.actor import Actor
from journal.records import STEPS, Kind, Record
from journal.store import from_row
from lab.patience import PATIENCE, until
from privacy import retention
from privacy.model import PurgeOut
from privacy.retention import DAY
from recordings.model import day_of
from settings.settings import Keep
from tests.unit.messages.left import left
from tests.unit.recordings.test_model import recorded
from tests.unit.service.aged import NOW, NUMBER, Aged, aged, call_of

ADMIN = Actor("token:local")


async def purge_all(world: Aged) -> Counter[str]:
    """As the command line does it."""
    removed: Counter[str] = Counter()
    while True:
        answer = await world.retention.purge(ADMIN)
        removed.update({name: getattr(answer, name) for name in PurgeOut.THINGS})
        if not answer.more:
            assert await world.journal.flush(PATIENCE)
            return removed


async def figures(world: Aged) -> Mapping[str, Any]:
    """What reports count: of queues, agents, outcomes and waits."""
    told = [from_row(row._mapping) for row in await world.records()]
    calls = await world.store.list(EVERY_CALL, 1_000)
    return {
        "entries": Counter((record.queue, str(entry_end(record))) for record in told if entry_end(record)),
        "waits": sorted(record.data["waited_s"] for record in told if record.kind is Kind.CONNECTED),
        "talks": Counter((record.agent, record.data["talked_s"]) for record in told if record.kind is Kind.TALK_ENDED),
        "outcomes": Counter((call.queue, call.agent, call.outcome, call.started, call.ended) for call in calls),
    }


async def test_each_age_loses_what_is_due_and_figures_stay(where: Path | str, tmp_path: Path) -> None:
    async with aged(where, tmp_path / "state") as world:
        await world.tell(
            *(
                record
                for days in (1_200, 400, 100, 10)
                for record in call_of(f"c{days}", days, caller=f"1390000{days:04}")
            )
        )
        due = await world.retention.due()
        assert (due.numbers, due.steps, due.calls, due.records) == (3, 6, 1, 9)
        assert (await world.callers())["c400"] == "13900000400", "it was only counted"
        before = await figures(world)
        removed = await purge_all(world)
        assert (removed["numbers"], removed["steps"], removed["calls"], removed["records"]) == (3, 6, 1, 6)
        assert await world.callers() == {"c400": "", "c100": "", "c10": "13900000010"}
        told = await world.records()
        assert [row.data["caller"] for row in told if row.kind == "call-started"] == ["", "", "13900000010"]
        steps = Counter(row.call for row in told if Kind(row.kind) in STEPS)
        assert steps == {"c100": 3, "c10": 3}
        after = await figures(world)
        assert after["waits"] == before["waits"][1:], "but for the oldest call, which is gone"
        assert after["entries"][("greening", "answered")] == before["entries"][("greening", "answered")] - 1
        assert after["outcomes"] == Counter(
            {key: n for key, n in before["outcomes"].items() if key[3] > NOW - 1_000 * DAY}
        )
        assert not (await purge_all(world)).total(), "nothing is left to do"
        purged = [row for row in await world.records() if row.kind == "purged"]
        assert [(row.actor, row.data["numbers"]) for row in purged] == [("token:local", 3), ("token:local", 0)]


async def test_links_between_numbers_go_when_numbers_do(where: Path | str, tmp_path: Path) -> None:
    async with aged(where, tmp_path / "state") as world:
        links = LinkedNumbers(world.database)
        await links.link("138", "139", NOW - 91 * DAY)
        await links.link("110", "119", NOW - 89 * DAY)
        assert (await world.retention.due()).links == 2
        assert (await purge_all(world))["links"] == 2
        assert (await links.of("138"), await links.of("110")) == ([], ["119"])


async def test_a_late_record_brings_no_number_back(where: Path | str, tmp_path: Path) -> None:
    async with aged(where, tmp_path / "state") as world:
        await world.tell(*call_of("c1", 100))
        await purge_all(world)
        await world.tell(Record(NOW, Kind.TALK_ENDED, "c1", "greening", "1001", data={"by": "agent", "talked_s": 1.0}))
        assert await world.callers() == {"c1": ""}


async def test_many_calls_go_in_small_batches_and_the_writer_gets_in(
    where: Path | str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "ASKED", 0.0)  # one batch a request
    async with aged(where, tmp_path / "state") as world:
        await world.tell(*(record for n in range(60) for record in call_of(f"c{n:03}", 100 - n / 1000)))
        await world.tell(*call_of("new", 1))
        answers = 0
        while (await world.retention.purge(ADMIN)).more:
            answers += 1
            await world.tell(*call_of(f"meanwhile{answers}", 0))
        assert await world.journal.flush(PATIENCE)
        assert answers >= 540 // retention.BATCH
        callers = await world.callers()
        assert {callers[f"c{n:03}"] for n in range(60)} == {""}
        assert callers["new"] == NUMBER == callers["meanwhile1"]
        (told,) = [row for row in await world.records() if row.kind == "purged"]
        assert told.data["numbers"] == 60, "one Record for all requests"


async def test_it_and_the_writer_at_the_same_time(where: Path | str, tmp_path: Path) -> None:
    """SQLite refuses a transaction that read before another one wrote: nothing here may be refused."""
    async with aged(where, tmp_path / "state") as world:
        await world.tell(*(record for n in range(100) for record in call_of(f"c{n:03}", 500)))

        async def write() -> None:
            for n in range(10):
                await world.tell(*(record for each in range(10) for record in call_of(f"n{n}{each}", 0)))

        await asyncio.gather(write(), purge_all(world), purge_all(world))
        callers = await world.callers()
        assert Counter(callers.values()) == {"": 100, NUMBER: 100}
        assert world.journal.trouble is None


@pytest.mark.parametrize("asked", [True, False])
async def test_a_purge_on_a_slow_disk_leaves_the_writer_as_much_time_as_it_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: bool
) -> None:
    """On SQLite one writes at a time, and nobody queues: who finds it busy looks again a little later."""
    monkeypatch.setattr(retention, "PAUSE", 0.0)
    monkeypatch.setattr(retention, "BATCH", 10)
    batches: list[tuple[float, float]] = []
    writing = retention.writing

    @asynccontextmanager
    async def slow(database: AsyncEngine) -> AsyncIterator[AsyncConnection]:
        began = time.monotonic()
        async with writing(database) as connection:
            yield connection
            await asyncio.sleep(0.03)
        batches.append((began, time.monotonic()))

    async with aged(tmp_path / "wutong.db", tmp_path / "state") as world:
        await world.tell(*(record for n in range(10) for record in call_of(f"c{n}", 100)))
        monkeypatch.setattr(retention, "writing", slow)
        await (world.retention.purge(ADMIN) if asked else world.retention._purge_all())
    pairs = [(end - begin, after - end) for (begin, end), (after, _) in pairwise(batches[:9])]
    assert len(pairs) > 2
    assert all(free >= 0.9 * took for took, free in pairs), pairs


async def test_the_newest_record_stays_however_old(where: Path | str, tmp_path: Path) -> None:
    async with aged(where, tmp_path / "state") as world:
        await world.tell(*call_of("c1", 2_000))
        world.now = NOW + 10 * DAY
        await purge_all(world)
        assert [(row.kind, row.seq) for row in await world.records()] == [("call-finished", 9), ("purged", 10)]
        assert await world.callers() == {}


async def test_snapshots_and_the_spool_keep_no_old_number(where: Path | str, tmp_path: Path) -> None:
    async with aged(where, tmp_path / "state") as world:
        await world.tell(*call_of("c1", 30, over=False))
        world.journal.rotate()
        await world.tell(*call_of("c2", 29))
        assert NUMBER in "".join(await world.states())
        await world.tell(*call_of("c1", 29)[-2:])
        await purge_all(world)
        await world.tell(*call_of("c3", 0, caller=""))
        await purge_all(world)
        assert NUMBER not in "".join(await world.states())
        assert NUMBER.encode() not in b"".join(path.read_bytes() for path in world.folder.spool.iterdir())


async def test_old_files_go(tmp_path: Path) -> None:
    async with aged(tmp_path / "wutong.db", tmp_path / "state") as world:
        old, new = world.folder.recordings / "rehearsal-1.wav", world.folder.recordings / "rehearsal-2.wav"
        other, damaged = world.folder.recordings / "mine.wav", world.folder.spool / "000001.jsonl.damaged-12345678"
        spoken = world.folder.recordings / "emergency-1.wav"  # on *90, when the service was killed
        for file, days in ((old, 8), (new, 6), (other, 999), (spoken, 8), (damaged, 91)):
            file.write_bytes(b"x")
            os.utime(file, (NOW - days * DAY, NOW - days * DAY))
        assert (await world.retention.due()).files == 3
        assert (await purge_all(world))["files"] == 3
        assert (old.exists(), new.exists(), other.exists(), damaged.exists()) == (False, True, True, False)
        assert not spoken.exists()


async def test_old_messages_go_with_their_sounds(tmp_path: Path) -> None:
    async with aged(tmp_path / "wutong.db", tmp_path / "state") as world:
        for call, days in (("old", 91), ("new", 89)):
            await world.tell(*left(call, "13800138000", "greening", NOW - days * DAY))
            world.keeper.file(call).write_bytes(b"x")
        stray = world.keeper.file("stray")
        stray.write_bytes(b"x")
        os.utime(stray, (NOW - 91 * DAY, NOW - 91 * DAY))
        assert (await world.retention.due()).files == 1
        assert (await purge_all(world))["files"] == 1
        assert [message.id for message in world.messages.all()] == ["new"]
        assert [file.name for file in world.folder.messages.iterdir()] == ["new.wav"]


async def test_messages_are_kept_no_longer_than_numbers(tmp_path: Path) -> None:
    async with aged(tmp_path / "wutong.db", tmp_path / "state", Keep(numbers_days=30)) as world:
        await world.tell(*left("old", "13800138000", "greening", NOW - 31 * DAY))
        assert (await world.retention.due()).files == 1


async def test_old_recordings_go_and_none_outlives_the_number(tmp_path: Path) -> None:
    async with aged(tmp_path / "wutong.db", tmp_path / "state", Keep(numbers_days=30)) as world:
        for call, days in (("old", 32), ("new", 28)):
            day = day_of(NOW - days * DAY, ZoneInfo("Asia/Shanghai"))
            await world.tell(*call_of(call, days), recorded(f"{call}.o1", NOW - days * DAY, day=day))
            file = world.recordings.file(f"{call}.o1", day)
            file.parent.mkdir(parents=True)
            file.write_bytes(b"x")
        assert (await world.retention.due()).files == 1
        assert (await purge_all(world))["files"] == 1
        assert [file.name for file in world.folder.recorded.rglob("*.flac")] == ["new.o1.flac"]
        assert [row.data["why"] for row in await world.records() if row.kind == "recording-removed"] == ["old"]


async def test_a_queue_has_days_of_its_own_for_recordings_up_to_those_of_numbers(tmp_path: Path) -> None:
    async with aged(tmp_path / "wutong.db", tmp_path / "state", Keep(numbers_days=30, recordings_days=20)) as world:
        for call, days, queue in (("old", 12, "gas"), ("own", 25, "water"), ("new", 15, "greening")):
            day = day_of(NOW - days * DAY, ZoneInfo("Asia/Shanghai"))
            await world.tell(*call_of(call, days), recorded(f"{call}.o1", NOW - days * DAY, day=day, queue=queue))
            file = world.recordings.file(f"{call}.o1", day)
            file.parent.mkdir(parents=True)
            file.write_bytes(b"x")
        world.own_days = {"gas": 10, "water": 9_000}
        assert (await world.retention.due()).files == 1
        await purge_all(world)
        assert {file.name for file in world.folder.recorded.rglob("*.flac")} == {"own.o1.flac", "new.o1.flac"}
        world.now += 6 * DAY
        await purge_all(world)
        assert [*world.folder.recorded.rglob("*.flac")] == [], "none outlives the number"


async def test_the_night_reads_the_recordings_of_the_day_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "LOOK", 0.01)
    async with aged(tmp_path / "wutong.db", tmp_path / "state") as world:
        day = day_of(NOW - DAY, ZoneInfo("Asia/Shanghai"))
        await world.tell(*call_of("c1", 1), recorded("c1.o1", NOW - DAY, day=day))
        file = world.recordings.file("c1.o1", day)
        file.parent.mkdir(parents=True)
        file.write_bytes(b"not what was kept")
        running = asyncio.create_task(world.retention.run())

        async def damaged() -> set[str]:
            return world.recordings.damaged

        await until("the examination", damaged, lambda found: found == {"c1.o1"})
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def test_it_is_done_by_itself_at_a_quiet_moment_once_a_day(
    where: Path | str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "LOOK", 0.01)
    monkeypatch.setattr(retention, "PAUSE", 0.0)
    async with aged(where, tmp_path / "state") as world:
        await world.tell(*call_of("c1", 100))
        await world.tell(*call_of("live", 0, caller="", over=False))
        running = asyncio.create_task(world.retention.run())

        async def told() -> int:
            return sum(row.kind == "purged" for row in await world.records())

        await asyncio.sleep(0.3)
        assert await told() == 0, "a call is live"
        await world.tell(*call_of("live", 0)[-2:])
        await until("a purge by itself", told, lambda times: times == 1)
        assert (await world.callers())["c1"] == ""
        await asyncio.sleep(0.3)
        assert await told() == 1
        world.now += 13 * 3600  # 16:00 in Shanghai was the first time: it is 5:00
        await asyncio.sleep(0.3)
        assert await told() == 1
        world.now += 22 * 3600  # 3:00
        await until("the next purge", told, lambda times: times == 2)
        purged = [row.actor for row in await world.records() if row.kind == "purged"]
        assert purged == [None, None], "the system"
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        registry = CollectorRegistry()
        registry.register(world.retention.figures)
        page = generate_latest(registry).decode()
        assert 'wutong_purged_total{what="numbers"} 1.0' in page
        assert world.retention.figures.last == world.now
        assert "wutong_purge_last_timestamp_seconds 1.8" in page


async def test_a_database_that_is_away_is_told_and_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "LOOK", 0.01)
    async with aged(tmp_path / "wutong.db", tmp_path / "state") as world:
        await world.tell(*call_of("c1", 100))
        async with world.database.begin() as connection:
            await connection.exec_driver_sql("ALTER TABLE removals RENAME TO away")
        with pytest.raises(NotDone, match="The database did not do it"):
            await world.retention.purge(ADMIN)
        running = asyncio.create_task(world.retention.run())

        async def failures() -> int:
            return world.retention.figures.failures

        await until("a failure", failures, lambda times: times > 1)
        async with world.database.begin() as connection:
            await connection.exec_driver_sql("ALTER TABLE away RENAME TO removals")
        await until("a purge", world.callers, lambda callers: callers == {"c1": ""})
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def test_a_mistake_in_here_does_not_end_the_service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "LOOK", 0.01)
    async with aged(tmp_path / "wutong.db", tmp_path / "state") as world:
        await world.tell(*call_of("c1", 100))
        is_due, mistakes = world.retention._is_due, iter([KeyError("a mistake of ours")])

        async def once_broken() -> bool:
            for mistake in mistakes:
                raise mistake
            return await is_due()

        monkeypatch.setattr(world.retention, "_is_due", once_broken)
        running = asyncio.create_task(world.retention.run())
        await until("a purge", world.callers, lambda callers: callers == {"c1": ""})
        assert world.retention.figures.failures == 1
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


@pytest.mark.parametrize("days", [{"numbers_days": 366}, {"stories_days": 1_096}, {"numbers_days": 0}])
def test_settings_that_make_no_sense_are_refused(days: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="days"):
        Keep(**days)


async def test_notes_go_with_the_numbers_and_codes_stay(where: Path | str, tmp_path: Path) -> None:
    async with aged(where, tmp_path / "state") as world:
        for days in (100, 10):
            call = call_of(f"c{days}", days)
            part = (f"c{days}", "greening", "1001", None)
            code = Record(call[-1].at + 1, Kind.WRAP_UP_CODE, *part, {"code": "answered", "name": {}})
            await world.tell(*call, code, Record(call[-1].at + 2, Kind.NOTE, *part, {"note": "Li"}))
        await purge_all(world)
        told = await world.records()
        assert [row.data["note"] for row in told if row.kind == "note"] == ["", "Li"]
        assert [row.data["code"] for row in told if row.kind == "wrap-up-code"] == ["answered"] * 2
        assert {call.id: call.code for call in await world.store.list(EVERY_CALL, 9)} == {
            "c100": "answered",
            "c10": "answered",
        }


async def test_what_callers_entered_goes_with_their_numbers(where: Path | str, tmp_path: Path) -> None:
    async with aged(where, tmp_path / "state") as world:
        for days in (100, 10):
            call = call_of(f"c{days}", days)
            data = {"input": "order", "name": {"zh": "工单号"}, "digits": "4711"}
            await world.tell(*call[:-1], Record(call[-1].at - 1, Kind.COLLECTED, f"c{days}", data=data), call[-1])
        await purge_all(world)
        assert [row.data["digits"] for row in await world.records() if row.kind == "collected"] == ["", "4711"]
        await world.numbers.forget(NUMBER, ADMIN)
        assert [row.data["digits"] for row in await world.records() if row.kind == "collected"] == ["", ""]
