"""`./wutong walk`: what a caller would meet, told without a call."""

import json
import os
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from base.folders import SAMPLE_HOTLINE
from service.cli.commands import app
from sounds.audio import length
from tests.unit.hotline.folders import small, written
from tests.unit.hotline.test_callbacks import OUT, rule
from tests.unit.hotline.test_inputs import SCOPE_AND_INPUT


def run(tmp_path: Path, *more: str, typed: str = "", lang: str = "C") -> tuple[int, str, str]:
    """Exit status, output, errors."""
    arguments = ["walk", "--hotline", str(SAMPLE_HOTLINE), "--state", str(tmp_path), *more]
    done = CliRunner().invoke(app, arguments, input=typed, env={"LC_ALL": lang})
    return done.exit_code, done.stdout, done.stderr


def test_it_tells_what_is_heard_how_long_it_takes_and_where_it_ends(tmp_path: Path) -> None:
    status, output, _ = run(tmp_path, "--keys", "2,3", "--at", "2026-10-01 09:00", "--from", "13800000000")
    assert status == 0
    head, *lines = output.splitlines()
    assert head == "2026-10-01 09:00 (Asia/Shanghai): 13800000000 calls 12319, in Chinese"
    assert [line.split(" s  ")[1][:19] for line in lines] == [
        "the menu main: “您好，",
        "key 2",
        "the menu utilities:",
        "key 3",
        "a message: “如果闻到燃气味",
        "the queue gas (Gas)",
    ]
    seconds = [float(line.split()[0]) for line in lines]
    assert seconds == sorted(seconds)
    assert seconds[-1] > 20, "the clips that ship have their lengths"


def test_it_tells_that_a_survey_follows_the_talk(tmp_path: Path) -> None:
    queue = "    needs: {general: 1}\n\n"
    folder = tmp_path / "hotline"
    folder.mkdir()
    written(folder, small((queue, f"{queue[:-1]}    survey: {{say: Rate us}}\n\n")))
    for language, told in (("C", "(General, a survey after the talk)"), ("zh_CN", "（综合，通话后有满意度评价）")):
        _, output, _ = run(tmp_path, "--hotline", str(folder), "--keys", "0", lang=language)
        assert told in output


def test_it_tells_the_key_for_a_callback_and_where_that_ends(tmp_path: Path) -> None:
    folder = tmp_path / "hotline"
    folder.mkdir()
    written(folder, small(OUT, rule('callback: {key: "2"}')))
    for language, queue, end in (
        ("C", "(General, key 2 for a callback)", "a callback of the queue general"),
        ("zh_CN", "（综合，按 2 等回拨）", "队列 general 的回拨"),
    ):
        _, output, _ = run(tmp_path, "--hotline", str(folder), "--keys", "0,2,2", lang=language)
        *_, waits, _, promised, unused = output.splitlines()
        assert waits.endswith(queue)
        assert promised.endswith(end)
        assert unused.endswith("2"), "the call is over"
    told = json.loads(run(tmp_path, "--hotline", str(folder), "--keys", "0,2", "--json")[1])
    assert (told["end"], told["left"]) == ({"callback": "general"}, [])
    _, output, _ = run(tmp_path, "--hotline", str(folder), typed="0\n2\n")
    assert "2: a callback of the queue general" in output


def test_silence_takes_its_time(tmp_path: Path) -> None:
    told = json.loads(run(tmp_path, "--keys", "1,silence", "--json")[1])
    _, asked, end = told["steps"]
    assert asked["did"] == "silence"
    assert end["at_s"] == pytest.approx(asked["at_s"] + asked["seconds"] + 5, abs=0.01)
    assert (end["place"], end["at_s"]) == ({"queue": "general"}, told["seconds"])


def test_in_chinese_and_in_a_language_of_the_hotline(tmp_path: Path) -> None:
    _, output, _ = run(tmp_path, "--keys", "1,2", "--language", "en", lang="zh_CN.UTF-8")
    assert "菜单 main：“Urban construction hotline." in output
    assert "英语" in output
    assert output.splitlines()[-1].endswith("分热线 greening-bureau（绿化市容局，2201）")


def test_for_programs(tmp_path: Path) -> None:
    told = json.loads(run(tmp_path, "--keys", "8,1,1,7", "--json", "--to", "12319")[1])
    assert (told["number"], told["end"], told["language"]) == ("12319", {"queue": "greening"}, "en")
    assert told["left"] == ["7"]
    assert [step["did"] for step in told["steps"]] == ["8", "1", "1", None]


def test_keys_are_typed_one_by_one(tmp_path: Path) -> None:
    status, output, errors = run(tmp_path, typed="2\n5\nx\n1\n#\n\nq\n")
    assert status == 0
    assert "q to hang up" in errors
    met = [line.split(" s  ")[1].split(":")[0] for line in output.splitlines() if " s  " in line]
    assert met == [
        "the menu main",
        "key 2",
        "the menu utilities",
        "key 5, which is not a key here",
        "the menu utilities",
        "key 1",
        "the queue water (Water supply)",
        "key #",
        "the menu main",
        "no key for 5 s",
        "the queue general (General)",
    ]
    assert "keys: #: the menu main" in output
    assert run(tmp_path, typed="3\n")[0] == 0, "the end of the input hangs up"


