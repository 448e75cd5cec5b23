"""Time in commands: spans and moments as people type them (`90d`, `12h`, `30m`; `2025-03-03`, `2025-03-03T09:30`), and
the zone in which moments are shown: the hotline's, as its callers and agents live in it.
"""

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from base.failure import NotDone
from base.folders import StateFolder
from sentences.sentence import Sentence

_SPAN = re.compile(r"([0-9]{1,6})([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


def seconds(text: str) -> float:
    """`90d` is 7,776,000. Raises NotDone."""
    parts = _SPAN.fullmatch(text)
    if parts is None:
        raise NotDone(
            Sentence("{text!r} is not a span of time: write a number and s, m, h or d, such as 90d", text=text)
        )
    return float(parts[1]) * _SECONDS[parts[2]]


def moment(text: str, zone: tzinfo) -> str:
    """ISO 8601, UTC: of a date or a time in `zone`, or of a span ago. Raises NotDone."""
    if _SPAN.fullmatch(text):
        return (datetime.now(UTC) - timedelta(seconds=seconds(text))).isoformat()
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC).isoformat()
    except (ValueError, OverflowError):  # as the year 1 in a zone east of UTC
        raise NotDone(
            Sentence("{text!r} is not a time: write 2025-03-03, 2025-03-03T09:30, or a span such as 7d", text=text)
        ) from None


def zone_of(folder: StateFolder) -> tzinfo:
    """The zone of the hotline that runs on this state folder, or ran last; this machine's where none is known."""
    with suppress(OSError, KeyError, ValueError):  # none was kept yet; no such zone
        return ZoneInfo(folder.timezone.read_text(encoding="utf-8"))
    return datetime.now().astimezone().tzinfo or UTC


def minute(moment: str, zone: tzinfo) -> str:
    """ISO 8601, as HTTP has it, to the minute in that zone: `2025-03-03 09:30+08:00`."""
    return datetime.fromisoformat(moment).astimezone(zone).isoformat(sep=" ", timespec="minutes")


def exact(moment: str, zone: tzinfo) -> str:
    """The same to the millisecond, as `--until` takes it: `2025-03-03T09:30:00.125+08:00`."""
    return datetime.fromisoformat(moment).astimezone(zone).isoformat(timespec="milliseconds")
