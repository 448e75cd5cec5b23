"""The units in systemd/ are valid, say what the code knows, and leave little to whoever breaks in."""

import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from processes import starter, users
from processes.ownership import PROMPTS
from service.app.memory import LAST_WRITES
from service.app.serve import PARTING
from settings.settings import Settings

CHECKOUT = Path(__file__).resolve().parents[2]
# What was measured (docs/benchmarks.md), in MB: at rest, and for one more call. The service's rest includes the voice.
SERVICE, SERVICE_CALL = 120 + 470, 0.03
ASTERISK, ASTERISK_CALL = 60, 2 * 0.25
THREADS_A_CALL = 3
UNITS = sorted((CHECKOUT / "systemd").glob("*.service"))


class Unit(configparser.RawConfigParser):
    """A unit file; of a key that is given twice, the last."""

    def __init__(self, file: Path) -> None:
        super().__init__(strict=False, interpolation=None)
        self.read(file, encoding="utf-8")

    def optionxform(self, optionstr: str) -> str:
        return optionstr


@pytest.fixture
def installed(tmp_path: Path) -> list[Path]:
    """The units as they would be where /opt/wutong is this checkout."""
    for file in UNITS:
        text = file.read_text().replace("/opt/wutong/.venv/bin/python", sys.executable)
        (tmp_path / file.name).write_text(text.replace("/opt/wutong", str(CHECKOUT)))
    return sorted(tmp_path.glob("*.service"))


def analyze(*arguments: object) -> subprocess.CompletedProcess[str]:
    assert shutil.which("systemd-analyze"), "./wutong test installs it"
    return subprocess.run(
        ["systemd-analyze", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
    )


def test_systemd_takes_them(installed: list[Path]) -> None:
    assert [file.name for file in installed] == ["wutong-asterisk.service", "wutong.service"]
    done = analyze("verify", *installed)
    # a systemd that is older than a key says so and goes on without it
    said = [line for line in done.stderr.splitlines() if "Unknown key" not in line and str(installed[0].parent) in line]
    assert (done.returncode, said) == (0, []), done.stderr


def test_a_mistake_in_them_would_be_found(installed: list[Path]) -> None:
    broken = installed[0]
    broken.write_text(broken.read_text().replace("Type=notify", "Type=notified"))
    assert "notified" in analyze("verify", broken).stderr


@pytest.mark.parametrize("name", ["wutong", "wutong-asterisk"])
def test_little_is_open_to_whoever_breaks_in(installed: list[Path], name: str) -> None:
    """systemd's own figure, 0 to 10, less is better."""
    (file,) = (file for file in installed if file.stem == name)
    said = analyze("security", "--offline=true", file).stdout
    found = re.search(rf"Overall exposure level for {name}.service: ([0-9.]+)", said)
    assert found is not None, said
    assert float(found[1]) <= 1.5


def test_the_service_alone_is_ended_with_it() -> None:
    service, asterisk = Unit(CHECKOUT / "systemd/wutong.service"), Unit(CHECKOUT / "systemd/wutong-asterisk.service")
    for unit in (service, asterisk):
        assert unit["Service"]["Type"] == "notify"
        assert unit["Service"]["NotifyAccess"] == "main"  # else whatever we start could say that we are ready
        assert unit["Service"]["Restart"] == "always"
        assert unit["Unit"]["StartLimitIntervalSec"] == "0"
        assert "PartOf" not in unit["Unit"]  # calls outlive the service,
        assert "BindsTo" not in unit["Unit"]
        assert "Requires" not in unit["Unit"]  # and the service its Asterisk
        # systemd counts all restarts since the last start by hand: after some crashes in months callers would wait 30 s
        assert "RestartSteps" not in unit["Service"]
    # no watchdog beats for one that hangs while it is stopped, and callers are held for 30 s
    assert LAST_WRITES + PARTING < float(service["Service"]["TimeoutStopSec"]) < 30
    assert "WatchdogSec" in service["Service"]
    assert "WatchdogSec" not in asterisk["Service"]  # it never beats


def test_the_variables_are_settings() -> None:
    text = (CHECKOUT / "systemd/wutong.service").read_text()
    known = {f"WUTONG_{name.upper()}" for name in Settings.model_fields}
    named = set(re.findall(r"\b(WUTONG_\w+)=", text))
    assert named
    assert named <= known


def test_both_know_the_same_folder() -> None:
    asterisk = Unit(CHECKOUT / "systemd/wutong-asterisk.service")["Service"]
    (state,) = re.findall(r"WUTONG_STATE=(\S+)", (CHECKOUT / "systemd/wutong.service").read_text())
    assert asterisk["ExecStart"].endswith(f" {Settings(state=Path(state)).folder.asterisk}")
    # each of what Asterisk writes, and nothing else of the state folder
    written = re.findall(r"^ReadWritePaths=(.*)$", (CHECKOUT / "systemd/wutong-asterisk.service").read_text(), re.M)
    below = {Path(path).relative_to(state) for line in written for path in line.split()}
    assert below == {Path("asterisk", name) for name in ("run", "log", "spool", "db")} | {Path("recordings")}
    # the service writes there, and the recordings of the hotline that it is told to take
    service = (CHECKOUT / "systemd/wutong.service").read_text()
    (hotline,) = re.findall(r"WUTONG_HOTLINE=(\S+)", service)
    assert re.findall(r"^ReadWritePaths=(.*)$", service, re.M) == [state, f"-{hotline}/{PROMPTS}"]


def test_they_are_two_users_as_up_makes_them() -> None:
    service, asterisk = (
        Unit(CHECKOUT / f"systemd/{name}.service")["Service"] for name in ("wutong", "wutong-asterisk")
    )
    assert (service["User"], asterisk["User"]) == (users.SERVICE, users.ASTERISK)
    assert (service["Group"], asterisk["Group"]) == (users.SERVICE, users.ASTERISK)
    assert service["SupplementaryGroups"] == users.ASTERISK
    assert "SupplementaryGroups" not in asterisk  # the service's files are closed to it
    assert int(service["UMask"], 8) == users.UMASK
    assert int(asterisk["UMask"], 8) == starter.UMASK
    # two units with one state directory would give it to each other, whoever starts last
    assert "StateDirectory" not in service
    assert "StateDirectory" not in asterisk


def test_memory_and_tasks_are_limited_and_the_most_calls_fit() -> None:
    (most,) = (bound.le for bound in Settings.model_fields["max_calls"].metadata if hasattr(bound, "le"))
    service, asterisk = (
        Unit(CHECKOUT / f"systemd/{name}.service")["Service"] for name in ("wutong", "wutong-asterisk")
    )
    for unit, megabytes, call in ((service, SERVICE, SERVICE_CALL), (asterisk, ASTERISK, ASTERISK_CALL)):
        high, limit = (_megabytes(unit[name]) for name in ("MemoryHigh", "MemoryMax"))
        assert megabytes + most * call < high < limit
    assert service["OOMPolicy"] == "continue", "a draft's program may be ended for its memory, and the service goes on"
    assert int(asterisk["TasksMax"]) > most * THREADS_A_CALL
    assert int(service["TasksMax"]) < int(asterisk["TasksMax"])


def _megabytes(size: str) -> float:
    return float(size[:-1]) * {"M": 1, "G": 1024}[size[-1]]
