"""The OpenAPI document: what it says of every operation (its errors as they are, and who may ask), and the page at
/docs, which shows it to people. The page has no scripts and nothing from elsewhere: it works offline.
"""

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from accounts import roles
from accounts.tokens import CSRF_HEADER
from service.http.admission import API, GUARDED
from web import problems


def describe_errors(schema: dict[str, Any]) -> dict[str, Any]:
    """Add to `schema` the true form of every operation's errors, and the token where one is needed."""
    parts = schema.setdefault("components", {})
    schemas = parts.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = problems.Problem.model_json_schema()
    parts["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer"},
        "session": {"type": "apiKey", "in": "cookie", "name": "wutong"},
    }
    shape = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            for parameter in operation.get("parameters", ()):
                _without_null(parameter)
            responses = operation["responses"]
            if path.startswith(f"{GUARDED}/"):
                if method == "get":
                    responses["400"] = {"description": "There is no such filter; the sentence names those there are."}
                if (method.upper(), path.removeprefix(API)) not in roles.OPEN:
                    operation["security"] = [{"token": []}, {"session": []}]
                    responses.setdefault("401", {"description": "Nobody has signed in, or the token is wrong."})
                rule = roles.ROUTES.get((method.upper(), path.removeprefix(API)))
                if rule is not None and rule.costly:
                    much = "This account asks for too much at once that takes long; Retry-After says when to ask again."
                    responses["429"] = {"description": much}
                responses["403"] = {
                    "description": f"The account may not do that (docs/roles.md), or {CSRF_HEADER} is missing."
                }
            responses["421"] = {"description": "The Host header names another host."}
            if "requestBody" in operation:
                responses["400"] = {"description": "The body cannot be read: it is no UTF-8, or nested too deeply."}
                responses["413"] = {"description": "The body is too large."}
            if "422" in responses and responses["422"].get("description") == "Validation Error":
                responses["422"]["description"] = "The request is not valid; `errors` says where."
            responses["500"] = {"description": "A mistake of Wutong's; its log tells which."}
            for status, answer in responses.items():
                answer.get("content", {}).get("text/event-stream", {}).pop("schema", None)  # it is events, no string
                if status >= "400":
                    answer["content"] = shape
                elif answer["description"] == "Successful Response":
                    answer["description"] = "Done; this is the answer."
    return schema


def _without_null(parameter: dict[str, Any]) -> None:
    """A parameter of a query is text or left out. It is never null: `null` would be a word."""
    schema = parameter["schema"]
    choices = [choice for choice in schema.pop("anyOf", ()) if choice != {"type": "null"}]
    if len(choices) == 1:
        schema |= choices[0]
    elif choices:
        schema["anyOf"] = choices


STYLE = """\
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
code { font-size: 0.95em; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid; }
table { border-collapse: collapse; width: 100%; }
td { padding: 0.2rem 1rem 0.2rem 0; vertical-align: top; }
td:first-child { white-space: nowrap; }
"""

POLICY = (
    f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
"""The page's Content-Security-Policy: its own style and nothing else."""

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True, lstrip_blocks=True
)


def page(openapi: Mapping[str, Any]) -> str:
    """The document as HTML."""
    return _TEMPLATES.get_template("reference.html").render(openapi, style=STYLE)
