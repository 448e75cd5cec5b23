"""The part of a hotline's files that could be understood: all of it when nothing is wrong.

A part that does not fit the models is reported and left out. Then the rest is tried again: one mistake hides no other.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path as FilePath
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agents.model import Agent
from hotline.defaults import completed
from hotline.document import Entries, Items, Node, Path, Scalar, node_at, scalars, spot_of, without
from hotline.durations import BadDuration, seconds
from hotline.graph import Way, ways
from hotline.model import CALENDARS, CODES, OPENING_HOURS, SECTIONS, Hotline, HotlineQueue, SubHotline
from hotline.problem import Problem, Spot, error
from hotline.wording import Finding, alone, bare, below, finding, is_duration, is_text, known_keys, unknown_key

_STAND_INS: Mapping[str, Any] = {
    "hotline": "unknown",
    "name": {"*": "?"},
    "numbers": ("0",),
    "languages": ("zh",),
    "timezone": "UTC",
    "greeting": {"*": "?"},
    "goodbye": {"*": "?"},
    "entry": {"menu": "unknown"},
    **{section: {} for section in SECTIONS},
}
"""The values that stand in for a top-level key that is missing or wrong, so that the rest can be judged.

In the end an empty value of the same type replaces it: the checks skip those.
"""


class AgentsFile(BaseModel):
    """agents.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    agents: tuple[Agent, ...] = Field(
        description="The agents, and the phones that sub-hotlines dial.",
        examples=[[{"id": "1001", "name": "绿化一席", "skills": {"greening": 4, "general": 2}}]],
    )


@dataclass(frozen=True)
class Draft:
    """`agents` is in the order of the file, so that its index is the agent's order there.

    `hotline` has no agents yet, and is empty where it could not be understood. `mentioned`: every word, names too, of
    what was left out. `broken`: names in the file whose menu, queue, sub-hotline or list of codes was left out whole.
    `agents_whole`: nothing of agents.yaml was left out. `cut`: where hotline.yaml lost a part.
    `written`: hotline.yaml as it is, with what was left out.
    """

    hotline: Hotline
    agents: tuple[Agent, ...] | None
    mentioned: frozenset[str]
    broken: Mapping[str, frozenset[str]]
    agents_whole: bool
    tree: Node
    people: Node | None
    written: Node
    cut: frozenset[Spot] = frozenset()

    @cached_property
    def ways(self) -> tuple[Way, ...]:
        """Every way that a call can take: many checks look at all of them."""
        return tuple(ways(self.hotline))

    def spot(self, path: Path, *, key: bool = False) -> Spot:
        """Where the value at `path` is in the files, or with `key` its key; else the nearest spot."""
        tree = self.people if path[:1] == ("agents",) and self.people is not None else self.tree
        return spot_of(tree, path, key=key)

    def speaking(self) -> list[Agent]:
        """The agents with their languages: all of the hotline's, if the file gives none."""
        languages = {"languages": self.hotline.languages}
        return [agent if agent.languages else agent.model_copy(update=languages) for agent in self.agents or ()]

    def names(self, section: str) -> frozenset[str]:
        """Names in one of the SECTIONS, or of the lists of codes, hours or calendars, that other parts may use."""
        return frozenset(getattr(self.hotline, section)) | self.broken[section]


def understand(tree: Node, people: Node | None) -> tuple[Draft, list[Problem]]:
    """The draft of two files, and what did not fit. Both trees are mappings; `people` is None if it cannot be read."""
    fit = _Fit(tree)
    menus = list(_names(tree, "menus"))
    hotline = fit.model(Hotline, lambda node, wrong: completed(_hotline(node, wrong), menus))
    assert hotline is not None, "stand-ins are valid"
    fields = {field.alias or name: name for name, field in Hotline.model_fields.items()}
    empty = {fields[name]: type(stand_in)() for name, stand_in in fit.stand_ins.items()}
    if "name" in fit.stand_ins:  # what would be made of it is not known either
        empty |= {key: () if key == "languages" else {} for key in ("languages", "greeting") if not _given(tree, key)}
    hotline = hotline.model_copy(update=empty)
    agents: tuple[Agent, ...] | None = None
    problems, agents_whole = fit.problems, True
    if people is not None:
        fit_people = _Fit(people)
        listed = fit_people.model(AgentsFile, lambda node, wrong: _plain(node, AgentsFile, (), wrong))
        agents = listed.agents if listed else None
        problems, agents_whole = problems + fit_people.problems, not fit_people.problems
        people = fit_people.tree
    named = (*SECTIONS, CODES, CALENDARS, OPENING_HOURS, "callers", "districts")
    broken = {section: frozenset({*_names(tree, section)} - set(getattr(hotline, section))) for section in named}
    cut = frozenset(fit.cut)
    draft = Draft(hotline, agents, frozenset(fit.mentioned), broken, agents_whole, fit.tree, people, tree, cut)
    return draft, problems


_Model = TypeVar("_Model", bound=BaseModel)


