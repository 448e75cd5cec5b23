"""A hotline for the HTTP tests: the routes over what the product has, in a state folder of its own, without Asterisk
or, with a `hall`, with the small one. `fakes` has what would be other programs.
"""

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from fastapi import APIRouter

import acd.api
import acd.callers_api
import agents.api
import callbacks.api
import calls.api
import daily.api
import emergency.api
import messages.api
import missed.api
import nodes.api
import privacy.api
import recordings.api
import reports.api
import selftest.api
import surveys.api
from accounts import tokens
from accounts.model import EVERYTHING, Asker, MachineToken, Person
from base.folders import StateFolder
from base.role import Role
from calls import (
    dial_api,
    earlier_api,
    listen_api,
    move_api,
    own_api,
    targets_api,
    transfer_api,
    wrap_up_api,
)
from calls.book import CallBook
from calls.dial_api import AgentDials
from calls.listeners import Listener
from calls.live.listening import Listenings
from calls.model import CallState, CallSummary
from calls.move_api import Moves
from calls.own_api import HelpCalls
from calls.talks import TALK_BEGINS, LastTalks
from calls.wrap_up_api import Sheets
from daily.mailing import Mailing
from daily.sheets import Sheets as DailySheets
from dialplan import browser_phones_api
from dialplan.ami_connection import Broke
from dialplan.browser_phones import BrowserPhones
from dialplan.link import LinkFigures
from doctor import api as examination
from drawing import api as drawing_api
from emergency import file
from emergency.emergencies import Emergencies
from emergency.kept_pins import Pins
from emergency.model import FOLDER, Emergency
from events import notice_api as notice
from events.broadcast import Broadcast
from events.latest import (
    Colleagues,
    Lineup,
    Listened,
    callbacks_of,
    emergency_of,
    messages_of,
    notice_of,
    trial_of,
    zone_of,
)
from events.notice_api import Notices
from hotline import prompts_api, recordings_api
from hotline.edition import Edition, Editions
from hotline.model import Hotline
from hotline.prompts_api import Prompts
from hotline.recording import Recording
from journal.actor import SYSTEM, Actor
from journal.records import Kind, Record
from missed.api import MissedCount
from nodes.machines import Machines
from privacy.numbers import Numbers
from privacy.retention import Retention
from publishing import administration_api, drafts_api, starting, versions_api
from publishing.drafts import Workshop
from publishing.operations import Administration
from publishing.prepare import Prepared
from publishing.publisher import Publishing
from publishing.store import VersionStore
from publishing.trial_run import TrialRun
from reports import day_api
from selftest.model import Stopped
from selftest.run import Selftest
from service.http.admission import ADMINISTRATOR, Admission
from service.http.app import App, Check, app
from service.http.metrics import COUNTED, Metrics, Readings
from settings import secrets
from settings.secrets import Secrets
from settings.sections import EmergencySettings
from settings.settings import Keep, Settings
from sounds import audio
from sounds.build import Report
from sounds.catalogue import Catalogue
from surveys.api import SurveyCount
from tests.unit import desk
from tests.unit.accounts.stores import FakeAuditStore, FakeStore, accounts_in
from tests.unit.archive import Archive, Written
from tests.unit.desk import Desk
from tests.unit.service.calling import Hall
from tests.unit.service.fakes import Control, DraftsHere, DrawnHere, Examined
from tests.unit.sounds.making import FakeVoice, tone

TOKEN = "token-for-tests"
"""No secret: it opens nothing but the app of one test."""

SOMEBODY = Asker(Actor.token("local"), ADMINISTRATOR, "127.0.0.1", EVERYTHING)
"""Who may see everything."""

PASSWORD = "a long enough one"


async def well() -> str | None:
    return None


