"""tests.yaml: what callers are expected to meet in a hotline's menus, and whether they do.

The file is optional. The tests are for an edited folder before it is taken into use. A hotline starts without them: one
that fails at some hour must not keep it away.
"""

import shlex
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path as FilePath

from base.hints import did_you_mean, one_of, shortened, shown
from hotline.document import Items, Node, Path, node_at, spot_of
from hotline.draft import fitted
from hotline.extras import Paths
from hotline.files import TESTS, Given, read_file
from hotline.graph import By, leads, reached, ways
from hotline.inwords import BadMoment, language_in_words, moment, node_in_words, quoted, walked, words
from hotline.loader import Loaded, load
from hotline.model import SECTIONS, Hotline
from hotline.problem import Level, Problem, Spot, error, in_order
from ivr.model import NodeId
from ivr.treetest import Met, Shortfall, TestsFile, TreeTest, shortfalls
from ivr.walk import CALLBACKS, MESSAGES, SILENCE, Facts, Walk, choices_taken
from sentences.languages import said, worded
from sentences.sentence import Sentence, listed

FAILED = "failed-test"
"""The code of its problems."""

WRONG = "invalid"
"""The choice of a caller who presses a key that the menu does not have."""

Choice = tuple[NodeId, str]
"""A menu or a queue, and what a caller may do there: a key, SILENCE or WRONG."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A test, where it is in the file, and how its caller begins."""

    test: TreeTest
    facts: Facts
    tree: Node
    path: Path

    def spot(self, *below: str | int) -> Spot:
        return spot_of(self.tree, (*self.path, *below))


@dataclass(frozen=True, slots=True)
class Result:
    """The walk of a test, and what was not as expected: nothing, if it passed."""

    placed: Placed
    walk: Walk
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """All tests that could be run; how many choices the tree has, and those that no test makes, in the file's order."""

    hotline: Hotline
    results: tuple[Result, ...]
    choices: int
    missing: tuple[Choice, ...]

    @property
    def failed(self) -> int:
        return sum(bool(result.problems) for result in self.results)


def load_tested(
    folder: FilePath,
    now: datetime,
    *,
    trunk: bool | None = None,
    exposed: bool = False,
    language: str = "en",
    given: Given | None = None,
    paths: Paths | None = None,
) -> tuple[Loaded, Report | None]:
    """As `load`, and the folder's tests, which must pass: a failed one is an error.

    `now`: the moment of tests that name none. `language`: of the sentences about failed tests, `zh` or `en`. `given`,
    `paths`: as for `load`. None: the folder has no tests, or they cannot be run.
    """
    loaded = load(folder, trunk=trunk, exposed=exposed, moment=now, given=given, paths=paths)
    if loaded.hotline is None:
        return loaded, None
    tests, problems = read(folder, loaded.hotline, now, given)
    report = run(tests, loaded.hotline, language) if tests else None
    for result in report.results if report else ():
        problems.extend(result.problems)
    usable = loaded.hotline if all(problem.level is not Level.ERROR for problem in problems) else None
    return replace(loaded, hotline=usable, problems=in_order([*loaded.problems, *problems])), report


def read(
    folder: FilePath, hotline: Hotline, now: datetime, given: Given | None = None
) -> tuple[list[Placed], list[Problem]]:
    """The tests of a folder that can be run, in the order of the file; and what is wrong with the file."""
    if not (folder / TESTS).exists() if given is None else TESTS not in given:
        return [], []
    read = read_file(folder, TESTS, given)
    written, problems = read.tree, [*read.problems]
    if written is None:
        return [], problems
    file, tree, misfits = fitted(written, TestsFile)
    whole = _members(written)
    problems = problems + misfits
    if file is not None and not file.tests and not misfits:
        problems.append(
            error(
                "bad-value", spot_of(tree, ("tests",), key=True), Sentence("'tests' is empty"), Sentence("write a test")
            )
        )
    placed: list[Placed] = []
    for index, test in enumerate(file.tests if file else ()):
        begun = Placed(test, _facts(hotline, test, now), tree, ("tests", index))
        wrong = list(_unknown(begun, hotline))
        try:
            when = now.astimezone(hotline.zone) if test.at is None else moment(test.at, hotline.zone)
            begun = replace(begun, facts=begun.facts._replace(moment=when))
        except BadMoment as bad:
            wrong.append(error("bad-value", begun.spot("at"), bad.message, bad.hint))
        problems = problems + wrong
        if not wrong and id(node_at(tree, begun.path)) in whole:
            placed.append(begun)
    return placed, problems


