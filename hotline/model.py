"""One version of a hotline: everything that its folder says, checked and immutable."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from acd.model import AWAY_AFTER, Key, Overflow, Queue
from agents.model import Agent
from hotline.callers import LIST, CallerList, list_of
from hotline.districts import District, district_of
from hotline.entrances import Entrance, Number
from ivr.model import (
    DISTRICT,
    OTHER,
    Beginning,
    Destination,
    Entry,
    Input,
    Menu,
    Name,
    Place,
    Scope,
    ToQueue,
    ToSubHotline,
    Variants,
)
from sounds.model import Texts

Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")]
"""Also the name of a folder of prompts, and the language set in Asterisk."""

Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,19}$")]
"""A wrap-up code, as reports count it."""

Codes = Annotated[Mapping[Code, Texts], Field(min_length=1)]
"""Wrap-up codes, each with its name, in the order in which agents see them."""

SECTIONS: Mapping[str, str] = {
    "queues": "queue",
    "menus": "menu",
    "sub_hotlines": "sub-hotline",
    "scopes": "scope",
    "inputs": "input",
}
"""Sections of hotline.yaml whose names are destinations, and what one such place is called."""


CODES = "wrap_up_codes"
"""The section of hotline.yaml that has lists of wrap-up codes."""


class HotlineOverflow(Overflow):
    """An overflow rule with its destination, which the acd never looks inside."""

    then: Destination


class HotlineQueue(Queue):
    """A queue with the destinations of its rules and keys."""

    overflow: tuple[HotlineOverflow, ...] = ()
    keys: Mapping[Key, Destination] = {}
    districts: Mapping[Name, Name] = Field(
        default={},
        description="District: the queue for callers from there.",
        examples=[{"hongkou": "hk-trees"}],
    )
    ask: Name | None = Field(
        default=None, description="The menu that asks for a district that nobody knows.", examples=["which-district"]
    )


class SubHotline(BaseModel):
    """A department's own line. `ring` in seconds; `failed` left out: an apology and goodbye.

    `extension`: agents' phones transfer calls to it by this number.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Name
    name: Texts
    dial: Number
    ring: Annotated[float, Field(ge=3, le=300)] = 30
    failed: Destination | None = None
    extension: Annotated[str, Field(pattern=r"^[0-9]{2,10}$")] | None = None
    districts: Mapping[Name, Name] = Field(
        default={}, description="District: the sub-hotline for callers from there.", examples=[{"hongkou": "hk-trees"}]
    )
    ask: Name | None = Field(
        default=None, description="The menu that asks for a district that nobody knows.", examples=["which-district"]
    )


