"""Obtaining Asterisk, with debootstraps that are shell scripts: good, failing, interrupted, slow."""

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from processes import modules, obtaining, tools

CHECKOUT = Path(obtaining.__file__).resolve().parent.parent
VERSION = "22.10.1~test"

GOOD = f"""
for last; do target=$last; done
echo "$@" >> "$NOTES"
lib="$target/usr/lib/test-linux-gnu"
echo "I: Retrieving asterisk 1:22"
mkdir -p "$lib/asterisk/modules" "$target/usr/sbin" "$target/var/cache/apt/archives"
for module in {" ".join(modules.NEEDED)}; do : > "$lib/asterisk/modules/$module.so"; done
: > "$target/usr/sbin/asterisk"
: > "$target/var/cache/apt/archives/asterisk.deb"
printf '#!/bin/sh\\necho "Asterisk {VERSION}"\\n' > "$lib/ld-linux-test.so.2"
chmod 755 "$lib/ld-linux-test.so.2"
echo "I: Configuring asterisk..."
"""


class Machine:
    """A machine on whose PATH there is only what a test puts there, and its user's cache folder."""

    def __init__(self, folder: Path) -> None:
        self.programs = folder / "bin"
        self.cache = folder / "cache" / "wutong"
        self.notes = folder / "notes"
        self.programs.mkdir()
        for name in ("mkdir", "chmod", "rm", "sh", "cat", "timeout"):
            (self.programs / name).symlink_to(f"/usr/bin/{name}")
        self.said: list[str] = []

    def program(self, name: str, script: str) -> None:
        path = self.programs / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def obtain(self) -> obtaining.Installation:
        return obtaining.obtain(self.cache, self.said.append)

    @property
    def runs(self) -> int:
        """How often debootstrap was run to its end."""
        return len(self.notes.read_text().splitlines()) if self.notes.exists() else 0

    @property
    def folders(self) -> list[str]:
        return sorted(path.name for path in self.cache.iterdir() if path.is_dir())


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine(tmp_path)
    monkeypatch.setenv("PATH", str(made.programs))
    monkeypatch.setenv("NOTES", str(made.notes))
    monkeypatch.setattr("processes.obtaining.os.geteuid", lambda: 0)
    monkeypatch.setattr("processes.obtaining.SYSTEM_CONFIGURATION", tmp_path / "asterisk.conf")
    made.program("debootstrap", GOOD)
    return made


def test_a_private_root_is_made_and_described(machine: Machine) -> None:
    installation = machine.obtain()

    home = obtaining.private_root(machine.cache)
    libraries = home / "usr/lib/test-linux-gnu"
    assert installation.origin == "private"
    assert installation.version == VERSION
    assert installation.command[0] == str(libraries / "ld-linux-test.so.2")
    assert installation.command[-1] == str(home / "usr/sbin/asterisk")
    assert installation.modules_dir == libraries / "asterisk/modules"
    assert installation.modules == set(modules.NEEDED)
    assert installation.data_dir == home / "usr/share/asterisk"


def test_no_mirror_is_named(machine: Machine) -> None:
    machine.obtain()

    assert machine.notes.read_text().split()[:-1] == [
        "--variant=minbase",
        f"--include={','.join(obtaining.PACKAGES)}",
        "sid",
    ]


def test_it_is_made_once(machine: Machine) -> None:
    first = machine.obtain()
    machine.said.clear()

    assert machine.obtain() == first
    assert machine.runs == 1
    assert machine.said == []


def test_the_long_step_shows_progress_and_what_is_not_needed_is_dropped(machine: Machine) -> None:
    machine.obtain()

    assert "Asterisk: fetching packages" in machine.said
    assert "Asterisk: setting up packages" in machine.said
    assert not (obtaining.private_root(machine.cache) / "var/cache/apt/archives").exists()


