import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from logs import command
from logs.command import Tail, Wanted, last, parsed

NAME, SUPERVISOR = command.NAMES


def line(number: int, level: str = "info", **fields: Any) -> str:
    """A line as the service writes it, of that second."""
    return json.dumps({**fields, "event": f"e{number}", "level": level, "at": f"2025-03-03T01:30:{number:02}Z"}) + "\n"


def events(logs: Path, wanted: Wanted = Wanted(), most: int = 100) -> list[str]:  # noqa: B008 - frozen
    return [each.event for each in last(logs, wanted, most)]


def test_a_line_has_its_time_level_event_and_fields() -> None:
    found = parsed(line(7, "warning", call="c1"))
    assert (found.at, found.level, found.event) == (datetime(2025, 3, 3, 1, 30, 7, tzinfo=UTC), "warning", "e7")
    assert found.fields == {"call": "c1"}


@pytest.mark.parametrize("raw", ["", "half a li", "[1]", "{}", '{"at": 1, "level": "x", "event": "y"}', "[" * 99_999])
def test_what_is_no_line_of_ours_is_shown_as_it_is(raw: str) -> None:
    found = parsed(f"{raw}\n")
    assert (found.raw, found.event, found.at, found.fields) == (raw, raw, None, {})


def test_the_last_lines_come_in_order_and_older_files_only_if_they_are_needed(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(line(5) + line(6))
    (tmp_path / f"{NAME}.1").write_text(line(3) + line(4))
    (tmp_path / f"{NAME}.2").write_text(line(1) + line(2))
    assert events(tmp_path) == ["e1", "e2", "e3", "e4", "e5", "e6"]
    assert events(tmp_path, most=3) == ["e4", "e5", "e6"]
    (tmp_path / f"{NAME}.2").unlink()
    (tmp_path / f"{NAME}.2").mkdir()  # would raise if it were opened
    assert events(tmp_path, most=4) == ["e3", "e4", "e5", "e6"]


def test_what_the_supervisor_knows_stands_between_in_its_time(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(line(1) + "torn\n" + line(4))
    (tmp_path / SUPERVISOR).write_text(line(2) + line(3))
    assert events(tmp_path) == ["e1", "torn", "e2", "e3", "e4"]
    assert events(tmp_path, most=2) == ["e3", "e4"]


def test_lines_are_chosen_by_time_gravity_and_call(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(line(1, "error", call="c1") + line(2, "debug") + "torn\n" + line(3, "warning"))
    assert events(tmp_path, Wanted(since=datetime(2025, 3, 3, 1, 30, 2, tzinfo=UTC))) == ["e2", "e3"]
    assert events(tmp_path, Wanted(level="warning")) == ["e1", "torn", "e3"]
    assert events(tmp_path, Wanted(call="c1")) == ["e1"]


def test_a_line_without_end_is_read_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "LONGEST", 10)
    (tmp_path / NAME).write_text("x" * 25)
    assert [len(each.raw) for each in last(tmp_path, Wanted(), 100)] == [10, 10, 5]


def test_a_tail_tells_whole_lines_and_goes_on_in_the_next_file(tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.write_text(line(1))
    tail = Tail(tmp_path / NAME)
    with path.open("a") as file:
        file.write(line(2) + line(3)[:20])
    assert [each.event for each in tail.more()] == ["e2"]
    with path.open("a") as file:
        file.write(line(3)[20:] + line(4))
    path.rename(tmp_path / f"{NAME}.1")
    path.write_text(line(5))
    assert [each.event for each in tail.more()] == ["e3", "e4", "e5"]
    assert list(tail.more()) == []
    tail.close()


def test_a_tail_waits_for_a_file_that_is_not_there_yet(tmp_path: Path) -> None:
    tail = Tail(tmp_path / NAME)
    assert list(tail.more()) == []
    (tmp_path / NAME).write_text(line(1))
    assert [each.event for each in tail.more()] == ["e1"]
    tail.close()
