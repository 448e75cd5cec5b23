"""Lists of callers: who is on which, and what a list does. Pure."""

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ivr.model import Destination, Name
from sentences.sentence import Sentence

LIST = "list"
"""Under this name a caller's list is known."""

Pattern = Annotated[str, Field(pattern=r"^\+?[0-9]{3,20}\*?$")]
"""A caller's number, or the beginning of numbers and a `*`."""

SEPARATORS = re.compile(r"[\s()./_-]+")
"""What people write between the digits of a number."""

_CALLER = re.compile(r"\+?[0-9]+")


def bare(number: str) -> str:
    """Digits without what says that an area or a country comes first: `+86138` and `0086138` are `86138`."""
    digits = number.removeprefix("+")
    return digits.lstrip("0") or digits


class CallerList(BaseModel):
    """One list. `numbers` and the lines of `file` are its callers.

    then      where their calls go after the greeting; None: as all others
    priority  seconds of head start in every queue
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    numbers: Annotated[tuple[Pattern, ...], Field(min_length=1)] = Field(
        default=(),
        description="Callers' numbers, or with * at the end all that begin so, in quotation marks.",
        examples=[["13800138000", "0216*"]],
    )
    file: Annotated[str, Field(pattern=r"^\w[\w.-]{0,79}$")] | None = Field(
        default=None,
        description="A file in the hotline's folder with one number in each line.",
        examples=["seniors.txt"],
    )
    then: Destination | None = Field(
        default=None,
        description="Where their calls go after the greeting. Left out: where all go.",
        examples=[{"queue": "general"}],
    )
    priority: Annotated[float, Field(ge=0, le=3_600)] = Field(
        default=0, description="The head start of their calls in queues.", examples=["60s"]
    )

    @model_validator(mode="after")
    def _has_callers(self) -> "CallerList":
        if not {"numbers", "file"} & self.model_fields_set:
            raise ValueError(Sentence("give `numbers`, or a `file` with one number a line"))
        return self

    @cached_property
    def beginnings(self) -> tuple[str, ...]:
        """What the numbers begin with that are given by their beginning."""
        return tuple(number[:-1] for number in self.numbers if number.endswith("*"))

    @cached_property
    def whole(self) -> frozenset[str]:
        """The other numbers, bare."""
        return frozenset(bare(number) for number in self.numbers if not number.endswith("*"))


def list_of(caller: str, lists: Mapping[Name, CallerList], filed: Mapping[Name, Collection[str]]) -> Name | None:
    """The first list that has the caller, as `lists_of`; None: none has."""
    return next(lists_of(caller, lists, filed), None)


def lists_of(caller: str, lists: Mapping[Name, CallerList], filed: Mapping[Name, Collection[str]]) -> Iterator[Name]:
    """All lists that have the caller, in their order; none has a number that is not a telephone's, or withheld.

    `filed`: the numbers of the lists' files, bare.
    """
    written = SEPARATORS.sub("", caller)
    if not _CALLER.fullmatch(written):
        return
    number = bare(written)
    for name, callers in lists.items():
        if number in callers.whole or number in filed.get(name, ()) or written.startswith(callers.beginnings):
            yield name
