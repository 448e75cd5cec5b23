"""The guard between the log and the list, without Asterisk."""

from pathlib import Path

from service.asterisk import guard as module
from service.asterisk.guard import Guard
from service.asterisk.guesses import BLOCKS, TRIES
from tests.unit.dialplan.test_security import FAILED


class Desk:
    def __init__(self, folder: Path) -> None:
        self.log, self.listed, self.now, self.reloads = folder / "security", folder / "blocked.conf", 0.0, 0
        self.guard = Guard(self.log, self.listed, self.reload, lambda: self.now)

    async def reload(self) -> None:
        self.reloads += 1

    def fail(self, times: int) -> None:
        with self.log.open("a") as file:
            file.write(FAILED.format(session="a", challenge="b", response="c") * times)

    async def look(self, later: float = 0.0) -> str:
        self.now += later
        self.guard.look()
        await self.guard.block()
        return self.listed.read_text() if self.listed.exists() else ""


async def test_a_block_comes_into_the_list_and_leaves_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    assert await desk.look(10) == ""
    assert desk.reloads == 0
    desk.fail(TRIES)
    assert await desk.look(1) == "deny = 192.0.2.7/255.255.255.255\n"
    assert desk.reloads == 1
    assert await desk.look(BLOCKS[0] + 1) == ""
    assert desk.reloads == 2


async def test_what_was_left_by_an_earlier_service_is_taken_back(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.listed.write_text("deny = 192.0.2.9/255.255.255.255\n")
    assert await desk.look(10) == ""
    assert desk.reloads == 1


async def test_what_is_in_the_log_at_the_start_was_judged(tmp_path: Path) -> None:
    Desk(tmp_path).fail(100)
    desk = Desk(tmp_path)
    assert await desk.look(10) == ""
    assert desk.guard.guesses.failures == 0


async def test_half_a_line_waits_for_its_other_half(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    line = FAILED.format(session="a", challenge="b", response="c")
    desk.log.write_text(line[:100])
    await desk.look()
    desk.log.write_text(line)
    await desk.look()
    assert desk.guard.guesses.failures == 1


async def test_a_flood_is_read_in_part_and_the_log_is_emptied(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    size = len(FAILED.format(session="a", challenge="b", response="c"))
    desk.fail(module.LARGEST // size + 10)
    await desk.look(10)
    assert 0 < desk.guard.guesses.failures <= module.MOST_READ // size
    assert desk.guard.skipped > module.LARGEST - 2 * module.MOST_READ
    assert desk.log.stat().st_size == 0
    desk.fail(1)
    before = desk.guard.guesses.failures
    await desk.look()
    assert desk.guard.guesses.failures == before + 1


async def test_the_list_changes_every_two_seconds_at_most(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.fail(TRIES)
    await desk.look(10)
    with desk.log.open("a") as file:
        file.write((FAILED.format(session="a", challenge="b", response="c") * TRIES).replace("192.0.2.7", "192.0.2.8"))
    assert "192.0.2.8" not in await desk.look(0.5)
    assert "192.0.2.8" in await desk.look(module.RELOAD_S)
