"""What HTTP refuses is told as a sentence, which every language has."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from accounts.passwords import why_weak
from sentences.languages import said
from tests.product import CHECKOUT, SOURCES
from tests.unit.sentences.test_of_libraries import written
from tests.unit.service.world import World

TOLD_THERE = (
    *("accounts/", "acd/", "agents/", "calls/", "emergency/", "drawing/", "privacy/", "publishing/"),
    *("service/app/", "service/http/", "web/", "dialplan/browser_phones", "hotline/prompts_", "hotline/recording."),
    *("hotline/recordings_api", "hotline/inwords", "trees/draft", "trees/walking", "sounds/keeping"),
)
TOLD = [file for file in SOURCES if str(file.relative_to(CHECKOUT)).startswith(TOLD_THERE)]

TELLING = {
    *("HTTPException", "Refusal", "_Refusal", "_unknown", "_refuse", "response", "refuse", "Refused"),
    *("NotKept", "Taken", "Weak", "Away", "NotProven", "NotAdmitted"),
    *("NotPossible", "NotPlaced", "NotHeard", "NotMoved", "NotTransferred", "NotDiallable", "NotArrived", "Refuse"),
    *("BadEnd", "WrongOrder", "NotOnDuty", "TooMany", "Crowded", "Unfit", "BadCaller", "BadMoment"),
    *("Damaged", "Unkeepable", "Behind", "NotOnTrial", "Uneditable"),
}
"""What a sentence is given to."""

NO_SENTENCES = {
    "--keys: 7, as in --keys 1,2", "7. 7", "7 7",  # a terminal's
}  # fmt: skip

HAN = re.compile("[\u4e00-\u9fff]")


def plain(source: Path) -> Iterator[str]:
    """What a module tells that is not a sentence, each of its parts replaced by 7."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    for call in calls:
        if ast.unparse(call.func).rpartition(".")[2] in TELLING:
            yield from texts(call)


def texts(node: ast.AST) -> Iterator[str]:
    """The literals in it that are not in a `Sentence`."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Sentence", "template"):
        return
    if isinstance(node, ast.Constant | ast.JoinedStr):
        text = written(node)
        if " " in text.strip() and re.search(r"[a-z]{2}", text) and not HAN.search(text):
            yield text
        return
    for child in ast.iter_child_nodes(node):
        yield from texts(child)


def test_what_is_refused_is_told_as_a_sentence() -> None:
    told = [(source.name, text) for source in TOLD for text in plain(source)]
    assert [(name, text) for name, text in told if text not in NO_SENTENCES] == []


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
