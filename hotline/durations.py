"""Durations as they are written: a number and a unit, `5s`, `1.5m`, `2h`, `90d`."""

import re

from base.hints import shortened
from sentences.sentence import Sentence

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
WRITTEN = r"([0-9]{1,6}(?:\.[0-9]{1,3})?)([smhd])"
"""A pattern that each duration fits."""

_WRITTEN = re.compile(WRITTEN)


class BadDuration(ValueError):
    """It is not a duration. `message` says what is wrong, `hint` what to do."""

    def __init__(self, message: Sentence, hint: Sentence) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def seconds(written: str) -> float:
    """`"2m"` → 120.0. Raises BadDuration."""
    text = written.strip()
    match = _WRITTEN.fullmatch(text)
    if match:
        return float(match[1]) * _UNITS[match[2]]
    shown = shortened(text, 20)
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
        raise BadDuration(
            Sentence("the duration {given} has no unit", given=shown),
            Sentence("write {seconds}s, {minutes}m or so", seconds=shown, minutes=shown),
        )
    if text.startswith("-"):
        raise BadDuration(Sentence("the duration {given!r} is negative", given=shown), Sentence("write 0s or more"))
    if apart := re.fullmatch(r"([0-9.]+)\s*(s|m|h|d|sec|min|hour|day|秒|分|分钟|小时|天)[a-z]*", text, re.IGNORECASE):
        unit = {"秒": "s", "分": "m", "分钟": "m", "小时": "h", "天": "d"}.get(apart[2], apart[2][0].lower())
        raise BadDuration(
            Sentence("{given!r} is not a duration", given=shown),
            Sentence("write {apart}{unit}", apart=shortened(apart[1], 20), unit=unit),
        )
    raise BadDuration(
        Sentence("{given!r} is not a duration", given=shown),
        Sentence("write a number and s, m, h or d, such as 30s, 5m or 1h"),
    )


def spoken(value: float) -> str:
    """For messages: 90.0 → `90s`, 120.0 → `2m`."""
    for unit in ("d", "h", "m"):
        if unit == "d" and value < 2 * _UNITS["d"]:
            continue  # a day is shown in hours
        if value >= _UNITS[unit] and value % _UNITS[unit] == 0:
            return f"{value / _UNITS[unit]:g}{unit}"
    return f"{value:g}s"
