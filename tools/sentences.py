"""Brings the catalogues in `sentences/` up to date: `python -m tools.sentences`, from the top of a checkout.

A sentence without a line gets an empty one, which a person fills; a line of which no module says the sentence goes.
"""

import ast
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from typer.main import get_command

import lab.__main__  # noqa: F401 - its commands are ./wutong's too
from commands.program import help_of
from ivr.model import KINDS
from sentences.languages import FOLDER
from service.cli.commands import app
from tests.product import SOURCES

MARKS = {"Sentence": 0, "template": 0, "worded": 0, "finding": 2, "NotDone": 0, "NotPossible": 0}
"""What the templates of sentences are given to, and how many arguments come before."""


def found() -> Iterator[str]:
    """The templates of all sentences of the product."""
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_bytes())):
            match node:
                case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=given) if name in MARKS:
                    match given[MARKS[name] :]:
                        case [ast.Constant(value=str() as template), *_]:
                            yield template
    yield from explained(get_command(app))
    yield from (kind.look.en for kind in KINDS.values() if kind.section)  # `hotline.model` makes sentences of these


def explained(command: Any) -> Iterator[str]:
    """The help of a command, of its options, and of the commands in it."""
    yield from map(help_of, (command, *command.params))
    for each in getattr(command, "commands", {}).values():
        yield from explained(each)


def main() -> None:
    for file in FOLDER.glob("*.po"):
        update(file)


def update(file: Path) -> None:
    known = read_po(BytesIO(file.read_bytes()))
    catalog = Catalog(fuzzy=False, header_comment=f"# Sentences of Wutong in the language {file.stem}.")
    for words in sorted(set(found())):
        old = known.get(words)
        catalog.add(words, old.string if old is not None else "")
    with file.open("wb") as out:
        write_po(out, catalog, width=120, omit_header=True)


if __name__ == "__main__":
    main()
