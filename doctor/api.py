"""What operators and administrators look at over HTTP: what `doctor` and `check` find, each in a program of its own,
and where the calls are now.
"""

import asyncio
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import structlog
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from base.failure import NotDone, without_paths
from base.folders import CHECKOUT
from calls.live.intake import Intake
from calls.model import CallState
from publishing.shapes import ProblemOut
from sentences.languages import LANGUAGES
from settings.settings import Settings
from sounds.programs import end, start
from web.fields import Time
from web.pages import Joined
from web.problems import Wanted


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


def calls_now(tally: Mapping[CallState, int]) -> CallsNow:
    """The same by where callers are, under the names that HTTP has."""
    return CallsNow(
        menu=tally.get(CallState.MENU, 0),
        waiting=tally.get(CallState.WAITING, 0),
        ringing=tally.get(CallState.RINGING, 0),
        talking=tally.get(CallState.TALKING, 0),
        leaving=tally.get(CallState.SURVEY, 0),
    )


# What `doctor` and `check` find, for HTTP: each is a program of its own, with the least priority, so that calls go
# on.
#
# Both read and parse for seconds. In a thread of the service they would share its interpreter with calls.


log = structlog.get_logger(__name__)

WITHIN_S = 60.0
"""Seconds that a program has. `doctor` asks a mirror of packages, and this machine's name server."""

MOST_PROBLEMS = 500
"""Problems of a folder that are shown; who has more begins with these."""

LEAST_PRIORITY = 19


@dataclass(eq=False)
class Examination:
    """What is looked at for HTTP. `version`: of the hotline in use. `tally`: how many calls are where.
    `alone` answers why nothing would start the service again, or None.
    """

    settings: Settings
    intake_: Intake
    version: Callable[[], str]
    tally: Callable[[], Mapping[CallState, int]]
    alone: Callable[[], str | None]

    async def doctor(self) -> Sequence[FindingOut]:
        """What `./wutong doctor` finds. Raises NotDone."""
        folders = {
            str(self.settings.folder.root): "STATE",
            str(self.settings.hotline): "HOTLINE",
            str(CHECKOUT): "WUTONG",
        }
        found = await self._said("doctor")
        findings = (FindingOut.model_validate(finding) for finding in found)
        return [
            finding.model_copy(
                update={
                    "sentence": without_paths(finding.sentence, folders),
                    "chinese": without_paths(finding.chinese, folders),
                }
            )
            for finding in findings
        ]

    async def check(self, language: str) -> CheckOut:
        """What `./wutong check` says of the hotline's folder, in `zh` or `en`. Raises NotDone."""
        listed = await self._said("check", self.settings.hotline, language=language)
        problems = [ProblemOut.model_validate(problem) for problem in listed]
        return CheckOut(
            in_use=self.version(),
            usable=all(problem.level != "error" for problem in problems),
            problems=problems[:MOST_PROBLEMS],  # in the order of the files
            more=max(0, len(problems) - MOST_PROBLEMS),
        )

    def intake(self) -> IntakeOut:
        return IntakeOut(
            drained_since=self.settings.folder.drained_since(),
            restarting=self.intake_.leaving,
            calls=calls_now(self.tally()),
            no_restart=self.alone(),
        )

    async def _said(self, command: str, *arguments: object, language: str = "en") -> Any:
        """What that command of ./wutong says of this hotline, as JSON, its sentences in `zh` or `en`."""
        words = (command, *map(str, arguments), "--state", str(self.settings.folder.root), "--json")
        here = {"LC_ALL": "zh_CN.UTF-8" if language == "zh" else "C.UTF-8", "PYTHONUTF8": "1"}
        return await said(words, {"WUTONG_LISTEN": str(self.settings.listen), **here})


async def said(words: Sequence[str], environment: Mapping[str, str]) -> Any:
    """Run that command of ./wutong; answers its JSON. Raises NotDone."""
    command = words[0]
    process = await start(
        sys.executable,
        "-P",
        "-m",
        "service",
        *words,
        cwd=CHECKOUT,
        env={**os.environ, **environment},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        os.setpriority(os.PRIO_PROCESS, process.pid, LEAST_PRIORITY)
        async with asyncio.timeout(WITHIN_S):
            output, complaint = await process.communicate()
    except TimeoutError:
        raise NotDone(
            "`{command}` took longer than {seconds:.0f} s: give it on the machine itself",
            command=command,
            seconds=WITHIN_S,
        ) from None
    finally:
        await end(process)
    try:
        return json.loads(output)
    except ValueError:
        log.error("examination-failed", command=command, status=process.returncode, why=complaint.decode()[-2000:])
        raise NotDone("`{command}` did not work; the log says why", command=command) from None


def router(examination: Examination) -> APIRouter:
    """`GET /doctor`, `GET /check` and `GET /intake`."""
    routes = APIRouter(tags=["administration"])
    failing: dict[int | str, dict[str, Any]] = {503: {"description": "It could not be done; the sentence says why."}}
    doctor = Joined(examination.doctor)
    checks = {language: Joined(partial(examination.check, language)) for language in LANGUAGES}

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
        return examination.intake()

    return routes
