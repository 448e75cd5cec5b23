"""What is new in a snapshot of Asterisk, compared with what is believed. Pure.

The service asks Asterisk after each connect of the link and once a minute, as events can lag or be lost. After a
restart it finds its calls in the same way.
"""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from dialplan.news import Apart, News
from dialplan.snapshot import (
    ASIDE,
    ASIDE_APPLICATION,
    DIALLING,
    IS_ASIDE,
    LOST_VARIABLE,
    MOVED_VARIABLE,
    NUMBER_VARIABLE,
    PAUSING,
    RUNG_VARIABLE,
    SERVING,
    STATUS_VARIABLE,
    TAKEN_VARIABLE,
    AsteriskSnapshot,
    Channel,
)

# --- what is believed ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Caller:
    """The caller of a live call.

    bridge   the caller's, "" for none
    served   by an AGI session
    talker   the agent who talks with the caller, or talked last; "" for nobody
    waits    the agent whose own call it is, if that call is in a queue; "" else
    line     the mark of the line that the caller is put through to (`calls.states.mark_of`); "" for none
    """

    call: str
    bridge: str = ""
    served: bool = False
    talker: str = ""
    waits: str = ""
    line: str = ""


@dataclass(frozen=True, slots=True)
class Leg:
    """An agent's leg.

    caller    unique id of the caller for whom it rings, or with whom it talks
    bridge    the one that it is in, "" for none
    made      its channel was seen
    given_up  its channel need not be waited for: the ring was cancelled, or nobody knows whether Asterisk took it on
    ended     its channel ended while nobody knew what that means
    """

    caller: str
    bridge: str = ""
    made: bool = True
    given_up: bool = False
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Restored:
    """What the service knows from before a restart.

    calls   the ids of calls whose channels are still to be found
    rings   the open offers, neither a talk nor failed, each with the call and the agent
    places  every call in a queue, and the agent with whom it talks; None: it waits, or agents ring for it
    numbers  those of the callers, by calls: an agent's id in a call of the agent's own
    lines   calls that talk with an agent to whom they were sent, with this agent, and whether the caller is on hold
    """

    calls: Sequence[str] = ()
    rings: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    places: Mapping[str, str | None] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, tuple[str, bool]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Believed:
    """callers by their channels' unique ids, legs by their offers. `restored`: None once it was compared."""

    callers: Mapping[str, Caller]
    legs: Mapping[str, Leg] = field(default_factory=dict)
    restored: Restored | None = None


# --- what is new ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CallerSeen:
    caller: str
    news: News


@dataclass(frozen=True, slots=True)
class BridgeSeen:
    """The caller is in this bridge, "" for none. `held`: it is the holding bridge."""

    caller: str
    bridge: str
    held: bool


@dataclass(frozen=True, slots=True)
class CallGone:
    """The caller's channel is not there."""

    call: str


@dataclass(frozen=True, slots=True)
class LegSeen:
    """The leg is there. `answered`: by the agent; `bridge`: which it has entered, "": none that is new.

    `pauses`: the leg of an agent who picked up beside others waits in the dialplan until it is let through.
    `apart`: what it does while its caller is on hold; None: it is with the caller, or on the way.
    """

    offer: str
    answered: bool
    bridge: str
    pauses: bool = False
    apart: Apart | None = None


@dataclass(frozen=True, slots=True)
class LegGone:
    """The leg is not there. `took`: it has taken its caller, and their talk is over. `lost`: its phone was gone."""

    offer: str
    took: bool
    lost: bool = False


@dataclass(frozen=True, slots=True)
class StrayHeld:
    """A channel, by its name, is held but belongs to no known call."""

    channel: str


@dataclass(frozen=True, slots=True)
class StraySession:
    """A channel is inside AGI() but belongs to no known call: it may just be coming in, or its other end died before
    the service there marked it. `caller`: its unique id, `channel` its name."""

    caller: str
    channel: str


@dataclass(frozen=True, slots=True)
class CallRestored:
    """The channel of a call from before a restart."""

    call: str
    channel: Channel


@dataclass(frozen=True, slots=True)
class LegRestored:
    """A leg of a call from before a restart rings, or `talks`. `channel` None: the leg is gone, as a `LegGone` will
    say. `agent`: whose leg it is; "": the engine does not know of the talk. `aside`: the caller is on hold in the talk.
    """

    offer: str
    call: str
    agent: str
    channel: Channel | None
    talks: bool = False
    aside: bool = False


