"""`./wutong try`: the tests of the menus walked, called and heard. The running service is a stand-in here."""

import json
import wave
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from base.failure import NotDone
from base.folders import SAMPLE_HOTLINE
from calls.live.rehearsal import HEARD_OUT
from hotline.inwords import words
from hotline.treetests import Report, load_tested
from ivr.walk import Walk
from publishing.store import VersionStore
from publishing.versions import Origin, Version, content
from service.cli.commands import app
from sounds.model import Heard
from tests.unit.hotline.folders import Change, small, written
from tests.unit.hotline.test_callbacks import OUT, rule
from trees import commands as tree_commands
from trees.trying import Caller, Tried, cut, understood

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
TESTS = """\
tests:
  - {name: greening, keys: ["1"], expect: {queue: greening, words: [您好]}}
  - {name: bureau, keys: ["8", "2", "1"], expect: {sub_hotline: bureau, language: en}}
  - {name: silent, keys: [silence, silence], expect: {queue: general}}
"""


def report(folder: Path, tests: str = TESTS, *changes: Change) -> Report:
    _, found = load_tested(written(folder, {**small(*changes), "tests.yaml": tests}), NOW)
    assert found is not None
    return found


class Service:
    """A running hotline that does what walks say, with calls that end at once."""

    def __init__(self, tests: Report, recordings: Path | None = None) -> None:
        self.orders: list[dict[str, Any]] = []
        self.version = tests.hotline.version
        self.elsewhere = False
        self._tests, self._recordings = tests, recordings

    def place_call(self, order: dict[str, Any]) -> dict[str, Any]:
        self.orders.append(order)
        call_id = str(len(self.orders) - 1)
        recording = None
        if order["record"] and self._recordings is not None:
            recording = self._recordings / f"{call_id}.wav"
            silence(recording, seconds=30)
        return {"call_id": call_id, "recording": str(recording) if recording else None}

    def call(self, call_id: str) -> dict[str, Any]:
        keys = tuple(self.orders[int(call_id)]["keys"])
        walk = next(each.walk for each in self._tests.results if each.placed.test.keys == keys)
        steps = [{"kind": "call-started", "version": self.version, "language": "zh"}, *self._steps(walk)]
        story = [{"at": (NOW + timedelta(seconds=at)).isoformat(), **step} for at, step in enumerate(steps)]
        return {"id": call_id, "state": "ended", "started": NOW.isoformat(), "story": story}

    def _steps(self, walk: Walk) -> list[dict[str, Any]]:
        hotline = self._tests.hotline
        told: list[dict[str, Any]] = [{"kind": kind, **data} for kind, data in walk.notes]
        for turn in walk.turns:
            if said := words(hotline, turn):
                told.append({"kind": "said", "text": said, "language": turn.language, "interrupted": False})
        section, name = walk.end
        if section == "queues":
            told.append({"kind": "queued", "queue": "general" if self.elsewhere else name})
        elif section == "sub_hotlines":
            told.append({"kind": "sub-hotline-dialled", "sub_hotline": name})
        return told


