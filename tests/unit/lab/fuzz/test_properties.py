"""The properties of `./wutong fuzz`, tried briefly and with the same examples each time."""

import pytest
from hypothesis import strategies as st

from lab.fuzz import documents, drafts, events, link, wire
from lab.fuzz.properties import UNSTEADY, Broken, Property

EXAMPLES = 100
FOLDERS = 20
"""A folder takes a tenth of a second."""
LINKS = 5
"""Of what takes a third of a second or more."""
LARGE = 3
"""Files of up to a million bytes take seconds each."""


@pytest.mark.parametrize(
    "tried",
    [*wire.PROPERTIES, *events.PROPERTIES, *documents.PROPERTIES, *drafts.PROPERTIES, *link.PROPERTIES],
    ids=lambda tried: tried.name,
)
def test_it_holds(tried: Property) -> None:
    few = {"yaml-large": LARGE, "ami-link": LINKS, "draft": LINKS}
    examples = few.get(tried.name, FOLDERS if tried.name.startswith("yaml") else EXAMPLES)
    assert tried.tried(1, examples) > 0


def test_a_failure_is_made_small_and_its_seed_repeats_it() -> None:
    def holds(number: int) -> None:
        assert number < 1_000

    tried = Property("small", "Numbers are small.", holds, {"number": st.integers()})
    stories = []
    for _ in range(2):
        with pytest.raises(Broken, match="small does not hold with seed 5") as caught:
            tried.tried(5, 1_000)
        stories.append(caught.value.story)
    assert stories[0] == stories[1]
    assert stories[0].endswith("number = 1000")


def test_what_fails_once_is_told_with_its_own_error() -> None:
    failed: list[int] = []

    def holds(number: int) -> None:
        if not failed:
            failed.append(number)
            raise AssertionError("busy at that moment")

    tried = Property("once", "It always holds.", holds, {"number": st.integers()})
    with pytest.raises(Broken) as caught:
        tried.tried(5, 10)
    assert caught.value.story.splitlines() == ["AssertionError: busy at that moment", f"number = {failed[0]}", UNSTEADY]


def test_where_nothing_can_be_drawn_nothing_was_tried() -> None:
    tried = Property("none", "Nothing.", lambda **_: None, {"number": st.integers().filter(lambda _: False)})
    assert tried.tried(1, 10) == 0


@pytest.mark.parametrize(
    "command", ['SET VARIABLE "A" "b', 'SET VARIABLE "A" "\\"', "SET VARIABLE A", 'X "\\\\" "a b"']
)
def test_words_are_found_as_asterisk_finds_them(command: str) -> None:
    expected = {
        'SET VARIABLE "A" "b': ["SET", "VARIABLE", "A", "b"],
        'SET VARIABLE "A" "\\"': ["SET", "VARIABLE", "A", '"'],
        "SET VARIABLE A": ["SET", "VARIABLE", "A"],
        'X "\\\\" "a b"': ["X", "\\", "a b"],
    }
    assert wire.agi_words(command.encode()) == expected[command]
