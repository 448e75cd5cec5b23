"""`./wutong selftest`: has the hotline call itself, and shows what differs from its menu tree."""

import json
import time
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Protocol

import typer

from commands.options import AsJson, State, client_of
from sentences.languages import here
from sentences.sentence import Sentence

LOOK_EVERY = 0.5
"""Seconds between two looks at it."""


class Service(Protocol):
    """The running service, as `commands.client.Client` asks it."""

    def begin_selftest(self) -> None: ...
    def stop_selftest(self) -> None: ...
    def selftest(self) -> dict[str, Any]: ...


def add_to(app: typer.Typer) -> None:
    """Make it a command of `./wutong`."""
    app.command()(selftest)


def selftest(
    last: Annotated[bool, typer.Option("--last", help="Call nothing; show what the last one found.")] = False,
    state: State = None,
    as_json: AsJson = False,
) -> None:
    """Call the hotline as citizens do, path by path, and say what differs from the menu tree. Ctrl-C stops it.

    Exit status 1 if anything differs, 3 if not all calls were made.
    """
    raise typer.Exit(follow(client_of(state), last=last, as_json=as_json))


def follow(
    service: Service,
    *,
    last: bool,
    as_json: bool,
    show: Callable[[str], object] = typer.echo,
    note: Callable[[str], object] = lambda line: typer.echo(line, err=True),
    sleep: Callable[[float], object] = time.sleep,
) -> int:
    """Begin a self-test and show what it finds until it has ended; the exit status. `last`: show the last one. `show`
    gets what was found, `note` how far it is.
    """
    if not last:
        service.begin_selftest()
    shown, way = 0, None
    try:
        while True:
            now = service.selftest()
            made = now["last"]
            if made is None:
                note(here(Sentence("There was no self-test yet.")))
                return 3
            if not as_json:
                for difference in made["differences"][shown:]:
                    show(f"✗ {line(difference)}")
                shown = len(made["differences"])
                if now["way"] not in (None, way):
                    way = now["way"]
                    note(f"{made['called'] + 1}/{made['ways']}  {way}")
            if last or not now["running"]:
                break
            sleep(LOOK_EVERY)
    except KeyboardInterrupt:
        service.stop_selftest()
        raise
    if as_json:
        show(json.dumps(made, ensure_ascii=False))
    else:
        _summary(made, lambda words: show(here(words)))
    if made["ended"] is None or made["stopped"] is not None:
        return 3
    return 1 if made["differences"] else 0


def line(difference: Mapping[str, Any]) -> str:
    """One difference: `12319 2,1: the call ends at …`."""
    called = f"{difference['number']} {','.join(difference['keys'])}".rstrip()
    return f"{called}: {difference['sentence']}"


def _summary(made: Mapping[str, Any], show: Callable[[str], object]) -> None:
    found = len(made["differences"]) + made["more"]
    if made["more"]:
        show(Sentence("and {more} more", more=made["more"]))
    show(
        Sentence(
            "calls: {called} of {ways}, differences: {found}", called=made["called"], ways=made["ways"], found=found
        )
    )
    if made["slowest_s"] is not None:
        show(Sentence("A person answered after {seconds:.1f} s at most.", seconds=made["slowest_s"]))
    if made["spared"]:
        lines = ", ".join(made["spared"])
        show(Sentence("Not rung, as they do not allow it (`selftest` in hotline.yaml): {lines}", lines=lines))
    if not made["recogniser"]:
        show(
            Sentence(
                "Left out: whether the words are understood, only that something is heard. The recogniser is not "
                "installed: ./wutong prompts install --recogniser"
            )
        )
    if made["why"] is not None:
        show(Sentence("Not all calls were made: {why}", why=made["why"]))
