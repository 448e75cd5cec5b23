"""The app as a whole: health, the token, errors, limits, how it describes itself."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
from fastapi.routing import APIRoute
from structlog.testing import capture_logs

from service.http import app
from tests.unit.service.world import World, well

PROBLEM = "application/problem+json"


async def test_health_needs_no_token() -> None:
    async with World().client(token=None) as client:
        assert (await client.get("/healthz")).json() == {"status": "alive"}
        ready = await client.get("/readyz")
    assert ready.json() == {"status": "ready", "checks": {"asterisk": "ok", "database": "ok"}, "notes": {}}


async def test_readiness_names_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "CHECK_S", 0.01)

    async def never() -> str | None:
        await asyncio.Event().wait()
        return None

    async def down() -> str | None:
        return "the link is down"

    world = World(checks={"asterisk": down, "agi": well, "database": never})
    async with world.client(token=None) as client:
        answer = await client.get("/readyz")
    assert answer.status_code == 503
    assert answer.headers["Content-Type"] == PROBLEM
    checks = {"asterisk": "the link is down", "agi": "ok", "database": "no answer within 0.01 s"}
    assert answer.json()["checks"] == checks
    assert "asterisk: the link is down; database: no answer" in answer.json()["detail"]


def test_the_description_has_every_route() -> None:
    app = World().app()
    described = set(app.openapi()["paths"])
    hidden = {"/docs", "/openapi.json"}
    paths = {route.path for route in app.routes if isinstance(route, APIRoute)}
    assert paths <= described | hidden


@pytest.mark.parametrize("path", ["/nothing", "/api/v1/nothing", "/api/v1/queues/"])
async def test_a_path_that_is_not_there(path: str) -> None:
    async with World().client() as client:
        answer = await client.get(path)
    assert answer.headers["Content-Type"] == PROBLEM
    assert answer.json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "There is nothing here; GET /openapi.json describes what there is.",
        "code": "there-is-nothing-here",
        "fields": {},
    }


async def test_a_method_that_is_not_possible() -> None:
    async with World().client() as client:
        answer = await client.delete("/api/v1/queues")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET")
    assert answer.json()["detail"] == "DELETE is not possible here; possible: GET."


async def test_a_method_that_is_not_possible_where_two_routes_share_a_path() -> None:
    async with World().client() as client:
        answers = [await client.delete("/api/v1/calls"), await client.post("/api/v1/agents/1001/state")]
    assert [answer.headers["Allow"] for answer in answers] == ["GET, POST", "PUT"]


@pytest.mark.parametrize("content", [b"{", b"", b"\xff\xfe", b'{"state": "<script>"}', b"[" * 5_000])
async def test_an_invalid_body_is_told_where_and_not_repeated(content: bytes) -> None:
    async with World().client() as client:
        answer = await client.put(
            "/api/v1/agents/1001/state", content=content, headers={"Content-Type": "application/json"}
        )
    assert answer.status_code in (400, 422)
    assert answer.headers["Content-Type"] == PROBLEM
    assert "script" not in answer.text


async def test_a_fault_is_a_500_that_tells_nothing_of_the_inside() -> None:
    world = World()
    world.control.failure = RuntimeError("inner secret")
    async with world.client() as client:
        with capture_logs() as logs:
            answer = await client.post("/api/v1/reload")
    assert (answer.status_code, answer.headers["Content-Type"]) == (500, PROBLEM)
    assert "inner secret" not in answer.text
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert [(line["event"], line["path"]) for line in logs] == [("http.fault", "/api/v1/reload")]


async def test_a_body_that_is_too_large_is_refused_announced_or_not() -> None:
    async def in_pieces() -> AsyncIterator[bytes]:
        for _ in range(70):
            yield b" " * 1024

    async with World().client() as client:
        announced = await client.post("/api/v1/calls", content=b" " * 65_537)
        streamed = await client.post("/api/v1/calls", content=in_pieces())
        lied = await client.post("/api/v1/calls", content=b"", headers={"Content-Length": "9" * 5_000})
        fits = await client.post("/api/v1/calls", content=b" " * 65_536, headers={"Content-Type": "application/json"})
    for answer in (announced, streamed, lied):
        assert (answer.status_code, answer.headers["Content-Type"]) == (413, PROBLEM)
        assert "65536 bytes" in answer.json()["detail"]
    assert fits.status_code == 422


async def test_every_answer_has_the_security_headers() -> None:
    async with World().client() as client:
        answers = [await client.get(path) for path in ("/healthz", "/api/v1/queues", "/api/v1/nothing", "/docs")]
        answers.append(await client.get("/api/v1/queues", headers={"Authorization": "Bearer no"}))
    for answer in answers:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


async def test_the_description_tells_errors_and_token_as_they_are() -> None:
    async with World().client(token=None) as client:
        schema = (await client.get("/openapi.json")).json()
    problem = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    put = schema["paths"]["/api/v1/agents/{agent_id}/state"]["put"]
    assert {"200", "400", "401", "403", "404", "409", "413", "421", "422", "500"} == set(put["responses"])
    assert put["security"] == [{"token": []}, {"session": []}]
    assert "security" not in schema["paths"]["/healthz"]["get"]
    assert "security" not in schema["paths"]["/api/v1/session"]["post"]
    for path, item in schema["paths"].items():
        for operation in item.values():
            assert operation["summary"], path
            assert operation["tags"], path
            for parameter in operation.get("parameters", ()):
                assert "null" not in str(parameter["schema"]), f"{path}: a query is text, and has no null"
            for status, answer in operation["responses"].items():
                assert answer["description"] not in ("", "Validation Error"), path
                assert status < "400" or answer["content"] == problem, path
    assert "HTTPValidationError" not in str(schema)


async def test_every_reference_in_the_description_leads_somewhere() -> None:
    async with World().client(token=None) as client:
        schema = await client.get("/openapi.json")
    named = set(re.findall(r'"#/components/schemas/(\w+)"', schema.text))
    assert named == set(schema.json()["components"]["schemas"])


async def test_the_reference_page_works_offline() -> None:
    async with World().client(token=None) as client:
        page = (await client.get("/docs")).text
    assert "PUT /api/v1/agents/{agent_id}/state" in page
    assert "<script" not in page
    assert not re.search(r'(src|href)="(?!#|/openapi\.json")', page)
    links = set(re.findall(r'href="#(\w+)"', page))
    assert links == set(re.findall(r'id="(\w+)"', page))
