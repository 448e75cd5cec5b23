"""A call in a queue, and its talk with an agent: rings, announcements, keys, and the ways out. Pure."""

from contextlib import suppress
from dataclasses import replace
from typing import cast

from acd import events as acd
from acd.events import EndedBy, Left
from acd.model import Recorded
from calls import arranging, dialling, surveying
from calls import effects as do
from calls import events as ev
from calls.leg import Bridge, Happens
from calls.life import Life, Talker
from calls.states import (
    Arriving,
    AtLine,
    Front,
    Going,
    Interrupted,
    Leaving,
    Offered,
    Queued,
    Settling,
    State,
    Talk,
    Talking,
    Waiting,
)
from hotline.calls_out import NotAllowed, to_dial
from ivr.model import Destination, Key
from ivr.model import HangUp as ToHangUp
from journal.actor import CALLER
from journal.records import Kind
from sounds.model import Phrase, Speech

SETTLING = 2.0
"""Seconds in which Asterisk reports what became of a leg that took the caller out of the holding bridge."""

OLD_PLACE: Speech = (Phrase("service-apology"),)
FIRST_PLACE: Speech = (Phrase("talk-broken"),)
"""What a caller hears who waits again after a failure has cut the call off: at the old place, or at the front."""


def matched(life: Life, state: Queued, event: ev.Matched) -> None:
    """Ring an agent for the caller. Announcements stop: none begins, and a running one is cut short."""
    ring = event.ring
    if state.queue != ring.queue:
        not_matched(life, state, event)
        return
    match state:
        case Waiting(queue):
            announced(life)  # otherwise no announcement would follow if the ring comes to nothing
            life.go(Offered(queue, frozenset({ring.offer_id})))
        case Offered() | Settling():
            life.go(replace(state, offers=state.offers | {ring.offer_id}))
    life.out += (do.Ring(ring, life.leg.held), do.PlainCommand.STOP_SAYING)


def not_matched(life: Life, _: State, event: ev.Matched) -> None:
    """The call does not wait in that queue any more."""
    life.tell(acd.OfferFailed(event.ring.offer_id, acd.OfferFailure.FAILED))


def ring_over(life: Life, state: Offered | Settling, event: ev.RingOver) -> None:
    offer = event.offer
    match state:
        case Settling(taken=taken) if taken == offer:
            talked_unseen(life, offer, EndedBy.AGENT)
        case _ if offer not in state.offers:
            pass
        case Offered(queue, offers, wish) if len(offers) == 1:
            life.go(Waiting(queue))
            if wish is not None:
                leave(life, wish)
        case _:
            life.go(replace(state, offers=state.offers - {offer}))


def takes(life: Life, _: State, event: ev.Connected) -> bool:
    """The leg has the caller. False: this is late news, and the talk is over."""
    if event.offer == life.talked:
        return False
    life.leg.tell(Happens.LEFT)  # also if AMI has not reported yet that the caller left the holding bridge
    return True


def connected(life: Life, state: Waiting | Offered, event: ev.Connected) -> None:
    if takes(life, state, event):
        life.go(Talking(state.queue, event.offer, event.agent, returns=event.returns))
        recording_began(life, state.queue, event)


def recording_began(life: Life, queue: str, event: ev.Connected) -> None:
    """The dialplan has begun it, if this talk is recorded."""
    life.recording = None
    if life.records(queue):
        life.recording = "on"
        life.write(Kind.RECORDING_BEGUN, agent=event.agent or None, offer=event.offer)


def may_record(life: Life) -> bool:
    """Whether this talk is not recorded, and its agent may ask for it."""
    match life.state:
        case Talking(queue, until=None, hold=None, third=None) if life.recording is None:
            definition = life.edition.hotline.queues.get(queue or "")
            on_demand = definition is not None and definition.record is Recorded.ON_DEMAND
            return on_demand and not life.arrival.test and not life.arrival.agent
    return False


