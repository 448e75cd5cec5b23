"""Leads, or stands by until it leads: one session of PostgreSQL has a lock, and its machine is the leader.

A session of its own for that, beside the pool: it sends a heartbeat each `BEAT_S`, and PostgreSQL ends it when none has
come for `SILENCE_S`; then the lock is free. `nodes.permit` says when its machine may offer callers to agents.

Who takes over first waits until the former leader may offer nothing more. If that one is back by then, it goes on: a
broken connection, or a PostgreSQL that was restarted, is no reason to lead from elsewhere. Else the new leader writes
itself into the table, with the next epoch, and nobody else's Records are taken any more (`nodes.fence`).
"""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog

from journal import database
from journal.writer import UNAVAILABLE
from nodes.permit import SETTLE_S, Permit, Stage

log = structlog.get_logger()

T = TypeVar("T")

BEAT_S = 0.2
"""Seconds between two heartbeats."""

SILENCE_S = 0.5
"""Seconds without one after which PostgreSQL ends the session. It is longer than a leader's permit, as a session that
ends too early costs a moment without offers; each tenth of a second more is one that callers wait when a leader freezes.
"""

GLANCE_S = 0.05
"""Seconds between two looks whether the former leader is back, while a new one settles."""

ANSWER_S = 1.0
"""Seconds for PostgreSQL to take a connection, or to answer, before the connection counts as lost."""

LOOK_S = 2.0
"""Seconds that one request for the lock waits. Between two it is seen who leads, and that PostgreSQL still answers."""

AGAIN_S = 0.2
"""Seconds between two tries to reach PostgreSQL."""

BACK_S = 3.0
"""Seconds that the former leader has to come back, after this machine had lost PostgreSQL too: it was restarted then,
or failed over, and the leader lives most likely."""

KEPT_S = 20.0
"""Seconds for which a leader that restarts stays the leader, though it has no lock meanwhile."""

LOCK = 0x7775746F6E67
"""The number of the lock: "wutong". It is one of this database."""

NAME = "wutong-leads-"
"""What the session is called in PostgreSQL, before the `holder`."""

_LEADER = """
SELECT epoch, node, holder, since, kept_until - date_part('epoch', clock_timestamp()) AS kept FROM leaders WHERE id = 1
"""
_TAKE = """
INSERT INTO leaders VALUES (1, $1, $2, $3, date_part('epoch', clock_timestamp()), 0)
ON CONFLICT (id) DO UPDATE
SET epoch = excluded.epoch, node = excluded.node, holder = excluded.holder, since = excluded.since, kept_until = 0
"""
_KEEP = "UPDATE leaders SET kept_until = date_part('epoch', clock_timestamp()) + $1 WHERE id = 1 AND holder = $2"
_IS_BACK = """
SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1)
"""
_BEAT = "SELECT pg_is_in_recovery()"
_SERVER = "SELECT pg_postmaster_start_time()::text"


@dataclass(frozen=True, slots=True)
class Leader:
    """Who leads, as the database says. `since`: seconds since the epoch. `kept`: for how many seconds nobody may take
    over, as the leader restarts; not above 0: anybody may.
    """

    epoch: int
    node: str
    holder: str
    since: float
    kept: float = 0.0


class _Lost(Exception):
    """The session is gone, or PostgreSQL does not answer."""


