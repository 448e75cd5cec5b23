"""The page at /docs: /openapi.json for people. No scripts and nothing from elsewhere: it works offline."""

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any

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


def page(openapi: Mapping[str, Any]) -> str:
    """The document as HTML."""
    info = openapi["info"]
    title = escape(f"{info['title']} {info['version']}")
    body = "\n".join(_body(openapi))
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{STYLE}</style></head>\n<body><h1>{title}</h1>\n{body}\n</body></html>\n"
    )


def _body(openapi: Mapping[str, Any]) -> Iterator[str]:
    yield f"<p>{escape(openapi['info']['description'])}</p>"
    yield '<p>The same for programs: <a href="/openapi.json">/openapi.json</a></p>'
    for path, operations in openapi["paths"].items():
        for method, operation in operations.items():
            yield from _operation(method, path, operation)
    yield "<h1>Shapes</h1>"
    for name, schema in openapi["components"]["schemas"].items():
        yield f'<h2 id="{escape(name)}">{escape(name)}</h2>'
        yield f"<p>{escape(schema.get('description', ''))}</p>"
        if "enum" in schema:
            yield f"<p>{escape(', '.join(str(value) for value in schema['enum']))}</p>"
        required = schema.get("required", ())
        yield _table(
            (field + ("" if field in required else "?"), _type(inner), inner.get("description", ""))
            for field, inner in schema.get("properties", {}).items()
        )


def _operation(method: str, path: str, operation: Mapping[str, Any]) -> Iterator[str]:
    yield f"<h2><code>{escape(method.upper())} {escape(path)}</code></h2>"
    yield f"<p><b>{escape(operation.get('summary', ''))}</b> {escape(operation.get('description', ''))}</p>"
    if operation.get("parameters"):
        yield "<h3>Parameters</h3>"
        yield _table(
            (parameter["name"], _type(parameter["schema"]), parameter.get("description", ""))
            for parameter in operation["parameters"]
        )
    if "requestBody" in operation:
        yield f"<p>Body: {_content(operation['requestBody'])}</p>"
    yield "<h3>Answers</h3>"
    yield _table(
        (status, _content(answer), answer.get("description", "")) for status, answer in operation["responses"].items()
    )


def _table(rows: Iterable[tuple[str, str, str]]) -> str:
    """Rows of a name, a type (HTML already), a description."""
    lines = (
        f"<tr><td><code>{escape(name)}</code></td><td>{kind}</td><td>{escape(description)}</td></tr>"
        for name, kind, description in rows
    )
    return f"<table>{''.join(lines)}</table>"


def _content(part: Mapping[str, Any]) -> str:
    return ", ".join(
        _type(content["schema"]) if "schema" in content else escape(media_type)
        for media_type, content in part.get("content", {}).items()
    )


def _type(schema: Mapping[str, Any]) -> str:
    """A schema in few words, as HTML; named schemas are links."""
    if "$ref" in schema:
        name = escape(schema["$ref"].rsplit("/", 1)[-1])
        return f'<a href="#{name}">{name}</a>'
    if "anyOf" in schema:
        return " or ".join(_type(choice) for choice in schema["anyOf"])
    if "enum" in schema:
        return escape(" or ".join(str(value) for value in schema["enum"]))
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return escape(str(schema.get("format", schema.get("type", "anything"))))
