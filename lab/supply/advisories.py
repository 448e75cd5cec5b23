"""Known vulnerabilities of the packages in the locks, asked with pip-audit, and with npm those of the console. "Nothing
found" needs an answer for each.

pip-audit itself says "No known vulnerabilities found" also where its service knew none of the packages.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lab.supply import console_lock, locks
from lab.supply.console_lock import Shipped

LONGEST = 900.0
"""Seconds for all packages."""

GOOD, FOUND, NOT_ASKED = 0, 1, 2
"""Exit statuses."""

MOST_NAMED = 10


@dataclass(frozen=True)
class Advisory:
    """`fixed`: versions that do not have it. `having`: those that do, where they are known instead of these."""

    package: str
    version: str
    id: str
    fixed: Sequence[str]
    having: str = ""

    def __str__(self) -> str:
        if self.having:
            return f"{self.package} {self.version}: {self.id}; versions {self.having} have it"
        fixed = f"fixed in {', '.join(self.fixed)}" if self.fixed else "no version is without it yet"
        return f"{self.package} {self.version}: {self.id}; {fixed}"


@dataclass(frozen=True)
class Audit:
    """`unanswered`: package → why nothing is known of it. `failure`: why nothing at all was asked; "": it was."""

    answered: Sequence[str]
    unanswered: dict[str, str]
    advisories: Sequence[Advisory]
    failure: str = ""

    @property
    def status(self) -> int:
        if self.advisories:
            return FOUND
        return NOT_ASKED if self.failure or self.unanswered or not self.answered else GOOD

    def also(self, packages: Sequence[str], other: "Audit") -> "Audit":
        """Both as one. `packages`: those that this one asked about."""
        unanswered = dict.fromkeys(packages, self.failure) if self.failure else self.unanswered
        return Audit(
            [*self.answered, *other.answered],
            {**unanswered, **other.unanswered},
            [*self.advisories, *other.advisories],
        )

    def lines(self) -> list[str]:
        """For people."""
        told = [str(advisory) for advisory in self.advisories]
        asked = len(self.answered)
        if self.failure:
            told.append(f"Could not ask: {self.failure}. Nothing is known of the packages; ask again with a network.")
        elif self.unanswered:
            names = list(self.unanswered)
            more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
            named = ", ".join(names[:MOST_NAMED])
            told.append(
                f"Could not ask about {len(names)} of {asked + len(names)} packages: {named}{more}. "
                f"The first reason: {self.unanswered[names[0]]}. That is not a clean result."
            )
        elif not asked:
            told.append("Could not ask: the answer names no package. That is not a clean result.")
        else:
            told.append(f"{asked} packages, {len(self.advisories)} known vulnerabilities.")
        return told

    def as_json(self) -> dict[str, Any]:
        return {
            "answered": list(self.answered),
            "unanswered": self.unanswered,
            "advisories": [vars(advisory) for advisory in self.advisories],
            "failure": self.failure,
        }


def understood(output: str, complaints: str) -> Audit:
    """pip-audit's JSON, whatever its exit status was: that does not tell an advisory from a missing network."""
    try:
        dependencies = json.loads(output)["dependencies"]
    except (ValueError, KeyError, TypeError):
        lines = [line.strip() for line in complaints.splitlines() if line.strip()]
        return Audit([], {}, [], lines[-1][:300].rstrip(".") if lines else "pip-audit said nothing")
    unanswered = {each["name"]: each["skip_reason"] for each in dependencies if "skip_reason" in each}
    answered = [each for each in dependencies if "skip_reason" not in each]
    advisories = [
        Advisory(each["name"], each["version"], found["id"], found.get("fix_versions", []))
        for each in answered
        for found in each["vulns"]
    ]
    return Audit([each["name"] for each in answered], unanswered, advisories)


def understood_of_console(output: str, complaints: str, packages: Sequence[Shipped]) -> Audit:
    """npm's JSON, whatever its exit status was. `packages`: those that it was asked about."""
    versions = {package.name: package.version for package in packages}
    try:
        advisories = {
            Advisory(name, versions.get(name, "?"), via["url"].rpartition("/")[2], (), via["range"])
            for name, each in json.loads(output)["vulnerabilities"].items()
            for via in each["via"]
            if isinstance(via, dict)  # a text names another package of the list
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        lines = [line.strip() for line in complaints.splitlines() if line.strip()]
        why = (lines[0][:300] if lines else "npm said nothing").rstrip(".")
        return Audit([], {package.ref: why for package in packages}, [])
    return Audit([package.ref for package in packages], {}, sorted(advisories, key=str))


def ask() -> Audit:
    """Ask about all packages of all locks: names and versions leave this machine, nothing is installed."""
    named = {
        package.name for name in locks.NAMES[1:] for package in locks.read(locks.file(name).read_text("utf-8"), name)
    }
    return _ask_of_python().also(sorted(named), _ask_of_console())


def _ask_of_python() -> Audit:
    given = [argument for name in locks.NAMES[1:] for argument in ("-r", str(locks.file(name)))]
    options = ("--require-hashes", "--disable-pip", "--format", "json", "--progress-spinner", "off")
    command = [sys.executable, "-m", "pip_audit", *given, *options]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, check=False)
    except subprocess.TimeoutExpired:
        return Audit([], {}, [], f"no answer within {LONGEST:g} s")
    return understood(done.stdout, done.stderr)


def _ask_of_console() -> Audit:
    packages, _ = console_lock.read(console_lock.FILE.read_text(encoding="utf-8"))
    command = ("npm", "audit", "--package-lock-only", "--json")
    try:
        done = subprocess.run(
            command, cwd=console_lock.FILE.parent, capture_output=True, text=True, timeout=LONGEST, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return understood_of_console("", f"npm: {error}", packages)
    return understood_of_console(done.stdout, done.stderr, packages)
