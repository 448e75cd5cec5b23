"""What libyaml reads, ruamel reads alike: each event, its text and its places. All else is left to ruamel."""

import random
import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from ruamel.yaml.events import CollectionEndEvent, ScalarEvent

from base.places import CHECKOUT
from hotline.parsing import DEEPEST, MOST, events, quick_events

SAMPLE = CHECKOUT / "examples" / "12319"
FILES = ("hotline.yaml", "agents.yaml", "tests.yaml")

ODD = [
    "{name: a\tb}", "name: a\u2028b", "name: a\u00a0b", "a: \x07", "\ufeffa: 1",  # what is no printable character
    "a: !!str 1", "a: &b? c", "*a: 1", "a: {*b: 1}", "a: 09:00", "{a:1}", "a:", "- \n- a", "a: |#\n  b",
    "a: >\n \n   b\n  c", "a: |2\n  b", "a: [", "a: 'b", "a: b: c", "a\nb: c", "*hash: {queue: a}",
    '["a":b]', "['a':b]", "|\n#x", "--- |\n---\na", "a: b\n...\n...\n", "%YAML 1.1\n---\na: b",
]  # fmt: skip
MARKS = [
    *"{}[],:#&*!|>'\"%@`?- \n\\~<=x1：，“”好",
    ": ",
    "? ",
    "- ",
    "--- ",
    "...",
    "\n---\n",
    "%YAML 1.1\n",
    "''",
    "|-\n  a\n",
]


def said(found: list[Any], text: str) -> list[tuple[Any, ...]]:
    """What `hotline.document` uses of events."""
    return [
        (type(each),)
        if isinstance(each, CollectionEndEvent) or not hasattr(each, "anchor")
        else (type(each), each.anchor, getattr(each, "tag", None), each.start_mark.line, each.start_mark.column)
        + (
            (each.value, each.style, text[each.start_mark.index : each.end_mark.index])
            if isinstance(each, ScalarEvent)
            else ()
        )
        for each in found
    ]


def by_ruamel(text: str) -> list[Any]:
    return list(YAML(typ="safe", pure=True).parse(text))


@pytest.mark.parametrize("file", [SAMPLE / name for name in FILES], ids=lambda file: file.name)
def test_the_sample_is_read_quickly_and_alike(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    quick = quick_events(text)
    assert quick is not None
    assert said(quick, text) == said(by_ruamel(text), text)


def test_so_are_the_examples_of_the_documentation() -> None:
    blocks = [
        block
        for page in sorted((CHECKOUT / "docs").glob("*.md"))
        for block in re.findall(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    ]
    assert len(blocks) > 10
    for text in blocks:
        assert said(list(events(text)), text) == said(by_ruamel(text), text)


@pytest.mark.parametrize("text", ODD)
def test_what_may_be_read_otherwise_is_left_to_ruamel(text: str) -> None:
    assert quick_events(text) is None


def test_slips_by_chance_are_read_alike() -> None:
    """Pieces of the sample with one to four slips: whatever libyaml takes, ruamel reads in the same way."""
    lines = (SAMPLE / "hotline.yaml").read_text(encoding="utf-8").split("\n")
    chance, taken = random.Random(14), 0
    while taken < 300:
        begin = chance.randrange(len(lines))
        text = "\n".join(lines[begin : begin + chance.randint(3, 25)])
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(text) + 1)
            text = text[:at] + chance.choice(("", *MARKS)) + text[at + chance.choice((0, 0, 1, 9)) :]
        if (quick := quick_events(text)) is not None:
            taken += 1
            assert said(quick, text) == said(by_ruamel(text), text), text


def test_depth_and_number_are_bounded() -> None:
    assert quick_events("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1)) is None
    assert quick_events("[" * 500_000) is None
    assert quick_events("- a\n" * MOST) is None
