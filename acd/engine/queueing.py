"""Callers in the queue: they enter, stand in order, relax, hear announcements, and go."""

from collections.abc import Callable
from functools import partial
from math import floor as whole
from math import inf
from typing import Any, TypeVar

from acd.effects import NOTHING_SAID, Announce, LeaveQueue
from acd.engine import estimate, sticky
from acd.engine.floor import Floor
from acd.engine.parts import LONGEST_HEAD_START, SHORT_ABANDON, LiveQueue, Place, Stage
from acd.events import ABANDONED, CallQueued, Left
from acd.model import Announce as Announcing
from journal.actor import CALLER
from journal.records import Kind

N = TypeVar("N", int, float)

ROBOT_AGAIN = 3.0
"""Seconds after which a robot agent is rung again whose ring came to nothing, as Asterisk was away."""

MESSAGES_AGAIN = 300.0
"""Seconds from the first of a queue's own messages to the next time that a caller hears it."""

QUEUE_REMOVED = "queue_removed"
"""The condition by which callers leave a queue that was taken out of the hotline."""


def enter(floor: Floor, event: CallQueued, queue: LiveQueue) -> Place:
    """A caller who is not on the floor enters `queue`."""
    floor.arrivals += 1
    line = floor.line(queue, event.language)
    head_start = min(max(event.head_start, -LONGEST_HEAD_START), LONGEST_HEAD_START)
    place = Place(
        *(event.call_id, queue, line, floor.now, head_start, floor.arrivals), test=event.test, robot=event.robot
    )
    floor.places[place.id] = queue.places[place.id] = place
    queue.robots += place.robot
    line.places += 1
    highest = queue.highest
    settle(floor, place)
    if event.sticky is not None and not (event.test or event.robot):
        sticky.begin(floor, place, event.sticky)
    position = queue.standing + queue.callbacks + 1 if place.rank >= highest else queue.position(place)
    stand(floor, place)
    about: dict[str, Any] = {"language": line.language, "head_start": place.head_start, "position": position}
    if place.robot:
        about["robot"] = True
    if place.sticky is not None:
        about |= {"sticky": place.sticky, "sticky_wait_s": round(place.sticky_until - floor.now, 3)}
    floor.write(Kind.QUEUED, place, **about)
    return place


def settle(floor: Floor, place: Place) -> None:
    """Work out what follows from the queue's definition: rank and announcements."""
    queue = place.queue
    place.rank = queue.rank(place.entered, place.head_start)
    if place.rank > queue.highest:
        queue.highest = place.rank
    _schedule(floor, place)


def _schedule(floor: Floor, place: Place) -> None:
    """Schedule the next announcement: soon, if the caller knows nothing yet. Those that fell due while an agent rang
    are left out.
    """
    announce = place.queue.definition.announce
    if announce is None:
        place.next_announcement = inf
    else:
        pace = announce.first if place.said == NOTHING_SAID else announce.every
        place.next_announcement = _next_announcement(place, pace, floor.now)


def stand(floor: Floor, place: Place) -> None:
    """Put the caller into the order of the requirement, to be matched at the end of the step. A robot agent is rung by
    the timer: at once, and after a pause if one was rung already.
    """
    place.stage = Stage.WAITING
    if place.robot:
        floor.timers.arm(place, floor.now if place.last_agent is None else floor.now + ROBOT_AGAIN)
        return
    if place.sticky is not None:
        place.apart = sticky.is_apart(floor, place)
    place.line.requirement_of(place, floor.now).add(place)
    floor.unmatched.append(place)
    floor.unchecked.append(place)


def make_room(floor: Floor, queue: LiveQueue) -> None:
    """A talk or an offer of the queue is over. If it has a limit, agents may stand ready whom its callers fit."""
    if queue.definition.limit is not None:
        floor.roomy.append(queue)


def back(floor: Floor, place: Place) -> None:
    """A ring is over without a call: the caller waits again, or a rule that became due meanwhile sends the call on.

    Nothing happens while other agents ring.
    """
    if place.offers:
        return
    place.stage = Stage.WAITING
    make_room(floor, place.queue)
    _schedule(floor, place)
    if place.queue.removed:
        send_off(floor, place)
        return
    rule = None if place.robot else rule_for(place, floor.now, None)
    if rule is None:
        stand(floor, place)
    else:
        leave_by(floor, place, rule)


def due(floor: Floor, place: Place) -> None:
    """The caller's timer: a relaxing step, an overflow rule, an announcement or the end of a wait for one agent may be
    due.
    """
    requirement = place.requirement
    if place.sticky is not None and requirement is not None and place.sticky_until <= floor.now:
        sticky.stand(floor, place)
    elif requirement is not None and place.entered + requirement.until <= floor.now:
        requirement.remove(place)
        place.line.requirement_of(place, floor.now).add(place)
        floor.unmatched.append(place)
    floor.unchecked.append(place)


def check(floor: Floor, place: Place) -> None:
    """The caller waits, and no ready agent fits: send the call on or announce, and note when to look again."""
    if place.queue.removed:
        send_off(floor, place)
        return
    if place.queue.definition.overflow:
        rule = rule_for(place, floor.now, partial(expected_wait, floor, place) if place.fresh else None)
        if rule is not None:
            leave_by(floor, place, rule)
            return
    if place.sticky is not None and place.sticky_until <= floor.now:
        sticky.drop(floor, place)
    comes, place.fresh = place.fresh, False
    if place.next_announcement <= floor.now or (comes and place.line.empty_since is not None):
        _announce(floor, place)
    arm(floor, place)


