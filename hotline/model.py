"""One version of a hotline: everything that its folder says, checked and immutable."""

from collections.abc import Mapping
from copy import copy
from datetime import UTC
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

from acd.model import AWAY_AFTER, Key, Overflow, Queue, StickyRule
from agents.model import Agent
from hotline.callbacks import CallbackRule, First, opens
from hotline.callers import LIST, CallerList, District, district_of, list_of, lists_of
from hotline.calls_out import CallsOut
from hotline.extras import shelf
from ivr.calendars import Calendar, Days
from ivr.hours import OpeningHours
from ivr.model import (
    DISTRICT,
    KINDS,
    OTHER,
    Alone,
    Beginning,
    Destination,
    Entry,
    Gated,
    Input,
    Menu,
    Name,
    NodeId,
    Scope,
    ToQueue,
    ToSubHotline,
    Variants,
)
from ivr.timetable import Timetable
from sentences.sentence import Sentence
from sounds.model import Texts
from sounds.recordings import Shelf

# The numbers that callers dial, each with what its callers hear first and where they enter.


Number = Annotated[str, Field(pattern=r"^[0-9*#+]{1,20}$")]


class Entered(BaseModel):
    """A dialled number. A former hotline keeps its own greeting and entry."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: Number = Field(description="The number that callers dial, in quotation marks.", examples=["12319"])
    entry: Entry | None = Field(
        default=None,
        description="Where its calls go after the greeting. Left out: the hotline's `entry`.",
        examples=["water", {"queue": "general"}],
    )
    greeting: Texts | None = Field(
        default=None,
        description="What its callers hear first. Left out: the hotline's `greeting`.",
        examples=[{"zh": "您好，这里是供水热线。", "en": "Welcome to the water hotline."}],
    )


def _number_alone(value: Any) -> Any:
    return {"number": value} if isinstance(value, str) else value


Entrance = Annotated[Entered, BeforeValidator(_number_alone), Alone(Number)]
"""As the file has it: `"12319"`, or `{number: "12319", entry: DESTINATION, greeting: TEXT}`."""

Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")]
"""Also the name of a folder of prompts, and the language set in Asterisk."""

Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,19}$")]
"""A wrap-up code, as reports count it."""

Codes = Annotated[Mapping[Code, Texts], Field(min_length=1)]
"""Wrap-up codes, each with its name, in the order in which agents see them."""

SECTIONS: Mapping[str, Sentence] = {kind.section: Sentence(kind.look.en) for kind in KINDS.values() if kind.section}
"""Sections of hotline.yaml whose names are destinations, and what one such node is called."""


def inherited(base: type[BaseModel], field: str) -> Any:
    """The default and the description of a field of `base`, for a subclass that gives the field a narrower type."""
    return copy(base.model_fields[field])


CODES = "wrap_up_codes"
"""The section of hotline.yaml that has lists of wrap-up codes."""


BREAKS: Mapping[str, Texts] = {
    "lunch": {"zh": "用餐", "en": "Lunch"},
    "short-break": {"zh": "小休", "en": "Short break"},
    "training": {"zh": "培训", "en": "Training"},
    "paperwork": {"zh": "处理事务", "en": "Paperwork"},
}
"""Reasons for not being ready, where the hotline names none of its own."""


OPENING_HOURS = "opening_hours"
CALENDARS = "calendars"
"""The sections of hotline.yaml that have hours and calendars, each under a name."""


class HotlineOverflow(Overflow):
    """An overflow rule with its destination, which the acd never looks inside."""

    then: Destination = inherited(Overflow, "then")


def _within_alone(value: Any) -> Any:
    return {"within": value} if isinstance(value, float) else value


class HotlineQueue(Queue, Gated):
    """A queue with its hours, and the destinations of its rules and keys."""

    sticky: Annotated[StickyRule, BeforeValidator(_within_alone), Alone(float)] | None = inherited(Queue, "sticky")
    overflow: tuple[HotlineOverflow, ...] = inherited(Queue, "overflow")
    keys: Mapping[Key, Destination] = inherited(Queue, "keys")
    districts: Mapping[Name, Name] = Field(
        default={},
        description="District: the queue for callers from there.",
        examples=[{"hongkou": "hk-trees"}],
    )
    ask: Name | None = Field(
        default=None, description="The menu that asks for the district if it is not known.", examples=["which-district"]
    )
    number: Number | None = Field(
        default=None,
        description="The number that citizens see whom an agent calls for this queue: one of `numbers`. Left out: the "
        "first of them.",
        examples=["12319"],
    )
    callback: CallbackRule | None = Field(
        default=None,
        description="Waiting callers may hang up, keep their places and be called back. Needs `calls_out`. Left out: "
        "they may not.",
        examples=[{"key": "2", "offer": {"estimate": "3m"}}],
    )

    @property
    def agent_first(self) -> bool:
        return self.callback is not None and self.callback.first is First.AGENT


class SubHotline(Gated):
    """A department's own line. `ring` in seconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Name
    name: Texts = Field(
        description="Shown and spoken, 80 characters at most.", examples=[{"zh": "水务局", "en": "Water bureau"}]
    )
    dial: Number = Field(
        description="An agent's id: the phone rings, signed in or not. Or a number that goes through the trunk.",
        examples=["2201"],
    )
    ring: Annotated[float, Field(ge=3, le=300)] = Field(default=30, description="How long it rings.", examples=["30s"])
    failed: Destination | None = Field(
        default=None,
        description="Where the call goes when nobody answers, or when there is no trunk. Left out: an apology and the "
        "goodbye.",
        examples=[{"queue": "general"}],
    )
    extension: Annotated[str, Field(pattern=r"^[0-9]{2,10}$")] | None = Field(
        default=None,
        description="2 to 10 digits: agents' phones transfer calls to the sub-hotline by this number.",
        examples=["6101"],
    )
    districts: Mapping[Name, Name] = Field(
        default={}, description="District: the sub-hotline for callers from there.", examples=[{"hongkou": "hk-trees"}]
    )
    ask: Name | None = Field(
        default=None, description="The menu that asks for the district if it is not known.", examples=["which-district"]
    )
    selftest: bool = Field(
        default=False, description="Whether the self-test rings here too, and tells who answers that it is a test."
    )


