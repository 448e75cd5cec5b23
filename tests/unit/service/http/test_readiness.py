"""`/readyz` in Chinese: every sentence that the service can say there is in the catalogue."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.http.readiness import SENTENCES, in_chinese, in_language
from tests.unit.service.world import World

CHECKOUT = Path(__file__).resolve().parents[4]
HAN = re.compile(r"[\u4e00-\u9fff]")
PART = re.compile(r"\{([a-z]+)\}")

TOLD = {
    "dialplan/link.py": ("LinkDown", "Crowded", "LoginRefused"),
    "dialplan/ami_connection.py": ("fail",),
    "dialplan/wire/ami.py": ("ProtocolViolation",),
    "journal/spool.py": ("_fail",),
}
"""Modules, and what their sentences are given to."""

NEVER_SEEN = ("was not sent", "has failed before", "did not answer AMI")
"""What only one action, or a programmer, is told."""


def sentences() -> Iterator[str]:
    for name, given in TOLD.items():
        tree = ast.parse((CHECKOUT / name).read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in given:
                for text in node.args:
                    for part in (text.body, text.orelse) if isinstance(text, ast.IfExp) else (text,):
                        if isinstance(part, ast.Constant | ast.JoinedStr) and isinstance(said := written(part), str):
                            yield said


def written(node: ast.Constant | ast.JoinedStr) -> str:
    """Every part of it that differs is 7."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    return "".join(str(piece.value) if isinstance(piece, ast.Constant) else "7" for piece in node.values)


@pytest.mark.parametrize("sentence", sorted({each for each in sentences() if not any(n in each for n in NEVER_SEEN)}))
def test_every_sentence_is_in_the_catalogue(sentence: str) -> None:
    shutting_down = "Asterisk shutting down: 7" if sentence == "7: 7" else sentence
    assert HAN.search(in_chinese(shutting_down)), sentence


@pytest.mark.parametrize(("english", "chinese"), SENTENCES)
def test_both_languages_have_the_same_parts(english: str, chinese: str) -> None:
    left_out = {"why", "more"} if "shutting down" in english else set[str]()
    assert set(PART.findall(english)) - left_out == set(PART.findall(chinese))


def test_two_troubles_of_one_check() -> None:
    said = "the spool keeps no Records: No space left on device; the database takes no Records: DBAPIError: locked"
    assert in_chinese(said) == "缓存区存不下记录：No space left on device；数据库收不下记录：DBAPIError: locked"
    assert in_chinese("the spool keeps no Records: its 500 bytes are full") == "缓存区存不下记录：500 字节已满"


def test_what_is_not_known_stays_as_it_is() -> None:
    assert in_language({"asterisk": "ok", "database": "odd"}, "zh") == {"asterisk": "ok", "database": "odd"}


async def test_the_route_answers_in_the_language_of_the_request() -> None:
    world = World()

    async def away() -> str | None:
        return "no answer within 2 s"

    world.checks["database"] = away
    world.notes["voice"] = lambda: (
        "1 text is spoken by the draft voice espeak-ng, and callers will not understand it: no voice. When that is "
        "mended: ./wutong reload"
    )
    async with world.client(token=None) as client:
        english = (await client.get("/readyz")).json()
        chinese = (await client.get("/readyz", headers={"Accept-Language": "zh-CN,en;q=0.5"})).json()
    assert english["checks"]["database"] == "no answer within 2 s"
    assert chinese["checks"]["database"] == "2 秒内没有回答"
    assert chinese["notes"]["voice"].startswith("有 1 段话由草稿语音 espeak-ng 说出")
    assert [name for name, said in chinese["checks"].items() if said == "ok"] == [
        name for name, said in english["checks"].items() if said == "ok"
    ]
