"""Agents' phones that call citizens: each rings, is answered, and dials the citizen through the trunk.

The dialplan does that alone (`wutong-out`), and goes on with it while the service is away. A leg is known by the id of
its call, which its channel's unique id ends with.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from acd.events import EndedBy, OfferFailure
from dialplan.ami_connection import ActionRefused, LinkDown
from dialplan.callback_legs import NotReached, why
from dialplan.joins import RefusedTransfers
from dialplan.leg import RECORD_FEATURE
from dialplan.legs import ANSWERED_ELSEWHERE, OVERTAKEN, UNKNOWN_CAUSE, refused
from dialplan.link import AmiLink
from dialplan.news import PHONE_GONE
from dialplan.phones import Phones
from dialplan.snapshot import Channel
from dialplan.wire.ami import AmiMessage

CONTEXT = "wutong-out"
TOLD_CONTEXT = "wutong-told"
AGENT_RING = 20.0
"""Seconds that the agent's own phone rings."""
SEEN = "WUTONG_SEEN"
TALKED = "out"
"""What the dialplan notes of a call in which they have talked, if the service did not hear of it."""
REMEMBERED = 100
"""How many ended legs are remembered: a transfer by one may be reported after its end."""

_PREFIX = "out-"


@dataclass(frozen=True, slots=True)
class ToRecord:
    """How the talk is recorded.

    file       the beginning of the recording's files; "": it is not recorded from its beginning
    told       the files that the citizen hears before
    on_demand  it may be recorded from some moment on
    """

    file: str = ""
    told: Sequence[str] = ()
    on_demand: bool = False

    @property
    def variables(self) -> Mapping[str, str]:
        """Of the agent's channel."""
        if self.on_demand:
            return {"DYNAMIC_FEATURES": RECORD_FEATURE}
        if self.file:
            return {"RECORD": self.file, "_WUTONG_TOLD": "&".join(self.told), "WUTONG_TELLS": f"U({TOLD_CONTEXT})"}
        return {}


NOT_RECORDED = ToRecord()


class Listener(Protocol):
    """Gets what happens to these legs. Every method returns at once."""

    def agent_picked_up(self, call_id: str) -> None:
        """The citizen's phone is dialled."""

    def agent_not_reached(self, call_id: str, failure: OfferFailure) -> None:
        """The agent's phone has not taken the ring."""

    def citizen_answered(self, call_id: str) -> None: ...

    def citizen_not_reached(self, call_id: str, why: NotReached) -> None:
        """The agent hears a tone."""

    def leg_over(self, call_id: str, by: EndedBy) -> None:
        """The agent had picked up, and the agent's channel has ended."""

    def leg_lost(self, call_id: str) -> None:
        """Asterisk was asked, and does not have the leg."""


@dataclass(slots=True)
class _Leg:
    """up         the agent has picked up
    by_agent   the agent has hung up, and the channel is about to end
    settled    the channel was seen, or nobody knows whether Asterisk makes one: a look may find it gone
    failed     Asterisk has said that the ring was not taken; `cause`: the channel has ended, and why; ""s: not yet
    withdrawn  it is to be hung up as soon as it has a channel
    """

    agent: str
    up: bool = False
    by_agent: bool = False
    settled: bool = False
    failed: bool = False
    cause: str = ""
    withdrawn: bool = False


