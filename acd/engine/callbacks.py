"""Callbacks: callers who have hung up keep their places, and are called back when it is their turn.

Such a place stands in its order like any other: positions and estimates count it, relaxing steps come to it. It is
offered to no agent. A citizen is dialled once an agent is free, or wraps up and will be free within LEAD, for whom no
caller waits before. Each of these agents counts for one citizen. If the agent gets another call, the next one who comes
free counts for this citizen before anybody else is dialled. Whoever answers and confirms comes as a call that takes the
place over, and is offered to an agent like the first of those who hold.

In a queue whose agents are rung first (`agent_first`) a citizen is dialled only for an agent who is ready, whom the
queue's strategy chooses. This agent's phone is rung at once, by a call that the engine has not offered (`talks`). Until
that is reported, the agent is kept as below.

An agent who comes free while the citizen still rings is kept for KEPT seconds, for however many citizens. After that
the next caller is served: the citizen is first again as soon as there is an answer. After a restart nobody is kept, and
no agent counts for a citizen who is being dialled.
"""

from heapq import heapify, heappop, heappush
from math import inf

from acd.effects import NOTHING_SAID, CallBack, LeaveQueue
from acd.engine import queueing, sticky
from acd.engine.floor import Floor
from acd.engine.parts import NOBODY, Callback, Entry, LiveQueue, Measure, Place, Seat, Stage, insert_in_sequence
from acd.events import CallbackPostponed, CallbackPromised, CallbackTaken, CallQueued, Left
from acd.model import MISSING
from agents.states import AgentState, PhoneState
from journal.actor import Actor
from journal.records import Kind

MOST = 2_000
"""Callbacks at a time. Callers can key in any number, so somebody could fill the list."""

LEAD = 15.0
"""Seconds before the end of a wrap-up from which its agent counts as free soon."""

KEPT = 2.9
"""Seconds for which a free agent is kept for a citizen who is being dialled: the agent waits for 3 s at most."""


def promise_missed(floor: Floor, place: Place, why: Left, number: str) -> None:
    """The caller has given up, no agent rings any more, and the queue calls such callers back at their old places."""
    if place.requirement is None:  # an agent was rung
        place.stage = Stage.WAITING
        place.line.requirement_of(place, floor.now).add(place)
        queueing.make_room(floor, place.queue)
    promise(floor, CallbackPromised(place.id, f"{place.id}-b", number), why)


def promise(floor: Floor, event: CallbackPromised, left: Left | None = None) -> None:
    """The caller, for whom no agent rings, hangs up and is to be called back. Else nothing happens. `left`: the caller
    has not asked for that, and has left the queue in this way.
    """
    place = floor.places.get(event.call_id)
    if place is None or place.requirement is None or event.callback_id in floor.callbacks:
        return
    expected = queueing.expected_wait(floor, place)
    floor.write(
        Kind.CALLBACK_PROMISED,
        place,
        callback=event.callback_id,
        number=event.number,
        language=place.line.language,
        since=place.entered,
        position=place.queue.position(place),
        expected_s=None if expected is None else round(expected, 3),
    )
    if left is not None:  # after the promise: what is known of the place goes on from there
        if not place.test:
            place.queue.staying.add(round(floor.now - place.entered, 3), stayed=False)
        queueing.write_left(floor, place, left)
    place.requirement.remove(place)
    sticky.drop(floor, place)
    floor.timers.disarm(place)
    # After a restart the first step matches and checks all who wait: this one does not wait any more.
    floor.unmatched = [each for each in floor.unmatched if each is not place]
    floor.unchecked = [each for each in floor.unchecked if each is not place]
    del floor.places[place.id], place.queue.places[place.id]
    place.line.places -= 1
    place.id = event.callback_id
    place.callback = Callback(place, floor.now)
    place.round, place.last_agent, place.announcing, place.said, place.message = None, None, False, NOTHING_SAID, 0
    floor.callbacks[place.id] = place
    place.queue.callbacks += 1
    stand(floor, place.callback)


def stand(floor: Floor, callback: Callback) -> None:
    """Put the place into the order of its requirement, to be dialled now or later."""
    place = callback.place
    requirement = place.line.requirement_of(place, floor.now)
    to_dial = not callback.dialled and callback.due <= floor.now
    requirement.add_callback(callback, to_dial=to_dial)
    if to_dial:
        floor.to_dial[requirement] = None
    due = place.entered + requirement.until
    if not to_dial and not callback.dialled:
        due = min(due, callback.due)
    if due > floor.now:
        floor.timers.arm(place, due)


def stand_anew(floor: Floor, callback: Callback) -> None:
    """A relaxing step, or the time to dial, has come."""
    requirement = callback.place.requirement
    assert requirement is not None
    requirement.remove_callback(callback)
    stand(floor, callback)


