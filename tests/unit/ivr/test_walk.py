"""A caller's whole way through a tree, from the keys alone."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.interpreter import Ask, Dial, Enqueue, HangUp, Play
from ivr.model import HangUp as ToHangUp
from ivr.model import Repeat, Say, ToMenu, ToQueue, ToSubHotline
from ivr.walk import GOODBYE, KEYS, SILENCE, BadKeys, Facts, QueueKeys, Walk, choices_taken, keys_given, walk
from tests.unit.ivr.test_interpreter import Menus, menu

FACTS = Facts(datetime(2025, 3, 3, 9, tzinfo=UTC), "13800000000", "12319")
WARNING = Say(say={"zh": "请先关阀门"}, then=ToQueue(queue="gas"))
TREE = Menus(
    greeting={"zh": "您好"},
    goodbye={"zh": "再见"},
    entry=ToMenu(menu="main"),
    menus={
        "main": menu(
            {"zh": "供水请按1"},
            {
                "1": ToMenu(menu="water"),
                "2": WARNING,
                "3": ToSubHotline(sub_hotline="bureau"),
                "8": ToMenu(menu="main", language="en"),
                "9": ToHangUp(hangup=True),
                "*": Repeat(repeat=True),
            },
        ),
        "water": menu({"zh": "停水请按1"}, {"1": ToQueue(queue="water"), "#": ToMenu(menu="main")}),
    },
)
WAITING: QueueKeys = {"water": {"#": ToMenu(menu="main")}}


def walked(*did: str) -> Walk:
    return walk(TREE, FACTS, "zh", did, WAITING)


@pytest.mark.parametrize(
    ("did", "end"),
    [
        ((), ("menus", "main")),
        (("1",), ("menus", "water")),
        (("1", "1"), ("queues", "water")),
        (("2",), ("queues", "gas")),
        (("3",), ("sub_hotlines", "bureau")),
        (("9",), GOODBYE),
        ((SILENCE,), ("menus", "main")),
        ((SILENCE, SILENCE), ("queues", "general")),
        (("7", "7"), ("queues", "general")),
        (("*", "*", "1"), ("menus", "water")),
        (("1", "1", "#"), ("menus", "main")),
    ],
)
def test_where_the_keys_lead(did: tuple[str, ...], end: tuple[str, str]) -> None:
    way = walked(*did)
    assert (way.end, way.left) == (end, ())


def test_each_turn_has_what_is_heard_and_done() -> None:
    turns = walked("2").turns
    assert [type(turn.action) for turn in turns] == [Ask, Play, Enqueue]
    assert [turn.did for turn in turns] == ["2", None, None]
    assert [turn.node for turn in turns] == [("menus", "main"), None, ("queues", "gas")]
    assert [bool(turn.speech) for turn in turns] == [True, True, False]
    assert [turn.wait for turn in turns] == [4.0, 0.0, 0.0]
    assert type(walked("9").turns[-1].action) is HangUp
    assert type(walked("3").turns[-1].action) is Dial


def test_a_key_of_a_queue_that_leads_nowhere_does_nothing() -> None:
    way = walked("1", "1", "5", "#", "3", "4")
    assert (way.end, way.left) == (("sub_hotlines", "bureau"), ("5", "4"))


def test_a_chosen_language_stays() -> None:
    assert walked("8", "1", "1").language == "en"


def test_the_story_is_told_as_of_a_call() -> None:
    told = [(kind, data.get("key")) for kind, data in walked("1", "5", SILENCE, "1", "#").notes]
    assert told == [
        ("menu-entered", None),
        ("key-pressed", "1"),
        ("menu-entered", None),
        ("invalid-key", "5"),
        ("no-input", None),
        ("key-pressed", "1"),
        ("key-pressed", "#"),
        ("menu-entered", None),
    ]


def test_the_choices_that_were_made() -> None:
    assert choices_taken([walked("1", "5", SILENCE, "1", "#"), walked("3")]) == {
        (("menus", "main"), "1"),
        (("menus", "water"), "invalid"),
        (("menus", "water"), SILENCE),
        (("menus", "water"), "1"),
        (("queues", "water"), "#"),
        (("menus", "main"), "3"),
    }


@given(st.lists(st.sampled_from([*KEYS, SILENCE]), max_size=30))
def test_every_way_ends_at_a_node_and_uses_each_key_once(did: list[str]) -> None:
    way = walked(*did)
    assert way.end[0] in ("menus", "queues", "sub_hotlines", "goodbye")
    assert [turn.did for turn in way.turns].count(None) == 1 + sum(turn.node is None for turn in way.turns)
    assert sum(turn.did is not None for turn in way.turns) + len(way.left) == len(did)


def test_keys_as_they_are_typed() -> None:
    assert keys_given("1,2") == keys_given("12") == keys_given(" 1 2 ") == ("1", "2")
    assert keys_given("1, silence,*#") == ("1", SILENCE, "*", "#")
    assert keys_given("") == ()
    with pytest.raises(BadKeys, match="'x' is not a key of a telephone"):
        keys_given("1x2")
