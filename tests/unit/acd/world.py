"""A hotline on a fake clock: tells the engine what happens and keeps what it asked for."""

from collections.abc import Mapping
from typing import Any

from acd.effects import Announce, CancelRing, Effect, LeaveQueue, Refuse, RingAgent
from acd.engine.step import Engine
from acd.events import (
    CallEnded,
    CallLeft,
    CallQueued,
    EndedBy,
    Event,
    HotlineChanged,
    Left,
    OfferAnswered,
    OfferConnected,
    OfferFailed,
    OfferFailure,
    PhoneChanged,
    StateRequested,
    Tick,
    WrapUpExtended,
)
from acd.model import NOWHERE, Onward, Queue
from agents.model import Agent
from agents.states import AgentState, PhoneState
from journal.actor import SYSTEM, Actor
from journal.records import Kind, Record

START = 1_000_000.0


class AgentFirst(Queue):
    """Its agents are rung before the citizens who are to be called back."""

    @property
    def agent_first(self) -> bool:
        return True


def queue(queue_id: str = "trees", *, agent_first: bool = False, **settings: Any) -> Queue:
    settings.setdefault("needs", {queue_id: 1})
    made = AgentFirst if agent_first else Queue
    return made.model_validate({"id": queue_id, "name": {"*": queue_id}, **settings})


def agent(agent_id: str, *, languages: tuple[str, ...] = ("zh",), **skills: int) -> Agent:
    return Agent(id=agent_id, name=agent_id, skills=skills or {"trees": 3}, languages=languages)


def by_id(*things: Any) -> dict[str, Any]:
    return {thing.id: thing for thing in things}


def agent_ids(engine: Engine) -> list[str]:
    """The agents of the hotline in its order, then removed ones who still talk."""
    return list(engine._floor.seats)


class World:
    """Agents are ready with free phones unless `signed_in` is False."""

    def __init__(self, queues: list[Queue], agents: list[Agent], *, signed_in: bool = True, seed: int = 1) -> None:
        self.now = START
        self.engine = Engine(by_id(*queues), by_id(*agents), seed=seed, now=START)
        self.records: list[Record] = []
        self.effects: list[Effect] = []
        self.ringing: dict[str, RingAgent] = {}
        for who in agents:
            self.phone(who.id, PhoneState.FREE)
            if signed_in:
                self.ask(who.id, AgentState.READY)

    def tell(self, event: Event) -> list[Effect]:
        """The effects of one event, Records left out."""
        effects = self.engine.step(event, self.now)
        seen: list[Effect] = []
        for effect in effects:
            match effect:
                case Record():
                    self.records.append(effect)
                    continue
                case RingAgent():
                    self.ringing[effect.offer_id] = effect
                case CancelRing():
                    self.ringing.pop(effect.offer_id, None)
            seen.append(effect)
        self.effects += seen
        deadline = self.engine.deadline()
        assert deadline is None or deadline > self.now, "a deadline that has passed would spin"
        return seen

    def wait(self, seconds: float) -> list[Effect]:
        """Time passes; the engine gets a Tick at every deadline."""
        until = self.now + seconds
        seen: list[Effect] = []
        while (deadline := self.engine.deadline()) is not None and deadline <= until:
            self.now = deadline
            seen += self.tell(Tick())
        self.now = until
        return seen

    def call(
        self, call_id: str, queue_id: str = "trees", language: str = "zh", head_start: float = 0, agent: str = ""
    ) -> list[Effect]:
        return self.tell(CallQueued(call_id, queue_id, language, head_start, agent))

    def leave(self, call_id: str) -> list[Effect]:
        return self.tell(CallLeft(call_id, Left.HUNG_UP))

    def ask(self, agent_id: str, state: AgentState, reason: str = "") -> list[Effect]:
        return self.tell(StateRequested(agent_id, state, Actor.agent(agent_id), reason))

    def extend(self, agent_id: str, seconds: float) -> list[Effect]:
        return self.tell(WrapUpExtended(agent_id, seconds, Actor.agent(agent_id)))

    def phone(self, agent_id: str, state: PhoneState) -> list[Effect]:
        return self.tell(PhoneChanged(agent_id, state))

    def change(self, queues: list[Queue], agents: list[Agent], onward: Onward = NOWHERE) -> list[Effect]:
        return self.tell(HotlineChanged(by_id(*queues), by_id(*agents), "next", SYSTEM, onward=onward))

    def offer(self, agent_id: str) -> str:
        """The id of the offer that rings at the agent."""
        (offer_id,) = [ring.offer_id for ring in self.ringing.values() if ring.agent_id == agent_id]
        return offer_id

    def rings(self) -> Mapping[str, str]:
        """The rings: agent → call."""
        return {ring.agent_id: ring.call_id for ring in self.ringing.values()}

    def fail(self, agent_id: str, reason: OfferFailure = OfferFailure.NO_ANSWER) -> list[Effect]:
        return self.tell(OfferFailed(self.ringing.pop(self.offer(agent_id)).offer_id, reason))

    def answer(self, agent_id: str) -> list[Effect]:
        return self.tell(OfferAnswered(self.offer(agent_id)))

    def connect(self, agent_id: str) -> list[Effect]:
        return self.tell(OfferConnected(self.ringing.pop(self.offer(agent_id)).offer_id))

    def end(self, call_id: str, by: EndedBy = EndedBy.CALLER) -> list[Effect]:
        return self.tell(CallEnded(call_id, by))

    def talk(self, agent_id: str, seconds: float = 60) -> None:
        """The ringing agent answers, talks and ends the wrap-up."""
        call_id = self.rings()[agent_id]
        self.answer(agent_id)
        self.connect(agent_id)
        self.wait(seconds)
        self.end(call_id)

    def state(self, agent_id: str) -> AgentState:
        return self.engine.agent_view(agent_id).state

    def story(self, call_id: str) -> list[Kind]:
        return [record.kind for record in self.records if record.call == call_id]

    def last(self, kind: Kind) -> Record:
        return [record for record in self.records if record.kind is kind][-1]


def rings(effects: list[Effect]) -> list[tuple[str, str]]:
    """(agent, call) of every ring that was asked for."""
    return [(effect.agent_id, effect.call_id) for effect in effects if isinstance(effect, RingAgent)]


def cancelled(effects: list[Effect]) -> list[tuple[str, str]]:
    """(agent, why) of every ring that was cancelled."""
    return [(effect.agent_id, effect.why.value) for effect in effects if isinstance(effect, CancelRing)]


def overflowed(effects: list[Effect]) -> list[tuple[str, int | None]]:
    """(call, rule) of every overflow."""
    return [(effect.call_id, effect.rule) for effect in effects if isinstance(effect, LeaveQueue)]


def announced(effects: list[Effect]) -> list[tuple[str, int | None, float | None]]:
    return [(e.call_id, e.position, e.wait) for e in effects if isinstance(e, Announce)]


def refused(effects: list[Effect]) -> list[str]:
    return [effect.why for effect in effects if isinstance(effect, Refuse)]
