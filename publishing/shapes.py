"""What HTTP tells of a hotline's problems, and of the folder that came into use."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, field_validator

from agents.api import number
from drawing.api import MOST_DAYS
from hotline.edits.edit import LONGEST_PATH
from hotline.problem import Problem, translated
from sentences.languages import said
from sentences.sentence import Sentence
from web.problems import Refusal

LARGEST = 9 * 1024 * 1024
"""Bytes of a request that sends files: three of a million bytes, of which each takes up to three in JSON."""


class ProblemOut(BaseModel):
    """One problem of the hotline's folder. Line and column count from 1."""

    model_config = ConfigDict(from_attributes=True)

    level: Literal["error", "warning"]
    code: str = Field(examples=["dangling-destination"])
    file: str = Field(examples=["hotline.yaml"])
    line: int = Field(examples=[12])
    column: int = Field(examples=[5])
    message: str
    hint: str = Field(description="What to do.")


TAKEN_BACK = "A sentence about the version before, if it was published elsewhere and the folder replaced it; or null."


class ReloadOut(BaseModel):
    """The hotline that is in use now."""

    version: str = Field(description="A digest of the folder's contents.")
    changed: bool = Field(description="False: the folder has the same contents as before.")
    problems: list[ProblemOut] = Field(description="Warnings.")
    removed: list[str] = Field(
        description="A sentence for each queue that was taken out: how many callers waited there, and where they go."
    )
    taken_back: str | None = Field(description=TAKEN_BACK)


def problems_out(found: Sequence[Problem], language: str) -> list[ProblemOut]:
    """The problems with their sentences in `zh` or `en`."""
    return [ProblemOut.model_validate(translated(problem, language)) for problem in found]


class Broken(Refusal):
    """The answer to a reload of a folder with errors. `found`: all its problems."""

    def __init__(self, detail: str, found: Sequence[Problem], language: str) -> None:
        problems = [problem.model_dump() for problem in problems_out(found, language)]
        super().__init__(422, detail, {"problems": problems})
        self.found = found


def broken(found: Sequence[Problem], language: str = "en") -> Broken:
    """The answer to a reload of a folder with errors; it has all of them, warnings too."""
    errors = [problem for problem in found if problem.level == "error"]
    first = said(errors[0].words, language)
    if len(errors) == 1:
        one = Sentence("The hotline has 1 error and was not taken into use; the first: {first}", first=first)
        return Broken(one, found, language)
    detail = Sentence(
        "The hotline has {count} errors and was not taken into use; the first: {first}", count=len(errors), first=first
    )
    return Broken(detail, found, language)


_Text = Annotated[str, Field(max_length=LARGEST)]
_Day = Annotated[int, Field(ge=1, le=MOST_DAYS), BeforeValidator(number)]
_Number = Annotated[int, Field(ge=1, le=2**31), BeforeValidator(number)]
_NodeName = Annotated[
    str,
    Field(description="As the drawing names it in `data-place`: a section and a name.", examples=["menus/main"]),
]


class FilesIn(BaseModel):
    """The files of a draft. Recordings and lists of callers are those of the hotline's folder."""

    model_config = ConfigDict(extra="forbid")

    hotline: _Text = Field(alias="hotline.yaml", description="Menus, queues, sub-hotlines.")
    agents: _Text = Field(alias="agents.yaml", description="The agents. It needs no passwords.")
    tests: _Text | None = Field(default=None, alias="tests.yaml", description="Tests of the menus; null: none.")


class DraftIn(BaseModel):
    """A draft."""

    files: FilesIn


