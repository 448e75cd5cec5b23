"""Root follows only files of settings that root alone can write."""

import os
import pwd
from pathlib import Path

import pytest

from settings import settings, trust
from settings.settings import load

pytestmark = pytest.mark.usefixtures("root", "no_settings")

NOBODY = pwd.getpwnam("nobody")


@pytest.fixture
def state(tmp_path: Path) -> Path:
    made = tmp_path / "state"
    made.mkdir(mode=0o710)
    return made


@pytest.mark.parametrize("line", ["separate_users = false", 'voice = "say {target}"', 'Voice = "say {target}"'])
def test_what_root_runs_counts_only_from_a_file_that_root_alone_can_write(state: Path, line: str) -> None:
    file = state / "settings.toml"
    file.write_text(f"max_calls = 7\n{line}\n")
    load(state=state)
    for path, owner, mode in ((file, NOBODY.pw_uid, 0o600), (file, 0, 0o660), (state, NOBODY.pw_uid, 0o710)):
        before = path.stat()
        os.chown(path, owner, -1)
        path.chmod(mode)
        with pytest.raises(trust.Untrusted) as refused:
            load(state=state)
        for said in (str(file), line.split()[0].lower(), str(path), str(settings.SYSTEM_FILE), line.split()[0].upper()):
            assert said in str(refused.value)
        assert "max_calls" not in str(refused.value)
        os.chown(path, before.st_uid, -1)
        path.chmod(before.st_mode)
    load(state=state)


def test_where_all_of_it_stays_root_every_setting_is_roots(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (state / "settings.toml").write_text('database_url = "sqlite:////etc/passwd"\n')
    os.chown(state, NOBODY.pw_uid, -1)
    load(state=state)
    monkeypatch.setenv("WUTONG_SEPARATE_USERS", "false")
    with pytest.raises(trust.Untrusted, match="database_url"):
        load(state=state)


def test_the_environment_and_the_file_of_the_machine_go_before_it(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (state / "settings.toml").write_text('voice = "theirs {target}"\n')
    os.chown(state, NOBODY.pw_uid, -1)
    with pytest.raises(trust.Untrusted):
        load(state=state)
    settings.SYSTEM_FILE.write_text('voice = "ours {target}"\n')
    assert load(state=state).voice == "ours {target}"
    monkeypatch.setenv("WUTONG_VOICE", "mine {target}")
    assert load(state=state).voice == "mine {target}"


def test_the_file_of_the_machine_has_to_be_roots_too(state: Path) -> None:
    settings.SYSTEM_FILE.write_text("separate_users = false\n")
    load(state=state)
    os.chown(settings.SYSTEM_FILE, NOBODY.pw_uid, -1)
    with pytest.raises(trust.Untrusted, match=str(settings.SYSTEM_FILE)):
        load(state=state)


def test_a_link_counts_as_what_it_leads_to(state: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "file.toml").write_text("separate_users = true\n")
    (state / "settings.toml").symlink_to(elsewhere / "file.toml")
    assert trust.changeable(state / "settings.toml") is None
    os.chown(elsewhere, NOBODY.pw_uid, -1)
    assert trust.changeable(state / "settings.toml") == elsewhere


def test_another_user_than_root_may_set_what_that_user_runs(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (state / "settings.toml").write_text('voice = "say {target}"\n')
    os.chown(state, NOBODY.pw_uid, -1)
    monkeypatch.setattr(os, "geteuid", lambda: NOBODY.pw_uid)
    load(state=state)


def test_what_is_judged_is_what_is_followed(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file's owner writes it again between the two."""
    file = state / "settings.toml"
    file.write_text('voice = "say {target}"\n')
    os.chown(state, NOBODY.pw_uid, -1)
    judged = trust.changeable

    def swapped(path: Path) -> Path | None:
        file.write_text("")
        return judged(path)

    monkeypatch.setattr(trust, "changeable", swapped)
    with pytest.raises(trust.Untrusted):
        load(state=state)
    assert load(state=state).voice != "say {target}"


def test_no_file_leads_to_another_state_folder(state: Path) -> None:
    """Root would give every file there to the service's user."""
    (state / "settings.toml").write_text('state = "/etc"\n')
    with pytest.raises(ValueError, match="give --state"):
        load(state=state)
