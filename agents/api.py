"""Agents over HTTP: who they are, their states, and how to change them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Protocol

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetPydanticSchema, StringConstraints
from pydantic_core.core_schema import literal_schema

from accounts.asking import Asking, note_detail
from accounts.model import Asker, Reach
from agents.model import Abilities, Agent, AgentView, Level, With
from agents.states import REQUESTABLE, AgentState, PhoneState
from base.hints import some_of
from journal.actor import Actor
from sentences.sentence import Sentence
from web.fields import ONE_LINE, Time

MOST_NAMED = 20
"""Ids that an error names; a longer list helps nobody."""


class DayOut(BaseModel):
    """What an agent has done since midnight in the hotline's time zone. What went on at midnight counts in the day in
    which it ended; a restart loses nothing. Test calls count: the agent has worked.
    """

    since: Time = Field(description="That midnight.")
    calls: int = Field(description="Calls from queues that the agent answered.")
    missed: int = Field(description="Offers that were not answered, or declined.")
    talk_s: float = Field(description="Talk in these calls, the present one included.")
    wrap_up_s: float = Field(description="Wrap-up, the present one included.")


class AgentSource(Protocol):
    """Where the router learns of agents and asks for their states. It is a Protocol, as the engine, which decides about
    states, stands above this package: `events.board` asks it.
    """

    def agents(self) -> Mapping[str, Agent]:
        """All agents of the hotline that is in use, by id, in the order of the file."""

    def agent_view(self, agent_id: str) -> AgentView:
        """The agent at this moment; only for ids that `agents` has, as all below."""

    def serves(self, agent_id: str) -> Collection[str]:
        """The queues that the agent could ever serve, relaxing included."""

    async def request(self, agent_id: str, state: AgentState, reason: str, actor: Actor, *, insist: bool) -> None:
        """Ask for one of REQUESTABLE; returns once it is decided. `insist`: it is not the agent who asks, so a wrap-up
        that lasts until a code is given ends too. Raises NotPossible.
        """

    def agent_day(self, agent_id: str) -> DayOut:
        """The agent's day so far."""

    async def extend_wrap_up(self, agent_id: str, seconds: float, actor: Actor) -> None:
        """Make the wrap-up `seconds` longer. Raises NotPossible."""

    def subjects(self, queues: Callable[[str], bool]) -> Collection[str]:
        """The skills that the hotline knows: those that such queues need and, if these are all, those of its agents."""

    def languages(self) -> Collection[str]:
        """The languages of the hotline."""

    async def set_abilities(self, agent_id: str, abilities: Abilities, actor: Actor) -> None:
        """Let the agent know and speak this until the next reload. Raises NotPossible."""


class AbilitiesOut(BaseModel):
    """What an agent knows and speaks."""

    model_config = ConfigDict(from_attributes=True)

    skills: dict[str, int]
    languages: list[str]


class AsideOut(BaseModel):
    """What goes on beside the talk of an agent and a caller."""

    model_config = ConfigDict(from_attributes=True)

    held: Time | None = Field(description="Since when the caller is on hold; null: is not.")
    to: dict[str, str] = Field(
        description="`agent`, `sub_hotline` or `number` of the one who is consulted, or of the third one in the talk; "
        "empty: nobody.",
        examples=[{"agent": "1002"}],
    )
    stage: With | None = Field(
        description="`rings`: the phone of the one who is consulted; `asked`: talks with the agent; `joined`: with "
        "both."
    )


class AgentOut(BaseModel):
    """One agent: what the hotline's folder says, and the state now."""

    id: str = Field(description="Also the user name and number of the agent's phone.", examples=["1001"])
    name: str = Field(examples=["绿化一席"])
    skills: dict[str, int] = Field(description="Skill → level, 1 (a little) to 5 (an expert).")
    languages: list[str] = Field(
        description="Languages of the calls that the agent is offered.", examples=[["zh", "en"]]
    )
    from_file: AbilitiesOut | None = Field(
        description="What `agents.yaml` says where skills or languages were set otherwise "
        "(`PUT agents/{id}/skills`); it counts again from the next reload on. null: they are as in the file."
    )
    state: AgentState = Field(description="`ringing`, `on-call`, `wrap-up` come from calls; the others are asked for.")
    reason: str = Field(description="Why the agent is not ready; empty where no reason was given.", examples=["lunch"])
    since: Time = Field(description="When this state began.")
    break_limit: float | None = Field(
        description="How many seconds after `since` this break should end (`break_limits`; another reason begins "
        "another break); null: the agent is on none, or it has no limit."
    )
    phone: PhoneState = Field(description="The phone's state by Asterisk; only a `free` phone is rung.")
    away: bool = Field(
        description="Signed in, but the phone has been unreachable for longer than `away_after`: counts as not there."
    )
    queue: str | None = Field(description="Queue of the call that rings, is talked to or is wrapped up.")
    call_id: str | None = Field(description="That call; see `GET /api/v1/calls/{id}`.")
    test: bool = Field(description="That call is a test call (`./wutong call`), and no citizen's.")
    missed_offers: int = Field(description="Offers missed in a row.")
    next_state: AgentState | None = Field(
        description="The state that was asked for during a call; it follows the call."
    )
    wrap_up_until: Time | None = Field(description="When the wrap-up ends by itself; null in every other state.")
    help_since: Time | None = Field(
        description="Since when the agent calls for a supervisor's help in this talk; null: the agent does not, or "
        "somebody listens."
    )
    sent: Literal["rings", "asked", "talks"] | None = Field(
        description="A colleague has sent this call, or asks about it: it rings, the agent talks with the colleague "
        "who asks, or with the caller. Or the agent calls a citizen: the agent's phone rings, the citizen's does, they "
        "talk. null: a queue has offered the call."
    )
    aside: AsideOut | None = Field(
        description="The caller of the agent's talk is on hold, or somebody is consulted or talks with both, as was "
        "asked for over HTTP; null: neither."
    )
    silent: Sequence[Literal["agent", "caller"]] = Field(
        description="From whom no audio has come for 5 s in the agent's talk with the caller; usually from nobody."
    )
    code_missing: bool = Field(
        description="The wrap-up lasts until the call has a wrap-up code (`PUT calls/{id}/wrap-up`), or a supervisor "
        "sets a state. Half an hour after its time the agent is `not-ready`, with the reason `no-code`."
    )


