"""`./wutong try`: runs the tests of a hotline's menus; with `--call` and `--heard` by calls to the running hotline.

Each test that is about a caller of now is one call. Its story says where the caller came to and what was said; with
`--heard` a recogniser listens to what the caller heard of it.
"""

import asyncio
import json
import tempfile
import time
import wave
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from base.failure import NotDone
from base.hints import shortened
from calls.call_commands import FINISHING, finished
from calls.live.rehearsal import HEARD_OUT, THINKING
from calls.paths import CallPath
from commands.client import Client
from hotline.files import TESTS
from hotline.inwords import quoted, words, written
from hotline.model import Hotline
from hotline.problem import Level, Problem
from hotline.treetests import FAILED, Placed, Report, Result, covered, failures, load_tested, run, way
from ivr.treetest import Met
from ivr.walk import CALLBACKS, MESSAGES, SILENCE, Facts, Turn
from publishing.speech import recogniser
from publishing.store import Named
from sentences.languages import worded
from sentences.sentence import Sentence, lines
from settings.settings import Settings
from sounds.environment import CompanionFailed
from sounds.hearing import Recogniser
from sounds.model import Heard
from trees.walking import Caller as Somebody
from trees.walking import Tour

AT_ONCE = 4
"""Calls at the same time."""

LOOK_EVERY = 0.3
"""Seconds between two looks at a call."""

STAY = 3.0
"""Seconds that the caller stays where the way ends: fewer than a menu waits for a key, so that nothing else happens."""

PUT_THROUGH = 2.8
"""Seconds until a caller who hears all out presses a key in a queue: no walk has what is said there."""

LATE = 20.0
"""Seconds after the caller's own time within which the call must have ended."""

LONGEST = 600.0
"""Seconds of the longest test call."""

SECONDS_A_CHARACTER = 0.3
"""Of a text whose sound is not known: more than any voice takes."""

MISHEARD = 0.2
"""Of what is said, the share that a recogniser may misunderstand: over a telephone it makes mistakes of its own."""

_LAG = 0.4
"""Seconds of the recording between the end of a prompt and the next one that belong to the first."""


class Service(Protocol):
    """The running service, as `commands.client.Client` asks it."""

    def place_call(self, order: dict[str, Any]) -> dict[str, Any]: ...
    def call(self, call_id: str) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Piece:
    """What was said in one go, and the file of what the caller heard of it."""

    language: str
    text: str
    file: Path


@dataclass(frozen=True, slots=True)
class Tried:
    """A test by a call. `skipped`: why there was none, in a sentence; None: it was called."""

    placed: Placed
    problems: tuple[Problem, ...] = ()
    skipped: str | None = None
    pieces: tuple[Piece, ...] = ()


Length = Callable[[Turn], float | None]
"""Seconds of what is played in a turn; None: not known."""

Listen = Callable[[str, Sequence[tuple[Path, str]]], Awaitable[Sequence[Heard]]]
"""What a recogniser hears in files, of a language and with the words of each."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Calls the running hotline. `language`: of the sentences. `folder`: gets what is heard; None: it is not kept."""

    service: Service
    hotline: Hotline
    length: Length
    language: str
    folder: Path | None = None

    def call_all(self, results: Sequence[Result], show: Callable[[Tried], object]) -> list[Tried]:
        """Call for every test, a few at the same time, and `show` each in its turn.

        Raises NotDone when the running hotline is another version, when a call does not end, and when the service
        refuses.
        """
        tried: list[Tried] = []
        with ThreadPoolExecutor(AT_ONCE) as pool:
            try:
                for done in pool.map(self._call, results):
                    show(done)
                    tried.append(done)
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
        return tried

    def _call(self, result: Result) -> Tried:
        placed = result.placed
        if result.problems:
            return Tried(placed, result.problems)
        if result.walk.end[0] in (MESSAGES, CALLBACKS):
            skipped = worded("a test call leaves no message, and nobody calls it back", self.language)
            return Tried(placed, skipped=skipped)
        here = Facts(datetime.now(self.hotline.zone), "", placed.facts.number)
        if way(placed, self.hotline, here).turns != result.walk.turns:
            return Tried(
                placed, skipped=worded("it is about another time or caller than those of a call now", self.language)
            )
        hear_out = self.folder is not None or _key_after_message(result.walk.turns)
        order: dict[str, Any] = {
            "number": placed.facts.number,
            "keys": list(placed.test.keys),
            "seconds": self._seconds(result.walk.turns, hear_out),
            "record": self.folder is not None,
            "hear_out": hear_out,
        }
        if placed.test.language is not None:
            order["language"] = placed.test.language
        answer = self.service.place_call(order)
        recording = Path(answer["recording"]) if answer["recording"] else None
        try:
            call = self._ended(answer["call_id"], order["seconds"])
            return Tried(placed, tuple(self._judged(placed, call)), pieces=self._pieces(call, recording))
        finally:
            if recording is not None:
                recording.unlink(missing_ok=True)

    def _seconds(self, turns: Sequence[Turn], hear_out: bool) -> float:
        """How long the caller stays: until the way has ended, and a little longer."""
        total = STAY
        for turn in turns:
            if hear_out or turn.did in (None, SILENCE):
                known = self.length(turn)
                total += len(words(self.hotline, turn)) * SECONDS_A_CHARACTER if known is None else known
            total += _until_key(turn, hear_out)
        return min(round(total, 1), LONGEST)

    def _ended(self, call_id: str, seconds: float) -> Mapping[str, Any]:
        """The call with its story, once it has ended."""
        until = time.monotonic() + seconds + LATE
        while True:
            call = self.service.call(call_id)
            if call["state"] == "ended":
                return call
            if time.monotonic() > until:
                raise NotDone(
                    "the test call {call_id} does not end: GET /api/v1/calls/{call_id} tells its story", call_id=call_id
                )
            time.sleep(LOOK_EVERY)

    def _judged(self, placed: Placed, call: Mapping[str, Any]) -> Iterator[Problem]:
        met, version = story_of(call["story"])
        if version != self.hotline.version:
            raise NotDone(
                "the running hotline is version {version}, the folder {folder}: ./wutong reload first",
                version=version,
                folder=self.hotline.version,
            )
        if met is None:
            yield _problem(placed, worded("the call came to no menu", self.language), self.language)
        else:
            yield from failures(placed, met, self.language)

    def _pieces(self, call: Mapping[str, Any], recording: Path | None) -> tuple[Piece, ...]:
        """What the caller heard, in pieces as it was said. Raises NotDone where nothing was recorded."""
        if self.folder is None:
            return ()
        until = time.monotonic() + FINISHING
        while recording is not None and not finished(recording) and time.monotonic() < until:
            time.sleep(LOOK_EVERY)  # Asterisk finishes the file after the call
        if recording is None or not finished(recording):
            raise NotDone("what the caller of {call} heard was not recorded, or cannot be read here", call=call["id"])
        said = list(said_in(call["story"], call["started"]))
        files = cut(recording, [each.until for each in said], self.folder / call["id"].replace("/", "-"))
        pieces = zip(said, files, strict=True)
        return tuple(Piece(each.language, each.text, file) for each, file in pieces if each.text)


