"""The bill of materials in CycloneDX JSON: every package of the locks, of Python and of the console, with hashes and
licences. No network.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.bom_ref import BomRef
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.model.dependency import Dependency
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from base.folders import CHECKOUT
from lab.supply import console_lock, locks
from lab.supply.console_lock import Shipped
from lab.supply.locks import Locked
from publishing.speech import recogniser, voice

Installed = Mapping[str, metadata.Distribution]
"""By normal name."""

SCOPES = {
    locks.RUNTIME: ComponentScope.REQUIRED,
    locks.VOICE: ComponentScope.OPTIONAL,
    locks.RECOGNISER: ComponentScope.OPTIONAL,
    locks.DEV: ComponentScope.EXCLUDED,
}
"""Lock → how CycloneDX calls what is in it. A package in several has the first of these."""

ONLY_IN_A_FILE = {"pyrage": "MIT"}
"""Licences of packages that tell them in their file LICENSE alone."""

LONGEST_LICENCE = 60
"""Characters of a licence's name; what is longer is the whole text."""


def normal(name: str) -> str:
    """A package's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def installed() -> dict[str, metadata.Distribution]:
    """What is installed in this environment, and in those of the voice and the recogniser where they have been made."""
    found = {normal(each.name): each for each in metadata.distributions()}
    for environment in (voice(), recogniser()):
        for folder in environment.folder.glob("lib/python*/site-packages"):
            for each in metadata.distributions(path=[str(folder)]):
                found.setdefault(normal(each.name), each)
    return found


def bom(
    packages: Mapping[str, list[Locked]], known: Installed, console: Sequence[Shipped], named: Sequence[str]
) -> Bom:
    """The bill.

    packages  of Python, by lock
    known     those whose licences can be told
    console   the packages of the console
    named     the refs of those that the console itself names
    """
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    licences = LicenseFactory()
    root = Component(
        name=project["name"],
        version=project["version"],
        type=ComponentType.APPLICATION,
        description=project["description"],
        licenses=[licences.make_from_string(project["license"])],
        bom_ref=project["name"],
    )
    made = Bom()
    made.metadata.component = root
    needed_by: dict[str, set[str]] = {}
    components: dict[str, Component] = {}
    for lock, scope in SCOPES.items():
        for locked in packages[lock]:
            ref = f"{normal(locked.name)}=={locked.version}"
            needed_by.setdefault(ref, set()).update(map(normal, locked.needed_by))
            if ref not in components:
                components[ref] = _component(locked, ref, lock, scope, known, licences)
    components |= {shipped.ref: _of_console(shipped, licences) for shipped in console}
    for component in components.values():
        made.components.add(component)
    by_name: dict[str, list[str]] = {}
    for ref in components:
        by_name.setdefault(ref.partition("==")[0], []).append(ref)
    uses: dict[str, set[str]] = {ref: set() for ref in (project["name"], *components)}
    for ref, users in needed_by.items():
        for user in users:
            for using in [project["name"]] if user == project["name"] else by_name.get(user, []):
                uses[using].add(ref)
    uses[project["name"]].update(named)
    uses |= {shipped.ref: set(shipped.uses) for shipped in console}
    for ref, used in uses.items():
        made.dependencies.add(Dependency(BomRef(ref), [Dependency(BomRef(each)) for each in used]))
    return made


def _component(
    locked: Locked, ref: str, lock: str, scope: ComponentScope, known: Installed, licences: LicenseFactory
) -> Component:
    properties = [Property(name="wutong:lock", value=f"locks/{lock}.txt")]
    if locked.marker:
        properties.append(Property(name="wutong:marker", value=locked.marker))
    distribution = known.get(normal(locked.name))
    licence = None if distribution is None else licence_of(distribution)
    if licence is None:
        properties.append(Property(name="wutong:licence", value="not known: not installed here, or it says none"))
    return Component(
        name=locked.name,
        version=locked.version,
        type=ComponentType.LIBRARY,
        scope=scope,
        purl=PackageURL("pypi", None, normal(locked.name), locked.version),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=each) for each in locked.hashes],
        licenses=[] if licence is None else [licences.make_from_string(licence)],
        properties=properties,
        bom_ref=ref,
    )


def _of_console(shipped: Shipped, licences: LicenseFactory) -> Component:
    group, _, name = shipped.name.rpartition("/")
    return Component(
        name=shipped.name,
        version=shipped.version,
        type=ComponentType.LIBRARY,
        scope=ComponentScope.REQUIRED if shipped.built else ComponentScope.EXCLUDED,
        purl=PackageURL("npm", group or None, name, shipped.version),
        hashes=[HashType(alg=HashAlgorithm.SHA_512, content=shipped.digest)],
        licenses=[licences.make_from_string(shipped.licence)] if shipped.licence else [],
        properties=[Property(name="wutong:lock", value="console/package-lock.json")],
        bom_ref=shipped.ref,
    )


def licence_of(distribution: metadata.Distribution) -> str | None:
    """What a package says of its licence: its SPDX expression, else its classifiers, else its own words."""
    said = distribution.metadata
    if "License-Expression" in said:
        return said["License-Expression"]
    classified = [
        line.rpartition(" :: ")[2] for line in said.get_all("Classifier") or [] if line.startswith("License :: ")
    ]
    named = [name for name in classified if name != "OSI Approved"]
    if named:
        return ", ".join(named)
    own = " ".join(said["License"].split()) if "License" in said else ""
    return own if 0 < len(own) <= LONGEST_LICENCE else ONLY_IN_A_FILE.get(said["Name"])


def run(output: Path | None) -> tuple[str, int, list[str]]:
    """The bill as JSON, how many packages it has, and those without a licence; `output` gets it. Raises OSError."""
    packages = {
        name: locks.read(locks.file(name).read_text(encoding="utf-8"), f"locks/{name}.txt") for name in locks.NAMES
    }
    console, named = console_lock.read(console_lock.FILE.read_text(encoding="utf-8"))
    made = bom(packages, installed(), console, named)
    text = JsonV1Dot6(made).output_as_string(indent=2)
    if output is not None:
        output.write_text(text + "\n", encoding="utf-8")
    return text, len(made.components), sorted(each.name for each in made.components if not each.licenses)
