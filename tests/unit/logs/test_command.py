"""`./wutong logs`, as a person gives it."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from logs.command import NAMES, in_words, parsed
from service.cli.commands import app

NAME, SUPERVISOR = NAMES
AWAY = {"why": "it does not answer", "event": "asterisk-away", "level": "warning", "at": "2025-03-03T20:30:00.5Z"}
READY = {
    "hotline": "12319",
    "version": "ab12",
    "call": "c1",
    "event": "ready",
    "level": "info",
    "at": "2025-03-03T20:31Z",
}


@pytest.fixture
def state(in_shanghai: Path) -> Path:
    """A state folder with a log of two lines, the last one of call c1."""
    (in_shanghai / "log" / NAME).write_text(f"{json.dumps(AWAY)}\n{json.dumps(READY)}\n")
    return in_shanghai


def run(state: Path, *options: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ("logs", "--state", str(state), *options))
    return result.exit_code, result.stdout, result.stderr


def test_lines_are_said_in_words_with_the_hotlines_time(state: Path) -> None:
    assert run(state, "--language", "en")[1].splitlines() == [
        "2025-03-04 04:30:00  warning  Asterisk cannot be reached: it does not answer",
        "2025-03-04 04:31:00  info  Calls are taken: hotline 12319, version ab12  call=c1",
    ]
    assert (
        run(state, "--language", "zh")[1].splitlines()[0]
        == "2025-03-04 04:30:00  警告  连不上 Asterisk：it does not answer"
    )


def test_lines_as_they_are_steer_no_terminal_and_say_the_same(state: Path) -> None:
    """JSON leaves the steering characters from U+0080 on as they are, and a crash may leave anything."""
    hostile = {**AWAY, "why": "a\x1b[2J\x9b2J\u202eb 水 😀"}
    told = json.dumps(hostile, ensure_ascii=False)
    (state / "log" / NAME).write_text(f"{told}\nno JSON \x1b[2J\n")
    line, broken = run(state, "--json")[1].splitlines()
    assert (json.loads(line), line.isprintable()) == (hostile, True)
    assert "水 😀" in line
    assert broken == r"no JSON \u001b[2J"


def test_what_is_not_wanted_is_left_out(state: Path) -> None:
    for options in (("--call", "c1"), ("--lines", "1"), ("--since", "2025-03-04T04:31")):
        assert "Calls are taken" in run(state, "--language", "en", *options)[1]
        assert "Asterisk" not in run(state, "--language", "en", *options)[1]
    assert "Calls are taken" not in run(state, "--language", "en", "--level", "warning")[1]
    assert run(state, "--language", "zh", "--call", "c2") == (0, "", "没有符合条件的日志。\n")


def test_for_programs_lines_stay_as_they_are(state: Path) -> None:
    assert run(state, "--json")[1] == (state / "log" / NAME).read_text()


def test_a_folder_on_which_nothing_has_run_has_no_log(tmp_path: Path) -> None:
    status, _, errors = run(tmp_path / "nowhere")
    assert (status, "nothing has run" in errors, "./wutong up" in errors) == (1, True, True)


def test_a_wrong_time_and_a_wrong_level_are_refused(state: Path) -> None:
    assert run(state, "--since", "yesterday")[0] == 1
    assert run(state, "--level", "loud")[0] == 2
    assert run(state, "--language", "fr")[0] == 1


def test_what_strangers_have_sent_moves_no_cursor_and_a_traceback_stands_below() -> None:
    line = parsed(json.dumps({**AWAY, "why": "a\x1b[2J\r\nb", "exception": "Traceback\n  File \x07"}))
    said = in_words(line, "en", ZoneInfo("Asia/Shanghai"))
    assert "\x1b[2J" not in said
    assert "\x07" not in said
    assert said.splitlines()[1:] == ["    Traceback", "      File �"]


@pytest.mark.parametrize(
    ("ending", "status"), [(signal.SIGINT, 0), (signal.SIGTERM, -signal.SIGTERM), (signal.SIGHUP, -signal.SIGHUP)]
)
def test_follow_tells_what_comes_until_it_is_ended(state: Path, ending: signal.Signals, status: int) -> None:
    """Also in the background of a script, whose shell has it ignore SIGINT."""
    # the tests themselves may run under nohup, which has them ignore SIGHUP
    background = ["env", "--default-signal=HUP", "sh", "-c", "trap '' INT; exec \"$@\"", "sh"]
    command = [sys.executable, "-P", "-m", "service", "logs", "--follow", "--language", "en", "--state", str(state)]
    with subprocess.Popen([*background, *command], stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        try:
            assert "Asterisk cannot be reached" in program.stdout.readline()
            assert "Calls are taken" in program.stdout.readline()
            with (state / "log" / NAME).open("a") as file:
                file.write(json.dumps({**AWAY, "event": "ami-up"}) + "\n")
            assert "Connected to Asterisk" in program.stdout.readline()
            ended = {"what": "the service", "how": "killed", "again_in_s": 1, "level": "warning", "at": AWAY["at"]}
            (state / "log" / SUPERVISOR).write_text(json.dumps({**ended, "event": "ended"}) + "\n")
            assert "the service has ended (killed)" in program.stdout.readline()
            program.send_signal(ending)
            assert program.stdout.read() == ""
            assert program.wait() == status
        finally:
            program.kill()
