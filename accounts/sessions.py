"""The sessions of people who have signed in. All are in memory, and in the database for the next start."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import structlog

from accounts import tokens
from accounts.model import Session
from accounts.store import AccountStore, StoreUnavailable

log = structlog.get_logger(__name__)

MOST_OF_ONE = 20
"""Sessions of one person; a further one ends the one that was used longest ago."""


class Sessions:
    """`idle`: seconds after the last request that end a session; `longest`: seconds after the sign-in that end it.
    `now`: seconds since the epoch.
    """

    def __init__(self, store: AccountStore, now: Callable[[], float], *, idle: float, longest: float) -> None:
        self._store, self._now = store, now
        self._idle, self._longest = idle, longest
        self._sessions: dict[str, Session] = {}
        # The database does not know these yet:
        self._begun: set[str] = set()
        self._ended: set[str] = set()

    def take_up(self, sessions: Iterable[Session]) -> None:
        """Take up the sessions that the database has, at the start."""
        self._sessions |= {session.digest: session for session in sessions}

    async def begin(self, name: str, address: str) -> tuple[str, Session]:
        """Sign the person `name` in, once it is proven that it is this person. The cookie's secret, and the session.

        It is known before anything is awaited: from the first moment on `end` can end it. The database learns of it as
        soon as it can be asked; without that the session lasts until the next start.
        """
        secret, at = tokens.new_session(), self._now()
        session = Session(digest=tokens.digest(secret), name=name, began=at, used=at, address=address)
        own = sorted(self.of(name), key=lambda session: session.used)
        self._sessions[session.digest] = session
        await self.end(*(old.digest for old in own[: max(0, len(own) + 1 - MOST_OF_ONE)]))
        try:
            await self._put(session)
        except StoreUnavailable as error:
            self._begun.add(session.digest)
            log.warning("session-not-kept", person=name, why=str(error), effect="it is tried again in a minute")
        return secret, session

    def find(self, secret: str, *, quiet: bool = False) -> Session | None:
        """The session of that cookie; None: there is none, or it has ended. Not `quiet`: it has just been used."""
        session = self._sessions.get(tokens.digest(secret)) if len(secret) <= tokens.LONGEST_SECRET else None
        if session is None or self._over(session):
            return None
        if quiet:
            return session
        self._sessions[session.digest] = used = replace(session, used=self._now())
        return used

    def get(self, digest: str) -> Session | None:
        """The session of that digest, as long as it goes on."""
        session = self._sessions.get(digest)
        return None if session is None or self._over(session) else session

    def alive(self, digest: str) -> bool:
        """Whether that session goes on."""
        return self.get(digest) is not None

    def ends(self, session: Session) -> float:
        """When it ends at the latest."""
        return session.began + self._longest

    def of(self, name: str) -> list[Session]:
        """The sessions of that person."""
        return [session for session in self._sessions.values() if session.name == name]

    def all(self) -> list[Session]:
        return list(self._sessions.values())

    async def end(self, *digests: str) -> None:
        """End these sessions now. The database learns of it as soon as it can be asked."""
        self._ended.update(digest for digest in digests if self._sessions.pop(digest, None) is not None)
        ended = set(self._ended)
        if ended:
            try:
                await self._store.remove_sessions(ended)
            except StoreUnavailable as error:
                log.warning("session-end-not-kept", why=str(error), effect="it is tried again in a minute")
            else:
                self._ended -= ended

    async def keep(self) -> None:
        """Write to the database those that began while it could not be asked. Raises StoreUnavailable."""
        for digest in list(self._begun):
            if (session := self._sessions.get(digest)) is not None:
                await self._put(session)
            self._begun.discard(digest)

    async def _put(self, session: Session) -> None:
        try:
            await self._store.put_session(session)
        finally:
            if session.digest not in self._sessions:  # ended while it was written
                self._ended.add(session.digest)

    async def end_over(self) -> None:
        """Forget those that have ended by time."""
        await self.end(*(session.digest for session in self.all() if self._over(session)))

    def _over(self, session: Session) -> bool:
        now = self._now()
        return now >= min(session.began + self._longest, session.used + self._idle)
