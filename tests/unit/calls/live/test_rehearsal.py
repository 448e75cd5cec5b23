"""The caller of a test call: when it presses which key."""

import asyncio
from typing import Any, cast

from calls.live.rehearsal import BETWEEN, HEARD_OUT, THINKING, Rehearsals
from dialplan.telephony import Telephony
from journal.actor import Actor
from journal.records import Kind, Record
from tests.unit.faketime import fake_time

TOKEN, CALL = "rehearsal-1", "call-1"


class Phone:
    """Presses keys."""

    def __init__(self) -> None:
        self.pressed: list[tuple[float, str]] = []

    async def listen(self, **_: Any) -> None: ...

    def play_key(self, _: str, key: str) -> None:
        self.pressed.append((asyncio.get_running_loop().time(), key))


class Stage:
    """A test call under way. `tell` is what its story says next."""

    def __init__(self, tasks: asyncio.TaskGroup) -> None:
        self.phone = Phone()
        self._rehearsals = Rehearsals(cast(Telephony, self.phone))
        self._tasks = tasks

    async def begin(self, *keys: str, hear_out: bool = False) -> None:
        placing = self._tasks.create_task(
            self._rehearsals.place(TOKEN, "12319", keys, "", 60, None, Actor.token("local"), hear_out=hear_out)
        )
        await asyncio.sleep(0)
        self._rehearsals.arrived(TOKEN, CALL)
        self.tell(Kind.CALL_STARTED)
        assert await placing == CALL

    def tell(self, *kinds: Kind) -> None:
        for kind in kinds:
            self._rehearsals.note(Record(0.0, kind, CALL))

    async def passes(self, seconds: float) -> list[str]:
        """The keys that were pressed in the meantime."""
        before = len(self.phone.pressed)
        await asyncio.sleep(seconds)
        return [key for _, key in self.phone.pressed[before:]]


@fake_time
async def test_a_key_comes_soon_after_the_menu_began() -> None:
    async with asyncio.TaskGroup() as tasks:
        stage = Stage(tasks)
        await stage.begin("1", "2")
        stage.tell(Kind.MENU_ENTERED)
        assert await stage.passes(THINKING - 0.1) == []
        assert await stage.passes(0.2) == ["1"]
        stage.tell(Kind.SAID, Kind.KEY_PRESSED, Kind.MENU_ENTERED)
        assert await stage.passes(60) == ["2"]


@fake_time
async def test_silence_lets_the_wait_of_a_menu_pass() -> None:
    async with asyncio.TaskGroup() as tasks:
        stage = Stage(tasks)
        await stage.begin("silence", "silence", "7", "silence", "1")
        stage.tell(Kind.MENU_ENTERED, Kind.SAID)
        assert await stage.passes(60) == []
        stage.tell(Kind.NO_INPUT)
        assert await stage.passes(60) == []
        stage.tell(Kind.NO_INPUT)
        assert await stage.passes(60) == ["7"]
        stage.tell(Kind.INVALID_KEY)
        assert await stage.passes(60) == [], "it is silent again"
        stage.tell(Kind.NO_INPUT)
        assert await stage.passes(60) == ["1"]


@fake_time
async def test_a_test_call_that_hears_out_presses_no_key_before_the_end() -> None:
    async with asyncio.TaskGroup() as tasks:
        stage = Stage(tasks)
        await stage.begin("1", "silence", "2", hear_out=True)
        stage.tell(Kind.MENU_ENTERED)
        assert await stage.passes(60) == []
        stage.tell(Kind.SAID)
        assert await stage.passes(HEARD_OUT + 0.1) == ["1"]
        stage.tell(Kind.KEY_PRESSED, Kind.MENU_ENTERED, Kind.SAID)
        assert await stage.passes(60) == []
        stage.tell(Kind.NO_INPUT)
        assert await stage.passes(60) == []
        stage.tell(Kind.SAID)
        assert await stage.passes(60) == ["2"]


@fake_time
async def test_digits_are_entered_one_after_another_whatever_is_told_meanwhile() -> None:
    async with asyncio.TaskGroup() as tasks:
        stage = Stage(tasks)
        await stage.begin("4", "12#", "1", hear_out=True)
        stage.tell(Kind.SAID)
        assert await stage.passes(HEARD_OUT + 0.1) == ["4"]
        stage.tell(Kind.KEY_PRESSED, Kind.SAID)
        assert await stage.passes(HEARD_OUT + 0.1) == ["1"]
        stage.tell(Kind.KEY_PRESSED)
        assert await stage.passes(BETWEEN) == ["2"]
        stage.tell(Kind.KEY_PRESSED)
        assert await stage.passes(60) == ["#"], "the next key comes after what is said then"
        stage.tell(Kind.KEY_PRESSED, Kind.SAID)
        assert await stage.passes(60) == ["1"]