def postpone(floor: Floor, event: CallbackPostponed) -> None:
    """The citizen was not reached."""
    place = floor.callbacks.get(event.callback_id)
    if place is None or place.callback is None:
        return
    floor.write(Kind.CALLBACK_POSTPONED, place, actor=event.actor, until=event.until, why=event.why)
    _not_dialled(floor, place.callback)
    place.callback.due = event.until
    stand_anew(floor, place.callback)


def take(floor: Floor, event: CallbackTaken) -> None:
    """Somebody calls the citizen, or leaves that to the queue again. Nothing happens while the citizen is dialled."""
    place = floor.callbacks.get(event.callback_id)
    if place is None or place.callback is None or place.callback.dialled:
        return
    kind = Kind.CALLBACK_RETURNED if event.until is None else Kind.CALLBACK_TAKEN
    floor.write(kind, place, actor=event.actor, until=event.until, due=event.due)
    place.callback.due = event.due
    stand_anew(floor, place.callback)


def arrived(floor: Floor, place: Place, event: CallQueued) -> None:
    """The citizen has answered, and waits at the place from now on, under the id of this call."""
    callback, queue = place.callback, place.queue
    assert callback is not None
    _out(floor, callback)
    floor.arrivals += 1
    place.id, place.callback, place.fresh = event.call_id, None, False
    for places in (floor.places, queue.places):
        insert_in_sequence(places, place.id, place)
    place.line.places += 1
    queueing.settle(floor, place)
    position, since = queue.position(place), place.entered
    floor.write(Kind.CALLBACK_ANSWERED, place, callback=event.callback, position=position, since=since)
    queueing.stand(floor, place)


def given_up(floor: Floor, place: Place, why: Left, actor: Actor | None) -> None:
    """The callback is over without a call: `actor` cancelled it, or the citizen was not reached."""
    callback = place.callback
    assert callback is not None
    floor.write(Kind.LEFT_QUEUE, place, actor=actor, why=why, waited_s=round(floor.now - place.entered, 3))
    _out(floor, callback)
    place.stage = Stage.GONE


def send_off(floor: Floor, place: Place) -> None:
    """The queue was taken out of the hotline: the callback leaves it."""
    callback = place.callback
    assert callback is not None
    waited = round(floor.now - place.entered, 3)
    floor.write(Kind.OVERFLOWED, place, rule=None, condition=queueing.QUEUE_REMOVED, limit=None, waited_s=waited)
    _out(floor, callback)
    place.stage = Stage.GONE
    floor.effects.append(LeaveQueue(place.id, place.queue.id, None, place.queue.onward))


def _out(floor: Floor, callback: Callback) -> None:
    place = callback.place
    _not_dialled(floor, callback)
    assert place.requirement is not None
    place.requirement.remove_callback(callback)
    floor.timers.disarm(place)
    place.queue.callbacks -= 1
    del floor.callbacks[place.id]


def _not_dialled(floor: Floor, callback: Callback) -> None:
    """The citizen is not dialled any more: the agent on whom that counted is there for others."""
    callback.place.queue.dialled -= callback.dialled
    callback.dialled = False
    floor.timers.disarm(callback)
    seat, kept_until, callback.kept_until = callback.seat, callback.kept_until, None
    if seat is not None:
        floor.counts_not_on(seat)
        floor.freed.append(seat)
        if kept_until is not None:
            floor.kept[seat] = kept_until
    floor.unseated.pop(callback.place, None)


def dial(floor: Floor) -> None:
    """Dial citizens in the order of their places while there are agents for them, and for those who ring already and
    whose agents have other calls. O((requirements + such citizens) * agents in wrap-up), only while citizens are to be
    dialled.
    """
    for left in sorted(floor.unseated, key=lambda place: place.entry[:2]):
        if left.callback is not None and (seat := _agent_for(floor, left)) is not None:
            _count_on(floor, left.callback, seat)
            _keep_if_free(floor, left.callback, seat)
    for requirement in [each for each in floor.to_dial if each.to_dial.head is NOBODY]:
        del floor.to_dial[requirement]
    heads = [requirement.to_dial.head for requirement in floor.to_dial]
    heapify(heads)
    while heads:
        place = heappop(heads)[2]
        assert place is not None
        at = place.requirement
        assert at is not None
        seat = None if _held_back(place.queue) else _agent_for(floor, place)
        if seat is None:
            continue  # nor is there one for the others of this requirement
        _dial(floor, place, seat)
        if at.to_dial.head is not NOBODY:
            heappush(heads, at.to_dial.head)
    _look_again(floor)


def _held_back(queue: LiveQueue) -> bool:
    """Whether the queue's limit keeps citizens from being dialled."""
    limit = queue.definition.limit
    return limit is not None and queue.engaged + queue.dialled >= limit


