"""What the models allow at each path of a file, and a sentence for every way in which a file can differ from it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from base.hints import WrongKey, did_you_mean, nearest, one_of, shown
from hotline.document import Path
from hotline.durations import spoken
from ivr.model import KINDS, Alone, Gated
from sentences.of_libraries import recognised
from sentences.sentence import Sentence, template
from sounds.model import Texts

HIDDEN = frozenset({"id", "folder", "version", "agents", "known_days", "filed", "recorded", "paths"})
"""Fields of models that the file does not have there."""

_OF_AGENTS_YAML = ("AgentsFile", "Agent")
"""The models whose every key is in their file."""

_PATTERNS = {
    r"^[a-z][a-z0-9-]{0,39}$": Sentence("use small letters, digits and hyphens, a letter first, 40 at most"),
    r"^[A-Za-z0-9][A-Za-z0-9-]{0,19}$": Sentence("use letters, digits and hyphens, 20 at most"),
    r"^[0-9*#+]{1,20}$": Sentence("use digits, *, # and +, 20 at most"),
    r"^\+?[0-9]{3,20}\*?$": Sentence("use 3 to 20 digits, and * behind the beginning of many numbers"),
    r"^\w[\w.-]*$": Sentence("give the name of a file beside hotline.yaml"),
    r"^[0-9]{3,20}$": Sentence("use 3 to 20 digits"),
    r"^[0-9]{2,10}$": Sentence("use 2 to 10 digits"),
    r"^[A-Z]{2}(-[A-Za-z0-9]{1,20})?$": Sentence("use a code such as CN, DE or DE-BE"),
    r"^[a-z]{2,3}(-[A-Z]{2})?$": Sentence("use a language code such as zh or en"),
    r"^[0-9]-[0-9]$": Sentence("write the first and the last key with a hyphen between, such as 1-5"),
    r"^(100|[1-9][0-9]?)%$": Sentence("use 1% to 100%, without a fraction"),
    r"^\w[\w-]*$": Sentence("use letters, digits and hyphens, 40 at most"),
}
_EXPECTED = {
    "string_type": (
        Sentence("a text"),
        Sentence("put one text here, in quotation marks if it looks like something else"),
    ),
    "mapping_type": (Sentence("a mapping"), Sentence("write `key: value` lines, or {{key: value}}")),
    "dict_type": (Sentence("a mapping"), Sentence("write `key: value` lines, or {{key: value}}")),
    "model_type": (Sentence("a mapping"), Sentence("write `key: value` lines, or {{key: value}}")),
    "model_attributes_type": (Sentence("a mapping"), Sentence("write `key: value` lines, or {{key: value}}")),
    "tuple_type": (Sentence("a list"), Sentence("write [one, two], or lines that begin with a hyphen")),
    "int_parsing": (Sentence("a whole number"), Sentence("write digits only")),
    "int_from_float": (Sentence("a whole number"), Sentence("write digits only")),
    "int_type": (Sentence("a whole number"), Sentence("write digits only")),
    "float_parsing": (Sentence("a number"), Sentence("write digits")),
    "float_type": (Sentence("a number"), Sentence("write digits")),
    "finite_number": (Sentence("a number"), Sentence("write digits")),
    "bool_parsing": (Sentence("true or false"), Sentence("write true or false")),
    "bool_type": (Sentence("true or false"), Sentence("write true or false")),
}
_BOUNDS = {
    "greater_than_equal": ("ge", template("use at least {limit}")),
    "greater_than": ("gt", template("use more than {limit}")),
    "less_than_equal": ("le", template("use at most {limit}")),
    "less_than": ("lt", template("use less than {limit}")),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference.

    `path`: where in the file. `at_key`: the key is wrong. `whole`: the mapping around it cannot be used without it.
    `meant`: the path that was probably meant. `judged`: the mapping or list that was judged as a whole, so the finding
    may only follow from a part of it that was left out before.
    """

    code: str
    path: Path
    message: Sentence
    hint: Sentence
    at_key: bool = False
    whole: bool = False
    meant: Path | None = None
    judged: Path | None = None


def is_text(kind: Any) -> bool:
    """Whether a text for callers or agents is written there: one string, or one for each language."""
    return bool(kind == Texts)


