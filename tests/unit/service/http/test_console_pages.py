"""The console as the service serves it: headers, caching, compression. The pages themselves: tests/console."""

import gzip
import json
import re
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from structlog.testing import capture_logs

from service.http import console_pages as pages
from tests.unit.service.world import World

LARGEST = 150_000
"""Bytes, compressed, that a browser fetches before the first page is there."""


async def test_the_document_is_asked_for_each_time_and_mostly_not_sent() -> None:
    async with World().client(token=None) as client:
        first = await client.get("/")
        again = await client.get("/", headers={"If-None-Match": first.headers["ETag"]})
        other = await client.get("/", headers={"If-None-Match": '"older"'})
    assert (first.status_code, first.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert first.headers["Cache-Control"] == "no-cache"
    assert (again.status_code, again.content) == (304, b"")
    assert (other.status_code, other.text) == (200, first.text)


async def test_every_page_has_an_address_and_what_is_no_page_has_none() -> None:
    names = json.loads((pages.BUILT / "pages.json").read_text())
    async with World().client(token=None) as client:
        document = (await client.get("/")).text
        for name in names:
            assert (await client.get(f"/{name}")).text == document
        for path in ("/nothing", "/wall/", "/pages.json", "/index.html", "/assets/", "/assets/../pages.json"):
            assert (await client.get(path)).status_code == 404, path
        assert (await client.post("/")).status_code == 405
        assert (await client.head("/")).status_code == 200
    assert "wall" in names


async def test_what_the_document_names_is_kept_for_good_and_small() -> None:
    async with World().client(token=None) as client:
        document = await client.get("/")
        size = len(document.content)
        named = re.findall(r'(?:src|href)="(/[^"]+)"', document.text)
        for address in named:
            answer = await client.get(address)
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            assert re.search(r"-[\w-]{8}\.\w+$", address), "a hash in the name"
            size += len(gzip.compress(answer.content))
    assert len(named) >= 3
    assert size < LARGEST


async def test_no_document_has_a_script_or_a_style_within_and_nothing_comes_from_elsewhere() -> None:
    async with World().client(token=None) as client:
        answer = await client.get("/")
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    assert policy.pop("require-trusted-types-for") == "'script'"
    assert policy.pop("connect-src") == "'self' ws://wutong:8088", "and Asterisk's WebSocket"
    assert set(policy.values()) == {"'self'", "'none'"}
    assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\son\w+=|style=|https?://", answer.text)


async def test_only_the_own_page_may_use_microphone_and_headset_and_nothing_may_use_more() -> None:
    async with World().client(token=None) as client:
        page, answer = await client.get("/"), await client.get("/healthz")
    policy = dict(part.split("=") for part in page.headers["Permissions-Policy"].split(", "))
    assert {name for name, who in policy.items() if who == "(self)"} == {"hid", "microphone"}
    assert policy["camera"] == policy["geolocation"] == "()"
    assert "=(self)" not in answer.headers["Permissions-Policy"]
    assert "microphone=()" in answer.headers["Permissions-Policy"]


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [("gzip, deflate, br", "gzip"), ("br;q=1, GZIP;q=0.5", "gzip"), ("gzip;q=0", None), ("identity", None), ("", None)],
)
async def test_a_browser_gets_it_compressed_if_it_can_read_that(accepted: str, coding: str | None) -> None:
    async with World().client(token=None) as client:
        plain = await client.get("/", headers={"Accept-Encoding": "identity"})
        answer = await client.get("/", headers={"Accept-Encoding": accepted})
    assert answer.headers.get("Content-Encoding") == coding
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.text == plain.text


async def test_only_files_of_known_kinds_are_served(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    for name in ("index.html", "assets/a.js", "assets/secrets.env"):
        (tmp_path / name).write_text(name)
    (tmp_path / "pages.json").write_text("[]")
    app = Starlette(routes=pages.routes(8088, tmp_path))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://wutong") as client:
        assert (await client.get("/assets/a.js")).text == "assets/a.js"
        assert (await client.get("/assets/secrets.env")).status_code == 404


@pytest.mark.parametrize("left", ["nothing", "no list of pages"])
def test_a_console_that_cannot_be_read_keeps_no_service_from_starting(tmp_path: Path, left: str) -> None:
    if left != "nothing":
        (tmp_path / "pages.json").write_text("{")
    with capture_logs() as logs:
        assert pages.routes(8088, tmp_path) == []
    assert [line["event"] for line in logs] == ["console.unreadable"]
