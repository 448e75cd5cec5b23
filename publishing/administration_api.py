"""What an administrator does over HTTP: use the edited hotline, restart the service, turn calls away."""

from collections.abc import Sequence
from typing import Annotated, Literal, Protocol

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from accounts.asking import Asking, note_detail
from base.log import without_numbers
from hotline.problem import Problem as HotlineProblem
from hotline.translation import translated
from journal.actor import Actor
from sentences.languages import said
from sentences.sentence import Sentence
from web.problems import Refusal, Wanted


class Operations(Protocol):
    """Carries the operations out. `actor`: who asks. An operation that was not done raises NotDone."""

    async def reload(self, actor: Actor, language: str) -> "ReloadOut":
        """`language`: of the sentences about removed queues. Raises the `broken` refusal too."""

    async def restart(self, wait: float, actor: Actor) -> int:
        """Stop, to be started again, once the calls in the menus are over, after `wait` seconds at the latest.
        Answers how many these calls are. Not done where nothing would start the service again.
        """

    async def drain(self, on: bool, actor: Actor) -> None:
        """Turn new calls away with a message, or take them again."""


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


class RestartIn(BaseModel):
    """When the service is to be restarted."""

    wait_s: Annotated[
        float, Field(ge=0, le=60, strict=True, description="Seconds that calls in the menus have at most.")
    ] = 60


class RestartOut(BaseModel):
    """The service restarts soon: new calls ring until the next service answers."""

    in_menus: int = Field(description="Calls in the menus, which finish first.")


class DrainIn(BaseModel):
    """Whether new calls are turned away."""

    on: StrictBool


def router(operations: Operations) -> APIRouter:
    """`POST /reload`, `POST /restart` and `PUT /drain`."""
    routes = APIRouter()

    @routes.post(
        "/reload",
        summary="Take the edited hotline into use",
        tags=["administration"],
        responses={
            409: {"description": "Nobody has edited the folder since another version was published elsewhere."},
            422: {"description": "The folder has errors; `problems` lists them, the old version stays in use."},
            503: {"description": "It could not be done, the old version stays in use."},
        },
    )
    async def reload(asker: Asking, language: Wanted, request: Request) -> ReloadOut:
        """Publishes the folder, whichever version is in use; `POST /versions` can do more. Whole or not at all.
        Live calls keep the version that they began with.

        All sentences are in the first of `zh` and `en` that `Accept-Language` names.
        """
        try:
            return await operations.reload(asker.actor, language)
        except Broken as refusal:
            refused = broken(refusal.found, language)
            note_detail(request, without_numbers(refused.detail))
            raise refused from None

    @routes.post(
        "/restart",
        status_code=202,
        summary="Restart the service",
        tags=["administration"],
        responses={503: {"description": "Nobody would start it again; nothing was done."}},
    )
    async def restart(wanted: RestartIn, asker: Asking) -> RestartOut:
        """Calls in the menus finish first. Waiting callers and talks go on; the next service takes them up."""
        return RestartOut(in_menus=await operations.restart(wanted.wait_s, asker.actor))

    @routes.put(
        "/drain",
        summary="Close the hotline for maintenance, or open it again",
        tags=["administration"],
        responses={503: {"description": "It could not be done; the sentence says why."}},
    )
    async def drain(wanted: DrainIn, asker: Asking) -> DrainIn:
        """While the hotline is closed, new callers hear that and other calls go on. A restart does not open it."""
        await operations.drain(wanted.on, asker.actor)
        return wanted

    return routes


def told(found: Sequence[HotlineProblem], language: str) -> list[ProblemOut]:
    """The problems with their sentences in `zh` or `en`."""
    return [ProblemOut.model_validate(translated(problem, language)) for problem in found]


class Broken(Refusal):
    """The answer to a reload of a folder with errors. `found`: all its problems."""

    def __init__(self, detail: str, found: Sequence[HotlineProblem], language: str) -> None:
        problems = [problem.model_dump() for problem in told(found, language)]
        super().__init__(422, detail, {"problems": problems})
        self.found = found


def broken(found: Sequence[HotlineProblem], language: str = "en") -> Broken:
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
