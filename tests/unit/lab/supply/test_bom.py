"""The bill of materials is CycloneDX, and complete."""

import json
from importlib import metadata
from pathlib import Path
from typing import Any

import cyclonedx.schema
import jsonschema_rs
import pytest

from lab.supply import console_lock, locks
from lab.supply.bom import licence_of, run

SCHEMAS = Path(cyclonedx.schema.__file__).parent / "_res"


def schema(name: str) -> Any:
    return json.loads((SCHEMAS / f"{name}.SNAPSHOT.schema.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def bill(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    file = tmp_path_factory.mktemp("bill") / "bom.json"
    text, _, _ = run(file)
    assert file.read_text(encoding="utf-8") == text + "\n"
    made: dict[str, object] = json.loads(text)
    return made


def test_it_is_cyclonedx(bill: dict[str, object]) -> None:
    registry = jsonschema_rs.Registry(
        [(f"http://cyclonedx.org/schema/{name}.SNAPSHOT.schema.json", schema(name)) for name in ("spdx", "jsf-0.82")]
    )
    validator = jsonschema_rs.Draft7Validator(schema("bom-1.6"), registry=registry)
    assert [str(error)[:300] for error in validator.iter_errors(bill)] == []


def test_every_package_of_every_lock_is_in_it_with_its_hashes(bill: dict[str, object]) -> None:
    components = bill["components"]
    assert isinstance(components, list)
    told = {(each["name"], each["version"]): {hash_["content"] for hash_ in each["hashes"]} for each in components}
    for name in locks.NAMES:
        for package in locks.read(locks.file(name).read_text(encoding="utf-8"), name):
            assert told[package.name, package.version] >= {*package.hashes}, package.name
    scopes = {each["name"]: each["scope"] for each in components}
    assert scopes["fastapi"] == "required"
    assert scopes["pytest"] == "excluded"


def test_every_package_of_the_console_is_in_it(bill: dict[str, object]) -> None:
    """Its built files are served to every browser."""
    components = bill["components"]
    assert isinstance(components, list)
    told = {each["bom-ref"]: each for each in components}
    console, _ = console_lock.read(console_lock.FILE.read_text(encoding="utf-8"))
    for package in console:
        each = told[package.ref]
        assert [(hash_["alg"], hash_["content"]) for hash_ in each["hashes"]] == [("SHA-512", package.digest)]
        assert each["scope"] == ("required" if package.built else "excluded")
        assert each["licenses"], package.ref
    jssip = next(each for each in components if each["name"] == "jssip")
    assert jssip["scope"] == "required"
    assert jssip["purl"].startswith("pkg:npm/jssip@")
    assert next(each for each in components if each["name"] == "vite")["scope"] == "excluded"
    scoped = next(each for each in components if each["name"] == "@codemirror/state")
    assert scoped["purl"].startswith("pkg:npm/%40codemirror/state@")


def test_it_tells_who_needs_whom(bill: dict[str, object]) -> None:
    dependencies = bill["dependencies"]
    assert isinstance(dependencies, list)
    uses = {each["ref"].partition("==")[0]: {*each.get("dependsOn", [])} for each in dependencies}
    assert any(ref.startswith("fastapi==") for ref in uses["wutong"])
    assert any(ref.startswith("starlette==") for ref in uses["fastapi"])
    assert not any(ref.startswith("starlette==") for ref in uses["wutong"])
    of_jssip = next(used for ref, used in uses.items() if ref.startswith("npm:jssip@"))
    assert any(ref.startswith("npm:jssip@") for ref in uses["wutong"])
    assert any(ref.startswith("npm:sdp-transform@") for ref in of_jssip)
    assert not any(ref.startswith("npm:sdp-transform@") for ref in uses["wutong"])


def test_what_is_installed_has_a_licence(bill: dict[str, object]) -> None:
    here = {each.name.lower().replace("_", "-") for each in metadata.distributions()}
    components = bill["components"]
    assert isinstance(components, list)
    assert [each["name"] for each in components if each["name"] in here and not each.get("licenses")] == []


@pytest.mark.parametrize(
    ("lines", "licence"),
    [
        ("License-Expression: MIT\nLicense: x", "MIT"),
        ("Classifier: License :: OSI Approved :: MIT License\nLicense: long", "MIT License"),
        ("Classifier: License :: OSI Approved\nLicense: BSD", "BSD"),
        ("License: " + "text " * 50, None),
        ("Classifier: Framework :: AsyncIO", None),
    ],
)
def test_where_a_licence_is_told(tmp_path: Path, lines: str, licence: str | None) -> None:
    folder = tmp_path / "x-1.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: x\nVersion: 1\n{lines}\n", encoding="utf-8")
    assert licence_of(metadata.Distribution.at(folder)) == licence