def record_asked(life: Life, state: Talking, event: ev.RecordAsked) -> None:
    if not may_record(life) or state.offer != event.offer:
        return
    life.write(Kind.RECORDING_TOLD)
    life.write(Kind.RECORDING_BEGUN, event.actor, state.agent or None, state.offer, on_demand=True)
    life.told, life.recording = True, "on"
    life.out.append(do.RecordTalk(state.offer))


def pause_asked(life: Life, state: Talk, event: ev.PauseAsked) -> None:
    """Secrets are told, or have been."""
    wanted = "paused" if event.pause else "on"
    if life.recording in (None, wanted):
        return
    kind = Kind.RECORDING_PAUSED if event.pause else Kind.RECORDING_RESUMED
    life.write(kind, event.actor, life.talk.agent or None)
    life.recording = wanted
    if state.offer:
        life.out.append(do.Mute(state.offer, event.pause))


def is_recorded(life: Life) -> bool:
    """Whether a talk goes on that is recorded, though the recording may pause."""
    talks = isinstance(life.state, Talking) or (isinstance(life.state, AtLine) and life.state.answered)
    return talks and life.recording is not None


def stay_paused(life: Life, offer: str) -> None:
    """The leg has the caller back, and records another piece."""
    if life.recording == "paused" and offer:
        life.out.append(do.Mute(offer, on=True))


def settled(life: Life, state: Settling, event: ev.Connected) -> None:
    if takes(life, state, event):
        until = state.until or life.now + SETTLING
        life.go(Talking(state.queue, event.offer, event.agent, until, event.returns))
        recording_began(life, state.queue, event)


def talk_connected(life: Life, state: Talk, event: ev.Connected) -> None:
    if not takes(life, state, event):
        return
    if isinstance(state, Talking):
        life.go(replace(state, offer=event.offer, agent=event.agent or state.agent, returns=event.returns))
        stay_paused(life, event.offer)
    elif state.answered:
        life.go(replace(state, offer=event.offer))  # its phone is a leg from now on
        if life.recording is None:
            recording_began(life, life.talk.queue, event)
            if state.joined and life.recording is not None:
                life.out.append(do.RecordTalk(event.offer))
        stay_paused(life, event.offer)


def found_talking(life: Life, state: Arriving | Going | Leaving, event: ev.Connected) -> None:
    """After a restart: Asterisk knows more than the journal."""
    if takes(life, state, event) and not life.leg.served:
        life.ended_by = None
        life.go(Talking(None, event.offer, event.agent, returns=event.returns))


def leg_ended(life: Life, state: Talking, event: ev.LegEnded) -> None:
    if state.offer == event.offer:
        talk_over(life, EndedBy.AGENT)


def line_leg_ended(life: Life, state: AtLine, event: ev.LegEnded) -> None:
    if state.offer == event.offer:
        line_over(life, state)


def line_over(life: Life, state: AtLine, *, lost: bool = False) -> None:
    """The talk with the phone of a line is over, and perhaps the caller is on hold. `lost`: the phone is gone."""
    if lost:
        dialling.lost(life, state)
    else:
        dialling.over(life, state, EndedBy.AGENT)
    life.leg.expect(life.now)
    life.fetch_if_held()


def line_phone_lost(life: Life, state: AtLine, event: ev.PhoneLost) -> None:
    if event.offer and state.offer == event.offer:
        life.leg.stale_cause = True
        dialling.lost(life, state)
        life.take_out(do.PlainCommand.KICK)


def agent_lost(life: Life, state: Talking, *, over: bool = False) -> None:
    """The agent's phone is gone in the middle of the talk: the caller comes back to the front of the queue. `over`:
    Asterisk has ended the talk for that.
    """
    life.leg.stale_cause = True
    to_front(life, state.queue)
    if over:
        life.leg.expect(life.now)
    else:
        life.take_out(do.PlainCommand.KICK)


def found_over(life: Life, _: State, event: ev.TalkOver) -> None:
    """After a restart: the talk is over."""
    if event.offer:
        talked_unseen(life, event.offer, EndedBy.AGENT)


