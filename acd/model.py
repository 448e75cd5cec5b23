"""A queue as `hotline.yaml` describes it. Durations are seconds, levels 1-5."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from agents.model import Level
from base.hints import WrongKey
from sentences.sentence import Sentence, listed

Texts = Mapping[str, str]
"""Words by language; the key `*` stands for every language. As `sounds.model.Texts`, which acd may not import."""

Needs = Mapping[str, Level]
"""Skill → least level."""

Seconds = Annotated[float, Field(ge=0, le=86_400)]
Key = Literal["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#"]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]

AWAY_AFTER = 30.0
"""Seconds after which a signed-in agent whose phone cannot be reached counts as not there, unless the hotline says."""


@dataclass(frozen=True, slots=True)
class Onward:
    """Where callers go whose queue was taken out of the hotline. The acd carries destinations and never looks inside.

    stated  by queue
    others  for callers of all other queues
    """

    stated: Mapping[str, Any] = field(default_factory=dict)
    others: Any = None

    def of(self, queue_id: str) -> Any:
        """The destination of the callers of this queue."""
        return self.stated.get(queue_id, self.others)


NOWHERE = Onward()

NO_LIMITS: Mapping[str, float] = {}
"""Breaks may take as long as they do."""


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


class Recorded(StrEnum):
    """Which talks of a queue are recorded."""

    NEVER = "never"
    ON_DEMAND = "on-demand"
    ALWAYS = "always"


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Relaxation(_Model):
    """After `after` seconds of waiting, agents who meet `needs` fit too; those of an earlier step are preferred."""

    after: Seconds = Field(description="The wait after which this step counts.", examples=["30s"])
    needs: Needs = Field(
        description="Skills and their least levels: agents who have them fit from then on too.",
        examples=[{"greening": 1}],
    )


class ServiceLevel(_Model):
    """`percent` of the calls answered `within` seconds. Default: GB/T 33358-2016 (15 s)."""

    percent: Annotated[float, Field(gt=0, le=100)] = Field(
        default=80, description="This many of a hundred calls are to be answered in time.", examples=[80]
    )
    within: Annotated[float, Field(gt=0, le=86_400)] = Field(
        default=15, description="The wait that is still in time.", examples=["15s"]
    )


class Announce(_Model):
    """What a waiting caller hears after `first` seconds, and then every `every` seconds: position, estimate, then one
    of the `messages`, in turn. What has not changed is not said again, a message not before five minutes.
    """

    first: Annotated[float, Field(ge=1, le=3_600)] = Field(
        default=3,
        description="How soon after the entry the caller hears the first announcement: `every` at most.",
        examples=["3s"],
    )
    every: Annotated[float, Field(ge=10, le=3_600)] = Field(
        description="How often the caller hears an announcement.", examples=["30s"]
    )
    position: bool = Field(default=True, description="Whether the caller hears the position.")
    estimate: bool = Field(default=True, description="Whether the caller hears the estimated wait.")
    messages: tuple[Texts, ...] = Field(
        default=(),
        max_length=20,
        description="Messages, one each time, in turn. Each is said again after five minutes.",
        examples=[[{"zh": "回到主菜单请按井号键。", "en": "To go back to the main menu, press hash."}]],
    )

    @model_validator(mode="after")
    def _something(self) -> "Announce":
        if not (self.position or self.estimate or self.messages):
            raise ValueError(Sentence("nothing is told; add `messages`, or take `announce` out"))
        if self.first > self.every:
            raise ValueError(
                Sentence("`first` is longer than `every`: the first word has to come sooner, or with the others")
            )
        return self


_CONDITIONS = ("waited", "waiting", "nobody_signed_in", "estimate")


class Overflow(_Model):
    """A way out of a queue. Exactly one condition is set, in seconds or callers.

    `then` is a destination. The acd carries it and never looks inside.
    """

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": [name]} for name in _CONDITIONS]})

    waited: Seconds | None = Field(
        default=None, description="Condition: the caller has waited this long.", examples=["5m"]
    )
    waiting: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="Condition: this many callers wait already when the caller comes.", examples=[50]
    )
    nobody_signed_in: Seconds | None = Field(
        default=None,
        description="Condition: for this long no agent who could ever take the call has been signed in with a phone "
        "that can be reached.",
        examples=["10s"],
    )
    estimate: Seconds | None = Field(
        default=None, description="Condition: the estimated wait is this long when the caller comes.", examples=["20m"]
    )
    then: Any = Field(description="Where the call goes.", examples=[{"sub_hotline": "bureau"}])

    @model_validator(mode="after")
    def _one_condition(self) -> "Overflow":
        if sum(getattr(self, name) is not None for name in _CONDITIONS) != 1:
            raise ValueError(Sentence("give exactly one of {names}", names=listed(_CONDITIONS)))
        return self

    @property
    def condition(self) -> tuple[str, float]:
        """The name of the condition that is set, and its limit."""
        return next((name, limit) for name in _CONDITIONS if (limit := getattr(self, name)) is not None)


class Missed(_Model):
    """Which callers who gave up are on the list of missed callers, and for how long they have their places."""

    after: Seconds = Field(
        default=10, description="A caller who gives up after waiting this long is missed.", examples=["10s"]
    )
    grace: Annotated[float, Field(ge=0, le=3_600)] = Field(
        default=120,
        description="A caller who rings again within this time gets the old place in the queue back.",
        examples=["2m"],
    )
    call_back: bool = Field(
        default=False,
        description="Whether a caller who gives up is called back, at the old place. Needs `callback`.",
        examples=[True],
    )


class Question(_Model):
    """A question that a caller answers with one key."""

    say: Texts = Field(
        description="What the caller hears: the question, and which keys answer it.",
        examples=[{"zh": "请按1到5评分。", "en": "Please press 1 to 5."}],
    )
    keys: Annotated[str, Field(pattern=r"^[0-9]-[0-9]$")] = Field(
        default="1-5", description="The keys that answer it, from the first to the last.", examples=["1-5"]
    )

    def takes(self, key: str) -> bool:
        """Whether this key of a phone is an answer."""
        return key.isdigit() and self.keys[0] <= key <= self.keys[2]

    @model_validator(mode="after")
    def _range(self) -> "Question":
        if self.keys[0] >= self.keys[2]:
            raise WrongKey("keys", Sentence("the first key has to be smaller than the last one"))
        return self


LONGEST_ONCE_IN = 90 * 86_400.0


class Survey(Question):
    """What a caller is asked after a talk that the agent has ended."""

    share: Annotated[str, Field(pattern=r"^(100|[1-9][0-9]?)%$")] = Field(
        default="100%", description="So many of a hundred callers are asked.", examples=["50%"]
    )
    once_in: Annotated[float, Field(ge=0, le=LONGEST_ONCE_IN)] = Field(
        default=30 * 86_400.0,
        description="The same number is not asked again within this time, after a talk of any queue.",
        examples=["30d"],
    )
    more: tuple[Question, ...] = Field(
        default=(),
        max_length=3,
        description="Further questions.",
        examples=[[{"say": {"zh": "问题解决了吗？解决按1，没有按2。", "en": "Solved? Yes: 1. No: 2."}, "keys": "1-2"}]],
    )
    message: Annotated[float, Field(ge=5, le=600)] | None = Field(
        default=None,
        description="After the last answer the caller may leave a message for the queue, of this length at most. Left "
        "out: none.",
        examples=["1m"],
    )
    thanks: Texts | None = Field(
        default=None,
        description="Said after the last answer, before the goodbye. Left out: nothing.",
        examples=[{"zh": "谢谢您的评价。", "en": "Thank you."}],
    )

    @property
    def questions(self) -> tuple[Question, ...]:
        """All of them, in their order."""
        return (self, *self.more)

    @property
    def percent(self) -> int:
        """How many of a hundred callers are asked."""
        return int(self.share[:-1])


class StickyRule(_Model):
    """Who rings again gets the agent of last time."""

    within: Annotated[float, Field(gt=0, le=7 * 86_400)] = Field(
        description="So long after the last talk a caller who rings again gets the same agent.", examples=["24h"]
    )
    wait: Annotated[float, Field(ge=0, le=120)] = Field(
        default=0,
        description="So long the caller waits for this agent alone, if the agent is at work but busy.",
        examples=["20s"],
    )


class CodeRule(_Model):
    """Which of the hotline's lists of wrap-up codes is for a queue's calls."""

    list: Name = Field(description="The name of a list under `wrap_up_codes`.", examples=["work"])
    required: bool = Field(
        default=False,
        description="Whether an agent's wrap-up lasts until the call has a code, whatever `wrap_up` says.",
    )


class Queue(_Model):
    """One queue. `keys` has destinations: the acd never looks inside."""

    id: Name
    name: Texts = Field(
        description="Shown on the agent's phone, 80 characters at most.", examples=[{"zh": "绿化", "en": "Greening"}]
    )
    needs: Needs = Field(
        min_length=1,
        description="Skills that an agent needs, and their least levels, 1 (a little) to 5 (an expert).",
        examples=[{"greening": 3}],
    )
    extension: Annotated[str, Field(pattern=r"^[0-9]{2,10}$")] | None = Field(
        default=None,
        description="2 to 10 digits: agents' phones transfer calls to the queue by this number.",
        examples=["6001"],
    )
    relax: tuple[Relaxation, ...] = Field(
        default=(),
        description="Steps: after a wait agents with less of a skill fit too. Agents of an earlier step go first.",
        examples=[[{"after": "30s", "needs": {"greening": 1}}]],
    )
    strategy: Strategy = Field(
        default=Strategy.LONGEST_IDLE, description="Which of the ready agents is rung first; see docs/routing.md."
    )
    priority: Seconds = Field(
        default=0, description="A head start against callers of other queues of the same class.", examples=["30s"]
    )
    priority_class: Annotated[int, Field(ge=0, le=9)] = Field(
        default=0, description="Callers of a higher class are served before all of a lower one.", examples=[1]
    )
    ring: Annotated[float, Field(ge=3, le=120)] = Field(
        default=15, description="How long one agent's phone rings.", examples=["15s"]
    )
    limit: Annotated[int, Field(ge=1, le=10_000)] | None = Field(
        default=None,
        description="At most so many of its callers are offered to an agent or talk at the same time; further callers "
        "wait. Left out: no limit.",
        examples=[20],
    )
    missed_offers: Annotated[int, Field(ge=1, le=10)] = Field(
        default=1, description="After this many missed offers in a row the agent becomes not ready.", examples=[1]
    )
    wrap_up: Seconds = Field(default=20, description="The agent's time after a call.", examples=["20s"])
    wrap_up_codes: CodeRule | None = Field(
        default=None,
        description="The list of wrap-up codes for calls of this queue. Left out: none.",
        examples=[{"list": "work"}],
    )
    whisper: Texts | None = Field(
        default=None,
        description="Said to the agent before the caller is connected. Left out: nothing.",
        examples=[{"zh": "绿化", "en": "Greening"}],
    )
    service_level: ServiceLevel = Field(
        default=ServiceLevel(), description="The aim, for reports.", examples=[{"percent": 80, "within": "15s"}]
    )
    missed: Missed = Field(
        default=Missed(),
        description="Which callers who gave up are missed, and which get the old place back.",
        examples=[{"after": "10s", "grace": "2m"}],
    )
    survey: Survey | None = Field(
        default=None,
        description="What a caller is asked after a talk that the agent has ended. Left out: nothing.",
        examples=[{"say": {"zh": "请按1到5评分。", "en": "Please press 1 to 5."}, "once_in": "30d"}],
    )
    sticky: StickyRule | None = Field(
        default=None,
        description="A caller who rings again gets the agent of the last talk. `24h` is `{within: 24h}`. Left out: the "
        "strategy chooses.",
        examples=["24h", {"within": "24h", "wait": "20s"}],
    )
    record: Recorded = Field(
        default=Recorded.NEVER,
        description="Whether its agents' talks are recorded. `always`: callers hear so before they wait, citizens who "
        "are called before they talk. `on-demand`: from when an agent asks for it, and both have heard so. `never`: "
        "they are not.",
        examples=["always"],
    )
    recordings_days: int | None = Field(
        default=None,
        ge=1,
        le=10_000,
        description="Days for which its recordings are kept, and no longer than the callers' numbers. Left out: as "
        "long as the setting `keep.recordings_days` says.",
        examples=[30],
    )
    announce: Announce | None = Field(
        default=None,
        description="What a waiting caller hears: the position, the estimate, then one of the messages. Left out: "
        "nothing.",
        examples=[{"every": "30s"}],
    )
    overflow: tuple[Overflow, ...] = Field(
        default=(),
        description="Ways out of the queue, tried in order. Left out: callers wait for an agent.",
        examples=[[{"waited": "5m", "then": {"sub_hotline": "bureau"}}]],
    )
    keys: Mapping[Key, Any] = Field(
        default={},
        description="What a waiting caller may press, as in a menu, without `repeat`. Name the keys in a message.",
        examples=[{"#": {"menu": "main"}}],
    )

    @property
    def alternatives(self) -> tuple[Needs, ...]:
        """The queue's own needs, then those of its relaxing steps."""
        return (self.needs, *(step.needs for step in self.relax))

    @property
    def agent_first(self) -> bool:
        """Whether an agent is rung before the citizen who is to be called back."""
        return False

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
            raise WrongKey("relax", Sentence("put the steps in the order of `after`"))
        return self


class Coded(StrEnum):
    """Of the call that an agent talks in or wraps up."""

    NO = ""  # no code so far; and nobody waits for one
    YES = "given"
    NEEDED = "needed"  # the wrap-up does not end without one
    AWAITED = "awaited"  # the wrap-up is over but for the code


MISSING = frozenset({Coded.NEEDED, Coded.AWAITED})
"""The agent stays in wrap-up until a code is given."""
