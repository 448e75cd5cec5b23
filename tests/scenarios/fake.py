"""Scenarios on the fake Asterisk, with a fake clock: people do with its channels what phones do with the real ones."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from acd.events import StateRequested
from agents.states import AgentState
from calls.move_api import MoveIn, Moves
from emergency.model import Emergency, Spoken, When
from hotline.edition import Edition
from hotline.loader import load
from ivr.model import ToQueue, ToSubHotline
from journal.actor import Actor
from tests.scenarios.description import Agent, Fault, Scenario
from tests.scenarios.hotline import LINE, ROLES, agent_id, day, extension, number, write
from tests.scenarios.story import heard, in_words
from tests.unit.asterisk.caller import PROMPT, Caller
from tests.unit.asterisk.consulted import Consulted
from tests.unit.asterisk.leg import Leg
from tests.unit.faketime import passes
from tests.unit.service.calling import START, FakeCatalogue, Hall, hall

PLACE = 7
WANG = Actor.token("local")

LOOK, LOOKS = 0.05, 20_000
"""Seconds between two looks at what a step waits for, and how often it looks."""


@cache
def edition() -> Edition:
    with TemporaryDirectory() as folder:
        loaded = load(write(Path(folder, "hotline"), day(START)))
    assert loaded.hotline is not None, "\n".join(map(str, loaded.problems))
    return Edition(loaded.hotline, FakeCatalogue(("zh",)))


async def comes(what: str, is_so: Callable[[], bool]) -> None:
    """Wait until it is so."""
    for _ in range(LOOKS):
        if is_so():
            return
        await passes(LOOK)
    raise AssertionError(f"{what} did not come")


class Ring(Protocol):
    """A call that has come to a phone, and the talk that comes of it."""

    @property
    def goes_on(self) -> bool: ...
    def answers(self) -> None: ...
    def declines(self) -> None: ...
    def is_busy(self) -> None: ...
    def rings_out(self) -> None: ...
    @property
    def seconds(self) -> float:
        """For so long it rings."""

    def hangs_up(self) -> None: ...


class LegRing:
    """The service has originated it."""

    def __init__(self, leg: Leg) -> None:
        self.leg = leg

    @property
    def goes_on(self) -> bool:
        return self.leg.offer_id in self.leg.asterisk.legs

    def answers(self) -> None:
        self.leg.answers()

    def declines(self) -> None:
        self.leg.declines()

    def is_busy(self) -> None:
        self.leg.declines("17")

    def rings_out(self) -> None:
        self.leg.rings_out()

    @property
    def seconds(self) -> float:
        return self.leg.seconds

    def hangs_up(self) -> None:
        self.leg.hangs_up()


class ConsultRing:
    """An agent's leg has dialled it while the caller is on hold."""

    def __init__(self, other: Consulted) -> None:
        self.other = other

    @property
    def _caller(self) -> Caller:
        return self.other.asterisk.callers[self.other.leg.channel]

    @property
    def goes_on(self) -> bool:
        return self.other.name in self.other.asterisk.consulted or self._has_the_caller

    @property
    def _has_the_caller(self) -> bool:
        return self.other.joined and self._caller.talking

    def answers(self) -> None:
        self.other.leg.is_consulted()

    def declines(self) -> None:
        self.other.leg.consultation_ends("NOANSWER")

    def is_busy(self) -> None:
        self.other.leg.consultation_ends("BUSY")

    def rings_out(self) -> None:
        self.other.leg.consultation_ends("NOANSWER")

    @property
    def seconds(self) -> float:
        return 30.0

    def hangs_up(self) -> None:
        if self._has_the_caller:
            self._caller.out()
        else:
            self.other.hangs_up()


class LineRing:
    """The caller's channel has dialled it, or the agent's own one. `caller`: who is at the other end."""

    def __init__(self, caller: Caller) -> None:
        self.caller = caller

    @property
    def goes_on(self) -> bool:
        return (self.caller.dialled is not None or self.caller.talking) and not self.caller.hung_up

    def answers(self) -> None:
        self.caller.sub_hotline_answers()

    def declines(self) -> None:
        self.caller.put_through_ends("CHANUNAVAIL", "21")

    def is_busy(self) -> None:
        self.caller.put_through_ends("BUSY", "17")

    def rings_out(self) -> None:
        self.caller.put_through_ends("NOANSWER", self.caller.cause)

    @property
    def seconds(self) -> float:
        assert self.caller.dialled is not None
        return float(self.caller.dialled.split(",")[1])

    def hangs_up(self) -> None:
        if self.caller.dialled is None:
            self.caller.out()
        else:
            self.caller.put_through_ends("ANSWER")