def _until_key(turn: Turn, hear_out: bool) -> float:
    """Seconds from the end of what is heard, else from its beginning, to what the caller does."""
    if turn.did in (None, SILENCE):
        return turn.wait if turn.did else 0.0
    if not hear_out:
        return THINKING
    return PUT_THROUGH if turn.node is not None and turn.node[0] == "queues" else HEARD_OUT


def _key_after_message(turns: Sequence[Turn]) -> bool:
    """Whether a key is pressed after a message. One that cuts the message short would count where the message leads,
    or be lost where that is a queue.
    """
    messages = [at for at, turn in enumerate(turns) if turn.node is None]
    return bool(messages) and any(turn.did for turn in turns[messages[0] :])


async def understood(tried: Tried, listen: Listen, language: str) -> Tried:
    """The same with what a recogniser did not understand of the call. Raises CompanionFailed."""
    problems = list(tried.problems)
    for spoken in dict.fromkeys(piece.language for piece in tried.pieces):
        mine = [piece for piece in tried.pieces if piece.language == spoken]
        for piece, heard in zip(mine, await listen(spoken, [(each.file, each.text) for each in mine]), strict=True):
            if heard.errors > MISHEARD * heard.length:
                wanted, came = (quoted(shortened(text, 100)) for text in (piece.text, heard.heard))
                why = worded("{wanted} is said, but {came} is heard", language, wanted=wanted, came=came)
                problems.append(_problem(tried.placed, why, language))
    return replace(tried, problems=tuple(problems))


def _problem(placed: Placed, instead: str, language: str) -> Problem:
    name = quoted(placed.test.name)
    sentence = worded("the test {name}: {instead}", language, name=name, instead=instead)
    hint = worded("listen to it: ./wutong call with --record", language)
    spot = placed.spot("name")
    return Problem(Level.ERROR, FAILED, spot.file, spot.line, spot.column, sentence, hint)


def story_of(story: Sequence[Mapping[str, Any]]) -> tuple[Met | None, str]:
    """What the caller of a call met, None if it came to no menu, queue or line; and the version of the hotline."""
    path = CallPath()
    version, said = "", list[str]()
    for step in story:
        path.feed(step["kind"], step.get("queue"), step)
        if step["kind"] == "said":
            said.append(step["text"])
        version = step.get("version", version) if step["kind"] == "call-started" else version
    found = path.path
    return None if found is None else Met(found.end.node, found.end.language, " ".join(said)), version


@dataclass(frozen=True, slots=True)
class Said:
    """What was said in one go, until so many seconds of the call; no text: it was interrupted."""

    until: float
    language: str
    text: str


def said_in(story: Sequence[Mapping[str, Any]], started: str) -> Iterator[Said]:
    """All that was said, in order."""
    began = datetime.fromisoformat(started)
    for step in story:
        if step["kind"] == "said":
            until = (datetime.fromisoformat(step["at"]) - began).total_seconds()
            yield Said(until, step["language"], "" if step.get("interrupted") else step["text"])


