"""The storm's checks of callbacks and recordings can fail, and its faults at callbacks come at each of their steps."""

import asyncio
import hashlib
from pathlib import Path
from typing import Any

from base.folders import StateFolder
from lab.chaos.checks import Journal, callbacks, out_of_order, recordings, wrong_with
from lab.chaos.ledger import Ledger
from lab.chaos.schedule import CALLBACKS, Fault, at_callbacks
from lab.chaos.views import Talk
from tests.unit.lab.chaos.test_checks import RING, one_call, rows

Told = tuple[str, str, dict[str, Any]]

PROMISED: Told = ("callback-promised", "a", {"callback": "b", "number": "138"})
DIALLED: Told = ("callback-dialled", "b", {})
ANSWERED: Told = ("callback-answered", "c", {"callback": "b"})
NOT_REACHED: Told = ("left-queue", "b", {"why": "not-reached"})


def lost(*told: Told, rung: int = 1) -> list[str]:
    async def check() -> list[str]:
        ledger = Ledger(lambda line: None)
        callbacks(Journal(rows(*told)), {"138": rung}, ledger)
        return [loss.what for loss in ledger.losses]

    return asyncio.run(check())


def test_each_callback_has_one_end_and_one_ring_an_attempt() -> None:
    assert lost(PROMISED, DIALLED, ANSWERED) == lost(PROMISED, DIALLED, DIALLED, NOT_REACHED, rung=2) == []
    assert lost(PROMISED, DIALLED) == ["callback lost"]
    assert lost(PROMISED, DIALLED, ANSWERED, ANSWERED) == ["callback doubled"]
    assert lost(PROMISED, DIALLED, ANSWERED, rung=2) == ["rung twice"]


def test_a_promise_ends_a_stay_in_a_queue_and_an_answer_begins_one() -> None:
    assert wrong_with(one_call(("queued", "a", {}), PROMISED)) == []
    assert wrong_with(one_call(PROMISED))
    talk = (("callback-answered", "a", {"callback": "b"}), ("offered", "a", RING), ("connected", "a", RING))
    assert wrong_with(one_call(*talk, ("talk-ended", "a", {}))) == []


def test_who_is_called_back_comes_before_who_came_later() -> None:
    came = (("queued", "a", {"language": "zh"}), ("queued", "d", {"language": "zh"}), PROMISED)
    assert out_of_order(rows(*came, ("offered", "d", RING))) == [], "the citizen is not on the line"
    assert out_of_order(rows(*came, ANSWERED, ("offered", "c", RING))) == []
    assert out_of_order(rows(*came, ANSWERED, ("offered", "d", RING)))


def test_recordings_are_compared_with_their_records_and_talks(tmp_path: Path) -> None:
    folder = StateFolder(tmp_path)
    folder.recordings.mkdir()
    file = folder.recorded / "2026" / "12" / "01" / "a.o.flac"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"sound")
    talk: tuple[Told, ...] = (
        ("connected", "a", RING),
        ("recording-begun", "a", {}),
        ("talk-ended", "a", {"talked_s": 3.0, "agent": "1"}),
    )
    good = {"recording": "a.o", "sha256": hashlib.sha256(b"sound").hexdigest()}

    def wrong(*told: Told, away: bool = False, until: float = 2.0) -> list[str]:
        async def check() -> list[str]:
            ledger = Ledger(lambda line: None)
            ledger.views.talks += [Talk("138", "1", 0.0, until), Talk("139", "1", 5.0, 9.0), Talk("138", "2", 0.0, 9.0)]
            recordings(Journal(rows(*told)), folder, lambda since, until: away, ledger)
            return [loss.why for loss in ledger.losses]

        return asyncio.run(check())

    assert wrong(*talk, ("recorded", "a", good)) == []
    assert wrong(*talk, ("recorded", "a", {**good, "sha256": "0"})) == ["the file is not that of the Record"]
    assert wrong(*talk) == ["a file without a Record", "a recorded talk has none"]
    file.unlink()
    assert wrong(*talk, ("recorded", "a", good)) == ["a Record without its file"]
    assert wrong(*talk, away=True) == [], "Asterisk ended, and the audio with it"
    assert wrong(*talk, until=0.5) == [], "nobody saw the end of this short talk"
    (folder.recordings / "talk-a.o.1.raw").touch()
    assert wrong() == ["it was not kept"]


def test_a_storm_of_callbacks_breaks_everything_at_each_of_their_steps() -> None:
    blows = at_callbacks(1, 600)
    assert blows == at_callbacks(1, 600) != at_callbacks(2, 600)
    assert {blow.moment for blow in blows} == set(CALLBACKS)
    faults = {Fault.KILL, Fault.STOP, Fault.AMI_CUT, Fault.AMI_AWAY, Fault.AMI_HALF_OPEN, Fault.ASTERISK_KILLED}
    assert {blow.fault for blow in blows} == {*faults, Fault.BOTH_KILLED}
