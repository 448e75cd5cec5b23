"""A queue as `hotline.yaml` describes it. Durations are seconds, levels 1-5."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from agents.model import Level

Texts = Mapping[str, str]
"""Words by language; the key `*` stands for every language. As `sounds.model.Texts`, which acd may not import."""

Needs = Mapping[str, Level]
"""Skill → least level."""

Seconds = Annotated[float, Field(ge=0, le=86_400)]
Key = Literal["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#"]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]

AWAY_AFTER = 30.0
"""Seconds after which a signed-in agent whose phone cannot be reached counts as not there, unless the hotline says."""


class Strategy(StrEnum):
    """How the agent to ring is chosen from the ready agents who fit."""

    LONGEST_IDLE = "longest-idle"
    MOST_SKILLED = "most-skilled"
    FEWEST_CALLS = "fewest-calls"
    LEAST_TALK = "least-talk"
    ROUND_ROBIN = "round-robin"
    LINEAR = "linear"
    RANDOM = "random"
    RING_ALL = "ring-all"


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Relaxation(_Model):
    """After `after` seconds of waiting, agents who meet `needs` fit too; those of an earlier step are preferred."""

    after: Seconds
    needs: Needs


class ServiceLevel(_Model):
    """`percent` of the calls answered `within` seconds. Default: GB/T 33358-2016 (15 s)."""

    percent: Annotated[float, Field(gt=0, le=100)] = 80
    within: Annotated[float, Field(gt=0, le=86_400)] = 15


class Announce(_Model):
    """What a waiting caller is told, every `every` seconds: position, estimate, then one of the `messages`, in turn."""

    every: Annotated[float, Field(ge=10, le=3_600)]
    position: bool = True
    estimate: bool = True
    messages: tuple[Texts, ...] = Field(default=(), max_length=20)

    @model_validator(mode="after")
    def _something(self) -> "Announce":
        if not (self.position or self.estimate or self.messages):
            raise ValueError("nothing is told; add `messages`, or take `announce` out")
        return self


class Overflow(_Model):
    """A way out of a queue. Exactly one condition is set:

    waited            seconds that this caller has waited
    waiting           at entry: callers that wait already
    nobody_signed_in  seconds without any agent signed in, and there, who could ever fit (relaxing included)
    estimate          at entry: seconds of expected wait

    `then` is a destination. The acd carries it and never looks inside.
    """

    waited: Seconds | None = None
    waiting: Annotated[int, Field(ge=1)] | None = None
    nobody_signed_in: Seconds | None = None
    estimate: Seconds | None = None
    then: Any

    @model_validator(mode="after")
    def _one_condition(self) -> "Overflow":
        conditions = (self.waited, self.waiting, self.nobody_signed_in, self.estimate)
        if sum(condition is not None for condition in conditions) != 1:
            raise ValueError("give exactly one of waited, waiting, nobody_signed_in, estimate")
        return self

    @property
    def condition(self) -> tuple[str, float]:
        """The name of the condition that is set, and its limit."""
        names = ("waited", "waiting", "nobody_signed_in", "estimate")
        return next((name, limit) for name in names if (limit := getattr(self, name)) is not None)


class CodeRule(_Model):
    """Which of the hotline's lists of wrap-up codes is for a queue's calls.

    required  an agent's wrap-up lasts until the call has a code
    """

    list: Name
    required: bool = False


class Queue(_Model):
    """One queue.

    priority        a head start, in seconds, in the comparison of waits across queues of the same class
    priority_class  an agent who fits both serves callers of a higher class before all of a lower one
    keys            what a waiting caller may press, and the destination of each. The acd never looks inside
    """

    id: Name
    name: Texts
    needs: Needs = Field(min_length=1)
    extension: Annotated[str, Field(pattern=r"^[0-9]{2,10}$")] | None = None
    relax: tuple[Relaxation, ...] = ()
    strategy: Strategy = Strategy.LONGEST_IDLE
    priority: Seconds = 0
    priority_class: Annotated[int, Field(ge=0, le=9)] = 0
    ring: Annotated[float, Field(ge=3, le=120)] = 15
    missed_offers: Annotated[int, Field(ge=1, le=10)] = 1
    wrap_up: Seconds = 20
    wrap_up_codes: CodeRule | None = None
    whisper: Texts | None = None
    service_level: ServiceLevel = ServiceLevel()
    announce: Announce | None = None
    overflow: tuple[Overflow, ...] = ()
    keys: Mapping[Key, Any] = {}

    @property
    def alternatives(self) -> tuple[Needs, ...]:
        """The queue's own needs, then those of its relaxing steps."""
        return (self.needs, *(step.needs for step in self.relax))

    @property
    def needs_code(self) -> bool:
        """Whether each call needs a wrap-up code."""
        return self.wrap_up_codes is not None and self.wrap_up_codes.required

    def served_by(self, skills: Mapping[str, int]) -> bool:
        """Whether somebody with these skills could ever serve it, relaxing included."""
        return any(all(skills.get(skill, 0) >= level for skill, level in needs.items()) for needs in self.alternatives)

    @model_validator(mode="after")
    def _steps_in_order(self) -> "Queue":
        if list(self.relax) != sorted(self.relax, key=lambda step: step.after):
            raise ValueError("relax: put the steps in the order of `after`")
        return self
