"""What is done with a draft whose files came over HTTP: each task answers as its route describes it.

It runs in `draft_worker`, a program of its own. The commands `check`, `picture`, `walk`, `try`, `replay` and `diff` do
the same for folders, by the same functions.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from base.failure import without_paths
from drawing.listing import OutlineOut
from drawing.making import graph_of
from drawing.model import Graph, compared
from drawing.svg import svg
from drawing.traffic import with_traffic
from hotline.document import read
from hotline.edits.content import Whereabouts, content
from hotline.edits.edit import Edit, Remove, Rename, Set, Uneditable, applied, touched
from hotline.extras import Paths
from hotline.loader import Loaded, load, sketch
from hotline.model import Hotline
from hotline.opening import known
from hotline.problem import Level, Problem, translated
from hotline.treetests import FAILED, Report, covered, load_tested, run
from ivr.calendars import COUNTRY
from ivr.model import NodeId
from ivr.walk import SILENCE, Turn
from publishing.differences import differences
from publishing.drafts import MOST_SHOWN, Flawed, Unfit
from publishing.replay import sentence
from publishing.speaking import Speaking
from publishing.speech import unvoiced
from sentences.sentence import Sentence, changed, listed
from settings.settings import Settings
from trees.walking import BadCaller, Caller, Sounds, Tour

MOST_COUNTRIES = 10
"""So many countries' holidays come with an edit."""

_FIELDS = {"to": "number"}
"""Option of `./wutong walk` → the field of a request, where their names differ."""


