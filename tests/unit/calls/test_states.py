"""What a channel carries of a call's state."""

import pytest

from calls.states import Line, Transfer, line_of, mark_of


@pytest.mark.parametrize(
    ("line", "mark"),
    [
        ("bureau", "bureau"),
        (Transfer("1002", "1001", "trees"), "1002/1001/trees"),
        (Transfer("+8610962777"), "+8610962777//"),
        (Transfer("1002", "", "trees"), "1002//trees"),
        (Transfer("", "1001", "trees"), "/1001/trees"),
        ("", ""),
    ],
)
def test_a_channel_carries_a_line_as_a_mark(line: Line, mark: str) -> None:
    assert mark_of(line) == mark
    assert line_of(mark) == line