class ColleagueOut(BaseModel):
    """What an agent may know of a colleague."""

    id: str
    name: str
    state: AgentState
    since: Time = Field(description="When this state began.")
    phone: PhoneState


class StateIn(BaseModel):
    """The agent's new state."""

    state: Annotated[str, GetPydanticSchema(lambda _, __: literal_schema([*map(str, REQUESTABLE)]))] = Field(
        description="In a call it is the state after it. `ready` in wrap-up ends the wrap-up. `ready` with an "
        "unreachable phone is accepted; calls are offered once the phone is back."
    )
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100, pattern=ONE_LINE)] = Field(
        default="", description="Free words for supervisors, at most 100 characters.", examples=["lunch"]
    )


def number(given: object) -> object:
    """What JSON calls a number: 4 and 4.0, and neither "4" nor true."""
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise ValueError(Sentence("it must be a number"))
    return given


class SkillsIn(BaseModel):
    """What an agent is to know and speak until the next reload."""

    skills: dict[str, Annotated[Level, BeforeValidator(number)]] = Field(
        max_length=200,
        description="Skill → level, 1 to 5: all of them; what is left out the agent does not know.",
        examples=[{"greening": 4, "general": 2}],
    )
    languages: list[str] | None = Field(
        default=None, min_length=1, max_length=20, description="Left out: as they are now.", examples=[["zh", "en"]]
    )


class WrapUpIn(BaseModel):
    """More time for the work after a call."""

    extend_s: float = Field(
        gt=0, le=1_800, strict=True, description="Seconds more; a wrap-up takes at most 30 minutes in all."
    )


def router(source: AgentSource) -> APIRouter:
    """The routes under `/agents`."""
    routes = APIRouter(prefix="/agents", tags=["agents"])
    unknown: dict[int | str, dict[str, Any]] = {
        404: {"description": "There is no such agent; the sentence names those there are."}
    }

    def out(agent_id: str, asker: Asker) -> AgentOut:
        return agent_out(found(source, agent_id, asker), source.agent_view(agent_id))

    @routes.get("", summary="All agents")
    async def list_agents(asker: Asking) -> list[AgentOut]:
        """The agents that the account may see, in the order of `agents.yaml`."""
        return [out(agent_id, asker) for agent_id in source.agents() if within(asker.reach, source, agent_id)]

    @routes.get("/{agent_id}", summary="One agent", responses=unknown)
    async def get_agent(agent_id: str, asker: Asking) -> AgentOut:
        return out(agent_id, asker)

    @routes.get("/{agent_id}/day", summary="One agent's day so far", responses=unknown)
    async def get_day(agent_id: str, asker: Asking) -> DayOut:
        found(source, agent_id, asker)
        return source.agent_day(agent_id)

    @routes.put(
        "/{agent_id}/state",
        summary="Sign in, ready, not ready, sign out",
        responses={**unknown, 409: {"description": "Not possible now; the sentence says what is."}},
    )
    async def put_state(agent_id: str, wanted: StateIn, asker: Asking) -> AgentOut:
        """Answers with the agent as changed. Asking for the current state is not an error. A wrap-up that lasts until a
        code is given (`code_missing`) is not ended by the agent, but by a supervisor; what the agent asks for follows.
        """
        found(source, agent_id, asker)
        insist = within(asker.reach.without_agent(), source, agent_id)
        await source.request(agent_id, AgentState(wanted.state), wanted.reason, asker.actor, insist=insist)
        return out(agent_id, asker)

    @routes.put(
        "/{agent_id}/skills",
        summary="Skills and languages, until the next reload",
        responses={**unknown, 409: {"description": "Not possible now; the sentence says why."}},
    )
    async def put_skills(agent_id: str, wanted: SkillsIn, asker: Asking, request: Request) -> AgentOut:
        """They hold until the hotline is reloaded, a restart included; `from_file` has what `agents.yaml` says. Waiting
        callers are matched at once. An account that is limited to queues may set the skills that these need.
        """
        agent = found(source, agent_id, asker)
        now = source.agent_view(agent_id).edited or agent.abilities
        languages = now.languages if wanted.languages is None else tuple(dict.fromkeys(wanted.languages))
        abilities = Abilities(wanted.skills, languages)
        note_detail(request, f"skills {abilities.skills}, languages {', '.join(languages)}")
        _check_abilities(source, asker.reach, now, abilities)
        await source.set_abilities(agent_id, abilities, asker.actor)
        return agent_out(agent, source.agent_view(agent_id))  # perhaps beyond what one may see from now on

    @routes.post(
        "/{agent_id}/wrap-up",
        summary="More time for the wrap-up",
        responses={**unknown, 409: {"description": "The agent is not in wrap-up, or it would become too long."}},
    )
    async def extend_wrap_up(agent_id: str, wanted: WrapUpIn, asker: Asking) -> AgentOut:
        """Answers with the agent as changed. `ready` ends a wrap-up: `PUT agents/{id}/state`."""
        found(source, agent_id, asker)
        await source.extend_wrap_up(agent_id, wanted.extend_s, asker.actor)
        return out(agent_id, asker)

    return routes


