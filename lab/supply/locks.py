"""The lock files, as `uv pip compile` writes them: each package, its files that may be installed, and who needs it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from base.folders import CHECKOUT

FOLDER = CHECKOUT / "locks"

RUNTIME, DEV, VOICE, RECOGNISER = "runtime", "dev", "voice", "recogniser"
NAMES = (RUNTIME, DEV, VOICE, RECOGNISER)
"""The first has nothing that the second has not."""

_PACKAGE = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)==([^ ;\\]+)(?: ; ([^\\]+?))? \\")
_HASH = re.compile(r"    --hash=sha256:([0-9a-f]{64})(?: \\)?")
_VIA = re.compile(r"    #(?: via)? +(?:via )?([A-Za-z0-9][A-Za-z0-9._-]*)(?: \(.*\))?")


class BadLock(Exception):
    """A line of a lock file is not understood. The message says which."""


@dataclass(frozen=True)
class Locked:
    """One package.

    marker  where it is installed, as PEP 508 has it; "": everywhere
    hashes  SHA-256 of every file of it that may be installed
    needed_by  packages that need it, `wutong` among them
    """

    name: str
    version: str
    marker: str
    hashes: Sequence[str]
    needed_by: Sequence[str]


def file(lock: str) -> Path:
    return FOLDER / f"{lock}.txt"


def read(text: str, where: str) -> list[Locked]:
    """The packages of a lock file. Raises BadLock."""
    found: list[Locked] = []
    for number, line in enumerate(text.splitlines(), 1):
        if package := _PACKAGE.fullmatch(line):
            found.append(Locked(package[1], package[2], package[3] or "", [], []))
        elif found and (hash_ := _HASH.fullmatch(line)):
            found[-1] = _with(found[-1], hash_=hash_[1])
        elif found and line == "    # via":
            continue
        elif found and (via := _VIA.fullmatch(line)):
            found[-1] = _with(found[-1], via=via[1])
        elif line.strip():
            raise BadLock(f"{where}:{number}: neither a package, a hash nor who needs it: {line[:80]!r}")
    return found


def _with(locked: Locked, hash_: str = "", via: str = "") -> Locked:
    hashes = [*locked.hashes, hash_] if hash_ else locked.hashes
    needed_by = [*locked.needed_by, via] if via else locked.needed_by
    return Locked(locked.name, locked.version, locked.marker, hashes, needed_by)
