"""Everything between Asterisk and the journal, wired: what decides about calls. Without it there is no service."""

from collections.abc import Callable
from typing import Any

import structlog

from acd.distributor import Distributor
from acd.engine.step import Engine
from acd.events import LinkLost
from acd.last_hour import LastHour
from acd.model import Missed
from acd.recovery.state import UnreadableSnapshot
from base.clock import Clock, day_end
from base.descriptors import ROOM
from base.tasks import Tasks
from calls.book import CallBook
from calls.live import snapshot
from calls.live.intake import Intake, Room
from calls.live.reception import Reception
from calls.live.reconciler import Reconciler
from calls.live.rehearsal import Rehearsals
from calls.live.remembering import Remembering
from calls.live.snapshot import Recollection
from calls.live.switchboard import Switchboard
from calls.live.unserved import Unserved
from calls.trials import Trials
from dialplan.fastagi import AgiServer
from emergency.model import Emergency
from hotline.edition import Edition, Editions
from hotline.removed import onward
from journal.recorder import Recorder
from journal.records import Record
from missed.model import MissedCallers
from recordings.keeper import Keeper, Told
from settings.secrets import Secrets
from settings.settings import Settings

log = structlog.get_logger()


DAY = 86_400.0


class Unsound(Exception):
    """The state in memory is not to be kept."""


class Centre:
    """`editions`: the version in use, and the one that a new call gets. `before`: what the service before
    this one knew. `write`: the journal's. `sessions`: calls at a time, at most. `tasks`: owns what is asked of
    Asterisk. `told`: what the journal says of recordings. `emergencies`: the messages that callers hear now.
    """

    def __init__(
        self,
        settings: Settings,
        known: Secrets,
        editions: Editions,
        clock: Clock,
        book: CallBook,
        write: Callable[[Record], None],
        before: Recollection,
        tasks: Tasks,
        sessions: int,
        told: Told,
        emergencies: Callable[[], tuple[Emergency, ...]] = tuple,
    ) -> None:
        edition = editions.in_use
        self.editions, self.clock, self.failures = editions, clock, tasks.failures
        self._emergencies = emergencies
        self._start = (book, before, edition)
        self.recorder = Recorder(write)
        self.recorder.add("calls", book.note)  # first: later observers ask the book for a call's state
        engine = _engine(edition, before, clock.now(), settings.node)
        self.distributor = Distributor(engine, clock, self.recorder.write, tasks.failures)
        self.last_hour = _last_hour(before, self.distributor.engine, clock.now())
        self.recorder.add("last-hour", self.last_hour.note)
        self.trials = _trials(before)
        self.recorder.add("trials", self.trials.note)
        self.missed = _missed(editions, before, settings.keep.numbers_days)
        self.recorder.add("missed", self.missed.note)
        editions.tries = self.trials.gets_it
        self.intake = Intake(settings.folder.drained, book.in_menus)
        unserved = Unserved(self.recorder.write, clock, lambda: editions.in_use, self.intake)
        self.keeper = Keeper(
            settings.folder.recordings,
            settings.folder.recorded,
            tasks,
            told,
            self.distributor.write,
            clock.now,
            lambda call_id: self.switchboard.of_id(call_id) is not None,
            book.get,
            lambda: editions.in_use.hotline.zone,
        )
        self.recorder.add("recordings", self.keeper.note)
        self.switchboard = Switchboard(self.distributor, editions, tasks, unserved, self.keeper.begun)
        ami = known.ami.get_secret_value()
        self.reconciler = Reconciler(settings, ami, self.switchboard, self.distributor, tasks, before.last_at)
        telephony = self.reconciler.telephony
        self.switchboard.serve(telephony, trunk=settings.trunk is not None)
        self.distributor.serve(self.switchboard)
        self.rehearsals = Rehearsals(telephony)
        self.recorder.add("rehearsals", self.rehearsals.note)
        self.switchboard.channel_gone = self.rehearsals.channel_gone
        self.remembering = Remembering(lambda: editions.in_use, settings.keep.numbers_days, clock.now)
        self.recorder.add("remembering", lambda record: self.remembering.note(record, book.summary(record)))
        self.room = Room(sessions, settings.max_calls_per_number, settings.max_calls_per_address, clock.now)
        self.switchboard.call_over = self.room.leave
        self.recorder.add("intake", lambda _: self.intake.note())
        self.reception = Reception(
            self.switchboard,
            self.distributor,
            self.rehearsals,
            editions,
            known.agi,
            self.intake,
            unserved,
            self.room,
            self.remembering,
            emergencies,
            lambda number, call_id: self.missed.claim(number, call_id, clock.now()),
        )
        limit = sessions + ROOM
        self.agi = AgiServer(self.reception.answer, str(settings.agi_listen), settings.ports.agi, limit=limit)

    def take_up(self) -> None:
        """Take up the calls that were live before this start. Their callers are looked for later."""
        book, before, edition = self._start
        book.take_up(before.calls)
        for call in before.calls:
            self.room.enter(call.id, call.caller, "")
        self.switchboard.take_up(before.calls, edition, self._emergencies())
        self.distributor.tell(LinkLost())  # run due timers, but give no ring up before Asterisk was asked

    def snapshot(self, book: CallBook) -> dict[str, Any]:
        """The state after all Records so far. Raises Unsound."""
        if not self.distributor.sound:
            raise Unsound("the engine raised: a start from the last snapshot and the Records since is right")
        taken = snapshot.take(self.distributor.engine, book, self.last_hour, self.trials)
        return {**taken, "missed": self.missed.kept()}

    async def let_go(self) -> None:
        """Decide nothing any more. Calls stay where they are: the next service takes them up."""
        await self.agi.stop(0)
        self.distributor.close()

    def close(self) -> None:
        """After `let_go`, and before the link to Asterisk is closed."""
        self.reconciler.close()
        self.switchboard.close()


