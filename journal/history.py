"""What a start needs from earlier runs: a snapshot of the state and the Records since, wherever they are kept.

The spool (`journal.spool`) is the first history: it has everything. The database is the second: it gets a snapshot
whenever the spool begins a segment, and the Records in batches. So another machine can take over what the database has.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from journal import store
from journal.records import Record


class HistoryUnavailable(Exception):
    """The history cannot be read; the cause tells why."""


class Past(NamedTuple):
    """The newest snapshot, None if there is none, and all Records since, in order."""

    snapshot: Mapping[str, Any] | None
    records: Sequence[Record]


class History(Protocol):
    async def recall(self) -> Past:
        """Read the history. Raises HistoryUnavailable."""


class DatabaseHistory:
    """The database's history of the service on `node`. Without a snapshot it is empty, even if there are Records."""

    def __init__(self, database: AsyncEngine, node: str) -> None:
        self._database = database
        self._node = node

    async def recall(self) -> Past:
        try:
            async with self._database.connect() as connection:
                newest = await store.newest_snapshot(connection, self._node)
                if newest is None:
                    return Past(None, ())
                seq, state = newest
                return Past(json.loads(state), await store.records_after(connection, seq))
        except (SQLAlchemyError, OSError, TimeoutError, ValueError) as error:  # ValueError: its content is damaged
            raise HistoryUnavailable(f"the database's history cannot be read: {type(error).__name__}") from error
