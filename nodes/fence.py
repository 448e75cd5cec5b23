"""Only the leader writes Records."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from journal.store import Refused
from journal.writer import Fence
from nodes.tables import leaders
from sentences.sentence import Sentence

SESSIONS = {"idle_in_transaction_session_timeout": "800"}
"""Of the sessions that write: a leader that is frozen in the middle of a batch keeps the next one waiting for no longer
(milliseconds)."""


def fence(holder: str) -> Fence:
    """Lets those batches pass in whose transaction this holder leads, and goes on leading until they are committed: who
    takes over waits for that. Else raises `journal.store.Refused`.
    """
    query = select(leaders.c.holder).where(leaders.c.id == 1).with_for_update(read=True)

    async def check(connection: AsyncConnection) -> None:
        if await connection.scalar(query) != holder:
            raise Refused(Sentence("another machine leads, and only the leader writes Records"))

    return check
