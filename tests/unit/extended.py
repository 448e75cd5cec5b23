"""Uses what docs/extending.md adds. Runs in a copy of the product that has it: see test_extending."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from fastapi import FastAPI, Request, Response
from starlette.middleware.base import RequestResponseEndpoint
from typer.testing import CliRunner

import agents as package
from accounts import roles
from accounts.model import EVERYTHING, Account, Asker
from accounts.roles import Permission
from acd.api import QueueOut, queue_out
from acd.effects import Effect, LeaveQueue, RingAgent
from acd.engine.step import Engine
from acd.events import (
    CallEnded,
    CallQueued,
    EndedBy,
    Event,
    OfferConnected,
    PhoneChanged,
    StateRequested,
    WrapUpExtended,
)
from acd.model import Queue
from agents.api import DayOut, StateIn, router
from agents.model import Abilities, Agent, AgentView
from agents.states import AgentState, PhoneState
from calls import events as ev
from calls.machine import CallMachine
from calls.model import Arrival
from calls.states import Entering, InMenu, State
from commands.options import DOWN
from drawing.making import graph_of
from hotline.loader import Loaded, load
from hotline.model import Hotline
from ivr.model import Destination
from journal.actor import Actor
from journal.records import Record
from publishing.differences import differences
from service.cli.commands import app

CHECKOUT = Path(__file__).parents[2]
TRAINING = "training"
GENERAL = {"id": "general", "name": {"*": "General"}, "needs": {"general": 1}}

HOTLINE = """\
hotline: small
name: Small
numbers: ["12319"]
languages: [en]
timezone: Asia/Shanghai
greeting: Welcome
goodbye: Goodbye
entry: main
fallback: {sub_hotline: duty}
menus:
  main:
    say: For general calls press 1, for the works 2, for a person 0
    keys:
      "1": {until_hour: 17, then: {queue: general}, later: {say: We are closed}}
      "2": {bulletin: works}
      "0": {queue: general}
    no_input: {repeat: 1, then: {queue: general}}
    invalid: {repeat: 1, then: {queue: general}}
bulletins:
  works: {say: No water tonight, then: {queue: general}}
queues:
  general: {name: General, needs: {general: 1}, strategy: least-skilled}
sub_hotlines:
  duty: {name: Duty, dial: "1001"}
