"""Leads, or stands by until it leads: one session of PostgreSQL has a lock, and its machine is the leader.

The session (`nodes.session`) sends a heartbeat each `BEAT_S`. `nodes.permit` says when its machine may offer callers to
agents.

Who takes over first waits until the former leader may offer nothing more. If that one is back by then, it goes on: a
broken connection, or a PostgreSQL that was restarted, is no reason to lead from elsewhere. Else the new leader writes
itself into the table, with the next epoch, and nobody else's Records are taken any more (`nodes.fence`).
"""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog

from journal.writer import UNAVAILABLE
from nodes.model import Node
from nodes.permit import SETTLE_S, Permit, Stage
from nodes.session import ANSWER_S, LOOK_S, NAME, Leader, Lost, Session

log = structlog.get_logger()

BEAT_S = 0.2
"""Seconds between two heartbeats."""

PRESENT_S = 2.0
"""Seconds between two signs of life in the table of machines."""

GLANCE_S = 0.05
"""Seconds between two looks whether the former leader is back, while a new one settles."""

AGAIN_S = 0.2
"""Seconds between two tries to reach PostgreSQL."""

BACK_S = 3.0
"""Seconds that the former leader has to come back, after this machine had lost PostgreSQL too: it was restarted then,
or failed over, and the leader lives most likely."""

KEPT_S = 20.0
"""Seconds for which a leader that restarts stays the leader, though it has no lock meanwhile."""

LOCK = 0x7775746F6E67
"""The number of the lock: "wutong". It is one of this database."""

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


_PRESENT = """
WITH soon AS (SELECT set_config('synchronous_commit', 'off', true)), moment AS (
    SELECT date_part('epoch', clock_timestamp()) AS at FROM soon
)
INSERT INTO nodes (id, name, holder, version, since, seen) SELECT $1, $2, $3, $4, at, at FROM moment
ON CONFLICT (id) DO UPDATE
SET name = excluded.name, holder = excluded.holder, version = excluded.version, seen = excluded.seen,
since = CASE WHEN nodes.holder = excluded.holder THEN nodes.since ELSE excluded.since END
"""
"""Nobody waits for the disk: a sign of life that is lost is followed by the next one."""


