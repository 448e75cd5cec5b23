"""What `publish` and `rollback` tell before they ask: who of the last days' callers would have ended elsewhere.

The service replays them, as for the console: within a minute, and beside the calls.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from base.hints import either
from commands.client import REPLAY_TIMEOUT, Client, Refused

DAYS = 7

TOLD = 5
"""Changes that are told, those of the most callers; `./wutong replay` tells all."""


class Callers(NamedTuple):
    """Whose calls are replayed: those of so many days, 0: nobody's. `within`: seconds that is waited for it."""

    days: int = DAYS
    within: float = REPLAY_TIMEOUT


def elsewhere(
    client: Client, files: Mapping[str, str], callers: Callers, language: str, draft: str = "DRAFT"
) -> Iterator[str]:
    """The sentences. A replay that cannot be done is told, and keeps nobody from publishing. `draft`: what these files
    are, for `./wutong replay`.
    """
    days = callers.days
    if days == 0:
        return
    try:
        found = client.replay(files, days, callers.within)
    except Refused as refused:
        why = refused.problem["detail"]
        zh = f"最近 {days} 天的来电者会怎样，无法得知：{why}"
        yield either(zh, f"What the callers of the last {days} days would meet is not known: {why}", language)
        return
    if not found["callers"]:
        yield either(f"最近 {days} 天没有来电记录", f"No caller of the last {days} days is recorded", language)
        return
    yield found["summary"]
    changes = found["changes"]
    yield from (each["sentence"] for each in changes[:TOLD])
    if (more := len(changes) - TOLD) > 0:
        zh = f"另有 {more} 项：./wutong replay {draft} --days {days}"
        yield either(zh, f"{more} more: ./wutong replay {draft} --days {days}", language)
