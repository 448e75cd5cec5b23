"""docs/commands.md, from the commands themselves: `python -m tools.commands`, after a change of one."""

import inspect
import re
from collections.abc import Iterator
from typing import Any

import typer

import lab.__main__  # noqa: F401 - its commands are ./wutong's too
from base.folders import CHECKOUT
from service.cli.commands import app

FILE = CHECKOUT / "docs" / "commands.md"

HEAD = """\
# The commands

`python -m tools.commands` makes this page from each command's `--help`. Without `--state` a command means the hotline
of this user ([the state folder](architecture.md#the-state-folder)). A command that fails says what to do, and ends with
a status other than 0. Messages and `--help` are in Chinese if the terminal is (`LANG=zh_CN.UTF-8`).
"""

_FOLLOW = {"[OPTIONS]", "COMMAND [ARGS]..."}


def page() -> str:
    """All commands, in the order of `./wutong --help`."""
    return "\n".join((HEAD, *_sections(typer.main.get_command(app), "./wutong", 2)))


def commands() -> list[str]:
    """As somebody types them: `up`, `user add`. A group that does something by itself is one as well."""
    return [name for name, command in _named(typer.main.get_command(app), "") if _runs(command)]


def _named(group: Any, before: str) -> Iterator[tuple[str, Any]]:
    for name, command in getattr(group, "commands", {}).items():
        if not command.hidden:
            full = f"{before} {name}".strip()
            yield full, command
            yield from _named(command, full)


def _runs(command: Any) -> bool:
    return getattr(command, "invoke_without_command", True) or not hasattr(command, "commands")


def _sections(group: Any, before: str, level: int) -> Iterator[str]:
    for name, command in getattr(group, "commands", {}).items():
        if command.hidden:
            continue
        context = command.make_context(f"{before} {name}", [], resilient_parsing=True)
        yield f"{'#' * level} {name}\n"
        if _runs(command):
            yield f"`{_usage(context)}`\n"
        yield f"{_plain(command.help)}\n"
        rows = [record for each in command.get_params(context) if (record := each.get_help_record(context))]
        if rows := [(name, words) for name, words in rows if name != "--help"]:
            yield "\n".join(f"- `{name}`: {' '.join(words.split())}" for name, words in rows) + "\n"
        yield from _sections(command, context.command_path, level + 1)


def _usage(context: typer.Context) -> str:
    """What is typed, without the options and the commands of a group: they follow."""
    pieces = [re.sub("[{}]", "", piece).upper() for piece in context.command.collect_usage_pieces(context)]
    return " ".join((context.command_path, *(piece for piece in pieces if piece not in _FOLLOW)))


def _plain(text: str | None) -> str:
    return inspect.cleandoc(text or "").replace("\b\n", "")


if __name__ == "__main__":
    FILE.write_text(page(), encoding="utf-8")