@dataclass(frozen=True, slots=True)
class LegUnknown:
    """A leg that the engine does not know, or whose ring it has given up. The leg is not wanted."""

    offer: str
    call: str


@dataclass(frozen=True, slots=True)
class TalkOver:
    """A talk from before a restart is over. `offer`: the ring that became this talk unseen; "": the talk was known.
    `lost`: the agent's phone was gone."""

    call: str
    offer: str = ""
    lost: bool = False


@dataclass(frozen=True, slots=True)
class AtPhone:
    """An agent has transferred the caller to this phone: an agent's id, or a number.

    It rings, or talks with the caller if it has `answered`. `blind`: the agent has not dialled it before.
    """

    call: str
    phone: str
    blind: bool = False
    answered: bool = True


@dataclass(frozen=True, slots=True)
class Transferred:
    """An agent has transferred the caller to `number`, and the dialplan brings the caller to a session.

    `taken`: the offer whose leg took the caller last; "" for none.
    """

    call: str
    number: str
    taken: str


@dataclass(frozen=True, slots=True)
class TookOver:
    """The caller has taken over the call `of`, which was an agent's own. Asterisk has put the caller into that call's
    session, and the caller's channel has its variables; or into the bridge in which the agent waited.
    """

    call: str
    of: str


@dataclass(frozen=True, slots=True)
class PlaceWithoutCall:
    """The engine has a place in a queue for a call that is not known."""

    call: str


Learnt = BridgeSeen | LegSeen | LegGone
Difference = (
    Learnt
    | CallerSeen
    | CallGone
    | StrayHeld
    | StraySession
    | CallRestored
    | LegRestored
    | LegUnknown
    | TalkOver
    | AtPhone
    | Transferred
    | TookOver
    | PlaceWithoutCall
)


def gone(believed: Believed, snapshot: AsteriskSnapshot) -> list[str]:
    """The ids of calls whose channels are not there."""
    lost = [caller.call for unique_id, caller in believed.callers.items() if unique_id not in snapshot.channels]
    if believed.restored is not None:
        found = snapshot.callers()
        lost += [call for call in believed.restored.calls if call not in found]
    return lost


def differences(asked: Believed, believed: Believed, snapshot: AsteriskSnapshot) -> list[Difference]:
    """What is new, in the order in which calls and the engine are to be told.

    `asked`: what was believed when Asterisk was asked. Where `believed` differs from it, events have said something
    newer than the snapshot. There the snapshot does not count. After a restart only the news of calls from before it is
    returned. The service hears events of their channels only from then on, so Asterisk must be asked once more.
    """
    if believed.restored is not None:
        return list(_restored(believed, believed.restored, snapshot))
    known = {caller: asked.callers[caller] for caller in believed.callers if caller in asked.callers}
    return [
        *_taken_over(known, snapshot),  # first: the agent's own channel is gone
        *(CallGone(call) for call in gone(Believed(known), snapshot)),
        *_of_legs(asked.legs, believed.legs, snapshot),
        *_of_callers(known, believed.callers, snapshot),
        *_of_strangers(asked.callers.keys() | believed.callers.keys(), snapshot),
    ]


def _taken_over(known: Mapping[str, Caller], snapshot: AsteriskSnapshot) -> Iterator[TookOver]:
    gone = [caller for unique_id, caller in known.items() if unique_id not in snapshot.channels]
    ids, of_agents = {caller.call for caller in gone}, {caller.waits: caller.call for caller in gone if caller.waits}
    for unique_id, caller in known.items():
        channel = snapshot.channels.get(unique_id)
        if channel is not None and channel.call != caller.call and channel.call in ids:
            yield TookOver(caller.call, channel.call)
        elif caller.talker in of_agents and caller.talker == snapshot.transferred_by(channel):
            yield TookOver(caller.call, of_agents[caller.talker])


def _of_strangers(known: AbstractSet[str], snapshot: AsteriskSnapshot) -> Iterator[Difference]:
    for caller, channel in snapshot.channels.items():
        if caller in known:
            continue
        if snapshot.held(channel):
            yield StrayHeld(channel.name)
        elif channel.application == SERVING:
            yield StraySession(caller, channel.name)


