"""Work on drafts that come over HTTP. A program of its own does it: nothing in a draft can delay or end calls."""

import asyncio
import hashlib
import json
import os
import sys
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from base.failure import NotDone
from base.folders import CHECKOUT
from base.metrics import each
from hotline.problem import Problem
from publishing.versions import Texts
from sentences.sentence import Sentence
from settings.settings import Settings
from sounds.programs import end, start, write

if TYPE_CHECKING:  # it brings half of the service, which the program itself would wait for
    from publishing.publisher import Publishing

log = structlog.get_logger(__name__)

IDLE = 600.0
"""Seconds without a task after which the program ends by itself."""

IDLE_STATUS = 75
"""Its exit status then."""

WITHIN_S = 60.0
"""Seconds that a task has, and the start of the program before the first one."""

GIVEN_UP_S = 2.0
"""Seconds that a task may still take when its client has gone. The check of an earlier edit ends in that time, and the
program stays for the next one. A longer task is ended, and the program with it.
"""

MOST_BYTES = 32 * 1024 * 1024
"""Bytes of all tasks under way and waiting: they are in memory."""

LONGEST_ANSWER = 8 * 1024 * 1024
"""Bytes. The drawing of 500 menus has 2 MB."""

MOST_SHOWN = 500
"""Problems, tests, changes and the like that are shown; who has more begins with these."""

SOUNDS = 4_096
"""Clips that are remembered, those of the last walks."""

_KINDS = {".ogg": "audio/ogg"}
"""Suffix of a clip's file → its media type; the others are WAV."""


class Flawed(Exception):
    """The draft has errors, so it cannot be walked, tested, replayed or compared. `problems`: in the language that was
    asked for.
    """

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__()
        self.problems = problems


class Unfit(Exception):
    """What was asked of the draft does not fit it. `fault`: the field that is wrong, or None. The message says why."""

    def __init__(self, sentence: str, fault: str | None = None) -> None:
        super().__init__(sentence)
        self.fault = fault


class Crowded(Exception):
    """Too much is asked at once. The message says so."""