@dataclass
class World:
    """Everything that the app stands on, to be changed by a test. `hall`: the service that runs; None: there is no
    Asterisk.
    """

    hall: Hall | None = None
    checks: dict[str, Check] = field(default_factory=lambda: {"asterisk": well, "database": well})
    notes: dict[str, Callable[[], str | None]] = field(default_factory=dict)
    voice: FakeVoice = field(default_factory=FakeVoice)
    folder: StateFolder = field(default_factory=lambda: StateFolder(Path.home() / f"state-{token_hex(8)}"))
    dropped: int = 0
    ami_up: bool = True
    alone: str | None = None
    trunk: bool = True
    now: float = 1_700_000_100.0
    store: FakeStore = field(default_factory=FakeStore)
    audited: FakeAuditStore = field(default_factory=FakeAuditStore)
    wall: Callable[[], float] | None = None

    def __post_init__(self) -> None:
        self._app: tuple[dict[str, object], App] | None = None
        self.folder.make()
        self.archive = Archive(self.folder.database)
        self.settings = Settings(state=self.folder.root, hotline=self.folder.root / "hotline")
        self.accounts = accounts_in(self.store, self.audited, lambda: self.now, self.wall)
        self.accounts.loaded = True
        self.book = CallBook(self.archive) if self.hall is None else self.hall.book
        desk = self.desk = self.on_duty()
        self.recorder, self.failures = desk.centre.recorder, desk.failures
        switchboard = desk.centre.switchboard
        self.transfers = desk.centre.orders
        self.dials = AgentDials(
            switchboard.telephony, desk.centre.calls_out, desk.distributor, lambda: desk.hotline, trunk=True
        )
        self.listenings = Listenings(switchboard, desk.distributor, self.book, lambda: desk.edition, lambda _: None)
        telephony = desk.centre.reconciler.telephony
        self.browser_phones = BrowserPhones(telephony, 8088, self.folder.browser_phones, lambda *_: True)
        self.change_hotline(desk)
        self.recording = Recording(lambda: desk.edition, self.versions.lock)
        self.prompts = Prompts(lambda: desk.edition)
        self.emergencies = Emergencies(
            *(EmergencySettings(), self.folder.emergency, self.folder.sounds, lambda: desk.edition),
            *(self.recording.taken, desk.clock, self.recorder.write, lambda _: None),
        )
        self.pins = Pins(self.folder.emergency_pins, self.accounts, lambda: self.now)
        self.retention = Retention(
            *(self.archive.engine, Written(), Keep(), self.folder, "local"),
            write=self.recorder.write,
            messages=desk.centre.keeper,
            recordings=desk.centre.recordings,
            live=self.book.live,
            zone=lambda: ZoneInfo("Asia/Shanghai"),
            own_days=dict,
            now=lambda: self.now,
        )
        self.numbers = Numbers(
            *(self.archive.engine, self.archive.file, Written(), self.archive, self.recorder.write, lambda: self.now),
            *(lambda _: self.book.forget_recent(), lambda: desk.hotline, desk.hotline.lists_with),
            desk.centre.recordings.forget,
        )
        self.drafts: Workshop = DraftsHere(self.settings, lambda: desk.edition.hotline.folder, self.versions)
        self.pictures = DrawnHere(lambda: desk.hotline, self.archive.engine, lambda: self.now)
        lineup, listened = Lineup(desk, self.book.number_of), Listened(self.listenings.listenings)
        self.news = Notices(self.folder.notice, desk.clock, self.recorder.write)
        notice, trial = notice_of(self.news.as_json), trial_of(lambda: desk.centre.trials.latest)
        zone, promised = zone_of(self.emergencies.timezone), callbacks_of(lambda: desk.centre.callbacks.changes)
        left = messages_of(lambda: desk.centre.messages.changes)
        latest = emergency_of(self.emergencies.as_json), notice, trial, zone, promised, left
        colleagues = Colleagues(desk, lambda: desk.hotline)
        count = MissedCount(desk.centre.missed, desk.serves)
        self.broadcast = Broadcast(desk, lineup, listened, count, colleagues, lambda: self.now, latest)
        self.talked = LastTalks()
        self.metrics = Metrics(
            Readings(
                board=desk,
                live_calls=self.book.live,
                journal_waiting=lambda: 3,
                journal_dropped=lambda: self.dropped,
                ami=lambda: LinkFigures(self.ami_up, 3, {Broke.CLOSED: 0, Broke.SILENT: 2}, 0.25),
                journal_behind_s=lambda: 12.5,
                spool_bytes=lambda: 4_096,
                spool_up=lambda: True,
                agi_sessions=lambda: 2,
                agi_refused=lambda: 5,
                calls_refused=lambda: {"too-many-calls": 4},
                agi_dropped=lambda: 7,
                drained=lambda: desk.centre.intake.drained,
                emergency_s=self.emergencies.left_s,
                emergency_nodes=self.emergencies.nodes,
                agi_strangers=lambda: 6,
                observer_failures=lambda: self.recorder.failures,
                task_failures=lambda: self.failures.counts,
            ),
            self.failures,
        )
        self.admission = Admission(TOKEN, self.accounts)
        self.metrics.add(self.admission)
        self.metrics.add(count)
        self.metrics.add(SurveyCount(desk.centre.surveys))
        self.metrics.add(selftest.api.SelftestFigures(self.selftest))
        self.daily_sheets = DailySheets(
            self.archive.engine, lambda: desk.hotline, lambda: self.now, self.settings.reports
        )
        mailed, write = desk.centre.mailed, self.recorder.write
        self.metrics.add(
            Mailing(
                self.settings, self.daily_sheets, lambda: desk.hotline, mailed, write, lambda: self.now, lambda: 0.0
            )
        )
        self.recorder.add("broadcast", self.broadcast.note)
        self.recorder.add("listenings", self.listenings.note)
        self.recorder.add("last talks", self.talked.note, TALK_BEGINS)
        self.recorder.add("metrics", lambda record: self.metrics.note(record, self.book.summary(record)), COUNTED)

    def on_duty(self) -> Desk:
        """The board, with all that changes something at it."""
        in_use = self.in_use() if self.hall is None else self.hall.editions
        made = Desk(self.book, lambda: self.now, in_use, self.settings, self.hall)
        self.help = HelpCalls(made.distributor, self.book)
        self.moves = Moves(made.distributor, made.centre.switchboard, lambda: made.editions.in_use)
        self.sheets = Sheets(made.distributor, lambda: made.hotline)
        return made

    def change_hotline(self, desk: Desk) -> None:
        """Publishing, reloads and what administrators order, as `service.app.changing` has them."""
        centre, editions, store = desk.centre, desk.editions, VersionStore(self.folder.versions)
        self.control = Control()
        trial = TrialRun(
            *(self.settings, editions, store, centre.trials, self.recorder.write, lambda: self.now, lambda _: None),
            make_prompts=self._make_prompts,
        )
        self.recorder.add("trial", trial.note, {Kind.CALL_FINISHED})
        self.versions = Publishing(
            *(self.settings, editions, store, desk.distributor, self.control, centre.reconciler, trial),
            prepare=self._prepare,
        )
        self.operations = Administration(
            *(self.settings, editions, self.versions, desk.distributor, centre.rehearsals, centre.reconciler),
            *(centre.intake, lambda: self.alone),
        )
        self.not_now: Stopped | None = Stopped.AWAY
        self.selftest = Selftest(
            *(self.settings, editions, centre.rehearsals, centre.selftest, centre.tasks, self.recorder.write),
            *(lambda: self.now, lambda: self.not_now, lambda: False, lambda: 1),
        )
        self.examination = Examined(
            self.settings, centre.intake, lambda: desk.hotline.version, self.book.tally, lambda: self.alone
        )

    async def _prepare(self, settings: Settings, known: Secrets, hotline: Hotline, *rest: Any, **how: Any) -> Prepared:
        """Asterisk reads no configuration."""
        return await self._make_prompts(settings, hotline)

    async def _make_prompts(self, settings: Settings, hotline: Hotline, *rest: Any, **how: Any) -> Prepared:
        """None is made before somebody listens."""
        return Prepared(self._catalogue(hotline), (), Report(0, 0, 0))

    def _catalogue(self, hotline: Hotline) -> Catalogue:
        return Catalogue(self.folder.sounds, hotline.prompts, hotline.languages, self.voice)

    def in_use(self) -> Editions:
        """The hotline in a folder of this world, not kept as a version. The voice speaks its texts."""
        desk.written(self.settings.hotline)
        made = desk.hotline().model_copy(update={"folder": self.settings.hotline})
        return Editions(Edition(made, self._catalogue(made)))

    def starts(self) -> None:
        """The folder is version 1, as after the first start."""
        start = starting.again(self.settings, self.versions.store)
        secrets.obtain(self.folder, start.hotline.phones, None, start.given)
        self.desk.editions.in_use = Edition(start.hotline, self._catalogue(start.hotline))
        self.versions.version = start.keep(self.versions.store, self.now, SYSTEM)

    def calls_in_trial(self, calls: int, given_up: int, *, tried: bool = True) -> None:
        """So many callers have called in the trial, or of the others; of them so many gave up."""
        editions = self.desk.editions
        got = editions.trial if tried else editions.in_use
        assert got is not None
        numbers = map("138{:08}".format, range(10_000))
        chosen = [number for number in numbers if editions.of_new_call(number) is got][:calls]
        for count, number in enumerate(chosen):
            began = {"caller": number, "number": "12319", "language": "zh", "version": got.hotline.version}
            call = f"tried-{tried}-{number}"
            self.recorder.write(Record(self.now, Kind.CALL_STARTED, call, data={**began, "resumed": False}))
            if count >= given_up:
                self.recorder.write(Record(self.now, Kind.CONNECTED, call, "greening", "1001", "o1", {"waited_s": 1.0}))
            self.recorder.write(Record(self.now, Kind.CALL_FINISHED, call, data={"by": "caller"}))

    def note(self, *records: Record) -> None:
        """What the service does with every Record, but for the journal."""
        self.desk.note(*records)

    def listens(self, listener: Listener, call: str = "c1", queue: str = "greening", agent: str = "1001") -> None:
        """A supervisor listens to this talk, since before the start of the service."""
        heard = CallSummary(call, listener.asked, CallState.TALKING, queue=queue, agent=agent, listeners=(listener,))
        self.listenings.take_up([heard])

    def announces(self, *messages: Emergency) -> None:
        """These emergency messages are on, since before the start of the service; they sound alike."""
        for each in (each for message in messages for each in message.spoken):
            clip = self.folder.sounds / FOLDER / f"{each.clip}.wav"
            tone(audio.wide(tone(clip, channels=1)), rate=16_000, channels=1)
        file.write(self.folder.emergency, messages)
        self.emergencies.take_up()

    def holder(self, agent_id: str) -> str | None:
        """Whose the password of the agent's phone in the browser is; None: there is none."""
        file = self.folder.browser_phones / agent_id
        return file.read_text() if file.exists() else None

    async def key(
        self, *roles: Role, queues: Collection[str] = (), departments: Collection[str] = (), agent: str | None = None
    ) -> str:
        """A machine token that may do what these roles may."""
        secret = tokens.new_token()
        await self.accounts.directory.add_token(
            MachineToken(
                name=f"key-{len(self.accounts.directory.tokens)}",
                roles=frozenset(roles),
                queues=frozenset(queues),
                departments=frozenset(departments),
                agent=agent,
                digest=tokens.digest(secret),
                created=self.now,
                expires=self.now + 3_600,
            )
        )
        return secret

    async def person(self, name: str, *roles: Role, agent: str | None = None) -> None:
        """Somebody whose password is PASSWORD."""
        kept = await self.accounts.passwords.hash(PASSWORD, name)
        person = Person(
            name=name, roles=frozenset(roles), agent=agent, password=kept, created=self.now, password_set=self.now
        )
        await self.accounts.directory.add(person)

    def app(self) -> App:
        """The app on the parts as they are now. As long as nobody changes one, it is the same: its hundred routes take
        70 ms of a processor.
        """
        parts = {name: part for name, part in vars(self).items() if name not in ("now", "_app")}
        if self._app is None or any(self._app[0].get(name) is not part for name, part in parts.items()):
            self._app = parts, self._made()
        return self._app[1]

    def _made(self) -> App:
        return app(
            admission=self.admission,
            timezone=self.emergencies.timezone,
            nouns=self._nouns(),
            host_names=["wutong"],
            phone_port=self.browser_phones.port,
            version="0.0.1",
            metrics=self.metrics,
            checks=self.checks,
            notes=self.notes,
        )

    def _nouns(self) -> Sequence[APIRouter]:
        """As `service.app.web` has them."""
        book, desk, sheets = self.book, self.desk, self.sheets
        at_work = agents.api.at_work(desk)

        def now() -> float:
            return self.now

        def hotline() -> Hotline:
            return desk.hotline

        return (
            acd.api.router(desk),
            drawing_api.names_router(hotline),
            acd.callers_api.router(desk, desk.callers, book.number_of, desk),
            agents.api.router(desk),
            browser_phones_api.router(desk, self.browser_phones),
            targets_api.router(hotline, desk, desk, book, trunk=self.trunk),
            calls.api.router(book, self.operations.place_call, at_work, hotline, sheets.codes, now),
            move_api.router(book, self.moves, desk),
            transfer_api.router(book, self.transfers, hotline, desk, desk, trunk=self.trunk),
            transfer_api.hold_router(book, self.transfers),
            dial_api.router(desk, self.dials, hotline),
            listen_api.router(book, self.listenings, desk),
            own_api.help_router(desk, self.help),
            missed.api.router(desk.centre.missed, desk.serves, desk.distributor.write, now),
            callbacks.api.router(desk.centre.callbacks, desk.serves, desk.distributor, desk.centre.calling.not_reached),
            surveys.api.router(desk.centre.surveys, now),
            daily.api.router(self.daily_sheets),
            reports.api.router(self.archive.engine, hotline, agents.api.of_reach(desk), now, self.settings.reports),
            day_api.router(self.archive.engine, desk, hotline, now),
            messages.api.router(desk.centre.keeper, desk.serves, desk.distributor.write, now),
            recordings.api.router(book, desk.centre.recordings),
            wrap_up_api.router(book, sheets, at_work, now),
            earlier_api.router(book, sheets, self.archive.linked, at_work, hotline),
            earlier_api.numbers_router(book, self.archive.linked, at_work, now),
            own_api.router(book, sheets, desk, self.talked.of, at_work, now),
            administration_api.router(self.operations),
            versions_api.router(self.versions),
            examination.router(self.examination),
            selftest.api.router(self.selftest),
            prompts_api.router(self.prompts),
            drawing_api.router(self.pictures),
            drafts_api.router(self.drafts),
            recordings_api.router(self.recording),
            emergency.api.router(self.emergencies, self.pins, self.accounts),
            notice.router(self.news),
            nodes.api.router(Machines(self.archive.engine, None)),
            privacy.api.router(self.retention, self.numbers),
            self.broadcast.router(),
        )

    @asynccontextmanager
    async def client(self, token: str | None = TOKEN, base: str = "http://wutong") -> AsyncIterator[httpx.AsyncClient]:
        """A client of the app; None: without a token."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        transport = httpx.ASGITransport(self.app())
        async with httpx.AsyncClient(transport=transport, base_url=base, headers=headers) as client:
            yield client


def talk(call_id: str = "c1", at: float = 1_700_000_000.0) -> list[Record]:
    """The Records of a call from greening that talks with 1001."""
    connected = Record(at + 10, Kind.CONNECTED, call_id, "greening", "1001", "o1", {"waited_s": 8.0})
    return [*waiting_call(call_id, at), connected]


def waiting_call(call_id: str = "c1", at: float = 1_700_000_000.0) -> list[Record]:
    """The Records of a call that waits in greening and is rung for."""
    return [
        Record(at, Kind.CALL_STARTED, call_id, data={"caller": "13800000000", "number": "12319", "language": "zh"}),
        Record(at + 1, Kind.KEY_PRESSED, call_id, data={"key": "1", "menu": "main"}),
        Record(at + 2, Kind.QUEUED, call_id, "greening", data={"language": "zh", "position": 1}),
        Record(at + 3, Kind.OFFERED, call_id, "greening", "1001", "o1", {"ring": 15.0, "step": 0}),
    ]
