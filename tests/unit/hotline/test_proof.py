"""What the proof shows of every menu, in each class of hours."""

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.graph import By, Way
from hotline.loader import load
from hotline.proof import ALWAYS, Hours, classes, proof
from ivr.model import NodeId, ToMenu, ToQueue
from tests.unit.hotline.folders import HOTLINE, Case, error, loaded, small, warning
from tests.unit.hotline.test_loader import SAMPLE

GENERAL = "    needs: {general: 1}\n\n"


def menu(name: str, leads_to: str, then: str = "queue: general") -> str:
    """A menu that has no person under 0."""
    attempts = f"{{then: {{{then}}}}}"
    keys = f'{{"1": {{{leads_to}}}}}'
    return f"  {name}:\n    say: 供水请按1\n    keys: {keys}\n    no_input: {attempts}\n    invalid: {attempts}\n"


CHAIN = "".join(menu(f"m{n}", f"menu: m{n + 1}") for n in range(1, 4)) + menu("m4", "queue: general")


def found(folder: Path, *changes: tuple[str, str]) -> list[tuple[str, str, int]]:
    texts = small(*changes)
    return [(one.level, one.code, one.line) for one in loaded(folder, texts).problems]


def test_the_sample_keeps_its_promises() -> None:
    hotline = load(SAMPLE).hotline
    assert hotline is not None
    shown = proof(hotline, ALWAYS, lambda way: False)
    assert dict(shown.keys) == dict.fromkeys(hotline.menus, 1)
    assert (all(shown.ends.values()), shown.rings) == (True, ())


def test_a_person_who_is_too_far(tmp_path: Path) -> None:
    problems = found(
        tmp_path, ('"1": {sub_hotline: bureau}', '"1": {menu: m1}'), ("\nqueues:\n", CHAIN + "\nqueues:\n")
    )
    assert ("warning", "far-person", 32) in problems
    assert [line for _, code, line in problems if code == "far-person"] == [32], "from m2 on it is near"


def test_a_menu_without_any_way_to_a_person(tmp_path: Path) -> None:
    lost = menu("lost", "hangup: true", "menu: lost2") + menu("lost2", "say: 再见", "hangup: true")
    problems = found(
        tmp_path, ('"1": {sub_hotline: bureau}', '"1": {menu: lost}'), ("\nqueues:\n", lost + "\nqueues:\n")
    )
    assert [line for level, code, line in problems if (level, code) == ("error", "dead-end")] == [32, 37]


@pytest.mark.parametrize(
    "case",
    [
        error(
            "endless",
            "main → general → main",
            (GENERAL, "    needs: {general: 1}\n    overflow: [{waiting: 9, then: {menu: main}}]\n\n"),
            (
                "    no_input: {repeat: 1, then: {queue: general}}\n",
                "    no_input: {repeat: 1, then: «{queue: general}}\n",
            ),
        ),
        warning(
            "round-trip",
            "general → bureau → general",
            (GENERAL, "    needs: {general: 1}\n    overflow: [{waited: 9m, then: «{sub_hotline: bureau}}]\n\n"),
        ),
    ],
    ids=str,
)
def test_rings_through_several_kinds_of_nodes(tmp_path: Path, case: Case) -> None:
    case.prove(tmp_path)


def test_a_mistake_in_a_destination_is_no_dead_end(tmp_path: Path) -> None:
    lost = menu("lost", "hangup: true", "queue: generall")
    problems = found(
        tmp_path, ('"1": {sub_hotline: bureau}', '"1": {menu: lost}'), ("\nqueues:\n", lost + "\nqueues:\n")
    )
    assert {code for _, code, _ in problems} == {"dangling", "no-person"}


def test_what_is_closed_has_nobody(tmp_path: Path) -> None:
    """While the general queue and the department are closed, no key of the menu `water` leads to anybody."""
    hotline = loaded(tmp_path, small()).hotline
    assert hotline is not None
    assert classes(hotline) == (ALWAYS,)
    night = Hours(frozenset({("queues", "general"), ("sub_hotlines", "bureau")}), "Mon 02:00")
    assert proof(hotline, ALWAYS, lambda way: False).keys == {"main": 1, "water": 1}
    shown = proof(hotline, night, lambda way: False)
    assert shown.keys == {"main": 1, "water": None}
    assert shown.ends == {"main": True, "water": False}
    assert HOTLINE.count("{queue: greening}") == 1, "main reaches somebody by key 1"


names = st.sampled_from("abcdef")


@given(st.dictionaries(names, st.lists(names, max_size=3), min_size=1), st.sets(names))
def test_the_fewest_keys_are_those_of_a_plain_search(keys: Mapping[str, list[str]], people: set[str]) -> None:
    """Against a search that tries all paths: menus by their keys, and a queue in the menus of `people`."""
    from hotline.proof import _distances

    ways = [way(name, ToMenu(menu=to)) for name, targets in keys.items() for to in targets]
    ways += [way(name, ToQueue(queue="q")) for name in people]
    steps = [(each, target) for each in ways if (target := each.destination.node) is not None]
    shown = _distances(steps, [("queues", "q")], {By.KEY: 1})
    for start in "abcdef":
        reachable, pressed = {start}, 1
        while reachable and reachable.isdisjoint(people) and pressed < 9:
            reachable, pressed = {to for name in reachable for to in keys.get(name, ())}, pressed + 1
        assert shown.get(("menus", start)) == (pressed if pressed < 9 and reachable else None)


def way(name: str, to: ToMenu | ToQueue) -> Way:
    source: NodeId = ("menus", name)
    return Way(source, By.KEY, (*source, "keys", "1"), to)


def test_ways_of_a_ring_follow_each_other(tmp_path: Path) -> None:
    texts = small((GENERAL, "    needs: {general: 1}\n    overflow: [{waited: 9m, then: {menu: main}}]\n\n"))
    hotline = loaded(tmp_path, texts).hotline
    assert hotline is not None
    (ring,) = proof(hotline, ALWAYS, lambda way: way.by is By.OVERFLOW).rings
    assert (ring.waits, ring.plain) == (True, False)
    assert all(first.destination.node == then.source for first, then in pairwise((*ring.ways, ring.ways[0])))
