"""Edits of a file's text: what is edited says the new value, all else stays as it is written."""

import difflib
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.folders import SAMPLE_HOTLINE
from hotline import document
from hotline.document import Entries, Items, Node, Path, Scalar, node_at
from hotline.edits.edit import Edit, Remove, Rename, Set, Uneditable, applied, touched
from tests.unit.hotline.folders import AGENTS, HOTLINE

SAMPLE = (SAMPLE_HOTLINE / "hotline.yaml").read_text(encoding="utf-8")
AGENTS_OF_SAMPLE = (SAMPLE_HOTLINE / "agents.yaml").read_text(encoding="utf-8")
ODD = """\
%YAML 1.2
---
# the head
'name':   {zh: 热线 , "en": "Line"}   # beside
languages:
- zh   # a list that is not indented
# between
- en
greeting: 'It''s us'  # single
say: |
    two
    lines

text: >-   # folded
  one
  two
  # no comment

menus:   # all of them
    # before the first
    main: &main   # wide
        say: "a: b # c"
        keys: {
          "1": {queue: a},   # one
          "2": {queue: b}    # two
        }
    # before the second
    other: *main
    third:


queues:
  a:
    - - x
      - y
    - k: v   # compact
      l: w
  b: {}
  c: []
# the end
"""
FILES = {"sample": SAMPLE, "agents": AGENTS_OF_SAMPLE, "small": HOTLINE, "few": AGENTS, "odd": ODD}


def edited(text: str, *edits: Edit) -> str:
    return applied(text, edits, "hotline.yaml")


def said(text: str) -> Any:
    node, _ = document.read(text.encode(), "hotline.yaml")
    return plain(node)


def plain(node: Node | None) -> Any:
    match node:
        case Entries(nodes=nodes):
            return {key: plain(each) for key, each in nodes.items()}
        case Items(nodes=items):
            return [plain(each) for each in items]
        case Scalar():
            return node.value
        case None:
            return None


def difference(old: str, new: str) -> list[str]:
    found = list(difflib.ndiff(old.splitlines(), new.splitlines()))
    return [line.rstrip() for line in found if line[0] in "+-"]


@pytest.mark.parametrize(
    ("edit", "lines"),
    [
        (
            Set(("greeting", "zh"), "您好。"),
            [
                "- greeting: {zh: 您好，这里是城建服务热线。, en: Urban construction hotline.}",
                "+ greeting: {zh: 您好。, en: Urban construction hotline.}",
            ],
        ),
        (
            Set(("languages",), ["zh"]),
            [
                "- languages: [zh, en]             # the first is the default",
                "+ languages: [zh]             # the first is the default",
            ],
        ),
        (
            Set(("opening_hours", "office"), {"week": {"mon-fri": "09:00-17:00"}}),
            ["+   office:", '+     week: {mon-fri: "09:00-17:00"}'],
        ),
        (Set(("menus", "main", "keys", "5"), {"queue": "gas"}), ['+       "5": {queue: gas}']),
        (
            Rename(("menus", "main", "keys", "1"), "5"),
            ['-       "1": {menu: greening}', '+       "5": {menu: greening}'],
        ),
        (Remove(("queues", "gas", "relax", 0)), ["-       - {after: 15s, needs: {gas: 1}}"]),
        (Remove(("queues", "gas", "priority")), ["-     priority: 60s"]),
        (
            Set(("queues", "gas", "service_level"), {"percent": 80, "within": "20s"}),
            ["+     service_level: {percent: 80, within: 20s}"],
        ),
        (
            Set(("menus", "main", "say", "en"), "Press 1. " * 20 + "Bye."),
            [
                "-         For greening, press 1. For water and gas, 2. For roads and traffic, 3. For housing, 4.",
                "-         For a person, 0. To repeat, star. 中文请按9键。",
                "+         " + ("Press 1. " * 11).strip(),
                "+         " + "Press 1. " * 9 + "Bye.",
            ],
        ),
        (
            Set(("queues", "taxis"), {"name": {"zh": "出租车", "en": "Taxis"}, "needs": {"taxis": 1}}),
            ["+", "+   taxis:", "+     name: {zh: 出租车, en: Taxis}", "+     needs: {taxis: 1}"],
        ),
    ],
)
def test_only_the_lines_of_the_edit_change(edit: Edit, lines: list[str]) -> None:
    assert difference(SAMPLE, edited(SAMPLE, edit)) == lines


