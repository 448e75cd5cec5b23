"""A hotline for the HTTP tests: two queues, two agents, calls in memory. Fakes that do what the real ones promise."""

from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import httpx

from accounts import tokens
from accounts.accounts import Accounts
from accounts.model import EVERYTHING, Asker, MachineToken, Person, Reach, Role
from acd.callers import CallerView, Standing
from acd.last_hour import MINUTES, HourView
from acd.model import Queue
from acd.views import Crew, QueueView
from agents.api import DayOut, NotPossible
from agents.browser_phone_api import BrowserPhone
from agents.model import Abilities, Agent, AgentView
from agents.states import REQUESTABLE, AgentState, PhoneState
from calls.api import CallIn, CallPlaced
from calls.book import CallBook
from calls.listen_api import NotHeard
from calls.listeners import Listener, Listening, Mode
from calls.model import CallState, CallSummary
from calls.move_api import MoveIn, NotMoved
from calls.store import StoreUnavailable
from dialplan.ami_connection import Broke
from dialplan.link import LinkFigures
from hotline.model import SubHotline
from journal.actor import SYSTEM, Actor
from journal.records import Kind, Record
from service.calls.recorder import Recorder
from service.http.administration import ReloadOut
from service.http.admission import ADMINISTRATOR, Admission
from service.http.app import App, Check, app
from service.http.broadcast import Broadcast
from service.http.examination import CheckOut, FindingOut, IntakeOut, calls_now
from service.http.lineup import Lineup
from service.http.listened import Listened
from service.http.metrics import Metrics, Readings
from service.http.privacy import AboutNumber, ForgetOut, PurgeOut
from service.http.prompts import PromptOut
from service.http.recordings import Recording
from sounds.model import Texts
from tests.unit.accounts.stores import FakeAuditStore, FakeStore
from tests.unit.service.recorded import FakeRecording

TOKEN = "token-for-tests"
"""No secret: it opens nothing but the app of one test."""

SOMEBODY = Asker(Actor.token("local"), ADMINISTRATOR, "127.0.0.1", EVERYTHING)
"""Who may see everything."""

PASSWORD = "a long enough one"


class FakeQueues:
    def __init__(self) -> None:
        self.known = {
            "greening": Queue(id="greening", name={"zh": "绿化", "en": "Greening"}, needs={"greening": 3}),
            "general": Queue(id="general", name={"*": "综合"}, needs={"general": 1}),
        }
        self.views = {name: QueueView(name, 0, 0, 0.0, None, _counts(), None) for name in self.known}
        self.crew: dict[str, Crew] = {}
        self.waiting: dict[str, list[CallerView]] = {}
        self.hours: dict[str, HourView] = {}
        self.standing: dict[str, list[Standing]] = {}
        self.reads = self.looks = 0

    def queues(self) -> Mapping[str, Queue]:
        return self.known

    def crews(self) -> Mapping[str, Crew]:
        return self.crew

    def last_hour(self, queue_id: str) -> HourView:
        return self.hours.get(queue_id, HourView(1_700_000_100.0, (None,) * MINUTES))

    def callers(self, queue_id: str, limit: int) -> Iterator[CallerView]:
        return iter(self.waiting.get(queue_id, [])[:limit])

    def line_up(self, queue_ids: Iterable[str], limit: int) -> Mapping[str, Sequence[Standing]]:
        self.looks += 1
        return {name: self.standing.get(name, [])[:limit] for name in queue_ids}

    def queue_view(self, queue_id: str) -> QueueView:
        self.reads += 1
        return self.views[queue_id]


def _counts(**counts: int) -> Mapping[str, int]:
    return dict.fromkeys(("ready", "ringing", "on_call", "wrap_up", "not_ready", "unreachable"), 0) | counts


