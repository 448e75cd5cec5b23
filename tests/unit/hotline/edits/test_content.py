"""What a form shows of a file, and where a problem belongs."""

from hotline.document import read
from hotline.edits.content import Whereabouts, content

TEXT = """\
a: &a {b: 1, c: [x, true]}
d: *a
e:
  - {f: "2"}
  - g:
"""


def test_a_file_as_values() -> None:
    node, _ = read(TEXT.encode(), "x")
    same = {"b": "1", "c": ["x", True]}
    assert content(node) == {"a": same, "d": same, "e": [{"f": "2"}, {"g": None}]}
    assert content(None) is None


def test_a_spot_in_the_file_is_the_path_of_what_begins_there_or_before() -> None:
    node, _ = read(TEXT.encode(), "x")
    find = Whereabouts(node).path
    assert [find(1, 1), find(1, 8), find(1, 11), find(1, 18), find(1, 20)] == [
        ("a",),
        ("a", "b"),
        ("a", "b"),
        ("a", "c", 0),
        ("a", "c", 0),
    ]
    assert [find(2, 1), find(2, 4), find(4, 10), find(5, 5), find(99, 1)] == [
        ("d",),
        ("d",),
        ("e", 0, "f"),
        ("e", 1),
        ("e", 1),
    ]
    assert Whereabouts(None).path(1, 1) == ()
