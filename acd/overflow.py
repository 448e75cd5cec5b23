"""The ways out of a queue: which rule sends a waiting caller on, and when one may."""

from math import inf

from acd import estimate
from acd.waiting import Line, Place


def expected_wait(place: Place) -> float | None:
    """The estimate for a place, in seconds; None when nobody who could serve it is at work."""
    return estimate.wait(place.queue.position(place), working(place.line), place.queue.handling_time)


def working(line: Line) -> int:
    """How many agents who could serve the line, relaxing included, serve callers."""
    return sum(skill_set.working for skill_set in line.ever)


def rule_for(place: Place, now: float, *, entering: bool) -> int | None:
    """The index of the first rule that sends `place` on now, or None.

    `waiting` and `estimate` count only for those who enter; all others wait already.
    """
    for index, rule in enumerate(place.queue.definition.overflow):
        if rule.waited is not None:
            met = place.entered + rule.waited <= now
        elif rule.nobody_signed_in is not None:
            met = _nobody_due(place, rule.nobody_signed_in) <= now
        elif not entering:
            met = False
        elif rule.waiting is not None:
            met = len(place.queue.places) - 1 >= rule.waiting
        else:
            expected = expected_wait(place)
            met = expected is not None and rule.estimate is not None and expected > rule.estimate
        if met:
            return index
    return None


def next_due(place: Place, now: float) -> float:
    """When a rule may send `place` on that does not now (inf: none), as long as nobody signs out."""
    due = inf
    for rule in place.queue.definition.overflow:
        if rule.waited is not None:
            due = min(due, place.entered + rule.waited)
        elif rule.nobody_signed_in is not None:
            due = min(due, _nobody_due(place, rule.nobody_signed_in))
    return due if due > now else inf


def _nobody_due(place: Place, grace: float) -> float:
    """`grace` seconds after the last agent who could serve him signed out, or after his entry; inf: one is here."""
    since = place.line.empty_since
    return inf if since is None else max(place.entered, since) + grace
