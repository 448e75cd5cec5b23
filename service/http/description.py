"""What the OpenAPI document says of every operation: its errors as they are, and who may ask."""

from typing import Any

from accounts import roles
from accounts.cookies import CSRF_HEADER
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
