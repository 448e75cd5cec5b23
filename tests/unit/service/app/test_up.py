"""What `up` says on a state folder that is up. The rest is in tests/integration."""

import signal
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from base.process import Process, ending_signals
from processes import running
from processes.running import SupervisorNote
from service.app.up import up
from settings.settings import Settings


@dataclass
class Listener:
    """Keeps the reports."""

    told: list[str] = field(default_factory=list)

    def step(self, text: str) -> None:
        self.told.append(f"step {text}")

    def problem(self, text: str) -> None:
        self.told.append(f"problem {text}")

    def ready(self, already: bool, number: str = "", agents: Sequence[str] = ()) -> None:
        self.told.append(f"ready {already}")


def again(state: Path, **asked: Any) -> tuple[int, list[str]]:
    """Exit status and reports of an `up` while another runs with base port 20000 and the hotline in /h."""
    settings, listener = Settings(state=state, **asked), Listener()
    settings.folder.make()
    note = SupervisorNote(process=Process.this(), hotline=Path("/h"), base_port=20_000, listen="127.0.0.1")
    running.note(settings.folder, note)
    with running.lock(settings.folder, "supervisor"):
        return up(settings, listener), listener.told


@pytest.mark.parametrize("asked", [{}, {"hotline": "/h", "base_port": 20_000, "listen": "127.0.0.1"}])
def test_up_as_it_is_wanted(tmp_path: Path, asked: dict[str, Any]) -> None:
    assert again(tmp_path, **asked) == (0, ["ready True"])


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"base_port": 30_000}, "with --ports 20000."),
        ({"hotline": "/other", "listen": "0.0.0.0"}, "with --hotline /h, --listen 127.0.0.1."),
    ],
)
def test_up_otherwise(tmp_path: Path, asked: dict[str, Any], words: str) -> None:
    status, (told,) = again(tmp_path, **asked)
    assert status == 1
    assert told.startswith(f"problem It is up already, {words}")
    assert f"./wutong down --state {tmp_path}" in told


def test_the_program_that_called_it_has_its_signal_handlers_again(tmp_path: Path) -> None:
    def mine(_number: int, _frame: object) -> None: ...

    before = {number: signal.signal(number, mine) for number in ending_signals()}
    assert before
    try:
        again(tmp_path)
        assert [signal.getsignal(number) for number in before] == [mine] * len(before)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
