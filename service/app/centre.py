"""Everything between Asterisk and the journal, wired: what decides about calls. Without it there is no service."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

import structlog

from acd.distributor import Distributor
from acd.engine.step import Engine
from acd.events import LinkLost
from acd.last_hour import OF_LAST_HOUR, LastHour
from acd.model import Missed
from acd.recovery.state import UnreadableSnapshot
from base.clock import Clock, day_end
from base.descriptors import ROOM
from base.tasks import Tasks
from callbacks.calling import OF_CALLING, Calling
from callbacks.model import OF_CALLBACKS, Callbacks
from calls.book import CallBook
from calls.cut import CutCalls
from calls.last_agents import OF_LAST_AGENTS, LastAgents
from calls.live import snapshot
from calls.live.calls_out import CallsOut
from calls.live.intake import Intake, Room
from calls.live.orders import TalkOrders
from calls.live.reception import Reception
from calls.live.reconciler import Reconciler
from calls.live.rehearsal import Rehearsals
from calls.live.remembering import Remembering
from calls.live.snapshot import Recollection
from calls.live.sound import Sound
from calls.live.switchboard import Switchboard
from calls.live.takes import Takes
from calls.live.unserved import Unserved
from calls.model import ENDS, Direction
from calls.trials import OF_TRIALS, Trials
from daily.letter import LastMailed
from dialplan.fastagi import AgiServer
from emergency.model import Emergency
from hotline.calls_out import alike
from hotline.edition import Edition, Editions
from hotline.removed import onward
from journal.recorder import Recorder
from journal.records import Kind, Record
from messages import keeper as messages_keeper
from messages.model import Messages
from missed.model import MissedCallers
from recordings import keeper as recordings_keeper
from recordings.keys import Keys
from selftest.model import OF_SELFTESTS, LastSelftest
from settings.secrets import Secrets
from settings.settings import Settings
from surveys.model import Surveys

log = structlog.get_logger()


DAY = 86_400.0


_KINDS = {
    "callbacks": OF_CALLBACKS,
    "last_agents": OF_LAST_AGENTS,
    "selftest": OF_SELFTESTS,
    "daily_sheet": frozenset({Kind.SHEET_MAILED}),
}
"""Which Records a list has to see; left out: all."""


class _List(Protocol):
    """What is kept from Records, and outlives a restart."""

    def note(self, record: Record) -> None: ...
    def kept(self) -> dict[str, Any]: ...
    def restore(self, kept: Mapping[str, Any] | None, records: Iterable[Record]) -> None: ...


class Unsound(Exception):
    """The state in memory is not to be kept."""


class Centre:
    """`editions`: the version in use, and the one that a new call gets. `before`: what the service before
    this one knew. `write`: the journal's. `sessions`: calls at a time, at most. `tasks`: owns what is asked of
    Asterisk. `told`: what the journal says of recordings. `emergencies`: the messages that callers hear now.
    `may_offer`: whether new offers may be made now.
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
        told: recordings_keeper.Told,
        emergencies: Callable[[], tuple[Emergency, ...]] = tuple,
        may_offer: Callable[[], bool] = lambda: True,
    ) -> None:
        edition = editions.in_use
        self.editions, self.clock, self.tasks, self.failures = editions, clock, tasks, tasks.failures
        self._emergencies = emergencies
        self._start = (book, before, edition)
        self.recorder = Recorder(write)
        self.recorder.add("calls", book.note)  # first: later observers ask the book for a call's state
        engine = _engine(edition, before, clock.now(), settings.node)
        self.distributor = Distributor(engine, clock, self.recorder.write, tasks.failures, may_offer)
        self.last_hour = _last_hour(before, self.distributor.engine, clock.now())
        self.recorder.add("last-hour", self.last_hour.note, OF_LAST_HOUR)
        self.trials = _trials(before)
        self.recorder.add("trials", self.trials.note, OF_TRIALS)
        days = settings.keep.numbers_days
        self.missed = _missed(editions, days)
        self.callbacks = Callbacks(
            lambda at: day_end(editions.in_use.hotline.timezone)(at),
            lambda queue, at: editions.in_use.hotline.calls_back_from(queue, at),
            _known_as(editions),
        )
        self.surveys = _surveys(editions, days)
        self.messages = Messages(days * DAY, _known_as(editions))
        self.last_agents = _last_agents(editions, days)
        self.cut = CutCalls(lambda number: number in editions.in_use.hotline.agents, days * DAY, _known_as(editions))
        self.selftest = LastSelftest()
        self.mailed = LastMailed()
        self._lists: dict[str, _List] = {
            "missed": self.missed,
            "callbacks": self.callbacks,
            "surveys": self.surveys,
            "messages": self.messages,
            "last_agents": self.last_agents,
            "cut": self.cut,
            "selftest": self.selftest,
            "daily_sheet": self.mailed,
        }
        for name, each in self._lists.items():
            _restore(each, name, before)
            self.recorder.add(name, each.note, _KINDS.get(name, Kind))
        self.callbacks.keep_only(lambda callback_id: engine.callback_position(callback_id) is not None)
        tone = settings.asterisk_folder / "etc" / "tone"
        takes = Takes(settings.folder.recordings, tone, self.messages.admits)
        editions.tries = self.trials.gets_it
        self.intake = Intake(settings.folder.drained, book.in_menus)
        unserved = Unserved(self.recorder.write, clock, lambda: editions.in_use, self.intake)
        self.keeper = messages_keeper.Keeper(
            self.messages,
            takes,
            settings.folder.messages,
            tasks,
            self.distributor.write,
            clock.now,
            lambda call_id: self.switchboard.of_id(call_id) is not None,
        )
        self.recorder.add("message-keeper", self.keeper.note, {Kind.CALL_FINISHED})
        self.recordings = recordings_keeper.Keeper(
            settings.folder.recordings,
            settings.folder.recorded,
            tasks,
            told,
            self.distributor.write,
            clock.now,
            lambda call_id: (self.switchboard.of_id(call_id) or self.calls_out.of_id(call_id)) is not None,
            book.get,
            lambda: editions.in_use.hotline.zone,
            Keys(settings.recordings.recipients, settings.recordings.identities),
        )
        self.recorder.add("recordings", self.recordings.note, ENDS)
        self.switchboard = Switchboard(
            self.distributor, editions, tasks, unserved, takes, records=self.recordings.begun
        )
        ami = known.ami.get_secret_value()
        self.reconciler = Reconciler(
            *(settings, ami, self.switchboard, self.distributor, tasks, before.last_at), elsewhere=before.elsewhere
        )
        telephony = self.reconciler.telephony
        self.switchboard.surveyed = self.surveys.asked
        self.switchboard.serve(telephony, trunk=settings.trunk is not None)
        self.distributor.serve(self.switchboard)
        self.calls_out = CallsOut(self.distributor, telephony, lambda: editions.in_use, self.recordings.begun)
        self.orders = TalkOrders(self.switchboard, self.calls_out, lambda: editions.in_use, self.recordings.begun)
        self.calling = Calling(
            self.callbacks,
            telephony.callback_legs,
            self.calls_out,
            self.distributor,
            tasks,
            lambda: editions.in_use,
            lambda: self.intake.drained,
        )
        self.recorder.add("calling-back", self.calling.note, OF_CALLING)
        self.switchboard.calls_back = self.calling.call_back
        self.switchboard.promises = lambda number: self.calling.promises(number, "")
        self.switchboard.promises_full = lambda: self.callbacks.full
        telephony.on_sound = Sound(book, self.switchboard, self.distributor).hear
        self.rehearsals = Rehearsals(telephony)
        self.recorder.add("rehearsals", self.rehearsals.note)
        self.switchboard.channel_gone = self.rehearsals.channel_gone
        self.remembering = Remembering(lambda: editions.in_use, settings.keep.numbers_days, clock.now)
        self.recorder.add(
            "remembering", lambda record: self.remembering.note(record, book.summary(record)), {Kind.CALL_FINISHED}
        )
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
            self.last_agents.of,
            self.calling.promises,
            lambda number, dialled: self.cut.claim(number, dialled, clock.now()),
            self.reconciler.looked_around,
        )
        self.reception.pauses_call_out = self.calls_out.pause_or_go_on
        limit = sessions + ROOM
        self.agi = AgiServer(self.reception.answer, str(settings.agi_listen), settings.ports.agi, limit=limit)

    def take_up(self) -> None:
        """Take up the calls that were live before this start. Their callers are looked for later."""
        book, before, edition = self._start
        book.take_up(before.calls)
        coming = [call for call in before.calls if call.direction is Direction.IN]
        going = [call for call in before.calls if call.direction is Direction.OUT]
        for call in coming:
            self.room.enter(call.id, call.caller, "")
        self.switchboard.take_up(coming, edition, self._emergencies(), {call.id for call in going})
        self.calls_out.take_up(going, {each.call_out: each.id for each in self.callbacks.list() if each.call_out})
        self.calling.take_up({call.id for call in coming})
        self.distributor.tell(LinkLost())  # run due timers, but give no ring up before Asterisk was asked

    def snapshot(self, book: CallBook) -> dict[str, Any]:
        """The state after all Records so far. Raises Unsound."""
        if not self.distributor.sound:
            raise Unsound("the engine raised: a start from the last snapshot and the Records since is right")
        taken = snapshot.take(self.distributor.engine, book, self.last_hour, self.trials)
        return {**taken, **{name: each.kept() for name, each in self._lists.items()}}

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
        "break_limits": hotline.limits_by_reason,
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