class WalkIn(DraftIn):
    """A caller who walks through a draft. What is left out is as with a call of now to the first number."""

    at: str | None = Field(
        default=None,
        max_length=40,
        description="When, in the hotline's time zone: a date and a time, or a time of today.",
        examples=["2026-10-01 09:00"],
    )
    number: str | None = Field(default=None, max_length=40, description="The dialled one.", examples=["12319"])
    caller: str = Field(
        default="", pattern=r"^(\+?[0-9]{1,20})?$", description="The caller's own number; empty: hidden."
    )
    language: str | None = Field(default=None, max_length=20, description="In which the call begins.", examples=["zh"])
    keys: list[Annotated[str, Field(pattern=r"^([0-9*#]|silence)$")]] = Field(
        default=[],
        max_length=200,
        description="What the caller does, in order; `silence`: no key is pressed.",
        examples=[["2", "1"]],
    )


class ReplayIn(DraftIn):
    """A draft, and whose calls it is tried with."""

    days: _Day = Field(default=7, description="Callers of so many days.")


class DifferencesIn(DraftIn):
    """A draft, and what it is compared with."""

    against: _Number | None = Field(default=None, description="The number of a version; null: the hotline in use.")


_Step = Annotated[str, Field(max_length=200)] | Annotated[int, Field(ge=0, le=100_000), BeforeValidator(number)]
_Path = Annotated[
    list[_Step],
    Field(
        min_length=1,
        max_length=LONGEST_PATH,
        description="The keys, and indexes in lists from 0, that lead to it.",
        examples=[["queues", "water", "ring"], ["agents", 0, "name"]],
    ),
]


class EditIn(BaseModel):
    """One edit. What the path needs and the file does not have is made."""

    model_config = ConfigDict(extra="forbid")

    do: Literal["set", "remove", "rename"] = Field(
        description="`rename`: the last key of the path is `to` from now on; with a key that is there the two are "
        "exchanged. In a list the members at that index and at the index `to` are exchanged."
    )
    file: Literal["hotline.yaml", "agents.yaml", "tests.yaml"]
    path: _Path
    value: JsonValue = Field(default=None, description="For `set`; of a mapping the keys that it does not have go.")
    to: str = Field(default="", max_length=200, description="For `rename`.")

    @field_validator("value")
    @classmethod
    def _of_whole_characters(cls, value: JsonValue) -> JsonValue:
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise ValueError(Sentence("a text has half of a character")) from None
        return value


class EditsIn(DraftIn):
    """A draft, and what to change in its files."""

    edits: list[EditIn] = Field(
        default=[], max_length=50, description="In order, all or none. None: only `values` are wanted."
    )


class DraftCheckOut(BaseModel):
    """What `check` says of a draft, its tests included."""

    usable: bool = Field(description="No error: it could be published.")
    problems: list[ProblemOut] = Field(description="In the order of the files.")
    more: int = Field(description="How many problems are not listed.")


class PlacedProblemOut(ProblemOut):
    """A problem, and the value that it is about."""

    path: list[str | int] = Field(description="Empty: the file, or none of its values.", examples=[["queues", "gas"]])


class PathInFile(BaseModel):
    """A value in a file."""

    file: str
    path: list[str | int]


class CountryOut(BaseModel):
    """What is known of a country's holidays, from this year on."""

    weekend: list[int] = Field(description="Days of the week that are not worked, 0 for Monday.")
    holidays: list[date] = Field(description="Public holidays, those in a weekend too.")
    makeup: list[date] = Field(description="Days of a weekend that are worked instead of a holiday.")
    until: date | None = Field(description="Nothing is known of days after it; null: no end.")


class EditsOut(BaseModel):
    """The files after the edits."""

    files: dict[str, str] = Field(description="The new text of each file that changed.")
    also: list[PathInFile] = Field(description="Other paths that changed with it: they stand for the same by `*`.")
    values: dict[str, JsonValue] = Field(description="By file what it says; null: it cannot be read, or there is none.")
    countries: dict[str, CountryOut] = Field(
        description="By its code, each country that a calendar names; ten at most."
    )
    usable: bool = Field(description="No error: it could be published.")
    problems: list[PlacedProblemOut] = Field(description="What `check` says of it, in the order of the files.")
    more: int = Field(description="How many problems are not listed.")


