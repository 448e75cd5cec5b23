"""An agent: identity, skills, languages; and what is seen of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from agents.states import AgentState, PhoneState
from base.phone_passwords import PASSWORD_RULE

Level = Annotated[int, Field(ge=1, le=5)]
"""How well an agent knows a subject: 1 (a little) to 5 (an expert)."""

AgentId = Annotated[str, Field(pattern=r"^[0-9]{2,10}$")]
"""Also the user name of the agent's phone, and the number that other agents dial."""


ROBOT = "robot"
"""Instead of an agent's id: a robot agent answers this test call. No agent of a hotline has such an id."""


@dataclass(frozen=True, slots=True)
class Abilities:
    """What an agent knows (skill → level 1-5) and speaks."""

    skills: Mapping[str, int]
    languages: tuple[str, ...]


class Agent(BaseModel):
    """One agent of `agents.yaml`. Immutable; a changed file makes new ones.

    `hours` name those of the hotline in which the agent normally works; only the checks look at them.
    `languages` is never empty once a hotline is loaded: left out in the file, it is all languages of the hotline.
    `password` is for the phone only and never leaves this object by `repr`, dump or log.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: AgentId = Field(
        description="2 to 10 digits: the agent's number, and the user name of the phone.", examples=["1001"]
    )
    name: str = Field(min_length=1, max_length=80, description="Shown to colleagues.", examples=["绿化一席"])
    skills: Mapping[str, Level] = Field(
        description="What the agent knows, each from 1 (a little) to 5 (an expert). {} for a phone that only a "
        "sub-hotline dials.",
        examples=[{"greening": 4, "general": 2}],
    )
    languages: tuple[str, ...] = Field(
        default=(),
        description="What the agent speaks. Left out: all languages of the hotline.",
        examples=[["zh", "en"]],
    )
    hours: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")] | None = Field(
        default=None,
        description="When the agent normally works: the name of opening hours of hotline.yaml, by which `check` finds "
        "times at which nobody serves a queue. It signs nobody in or out. Left out: at any time.",
        examples=["office"],
    )
    password: SecretStr | None = Field(
        default=None,
        exclude=True,
        repr=False,
        description=f"Of the phone: {PASSWORD_RULE}. Left out: a strong one is made in the state folder.",
        examples=["m8Q.x2Vw-7Lt4"],
    )

    @property
    def abilities(self) -> Abilities:
        return Abilities(self.skills, self.languages)

    def knowing(self, abilities: Abilities | None) -> "Agent":
        """This agent with these abilities; None: with the own ones."""
        if abilities is None:
            return self
        return self.model_copy(update={"skills": abilities.skills, "languages": abilities.languages})

    def fits(self, needs: Mapping[str, int], language: str) -> bool:
        """Whether the agent has every needed skill at the needed level (1-5) or better, and speaks `language`."""
        return language in self.languages and all(self.skills.get(skill, 0) >= level for skill, level in needs.items())


class With(StrEnum):
    """How far a consultation has come."""

    RINGS = "rings"  # the phone of the one who is asked rings
    ASKED = "asked"  # talks with the agent
    JOINED = "joined"  # talks with agent and caller, or is about to


@dataclass(frozen=True, slots=True)
class Aside:
    """What goes on beside the talk of an agent and a caller.

    held  since when the caller is on hold, in epoch seconds; None: is not
    to    who is consulted, or talks with both: `agent`, `sub_hotline` or `number` with its id; empty: nobody. To the
          agent who was consulted and talks with both it is the one who asked
    """

    held: float | None
    to: Mapping[str, str]
    stage: With | None


@dataclass(frozen=True, slots=True)
class AgentView:
    """One agent at one moment. `since`: when the state began, seconds since the epoch.

    `queue` and `call_id` are of the call that rings, talks or is wrapped up; `next_state` was asked for during a call;
    `missed_offers` counts those in a row; `until` is when the wrap-up ends, in epoch seconds. `away`: the phone could
    not be reached for so long that the agent counts as not there. `test`: a test call. `edited`: the abilities that
    were set since the hotline came into use; None: they are those of the hotline. `help_since`: when the agent called
    for a supervisor's help in this call; None: the agent does not. `code_missing`: the wrap-up
    lasts until the call has a wrap-up code. `sent`: a colleague has sent the call, or asks about it, or
    the agent calls a citizen: `rings`, `asked`, `talks`; None: a queue has offered it.
    `aside`: the own caller is on hold over HTTP, or somebody else is with the two; of a call that a colleague sends:
    the colleague. `silent`: from whom no audio comes in this talk, `agent` and `caller`. `break_limit`: how many
    seconds after `since` the agent's break should end; None: the agent is on none, or it has no limit.
    """

    id: str
    state: AgentState
    reason: str
    since: float
    phone: PhoneState
    queue: str | None
    call_id: str | None
    missed_offers: int
    next_state: AgentState | None
    until: float | None = None
    away: bool = False
    test: bool = False
    edited: Abilities | None = None
    help_since: float | None = None
    code_missing: bool = False
    sent: str | None = None
    aside: Aside | None = None
    silent: tuple[str, ...] = ()
    break_limit: float | None = None


class Beside(NamedTuple):
    """What is known of an agent's talk besides the engine's state: as in `AgentView`."""

    help_since: float | None
    aside: Aside | None
    silent: tuple[str, ...] = ()


NOTHING_BESIDE = Beside(None, None)
