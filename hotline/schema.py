"""JSON schemas (draft-07) of a hotline's files as people write them, for editors. Pure.

They are made from the models: a new key of a model is in the schema by itself, with the description and the examples of
its `Field`. What differs from the models is how the files are written: durations with a unit, texts as one
string or one for each language, names as keys of a mapping.
"""

import json
import re
from collections.abc import Iterable, Mapping
from enum import Enum
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr, TypeAdapter, WithJsonSchema
from pydantic.fields import FieldInfo

from hotline.defaults import FILLED
from hotline.document import Path
from hotline.draft import AgentsFile
from hotline.durations import WRITTEN, spoken
from hotline.model import SECTIONS, Hotline, Language
from hotline.wording import bare, is_duration, is_text, known_keys, rules
from ivr.model import KINDS, Alone
from ivr.treetest import TestsFile
from sounds.model import EVERY, LONGEST
from sounds.phrases import LANGUAGES

Schema = dict[str, Any]

DRAFT = "http://json-schema.org/draft-07/schema#"

TEXT, DESTINATION = "text", "destination"
"""Definitions: what is written many times."""

LANGUAGES_NAMED = {"zh": "Chinese", "en": "English"}

_TEXT_OR_DIGITS = ["string", "integer"]


def documents() -> dict[str, str]:
    """The schemas as files: their names and texts."""
    return {
        f"{file.removesuffix('.yaml')}.json": json.dumps(schema, ensure_ascii=False, indent=1) + "\n"
        for file, schema in schemas().items()
    }


def modeline(file: str, folder: str) -> str:
    """The comment by which an editor's YAML server finds the schema of `file`, in `folder` beside it."""
    return f"# yaml-language-server: $schema={folder}/{file.removesuffix('.yaml')}.json"


@cache
def schemas() -> Mapping[str, Schema]:
    """The schemas by the names of the files that they describe. They are made once: leave them as they are."""
    of_hotline = {TEXT: _text(), DESTINATION: _destination()}
    parts: dict[str, tuple[str, str, type[BaseModel], Schema]] = {
        "hotline.yaml": ("A hotline: its menus, queues and sub-hotlines.", "hotline-yaml.md", Hotline, of_hotline),
        "agents.yaml": ("The agents of a hotline.", "hotline-yaml.md", AgentsFile, {}),
        "tests.yaml": ("Tests of a hotline's menus.", "trees.md", TestsFile, {}),
    }
    return {
        file: {
            "$schema": DRAFT,
            "title": file,
            "description": f"{about} Made by ./wutong schema; docs/{page} says more.",
            **_mapping(model, ()),
            **({"definitions": definitions} if definitions else {}),
        }
        for file, (about, page, model, definitions) in parts.items()
    }


def _mapping(model: type[BaseModel], path: Path) -> Schema:
    """A mapping whose keys a model knows."""
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    keys = {key: _key(fields[key], (*path, key)) for key in known_keys(model)}
    defaults = {*FILLED.get(model, ()), *(SECTIONS if model is Hotline else ())}
    needed = [key for key in keys if fields[key].is_required() and key not in defaults]
    extra = model.model_config.get("json_schema_extra")
    return {
        "type": "object",
        "properties": keys,
        "additionalProperties": False,
        **({"required": needed} if needed else {}),
        **(extra if isinstance(extra, dict) else {}),
    }


def _key(field: FieldInfo, path: Path) -> Schema:
    """The value of a key, with its description, examples and default."""
    kind: Any = field.annotation
    for rule in field.metadata:
        kind = Annotated[kind, rule]
    found = _value(kind, path)
    about = " ".join(filter(None, [field.description, _bounds(kind, path)]))
    default = _written(field.get_default(), kind, path)
    beside = {
        **({"description": about} if about else {}),
        **({"examples": field.examples} if field.examples else {}),
        **({"default": default} if default is not None else {}),
    }
    return {**beside, "allOf": [found]} if "$ref" in found else {**beside, **found}


def _value(kind: Any, path: Path) -> Schema:
    plain = bare(kind)
    origin = get_origin(plain)
    for rule in rules(kind):
        if isinstance(rule, WithJsonSchema) and rule.json_schema is not None:  # it is not written as it is kept
            return {name: value for name, value in rule.json_schema.items() if name != "examples"}
        if isinstance(rule, Alone):
            return {"anyOf": [_value(rule.kind, path), _value(plain, path)]}
    if is_text(plain):
        return {"$ref": f"#/definitions/{TEXT}"}
    if is_duration(plain, path):
        return {"type": "string", "pattern": f"^{WRITTEN}$"}
    if origin in (Union, UnionType):
        members = [bare(member) for member in get_args(plain)]
        if set(members) == set(KINDS.values()):
            return {"$ref": f"#/definitions/{DESTINATION}"}
        return {"anyOf": [_value(member, path) for member in members]}
    if isinstance(plain, type) and issubclass(plain, BaseModel):
        return _mapping(plain, path)
    if origin is tuple:
        items = _value(get_args(plain)[0], (*path, 0))
        return {"type": "array", "items": items, **_limits(kind, "minItems", "maxItems")}
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _named(kind, path)
    return _scalar(kind)


