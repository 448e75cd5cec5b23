"""What `up` says on a state folder that is up. The rest is in tests/integration."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from service.app import up as module
from service.app.up import up
from service.setup import running
from service.setup.process import Process
from service.setup.running import SupervisorNote
from service.setup.settings import Settings


@dataclass
class Listener:
    """Keeps the reports."""

    told: list[str] = field(default_factory=list)

    def step(self, text: str) -> None:
        self.told.append(f"step {text}")

    def problem(self, text: str) -> None:
        self.told.append(f"problem {text}")

    def ready(self, already: bool) -> None:
        self.told.append(f"ready {already}")


def again(state: Path, monkeypatch: pytest.MonkeyPatch, **asked: Any) -> tuple[int, list[str]]:
    """Exit status and reports of an `up` while another runs with base port 20000 and the hotline in /h."""
    monkeypatch.setattr(module, "ending_signals", list)  # keep the tests' own handlers
    settings, listener = Settings(state=state, **asked), Listener()
    settings.folder.make()
    note = SupervisorNote(process=Process.this(), hotline=Path("/h"), base_port=20_000, listen="127.0.0.1")
    running.note(settings.folder, note)
    with running.lock(settings.folder, "supervisor"):
        return up(settings, listener), listener.told


@pytest.mark.parametrize("asked", [{}, {"hotline": "/h", "base_port": 20_000, "listen": "127.0.0.1"}])
def test_up_as_it_is_wanted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: dict[str, Any]) -> None:
    assert again(tmp_path, monkeypatch, **asked) == (0, ["ready True"])


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"base_port": 30_000}, "with --ports 20000."),
        ({"hotline": "/other", "listen": "0.0.0.0"}, "with --hotline /h, --listen 127.0.0.1."),
    ],
)
def test_up_otherwise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: dict[str, Any], words: str) -> None:
    status, (told,) = again(tmp_path, monkeypatch, **asked)
    assert status == 1
    assert told.startswith(f"problem It is up already, {words}")
    assert f"./wutong down --state {tmp_path}" in told
