"""A hotline for the HTTP tests: the routes over the real board, engine and book; fakes for all that has files."""

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex

import httpx
from fastapi import APIRouter

import acd.api
import acd.callers_api
import agents.api
import calls.api
import emergency.api
import missed.api
import privacy.api
from accounts import tokens
from accounts.model import EVERYTHING, Asker, MachineToken, Person
from base.role import Role
from calls import (
    dial_api,
    earlier_api,
    help_api,
    hold_api,
    linked_api,
    listen_api,
    move_api,
    own_api,
    targets_api,
    transfer_api,
    wrap_up_api,
)
from calls.book import CallBook
from calls.help_api import HelpCalls
from calls.move_api import Moves
from calls.talks import LastTalks
from calls.wrap_up_api import Sheets
from dialplan import browser_phones_api
from dialplan.ami_connection import Broke
from dialplan.link import LinkFigures
from doctor import api as examination
from drawing import api as drawing_api
from events import notice_api as notice
from events.broadcast import Broadcast
from events.latest import Colleagues, Lineup, Listened, emergency_of, notice_of, trial_of, zone_of
from events.notice_api import Notices
from hotline import prompts_api, recordings_api
from hotline.model import Hotline
from hotline.recording import Recording
from journal.actor import Actor
from journal.records import Kind, Record
from missed.api import MissedCount
from publishing import administration_api, drafts_api, versions_api
from publishing.drafts import Workshop
from service.http.admission import ADMINISTRATOR, Admission
from service.http.app import App, Check, app
from service.http.metrics import Metrics, Readings
from tests.unit.accounts.stores import FakeAuditStore, FakeStore, accounts_in
from tests.unit.archive import Archive
from tests.unit.desk import Desk
from tests.unit.service.drafted import FakeDrafts
from tests.unit.service.fakes import (
    FakeBrowserPhones,
    FakeDials,
    FakeDrawings,
    FakeExamination,
    FakeListenings,
    FakeOperations,
    FakePrivacy,
    FakePrompts,
    FakeTransfers,
    FakeVersions,
)
from tests.unit.service.recorded import FakeRecording
from tests.unit.service.warning import FakeEmergencies, FakePins

TOKEN = "token-for-tests"
"""No secret: it opens nothing but the app of one test."""

SOMEBODY = Asker(Actor.token("local"), ADMINISTRATOR, "127.0.0.1", EVERYTHING)
"""Who may see everything."""

PASSWORD = "a long enough one"


async def well() -> str | None:
    return None