def _known_as(editions: Editions) -> Callable[[str], frozenset[str]]:
    """The bare numbers under which a citizen may be known whom an agent has called."""
    return lambda number: alike(number, editions.in_use.hotline.calls_out)


def _restore(made: _List, name: str, before: Recollection) -> None:
    """As it was before this start, or empty where that cannot be read."""
    try:
        made.restore(before.lists.get(name), before.records)
    except UnreadableSnapshot as error:
        log.error("list-unreadable", list=name, why=str(error), effect="it begins anew; sounds stay")


def _missed(editions: Editions, numbers_days: int) -> MissedCallers:
    def rule(queue: str) -> Missed | None:
        known = editions.in_use.hotline.queues.get(queue)
        return None if known is None else known.missed

    def ours(number: str) -> bool:
        return number in editions.in_use.hotline.agents

    def kept_for(queue: str) -> float:
        known = editions.in_use.hotline.queues.get(queue)
        return 0.0 if known is None or known.callback is None else known.callback.grace

    return MissedCallers(rule, ours, numbers_days * DAY, _known_as(editions), kept_for)


def _surveys(editions: Editions, numbers_days: int) -> Surveys:
    def day(at: float) -> str:
        return datetime.fromtimestamp(at, editions.in_use.hotline.zone).date().isoformat()

    return Surveys(day, numbers_days * DAY)


def _last_agents(editions: Editions, numbers_days: int) -> LastAgents:
    def within(queue: str) -> float | None:
        known = editions.in_use.hotline.queues.get(queue)
        return None if known is None or known.sticky is None else known.sticky.within

    return LastAgents(within, lambda number: number in editions.in_use.hotline.agents, numbers_days * DAY)


def _trials(before: Recollection) -> Trials:
    """As they were before this start, or none where that cannot be read."""
    try:
        return Trials.restored(before.trials, before.records)
    except UnreadableSnapshot as error:
        log.error("trials-unreadable", why=str(error), effect="the trial of a version is over")
        return Trials()