class Listening(BaseModel):
    """Whether caller and agent are told before somebody listens to them. `say` left out: by a short tone."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    announce: bool = True
    say: Texts | None = None


class Hotline(BaseModel):
    """The `ivr.model.Tree` of the interpreter, and all that it leads to.

    version     a digest of what the folder says: a call keeps the version that it began with
    entrances   the dialled numbers, each with where its calls enter
    listening   the sign that somebody listens to a talk; None: there is none
    away_after  seconds after which a signed-in agent whose phone cannot be reached counts as not there
    outside_numbers  numbers of the telephone network that agents may call and transfer calls to, with their names
    callers     lists of callers, the one that counts first; `filed`, the numbers of their files
    remember_language  seconds for which the language of a number's last call is kept; None: not at all
    agent_back  seconds for which a caller is kept for an agent whose browser is gone in their talk; 0: not at all
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    id: Annotated[str, Field(alias="hotline", pattern=r"^\w[\w-]{0,39}$")]
    folder: Path
    version: str
    name: Texts
    entrances: Annotated[tuple[Entrance, ...], Field(alias="numbers", min_length=1)]
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    timezone: str
    greeting: Texts
    goodbye: Texts
    entry: Entry
    fallback: ToSubHotline | None = None
    away_after: Annotated[float, Field(ge=5, le=3_600)] = AWAY_AFTER
    listening: Listening | None = None
    wrap_up_codes: Mapping[Name, Codes] = {}
    callers: Mapping[Name, CallerList] = Field(
        default={}, description="Lists of callers.", examples=[{"seniors": {"file": "seniors.txt", "priority": "60s"}}]
    )
    districts: Mapping[Name, District] = Field(
        default={}, description="The districts of the city.", examples=[{"hongkou": {"name": {"zh": "虹口区"}}}]
    )
    remember_language: Annotated[float, Field(gt=0, le=400 * 86_400)] | None = Field(
        default=None,
        description="For so long a number's next call begins in the language of its last one. Left out: never.",
        examples=["90d"],
    )
    agent_back: Annotated[float, Field(ge=0, le=60)] = 10
    menus: Mapping[Name, Menu]
    queues: Mapping[str, HotlineQueue]
    sub_hotlines: Mapping[str, SubHotline]
    inputs: Mapping[Name, Input] = Field(
        default={}, description="Digits that callers enter.", examples=[{"order": {"name": "Order number"}}]
    )
    scopes: Mapping[Name, Scope] = Field(
        default={}, description="Subjects that are somebody else's business.", examples=[{"trees": {"say": "…"}}]
    )
    outside_numbers: Mapping[Number, Texts] = {}
    agents: Mapping[str, Agent]
    filed: Annotated[Mapping[Name, frozenset[str]], Field(exclude=True, repr=False)] = {}

    @property
    def numbers(self) -> tuple[str, ...]:
        """The dialled numbers that enter here."""
        return tuple(entrance.number for entrance in self.entrances)

    def known(self, caller: str) -> Mapping[str, str]:
        """What is known of a caller by the number, as rules of the menus use it."""
        listed = list_of(caller, self.callers, self.filed)
        found = {LIST: listed, DISTRICT: district_of(caller, listed, self.districts)}
        return {name: value for name, value in found.items() if value is not None}

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

    def variants(self, place: Place) -> Variants | None:
        """What a queue or a sub-hotline has for districts; None: nothing."""
        section, name = place
        item: HotlineQueue | SubHotline | None = getattr(self, section).get(name)
        return Variants(item.districts, item.ask) if item is not None and item.districts else None

    def exactly(self, place: Place) -> ToQueue | ToSubHotline:
        """The way to this very queue or sub-hotline, wherever the caller is."""
        section, name = place
        district = None if self.variants(place) is None else OTHER
        if section == "queues":
            return ToQueue(queue=name, district=district)
        return ToSubHotline(sub_hotline=name, district=district)

    def codes_of(self, queue_id: str | None) -> Mapping[str, Texts]:
        """The wrap-up codes for calls of a queue; none: it has no list, or there is no such queue."""
        queue = self.queues.get(queue_id or "")
        rule = None if queue is None else queue.wrap_up_codes
        return {} if rule is None else self.wrap_up_codes.get(rule.list, {})

    @property
    def extensions(self) -> Mapping[str, ToQueue | ToSubHotline]:
        """Where each number leads by which only agents' phones transfer calls."""
        queues = {queue.extension: ToQueue(queue=queue.id) for queue in self.queues.values()}
        lines = {line.extension: ToSubHotline(sub_hotline=line.id) for line in self.sub_hotlines.values()}
        return {extension: to for extension, to in (queues | lines).items() if extension is not None}

    @property
    def own_numbers(self) -> frozenset[str]:
        """Numbers that are no caller's: the hotline's, its departments', agents' ids, those that agents may call."""
        lines = (line.dial for line in self.sub_hotlines.values())
        return frozenset((*self.numbers, *self.extensions, *lines, *self.outside_numbers, *self.agents))

    @cached_property
    def zone(self) -> ZoneInfo:
        """The hotline's time zone."""
        return ZoneInfo(self.timezone)
