"""A newer private Asterisk: how old the present one is, whether there is a newer one, making it.

A new one gets a root of its own, so a running Asterisk keeps its files. An Asterisk uses the newest root at its next
start. The root before the newest one stays, and so does every root that a process runs from.

`python -m processes.renewing CACHE`, as root, does what `./wutong up --update-asterisk` does.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from processes import obtaining
from processes.obtaining import Installation, NoAsterisk, Progress
from sentences.languages import here
from sentences.of_libraries import recognised
from sentences.sentence import Sentence

OLD_DAYS = 90
"""A private Asterisk gets no updates by itself. From this age on `doctor` advises to renew it."""

QUERY_TIMEOUT = 30.0
"""Seconds for asking the mirror, which sends a list of 11 MB."""


class NotAsked(Exception):
    """Whether there is a newer Asterisk could not be asked. The message says why."""


def age_days(root: Path) -> int:
    """Days since the private root was made."""
    return max(0, int((time.time() - (root / obtaining.MARKER).stat().st_mtime) // 86_400))


def newer(root: Path) -> str | None:
    """The version of Debian's package that is newer than the one in this root; None: there is none. Raises `NotAsked`.

    Asks the mirror from which the root was made.
    """
    sources, installed = root / "etc/apt/sources.list", root / "var/lib/dpkg/status"
    if not sources.exists():
        raise NotAsked(Sentence("{file} is missing, which names the mirror", file=sources))
    with tempfile.TemporaryDirectory(prefix="wutong-newer-") as folder:
        for name in ("lists/partial", "cache/archives/partial"):
            (Path(folder) / name).mkdir(parents=True)
        given = {
            "Dir::Etc::sourcelist": sources,
            "Dir::Etc::sourceparts": "/dev/null",
            "Dir::State::lists": f"{folder}/lists",
            "Dir::State::status": installed,
            "Dir::Cache": f"{folder}/cache",
            "Acquire::Languages": "none",
            "Acquire::Retries": 0,
            "Acquire::http::Timeout": 5,
            "Acquire::https::Timeout": 5,
            "APT::Sandbox::User": "root",  # else it may not write there
        }
        options = [word for name, value in given.items() for word in ("-o", f"{name}={value}")]
        # without it apt-get takes an unreachable mirror for no failure
        _run("apt-get", *options, "-o", "APT::Update::Error-Mode=any", "update")
        said = _run("apt-cache", *options, "policy", *obtaining.PACKAGES)
    has, has_not = (re.search(rf"^  {name}: (\S+)", said, re.MULTILINE) for name in ("Installed", "Candidate"))
    if has is None or has_not is None or "(none)" in (has[1], has_not[1]):
        raise NotAsked(Sentence("the mirror's list names no Asterisk"))
    return None if has[1] == has_not[1] else has_not[1]


def _run(*command: str) -> str:
    try:
        done = subprocess.run(
            command,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=QUERY_TIMEOUT,
            check=False,
        )
    except FileNotFoundError:
        raise NotAsked(Sentence("there is no {name} here", name=command[0])) from None
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotAsked(recognised(str(error)[:200])) from None
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.startswith("E:")] or [Sentence("it said nothing")]
        raise NotAsked(f"{command[0]}: {lines[0].removeprefix('E:').strip()[:200]}")
    return done.stdout


def renew(cache: Path, progress: Progress) -> Installation:
    """Make a new private root, whole or not at all; the Asterisk in it. Where there is none yet, the first one.

    Raises `NoAsterisk`, `tools.MissingTools`, OSError; then the present root is as it was.
    """
    found, _ = obtaining.on_path()
    if found is not None:
        raise NoAsterisk(
            Sentence(
                "{program} {version} is used, which this system's package manager updates. Then: ./wutong down, "
                "./wutong up",
                program=found.command[0],
                version=found.version,
            )
        )
    if not obtaining.complete_roots(cache):
        obtaining.make(obtaining.first_root(cache), progress)
        return obtaining.in_root(obtaining.first_root(cache))
    if os.geteuid() != 0:
        checkout = Path(__file__).resolve().parent.parent
        raise NoAsterisk(
            Sentence(
                "renewing the private Asterisk needs root: cd {checkout} && sudo {python} -m processes.renewing "
                "{cache}",
                checkout=checkout,
                python=sys.executable,
                cache=cache,
            )
        )
    with obtaining.making(cache, progress) as held:
        first, last = obtaining.first_root(cache), obtaining.complete_roots(cache)[-1][0]
        made = first.with_name(f"{first.name}.{last + 1}")
        obtaining.make_here(made, held, progress)
        for _, root in obtaining.complete_roots(cache)[:-2]:
            if not _in_use(root):
                obtaining.remove(root)
    return obtaining.in_root(made)


def _in_use(root: Path) -> bool:
    """Whether a process runs from there: the command line of a private Asterisk names its root."""
    inside = os.fsencode(root) + b"/"
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if inside in (process / "cmdline").read_bytes():
                return True
        except OSError:
            continue
    return False


if __name__ == "__main__":
    home = Path(sys.argv[1]) if len(sys.argv) > 1 else obtaining.default_cache()
    print(renew(home, lambda line: print(here(line), flush=True)).version)  # noqa: T201
