"""A call in a queue, and its talk with an agent: rings, announcements, keys, and the ways out. Pure."""

from dataclasses import replace
from typing import cast

from acd import events as acd
from acd.events import EndedBy, Left
from calls import commands as do
from calls import dialling
from calls import events as ev
from calls.life import Life, Talker
from calls.model import Version
from calls.states import (
    Arriving,
    AtLine,
    Front,
    Going,
    Interrupted,
    Leaving,
    Offered,
    Settling,
    Talking,
    Waiting,
)
from ivr.model import Destination, Key
from ivr.model import HangUp as ToHangUp
from journal.actor import CALLER
from journal.records import Kind
from sounds.model import Speech

SETTLING = 2.0
"""Seconds in which Asterisk tells what became of a leg that took the caller out of the holding bridge."""


def matched(life: Life, event: ev.Matched) -> None:
    """Ring an agent for the caller. Announcements stop: none begins, and a running one is cut short."""
    ring = event.ring
    state = life.state
    if not isinstance(state, Waiting | Offered | Settling) or state.queue != ring.queue:
        life.tell(acd.OfferFailed(ring.offer_id, acd.OfferFailure.FAILED))
        return
    match state:
        case Waiting(queue):
            announced(life)  # else no announcement would ever follow if the ring comes to nothing
            life.go(Offered(queue, frozenset({ring.offer_id})))
        case Offered() | Settling():
            life.go(replace(state, offers=state.offers | {ring.offer_id}))
    life.out += (do.PlainCommand.STOP_SAYING, do.Ring(ring, life.leg.held))


def ring_over(life: Life, offer: str) -> None:
    match life.state:
        case Settling(taken=taken) if taken == offer:
            talked_unseen(life, offer, EndedBy.AGENT)
        case Offered(queue, offers) | Settling(queue, offers) if offer in offers:
            offers -= {offer}
            wish = life.state.wish
            if offers or isinstance(life.state, Settling):
                life.go(replace(life.state, offers=offers))
            else:
                life.go(Waiting(queue))
                if wish is not None:
                    leave(life, wish)


def connected(life: Life, event: ev.Connected) -> None:
    offer, agent, returns = event.offer, event.agent, event.returns
    if offer == life.talked:
        return  # late news: this talk is over
    life.leg.held = False  # also if AMI has not told yet that the caller left the holding bridge
    match life.state:
        case Settling(queue, until=until):
            life.go(Talking(queue, offer, agent, until or life.now + SETTLING, returns))
        case Waiting(queue) | Offered(queue):
            life.go(Talking(queue, offer, agent, returns=returns))
        case Talking() as state:
            life.go(replace(state, offer=offer, agent=agent or state.agent, returns=returns))
        case AtLine(answered=True) as line:  # its phone is a leg from now on
            life.go(replace(line, offer=offer))
        case Arriving() | Going() | Leaving() if not life.leg.session:
            life.ended_by = None
            life.go(
                Talking(None, offer, agent, returns=returns)
            )  # after a restart: Asterisk knows more than the journal


def leg_ended(life: Life, offer: str) -> None:
    if isinstance(life.state, Talking) and life.state.offer == offer:
        talk_over(life, EndedBy.AGENT)
    elif isinstance(life.state, AtLine) and life.state.offer == offer:
        line_over(life)


def line_over(life: Life, *, lost: bool = False) -> None:
    """The talk with the phone of a line is over, and perhaps the caller is on hold. `lost`: the phone is gone."""
    if lost:
        dialling.lost(life)
    else:
        dialling.over(life, EndedBy.AGENT)
    life.leg.expect(life.now)
    life.fetch_if_held()


def phone_lost(life: Life, offer: str, *, over: bool = False) -> None:
    """The agent's phone is gone in the middle of the talk: the caller comes back to the front of the queue. `over`:
    Asterisk has ended the talk for that.
    """
    if isinstance(life.state, AtLine) and offer and life.state.offer == offer:
        life.leg.stale_cause = True
        dialling.lost(life)
        life.take_out(do.PlainCommand.KICK)
        return
    if not (isinstance(life.state, Talking) and life.state.offer == offer):
        return
    life.leg.stale_cause = True
    to_front(life, life.state.queue)
    if over:
        life.leg.expect(life.now)
    else:
        life.take_out(do.PlainCommand.KICK)


def to_front(life: Life, queue: str | None, *, told: bool = False) -> None:
    """The agent is gone, and the talk is over: the caller is on the way to the front of the queue. `told`: why."""
    life.tell(acd.CallEnded(life.id, EndedBy.SYSTEM, ev.Lost.AGENT))
    if queue is not None:
        going = Going(life.exactly("queues", queue), apology="" if told else "talk-broken", front=Front())
    else:
        going = Going(life.edition.hotline.fallback or life.entry, apology="service-apology")
    life.since = None
    life.write_going(going.to, going.front)
    life.go(going)


