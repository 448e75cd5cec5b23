"""A hotline without Asterisk: everything between it and the journal is real, on a fake clock."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from acd.effects import Effect
from acd.engine.step import Engine
from acd.events import Event, LinkLost, OfferFailure, StateRequested
from agents.states import AgentState, PhoneState
from calls.book import CallBook
from calls.events import CallerHungUp
from dialplan.legs import Ring
from journal.records import Kind, Record
from service.app.serve import _engine
from service.asterisk.reconciler import Reconciler
from service.calls import snapshot
from service.calls.call import Call
from service.calls.distributor import Distributor
from service.calls.edition import Edition
from service.calls.intake import Intake
from service.calls.reception import Reception
from service.calls.recorder import Recorder
from service.calls.rehearsal import Rehearsals
from service.calls.snapshot import Recollection
from service.calls.switchboard import Switchboard
from service.setup import settings
from service.setup.clock import Clock
from sounds.catalogue import Catalogue
from sounds.model import Speech, sayable
from tests.unit.faketime import passes, settles
from tests.unit.service.fake_asterisk import LAG, PROMPT, SECRET, Asterisk, FakeCaller, FakeTelephony
from tests.unit.service.small import hotline
from tests.unit.sounds.making import FakeVoice

START = 1_700_000_000.0

HOLD = "We are connecting you to one of our staff. Please hold."
NEXT = "You are next in line."


class FakeCatalogue(Catalogue):
    """Every file is there, and its path is its words."""

    def __init__(self, languages: Iterable[str] = ("en",)) -> None:
        super().__init__(Path("/nowhere"), None, languages, FakeVoice())

    def files(self, speech: Speech, language: str) -> list[str]:
        return [sayable(words) for _, words in self._tokens(speech, language)]


class FakeClock(Clock):
    """The loop's time, which is fake."""

    def __init__(self) -> None:
        super().__init__()
        self._begun = asyncio.get_running_loop().time()

    def now(self) -> float:
        return START + asyncio.get_running_loop().time() - self._begun


class ToldEngine(Engine):
    """`told`: the events so far."""

    def __init__(self, *definitions: Any, **given: Any) -> None:
        super().__init__(*definitions, **given)
        self.told: list[Event] = []

    def step(self, event: Event, now: float) -> list[Effect]:
        self.told.append(event)
        return super().step(event, now)


class _Archive:
    """Nothing is in it: no story is asked for."""


