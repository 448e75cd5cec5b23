"""Loads a hotline's folder: the whole hotline, or every problem that it has."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from zoneinfo import available_timezones

from base.hints import shown
from hotline import opening
from hotline.caller_checks import dial
from hotline.callers import LARGEST as LARGEST_LIST
from hotline.callers import read as listed_numbers
from hotline.check import check
from hotline.document import node_at
from hotline.draft import Draft, understand
from hotline.extras import INDEX_NAME, Extra, Extras, Paths, recording_name, shelf
from hotline.files import AGENTS, HOTLINE, NOTHING, File, Given, read_file, straight
from hotline.model import Hotline
from hotline.problem import Level, Problem, Spot, error, in_order
from hotline.spoken import measured, outdated_recordings
from hotline.texts import every_text, lengths, placed_texts
from ivr.calendars import combined
from sentences.of_libraries import recognised
from sentences.sentence import Sentence
from sounds.model import EVERY, Unsayable, divided, sayable
from sounds.phrases import LANGUAGES, everything_said
from sounds.reading import unspeakable
from sounds.recordings import BadRecordings, Recordings, read_inside
from sounds.recordings import Problem as RecordingProblem
from sounds.recordings import read as read_recordings


@dataclass(frozen=True, slots=True)
class Loaded:
    """`hotline` is None when any of the problems is an error. `dials`: where the `dial` of each sub-hotline is.
    `extras`: the recordings and lists of callers, as they were read.
    """

    hotline: Hotline | None
    problems: tuple[Problem, ...]
    dials: Mapping[str, Spot] = field(default_factory=dict)
    extras: Extras = field(default_factory=dict)


def load(
    folder: Path,
    *,
    trunk: bool | None = None,
    exposed: bool = False,
    moment: datetime | None = None,
    given: Given | None = None,
    paths: Paths | None = None,
) -> Loaded:
    """Reads and checks a folder. Returns a Loaded whatever is in the folder; raises nothing of its own.

    `trunk`: whether there is a line to the telephone network; None: not known, and numbers are not judged. `exposed`:
    phones are served beyond loopback, so that a password which is easily guessed is an error. `moment`: now, with a
    zone; None: whether a calendar's data ends soon is not judged. So a hotline that ran yesterday starts today.
    `given`: files that are read instead of the folder's own. `paths`: where recordings and lists of callers are;
    None: in the folder.
    """
    written, agents, draft, misfits = _drafted(folder, given)
    tree, problems = written.tree, [*written.problems, *agents.problems]
    if tree is None:
        return Loaded(None, in_order(problems + [misfit for misfit in misfits if misfit.file != HOTLINE]))
    draft, unknown = _with_days(draft)
    timezones = _timezones()
    problems = problems + misfits
    problems += check(
        draft,
        timezones,
        LANGUAGES,
        trunk=trunk,
        exposed=exposed,
        unknown=unknown,
        today=None if moment is None else _today(moment, draft.hotline, timezones),
    )
    filed, lists, of_lists = _lists(draft, folder, paths)
    problems = problems + of_lists
    recordings, of_recordings = _recordings(folder, draft.hotline.languages, paths)
    problems = problems + of_recordings
    if recordings is not None:
        problems.extend(_unspeakable(draft, recordings))
        problems.extend(lengths(draft, measured(recordings)))
    if recordings is None or any(problem.level is Level.ERROR for problem in problems):
        return Loaded(None, in_order(problems))
    hotline = _finished(draft, folder, filed)
    texts = everything_said(every_text(hotline), hotline.languages)
    hotline = hotline.model_copy(update={"recorded": _recorded(texts, recordings), "paths": paths})
    hotline = hotline.model_copy(update={"version": version(hotline)})
    outdated = outdated_recordings(draft, recordings, recordings.idle(texts))
    problems.extend(outdated.values())
    for unused in recordings.unused(texts, outdated):
        problems.append(_of_recording(folder, Level.WARNING, "unused-recording", unused))
    dials = {name: draft.spot(dial(name)) for name in hotline.sub_hotlines}
    return Loaded(hotline, in_order(problems), dials, {**lists, **_extras(recordings)})


def sketch(folder: Path, given: Given | None = None, paths: Paths | None = None) -> Loaded:
    """As `load`, but with as much of the hotline as can be understood where it has errors: to be shown, never used."""
    loaded = load(folder, given=given, paths=paths)
    written, _, draft, _ = _drafted(folder, given)
    if loaded.hotline is not None or written.tree is None:
        return loaded
    return replace(loaded, hotline=_finished(_with_days(draft)[0], folder, {}))


def _drafted(folder: Path, given: Given | None) -> tuple[File, File, Draft, list[Problem]]:
    """Both files, with slips of indentation mended, what is understood of them, and what does not fit."""
    written, agents = read_file(folder, HOTLINE, given), read_file(folder, AGENTS, given)
    # Without a readable hotline.yaml only the shape of agents.yaml is checked.
    draft, misfits = understand(written.tree or NOTHING, agents.tree)
    mended = straight(written, misfits), straight(agents, misfits)
    if mended != (written, agents):
        written, agents = mended
        draft, misfits = understand(written.tree or NOTHING, agents.tree)
    return written, agents, draft, misfits


def _with_days(draft: Draft) -> tuple[Draft, Mapping[str, list[str]]]:
    """The draft with the days of its calendars; and the unknown countries, each with the codes that are known."""
    calendars = draft.hotline.calendars
    known = {each.country: opening.known(each.country) for each in calendars.values() if each.country is not None}
    unknown = {country: opening.supported(country) for country, days in known.items() if days is None}
    days = {
        name: combined(each, known.get(each.country or ""))
        for name, each in calendars.items()
        if each.country not in unknown
    }
    return replace(draft, hotline=draft.hotline.model_copy(update={"known_days": days})), unknown


@cache
def _timezones() -> frozenset[str]:
    """Looked for in hundreds of files. What the system is given later is known after a start."""
    return frozenset(available_timezones())


def _today(moment: datetime, hotline: Hotline, timezones: Collection[str]) -> date:
    """The date by the hotline's clock; by that of `moment`, where the hotline's zone is not known."""
    return (moment.astimezone(hotline.zone) if hotline.timezone in timezones else moment).date()


def _recordings(
    folder: Path, languages: tuple[str, ...], paths: Paths | None
) -> tuple[Recordings | None, list[Problem]]:
    """What people recorded, in `prompts/`. None when the index cannot be used, or the languages are not known."""
    if not languages:
        return None, []
    try:
        return read_recordings(shelf(folder, paths), languages), []
    except BadRecordings as bad:
        return None, [_of_recording(folder, Level.ERROR, "bad-recording", wrong) for wrong in bad.problems]


def _recorded(texts: Iterable[tuple[str, str]], recordings: Recordings) -> dict[tuple[str, str], str]:
    """Of these texts (language, words) those that are recorded, with the digests of their recordings."""
    found = {text: recordings.find(*text) for text in texts}
    return {text: recording.digest for text, recording in found.items() if recording is not None}


def _extras(recordings: Recordings) -> Extras:
    """The recordings, also those that no text uses, and their index."""
    found = {recording_name(each): Extra(each.digest, each.size, each.words) for each in recordings}
    index = recordings.index
    return found if index is None else {**found, INDEX_NAME: Extra(*index)}


def _unspeakable(draft: Draft, recordings: Recordings) -> Iterator[Problem]:
    """Texts that no voice can speak and nobody has recorded."""
    for path, texts in placed_texts(draft.hotline):
        if path == ("greeting",) and node_at(draft.tree, path) is None:
            continue  # it is made of the name, which is reported
        for language, words in texts.items():
            spoken_in = draft.hotline.languages if language == EVERY else (language,)
            for part in divided(words):
                with suppress(Unsayable):  # empty, too long: other checks report it
                    said = sayable(part)
                    if all(recordings.find(each, said) for each in spoken_in):
                        continue
                    if (why := unspeakable(said)) is not None:
                        spot = draft.spot((*path, language) if language != EVERY else path)
                        yield error("unspeakable", spot, why, Sentence("or record the text, see docs/prompts.md"))


def _of_recording(folder: Path, level: Level, code: str, wrong: RecordingProblem) -> Problem:
    """A problem of the index as this package has it; the second half of its message is the remedy."""
    file = wrong.file.relative_to(folder.absolute()) if wrong.file.is_relative_to(folder.absolute()) else wrong.file
    return Problem(level, code, str(file), wrong.line, wrong.column, wrong.message, Sentence("see docs/prompts.md"))


def _lists(
    draft: Draft, folder: Path, paths: Paths | None
) -> tuple[dict[str, frozenset[str]], dict[str, Extra], list[Problem]]:
    """The numbers in the files of the lists of callers, by the list's name; and the files."""
    filed: dict[str, frozenset[str]] = {}
    files: dict[str, Extra] = {}
    problems: list[Problem] = []
    for name, listed in draft.hotline.callers.items():
        if listed.file is None:
            continue
        spot = draft.spot(("callers", name, "file"))
        try:
            if paths is None:
                data = read_inside(folder / listed.file, folder, LARGEST_LIST)
            else:
                data = read_inside(paths[listed.file], None, LARGEST_LIST)
        except (OSError, KeyError) as wrong:
            why = recognised(wrong.strerror) if isinstance(wrong, OSError) else Sentence("the version has no such file")
            message = Sentence("{file} cannot be read: {why}", file=shown(listed.file), why=why)
            problems.append(
                error(
                    "missing-file",
                    spot,
                    message,
                    Sentence("put it into {folder}, beside {file}", folder=folder, file=HOTLINE),
                )
            )
            continue
        if len(data) > LARGEST_LIST:
            message = Sentence("{file} has more than {count:,} bytes", file=shown(listed.file), count=LARGEST_LIST)
            problems.append(error("too-large", spot, message, Sentence("divide the list")))
            continue
        filed[name], found = listed_numbers(data, listed.file)
        files[listed.file] = Extra(sha256(data).hexdigest(), len(data))
        problems += found
    return filed, files, problems


def _finished(draft: Draft, folder: Path, filed: Mapping[str, frozenset[str]]) -> Hotline:
    """The hotline with its agents, and the numbers of its files."""
    agents = {agent.id: agent for agent in draft.speaking()}
    return draft.hotline.model_copy(update={"folder": folder.absolute(), "agents": agents, "filed": filed})


def version(hotline: Hotline) -> str:
    """A digest of what callers hear and what is decided; comments and passwords do not change it.

    12 hexadecimal digits over the hotline and the recordings that are played in it, and the files of its lists.
    """
    # Passwords are excluded by the model. The order of agents is kept: a strategy uses it.
    said = json.dumps(hotline.model_dump(mode="json", exclude={"folder", "version"}))
    digest = sha256(said.encode())
    for name, numbers in sorted(hotline.filed.items()):
        digest.update(f"{name} {' '.join(sorted(numbers))}\n".encode())
    for (language, words), recorded in sorted(hotline.recorded.items()):
        digest.update(f"{language} {words} {recorded}\n".encode())
    return digest.hexdigest()[:12]