def _agent_for(floor: Floor, place: Place) -> Seat | None:
    """An agent who is free for this citizen, or soon will be and for whom no caller waits before; None: nobody is."""
    requirement, taken = place.requirement, floor.counted_on
    assert requirement is not None
    agent_first = place.queue.definition.agent_first
    if agent_first:
        chosen = floor.table.choose(place, floor.seats, floor.seed, floor.offers.made)
        if chosen not in taken:
            return chosen
    ready = [
        seat
        for skill_set in requirement.fits
        if skill_set.ready
        for seat in (next((each for each in skill_set.seats() if each not in taken), None),)
        if seat is not None
    ]
    if ready or agent_first:
        return min(ready, key=lambda seat: seat.rank(Measure.IDLE)[:3], default=None)
    soon = [
        seat
        for seat in floor.wrapping
        if seat not in taken and seat.skill_set in requirement.fits and _free_at(seat) <= floor.now + LEAD
    ]
    if not soon:
        return None
    others = {each for seat in soon for each in seat.skill_set.meets}
    before = sum(other.before(place.rank, place.sequence) for other in others)
    return min(soon, key=lambda seat: (_free_at(seat), seat.id)) if len(soon) > before else None


def _free_at(seat: Seat) -> float:
    """When the agent's wrap-up ends and calls are offered again, in epoch seconds; inf: nobody knows."""
    follows = seat.next_state in (None, AgentState.READY)
    sure = follows and seat.coded not in MISSING and seat.phone is PhoneState.FREE and not seat.removed
    return seat.until if sure and seat.until is not None else inf


def _dial(floor: Floor, place: Place, seat: Seat) -> None:
    callback = place.callback
    assert callback is not None
    callback.dialled = True
    _count_on(floor, callback, seat)
    place.queue.dialled += 1
    first = seat if place.queue.definition.agent_first else None
    floor.write(Kind.CALLBACK_DIALLED, place, first)
    stand_anew(floor, callback)
    floor.effects.append(CallBack(place.id, place.queue.id, first.id if first else ""))
    _keep_if_free(floor, callback, seat)
    if first:
        place.last_agent = place.queue.last_agent = first.id
        _keep(floor, callback, floor.now + KEPT)


def _keep_if_free(floor: Floor, callback: Callback, seat: Seat) -> None:
    if seat.ready_in_set:
        floor.table.leave(seat)
        _keep(floor, callback, floor.now + KEPT)


def _count_on(floor: Floor, callback: Callback, seat: Seat) -> None:
    """From now on this agent counts for the citizen, and no other one does."""
    if callback.seat is not None:
        del floor.counted_on[callback.seat]
    callback.seat = seat
    floor.counted_on[seat] = callback.place
    floor.unseated.pop(callback.place, None)


def _look_again(floor: Floor) -> None:
    """Note when the next agent will soon be free, if citizens are still to be dialled."""
    due = inf
    if floor.to_dial:
        free = (_free_at(seat) - LEAD for seat in floor.wrapping if seat not in floor.counted_on)
        due = min((at for at in free if at > floor.now), default=due)
    if due < inf:
        floor.timers.arm(floor.next_dial, due)
    else:
        floor.timers.disarm(floor.next_dial)


def keeps(floor: Floor, seat: Seat) -> bool:
    """Whether this freed agent is kept for a citizen who is being dialled, if need be from now on: the one on whom the
    agent counts, or one for whom no other agent has come free yet. No caller is served before.
    """
    first = sticky.first_for(floor, seat)
    entry = NOBODY if first is None else first.entry
    place = floor.counted_on.get(seat) or _dialled_for(floor, seat) or _to_dial_for(floor, seat, entry)
    if place is None or place.callback is None or entry < place.entry:
        return False
    callback = place.callback
    if callback.seat is not seat:
        _count_on(floor, callback, seat)
    if callback.kept_until is None:
        _keep(floor, callback, floor.kept.pop(seat, floor.now + KEPT))
    return callback.kept_until is None or floor.now < callback.kept_until


def _dialled_for(floor: Floor, seat: Seat) -> Place | None:
    """The first citizen who is being dialled, whom the agent fits, and for whom no agent has been kept yet."""
    rung = [
        place
        for place in floor.counted_on.values()
        if place.callback is not None
        and place.callback.kept_until is None
        and place.requirement in seat.skill_set.meets
    ]
    return min(rung, key=lambda place: place.entry[:2], default=None)


def _to_dial_for(floor: Floor, seat: Seat, before: Entry) -> Place | None:
    """The first citizen whom the agent fits and who comes before `before`: dialled now. None: there is none."""
    heads = [each.to_dial.head for each in seat.skill_set.meets if each.to_dial.head < before]
    for _, _, place in sorted(heads, key=lambda head: head[:2]):
        if place is not None and not _held_back(place.queue):
            _dial(floor, place, seat)
            return place
    return None


def _keep(floor: Floor, callback: Callback, until: float) -> None:
    callback.kept_until = until
    if until > floor.now:
        floor.timers.arm(callback, until)


def kept(floor: Floor, callback: Callback) -> None:
    """The agent was kept long enough."""
    if callback.seat is not None:
        floor.freed.append(callback.seat)
