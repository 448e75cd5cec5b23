import asyncio
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from accounts import audit
from accounts.audit import Audit, Entry
from accounts.store import StoreUnavailable
from journal.actor import Actor
from lab.patience import PATIENCE, patience
from tests.unit.accounts.stores import FakeAuditStore
from tests.unit.service.saboteur import Mistake, handled, once

ENTRY = Entry(1_000.0, "user:wang", "call-read", "/calls/c1", "", "192.0.2.1", 200)


class Trail:
    def __init__(self, rest: Path = Path("/nowhere/rest.jsonl")) -> None:
        self.store = FakeAuditStore()
        self.audit = Audit(self.store, rest)

    async def listed(self) -> list[Entry]:
        return list(await self.audit.list(None, None, 0, 1_000))


async def test_what_was_noted_is_listed_at_once_and_written_in_batches() -> None:
    trail = Trail()
    for number in range(1_200):
        trail.audit.note(replace(ENTRY, at=number), change=True)
    assert (trail.audit.waiting, trail.store.entries) == (1_200, [])
    assert len(await trail.listed()) == 1_000
    assert trail.store.batches == [500, 500, 200]


async def test_the_same_reading_within_a_minute_is_one_entry_and_a_change_never() -> None:
    trail = Trail()
    for at in (1_000.0, 1_001.0, 1_059.0, 1_060.0, 1_061.0):
        trail.audit.note(replace(ENTRY, at=at), change=False)
    trail.audit.note(replace(ENTRY, at=1_061.0, target="/calls/c2"), change=False)
    for _ in range(3):
        trail.audit.note(replace(ENTRY, what="reload"), change=True)
    told = [(entry.at, entry.target, entry.what) for entry in (await trail.listed())[::-1]]
    assert told[:3] == [
        (1_000.0, "/calls/c1", "call-read"),
        (1_060.0, "/calls/c1", "call-read"),
        (1_061.0, "/calls/c2", "call-read"),
    ]
    assert [what for _, _, what in told[3:]] == ["reload"] * 3


async def test_what_many_read_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "MOST_WAITING", 50)
    trail = Trail()
    for number in range(200):
        actor = Actor.user(f"user-{number % 100}")
        trail.audit.note(replace(ENTRY, target=f"/calls/{number}", actor=actor), change=False)
    assert (trail.audit.waiting, trail.audit.dropped) == (50, 150)
    assert len(trail.audit._seen) <= 50


async def test_who_reads_one_call_after_the_other_fills_no_audit_and_is_told_with_the_number(tmp_path: Path) -> None:
    """11,583 entries in 15 s were an agent's, who read calls that do not exist."""
    trail = Trail(tmp_path / "rest.jsonl")
    missing = replace(ENTRY, status=404)
    for number in range(11_583):
        trail.audit.note(replace(missing, at=1_000.0 + number / 800, target=f"/calls/{number}"), change=False)
    trail.audit.note(replace(ENTRY, at=1_014.0), change=False)
    trail.audit.note(replace(missing, at=1_014.0, actor=Actor.user("li")), change=False)
    assert len(trail.audit._seen) == audit.MOST_ALIKE + 2
    await trail.audit.close(1)
    told = trail.store.entries
    assert [entry.target for entry in told[:60]] == [f"/calls/{number}" for number in range(60)]
    assert [(entry.actor, entry.target, entry.status, entry.detail) for entry in told[60:]] == [
        ("user:wang", "/calls/c1", 200, ""),
        ("user:li", "/calls/c1", 404, ""),
        ("user:wang", "/calls/11582", 404, "more=11522"),
    ]
    assert trail.audit.dropped == 0


async def test_refusals_from_elsewhere_hide_none_from_here(tmp_path: Path) -> None:
    """A thief with a token made sixty refused requests a minute. They hid all other refusals of that account."""
    trail = Trail(tmp_path / "rest.jsonl")
    refused = replace(ENTRY, status=403)
    for number in range(100):
        trail.audit.note(replace(refused, target=f"/calls/{number}", address="2001:db8::1"), change=False)
    for address in ("192.0.2.1", "2001:db8::2"):
        trail.audit.note(replace(refused, target="/users", address=address), change=False)
    await trail.audit.close(1)
    told = [(entry.target, entry.address, entry.detail) for entry in trail.store.entries]
    assert told[60:] == [("/users", "192.0.2.1", ""), ("/users", "2001:db8::2", "more=40")]


async def test_who_has_many_networks_fills_no_audit_either(tmp_path: Path) -> None:
    trail = Trail(tmp_path / "rest.jsonl")
    for number in range(5_000):
        address = f"2001:db8:0:{number % 50}::1"
        trail.audit.note(replace(ENTRY, target=f"/calls/{number}", address=address), change=False)
    trail.audit.note(replace(ENTRY, what="audio-read", address="192.0.2.9"), change=False)
    networks = audit.MOST_NETWORKS + 1
    assert len(trail.audit._alike) == networks + 1
    await trail.audit.close(1)
    assert len(trail.store.entries) == networks * (audit.MOST_ALIKE + 1) + 1