def hold_ended(life: Life) -> None:
    """The caller has left the holding bridge, or a talk, and is back in the session."""
    kicked, held = life.leg.kicked, life.leg.held
    life.leg.held = False
    match life.state:
        case Talking(hold=None) as state:
            back_from_talk(life, state)
        case AtLine(answered=True) if life.leg.joining is not None and not held:
            # the agent of a talk of three has hung up before the others were joined
            life.leg.joining = None
            dialling.lost(life)
            life.take_out(do.PlainCommand.KICK)  # the colleague may not take the caller any more
        case AtLine(answered=True, hold=None):  # a colleague to whom the caller was transferred
            dialling.over(life, EndedBy.AGENT)
        case Offered(queue, offers, wish) if wish is not None or not kicked:
            life.go(Settling(queue, offers, wish=wish))


def back_from_talk(life: Life, state: Talking) -> None:
    """The caller is back in a session. Whether the agent has hung up, or the browser is gone, AMI tells in a moment."""
    if state.returns and state.until is None and life.leg.link:
        life.go(replace(state, until=life.now + SETTLING))
    else:
        talk_over(life, EndedBy.AGENT)


def taken_known(life: Life, offer: str) -> None:
    if not isinstance(life.state, Settling):
        return
    if offer not in life.state.offers and life.state.wish is not None:
        leave(life, life.state.wish)
    elif offer not in life.state.offers:
        life.go(waits_on(life.state))
    elif life.leg.link:
        life.go(replace(life.state, taken=offer, until=life.now + SETTLING))
    else:
        talked_unseen(life, offer, EndedBy.AGENT)


def waits_on(state: Settling) -> Waiting | Offered:
    """The state of a call whose caller no leg has taken: as before, so the caller waits on."""
    return Offered(state.queue, state.offers) if state.offers else Waiting(state.queue)


def announcement_due(life: Life, speech: Speech) -> None:
    match life.state:
        case Waiting(queue) if not life.arrival.agent:  # an agent may hand a caller over at any moment
            life.go(Waiting(queue, speech, reporting=True))
            life.fetch_if_held()
        case _:
            life.tell(acd.Announced(life.id, said=False))


def announced(life: Life) -> None:
    """No announcement runs: tell the distributor, if it waits."""
    if isinstance(life.state, Waiting) and life.state.reporting:
        life.go(Waiting(life.state.queue, life.state.speech))
        life.tell(acd.Announced(life.id))


def queue_left(life: Life, to: Destination | None, edition: Version) -> None:
    """The engine has taken the call out of its queue."""
    if isinstance(life.state, Waiting | Offered | Settling):
        life.edition = edition
        _send(life, to or edition.hotline.fallback or ToHangUp(hangup=True))


def _send(life: Life, to: Destination) -> None:
    life.write_going(to)
    _go_elsewhere(life, to)


def key_pressed(life: Life, event: ev.KeyPressed) -> None:
    """A key in a queue or a talk. Menus take keys by AwaitKey; keys in a talk are for the agent."""
    match life.state:
        case Waiting(queue) | Offered(queue) | Settling(queue):
            life.out.append(do.PlainCommand.CLEAR_KEYS)
            life.write(Kind.KEY_PRESSED, CALLER, key=event.key, menu="")
            definition = life.edition.hotline.queues.get(queue)
            to = definition.keys.get(cast(Key, event.key)) if definition is not None else None
            if to is None or not event.may_leave:
                return
            if isinstance(life.state, Waiting):
                leave(life, to)
            else:  # AMI may be late: an agent who has picked up keeps the caller
                life.go(replace(life.state, wish=to))
                life.out.append(do.PlainCommand.STOP_SAYING)
                life.fetch_if_held()
        case Talking() | Interrupted():
            life.out.append(do.PlainCommand.CLEAR_KEYS)


def leave(life: Life, to: Destination) -> None:
    """The caller leaves the queue by a key."""
    life.write_going(to)  # first: a service that dies here knows where the call goes
    life.tell(acd.CallLeft(life.id, Left.WENT_ELSEWHERE))
    life.since = None
    _go_elsewhere(life, to)


def _go_elsewhere(life: Life, to: Destination) -> None:
    life.go(Going(to))
    life.out.append(do.PlainCommand.STOP_SAYING)
    life.fetch_if_held()


def talk_over(life: Life, by: EndedBy, cause: str = "") -> None:
    """The talk has ended: goodbye. `by`: who ended it; `cause`: why, if neither side did."""
    life.ended_by = by
    match life.state:
        case Talking(queue, offer, agent):
            life.talker, life.talked = Talker(agent, queue or ""), offer
        case Interrupted(queue, agent=agent, ring=ring):
            life.talker, life.talked = Talker(agent, queue), ring
            if ring:
                life.out.append(do.DropRing(ring))
    life.go(Leaving(talked=True))
    life.tell(acd.CallEnded(life.id, by, cause))
    life.leg.expect(life.now)
    life.fetch_if_held()


def talked_unseen(life: Life, offer: str, by: EndedBy) -> None:
    """This ring became a talk that is over. The service or its link to Asterisk was away, or late.

    The caller does not return to the queue, as everything would have to be told again.
    """
    state = life.state
    life.talked, life.talker = offer, Talker("", life.waited_in or "")
    if isinstance(state, Offered | Settling) and offer in state.offers:
        life.tell(acd.OfferConnected(offer))
        talk_over(life, by)
    elif isinstance(state, Waiting | Offered | Settling):  # the engine has given this ring up
        life.ended_by = by
        life.go(Leaving(talked=True))
        life.tell(acd.CallLeft(life.id, Left.WENT_ELSEWHERE))
