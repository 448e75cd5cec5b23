import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from base.folders import CHECKOUT, SAMPLE_HOTLINE, StateFolder
from base.process import Process
from commands.client import Refused
from commands.options import DOWN
from dialplan.findings import Finding
from doctor import findings as doctor
from processes import running
from processes.running import SupervisorNote
from service.cli import commands
from service.cli.commands import app
from settings.settings import Settings
from tests.unit.hotline.folders import ENDED, small, written


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit status, output, errors."""
    result = CliRunner().invoke(app, arguments)
    return result.exit_code, result.stdout, result.stderr


def test_the_commands_load_nothing_that_one_of_them_needs() -> None:
    """Each `./wutong` waits for what loads before it knows which command it is."""
    late = ("asyncio", "http.client", "pydantic", "rich.console", "ruamel.yaml", "sqlalchemy")
    program = f"import sys, service.cli.commands; print([name for name in {late} if name in sys.modules])"
    ended = subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"


def test_the_sample_is_clean() -> None:
    status, output, errors = run("check", str(SAMPLE_HOTLINE))
    assert (status, output) == (0, "")
    assert errors.strip().endswith("0 errors, 0 warnings")


def test_check_prints_every_problem(tmp_path: Path) -> None:
    text = (SAMPLE_HOTLINE / "hotline.yaml").read_text(encoding="utf-8")
    (tmp_path / "hotline.yaml").write_text(text.replace("{queue: greening}", "{queue: greenin}"), encoding="utf-8")
    (tmp_path / "agents.yaml").write_text((SAMPLE_HOTLINE / "agents.yaml").read_text(encoding="utf-8"))
    status, output, _ = run("check", str(tmp_path))
    assert status == 1
    assert "hotline.yaml:" in output
    assert "greenin" in output
    status, output, _ = run("check", str(tmp_path), "--json")
    problems = json.loads(output)
    assert status == 1
    assert {"level", "code", "file", "line", "column", "message", "hint"} == problems[0].keys()


def test_check_and_doctor_tell_of_a_calendar_that_has_ended(tmp_path: Path) -> None:
    folder = written(tmp_path, small(*ENDED))
    status, output, _ = run("check", str(folder), "--state", str(tmp_path / "state"))
    assert status == 1
    assert "nothing is known of days after 2020-12-31 — list the days of 2021" in output
    assert doctor.hotline(Settings(state=tmp_path / "state", hotline=folder)).level == "wrong"


def test_check_looks_for_a_trunk_in_the_settings_of_the_state_folder(tmp_path: Path) -> None:
    shutil.copytree(SAMPLE_HOTLINE, tmp_path / "own")
    file = tmp_path / "own" / "hotline.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace('dial: "2202"', 'dial: "02112345678"'), encoding="utf-8")
    check = ("check", str(file.parent), "--state", str(tmp_path))
    status, output, _ = run(*check)
    assert (status, "'02112345678' is not an agent's id, and there is no trunk" in output) == (0, True)
    (tmp_path / "settings.toml").write_text('[trunk]\nhost = "192.0.2.1"\nbind = "192.0.2.10"\n')
    assert "trunk" not in run(*check)[1]
    (tmp_path / "settings.toml").write_text("[trunk]\nwrong")
    assert "trunk" not in run(*check)[1], "it is not known"


def test_status_of_what_is_down(tmp_path: Path) -> None:
    status, output, _ = run("status", "--json", "--state", str(tmp_path))
    assert status == DOWN == 3
    assert json.loads(output)["pid"] is None


@pytest.mark.parametrize("command", [("reload",), ("call", "12319")])
def test_what_needs_the_service_says_so(command: tuple[str, ...], tmp_path: Path) -> None:
    status, _, errors = run(*command, "--state", str(tmp_path))
    assert status == DOWN
    assert "start it with ./wutong up" in errors


@pytest.fixture
def supervised(tmp_path: Path) -> StateFolder:
    """A state folder with a running supervisor and a dead service."""
    folder = StateFolder(tmp_path / "state")
    folder.make()
    process = Process.this()
    running.note(folder, SupervisorNote(process=process, hotline=Path("/h"), base_port=20_000, listen="127.0.0.1"))
    return folder


def test_a_service_that_is_being_started_again_is_not_told_as_down(supervised: StateFolder) -> None:
    status, _, errors = run("reload", "--state", str(supervised.root))
    assert status == DOWN
    assert "is being started again" in errors
    assert "./wutong up" not in errors


def test_backup_names_the_hotline_in_use(supervised: StateFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hotline was given to `up`, and is not given again."""
    with closing(sqlite3.connect(supervised.database)) as connection:
        connection.execute("CREATE TABLE calls (id)")
    monkeypatch.setattr(running, "asterisk", lambda folder: Process.this())
    status, output, errors = run("backup", "--state", str(supervised.root))
    assert (status, errors) == (0, "")
    assert "Keep with it, elsewhere: /h, " in output


