"""A talk whose agent's browser has gone, mostly because its page is loaded anew: the caller hears music until it is
back. Pure.

The talk goes on for the queues. The same agent is rung once more, and the page answers by itself. If the service
restarts meanwhile, it finds a talk without a leg, and a channel that says that the agent's phone was gone
(`dialplan.snapshot.LOST_VARIABLE`). Then the caller comes back to the front of the queue at once.
"""

from dataclasses import replace

from acd.effects import RingAgent
from calls import effects as do
from calls import events as ev
from calls import queueing
from calls.effects import PlainCommand, Task
from calls.leg import Happens
from calls.life import Life
from calls.states import Interrupted, Talking
from journal.records import Kind
from sounds.model import Phrase

EXPLAIN_AFTER = 3.0
"""Seconds of music after which the caller hears why. A page that is loaded anew is back sooner."""

CONNECTING = 4.0
"""Seconds for a browser that is back to take the caller. Mostly it needs half a second."""


def phone_lost(life: Life, state: Talking, event: ev.PhoneLost) -> None:
    """The agent's phone is gone in the middle of the talk. A browser is mostly back in a moment."""
    kept = life.edition.hotline.agent_back
    if state.offer != event.offer:
        return
    if state.queue is None or not (state.returns and kept and state.agent):
        queueing.agent_lost(life, state)
        return
    life.leg.stale_cause = True
    held = state.hold is not None and state.hold.line is None
    life.go(Interrupted(state.queue, state.offer, state.agent, since=life.now, until=life.now + kept, held=held))
    life.write(Kind.TALK_INTERRUPTED, agent=state.agent)
    life.leg.expect(life.now)


def agent_back(life: Life, state: Interrupted, event: ev.AgentBack) -> None:
    """The browser is back. The ring for an earlier page is taken back."""
    drop_ring(life)
    again = RingAgent(event.ring, life.id, state.agent, state.queue, CONNECTING)
    life.go(replace(state, ring=event.ring, explaining=False))
    life.out += (PlainCommand.STOP_SAYING, do.Ring(again, life.leg.held))


def ring_over(life: Life, state: Interrupted, event: ev.RingOver) -> None:
    if state.ring == event.offer:
        life.go(replace(state, ring=""))


def connected(life: Life, state: Interrupted, event: ev.Connected) -> None:
    """Both talk again."""
    if state.ring == event.offer:
        life.leg.tell(Happens.LEFT)
        life.go(Talking(state.queue, state.ring, state.agent, returns=True))
        life.write(Kind.TALK_RESUMED, agent=state.agent, away_s=round(life.now - state.since, 3))
        queueing.stay_paused(life, event.offer)


def task(life: Life, state: Interrupted) -> Task:
    """What the caller's session does: it holds, or says what has happened."""
    if state.explaining:
        life.go(replace(state, explaining=False, explained=True))
        return life.to_say((Phrase("talk-broken"),), keys=False)
    life.leg.tell(Happens.TO_BE_HELD)
    return do.PlainTask.HOLD


def deadline(state: Interrupted) -> float:
    """When `due` is to be called, in epoch seconds."""
    if state.ring:
        return state.until + CONNECTING
    return state.until if state.explained or state.explaining else min(state.until, state.since + EXPLAIN_AFTER)


def due(life: Life, state: Interrupted, _: ev.PlainEvent) -> None:
    """Say to the caller why there is music, or, when the time is up, send the caller to the front of the queue."""
    if life.now < deadline(state):
        return
    if state.ring or life.now >= state.until:
        drop_ring(life)
        queueing.to_front(life, state.queue, explained=state.explained)
        life.fetch_if_held()
    else:
        life.go(replace(state, explaining=True))
        life.fetch_if_held()


def drop_ring(life: Life) -> None:
    """Take back the ring that was to bring the agent back, if there is one."""
    if isinstance(life.state, Interrupted) and life.state.ring:
        life.out.append(do.DropRing(life.state.ring))
