""".ci/run, in a small checkout with a stand-in for ./wutong, which notes how it was called."""

import shutil
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]

WUTONG = """#!/bin/sh
echo "$*" >>"$0.calls"
[ "$1" != test ] || echo "the summary"
case " $FAILS " in *" $1 "*) echo "$1 says why"; exit 3 ;; esac
"""

README = """
Say `./wutong call 1`.

```sh
./wutong demo    # with robots
./wutong up      # all of it
./wutong test    # all tests
```

```sh
./wutong call 12319 --keys 1,1    # greening
./wutong call 12319 --keys 2,1
```
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / ".ci").mkdir()
    shutil.copy(CHECKOUT / ".ci" / "run", tmp_path / ".ci")
    (tmp_path / "README.md").write_text(README)
    (tmp_path / "wutong").write_text(WUTONG)
    (tmp_path / "wutong").chmod(0o755)
    return tmp_path


def run(checkout: Path, *arguments: str, fails: str = "status") -> tuple[int, str, list[str]]:
    """Exit status, all that was printed, and the calls of ./wutong. `status` fails where nothing is up."""
    done = subprocess.run(
        [checkout / ".ci" / "run", *arguments],
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "FAILS": fails},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    calls = checkout / "wutong.calls"
    return done.returncode, done.stdout, calls.read_text().splitlines() if calls.exists() else []


def test_readmes_commands_then_the_tests_whose_summary_comes_last(checkout: Path) -> None:
    status, output, calls = run(checkout, "-k", "queue or ring")
    assert status == 0, output
    assert calls == ["status", "up --detach", "call 12319 --keys 1,1", "down", "test -k queue or ring"]
    assert output.splitlines()[-1] == "the summary"


@pytest.mark.parametrize(
    ("command", "before"), [("up", []), ("call", ["up --detach"]), ("down", ["up --detach", "call 12319 --keys 1,1"])]
)
def test_a_step_that_fails_ends_it_and_leaves_nothing_up(checkout: Path, command: str, before: list[str]) -> None:
    status, output, calls = run(checkout, fails=f"status {command}")
    assert status == 1
    assert calls[1 : 1 + len(before)] == before
    assert calls[-1] == "down --yes"
    assert not any(call.startswith("test") for call in calls)
    assert f"{command} says why" in output
    assert "failed with status 3. What it says stands above; the tests did not run." in output


def test_tests_that_fail_are_told_by_the_status(checkout: Path) -> None:
    assert run(checkout, fails="status test")[0] == 3


def test_a_hotline_that_is_up_is_left_alone(checkout: Path) -> None:
    status, output, calls = run(checkout, fails="")
    assert (status, calls) == (1, ["status"])
    assert "a hotline is up in this home" in output


def test_a_readme_without_the_command_is_told(checkout: Path) -> None:
    (checkout / "README.md").write_text(README.replace("./wutong call 12319", "./wutong dial 12319"))
    status, output, calls = run(checkout)
    assert (status, calls) == (1, [])
    assert "README.md has no ./wutong call in its blocks of commands" in output
