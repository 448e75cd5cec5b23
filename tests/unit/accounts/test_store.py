"""People, tokens and sessions are found again as they were kept, on SQLite and on PostgreSQL."""

from dataclasses import replace

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts import audit
from accounts.audit import AuditTable, Entry
from accounts.model import MachineToken, Person, SecondFactor, Session
from accounts.store import AccountStore, StoreUnavailable
from base.role import Role
from journal import database

WANG = Person(
    name="wang",
    roles=frozenset({Role.AGENT, Role.SUPERVISOR}),
    queues=frozenset({"greening"}),
    departments=frozenset({"gas"}),
    agent="1001",
    password="$argon2id$…",
    created=1.5,
    password_set=2.5,
    subject="https://login.example 7",
)
FACTOR = SecondFactor(name="wang", sealed="…", step=56_666_670, recovery=frozenset({"r1", "r2"}))
BOARD = MachineToken(name="board", roles=frozenset({Role.OPERATIONS}), digest="d1", created=1.5, expires=9.5)
SESSION = Session(digest="s1", name="wang", began=1.5, used=2.5, address="192.0.2.1")


async def test_accounts_are_found_again(db: AsyncEngine) -> None:
    store = AccountStore(db)
    await store.put_person(WANG)
    await store.put_person(replace(WANG, name="li", password=None, agent=None))
    await store.put_token(BOARD)
    await store.put_session(replace(SESSION, used=1.5))
    await store.put_session(SESSION)
    await store.put_factor(FACTOR)
    await store.put_factor(replace(FACTOR, recovery=frozenset({"r2"})))
    await store.put_factor(replace(FACTOR, name="li"))
    known = await store.load()
    assert {person.name: person for person in known.people}["wang"] == WANG
    assert {person.name for person in known.people} == {"wang", "li"}
    assert (list(known.tokens), list(known.sessions)) == ([BOARD], [SESSION])
    assert {factor.name: factor.recovery for factor in known.factors} == {"wang": {"r2"}, "li": {"r1", "r2"}}
    await store.remove_factor("li")
    await store.put_person(replace(WANG, agent="1002"))
    await store.note_use({"s1": 7.5}, {"board": 3_600.0})
    known = await store.load()
    assert {person.name: person.agent for person in known.people}["wang"] == "1002"
    assert (known.sessions[0].used, known.tokens[0].used) == (7.5, 3_600.0)
    await store.remove_person("wang")
    await store.remove_token("board")
    await store.remove_sessions([])
    known = await store.load()
    assert ([person.name for person in known.people], list(known.tokens), list(known.sessions)) == (["li"], [], [])
    assert known.factors == []


def entry(at: float, **changes: object) -> Entry:
    made = Entry(at, "user:wang", "call-read", "/calls/c1", "", "192.0.2.1", 200)
    return replace(made, **changes)  # type: ignore[arg-type]


async def test_the_audit_is_listed_and_purged(db: AsyncEngine) -> None:
    table = AuditTable(db)
    await table.add([entry(1.0), entry(2.0, actor="token:local"), entry(3.0, what="reload")])
    assert [found.at for found in await table.list(None, None, 0, 10)] == [3.0, 2.0, 1.0]
    assert await table.list("user:wang", None, 0, 1) == [entry(3.0, what="reload")]
    assert [found.at for found in await table.list(None, "call-read", 1.5, 10)] == [2.0]
    assert [found.at for found in await table.list(None, None, 1.5, 10, until=2.5)] == [2.0]
    assert await table.purge(2.5) == 2
    assert [found.at for found in await table.list(None, None, 0, 10)] == [3.0]


async def test_a_long_audit_is_purged_in_small_steps_with_pauses(
    db: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The journal's writer gets its turn: on SQLite one writes at a time."""
    assert audit.PURGED <= 500
    monkeypatch.setattr(audit, "PURGED", 10)
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    table = AuditTable(db)
    await table.add([entry(1.0) for _ in range(95)])
    monkeypatch.setattr("accounts.audit.asyncio.sleep", sleep)
    assert await table.purge(2.0) == 95
    assert pauses == [0.1] * 9


async def test_a_database_that_is_away() -> None:
    engine = database.open("postgresql://wutong:x@127.0.0.1:1/wutong")
    with pytest.raises(StoreUnavailable):
        await AccountStore(engine).load()
    with pytest.raises(StoreUnavailable):
        await AuditTable(engine).add([entry(1.0)])
    await engine.dispose()
