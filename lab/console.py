"""The console's own checks, and its build: `python -m lab.console`, `python -m lab.console build`."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from lab import npm
from service.http.console_pages import BUILT

FOLDER = npm.CONSOLE

CHECKS = ("lint", "types", "test")
"""Scripts of `console/package.json`."""


def main(arguments: Sequence[str]) -> int:
    """Without an argument every check, and whether the committed build is what the source makes; `build` makes that.

    The exit status is that of the first failed step.
    """
    try:
        install(lambda line: print(f"· {line}", flush=True))  # noqa: T201
    except npm.NotInstalled as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    if list(arguments) == ["build"]:
        return build(BUILT)
    for script in CHECKS:
        status = _npm(script)
        if status != 0:
            return status
    with tempfile.TemporaryDirectory(prefix="wutong-console-") as folder:
        status = build(Path(folder))
        if status == 0 and (different := differences(Path(folder), BUILT)):
            print(  # noqa: T201
                f"service/http/console is not what console/ makes: {', '.join(different)}. "
                "Build it with `python -m lab.console build`, and commit it.",
                file=sys.stderr,
            )
            return 1
    return status


def install(progress: Callable[[str], None]) -> None:
    """Fetch its packages by npm as the lock says, once for each lock. Raises NotInstalled."""
    npm.install(FOLDER, progress)


def build(folder: Path) -> int:
    """Build the console into `folder`, whatever was there. Answers npm's exit status."""
    return _npm("build", {"WUTONG_CONSOLE_OUT": str(folder)})


def differences(one: Path, other: Path) -> list[str]:
    """Files that are not in both folders, or not the same byte for byte."""
    here, there = _contents(one), _contents(other)
    return sorted(name for name in here.keys() | there.keys() if here.get(name) != there.get(name))


def _contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _npm(script: str, environment: dict[str, str] | None = None) -> int:
    program = shutil.which("npm") or "npm"
    command = (program, "run", "--silent", script)
    return subprocess.run(command, cwd=FOLDER, env={**os.environ, **(environment or {})}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