class SaidOut(BaseModel):
    """One clip that the caller hears."""

    language: str = Field(examples=["zh"])
    text: str
    speaker: Literal["recording", "voice", "draft"] | None = Field(
        description="A person; the natural voice, or the administrator's own; the draft voice, which callers do not "
        "understand; null: the text is new, and is spoken when its `sound` is asked for."
    )
    seconds: float | None = Field(description="How long it is; null: there is no sound yet.")
    sound: str | None = Field(
        description="Where it can be heard. A new text is spoken then, which takes some seconds. Null: it cannot be "
        "spoken here; `unvoiced` says why.",
        examples=["/api/v1/drafts/sounds/0b7c5a0d2f4e6918"],
    )


class StepOut(BaseModel):
    """One thing that the caller meets, and what the caller does then."""

    at_s: float | None = Field(description="Seconds of the call when it begins; null: a sound before is not made yet.")
    place: _NodeName | None = Field(description="Null: a message is said.")
    where: str = Field(description="The same in words.", examples=["the menu main"])
    language: str = Field(description="The caller's.", examples=["zh"])
    said: list[SaidOut] = Field(description="What is heard, clip by clip; nothing where the call leaves the menus.")
    wait_s: float = Field(description="Seconds that the caller has for a key after it.")
    did: str | None = Field(description="The key, or `silence`; null: nothing.", examples=["2"])
    leads: bool = Field(description="That key leads somewhere: it is not a wrong one.")


class WalkOut(BaseModel):
    """A caller's whole way."""

    head: str = Field(description="The caller in a line.")
    at: str = Field(description="When, with the hotline's time zone.", examples=["2026-10-01T09:00:00+08:00"])
    number: str
    caller: str
    language: str = Field(description="The caller's at the end.")
    steps: list[StepOut]
    unvoiced: str | None = Field(description="Why new texts cannot be heard on this machine; null: all can be heard.")
    keys: dict[str, str] = Field(description="What may be pressed at the end, and where it leads, in words.")
    asks: bool = Field(description="The caller is in a menu at the end: silence and wrong keys count there.")
    left: list[str] = Field(description="Keys that did nothing: the call had left the menus.")
    numbers: list[str] = Field(description="All that can be dialled.")
    languages: list[str] = Field(description="All that the draft speaks; the first is the default.")


class TestOut(BaseModel):
    """One test of tests.yaml."""

    name: str
    line: int
    passed: bool
    problems: list[ProblemOut] = Field(description="What was not as expected.")


class ChoiceOut(BaseModel):
    """Something that a caller may do."""

    place: _NodeName
    choice: str = Field(description="A key, `silence`, or `invalid`: a wrong key.", examples=["2"])


class TestsOut(BaseModel):
    """What came of the tests of a draft, and which choices none of them makes."""

    summary: str = Field(description="All of it in a sentence.")
    tests: list[TestOut] = Field(description="In the order of the file.")
    choices: int = Field(description="All that callers may do in menus and queues.")
    missing: list[ChoiceOut] = Field(description="Choices that no test makes.")


class ChangeOut(BaseModel):
    """What changes for some callers."""

    callers: int
    sentence: str
    place: _NodeName | None = Field(description="Where their ways part; null: at the beginning.")


class ReplayOut(BaseModel):
    """Which callers of the last days would have ended elsewhere under a draft."""

    summary: str = Field(description="All of it in a sentence.")
    days: int
    callers: int
    elsewhere: int = Field(description="How many of them would have ended elsewhere.")
    not_counted: int = Field(description="Calls whose menus began again, or which came to no menu and no queue.")
    changes: list[ChangeOut] = Field(description="The most callers first.")


class DifferenceOut(BaseModel):
    """What changes for callers."""

    place: _NodeName | None = Field(description="Null: it concerns the whole hotline.")
    sentence: str