def found(source: AgentSource, agent_id: str, asker: Asker) -> Agent:
    """The agent, if the request may see or change it. Raises a 404 that names those that it may."""
    agents = source.agents()
    if agent_id in agents and within(asker.reach, source, agent_id):
        return agents[agent_id]
    seen = [name for name in agents if within(asker.reach, source, name)]
    names = some_of(seen, MOST_NAMED)
    if len(seen) > MOST_NAMED:
        names = Sentence("{names} (GET /api/v1/agents)", names=names)
    if asker.reach.whole:
        raise HTTPException(
            404, Sentence("There is no such agent; the agents of this hotline are {names}.", names=names)
        )
    raise HTTPException(
        404, Sentence("There is no such agent; those that you may see or change here are {names}.", names=names)
    )


def at_work(source: AgentSource) -> Callable[[str], str | None]:
    """Answers of an agent by id which call rings, is talked to or is wrapped up there; None: none, or no such agent."""
    return lambda agent_id: source.agent_view(agent_id).call_id if agent_id in source.agents() else None


def within(reach: Reach, source: AgentSource, agent_id: str) -> bool:
    """Whether a request of that reach may see or change that agent."""
    return reach.has_agent(agent_id, lambda: source.serves(agent_id))


def of_reach(source: AgentSource) -> Callable[[Reach], Sequence[str]]:
    """Answers whom a request of a reach may see, by id."""
    return lambda reach: [agent_id for agent_id in source.agents() if within(reach, source, agent_id)]


def _check_abilities(source: AgentSource, reach: Reach, now: Abilities, wanted: Abilities) -> None:
    """An HTTPException says what is not in this hotline, or not the asker's to set."""
    known, spoken = source.subjects(lambda _: True), source.languages()
    if unknown := [skill for skill in wanted.skills if skill not in known and skill not in now.skills]:
        raise HTTPException(
            422, Sentence("No queue needs {names}; the skills are {known}.", names=_some(unknown), known=_some(known))
        )
    if unspoken := [language for language in wanted.languages if language not in spoken]:
        raise HTTPException(
            422,
            Sentence(
                "This hotline does not speak {names}; it speaks {known}.", names=_some(unspoken), known=_some(spoken)
            ),
        )
    if reach.whole:
        return
    own = source.subjects(reach.has_queue)
    skills = sorted(now.skills.keys() | wanted.skills.keys())
    if others := [s for s in skills if now.skills.get(s) != wanted.skills.get(s) and s not in own]:
        raise HTTPException(
            403,
            Sentence(
                "You may set the skills that your queues need ({own}), not {others}.",
                own=_some(own),
                others=_some(others),
            ),
        )
    if set(now.languages) != set(wanted.languages):
        raise HTTPException(
            403, Sentence("An account that is limited to queues may not set languages: all queues go by them.")
        )


def _some(names: Collection[str]) -> str:
    """The first of them: a longer list helps nobody."""
    return some_of(names, MOST_NAMED)


def colleague_out(agent: Agent, view: AgentView) -> ColleagueOut:
    """An agent as another agent may see it."""
    since = datetime.fromtimestamp(view.since, UTC)
    return ColleagueOut(id=agent.id, name=agent.name, state=view.state, since=since, phone=view.phone)


def agent_out(agent: Agent, view: AgentView) -> AgentOut:
    """An agent as HTTP shows it."""
    seen = {name: getattr(view, name) for name in AgentView.__slots__}
    from_file = None if view.edited is None else AbilitiesOut.model_validate(agent.abilities)
    known = agent.knowing(view.edited).model_dump()
    seen["aside"] = None if view.aside is None else AsideOut.model_validate(view.aside)
    return AgentOut(**{**seen, **known, "from_file": from_file, "wrap_up_until": view.until})
