"""`./wutong test`: every check, then every test."""

import asyncio
import os
import subprocess
import sys
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

PROGRAMS = {
    **SOUND_PROGRAMS,
    "baresip": "baresip-core",
    "chromium": "chromium",
    "docker-compose": "docker-compose",
    "node": "nodejs",
    "npm": "npm",
    "shellcheck": "shellcheck",
    "strace": "strace",
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

SIDE_BY_SIDE = ("-n", "4", "--dist", "worksteal")
"""pytest's options. More workers than cores: tests with phones mostly wait. `./wutong test -n 0`: one by one."""


def run(arguments: Sequence[str]) -> int:
    """All of it, pytest last and in any case, so that its summary ends the output.

    First it installs what the tests need and is missing: programs, the voice, the recogniser, an OpenID provider.
    `arguments` go to pytest. The exit status is that of the first failed step.
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
    here = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{here}{os.pathsep}{os.environ.get('PATH', '')}"}
    statuses = []
    for command in (*CHECKS, ("pytest", *SIDE_BY_SIDE, *arguments)):
        typer.echo(f"· {' '.join(command)}")
        sys.stdout.flush()
        program = here / command[0]
        done = subprocess.run([str(program), *command[1:]], cwd=CHECKOUT, env=environment, check=False)
        statuses.append(done.returncode)
    return next((status for status in statuses if status != 0), 0)
