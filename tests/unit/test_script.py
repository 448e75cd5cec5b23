"""The ./wutong script, in a small checkout of its own, with stand-ins for uv and Python: nothing is installed."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]

PYTHON = r"""#!/bin/sh
# Stands in for every Python: notes how it was called, and makes an environment of itself.
printf '%s %s\n' "${0##*/}" "$*" >>"$NOTES"
case "$*" in
    *version_info*) [ -z "${OLD-}" ] ;;
    *"import ensurepip"*) [ -z "${NO_VENV-}" ] || [ -e "$NOTES.installed" ] ;;
    *"-m venv"*) for folder; do :; done; mkdir -p "$folder/bin"; cp "$0" "$folder/bin/python" ;;
    *purelib*) mkdir -p "${0%/bin/*}/lib"; echo "${0%/bin/*}/lib" ;;
    *"-m pip install"*) [ -z "${BROKEN-}" ] && sleep "${SLOW-0}" ;;
    *"-m service"* | *"-m lab"*) printf 'in %s:' "$PWD"; for word; do printf ' <%s>' "$word"; done; echo ;;
esac
"""

NPM_AND_PIP = r"""
case "$*" in
    *"-m pip install"*) until [ -e "$NOTES.npm" ]; do sleep 0.1; done; : >"$NOTES.pip" ;;
    *"-m lab.npm"*)
        : >"$NOTES.npm"
        until [ -e "$NOTES.pip" ]; do sleep 0.1; done
        echo "npm is done" ;;
esac
"""
"""Added to that: each of the two waits until the other has begun, or for ever."""

UV = r"""#!/bin/sh
printf 'uv %s\n' "$*" >>"$NOTES"
case "$1" in
    venv) for folder; do :; done; mkdir -p "$folder/bin"; cp "${0%/*}/python3" "$folder/bin/python" ;;
    pip) [ -z "${BROKEN-}" ] ;;
