"""Callbacks: what a queue promises to callers who do not want to wait on the line."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from ivr.model import Key, Name

ROUNDED = 600.0
"""Seconds: an interval that is promised begins and ends at a multiple of them."""


def interval(promised: float, expected: float) -> tuple[float, float]:
    """From when until when a citizen can expect the call, in epoch seconds: from half of the expected wait to one and a
    half, to whole ROUNDED outwards. `promised`: when it was promised; `expected`: seconds.
    """
    begin, end = promised + expected / 2, promised + 1.5 * expected
    return begin // ROUNDED * ROUNDED, (end // ROUNDED + 1) * ROUNDED


class Offer(BaseModel):
    """When waiting callers hear of it, with the queue's announcements."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    estimate: Annotated[float, Field(ge=0, le=86_400)] = Field(
        default=180, description="The expected wait from which on callers hear of it.", examples=["3m"]
    )


class CallbackRule(BaseModel):
    """Waiting callers may hang up, keep their places and be called back."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Key = Field(description="The key by which a waiting caller asks for it.", examples=["2"])
    offer: Offer = Field(
        default=Offer(), description="When callers hear of it: with the announcements.", examples=[{"estimate": "3m"}]
    )
    confirm: bool = Field(
        default=True,
        description="Whether the citizen who answers must press 1, which no mailbox does. false: need not.",
    )
    tries: Annotated[int, Field(ge=1, le=10)] = Field(
        default=3, description="How often a citizen is dialled who is not reached.", examples=[3]
    )
    again: Annotated[float, Field(ge=10, le=86_400)] = Field(
        default=900, description="How long after a try the next one is.", examples=["15m"]
    )
    hours: Name | None = Field(
        default=None,
        description="The name of the opening hours in which citizens are called. Left out: at any time.",
        examples=["office"],
    )