def test_an_agent_is_added_changed_and_taken_out() -> None:
    text = edited(
        AGENTS_OF_SAMPLE,
        Set(("agents", 15), {"id": "1013", "name": "树木席", "skills": {"trees": 3}, "languages": ["zh"]}),
        Set(("agents", 0, "skills", "trees"), 2),
        Remove(("agents", 1)),
    )
    lines = AGENTS_OF_SAMPLE.splitlines()
    lines[4] = lines[4].replace("general: 2}", "general: 2, trees: 2}")
    lines.append('  - {id: "1013", name: 树木席, skills: {trees: 3}, languages: [zh]}')
    assert text.splitlines() == [*lines[:5], *lines[6:]]


def test_two_keys_are_exchanged_with_what_is_beside_them() -> None:
    text = edited(SAMPLE, Rename(("menus", "utilities", "keys", "3"), "2"))
    keys = said(text)["menus"]["utilities"]["keys"]
    assert (list(keys), keys["3"]) == (["1", "3", "2", "0", "*", "#"], {"queue": "drainage"})
    assert "skip: false             # no key cuts this short" in text


def test_members_of_a_list_are_exchanged_with_what_is_beside_them() -> None:
    text = edited(SAMPLE, Rename(("queues", "general", "overflow", 0), "1"))
    before, after = (said(each)["queues"]["general"]["overflow"] for each in (SAMPLE, text))
    assert after == [before[1], before[0], before[2]]
    assert "overflow:\n      - {waited: 10m, then: {sub_hotline: duty}}  # the end; if nobody" in text
    assert "      - nobody_signed_in: 0s    # callers of all queues" in text
    assert edited(text, Rename(("queues", "general", "overflow", 1), "0")) == SAMPLE


def test_what_stands_for_something_else_gets_its_own_copy() -> None:
    old, new = (
        said(SAMPLE)["queues"],
        said(edited(SAMPLE, Set(("queues", "gas", "announce", "every"), "20s")))["queues"],
    )
    assert new["gas"]["announce"] == {**old["gas"]["announce"], "every": "20s"}
    assert {name: new[name] for name in new if name != "gas"} == {name: old[name] for name in old if name != "gas"}


def test_what_others_stand_for_changes_for_all_and_they_are_told() -> None:
    path = ("queues", "greening", "announce", "every")
    new = said(edited(SAMPLE, Set(path, "20s")))["queues"]
    assert {queue["announce"]["every"] for queue in new.values()} == {"20s"}
    others = [("queues", name, "announce") for name in new if name != "greening"]
    assert touched(SAMPLE, [path], "hotline.yaml") == others
    assert touched(SAMPLE, [("queues", "gas", "announce", "every")], "hotline.yaml") == []


@pytest.mark.parametrize(
    ("old", "edit", "new"),
    [
        ("", Set(("a", "b"), {"c": "d"}), "a:\n  b: {c: d}\n"),
        ("# c\n", Set(("a",), "x"), "# c\na: x\n"),
        ("a:  # c\nb: 1\n", Set(("a", "x", "z"), 1), "a:  # c\n  x: {z: 1}\nb: 1\n"),
        ("a: {}  # c\n", Set(("a", "b"), {"c": {"d": 1}}), "a:  # c\n  b:\n    c: {d: 1}\n"),
        ("a: []  # c\n", Set(("a", 0), {"c": {"d": 1}}), "a:  # c\n  - {c: {d: 1}}\n"),
        ("a: {b: 1, c: 2}\n", Remove(("a", "b")), "a: {c: 2}\n"),
        ("a: {b: 1, c: 2}\n", Remove(("a", "c")), "a: {b: 1}\n"),
        ("a: {b: 1}\n", Remove(("a", "b")), "a: {}\n"),
        ("a: {\n  b: 1,  # b\n  c: 2  # c\n}\n", Remove(("a", "c")), "a: {\n  b: 1  # b\n    # c\n}\n"),
        ("a: {\n  b: 1,  # b\n  c: 2  # c\n}\n", Remove(("a", "b")), "a: {\n    # b\n  c: 2  # c\n}\n"),
        ("a:\n  b: 1  # b\n", Remove(("a", "b")), "a: {}  # b\n"),
        ("a: # c\n  # d\n  b: 1\n  c: 2\nd: 1\n", Set(("a",), "x"), "a: x # c\n  # d\nd: 1\n"),
        ("- a: 1\n  # of b\n  b: 2\n", Remove((0, "b")), "- a: 1\n  # of b\n"),
        ("a: &x {b: 1} # c\nd: *x\n", Set(("d",), "z"), "a: &x {b: 1} # c\nd: z\n"),
        ("a: 1\r\nb: 2\r\n", Set(("c",), 3), "a: 1\r\nb: 2\r\nc: 3\r\n"),
        ("\ufeffa: 1", Set(("a",), 2), "\ufeffa: 2"),
        ("'a': 1\n", Rename(("a",), "b"), "'b': 1\n"),
        ("a: 1\n", Remove(("b", "c")), "a: 1\n"),
        ("a: 1 # c\n", Set(("a",), "1"), "a: 1 # c\n"),
        ("a: {b: 1}\n", Set(("a", "off"), ["x"]), "a: {b: 1, off: [x]}\n"),
        (
            "a:\n  b: {c: " + "d" * 60 + "} # c\ne: 1\n",
            Set(("a", "b", "off"), "f" * 50),
            "a:\n  b: # c\n    c: " + "d" * 60 + "\n    off: " + "f" * 50 + "\ne: 1\n",
        ),
        ("a: [1, {b: 2}, 3] # c\n", Rename(("a", 2), "0"), "a: [3, {b: 2}, 1] # c\n"),
        ("a:\n- &x b\n- [*x] # c", Rename(("a", 1), "1"), "a:\n- &x b\n- [*x] # c"),
        (
            "a:\n- &x 1 # b\n-   c: 2\n    d: 3\ne: *x\n",
            Rename(("a", 0), "1"),
            "a:\n-   c: 2\n    d: 3\n- &x 1 # b\ne: *x\n",
        ),
    ],
)
def test_small_texts(old: str, edit: Edit, new: str) -> None:
    assert edited(old, edit) == new


