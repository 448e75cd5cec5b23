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
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from dataclasses import replace

import structlog

from journal.writer import UNAVAILABLE
from nodes.exchange import Verdict
from nodes.model import Node
from nodes.others import Other, Others
from nodes.permit import SETTLE_S, Permit, Stage
from nodes.session import ANSWER_S, LOOK_S, NAME, Leader, Lost, Session

log = structlog.get_logger()

UNSURE = "no agent is rung until PostgreSQL answers"

BEAT_S = 0.2
"""Seconds between two heartbeats."""

OTHERS_S = 1.0
"""Seconds between two looks of a leader at the table of machines."""

PRESENT_S = 2.0
"""Seconds between two signs of life in the table of machines."""

ASK_S = 0.1
"""Seconds between two times that a leader asks the others to back it."""

GIVE_UP_S = 1.0
"""Seconds after which a leader that may not offer asks no more, if another machine has the lock and waits for it only;
and for which it does not ask then.
"""

GLANCE_S = 0.05
"""Seconds between two looks whether the former leader is back, while a new one settles."""

AGAIN_S = 0.2
"""Seconds between two tries to reach PostgreSQL."""

BACK_S = 3.0
"""Seconds that the former leader has to come back, after this machine had lost PostgreSQL too: it was restarted then,
or failed over, and the leader lives most likely."""

STARTS_S = 10.0
"""Seconds for which a new leader stays the leader without a lock, until its service has started: that keeps the loop
busy for a second or more.
"""

KEPT_S = 20.0
"""Seconds for which a leader that restarts stays the leader, though it has no lock meanwhile."""

LOCK = 0x7775746F6E67
"""The number of the lock: "wutong". It is one of this database."""