class FakeCaller:
    """A citizen. `channel`: in the fake Asterisk."""

    def __init__(self, stage: "FakeStage", name: str) -> None:
        self._stage, self._name = stage, name
        self._heard = 0
        self.channel: Caller

    async def calls(self) -> None:
        self.channel = self._stage.hall.caller(self._name, extension=number(PLACE))
        await comes("the first word", lambda: bool(self.channel.heard))
        await passes(PROMPT / 4)

    async def presses(self, key: str) -> None:
        self.channel.press(key)
        await passes(LOOK)

    async def hears(self, words: str) -> None:
        def found() -> int:
            return heard(self._records(), words, self._heard)

        await comes(words, lambda: bool(found()))
        self._heard = found()

    async def talks_with(self, agent: Agent) -> None:
        assert isinstance(agent, FakeAgent)
        await comes("a talk", lambda: self.channel.talking or self.channel.answered)
        assert agent.talk.goes_on

    async def waits(self) -> None:
        await comes("the holding bridge", lambda: self.channel.held and self.channel.playing is None)

    async def story_has(self, kind: str, times: int = 1) -> None:
        def told() -> bool:
            return [record["kind"] for record in self._records()].count(kind) >= times

        await comes(f"{times} of {kind} in {self.story()}", told)

    async def hangs_up(self) -> None:
        self.channel.hang_up()
        await self._stage.hall.heard()

    async def is_let_go(self) -> None:
        await comes("the end of the call", lambda: self.channel.hung_up)

    @property
    def id(self) -> str:
        return self.channel.variables["WUTONG_CALL"]

    def story(self) -> list[str]:
        return in_words(self._records())

    def _records(self) -> list[dict[str, object]]:
        return [
            {"kind": str(record.kind), "queue": record.queue, "agent": record.agent, **record.data}
            for record in self._stage.hall.records
            if record.call == self.id
        ]


class FakeAgent:
    """An agent with a phone. `talk`: the newest call that it has answered."""

    def __init__(self, stage: "FakeStage", role: str) -> None:
        self._stage, self.id = stage, agent_id(PLACE, role)
        self._ring: Ring | None = None
        self._own: Caller
        self.talk: Ring

    @property
    def in_talk(self) -> bool:
        return hasattr(self, "talk")

    async def comes(self) -> None:
        if self._stage.hall.asterisk.devices[self.id] == "UNAVAILABLE":
            self._stage.hall.asterisk.device(self.id, "NOT_INUSE")
            await self._stage.hall.heard()

    async def is_ready(self) -> None:
        await self.comes()
        await self.wants("ready")

    async def wants(self, state: str) -> None:
        self._stage.hall.distributor.tell(StateRequested(self.id, AgentState(state), WANG))
        await passes(LOOK)

    async def is_in(self, state: str) -> None:
        await comes(f"{self.id} {state}", lambda: self._stage.hall.state(self.id) == state)

    async def rings(self) -> None:
        await self._ringing()

    async def _ringing(self) -> Ring:
        await comes(f"a ring for {self.id}", lambda: self._ring is not None or self._rung() is not None)
        self._ring = self._ring or self._rung()
        assert self._ring is not None
        return self._ring

    def _rung(self) -> Ring | None:
        """What rings at this phone now."""
        asterisk = self._stage.hall.asterisk
        for leg in asterisk.legs.values():
            if leg.agent_id == self.id and not leg.up:
                return LegRing(leg)
        for other in asterisk.consulted.values():
            if other.name.startswith(f"PJSIP/{self.id}-") and not other.leg.consults:
                return ConsultRing(other)
        for caller in asterisk.callers.values():
            if caller.dialled and caller.dialled.startswith(f"PJSIP/{self.id},") and not caller.answered:
                return LineRing(caller)
        return None

    async def answers(self) -> None:
        self.talk, self._ring = await self._ringing(), None
        self.talk.answers()
        await passes(LOOK)

    async def declines(self) -> None:
        ring, self._ring = await self._ringing(), None
        ring.declines()

    async def is_busy(self) -> None:
        ring, self._ring = await self._ringing(), None
        ring.is_busy()

    async def does_not_answer(self) -> None:
        ring, self._ring = await self._ringing(), None
        await passes(ring.seconds)
        ring.rings_out()

    async def rings_no_more(self) -> None:
        ring, self._ring = self._ring, None
        assert ring is not None
        await comes("the end of the ring", lambda: not ring.goes_on)

    async def hangs_up(self) -> None:
        self.talk.hangs_up()
        await self._stage.hall.heard()

    async def is_let_go(self) -> None:
        talk = self.talk
        await comes("the end of the talk", lambda: not talk.goes_on)

    async def sends_to(self, target: str, *, hasty: bool = False) -> None:
        leg, caller = self._leg()
        if hasty:
            leg.event("HangupRequest", Cause="16")
        caller.sent_elsewhere()
        leg.is_over()
        caller.is_moved(extension(PLACE, target))
        caller.knocks = True

    def _leg(self) -> tuple[Leg, Caller]:
        """Of the talk with a caller."""
        assert isinstance(self.talk, LegRing)
        leg = self.talk.leg
        assert leg.caller_taken is not None
        return leg, leg.caller_taken

    async def dials(self, target: str) -> None:
        asterisk, dialled = self._stage.hall.asterisk, extension(PLACE, target)
        if target in ROLES:
            self._own = asterisk.dials(self.id, dialled)
        else:
            self._own = own = asterisk.calls(f"own-{self.id}", extension=dialled, arg_6=self.id)
            await comes("the queue or the line", lambda: own.held or own.dialled is not None)

    async def asks(self, other: Agent) -> None:
        await comes("the answer", lambda: self._own.talking or self._own.answered)

    async def joins_both(self) -> None:
        leg, caller = self._leg()
        talks = [agent.talk for agent in self._stage.agents.values() if agent.in_talk]
        others = [talk for talk in talks if isinstance(talk, LineRing) and talk.caller is self._own]
        leg.joins(self._own, (self._own.dialled or "").removeprefix("PJSIP/").partition(",")[0])
        for other in others:
            other.caller = caller

    async def vanishes(self) -> None:
        assert isinstance(self.talk, LegRing)
        self._stage.hall.asterisk.falls_silent(self.id)