def silence(file: Path, seconds: float) -> None:
    with wave.open(str(file), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(bytes(2 * round(8000 * seconds)))


def called(service: Service, tests: Report, folder: Path | None = None) -> list[Tried]:
    caller = Caller(service, tests.hotline, lambda turn: 2.0 if turn.speech else 0.0, "en", folder)
    return caller.call_all(tests.results, lambda tried: None)


def test_each_test_is_a_call_which_ends_as_the_walk(tmp_path: Path) -> None:
    tests = report(tmp_path)
    service = Service(tests)
    assert [(tried.problems, tried.skipped) for tried in called(service, tests)] == [((), None)] * 3
    orders = {tuple(order["keys"]): order for order in service.orders}
    assert set(orders) == {("1",), ("8", "2", "1"), ("silence", "silence")}
    assert not any(order["record"] or order["hear_out"] for order in service.orders)
    assert orders["silence", "silence"]["seconds"] > 2 * (2 + 5), "silence is heard out"
    assert orders["1",]["seconds"] < 10


def test_a_key_after_a_message_waits_for_its_end(tmp_path: Path) -> None:
    message = ('"1": {queue: greening}', '"1": {say: Hm, then: {menu: water}}\n      "3": {queue: greening}')
    tests = report(tmp_path, 'tests:\n  - {name: a, keys: ["1", "1"], expect: {sub_hotline: bureau}}\n', message)
    service = Service(tests)
    assert [each.problems for each in called(service, tests)] == [()]
    assert [order["hear_out"] for order in service.orders] == [True]


def test_a_caller_who_ends_in_a_menu_leaves_it_before_its_wait_is_over(tmp_path: Path) -> None:
    tests = report(tmp_path, 'tests:\n  - {name: a, keys: ["*", "*"], expect: {menu: main}}\n')
    recorded = tmp_path / "recorded"
    recorded.mkdir()
    service = Service(tests, recorded)
    assert [each.problems for each in called(service, tests, recorded)] == [()]
    heard = 2.0 + HEARD_OUT + 2.0 + HEARD_OUT + 2.0  # a prompt has 2 s
    assert 0 < service.orders[0]["seconds"] - heard < tests.hotline.menus["main"].wait - 1


def test_a_test_that_ends_with_a_message_or_a_callback_is_walked_and_not_called(tmp_path: Path) -> None:
    message = ('"1": {queue: greening}', '"1": {message: {queue: greening}}')
    both = """tests:
  - {name: a, keys: ["1"], expect: {message: greening}}
  - {name: b, keys: ["0", "2"], expect: {callback: general}}
"""
    tests = report(tmp_path, both, message, OUT, rule('callback: {key: "2"}'))
    service = Service(tests)
    assert [each.skipped for each in called(service, tests)] == [
        "a test call leaves no message, and nobody calls it back"
    ] * 2
    assert service.orders == []
    assert (("queues", "general"), "2") not in tests.missing


def test_a_call_that_comes_elsewhere_fails_its_test(tmp_path: Path) -> None:
    tests = report(tmp_path)
    service = Service(tests)
    service.elsewhere = True
    (wrong,) = (problem for tried in called(service, tests) for problem in tried.problems)
    assert "the test “greening”: the call ends at the queue general, not at the queue greening" in wrong.message
    assert (wrong.file, wrong.line) == ("tests.yaml", 2)


def test_another_version_is_not_judged(tmp_path: Path) -> None:
    tests = report(tmp_path)
    service = Service(tests)
    service.version = "0123456789ab"
    with pytest.raises(NotDone, match="the running hotline is version 0123456789ab"):
        called(service, tests)


def test_a_test_that_already_fails_as_a_walk_is_not_called(tmp_path: Path) -> None:
    tests = report(tmp_path, TESTS, ('"1": {queue: greening}', '"1": {queue: general}'))
    service = Service(tests)
    first, *_ = called(service, tests)
    assert first.problems
    assert len(service.orders) == 2


def test_a_test_of_another_time_is_called_where_the_time_makes_no_difference(tmp_path: Path) -> None:
    tests = report(tmp_path, TESTS.replace('["1"]', '["1"], at: 2030-01-01 03:00, from: "138"'))
    service = Service(tests)
    assert [tried.skipped for tried in called(service, tests)] == [None] * 3
    first = replace(tests.results[0], walk=tests.results[1].walk)  # as if the moment led elsewhere
    skipped, *_ = called(service, replace(tests, results=(first, *tests.results[1:])))
    assert skipped.skipped == "it is about another time or caller than those of a call now"


async def test_what_was_recorded_is_heard_in_pieces(tmp_path: Path) -> None:
    tests = report(tmp_path)
    (tmp_path / "recordings").mkdir()
    (tmp_path / "pieces").mkdir()
    service = Service(tests, tmp_path / "recordings")
    tried = called(service, tests, tmp_path / "pieces")
    assert all(order["hear_out"] for order in service.orders)
    assert list((tmp_path / "recordings").iterdir()) == [], "nothing is left"
    asked: list[tuple[str, list[str]]] = []

    async def listen(language: str, clips: Sequence[tuple[Path, str]]) -> list[Heard]:
        asked.append((language, [text for _, text in clips]))
        assert all(file.is_file() for file, _ in clips)
        return [Heard("something else", 9 if "For water" in text else 0, 10) for _, text in clips]

    judged = [await understood(each, listen, "en") for each in tried]
    assert asked[0] == ("zh", ["您好 For English press 8. 绿化请按1，供水请按2，人工请按0，重听请按星号键。"])
    assert [language for language, _ in asked[1:3]] == ["zh", "en"]
    (wrong,) = (problem for each in judged for problem in each.problems)
    assert "“For water press 1, for a person 0” is said, but “something else” is heard" in wrong.message


def test_a_recording_is_cut_where_speech_ended(tmp_path: Path) -> None:
    silence(tmp_path / "all.wav", seconds=10)
    pieces = cut(tmp_path / "all.wav", [2.0, 5.0, 30.0], tmp_path / "pieces")
    lengths = []
    for piece in pieces:
        with wave.open(str(piece)) as sound:
            lengths.append(round(sound.getnframes() / 8000, 1))
    assert lengths == [2.4, 3.0, 4.6]


def test_the_command_tells_each_test_and_what_no_test_does(tmp_path: Path) -> None:
    folder = written(tmp_path, {**small(), "tests.yaml": TESTS})

    def run(*more: str) -> tuple[int, str, str]:
        done = CliRunner().invoke(app, ["try", str(folder), *more], env={"LC_ALL": "C"})
        return done.exit_code, done.stdout, done.stderr

    status, output, _ = run()
    assert status == 0
    assert output.splitlines()[:3] == ["✓ “greening”", "✓ “bureau”", "✓ “silent”"]
    assert output.splitlines()[3].startswith("3 tests, 0 failed; of 11 choices 5 are made, not the menu main (")
    told = json.loads(run("--json", "--only", "green")[1])
    assert [test["name"] for test in told["tests"]] == ["greening"]
    assert {"menu": "main", "choice": "silence"} in told["choices"]["missing"]
    assert "no test has 'x' in its name" in run("--only", "x")[2]
    written(folder, {"tests.yaml": TESTS.replace("{queue: greening,", "{queue: general,")})
    status, output, _ = run()
    assert status == 1
    assert "✗ “greening”" in output
    assert "tests.yaml:2:" in output
    assert CliRunner().invoke(app, ["check", str(folder)]).exit_code == 1
    (folder / "tests.yaml").unlink()
    assert "docs/trees.md says how to write tests" in run()[2]


def test_calls_are_answered_by_the_version_in_use_so_its_tests_are_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "hotline").mkdir()
    folder = tmp_path / "hotline"
    tests = report(folder)
    store, files = VersionStore(tmp_path / "versions"), {**small(), "tests.yaml": TESTS}
    store.keep(store.write(Version(1, 0, "x", "", "d", Origin.FOLDER, str(folder), content(files)), files))
    written(folder, {"tests.yaml": 'tests:\n  - {name: edited, keys: ["1"], expect: {queue: general}}\n'})
    monkeypatch.setattr(tree_commands, "client_of", lambda state: Service(tests))
    environment = {"LC_ALL": "C", "WUTONG_STATE": str(tmp_path), "WUTONG_HOTLINE": str(folder)}
    done = CliRunner().invoke(app, ["try", "--call", "--only", "greening"], env=environment)
    assert (done.exit_code, "✓ “greening”" in done.stdout) == (0, True), done.output
    edited = CliRunner().invoke(app, ["try"], env=environment)
    assert (edited.exit_code, "✗ “edited”" in edited.stdout) == (1, True), "a walk is through what somebody edits"


def test_the_check_of_the_sample_tells_its_tests() -> None:
    done = CliRunner().invoke(app, ["check", str(SAMPLE_HOTLINE)], env={"LC_ALL": "C"})
    assert "0 failed; of 40 choices 40 are made" in done.stderr