def _of_legs(asked: Mapping[str, Leg], believed: Mapping[str, Leg], snapshot: AsteriskSnapshot) -> Iterator[Difference]:
    seen = []
    for offer, leg in believed.items():
        before, channel = asked.get(offer), snapshot.channels.get(offer)
        if leg.ended or (before is not None and channel is None):
            caller = snapshot.channels.get(leg.caller)
            took = snapshot.took(caller, offer)
            # otherwise its channel may still be made; if it is not, the time-out of the ring ends it
            if took or leg.ended or (before is not None and before.made) or (leg.given_up and not leg.made):
                lost = caller is not None and caller.variables.get(LOST_VARIABLE) == offer
                yield LegGone(offer, took, lost)
        elif before is not None and channel is not None:
            bridge = channel.bridge if leg.bridge == before.bridge else ""
            pauses = channel.up and channel.application == PAUSING
            apart = _apart(channel) if leg.bridge == before.bridge else None
            seen.append(LegSeen(offer, channel.up, bridge, pauses, apart))
    yield from seen


def _apart(leg: Channel) -> Apart | None:
    """What an agent's leg does while its caller is on hold."""
    if leg.variables.get(ASIDE) != IS_ASIDE:
        return None  # a Dial() of this moment only clears the hangup cause
    if leg.application == DIALLING:
        return Apart.TALKS if leg.bridge else Apart.RINGS
    return Apart.WAITS if leg.application == ASIDE_APPLICATION and not leg.bridge else None


def _of_callers(
    asked: Mapping[str, Caller], believed: Mapping[str, Caller], snapshot: AsteriskSnapshot
) -> Iterator[Difference]:
    last: list[CallerSeen] = []  # last: a caller who was sent elsewhere may have talked before
    for caller, before in asked.items():
        now, channel = believed[caller], snapshot.channels.get(caller)
        if channel is None:
            continue
        last.append(CallerSeen(caller, News.FOUND))
        if channel.application == SERVING and not before.served and not now.served:
            last.append(CallerSeen(caller, News.STRAY))
        if now.bridge != before.bridge:
            continue
        if channel.application == DIALLING and not (channel.line or channel.variables.get(RUNG_VARIABLE)):
            yield CallerSeen(caller, News.FALLBACK)
        elif channel.application == DIALLING:
            yield CallerSeen(caller, News.DIALLING)
            if channel.bridge:
                yield CallerSeen(caller, News.ANSWERED)  # Dial() put the caller into a bridge: a talk
        elif channel.variables.get(STATUS_VARIABLE) == "ANSWER":
            yield CallerSeen(caller, News.ANSWERED)  # the caller talked, and perhaps no session says so
        held = snapshot.held(channel)
        if now.bridge and not channel.bridge:
            yield from _line_lost(snapshot, channel)
        # again, even if nothing has changed: a kick during the break of the link had no effect
        if held or channel.bridge != now.bridge:
            yield BridgeSeen(caller, channel.bridge, held)
        begun = now.served and not before.served
        if not begun and now.line == before.line:  # else the caller's session has said since where the caller is
            yield from _sent(snapshot, before.call, channel)
    yield from last


def _line_lost(snapshot: AsteriskSnapshot, caller: Channel) -> Iterator[CallerSeen]:
    """Whether the caller is in no talk any more, as the phone of the line is gone."""
    if caller.line and snapshot.phone_lost(caller):
        yield CallerSeen(caller.unique_id, News.LOST)


def _sent(snapshot: AsteriskSnapshot, call: str, caller: Channel) -> Iterator[AtPhone]:
    """Where an agent has sent the caller, perhaps unseen."""
    rung = caller.variables.get(RUNG_VARIABLE, "")
    if rung and caller.application == DIALLING:
        # no move is noted where the agent has dialled that phone, and joined the caller with it
        blind = caller.variables.get(MOVED_VARIABLE) == call
        yield AtPhone(call, rung, blind=blind, answered=bool(caller.bridge))
    elif phone := snapshot.phone_with(caller):
        yield AtPhone(call, phone)


def _transferred(
    restored: Restored, callers: Mapping[str, Channel], snapshot: AsteriskSnapshot
) -> Iterator[tuple[str, str]]:
    """Calls whose callers talked with an agent and were transferred, unseen, to the queue in which this agent waited;
    and the agent's own call.
    """
    waited = [call for call in restored.calls if call not in callers and call in restored.places]
    of_agents = {restored.numbers.get(call): call for call in waited}
    for call, talker in restored.places.items():
        if talker and talker == snapshot.transferred_by(callers.get(call)) and talker in of_agents:
            yield call, of_agents[talker]