def is_duration(kind: Any, path: Path) -> bool:
    """Every number with a fraction is one, but for the percentage of a service level."""
    return kind is float and path[-1:] != ("percent",)


def finding(base: Any, wrong: Mapping[str, Any]) -> Finding:
    """The sentence for one of pydantic's errors, found while `base` was built."""
    loc: tuple[str | int, ...] = tuple(wrong["loc"])
    kind: str = wrong["type"]
    context: Mapping[str, Any] = wrong.get("ctx") or {}
    expected_type, path = _type_at(base, loc)
    name = str(path[-1]) if path else ""
    given: str = Sentence("the password") if "password" in path else _given(wrong.get("input"))
    match kind:
        case "extra_forbidden":
            return unknown_key(path, known_keys(_type_at(base, loc[:-1])[0]))
        case "missing":
            hint = Sentence("add `{key}: …`", key=name)
            message = Sentence("{name!r} is missing", name=name)
            return Finding("missing-key", path, message, hint, at_key=True, whole=True, judged=path[:-1])
        case "union_tag_not_found" | "union_tag_invalid":
            return _no_destination(path, wrong.get("input"))
        case "string_pattern_mismatch":
            hint = _PATTERNS.get(
                context["pattern"], Sentence("it has to look like {pattern}", pattern=context["pattern"])
            )
            if (name == "id" and path[0] != "agents") or loc[-1] == "[key]":  # the name is a key of the file
                return Finding(
                    "bad-name", path, Sentence("the name {given} does not fit", given=given), hint, at_key=True
                )
            return Finding("bad-value", path, Sentence("{given} does not fit", given=given), hint)
        case "enum" | "literal_error":
            choices = _choices(str(context["expected"]))
            if loc and loc[-1] == "[key]":
                return Finding(
                    "bad-key",
                    path,
                    Sentence("{name!r} is not a key of a phone", name=name),
                    Sentence("use one of 0 to 9, * and #"),
                    at_key=True,
                )
            hint = did_you_mean(str(wrong["input"]), choices, Sentence("use {names}", names=one_of(choices)))
            return Finding("bad-value", path, Sentence("{given} is not possible here", given=given), hint)
        case "misfit":
            return Finding("bad-value", path, context["said"], context["hint"], at_key=loc[-1] == "[key]")
        case "gate":
            message = Sentence(
                "{missing!r} is missing beside {given!r}", missing=context["missing"], given=context["given"]
            )
            at = (*path, context["given"])
            return Finding("missing-key", at, message, context["hint"], at_key=True, whole=True, judged=path)
        case "value_error":
            return _judged(path, context["error"])
        case "too_short":
            return Finding(
                "bad-value",
                path,
                Sentence("{name!r} is empty", name=name),
                Sentence("give at least one"),
                at_key=True,
                judged=path,
            )
        case "string_too_short":
            return Finding("bad-value", path, Sentence("{name!r} is empty", name=name), Sentence("write something"))
        case "string_too_long":
            return Finding(
                "too-long",
                path,
                Sentence("{given} is too long", given=given),
                Sentence("use {count} characters at most", count=context["max_length"]),
            )
    if kind in _BOUNDS:
        bound, words = _BOUNDS[kind]
        limit = f"{context[bound]:g}"
        if is_duration(expected_type, path):
            limit, given = spoken(float(context[bound])), spoken(wrong["input"])
        message = Sentence("{given} is out of range", given=given)
        return Finding("out-of-range", path, message, Sentence(words, limit=limit))
    expected, hint = _EXPECTED.get(kind, (Sentence("something else"), recognised(wrong["msg"])))
    return Finding(
        "bad-value",
        path,
        Sentence("{given} is here where {expected} is expected", given=given, expected=expected),
        hint,
    )


def unknown_key(path: Path, allowed: list[str]) -> Finding:
    """A key that is not among those `allowed` there."""
    name = str(path[-1])
    if name in KINDS and set(allowed) & set(KINDS):
        return Finding(
            "unknown-key",
            path,
            Sentence("{name} is a second destination", name=shown(name)),
            Sentence("keep one of the two"),
            at_key=True,
        )
    meant = nearest(name, allowed)
    hint = (
        Sentence("did you mean {name!r}?", name=meant)
        if meant
        else Sentence("known here: {names}", names=one_of(allowed, 20))
    )
    message = Sentence("the key {key} is not known here", key=shown(name))
    return Finding("unknown-key", path, message, hint, at_key=True, meant=(*path[:-1], meant) if meant else None)