def now() -> float:
    """Seconds of a clock that never steps, and that goes on while the machine sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class Leadership:
    """`win` returns once this machine leads, and `keep` once it does so no more. Only one of them runs at a time.

    where     PostgreSQL's URL
    node      this machine's name
    prepare   brings the tables up to date; called before this machine takes over
    taking    called in a thread just before this machine takes over: with the former leader, None if there was none,
              and with the new epoch
    on_seen   called with who leads while this machine stands by; None: PostgreSQL cannot be asked
    on_regained  called when this machine may offer again, after it was unsure
    on_over   for whoever runs `keep`: called when that has ended
    """

    def __init__(
        self,
        where: str,
        node: str,
        *,
        prepare: Callable[[], Awaitable[None]],
        taking: Callable[[Leader | None, int], None] = lambda former, epoch: None,
    ) -> None:
        self.node, self.holder = node, secrets.token_hex(8)
        self.epoch = 0
        self.permit = Permit()
        self.on_seen: Callable[[Leader | None], None] = lambda leader: None
        self.on_regained: Callable[[], None] = lambda: None
        self.on_over: Callable[[], None] = lambda: None
        self._where, self._prepare, self._taking = where, prepare, taking
        self._session: Any = None
        self._reached = True  # the last try to reach PostgreSQL was none that failed
        self._restarted = False  # PostgreSQL was away since this machine has asked for the lock
        self._server = ""  # which start of which server says that this machine leads

    def may_offer(self) -> bool:
        """Whether a new offer may be made now."""
        return self.permit.may_offer(now())

    @property
    def over(self) -> bool:
        """Whether another machine has taken over, or this one has resigned."""
        return self.permit.stage is Stage.OVER

    async def win(self) -> None:
        """Stand by until this machine leads. Raises NotDone if `prepare` does."""
        while self.permit.stage is not Stage.LEADS:
            try:
                await self._open()
                leader = await self._leader()
                if leader is not None and leader.node != self.node and leader.kept > 0:
                    self.on_seen(leader)
                    await self._close()
                    await asyncio.sleep(min(leader.kept, LOOK_S))
                    continue
                if not await self._ask("SELECT pg_try_advisory_lock($1)", LOCK):
                    self.on_seen(leader)
                    if not await self._wait_for_lock():
                        continue
                await self._take_over()
            except _Lost as lost:
                await self._missed(lost)

    async def keep(self) -> None:
        """Go on leading; returns when another machine has taken over."""
        while not self.over:
            try:
                if self.permit.stage is Stage.UNSURE:
                    await self._regain()
                else:
                    await self._beat()
            except _Lost as lost:
                await self._missed(lost)
            except Exception:  # a mistake of ours: nothing says any more that this machine leads
                self.permit = self.permit.ended()
                raise

    async def resign(self, kept_s: float = 0.0) -> None:
        """Lead no more. `kept_s`: for so many seconds nobody takes over, as this machine comes back after a restart."""
        led = self.permit.stage is Stage.LEADS
        self.permit = self.permit.ended()
        if led and kept_s > 0:
            with suppress(_Lost):
                await self._ask(_KEEP, kept_s, self.holder)
        await self._close()

    # -- on the way to lead -----------------------------------------------------------------------------------------

    async def _wait_for_lock(self) -> bool:
        """Wait in PostgreSQL's own line; False: another machine still has the lock."""
        from asyncpg import LockNotAvailableError

        try:
            await self._ask("SELECT pg_advisory_lock($1)", LOCK, seconds=LOOK_S + ANSWER_S)
        except LockNotAvailableError:
            self._restarted = False  # somebody leads
            return False
        return True

    async def _take_over(self) -> None:
        """This session has the lock. Raises _Lost if it has it no more before this machine leads."""
        self.permit = self.permit.granted(now())
        settled = now() + (BACK_S if self._restarted else SETTLE_S)
        preparing = asyncio.ensure_future(self._prepare())
        try:
            while True:
                former = await self._leader()
                others = former is not None and former.node != self.node
                if former is not None and others and await self._goes_on(former):
                    await self._yield(former)
                    return
                due = settled if others else self.permit.settled
                if preparing.done() and now() >= due:
                    break
                await self._hear()
                left = due - now()
                await asyncio.sleep(min(GLANCE_S, left) if left > 0 else GLANCE_S)
            await preparing
        except UNAVAILABLE as error:
            raise _Lost(repr(error)[:200]) from error
        finally:
            preparing.cancel()
            await asyncio.gather(preparing, return_exceptions=True)
        self.epoch = 1 if former is None else former.epoch + 1
        await asyncio.to_thread(self._taking, former, self.epoch)
        self._server = await self._ask(_SERVER)
        await self._ask(_TAKE, self.epoch, self.node, self.holder)
        self.permit = self.permit.took_over()
        self._restarted = False
        log.info("leads", node=self.node, epoch=self.epoch, before=None if former is None else former.node)

    async def _goes_on(self, former: Leader) -> bool:
        """Whether the former leader restarts, or is connected again."""
        return former.kept > 0 or bool(await self._ask(_IS_BACK, NAME + former.holder))

    async def _yield(self, former: Leader) -> None:
        """The former leader waits for the lock, or is about to: it goes first."""
        log.info("leader-goes-on", node=former.node, epoch=former.epoch)
        self.permit = self.permit.lost()
        await self._ask("SELECT pg_advisory_unlock($1)", LOCK)
        self.on_seen(former)

    # -- while it leads ----------------------------------------------------------------------------------------------

    async def _beat(self) -> None:
        sent = now()
        await self._hear()
        await asyncio.sleep(max(0.0, sent + BEAT_S - now()))

    async def _hear(self) -> None:
        """One heartbeat."""
        sent = now()
        if await self._ask(_BEAT):
            raise _Lost("the server takes no writes any more")
        self.permit = self.permit.heard(sent)

    async def _regain(self) -> None:
        """Get the lock again, unless another machine has taken over."""
        from asyncpg import LockNotAvailableError

        await self._open()
        try:
            if self._is_other(await self._leader()):
                return
            await self._ask("SELECT pg_advisory_lock($1)", LOCK, seconds=LOOK_S + ANSWER_S)
        except LockNotAvailableError:
            log.error("leadership-lost", why="another machine has the lock", epoch=self.epoch)
            self.permit = self.permit.ended()
            return
        granted = now()
        leader = await self._leader()
        if self._is_other(leader):
            return
        server = await self._ask(_SERVER)
        known = server == self._server and leader is not None and leader.holder == self.holder
        if leader is None or leader.holder != self.holder:  # a copy that did not have the last change yet
            await self._ask(_TAKE, self.epoch, self.node, self.holder)
        self._server = server
        self.permit = self.permit.led_on(granted, known=known)
        await self._hear()
        while now() < self.permit.settled:
            await self._beat()
        log.warning("leads-on", epoch=self.epoch)
        self.on_regained()

    def _is_other(self, leader: Leader | None) -> bool:
        """Whether this one has taken over from us; then the leadership is over."""
        if leader is None or leader.holder == self.holder or leader.epoch < self.epoch:
            return False
        log.error("leadership-lost", node=leader.node, epoch=leader.epoch, own_epoch=self.epoch)
        self.permit = self.permit.ended()
        return True

    # -- the session -------------------------------------------------------------------------------------------------

    async def _open(self) -> None:
        """A session, if there is none. Raises _Lost."""
        if self._session is not None:
            return
        settings = {
            "application_name": NAME + self.holder,
            "idle_session_timeout": f"{SILENCE_S * 1000:.0f}",
            "lock_timeout": f"{LOOK_S * 1000:.0f}",
            "client_connection_check_interval": f"{SILENCE_S * 1000:.0f}",
            "tcp_user_timeout": f"{SILENCE_S * 1000:.0f}",
            "synchronous_commit": "on",  # who leads is on the disk before anybody acts on it
        }
        self._session = await self._tried(database.direct(self._where, seconds=ANSWER_S, settings=settings))
        if not self._reached:
            log.warning("leader-lock-reachable")
        self._reached = True

    async def _ask(self, query: str, *values: object, seconds: float = ANSWER_S) -> Any:
        """The first value of the answer. Raises _Lost, and LockNotAvailableError."""
        if self._session is None:
            raise _Lost("the session is closed")
        return await self._tried(self._session.fetchval(query, *values, timeout=seconds))

    async def _leader(self) -> Leader | None:
        """None: nobody has led yet. Raises _Lost."""
        from asyncpg import UndefinedTableError

        if self._session is None:
            raise _Lost("the session is closed")
        try:
            row = await self._tried(self._session.fetchrow(_LEADER, timeout=ANSWER_S))
        except UndefinedTableError:  # nobody has made them yet
            return None
        return None if row is None else Leader(**row)

    async def _tried(self, work: Coroutine[Any, Any, T]) -> T:
        from asyncpg import (
            InterfaceError,
            InternalClientError,  # such as after a freeze, in which both the answer and its time-out came
            LockNotAvailableError,
            PostgresError,
            UndefinedTableError,
        )

        try:
            return await work
        except (LockNotAvailableError, UndefinedTableError):
            raise
        except (OSError, TimeoutError, PostgresError, InterfaceError, InternalClientError) as error:
            raise _Lost(repr(error)[:200]) from error

    async def _missed(self, lost: _Lost) -> None:
        """The session is gone: what this machine knows then, and a pause before the next try."""
        if self.permit.stage in (Stage.SETTLES, Stage.LEADS):
            if self.permit.stage is Stage.LEADS:
                log.error("leader-unsure", why=str(lost), effect="no agent is rung until PostgreSQL answers")
            self.permit = self.permit.lost()
            pause = 0.0
        else:
            pause = AGAIN_S
        if self.permit.stage is Stage.STANDS_BY:
            self._restarted = True
            if self._reached:
                log.warning("leader-lock-unreachable", why=str(lost))
                self.on_seen(None)
            self._reached = False
        session, self._session = self._session, None
        if session is not None:
            session.terminate()
        await asyncio.sleep(pause)

    async def _close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            try:
                await self._tried(session.close(timeout=ANSWER_S))
            except _Lost:
                session.terminate()
