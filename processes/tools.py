"""Programs of the host that set-up needs, installed if the user may do that."""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from sentences.sentence import Sentence

INSTALL_TIMEOUT = 900.0
"""Seconds that one apt-get run may take."""


class MissingTools(Exception):
    """Programs are missing and could not be installed. The message says which, and what to do."""


def ensure(programs: Mapping[str, str], progress: Callable[[str], None]) -> None:
    """Make sure that every program is on PATH, and every file there.

    `programs` maps a program, or a file by its absolute path, to the Debian package that has it. If the user is root,
    apt-get installs the missing ones. Raises `MissingTools` if the user is not root, if there is no apt-get, or if it
    fails.
    """
    missing = {program: package for program, package in programs.items() if not _there(program)}
    if not missing:
        return
    packages = sorted(set(missing.values()))
    names = ", ".join(sorted(missing))
    if shutil.which("apt-get") is None:
        raise MissingTools(
            Sentence(
                "not on PATH: {names}. Install {packages} with this system's package manager.",
                names=names,
                packages=_list(packages),
            )
        )
    if os.geteuid() != 0:
        raise MissingTools(
            Sentence(
                "not on PATH: {names}. Install: sudo apt-get install {packages}",
                names=names,
                packages=" ".join(packages),
            )
        )
    progress(Sentence("installing {packages}", packages=_list(packages)))
    install = ("apt-get", "install", "-y", "--no-install-recommends", *packages)
    failure = _run(install)
    if failure is not None:
        # The usual reason is a list of packages that is old or was never fetched.
        progress(Sentence("fetching the list of packages"))
        failure = _run(("apt-get", "update")) or _run(install)
    still = sorted(program for program in missing if not _there(program))
    if failure is not None or still:
        reason = failure or Sentence("{names} is still not on PATH", names=", ".join(still))
        raise MissingTools(
            Sentence(
                "could not install {packages}: {reason}. Try: apt-get install {arguments}",
                packages=_list(packages),
                reason=reason,
                arguments=" ".join(packages),
            )
        )


def _there(program: str) -> bool:
    return Path(program).is_file() if program.startswith("/") else shutil.which(program) is not None


def _run(command: Sequence[str]) -> str | None:
    """Run apt-get without questions. Returns why it failed, in one line, or None."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    try:
        done = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=INSTALL_TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Sentence(
            "{command} took more than {seconds:.0f} s", command=" ".join(command[:2]), seconds=INSTALL_TIMEOUT
        )
    if done.returncode == 0:
        return None
    lines = [line.strip() for line in done.stdout.decode(errors="replace").splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("E:")] or lines[-1:]
    if not errors:
        return Sentence("exit {status}", status=done.returncode)
    return errors[0].removeprefix("E:").strip().rstrip(".")


def _list(packages: Sequence[str]) -> str:
    return (
        packages[0]
        if len(packages) == 1
        else Sentence("{names} and {name}", names=", ".join(packages[:-1]), name=packages[-1])
    )
