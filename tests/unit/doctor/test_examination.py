"""`doctor` and `check` as programs of their own, and what of their words leaves the machine."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from base.failure import NotDone, without_paths
from calls.live.intake import Intake
from calls.model import CallState
from doctor import api
from doctor.api import Examination
from settings.settings import Settings

FOLDERS = {"/var/lib/wutong": "STATE", "/srv/city/12319": "HOTLINE", "/opt/wutong": "WUTONG"}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("only 800 MB are free at /var/lib/wutong", "only 800 MB are free at STATE"),
        (
            "others can read /var/lib/wutong/secrets.json: chmod 600 it",
            "others can read STATE/secrets.json: chmod 600 it",
        ),
        ("as root, /opt/wutong/wutong up", "as root, WUTONG/wutong up"),
        ("3 errors: ./wutong check /srv/city/12319", "3 errors: ./wutong check HOTLINE"),
        ("packages from /usr/lib/python3/dist-packages/acd/__init__.py.", "packages from …/__init__.py."),
        ("/var/lib/wutong-old/x is not ours", "…/x is not ours"),
        ("put `127.0.0.1 host` into /etc/hosts", "put `127.0.0.1 host` into /etc/hosts"),
        ("GET /readyz says more; see docs/phones.md, http://127.0.0.1:8080/docs/a", None),
    ],
)
def test_where_files_are_is_not_told(said: str, told: str | None) -> None:
    assert without_paths(said, FOLDERS) == (said if told is None else told)


def examining(tmp_path: Path, tally: Mapping[CallState, int] | None = None) -> Examination:
    settings = Settings(state=tmp_path / "state", hotline=tmp_path / "hotline")
    settings.folder.make()
    intake = Intake(settings.folder.drained, lambda: 0)
    return Examination(settings, intake, lambda: "v1", lambda: tally or {}, lambda: None)


@pytest.mark.parametrize(("language", "hint"), [("en", "give the folder that holds"), ("zh", "请给出存放")])
async def test_check_is_the_commands_own(tmp_path: Path, language: str, hint: str) -> None:
    found = await examining(tmp_path).check(language)
    assert found.problems[0].hint.startswith(hint)
    assert (found.in_use, found.usable, found.more) == ("v1", False, 0)
    assert [problem.code for problem in found.problems] == ["missing-file"]


async def test_a_program_that_takes_too_long_or_breaks_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotDone, match="`no-such-command` did not work; the log says why"):
        await api.said(("no-such-command",), {})
    monkeypatch.setattr(api, "WITHIN_S", 0.0)
    with pytest.raises(NotDone, match="took longer than 0 s"):
        await api.said(("check", str(tmp_path)), {})


def test_the_intake(tmp_path: Path) -> None:
    look = examining(tmp_path, {CallState.MENU: 2, CallState.SURVEY: 1, CallState.TALKING: 3})
    assert look.intake().drained_since is None
    look.intake_.drain(True)
    told = look.intake()
    assert told.drained_since is not None
    assert (told.calls.menu, told.calls.leaving, told.calls.talking, told.calls.waiting) == (2, 1, 3, 0)