def test_doctor_looks_at_the_hotline_in_use(supervised: StateFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[Path] = []
    monkeypatch.setattr(running, "asterisk", lambda folder: Process.this())

    def examine(settings: Settings) -> list[Finding]:
        looked.append(settings.hotline)
        return []

    monkeypatch.setattr(doctor, "examine", examine)
    assert run("doctor", "--state", str(supervised.root))[0] == 0
    assert looked == [Path("/h")]


def test_a_state_folder_of_another_user_is_not_told_as_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    monkeypatch.setenv("WUTONG_STATE", str(tmp_path))
    status, output, errors = run("status")
    assert (status, output) == (1, "")
    assert "give the command as its owner" in errors


@pytest.mark.parametrize("command", [("up", "--detach"), ("restore", __file__)])
def test_a_disk_that_cannot_be_written_is_told_in_one_line(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(sys, "argv", ["wutong", *command, "--state", str(tmp_path / "file" / "state")])
    with pytest.raises(SystemExit) as ended:
        commands.main()
    assert ended.value.code == 1
    assert capsys.readouterr().err == f"[Errno 20] Not a directory: '{tmp_path}/file/state'\n"


def test_a_refused_reload_tells_each_problem_once(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {"level": "error", "code": "x", "file": "f", "line": 1, "column": 2, "message": "m", "hint": "h"}

    class Service:
        def reload(self) -> None:
            detail = "The hotline has 1 error and was not taken into use; the first: f:1:2: error: m — h"
            raise Refused({"detail": detail, "problems": [wrong]})

    monkeypatch.setattr(commands, "client_of", lambda state: Service())
    status, _, errors = run("reload")
    assert status == 1
    assert errors == "f:1:2: error: m — h\nThe hotline has 1 error and was not taken into use\n"


def test_a_reload_says_what_it_took_back(monkeypatch: pytest.MonkeyPatch) -> None:
    class Service:
        def reload(self) -> dict[str, Any]:
            told = {"version": "0123", "changed": True, "problems": [], "removed": ["no trees"]}
            return {**told, "taken_back": "This takes back version 2"}

    monkeypatch.setattr(commands, "client_of", lambda state: Service())
    status, output, errors = run("reload")
    assert (status, output, errors) == (0, "version 0123 is in use\n", "This takes back version 2\nno trees\n")


def test_a_recording_is_not_written_over_without_a_yes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "kept.wav"
    kept.write_bytes(b"evidence")
    monkeypatch.setattr(commands, "client_of", lambda state: None)  # no call is placed
    status, _, errors = run("call", "12319", "--record", str(kept))
    assert status == 1
    assert errors == f"{kept} is there and will be overwritten. Nobody can be asked here: give --yes if that is meant\n"
    assert kept.read_bytes() == b"evidence"


def test_status_works_with_broken_settings(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("nonsense = 1\n")
    status, _, errors = run("status", "--state", str(tmp_path))
    assert (status, "./wutong up starts it" in errors) == (DOWN, True)
    status, _, errors = run("up", "--state", str(tmp_path))
    assert status == 1
    assert "nonsense" in errors


def test_ports_out_of_range_are_refused(tmp_path: Path) -> None:
    status, _, errors = run("up", "--state", str(tmp_path), "--ports", "70000")
    assert status == 1
    assert errors == "--ports: base_port is too large: 60536 at most\n"


def test_a_command_begins_without_what_others_need() -> None:
    """The models of a tree alone take a tenth of a second, HTTP and the database take more."""
    looked = "import sys, service.cli.commands; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", looked], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    heavy = {"ivr.model", "hotline.model", "agents.model", "fastapi", "sqlalchemy", "asyncio", "panoramisk"}
    assert heavy & set(done.stdout.split()) == set()