"""
AGENTS = 'agents: [{id: "1001", name: One, skills: {general: 3}}]'


def loaded(text: str) -> Loaded:
    with TemporaryDirectory() as folder:
        Path(folder, "hotline.yaml").write_text(text, encoding="utf-8")
        Path(folder, "agents.yaml").write_text(AGENTS, encoding="utf-8")
        return load(Path(folder))


class Desk:
    """The engine of one queue. Agents have free phones and are signed out at first."""

    def __init__(self, levels: Mapping[str, int], **queue: Any) -> None:
        self.queue = Queue.model_validate({**GENERAL, **queue})
        self.people = {
            agent_id: Agent(id=agent_id, name=agent_id, skills={"general": level}, languages=("en",))
            for agent_id, level in levels.items()
        }
        self.engine = Engine({"general": self.queue}, self.people, seed=1)
        self.records: list[Record] = []
        for agent_id in levels:
            self.tell(PhoneChanged(agent_id, PhoneState.FREE))

    def tell(self, event: Event) -> list[Effect]:
        """What is asked of Asterisk, and of the call."""
        effects = self.engine.step(event, 1.0)
        self.records += [effect for effect in effects if isinstance(effect, Record)]
        return [effect for effect in effects if isinstance(effect, RingAgent | LeaveQueue)]

    def ask(self, agent_id: str, state: str) -> list[Effect]:
        return self.tell(StateRequested(agent_id, AgentState(state), Actor.agent(agent_id)))

    def rings(self) -> list[RingAgent]:
        """Those that a caller in need of an agent brings."""
        return [effect for effect in self.tell(CallQueued("c-1", "general", "en")) if isinstance(effect, RingAgent)]


def agent_state() -> None:
    desk = Desk({"11": 3, "12": 3}, overflow=[{"nobody_signed_in": 0, "then": None}])
    for agent_id, state in (("12", "ready"), ("11", TRAINING), ("12", "logged-out")):
        desk.ask(agent_id, state)
    assert desk.rings() == [], "no call for an agent in training"
    assert not [record for record in desk.records if record.kind == "agent-last-out"], "an agent is signed in"
    counts = queue_out(desk.queue, desk.engine.queue_view("general", 1.0)).agents
    assert counts == {
        "ready": 0,
        "ringing": 0,
        "on_call": 0,
        "wrap_up": 0,
        "not_ready": 0,
        TRAINING: 1,
        "unreachable": 0,
    }
    assert TRAINING in QueueOut.model_json_schema()["properties"]["agents"]["required"]
    assert StateIn.model_validate({"state": TRAINING}).state == TRAINING
    again = Engine.restored({"general": desk.queue}, desk.people, None, desk.records, seed=2)
    assert again.agent_view("11").state == TRAINING, "after a restart too"
    assert [type(effect) for effect in desk.ask("11", "ready")] == [RingAgent]
    desk.ask("11", TRAINING)
    assert desk.engine.agent_view("11").state == TRAINING, "the ring is taken back"
    assert [type(effect) for effect in desk.ask("11", "logged-out")] == [LeaveQueue], "now nobody is signed in"


class Version:
    """A hotline as a call needs it."""

    def __init__(self, hotline: Hotline) -> None:
        self.hotline = hotline

    def destination(self, written: Mapping[str, Any]) -> Destination | None:
        raise NotImplementedError


def state_after(key: str, hotline: Hotline, hour: int) -> State:
    """Where a call is after it pressed `key` in the first menu, at that hour of the hotline's day."""
    now = datetime(2025, 3, 3, hour, 30, tzinfo=hotline.zone).timestamp()
    machine = CallMachine(Arrival("c-1", "13800000000", "12319", "en"), Version(hotline), link_up=True)
    done = (
        ev.SessionBegan("PJSIP/in"),
        ev.DiallingKnown(""),
        ev.PlainEvent.DONE,
        ev.PlainEvent.SESSION_FREE,
        ev.PlainEvent.DONE,
    )
    for event in (*done, ev.Said("Main menu", interrupted=False), ev.KeyAwaited(key)):
        machine.step(event, now)
    return machine.state


def destination() -> None:
    found = loaded(HOTLINE)
    assert found.hotline is not None, "\n".join(map(str, found.problems))
    assert [problem.code for problem in found.problems] == []
    assert state_after("1", found.hotline, 16) == Entering("general")
    state = state_after("1", found.hotline, 17)
    assert isinstance(state, InMenu), state
    assert "We are closed" in repr(state.step.action)
    wrong = loaded(HOTLINE.replace("then: {queue: general}, later", "then: {queue: genera}, later"))
    assert [(problem.code, problem.line) for problem in wrong.problems] == [("dangling", 14)]
    silent = loaded(HOTLINE.replace("say: We are closed", "say: {en: ''}"))
    assert "empty-text" in [problem.code for problem in silent.problems], "what it says is checked"


