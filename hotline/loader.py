"""Loads a hotline's folder: the whole hotline, or every problem that it has."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from zoneinfo import available_timezones

from hotline.check import check
from hotline.digest import version
from hotline.document import Entries, Node, node_at, read
from hotline.draft import Draft, understand
from hotline.lines import dial
from hotline.model import Hotline
from hotline.problem import Level, Problem, Spot, error, in_order
from hotline.texts import every_text, placed_texts
from sounds.model import EVERY, Unsayable, sayable
from sounds.phrases import LANGUAGES, everything_said
from sounds.reading import unspeakable
from sounds.recordings import BadRecordings, Recordings
from sounds.recordings import Problem as RecordingProblem
from sounds.recordings import read as read_recordings

HOTLINE = "hotline.yaml"
AGENTS = "agents.yaml"
LARGEST = 1_000_000
"""Bytes of one file."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """`hotline` is None when any of the problems is an error. `dials`: where the `dial` of each sub-hotline is."""

    hotline: Hotline | None
    problems: tuple[Problem, ...]
    dials: Mapping[str, Spot] = field(default_factory=dict)


def load(folder: Path, *, trunk: bool | None = None, exposed: bool = False) -> Loaded:
    """Reads and checks a folder. Returns a Loaded whatever is in the folder; raises nothing of its own.

    `trunk`: whether there is a line to the telephone network; None: not known, and numbers are not judged. `exposed`:
    phones are served beyond loopback, so that a password which is easily guessed is an error.
    """
    tree, problems = _file(folder, HOTLINE)
    people, of_people = _file(folder, AGENTS)
    problems = problems + of_people
    # Without a readable hotline.yaml only the shape of agents.yaml is checked.
    draft, misfits = understand(tree or Entries({}, {}, Spot(HOTLINE, 1, 1)), people)
    if tree is None:
        return Loaded(None, in_order(problems + [misfit for misfit in misfits if misfit.file != HOTLINE]))
    problems = problems + misfits + check(draft, available_timezones(), LANGUAGES, trunk=trunk, exposed=exposed)
    recordings, of_recordings = _recordings(folder, draft.hotline.languages)
    problems = problems + of_recordings
    if recordings is not None:
        problems.extend(_unspeakable(draft, recordings))
    if recordings is None or any(problem.level is Level.ERROR for problem in problems):
        return Loaded(None, in_order(problems))
    hotline = _finished(draft, folder)
    hotline = hotline.model_copy(update={"version": version(hotline, recordings)})
    for unused in recordings.unused(everything_said(every_text(hotline), hotline.languages)):
        problems.append(_of_recording(folder, Level.WARNING, "unused-recording", unused))
    dials = {name: draft.spot(dial(name)) for name in hotline.sub_hotlines}
    return Loaded(hotline, in_order(problems), dials)


def sketch(folder: Path) -> Loaded:
    """As `load`, but with as much of the hotline as can be understood where it has errors: to be shown, never used."""
    loaded = load(folder)
    tree, _ = _file(folder, HOTLINE)
    if loaded.hotline is not None or tree is None:
        return loaded
    people, _ = _file(folder, AGENTS)
    draft, _ = understand(tree, people)
    return replace(loaded, hotline=_finished(draft, folder))


def _recordings(folder: Path, languages: tuple[str, ...]) -> tuple[Recordings | None, list[Problem]]:
    """What people recorded, in `prompts/`. None when the index cannot be used, or the languages are not known."""
    if not languages:
        return None, []
    try:
        return read_recordings(folder / "prompts", languages), []
    except BadRecordings as bad:
        return None, [_of_recording(folder, Level.ERROR, "bad-recording", wrong) for wrong in bad.problems]


def _unspeakable(draft: Draft, recordings: Recordings) -> Iterator[Problem]:
    """Texts that no voice can speak and nobody has recorded."""
    for path, texts in placed_texts(draft.hotline):
        if path == ("greeting",) and node_at(draft.tree, path) is None:
            continue  # it is made of the name, of which this is told
        for language, words in texts.items():
            spoken_in = draft.hotline.languages if language == EVERY else (language,)
            with suppress(Unsayable):  # empty, too long: other checks tell
                said = sayable(words)
                if all(recordings.find(each, said) for each in spoken_in):
                    continue
                if (why := unspeakable(said)) is not None:
                    spot = draft.spot((*path, language) if language != EVERY else path)
                    yield error("unspeakable", spot, why, "or record the text, see docs/prompts.md")


def _of_recording(folder: Path, level: Level, code: str, wrong: RecordingProblem) -> Problem:
    """A problem of the index as this package has it; the second half of its message is the remedy."""
    file = wrong.file.relative_to(folder.absolute()) if wrong.file.is_relative_to(folder.absolute()) else wrong.file
    return Problem(level, code, str(file), wrong.line, wrong.column, wrong.message, "see docs/prompts.md")


def _finished(draft: Draft, folder: Path) -> Hotline:
    """The hotline with its agents."""
    agents = {agent.id: agent for agent in draft.speaking()}
    return draft.hotline.model_copy(update={"folder": folder.absolute(), "agents": agents})


def _file(folder: Path, name: str) -> tuple[Node | None, list[Problem]]:
    """The tree of a file, which is a mapping; or None and the problems."""
    path, start = folder / name, Spot(name, 1, 1)
    try:
        if not folder.is_dir():
            hint = "give the folder that holds hotline.yaml and agents.yaml"
            what = f"{folder} is a file" if folder.exists() else f"there is no folder {folder}"
            wrong = error("missing-file", start, what, hint)
            return None, [wrong] if name == HOTLINE else []
        if not path.exists():
            return None, [error("missing-file", start, f"{name} is missing in {folder}", "see docs/hotline-yaml.md")]
        if not path.is_file():
            return None, [error("missing-file", start, f"{name} is no file", "put a text file there")]
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as wrong:
        return None, [error("unreadable", start, f"{name} cannot be read: {wrong.strerror}", "check its permissions")]
    except ValueError:  # a NUL in the path
        return None, [error("missing-file", start, "this is no name of a folder", "give another one")]
    if len(data) > LARGEST:
        return None, [error("too-large", start, f"{name} has more than {LARGEST:,} bytes", "divide the hotline")]
    tree, problems = read(data, name)
    if tree is None:
        if not problems:
            problems = [
                error("empty-file", start, f"{name} is empty", "see docs/hotline-yaml.md for what belongs in it")
            ]
        return None, problems
    if not isinstance(tree, Entries):
        hint = "write `key: value` lines"
        return None, [*problems, error("bad-value", tree.spot, f"{name} has to be a mapping", hint)]
    return tree, problems
