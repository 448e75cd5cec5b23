"""The packages in the console's lock: those that its built files have in them, and those that build and test it."""

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from base.folders import CHECKOUT

FILE = CHECKOUT / "console" / "package-lock.json"

_INSIDE = "node_modules/"


class BadLock(Exception):
    """The lock file is not understood. The message says why."""


@dataclass(frozen=True)
class Shipped:
    """One package.

    ref      `npm:name@version`
    licence  as its author wrote it; "": it says none
    digest   SHA-512 of its file, in hexadecimal digits
    built    whether the console's built files have it in them; False: it only builds and tests them
    uses     the refs of packages that it needs
    """

    ref: str
    name: str
    version: str
    licence: str
    digest: str
    built: bool
    uses: Sequence[str]


def read(text: str) -> tuple[list[Shipped], list[str]]:
    """The packages of a lock file, and the refs of those that the console itself names. Raises BadLock."""
    try:
        packages: Mapping[str, Mapping[str, Any]] = json.loads(text)["packages"]
        found = {
            _ref(path, told): Shipped(
                ref=_ref(path, told),
                name=_name(path),
                version=told["version"],
                licence=told.get("license", ""),
                digest=base64.b64decode(told["integrity"].removeprefix("sha512-"), validate=True).hex(),
                built=not told.get("dev", False),
                uses=sorted(_used(packages, path)),
            )
            for path, told in packages.items()
            if path
        }
        return list(found.values()), sorted(_used(packages, ""))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadLock(f"{type(error).__name__}: {error}") from error


def _name(path: str) -> str:
    return path.rpartition(_INSIDE)[2]


def _ref(path: str, told: Mapping[str, Any]) -> str:
    return f"npm:{_name(path)}@{told['version']}"


def _used(packages: Mapping[str, Mapping[str, Any]], path: str) -> Iterator[str]:
    """The refs of what the package at `path` needs: the nearest one of each name, as Node.js looks for it."""
    told = packages[path]
    named = {
        name for kind in ("dependencies", "devDependencies", "optionalDependencies") for name in told.get(kind, {})
    }
    for name in named:
        above = path
        while f"{above}/{_INSIDE}{name}".lstrip("/") not in packages and above:
            above = above.rpartition(_INSIDE)[0].rstrip("/")
        at = f"{above}/{_INSIDE}{name}".lstrip("/")
        if at in packages:  # else an optional one of another system
            yield _ref(at, packages[at])
