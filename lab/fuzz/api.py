"""The HTTP interface, by its own OpenAPI description: requests that fit it, requests that do not, answers checked."""

from collections.abc import Collection, Mapping
from typing import Any

import schemathesis
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from lab.fuzz.properties import Property

STREAM = 1
"""Events that are read of a stream that has no end."""

TIMEOUT = 30.0
"""Seconds for an answer."""


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
    headers = {"Authorization": f"Bearer {token}"}

    def answered(case: Case[Any]) -> None:
        response = case.call(base_url, headers=headers, timeout=TIMEOUT)
        excluded: list[Any] = []
        if response.status_code == 503:  # as described: as many streams as may be, a call that cannot be placed
            excluded.append(not_a_server_error)
        if response.status_code == 422 and _by_rule(response.text):
            excluded.append(positive_data_acceptance)
        if case.method == "GET":  # a query is text: that a value was of another type cannot be told from it
            excluded.append(negative_data_rejection)
        case.validate_response(response, excluded_checks=excluded, headers=headers)

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


def _by_rule(problem: str) -> bool:
    """Whether a rule refused it that no schema can say: of two fields together, of what the hotline has."""
    return '"errors"' not in problem or '"where":"body"' in problem
