"""Emergency messages: what callers hear before the menus, instead of them, or at one node only; and when a message
ends. Pure.
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from base.hints import shortened
from hotline.durations import BadDuration, seconds
from hotline.durations import spoken as duration
from ivr.timetable import first_shown
from sentences.sentence import Sentence, template
from sounds.model import Sound, Speech
from web.fields import Time

FOLDER = "emergency"
"""Where its clips are, in the folder of all clips."""

LEAD = 1_800.0
"""Seconds before its end at which the coming end is noted; half its time, if that is less."""

TWICE = 2
"""Callers who hear nothing else hear the message so often."""

GOODBYE, PERSON = "goodbye", "person"
"""What may come after a message instead of the menus, beside `queue:ID` and `sub_hotline:ID`."""

WHOLE = ""
"""Where a message is that all callers hear."""

WHERE = r"^(queue|sub_hotline|menu):[a-z][a-z0-9-]{0,39}$"
"""Where a message is that only callers who come there hear."""

MOST = 20
"""Nodes that have a message at a time, beside the one that all callers hear."""

AFTER = r"^(goodbye|person|queue:[a-z][a-z0-9-]{0,39}|sub_hotline:[a-z][a-z0-9-]{0,39})$"


class When(StrEnum):
    """Where callers hear the message."""

    BEFORE = "before"  # before the greeting and the menu
    INSTEAD = "instead"  # twice, and then what `after` says: callers meet no menu


class Spoken(BaseModel):
    """The message in one language. `words`: its text; "" where a recording has none. `clip`: the name of its file."""

    model_config = ConfigDict(frozen=True)

    language: str
    words: str
    clip: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    seconds: float

    @property
    def in_story(self) -> str:
        """Its words, for a call's story."""
        return self.words or f"[a recording, {self.language}, {self.seconds:.0f} s]"


class Emergency(BaseModel):
    """A message that was switched on.

    id     of this message; it stays the same when only the end changes
    where  WHOLE, or the node whose callers hear it: `queue:ID`, `sub_hotline:ID`, `menu:ID`
    after  what comes after it, if it is instead of the menus: GOODBYE, PERSON, `queue:ID` or `sub_hotline:ID`
    spoken in each language that it has, in the order of the hotline's languages
    begun, until  seconds since the epoch: it is on from the one, and off at the other
    actor  who switched it on, or gave it its end
    """

    model_config = ConfigDict(frozen=True)

    id: str
    where: str = WHOLE
    mode: When
    after: str = GOODBYE
    spoken: tuple[Spoken, ...]
    begun: float
    until: float
    actor: str

    def on(self, now: float) -> bool:
        """Whether a caller who comes at `now`, seconds since the epoch, hears it."""
        return now < self.until

    @property
    def warned(self) -> float:
        """When its coming end is noted, in seconds since the epoch."""
        return self.until - min(LEAD, (self.until - self.begun) / 2)

    def in_order(self, language: str) -> tuple[Spoken, ...]:
        """For a caller who is taken to speak `language`: that one first, then every other, as nobody has asked yet."""
        return tuple(sorted(self.spoken, key=lambda each: each.language != language))

    def speech(self, language: str) -> Speech:
        """What such a caller hears. At a node the language is known, so the others are left out."""
        heard = self.in_order(language)
        if self.where and heard[0].language == language:
            heard = heard[:1]
        once = tuple(Sound(f"{FOLDER}/{each.clip}", each.in_story) for each in heard)
        return once * (TWICE if self.mode is When.INSTEAD else 1)


def shown(moment: float, zone: tzinfo) -> str:
    """The moment for people, by that zone's clock, with its distance from UTC: in one night an hour comes twice."""
    return datetime.fromtimestamp(moment, zone).isoformat(sep=" ", timespec="minutes")


def of_all(messages: Iterable[Emergency]) -> Emergency | None:
    """The one that all callers hear; None: there is none."""
    return next((message for message in messages if message.where == WHOLE), None)


def at_node(messages: Iterable[Emergency], where: str) -> Emergency | None:
    """The one of that node; None: there is none."""
    return next((message for message in messages if message.where == where != WHOLE), None)


def sentence(emergency: Emergency, zone: tzinfo) -> str:
    """What is on, for people."""
    facts = {"until": shown(emergency.until, zone), "name": str(emergency.actor), "where": emergency.where}
    facts["after"] = emergency.after
    match emergency.mode is When.BEFORE, bool(emergency.where):
        case True, True:
            words = template("on until {until}, at {where}, by {name}: ./wutong emergency off --where {where} ends it")
        case True, False:
            words = template("on until {until}, before the menus, by {name}: ./wutong emergency off ends it")
        case False, True:
            words = template(
                "on until {until}, instead of {where}, then {after}, by {name}: ./wutong emergency off --where {where} "
                "ends it"
            )
        case _:
            words = template(
                "on until {until}, instead of the menus, then {after}, by {name}: ./wutong emergency off ends it"
            )
    return Sentence(words, **facts)