def _engine(edition: Edition, before: Recollection, now: float, node: str) -> Engine:
    """The engine restored to its last state, or a new one where that state cannot be read."""
    hotline = edition.hotline
    given: dict[str, Any] = {
        "seed": int(now * 1000),
        "node": node,
        "now": now,
        "away_after": hotline.away_after,
        "day_end": day_end(hotline.timezone),
        "onward": onward(hotline),
        "version": hotline.version,
        "unseen": True,
    }
    try:
        return Engine.restored(hotline.queues, hotline.agents, before.engine, before.records, **given)
    except UnreadableSnapshot as error:
        log.error("state-unreadable", why=str(error), effect="agents are signed out, waiting callers begin again")
        return Engine.restored(hotline.queues, hotline.agents, None, (), **given)


def _last_hour(before: Recollection, engine: Engine, now: float) -> LastHour:
    """As it was before this start, or beginning now where that cannot be read."""
    waiting = {call.id: call.queue for call in engine.calls() if call.agent is None}
    try:
        return LastHour.restored(before.last_hour, before.records, waiting, now)
    except UnreadableSnapshot as error:
        log.error("last-hour-unreadable", why=str(error), effect="the wall's last hour begins now")
        return LastHour.restored(None, (), waiting, now)


def _missed(editions: Editions, before: Recollection, numbers_days: int) -> MissedCallers:
    """As it was before this start, or empty where that cannot be read."""

    def rule(queue: str) -> Missed | None:
        known = editions.in_use.hotline.queues.get(queue)
        return None if known is None else known.missed

    made = MissedCallers(rule, lambda number: number in editions.in_use.hotline.agents, numbers_days * DAY)
    try:
        made.restore(before.missed, before.records)
    except UnreadableSnapshot as error:
        log.error("missed-unreadable", why=str(error), effect="the list of missed callers begins anew")
    return made


def _trials(before: Recollection) -> Trials:
    """As they were before this start, or none where that cannot be read."""
    try:
        return Trials.restored(before.trials, before.records)
    except UnreadableSnapshot as error:
        log.error("trials-unreadable", why=str(error), effect="the trial of a version is over")
        return Trials()
