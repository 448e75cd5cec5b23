"""Accounts as a whole: read at the start, kept up to date, written at the end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from structlog.testing import capture_logs

from accounts import accounts, tokens
from accounts.audit import Entry
from accounts.model import MachineToken, Person, Session
from accounts.store import Known, StoreUnavailable
from base.role import Role
from lab.patience import PATIENCE, until
from tests.unit.accounts.stores import FakeAuditStore, FakeStore, accounts_in

SECRET = "wtg_secret"
WANG = Person(name="wang", roles=frozenset({Role.AGENT}), agent="1001", password=None, created=0.0, password_set=0.0)
ANOTHER = Session(digest="d", name="wang", began=0.0, used=0.0, address="192.0.2.1")


class Kept:
    """A store with one token, and the accounts that read it."""

    def __init__(self) -> None:
        self.store = FakeStore()
        self.store.tokens["map"] = MachineToken(
            name="map", roles=frozenset({Role.SUPERVISOR}), digest=tokens.digest(SECRET), created=0.0, expires=1e9
        )
        self.now = 1_000.0
        self.audited = FakeAuditStore()
        self.accounts = accounts_in(self.store, self.audited, lambda: self.now)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.accounts.run())
        await self.accounts.wait_looked(5)
        yield
        task.cancel()
        await asyncio.wait({task})

    async def known(self) -> None:
        async def loaded() -> bool:
            return self.accounts.loaded

        await until("known accounts", loaded, bool)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "LOOK_S", 0.0)


async def test_after_the_first_look_a_token_counts() -> None:
    kept = Kept()
    assert kept.accounts.of_token(SECRET) is None
    async with kept.running():
        token = kept.accounts.of_token(SECRET)
        assert token is not None
        assert token.name == "map"
        assert kept.accounts.why_unread() is None


async def test_a_database_that_is_away_at_the_start_is_told_and_asked_again() -> None:
    kept = Kept()
    kept.store.away = True
    assert "not read yet" in str(kept.accounts.why_unread())
    async with kept.running():
        assert "the database cannot be asked: OperationalError" in str(kept.accounts.why_unread())
        kept.store.away = False
        await kept.known()
        assert kept.accounts.of_token(SECRET) is not None
    assert kept.accounts.failures == 0


async def test_an_account_that_is_removed_or_reset_has_no_phone_in_a_browser_any_more() -> None:
    kept = Kept()
    out: list[str] = []
    kept.accounts.agent_shut_out = out.append
    kept.store.people["wang"] = WANG
    async with kept.running():
        await kept.accounts.set_password(WANG, "four plain words here", keep=ANOTHER)
        assert out == [], "the own session goes on"
        await kept.accounts.set_password(WANG, "four plain words more")
        assert out == ["1001"]
        await kept.accounts.remove("wang")
        assert out == ["1001", "1001"]


async def test_what_was_got_by_a_session_or_a_token_has_an_account_as_long_as_that_lasts() -> None:
    kept = Kept()
    kept.store.people["wang"] = WANG
    async with kept.running():
        await kept.known()
        of_token = tokens.digest(SECRET)
        _, session = await kept.accounts.sessions.begin("wang", "192.0.2.1")
        assert named(kept, session.digest, of_token) == ["wang", "map"]
        await kept.accounts.directory.change("wang", agent="1002")
        person = kept.accounts.account_of(session.digest)
        assert person is not None
        assert person.agent == "1002", "as it is now"
        kept.now += 1_800
        assert named(kept, session.digest, of_token) == [None, "map"]
        kept.now = 1e9
        assert named(kept, session.digest, of_token) == [None, None]
        assert named(kept, "", "unknown") == [None, None]


def named(kept: Kept, *digests: str) -> list[str | None]:
    found = [kept.accounts.account_of(digest) for digest in digests]
    return [None if account is None else account.name for account in found]


async def test_the_same_trouble_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """One work that goes well does not make the other's trouble new."""
    monkeypatch.setattr(accounts, "KEEP_S", 0.0)
    monkeypatch.setattr(accounts, "PURGE_S", 0.0)
    kept = Kept()
    asked = 0

    async def away(*_: object) -> None:
        nonlocal asked
        asked += 1
        raise StoreUnavailable("OperationalError")

    async def often() -> int:
        kept.now += 3_600
        kept.accounts.of_token(SECRET)
        return asked

    with capture_logs() as logs:
        async with kept.running():
            monkeypatch.setattr(kept.store, "note_use", away)
            await until("tries", often, lambda tries: tries > 5)
    assert len([line for line in logs if line["event"] == "accounts"]) == 1


async def test_a_mistake_in_reading_is_counted_and_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Kept()
    load, faults = kept.store.load, iter([KeyError("a mistake of ours")])

    async def once_broken() -> Known:
        for fault in faults:
            raise fault
        return await load()

    monkeypatch.setattr(kept.store, "load", once_broken)
    async with kept.running():
        assert "KeyError" in str(kept.accounts.why_unread())
        await kept.known()
    assert kept.accounts.failures == 1


async def test_usual_networks_are_read_again_if_the_audit_could_not_be_asked() -> None:
    kept = Kept()
    kept.store.people["wang"] = WANG
    kept.audited.entries.append(Entry(500.0, "user:wang", "signed-in", "/session", "", "192.0.2.1", 201))
    kept.audited.away = True
    async with kept.running():
        assert kept.accounts.loaded, "people sign in meanwhile"
        assert usual(kept) == []
        kept.audited.away = False

        async def found() -> list[tuple[str, str]]:
            return usual(kept)

        await until("the usual network", found, lambda there: there == [("wang", "192.0.2.1")])


def usual(kept: Kept) -> list[tuple[str, str]]:
    return list(kept.accounts.sign_in._usual)


async def test_a_session_that_began_without_the_database_is_kept_once_it_is_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(accounts, "KEEP_S", 0.0)
    kept = Kept()
    kept.store.people["wang"] = WANG
    async with kept.running():
        kept.store.away = True
        _, session = await kept.accounts.sessions.begin("wang", "192.0.2.1")
        kept.store.away = False

        async def sessions() -> list[str]:
            return list(kept.store.sessions)

        await until("the session", sessions, lambda there: there == [session.digest])


async def test_a_look_that_hangs_is_waited_for_no_longer_than_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Kept()

    async def hang() -> Known:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(kept.store, "load", hang)
    running = asyncio.create_task(kept.accounts.run())
    async with asyncio.timeout(PATIENCE):
        await kept.accounts.wait_looked(0.01)
    assert not kept.accounts.loaded
    running.cancel()


async def test_the_hour_in_which_a_token_was_used_is_written_at_the_end() -> None:
    kept = Kept()
    async with kept.running():
        kept.now = 8_000.0
        kept.accounts.of_token(SECRET)
    await kept.accounts.close()
    assert kept.store.uses[-1] == ({}, {"map": 7_200.0})


async def test_an_end_without_the_database_is_no_error() -> None:
    kept = Kept()
    async with kept.running():
        kept.store.away = True
        kept.accounts.of_token(SECRET)
    await kept.accounts.close()
    assert kept.store.uses == []
    assert kept.accounts.failures == 0
