"""What another hotline changes for callers, as commands say it: `diff` and `replay`."""

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from calls.paths import KINDS, CallPath
from commands.journal import DAY, asked
from hotline.inwords import written
from hotline.model import Hotline
from ivr.walk import Stop
from journal import store
from journal.records import Kind
from processes import users
from publishing.differences import Difference, differences
from publishing.replay import Change, Recorded, Replay, replay, sentence, sentences
from publishing.store import loaded, named
from sentences.languages import worded
from settings.settings import Settings


@dataclass(slots=True)
class _Call:
    """A call that is being read."""

    path: CallPath
    number: str
    at: float
    caller: str


@dataclass(frozen=True, slots=True)
class Past:
    """What was read: each caller's path, and how many calls show none: menus began again, or there was no menu."""

    recorded: tuple[Recorded, ...]
    not_counted: int


def replayed(settings: Settings, draft: Hotline, days: int) -> tuple[Past, Replay]:
    """The callers of the last `days`, and what differs for them. Raises NotDone: the journal cannot be read."""
    users.become_owner_of(settings.folder.root)
    since = time.time() - days * DAY
    past = asked(settings.database, lambda connection: read(connection, since))
    return past, replay(draft, past.recorded)


async def read(connection: AsyncConnection, since: float) -> Past:
    """The callers whose calls began since that moment, in epoch seconds. Test calls are not callers."""
    calls: dict[str, _Call] = {}
    parsed: dict[str, Any] = {}  # most Records have the same few data: reading JSON would take the longest
    async for rows in store.since(connection, since, KINDS):
        for at, kind, call_id, queue, text in rows:
            data = parsed.get(text)
            if data is None:
                data = json.loads(text)
                if kind != Kind.CALL_STARTED:
                    parsed[text] = data
            call = calls.get(call_id)
            if call is None:
                if kind != Kind.CALL_STARTED or "test" in data:
                    continue
                call = _Call(CallPath(), str(data.get("number", "")), at, str(data.get("caller", "")))
                calls[call_id] = call
            call.path.feed(kind, queue, data)
    recorded, broken = list[Recorded](), 0
    for call in calls.values():
        path = call.path.path
        if path is None:
            broken += 1
        else:
            recorded.append(Recorded(path, call.number, call.at, call.caller))
    return Past(tuple(recorded), broken)


def summary(found: Replay, days: int, language: str) -> str:
    """How many of the callers are concerned."""
    return worded(
        "Of {callers:,} callers in the last {days} days {elsewhere:,} would have ended elsewhere",
        language,
        callers=found.callers,
        days=days,
        elsewhere=found.elsewhere,
    )


def replay_in_words(past: Past, found: Replay, days: int, language: str) -> Iterable[str]:
    """All of it, in sentences."""
    yield summary(found, days, language)
    yield from sentences(found, language)
    if past.not_counted:
        yield worded(
            "{count:,} more calls do not count: their menus began again, or they came to no menu and no queue",
            language,
            count=past.not_counted,
        )


def document(past: Past, found: Replay, days: int, language: str) -> dict[str, Any]:
    """All of it, for programs."""
    return {
        "days": days,
        "until": datetime.now(UTC).isoformat(),
        "callers": found.callers,
        "paths": found.paths,
        "elsewhere": found.elsewhere,
        "not_counted": past.not_counted,
        "changes": [
            {"callers": count, **_change(change), "sentence": sentence(found, change, count, language)}
            for change, count in found.changes
        ],
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "number": change.number or None,
        "at": None if change.here is None else written(change.here.node),
        "did": change.did or None,
        "before": _stop(change.before),
        "after": None if change.after is None else _stop(change.after),
    }


def _stop(stop: Stop) -> dict[str, Any]:
    """`language` null: callers of every language."""
    return {**written(stop.node), "language": stop.language or None}


# `./wutong diff`: what changes for a caller from one hotline to another.


def between(settings: Settings, old: str, new: str, language: str) -> list[Difference]:
    """What changes for a caller from the hotline named `old` to the one named `new`. Raises NotDone."""
    before, after = (loaded(named(settings, name)) for name in (old, new))
    return differences(before, after, language)


def nothing(language: str) -> str:
    """The sentence for two hotlines that are the same to callers."""
    return worded("Nothing changes for callers", language)


def differences_document(found: list[Difference]) -> list[dict[str, Any]]:
    """For programs: the node as a destination is written; null: the whole hotline."""
    return [{"at": None if each.node is None else written(each.node), "sentence": each.sentence} for each in found]