@pytest.mark.parametrize(
    ("text", "edit", "why"),
    [
        ("a: 1\n", Set(("a", "b"), 1), "has nothing at a/b"),
        ("a: [1]\n", Set(("a", 3), 1), "has nothing at a/3"),
        ("a: 1\n", Set((), 1), "has nothing at"),
        ("a: 1\n", Rename(("b",), "c"), "has nothing at b"),
        ("a: [1]\n", Rename(("a", 0), "1"), "has nothing at a/1"),
        ("a: [1]\n", Rename(("a", 0), "-1"), "has nothing at a/-1"),
        ("a: [1]\n", Rename(("a", 2), "0"), "has nothing at a/0"),
        ("a:\n- &x 1\n- *x\n", Rename(("a", 0), "1"), "in an unusual way in line 2"),
        ("a: 1\n", Set(("x",) * 30, 1), "has nothing at"),
        ("a: 1\n", Set(("a", "x\ny"), 1), r"has nothing at a/x\\u000ay"),
        ("a: [\n", Set(("a",), 1), "cannot be read: correct line"),
        ("[a]: 1\nb: 2\n", Set(("b",), 1), "in an unusual way"),
        ("a: &x 1\nb: *x\n", Remove(("a",)), "in an unusual way in line 1"),
        (
            "a: &a [&b [&c [1, 1], *c], *b]\n" + "".join(f"b{n}: [*a, *a, *a]\n" for n in range(9)),
            Remove(("a",)),
            "unus",
        ),
        ("a: &x [" + "1," * 60_000 + "]\nb: *x\n", Set(("c",), 1), "cannot be read"),
    ],
)
def test_what_cannot_be_done_changes_nothing(text: str, edit: Edit, why: str) -> None:
    with pytest.raises(Uneditable, match=why):
        edited(text, edit)


def test_a_text_that_is_read_as_too_deep_is_not_written() -> None:
    deep: Any = "x"
    for _ in range(40):
        deep = {"a": deep}
    with pytest.raises(Uneditable):
        edited("b: 1\n", Set(("c",), deep))


# --- by chance -------------------------------------------------------------------------------------------------------

HOSTILE = (
    "", " ", "a: b", "- a", "# c", "a # b", "{x", "x}", "[1", "*star", "&x", "!tag", "|", ">-", "%YAML", "---", "...",
    "'", '"', "\\", "\n", "a\n\nb: c", "\t", "true", "No", "null", "~", "1", "0x1", "1e3", ".inf", "12:30:00",
    "2027-02-05", "<<", "=", "?", "? a", "@a", "`a", "a,b", "a:", ":a", "\u2028", "\u0085", "\ufeff", "\u202e",
    "\x00", "\x7f", "\u3000", "😀", "，。", "a  b", " a", "a ", "3s", "{{x}}", "${x}", "<script>", "x" * 300,
)  # fmt: skip
TEXTS = st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=["Cs"]), max_size=12))
VALUES = st.recursive(
    st.one_of(TEXTS, st.booleans(), st.integers(-5, 10_000)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4)),
    max_leaves=8,
)


