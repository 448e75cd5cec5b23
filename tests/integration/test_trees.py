"""The tests of a hotline's menus, by real calls."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from hotline.treetests import read, run
from service.cli.client import Client
from service.cli.trying import Caller, Tried
from tests.integration.conversations import length
from tests.integration.world import World

TESTS = """\
tests:
  - {name: queue, keys: ["2", "1"], expect: {queue: general, words: [停水请按1]}}
  - {name: goodbye, keys: ["4"], expect: {goodbye: true, words: [今天停水]}}
  - {name: wrong, keys: ["8", "2", "2"], language: zh, expect: {queue: greening, language: en, words: [For no water]}}
"""


def client(hotline: World) -> Client:
    http = hotline.http
    return Client(str(http.base_url), http.headers["Authorization"].removeprefix("Bearer "))


async def called(hotline: World, tests: Path, only: str, heard: Path | None) -> list[Tried]:
    (tests / "tests.yaml").write_text(TESTS, encoding="utf-8")
    placed, problems = read(tests, hotline.hotline, datetime.now(UTC))
    assert problems == []
    report = run([each for each in placed if only in each.test.name], hotline.hotline)
    assert report.failed == 0
    caller = Caller(client(hotline), hotline.hotline, lambda turn: 3.0 if turn.speech else 0.0, "en", heard)
    return await asyncio.to_thread(caller.call_all, report.results, lambda tried: None)


async def test_a_test_is_a_call_that_comes_where_the_walk_does(hotline: World, tmp_path: Path) -> None:
    tried = await called(hotline, tmp_path, "", None)
    assert [(each.problems, each.skipped) for each in tried] == [((), None)] * 3


async def test_what_the_caller_heard_is_in_pieces(hotline: World, tmp_path: Path) -> None:
    pieces = tmp_path / "pieces"
    pieces.mkdir()
    (goodbye,) = await called(hotline, tmp_path, "goodbye", pieces)
    assert goodbye.problems == ()
    assert [piece.text for piece in goodbye.pieces][-2:] == ["今天停水", "感谢来电，再见"]
    assert all(length(piece.file) > 0.3 for piece in goodbye.pieces)
