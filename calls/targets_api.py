"""Where an agent may send a call, and what became of it, over HTTP."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, Field

from accounts.asking import Asking
from accounts.model import EVERYTHING
from acd.api import QueueSource
from acd.model import Queue
from acd.views import QueueView
from agents.api import AgentSource, ColleagueOut, colleague_out, found
from agents.model import Agent, AgentView
from agents.states import PhoneState
from calls.api import NO_DATABASE, NOT_FOUND, TransferOut, found_call
from calls.book import CallBook
from calls.talks import talks_of
from hotline.model import Hotline

Dialled = Annotated[str, Field(description="What a phone dials to get there.", examples=["6001"])]
Named = Annotated[
    Mapping[str, str],
    Field(description="By language; `*` stands for every language.", examples=[{"zh": "绿化", "en": "Greening"}]),
]


class QueueTarget(BaseModel):
    """A queue, and how long a caller would wait there."""

    id: str
    name: Named
    number: Dialled
    waiting: int = Field(ge=0, description="Callers who wait.")
    longest_wait_s: float = Field(description="Of those who wait now; 0: nobody waits.")
    estimate_s: float | None = Field(description="Expected wait of a caller who enters now; null: not known.")
    ready: int = Field(ge=0, description="Agents who could serve it and are ready.")


class AgentTarget(ColleagueOut):
    """A colleague."""

    number: Dialled
    fits: bool = Field(description="Could serve the queue of the agent's present call, relaxing included.")


class DepartmentTarget(BaseModel):
    """A sub-hotline."""

    id: str
    name: Named
    number: Dialled
    phone: PhoneState | None = Field(description="Of a department's own phone; null: it is a number outside.")


class NumberTarget(BaseModel):
    """A number outside that `outside_numbers` of the hotline allows."""

    name: Named
    number: Dialled


class CalledFor(BaseModel):
    """A queue for which the agent may call citizens."""

    id: str
    name: Named
    shown: str = Field(description="The number that the citizen sees.", examples=["12319"])


class TargetsOut(BaseModel):
    """Where the agent's phone may transfer a call, in the order of the hotline's files."""

    queues: list[QueueTarget] = Field(description="Those with an `extension`.")
    agents: list[AgentTarget] = Field(description="All others, whatever their state: their phones ring.")
    departments: list[DepartmentTarget]
    numbers: list[NumberTarget] = Field(description="Empty without a trunk.")
    calls_out: list[CalledFor] = Field(
        description="For which queues the agent may call citizens. Empty without a trunk, and where the hotline allows "
        "no such calls."
    )


def router(
    hotline: Callable[[], Hotline], queues: QueueSource, agents: AgentSource, calls: CallBook, *, trunk: bool
) -> APIRouter:
    """For the own agent alone. Nothing here is about a citizen. `hotline`: the one in use. `trunk`: whether there is a
    line to the telephone network.
    """
    routes = APIRouter(prefix="/agents/{agent_id}", tags=["agents"])
    strange: dict[int | str, dict[str, Any]] = {404: {"description": "It is not the own agent."}}
    unsent: dict[int | str, dict[str, Any]] = {
        404: {"description": "It is not the own agent, or the agent has not transferred such a call."}
    }

    @routes.get("/targets", summary="Where a call can be transferred", responses=strange)
    async def list_targets(agent_id: str, asker: Asking) -> TargetsOut:
        """Queues with their present wait, colleagues with their states, departments, numbers outside."""
        own = found(agents, agent_id, asker)
        subject = queues.queues().get(agents.agent_view(own.id).queue or "")
        outside = hotline().outside_numbers if trunk else {}
        return TargetsOut(
            queues=_queues(queues),
            agents=[
                _agent(agent, agents.agent_view(agent.id), subject)
                for agent in colleagues(hotline())
                if agent.id != own.id
            ],
            departments=_departments(hotline(), agents, trunk=trunk),
            numbers=[NumberTarget(name=name, number=number) for number, name in outside.items()],
            calls_out=_called_for(hotline(), agents.serves(own.id)) if trunk else [],
        )

    @routes.get(
        "/transfers/{call_id}", summary="What became of the agent's transfers of a call", responses=unsent | NO_DATABASE
    )
    async def list_transfers(agent_id: str, call_id: str, asker: Asking) -> list[TransferOut]:
        """In order. Also of a call that is somebody else's by now."""
        own = found(agents, agent_id, asker)
        _, story = await found_call(calls, call_id, EVERYTHING)
        transfers = [transfer for transfer in talks_of(story).transfers if transfer.agent == own.id]
        if not transfers:
            raise HTTPException(404, NOT_FOUND)
        return [TransferOut.model_validate(replace(transfer, reason="")) for transfer in transfers]

    return routes


def colleagues(hotline: Hotline) -> Iterable[Agent]:
    """All agents but those whose phones are lines of departments."""
    lines = {line.dial for line in hotline.sub_hotlines.values()}
    return (agent for agent in hotline.agents.values() if agent.id not in lines)


def _called_for(hotline: Hotline, served: Collection[str]) -> list[CalledFor]:
    if hotline.calls_out is None:
        return []
    queues = [queue for name, queue in hotline.queues.items() if name in served]
    return [CalledFor(id=queue.id, name=queue.name, shown=hotline.shown_for(queue.id)) for queue in queues]


def _queues(source: QueueSource) -> list[QueueTarget]:
    """Those that a phone can dial."""
    dialled = [(queue, queue.extension) for queue in source.queues().values() if queue.extension is not None]
    return [_queue(queue, extension, source.queue_view(queue.id)) for queue, extension in dialled]


def _queue(queue: Queue, extension: str, view: QueueView) -> QueueTarget:
    return QueueTarget(
        id=queue.id,
        name=queue.name,
        number=extension,
        waiting=view.waiting,
        longest_wait_s=view.longest_wait_s,
        estimate_s=view.estimate_s,
        ready=view.agents["ready"],
    )


def _agent(agent: Agent, view: AgentView, subject: Queue | None) -> AgentTarget:
    """`subject`: the queue of the call that is to be sent."""
    fits = subject is not None and subject.served_by(agent.knowing(view.edited).skills)
    return AgentTarget(**dict(colleague_out(agent, view)), number=agent.id, fits=fits)


def _departments(hotline: Hotline, agents: AgentSource, *, trunk: bool) -> list[DepartmentTarget]:
    """By the extension, if there is one: then the department's own `failed` holds."""
    targets: list[DepartmentTarget] = []
    for name, line in hotline.sub_hotlines.items():
        inside = line.dial in hotline.agents
        if inside or trunk:
            phone = agents.agent_view(line.dial).phone if inside else None
            targets.append(DepartmentTarget(id=name, name=line.name, number=line.extension or line.dial, phone=phone))
    return targets
