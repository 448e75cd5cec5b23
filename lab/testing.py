"""`./wutong test`: every test, and every check beside them."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import Sequence
from pathlib import Path

import typer

from dialplan.tools import MissingTools, ensure
from lab import npm, openid
from service.app.prepare import SOUND_PROGRAMS
from service.setup.places import CHECKOUT
from service.setup.speech import recogniser, voice
from sounds.environment import CompanionFailed

POSTGRES = "/usr/lib/postgresql/17/bin/postgres"
"""Not on PATH: Debian keeps several versions side by side."""

NFT = "/usr/sbin/nft"
"""On root's PATH only."""

PROGRAMS = {
    **SOUND_PROGRAMS,
    "baresip": "baresip-core",
    "chromium": "chromium",
    "docker-compose": "docker-compose",
    "ip": "iproute2",
    "node": "nodejs",
    "npm": "npm",
    "shellcheck": "shellcheck",
    "strace": "strace",
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

SIDE_BY_SIDE = ("-n", "5", "--dist", "worksteal")
"""pytest's options. More workers than cores: tests with phones mostly wait, and one worker has the voices first
(`tests/dealing.py`). `./wutong test -n 0`: one by one.
"""


def run(arguments: Sequence[str]) -> int:
    """All of it: pytest, and beside it the checks, whose outputs come after its own.

    First it installs what the tests need and is missing: programs, the voice, the recogniser, an OpenID provider.
    `arguments` go to pytest. The exit status is that of the first failed check, else pytest's.
    """
    try:
        ensure(PROGRAMS, lambda line: typer.echo(f"· {line}"))
    except MissingTools as error:
        typer.echo(str(error), err=True)
        return 1
    try:
        for needed in (voice(), recogniser()):
            asyncio.run(needed.make(lambda line: typer.echo(f"· {line}")))
    except CompanionFailed as error:
        typer.echo(f"{error} The tests that need it will fail; the others run.", err=True)
    try:
        openid.install(lambda line: typer.echo(f"· {line}"))
    except npm.NotInstalled as error:
        typer.echo(f"{error} The tests that need it will fail; the others run.", err=True)
    return asyncio.run(_side_by_side(("pytest", *SIDE_BY_SIDE, *arguments)))


async def _side_by_side(tests: Sequence[str]) -> int:
    checking = asyncio.create_task(_check())
    typer.echo(f"· {' '.join(tests)}")
    sys.stdout.flush()
    testing = await _start(tests)
    try:
        status = await testing.wait()
    except asyncio.CancelledError:  # a Ctrl-C: it has come to pytest too, which ends its tests in order
        await testing.wait()
        raise
    statuses = []
    for command, found, output in await checking:
        typer.echo(f"· {' '.join(command)}{'' if found == 0 else f': failed with status {found}'}")
        typer.echo(output.decode(errors="replace").strip())
        statuses.append(found)
    return next((found for found in (*statuses, status) if found != 0), 0)


async def _check() -> list[tuple[Sequence[str], int, bytes]]:
    """Each check, its exit status and its output. Tests with phones go first: time is what they measure."""
    found: list[tuple[Sequence[str], int, bytes]] = []
    for command in CHECKS:
        checking = await _start(command, before=("nice", "-n", "10"), kept=True)
        output, _ = await checking.communicate()
        assert checking.returncode is not None
        found.append((command, checking.returncode, output))
    return found


async def _start(command: Sequence[str], before: Sequence[str] = (), *, kept: bool = False) -> Process:
    """A program of this environment, in the checkout. `kept`: its output is read here."""
    here = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{here}{os.pathsep}{os.environ.get('PATH', '')}"}
    program = (*before, str(here / command[0]), *command[1:])
    out, errors = (PIPE, STDOUT) if kept else (None, None)
    return await asyncio.create_subprocess_exec(*program, cwd=CHECKOUT, env=environment, stdout=out, stderr=errors)
