"""Who calls: lists of callers and what they do, a city's districts, and the files that hold numbers. Pure."""

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from typing import Annotated, Protocol

from pydantic import BaseModel, ConfigDict, Field, model_validator

from hotline.problem import Problem, Spot, error
from ivr.model import Destination, Name
from sentences.sentence import Sentence
from sounds.model import Texts

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
    # The length apart: with `{0,79}` behind a \w, the pattern takes 25 ms to compile, at each start of a program.
    file: Annotated[str, Field(pattern=r"^\w[\w.-]*$", max_length=80)] | None = Field(
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


# Districts of a city: who calls from which. Pure.


class District(BaseModel):
    """A district, and who calls from there unless the caller says otherwise."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Texts = Field(
        description="Shown, not spoken; 80 characters at most.", examples=[{"zh": "虹口区", "en": "Hongkou"}]
    )
    numbers: Annotated[tuple[Pattern, ...], Field(min_length=1)] = Field(
        default=(),
        description="Numbers of callers there; `*` at the end: all that begin so. The longest beginning counts.",
        examples=[["0216252*"]],
    )
    callers: Annotated[tuple[Name, ...], Field(min_length=1)] = Field(
        default=(),
        description="Lists of callers who are there, whatever their numbers.",
        examples=[["hongkou-offices"]],
    )


class Divided(Protocol):
    """A queue or a sub-hotline that may have one of its kind for each district."""

    @property
    def districts(self) -> Mapping[str, str]: ...
    @property
    def ask(self) -> str | None: ...


def district_of(caller: str, listed: str | None, districts: Mapping[Name, District]) -> Name | None:
    """The district of a caller by the list, else by the number; None: nobody knows."""
    for name, district in districts.items():
        if listed is not None and listed in district.callers:
            return name
    written = SEPARATORS.sub("", caller)
    best: tuple[int, Name] | None = None
    for name, district in districts.items():
        length = max((_fits(written, pattern) for pattern in district.numbers), default=0)
        if length > (best[0] if best else 0):
            best = length, name
    return best[1] if best else None


def _fits(written: str, pattern: str) -> int:
    """How many characters of the number the pattern fixes; 0: it is another number."""
    if pattern.endswith("*"):
        return len(pattern) - 1 if written.startswith(pattern[:-1]) else 0
    return len(written) + 1 if bare(written) == bare(pattern) else 0


# Files with callers' numbers: one number a line. Pure.


LARGEST = 5_000_000
"""Bytes of one file."""

MOST = 200_000
"""Numbers in one file."""

MOST_SHOWN = 20
"""Wrong lines of one file that are shown."""

_NUMBER = re.compile(r"\+?[0-9]{3,20}")


def read(data: bytes, file: str) -> tuple[frozenset[str], list[Problem]]:
    """The numbers of a list's file, bare: one a line, with separators or without; `#` begins a comment."""
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as wrong:
        spot = Spot(file, data[: wrong.start].count(b"\n") + 1, 1)
        return frozenset(), [
            error("bad-encoding", spot, Sentence("this is not UTF-8 text"), Sentence("save the file as UTF-8"))
        ]
    problems: list[Problem] = []
    found = frozenset(_numbers(lines, file, problems))
    if len(found) > MOST:
        message = Sentence("{count:,} numbers", count=len(found))
        problems.append(
            error("too-many", Spot(file, 1, 1), message, Sentence("use {count:,} at most in one list", count=MOST))
        )
    return found, problems


def _numbers(lines: list[str], file: str, problems: list[Problem]) -> Iterator[str]:
    for index, line in enumerate(lines, 1):
        written = SEPARATORS.sub("", line.partition("#")[0])
        if not written:
            continue
        if _NUMBER.fullmatch(written):
            yield bare(written)
        elif len(problems) < MOST_SHOWN:
            spot = Spot(file, index, len(line) - len(line.lstrip()) + 1)
            message, hint = (
                Sentence("this line is not a telephone number"),
                Sentence("write one number of 3 to 20 digits a line"),
            )
            problems.append(error("bad-number", spot, message, hint))
