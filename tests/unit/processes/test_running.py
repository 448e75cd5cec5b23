"""Notes, locks, status and down, with real processes that do nothing."""

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import pytest

from base.files import LockHeld
from base.folders import CHECKOUT, StateFolder
from base.process import Process
from commands.client import Client, Refused
from doctor.status import Status, look
from processes import running
from processes.running import ServiceNote, SupervisorNote
from service.cli.stopping import at_stake, down
from service.cli.terminal import show_status
from settings.secrets import obtain

Start = Callable[..., Process]


@pytest.fixture
def folder(tmp_path: Path) -> StateFolder:
    folder = StateFolder(tmp_path)
    folder.make()
    return folder


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts processes that sleep; ends them after the test."""
    started: list[subprocess.Popen[bytes]] = []

    def run(*arguments: str) -> Process:
        program = [sys.executable, "-c", "import signal; print(flush=True); signal.pause()", *arguments]
        popen = subprocess.Popen(program, stdout=subprocess.PIPE)
        started.append(popen)
        assert popen.stdout is not None
        popen.stdout.readline()
        process = Process.of(popen.pid)
        assert process is not None
        return process

    yield run
    for popen in started:
        popen.kill()
        popen.communicate()


def service_note(process: Process, *, ready: bool = True, supervised: bool = True) -> ServiceNote:
    return ServiceNote(
        process=process,
        ready=ready,
        supervised=supervised,
        http="http://127.0.0.1:1",
        sip="127.0.0.1:2",
        ami="127.0.0.1:3",
        agi="127.0.0.1:4",
        hotline=Path("/hotline"),
        base_port=None,
        listen="127.0.0.1",
    )


def supervisor_note(process: Process) -> SupervisorNote:
    return SupervisorNote(process=process, hotline=Path("/hotline"), base_port=20000, listen="127.0.0.1")


def run_asterisk(folder: StateFolder, start: Start) -> Process:
    """Something that looks like this folder's Asterisk from outside."""
    process = start("-C", str(folder.asterisk / "etc" / "asterisk.conf"), "-f")
    (folder.asterisk / "run").mkdir()
    (folder.asterisk / "run" / "asterisk.pid").write_text(f"{process.pid}\n")
    return process


def test_nothing_runs(folder: StateFolder) -> None:
    assert look(folder) == Status()
    assert not folder.secrets.exists()


def test_all_runs(folder: StateFolder, start: Start) -> None:
    service, supervisor, asterisk = start(), start(), run_asterisk(folder, start)
    running.note(folder, service_note(service))
    running.note(folder, supervisor_note(supervisor))
    found = look(folder)
    assert (found.pid, found.supervisor_pid, found.asterisk_pid) == (service.pid, supervisor.pid, asterisk.pid)
    assert found.ready
    assert found.token == obtain(folder).token.get_secret_value()
    assert found.token not in repr(found)
    told = json.loads(json.dumps(asdict(found)))
    assert {"http", "sip", "ami", "agi", "token", "pid", "asterisk_pid"} <= told.keys()


