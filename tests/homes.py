"""Homes for tests: none of them sees the home, the state, the cache or the settings of whoever runs them.

A test run has a folder of its own, and each test a home in it. What was obtained for the tests before (the private
Asterisk, the voice, the recogniser) is linked into the run's cache; all else that tests put there is theirs.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from processes.obtaining import complete_roots, default_cache
from publishing.speech import recogniser, voice

OURS = "WUTONG_"
KEPT = ("WUTONG_CHECKS", "WUTONG_CYCLES", "WUTONG_FIGURES")
"""Variables of tools of the tests; all others are settings."""

FOLDERS = ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")
"""Variables that would lead out of a home. The cache has one, so that all tests share it."""

_PASSED = 0o711
"""Tests of several users go through, and list nothing."""

_numbers = count(1)
_left_empty: dict[str, Path] = {}
"""Run's home → a home in it that a test of this process left empty."""


def make() -> Path:
    """Make the run's folder, and let the environment lead there: workers of the run inherit it. Answers the folder,
    which the caller removes at the end.
    """
    obtained, folder = default_cache(), Path(tempfile.mkdtemp(prefix="wutong-tests-"))
    for made in (folder, folder / "home", folder / "cache", folder / "cache" / "wutong"):
        made.mkdir(exist_ok=True)
        made.chmod(_PASSED)
    for tool in (*(root for _, root in complete_roots(obtained)), voice().folder, recogniser().folder):
        if tool.exists():
            (folder / "cache" / "wutong" / tool.name).symlink_to(tool.resolve())
    for name, file in _package_indexes().items():
        if file.is_file():
            os.environ.setdefault(name, str(file))
    for name in [*os.environ]:
        if name in FOLDERS or (name.startswith(OURS) and name not in KEPT):
            del os.environ[name]
    os.environ |= {"HOME": str(folder / "home"), "XDG_CACHE_HOME": str(folder / "cache")}
    beside = str(Path(sys.executable).parent)  # as in `./wutong test`: programs such as uv
    if beside not in os.environ["PATH"].split(os.pathsep):
        os.environ["PATH"] = f"{beside}{os.pathsep}{os.environ['PATH']}"
    return folder


@contextmanager
def home() -> Iterator[Path]:
    """A home for one test, below that of the run. Most tests leave it empty, and the next one gets the same: to remove
    a folder may take milliseconds.
    """
    before = os.environ["HOME"]
    made = _left_empty.pop(before, None) or _new(Path(before))
    os.environ["HOME"] = str(made)
    try:
        yield made
    finally:
        os.environ["HOME"] = before
        if made.is_dir() and not any(made.iterdir()):
            _left_empty[before] = made
        else:
            shutil.rmtree(made, ignore_errors=True)


def _new(folder: Path) -> Path:
    made = folder / f"{os.getpid()}-{next(_numbers)}"
    made.mkdir()
    made.chmod(_PASSED)
    return made


def _package_indexes() -> dict[str, Path]:
    """Variable → the file that says from where packages come: some tests install packages."""
    given = os.environ.get("XDG_CONFIG_HOME", "")
    configuration = Path(given) if given.startswith("/") else Path.home() / ".config"
    return {
        "PIP_CONFIG_FILE": configuration / "pip" / "pip.conf",
        "UV_CONFIG_FILE": configuration / "uv" / "uv.toml",
        "NPM_CONFIG_USERCONFIG": Path.home() / ".npmrc",
    }
