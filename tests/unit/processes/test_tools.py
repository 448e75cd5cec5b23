from pathlib import Path

import pytest

from processes.tools import MissingTools, ensure


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all of PATH, and a user who is root."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("processes.tools.os.geteuid", lambda: 0)
    for name in ("chmod", "touch"):
        (tmp_path / name).symlink_to(f"/usr/bin/{name}")
    return tmp_path


def write(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def apt_get(folder: Path, install: str, update: str = "exit 0") -> Path:
    """An apt-get that notes how it was called. Returns the notes."""
    notes = folder / "notes"
    write(
        folder,
        "apt-get",
        f'echo "$@" >> "{notes}"\ncd "{folder}"\ncase $1 in update) {update} ;; install) {install} ;; esac',
    )
    return notes


def test_what_is_there_is_not_installed(programs: Path) -> None:
    write(programs, "sox", "exit 0")

    ensure({"sox": "sox"}, pytest.fail)


def test_root_gets_what_is_missing_by_the_name_of_its_package(programs: Path) -> None:
    notes = apt_get(programs, "touch voice; chmod 755 voice")
    said: list[str] = []

    ensure({"voice": "voice-tools"}, said.append)

    assert notes.read_text() == "install -y --no-install-recommends voice-tools\n"
    assert said == ["installing voice-tools"]


def test_an_old_list_of_packages_is_fetched_and_the_installation_tried_again(programs: Path) -> None:
    notes = apt_get(
        programs,
        '[ -e fresh ] || { echo "E: Unable to locate package voice" ; exit 100; }; touch voice; chmod 755 voice',
        "touch fresh",
    )

    ensure({"voice": "voice"}, lambda _: None)

    assert [line.split()[0] for line in notes.read_text().splitlines()] == ["install", "update", "install"]


def test_a_failing_installation_says_why_and_what_to_do(programs: Path) -> None:
    apt_get(programs, 'echo "Reading"; echo "E: No space left on device"; exit 100')

    with pytest.raises(MissingTools, match=r"voice: No space left on device\. Try: apt-get install voice$"):
        ensure({"voice": "voice"}, lambda _: None)


def test_a_package_without_the_program_is_noticed(programs: Path) -> None:
    apt_get(programs, "exit 0")

    with pytest.raises(MissingTools, match="voice is still not on PATH"):
        ensure({"voice": "voice"}, lambda _: None)


def test_a_user_without_root_is_told_what_to_install(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("processes.tools.os.geteuid", lambda: 1000)
    notes = apt_get(programs, "exit 0")

    with pytest.raises(MissingTools, match=r"not on PATH: sox, voice\. Install: sudo apt-get install sox voice-tools$"):
        ensure({"voice": "voice-tools", "sox": "sox"}, lambda _: None)
    assert not notes.exists()


def test_another_distribution_is_not_asked_for_apt_get(programs: Path) -> None:
    with pytest.raises(MissingTools, match="this system's package manager"):
        ensure({"voice": "voice"}, lambda _: None)
