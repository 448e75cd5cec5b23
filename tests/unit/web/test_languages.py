"""The language that a request asks for, and problems in it."""

import pytest

from hotline.problem import Level, Problem
from publishing.shapes import broken
from sentences.sentence import Sentence
from tests.unit.service.world import World
from web.problems import preferred

ERROR = Problem(
    Level.ERROR,
    "dangling",
    "hotline.yaml",
    12,
    5,
    Sentence("there is no {kind} {name}", kind=Sentence("queue"), name="'grening'"),
    Sentence("did you mean {name!r}?", name="greening"),
)
CHINESE = {"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"}


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("zh", "zh"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB,en;q=0.9,zh;q=0.8", "en"),
        ("en;q=0.1, zh-TW;q=0.7", "zh"),
        ("fr,zh;q=0.2", "zh"),
        ("fr, *", "en"),
        ("zh;q=0", "en"),
        ("zh;q=much", "en"),
    ],
)
def test_the_first_of_ours_counts(accepted: str, language: str) -> None:
    assert preferred(accepted) == language


async def test_what_check_finds_is_said_in_the_language_of_the_request() -> None:
    world = World()
    world.examination.problems = [ERROR]
    async with world.client() as client:
        english = (await client.get("/api/v1/check")).json()["problems"][0]
        chinese = (await client.get("/api/v1/check", headers=CHINESE)).json()["problems"][0]
    assert (english["message"], english["hint"]) == ("there is no queue 'grening'", "did you mean 'greening'?")
    assert (chinese["message"], chinese["hint"]) == ("没有队列 'grening'", "是不是 'greening'？")
    assert (chinese["code"], chinese["line"]) == ("dangling", 12)


async def test_a_refused_reload_says_its_problems_in_the_language_of_the_request() -> None:
    world = World()
    async with world.client() as client:
        world.operations.failure = broken([ERROR])
        refused = (await client.post("/api/v1/reload", headers=CHINESE)).json()
    assert refused["problems"][0]["message"] == "没有队列 'grening'"
    assert refused["detail"].startswith("热线有 1 个错误，没有启用；第一个：hotline.yaml:12:5: 错误: 没有队列")
