"""The HTTP interface, by its own OpenAPI description: requests that fit it, requests that do not, answers checked."""

import re
from collections.abc import Collection, Mapping
from typing import Any

import schemathesis
from schemathesis import Case, Response
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import ignored_auth, negative_data_rejection, positive_data_acceptance

from lab.fuzz.properties import Property
from sounds.takes import WORDS as BAD_TAKES

STREAM = 1
"""Events that are read of a stream that has no end."""

TIMEOUT = 30.0
"""Seconds for an answer."""

# Bytes, for schemathesis
schemathesis.serializer.alias(["audio/flac", "audio/mpeg", "audio/ogg", "audio/wav"], "application/octet-stream")

_AGENT = (
    r"The request is not valid: body: Value error, `agent` \(an agent's id\) and the role `agent` belong together\."
)
_PASSWORD = r"A password has .*\.|That password is among the first that are tried: .*\."

_DRAFT = (
    r"The draft has \d+ errors?, .*\.|There is no version of that number\.|The hotline has no language .*\."
    r"|.* is not a number of this hotline; .*|the hotline does not speak .*|.* is (not a time|not in the years .*): .*"
    r"|(hotline|agents|tests)\.yaml (cannot be read|has nothing at|is written in|would be too large).*\."
    r"|(This took longer|The answer is too long|The draft needs too much memory).*\."
)
_END = (
    r".* is not an end: .*\.|.* is over, or less than a minute away: .*\."
    r"|.* and a message is on for so long at most: .*\."
    r"|.* is not a duration: .*\."
)
"""Of what looks like the end of a message: `0`, `99:99`."""
_DRAFTS = ("outline", "walk", "tests", "replay", "differences", "edit")

RULES = {
    "GET /api/v1/reports/{kind}": r"`(from` has to be|by` has one of|name` needs) .*\.|The report would have more .*\.",
    "GET /api/v1/daily-sheet": r"`day` has to be from .*\.",
    "GET /api/v1/reports/agents/{agent_id}/day": r"`date` has to be from .*\.",
    **{f"POST /api/v1/drafts/{task}": _DRAFT for task in _DRAFTS},
    "POST /api/v1/calls": r".* is not a number of this hotline; .*\.|This hotline does not speak .*\.",
    "PUT /api/v1/emergency": _END,
    "POST /api/v1/emergency/takes": "|".join(map(re.escape, BAD_TAKES.values())),
    "POST /api/v1/tokens": _AGENT,
    "POST /api/v1/users": f"{_AGENT}|{_PASSWORD}",
    "POST /api/v1/versions": r"The request is not valid: body(\.note)?: Value error, (a note has|give files or) .*\.",
    "PUT /api/v1/users/{name}": _AGENT,
    "PUT /api/v1/users/{name}/password": _PASSWORD,
}
"""Operation → the sentence of its 422 where a request fits the description but breaks a rule that no schema can say."""


def properties(
    document: Mapping[str, Any], base_url: str, token: str, app: Any = None, left_out: Collection[str] = ()
) -> list[Property]:
    """Two properties for every operation: with requests as described, and with others.

    document  the OpenAPI description
    app       what answers, in this process; None: who listens at `base_url`
    left_out  operations that are not tried, as `POST /api/v1/restart`
    """
    schema = schemathesis.openapi.from_dict(dict(document))
    schema.config.max_stream_events = STREAM
    schema.config.update(base_url=base_url)  # for the requests that its checks send of their own
    schema.app = app
    asked = {} if app is None else {"app": app}  # whatever a request was drawn for, it is this one that answers
    headers = {"Authorization": f"Bearer {token}"}
    closed: set[str] = set()
    """Operations that are known to refuse a request without a token, and one with a wrong token."""

    def answered(case: Case[Any]) -> None:
        response = case.call(base_url, headers=headers, timeout=TIMEOUT, **asked)
        excluded: list[Any] = []
        if response.status_code == 503:  # as described: as many streams as may be, a call that cannot be placed
            excluded.append(not_a_server_error)
        if response.status_code == 422 and re.fullmatch(RULES.get(case.operation.label, "(?!)"), _sentence(response)):
            excluded.append(positive_data_acceptance)
        if response.status_code in (412, 428, 429):  # nothing of the request is wrong, but another one comes first
            excluded.append(positive_data_acceptance)
        if response.status_code == 413:  # nobody reads so large a body, right or wrong
            excluded += [positive_data_acceptance, negative_data_rejection]
        if case.operation.label in closed:  # whether it asks for a token does not depend on what was drawn
            excluded.append(ignored_auth)
        try:
            case.validate_response(response, excluded_checks=excluded, headers=headers, transport_kwargs=asked or None)
        except FailureGroup as failures:  # it is no Exception
            raise AssertionError(str(failures)) from failures
        if response.status_code < 300:
            closed.add(case.operation.label)

    found = []
    for result in schema.get_all_operations():
        operation = result.ok()  # type: ignore[union-attr]
        if operation.label in left_out:
            continue
        for mode, says in (
            (GenerationMode.POSITIVE, "A request as described gets an answer as described."),
            (GenerationMode.NEGATIVE, "A request that is not as described is refused as described."),
        ):
            drawn = operation.as_strategy(generation_mode=mode)
            found.append(Property(f"{operation.label} {mode.value}", says, answered, {"case": drawn}))
    return found


def _sentence(response: Response) -> str:
    told = response.json()
    return str(told.get("detail", "")) if isinstance(told, dict) else ""
