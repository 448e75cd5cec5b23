"""A hotline on a fake clock: the product's own assembly between an Asterisk in memory and a list of Records."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from acd.distributor import Distributor
from acd.engine.step import Engine
from acd.events import StateRequested
from acd.last_hour import LastHour
from agents.states import AgentState
from base.clock import Clock
from base.tasks import Failures, Tasks
from calls.book import CallBook
from calls.events import CallerHungUp
from calls.live import snapshot
from calls.live.call import Call
from calls.live.orders import TalkOrders
from calls.live.snapshot import Recollection
from calls.trials import Trials
from emergency.model import Emergency
from hotline.edition import Edition, Editions
from journal.actor import Actor
from journal.records import Kind, Record
from service.app.centre import Centre
from settings.secrets import Secrets
from settings.settings import Settings
from sounds.catalogue import Catalogue
from sounds.model import Sound, Speech, Words, sayable
from tests.unit.archive import unreachable
from tests.unit.asterisk.asterisk import LAG, Asterisk
from tests.unit.asterisk.caller import AGI_SECRET, PROMPT, Caller
from tests.unit.asterisk.leg import Leg
from tests.unit.asterisk.manager import SECRET
from tests.unit.faketime import passes, settles
from tests.unit.recordings.told import FakeTold
from tests.unit.service.small import hotline
from tests.unit.sounds.making import FakeVoice

START = 1_700_000_000.0

HOLD = "We are connecting you to one of our staff. Please hold."
NOBODY = "Nobody is here to take your call just now. We will connect you as soon as somebody is."
"""What a caller hears first in a queue: where somebody is signed in, and where nobody is."""
NEXT = "You are next in line."

KNOWN = Secrets(ami=SecretStr(SECRET), ami_reload=SecretStr("unused"), agi=AGI_SECRET, token=SecretStr("unused"))


class FakeCatalogue(Catalogue):
    """Every file is there, and its path is its words."""

    def __init__(self, languages: Iterable[str] = ("en",)) -> None:
        super().__init__(Path("/nowhere"), None, languages, FakeVoice())

    def files(self, speech: Speech, language: str) -> list[str]:
        shown = tuple(Words({"*": part.words}) if isinstance(part, Sound) else part for part in speech)
        return [sayable(words) for _, words in self._tokens(shown, language)]


class FakeClock(Clock):
    """The loop's time, which is fake."""

    def __init__(self) -> None:
        super().__init__()
        self._begun = asyncio.get_running_loop().time()

    def now(self) -> float:
        return START + asyncio.get_running_loop().time() - self._begun


@cache
def _settings(trunk: bool) -> Settings:
    given: dict[str, Any] = {"trunk": {"host": "sip.example.com", "bind": "192.0.2.1"}} if trunk else {}
    return Settings(state=Path("/nowhere"), hotline=Path("/nowhere"), **given)


