"""Packages of npm's that the tests need, each set in its folder as its lock says."""

import subprocess
from collections.abc import Callable
from pathlib import Path

INSTALL_S = 600.0
"""Seconds that npm may take."""

CHECK = "Check the network and npm's registry (npm config get registry), then try again."


class NotInstalled(Exception):
    """The packages are not there. The message says what to do."""


def stamp(folder: Path) -> Path:
    """There once everything is installed: a copy of the lock."""
    return folder / "node_modules" / ".lock"


def is_installed(folder: Path) -> bool:
    there = stamp(folder)
    return there.exists() and there.read_bytes() == (folder / "package-lock.json").read_bytes()


def install(folder: Path, what: str, progress: Callable[[str], None]) -> None:
    """Fetch the packages, once for each lock. `what`: their name in messages. Raises NotInstalled."""
    if is_installed(folder):
        return
    progress(f"fetching {what}")
    try:
        command = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotInstalled(f"npm could not fetch {what}: {error}. {CHECK}") from error
    if done.returncode != 0:
        why = (done.stderr.strip().splitlines() or ["no reason given"])[0]
        raise NotInstalled(f"npm could not fetch {what}: {why}. {CHECK}")
    stamp(folder).write_bytes((folder / "package-lock.json").read_bytes())
