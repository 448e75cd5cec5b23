"""What a command asks of the journal by itself, whether the service runs or not."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from base.failure import NotDone
from journal import database
from sentences.of_libraries import recognised

DAY = 86_400.0
"""Seconds."""

Answer = TypeVar("Answer")


def asked(where: Path | str, question: Callable[[AsyncConnection], Awaitable[Answer]]) -> Answer:
    """The answer to a question. `where`: a file or a URL. Raises NotDone where there is no journal, or none to read."""
    expect(where)
    try:
        return asyncio.run(_asked(where, question))
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        raise NotDone(
            "the calls cannot be read: {why}", why=recognised(getattr(error, "orig", None) or error)
        ) from error


def expect(where: Path | str) -> None:
    """Raise NotDone where there is no journal yet."""
    file = database.file_of(where)
    if file is not None and not file.is_file():
        raise NotDone(
            "no calls have been recorded: there is no {file}. ./wutong up makes it; if it is in another state "
            "folder, give --state DIR",
            file=file,
        )


async def _asked(where: Path | str, question: Callable[[AsyncConnection], Awaitable[Answer]]) -> Answer:
    engine = database.open(where)
    try:
        async with engine.connect() as connection:
            return await question(connection)
    finally:
        await engine.dispose()