class Hall:
    """A service that runs. `after`: the hall of the one that died before; what that knew is taken from its snapshot,
    or, where `folded`, from its Records alone. `edition`: the version that new calls get. `records`: where they go.
    """

    def __init__(
        self,
        tasks: Tasks,
        *,
        trunk: bool = False,
        after: "Hall | None" = None,
        folded: bool = False,
        edition: Edition | None = None,
        before: Recollection | None = None,
        records: list[Record] | None = None,
    ) -> None:
        self.tasks = tasks
        before_it = Edition(hotline(), FakeCatalogue()) if after is None else after.edition
        self.editions = Editions(edition or before_it)
        self.emergencies: tuple[Emergency, ...] = () if after is None else after.emergencies
        self.records: list[Record] = after.records if after is not None else [] if records is None else records
        self.book = CallBook(unreachable())
        clock: Clock = after.distributor.clock if after is not None else FakeClock()
        if after is not None:
            before = before or after.recollection(folded=folded)
        settings = _settings(trunk)
        ports = settings.ports
        phones = self.edition.hotline.agents
        self.asterisk: Asterisk = (
            after.asterisk if after is not None else Asterisk(phones, port=ports.ami, agi_port=ports.agi)
        )
        self.centre = Centre(
            *(settings, KNOWN, self.editions, clock, self.book, self.records.append),
            *(before or Recollection(), tasks, 100, FakeTold(lambda: self.records)),
            emergencies=lambda: self.emergencies,
        )
        self.recorder = self.centre.recorder
        self.distributor: Distributor = self.centre.distributor
        self.switchboard, self.reconciler = self.centre.switchboard, self.centre.reconciler
        self.intake, self.reception = self.centre.intake, self.centre.reception
        self.engine = self.distributor.engine
        self.telephony = self.reconciler.telephony
        self.dead = False
        self.mistakes: Counter[str] = Counter()
        """Those that the test makes, by `Work`."""

    @property
    def edition(self) -> Edition:
        """The version in use."""
        return self.editions.in_use

    @edition.setter
    def edition(self, edition: Edition) -> None:
        self.editions.in_use = edition

    @property
    def orders(self) -> TalkOrders:
        """What people ask of a talk."""
        return self.centre.orders

    async def begins(self) -> None:
        self.centre.take_up()
        await self.centre.agi.start()
        self._keeping = self.reconciler.run()

    # -- death and return ----------------------------------------------------------------------------------------

    def recollection(self, *, folded: bool = False) -> Recollection:
        """What the next service knows."""
        if folded:
            return snapshot.recollect(self._at_the_start, self.records)
        return snapshot.recollect(json.loads(json.dumps(self.centre.snapshot(self.book))), ())

    @property
    def _at_the_start(self) -> Mapping[str, Any]:
        definitions = self.edition.hotline
        fresh = Engine(definitions.queues, definitions.agents, seed=1, now=START)
        return snapshot.take(fresh, CallBook(unreachable()), LastHour(START), Trials())

    async def dies(self) -> None:
        """Its sessions break, and nobody hears Asterisk any more. Commands on their way to Asterisk are lost."""
        self.dead = True
        self.asterisk.deaf.clear()
        self.asterisk.link_breaks()
        self.centre.close()
        await self.centre.let_go()
        for task in self._keeping:
            task.cancel()
        await settles()

    @asynccontextmanager
    async def restarted(self, **given: Any) -> "AsyncIterator[Hall]":
        """It dies, and the next service is there; that has no link to Asterisk yet, and lets nobody in."""
        if not self.dead:
            await self.dies()
        async with hall(after=self, **given) as made:
            yield made

    async def link_up(self, *, uptime: float | None = None) -> None:
        """AMI is there, and the look around begins. `uptime`: of an Asterisk that has started anew, in seconds."""
        if uptime is not None:
            self.asterisk.uptime = uptime
        await self.asterisk.listens_again()
        await self.reconciler.link.wait_up()

    async def link_down(self) -> None:
        self.asterisk.link_breaks()
        await settles()

    def lets_in(self) -> None:
        """Callers whom the dialplan wants to bring to a service come in."""
        self.asterisk.lets_in()

    async def adopts(self, *, sessions_first: bool = False) -> None:
        """The link comes up, callers are let in, and all have found their states."""
        if sessions_first:
            self.lets_in()
            await settles()
        await self.link_up()
        await passes(10 * LAG)
        self.lets_in()
        await passes(20 * LAG)
        self.lets_in()  # a caller who was fetched
        await settles()

    # -- people --------------------------------------------------------------------------------------------------

    def caller(self, channel_id: str = "caller-1", **headers: str) -> Caller:
        """A call comes in."""
        return self.asterisk.calls(channel_id, **headers)

    async def queued(self, channel_id: str = "caller-1", key: str = "1") -> Caller:
        """A caller who has chosen a queue, and is held."""
        caller = self.caller(channel_id)
        await settles()
        caller.press(key)
        await asyncio.sleep(3 * PROMPT)
        return caller

    async def told_to_wait(self) -> Caller:
        """A caller who has chosen a queue, and hears the first words there: half of them by now."""
        caller = self.caller()
        await settles()
        caller.press("1")
        await passes(PROMPT / 2)
        assert caller.playing == (NOBODY if self.state() is AgentState.LOGGED_OUT else HOLD)
        return caller

    def takes_a_break(self, agent_id: str = "1001") -> None:
        """The agent is signed in, and rung for nobody."""
        self.distributor.tell(StateRequested(agent_id, AgentState.NOT_READY, Actor.agent(agent_id)))

    def sign_in(self, agent_id: str = "1001") -> None:
        self.distributor.tell(StateRequested(agent_id, AgentState.READY, Actor.agent(agent_id)))

    # -- an agent's leg --------------------------------------------------------------------------------------------

    async def rung(self) -> Leg:
        """The one ring that there is now."""
        await asyncio.sleep(10 * LAG)
        (leg,) = self.asterisk.legs.values()
        return leg

    async def answer(self, leg: Leg) -> None:
        leg.answers()
        await self.heard()

    async def fail(self, leg: Leg, reason: str) -> None:
        """ "abandoned": the agent picked up, and hangs up before the caller is there."""
        {"no-answer": leg.rings_out, "declined": leg.declines, "abandoned": leg.hangs_up}[reason]()
        await self.heard()

    async def connect(self, leg: Leg, caller: Caller) -> None:
        """The leg runs Bridge(caller)."""
        leg.connects(caller)
        await self.heard()

    async def agent_hangs_up(self, leg: Leg, caller: Caller | None = None) -> None:
        """AMI tells first, then the caller is given back."""
        leg.hangs_up()
        await self.heard()
        if caller is not None:
            caller.out()
            await settles()

    async def heard(self) -> None:
        """Wait until the news of AMI has arrived."""
        await passes(2 * LAG)
        await settles()

    # -- what can be seen -------------------------------------------------------------------------------------------

    def call(self, channel_id: str = "caller-1") -> Call:
        call = self.switchboard.of_channel(channel_id)
        assert call is not None
        return call

    @property
    def watched(self) -> set[str]:
        """The unique ids of the callers that the telephony watches."""
        return set(self.telephony.callers)

    def state(self, agent_id: str = "1001") -> AgentState:
        return self.engine.agent_view(agent_id).state

    def waiting(self, queue: str = "trees") -> int:
        return self.engine.queue_view(queue, self.distributor.clock.now()).waiting

    def kinds(self) -> list[Kind]:
        return [record.kind for record in self.records if record.call is not None]

    def told(self, kind: Kind) -> list[Mapping[str, object]]:
        """The data of every Record of that kind."""
        return [record.data for record in self.records if record.kind is kind]

    async def over(self, channel_id: str = "caller-1") -> None:
        """The session has ended, and AMI has had time to tell why."""
        (caller,) = [caller for caller in self.asterisk.callers.values() if caller.id == channel_id]
        assert caller.line is not None
        await caller.line.ended()
        await self.heard()

    async def ends(self) -> None:
        """Everybody hangs up, and nothing is left behind: no call, no leg, no task."""
        for call in self.switchboard.calls():
            call.tell(CallerHungUp(blind=False))
        await passes(1)
        for caller in self.asterisk.callers.values():
            if caller.line is not None:
                caller.line.close()
        await self.dies()
        assert self.asterisk.strange == []
        assert len(self.switchboard) == 0
        assert not self.watched
        assert +self.tasks.failures.counts == self.mistakes


@asynccontextmanager
async def hall(
    *, after: Hall | None = None, owner: Callable[[Failures], Tasks] = Tasks, **given: Any
) -> AsyncIterator[Hall]:
    """A service that runs, and at the end is gone. The first one has a link to Asterisk; one `after` it, not yet."""
    random.seed(1)  # the pauses of the link
    failures = Failures()
    asyncio.get_running_loop().set_exception_handler(failures.handle)
    async with owner(failures) as tasks:
        made = Hall(tasks, after=after, **given)
        await made.begins()
        if after is None:
            await made.link_up()
            await made.reconciler.wait_ready()
        yield made
        if not made.dead:
            await made.ends()


def ended(here: Hall) -> tuple[object, object]:
    """Who ended the only call that is over, and its outcome if it was told."""
    (data,) = here.told(Kind.CALL_FINISHED)
    return data["by"], data.get("outcome")