def arm(floor: Floor, place: Place) -> None:
    """Note when to look at a waiting place again: when something may be due next."""
    assert place.requirement is not None
    due = min(place.entered + place.requirement.until, place.next_announcement)
    if place.queue.definition.overflow:
        due = min(due, next_due(place, floor.now))
    if place.sticky is not None:
        due = min(due, place.sticky_until)
    if due < inf:
        floor.timers.arm(place, due)
    else:
        floor.timers.disarm(place)


def _next_announcement(place: Place, pace: float, now: float) -> float:
    """The first multiple of `pace` seconds from entry that lies ahead."""
    count = whole((now - place.entered) / pace) + 1
    due = place.entered + count * pace
    return due if due > now else place.entered + (count + 1) * pace


def _announce(floor: Floor, place: Place) -> None:
    """Say to the caller what is new: what was said before and is still so, is not said again. The queue's own
    messages are said one after the other, and come round again after MESSAGES_AGAIN.
    """
    if place.announcing:
        _schedule(floor, place)
        return
    announce = place.queue.definition.announce
    _say_news(floor, place, announce)
    # also where there was nothing to say: it is not looked for every few seconds
    place.next_announcement = inf if announce is None else _next_announcement(place, announce.every, floor.now)


def _say_news(floor: Floor, place: Place, announce: Announcing | None) -> None:
    said, position, wait, message, text = place.said, None, None, None, None
    empty = place.line.empty_since is not None
    nobody = empty and not said.nobody
    if announce is not None and not empty:
        position = _news(place.queue.position(place) if announce.position else None, said.position)
        expected = expected_wait(floor, place) if announce.estimate else None
        wait = _news(None if expected is None else estimate.spoken(expected), said.wait)
    if announce is not None and announce.messages:
        message = place.message % len(announce.messages)
        if message == 0 and said.turn is not None and floor.now < said.turn + MESSAGES_AGAIN:
            message = None
        else:
            text = announce.messages[message]
    if not nobody and position is None and wait is None and message is None:
        return
    place.announcing = True
    place.said = said.and_then(floor.now, position, wait, message, nobody=nobody)
    if message is not None:
        place.message = message + 1
    floor.write(Kind.ANNOUNCED, place, position=position, wait_s=wait, message=message, nobody=nobody)
    floor.effects.append(Announce(place.id, position, wait, message, text, nobody))


def announced(place: Place, *, said: bool) -> None:
    """The announcement is over. `said`: the caller heard it; if not, all of it is new again the next time."""
    place.announcing = False
    if not said:
        place.said = NOTHING_SAID


def _news(now: N | None, said: N | None) -> N | None:
    """`now`, unless that is what was said."""
    return None if now == said else now


def expected_wait(floor: Floor, place: Place) -> float | None:
    """The estimate for a place, in seconds; None: nobody at work could ever serve it."""
    waited = floor.now - place.entered
    return estimate.wait(place.line, place.rank, place.sequence, waited, floor.table.ready_for)


def leave_by(floor: Floor, place: Place, rule: int) -> None:
    """Overflow: the waiting caller leaves by `rule`."""
    taken = place.queue.definition.overflow[rule]
    condition, limit = taken.condition
    floor.write(Kind.OVERFLOWED, place, rule=rule, condition=condition, limit=limit, waited_s=_waited(floor, place))
    _out(floor, place)
    floor.effects.append(LeaveQueue(place.id, place.queue.id, rule, taken.then))


def send_off(floor: Floor, place: Place) -> None:
    """The waiting caller leaves a queue that was taken out of the hotline."""
    waited = _waited(floor, place)
    floor.write(Kind.OVERFLOWED, place, rule=None, condition=QUEUE_REMOVED, limit=None, waited_s=waited)
    _out(floor, place)
    floor.effects.append(LeaveQueue(place.id, place.queue.id, None, place.queue.onward))


def move_on(floor: Floor, place: Place, queue_id: str) -> None:
    """A supervisor has moved the waiting caller to another queue."""
    floor.write(Kind.MOVED, place, to={"queue": queue_id}, waited_s=_waited(floor, place))
    _out(floor, place)


def leave(floor: Floor, place: Place, why: Left) -> None:
    """The caller is gone, and no agent rings any more."""
    write_left(floor, place, why)
    _out(floor, place)


def write_left(floor: Floor, place: Place, why: Left) -> None:
    """Write and count that the caller is gone."""
    waited = _waited(floor, place)
    if why in ABANDONED and waited > SHORT_ABANDON and not place.test:
        place.queue.abandoned += 1
    actor = CALLER if why is Left.HUNG_UP else None
    more: dict[str, Any] = {}
    if why in ABANDONED:
        more["in_service_level"] = waited <= place.queue.definition.service_level.within
    floor.write(Kind.LEFT_QUEUE, place, actor=actor, why=why, waited_s=waited, **more)


def _out(floor: Floor, place: Place) -> None:
    if not place.test:
        place.queue.staying.add(_waited(floor, place), stayed=False)
    rung = place.requirement is None
    if place.requirement is not None:
        place.requirement.remove(place)
    sticky.drop(floor, place)
    floor.timers.disarm(place)
    place.stage = Stage.GONE
    place.line.places -= 1
    place.queue.robots -= place.robot
    del place.queue.places[place.id]
    del floor.places[place.id]
    if rung:
        make_room(floor, place.queue)


def _waited(floor: Floor, place: Place) -> float:
    return round(floor.now - place.entered, 3)


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