esac
"""

APT = r"""#!/bin/sh
printf 'apt-get %s\n' "$*" >>"$NOTES"
[ "$1" = update ] || : >"$NOTES.installed"
"""

USER = "#!/bin/sh\necho 1000\n"
ROOT = "#!/bin/sh\necho 0\n"


class Checkout:
    """A folder with the script and locks, and a PATH with nothing but stand-ins and the shell's own tools."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "a checkout"
        self.tools = folder / "tools"
        self.notes = folder / "notes"
        (self.folder / "locks").mkdir(parents=True)
        self.tools.mkdir()
        shutil.copy(CHECKOUT / "wutong", self.folder)
        for kind in ("runtime", "dev"):
            self.lock(kind, f"# {kind}, first edition\n")
        for name in ("sh", "readlink", "dirname", "cat", "cmp", "rm", "mv", "mkdir", "flock", "cp", "sleep"):
            found = shutil.which(name)
            assert found is not None, name
            (self.tools / name).symlink_to(found)
        self.stand_in("python3", PYTHON)
        self.stand_in("id", USER)

    def lock(self, kind: str, text: str) -> None:
        (self.folder / "locks" / f"{kind}.txt").write_text(text)

    def stand_in(self, name: str, code: str) -> None:
        (self.tools / name).write_text(code)
        (self.tools / name).chmod(0o755)

    def start(
        self, *arguments: str, script: Path | None = None, as_a_unit: bool = False, **environment: str
    ) -> subprocess.Popen[str]:
        """`as_a_unit`: with SIGPIPE ignored, as Python has it and systemd hands it on."""
        return subprocess.Popen(
            restore_signals=not as_a_unit,
            args=[script or self.folder / "wutong", *arguments],
            cwd=self.folder.parent,
            env={"PATH": str(self.tools), "NOTES": str(self.notes), **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(
        self, *arguments: str, script: Path | None = None, as_a_unit: bool = False, **environment: str
    ) -> tuple[int, str, str]:
        """Exit status, output, errors."""
        process = self.start(*arguments, script=script, as_a_unit=as_a_unit, **environment)
        output, errors = process.communicate(timeout=60)
        return process.returncode, output, errors

    def noted(self, words: str) -> int:
        """How often something was called with these words; the notes start anew."""
        text = self.notes.read_text() if self.notes.exists() else ""
        self.notes.unlink(missing_ok=True)
        return text.count(words)


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


@pytest.fixture(params=["uv", "pip"])
def install(request: pytest.FixtureRequest, checkout: Checkout) -> str:
    """What the environment is made with, as it is noted."""
    if request.param == "uv":
        checkout.stand_in("uv", UV)
        return "uv pip sync"
    return "-m pip install"


def test_it_is_a_clean_posix_script() -> None:
    assert shutil.which("shellcheck"), "./wutong test installs it"
    for script in ("wutong", ".ci/run"):
        done = subprocess.run(["shellcheck", CHECKOUT / script], stdout=subprocess.PIPE, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_the_environment_is_made_once(checkout: Checkout, install: str) -> None:
    status, output, errors = checkout.run("status", "--json", "two words")
    assert (status, output) == (0, f"in {checkout.folder.parent}: <-P> <-m> <service> <status> <--json> <two words>\n")
    assert errors.startswith("· making the Python environment")
    assert checkout.noted("--require-hashes") == 1
    checkout.lock("runtime", "# another edition\n")
    assert " 建立 Python 环境" in checkout.run("status", LANG="zh_CN.UTF-8")[2]
    assert checkout.noted("--require-hashes") == 1
    status, output, errors = checkout.run("status")
    assert (status, errors) == (0, "")
    assert checkout.noted(install) == 0


def test_tests_benchmarks_and_help_for_all_commands_are_the_labs(checkout: Checkout) -> None:
    labs = (("test", "-k", "queue"), ("bench", "--help"), ("chaos",), ("demo",), ("fuzz",), ("sbom",), ("--help",), ())
    for arguments in labs:
        assert "<-m> <lab>" in checkout.run(*arguments)[1], arguments
    for arguments in (("up", "--help"), ("--version",), ("check", "bench")):
        assert "<-m> <service>" in checkout.run(*arguments)[1], arguments


def test_a_look_at_another_lock_leaves_no_word_in_a_units_journal(checkout: Checkout) -> None:
    checkout.run("up")
    checkout.lock("dev", "# more than a pipe holds\n" * 10_000)
    assert checkout.run("serve", as_a_unit=True)[::2] == (0, "")


def test_where_it_may_not_write_it_says_who_makes_the_environment(checkout: Checkout) -> None:
    # a folder that root too can neither make nor write to
    (checkout.folder / ".venv").symlink_to(checkout.folder / "nowhere")
    status, _, errors = checkout.run("serve")
    assert status == 1
    assert errors.endswith(f"make it once: sudo {checkout.folder}/wutong check HOTLINE\n")
    assert errors.count("\n") == 1


def test_it_installs_the_right_lock(checkout: Checkout, install: str) -> None:
    checkout.run("up")
    assert checkout.noted("locks/runtime.txt") == 1
    checkout.run("test")
    assert checkout.noted("locks/dev.txt") == 1
    checkout.run("up")  # what the tests need includes what the service needs
    assert checkout.noted(install) == 0


def test_a_changed_lock_is_installed(checkout: Checkout, install: str) -> None:
    checkout.run("up")
    checkout.lock("runtime", "# second edition\n")
    checkout.notes.unlink()
    checkout.run("up")
    assert checkout.noted(install) == 1


def test_what_the_tests_need_of_npm_comes_while_pip_works(checkout: Checkout) -> None:
    """pip ends only once npm's part has been called, and the tests begin only once that is over too."""
    checkout.stand_in("python3", PYTHON + NPM_AND_PIP)
    status, output, _ = checkout.run("test")
    assert status == 0
    assert output.splitlines()[-2:] == ["npm is done", f"in {checkout.folder.parent}: <-P> <-m> <lab> <test>"]
    assert checkout.noted("-P -m lab.npm") == 1
    checkout.run("test")
    checkout.lock("dev", "# second edition\n")
    checkout.run("bench")
    assert checkout.noted("lab.npm") == 0


def test_a_failed_installation_is_not_taken_for_a_finished_one(checkout: Checkout, install: str) -> None:
    status, output, _ = checkout.run("up", BROKEN="yes")
    assert status != 0
    assert output == ""
    assert checkout.noted(install) == 1
    assert checkout.run("up")[0] == 0
    assert checkout.noted(install) == 1


def test_a_moved_checkout_makes_it_anew(checkout: Checkout, install: str) -> None:
    checkout.run("up")
    checkout.noted("")
    checkout.folder = checkout.folder.rename(checkout.folder.with_name("elsewhere"))
    assert checkout.run("up")[0] == 0
    assert checkout.noted(install) == 1


@pytest.mark.parametrize("link", ["absolute", "relative"])
def test_it_may_be_called_through_links(checkout: Checkout, install: str, link: str, tmp_path: Path) -> None:
    middle, outer = tmp_path / "middle", tmp_path / "bin" / "wutong"
    outer.parent.mkdir()
    script = checkout.folder / "wutong"
    middle.symlink_to(script if link == "absolute" else script.relative_to(tmp_path))
    outer.symlink_to(middle if link == "absolute" else Path("..", "middle"))
    assert checkout.run("up", script=outer)[0] == 0
    assert (checkout.folder / ".venv" / ".wutong-complete").exists()


def test_two_at_once_make_it_once(checkout: Checkout) -> None:
    together = [checkout.start("up", SLOW="0.3") for _ in range(3)]
    for process in together:
        output, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        assert output
    assert checkout.noted("-m pip install") == 1


def test_without_a_python_it_says_what_to_install(checkout: Checkout) -> None:
    status, _, errors = checkout.run("up", OLD="yes")
    assert status == 1
    assert errors.splitlines()[-1].endswith("sudo apt-get install python3 python3-venv")


def test_without_venv_it_says_what_to_install(checkout: Checkout) -> None:
    status, _, errors = checkout.run("up", NO_VENV="yes")
    assert status == 1
    assert errors.splitlines()[-1].endswith("sudo apt-get install python3-venv")


def test_root_gets_it_installed(checkout: Checkout) -> None:
    checkout.stand_in("id", ROOT)
    checkout.stand_in("apt-get", APT)
    status, _, errors = checkout.run("up", NO_VENV="yes")
    assert status == 0
    assert "· installing python3-venv" in errors
    assert checkout.noted("apt-get install -y --no-install-recommends python3-venv") == 1


def test_another_python_serves_where_python3_is_old(checkout: Checkout) -> None:
    checkout.stand_in("python3", "#!/bin/sh\nexit 1\n")
    checkout.stand_in("python3.12", PYTHON)
    assert checkout.run("up")[0] == 0
    assert checkout.noted("python3.12 -m venv") == 1


def test_it_starts_fast(checkout: Checkout) -> None:
    """What the script costs beside Python: no more than 0.3 s of a processor, in the median of some."""
    checkout.run("up")
    costs = sorted(_seconds(lambda: checkout.run("up")) for _ in range(5))
    assert costs[2] < 0.3


def _seconds(call: Callable[[], object]) -> float:
    """Of a processor, in the programs that are called: how long they wait for one says nothing of them."""
    before = os.times()
    call()
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system
