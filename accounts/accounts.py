"""All of accounts as one: reads them from the database, keeps them there, and finds the account behind a request."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import structlog

from accounts import tokens
from accounts.audit import DAY, Audit, AuditTable
from accounts.directory import Directory
from accounts.model import Account, MachineToken, Person, Session
from accounts.openid.flow import Asked
from accounts.passwords import Passwords
from accounts.second_factors import Seal, SecondFactors
from accounts.sessions import Sessions
from accounts.sign_in import MOST_USUAL, USUAL_S, SignIn
from accounts.store import AccountStore, StoreUnavailable
from sentences.sentence import Sentence

log = structlog.get_logger(__name__)

LOOK_S = 1.0
"""Seconds between two tries to read the accounts, and people's usual networks, at the start."""

KEEP_S = 60.0
"""Seconds between two times that the last uses are written."""

PURGE_S = 3_600.0
NOT_YET = Sentence("people and tokens are not read yet")
LAST_WRITES = 1.0
"""Seconds for each of the two last writes when the service stops: callers may be waiting for the next one."""


class Accounts:
    """idle, longest  seconds after which a session ends, see `accounts.sessions`
    audit_days       days that the audit is kept
    rest             the file for the audit's last entries when the database is away at the stop
    seal             opens what the database keeps sealed, see `accounts.second_factors`
    openid           the city's own sign-in; None: there is none
    now              seconds since the epoch, on a clock that never steps
    wall             seconds since the epoch by the time of day of this machine, which people's apps for codes follow

    `loaded`: people and tokens are known. `failures`: unexpected errors of this class, for the metrics.
    """

    def __init__(
        self,
        store: AccountStore,
        audit: AuditTable,
        *,
        idle: float,
        longest: float,
        audit_days: int,
        rest: Path,
        seal: str,
        openid: Asked | None = None,
        now: Callable[[], float],
        wall: Callable[[], float],
    ) -> None:
        self.loaded = False
        self.failures = 0
        self.agent_shut_out: Callable[[str], object] = _nothing
        """Called with an agent's id when all sessions of that account end."""
        self._looked = asyncio.Event()
        self._troubles: dict[str, str] = {}  # name of the work that failed → why
        self.openid = openid
        self.now = now
        self.directory = Directory(store, now)
        self.sessions = Sessions(store, now, idle=idle, longest=longest)
        self.passwords = Passwords()
        self.second_factors = SecondFactors(store, Seal(seal), wall)
        self.audit = Audit(audit, rest)
        self.sign_in = SignIn(self.directory, self.sessions, self.passwords, self.second_factors, self.audit, now)
        self._store, self._days = store, audit_days
        self._kept_sessions: dict[str, float] = {}
        self._kept_tokens: dict[str, float] = {}

    # -- who is it ----------------------------------------------------------------------------------------------------

    def of_token(self, secret: str) -> MachineToken | None:
        """Find the machine token with that secret, and note that it was used; None: there is none."""
        if len(secret) > tokens.LONGEST_SECRET:
            return None
        token = self.directory.token(tokens.digest(secret))
        if token is not None:
            self.directory.used(token)
        return token

    def of_session(self, secret: str, *, quiet: bool = False) -> tuple[Person, Session] | None:
        """Find the person who signed in with that cookie, and the session; None: there is none, or it has ended.
        `quiet`: that keeps nobody signed in.
        """
        session = self.sessions.find(secret, quiet=quiet)
        person = None if session is None else self.directory.people.get(session.name)
        return None if session is None or person is None else (person, session)

    def account_of(self, digest: str) -> Account | None:
        """The account, as it is now, that has a session or a token with a secret of that digest; None: the session has
        ended, the token was revoked or has expired, or there never was one.
        """
        session = self.sessions.get(digest)
        return self.directory.token(digest) if session is None else self.directory.people.get(session.name)

    def unchanged(self, person: Person, session: Session) -> bool:
        """Whether that person is still signed in, with the same rights."""
        return self.directory.people.get(person.name) is person and self.sessions.alive(session.digest)

    def good(self, token: MachineToken) -> bool:
        """Whether that token still counts."""
        return self.directory.token(token.digest) is not None

    # -- passwords ----------------------------------------------------------------------------------------------------

    async def set_password(self, person: Person, password: str, keep: Session | None = None) -> None:
        """Give the person another password, and end the person's sessions but `keep`. Raises Weak, Busy, NotKept,
        StoreUnavailable.
        """
        kept = await self.passwords.hash(password, person.name)
        await self.directory.change(person.name, password=kept, password_set=self.now())
        await self.end_sessions(person.name, keep)

    async def remove(self, name: str) -> None:
        """Remove the person, and end all sessions, also those that begin meanwhile. Raises StoreUnavailable."""
        await self.end_sessions(name)
        try:
            await self.directory.remove(name)
            self.second_factors.forget(name)
        finally:
            await self.end_sessions(name)

    async def end_sessions(self, name: str, keep: Session | None = None) -> None:
        """End all sessions of the person but `keep`."""
        person = self.directory.people.get(name)
        if keep is None and person is not None and person.agent is not None:
            self.agent_shut_out(person.agent)
        others = (session.digest for session in self.sessions.of(name))
        await self.sessions.end(*(digest for digest in others if keep is None or digest != keep.digest))

    # -- keeping ------------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Read the accounts from the database, then keep the database up to date. Runs until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.audit.run())
            await self._until_done(self._load)
            tasks.create_task(self._until_done(self._recall))
            tasks.create_task(self._regularly(self._purge, PURGE_S))
            await self._regularly(self._keep, KEEP_S)

    async def wait_looked(self, longest: float) -> None:
        """Wait until the database was asked once, with or without success; `longest` seconds at most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(longest):
                await self._looked.wait()

    def why_unread(self) -> str | None:
        """Why only the installation's own token counts; None: people and tokens are known."""
        if self.loaded:
            return None
        return Sentence("only the installation's own token counts: {why}", why=self._troubles.get("_load", NOT_YET))

    async def close(self) -> None:
        """Write the last uses and entries; nothing more is noted."""
        with suppress(TimeoutError):  # when accounts were used last: not worth waiting for
            async with asyncio.timeout(LAST_WRITES):
                await self._guarded(self._keep)
        await self.audit.close(LAST_WRITES)
        self.passwords.close()
        if self.openid is not None:
            await self.openid.close()

    async def _regularly(self, work: Callable[[], Awaitable[None]], seconds: float) -> None:
        while True:
            await self._guarded(work)
            await asyncio.sleep(seconds)

    async def _until_done(self, work: Callable[[], Awaitable[None]]) -> None:
        while not await self._guarded(work):
            self._looked.set()
            await asyncio.sleep(LOOK_S)

    async def _guarded(self, work: Callable[[], Awaitable[None]]) -> bool:
        """Do `work`; False: it failed. Its error is logged once, and the other work of the accounts goes on."""
        try:
            await work()
        except Exception as error:
            expected = isinstance(error, StoreUnavailable)
            why = str(error) if expected else f"{type(error).__name__}: {error}"
            self.failures += not expected
            if why != self._troubles.get(work.__name__):
                log.error("accounts", why=why, loaded=self.loaded, exc_info=not expected)
            self._troubles[work.__name__] = why
            return False
        self._troubles.pop(work.__name__, None)
        return True

    async def _load(self) -> None:
        known = await self._store.load()
        self.directory.take_up(known.people, known.tokens)
        self.sessions.take_up(known.sessions)
        self.second_factors.take_up(known.factors)
        self.loaded = True

    async def _recall(self) -> None:
        signed_in = await self.audit.list(None, "signed-in", self.now() - USUAL_S, MOST_USUAL)
        self.sign_in.take_up(reversed(signed_in))
        self._looked.set()

    async def _purge(self) -> None:
        await self.audit.purge(self.now() - self._days * DAY)

    async def _keep(self) -> None:
        if not self.loaded:
            return
        await self.sessions.end_over()
        await self.sessions.keep()
        of_sessions = {session.digest: session.used for session in self.sessions.all()}
        of_tokens = {token.name: token.used for token in self.directory.tokens.values() if token.used is not None}
        new_sessions = dict(of_sessions.items() - self._kept_sessions.items())
        new_tokens = dict(of_tokens.items() - self._kept_tokens.items())
        if new_sessions or new_tokens:
            await self._store.note_use(new_sessions, new_tokens)
        self._kept_sessions, self._kept_tokens = of_sessions, of_tokens


def _nothing(agent_id: str) -> None:
    """The default of `agent_shut_out`."""