class FakeAgents:
    def __init__(self) -> None:
        self.known = {
            "1001": Agent(
                id="1001", name="绿化一席", skills={"greening": 4}, languages=("zh", "en"), password="hidden"
            ),
            "1002": Agent(id="1002", name="综合一席", skills={"general": 2}, languages=("zh",)),
        }
        self.views = {
            name: AgentView(name, AgentState.LOGGED_OUT, "", 1_700_000_000.125, PhoneState.FREE, None, None, 0, None)
            for name in self.known
        }
        self.needed = ["greening", "general"]
        self.refusal: str | None = None
        self.asked: list[Actor] = []
        self.insisted = False
        midnight = datetime(2023, 11, 14, 16, tzinfo=UTC)
        self.day = DayOut(since=midnight, calls=34, missed=1, talk_s=10_920.0, wrap_up_s=1_860.5)

    def agents(self) -> Mapping[str, Agent]:
        return self.known

    def agent_view(self, agent_id: str) -> AgentView:
        return self.views[agent_id]

    def serves(self, agent_id: str) -> Collection[str]:
        # queues are called as the skills that they need
        return self.known[agent_id].knowing(self.views[agent_id].edited).skills

    def agent_day(self, agent_id: str) -> DayOut:
        return self.day

    async def request(self, agent_id: str, state: AgentState, reason: str, actor: Actor, *, insist: bool) -> None:
        self.asked.append(actor)
        self.insisted = insist
        assert state in REQUESTABLE
        if self.refusal is not None:
            raise NotPossible(self.refusal)
        self.views[agent_id] = replace(self.views[agent_id], state=state, reason=reason)

    def subjects(self, queues: Callable[[str], bool]) -> Collection[str]:
        return [name for name in self.needed if queues(name)]

    def languages(self) -> Collection[str]:
        return ["zh", "en"]

    async def set_abilities(self, agent_id: str, abilities: Abilities, actor: Actor) -> None:
        self.asked.append(actor)
        if self.refusal is not None:
            raise NotPossible(self.refusal)
        edited = None if abilities == self.known[agent_id].abilities else abilities
        self.views[agent_id] = replace(self.views[agent_id], edited=edited)

    async def extend_wrap_up(self, agent_id: str, seconds: float, actor: Actor) -> None:
        self.asked.append(actor)
        if self.refusal is not None:
            raise NotPossible(self.refusal)
        until = (self.views[agent_id].until or 0.0) + seconds
        self.views[agent_id] = replace(self.views[agent_id], until=until)


class FakeBrowserPhones:
    """`let_in`: agents with a password now; `failure`: what the next request raises."""

    def __init__(self) -> None:
        self.port = 8088
        self.let_in: set[str] = set()
        self.failure: Exception | None = None

    async def admit(self, agent_id: str) -> BrowserPhone:
        self._ask()
        self.let_in.add(agent_id)
        return BrowserPhone(user=f"{agent_id}_browser", password="made for this test", port=self.port)

    async def shut_out(self, agent_id: str) -> None:
        self._ask()
        self.let_in.discard(agent_id)

    def _ask(self) -> None:
        if self.failure is not None:
            raise self.failure


class FakeTargets:
    """Where calls can be sent beside queues and agents."""

    def __init__(self) -> None:
        self.trunk = True
        self.lines: dict[str, SubHotline] = {}
        self.numbers: dict[str, Texts] = {}

    def sub_hotlines(self) -> Mapping[str, SubHotline]:
        return self.lines

    def outside_numbers(self) -> Mapping[str, Texts]:
        return self.numbers


class FakeMoves:
    """Callers who are moved. `position`: where they are then, `refusal`: what is answered instead."""

    def __init__(self) -> None:
        self.position: int | None = 1
        self.refusal: str | None = None
        self.asked: list[tuple[str, str, Actor]] = []

    def queues(self) -> Collection[str]:
        return ["greening", "general"]

    def move(self, call_id: str, wanted: MoveIn, actor: Actor) -> int | None:
        if self.refusal is not None:
            raise NotMoved(self.refusal)
        self.asked.append((call_id, str(wanted.to), actor))
        return self.position