class Workshop(Collector):
    """What works on drafts.

    folder    of the hotline in use, where recordings are
    versions  what was published
    """

    def __init__(self, settings: Settings, folder: Callable[[], Path], versions: "Publishing") -> None:
        self._settings, self._folder, self._versions = settings, folder, versions
        self._process: asyncio.subprocess.Process | None = None
        self._working = asyncio.Lock()
        self._bytes = 0  # of all tasks under way and waiting
        self._refused: Counter[str] = Counter({"crowded": 0, "too-long": 0, "given-up": 0, "errors": 0, "unfit": 0})
        self._sounds: OrderedDict[str, Path | tuple[str, str]] = OrderedDict()  # a file; or language and words

    async def work(self, task: str, given: Mapping[str, Any]) -> Any:
        """The answer to a task, as its route describes it. `given`: the body, and `speak`, the language of sentences.

        Raises Flawed, Unfit, Crowded, LookupError (there is no version of that number), and NotDone.
        """
        before, paths = await self._before(task, given.get("against"))
        asked = {**given, "before": before, "paths": paths, "folder": str(self._folder())}
        line = json.dumps({"task": task, "given": asked}, ensure_ascii=False).encode()
        said = await self._in_turn(line)
        return self._with_sounds(self._judged(said)) if task == "walk" else self._judged(said)

    async def _in_turn(self, line: bytes) -> Mapping[str, Any]:
        """What the program says to a task, once it is this one's turn."""
        if self._bytes + len(line) > MOST_BYTES:
            self._refused["crowded"] += 1
            raise Crowded(Sentence("Other work on drafts is under way: ask again in a moment."))
        self._bytes += len(line)
        try:
            async with self._working:
                return await self._said(line)
        finally:
            self._bytes -= len(line)

    async def sound(self, sound_id: str, speak: str) -> tuple[str, bytes] | None:
        """Media type and bytes of a clip of a walk, which is spoken if need be; None: there is none. An id is
        looked up, never made a path. `speak`: the language of sentences. Raises Unfit, Crowded, NotDone.
        """
        file = self._sounds.get(sound_id)
        if isinstance(file, tuple):
            language, words = file
            made = await self.work("speak", {"language": language, "words": words, "speak": speak})
            file = Path(made["file"])
        if file is None:
            return None
        try:
            return _KINDS.get(file.suffix, "audio/wav"), await asyncio.to_thread(file.read_bytes)
        except FileNotFoundError:
            return None

    async def close(self) -> None:
        """End the program."""
        process, self._process = self._process, None
        if process is not None:
            await end(process)

    def collect(self) -> Iterator[Metric]:
        """For Prometheus."""
        refused = CounterMetricFamily(
            "wutong_drafts_refused", "Work on drafts over HTTP that was refused or given up.", labels=["why"]
        )
        yield each(refused, self._refused)

    async def _before(self, task: str, number: int | None) -> tuple[Texts | None, Mapping[str, str] | None]:
        """The files that a draft is compared with, None: it is not; and where the recordings and lists that go with
        them are, None: in the folder. Raises LookupError, NotDone.
        """
        if number is None and task != "differences":
            return None, None
        current = self._versions.version
        if number is None and current is not None:
            number = current.number
        if number is None or all(version.number != number for version in self._versions.history()):
            raise LookupError(number)
        paths = await self._versions.paths(number)
        places = None if paths is None else {name: str(at) for name, at in paths.items()}
        return await self._versions.files(number), places

    async def _said(self, line: bytes) -> Mapping[str, Any]:
        """What the program says to a task. Raises Unfit where it gave no answer in time, or ended."""
        if self._process is None or self._process.returncode is not None:
            self._process = await self._started()
        answering = asyncio.create_task(_answered(self._process, line))
        try:
            done, _ = await asyncio.wait([answering], timeout=WITHIN_S)
        except asyncio.CancelledError:
            self._refused["given-up"] += 1
            await asyncio.wait([answering], timeout=GIVEN_UP_S)
            raise
        finally:
            if not answering.done() or answering.exception() is not None:
                answering.cancel()
                await asyncio.wait([answering])
                await self.close()  # whatever it says now would be taken for the answer to the next task
        if not done:
            self._refused["too-long"] += 1
            raise Unfit(Sentence("This took longer than {seconds:.0f} s: make the draft smaller.", seconds=WITHIN_S))
        return answering.result()

    async def _started(self) -> asyncio.subprocess.Process:
        return await start(
            sys.executable,
            *command(self._settings),
            cwd=CHECKOUT,
            env={**os.environ, "WUTONG_LISTEN": str(self._settings.listen)},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=LONGEST_ANSWER,
        )

    def _judged(self, said: Mapping[str, Any]) -> Any:
        """The answer; or the reason why there is none is raised."""
        if "answer" in said:
            return said["answer"]
        if "problems" in said:
            self._refused["errors"] += 1
            raise Flawed([Problem(**problem) for problem in said["problems"]])
        if "unfit" in said:
            self._refused["unfit"] += 1
            raise Unfit(said["unfit"], said["fault"])
        if "mistake" in said:
            log.error("draft-mistake", trace=said["mistake"])
            raise NotDone(
                Sentence("Wutong made a mistake with this draft; its log tells which. Calls are not harmed by it.")
            )
        raise NotDone(said["failure"])

    def _with_sounds(self, walk: Any) -> Any:
        """The walk with addresses instead of files; of a text that is to be spoken, too."""
        for step in walk["steps"]:
            for clip in step["said"]:
                file, new = clip.pop("file"), (clip["language"], clip["text"])
                heard = file is not None or walk["unvoiced"] is None
                name = self._remembered(new if file is None else Path(file)) if heard else None
                clip["sound"] = None if name is None else f"/api/v1/drafts/sounds/{name}"
        return walk

    def _remembered(self, file: Path | tuple[str, str]) -> str:
        name = hashlib.sha256(str(file).encode()).hexdigest()[:24]
        self._sounds[name] = file
        self._sounds.move_to_end(name)
        while len(self._sounds) > SOUNDS:
            self._sounds.popitem(last=False)
        return name


def command(settings: Settings) -> tuple[str, ...]:
    """What `python` is given to be the program."""
    return "-P", "-m", "trees.draft_worker", str(settings.folder.root)


async def _answered(process: asyncio.subprocess.Process, line: bytes) -> Mapping[str, Any]:
    """What the program answers to a task. Raises Unfit, NotDone."""
    assert process.stdin is not None
    assert process.stdout is not None
    await write(process, line + b"\n")
    try:
        answer = await process.stdout.readline()
    except ValueError:
        raise Unfit(Sentence("The answer is too long: make the draft smaller.")) from None
    if not answer.endswith(b"\n"):
        log.error("draft-worker-ended", status=await process.wait())
        raise NotDone(Sentence("The program that works on drafts has ended: try again."))
    said: Mapping[str, Any] = json.loads(answer)
    return said