def test_every_25th_package_is_told(machine: Machine) -> None:
    lines = "\n".join(f"echo 'I: Unpacking package{n}...'" for n in range(60))
    machine.program("debootstrap", f"{lines}\necho 'W: something else'\n{GOOD}")
    machine.obtain()
    assert [message for message in machine.said if "unpacking" in message] == [
        "Asterisk: unpacking packages",
        "Asterisk: unpacking packages, 25 so far",
        "Asterisk: unpacking packages, 50 so far",
    ]
    assert "something else" not in str(machine.said)


def test_a_failing_debootstrap_is_quoted_and_leaves_nothing(machine: Machine) -> None:
    machine.program("debootstrap", f"{GOOD}\necho 'E: Failed getting release file'; exit 1")

    with pytest.raises(obtaining.NoAsterisk, match=r"exit 1.*Failed getting release file.*network"):
        machine.obtain()
    assert machine.folders == []

    machine.program("debootstrap", GOOD)
    assert machine.obtain().version == VERSION


def test_packages_without_a_needed_module_are_not_taken_for_an_asterisk(machine: Machine) -> None:
    machine.program("debootstrap", f'{GOOD}\nrm "$lib/asterisk/modules/app_bridgewait.so"')

    with pytest.raises(obtaining.NoAsterisk, match="app_bridgewait"):
        machine.obtain()
    assert machine.folders == []


def test_what_an_interrupted_making_left_is_cleaned_away(machine: Machine) -> None:
    home = obtaining.private_root(machine.cache)
    (home / "usr/sbin").mkdir(parents=True)  # complete to look at, but unmarked
    (home.with_name(f"{home.name}.partial-x") / "usr").mkdir(parents=True)

    assert machine.obtain().version == VERSION
    assert machine.folders == [home.name]
    assert machine.said.count("removing an unfinished Asterisk") == 2


def test_a_killed_set_up_is_waited_for_and_begun_anew(machine: Machine, tmp_path: Path) -> None:
    """Its debootstrap lives on for a moment: nobody may remove what that still writes."""
    os.mkfifo(started := tmp_path / "started")
    os.mkfifo(go_on := tmp_path / "go_on")
    machine.program("debootstrap", f'echo > "{started}"; timeout 30 cat "{go_on}"; echo "I: Configuring x"; {GOOD}')
    starter = "import os, sys; os.geteuid = lambda: 0; sys.argv[0] = ''\n"
    starter += "import runpy; runpy.run_module('processes.obtaining', run_name='__main__')"
    with subprocess.Popen([sys.executable, "-c", starter, str(machine.cache)], cwd=CHECKOUT, stdout=-1) as process:
        started.read_text()
        process.send_signal(signal.SIGKILL)
    machine.program("debootstrap", GOOD)
    waiting = threading.Event()

    def say(message: str) -> None:
        if "waiting" in message:
            waiting.set()

    with ThreadPoolExecutor() as pool:
        obtained = pool.submit(obtaining.obtain, machine.cache, say)
        assert waiting.wait(20)
        go_on.write_text("")

        assert obtained.result(20).version == VERSION
    assert machine.folders == [obtaining.private_root(machine.cache).name]


def test_two_at_once_make_it_once(machine: Machine, tmp_path: Path) -> None:
    os.mkfifo(go_on := tmp_path / "go_on")
    machine.program("debootstrap", f'timeout 30 cat "{go_on}"; {GOOD}')
    waiting = threading.Event()

    def say(message: str) -> None:
        if "waiting" in message:
            waiting.set()

    with ThreadPoolExecutor() as pool:
        both = [pool.submit(obtaining.obtain, machine.cache, say) for _ in range(2)]
        assert waiting.wait(20)
        go_on.write_text("")

        assert both[0].result(20) == both[1].result(20)
    assert machine.runs == 1