def test_a_scope_and_digits_are_walked_through(tmp_path: Path) -> None:
    folder = written(tmp_path, small(*SCOPE_AND_INPUT))
    status, output, _ = run(tmp_path, "--hotline", str(folder), typed="3\n\n\n4\n7\n#\n1\n")
    assert status == 0
    met = [line.split(" s  ")[1].split(":")[0] for line in output.splitlines() if " s  " in line]
    assert met == [
        "the menu main",
        "key 3",
        "the scope trees",
        "no key for 1.5 s",
        "the scope trees",
        "no key for 6 s",
        "the menu main",
        "key 4",
        "the input order",
        "key 7",
        "the input order",
        "key #",
        "the input order",
        "key 1",
        "the queue general (General)",
    ]
    assert "keys: 1: the queue general" in output
    assert "3: the scope trees, 4: the input order" in output


def test_a_key_without_effect_in_a_queue_is_told(tmp_path: Path) -> None:
    assert "without effect: 5" in run(tmp_path, typed="0\n5\nq\n")[1]
    assert "without effect: 5" in run(tmp_path, "--keys", "05")[1]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("--keys", "1,x"), "'x' is not a key of a telephone"),
        (("--at", "soon"), "'soon' is not a time: write 2026-10-01 09:00, or 09:00 for today"),
        (("--to", "110"), "110 is not a number of this hotline; its numbers: 12319"),
        (("--language", "fr"), "does not speak 'fr'; its languages: zh, en"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(tmp_path: Path, wrong: tuple[str, str], said: str) -> None:
    status, _, errors = run(tmp_path, *wrong)
    assert status == 1
    assert said in errors


def test_it_is_played_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[list[str]] = []

    async def play(arguments: list[str], **_: object) -> None:
        heard.append([Path(each).suffix for each in arguments if "/" in each])

    monkeypatch.setattr("publishing.prompts.run", play)
    monkeypatch.setattr("processes.tools.ensure", lambda *_: None)
    assert run(tmp_path, "--keys", "2,3", "--play")[0] == 0
    assert heard == [[".ogg", ".ogg"], [".ogg"], [".ogg"]], "greeting and menu, the next menu, the warning"


SINK = """\
#!/bin/sh
# sox, whose loudspeaker is a file
for last; do :; done
[ "$last" = -d ] || exec "{sox}" "$@"
set -- $(printf '%s\\n' "$@" | sed '$d')
exec "{sox}" "$@" -r 8000 -b 16 -c 1 -t wav "{folder}/$(ls "{folder}" | wc -l).wav"
"""


def test_what_the_caller_hears_is_played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs, heard = tmp_path / "programs", tmp_path / "heard"
    programs.mkdir()
    heard.mkdir()
    sox = shutil.which("sox")
    assert sox is not None
    script = programs / "sox"
    script.write_text(SINK.format(sox=sox, folder=heard))
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    status, output, errors = run(tmp_path / "state", "--keys", "2,3", "--play", "--json")
    assert status == 0, errors
    played = [length(heard / f"{number}.wav") for number in range(len(list(heard.iterdir())))]
    told = [step["seconds"] for step in json.loads(output)["steps"] if step["seconds"]]
    assert played == pytest.approx(told, abs=0.01)
    assert len(played) == 3


@pytest.mark.parametrize(
    ("voice", "spoken", "said"),
    [
        ("sox -n -r 16000 -b 16 {target} synth 0.6 sine 300", True, "speaking new sentences"),
        ("false {target}", False, "cannot be spoken: false ended with status 1"),
    ],
)
def test_a_new_sentence_is_spoken_to_be_played(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, voice: str, spoken: bool, said: str
) -> None:
    heard: list[int] = []

    async def play(arguments: list[str], **_: object) -> None:
        heard.append(sum("/" in each for each in arguments))

    monkeypatch.setattr("publishing.prompts.run", play)
    monkeypatch.setattr("processes.tools.ensure", lambda *_: None)
    monkeypatch.setenv("WUTONG_VOICE", voice)
    (tmp_path / "hotline").mkdir()
    folder = str(written(tmp_path / "hotline", small()))
    arguments = ["walk", "--hotline", folder, "--state", str(tmp_path), "--keys", "2", "--play", "--json"]
    done = CliRunner().invoke(app, arguments, env={"LC_ALL": "C"})
    assert done.exit_code == 0, done.output
    assert said in done.stderr
    assert done.stderr.count("speaking new") == (2 if spoken else 1), "what failed once is not tried again"
    first, second = json.loads(done.stdout)["steps"]
    assert (first["seconds"] is not None, second["seconds"] is not None) == (spoken, spoken)
    assert heard == ([2, 1] if spoken else [])
