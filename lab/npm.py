"""Packages of npm's that the tests need, each set in its folder as its lock says.

Nothing but Python's own modules is imported here: `./wutong` runs this while pip still makes the environment.
"""

import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
CONSOLE = CHECKOUT / "console"
OPENID = CHECKOUT / "tests" / "openid"

NAMES = {CONSOLE: "the packages of the console", OPENID: "the OpenID provider of the tests"}
"""Folders with packages, and what these are called in messages."""

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


def install(folder: Path, progress: Callable[[str], None]) -> None:
    """Fetch the packages of one of NAMES, once for each lock. Raises NotInstalled."""
    if is_installed(folder):
        return
    what = NAMES[folder]
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


def main() -> None:
    """Fetch all. What cannot be fetched now, `./wutong test` fetches later, or says why not."""
    for folder in NAMES:
        with suppress(NotInstalled):
            install(folder, lambda line: print(f"· {line}", flush=True))  # noqa: T201


if __name__ == "__main__":
    main()