def test_a_user_without_root_is_told_what_to_run(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("processes.obtaining.os.geteuid", lambda: 1000)

    with pytest.raises(obtaining.NoAsterisk, match=r"needs root once: cd .* && sudo .* -m processes\.obtaining"):
        machine.obtain()
    assert not machine.cache.exists()


def test_one_that_is_linked_into_the_cache_runs_from_its_own_folder(machine: Machine, tmp_path: Path) -> None:
    """`renewing` looks at command lines: it keeps a root that anything runs from."""
    made = obtaining.private_root(machine.cache)
    machine.obtain()
    made.rename(tmp_path / made.name)
    made.symlink_to(tmp_path / made.name)
    assert all(word.startswith((f"{tmp_path / made.name}/", "--")) for word in machine.obtain().command)
    assert machine.runs == 1


def test_a_user_without_root_may_use_one_that_is_made(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    made = machine.obtain()
    monkeypatch.setattr("processes.obtaining.os.geteuid", lambda: 1000)

    assert machine.obtain() == made


def test_a_missing_debootstrap_that_cannot_be_installed_is_named(machine: Machine) -> None:
    (machine.programs / "debootstrap").unlink()

    with pytest.raises(tools.MissingTools, match="debootstrap"):
        machine.obtain()


def test_a_damaged_root_says_what_to_do(machine: Machine) -> None:
    machine.obtain()
    (obtaining.private_root(machine.cache) / "usr/sbin/asterisk").unlink()

    with pytest.raises(obtaining.NoAsterisk, match="damaged: remove it"):
        machine.obtain()


def put_on_path(machine: Machine, tmp_path: Path, version: str, present: list[str]) -> None:
    machine.program("asterisk", f'echo "Asterisk {version}"')
    (tmp_path / "modules").mkdir()
    (tmp_path / "data" / "documentation").mkdir(parents=True)
    for name in present:
        (tmp_path / "modules" / f"{name}.so").touch()
    (tmp_path / "asterisk.conf").write_text(
        f"[directories](!)\nastmoddir => {tmp_path}/modules ; modules\nastdatadir={tmp_path}/data\n"
    )


def test_an_asterisk_on_path_that_will_do_is_taken(machine: Machine, tmp_path: Path) -> None:
    put_on_path(machine, tmp_path, "20.8.0", list(modules.NEEDED))

    installation = machine.obtain()

    assert installation == obtaining.Installation(
        (str(machine.programs / "asterisk"),), tmp_path / "modules", tmp_path / "data", "20.8.0", "path"
    )
    assert machine.runs == 0


@pytest.mark.parametrize("version", ["18.10.0~dfsg", "20.6.0~dfsg", "21.2.0", "20"])
def test_an_old_asterisk_on_path_is_left_alone(machine: Machine, tmp_path: Path, version: str) -> None:
    put_on_path(machine, tmp_path, version, list(modules.NEEDED))

    assert machine.obtain().origin == "private"
    assert any(f"version {version}, at least 20.8 is needed" in line for line in machine.said)


def test_an_asterisk_on_path_without_a_needed_module_is_left_alone(machine: Machine, tmp_path: Path) -> None:
    put_on_path(machine, tmp_path, "certified/22.8-cert1", [name for name in modules.NEEDED if name != "res_agi"])

    assert machine.obtain().origin == "private"
    assert any("lacks the modules res_agi" in line for line in machine.said)


def test_an_asterisk_on_path_that_does_not_run_is_left_alone(machine: Machine) -> None:
    machine.program("asterisk", "exit 127")

    assert machine.obtain().origin == "private"
    assert any("does not tell its version" in line for line in machine.said)


def test_the_cache_is_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert obtaining.default_cache() == tmp_path / "wutong"

    monkeypatch.setenv("XDG_CACHE_HOME", "relative/is/invalid")
    assert obtaining.default_cache() == Path.home() / ".cache" / "wutong"


def test_a_program_is_asked_for_its_version_again_once_it_has_changed(tmp_path: Path) -> None:
    program, asked = tmp_path / "asterisk", tmp_path / "asked"

    def becomes(version: str, at: int) -> None:
        program.write_text(f"#!/bin/sh\necho x >>{asked}\necho Asterisk {version}\n")
        program.chmod(0o755)
        os.utime(program, (at, at))

    becomes("22.1.0", 1)
    assert [obtaining._version((str(program),)) for _ in range(2)] == ["22.1.0", "22.1.0"]
    assert asked.read_text() == "x\n"
    becomes("22.2.0", 2)
    assert obtaining._version((str(program),)) == "22.2.0"