class Drafts:
    """The tasks."""

    def __init__(self, settings: Settings, speaking: Speaking | None = None) -> None:
        """`speaking`: None: the voice of the settings."""
        self._settings = settings
        self._speaking = speaking or Speaking(settings)
        self._walked: tuple[object, Hotline] | None = None
        self._tasks: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
            "check": self.check,
            "outline": self.outline,
            "walk": self.walk,
            "tests": self.tests,
            "replay": self.replay,
            "differences": self.differences,
            "edit": self.edit,
            "speak": self.speak,
        }

    def do(self, task: str, given: Mapping[str, Any]) -> Any:
        """The answer to a task. `given`: the body of its request; `speak`, the language of sentences; `folder`, that of
        the hotline in use; `before`, the files of what a drawing or differences are compared with, or None; `paths`,
        where the recordings and lists that go with those are, or None: in `folder`.

        Raises Flawed, Unfit, NotDone.
        """
        try:
            return self._tasks[task](given)
        except Flawed as flawed:  # here: the service would hold up calls for it
            first, more = flawed.problems[:MOST_SHOWN], flawed.problems[MOST_SHOWN:]
            raise Flawed([*(translated(problem, given["speak"]) for problem in first), *more]) from None

    def rest(self) -> None:
        """End what is only kept for the next task."""
        self._speaking.rest()

    def check(self, given: Mapping[str, Any]) -> Any:
        """All problems, those of tests too, and whether callers would hear the draft voice."""
        problems, _, hotline = self._tested(given)
        if hotline is not None:
            problems += unvoiced(hotline, self._settings)
        return {
            "usable": not _errors(problems),
            "problems": [asdict(translated(problem, given["speak"])) for problem in problems[:MOST_SHOWN]],
            "more": max(0, len(problems) - MOST_SHOWN),
        }

    def outline(self, given: Mapping[str, Any]) -> Any:
        """What could be understood of a draft, as a list with its drawing."""
        graph = self._graph(given)
        return OutlineOut.of(graph, svg(graph)).model_dump(mode="json")

    def walk(self, given: Mapping[str, Any]) -> Any:
        """The caller's way so far, and what may be done next. Sounds are given as `file`."""
        hotline = self._walkable(given)
        who = Caller(given["at"], given["number"], given["caller"], given["language"])
        try:
            tour = Tour(self._settings, hotline, who, given["speak"], datetime.now(UTC))
        except BadCaller as bad:
            raise Unfit(bad.why, _FIELDS.get(bad.fault, bad.fault)) from None
        turns, left = tour.turns(given["keys"])
        end = turns[-1]
        steps = list(_steps(tour, turns))
        unmade = any(clip["file"] is None for step in steps for clip in step["said"])
        return {
            "head": tour.head(),
            "at": tour.facts.moment.isoformat(),
            "number": tour.facts.number,
            "caller": tour.facts.caller,
            "language": end.language,
            "steps": steps,
            "unvoiced": self._speaking.impossible(given["speak"]) if unmade else None,
            "keys": tour.keys(end.node),
            "asks": end.wait > 0,
            "left": list(left),
            "numbers": list(hotline.numbers),
            "languages": list(hotline.languages),
        }

    def speak(self, given: Mapping[str, Any]) -> Any:
        """Speaks `words` in a `language`, unless their clip is there; answers its `file`."""
        file = self._speaking.spoken(Path(given["folder"]), given["language"], given["words"], given["speak"])
        return {"file": str(file)}

    def tests(self, given: Mapping[str, Any]) -> Any:
        """What came of each test, and the choices that none makes."""
        problems, report, _ = self._tested(given)
        if _errors([problem for problem in problems if problem.code != FAILED]):
            raise Flawed(problems)
        report = report or run((), self._walkable(given))
        return {
            "summary": covered(report, given["speak"]),
            "tests": [
                {
                    "name": each.placed.test.name,
                    "line": each.placed.spot("name").line,
                    "passed": not each.problems,
                    "problems": [asdict(problem) for problem in each.problems],
                }
                for each in report.results[:MOST_SHOWN]
            ],
            "choices": report.choices,
            "missing": [{"place": named(node), "choice": did} for node, did in report.missing[:MOST_SHOWN]],
        }

    def replay(self, given: Mapping[str, Any]) -> Any:
        """Who of the callers of the last days would have ended elsewhere."""
        from publishing.comparing import replayed, summary  # with the database, for which no other task waits

        days, speak = given["days"], given["speak"]
        past, found = replayed(self._settings, self._walkable(given), days)
        return {
            "summary": summary(found, days, speak),
            "days": days,
            "callers": found.callers,
            "elsewhere": found.elsewhere,
            "not_counted": past.not_counted,
            "changes": [
                {
                    "callers": count,
                    "sentence": sentence(found, change, count, speak),
                    "place": None if change.here is None else named(change.here.node),
                }
                for change, count in found.changes[:MOST_SHOWN]
            ],
        }

    def differences(self, given: Mapping[str, Any]) -> Any:
        """What changes for callers from what is compared with to the draft."""
        new = self._walkable(given)
        old = self._usable(given["before"], given["folder"], _paths(given))
        found = differences(old, new, given["speak"])
        return [
            {"place": None if each.node is None else named(each.node), "sentence": each.sentence}
            for each in found[:MOST_SHOWN]
        ]

    def edit(self, given: Mapping[str, Any]) -> Any:
        """The files after the edits, what they say, and what is wrong with them."""
        files = {name: text for name, text in given["files"].items() if text is not None}
        changed: dict[str, str] = {}
        also: list[dict[str, Any]] = []
        try:
            for file, edits in groupby(given["edits"], key=itemgetter("file")):
                wanted = [_edit(each) for each in edits]
                before = files.get(file, "")
                nodes = touched(before, [each.path for each in wanted], file)
                also += [{"file": file, "path": list(path)} for path in nodes[:MOST_SHOWN]]
                files[file] = changed[file] = applied(before, wanted, file)
        except Uneditable as why:
            raise Unfit(str(why), "edits") from None
        trees = {name: read(text.encode(), name)[0] for name, text in files.items()}
        nodes_of = {name: Whereabouts(tree) for name, tree in trees.items()}
        checked = self.check({**given, "files": files})
        for problem in checked["problems"]:
            at = nodes_of.get(problem["file"])
            problem["path"] = [] if at is None else list(at.path(problem["line"], problem["column"]))
        values = {name: content(tree) for name, tree in trees.items()}
        return {"files": changed, "also": also, "values": values, "countries": _countries(values), **checked}

    def _graph(self, given: Mapping[str, Any]) -> Graph:
        """What the drawing of a draft shows."""
        hotline = self._sketched(given["files"], given["folder"])
        language = given["language"] or next(iter(hotline.languages), "zh")
        if language not in hotline.languages:
            raise Unfit(
                Sentence(
                    "The hotline has no language {language}; it has {names}.",
                    language=language,
                    names=listed(hotline.languages),
                ),
                "language",
            )
        made = graph_of(hotline, language)
        if given["before"] is not None:
            earlier = self._sketched(given["before"], given["folder"], _paths(given))
            made = compared(graph_of(earlier, language), made, str(given["against"]))
        if given["days"] is None:
            return made
        from trees.drawing_commands import measured  # with the database, too

        return with_traffic(made, measured(hotline, given["days"], self._settings))

    def _tested(self, given: Mapping[str, Any]) -> tuple[list[Problem], Report | None, Hotline | None]:
        """All problems of the draft, those of its tests too; the report of these; the hotline, None: it is broken."""
        settings, folder = self._settings, given["folder"]
        loaded, report = load_tested(
            Path(folder),
            datetime.now(UTC),
            trunk=settings.trunk is not None,
            exposed=settings.exposed,
            language=given["speak"],
            given=_given(given["files"]),
        )
        return _without_paths(loaded.problems, folder), report, loaded.hotline

    def _walkable(self, given: Mapping[str, Any]) -> Hotline:
        """The draft as a hotline: read once while its caller walks on. Raises Flawed."""
        files, folder = given["files"], given["folder"]
        key = files, folder, _beside(Path(folder))
        if self._walked is None or self._walked[0] != key:
            self._walked = key, self._usable(files, folder)
        return self._walked[1]

    def _sketched(self, files: Mapping[str, str | None], folder: str, paths: Paths | None = None) -> Hotline:
        """As much of the files as can be understood. Raises Flawed."""
        loaded = sketch(Path(folder), _given(files), paths)
        if loaded.hotline is None:
            raise _flawed(loaded, folder)
        return loaded.hotline

    def _usable(self, files: Mapping[str, str | None], folder: str, paths: Paths | None = None) -> Hotline:
        """The files as a hotline. Raises Flawed."""
        loaded = load(Path(folder), given=_given(files), paths=paths)
        if loaded.hotline is None:
            raise _flawed(loaded, folder)
        return loaded.hotline


