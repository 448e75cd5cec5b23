"""Spans of time and moments, as people type them: `90d`, `12h`, `30m`; `2025-03-03`, `2025-03-03T09:30`."""

import re
from datetime import UTC, datetime, timedelta, tzinfo

from base.failure import NotDone

_SPAN = re.compile(r"([0-9]{1,6})([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


def seconds(text: str) -> float:
    """`90d` is 7,776,000. Raises NotDone."""
    parts = _SPAN.fullmatch(text)
    if parts is None:
        raise NotDone(f"{text!r} is no span of time: write a number and s, m, h or d, such as 90d")
    return float(parts[1]) * _SECONDS[parts[2]]


def moment(text: str, zone: tzinfo) -> str:
    """ISO 8601, UTC: of a date or a time in `zone`, or of a span ago. Raises NotDone."""
    if _SPAN.fullmatch(text):
        return (datetime.now(UTC) - timedelta(seconds=seconds(text))).isoformat()
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC).isoformat()
    except (ValueError, OverflowError):  # as the year 1 in a zone east of UTC
        raise NotDone(f"{text!r} is no time: write 2025-03-03, 2025-03-03T09:30, or a span such as 7d") from None