def _facts(hotline: Hotline, test: TreeTest, moment: datetime) -> Facts:
    return Facts(moment, test.caller, test.number or hotline.numbers[0], hotline.known(test.caller))


def _members(tree: Node) -> set[int]:
    """The tests as they are written: one that has lost a part is not among them, and is not run."""
    listed = node_at(tree, ("tests",))
    return {id(node) for node in listed.nodes} if isinstance(listed, Items) else set()


def _unknown(placed: Placed, hotline: Hotline) -> Iterator[Problem]:
    """Names in a test that the hotline does not have."""
    test = placed.test
    for key, (section, name) in test.expect.nodes.items():
        section = "queues" if section in (MESSAGES, CALLBACKS) else section
        if key != "goodbye" and name not in (known := getattr(hotline, section)):
            hint = did_you_mean(name, known, Sentence("use {names}", names=one_of(sorted(known))))
            yield error(
                "dangling",
                placed.spot("expect", key),
                Sentence("there is no {kind} {name}", kind=SECTIONS[section], name=shown(name)),
                hint,
            )
    if test.number is not None and test.number not in hotline.numbers:
        hint = did_you_mean(test.number, hotline.numbers, Sentence("use {names}", names=one_of(hotline.numbers)))
        yield error(
            "dangling",
            placed.spot("number"),
            Sentence("the hotline has no number {number}", number=shown(test.number)),
            hint,
        )
    for path, language in ((("language",), test.language), (("expect", "language"), test.expect.language)):
        if language is not None and language not in hotline.languages:
            hint = did_you_mean(language, hotline.languages, Sentence("use {names}", names=one_of(hotline.languages)))
            said = Sentence("the hotline has no language {language}", language=shown(language))
            yield error("unknown-language", placed.spot(*path), said, hint)


def run(tests: Sequence[Placed], hotline: Hotline, language: str = "en") -> Report:
    """Walk each of them."""
    results = tuple(_result(placed, hotline, language) for placed in tests)
    every = list(choices(hotline))
    taken = choices_taken(result.walk for result in results)
    return Report(hotline, results, len(every), tuple(choice for choice in every if choice not in taken))


def way(placed: Placed, hotline: Hotline, facts: Facts | None = None) -> Walk:
    """The walk of a test's caller. `facts`: of another caller, in place of the test's."""
    return walked(hotline, facts or placed.facts, placed.test.keys, placed.test.language)


def _result(placed: Placed, hotline: Hotline, language: str) -> Result:
    walk = way(placed, hotline)
    said = " ".join(heard for turn in walk.turns if (heard := words(hotline, turn)))
    met = Met(walk.end, walk.language, said)
    return Result(placed, walk, tuple(failures(placed, met, language)))


def failures(placed: Placed, met: Met, language: str) -> Iterator[Problem]:
    """A problem for each expectation that was not met, with what came instead."""
    for short in shortfalls(placed.test.expect, met):
        below = ("expect", short.key) if short.nth is None else ("expect", short.key, short.nth)
        name = quoted(placed.test.name)
        instead = _instead(short, met, language)
        message = worded("the test {name}: {instead}", language, name=name, instead=instead)
        walk = f"./wutong walk {_options(placed.test)}".rstrip()
        hint = worded("mend the menus or the test; {walk} shows the way", language, walk=walk)
        spot = placed.spot(*below)
        yield Problem(Level.ERROR, FAILED, spot.file, spot.line, spot.column, message, hint)


