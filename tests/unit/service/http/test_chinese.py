"""What HTTP refuses is told as a sentence, which every language has."""

import re

import pytest

from accounts.passwords import why_weak
from sentences.languages import said
from tests.unit.service.world import World

HAN = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize("password", ["short", "a\nbcdefghijklm", "aaaaaaaaaaaaaaaa", "1234567890123456"])
def test_why_a_password_is_weak(password: str) -> None:
    assert HAN.search(said(why_weak(password, "li") or "", "zh"))


async def test_a_refusal_is_told_in_the_language_of_the_request() -> None:
    world = World()
    chinese = {"Accept-Language": "zh-CN,en;q=0.5"}
    async with world.client() as client:
        english = await client.get("/api/v1/agents/9999")
        refused = await client.get("/api/v1/agents/9999", headers=chinese)
        invalid = await client.put("/api/v1/emergency", json={"until": "soon", "mood": 1}, headers=chinese)
        nowhere = await client.get("/api/v1/nothing", headers=chinese)
        stranger = await client.get("/api/v1/agents", headers={**chinese, "Authorization": "Bearer x"})
    assert english.json()["detail"].startswith("There is no such agent; the agents")
    assert refused.json()["detail"].startswith("没有这位坐席；这条热线的坐席有")
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert invalid.json()["detail"].startswith("请求不对：body.")
    assert all(HAN.search(mistake["message"]) for mistake in invalid.json()["errors"])
    assert nowhere.json()["detail"] == "这里什么也没有；GET /openapi.json 说明有什么。"
    assert stranger.json()["detail"] == "令牌无效。本机令牌用 `./wutong status --json` 查看。"


async def test_a_refusal_has_the_code_of_its_sentence_and_what_stands_in_it() -> None:
    world = World()
    async with world.client() as client:
        english = (await client.get("/api/v1/calls?quee=1")).json()
        chinese = (await client.get("/api/v1/calls?quee=1", headers={"Accept-Language": "zh"})).json()
    assert english["code"] == chinese["code"] == "there-is-no-filter"
    assert english["fields"]["name"] == chinese["fields"]["name"] == "'quee'"
    assert (english["type"], english["status"]) == ("about:blank", 400)
    assert "did you mean 'queue'?" in english["fields"]["names"]
    assert "是不是 'queue'？" in chinese["fields"]["names"]


async def test_what_a_request_sends_is_never_taken_for_a_sentence() -> None:
    world = World()
    async with world.client() as client:
        answer = await client.get("/api/v1/calls?menu {name} or queue=1", headers={"Accept-Language": "zh"})
    assert "'menu {name} or queue'" in answer.json()["detail"]