def now() -> float:
    """Seconds of a clock that never steps, and that goes on while the machine sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class Leadership:
    """`win` returns once this machine leads, and `keep` once it does so no more. Only one of them runs at a time.

    where     PostgreSQL's URL
    node      this machine
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
        node: Node,
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
        self._prepare, self._taking = prepare, taking
        self._session = Session(where, self.holder)
        self._reached = True  # the last try to reach PostgreSQL was none that failed
        self._restarted = False  # PostgreSQL was away since this machine has asked for the lock
        self._present_again = 0.0  # when the next sign of life is due
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
                await self._open_session()
                await self._present()
                leader = await self._session.leader()
                if leader is not None and leader.node != self.node.name and leader.kept > 0:
                    self.on_seen(leader)
                    await self._session.close()
                    await asyncio.sleep(min(leader.kept, LOOK_S))
                    continue
                if not await self._session.ask("SELECT pg_try_advisory_lock($1)", LOCK):
                    self.on_seen(leader)
                    if not await self._wait_for_lock():
                        continue
                await self._take_over()
            except Lost as lost:
                await self._missed(lost)

    async def keep(self) -> None:
        """Go on leading; returns when another machine has taken over."""
        while not self.over:
            try:
                if self.permit.stage is Stage.UNSURE:
                    await self._regain()
                else:
                    await self._beat()
            except Lost as lost:
                await self._missed(lost)
            except Exception:  # a mistake of ours: nothing says any more that this machine leads
                self.permit = self.permit.ended()
                raise

    async def resign(self, kept_s: float = 0.0) -> None:
        """Lead no more. `kept_s`: for so many seconds nobody takes over, as this machine comes back after a restart."""
        led = self.permit.stage is Stage.LEADS
        self.permit = self.permit.ended()
        if led and kept_s > 0:
            with suppress(Lost):
                await self._session.ask(_KEEP, kept_s, self.holder)
        await self._session.close()

    # -- on the way to lead -----------------------------------------------------------------------------------------

    async def _wait_for_lock(self) -> bool:
        """Wait in PostgreSQL's own line; False: another machine still has the lock."""
        from asyncpg import LockNotAvailableError

        try:
            await self._session.ask("SELECT pg_advisory_lock($1)", LOCK, seconds=LOOK_S + ANSWER_S)
        except LockNotAvailableError:
            self._restarted = False  # somebody leads
            return False
        return True

    async def _take_over(self) -> None:
        """This session has the lock. Raises Lost if it has it no more before this machine leads."""
        self.permit = self.permit.granted(now())
        settled = now() + (BACK_S if self._restarted else SETTLE_S)
        preparing = asyncio.ensure_future(self._prepare())
        try:
            while True:
                former = await self._session.leader()
                others = former is not None and former.node != self.node.name
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
            raise Lost(repr(error)[:200]) from error
        finally:
            preparing.cancel()
            await asyncio.gather(preparing, return_exceptions=True)
        self.epoch = 1 if former is None else former.epoch + 1
        await asyncio.to_thread(self._taking, former, self.epoch)
        self._server = await self._session.ask(_SERVER)
        await self._session.ask(_TAKE, self.epoch, self.node.name, self.holder)
        self.permit = self.permit.took_over()
        self._restarted = False
        log.info("leads", node=self.node.name, epoch=self.epoch, before=None if former is None else former.node)

    async def _goes_on(self, former: Leader) -> bool:
        """Whether the former leader restarts, or is connected again."""
        return former.kept > 0 or bool(await self._session.ask(_IS_BACK, NAME + former.holder))

    async def _yield(self, former: Leader) -> None:
        """The former leader waits for the lock, or is about to: it goes first."""
        log.info("leader-goes-on", node=former.node, epoch=former.epoch)
        self.permit = self.permit.lost()
        await self._session.ask("SELECT pg_advisory_unlock($1)", LOCK)
        self.on_seen(former)

    # -- while it leads ----------------------------------------------------------------------------------------------

    async def _beat(self) -> None:
        sent = now()
        await self._hear()
        await asyncio.sleep(max(0.0, sent + BEAT_S - now()))

    async def _hear(self) -> None:
        """One heartbeat, and a sign of life if one is due."""
        sent = now()
        if await self._session.ask(_BEAT):
            raise Lost("the server takes no writes any more")
        self.permit = self.permit.heard(sent)
        await self._present()

    async def _present(self) -> None:
        from asyncpg import UndefinedTableError

        if now() >= self._present_again:
            node, self._present_again = self.node, now() + PRESENT_S
            with suppress(UndefinedTableError):  # nobody has made it yet
                await self._session.ask(_PRESENT, node.id, node.name, self.holder, node.version)

    async def _regain(self) -> None:
        """Get the lock again, unless another machine has taken over."""
        from asyncpg import LockNotAvailableError

        await self._open_session()
        try:
            if self._is_other(await self._session.leader()):
                return
            await self._session.ask("SELECT pg_advisory_lock($1)", LOCK, seconds=LOOK_S + ANSWER_S)
        except LockNotAvailableError:
            log.error("leadership-lost", why="another machine has the lock", epoch=self.epoch)
            self.permit = self.permit.ended()
            return
        granted = now()
        leader = await self._session.leader()
        if self._is_other(leader):
            return
        server = await self._session.ask(_SERVER)
        known = server == self._server and leader is not None and leader.holder == self.holder
        if leader is None or leader.holder != self.holder:  # a copy that did not have the last change yet
            await self._session.ask(_TAKE, self.epoch, self.node.name, self.holder)
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

    async def _open_session(self) -> None:
        """A session, if there is none. Raises Lost."""
        await self._session.open()
        if not self._reached:
            log.warning("leader-lock-reachable")
        self._reached = True

    async def _missed(self, lost: Lost) -> None:
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
        self._session.drop()
        await asyncio.sleep(pause)
