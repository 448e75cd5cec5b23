"""Whose the files of a state folder become, also when its user has prepared traps."""

import os
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from base.folders import StateFolder
from processes import ownership
from processes.passage import let_pass
from processes.users import User, Users
from service.app.up import lend_prompts
from settings import secrets

BOTH = Users(User("service", 54_321, 54_321), User("asterisk", 54_322, 54_322))

pytestmark = pytest.mark.usefixtures("root")


@pytest.fixture
def folder(apart: Path) -> Iterator[StateFolder]:
    """As an earlier version left it, which ran as root with an open umask."""
    before = os.umask(0o022)
    made = StateFolder(apart / "state")
    secrets.obtain(made)
    (made.asterisk / "etc").mkdir()
    (made.asterisk / "db").mkdir()
    (made.sounds / "zh").mkdir()
    for file in (
        *(made.database, made.settings, made.sounds / "zh" / "a.wav", made.recordings / "b.wav"),
        *(made.asterisk / "etc" / "pjsip.conf", made.asterisk / "db" / "astdb.sqlite3"),
    ):
        file.write_text("content")
    yield made
    os.umask(before)


def looks(path: Path) -> tuple[int, int, int]:
    found = path.lstat()
    return found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)


def test_the_service_may_keep_recordings_and_their_owners_stay(apart: Path) -> None:
    """Also where the hotline is another person's, who may have put a link there."""
    before = os.umask(0o022)
    hotline, service = apart / "hotline", User("service", 54_321, 54_321)
    (hotline / "prompts" / "zh").mkdir(parents=True)
    index, elsewhere = hotline / "prompts" / "recordings.yaml", apart / "elsewhere"
    for file in (index, hotline / "hotline.yaml", elsewhere):
        file.write_text("content")
    for path in (hotline, hotline / "prompts", hotline / "prompts" / "zh", index):
        os.chown(path, 54_400, 54_401)
    (hotline / "prompts" / "zh" / "link.wav").symlink_to(elsewhere)
    os.umask(before)

    assert ownership.lend(hotline, service)
    assert looks(hotline / "prompts") == looks(hotline / "prompts" / "zh") == (54_400, 54_321, 0o2775)
    assert looks(index) == (54_400, 54_321, 0o664)
    assert looks(hotline) == (54_400, 54_401, 0o755)
    assert looks(elsewhere)[:2] == looks(hotline / "hotline.yaml")[:2] == (0, 0)
    assert not ownership.lend(hotline, service)


def test_a_hotline_without_recordings_gets_the_folder(apart: Path) -> None:
    service = User("service", 54_321, 54_321)
    apart.joinpath("hotline").mkdir()
    os.chown(apart / "hotline", 54_400, 54_401)
    assert ownership.lend(apart / "hotline", service)
    assert looks(apart / "hotline" / "prompts")[:2] == (54_400, 54_321)
    assert looks(apart / "hotline" / "prompts")[2] & 0o2770 == 0o2770
    apart.joinpath("other").mkdir()
    (apart / "other" / "prompts").symlink_to(apart / "hotline")
    assert not ownership.lend(apart / "other", service), "a link is nobody's recordings"
    assert looks(apart / "hotline")[1] == 54_401


def test_a_hotline_on_a_disk_that_is_read_only_gets_no_recordings_and_all_else_goes_on() -> None:
    told: list[str] = []
    lend_prompts(Path("/proc"), BOTH.service, told.append)  # nobody can make a folder there
    assert [line.partition(":")[0] for line in told] == ["the user service cannot keep recordings in /proc/prompts"]


def test_folders_without_end_do_not_hold_up_a_start(folder: StateFolder, apart: Path) -> None:
    """The service's user can make them in both folders."""
    for where in (folder.logs, apart / "hotline" / "prompts"):
        where.mkdir(parents=True, exist_ok=True)
        at = os.open(where, os.O_RDONLY)
        for _ in range(1_500):
            os.mkdir("d", dir_fd=at)
            inner = os.open("d", os.O_RDONLY, dir_fd=at)
            os.close(at)
            at = inner
        os.close(at)
    assert "wutong.db" in ownership.give(folder, BOTH)
    assert ownership.lend(apart / "hotline", BOTH.service)
    subprocess.run(["rm", "-rf", folder.logs, apart / "hotline"], check=True)  # Python itself goes no deeper either