class SpokenOut(BaseModel):
    """The message in one language."""

    model_config = ConfigDict(from_attributes=True)

    language: str = Field(examples=["zh"])
    words: str = Field(description="What it says; empty for a recording whose words nobody wrote.")
    take: str = Field(validation_alias="clip", description="`GET /emergency/takes/{take}` sounds as callers hear it.")
    seconds: float


class EmergencyOut(BaseModel):
    """The message that is on."""

    model_config = ConfigDict(from_attributes=True)

    id: str = Field(description="Of this message; it stays when only the end changes.", examples=["5f2b9c01"])
    where: str = Field(
        description="Whose callers hear it: `queue:ID`, `sub_hotline:ID` or `menu:ID`; empty: all new callers.",
        examples=["", "queue:water"],
    )
    mode: When
    after: str = Field(description="What comes after a message instead of the menus.", examples=["goodbye"])
    spoken: list[SpokenOut]
    begun: Time
    until: Time
    actor: str = Field(description="Who switched it on, or gave it its end.", examples=["user:wang"])


def out(emergency: Emergency) -> EmergencyOut:
    """The message as HTTP shows it."""
    return EmergencyOut.model_validate(emergency)  # pydantic reads seconds since the epoch


# When a message ends: what a person wrote, as a moment. Pure.
#
# `06:00` is the next time that the hotline's clock shows 06:00, whatever the clock does in that night:
#
# - The clock goes back: an hour comes twice. The next of the two counts.
# - The clock goes forward: times are left out. One of them is the moment of the change.


LEAST = 60.0
"""Seconds that a message is on at least."""

_CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[:：]([0-5][0-9])")
_PARTS = re.compile(r"(?:[0-9.]+[smhd])+")
_PART = re.compile(r"[0-9.]+[smhd]")


class BadEnd(ValueError):
    """No message may end then. The sentence says why, and what to write."""


def end(written: str, now: float, zone: tzinfo, longest: float) -> float:
    """The moment in seconds since the epoch. `now` too; `longest`: seconds that a message may be on.

    `written`: a time of the clock (`06:00`), how long (`2h`, `1h30m`), or a date with a time (ISO 8601; without a zone
    it is the hotline's, `zone`). Raises BadEnd.
    """
    moment = _moment(written.strip(), now, zone)
    if moment < now + LEAST:
        raise BadEnd(
            Sentence("{moment} is over, or less than a minute away: give a later end", moment=shown(moment, zone))
        )
    if moment > now + longest:
        raise BadEnd(
            Sentence(
                "{moment} is more than {duration} away, and a message is on for so long at most: give an "
                "earlier end, and renew the message before it",
                moment=shown(moment, zone),
                duration=duration(longest),
            )
        )
    return moment


def _moment(text: str, now: float, zone: tzinfo) -> float:
    if clock := _CLOCK.fullmatch(text):
        return _next_shown(int(clock[1]) * 60 + int(clock[2]), now, zone)
    length = _length(text) if _PARTS.fullmatch(text) else None
    try:
        moment = _written(text, zone) if length is None else now + length
        datetime.fromtimestamp(moment, zone)  # the zone's clock has to have that year, to show it
    except (ValueError, OverflowError):
        raise BadEnd(
            Sentence(
                "{text!r} is not an end: write a time such as 06:00, how long such as 2h, or a date with a "
                "time such as 2025-03-03 06:00",
                text=shortened(text, 30),
            )
        ) from None
    return moment


def _length(text: str) -> float:
    """The seconds of `2h` or `1h30m`. Raises BadEnd."""
    try:
        return sum(seconds(part) for part in _PART.findall(text))
    except BadDuration as bad:
        raise BadEnd(Sentence("{said}: {hint}", said=bad.message, hint=bad.hint)) from None


def _written(text: str, zone: tzinfo) -> float:
    """A date with a time. Raises ValueError, OverflowError."""
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo is not None else at.replace(tzinfo=zone)).timestamp()


def _next_shown(minute: int, now: float, zone: tzinfo) -> float:
    """The first moment after `now` at which the clock shows that minute of a day, or jumps over it."""
    today = datetime.fromtimestamp(now, zone).date()
    found = []
    for ahead in (-1, 0, 1, 2):  # the clock may go back over midnight
        day = today + timedelta(days=ahead)
        found.append(first_shown(zone, day, minute))
        wall = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone, fold=1)
        again = wall.timestamp()
        if datetime.fromtimestamp(again, zone).replace(tzinfo=None) == wall.replace(tzinfo=None, fold=0):
            found.append(again)
    return min(moment for moment in found if moment > now)
