"""What HTTP tells of a hotline's problems, and of the folder that came into use."""

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from hotline.problem import Problem, translated
from sentences.languages import said
from sentences.sentence import Sentence
from web.problems import Refusal


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
