"""What a machine that stands by answers."""

import httpx
import pytest

from sentences.sentence import Sentence
from service.http.standing_by import app

WORDS = Sentence("stands by; {node} leads since {when}", node="north", when="2026-12-02 08:00:00+08:00")


@pytest.fixture
def http() -> httpx.AsyncClient:
    made = app(lambda: WORDS, ("hotline.example",))
    return httpx.AsyncClient(transport=httpx.ASGITransport(made), base_url="http://127.0.0.1")


async def test_it_lives_and_is_not_ready(http: httpx.AsyncClient) -> None:
    assert (await http.get("/healthz")).json() == {"status": "alive"}
    ready = await http.get("/readyz")
    assert ready.status_code == 503
    assert ready.headers["Content-Type"] == "application/problem+json"
    assert ready.json()["detail"] == f"Not ready. {WORDS}."
    assert ready.json()["checks"] == {"leadership": WORDS}


async def test_everything_else_names_the_leader_in_the_readers_language(http: httpx.AsyncClient) -> None:
    for method, path in (("GET", "/"), ("POST", "/api/v1/versions"), ("DELETE", "/api/v1/queues/a/b")):
        answer = await http.request(method, path, headers={"Accept-Language": "zh"})
        assert answer.status_code == 503
        assert answer.json()["detail"] == "本机待命；自 2026-12-02 08:00:00+08:00 起 north 是主机。请向主机提出请求。"
        assert answer.headers["Retry-After"] == "1"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_prometheus_sees_that_it_does_not_lead(http: httpx.AsyncClient) -> None:
    assert "\nwutong_leads 0.0\n" in (await http.get("/metrics")).text


async def test_a_page_that_gives_its_own_name_our_address_gets_nothing(http: httpx.AsyncClient) -> None:
    assert (await http.get("/healthz", headers={"Host": "evil.example"})).status_code == 421
    assert (await http.get("/healthz", headers={"Host": "hotline.example"})).status_code == 200
