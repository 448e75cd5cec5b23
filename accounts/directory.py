"""People and machine tokens, all in memory: no request waits for the database, and they are known while it is away."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from accounts.model import RESERVED, MachineToken, Person
from accounts.store import AccountStore
from sentences.sentence import Sentence

MOST_PEOPLE = 5_000
MOST_TOKENS = 500

HOUR = 3_600.0
"""Seconds; the last use of a token is noted so exactly."""


class NotKept(Exception):
    """It was not done; the message is a sentence that says why."""


class Taken(NotKept):
    """The name is in use."""


class Directory:
    """A change is written first, then known here, so that it holds after a restart too. This process alone writes.

    `now`: seconds since the epoch.
    """

    def __init__(self, store: AccountStore, now: Callable[[], float]) -> None:
        self._store, self._now = store, now
        self._people: dict[str, Person] = {}
        self._tokens: dict[str, MachineToken] = {}
        self._by_digest: dict[str, str] = {}
        self._changing = asyncio.Lock()

    def take_up(self, people: Iterable[Person], tokens: Iterable[MachineToken]) -> None:
        """Take up the people and tokens that the database has, at the start."""
        self._people = {person.name: person for person in people}
        self._tokens = {token.name: token for token in tokens}
        self._by_digest = {token.digest: token.name for token in self._tokens.values()}

    # -- people -------------------------------------------------------------------------------------------------------

    @property
    def people(self) -> Mapping[str, Person]:
        return self._people

    async def add(self, person: Person) -> None:
        """Add the person: in the database, then here. Raises Taken, NotKept, StoreUnavailable."""
        async with self._changing:
            _refuse_reserved(person.name)
            if person.name in self._people:
                raise Taken(Sentence("There is a person {name} already.", name=person.name))
            if len(self._people) >= MOST_PEOPLE:
                raise NotKept(Sentence("There are {count} people, and that is the most.", count=MOST_PEOPLE))
            await self._store.put_person(person)
            self._people[person.name] = person

    async def change(self, name: str, **changes: Any) -> Person:
        """Replace these fields, and no others: changes that somebody else made meanwhile stay. Raises NotKept."""
        async with self._changing:
            if name not in self._people:
                raise NotKept(Sentence("{name} was removed at this moment.", name=name))
            changed = replace(self._people[name], **changes)
            await self._store.put_person(changed)
            self._people[name] = changed
            return changed

    async def remove(self, name: str) -> None:
        """The person cannot sign in from now on. Where the database cannot be written, the person stays, without a
        password and unknown to the city's provider, to be removed again.
        """
        async with self._changing:
            if name in self._people:
                self._people[name] = replace(self._people[name], password=None, subject=None)
                await self._store.remove_person(name)
                del self._people[name]

    # -- tokens -------------------------------------------------------------------------------------------------------

    @property
    def tokens(self) -> Mapping[str, MachineToken]:
        return self._tokens

    def token(self, digest: str) -> MachineToken | None:
        """The token with that digest; None: there is none, or it has expired."""
        name = self._by_digest.get(digest)
        token = None if name is None else self._tokens.get(name)
        return token if token is not None and self._now() < token.expires else None

    def used(self, token: MachineToken) -> None:
        """The token was just used. The hour is noted; `Accounts` writes it to the database."""
        hour = self._now() // HOUR * HOUR
        if token.used != hour and self._tokens.get(token.name) is token:
            self._tokens[token.name] = replace(token, used=hour)

    async def add_token(self, token: MachineToken) -> None:
        """Add the token: in the database, then here. Raises Taken, NotKept, StoreUnavailable."""
        async with self._changing:
            _refuse_reserved(token.name)
            if token.name in self._tokens:
                raise Taken(Sentence("There is a token {name} already; revoke that first.", name=token.name))
            if len(self._tokens) >= MOST_TOKENS:
                raise NotKept(Sentence("There are {count} tokens, and that is the most.", count=MOST_TOKENS))
            await self._store.put_token(token)
            self._tokens[token.name] = token
            self._by_digest[token.digest] = token.name

    async def revoke(self, name: str) -> None:
        """The token does not count from now on. Where the database cannot be written, it stays as an expired one, to be
        revoked again.
        """
        if name in self._tokens:
            self._tokens[name] = replace(self._tokens[name], expires=0.0)
        async with self._changing:
            if name in self._tokens:
                await self._store.remove_token(name)
                self._by_digest.pop(self._tokens.pop(name).digest, None)


def _refuse_reserved(name: str) -> None:
    if name in RESERVED:
        raise Taken(
            Sentence("No account can be called {name}: in the audit it would be taken for somebody else.", name=name)
        )