def found_talk_over(life: Life, state: Talking, event: ev.TalkOver) -> None:
    if event.offer:
        talked_unseen(life, event.offer, EndedBy.AGENT)
    elif event.lost:
        agent_lost(life, state, over=True)
    else:
        talk_over(life, EndedBy.AGENT)


def found_line_over(life: Life, state: AtLine, event: ev.TalkOver) -> None:
    if event.offer:
        talked_unseen(life, event.offer, EndedBy.AGENT)
    else:
        line_over(life, state, lost=event.lost)


def to_front(life: Life, queue: str | None, *, explained: bool = False) -> None:
    """The agent has gone, and the talk is over: send the caller to the front of the queue. `explained`: the caller has
    heard why.
    """
    life.tell(acd.CallEnded(life.id, EndedBy.SYSTEM, ev.Lost.AGENT))
    surveying.not_asked(life, surveying.Why.LOST)
    if queue is not None:
        going = Going(life.exactly("queues", queue), apology="" if explained else "talk-broken", front=Front())
    else:
        going = Going(life.edition.hotline.fallback or life.entry, apology="service-apology")
    life.since = None
    life.write_sent_on(going.to, going.front, apology=going.apology)
    life.go(going)


def out_of_hold(life: Life, _: State, __: ev.PlainEvent) -> None:
    """The caller has left the holding bridge, or a talk, and is back in the session."""
    life.leg.tell(Happens.LEFT)


def out_of_queue(life: Life, state: Offered, _: ev.PlainEvent) -> None:
    life.leg.tell(Happens.LEFT)
    if state.wish is not None or life.leg.bridge is not Bridge.TAKEN_OUT:
        life.go(Settling(state.queue, state.offers, wish=state.wish))


def out_of_talk(life: Life, state: Talking, _: ev.PlainEvent) -> None:
    life.leg.tell(Happens.LEFT)
    if state.hold is None:
        back_from_talk(life, state)


def out_of_line(life: Life, state: AtLine, _: ev.PlainEvent) -> None:
    held = life.leg.held
    life.leg.tell(Happens.LEFT)
    if not state.answered:
        return
    if life.leg.joining is not None and not held:
        # the agent of a talk of three has hung up before the others were joined
        life.leg.joining = None
        dialling.lost(life, state)
        life.take_out(do.PlainCommand.KICK)  # the colleague may not take the caller any more
    elif state.hold is None:  # a colleague to whom the caller was transferred
        dialling.back_from_talk(life, state)


def back_from_talk(life: Life, state: Talking) -> None:
    """The caller is back in a session. Whether the agent has hung up, or the phone is gone, AMI says in a moment: of a
    phone that may return, and of any phone once Asterisk can be asked after a restart.
    """
    if state.until is None and (state.returns or not life.leg.link):
        life.go(replace(state, until=life.now + SETTLING))
    else:
        talk_over(life, EndedBy.AGENT)


def talk_due(life: Life, state: Talking, _: ev.PlainEvent) -> None:
    if state.until is not None and life.now >= state.until:
        talk_over(life, EndedBy.AGENT)


def settling_due(life: Life, state: Settling, _: ev.PlainEvent) -> None:
    if state.until is not None and life.now >= state.until:
        talked_unseen(life, state.taken, EndedBy.AGENT)


def taken_known(life: Life, state: Settling, event: ev.TakenKnown) -> None:
    offer = event.offer
    if offer not in state.offers and state.wish is not None:
        leave(life, state.wish)
    elif offer not in state.offers:
        life.go(waits_on(state))
    elif life.leg.link:
        life.go(replace(state, taken=offer, until=life.now + SETTLING))
    else:
        talked_unseen(life, offer, EndedBy.AGENT)


def waits_on(state: Settling) -> Waiting | Offered:
    """The state if no leg has taken the caller: the caller waits on as before."""
    return Offered(state.queue, state.offers) if state.offers else Waiting(state.queue)


