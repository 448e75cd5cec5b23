"""A newer private Asterisk, with a debootstrap and an apt-get that are shell scripts."""

import os
import subprocess
import time
from pathlib import Path

import pytest

from processes import obtaining, renewing
from tests.unit.processes.test_obtaining import GOOD, VERSION, Machine, machine

__all__ = ["machine"]

NEWER = GOOD.replace(VERSION, "22.11.0")
POLICY = "printf 'asterisk:\\n  Installed: 1:22.10.1\\n  Candidate: %s\\n'"


def renew(machine: Machine) -> obtaining.Installation:
    return renewing.renew(machine.cache, machine.said.append)


def test_a_new_one_is_made_beside_and_used_from_then_on(machine: Machine) -> None:
    before = machine.obtain()
    machine.program("debootstrap", NEWER)
    made = renew(machine)
    assert (before.version, made.version) == (VERSION, "22.11.0")
    assert machine.obtain() == made
    assert before.modules == made.modules  # it is there: one that runs from it loads its files

    machine.program("debootstrap", GOOD.replace(VERSION, "22.12.0"))
    assert renew(machine).version == machine.obtain().version == "22.12.0"
    assert not before.modules_dir.exists()  # the one before stays, older ones go
    assert made.modules_dir.exists()


def test_one_that_a_process_runs_from_stays(machine: Machine) -> None:
    before = machine.obtain()
    with subprocess.Popen(["/bin/sh", "-c", "/bin/sleep 1000", str(before.command[0])]) as runs:
        try:
            renew(machine)
            renew(machine)
            assert before.modules_dir.exists()
        finally:
            runs.kill()
    renew(machine)
    assert not before.modules_dir.exists()


def test_a_failure_leaves_the_present_one(machine: Machine) -> None:
    before = machine.obtain()
    machine.program("debootstrap", f"{NEWER}\necho 'E: no space'; exit 1")
    with pytest.raises(obtaining.NoAsterisk, match="no space"):
        renew(machine)
    assert machine.obtain() == before
    assert len(machine.folders) == 1


def test_where_there_is_none_it_makes_the_first(machine: Machine) -> None:
    assert renew(machine).version == VERSION
    assert machine.runs == 1


def test_without_root_it_says_how(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.obtain()
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(obtaining.NoAsterisk, match=rf"needs root.*processes.renewing {machine.cache}"):
        renew(machine)


def test_its_age_is_told(machine: Machine) -> None:
    machine.obtain()
    root = obtaining.private_root(machine.cache)
    assert renewing.age_days(root) == 0
    long_ago = time.time() - 100.5 * 86_400
    os.utime(root / obtaining.MARKER, (long_ago, long_ago))
    assert renewing.age_days(root) == 100


@pytest.fixture
def mirrored(machine: Machine) -> Path:
    """A root that names its mirror, and an apt-get that notes what it was given."""
    machine.obtain()
    root = obtaining.private_root(machine.cache)
    (root / "etc/apt").mkdir(parents=True)
    (root / "etc/apt/sources.list").write_text("deb http://mirror.invalid sid main\n")
    machine.program("apt-get", 'echo "$@" >>"$NOTES"')
    return root


def test_the_mirror_of_the_root_is_asked(machine: Machine, mirrored: Path) -> None:
    machine.program("apt-cache", f"{POLICY} 1:22.11.0")
    assert renewing.newer(mirrored) == "1:22.11.0"
    assert f"Dir::Etc::sourcelist={mirrored}/etc/apt/sources.list" in machine.notes.read_text()
    machine.program("apt-cache", f"{POLICY} 1:22.10.1")
    assert renewing.newer(mirrored) is None


@pytest.mark.parametrize(
    ("program", "script", "why"),
    [
        ("apt-get", "echo 'E: Failed to fetch it  Could not connect' >&2; exit 100", "Could not connect"),
        ("apt-cache", "true", "names no Asterisk"),
        ("apt-cache", f"{POLICY} '(none)'", "names no Asterisk"),
    ],
)
def test_what_could_not_be_asked_is_told(machine: Machine, mirrored: Path, program: str, script: str, why: str) -> None:
    machine.program("apt-cache", f"{POLICY} 1:22.11.0")
    machine.program(program, script)
    with pytest.raises(renewing.NotAsked, match=why):
        renewing.newer(mirrored)


def test_without_apt_and_without_a_mirror_it_says_so(machine: Machine, mirrored: Path) -> None:
    (machine.programs / "apt-get").unlink()
    with pytest.raises(renewing.NotAsked, match="there is no apt-get here"):
        renewing.newer(mirrored)
    (mirrored / "etc/apt/sources.list").unlink()
    with pytest.raises(renewing.NotAsked, match="names the mirror"):
        renewing.newer(mirrored)
