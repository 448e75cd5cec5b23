"""The ways out of a queue: which rule sends a waiting caller on, and when one may."""

from collections.abc import Callable
from math import inf

from acd.engine.parts import Place


def rule_for(place: Place, now: float, expected: Callable[[], float | None] | None) -> int | None:
    """The index of the first rule that sends `place` on now, or None.

    `expected` works out the expected wait. None: the caller waits already, so `waiting` and `estimate` do not count:
    they are for entry only.
    """
    for index, rule in enumerate(place.queue.definition.overflow):
        if rule.waited is not None:
            met = place.entered + rule.waited <= now
        elif rule.nobody_signed_in is not None:
            met = _nobody_due(place, rule.nobody_signed_in) <= now
        elif expected is None:
            met = False
        elif rule.waiting is not None:
            met = len(place.queue.places) - 1 >= rule.waiting
        else:
            wait = expected()
            met = wait is not None and rule.estimate is not None and wait > rule.estimate
        if met:
            return index
    return None


def next_due(place: Place, now: float) -> float:
    """When the next rule may send `place` on, unless an agent signs out before; inf: never."""
    due = inf
    for rule in place.queue.definition.overflow:
        if rule.waited is not None:
            due = min(due, place.entered + rule.waited)
        elif rule.nobody_signed_in is not None:
            due = min(due, _nobody_due(place, rule.nobody_signed_in))
    return due if due > now else inf


def _nobody_due(place: Place, grace: float) -> float:
    """`grace` seconds after the last agent who fits signed out, or after entry if later; inf: one is signed in."""
    since = place.line.empty_since
    return inf if since is None else max(place.entered, since) + grace
