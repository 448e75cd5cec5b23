"""What is wrong with the settings, in sentences: where it was set, what is wrong, what to do."""

import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from base.folders import state_folder
from base.hints import did_you_mean, nearest, one_of
from processes.child import READY_PIPE
from processes.report import REPORT_PIPE
from sentences.of_libraries import recognised
from sentences.sentence import Sentence, template
from settings import settings
from settings.settings import PREFIX

TOP_TOKEN = "WUTONG_TOP_TOKEN"  # noqa: S105 - its name
"""Has the token of `./wutong top --url`: no setting."""

_WORDS = {
    "greater_than_equal": template("is too small: {ge} at least"),
    "less_than_equal": template("is too large: {le} at most"),
    "int_parsing": template("has to be a whole number"),
    "int_type": template("has to be a whole number"),
    "bool_parsing": template("has to be true or false"),
    "bool_type": template("has to be true or false"),
    "string_type": template("has to be a text: put it in quotation marks"),
    "tuple_type": template("has to be a list"),
    "model_type": template("has to be a table"),
    "ip_v4_address": template("has to be an IPv4 address, such as 127.0.0.1"),
    "literal_error": template("has to be {expected}"),
    "string_pattern_mismatch": template("has to be a host name or an address"),
    "too_short": template("is too short: {min_length} characters at least"),
    "string_too_short": template("is too short: {min_length} characters at least"),
}
"""By pydantic's error type."""


def explain(error: Exception, given: Mapping[str, Any]) -> list[str]:
    """One sentence for each mistake, without the values (they may be secrets).

    `given`: the command line's values, None where an option is left out.
    """
    if not isinstance(error, ValidationError):
        return [recognised(error)]
    file = state_folder(given.get("state")).settings
    return [_sentence(wrong, given, file) for wrong in error.errors(include_input=False, include_url=False)]


def strangers(environment: Mapping[str, str]) -> list[str]:
    """A sentence for each variable with our prefix that is not a setting: often a typing mistake."""
    known = {"__".join(path): _variable(path) for path in _paths()}
    found = list[str]()
    for name in sorted(environment):
        upper = name.upper()
        if (
            upper.startswith(PREFIX)
            and upper not in known.values()
            and upper not in (READY_PIPE, REPORT_PIPE, TOP_TOKEN)
        ):
            near = nearest(upper.removeprefix(PREFIX), known)
            hint = (
                Sentence("did you mean {name}?", name=known[near]) if near else Sentence("docs/settings.md lists them")
            )
            found.append(
                Sentence("{name} in the environment has no effect: it is not a setting — {hint}", name=name, hint=hint)
            )
    return found


def _sentence(wrong: Mapping[str, Any], given: Mapping[str, Any], file: Path) -> str:
    path = tuple(str(step) for step in wrong["loc"])
    name = ".".join(path)
    match wrong["type"]:
        case "missing":
            return Sentence(
                "the setting {name} is missing — write it into {file}, or set {variable}",
                name=name,
                file=file,
                variable=_variable(path),
            )
        case "extra_forbidden":
            beside = [known[-1] for known in _paths() if known[:-1] == path[:-1]]
            hint = did_you_mean(path[-1], beside, Sentence("known here: {names}", names=one_of(beside, 20)))
            source = _source(path, given, file)
            return Sentence("{source}: {name} is not a setting — {hint}", source=source, name=name, hint=hint)
        case "value_error":  # of one of our validators
            why = str(wrong["ctx"]["error"])
        case "too_short" if wrong["ctx"]["field_type"] == "Tuple":
            why = Sentence("has too few: {least} at least", least=wrong["ctx"]["min_length"])
        case kind if kind in _WORDS:
            why = Sentence(_WORDS[kind], **wrong.get("ctx", {}))
        case _:
            why = recognised(wrong["msg"])
    return Sentence("{source}: {name} {why}", source=_source(path, given, file), name=name, why=why)


def _source(path: tuple[str, ...], given: Mapping[str, Any], file: Path) -> str:
    """Where the setting comes from: the source that wins."""
    if path and given.get(path[0]) is not None:
        return settings.OPTIONS.get(path[0], Sentence("the command line"))
    variables = {_variable(path[:length]) for length in range(1, len(path) + 1)}
    for name in os.environ:
        if name.upper() in variables:
            return name
    secrets = [folder / _variable(path[:1]).lower() for folder in settings.secret_folders()] if path else []
    found = next((secret for secret in secrets if secret.is_file()), None)
    return str(found or (settings.SYSTEM_FILE if path and _says(settings.SYSTEM_FILE, path[0]) else file))


def _says(file: Path, name: str) -> bool:
    return file.is_file() and name in tomllib.loads(file.read_text(encoding="utf-8"))


def _variable(path: tuple[str, ...]) -> str:
    return PREFIX + "__".join(path).upper()


def _paths() -> Iterator[tuple[str, ...]]:
    """Every setting; a table's own settings follow it."""
    for name, field in settings.Settings.model_fields.items():
        yield (name,)
        for kind in (field.annotation, *get_args(field.annotation)):
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from ((name, inner.alias or own) for own, inner in kind.model_fields.items())
