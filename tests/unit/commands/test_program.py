"""What Typer says of a mistake and in help, in Chinese: nothing of it stays English."""

import os
import pty
import re
import subprocess
import sys

import pytest
import typer
from rich.cells import cell_len

import lab.__main__  # noqa: F401 - its commands are ./wutong's too
from base.folders import CHECKOUT
from service.cli import commands
from service.cli.commands import app
from tests.unit.commands.given import given
from tools.commands import _named

ENGLISH = re.compile(r"(?<!\./)\b[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}")
"""Three words of a sentence. Two may be a value's type, such as `<float range>`."""

ALL = ["", *(name for name, _ in _named(typer.main.get_command(app), ""))]


@pytest.mark.parametrize("command", ALL)
def test_help_is_chinese_and_fits_the_terminal(command: str) -> None:
    shown = given(*command.split(), "--help", lang="zh_CN.UTF-8").output
    usage, _, rest = shown.partition("\n\n")
    assert usage.startswith(f"用法：wutong {command}".rstrip())
    assert ENGLISH.findall(rest) == []
    assert max(map(cell_len, shown.splitlines())) <= 80


def test_help_in_english_is_typers_own() -> None:
    shown = given("down", "--help").output
    assert "Stop what `up` started. Asks while calls are live." in shown
    assert "--help       Show this message and exit." in shown


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("--bogus", "错误：没有选项 --bogus"),
        ("down --bogus", "错误：没有选项 --bogus"),
        ("down --stat x", "错误：没有选项 --stat（可用的有：--state）"),
        ("dwn", "错误：没有命令 'dwn'。是否想用 'down'？"),
        ("xxxxxxxx", "错误：没有命令 'xxxxxxxx'。"),
        ("check", "错误：缺少参数 'DIR'。"),
        ("user add wang", "错误：缺少选项 '--role'。"),
        ("down too many", "错误：多余的参数：too many"),
        ("down --state", "错误：选项 '--state' 需要一个值。"),
        ("down --yes=x", "错误：选项 '--yes' 不带值。"),
        ("logs --lines none", "错误：'--lines' 的值不对：应为整数，给出的文字不是整数"),
        ("logs --lines 0", "错误：'--lines' 的值不对：最小为 1"),
        ("logs --level loud", "错误：'--level' 的值不对：'loud' 不在可选的值中：'debug', 'info', 'warning', 'error'"),
    ],
)
def test_a_mistake_is_told_in_chinese(typed: str, said: str) -> None:
    done = given(*typed.split(), lang="zh_CN.UTF-8", status=2)
    assert done.stdout == ""
    assert done.stderr.splitlines()[-1] == said
    assert all(line.startswith(("用法：", "全部选项：", "错误：")) for line in done.stderr.splitlines() if line)


def test_a_mistake_in_english_says_how_the_command_is_used() -> None:
    assert given("check", status=2).stderr == (
        "Usage: wutong check [OPTIONS] {DIR}\nTry 'wutong check --help' for help.\n\nError: Missing argument 'DIR'.\n"
    )


def test_a_group_without_a_command_shows_its_help_alone() -> None:
    assert given("user", lang="zh_CN.UTF-8", status=2).stderr == given("user", "--help", lang="zh_CN.UTF-8").stdout


def test_the_systems_words_are_chinese(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    monkeypatch.setattr(sys, "argv", ["wutong", "schema", "--to", "/dev/null/folder"])
    with pytest.raises(SystemExit):
        commands.main()
    assert capsys.readouterr().err == "'/dev/null/folder'：它不是文件夹（errno 20）\n"


ADDING = """
from accounts import commands

print(commands._password())
"""


def test_a_password_is_asked_for_in_chinese_until_it_is_typed_twice() -> None:
    person, terminal = pty.openpty()
    asked = subprocess.Popen(
        [sys.executable, "-c", ADDING],
        cwd=CHECKOUT,
        stdin=terminal,
        stdout=subprocess.PIPE,
        stderr=terminal,
        start_new_session=True,
        env={**os.environ, "LC_ALL": "zh_CN.UTF-8", "PYTHONUTF8": "1"},
        text=True,
    )
    os.close(terminal)
    for prompt, typed in (("密码：", "one"), ("再输一次：", "other"), ("密码：", "same"), ("再输一次：", "same")):
        shown = b""
        while not shown.endswith(prompt.encode()):
            shown += os.read(person, 1)
        os.write(person, f"{typed}\n".encode())
    assert asked.communicate()[0] == "same\n"
    os.close(person)
