"""`./wutong up --update-asterisk`: what is told. How one is made is in tests/unit/processes/test_renewing.py."""

from pathlib import Path

import pytest

from base.failure import NotDone
from base.process import Process
from processes import renewing, running
from processes.obtaining import Installation, NoAsterisk, Progress
from service.cli.terminal import update
from settings.settings import RemoteAsterisk, Settings

NEW = Installation(("asterisk",), Path("/m"), Path("/d"), "22.11.0", "private")


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    def renew(cache: Path, progress: Progress) -> Installation:
        progress("making a private Asterisk")
        return NEW

    monkeypatch.setattr(renewing, "renew", renew)
    return []


def test_the_version_is_told(tmp_path: Path, told: list[str]) -> None:
    update(Settings(state=tmp_path), told.append)
    assert told == ["making a private Asterisk", "Asterisk 22.11.0 is there"]


def test_of_one_that_runs_it_says_that_it_goes_on(
    tmp_path: Path, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "asterisk", lambda folder: Process.this())
    update(Settings(state=tmp_path), told.append)
    assert "goes on as it is, with its calls" in told[-1]
    assert f"./wutong down --state {tmp_path}" in told[-1]


def test_a_failure_says_that_the_present_one_stays(
    tmp_path: Path, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(cache: Path, progress: Progress) -> Installation:
        raise NoAsterisk("debootstrap failed")

    monkeypatch.setattr(renewing, "renew", broken)
    with pytest.raises(NotDone, match="the present one is as it was: debootstrap failed"):
        update(Settings(state=tmp_path), told.append)


def test_a_remote_one_is_not_ours(tmp_path: Path, told: list[str]) -> None:
    settings = Settings(state=tmp_path, asterisk=RemoteAsterisk(host="192.0.2.7", folder=tmp_path))
    with pytest.raises(NotDone, match=r"at 192\.0\.2\.7: update it there"):
        update(settings, told.append)
    assert told == []