def cut(recording: Path, until: Sequence[float], folder: Path, lag: float = _LAG) -> list[Path]:
    """The recording in pieces, which end at these seconds and `lag` later."""
    folder.mkdir()
    pieces = []
    with wave.open(str(recording)) as whole:
        rate, before = whole.getframerate(), 0
        for index, second in enumerate(until):
            end = max(before, min(round((second + lag) * rate), whole.getnframes()))
            piece = folder / f"{index}.wav"
            with wave.open(str(piece), "wb") as part:
                part.setparams(whole.getparams())
                part.writeframes(whole.readframes(end - before))
            before = end
            pieces.append(piece)
    return pieces


# `./wutong try`: runs the tests of a hotline's menus, and shows what came of each.


Show = Callable[[str], object]


def try_out(
    settings: Settings,
    which: Named,
    client: Client | None,
    only: str,
    language: str,
    *,
    heard: bool,
    as_json: bool,
    show: Show,
) -> bool:
    """Run the tests of `which` whose names have `only` in them; whether all pass that were run.

    `client`: of the running service, which is called; None: they are walked. Raises NotDone where there are none, where
    the folder has other errors, and where calls or the recogniser fail.
    """
    report = _tests(settings, which, only, language)
    show_line: Show = (lambda line: None) if as_json else show
    if client is None:
        tried = [Tried(result.placed, result.problems) for result in report.results]
        for each in tried:
            _show(each, language, show_line)
    else:
        tried = _called(settings, client, report, language, heard=heard, show=show_line)
    failed = sum(bool(each.problems) for each in tried)
    if as_json:
        show(json.dumps(_document(tried, report), ensure_ascii=False))
        return not failed
    skipped = sum(each.skipped is not None for each in tried)
    if client is not None:
        show_line(
            worded(
                "called: {count}, failed: {failed}, not called: {skipped}",
                language,
                count=len(tried) - skipped,
                failed=failed,
                skipped=skipped,
            )
        )
    elif not only:
        show_line(covered(report, language))
    return not failed


def _tests(settings: Settings, which: Named, only: str, language: str) -> Report:
    loaded, report = load_tested(
        which.folder,
        datetime.now(UTC),
        trunk=settings.trunk is not None,
        exposed=settings.exposed,
        language=language,
        given=which.given,
        paths=which.paths,
    )
    errors = [each.words for each in loaded.problems if each.level is Level.ERROR and each.code != FAILED]
    if errors:
        raise NotDone(lines(errors))
    if report is None:
        raise NotDone("{name} has no {file}: docs/trees.md says how to write tests", name=which.in_words, file=TESTS)
    chosen = [result.placed for result in report.results if only in result.placed.test.name]
    if not chosen:
        raise NotDone("--only: no test has {name!r} in its name", name=only)
    return run(chosen, report.hotline, language)


def _called(
    settings: Settings, client: Client, report: Report, language: str, *, heard: bool, show: Show
) -> list[Tried]:
    hotline = report.hotline
    tour = Tour(settings, hotline, Somebody(), language, datetime.now(UTC))
    if heard and not recogniser().ready():
        raise NotDone(Sentence("the recogniser is not installed: ./wutong prompts install --recogniser"))
    with tempfile.TemporaryDirectory(prefix="wutong-try-") as folder:
        caller = Caller(
            client, hotline, lambda turn: tour.sounds(turn).seconds, language, Path(folder) if heard else None
        )
        if not heard:
            return caller.call_all(report.results, lambda tried: _show(tried, language, show))
        called = caller.call_all(report.results, lambda tried: None)
        try:
            return asyncio.run(_heard(called, language, show))
        except CompanionFailed as problem:
            raise NotDone(str(problem)) from problem


async def _heard(called: Sequence[Tried], language: str, show: Show) -> list[Tried]:
    judged = []
    async with Recogniser(recogniser()) as recognising:
        for each in called:
            judged.append(await understood(each, recognising.judge, language))
            _show(judged[-1], language, show)
    return judged


def _show(tried: Tried, language: str, show: Show) -> None:
    name = quoted(tried.placed.test.name)
    if tried.skipped is not None:
        show(worded("- {name} not called: {skipped}", language, name=name, skipped=tried.skipped))
    elif tried.problems:
        show(f"✗ {name}")
        for problem in tried.problems:
            show(f"  {problem}")
    else:
        show(f"✓ {name}")


def _document(tried: Sequence[Tried], report: Report) -> dict[str, Any]:
    tests = [
        {
            "name": each.placed.test.name,
            "line": each.placed.spot("name").line,
            "passed": not each.problems and each.skipped is None,
            "skipped": each.skipped,
            "problems": [asdict(problem) for problem in each.problems],
        }
        for each in tried
    ]
    missing = [{**written(node), "choice": did} for node, did in report.missing]
    return {"tests": tests, "choices": {"all": report.choices, "missing": missing}}
