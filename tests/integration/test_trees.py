"""The tests of a hotline's menus, by real calls; and the drawing and the replay of what callers really did."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from commands.client import Client
from hotline.loader import load
from hotline.treetests import read, run
from lab.patience import until
from publishing.comparing import replay_in_words, replayed
from tests.integration.conftest import HOTLINE
from tests.integration.conversations import copied, in_menu, length, queued
from tests.integration.world import World
from trees.drawing_commands import measured
from trees.trying import Caller, Tried

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


async def test_what_callers_did_is_in_the_picture_and_in_the_replay(hotline: World, tmp_path: Path) -> None:
    gave_up = await in_menu(hotline, "13800000001")
    await gave_up.hang_up()
    waited = await queued(hotline, "1", "13800000002")
    await waited.hang_up()
    heard = await in_menu(hotline, "13800000003")
    await heard.press("4")
    await heard.hears_recording(hotline.clip({"zh": "今天停水"}))
    await heard.ended()
    draft = load(copied(HOTLINE, tmp_path / "draft", ('"1": {queue: greening}', '"1": {queue: general}'))).hotline
    assert draft is not None

    async def in_the_journal() -> tuple[int, int]:
        past, _ = await asyncio.to_thread(replayed, hotline.settings, draft, 7)
        traffic = await asyncio.to_thread(measured, hotline.hotline, 7, hotline.settings)
        return len(past.recorded), sum(traffic.gave_up.values())

    await until("three calls in the journal", in_the_journal, lambda found: found == (3, 2))
    past, found = await asyncio.to_thread(replayed, hotline.settings, draft, 7)
    assert list(replay_in_words(past, found, 7, "en")) == [
        "Of 3 callers in the last 7 days 1 would have ended elsewhere",
        "1 caller of key 1 in the menu main would wait in the queue general, instead of the queue greening",
    ]
    traffic = await asyncio.to_thread(measured, hotline.hotline, 7, hotline.settings)
    assert traffic.calls == 3
    main = ("menus", "main")
    assert (traffic.came[main], traffic.gave_up[main]) == (3, 1)
    assert (traffic.took[main, "key", "1"], traffic.took[main, "key", "4"]) == (1, 1)