def paths(node: Node | None, path: Path = ()) -> list[Path]:
    below: list[tuple[str | int, Node]] = []
    if isinstance(node, Entries):
        below = list(node.nodes.items())
    elif isinstance(node, Items):
        below = list(enumerate(node.nodes))
    return [path, *(each for step, inner in below for each in paths(inner, (*path, step)))]


TREES = {name: document.read(text.encode(), name)[0] for name, text in FILES.items()}
PATHS = {name: paths(tree) for name, tree in TREES.items()}
COMMENT = re.compile(r"(?:^|\s)#.*")


@st.composite
def edits(draw: st.DrawFn) -> tuple[str, Edit]:
    name = draw(st.sampled_from(sorted(FILES)))
    path = draw(st.sampled_from(PATHS[name][1:]))
    match draw(st.integers(0, 4)):
        case 0:
            return name, Remove(path)
        case 1:
            return name, Rename(path, draw(TEXTS if isinstance(path[-1], str) else st.sampled_from("0123")))
        case 2 if isinstance(node_at(tree(name), path), Entries):
            return name, Set((*path, draw(TEXTS)), draw(VALUES))
        case 3 if isinstance(found := node_at(tree(name), path), Items):
            return name, Set((*path, len(found.nodes)), draw(VALUES))
    return name, Set(path, draw(VALUES))


def tree(name: str) -> Node:
    found = TREES[name]
    assert found is not None
    return found


@given(edits())
def test_whatever_is_edited_is_said_and_nothing_else_changes(drawn: tuple[str, Edit]) -> None:
    name, edit = drawn
    text = FILES[name]
    try:
        new = edited(text, edit)
    except Uneditable as why:
        # An anchor that others need, the only key of the file, and the odd file's odd paths.
        assert name == "odd" or "&" in "".join(text.splitlines()[line_of(str(why)) :][:1]) or gone(edit), why  # noqa: PT017
        return
    found = document.read(new.encode(), name)[0]
    read_as = tuple(even(step) if isinstance(step, str) else step for step in edit.path)
    if isinstance(edit, Set) and (read_as == edit.path or node_at(tree(name), read_as) is None):
        assert plain(node_at_or_none(found, read_as)) == even(edit.value)
    # What is edited may have comments inside; all comments outside stay, in their order.
    lines = within(text, edit.path)
    kept = [c.strip() for number, line in enumerate(text.splitlines()) if number not in lines for c in comments(line)]
    left = iter([c.strip() for line in new.splitlines() for c in comments(line)])
    assert all(comment in left for comment in kept)
    # A path that is not on the way, nor an alias, says what it said.
    for other in PATHS[name]:
        if other and not related(other, edit) and "*" not in text_of(text):
            assert plain(node_at_or_none(found, other)) == plain(node_at(tree(name), other))


def gone(edit: Edit) -> bool:
    return len(edit.path) == 1


def line_of(why: str) -> int:
    found = re.search(r"line (\d+)", why)
    return int(found[1]) - 1 if found else 0


def text_of(text: str) -> str:
    return re.sub(r'"\*"', "", text)


def related(path: Path, edit: Edit) -> bool:
    short = edit.path[:-1]  # members of a list move, keys are exchanged
    return path[: len(short)] == short[: len(path)]


def within(text: str, path: Path) -> range:
    """The lines of what is edited, and of what leads to it where it is all that is there."""
    node = document.read(text.encode(), "x")[0]
    assert node is not None
    first = document.spot_of(node, path, key=True).line - 1
    after = [document.spot_of(node, each, key=True).line - 1 for each in paths(node) if each > path[:0]]
    inner = [document.spot_of(node, each, key=True).line - 1 for each in paths(node) if each[: len(path)] == path]
    end = max([first, *inner])
    following = [line for line in after if line > end]
    return range(first, min(following, default=len(text.splitlines())))


def comments(line: str) -> list[str]:
    return COMMENT.findall(line)[:1]


def node_at_or_none(root: Node | None, path: Path) -> Node | None:
    return None if root is None else node_at(root, path)


def even(value: Any) -> Any:
    """As `hotline.document` reads it: numbers as digits, white space as single spaces, without control characters."""
    match value:
        case bool() | None:
            return value
        case dict():
            first: dict[str, Any] = {}
            for key, each in value.items():
                first.setdefault(str(even(key)), even(each))
            return first
        case list():
            return [even(each) for each in value]
    node, _ = document.read(f"{document_quoted(str(value))}\n".encode(), "x")
    assert isinstance(node, Scalar)
    return node.text


def document_quoted(text: str) -> str:
    return '"' + "".join(f"\\U{ord(c):08x}" for c in text) + '"'
