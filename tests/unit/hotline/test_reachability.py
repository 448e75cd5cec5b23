"""Ways that nobody can take, and ways that go round for ever."""

from pathlib import Path

import pytest

from hotline.graph import reached, rings
from ivr.model import NodeId
from tests.unit.hotline.folders import Case, error, keys, loaded, small, warning

CASES = [
    error("unreachable", "give a key", ('"2": {menu: water}', '"2": {sub_hotline: bureau}'), ("  water:", "  «water:")),
    warning(
        "unreachable",
        "an extension",
        ("\nsub_hotlines:", "  «attic:\n    name: x\n    needs: {general: 1}\n\nsub_hotlines:"),
    ),
    warning(
        "unreachable",
        "give a key",
        (
            'duty: {name: {zh: 值班, en: Duty}, dial: "2200"}',
            "duty: {name: {zh: 值班, en: Duty}, dial: \"2200\"}\n  «attic: {name: x, dial: '99'}",
        ),
    ),
    error(
        "endless",
        "where a person is",
        ("    no_input: {repeat: 1, then: {queue: general}}\n", "    no_input: {then: «{repeat: true}}\n"),
    ),
    error(
        "endless",
        "where a person is",
        ("    no_input: {repeat: 1, then: {queue: general}}\n", "    no_input: {then: «{menu: main}}\n"),
    ),
    error(
        "endless",
        "where a person is",
        (
            "    no_input: {repeat: 1, then: {queue: general}}\n",
            "    no_input: {then: {say: Hm, then: «{menu: water}}}\n",
        ),
        ("    no_input: {then: {queue: general}}\n", "    no_input: {then: {menu: main}}\n"),
    ),
    warning(
        "no-person",
        "where a person is",
        ("    no_input: {repeat: 1, then: {queue: general}}\n", "    no_input: {then: «{hangup: true}}\n"),
    ),
    error(
        "endless",
        "to a queue",
        (
            'bureau: {name: {zh: 水务局, en: Water bureau}, dial: "2201", failed: {queue: general}}',
            'bureau: {name: {zh: 水务局, en: Water bureau}, dial: "2201", failed: «{sub_hotline: bureau}}',
        ),
    ),
    error(
        "endless",
        "to a queue",
        (
            'bureau: {name: {zh: 水务局, en: Water bureau}, dial: "2201", failed: {queue: general}}',
            'bureau: {name: {zh: 水务局, en: Water bureau}, dial: "2201", failed: «{sub_hotline: duty}}',
        ),
        (
            'duty: {name: {zh: 值班, en: Duty}, dial: "2200"}',
            'duty: {name: {zh: 值班, en: Duty}, dial: "2200", failed: {say: Hm, then: {sub_hotline: bureau}}}',
        ),
    ),
    error(
        "endless",
        "keep its callers",
        (
            "needs: {general: 1}\n\n",
            "needs: {general: 1}\n    overflow: [{waiting: 9, then: «{queue: general}}]\n\n",
        ),
    ),
    warning(
        "round-trip",
        "keep its callers",
        (
            "needs: {general: 1}\n\n",
            "needs: {general: 1}\n    overflow: [{waited: 9m, then: {queue: greening}}]\n\n",
        ),
        ("{nobody_signed_in: 10s, then: {queue: general}}", "{nobody_signed_in: 10s, then: «{queue: general}}"),
    ),
    warning("round-trip", "loses the place", keys('"1": «{queue: general}')),
    warning(
        "never",
        "take one of the two out",
        ("{nobody_signed_in: 10s, then: {queue: general}}", "{waited: «6m, then: {queue: general}}"),
    ),
    warning(
        "never",
        "begin earlier",
        ("{waited: 5m, then: {sub_hotline: bureau}}", "{waited: 45s, then: {sub_hotline: bureau}}"),
        ("after: 1m", "after: «1m"),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_mistake_is_found_where_it_is(tmp_path: Path, case: Case) -> None:
    case.prove(tmp_path)


def p(name: str) -> NodeId:
    return "queues", name


def edges(**of: str) -> dict[NodeId, list[NodeId]]:
    return {p(source): [p(target) for target in targets] for source, targets in of.items()}


def test_what_is_reached_is_reached_by_the_shortest_way() -> None:
    found = reached(edges(a="bc", b="d", c="a", d="c"), [p("a")])
    assert ["".join(name for _, name in way) for way in found.values()] == ["a", "ab", "ac", "abd"]


@pytest.mark.parametrize(
    ("of", "found"),
    [
        (edges(a="b", b="c"), []),
        (edges(a="a"), ["a"]),
        (edges(a="b", b="c", c="b"), ["bc"]),
        (edges(a="b", b="a", c="d", d="c"), ["ab", "cd"]),
        (edges(a="bc", b="d", c="a", d="a"), ["ac", "bda"]),
    ],
)
def test_every_ring_is_found_once(of: dict[NodeId, list[NodeId]], found: list[str]) -> None:
    assert ["".join(name for _, name in ring) for ring in rings(of)] == found


def test_a_queue_may_be_there_for_messages_alone(tmp_path: Path) -> None:
    attic = ("\nsub_hotlines:", "  attic:\n    name: {zh: 阁楼, en: Attic}\n    needs: {general: 1}\n\nsub_hotlines:")
    to_it = ("{waited: 5m, then: {sub_hotline: bureau}}", "{waited: 5m, then: {message: {queue: attic}}}")
    assert "unreachable" not in {problem.code for problem in loaded(tmp_path, small(attic, to_it)).problems}
