"""A talk whose agent's browser is gone, mostly as its page is loaded anew: music until it is back. Pure.

The talk goes on for the queues. The same agent is rung once more, and the page answers by itself. Whoever restarts the
service meanwhile finds a talk without a leg, and a caller whose channel says that the agent's phone was gone
(`dialplan.picture.LOST_VARIABLE`): then the caller comes back to the front of the queue at once.
"""

from dataclasses import replace

from acd.effects import RingAgent
from calls import commands as do
from calls import queueing
from calls.commands import PlainCommand, Task
from calls.life import Life
from calls.places import Interrupted, Talking
from journal.records import Kind
from sounds.model import Phrase

TELL = 3.0
"""Seconds of music after which the caller is told why. A page that is loaded anew is back sooner."""

CONNECTING = 4.0
"""Seconds for a browser that is back to take the caller. Mostly it needs half a second."""


def phone_lost(life: Life, offer: str) -> None:
    """The agent's phone is gone in the middle of the talk. A browser is mostly back in a moment."""
    place, kept = life.place, life.edition.hotline.agent_back
    if not (isinstance(place, Talking) and place.offer == offer and place.returns and kept and place.agent) or (
        place.queue is None
    ):
        queueing.phone_lost(life, offer)
        return
    life.leg.stale_cause = True
    held = place.hold is not None and place.hold.line is None
    life.go(Interrupted(place.queue, offer, place.agent, since=life.now, until=life.now + kept, held=held))
    life.write(Kind.TALK_INTERRUPTED, agent=place.agent)
    life.leg.expect(life.now)


def agent_back(life: Life, ring: str) -> None:
    """The browser is there again. A ring of a page that is gone by now is taken back."""
    place = life.place
    if not isinstance(place, Interrupted):
        return
    drop_ring(life)
    again = RingAgent(ring, life.id, place.agent, place.queue, CONNECTING)
    life.go(replace(place, ring=ring, telling=False))
    life.out += (PlainCommand.STOP_SAYING, do.Ring(again, life.leg.held))


def ring_over(life: Life, ring: str) -> None:
    if isinstance(life.place, Interrupted) and life.place.ring == ring:
        life.go(replace(life.place, ring=""))


def connected(life: Life, ring: str) -> None:
    """Both talk again."""
    place = life.place
    if isinstance(place, Interrupted) and place.ring == ring:
        life.leg.held = False
        life.go(Talking(place.queue, ring, place.agent, returns=True))
        life.write(Kind.TALK_RESUMED, agent=place.agent, away_s=round(life.now - place.since, 3))


def task(life: Life, place: Interrupted) -> Task:
    """What the caller's session does: it holds, or tells what has happened."""
    if place.telling:
        life.go(replace(place, telling=False, told=True))
        return life.to_say((Phrase("talk-broken"),), keys=False)
    life.leg.held = life.leg.kicked = False
    return do.PlainTask.HOLD


def deadline(place: Interrupted) -> float:
    """When `due` is to be called, in epoch seconds."""
    if place.ring:
        return place.until + CONNECTING
    return place.until if place.told or place.telling else min(place.until, place.since + TELL)


def due(life: Life, place: Interrupted) -> None:
    """The caller is told, or the agent is awaited no more and the caller comes back to the front of the queue."""
    if life.now < deadline(place):
        return
    if place.ring or life.now >= place.until:
        drop_ring(life)
        queueing.to_front(life, place.queue, told=place.told)
        life.fetch_if_held()
    else:
        life.go(replace(place, telling=True))
        life.fetch_if_held()


def drop_ring(life: Life) -> None:
    """Take back the ring that was to bring the agent back, if there is one."""
    if isinstance(life.place, Interrupted) and life.place.ring:
        life.out.append(do.DropRing(life.place.ring))
