"""The last agents have the right talks, and are the same after a restart."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from acd.recovery.state import UnreadableSnapshot
from calls import last_agents
from calls.last_agents import LastAgents
from calls.model import LastTalk
from journal.actor import CALLER, Actor
from journal.records import Kind, Record

NUMBER, OTHER = "13800138000", "13900139000"
DAY = 86_400.0


class Calls:
    """Citizens' calls, as their Records tell them. `at`: the moment, in seconds."""

    def __init__(self) -> None:
        self.within: dict[str, float] = {"greening": 3_600.0, "water": 3_600.0}
        self.last = self.anew()
        self.records: list[Record] = []
        self.at = 1000.0
        self._ids: Iterator[int] = count(1)

    def anew(self, longest: float = DAY) -> LastAgents:
        return LastAgents(self.within.get, lambda number: number == "1001", longest)

    def write(self, kind: Kind, call: str, actor: Actor = CALLER, agent: str | None = None, **data: Any) -> None:
        queue = data.pop("queue", None)
        record = Record(self.at, kind, call, queue, agent, data=data, actor=actor)
        self.records.append(record)
        self.last.note(record)

    def start(self, caller: str = NUMBER, **data: Any) -> str:
        call = f"call-{next(self._ids)}"
        self.write(Kind.CALL_STARTED, call, caller=caller, **data)
        return call

    def talks(self, agent: str, queue: str = "greening", caller: str = NUMBER, **data: Any) -> str:
        """A call that an agent takes at once; it ends after a minute."""
        call = self.start(caller, **data)
        self.write(Kind.CONNECTED, call, agent=agent, queue=queue)
        self.at += 60
        self.write(Kind.TALK_ENDED, call, agent=agent, queue=queue)
        self.write(Kind.CALL_FINISHED, call)
        return call


def test_the_agent_of_the_last_talk_of_each_queue() -> None:
    calls = Calls()
    assert calls.last.of(NUMBER) == {}
    calls.talks("1001")
    calls.talks("1002")
    calls.talks("1003", "water")
    assert calls.last.of(NUMBER) == {"greening": LastTalk("1002", 1120.0), "water": LastTalk("1003", 1180.0)}
    assert calls.last.of(OTHER) == {}


def test_a_talk_that_goes_on_counts_too() -> None:
    calls = Calls()
    calls.write(Kind.CONNECTED, calls.start(), agent="1001", queue="greening")
    assert calls.last.of(NUMBER) == {"greening": LastTalk("1001", 1000.0)}


@pytest.mark.parametrize(
    ("caller", "data"),
    [
        ("", {}),
        ("anonymous", {}),
        ("1001", {}),
        (NUMBER, {"test": True}),
        (NUMBER, {"about": "call-9"}),
        (NUMBER, {"actor": Actor.user("wang")}),
    ],
)
def test_only_citizens_with_a_number_count(caller: str, data: dict[str, Any]) -> None:
    calls = Calls()
    calls.talks("1002", caller=caller, **data)
    assert calls.last.of(caller) == {}
    assert calls.last.kept() == {"live": {}, "talks": []}


def test_a_queue_that_is_not_sticky_keeps_nobody() -> None:
    calls = Calls()
    calls.talks("1002", "gas")
    assert calls.last.kept() == {"live": {}, "talks": []}


def test_old_talks_are_not_kept() -> None:
    calls = Calls()
    calls.talks("1002")
    calls.at += 3_500
    calls.talks("1003", caller=OTHER)
    assert [talk["number"] for talk in calls.last.kept()["talks"]] == [NUMBER, OTHER]
    calls.at += 60
    calls.start("13700137000")
    assert [talk["number"] for talk in calls.last.kept()["talks"]] == [OTHER]
    del calls.within["greening"]
    assert calls.last.kept()["talks"] == []


def test_numbers_are_kept_no_longer_than_the_settings_say() -> None:
    calls = Calls()
    calls.last = calls.anew(longest=100)
    calls.talks("1002")
    calls.at += 101
    calls.start(OTHER)
    assert calls.last.kept()["talks"] == []


def test_there_is_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(last_agents, "MOST", 2)
    monkeypatch.setattr(last_agents, "MOST_LIVE", 1)
    calls = Calls()
    calls.talks("1001")
    calls.talks("1002", caller=OTHER)
    calls.talks("1001")
    calls.talks("1003", caller="13700137000")
    assert [talk["number"] for talk in calls.last.kept()["talks"]] == [NUMBER, "13700137000"]
    calls.start()
    calls.start(OTHER)
    assert list(calls.last.kept()["live"].values()) == [{"number": OTHER}]


def test_a_number_is_forgotten() -> None:
    calls = Calls()
    calls.talks("1001")
    calls.talks("1002", caller=OTHER)
    calls.start()
    calls.last.forget("138 0013 8000")
    assert NUMBER not in str(calls.last.kept())
    assert calls.last.of(OTHER) != {}


@pytest.mark.parametrize("at", range(10))
def test_a_restart_knows_what_was_known(at: int) -> None:
    calls = Calls()
    calls.talks("1001")
    calls.talks("1002", "water", OTHER)
    calls.write(Kind.CONNECTED, calls.start(), agent="1003", queue="greening")
    whole, before = calls.anew(), calls.anew()
    for record in calls.records[:at]:
        before.note(record)
    whole.restore(before.kept(), calls.records[at:])
    assert whole.kept() == calls.last.kept()


def test_what_was_forgotten_in_a_snapshot_stays_forgotten() -> None:
    calls = Calls()
    calls.talks("1001")
    calls.start()
    kept = calls.last.kept()
    for each in (*kept["talks"], *kept["live"].values()):
        each["number"] = ""
    again = calls.anew()
    again.restore(kept, ())
    assert again.kept() == {"live": {}, "talks": []}


def test_a_snapshot_that_cannot_be_read() -> None:
    with pytest.raises(UnreadableSnapshot):
        Calls().last.restore({"talks": [{}]}, ())
