"""The sounds of messages beside their Records: what becomes of a recording, and what a look at the files finds."""

import asyncio
import os
from array import array
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from base.tasks import Failures, Tasks, Work
from calls.live.takes import Takes
from journal.actor import Actor
from journal.recorder import Recorder
from journal.records import Kind, Record
from lab.patience import until
from messages.keeper import Keeper
from messages.model import Messages
from sounds import message
from sounds.programs import ProgramFailed
from tests.unit.messages.left import begun, finished, left
from tests.unit.sounds.test_message import silence, tone, written

AT = 1_700_000_000.0
NUMBER = "13800138000"
SPEECH = tone(-30, 2)


class Here:
    """A keeper with two folders. `live`: calls that go on. `records`: all that were written."""

    def __init__(self, folder: Path, tasks: Tasks) -> None:
        self.recordings, self.sounds = folder / "recordings", folder / "messages"
        for each in (self.recordings, self.sounds):
            each.mkdir()
        self.records = list[Record]()
        self.live = set[str]()
        recorder = Recorder(self.records.append)
        self.messages = Messages()
        recorder.add("messages", self.messages.note)
        takes = Takes(self.recordings, folder / "tone", self.messages.admits)
        self.keeper = Keeper(
            *(self.messages, takes, self.sounds, tasks, recorder.write, lambda: AT), lambda call: call in self.live
        )
        recorder.add("keeper", self.keeper.note)
        self._recorder = recorder

    def note(self, *records: Record) -> None:
        for record in records:
            self._recorder.write(record)

    def recorded(self, call: str, samples: "array[int]" = SPEECH) -> Path:
        return written(self.recordings / f"message-{call}.wav", samples)

    def sound(self, call: str) -> Path:
        return written(self.sounds / f"{call}.wav", SPEECH)

    def files(self) -> set[str]:
        return {file.name for folder in (self.recordings, self.sounds) for file in folder.iterdir()}

    def last(self) -> tuple[Kind, str | None, object]:
        last = self.records[-1]
        return last.kind, last.call, last.data.get("why")


@asynccontextmanager
async def keeping(folder: Path) -> AsyncIterator[Here]:
    """The block ends once the keeper has done all that it began."""
    failures = Failures()
    async with Tasks(failures) as tasks:
        yield Here(folder, tasks)
    assert not +failures.counts


async def test_a_recording_is_on_the_list_once_its_call_is_over(tmp_path: Path) -> None:
    async with keeping(tmp_path) as here:
        here.note(*begun("c1", NUMBER, "greening", AT))
        here.recorded("c1")
        await asyncio.sleep(0)
        assert here.messages.all() == []
        here.note(finished("c1", AT + 9))
    (kept,) = here.messages.all()
    assert (kept.id, kept.number, kept.queue, kept.seconds) == ("c1", NUMBER, "greening", 2.0)
    assert here.records[-1].data == {"caller": NUMBER, "language": "zh", "length_s": 2.0}
    assert here.files() == {"c1.wav"}
    assert await here.keeper.sound("c1") == (here.sounds / "c1.wav").read_bytes()


@pytest.mark.parametrize(
    ("samples", "more", "why"), [(silence(9), {}, "silent"), (SPEECH, {"test": True}, "test"), (None, {}, "lost")]
)
async def test_what_is_dropped(tmp_path: Path, samples: "array[int] | None", more: dict[str, bool], why: str) -> None:
    async with keeping(tmp_path) as here:
        here.note(*begun("c1", NUMBER, "greening", AT, **more))
        if samples is not None:
            here.recorded("c1", samples)
        here.note(finished("c1", AT + 9))
    assert here.last() == (Kind.MESSAGE_DROPPED, "c1", why)
    assert (here.files(), here.messages.begun) == (set(), {})


async def test_a_message_that_cannot_be_levelled_is_kept_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(source: Path, target: Path) -> float | None:
        raise ProgramFailed("levelling", "took too long")

    monkeypatch.setattr(message, "level", broken)
    async with keeping(tmp_path) as here:
        here.note(*begun("c1", NUMBER, "greening", AT))
        here.recorded("c1")
        here.note(finished("c1", AT + 9))
    assert [one.id for one in here.messages.all()] == ["c1"]
    assert message.read(here.sounds / "c1.wav") == SPEECH


async def test_on_a_disk_that_fails_the_recording_stays_and_is_looked_at_again(tmp_path: Path) -> None:
    async with keeping(tmp_path) as here:
        here.sounds.rmdir()
        here.sounds.write_text("in the way")
        here.note(*begun("c1", NUMBER, "greening", AT))
        here.recorded("c1")
        here.note(finished("c1", AT + 9))
    assert (here.last()[0], [*here.messages.begun]) == (Kind.CALL_FINISHED, ["c1"])
    here.sounds.unlink()
    here.sounds.mkdir()
    async with Tasks(Failures()) as tasks:
        here.keeper._tasks = tasks
        await here.keeper.compare()
    assert [one.id for one in here.messages.all()] == ["c1"]