def _named(kind: Any, path: Path) -> Schema:
    """A mapping whose keys are names that people choose, or keys of a phone."""
    name, value = get_args(bare(kind))
    plain = bare(value)
    if isinstance(plain, type) and issubclass(plain, BaseModel) and "id" in plain.model_fields:
        name = _ruled(str, plain.model_fields["id"].metadata)
    names = {rule: limit for rule, limit in _scalar(name).items() if rule != "type"}
    return {
        "type": "object",
        **({"propertyNames": names} if names else {}),
        "additionalProperties": _value(value, (*path, "*")),
        **_limits(kind, "minProperties", "maxProperties"),
    }


def _scalar(kind: Any) -> Schema:
    """What pydantic says of one word or number. Digits are a number in YAML, unless they are in quotation marks; Wutong
    reads them as they are written.
    """
    plain = bare(kind)
    if plain is SecretStr:
        return {"type": _TEXT_OR_DIGITS}
    if isinstance(plain, type) and issubclass(plain, Enum):
        return {"enum": [member.value for member in plain]}
    said = TypeAdapter(_ruled(plain, rules(kind))).json_schema()
    found = {rule: limit for rule, limit in said.items() if rule not in ("title", "default")}
    if pattern := found.get("pattern"):
        found["pattern"] = _for_editors(pattern)
        if re.fullmatch(pattern, "12"):
            found["type"] = _TEXT_OR_DIGITS
    return found


def _text() -> Schema:
    words = {"type": "string", "minLength": 1, "maxLength": LONGEST}
    language = _scalar(Language)["pattern"].strip("^$")
    each = {name: {"description": f"The words in {LANGUAGES_NAMED[name]}.", **words} for name in LANGUAGES}
    return {
        "description": "Words: one text for every language, or one for each language.",
        "anyOf": [
            words,
            {
                "type": "object",
                "properties": each,
                "propertyNames": {"pattern": f"^({language}|\\{EVERY})$"},
                "additionalProperties": words,
                "minProperties": 1,
            },
        ],
    }


def _destination() -> Schema:
    return {
        "description": "Where a call goes next.",
        "anyOf": [{"title": key, **_mapping(kind, ())} for key, kind in KINDS.items()],
    }


# --- rules and defaults of the models ---------------------------------------------------------------------------------


def _ruled(plain: Any, rules: Iterable[Any]) -> Any:
    for rule in rules:
        plain = Annotated[plain, rule]
    return plain


def _bound(kind: Any) -> Mapping[str, float]:
    """The bounds in the annotation, by their names in pydantic: ge, gt, le, min_length, max_length."""
    names = ("ge", "gt", "le", "min_length", "max_length")
    return {name: limit for rule in rules(kind) for name in names if (limit := getattr(rule, name, None)) is not None}


def _limits(kind: Any, least: str, most: str) -> Schema:
    """How many a list or a mapping holds."""
    named = {"min_length": least, "max_length": most}
    return {named[name]: limit for name, limit in _bound(kind).items() if name in named}


def _bounds(kind: Any, path: Path) -> str:
    """The sentence for the bounds of a duration, which no pattern can have."""
    if not is_duration(bare(kind), path):
        return ""
    bound = _bound(kind)
    said = [
        f"{spoken(bound['ge'])} or more" if bound.get("ge") else "",
        f"more than {spoken(bound['gt'])}" if "gt" in bound else "",
        f"{spoken(bound['le'])} at most" if "le" in bound else "",
    ]
    sentence = ", ".join(filter(None, said))
    return f"{sentence[:1].upper()}{sentence[1:]}." if sentence else ""


def _written(value: Any, kind: Any, path: Path) -> Any:
    """A default as the file would have it; None: there is none, or nothing to write."""
    match value:
        case bool():
            return value
        case float() | int():
            return spoken(float(value)) if is_duration(bare(kind), path) else value
        case Enum():
            return value.value
        case str():
            return value
        case BaseModel():
            fields = type(value).model_fields
            return {
                key: _written(getattr(value, key), fields[key].annotation, (*path, key))
                for key in known_keys(type(value))
            }
    return None


def _for_editors(pattern: str) -> str:
    """The pattern for ECMAScript, where \\w has Latin letters only."""
    return pattern.replace(r"[\w", r"[\p{L}\p{N}_").replace(r"\w", r"[\p{L}\p{N}_]")