def announcement_due(life: Life, state: Waiting, event: ev.AnnouncementDue) -> None:
    # an agent may transfer a caller at any moment
    if life.arrival.agent or state.arranging is not None:
        not_announced(life, state, event)
        return
    apology = state.speech if state.speech in (OLD_PLACE, FIRST_PLACE) else ()  # the caller has not heard it yet
    life.go(Waiting(state.queue, (*apology, *event.speech), reporting=True))
    life.fetch_if_held()


def not_announced(life: Life, _: State, __: ev.AnnouncementDue) -> None:
    life.tell(acd.Announced(life.id, said=False))


def announced(life: Life) -> None:
    """No announcement runs: tell the distributor, if it waits."""
    if isinstance(life.state, Waiting) and life.state.reporting:
        life.go(Waiting(life.state.queue, life.state.speech))
        life.tell(acd.Announced(life.id))


def queue_left(life: Life, _: Queued, event: ev.QueueLeft) -> None:
    """The engine has taken the call out of its queue."""
    life.edition = event.edition
    to = event.to or life.edition.hotline.fallback or ToHangUp(hangup=True)
    life.write_sent_on(to)
    _go_elsewhere(life, to)


def key_pressed(life: Life, state: Queued, event: ev.KeyPressed) -> None:
    """A key in a queue. Menus take keys by AwaitKey, and so does a caller who arranges a callback."""
    if isinstance(state, Waiting) and state.arranging is not None:
        return
    life.out.append(do.PlainCommand.CLEAR_KEYS)
    life.write(Kind.KEY_PRESSED, CALLER, key=event.key, menu="")
    definition = life.edition.hotline.queues.get(state.queue)
    if definition is None or not event.may_leave:
        return
    if definition.callback is not None and event.key == definition.callback.key:
        if isinstance(state, Waiting):  # while an agent rings, nothing happens: a moment later the caller talks
            arranging.begin(life, state, can=event.can_call_back)
        return
    to = definition.keys.get(cast(Key, event.key))
    if to is None:
        return
    if isinstance(state, Waiting):
        leave(life, to)
    else:  # AMI may be late: an agent who has picked up keeps the caller
        life.go(replace(state, wish=to))
        life.out.append(do.PlainCommand.STOP_SAYING)
        life.fetch_if_held()


def number_of_missed(life: Life, queue_id: str) -> str:
    """The number at which the hotline calls back a caller who gives up in this queue; "": it does not. A citizen who
    answers a callback and hangs up does not want another one. A number has one callback.
    """
    arrival, hotline = life.arrival, life.edition.hotline
    queue = hotline.queues.get(queue_id)
    if queue is None or queue.callback is None or not queue.missed.call_back:
        return ""
    if arrival.agent or arrival.test or arrival.robot or arrival.about or arrival.called_back:
        return ""
    if any(other != queue_id for other in arrival.callbacks):
        return ""
    with suppress(NotAllowed):
        to_dial(arrival.caller, hotline.calls_out, hotline.own_numbers)
        return arrival.caller
    return ""


def talk_key(life: Life, _: Talking | Interrupted, __: ev.KeyPressed) -> None:
    """A key in a talk is meant for the agent."""
    life.out.append(do.PlainCommand.CLEAR_KEYS)


def leave(life: Life, to: Destination) -> None:
    """The caller leaves the queue by a key."""
    life.write_sent_on(to)  # first: a service that dies here knows where the call goes
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
    life.talker = life.talk
    match life.state:
        case Talking(offer=offer):
            life.talked = offer
        case Interrupted(ring=ring):
            life.talked = ring
            if ring:
                life.out.append(do.DropRing(ring))
    life.go(Leaving(talked=True, survey=surveying.due(life)))
    life.tell(acd.CallEnded(life.id, by, cause))
    life.leg.expect(life.now)
    life.fetch_if_held()


def talked_unseen(life: Life, offer: str, by: EndedBy) -> None:
    """This ring became a talk, which is over. The service or its link to Asterisk was away, or late.

    The caller does not return to the queue, where the caller would have to explain everything again.
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
