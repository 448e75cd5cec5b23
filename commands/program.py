"""The command line as a whole, in the terminal's language: how it fails, and what Typer says of mistakes and in help.

Typer speaks English. What it says of a mistake is among the sentences of libraries; the help of commands and options is
in the catalogues, too, and is looked up when somebody asks for it.
"""

import sys
from collections.abc import Iterable
from typing import Any
from unicodedata import east_asian_width

import typer
from typer.core import TyperGroup

from base.failure import NotDone
from base.own_program import NotOurProgram
from commands.options import say
from sentences.languages import here, language_here
from sentences.of_libraries import recognised
from sentences.sentence import Sentence, joined, template

_Context: Any = TyperGroup.context_class
_Formatter: Any = _Context.formatter_class

FILL = "\0"
"""Follows each wide character while Typer wraps lines: it counts characters, and such a one takes two cells."""

HEADINGS = (template("Arguments"), template("Options"), template("Commands"))


class Commands(TyperGroup):
    """`./wutong`, with all its commands."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        _speak(self)

    def main(self, *arguments: Any, **given: Any) -> Any:
        """Run a command and end the program. A failure becomes a sentence."""
        status, why = 1, ""
        try:
            status = super().main(*arguments, **{**given, "standalone_mode": False}) or 0
        except (NotDone, NotOurProgram) as error:
            why = str(error)
        except typer.Abort:
            why = Sentence("Broken off")
        except typer.TyperException as mistake:
            status, why = mistake.exit_code, _words(mistake)
        if why:
            say(why, err=True)
        sys.exit(status)


def _words(mistake: Any) -> str:
    """How the command is used, and what is wrong. A group without a command is no mistake: its help is shown."""
    context, why = getattr(mistake, "ctx", None), mistake.format_message()
    wrong = Sentence("Error: {why}", why=recognised(why))
    if context is None:
        return wrong
    if why == context.get_help():
        return str(why)
    usage, command = context.get_usage(), context.command_path
    return Sentence("{usage}\nTry '{command} --help' for help.\n\n{wrong}", usage=usage, command=command, wrong=wrong)


def help_of(thing: Any) -> str:
    """The help of a command or of a parameter, in one line: what stands in the catalogues."""
    return " ".join((thing.help or "").split())


def _speak(command: Any) -> None:
    """Have this command and those in it explain themselves in the terminal's language."""
    command.context_class = _Explained
    for each in getattr(command, "commands", {}).values():
        _speak(each)


class _Explained(_Context):  # type: ignore[misc]  # Typer's own class is in a private module
    """A run of a command; whoever makes its formatter is about to explain it."""

    def make_formatter(self) -> Any:
        if language_here() == "en":
            return super().make_formatter()
        for each in (self.command, *self.command.get_params(self)):
            each.help = here(Sentence(help_of(each)))
        for each in getattr(self.command, "commands", {}).values():
            first, full_stop, _ = here(Sentence(help_of(each))).partition("。")
            each.short_help = first + full_stop
        return _Wide(width=self.terminal_width, max_width=self.max_content_width)


class _Wide(_Formatter):  # type: ignore[misc]
    """Lays out help that is not English."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or here(Sentence("Usage: ")))

    def write_heading(self, heading: str) -> None:
        self.write(here(Sentence("{heading}:\n", heading=Sentence(heading))))

    def write_text(self, text: str) -> None:
        super().write_text(_filled(text))

    def write_dl(self, rows: Iterable[tuple[str, str]], *more: Any) -> None:
        super().write_dl([(name, _filled(_explained(words))) for name, words in rows], *more)

    def getvalue(self) -> str:
        return str(super().getvalue()).replace(FILL, "")


def _filled(text: str) -> str:
    return "".join(each + FILL if east_asian_width(each) in "WF" else each for each in text)


def _explained(words: str) -> str:
    """What follows an option; Typer ends it with `[default: 60; 1<=x<=600]`."""
    before, begun, more = words.rpartition("  [")
    if not begun:
        return words
    return f"{before}  [{here(joined(map(recognised, more[:-1].split('; '))))}]"
