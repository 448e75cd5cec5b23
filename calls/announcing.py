"""What a waiting caller hears of the queue, with the announcements. Pure."""

from acd.effects import Announce
from hotline.callbacks import CallbackRule
from sounds.model import Counted, Digits, Phrase, Speech, Words


def announcement(effect: Announce) -> Speech:
    """What is said: position and estimate, or that nobody is there, then the queue's own message."""
    nobody = (Phrase("nobody-there"),) if effect.nobody else ()
    place = position(effect.position) if effect.position is not None else ()
    estimate = _estimate(effect.wait) if effect.wait is not None else ()
    message = (Words(effect.text),) if effect.text is not None else ()
    return (*nobody, *place, *estimate, *message)


def callback_offer(rule: CallbackRule, expected: float | None, *, called_back: bool) -> Speech:
    """What a waiting caller hears of callbacks. `expected`: seconds that the caller may still have to wait; None: not
    known. `called_back`: this is such a call.
    """
    if called_back or expected is None or expected < rule.offer.estimate:
        return ()
    return Phrase("callback-offer"), Digits(rule.key)


def position(place: int) -> Speech:
    """How many come before. `place`: 1 is next."""
    ahead = place - 1
    if ahead == 0:
        return (Phrase("queue-position-next"),)
    return (Phrase("queue-position-one") if ahead == 1 else Counted("queue-position", ahead),)


def _estimate(wait: float) -> Speech:
    """`wait`: seconds, rounded by the engine."""
    if wait < 60:
        return (Phrase("estimate-short"),)
    minutes = round(wait / 60)
    return (Phrase("estimate-one") if minutes == 1 else Counted("estimate", minutes),)
