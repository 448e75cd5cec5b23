"""The guard and the log, without Asterisk."""

import threading
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from dialplan import guard as module
from dialplan.guard import Guard
from dialplan.security import MANY
from tests.unit.dialplan.test_security import FAILED

LINE = FAILED.format(session="a", challenge="b", response="c")


class Desk:
    def __init__(self, folder: Path) -> None:
        self.log, self.now = folder / "security", 0.0
        self.guard = Guard(self.log, lambda: self.now)

    def fail(self, times: int) -> None:
        with self.log.open("a") as file:
            file.write(LINE * times)

    @property
    def failures(self) -> int:
        return self.guard.guesses.failures

    def guessed_now(self) -> float:
        return {family.name: family.samples[0].value for family in self.guard.collect()}["wutong_phones_guessed_now"]


async def test_who_guesses_is_told_once_and_counted(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    with capture_logs() as logs:
        for _ in range(3):
            desk.fail(MANY)
            await desk.guard.look()
    told = {"event": "phone-password-guessed", "log_level": "warning", "agent": "1001", "address": "192.0.2.7"}
    assert logs == [told]
    assert (desk.failures, desk.guessed_now()) == (3 * MANY, 1.0)


async def test_what_is_in_the_log_at_the_start_was_judged(tmp_path: Path) -> None:
    Desk(tmp_path).fail(100)
    desk = Desk(tmp_path)
    await desk.guard.look()
    assert desk.failures == 0


async def test_no_file_is_touched_by_the_loop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk, loops = Desk(tmp_path), threading.get_ident()
    touched: list[int] = []

    def opened(file: Path, *how: Any, **more: Any) -> Any:
        touched.append(threading.get_ident())
        return opens(file, *how, **more)

    desk.fail(1)
    opens = Path.open
    monkeypatch.setattr(Path, "open", opened)
    await desk.guard.look()
    assert len(touched) == 1
    assert loops not in touched


async def test_half_a_line_waits_for_its_other_half(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.log.write_text(LINE[:100])
    await desk.guard.look()
    desk.log.write_text(LINE)
    await desk.guard.look()
    assert desk.failures == 1


async def test_a_flood_is_read_in_part_and_the_log_is_emptied(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.fail(module.LARGEST // len(LINE) + 10)
    await desk.guard.look()
    assert 0 < desk.failures <= module.MOST_READ // len(LINE)
    assert desk.guard.skipped > module.LARGEST - 2 * module.MOST_READ
    assert desk.log.stat().st_size == 0
    desk.fail(1)
    before = desk.failures
    await desk.guard.look()
    assert desk.failures == before + 1