class FakeStage:
    """One service after the other, between a fake Asterisk and a list of Records."""

    def __init__(self, first: Hall, stack: AsyncExitStack, fault: Fault) -> None:
        self.hall, self._stack, self._fault = first, stack, fault
        self.callers: list[FakeCaller] = []
        self.agents: dict[str, FakeAgent] = {}

    def caller(self, name: str = "") -> FakeCaller:
        self.callers.append(FakeCaller(self, f"caller-{name}"))
        return self.callers[-1]

    def agent(self, role: str) -> FakeAgent:
        return self.agents.setdefault(role, FakeAgent(self, role))

    @asynccontextmanager
    async def away(self) -> AsyncIterator[None]:
        if self._fault is Fault.RESTART:
            await self.hall.dies()
            yield
            self.hall = await self._stack.enter_async_context(self.hall.restarted())
        else:
            await self.hall.link_down()
            yield
        await self.hall.link_up()
        await self.hall.reconciler.wait_ready()

    async def order(self, what: str) -> None:
        orders = self.hall.orders
        match what:
            case "hold":
                await orders.lead(self.callers[0].id)
                orders.hold(self.callers[0].id, WANG)
            case "unhold":
                orders.unhold(self.callers[0].id, WANG)
            case "return":
                orders.go_back(self.callers[0].id, WANG)
            case "complete":
                await orders.complete(self.callers[0].id, WANG, own=False)
            case "join":
                await orders.join(self.callers[0].id, WANG)
        await self.hall.heard()

    async def send(self, to: str, how: str = "blind") -> None:
        orders = self.hall.orders
        name = f"{to}-{PLACE:02}"
        target = agent_id(PLACE, to) if to in ROLES else None
        if how == "blind":
            place = ToSubHotline(sub_hotline=name) if to == LINE else ToQueue(queue=name)
            orders.transfer(self.callers[0].id, target or place, WANG, own=False)
        else:
            await orders.lead(self.callers[0].id)
            orders.consult(self.callers[0].id, target or ToSubHotline(sub_hotline=name), WANG)
        await self.hall.heard()

    async def move(self, to: str) -> None:
        moves = Moves(self.hall.distributor, self.hall.switchboard, lambda: self.hall.edition)
        moves.move(self.callers[0].id, MoveIn.model_validate({"to": {"queue": f"{to}-{PLACE:02}"}}), WANG)

    async def emergency(self) -> None:
        spoken = Spoken(language="zh", words="今天停水", clip="a" * 32, seconds=2)
        where = f"menu:main-{PLACE:02}"
        times = {"begun": START, "until": START + 7_200}
        self.hall.emergencies = (
            Emergency(id="1", where=where, mode=When.BEFORE, spoken=(spoken,), actor=str(WANG), **times),
        )


async def play(scenario: Scenario) -> list[str]:
    """The story of the first caller's call."""
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(hall(edition=edition()))
        first.asterisk.goes_on_by_itself()
        for role in ROLES:
            first.asterisk.device(agent_id(PLACE, role), "UNAVAILABLE")
        await first.heard()
        stage = FakeStage(first, stack, scenario.fault)
        await scenario.play(stage)
        caller = stage.callers[0]
        await caller.story_has("call-finished")
        return caller.story()