def _leg_of(call: str, caller: Channel | None, legs: dict[str, Channel]) -> tuple[Channel | None, bool]:
    """The leg with which the caller talks, and whether it is set aside. It is taken out of `legs`."""
    own = [leg for leg in legs.values() if leg.call == call]
    leg = next((leg for leg in own if leg.bridge or leg.apart_from(caller)), None)
    legs.pop(leg.offer if leg else "", None)
    return leg, leg is not None and leg.apart_from(caller)


def _restored(believed: Believed, restored: Restored, snapshot: AsteriskSnapshot) -> Iterator[Difference]:
    callers = snapshot.callers()
    legs = {channel.offer: channel for channel in snapshot.channels.values() if channel.call and channel.offer}
    served = {caller.call: caller.served for caller in believed.callers.values()}  # found already, by their sessions
    over = set()  # calls whose callers neither wait nor talk any more
    transferred = dict(_transferred(restored, callers, snapshot))
    for call in restored.calls:
        if (channel := callers.get(call)) is None:
            over.add(call)
            if call not in transferred.values():
                yield CallGone(call)
        else:
            served[call] = False
            yield CallRestored(call, channel)
            if not channel.bridge and channel.application != DIALLING:
                # a talk with a line is over, and the dialplan brings the caller to a session only a second later
                yield from _line_lost(snapshot, channel)
                yield CallerSeen(channel.unique_id, News.LET_GO)
    for call, of in transferred.items():
        over.add(call)
        yield TookOver(call, of)
    for offer, (call, agent) in restored.rings.items():
        if call in over:
            continue  # if it had a leg, that leg is unknown now
        leg = legs.pop(offer, None)
        if call in served and leg is None and snapshot.took(callers.get(call), offer):
            over.add(call)
            yield TalkOver(call, offer)
        elif call in served:  # else its place is given up, and with it the ring
            yield LegRestored(offer, call, agent, leg)
    for call, talker in restored.places.items():
        if call in over:
            continue
        if call not in served:
            yield PlaceWithoutCall(call)
        elif talker is not None:
            caller = callers.get(call)
            leg, aside = _leg_of(call, caller, legs)
            if leg is None or (served[call] and not aside):  # the caller is back in a session: the leg is about to go
                yield TalkOver(call, lost=snapshot.phone_lost(caller))
            else:
                yield LegRestored(leg.offer, call, talker, leg, talks=True, aside=aside)
        elif (caller := callers.get(call)) is not None and snapshot.joined(caller):
            over.add(call)  # an agent picked up unseen, and joined the caller with a colleague
            yield TalkOver(call, caller.variables[TAKEN_VARIABLE])
    for call, (talker, held) in restored.lines.items():
        if call in served and call not in over:
            leg, aside = _leg_of(call, callers.get(call), legs)
            if leg is not None:
                yield LegRestored(leg.offer, call, talker, leg, talks=True, aside=aside)
            elif held:
                yield TalkOver(call, lost=snapshot.phone_lost(callers.get(call)))
    for offer, leg in legs.items():
        # The engine does not know this leg. If it talks with a caller who does not wait, the talk goes on. If the
        # caller waits, the leg is ended and the caller waits on. Until then nobody rings for this caller. A leg that
        # consults somebody is ended, too: its caller has hung up.
        caller = callers.get(leg.call)
        waits = leg.call not in over and restored.places.get(leg.call, "") is None
        if waits or not leg.bridge or leg.apart_from(caller):
            yield LegUnknown(offer, leg.call)
        elif leg.call in served and caller is not None and leg.bridge == caller.bridge:
            yield LegRestored(offer, leg.call, "", leg, talks=True)
    for call, caller in callers.items():
        if call in served:
            yield from _sent(snapshot, call, caller)
        moved = caller.variables.get(MOVED_VARIABLE) == call and caller.application != DIALLING
        if moved and served.get(call) is False:  # else its session reports it
            yield Transferred(call, caller.variables.get(NUMBER_VARIABLE, ""), caller.variables.get(TAKEN_VARIABLE, ""))