async def test_after_a_mistake_the_next_look_finds_the_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def mistaken(source: Path, target: Path) -> float | None:
        raise ZeroDivisionError

    failures = Failures()
    async with Tasks(failures) as tasks:
        here = Here(tmp_path, tasks)
        here.note(*begun("c1", NUMBER, "greening", AT))
        here.recorded("c1")
        with monkeypatch.context() as patch:
            patch.setattr(message, "level", mistaken)
            here.note(finished("c1", AT + 9))
            await until("the mistake", lambda: asyncio.sleep(0, failures.counts[Work.MESSAGE]))
        await here.keeper.compare()
    assert [one.id for one in here.messages.all()] == ["c1"]
    assert failures.counts[Work.MESSAGE] == 1


async def test_after_a_restart_recordings_of_calls_that_are_over_are_looked_at(tmp_path: Path) -> None:
    async with keeping(tmp_path) as here:
        here.live = {"c1"}
        for call in ("c1", "c2"):
            here.note(*begun(call, NUMBER, "greening", AT))
            here.recorded(call)
        await here.keeper.compare()
    assert [one.id for one in here.messages.all()] == ["c2"], "c1 goes on"
    assert here.files() == {"message-c1.wav", "c2.wav"}


async def test_a_message_without_its_sound_leaves_the_list(tmp_path: Path) -> None:
    async with keeping(tmp_path) as here:
        here.note(*left("c1", NUMBER, "greening", AT))
        here.sound("c1")
        await here.keeper.compare()
        assert here.keeper.lost == 0
        (here.sounds / "c1.wav").unlink()
        await here.keeper.compare()
    assert here.last() == (Kind.MESSAGE_REMOVED, "c1", "lost")
    assert (here.messages.all(), here.keeper.lost) == ([], 1)


async def test_a_sound_without_a_record_stays_until_it_is_old(tmp_path: Path) -> None:
    async with keeping(tmp_path) as here:
        stray = here.sound("c9")
        os.utime(stray, (AT, AT))
        here.recorded("c8")
        await here.keeper.compare(AT)
        assert here.files() == {"c9.wav"}, "of an unfinished recording nobody knows whose it is"
        await here.keeper.compare(AT + 1)
    assert here.files() == set()
    assert here.records == []


async def test_old_messages_are_removed(tmp_path: Path) -> None:
    async with keeping(tmp_path) as here:
        here.note(*left("c1", NUMBER, "greening", AT - 10), *left("c2", NUMBER, "greening", AT))
        for call in ("c1", "c2"):
            here.sound(call)
        assert [one.id for one in here.keeper.old(AT)] == ["c1"]
        assert await here.keeper.remove_old(AT) == 1
    assert here.last() == (Kind.MESSAGE_REMOVED, "c1", "old")
    assert here.files() == {"c2.wav"}


async def test_a_number_is_forgotten_with_its_messages(tmp_path: Path) -> None:
    async with keeping(tmp_path) as here:
        here.live = {"c4"}
        here.note(*left("c1", NUMBER, "greening", AT), *left("c2", "13900139000", "greening", AT))
        here.note(*begun("c3", NUMBER, "greening", AT), *begun("c4", NUMBER, "greening", AT))
        for call in ("c1", "c2"):
            here.sound(call)
        for call in ("c3", "c4"):
            here.recorded(call)
        here.keeper.forget("138-0013-8000")
    assert here.files() == {"c2.wav", "message-c4.wav"}
    assert [one.id for one in here.messages.all()] == ["c2"]
    gone = [(one.kind, one.call) for one in here.records if one.data.get("why") == "forgotten"]
    assert gone == [(Kind.MESSAGE_REMOVED, "c1"), (Kind.MESSAGE_DROPPED, "c3")]


async def test_of_what_is_not_on_the_list_there_is_no_sound(tmp_path: Path) -> None:
    async with keeping(tmp_path) as here:
        here.sound("c1")
        assert await here.keeper.sound("c1") is None
        here.note(*left("c2", NUMBER, "greening", AT))
        assert await here.keeper.sound("c2") is None
        assert await here.keeper.sound("../secrets") is None


async def test_whoever_removes_a_message_is_in_its_record(tmp_path: Path) -> None:
    async with keeping(tmp_path) as here:
        here.note(*left("c1", NUMBER, "greening", AT))
        here.sound("c1")
        (kept,) = here.messages.all()
        await here.keeper.remove(kept, here.keeper.removed(kept, "deleted", Actor.user("li")))
    assert (here.records[-1].actor, here.last()[2], here.files()) == ("user:li", "deleted", set())
