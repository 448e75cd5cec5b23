"""The files of a hotline's folder, read: what is in them as trees, and why one cannot be read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from hotline.document import Entries, Node, read
from hotline.draft import AgentsFile, understand
from hotline.indentation import straightened
from hotline.model import Hotline
from hotline.problem import Problem, Spot, error
from hotline.wording import known_keys
from sentences.of_libraries import recognised
from sentences.sentence import Sentence
from sounds.recordings import read_inside

HOTLINE = "hotline.yaml"
AGENTS = "agents.yaml"
TESTS = "tests.yaml"
FILES = (HOTLINE, AGENTS, TESTS)
"""What people edit, and a version keeps as text. Recordings and lists of callers are `hotline.extras`."""

Given = Mapping[str, bytes]
"""Name of one of `FILES` → what is read instead of the folder's own. A name that is left out has no file."""

LARGEST = 1_000_000
"""Bytes of one file."""

NOTHING = Entries({}, {}, Spot(HOTLINE, 1, 1))
"""The tree of a hotline.yaml that cannot be read."""


@dataclass(frozen=True, slots=True)
class File:
    """A file. Its tree is a mapping; None: it cannot be read. `problems`: what reading found."""

    name: str
    data: bytes
    tree: Node | None
    problems: Sequence[Problem]


def _every_key(kind: Any, seen: set[Any]) -> Iterator[str]:
    """The keys of a model and of all in it, and those that a mapping in it may only have."""
    if isinstance(kind, type) and issubclass(kind, BaseModel) and kind not in seen:
        seen.add(kind)
        yield from known_keys(kind)
        for field in kind.model_fields.values():
            yield from _every_key(field.annotation, seen)
    for part in get_args(kind):
        if get_origin(kind) is Literal:
            yield str(part)
        else:
            yield from _every_key(part, seen)


_KEYS = frozenset({*_every_key(Hotline, set()), *_every_key(AgentsFile, set())})


def folder_files(folder: Path) -> Given | None:
    """The files as they are in the folder now; None: one of them cannot be read, or a needed one is missing."""
    found: dict[str, bytes] = {}
    for name in FILES:
        data = _data(folder, name)
        if isinstance(data, bytes):
            found[name] = data
        elif name != TESTS or (folder / name).exists():
            return None
    return found


def read_file(folder: Path, name: str, given: Given | None = None) -> File:
    """A file in a hotline's folder, or the one that is given. Raises nothing of its own. If the folder is missing,
    only its first file has the problem that says so.
    """
    data = _data(folder, name) if given is None else _given(given, name)
    if isinstance(data, Problem):
        return File(name, b"", None, [data])
    if data is None:
        return File(name, b"", None, [])
    return File(name, data, *_tree(data, name))


def straight(file: File, misfits: Sequence[Problem]) -> File:
    """The file without its slip of indentation, if it has one: the slip is a problem, and hides no other. `misfits` are
    what does not fit the models.
    """
    wrong = [*file.problems, *(misfit for misfit in misfits if misfit.file == file.name)]
    try:
        text = file.data.decode("utf-8-sig")
    except UnicodeDecodeError:  # that is one of the problems
        return file
    found = straightened(text, file.name, wrong, partial(_problems, file.name), _KEYS)
    if found is None:
        return file
    tree, problems = _tree(found.text.encode(), file.name)
    return File(file.name, file.data, tree, [found.problem, *problems])


def _problems(name: str, text: str) -> list[Problem]:
    """What is wrong with the text of one of the files, by itself."""
    tree, problems = _tree(text.encode(), name)
    if tree is None:
        return problems
    misfits = understand(tree, None)[1] if name == HOTLINE else understand(NOTHING, tree)[1]
    return [*problems, *(misfit for misfit in misfits if misfit.file == name)]


def _tree(data: bytes, name: str) -> tuple[Node | None, list[Problem]]:
    """The tree of a file, which is a mapping; or None and the problems."""
    tree, problems = read(data, name)
    if tree is None and not problems:
        hint = Sentence("see docs/hotline-yaml.md for what belongs in it")
        problems = [error("empty-file", Spot(name, 1, 1), Sentence("{name} is empty", name=name), hint)]
    if tree is not None and not isinstance(tree, Entries):
        hint = Sentence("write `key: value` lines")
        return None, [*problems, error("bad-value", tree.spot, Sentence("{file} has to be a mapping", file=name), hint)]
    return tree, problems


def _given(given: Given, name: str) -> bytes | Problem:
    data = given.get(name)
    if data is None:
        return error(
            "missing-file",
            Spot(name, 1, 1),
            Sentence("{name} is missing", name=name),
            Sentence("see docs/hotline-yaml.md"),
        )
    return data if len(data) <= LARGEST else _too_large(name)


def _too_large(name: str) -> Problem:
    return error(
        "too-large",
        Spot(name, 1, 1),
        Sentence("{file} has more than {count:,} bytes", file=name, count=LARGEST),
        Sentence("divide the hotline"),
    )


def _data(folder: Path, name: str) -> bytes | Problem | None:
    """What is in a file, or why it cannot be read; None: another file's problem says it."""
    path, start = folder / name, Spot(name, 1, 1)
    try:
        if not folder.is_dir():
            hint = Sentence("give the folder that holds hotline.yaml and agents.yaml")
            what = (
                Sentence("{folder} is a file", folder=folder)
                if folder.exists()
                else Sentence("there is no folder {folder}", folder=folder)
            )
            return error("missing-file", start, what, hint) if name == HOTLINE else None
        if not path.exists():
            return error(
                "missing-file",
                start,
                Sentence("{file} is missing in {folder}", file=name, folder=folder),
                Sentence("see docs/hotline-yaml.md"),
            )
        if not path.is_file():
            return error(
                "missing-file", start, Sentence("{file} is not a file", file=name), Sentence("put a text file there")
            )
        data = read_inside(path, folder, LARGEST)
    except OSError as wrong:
        return error(
            "unreadable",
            start,
            Sentence("{file} cannot be read: {why}", file=name, why=recognised(wrong.strerror)),
            Sentence("put a file there that may be read"),
        )
    except ValueError:  # a NUL in the path
        return error("missing-file", start, Sentence("this is not a name of a folder"), Sentence("give another one"))
    return data if len(data) <= LARGEST else _too_large(name)