_KEEP = "UPDATE leaders SET kept_until = date_part('epoch', clock_timestamp()) + $1 WHERE id = 1 AND holder = $2"
_KEEP_NO_MORE = "UPDATE leaders SET kept_until = 0 WHERE id = 1 AND holder = $1"
_IS_BACK = """
SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1)
"""
_BEAT = "SELECT pg_is_in_recovery()"
_SERVER = "SELECT pg_postmaster_start_time()::text"


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
    on_unknown  called with who has led last, while this machine may not take over as that one does not know it
    on_regained  called when this machine may offer again, after it was unsure
    ask       for a machine with an address: asks another machine to back this leader of that epoch; it does not wait
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
        self.on_unknown: Callable[[Leader], None] = lambda leader: None
        self.on_regained: Callable[[], None] = lambda: None
        self.ask: Callable[[Other, int], None] = lambda other, epoch: None
        self.on_over: Callable[[], None] = lambda: None
        self._prepare, self._taking = prepare, taking
        self._session = Session(where, self.holder)
        self._reached = True  # the last try to reach PostgreSQL was none that failed
        self._restarted = False  # PostgreSQL was away since this machine has asked for the lock
        self._present_again = 0.0  # when the next sign of life is due
        self._begun = node.begun  # the newest epoch that it has begun
        self._others_again = 0.0  # when the next look at the other machines is due
        self._removed: set[str] = set()  # machines in the table that are being removed
        self._could = 0.0  # when this leader might offer last, as far as it has asked itself
        self._awaited = 0.0  # when another machine has said last that it has the lock, and waits for this leader only
        self._unknown_to = ""  # which leader does not know this machine, as the log has it
        self._backed = False  # as the log has it
        self._started = self._kept = False  # its service has; the database says that it starts
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
                if leader is not None and leader.node != self.node.name and leader.is_kept:
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
        leading = [asyncio.ensure_future(self._keep())]
        if self.node.address:
            leading.append(asyncio.ensure_future(self._ask_others()))
        try:
            await asyncio.wait(leading, return_when=asyncio.FIRST_COMPLETED)
            for task in leading:
                if task.done():
                    task.result()
        except Exception:  # a mistake of ours: nothing says any more that this machine leads
            self.permit = self.permit.ended()
            raise
        finally:
            for task in leading:
                task.cancel()
            await asyncio.gather(*leading, return_exceptions=True)

    def started(self) -> None:
        """The service of this leader takes calls: if it is silent from now on, another machine takes over."""
        self._started = True

    async def _keep(self) -> None:
        while not self.over:
            try:
                if self.permit.stage is Stage.UNSURE:
                    await self._regain()
                else:
                    await self._beat()
            except Lost as lost:
                await self._missed(lost)

    async def resign(self, kept_s: float = 0.0) -> None:
        """Lead no more. `kept_s`: for so many seconds nobody takes over, as this machine comes back after a restart."""
        led = self.permit.stage is Stage.LEADS
        self.permit = self.permit.ended()
        if led and kept_s > 0:
            with suppress(Lost):
                await self._session.ask(_KEEP, kept_s, self.holder)
        await self._session.close()

    # -- backing, see `nodes.others` --------------------------------------------------------------------------------

    def backs(self, epoch: int) -> Verdict:
        """A leader of that epoch asks this machine now."""
        backed = None if epoch <= self._begun else self.permit.backs(now())
        if backed is None:
            return Verdict.REFUSES
        self.permit = backed
        return Verdict.WAITS if backed.stage is Stage.SETTLES else Verdict.BACKS

    def answered(self, other_id: str, sent: float, verdict: Verdict) -> None:
        """Another machine has answered what this leader has asked at `sent`."""
        if self.permit.stage not in (Stage.LEADS, Stage.UNSURE) or verdict not in (Verdict.BACKS, Verdict.WAITS):
            return
        could = self.may_offer()
        if verdict is Verdict.WAITS:
            self._awaited = now()
        self.permit = self.permit.knows(self.permit.others.backed(other_id, sent))
        if not could and self.may_offer():
            self.on_regained()

    def asks_again(self, other_id: str) -> None:
        """Another machine could not back this leader, and can now."""
        other = self.permit.others.machines.get(other_id)
        if other is not None and other.address and self._asks(now()):
            self.ask(other, self.epoch)

    def removes(self, ids: Collection[str]) -> None:
        """These are about to be removed from the table: the database may count on them no more."""
        self._removed.update(ids)
        if self.permit.stage in (Stage.LEADS, Stage.UNSURE):
            self.permit = self.permit.knows(self.permit.others.counting(ids, counts=False))

    async def _ask_others(self) -> None:
        while True:
            at = now()
            if self._asks(at):
                for other in self.permit.others.machines.values():
                    if other.address:
                        self.ask(other, self.epoch)
            self._note_backing(at)
            await asyncio.sleep(ASK_S)

    def _asks(self, at: float) -> bool:
        """Whether this leader wants to be backed. If it may not offer, and another could, it lets that one go."""
        if self.permit.stage is Stage.LEADS or self.may_offer():
            self._could = at
        gives_up = at - self._could >= GIVE_UP_S and at - self._awaited < GIVE_UP_S
        return self.permit.stage in (Stage.LEADS, Stage.UNSURE) and not gives_up

    def _note_backing(self, at: float) -> None:
        """Say in the log what backing has become while PostgreSQL does not answer."""
        if self.permit.stage is not Stage.UNSURE:
            self._backed = False
            return
        backed = self.permit.backed(at)
        if backed and not self._backed:
            log.warning("leader-backed", effect="agents are rung, as all other machines back this one")
        if self._backed and not backed:
            log.error("leader-unsure", why="not all other machines back this one", effect=UNSURE)
        self._backed = backed

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
        former = await self._session.leader()
        if former is not None and not await self._session.follows(self.node, former.holder):
            await self._hold_back(former)
            return
        self.permit, told = self.permit.granted(now()), False
        self._server = await self._session.ask(_SERVER)
        settled = now() + (BACK_S if self._restarted else SETTLE_S)
        preparing = asyncio.ensure_future(self._prepare())
        try:
            while True:
                former = await self._session.leader()
                another = former is not None and former.node != self.node.name
                if former is not None and another and await self._goes_on(former):
                    await self._yield(former)
                    return
                due = settled if another else self.permit.settled
                if preparing.done() and now() >= due:
                    if self.permit.may_begin(now()):
                        break
                    if former is not None and not told:
                        told = True
                        log.warning("leader-is-backed", node=former.node, epoch=former.epoch)
                await self._hear()
                left = due - now()
                await asyncio.sleep(min(GLANCE_S, left) if left > 0 else GLANCE_S)
            await preparing
        except UNAVAILABLE as error:
            raise Lost(repr(error)[:200]) from error
        finally:
            preparing.cancel()
            await asyncio.gather(preparing, return_exceptions=True)
        await self._begin(former)

    async def _begin(self, former: Leader | None) -> None:
        """Nothing holds this machine back any more: it takes over. From here on it backs nobody. Raises Lost."""
        if not self.permit.may_begin(now()):  # it has backed a leader in the last moment
            self.permit = self.permit.lost()
            await self._session.ask("SELECT pg_advisory_unlock($1)", LOCK)
            return
        self.permit = self.permit.begins(now())
        self.epoch = self._begun = 1 if former is None else former.epoch + 1
        await asyncio.to_thread(self._taking, former, self.epoch)
        others = await self._session.take(self.node, self.holder, self.epoch, STARTS_S)
        if others is None:
            raise Lost("another machine has led meanwhile, and does not know this one")
        self.permit = self.permit.took_over(Others().read(others))
        self._restarted, self._kept = False, True
        log.info("leads", node=self.node.name, epoch=self.epoch, before=None if former is None else former.node)

    async def _hold_back(self, former: Leader) -> None:
        """The former leader may offer as long as others back it, and does not know this machine: leave the lock."""
        await self._session.ask("SELECT pg_advisory_unlock($1)", LOCK)
        if self._unknown_to != former.holder:
            self._unknown_to = former.holder
            log.warning("leader-does-not-know-this-machine", node=former.node, epoch=former.epoch)
        self.on_unknown(former)
        await self._session.close()
        await asyncio.sleep(LOOK_S)

    async def _goes_on(self, former: Leader) -> bool:
        """Whether the former leader restarts, or is connected again."""
        return former.is_kept or bool(await self._session.ask(_IS_BACK, NAME + former.holder))

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
        if self._started and self._kept:
            await self._session.ask(_KEEP_NO_MORE, self.holder)
            self._kept = False
        await asyncio.sleep(max(0.0, sent + BEAT_S - now()))

    async def _hear(self) -> None:
        """One heartbeat, and a sign of life if one is due."""
        sent = now()
        if await self._session.ask(_BEAT):
            raise Lost("the server takes no writes any more")
        self.permit = self.permit.heard(sent)
        await self._present()
        if self.permit.stage is Stage.LEADS and self.node.address and now() >= self._others_again:
            await self._look_at_others()

    async def _look_at_others(self) -> None:
        """Which other machines there are: first this leader needs each of them, then the database counts on it."""
        self._others_again = now() + OTHERS_S
        there = await self._session.others(self.node, self.holder)
        self._removed &= {other.id for other in there}  # the others are gone: they may come back
        found = [replace(other, counts=other.counts and other.id not in self._removed) for other in there]
        self.permit = self.permit.knows(self.permit.others.read(found))
        new = [other.id for other in found if not other.counts and other.id not in self._removed]
        if new:
            noted = await self._session.count(self.holder, new)
            self.permit = self.permit.knows(self.permit.others.counting(noted, counts=True))

    async def _present(self) -> None:
        if now() >= self._present_again:
            self._present_again = now() + PRESENT_S
            await self._session.present(self.node, self.holder)

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
        as_known = leader is not None and leader.holder == self.holder  # else a copy, which lacks the last change
        if not as_known and await self._session.take(self.node, self.holder, self.epoch, 0.0) is None:
            raise Lost("the leader that this database has does not know this machine")
        known, self._server = as_known and server == self._server, server
        self.permit = self.permit.led_on(granted, known=known)
        await self._hear()
        while now() < self.permit.proven:
            await self._beat()
        if self._started:  # else its start has kept the loop busy for too long, and nobody took over
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
        if self.permit.stage in (Stage.SETTLES, Stage.TAKES_OVER, Stage.LEADS):
            if self._started and self.permit.stage is Stage.LEADS and not self.permit.backed(now()):
                log.error("leader-unsure", why=str(lost), effect=UNSURE)
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