def fitted(tree: Node, base: type[_Model]) -> tuple[_Model | None, Node, list[Problem]]:
    """What another file of the folder says, as its model; the tree without what did not fit; and what did not fit.

    None where the whole cannot be used.
    """
    fit = _Fit(tree)
    model = fit.model(base, lambda node, wrong: _plain(node, base, (), wrong))
    return model, fit.tree, fit.problems


class _Fit:
    """Fits one file to its model: reports what does not fit, leaves it out, tries again."""

    def __init__(self, tree: Node) -> None:
        self.tree = tree
        self.problems: list[Problem] = []
        self.mentioned: set[str] = set()
        self.stand_ins: dict[str, Any] = {}
        self.cut: set[Spot] = set()  # mappings and lists that lost a part; as spots, for indexes in lists change

    def model(self, base: type[_Model], shape: Callable[[Node, list[Finding]], Any]) -> _Model | None:
        while True:
            wrong: list[Finding] = []
            data = shape(self.tree, wrong)
            if not wrong:
                try:
                    return base.model_validate({**data, **self.stand_ins})
                except ValidationError as errors:
                    wrong = [finding(base, found) for found in errors.errors(include_url=False)]
            self._report(wrong)
            targets = {self._target(found) for found in wrong}
            for path in targets:
                if len(path) == 1 and base is Hotline and path[0] in _STAND_INS:
                    self.stand_ins[str(path[0])] = _STAND_INS[str(path[0])]
                elif len(path) == 1 and node_at(self.tree, path) is None:
                    return None
            self._leave_out(targets)

    def _report(self, wrong: list[Finding]) -> None:
        """Report all that does not merely follow from a part left out, or from a misspelt key."""
        meant = {found.meant for found in wrong}
        now = {found.path[:-1] for found in wrong} | {
            self._there(found.path)[:-1] for found in wrong if not found.whole
        }
        for found in wrong:
            if found.judged is not None and spot_of(self.tree, found.judged) in self.cut:
                continue
            # A missing key is reported whatever else is wrong beside it; a whole with wrong parts is not judged.
            if found.judged in now and not found.whole:
                continue
            if found.whole and found.path in meant:
                continue
            spot = spot_of(self.tree, found.path, key=found.at_key)
            self.problems.append(error(found.code, spot, found.message, found.hint))

    def _target(self, found: Finding) -> Path:
        """The path to leave out: of the wrong part, or of the mapping that is useless without it; one that exists."""
        return self._there(found.path[:-1] if found.whole and len(found.path) > 1 else found.path)

    def _there(self, path: Path) -> Path:
        """The path, or as much of it as the file has: `"12319"` may stand for `{number: "12319"}`."""
        while len(path) > 1 and node_at(self.tree, path) is None:
            path = path[:-1]
        return path

    def _leave_out(self, paths: set[Path]) -> None:
        for path in paths:
            self.cut.add(spot_of(self.tree, path[:-1]))
            node = node_at(self.tree, path)
            if node is not None:
                self.mentioned.update(scalars(node))
        self.tree = without(self.tree, paths)


def _names(tree: Node, section: str) -> Iterable[str]:
    """The names in a section of the file, in its order."""
    node = node_at(tree, (section,))
    return node.nodes if isinstance(node, Entries) else ()


def _given(tree: Node, key: str) -> bool:
    return node_at(tree, (key,)) is not None


# --- from a tree to what the models take ----------------------------------------------------------------------------


def _hotline(tree: Node, wrong: list[Finding]) -> dict[str, Any]:
    data: dict[str, Any] = _plain(tree, Hotline, (), wrong)
    allowed = known_keys(Hotline)
    for name in list(data):
        if name not in allowed:
            wrong.append(unknown_key((name,), allowed))
    for section, model in (("queues", HotlineQueue), ("sub_hotlines", SubHotline)):
        for name, item in _mapping(data.get(section)).items():
            if isinstance(item, dict):
                if "id" in item:
                    wrong.append(unknown_key((section, name, "id"), known_keys(model)))
                item["id"] = name
    ours = {"folder": FilePath(), "version": "", "agents": {}, "filed": {}, "recorded": {}, "paths": None}
    return {**{section: {} for section in SECTIONS}, **data, **ours}


def _plain(node: Node, kind: Any, path: Path, wrong: list[Finding]) -> Any:
    """What is at `path`, where a `kind` is expected, as Python has it."""
    if isinstance(node, Scalar):
        kind = alone(kind)
    kind = bare(kind)
    match node:
        case Scalar(text=text):
            if is_duration(kind, path) and node.value is not None:
                try:
                    return seconds(text)
                except BadDuration as bad:
                    wrong.append(Finding("bad-duration", path, bad.message, bad.hint))
                    return None
            if is_text(kind) and (text or isinstance(node.value, str)):
                return {"*": text}
            return node.value
        case Items(nodes=items):
            return [_plain(item, below(kind, index), (*path, index), wrong) for index, item in enumerate(items)]
        case Entries(nodes=entries):
            return {name: _plain(value, below(kind, name), (*path, name), wrong) for name, value in entries.items()}


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
