"""`./wutong test`: every test, and every check beside them."""

import asyncio
import compileall
import os
import re
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import Callable, Sequence
from pathlib import Path

import typer

from base.folders import CHECKOUT
from lab import console, npm, openid
from processes.obtaining import NoAsterisk, default_cache, obtain
from processes.tools import MissingTools, ensure
from publishing.prepare import SOUND_PROGRAMS
from publishing.speech import recogniser, voice
from sounds.environment import CompanionFailed, Environment

POSTGRES = "/usr/lib/postgresql/17/bin/postgres"
"""Not on PATH: Debian keeps several versions side by side."""

NFT = "/usr/sbin/nft"
"""On root's PATH only."""

FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
"""For the card as PDF."""

PROGRAMS = {
    **SOUND_PROGRAMS,
    "baresip": "baresip-core",
    "chromium": "chromium",
    "chromium-headless-shell": "chromium-headless-shell",
    "docker-compose": "docker-compose",
    "firefox-esr": "firefox-esr",
    "ip": "iproute2",
    "node": "nodejs",
    "npm": "npm",
    "prometheus": "prometheus",
    "promtool": "promtool",
    "shellcheck": "shellcheck",
    "strace": "strace",
    FONT: "fonts-noto-cjk",
    NFT: "nftables",
    POSTGRES: "postgresql-17",
    "systemd-analyze": "systemd",
}
"""Program → Debian package: what the tests run besides Asterisk."""

CHECKS: tuple[tuple[str, ...], ...] = (
    ("ruff", "check"),
    ("ruff", "format", "--check"),
    ("mypy",),
    ("lint-imports",),
    ("python", "-m", "lab.console"),
)

SIDE_BY_SIDE = ("-n", "8", "--dist", "worksteal")
"""pytest's options. More workers than cores: tests with phones wait most of their time (`tests/dealing.py`), and unit
tests give way to them (`tests/conftest.py`). `./wutong test -n 0`: one by one.
"""

UNCOMPILED = "PYTHONDONTWRITEBYTECODE"
"""A variable that containers often set. With it each test process, and each of the hundreds of `./wutong` that tests
start, would compile all modules again.
"""

REWRITTEN = re.compile(r"/(test_\w+|conftest)\.py$")
"""Modules that pytest compiles in its own way."""

TOLD = "WUTONG_CHECKS"
"""The variable that gives pytest the number of a pipe. It has what the checks said, and `tests/conftest.py` tells it
before pytest's own summary, which comes last.
"""


def run(arguments: Sequence[str]) -> int:
    """All of it: pytest, and beside it the checks, whose outputs come before its summary.

    First it installs what the tests need and is missing: programs, the private Asterisk, the voice, the recogniser, an
    OpenID provider, the console's packages. `arguments` go to pytest. The exit status is that of the first failed
    check, else pytest's.
    """
    try:
        ensure(PROGRAMS, _say)
    except MissingTools as error:
        typer.echo(str(error), err=True)
        return 1
    return asyncio.run(_all(("pytest", *SIDE_BY_SIDE, *arguments)))


async def _all(tests: Sequence[str]) -> int:
    for failure in await asyncio.gather(
        _asterisk(),
        *map(_made, (voice(), recogniser())),
        *map(_installed, (openid.install, console.install)),
        collected(CHECKOUT),
    ):
        if failure:
            typer.echo(f"{failure} The tests that need it will fail; the others run.", err=True)
    return await _side_by_side(tests)


def _say(line: str) -> None:
    typer.echo(f"· {line}")


async def _asterisk() -> str:
    """Obtain it, for tests have a cache of their own. Why it is not there; "": it is."""
    try:
        await asyncio.to_thread(obtain, default_cache(), _say)
    except (NoAsterisk, MissingTools, OSError) as error:
        return str(error)
    return ""


async def _made(environment: Environment) -> str:
    """As `_asterisk`."""
    try:
        await environment.make(_say)
    except CompanionFailed as error:
        return str(error)
    return ""


async def _installed(install: Callable[[Callable[[str], None]], None]) -> str:
    """As `_asterisk`, of packages of npm."""
    try:
        await asyncio.to_thread(install, _say)
    except npm.NotInstalled as error:
        return str(error)
    return ""


async def collected(folder: Path) -> str:
    """Compile what is not: each process of pytest would do it, all at the same time. In a new clone pytest compiles the
    modules that it compiles in its own way: most in one process, the others beside it. Answers "", as `_made`: what is
    wrong with a module is told with the tests.
    """
    await asyncio.to_thread(compiled, folder)
    if not any((folder / "tests").rglob("*-pytest-*.pyc")):
        halves = (("tests/unit",), ("--ignore", "tests/unit"))
        collecting = [await _start(("pytest", "--collect-only", "--quiet", *half), kept=True) for half in halves]
        await asyncio.gather(*(each.communicate() for each in collecting))
    return ""


def compiled(folder: Path) -> None:
    """All modules but those of REWRITTEN."""
    for package in folder.glob("*/__init__.py"):
        compileall.compile_dir(package.parent, quiet=2, rx=REWRITTEN)


async def _side_by_side(tests: Sequence[str]) -> int:
    told, telling = os.pipe()
    checking = asyncio.create_task(_check(telling))
    typer.echo(f"· {' '.join(tests)}")
    sys.stdout.flush()
    testing = await _start(tests, told=told)
    try:
        status = await testing.wait()
    except asyncio.CancelledError:  # a Ctrl-C: it has come to pytest too, which ends its tests in order
        await testing.wait()
        raise
    untold, failed = await asyncio.gather(asyncio.to_thread(_rest, told), checking)
    if untold:  # pytest has ended before its summary
        typer.echo(untold)
    return failed or status


async def _check(telling: int) -> int:
    """The checks, one after another; what they said goes into the pipe `telling`. The status of the first that failed;
    0: none has. Tests with phones go first: time is what they measure.
    """
    said, failed = "", 0
    try:
        for command in CHECKS:
            checking = await _start(command, before=("nice", "-n", "10"), kept=True)
            output, _ = await checking.communicate()
            found = checking.returncode
            assert found is not None
            failed = failed or found
            said += f"· {' '.join(command)}{'' if found == 0 else f': failed with status {found}'}\n"
            said += output.decode(errors="replace").strip() + "\n"
    finally:
        await asyncio.to_thread(_tell, telling, said)
    return failed


def _tell(pipe: int, said: str) -> None:
    with open(pipe, "w", encoding="utf-8") as file:
        file.write(said)


def _rest(pipe: int) -> str:
    with open(pipe, encoding="utf-8", errors="replace") as file:
        return file.read().strip()


async def _start(
    command: Sequence[str], before: Sequence[str] = (), *, kept: bool = False, told: int | None = None
) -> Process:
    """A program of this environment, in the checkout. `kept`: its output is read here. `told`: a pipe that it gets."""
    here = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{here}{os.pathsep}{os.environ.get('PATH', '')}"}
    environment.pop(UNCOMPILED, None)
    if told is not None:
        environment[TOLD] = str(told)
    program = (*before, str(here / command[0]), *command[1:])
    out, errors = (PIPE, STDOUT) if kept else (None, None)
    given = () if told is None else (told,)
    return await asyncio.create_subprocess_exec(
        *program, cwd=CHECKOUT, env=environment, stdout=out, stderr=errors, pass_fds=given
    )
