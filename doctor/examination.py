"""What `doctor` and `check` find, for HTTP: each is a program of its own, with the least priority, so that calls go on.

Both read and parse for seconds. In a thread of the service they would share its interpreter with calls.
"""

import asyncio
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from base.failure import NotDone, without_paths
from base.folders import CHECKOUT
from calls.live.intake import Intake
from calls.model import CallState
from doctor.api import CheckOut, FindingOut, IntakeOut, calls_now
from publishing.administration_api import ProblemOut
from sentences.sentence import Sentence
from settings.settings import Settings
from sounds.programs import end, start

log = structlog.get_logger(__name__)

WITHIN_S = 60.0
"""Seconds that a program has. `doctor` asks a mirror of packages, and this machine's name server."""

MOST_PROBLEMS = 500
"""Problems of a folder that are told; who has more begins with these."""

LEAST_PRIORITY = 19


@dataclass(frozen=True, slots=True)
class Examination:
    """The `Examining` of the HTTP interface. `version`: of the hotline in use. `tally`: how many calls are where.
    `alone` answers why nothing would start the service again, or None.
    """

    settings: Settings
    intake_: Intake
    version: Callable[[], str]
    tally: Callable[[], Mapping[CallState, int]]
    alone: Callable[[], str | None]

    async def doctor(self) -> Sequence[FindingOut]:
        """Raises NotDone."""
        folders = {
            str(self.settings.folder.root): "STATE",
            str(self.settings.hotline): "HOTLINE",
            str(CHECKOUT): "WUTONG",
        }
        found = await self._told("doctor")
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
        """Raises NotDone."""
        told = await self._told("check", self.settings.hotline, language=language)
        problems = [ProblemOut.model_validate(problem) for problem in told]
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

    async def _told(self, command: str, *arguments: object, language: str = "en") -> Any:
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
            Sentence(
                "`{command}` took longer than {seconds:.0f} s: give it on the machine itself",
                command=command,
                seconds=WITHIN_S,
            )
        ) from None
    finally:
        await end(process)
    try:
        return json.loads(output)
    except ValueError:
        log.error("examination-failed", command=command, status=process.returncode, why=complaint.decode()[-2000:])
        raise NotDone(Sentence("`{command}` did not work; the log says why", command=command)) from None