class Hall:
    """Everything between Asterisk and the journal. `after`: the hall of the service that died before this one; what
    it knew is taken from its snapshot, or, where `folded`, from its Records alone.
    """

    def __init__(
        self,
        tasks: asyncio.TaskGroup,
        *,
        trunk: bool = False,
        after: "Hall | None" = None,
        folded: bool = False,
        edition: Edition | None = None,
        before: Recollection | None = None,
    ) -> None:
        self.tasks = tasks
        self.edition: Edition = edition or (after.edition if after is not None else Edition(hotline(), FakeCatalogue()))
        self.records: list[Record] = after.records if after is not None else []
        self.asterisk: Asterisk = after.asterisk if after is not None else Asterisk()
        clock: Clock = after.distributor.clock if after is not None else FakeClock()
        if after is None:
            definitions = self.edition.hotline
            told = ToldEngine(definitions.queues, definitions.agents, seed=1, now=clock.now())
            self.engine: Engine = told
            self.events = told.told
        else:
            before = before or after.recollection(folded=folded)
            self.engine = _engine(self.edition, before, clock.now(), "local")
        self.book = CallBook(_Archive())  # type: ignore[arg-type]
        self.recorder = Recorder(self.records.append)
        self.recorder.add("calls", self.book.note)
        self.distributor: Distributor = Distributor(self.engine, clock, self.recorder.write)
        self.switchboard = Switchboard(self.distributor, lambda: self.edition, tasks)
        given = settings.Settings(state=Path("/nowhere"), hotline=Path("/nowhere"))
        seen_at = before.last_at if before is not None else 0.0
        self.reconciler = Reconciler(given, "", self.switchboard, self.distributor, tasks, seen_at)
        self.telephony = FakeTelephony(self.switchboard, self.asterisk)
        self.reconciler.telephony, self.reconciler.link = self.telephony, self.telephony.link
        self.intake = Intake(Path("/nowhere/drained"), self.book.in_menus)
        self.switchboard.serve(self.telephony, trunk=trunk)
        self.distributor.serve(self.switchboard)
        rehearsals = Rehearsals(self.telephony, tasks)
        self.reception = Reception(
            *(self.switchboard, self.distributor, rehearsals, lambda: self.edition, SecretStr(SECRET)),
            intake=self.intake,
        )
        self.lives: dict[str, asyncio.Task[None]] = {}
        self.dead = False
        if before is None:
            for agent_id in self.edition.hotline.agents:
                self.switchboard.phone_changed(agent_id, PhoneState.FREE)
        else:
            self.telephony.link.is_up = False
            self._take_up(before)
            self.distributor.tell(LinkLost())

    def _take_up(self, before: Recollection) -> None:
        """As the service does when it starts."""
        self.book.take_up(before.calls)
        self.switchboard.take_up(before.calls, self.edition)
        for caller in self.asterisk.callers.values():
            caller.ears = self.switchboard

    # -- death and return ----------------------------------------------------------------------------------------

    def recollection(self, *, folded: bool = False) -> Recollection:
        """What the next service knows."""
        if folded:
            return snapshot.recollect(self._at_the_start, self.records)
        return snapshot.recollect(json.loads(json.dumps(snapshot.take(self.engine, self.book))), ())

    @property
    def _at_the_start(self) -> Mapping[str, Any]:
        definitions = self.edition.hotline
        fresh = Engine(definitions.queues, definitions.agents, seed=1, now=START)
        return snapshot.take(fresh, CallBook(_Archive()))  # type: ignore[arg-type]

    async def dies(self) -> None:
        """Its sessions break, and nobody hears Asterisk any more."""
        self.dead = True
        for caller in self.asterisk.callers.values():
            caller.ears = None
        for life in self.lives.values():
            life.cancel()
        if self.lives:
            await asyncio.wait(self.lives.values())
        self.distributor.close()

    @asynccontextmanager
    async def restarted(self, **given: Any) -> "AsyncIterator[Hall]":
        """It dies, and the next service is there; that has no link to Asterisk yet, and lets nobody in."""
        if not self.dead:
            await self.dies()
        async with hall(after=self, **given) as made:
            yield made

    def link_up(self, *, uptime: float = 86_400.0) -> None:
        """AMI is there, and the look around begins. `uptime`: of Asterisk, in seconds."""
        self.telephony.link.is_up, self.telephony.link.uptime = True, uptime
        self.reconciler._up()

    def link_down(self) -> None:
        self.telephony.link.is_up = False
        self.reconciler._down("it broke")

    def lets_in(self) -> None:
        """Callers whom the dialplan wants to bring to a service come in."""
        for caller in [caller for caller in self.asterisk.callers.values() if caller.knocks]:
            caller.comes_back()
            self.lives[caller.id] = asyncio.create_task(self._serve(caller))

    async def adopts(self, *, sessions_first: bool = False) -> None:
        """The link comes up, callers are let in, and all have found their places."""
        if sessions_first:
            self.lets_in()
            await settles()
        self.link_up()
        await passes(10 * LAG)
        self.lets_in()
        await passes(20 * LAG)
        self.lets_in()  # who was fetched
        await settles()

    # -- people --------------------------------------------------------------------------------------------------

    def caller(self, channel_id: str = "caller-1", **headers: str) -> FakeCaller:
        """A call comes in."""
        caller = FakeCaller(self.switchboard, channel_id, **headers)
        self.telephony.callers[caller.channel] = caller
        self.lives[channel_id] = asyncio.create_task(self._serve(caller))
        return caller

    async def _serve(self, caller: FakeCaller) -> None:
        session = caller.session
        try:
            await self.reception.answer(session)
        finally:
            session.close()

    async def queued(self, channel_id: str = "caller-1", key: str = "1") -> FakeCaller:
        """A caller who has chosen a queue, and is held."""
        caller = self.caller(channel_id)
        await settles()
        caller.press(key)
        await asyncio.sleep(3 * PROMPT)
        return caller

    async def told_to_wait(self) -> FakeCaller:
        """A caller who has chosen a queue, and hears that he is to wait: half of it by now."""
        caller = self.caller()
        await settles()
        caller.press("1")
        await passes(PROMPT / 2)
        assert caller.playing == HOLD
        return caller

    def sign_in(self, agent_id: str = "1001") -> None:
        self.distributor.tell(StateRequested(agent_id, AgentState.READY))

    # -- an agent's leg --------------------------------------------------------------------------------------------

    async def rung(self) -> Ring:
        """The one ring that there is now."""
        await asyncio.sleep(10 * LAG)
        (ring,) = self.telephony.rings.values()
        return ring

    def answer(self, ring: Ring) -> None:
        self.asterisk.legs[ring.offer_id].up = True
        if not self.dead:
            self.switchboard.offer_answered(ring.offer_id)

    def fail(self, ring: Ring, reason: str) -> None:
        self.telephony.leg_ended(ring.offer_id)
        if not self.dead:
            self.switchboard.offer_failed(ring.offer_id, OfferFailure(reason))

    def connect(self, ring: Ring, caller: FakeCaller) -> None:
        """The leg runs Bridge(caller), and AMI tells at once."""
        assert ring.offer_id not in self.telephony.waiting
        caller.taken_out(ring.offer_id)
        self.asterisk.legs[ring.offer_id].caller = caller
        if not self.dead:
            self.switchboard.offer_connected(ring.offer_id)

    def agent_hangs_up(self, ring: Ring, caller: FakeCaller | None = None) -> None:
        """AMI tells first, then the caller is given back."""
        self.telephony.leg_ended(ring.offer_id)
        if not self.dead:
            self.switchboard.leg_hung_up(ring.offer_id)
        if caller is not None:
            caller.given_back()

    # -- what can be seen -------------------------------------------------------------------------------------------

    def call(self, channel_id: str = "caller-1") -> Call:
        return self.switchboard._by_channel[channel_id]

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
        """The call's coroutine has ended, and AMI has had time to tell why."""
        await asyncio.wait({self.lives[channel_id]})
        await asyncio.sleep(2 * LAG)


@asynccontextmanager
async def hall(**given: Any) -> AsyncIterator[Hall]:
    """Up; at the end nothing is left behind: no call, no ring, no task."""
    async with asyncio.TaskGroup() as tasks:
        made = Hall(tasks, **given)
        try:
            yield made
        finally:
            for call in [] if made.dead else made.switchboard.calls():
                call.tell(CallerHungUp(blind=False))
            if made.lives:
                await asyncio.wait(made.lives.values())
            made.distributor.close()
    if made.dead:
        return
    assert len(made.switchboard) == 0
    assert not made.telephony.watched


def ended(here: Hall) -> tuple[object, object]:
    """Who ended the only call that is over, and its outcome if it was told."""
    (data,) = here.told(Kind.CALL_FINISHED)
    return data["by"], data.get("outcome")
