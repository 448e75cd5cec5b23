"""What `serve` says when it cannot begin. tests/integration has the rest."""

import errno
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.ports import free_base
from processes import running
from processes.child import READY_PIPE
from service.app.standalone import OwnPorts, run
from settings.settings import Settings

pytestmark = pytest.mark.usefixtures("logging_as_before")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(state=tmp_path / "state", base_port=free_base())
    settings.folder.make()
    return settings


@pytest.fixture
def supervisor(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The supervisor's end of the pipe."""
    reading, writing = os.pipe()
    monkeypatch.setenv(READY_PIPE, str(writing))
    yield reading
    os.close(reading)


def test_the_service_listens_on_two_ports() -> None:
    assert [port for _, _, port in OwnPorts.from_base(20_000).single()] == [20_000, 20_003]


def test_a_taken_port_is_named_to_the_supervisor(settings: Settings, supervisor: int) -> None:
    with socket.create_server(("127.0.0.1", settings.ports.agi)):
        assert run(settings) == 1
    words = os.read(supervisor, 1000).decode()
    assert words.startswith(f"port {settings.ports.agi}/tcp (agi)")
    assert f"process {os.getpid()}" in words
    assert running.service(settings.folder) is None


def test_a_second_service_on_one_state_folder_is_refused(settings: Settings, supervisor: int) -> None:
    with running.lock(settings.folder, "service"):
        assert run(settings) == 1
    assert "runs on" in os.read(supervisor, 1000).decode()


def test_a_broken_hotline_is_told_with_its_spot(settings: Settings, supervisor: int, tmp_path: Path) -> None:
    (tmp_path / "hotline.yaml").write_text("hotline: [\n")
    assert run(settings.model_copy(update={"hotline": tmp_path})) == 1
    assert "hotline.yaml:" in os.read(supervisor, 4000).decode()
    assert '"event": "not-started"' in (settings.folder.logs / "service.log").read_text()


def test_serve_refuses_to_be_root_and_says_what_to_do(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    (tmp_path / "hotline.yaml").write_text("hotline: [\n")
    settings = settings.model_copy(update={"hotline": tmp_path})
    assert run(settings) == 1
    said = "".join(capfd.readouterr())
    assert "started by root" in said
    assert "separate_users = false" in said
    assert not (settings.folder.logs / "service.log").exists()  # nothing of root's is left there

    assert run(settings.model_copy(update={"separate_users": False})) == 1
    assert "hotline.yaml:" in "".join(capfd.readouterr())


@pytest.mark.parametrize(("number", "told"), [(errno.ENOSPC, "hotline.yaml:"), (errno.EACCES, "Permission denied")])
def test_a_full_disk_that_takes_no_note_does_not_keep_it_from_starting(
    settings: Settings, supervisor: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, told: str
) -> None:
    """Here the start gets as far as the hotline, which is broken."""

    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(running, "note", fail)
    (tmp_path / "hotline.yaml").write_text("hotline: [\n")
    assert run(settings.model_copy(update={"hotline": tmp_path})) == 1
    assert told in os.read(supervisor, 4000).decode()
