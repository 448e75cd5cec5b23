"""`./wutong selftest`: one line a difference, the summary, the exit status. The running service is a stand-in here."""

import json
from typing import Any

import pytest

from selftest.commands import follow


def made(called: int, *sentences: str, **more: Any) -> dict[str, Any]:
    found = [{"number": "12319", "keys": ["2", "1"], "sentence": each} for each in sentences]
    return {
        "ways": 2,
        "called": called,
        "differences": found,
        "more": 0,
        "spared": [],
        "recogniser": True,
        "slowest_s": None,
        "stopped": None,
        "why": None,
        "ended": "2026-03-03T03:30:00+00:00",
        **more,
    }


class Service:
    """Has one of these results at each look; the last one has ended."""

    def __init__(self, *results: dict[str, Any] | None) -> None:
        self.orders: list[str] = []
        self._results = list(results)

    def begin_selftest(self) -> None:
        self.orders.append("begin")

    def stop_selftest(self) -> None:
        self.orders.append("stop")

    def selftest(self) -> dict[str, Any]:
        last = self._results.pop(0)
        running = bool(self._results)
        return {"nightly": None, "running": running, "way": "12319 2,1" if running else None, "last": last}


def followed(service: Service, **how: Any) -> tuple[int, list[str], list[str]]:
    """The exit status, what was found, how far it was."""
    lines, notes = list[str](), list[str]()
    options = {"last": False, "as_json": False, **how}
    status = follow(service, show=lines.append, note=notes.append, sleep=lambda _: None, **options)
    return status, lines, notes


def test_each_difference_is_a_line_once_and_the_status_is_1() -> None:
    service = Service(made(0), made(1, "no sound"), made(1, "no sound"), made(2, "no sound", "no way", slowest_s=0.44))
    status, lines, notes = followed(service)
    assert (status, service.orders) == (1, ["begin"])
    assert lines == [
        "✗ 12319 2,1: no sound",
        "✗ 12319 2,1: no way",
        "calls: 2 of 2, differences: 2",
        "A person answered after 0.4 s at most.",
    ]
    assert notes == ["1/2  12319 2,1"]


def test_nothing_differs() -> None:
    assert followed(Service(made(2))) == (0, ["calls: 2 of 2, differences: 0"], [])


def test_what_was_left_out_is_said_and_what_was_not_called_is_status_3() -> None:
    result = made(1, spared=["gas", "water"], recogniser=False, stopped="busy", why="callers waited", more=3)
    status, lines, _ = followed(Service(result))
    assert status == 3
    assert lines[0] == "and 3 more"
    assert "gas, water" in lines[2]
    assert "prompts install --recogniser" in lines[3]
    assert lines[4] == "Not all calls were made: callers waited"


def test_the_last_one_is_shown_without_a_call() -> None:
    service = Service(made(2, "no sound"))
    assert followed(service, last=True)[0] == 1
    assert service.orders == []
    status, lines, notes = followed(Service(None), last=True)
    assert (status, lines, notes) == (3, [], ["There was no self-test yet."])


def test_programs_get_the_whole_result_once() -> None:
    status, lines, _ = followed(Service(made(0), made(2, "no sound")), as_json=True)
    assert (status, [json.loads(line) for line in lines]) == (1, [made(2, "no sound")])


def test_an_interrupt_stops_it() -> None:
    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    service = Service(made(0), made(1))
    with pytest.raises(KeyboardInterrupt):
        follow(service, last=False, as_json=False, show=lambda _: None, note=lambda _: None, sleep=interrupt)
    assert service.orders == ["begin", "stop"]
