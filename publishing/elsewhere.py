"""What `publish` and `rollback` show before they ask: who of the last days' callers would have ended elsewhere.

The service replays them, as for the console: within a minute, and beside the calls.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from commands.client import REPLAY_TIMEOUT, Client, Refused
from publishing.version_commands import DAYS
from sentences.languages import worded

MOST_SHOWN = 5
"""Changes that are shown, those of the most callers; `./wutong replay` shows all."""


class Callers(NamedTuple):
    """Whose calls are replayed: those of so many days, 0: nobody's. `within`: seconds that is waited for it."""

    days: int = DAYS
    within: float = REPLAY_TIMEOUT


def elsewhere(
    client: Client, files: Mapping[str, str], callers: Callers, language: str, draft: str = "DRAFT"
) -> Iterator[str]:
    """The sentences. A replay that cannot be done is reported, and keeps nobody from publishing. `draft`: what these
    files are, for `./wutong replay`.
    """
    days = callers.days
    if days == 0:
        return
    try:
        found = client.replay(files, days, callers.within)
    except Refused as refused:
        why = refused.problem["detail"]
        yield worded(
            "What the callers of the last {days} days would meet is not known: {why}", language, days=days, why=why
        )
        return
    if not found["callers"]:
        yield worded("No caller of the last {days} days is recorded", language, days=days)
        return
    yield found["summary"]
    changes = found["changes"]
    yield from (each["sentence"] for each in changes[:MOST_SHOWN])
    if (more := len(changes) - MOST_SHOWN) > 0:
        yield worded("{more} more: ./wutong replay {draft} --days {days}", language, more=more, draft=draft, days=days)