class FakeListenings:
    """Supervisors who listen. `refusal`: what is answered instead, `failure`: what the next request raises."""

    def __init__(self) -> None:
        self.open: list[Listening] = []
        self.refusal: str | None = None
        self.failure: Exception | None = None
        self.asked: list[tuple[str, str, str, str]] = []

    def listenings(self) -> Sequence[Listening]:
        return self.open

    async def listen(self, call_id: str, mode: Mode, phone: str, asker: Asker) -> Listening:
        self._ask("listen", call_id, mode, phone)
        listener = Listener(f"l{len(self.asked)}", mode, phone, asker.actor, 1_700_000_050.0)
        self.open.append(Listening(call_id, "greening", "1001", listener))
        return self.open[-1]

    async def change(self, call_id: str, mode: Mode, phone: str, asker: Asker) -> Listening:
        self._ask("change", call_id, mode, phone)
        self.open = [replace(each, listener=replace(each.listener, mode=mode)) for each in self.open]
        return self.open[-1]

    async def stop(self, call_id: str, phone: str) -> None:
        self._ask("stop", call_id, "", phone)
        self.open = []

    def _ask(self, what: str, call_id: str, mode: str, phone: str) -> None:
        if self.failure is not None:
            raise self.failure
        if self.refusal is not None:
            raise NotHeard(self.refusal)
        self.asked.append((what, call_id, str(mode), phone))


class FakeHelp:
    """Agents who call for help. `refusal`: what is answered instead."""

    def __init__(self, agents: FakeAgents) -> None:
        self.agents = agents
        self.refusal: str | None = None

    def call(self, agent_id: str, actor: Actor) -> None:
        if self.refusal is not None:
            raise NotPossible(self.refusal)
        self._set(agent_id, 1_700_000_060.0, actor)

    def over(self, agent_id: str, actor: Actor) -> None:
        self._set(agent_id, None, actor)

    def _set(self, agent_id: str, since: float | None, actor: Actor) -> None:
        self.agents.asked.append(actor)
        self.agents.views[agent_id] = replace(self.agents.views[agent_id], help_since=since)


class FakeSheets:
    """Codes of `greening`. What is given and written becomes Records, as `note` takes them."""

    def __init__(self) -> None:
        self.known = {"greening": {"answered": {"zh": "当场答复", "en": "Answered"}, "referred": {"*": "转办"}}}
        self.needed: set[str] = set()
        self.note: Callable[[Record], None] = lambda record: None
        self.now: Callable[[], float] = lambda: 0.0

    def codes(self, queue: str | None) -> Mapping[str, Mapping[str, str]]:
        return self.known.get(queue or "", {})

    def required(self, queue: str | None) -> bool:
        return queue in self.needed

    def give(self, call: CallSummary, queue: str | None, agent: str, code: str, actor: Actor) -> None:
        data = {"code": code, "name": self.codes(queue)[code]}
        self.note(Record(self.now(), Kind.WRAP_UP_CODE, call.id, queue, agent, data=data, actor=actor))

    def write(self, call: CallSummary, queue: str | None, agent: str, note: str, actor: Actor) -> None:
        self.note(Record(self.now(), Kind.NOTE, call.id, queue, agent, data={"note": note}, actor=actor))


class FakeArchive:
    """An empty journal, that may be away. `before`: the earlier calls of any number."""

    def __init__(self) -> None:
        self.away = False
        self.before: list[CallSummary] = []
        self.reach: Reach | None = None

    async def earlier(self, call: CallSummary, limit: int, reach: Reach) -> Sequence[CallSummary]:
        self._ask()
        self.reach = reach
        return self.before[:limit]

    async def list(self, state: CallState | None, queue: str | None, limit: int, reach: Reach) -> Sequence[CallSummary]:
        self._ask()
        return []

    async def get(self, call_id: str) -> CallSummary | None:
        self._ask()
        return None

    async def story(self, call_id: str) -> Sequence[Record]:
        self._ask()
        return []

    def _ask(self) -> None:
        if self.away:
            raise StoreUnavailable("the database cannot be asked: OperationalError")


class FakePrivacy:
    """Old data, and the number of one caller: `failure` is what the next request raises."""

    def __init__(self) -> None:
        self.failure: Exception | None = None
        self.asked: list[tuple[str, str, str]] = []

    async def due(self) -> PurgeOut:
        return await self.purge(SYSTEM)

    async def purge(self, actor: Actor) -> PurgeOut:
        self._ask("purge", "", actor)
        return PurgeOut(numbers=2, steps=30, calls=0, records=0, snapshots=1, files=0, more=True)

    async def look(self, number: str) -> ForgetOut:
        self._ask("look", number, SYSTEM)
        return ForgetOut(removed=0, calls=3, live=1, alike=[], more=False)

    async def forget(self, number: str, actor: Actor) -> ForgetOut:
        self._ask("forget", number, actor)
        return ForgetOut(removed=3, calls=0, live=1, alike=["+8613800000000"], more=False)

    async def about(self, number: str, after: str, actor: Actor) -> AboutNumber:
        self._ask("about", number, actor)
        return AboutNumber(calls=[], alike=[], after=None)

    def _ask(self, what: str, number: str, actor: Actor) -> None:
        if self.failure is not None:
            raise self.failure
        self.asked.append((what, number, actor))


