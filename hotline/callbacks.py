"""Callbacks: what a queue promises to callers who do not want to wait on the line, and when it may call them. Pure."""

from collections.abc import Collection
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ivr.model import Key, Name
from ivr.timetable import Timetable
from sentences.sentence import Sentence

Cause = Literal["busy", "no-answer", "declined", "invalid", "unreachable", "not-confirmed"]
"""Why a try came to nothing."""

SOON, LATE = 300.0, 3_600.0
"""Seconds: who is busy is tried again after SOON at the latest, who declines after LATE at the earliest, if the queue
does not say otherwise."""

_TRIES = {"declined": 2, "invalid": 1}
"""After so many tries that end so a callback is over, if the queue does not say otherwise."""


class Offer(BaseModel):
    """When waiting callers hear of it, with the queue's announcements."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    estimate: Annotated[float, Field(ge=0, le=86_400)] = Field(
        default=180, description="The expected wait from which on callers hear of it.", examples=["3m"]
    )


class Tries(BaseModel):
    """What follows a try that ends in one way. None: what holds for all."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    again: Annotated[float, Field(ge=10, le=86_400)] | None = Field(
        default=None, description="How long after such a try the next one is.", examples=["5m"]
    )
    tries: Annotated[int, Field(ge=1, le=10)] | None = Field(
        default=None, description="After how many such tries the callback is over.", examples=[2]
    )


def _tries(description: str) -> Any:
    return Field(default=Tries(), description=description, examples=[{"again": "30m", "tries": 1}])


class Causes(BaseModel):
    """What follows a try, by why the citizen was not reached: each `Cause`, with `_` for its hyphen."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    busy: Tries = _tries("`again`: `5m`, or the queue's if that is shorter.")
    no_answer: Tries = _tries("Nobody answered.")
    declined: Tries = _tries("`again`: `1h`, or the queue's if that is longer; `tries`: 2 at most.")
    invalid: Tries = _tries("There is no such number. `tries`: 1.")
    unreachable: Tries = _tries("The phone is off, or the network or the line did not take the call.")
    not_confirmed: Tries = _tries("Somebody or a mailbox answered, and pressed no key.")

    def of(self, cause: Cause) -> Tries:
        found: Tries = getattr(self, cause.replace("-", "_"))
        return found


class First(StrEnum):
    """Whose phone rings first."""

    CITIZEN = "citizen"
    AGENT = "agent"


class CallbackRule(BaseModel):
    """Waiting callers may hang up, keep their places and be called back."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Key = Field(description="The key by which a waiting caller asks for it.", examples=["2"])
    offer: Offer = Field(
        default=Offer(), description="When callers hear of it: with the announcements.", examples=[{"estimate": "3m"}]
    )
    first: First = Field(
        default=First.CITIZEN,
        description="Whose phone rings first. `citizen`: an agent is rung once the citizen has answered. `agent`: the "
        "citizen is dialled once an agent has picked up.",
    )
    confirm: bool = Field(
        default=True,
        description="Whether the citizen who answers must press 1, which no mailbox does. false: need not. Not with "
        "`first: agent`.",
    )
    tries: Annotated[int, Field(ge=1, le=10)] = Field(
        default=3, description="How often a citizen is dialled who is not reached, whatever the cause.", examples=[3]
    )
    again: Annotated[float, Field(ge=10, le=86_400)] = Field(
        default=900, description="How long after a try the next one is.", examples=["15m"]
    )
    causes: Causes = Field(
        default=Causes(),
        description="Another `again`, or fewer `tries`, by why the citizen was not reached.",
        examples=[{"busy": {"again": "2m"}, "declined": {"tries": 1}}],
    )
    grace: Annotated[float, Field(ge=0, le=14_400)] = Field(
        default=1_800,
        description="A citizen who was not reached by the last try, and rings in within this time, gets the old place "
        "in the queue back.",
        examples=["30m"],
    )
    hours: Name | None = Field(
        default=None,
        description="The name of the opening hours in which citizens are called. Left out: at any time.",
        examples=["office"],
    )

    @model_validator(mode="after")
    def _asked(self) -> "CallbackRule":
        if self.first is First.AGENT and "confirm" in self.model_fields_set:
            raise ValueError(
                Sentence("leave `confirm` out: with `first: agent` nobody asks the citizen to press a key")
            )
        return self

    @model_validator(mode="after")
    def _fewer(self) -> "CallbackRule":
        for cause in Causes.model_fields:
            tries = getattr(self.causes, cause).tries
            if tries is not None and tries > self.tries:
                raise ValueError(
                    Sentence("{cause} has more `tries` than there are in all: give the queue more", cause=cause)
                )
        return self

    def again_after(self, cause: Cause) -> float:
        """Seconds from a try that ended so to the next one."""
        given = self.causes.of(cause).again
        if given is not None:
            return given
        return {"busy": min(self.again, SOON), "declined": max(self.again, LATE)}.get(cause, self.again)

    def is_last(self, cause: Cause, ended_so: int, tried: int) -> bool:
        """Whether a try that ends so is the last one. `ended_so`: how many have ended so, this one included. `tried`:
        how many tries there were.
        """
        given = self.causes.of(cause).tries
        most = _TRIES.get(cause, self.tries) if given is None else given
        return tried >= self.tries or ended_so >= most


ROUNDED = 600.0
"""Seconds: an interval that is promised begins and ends at a multiple of them."""

FIRST_HOUR = 3_600.0
"""Seconds from the opening in which a citizen can expect the call, if it opens later and nobody knows the wait."""


def interval(promised: float, expected: float | None, opens: float) -> tuple[float, float] | None:
    """From when until when a citizen can expect the call, in epoch seconds; None: not known. From half of the expected
    wait to one and a half, to whole ROUNDED outwards. `opens`: from when on citizens may be called at the moment for
    which the call is expected. If that is later, it is among the first then.
    """
    if opens > promised + (expected or 0):
        begin, end = opens, opens + (FIRST_HOUR if expected is None else expected)
    elif expected is not None:
        begin, end = promised + expected / 2, promised + 1.5 * expected
    else:
        return None
    return begin // ROUNDED * ROUNDED, (end // ROUNDED + 1) * ROUNDED


LOOKS = 20
"""Closings that are looked through for a moment at which several hours are open."""

CLOSED_FOR = 3_600.0
"""Seconds to the next look at hours that do not open in sight."""


def opens(timetable: Timetable, names: Collection[str], at: float) -> float:
    """From when on all these hours are open at the same time: `at`, if they are; in epoch seconds. If that is not in
    sight: when to look again.
    """
    found = at
    for _ in range(LOOKS):
        openings = [timetable.opening(name, datetime.fromtimestamp(found, UTC)) for name in names]
        closed = [opening for opening in openings if not opening.open]
        if not closed:
            return found
        if any(opening.until is None for opening in closed):
            return at + CLOSED_FOR
        found = max(opening.until.timestamp() for opening in closed if opening.until is not None)
    return found
