"""The JSON schemas: every key is explained, good files fit, and files with a slip do not."""

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from pydantic import BaseModel, ConfigDict, Field
from ruamel.yaml import YAML

from hotline import schema
from hotline.beginning import Answers, files
from hotline.schema import DRAFT, documents, schemas
from lab.bench.hotline import HOTLINE as BENCH
from tests.unit.hotline import folders, test_defaults, test_wording
from tests.unit.hotline.folders import Case, small
from tests.unit.service import small as another

TOP = Path(__file__).parents[3]
COMMITTED = TOP / "examples" / "schema"
FOLDERS = (
    "examples/12319",
    "tests/integration/hotline",
    "tests/integration/hall",
    "tests/voices/hotline",
    "lab/chaos/hotline",
)
BEGUN = files(Answers({"zh": "热线", "en": "Hotline"}, "12300", "Asia/Shanghai"), "here", "zh")
TEXTS = {
    **{
        f"{folder}/{file}": (TOP / folder / file).read_text(encoding="utf-8")
        for folder in FOLDERS
        for file in schemas()
        if (TOP / folder / file).exists()
    },
    **{f"small/{file}": text for file, text in small().items()},
    **{f"begun/{file}": BEGUN[file] for file in schemas() if file in BEGUN},
    "bench/hotline.yaml": BENCH,
    "smallest/hotline.yaml": test_defaults.SMALLEST,
    "smallest/agents.yaml": test_defaults.AGENTS,
    "another/hotline.yaml": another.HOTLINE,
    "another/agents.yaml": another.AGENTS,
}
EXPRESSED = ("unknown-key", "missing-key", "bad-duration", "bad-key", "bad-name")
"""Mistakes by the codes of `check` that a schema can find."""


def validator(file: str) -> jsonschema_rs.Draft7Validator:
    return jsonschema_rs.Draft7Validator(schemas()[file])


HOTLINE = validator("hotline.yaml")


def as_json(text: str) -> Any:
    """What an editor's YAML server makes of a file: YAML 1.2, and all keys are texts."""

    def with_texts(value: Any) -> Any:
        if isinstance(value, dict):
            return {str(key): with_texts(each) for key, each in value.items()}
        return [with_texts(each) for each in value] if isinstance(value, list) else value

    return with_texts(YAML(typ="safe", pure=True).load(text))


# --- every key is explained -----------------------------------------------------------------------------------------