def test_an_asterisk_elsewhere_is_not_told_as_down(
    folder: StateFolder, start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    running.note(folder, service_note(start()).model_copy(update={"remote": "asterisk.city"}))
    found = look(folder)
    assert (found.asterisk_host, found.asterisk_pid) == ("asterisk.city", None)
    show_status(found, folder)
    told = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert (told["Asterisk"], told["supervisor"]) == ("at asterisk.city, see http://127.0.0.1:1/readyz", "none")


def test_a_drained_hotline_is_told_as_such(
    folder: StateFolder, start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    running.note(folder, service_note(start()))
    folder.drained.touch()
    os.utime(folder.drained, (1_700_000_000, 1_700_000_000))
    found = look(folder)
    assert found.drained_since == "2023-11-14T22:13:20.000+00:00"
    show_status(found, folder)
    told = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    here = datetime.fromtimestamp(1_700_000_000).astimezone().isoformat(sep=" ", timespec="minutes")
    assert told["drain"] == f"on since {here}: new callers are turned away until ./wutong drain --off"
    assert "takes calls" not in told["service"]


def test_a_drain_is_told_also_while_all_is_down(folder: StateFolder) -> None:
    folder.drained.touch()
    assert look(folder).drained_since is not None


def test_a_note_has_nothing_that_an_earlier_version_did_not_know(folder: StateFolder, start: Start) -> None:
    running.note(folder, service_note(start()))
    assert "remote" not in json.loads((folder.run / "service.json").read_text())


def test_a_note_of_an_earlier_process_is_not_believed(folder: StateFolder, start: Start) -> None:
    service = start()
    running.note(folder, service_note(service.model_copy(update={"born": "an earlier boot/17"})))
    running.note(folder, supervisor_note(service.model_copy(update={"born": "an earlier boot/18"})))
    assert look(folder) == Status()
    told = running.last_supervisor(folder)
    assert told is not None
    assert told.base_port == 20000


@pytest.mark.parametrize("content", ["", "{}", "nonsense", '{"process": {"pid": 1, "born": "x"}}', "\udcff"])
def test_a_note_that_cannot_be_read_says_nothing(folder: StateFolder, content: str) -> None:
    (folder.run / "service.json").write_bytes(content.encode(errors="surrogateescape"))
    assert running.service(folder) is None


def test_on_a_full_disk_a_note_gets_the_room_of_the_last_one(
    folder: StateFolder, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = start(), start()
    running.note(folder, service_note(first))

    def full(path: Path, *_: object, **__: object) -> int:
        path.touch()
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_text", full)
    running.note(folder, service_note(second, ready=False))
    noted = running.service(folder)
    assert noted is not None
    assert (noted.process, noted.ready) == (second, False)
    assert [path.name for path in folder.run.iterdir()] == ["service.json"]
    with pytest.raises(OSError, match=r"No space left on device: .*/run/supervisor\.json"):
        running.note(folder, supervisor_note(first))


def test_locks(folder: StateFolder) -> None:
    waited: list[str] = []
    with running.lock(folder, "supervisor"):
        with pytest.raises(LockHeld), running.lock(folder, "supervisor"):
            pass
        with running.lock(folder, "start", lambda: waited.append("start")):
            pass
    with running.lock(folder, "supervisor"):
        pass
    assert waited == []


def test_a_lock_ends_with_its_holder(folder: StateFolder) -> None:
    holder = (
        "import signal; from pathlib import Path\n"
        "from processes import running; from base.folders import StateFolder\n"
        f"with running.lock(StateFolder(Path({str(folder.root)!r})), 'start'):\n"
        "    print(flush=True); signal.pause()"
    )
    with subprocess.Popen([sys.executable, "-c", holder], cwd=CHECKOUT, stdout=subprocess.PIPE) as popen:
        assert popen.stdout is not None
        popen.stdout.readline()
        with running.lock(folder, "start", popen.kill):  # waits until the other is gone
            assert popen.wait() != 0


async def test_down_stops_all_that_a_killed_supervisor_left(folder: StateFolder, start: Start) -> None:
    service, asterisk = start(), run_asterisk(folder, start)
    running.note(folder, service_note(service))
    told: list[str] = []
    assert await down(folder, told.append)
    assert not service.alive
    assert not asterisk.alive
    assert [str(pid) in line for pid, line in zip((service.pid, asterisk.pid), told, strict=True)] == [True, True]
    assert look(folder) == Status()
    assert not await down(folder, told.append)


async def test_down_stops_the_supervisor(folder: StateFolder, start: Start) -> None:
    supervisor = start()
    running.note(folder, supervisor_note(supervisor))
    assert await down(folder, lambda line: None)
    assert not supervisor.alive


async def test_down_leaves_a_service_that_up_did_not_start(folder: StateFolder, start: Start) -> None:
    service = start()
    running.note(folder, service_note(service, supervised=False))
    assert not await down(folder, lambda line: None)
    assert service.alive
    assert look(folder).pid == service.pid


async def test_down_leaves_the_asterisk_of_another_supervisor_with_its_calls(folder: StateFolder, start: Start) -> None:
    """Under systemd each has its own unit, and Asterisk runs on while the service is stopped."""
    asterisk = run_asterisk(folder, start)
    told: list[str] = []
    assert not await down(folder, told.append)
    running.note(folder, service_note(start(), supervised=False))
    assert not await down(folder, told.append)
    assert asterisk.alive
    assert [str(asterisk.pid) in line for line in told] == [True, True]


async def test_down_stops_the_asterisk_that_a_killed_supervisor_left_alone(folder: StateFolder, start: Start) -> None:
    asterisk = run_asterisk(folder, start)
    running.note(folder, supervisor_note(start().model_copy(update={"born": "before"})))
    assert await down(folder, lambda line: None)
    assert not asterisk.alive


def live(monkeypatch: pytest.MonkeyPatch, calls: int | None) -> None:
    """The service has so many live calls; None: it does not answer."""

    def answer(self: Client) -> int:
        if calls is None:
            raise Refused({"detail": "why"})
        return calls

    monkeypatch.setattr(Client, "live_calls", answer)


def test_what_down_does_to_calls(folder: StateFolder, start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    assert at_stake(folder) is None, "nothing runs"
    running.note(folder, supervisor_note(start()))
    run_asterisk(folder, start)
    told = at_stake(folder)
    assert told is not None, "the service is being started again"
    assert told.startswith("How many calls are live is not known, as the service does not answer. They end")
    running.note(folder, service_note(start()))
    live(monkeypatch, 0)
    assert at_stake(folder) is None
    live(monkeypatch, 1)
    assert (at_stake(folder) or "").startswith("1 call is live. It ends now, because Asterisk stops too")
    live(monkeypatch, 2)
    assert (at_stake(folder) or "").startswith("2 calls are live. They end now, because Asterisk stops too")
    live(monkeypatch, None)
    assert (at_stake(folder) or "").startswith("How many calls are live is not known")


def test_down_leaves_the_calls_of_a_remote_asterisk(
    folder: StateFolder, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    running.note(folder, supervisor_note(start()))
    running.note(folder, service_note(start()).model_copy(update={"remote": "asterisk.city"}))
    live(monkeypatch, 2)
    told = at_stake(folder) or ""
    assert told.startswith("2 calls are live. Conversations go on at asterisk.city")
    assert "fallback" in told


def test_down_harms_no_call_of_what_up_did_not_start(
    folder: StateFolder, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    live(monkeypatch, 2)
    run_asterisk(folder, start)
    assert at_stake(folder) is None
    running.note(folder, service_note(start(), supervised=False))
    assert at_stake(folder) is None


async def test_down_of_a_folder_that_never_was(tmp_path: Path) -> None:
    assert at_stake(StateFolder(tmp_path / "none")) is None
    assert not await down(StateFolder(tmp_path / "none"), lambda line: None)
    assert not (tmp_path / "none").exists()
