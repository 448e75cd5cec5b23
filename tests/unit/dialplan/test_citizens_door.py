"""When the door of callers without an account is shut."""

import asyncio
from pathlib import Path

import pytest

from dialplan import citizens_door
from dialplan.citizens_door import LEAST, LOOK_S, LOOKS, SHUT_S, CitizensDoor
from lab.patience import until
from processes.asterisk import AsteriskFailed


class Door:
    """A door, its clock and its callers; what Asterisk has read last."""

    def __init__(self, folder: Path, most: int = 300) -> None:
        self.file = folder / "citizens.conf"
        self.time, self.came = 1_000.0, 0
        self.read: list[str] = []
        self.failing = False
        self.refused = 0
        self.door = CitizensDoor(self.file, self._reload, lambda: self.came, most, lambda: self.time)

    async def _reload(self) -> None:
        if self.failing:
            self.refused += 1
            raise AsteriskFailed("it does not answer")
        self.read.append(self.file.read_text())

    def looks(self, calls: int) -> list[bool]:
        """Two seconds of looks, with so many calls between two of them: whether it is to be shut."""
        seen = []
        for _ in range(LOOKS):
            self.came += calls
            self.time += LOOK_S
            seen.append(self.door.flooded())
        return seen


def test_it_is_shut_by_more_calls_in_two_seconds_than_one_address_may_have(tmp_path: Path) -> None:
    made = Door(tmp_path)
    assert not any(made.looks(300 // LOOKS)), "no flood"
    made.came += 400
    assert made.looks(0)[-1]
    assert made.door.floods == 1


def test_it_opens_by_itself_and_is_shut_again_while_the_flood_lasts(tmp_path: Path) -> None:
    made = Door(tmp_path)
    made.looks(0)
    made.came += 400
    assert all(made.looks(0))
    made.time += SHUT_S
    assert not any(made.looks(0))
    made.came += 400
    assert all(made.looks(0))
    assert made.door.floods == 2


def test_a_few_calls_at_once_are_no_flood_however_few_one_address_may_have(tmp_path: Path) -> None:
    made = Door(tmp_path, most=2)
    made.looks(0)
    made.came += LEAST
    assert not any(made.looks(0))


async def test_asterisk_reads_each_change_and_what_a_service_before_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(citizens_door, "LOOK_S", 0.001)
    monkeypatch.setattr(citizens_door, "SHUT_S", 0.01)
    (tmp_path / "citizens.conf").write_text("deny = 0.0.0.0/0.0.0.0\n")
    made = Door(tmp_path)
    made.failing = True
    running = asyncio.create_task(made.door.run())

    async def reads(count: int) -> list[str]:
        async def read() -> list[str]:
            return made.read

        return await until("a reload", read, lambda seen: len(seen) >= count)

    await asyncio.sleep(0)
    made.failing = False
    assert await reads(1) == [""]
    made.came += 1_000
    assert await reads(2) == ["", "deny = 0.0.0.0/0.0.0.0\n"]
    made.time += 1
    assert await reads(3) == ["", "deny = 0.0.0.0/0.0.0.0\n", ""]
    running.cancel()


async def test_a_door_that_may_have_been_shut_by_an_order_that_failed_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asterisk is busiest just then. It may have read the list all the same, or reads it with a reload of tomorrow."""
    monkeypatch.setattr(citizens_door, "LOOK_S", 0.001)
    monkeypatch.setattr(citizens_door, "SHUT_S", 0.01)
    made = Door(tmp_path)
    made.looks(0)
    made.failing = True
    made.came += 1_000
    running = asyncio.create_task(made.door.run())

    async def refused() -> int:
        return made.refused

    async def read() -> list[str]:
        return made.read

    await until("an order that fails", refused, bool)
    made.time += SHUT_S
    made.failing = False
    assert await until("an open door", read, bool) == [""]
    assert made.file.read_text() == ""
    assert made.door.floods == 1
    running.cancel()