@dataclass
class World:
    """Everything that the app stands on, to be changed by a test."""

    browser_phones: FakeBrowserPhones = field(default_factory=FakeBrowserPhones)
    transfers: FakeTransfers = field(default_factory=FakeTransfers)
    dials: FakeDials = field(default_factory=FakeDials)
    listenings: FakeListenings = field(default_factory=FakeListenings)
    archive: Archive = field(default_factory=Archive)
    operations: FakeOperations = field(default_factory=FakeOperations)
    versions: FakeVersions = field(default_factory=FakeVersions)
    prompts: FakePrompts = field(default_factory=FakePrompts)
    pictures: FakeDrawings = field(default_factory=FakeDrawings)
    drafts: Workshop = field(default_factory=FakeDrafts)
    recording: Recording = field(default_factory=FakeRecording)
    emergencies: FakeEmergencies = field(default_factory=FakeEmergencies)
    privacy: FakePrivacy = field(default_factory=FakePrivacy)
    checks: dict[str, Check] = field(default_factory=lambda: {"asterisk": well, "database": well})
    notes: dict[str, Callable[[], str | None]] = field(default_factory=dict)
    notice: Path = field(default_factory=lambda: Path.home() / f"notice-{token_hex(8)}")
    dropped: int = 0
    ami_up: bool = True
    trunk: bool = True
    now: float = 1_700_000_100.0
    store: FakeStore = field(default_factory=FakeStore)
    audited: FakeAuditStore = field(default_factory=FakeAuditStore)
    wall: Callable[[], float] | None = None

    def __post_init__(self) -> None:
        self._app: tuple[dict[str, object], App] | None = None
        self.accounts = accounts_in(self.store, self.audited, lambda: self.now, self.wall)
        self.accounts.loaded = True
        self.book = CallBook(self.archive)
        self.examination = FakeExamination(self.book.tally, self.operations)
        desk = self.desk = self.on_duty()
        self.recorder, self.failures = desk.centre.recorder, desk.failures
        lineup, listened = Lineup(desk, self.book.number_of), Listened(self.listenings.listenings)
        self.news = Notices(self.notice, desk.clock, self.recorder.write)
        notice, trial = notice_of(self.news.told), trial_of(lambda: self.versions.latest)
        emergencies = self.emergencies
        latest = emergency_of(emergencies.told), notice, trial, zone_of(emergencies.timezone)
        colleagues = Colleagues(desk, lambda: desk.hotline)
        count = MissedCount(desk.centre.missed, desk.serves)
        self.broadcast = Broadcast(desk, lineup, listened, count, colleagues, lambda: self.now, latest)
        self.talked = LastTalks()
        self.pins = FakePins()
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
                drained=lambda: self.operations.drained,
                emergency_s=lambda: 90.0 if self.emergencies.on else 0.0,
                emergency_nodes=lambda: 0,
                agi_strangers=lambda: 6,
                observer_failures=lambda: self.recorder.failures,
                task_failures=lambda: self.failures.counts,
            ),
            self.failures,
        )
        self.admission = Admission(TOKEN, self.accounts)
        self.metrics.add(self.admission)
        self.metrics.add(count)
        self.recorder.add("broadcast", self.broadcast.note)
        self.recorder.add("last talks", self.talked.note)
        self.recorder.add("metrics", lambda record: self.metrics.note(record, self.book.summary(record)))

    def on_duty(self) -> Desk:
        """The board, with all that changes something at it."""
        made = Desk(self.book, lambda: self.now)
        self.help = HelpCalls(made.distributor, self.book)
        self.moves = Moves(made.distributor, made.centre.switchboard, lambda: made.editions.in_use)
        self.sheets = Sheets(made.distributor, lambda: made.hotline)
        return made

    def note(self, *records: Record) -> None:
        """What the service does with every Record, but for the journal."""
        self.desk.note(*records)

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
            acd.callers_api.router(desk, desk.distributor, book.number_of, desk),
            agents.api.router(desk),
            browser_phones_api.router(desk, self.browser_phones),
            targets_api.router(hotline, desk, desk, book, trunk=self.trunk),
            calls.api.router(book, self.operations.place_call, at_work, hotline, sheets.codes, now),
            move_api.router(book, self.moves, desk),
            transfer_api.router(book, self.transfers, hotline, desk, desk, trunk=self.trunk),
            hold_api.router(book, self.transfers),
            dial_api.router(desk, self.dials),
            listen_api.router(book, self.listenings, desk),
            help_api.router(desk, self.help),
            missed.api.router(desk.centre.missed, desk.serves, desk.distributor.write, now),
            wrap_up_api.router(book, sheets, at_work, now),
            earlier_api.router(book, sheets, self.archive.linked, at_work, hotline),
            linked_api.router(book, self.archive.linked, at_work, now),
            own_api.router(book, sheets, desk, self.talked.of, at_work, now),
            administration_api.router(self.operations),
            versions_api.router(self.versions),
            examination.router(self.examination),
            prompts_api.router(self.prompts),
            drawing_api.router(self.pictures),
            drafts_api.router(self.drafts),
            recordings_api.router(self.recording),
            emergency.api.router(self.emergencies, self.pins, self.accounts),
            notice.router(self.news),
            privacy.api.router(self.privacy, self.privacy),
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
