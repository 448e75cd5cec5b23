"""When a message ends: what a person wrote, as a moment. Pure.

`06:00` is the next time that the hotline's clock shows 06:00, whatever the clock does in that night:

- The clock goes back: an hour comes twice. The next of the two counts.
- The clock goes forward: times are left out. One of them is the moment of the change.
"""

import re
from datetime import datetime, timedelta, tzinfo

from base.hints import shortened
from emergency.model import shown
from hotline.durations import BadDuration, seconds
from hotline.durations import spoken as duration
from ivr.timetable import first_shown
from sentences.sentence import Sentence

LEAST = 60.0
"""Seconds that a message is on at least."""

_CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[:：]([0-5][0-9])")
_PARTS = re.compile(r"(?:[0-9.]+[smhd])+")
_PART = re.compile(r"[0-9.]+[smhd]")


class BadEnd(ValueError):
    """No message may end then. The sentence says why, and what to write."""


def end(written: str, now: float, zone: tzinfo, longest: float) -> float:
    """The moment in seconds since the epoch. `now` too; `longest`: seconds that a message may be on.

    `written`: a time of the clock (`06:00`), how long (`2h`, `1h30m`), or a date with a time (ISO 8601; without a zone
    it is the hotline's, `zone`). Raises BadEnd.
    """
    moment = _moment(written.strip(), now, zone)
    if moment < now + LEAST:
        raise BadEnd(
            Sentence("{moment} is over, or less than a minute away: give a later end", moment=shown(moment, zone))
        )
    if moment > now + longest:
        raise BadEnd(
            Sentence(
                "{moment} is more than {duration} away, and a message is on for so long at most: give an "
                "earlier end, and renew the message before it",
                moment=shown(moment, zone),
                duration=duration(longest),
            )
        )
    return moment


def _moment(text: str, now: float, zone: tzinfo) -> float:
    if clock := _CLOCK.fullmatch(text):
        return _next_shown(int(clock[1]) * 60 + int(clock[2]), now, zone)
    length = _length(text) if _PARTS.fullmatch(text) else None
    try:
        moment = _written(text, zone) if length is None else now + length
        datetime.fromtimestamp(moment, zone)  # the zone's clock has to have that year, to show it
    except (ValueError, OverflowError):
        raise BadEnd(
            Sentence(
                "{text!r} is no end: write a time such as 06:00, how long such as 2h, or a date with a "
                "time such as 2025-03-03 06:00",
                text=shortened(text, 30),
            )
        ) from None
    return moment


def _length(text: str) -> float:
    """Raises BadEnd."""
    try:
        return sum(seconds(part) for part in _PART.findall(text))
    except BadDuration as bad:
        raise BadEnd(Sentence("{said}: {hint}", said=bad.message, hint=bad.hint)) from None


def _written(text: str, zone: tzinfo) -> float:
    """A date with a time. Raises ValueError, OverflowError."""
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo is not None else at.replace(tzinfo=zone)).timestamp()


def _next_shown(minute: int, now: float, zone: tzinfo) -> float:
    """The first moment after `now` at which the clock shows that minute of a day, or jumps over it."""
    today = datetime.fromtimestamp(now, zone).date()
    found = []
    for ahead in (-1, 0, 1, 2):  # the clock may go back over midnight
        day = today + timedelta(days=ahead)
        found.append(first_shown(zone, day, minute))
        wall = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone, fold=1)
        again = wall.timestamp()
        if datetime.fromtimestamp(again, zone).replace(tzinfo=None) == wall.replace(tzinfo=None, fold=0):
            found.append(again)
    return min(moment for moment in found if moment > now)