def known_keys(model: type[BaseModel]) -> list[str]:
    """The keys that the file may have where a `model` is written."""
    keys = [field.alias or name for name, field in model.model_fields.items()]
    keys.sort(key=lambda key: key in Gated.model_fields)  # what every node may have comes last
    return keys if model.__name__ in _OF_AGENTS_YAML else [key for key in keys if key not in HIDDEN]


def _type_at(base: Any, loc: tuple[str | int, ...]) -> tuple[Any, Path]:
    """The type that is expected at a location, and its path in the file: without the names of classes that pydantic
    puts in for unions.
    """
    current, path = base, list[str | int]()
    for step in loc:
        if step == "[key]":
            continue
        if get_origin(bare(current)) not in (Union, UnionType):
            path.append(step)
        current = below(current, step)
    return bare(current), tuple(path)


def below(kind: Any, step: str | int) -> Any:
    """The type that is expected one step below `kind`; None: there is none."""
    kind = bare(kind)
    origin = get_origin(kind)
    if origin in (Union, UnionType):  # pydantic names the class, the file has one of its keys
        members = [bare(member) for member in get_args(kind)]
        named = next((member for member in members if member.__name__ == step), None)
        return named or next((below(member, step) for member in members if step in member.model_fields), None)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        fields = {field.alias or name: field.annotation for name, field in kind.model_fields.items()}
        return fields.get(str(step))
    if origin is tuple:
        return get_args(kind)[0]
    return get_args(kind)[1] if isinstance(origin, type) and issubclass(origin, Mapping) else None


def bare(annotation: Any) -> Any:
    """The type without Annotated and without None."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, UnionType):
        members = [member for member in get_args(annotation) if member is not NoneType]
        if len(members) == 1:
            return bare(members[0])
        if len(members) < len(get_args(annotation)):
            return Union[tuple(members)]  # noqa: UP007  # built from a list
    return annotation


def rules(kind: Any) -> Iterator[Any]:
    """What the annotation says beside the type: its bounds and patterns."""
    if get_origin(kind) is Annotated:
        inner, *beside = get_args(kind)
        for rule in beside:
            yield from rule.metadata if isinstance(rule, FieldInfo) else (rule,)
        yield from rules(inner)
    elif get_origin(kind) in (Union, UnionType):
        for member in get_args(kind):
            yield from rules(member)


def alone(kind: Any) -> Any:
    """The kind of a single value that the file may have there instead of a mapping; else `kind`."""
    return next((rule.kind for rule in rules(kind) if isinstance(rule, Alone)), kind)


def _no_destination(path: Path, given: Any) -> Finding:
    known = one_of(KINDS, 20)
    if isinstance(given, Mapping) and given:
        name = str(next(iter(given)))
        hint = did_you_mean(name, KINDS, Sentence("write one of {names}", names=known))
        message = Sentence("{name} is not a destination", name=shown(name))
        return Finding("unknown-key", (*path, name), message, hint, at_key=True, whole=True)
    hint = Sentence("write {{queue: NAME}} or another of {names}", names=known)
    return Finding(
        "bad-value",
        path,
        Sentence("{given} is here where a destination is expected", given=_given(given)),
        hint,
        judged=path,
    )


def _judged(path: Path, wrong: ValueError) -> Finding:
    """The finding for a model's own error."""
    if isinstance(wrong, WrongKey):
        message = Sentence("{given!r} does not fit", given=wrong.key)
        return Finding("bad-value", (*path, wrong.key), message, wrong.said, at_key=True)
    said: Sentence = wrong.args[0]
    return Finding("bad-value", path, Sentence("this does not fit together"), said, at_key=True, judged=path)


def _given(value: Any) -> str:
    match value:
        case None:
            return Sentence("nothing")
        case bool():
            return "true" if value else "false"
        case Mapping():
            return Sentence("a mapping")
        case list() | tuple():
            return Sentence("a list")
    return shown(str(value))


def _choices(expected: str) -> list[str]:
    """`'a', 'b' or 'c'` → a, b, c. Python's True is YAML's true."""
    return [
        "true" if part.strip() == "True" else part.strip().strip("'")
        for part in expected.replace(" or ", ", ").split(",")
    ]
