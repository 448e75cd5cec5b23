"""Digits that a caller enters: each key, the end, and the confirmation. Pure."""

from dataclasses import dataclass, replace

from ivr.model import Input
from sounds.model import Digits, Speech, Words

END, RIGHT = "#", "1"
"""The keys that end the digits, and confirm them."""

_DIGITS = frozenset("0123456789")


@dataclass(frozen=True, slots=True)
class Collecting:
    """How far a caller is with an input.

    entered     the digits so far
    confirming  the caller is asked whether they are right
    asked       how often the caller was asked before
    """

    input: str
    entered: str = ""
    confirming: bool = False
    asked: int = 0


def speech(wanted: Input, now: Collecting) -> Speech:
    """What the caller hears before the next key; nothing between two digits."""
    if now.confirming:
        return Words(wanted.entered), Digits(now.entered, private=True), Words(wanted.confirm)
    return () if now.entered else (Words(wanted.say),)


def after(wanted: Input, now: Collecting, key: str | None) -> Collecting | str | None:
    """What follows a key (None: silence). A `Collecting`: the input goes on. A text: the digits that the caller has
    confirmed. None: all attempts are used up.

    Every way ends: each key is a digit of at most `most`, or counts as one more time that the caller is asked.
    """
    if now.confirming:
        if key == RIGHT:
            return now.entered
        return _again(wanted, now if key is None else replace(now, entered="", confirming=False))
    if key is not None and key in _DIGITS:
        entered = now.entered + key
        return replace(now, entered=entered, confirming=len(entered) == wanted.most)
    if key in (END, None) and len(now.entered) >= wanted.least:
        return replace(now, confirming=True)
    return _again(wanted, replace(now, entered=""))


def _again(wanted: Input, now: Collecting) -> Collecting | None:
    asked = now.asked + 1
    return None if asked >= wanted.attempts else replace(now, asked=asked)