class FakeOperations:
    """`failure`: what the next operation raises."""

    def __init__(self) -> None:
        self.failure: Exception | None = None
        self.report = ReloadOut(version="v2", changed=True, problems=[])
        self.orders: list[CallIn] = []
        self.waits: list[float] = []
        self.drained = False
        self.asked: list[Actor] = []

    async def reload(self, actor: Actor) -> ReloadOut:
        self.asked.append(actor)
        if self.failure is not None:
            raise self.failure
        return self.report

    async def place_call(self, order: CallIn, actor: Actor) -> CallPlaced:
        self.asked.append(actor)
        if self.failure is not None:
            raise self.failure
        self.orders.append(order)
        return CallPlaced(call_id="c9", recording="c9.wav" if order.record else None)

    async def restart(self, wait: float, actor: Actor) -> int:
        self.asked.append(actor)
        if self.failure is not None:
            raise self.failure
        self.waits.append(wait)
        return 3

    async def drain(self, on: bool, actor: Actor) -> None:
        self.asked.append(actor)
        if self.failure is not None:
            raise self.failure
        self.drained = on


class FakeExamination:
    """`failure`: what the next look raises."""

    def __init__(self, tally: Callable[[], Mapping[CallState, int]], operations: FakeOperations) -> None:
        self.failure: Exception | None = None
        self.no_restart: str | None = None
        self.findings = [
            FindingOut(level="right", what="libraries", sentence="51 as runtime.txt says"),
            FindingOut(level="odd", what="disk", sentence="only 800 MB are free at STATE"),
            FindingOut(level="wrong", what="sound programs", sentence="install: apt-get install sox"),
        ]
        self.checked = CheckOut(in_use="v1", usable=True, problems=[], more=0)
        self.since: datetime | None = None
        self._tally, self._operations = tally, operations

    async def doctor(self) -> Sequence[FindingOut]:
        self._look()
        return self.findings

    async def check(self) -> CheckOut:
        self._look()
        return self.checked

    def intake(self) -> IntakeOut:
        since = (self.since or datetime(2026, 3, 3, tzinfo=UTC)) if self._operations.drained else None
        return IntakeOut(
            drained_since=since,
            restarting=bool(self._operations.waits),
            calls=calls_now(self._tally()),
            no_restart=self.no_restart,
        )

    def _look(self) -> None:
        if self.failure is not None:
            raise self.failure


class FakePrompts:
    """`sounds`: by id, what is played."""

    def __init__(self) -> None:
        self.known = [
            PromptOut(
                id="3f2a91c0",
                key="0b7c5a0d2f4e6918",
                language="zh",
                text="绿化请按1，供水请按2",
                speaker="voice",
                seconds=4.1,
                where=["menus.main.say"],
                recording=None,
                pending=False,
            ),
            PromptOut(
                id="5c0e11aa",
                key="1c8d6b1e3a5f7029",
                language="en",
                text="Goodbye.",
                speaker="draft",
                seconds=1.25,
                where=["goodbye", "menus.late.say"],
                recording=None,
                pending=False,
            ),
            PromptOut(
                id="9d31b7e2",
                key="2d9e7c2f4b60813a",
                language="zh",
                text="请稍候。",
                speaker="recording",
                seconds=None,
                where=["phrase wait"],
                recording="5d41402abc4b2a76b9719d911017c592",
                pending=False,
            ),
        ]
        self.sounds: dict[str, bytes] = {}

    async def prompts(self) -> Sequence[PromptOut]:
        return self.known

    async def sound(self, prompt_id: str) -> bytes | None:
        return self.sounds.get(prompt_id)


async def well() -> str | None:
    return None