def keys(where: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every key that the schema knows, with what it says of it; `*` stands for a name that people choose."""
    if isinstance(where, list):
        for each in where:
            yield from keys(each, path)
    elif isinstance(where, dict):
        for name, known in where.get("properties", {}).items():
            yield f"{path}.{name}".strip("."), known
            yield from keys(known, f"{path}.{name}")
        yield from keys(where.get("items"), f"{path}.-")
        yield from keys(where.get("additionalProperties"), f"{path}.*")
        yield from keys([where.get("anyOf"), where.get("allOf"), [*where.get("definitions", {}).values()]], path)


def complaints(file: str, whole: dict[str, Any]) -> list[str]:
    """A sentence for each key that a reader would not understand."""
    found = []
    for path, known in keys(whole):
        key = path.rpartition(".")[2]
        about = known.get("description", "")
        if not about.endswith("."):
            found.append(f"{file}: nothing explains the key {path}: give `{key}` of its model Field(description='… .')")
        finite = known.get("type") == "boolean" or "enum" in known or path in ("zh", "en")
        if not finite and not known.get("examples"):
            found.append(f"{file}: the key {path} has no example: give `{key}` of its model Field(examples=[…])")
        for example in known.get("examples", ()):
            fits = jsonschema_rs.Draft7Validator({**known, "definitions": whole.get("definitions", {})})
            if not fits.is_valid(example):
                found.append(f"{file}: this example of {path} is not how it is written in the file: {example}")
    return found


@pytest.mark.parametrize("file", schemas())
def test_every_key_has_a_description_and_examples_that_fit(file: str) -> None:
    found = complaints(file, schemas()[file])
    assert not found, "\n".join(found)


def test_the_sentence_for_a_key_that_nobody_explained() -> None:
    class Inner(BaseModel):
        model_config = ConfigDict(extra="forbid")

        colour: str
        shade: float = Field(default=5, description="How long the shade is.", examples=[5])

    class File(BaseModel):
        inner: Inner = Field(description="Something new.", examples=[{"colour": "red"}])

    whole = schema._mapping(File, ())
    assert complaints("hotline.yaml", whole) == [
        "hotline.yaml: nothing explains the key inner.colour: give `colour` of its model Field(description='… .')",
        "hotline.yaml: the key inner.colour has no example: give `colour` of its model Field(examples=[…])",
        "hotline.yaml: this example of inner.shade is not how it is written in the file: 5",
    ]


def test_what_the_models_have_is_in_the_schema() -> None:
    there = dict(keys(schemas()["hotline.yaml"]))
    assert {"queues.*.overflow.-.nobody_signed_in", "menus.*.no_input.repeat", "say", "then", "zh"} <= there.keys()
    assert not {"id", "folder", "version", "agents", "queues.*.id", "sub_hotlines.*.id"} & there.keys()
    assert there["queues.*.ring"]["default"] == "15s"
    assert there["queues.*.ring"]["description"].endswith("3s or more, 2m at most.")
    assert there["queues.*.service_level"]["default"] == {"percent": 80, "within": "15s"}
    assert there["queues.*.strategy"]["enum"][0] == there["queues.*.strategy"]["default"] == "longest-idle"
    assert "Left out:" in there["timezone"]["description"]
    whole = schemas()["hotline.yaml"]
    assert whole["required"] == ["hotline", "name", "numbers"]
    assert whole["properties"]["menus"]["additionalProperties"]["required"] == ["say", "keys"]
    people = {path for path, _ in keys(schemas()["agents.yaml"])}
    assert {"agents", "agents.-.id", "agents.-.password"} <= people


# --- good files fit, bad ones do not --------------------------------------------------------------------------------


@pytest.mark.parametrize("file", schemas())
def test_it_is_a_schema_of_draft_07(file: str) -> None:
    whole = schemas()[file]
    assert whole["$schema"] == DRAFT
    assert jsonschema_rs.meta.is_valid(whole)


@pytest.mark.parametrize("name", TEXTS)
def test_every_hotline_of_the_repository_fits(name: str) -> None:
    found = validator(name.rpartition("/")[2]).iter_errors(as_json(TEXTS[name]))
    assert not [f"{error.instance_path}: {error.message}" for error in found]


def test_digits_need_no_quotation_marks() -> None:
    text = folders.HOTLINE.replace('"12319"', "12319").replace('"2201"', "2201").replace('"6001"', "6001")
    assert HOTLINE.is_valid(as_json(text.replace('"1": ', "1: ").replace("small", "热线-1", 1)))


@pytest.mark.parametrize(
    "case", [case for case in test_wording.CASES if case.code in EXPRESSED and not case.agents], ids=str
)
def test_what_check_finds_wrong_does_not_fit(case: Case) -> None:
    text = folders.replaced(folders.HOTLINE, case.hotline).replace(folders.MARK, "")
    assert not HOTLINE.is_valid(as_json(text))


def test_a_test_needs_no_quotation_marks_and_has_to_expect_something() -> None:
    tests = validator("tests.yaml")
    whole = "{name: a, keys: [2, '*', silence], from: 13800000000, number: 12319, at: 2026-10-01 09:00, expect: %s}"
    assert tests.is_valid(as_json(f"tests: [{whole % '{queue: water}'}]"))
    for wrong in ("{}", "{quene: water}", "{goodbye: false}", "{words: 绿化}"):
        assert not tests.is_valid(as_json(f"tests: [{whole % wrong}]"))
    assert not tests.is_valid(as_json("tests: [{name: a, keys: [12], expect: {menu: main}}]"))


def paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every path in the data."""
    yield path
    for step, each in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from paths(each, (*path, step))


def at(data: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        data = data[step]
    return data


@pytest.mark.parametrize("file", schemas())
def test_no_slip_in_the_sample_fits(file: str) -> None:
    """At every path of the sample: another type, a key that nobody knows, a name with a letter too many."""
    sample, fits = as_json(TEXTS[f"examples/12319/{file}"]), validator(file)
    assert fits.is_valid(sample)
    passed = []
    for path in paths(sample):
        value = at(sample, path)
        wrong: list[Any] = [[[]] if isinstance(value, bool | int | float) else 3.5]
        if isinstance(value, dict):
            wrong.append({**value, "Unknown key!": next(iter(value.values()), "x")})
            if value:
                first, *rest = value
                wrong.append({f"{first}!": value[first], **{key: value[key] for key in rest}})
        for instead in wrong:
            if path:
                changed = copy.deepcopy(sample)
                at(changed, path[:-1])[path[-1]] = instead
            else:
                changed = instead
            # the skills are names that people choose freely
            if fits.is_valid(changed) and not (isinstance(instead, dict) and path[-1] in ("skills", "needs")):
                passed.append((path, instead))
    assert passed == []


# --- what is committed ----------------------------------------------------------------------------------------------


def test_the_committed_schemas_are_current() -> None:
    for name, text in documents().items():
        assert (COMMITTED / name).read_text(encoding="utf-8") == text, "./wutong schema --to examples/schema"
        assert json.loads(text)["$schema"] == DRAFT


@pytest.mark.parametrize("name", [name for name in TEXTS if name.startswith(("examples", "begun"))])
def test_an_editor_finds_the_schema_by_the_modeline(name: str) -> None:
    (target,) = re.findall(r"^# yaml-language-server: \$schema=(\S+)$", TEXTS[name], re.M)
    file = f"{name.rpartition('/')[2].removesuffix('.yaml')}.json"
    if name.startswith("examples"):
        assert (TOP / name).parent.joinpath(target).resolve() == COMMITTED / file
    else:
        assert BEGUN[target] == documents()[file]
