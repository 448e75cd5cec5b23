"""What operators and administrators look at over HTTP: what `doctor` and `check` find, and where the calls are now."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Literal, Protocol

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from calls.model import CallState
from publishing.administration_api import ProblemOut
from sentences.languages import LANGUAGES
from web.fields import Time
from web.languages import Wanted
from web.pages import Joined


class FindingOut(BaseModel):
    """One thing that `doctor` looked at. Folders are named by what they are: STATE, HOTLINE, WUTONG."""

    model_config = ConfigDict(from_attributes=True)

    level: Literal["right", "odd", "wrong"] = Field(
        description="`odd`: it works, but somebody should know; `wrong`: it does not work."
    )
    what: str = Field(examples=["disk"])
    sentence: str = Field(description="What is so, and what to do.")
    chinese: str = Field(description="The same in Chinese; what another program said stays as it was.")


class CheckOut(BaseModel):
    """What `check` says of the hotline's folder as it is now."""

    in_use: str = Field(description="The version that calls use: a digest of the folder's contents.")
    usable: bool = Field(description="No error: a reload would take the folder into use.")
    problems: list[ProblemOut] = Field(description="In the order of the files.")
    more: int = Field(description="How many problems are not listed.")


class CallsNow(BaseModel):
    """How many calls are where."""

    menu: int = Field(description="In the menus, or on the way to one.")
    waiting: int = Field(description="In a queue.")
    ringing: int = Field(description="An agent or a department is being rung.")
    talking: int
    leaving: int = Field(description="At the goodbye.")


class IntakeOut(BaseModel):
    """Whether new calls are taken, and what a drain or a restart would meet."""

    drained_since: Time | None = Field(description="Since when new callers are turned away; null: they are not.")
    restarting: bool = Field(description="A restart was ordered, and the last calls in the menus are waited for.")
    calls: CallsNow
    no_restart: str | None = Field(
        description="Why nothing would start the service again if it ended now; null: something would."
    )


class Examining(Protocol):
    """Looks. Raises NotDone where that does not work."""

    async def doctor(self) -> Sequence[FindingOut]: ...

    async def check(self, language: str) -> CheckOut:
        """Its sentences in `zh` or `en`."""

    def intake(self) -> IntakeOut: ...


def router(examining: Examining) -> APIRouter:
    """`GET /doctor`, `GET /check` and `GET /intake`."""
    routes = APIRouter(tags=["administration"])
    failing: dict[int | str, dict[str, Any]] = {503: {"description": "It could not be done; the sentence says why."}}
    doctor = Joined(examining.doctor)
    checks = {language: Joined(partial(examining.check, language)) for language in LANGUAGES}

    @routes.get("/doctor", summary="What `doctor` finds", responses=failing)
    async def findings() -> list[FindingOut]:
        """Takes seconds. Who asks meanwhile gets the same answer."""
        return list(await doctor.answer())

    @routes.get("/check", summary="What is wrong with the hotline's folder as it is now", responses=failing)
    async def problems(language: Wanted) -> CheckOut:
        """Changes nothing: `POST /reload` takes the folder into use.

        The sentences are in the first of `zh` and `en` that `Accept-Language` names.
        """
        return await checks[language].answer()

    @routes.get("/intake", summary="Whether new calls are taken, and where the calls are")
    async def intake() -> IntakeOut:
        """What `PUT /drain` and `POST /restart` would meet."""
        return examining.intake()

    return routes


def calls_now(tally: Mapping[CallState, int]) -> CallsNow:
    return CallsNow(
        menu=tally.get(CallState.MENU, 0),
        waiting=tally.get(CallState.WAITING, 0),
        ringing=tally.get(CallState.RINGING, 0),
        talking=tally.get(CallState.TALKING, 0),
        leaving=tally.get(CallState.SURVEY, 0),
    )