class CitizenLegs:
    """All such legs. `listener` hears of them."""

    def __init__(self, link: AmiLink, phones: Phones, refused_transfers: RefusedTransfers) -> None:
        self.listener: Listener | None = None
        self._link, self._phones, self._refused_transfers = link, phones, refused_transfers
        self._legs: dict[str, _Leg] = {}  # by their calls
        self._far: dict[str, str] = {}  # a citizen's channel that is about to end unanswered → the call
        self._before: deque[str] = deque(maxlen=REMEMBERED)  # unique ids of legs that are over
        self._asked: set[str] = set()  # calls whose legs were settled when Asterisk was asked
        self._words: Mapping[str, str] = {}  # of those that it did not have: what the dialplan has noted

    def __contains__(self, channel: str) -> bool:
        return call_of(channel) in self._legs

    # -- what is asked ------------------------------------------------------------------------------------------------

    async def dial(
        self,
        call_id: str,
        agent_id: str,
        number: str,
        shown: str,
        name: str,
        ring: float,
        recorded: ToRecord = NOT_RECORDED,
    ) -> None:
        """Ring the agent's phone for `ring` seconds, which shows `name` and `number`; once it is answered, dial
        `number`, which sees the number `shown`.

        Raises ActionRefused: it does not ring. LinkDown or TimeoutError: nobody knows; a look at Asterisk shows it.
        """
        phone, channel_id = self._phones.to_ring(agent_id), channel_of(call_id)
        leg = self._legs[call_id] = _Leg(agent_id)
        self._phones.rung(phone, channel_id)
        try:
            asked = self._link.originate(
                *(f"PJSIP/{phone}", channel_id, CONTEXT, ring),
                {"WUTONG_OUT": call_id, "WUTONG_DIALS": number, "WUTONG_SHOWN": shown, **recorded.variables},
                shows=(name, number),
                action_id=channel_id,
            )
            await asked.answer()
        except ActionRefused:
            self._drop(call_id)
            raise
        except (LinkDown, TimeoutError):
            leg.settled = True
            raise

    def cancel(self, call_id: str) -> None:
        """Neither the agent's phone nor the citizen's rings any more."""
        if (leg := self._legs.get(call_id)) is not None:
            leg.withdrawn = True
            self._hang_up(call_id)

    def _hang_up(self, call_id: str) -> None:
        self._link.send("Hangup", Channel=channel_of(call_id), Cause=ANSWERED_ELSEWHERE)

    async def name_of(self, call_id: str) -> str:
        """The name of the agent's channel; "": it is gone. Raises LinkDown or TimeoutError."""
        try:
            asked = await self._link.action("Getvar", Channel=channel_of(call_id), Variable="CHANNEL(name)")
        except ActionRefused:
            return ""
        return asked.get("Value")

    def adopt(self, call_id: str, agent_id: str) -> None:
        """A leg from before a restart. The next look shows whether it still lives."""
        self._legs[call_id] = _Leg(agent_id, settled=True)

    # -- what Asterisk reports ----------------------------------------------------------------------------------------

    def began(self, event: AmiMessage) -> None:
        """A channel is there."""
        call_id = call_of(event.get("Uniqueid"))
        if (leg := self._legs.get(call_id)) is not None:
            leg.settled = True
            if leg.withdrawn:
                self._hang_up(call_id)

    def lost(self) -> None:
        """The link broke: events are missing from now on."""
        self._far.clear()
        for leg in self._legs.values():
            leg.settled = True

    def rings(self, event: AmiMessage) -> None:
        """DialBegin: a phone rings for a channel."""
        self._picked_up(call_of(event.get("Uniqueid")))

    def _picked_up(self, call_id: str) -> None:
        if (leg := self._legs.get(call_id)) is not None:
            leg.up = True
            self._notify(lambda listener: listener.agent_picked_up(call_id))

    def dial_ended(self, event: AmiMessage) -> None:
        """DialEnd. The citizen's channel ends next, and says why."""
        call_id, status = call_of(event.get("Uniqueid")), event.get("DialStatus")
        if (leg := self._legs.get(call_id)) is None:
            return
        if status == "ANSWER":
            self._answered(call_id)
        elif status == "CANCEL":
            leg.by_agent = True
        else:
            self._far[event.get("DestUniqueid")] = call_id

    def _answered(self, call_id: str) -> None:
        self._legs[call_id].up = True
        self._notify(lambda listener: listener.citizen_answered(call_id))
        self._link.send("Setvar", Channel=channel_of(call_id), Variable=SEEN, Value=TALKED)

    def hangup_requested(self, event: AmiMessage) -> None:
        """A phone hangs up."""
        if (leg := self._legs.get(call_of(event.get("Uniqueid")))) is not None:
            leg.by_agent = True

    def originate_response(self, event: AmiMessage) -> None:
        """It may come before the events of its channel, or after them: `dialplan.legs`."""
        call_id = call_of(event.action_id)
        if (leg := self._legs.get(call_id)) is None:
            return
        if event.get("Response") != "Failure":
            self._picked_up(call_id)
        elif event.get("Reason") == "3":
            self._not_taken(call_id, OfferFailure.NO_ANSWER)
        else:
            leg.failed = True
            self._ends(call_id, leg)

    def _ends(self, call_id: str, leg: _Leg) -> None:
        """The channel of a ring has ended, or the ring has failed; mostly the other one is said in this moment, too."""
        leg.settled = True
        if leg.failed and leg.cause:
            self._refused(call_id)
        else:
            asyncio.get_running_loop().call_later(OVERTAKEN, self._refused, call_id)

    def _refused(self, call_id: str) -> None:
        leg = self._legs.get(call_id)
        if leg is not None and leg.up:  # the agent has picked up, and was gone before that was said
            self._over(call_id, EndedBy.AGENT)
        elif leg is not None:
            has_other = self._phones.has_other(leg.agent, f"{_PREFIX}{call_id}")
            self._not_taken(call_id, refused(leg.cause, has_other=has_other))

    def _not_taken(self, call_id: str, failure: OfferFailure) -> None:
        self._drop(call_id)
        self._notify(lambda listener: listener.agent_not_reached(call_id, failure))

    def ended(self, event: AmiMessage) -> None:
        """A channel is gone."""
        channel, cause = event.get("Uniqueid"), event.get("Cause")
        if (call := self._far.pop(channel, "")) in self._legs:
            self._notify(lambda listener: listener.citizen_not_reached(call, why(cause)))
        call_id = call_of(channel)
        if (leg := self._legs.get(call_id)) is None:
            return
        if leg.up:
            by = EndedBy.AGENT if leg.by_agent else EndedBy.CALLER
            self._over(call_id, EndedBy.SYSTEM if cause == PHONE_GONE else by)
        else:
            leg.cause = cause or UNKNOWN_CAUSE
            self._ends(call_id, leg)

    def joined(self, event: AmiMessage) -> None:
        """A phone has joined its two calls. A citizen who was called cannot be transferred: nobody would know."""
        ours = {channel_of(call_id) for call_id in self._legs}
        self._refused_transfers.refuse(event, {*ours, *self._before}, "Uniqueid")

    def _over(self, call_id: str, by: EndedBy) -> None:
        if call_id in self._legs:
            self._drop(call_id)
            self._notify(lambda listener: listener.leg_over(call_id, by))

    def _drop(self, call_id: str) -> None:
        channel_id = channel_of(call_id)
        self._phones.not_rung(self._legs.pop(call_id).agent, channel_id)
        self._before.append(channel_id)

    # -- looking afresh -----------------------------------------------------------------------------------------------

    def asked(self) -> None:
        """Asterisk is asked now for its channels."""
        self._asked = {call_id for call_id, leg in self._legs.items() if leg.settled}

    async def ask_after(self, channels: Mapping[str, Channel], last_words: Callable[[str], Awaitable[str]]) -> None:
        """What it answered. `last_words`: what the dialplan has noted of a call's talk.

        Raises LinkDown or TimeoutError.
        """
        gone = [call_id for call_id in self._asked if channel_of(call_id) not in channels]
        self._words = {call_id: await last_words(call_id) for call_id in gone}

    def seen(self, channels: Mapping[str, Channel], forget_words: Callable[[str], None]) -> None:
        """The same, once everybody else has heard it: report how far each call is."""
        for call_id in self._asked & self._legs.keys():
            there = channels.get(channel_of(call_id))
            if there is None:
                self._lost(call_id, forget_words)
            elif there.bridge:
                self._answered(call_id)
            else:
                if there.up:
                    self._picked_up(call_id)
                if self._legs[call_id].withdrawn:
                    self._hang_up(call_id)

    def _lost(self, call_id: str, forget_words: Callable[[str], None]) -> None:
        self._drop(call_id)
        if self._words.get(call_id):
            self._notify(lambda listener: listener.citizen_answered(call_id))
            forget_words(call_id)
        self._notify(lambda listener: listener.leg_lost(call_id))

    def _notify(self, news: Callable[[Listener], None]) -> None:
        if self.listener is not None:
            news(self.listener)


def channel_of(call_id: str) -> str:
    """The unique id of the agent's channel."""
    return f"{_PREFIX}{call_id}"


def call_of(channel: str) -> str:
    """The call of such a leg, by its channel's unique id; "": it is none."""
    return channel.removeprefix(_PREFIX) if channel.startswith(_PREFIX) else ""