async def test_the_number_is_told_when_its_minute_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "REPEATED_S", 0.01)
    monkeypatch.setattr(audit, "EVERY_S", 0.0)
    monkeypatch.setattr(audit, "MOST_ALIKE", 0)
    trail = Trail()
    running = asyncio.create_task(trail.audit.run())
    for number in range(3):
        trail.audit.note(replace(ENTRY, target=f"/calls/{number}", detail="limit=1"), change=False)
    assert trail.audit.waiting == 0
    await asyncio.wait_for(trail.store.written.wait(), PATIENCE)
    assert [(entry.target, entry.detail) for entry in trail.store.entries] == [("/calls/2", "limit=1 more=2")]
    running.cancel()


async def test_a_mistake_while_the_number_is_told_loses_that_number_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "REPEATED_S", 0.01)
    monkeypatch.setattr(audit, "MOST_ALIKE", 0)
    trail, mistakes = Trail(), handled()
    once(trail.audit, "_take")
    trail.audit.note(ENTRY, change=False)
    assert isinstance(await asyncio.wait_for(mistakes.get(), PATIENCE), Mistake)
    trail.audit.note(ENTRY, change=False)
    async with patience("the next number"):
        while not trail.audit.waiting:  # noqa: ASYNC110 - it is a property, as the metrics read it
            await asyncio.sleep(0.001)
    assert mistakes.empty()


async def test_a_database_that_is_away_delays_nothing_and_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "EVERY_S", 0.0)
    monkeypatch.setattr(audit, "RETRY_S", 0.01)
    trail = Trail()
    trail.store.away = True
    running = asyncio.create_task(trail.audit.run())
    trail.audit.note(ENTRY, change=True)
    await asyncio.wait_for(trail.store.refused.wait(), PATIENCE)
    assert trail.audit.waiting == 1
    trail.store.away = False
    await asyncio.wait_for(trail.store.written.wait(), PATIENCE)
    assert trail.store.entries == [ENTRY]
    running.cancel()


async def test_what_is_left_at_a_stop_comes_with_the_next_start(tmp_path: Path) -> None:
    rest = tmp_path / "rest.jsonl"
    trail = Trail(rest)
    trail.store.away = True
    trail.audit.note(ENTRY, change=True)
    await trail.audit.close(1)
    assert rest.stat().st_mode & 0o777 == 0o600
    with rest.open("a") as file:
        file.write("no JSON\n")
    later = Trail(rest)
    assert await later.listed() == [ENTRY]
    assert later.audit.dropped == 1
    assert not rest.exists()


async def test_what_a_stop_left_is_taken_up_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that goes away in the middle must not have the first of them twice in the end."""
    monkeypatch.setattr(audit, "BATCH", 2)
    rest = tmp_path / "rest.jsonl"
    trail = Trail(rest)
    trail.store.away = True
    for number in range(5):
        trail.audit.note(replace(ENTRY, target=f"/calls/\x85{number}"), change=True)
    await trail.audit.close(1)
    later = Trail(rest)
    add, adds = later.store.add, 0

    async def second_away(entries: list[Entry]) -> None:
        nonlocal adds
        adds += 1
        if adds == 2:
            raise StoreUnavailable("OperationalError")
        await add(entries)

    monkeypatch.setattr(later.store, "add", second_away)
    with suppress(StoreUnavailable):
        await later.listed()
    assert [entry.target[-1] for entry in (await later.listed())[::-1]] == ["0", "1", "2", "3", "4"]
    assert (later.audit.dropped, rest.exists()) == (0, False)


async def test_a_second_stop_without_the_database_keeps_what_the_first_left(tmp_path: Path) -> None:
    rest = tmp_path / "rest.jsonl"
    for target in ("/calls/c1", "/calls/c2"):
        trail = Trail(rest)
        trail.store.away = True
        trail.audit.note(replace(ENTRY, target=target), change=True)
        await trail.audit.close(1)
    assert [entry.target for entry in await Trail(rest).listed()] == ["/calls/c2", "/calls/c1"]


async def test_a_file_that_cannot_be_read_stays_and_stops_nothing(tmp_path: Path) -> None:
    rest = tmp_path / "rest.jsonl"
    rest.mkdir()
    trail = Trail(rest)
    trail.audit.note(ENTRY, change=True)
    assert await trail.listed() == [ENTRY]
    assert rest.exists()


async def test_what_no_file_takes_at_a_stop_is_counted(tmp_path: Path) -> None:
    trail = Trail(tmp_path / "no-such-folder" / "rest.jsonl")
    trail.store.away = True
    trail.audit.note(ENTRY, change=True)
    await trail.audit.close(1)
    assert trail.audit.dropped == 1


async def test_a_normal_stop_writes_all(tmp_path: Path) -> None:
    trail = Trail(tmp_path / "rest.jsonl")
    trail.audit.note(ENTRY, change=True)
    await trail.audit.close(1)
    assert trail.store.entries == [ENTRY]
    assert not (tmp_path / "rest.jsonl").exists()


async def test_a_fault_of_the_store_does_not_end_the_audit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "EVERY_S", 0.0)
    monkeypatch.setattr(audit, "RETRY_S", 0.0)
    trail = Trail()
    add = trail.store.add
    faults = iter([RuntimeError("a mistake of ours")])

    async def once_broken(entries: list[Entry]) -> None:
        for fault in faults:
            raise fault
        await add(entries)

    monkeypatch.setattr(trail.store, "add", once_broken)
    running = asyncio.create_task(trail.audit.run())
    trail.audit.note(ENTRY, change=True)
    await asyncio.wait_for(trail.store.written.wait(), PATIENCE)
    assert trail.audit.failures == 1
    running.cancel()