class Listening(BaseModel):
    """Whether caller and agent hear a sign before somebody listens to them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    announce: bool = Field(default=True, description="Whether caller and agent hear that somebody listens.")
    say: Texts | None = Field(
        default=None,
        description="What both hear, in the caller's language. Left out: a short tone.",
        examples=[{"zh": "班长正在旁听本次通话。", "en": "A supervisor is listening to this call."}],
    )


class Hotline(Gated):
    """The `ivr.model.Tree` of the interpreter, and all that it leads to. Durations are in seconds.

    version        a digest of what the folder says: a call keeps the version that it began with
    hours, closed  of the whole hotline: for callers who dial it
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    id: Annotated[str, Field(alias="hotline", pattern=r"^\w[\w-]*$", max_length=40)] = Field(
        description="The hotline's short name, for logs and figures: letters, digits, hyphens.", examples=["12319"]
    )
    folder: Path
    version: str
    name: Texts = Field(
        description="The hotline's name, 80 characters at most.",
        examples=[{"zh": "12319城建服务热线", "en": "Urban construction hotline"}],
    )
    entrances: Annotated[tuple[Entrance, ...], Field(min_length=1)] = Field(
        alias="numbers",
        description="The numbers that callers dial, in quotation marks. A number may enter elsewhere than the others.",
        examples=[["12319"]],
    )
    languages: Annotated[tuple[Language, ...], Field(min_length=1)] = Field(
        description="The first is the default. Left out: those of `name`.", examples=[["zh", "en"]]
    )
    timezone: str = Field(
        description="The hotline's time zone. Left out: Asia/Shanghai if the hotline speaks Chinese, else UTC.",
        examples=["Asia/Shanghai", "Europe/Dublin"],
    )
    greeting: Texts = Field(
        description="What a caller hears first. Left out: a greeting with the hotline's name.",
        examples=[{"zh": "您好，这里是城建服务热线。", "en": "Welcome to the urban construction hotline."}],
    )
    goodbye: Texts = Field(
        description="What a caller hears last. Left out: thanks for the call.",
        examples=[{"zh": "感谢您的来电，再见。", "en": "Thank you for calling. Goodbye."}],
    )
    entry: Entry = Field(
        description="Where calls go after the greeting: a menu's name, or a destination. Left out: `main` if there is "
        "such a menu, else the first one.",
        examples=["main", {"queue": "general"}],
    )
    fallback: ToSubHotline | None = Field(
        default=None,
        description="The sub-hotline that rings when Wutong is away for too long. Left out: such calls are lost.",
        examples=[{"sub_hotline": "duty"}],
    )
    away_after: Annotated[float, Field(ge=5, le=3_600)] = Field(
        default=AWAY_AFTER,
        description="A signed-in agent whose phone cannot be reached for this long counts as not there.",
        examples=["30s"],
    )
    listening: Listening | None = Field(
        default=None,
        description="What caller and agent hear when a supervisor listens. Left out: nothing.",
        examples=[{"announce": True}],
    )
    wrap_up_codes: Mapping[Name, Codes] = Field(
        default={},
        description="Lists of wrap-up codes, each under its name. A code says what came of a call.",
        examples=[{"work": {"answered": {"zh": "当场答复", "en": "Answered at once"}}}],
    )
    breaks: Mapping[Name, Texts] = Field(
        default=BREAKS,
        description="Reasons for not being ready that agents choose from, each under its name. Left out: lunch, a "
        "short break, training, paperwork.",
        examples=[{"lunch": {"zh": "用餐", "en": "Lunch"}, "briefing": {"zh": "班前会", "en": "Briefing"}}],
    )
    break_limits: Mapping[Name, Annotated[float, Field(ge=60, le=14_400)]] = Field(
        default={},
        description="How long a break may take, by its name. Reports tell which share of such breaks keep to it.",
        examples=[{"lunch": "45m", "short-break": "15m"}],
    )
    skills: Mapping[Name, Texts] = Field(
        default={},
        description="Names of skills that the console shows. Left out: the name of the queue with the same short name, "
        "else the short name.",
        examples=[{"greening": {"zh": "绿化", "en": "Greening"}}],
    )
    agent_back: Annotated[float, Field(ge=0, le=60)] = Field(
        default=10,
        description="How long a caller is kept for the agent if the agent's browser is gone in a talk. 0s: not at all.",
        examples=["10s"],
    )
    menus: Mapping[Name, Menu] = Field(
        description="The menus, each under its name.",
        examples=[{"main": {"say": "To talk to a person, press 0.", "keys": {"0": {"queue": "general"}}}}],
    )
    queues: Mapping[str, HotlineQueue] = Field(
        description="The queues, each under its name.",
        examples=[{"general": {"name": "Our staff", "needs": {"general": 1}}}],
    )
    sub_hotlines: Mapping[str, SubHotline] = Field(
        description="Departments' own lines, each under its name.",
        examples=[{"duty": {"name": {"zh": "值班室", "en": "Duty officer"}, "dial": "2200"}}],
    )
    inputs: Mapping[Name, Input] = Field(
        default={},
        description="Digits that callers enter, each under its name.",
        examples=[
            {
                "order": {
                    "name": "Order number",
                    "say": "Enter your order number, then press hash.",
                    "entered": "You entered",
                    "confirm": "If this is right, press 1. To enter it again, press 2.",
                    "then": {"queue": "general"},
                    "failed": {"queue": "general"},
                }
            }
        ],
    )
    scopes: Mapping[Name, Scope] = Field(
        default={}, description="Subjects that are another office's business.", examples=[{"trees": {"say": "…"}}]
    )
    removed_queues: Mapping[Name, Destination] = Field(
        default={},
        description="Queues that were taken out, each with where its callers go. Left out: to a person.",
        examples=[{"greening-west": {"queue": "greening"}}],
    )
    outside_numbers: Mapping[Number, Texts] = Field(
        default={},
        description="Numbers outside that agents may call and transfer callers to, each with its name.",
        examples=[{"110": {"zh": "公安", "en": "Police"}}],
    )
    calls_out: CallsOut | None = Field(
        default=None,
        description="Which citizens agents may call. Left out: none.",
        examples=[{"allowed": ["1[3-9]xxxxxxxxx", "021xxxxxxxx"], "country": "86"}],
    )
    agents: Mapping[str, Agent]
    callers: Mapping[Name, CallerList] = Field(
        default={},
        description="Lists of callers, each under its name. The first that has the caller's number counts.",
        examples=[{"seniors": {"file": "seniors.txt", "then": {"queue": "general"}}}],
    )
    districts: Mapping[Name, District] = Field(
        default={}, description="The districts of the city.", examples=[{"hongkou": {"name": {"zh": "虹口区"}}}]
    )
    remember_language: Annotated[float, Field(gt=0, le=400 * 86_400)] | None = Field(
        default=None,
        description="For how long a number's next call begins in the language of its last one. Left out: not at all.",
        examples=["90d"],
    )
    calendars: Mapping[Name, Calendar] = Field(
        default={},
        description="Which dates are holidays, and which days of a weekend are worked, each calendar under its name.",
        examples=[{"working-days": {"country": "CN"}}],
    )
    opening_hours: Mapping[Name, OpeningHours] = Field(
        default={},
        description="When something is open, each under its name: a queue, a menu, a key or the whole hotline has it.",
        examples=[{"office": {"week": {"mon-fri": "08:30-17:30"}}}],
    )
    known_days: Mapping[Name, Days] = {}
    """What each calendar comes to; the loader works it out. In a version, as it decides where calls go."""
    filed: Annotated[Mapping[Name, frozenset[str]], Field(exclude=True, repr=False)] = {}
    recorded: Annotated[Mapping[tuple[str, str], str], Field(exclude=True, repr=False)] = {}
    """Language and words of each text that a person has recorded → the digest of the recording."""
    paths: Annotated[Mapping[str, Path] | None, Field(exclude=True, repr=False)] = None
    """Where a version has its recordings and lists of callers, as `hotline.extras` says; None: in the folder."""

    @property
    def prompts(self) -> Shelf:
        """Where its recordings are."""
        return shelf(self.folder, self.paths)

    @property
    def phones(self) -> Mapping[str, SecretStr | None]:
        """Agents' ids, each with the password of the phone that `agents.yaml` has; None: one is made."""
        return {agent.id: agent.password for agent in self.agents.values()}

    @property
    def numbers(self) -> tuple[str, ...]:
        """The dialled numbers that enter here."""
        return tuple(entrance.number for entrance in self.entrances)

    @property
    def limits_by_reason(self) -> Mapping[str, float]:
        """Seconds that a break may take, by what agents give as the reason: its name in any language, or its id."""
        return {
            reason: limit
            for name, limit in self.break_limits.items()
            for reason in (name, *self.breaks.get(name, {}).values())
        }

    def known(self, caller: str) -> Mapping[str, str]:
        """What is known of a caller by the number, as rules of the menus use it."""
        listed = list_of(caller, self.callers, self.filed)
        found = {LIST: listed, DISTRICT: district_of(caller, listed, self.districts)}
        return {name: value for name, value in found.items() if value is not None}

    def lists_with(self, caller: str) -> list[str]:
        """The lists of callers that have the number."""
        return [str(name) for name in lists_of(caller, self.callers, self.filed)]

    def listed(self, known: Mapping[str, str]) -> CallerList | None:
        """The caller's list, if this version has it."""
        return self.callers.get(known.get(LIST, ""))

    def beginning(self, number: str, known: Mapping[str, str]) -> Beginning:
        """How a call to this number begins; any number that is not the hotline's own: as one without an entry.

        A list of callers overrules the number.
        """
        entrance = next((entrance for entrance in self.entrances if entrance.number == number), None)
        greeting = (entrance and entrance.greeting) or self.greeting
        listed = self.listed(known)
        return Beginning(greeting, (listed and listed.then) or (entrance and entrance.entry) or self.entry)

    def variants(self, node: NodeId) -> Variants | None:
        """What a queue or a sub-hotline has for districts; None: nothing."""
        section, name = node
        item: HotlineQueue | SubHotline | None = getattr(self, section).get(name)
        return Variants(item.districts, item.ask) if item is not None and item.districts else None

    def exactly(self, node: NodeId) -> ToQueue | ToSubHotline:
        """The way to this very queue or sub-hotline, wherever the caller is."""
        section, name = node
        district = None if self.variants(node) is None else OTHER
        if section == "queues":
            return ToQueue(queue=name, district=district)
        return ToSubHotline(sub_hotline=name, district=district)

    def codes_of(self, queue_id: str | None) -> Mapping[str, Texts]:
        """The wrap-up codes for calls of a queue; none: it has no list, or there is no such queue."""
        queue = self.queues.get(queue_id or "")
        rule = None if queue is None else queue.wrap_up_codes
        return {} if rule is None else self.wrap_up_codes.get(rule.list, {})

    @property
    def skill_names(self) -> Mapping[str, Texts]:
        """What skills are called: their own names, else the name of the queue with the skill's id."""
        return {name: queue.name for name, queue in self.queues.items()} | dict(self.skills)

    @property
    def extensions(self) -> Mapping[str, ToQueue | ToSubHotline]:
        """Where each number leads by which only agents' phones transfer calls."""
        queues = {queue.extension: ToQueue(queue=queue.id) for queue in self.queues.values()}
        lines = {line.extension: ToSubHotline(sub_hotline=line.id) for line in self.sub_hotlines.values()}
        return {extension: to for extension, to in (queues | lines).items() if extension is not None}

    @property
    def own_numbers(self) -> frozenset[str]:
        """Numbers that are not a caller's: the hotline's, its departments', agents' ids, those that agents may call."""
        lines = (line.dial for line in self.sub_hotlines.values())
        return frozenset((*self.numbers, *self.extensions, *lines, *self.outside_numbers, *self.agents))

    def shown_for(self, queue_id: str) -> str:
        """The number that citizens see whom an agent calls for this queue."""
        queue = self.queues.get(queue_id)
        return (queue and queue.number) or self.numbers[0]

    def calls_back_from(self, queue_id: str, at: float) -> float:
        """From when on citizens of this queue may be called back, in epoch seconds: `at`, or when the hotline, the
        queue and the hours for citizens are all open.
        """
        queue = self.queues.get(queue_id)
        hours = [self.hours, None if queue is None else queue.hours]
        if queue is not None and queue.callback is not None:
            hours.append(queue.callback.hours)
        return opens(self.timetable, [name for name in hours if name is not None], at)

    def gate(self, node: NodeId | None) -> Gated | None:
        """The hours of a node; node None: of the hotline itself. None: there is no such node."""
        if node is None:
            return self
        section, name = node
        found = getattr(self, section).get(name)
        return found if isinstance(found, Gated) else None

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy works out anew what depends on its values: pydantic's would keep the timetable of the old hours."""
        copied = super().model_copy(update=update, deep=deep)
        for name in ("timetable", "zone"):
            copied.__dict__.pop(name, None)
        return copied

    @cached_property
    def timetable(self) -> Timetable:
        """When its hours are open."""
        return Timetable(self.zone, self.opening_hours, self.known_days)

    @property
    def clock_table(self) -> Timetable:
        """The same by a clock that never changes, for what does not depend on the zone: it may be an unknown one."""
        return Timetable(UTC, self.opening_hours, self.known_days)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The hotline's time zone."""
        return ZoneInfo(self.timezone)