def section() -> None:
    found = loaded(HOTLINE)
    assert found.hotline is not None
    state = state_after("2", found.hotline, 16)
    assert isinstance(state, InMenu), state
    assert "No water tonight" in repr(state.step.action)
    wrong = loaded(HOTLINE.replace("{bulletin: works}", "{bulletin: work}"))
    assert ("dangling", "there is no bulletin 'work'") in [(each.code, each.message) for each in wrong.problems]
    idle = loaded(HOTLINE.replace("{bulletin: works}", "{queue: general}"))
    assert [each.code for each in idle.problems] == ["unreachable"], "no call comes to it"
    silent = loaded(HOTLINE.replace("No water tonight", "{en: ''}"))
    assert "empty-text" in [problem.code for problem in silent.problems], "what it says is checked"
    dry = loaded(HOTLINE.replace("No water tonight", "Water tonight")).hotline
    assert dry is not None
    told = [each.sentence for each in differences(found.hotline, dry, "en") if each.node == ("bulletins", "works")]
    assert told == ["The bulletin works now says “Water ton…”, not “No water ton…”"], told
    drawn = graph_of(found.hotline, "en").nodes["bulletins", "works"]
    assert (drawn.kind, [link.to for link in drawn.links]) == ("bulletin", [("queues", "general")])


def strategy() -> None:
    desk = Desk({"11": 5, "12": 2, "13": 4}, strategy="least-skilled")
    for agent_id in desk.people:
        desk.ask(agent_id, "ready")
    assert [ring.agent_id for ring in desk.rings()] == ["12"]


def command() -> None:
    assert "agents" in CliRunner().invoke(app, ["--help"]).output
    with TemporaryDirectory() as nothing:
        asked = CliRunner().invoke(app, ["agents", "--state", nothing])
    assert (asked.exit_code, "nothing runs" in asked.output) == (DOWN, True), asked.output


class Staff:
    """The agents of the hotline that is in use."""

    def agents(self) -> Mapping[str, Agent]:
        return {"11": Agent(id="11", name="One", skills={"general": 3})}

    def agent_view(self, agent_id: str) -> AgentView:
        raise NotImplementedError

    def serves(self, agent_id: str) -> Collection[str]:
        raise NotImplementedError

    def agent_day(self, agent_id: str) -> DayOut:
        raise NotImplementedError

    async def request(self, agent_id: str, state: AgentState, reason: str, actor: Actor, *, insist: bool) -> None:
        raise NotImplementedError

    async def extend_wrap_up(self, agent_id: str, seconds: float, actor: Actor) -> None:
        raise NotImplementedError

    def subjects(self, queues: Callable[[str], bool]) -> Collection[str]:
        raise NotImplementedError

    def languages(self) -> Collection[str]:
        raise NotImplementedError

    async def set_abilities(self, agent_id: str, abilities: Abilities, actor: Actor) -> None:
        raise NotImplementedError


async def route() -> None:
    served = FastAPI()
    served.include_router(router(Staff()))
    everybody = Asker(Actor.token("local"), Account(name="local", roles=frozenset()), "", EVERYTHING)

    @served.middleware("http")
    async def guard(request: Request, answer: RequestResponseEndpoint) -> Response:
        request.state.asker = everybody
        return await answer(request)

    assert roles.ROUTES["GET", "/agents/{agent_id}/skills"].permission is Permission.SEE_AGENTS
    async with httpx.AsyncClient(transport=httpx.ASGITransport(served), base_url="http://here") as client:
        answers = [await client.get(f"/agents/{agent_id}/skills") for agent_id in ("11", "99")]
    assert [answer.status_code for answer in answers] == [200, 404]
    assert answers[0].json() == {"general": 3}


def record_kind() -> None:
    desk = Desk({"11": 3}, wrap_up=20)
    desk.ask("11", "ready")
    (ring,) = desk.rings()
    for event in (
        OfferConnected(ring.offer_id),
        CallEnded("c-1", EndedBy.CALLER),
        WrapUpExtended("11", 30.0, Actor.agent("11")),
    ):
        desk.tell(event)
    (extended,) = [record for record in desk.records if record.kind == "agent-extended"]
    assert (extended.agent, dict(extended.data)) == ("11", {"seconds": 30.0})


if __name__ == "__main__":
    assert CHECKOUT not in Path(str(package.__file__)).parents, "this is the copy"
    for use in (agent_state, destination, section, strategy, command, record_kind):
        use()
    asyncio.run(route())