def test_only_a_folder_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    wrong: tuple[list[str], ...] = (
        [],
        ["state"],
        ["--other", "/x"],
        ["--recordings"],
        ["--recordings", "x"],
        ["/x", "/y"],
    )
    assert {ownership.main(arguments) for arguments in wrong} == {2}
    assert "ownership --recordings /etc/wutong/hotline" in capsys.readouterr().err


def test_each_file_gets_its_owner_and_another_time_nothing_changes(folder: StateFolder) -> None:
    assert ownership.astray(folder, BOTH)
    changed = ownership.give(folder, BOTH)
    assert "wutong.db" in changed
    service, asterisk = 54_321, 54_322
    assert looks(folder.root) == (service, asterisk, 0o710)
    assert looks(folder.secrets) == (service, service, 0o600)
    assert looks(folder.database) == (service, service, 0o640)
    assert looks(folder.logs) == (service, service, 0o700)
    assert looks(folder.asterisk) == (service, asterisk, 0o2750)
    assert looks(folder.asterisk / "etc" / "pjsip.conf") == (service, asterisk, 0o640)
    assert looks(folder.asterisk / "run") == (service, asterisk, 0o2770)
    assert looks(folder.asterisk / "db" / "astdb.sqlite3") == (asterisk, asterisk, 0o660)
    assert looks(folder.sounds / "zh") == (service, asterisk, 0o2750)
    assert looks(folder.sounds / "zh" / "a.wav") == (service, asterisk, 0o640)
    assert looks(folder.recordings) == (service, asterisk, 0o2770)
    assert ownership.give(folder, BOTH) == []
    assert ownership.astray(folder, BOTH) == []


def test_a_file_of_roots_or_one_that_asterisk_could_open_is_astray(folder: StateFolder) -> None:
    ownership.give(folder, BOTH)
    (folder.logs / "of-root").write_text("content")
    folder.database.chmod(0o644)
    assert ownership.astray(folder, BOTH) == ["wutong.db", "log/of-root"]
    assert set(ownership.of_others(folder, 54_321)) == {"asterisk/db/astdb.sqlite3", "log/of-root", "recordings/b.wav"}


def test_no_file_elsewhere_changes_hands(folder: StateFolder, apart: Path) -> None:
    """The service's user may put links where it likes; the kernel may let it give a file a second name."""
    victims = [apart / name for name in ("shadow", "cron", "other")]
    for victim in victims:
        victim.write_text("root's")
    (apart / "etc").mkdir()
    (folder.logs / "service.log").symlink_to(victims[0])
    (folder.root / "spool").symlink_to(apart / "etc")
    (folder.asterisk / "db" / "astdb.sqlite3").unlink()
    (folder.asterisk / "db" / "astdb.sqlite3").symlink_to(victims[1])
    os.link(victims[2], folder.recordings / "second-name")
    os.mkfifo(folder.logs / "fifo")  # nobody writes: opening it must not wait
    ownership.give(folder, BOTH)
    assert all(looks(victim) == (0, 0, 0o644) for victim in victims)
    assert looks(apart / "etc")[0] == 0


def test_a_file_that_the_service_makes_later_is_its_own_and_a_sound_asterisks_to_read(folder: StateFolder) -> None:
    ownership.give(folder, BOTH)
    let_pass(BOTH.service, [folder.root])
    script = (
        f"umask 027; mkdir {folder.sounds}/en; echo x >{folder.sounds}/en/c.wav; echo x >{folder.root}/wutong.db-wal"
    )
    subprocess.run(["sh", "-c", script], user=54_321, group=54_321, extra_groups=[54_322], cwd="/", check=True)
    assert looks(folder.sounds / "en" / "c.wav") == (54_321, 54_322, 0o640)
    assert looks(folder.root / "wutong.db-wal") == (54_321, 54_321, 0o640)