def _instead(short: Shortfall, met: Met, language: str) -> str:
    match short.key:
        case "words":
            heard = quoted(shortened(met.words, 100))
            wanted = quoted(short.wanted)
            if not short.nth:
                return worded("{wanted} is not heard, but {heard}", language, wanted=wanted, heard=heard)
            return worded(
                "{wanted} is not heard after the words before it, but {heard}", language, wanted=wanted, heard=heard
            )
        case "language":
            came, wanted = (language_in_words(each, language) for each in (met.language, short.wanted))
            return worded("the call ends in {came}, not in {wanted}", language, came=came, wanted=wanted)
    came, wanted = (node_in_words(each, language) for each in (met.end, short.wanted))
    return worded("the call ends at {came}, not at {wanted}", language, came=came, wanted=wanted)


def _options(test: TreeTest) -> str:
    """The test's caller, as `./wutong walk` describes one."""
    given = {
        "keys": ",".join(test.keys),
        "at": test.at,
        "to": test.number,
        "from": test.caller,
        "language": test.language,
    }
    return " ".join(f"--{name} {shlex.quote(value)}" for name, value in given.items() if value)


# --- coverage -------------------------------------------------------------------------------------------------------


_BY_AGENTS = frozenset({By.OVERFLOW, By.FAILURE, By.FALLBACK, By.REMOVED})
"""What sends calls on where nobody presses a key."""


def choices(hotline: Hotline) -> Iterator[Choice]:
    """All that a caller may do in the menus and queues to which keys and silence lead. Others depend on agents, or on
    other callers: no test gets there.
    """
    edges: dict[NodeId, list[NodeId]] = defaultdict(list)
    begin: list[NodeId] = []
    for way in ways(hotline):
        if way.by not in _BY_AGENTS:
            (begin if way.source is None else edges[way.source]).extend(leads(hotline, way))
    walked = set(reached(edges, begin))
    for menu_id, menu in hotline.menus.items():
        if (node_id := ("menus", menu_id)) in walked:
            yield from ((node_id, did) for did in (*menu.keys, SILENCE, WRONG))
    for queue_id, queue in hotline.queues.items():
        if (node_id := ("queues", queue_id)) in walked:
            yield from ((node_id, key) for key in queue.keys)
            if queue.callback is not None:
                yield node_id, queue.callback.key


MOST_NODES = 20
"""Nodes whose choices are reported that no test makes; who needs all of them asks for JSON."""


def covered(report: Report, language: str) -> str:
    """How many choices the tests make, in a sentence, with the others by node."""
    made = report.choices - len(report.missing)
    count = len(report.results)
    tests = worded(
        "{tests}, {failed} failed; of {choices} choices {made} are made",
        language,
        tests=Sentence("1 test") if count == 1 else Sentence("{count} tests", count=count),
        failed=report.failed,
        choices=report.choices,
        made=made,
    )
    if not report.missing:
        return tests
    return worded("{made}, not {missing}", language, made=tests, missing=_listed(report.missing, language))


def _listed(missing: Collection[Choice], language: str) -> str:
    by_node: dict[NodeId, list[str]] = {}
    names = {SILENCE: Sentence("silence"), WRONG: Sentence("a wrong key")}
    for node, did in missing:
        by_node.setdefault(node, []).append(names.get(did, did))
    listed_nodes = list(by_node.items())[:MOST_NODES]
    parts = [
        Sentence("{node} ({keys})", node=node_in_words(node, language), keys=listed(keys))
        for node, keys in listed_nodes
    ]
    if more := len(by_node) - len(listed_nodes):
        parts.append(Sentence("and {more} more", more=more))
    return said(listed(parts), language)