@dataclass
class World:
    """Everything that the app stands on, to be changed by a test."""

    queues: FakeQueues = field(default_factory=FakeQueues)
    agents: FakeAgents = field(default_factory=FakeAgents)
    browser_phones: FakeBrowserPhones = field(default_factory=FakeBrowserPhones)
    targets: FakeTargets = field(default_factory=FakeTargets)
    moves: FakeMoves = field(default_factory=FakeMoves)
    listenings: FakeListenings = field(default_factory=FakeListenings)
    sheets: FakeSheets = field(default_factory=FakeSheets)
    archive: FakeArchive = field(default_factory=FakeArchive)
    operations: FakeOperations = field(default_factory=FakeOperations)
    prompts: FakePrompts = field(default_factory=FakePrompts)
    recording: Recording = field(default_factory=FakeRecording)
    privacy: FakePrivacy = field(default_factory=FakePrivacy)
    checks: dict[str, Check] = field(default_factory=lambda: {"asterisk": well, "database": well})
    notes: dict[str, Callable[[], str | None]] = field(default_factory=dict)
    dropped: int = 0
    ami_up: bool = True
    now: float = 1_700_000_100.0
    store: FakeStore = field(default_factory=FakeStore)
    audited: FakeAuditStore = field(default_factory=FakeAuditStore)
    wall: Callable[[], float] | None = None

    def __post_init__(self) -> None:
        self.accounts = Accounts(
            self.store,
            self.audited,
            idle=1_800,
            longest=43_200,
            audit_days=365,
            rest=Path("/nowhere/rest"),
            seal="key-for-tests",
            now=lambda: self.now,
            wall=self.wall or (lambda: self.now),
        )
        self.accounts.loaded = True
        self.book = CallBook(self.archive)
        self.examination = FakeExamination(self.book.tally, self.operations)
        self.help = FakeHelp(self.agents)
        lineup, listened = Lineup(self.queues, self.book.number_of), Listened(self.listenings.listenings)
        self.broadcast = Broadcast(self.queues, self.agents, lineup, listened, lambda: self.now)
        self.metrics = Metrics(
            Readings(
                queues=self.queues,
                agents=self.agents,
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
                agi_strangers=lambda: 6,
                observer_failures=lambda: self.recorder.failures,
            )
        )
        self.admission = Admission(TOKEN, self.accounts)
        self.metrics.add(self.admission)
        self.recorder = Recorder(lambda record: None)
        self.recorder.add("calls", self.book.note)
        self.sheets.note, self.sheets.now = self.recorder.write, lambda: self.now
        self.recorder.add("broadcast", self.broadcast.note)
        self.recorder.add("metrics", lambda record: self.metrics.note(record, self.book.summary(record)))

    def note(self, *records: Record) -> None:
        """What the service does with every Record, but for the journal."""
        for record in records:
            self.recorder.write(record)

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
        return app(
            admission=self.admission,
            host_names=["wutong"],
            queues=self.queues,
            callers=self.queues,
            agents=self.agents,
            browser_phones=self.browser_phones,
            targets=self.targets,
            calls=self.book,
            placing=self.operations,
            moving=self.moves,
            hearing=self.listenings,
            helping=self.help,
            sheets=self.sheets,
            now=lambda: self.now,
            operations=self.operations,
            examining=self.examination,
            spoken=self.prompts,
            recorded=self.recording,
            ageing=self.privacy,
            numbers=self.privacy,
            metrics=self.metrics,
            broadcast=self.broadcast,
            checks=self.checks,
            notes=self.notes,
            version="0.0.1",
        )

    @asynccontextmanager
    async def client(self, token: str | None = TOKEN, base: str = "http://wutong") -> AsyncIterator[httpx.AsyncClient]:
        """A client of the app; None: without a token."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        transport = httpx.ASGITransport(self.app())
        async with httpx.AsyncClient(transport=transport, base_url=base, headers=headers) as client:
            yield client


def waiting_call(call_id: str = "c1", at: float = 1_700_000_000.0) -> list[Record]:
    """The Records of a call that waits in greening and is rung for."""
    return [
        Record(at, Kind.CALL_STARTED, call_id, data={"caller": "13800000000", "number": "12319", "language": "zh"}),
        Record(at + 1, Kind.KEY_PRESSED, call_id, data={"key": "1", "menu": "main"}),
        Record(at + 2, Kind.QUEUED, call_id, "greening", data={"language": "zh", "position": 1}),
        Record(at + 3, Kind.OFFERED, call_id, "greening", "1001", "o1", {"ring": 15.0, "step": 0}),
    ]
