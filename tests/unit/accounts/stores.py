"""Accounts and the audit kept in memory, by stores that may be away."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import inf
from pathlib import Path

from accounts.accounts import Accounts
from accounts.audit import AuditTable, Entry
from accounts.model import MachineToken, Person, SecondFactor, Session
from accounts.store import AccountStore, Known, StoreUnavailable


class FakeStore(AccountStore):
    """In memory."""

    def __init__(self) -> None:
        self.away = False
        self.people: dict[str, Person] = {}
        self.tokens: dict[str, MachineToken] = {}
        self.sessions: dict[str, Session] = {}
        self.factors: dict[str, SecondFactor] = {}
        self.uses: list[tuple[Mapping[str, float], Mapping[str, float]]] = []

    async def load(self) -> Known:
        self._ask()
        return Known(
            list(self.people.values()),
            list(self.tokens.values()),
            list(self.sessions.values()),
            list(self.factors.values()),
        )

    async def put_person(self, person: Person) -> None:
        self._ask()
        self.people[person.name] = person

    async def remove_person(self, name: str) -> None:
        self._ask()
        self.people.pop(name, None)
        self.factors.pop(name, None)
        self.sessions = {digest: session for digest, session in self.sessions.items() if session.name != name}

    async def put_factor(self, factor: SecondFactor) -> None:
        self._ask()
        self.factors[factor.name] = factor

    async def remove_factor(self, name: str) -> None:
        self._ask()
        self.factors.pop(name, None)

    async def put_token(self, token: MachineToken) -> None:
        self._ask()
        self.tokens[token.name] = token

    async def remove_token(self, name: str) -> None:
        self._ask()
        self.tokens.pop(name, None)

    async def put_session(self, session: Session) -> None:
        self._ask()
        self.sessions[session.digest] = session

    async def remove_sessions(self, digests: Iterable[str]) -> None:
        self._ask()
        for digest in digests:
            self.sessions.pop(digest, None)

    async def note_use(self, of_sessions: Mapping[str, float], of_tokens: Mapping[str, float]) -> None:
        self._ask()
        self.uses.append((of_sessions, of_tokens))

    def _ask(self) -> None:
        if self.away:
            raise StoreUnavailable("OperationalError")


class FakeAuditStore(AuditTable):
    """In memory."""

    def __init__(self) -> None:
        self.away = False
        self.entries: list[Entry] = []
        self.batches: list[int] = []
        self.written, self.refused = asyncio.Event(), asyncio.Event()

    async def add(self, entries: Sequence[Entry]) -> None:
        self._ask()
        self.batches.append(len(entries))
        self.entries += entries
        self.written.set()

    async def list(
        self, actor: str | None, what: str | None, since: float, limit: int, until: float | None = None
    ) -> Sequence[Entry]:
        self._ask()
        fitting = [
            entry
            for entry in self.entries
            if since <= entry.at <= (inf if until is None else until)
            and actor in (None, entry.actor)
            and what in (None, entry.what)
        ]
        return fitting[::-1][:limit]

    async def purge(self, before: float) -> int:
        self._ask()
        old = [entry for entry in self.entries if entry.at < before]
        self.entries = [entry for entry in self.entries if entry.at >= before]
        return len(old)

    def _ask(self) -> None:
        if self.away:
            self.refused.set()
            raise StoreUnavailable("OperationalError")


def accounts_in(
    store: FakeStore, audited: FakeAuditStore, now: Callable[[], float], wall: Callable[[], float] | None = None
) -> Accounts:
    """Accounts that have not looked at the store yet. `now`, `wall`: as in `Accounts`; `wall` left out: `now`."""
    return Accounts(
        store,
        audited,
        idle=1_800,
        longest=43_200,
        audit_days=365,
        rest=Path("/nowhere/rest"),
        seal="key-for-tests",
        now=now,
        wall=wall or now,
    )