def _beside(folder: Path) -> list[tuple[str, int, int]]:
    """Which recordings and lists of callers are in the folder: it changes when one of them does."""
    found = list[tuple[str, int, int]]()
    for path in sorted((*folder.glob("*"), *folder.glob("prompts/*"), *folder.glob("prompts/*/*"))):
        with suppress(OSError):  # it was removed meanwhile
            about = path.stat()
            found.append((str(path), about.st_mtime_ns, about.st_size))
    return found


def _given(files: Mapping[str, str | None]) -> dict[str, bytes]:
    return {name: text.encode() for name, text in files.items() if text is not None}


def _countries(values: Mapping[str, Any]) -> dict[str, Any]:
    """What is known of each country that a calendar of the draft names, from this year on."""
    hotline = values.get("hotline.yaml")
    calendars = hotline.get("calendars") if isinstance(hotline, dict) else None
    named = (each.get("country") for each in _mappings(calendars))
    codes = dict.fromkeys(str(code) for code in named if isinstance(code, str) and COUNTRY.fullmatch(code))
    year = datetime.now(UTC).year
    found = ((code, known(code)) for code in list(codes)[:MOST_COUNTRIES])
    return {
        code: {
            "weekend": list(days.weekend),
            "holidays": [str(day) for day in days.holidays if day.year >= year],
            "makeup": [str(day) for day in days.makeup if day.year >= year],
            "until": None if days.until is None else str(days.until),
        }
        for code, days in found
        if days is not None
    }


def _mappings(value: Any) -> list[dict[str, Any]]:
    """The values of a mapping that are mappings; of anything else none."""
    return [each for each in value.values() if isinstance(each, dict)] if isinstance(value, dict) else []


def _edit(asked: Mapping[str, Any]) -> Edit:
    """As its route has it."""
    path = tuple(asked["path"])
    match asked["do"]:
        case "set":
            return Set(path, asked["value"])
        case "remove":
            return Remove(path)
    return Rename(path, asked["to"])


def _paths(given: Mapping[str, Any]) -> Paths | None:
    paths: Mapping[str, str] | None = given["paths"]
    return None if paths is None else {name: Path(at) for name, at in paths.items()}


def _flawed(loaded: Loaded, folder: str) -> Flawed:
    return Flawed(_without_paths(loaded.problems, folder))


def _without_paths(problems: Sequence[Problem], folder: str) -> list[Problem]:
    """Problems that do not say where on the machine the hotline's folder is."""
    hidden = partial(without_paths, folders={folder: "HOTLINE"})
    return [replace(each, message=changed(each.message, hidden), hint=changed(each.hint, hidden)) for each in problems]


def _errors(problems: Sequence[Problem]) -> bool:
    return any(problem.level is Level.ERROR for problem in problems)


def _steps(tour: Tour, turns: Sequence[Turn]) -> Iterator[dict[str, Any]]:
    passed: float | None = 0.0
    for turn in turns:
        sounds = tour.sounds(turn)
        yield {
            "at_s": passed,
            "place": None if turn.node is None else named(turn.node),
            "where": tour.where(turn),
            "language": turn.language,
            "said": list(_said(sounds)),
            "wait_s": turn.wait,
            "did": turn.did,
            "leads": turn.leads,
        }
        passed = None if passed is None or sounds.seconds is None else round(passed + sounds.seconds + _waited(turn), 3)


def _waited(turn: Turn) -> float:
    """Seconds that the caller was silent in a turn."""
    return turn.wait if turn.did == SILENCE else 0.0


def _said(sounds: Sounds) -> Iterator[dict[str, Any]]:
    for each in sounds.said:
        file = None if each.file is None else str(each.file)
        yield {
            "language": each.language,
            "text": each.words,
            "speaker": each.speaker,
            "seconds": each.seconds,
            "file": file,
        }


def named(node: NodeId) -> str:
    """A node as the drawing names it."""
    return "/".join(node)
