"""Agents' legs: each is originated for one offer, rings, is answered, takes its caller, and ends.

A leg is known by its offer id, which is the unique id of its channel too. The end of a ring is reported once.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import structlog

from acd.events import OfferFailure
from dialplan.ami_connection import ActionRefused, LinkDown, Unanswered
from dialplan.differences import Leg as BelievedLeg
from dialplan.differences import LegGone, LegRestored, LegSeen
from dialplan.leg import (
    BACK,
    GO_ON,
    HELD,
    OFFER_CONTEXT,
    OFFERED,
    PICKED_UP,
    RECORD_FEATURE,
    ROBOT_CONTEXT,
    WITHDRAWN,
    WON,
    Leg,
    Ring,
    Stage,
)
from dialplan.link import AmiLink, Asked
from dialplan.liveness import not_answered, says_gone
from dialplan.news import Listener
from dialplan.phones import Phones, browser_of
from dialplan.snapshot import BESIDE, CALL_VARIABLE, EARLY, OFFER_VARIABLE
from dialplan.wire.ami import AmiMessage

log = structlog.get_logger()

ANSWERED_ELSEWHERE = "26"
UNKNOWN_CAUSE = "0"


FAILURES = {
    "17": OfferFailure.BUSY,  # of a phone with another call; else the agent has declined
    "18": OfferFailure.UNREACHABLE,
    "20": OfferFailure.UNREACHABLE,
    "21": OfferFailure.DECLINED,
    "23": OfferFailure.DECLINED,  # 302: see `forwarded`
    "19": OfferFailure.DECLINED,  # 480 at once; a ring that timed out has Reason 3 and is known before
}
"""Hangup cause of a leg that was never answered → why."""

RECHECK = 10.0
"""Seconds after which a phone that could not be reached counts again as what Asterisk knows of it: nobody reports when
it can be."""

UNREACHED = 5.0
"""Seconds after which a ring that was taken back is hung up though the phone has not said that it rings. SIP allows no
CANCEL before the phone has answered the INVITE. Asterisk would put the CANCEL off, yet report at once that the leg is
gone, and the next INVITE would come first. So the ring is hung up when the phone rings, mostly milliseconds later."""

ARRIVES = 1.0
"""Seconds; see `arrives`."""

OVERTAKEN = 0.5
"""Seconds by which OriginateResponse may come before the events of its channel: it goes to AMI by a shorter way. Only
after them is it certain that there was no channel."""


def refused(cause: str, *, has_other: bool) -> OfferFailure:
    """Why a phone, or Asterisk, has refused a ring with this cause. `has_other`: the phone has another call, or rings
    for one. Many phones decline with 486, as if they were busy.
    """
    reason = FAILURES.get(cause, OfferFailure.UNREACHABLE)
    return OfferFailure.DECLINED if reason is OfferFailure.BUSY and not has_other else reason


class Legs:
    """All legs that ring or talk. `bridge_of`: a caller's unique id → the caller's bridge, "" for none."""

    def __init__(self, link: AmiLink, listener: Listener, phones: Phones, bridge_of: Callable[[str], str]) -> None:
        self._link = link
        self._listener = listener
        self._phones = phones
        self._bridge_of = bridge_of
        self._legs: dict[str, Leg] = {}
        self._bridges: dict[str, Leg] = {}  # bridge → the leg that waits or talks in it
        self._ended_unasked: set[str] | None = None  # legs, since the link was lost; None: Asterisk was asked since

    def __contains__(self, offer_id: str) -> bool:
        return offer_id in self._legs

    def believed(self) -> dict[str, BelievedLeg]:
        """All legs, by their offers."""
        ended = self._ended_unasked or ()
        return {
            offer_id: BelievedLeg(
                leg.caller,
                leg.bridge,
                made=leg.stage is not Stage.ASKED,
                given_up=leg.cancelled or leg.doubtful,
                ended=offer_id in ended,
            )
            for offer_id, leg in self._legs.items()
        }

    def caller_of(self, offer_id: str) -> str:
        """The unique id of the caller for whom this leg rings, or with whom it talks."""
        return self._legs[offer_id].caller

    def agent_of(self, offer_id: str) -> str:
        """The agent whose leg this is."""
        return self._legs[offer_id].agent_id

    def in_browser(self, offer_id: str) -> bool:
        """Whether the agent's phone is a browser."""
        return self._legs[offer_id].browser

    # -- what is asked ----------------------------------------------------------------------------------------------

    def ring(self, ring: Ring) -> Asked:
        """Ring the agent at once; `rung` takes what is returned. The listener hears once what becomes of the ring.

        Raises Unsendable; then nothing is rung, and the listener hears nothing.
        """
        offer_id, call_id, agent_id, queue, seconds, beside = ring.wants
        browser = browser_of(agent_id)
        phone = browser if ring.back else self._phones.to_ring(agent_id)
        dialled = f"Local/s@{ROBOT_CONTEXT}/n" if ring.robot else f"PJSIP/{phone}"
        leg = Leg(offer_id, agent_id, ring.caller, phone == browser, beside=beside, waits=not ring.held)
        leg.page = self._phones.page(phone)
        variables = {
            # Not the unique id: Bridge() takes any channel whose id begins with the given one, …80.13 for …80.1.
            "CALLER": ring.channel,
            "WHISPER": "&".join(ring.whisper),
            CALL_VARIABLE: call_id,
            OFFER_VARIABLE: offer_id,
        }
        if beside:
            variables[BESIDE] = "1"
        if leg.waits:
            variables[EARLY] = "1"
        if ring.back:
            variables[BACK] = "1"
        if ring.record:
            variables["RECORD"] = ring.record
        if ring.on_demand:
            variables["DYNAMIC_FEATURES"] = RECORD_FEATURE
        if ring.robot:
            variables["WUTONG_ROBOT"] = "&".join(ring.robot)
        variables["QUEUE"] = queue
        with self._link.together():
            self._link.send("Setvar", Channel=ring.channel, Variable=OFFERED, Value=queue)
            asked = self._link.originate(
                *(dialled, offer_id, OFFER_CONTEXT, seconds, variables),
                shows=(ring.display, ring.number),
                action_id=offer_id,
            )
        self._legs[offer_id] = leg
        if not ring.robot:
            self._phones.rung(phone, offer_id)
        return asked

    async def rung(self, offer_id: str, asked: Asked) -> None:
        """Wait for Asterisk's answer to `ring`."""
        leg = self._legs.get(offer_id)
        if leg is None:
            return
        try:
            await asked.answer()
        except (Unanswered, TimeoutError) as error:
            # It may ring all the same, so it is not given up: else its caller would get another agent, and this one,
            # picking up for somebody else, would break that talk. Events, or the next look, show whether it rings.
            log.warning("ring-in-doubt", offer=leg.offer_id, agent=leg.agent_id, error=str(error))
            leg.doubtful = True
        except (LinkDown, ActionRefused) as error:
            log.warning("ring-not-asked", offer=leg.offer_id, agent=leg.agent_id, error=str(error))
            self._fail(leg, OfferFailure.FAILED)

    def admit(self, caller: str) -> None:
        """The caller is held, and stays: legs that were rung before that may take the caller."""
        for leg in self._legs.values():
            if leg.waits and leg.caller == caller:
                leg.admitted = True
                if leg.stage is not Stage.ASKED:
                    self._set_held(leg)

    def _set_held(self, leg: Leg) -> None:
        if not leg.cancelled:
            self._link.send("Setvar", Channel=leg.offer_id, Variable=HELD, Value="1")

    def give_up(self, offer_id: str) -> None:
        """Nobody waits for the answer to this ring any more, by a mistake of ours. It is taken back, and has failed."""
        leg = self._legs.get(offer_id)
        if leg is not None and leg.stage in (Stage.ASKED, Stage.RINGING):
            try:
                self._withdraw(leg)
                self._hang_up(leg)
            finally:
                self._fail(leg, OfferFailure.FAILED)  # from now on it is unknown, and the next look ends it

    def cancel(self, offer_id: str) -> None:
        """Stop the ring, once the phone rings, or hang up an answered leg. Safe before the leg exists and after it is
        gone.
        """
        leg = self._legs.get(offer_id)
        if leg is None:  # it may be up all the same: an answer came for an offer long dead
            self._link.send("Hangup", Channel=offer_id, Cause=ANSWERED_ELSEWHERE)
            return
        leg.cancelled = True
        if leg.reached:
            self._hang_up(leg)
        else:
            self._withdraw(leg)
            asyncio.get_running_loop().call_later(UNREACHED, self._hang_up, leg)

    def _withdraw(self, leg: Leg) -> None:
        """The leg may not take the caller, even if the agent picks up in this moment. It may have no channel yet."""
        self._link.send("Setvar", Channel=leg.offer_id, Variable=WITHDRAWN, Value="1")

    def _hang_up(self, leg: Leg) -> None:
        if leg.offer_id in self._legs:
            self._link.send("Hangup", Channel=leg.offer_id, Cause=ANSWERED_ELSEWHERE)
            leg.ending = True

    def let_through(self, offer_id: str) -> None:
        """Give the caller to this agent, the first to pick up of those who were rung. Nothing to do if rung alone."""
        leg = self._legs.get(offer_id)
        if leg is not None and leg.beside:
            self._link.send("Setvar", Channel=offer_id, Variable=WON, Value="1")
            self._link.send("PlayDTMF", Channel=offer_id, Digit=GO_ON, Receive="true")

    def adopt(self, caller: str, leg: LegRestored) -> None:
        """A leg from before a restart rings for this caller, or talks. `seen` or `lost` then says what became of it."""
        variables = leg.channel.variables if leg.channel is not None else {}
        stage = Stage.CONNECTED if leg.talks else Stage.RINGING
        beside, waits = BESIDE in variables, EARLY in variables
        browser = leg.channel is not None and leg.channel.name.startswith(f"PJSIP/{browser_of(leg.agent)}-")
        self._legs[leg.offer] = Leg(
            leg.offer, leg.agent, caller, browser, beside=beside, stage=stage, waits=waits, reached=True
        )
        if leg.aside:
            self.set_aside(leg.offer)

    def release(self, offer_id: str) -> None:
        """The leg goes to another talk, and is no leg of this one any more. Its end is not reported."""
        if (leg := self._legs.get(offer_id)) is not None:
            self._drop(leg)
            for variable in (CALL_VARIABLE, OFFER_VARIABLE):
                self._link.send("Setvar", Channel=offer_id, Variable=variable, Value="")

    def set_aside(self, offer_id: str) -> None:
        """The leg leaves the talk while its caller is on hold. The listener hears when it has the caller again."""
        if (leg := self._legs.get(offer_id)) is not None:
            leg.left = leg.bridge or "unknown"

    def send_to_another(self, offer_id: str) -> None:
        """The leg leaves its bridge for another one."""
        if (leg := self._legs.get(offer_id)) is not None:
            leg.entered.clear()

    async def arrives(self, offer_id: str) -> None:
        """Wait until the leg is in the bridge to which it was sent. Asterisk reports that some milliseconds after the
        answer of whoever is there, on a busy machine later; after `ARRIVES` seconds it is waited for no longer.
        """
        if (leg := self._legs.get(offer_id)) is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(ARRIVES):
                    await leg.entered.wait()

    def bridge_of(self, offer_id: str) -> str:
        """The bridge in which this leg is believed to be; "" for none."""
        leg = self._legs.get(offer_id)
        return "" if leg is None else leg.bridge

    def in_bridge(self, bridge: str) -> str:
        """The leg that is believed to be in this bridge; "" for none."""
        leg = self._bridges.get(bridge)
        return "" if leg is None else leg.offer_id

    # -- what Asterisk reports ---------------------------------------------------------------------------------------

    def began(self, channel: str) -> None:
        """A channel is there."""
        leg = self._legs.get(channel)
        if leg is None:
            return
        if leg.stage is Stage.ASKED:
            leg.stage = Stage.RINGING
        if leg.cancelled:
            self._withdraw(leg)
        elif leg.admitted:
            self._set_held(leg)

    def new_state(self, event: AmiMessage) -> None:
        """A channel has changed its state."""
        leg = self._legs.get(event.get("Uniqueid"))
        if leg is None:
            return
        if leg.cancelled and not leg.reached:
            self._hang_up(leg)
        leg.reached = True  # a leg has no other states than Down, Ringing and Up
        if event.get("ChannelStateDesc") == "Up":
            self._answered(leg)

    def _answered(self, leg: Leg) -> None:
        leg.reached = True
        if leg.stage in (Stage.ASKED, Stage.RINGING):
            leg.stage = Stage.ANSWERED
            if not leg.beside:
                self._listener.offer_answered(leg.offer_id)

    def picked_up(self, event: AmiMessage) -> None:
        """The leg of an agent who was rung beside others has reached the dialplan, and waits there."""
        leg = self._legs.get(event.get("Uniqueid"))
        if leg is not None and event.get("UserEvent") == PICKED_UP:
            self._picked_up(leg)

    def _picked_up(self, leg: Leg) -> None:
        leg.picked_up = True
        self._answered(leg)
        self._listener.offer_answered(leg.offer_id)

    def entered(self, offer_id: str, bridge: str) -> None:
        """The channel of this leg is in a bridge."""
        leg = self._legs[offer_id]
        self._bridges.pop(leg.bridge, None)
        leg.bridge = bridge
        leg.entered.set()
        self._bridges[bridge] = leg
        if self._bridge_of(leg.caller) == bridge:
            self._connected(leg)

    def _connected(self, leg: Leg) -> None:
        if leg.stage is not Stage.CONNECTED or leg.left not in ("", leg.bridge):
            leg.stage, leg.left = Stage.CONNECTED, ""
            self._listener.offer_connected(leg.offer_id)

    def met(self, caller: str, bridge: str) -> None:
        """The caller is in this bridge."""
        leg = self._bridges.get(bridge)
        if leg is not None and leg.caller == caller:
            self._connected(leg)

    def hangup_requested(self, event: AmiMessage) -> None:
        """A phone has hung up, or its ring was refused."""
        leg = self._legs.get(event.get("Uniqueid"))
        if leg is None:
            return
        leg.cause = leg.cause or event.get("Cause")
        if leg.stage is Stage.CONNECTED:
            # the agent hung up: the Hangup event follows within milliseconds, too late to know who was first
            self._talk_over(leg, gone=not_answered(event) or (leg.browser and says_gone(event)))

    def transferred(self, channel: str) -> None:
        """The phone whose channel this is has transferred its caller."""
        if (leg := self._legs.get(channel)) is not None:
            leg.transferred = True

    def phone_gone(self, channel: str) -> None:
        """Nothing is heard of the phone whose channel this is, and the channel is about to be ended."""
        leg = self._legs.get(channel)
        if leg is not None and leg.stage is Stage.CONNECTED:
            self._talk_over(leg, gone=True)

    def forwarded(self, event: AmiMessage) -> None:
        """A phone has answered its ring with another number (302). The channel's own cause does not always say it."""
        leg = self._legs.get(event.get("DestUniqueid"))
        if leg is not None:
            self._fail(leg, OfferFailure.DECLINED)

    def ended(self, event: AmiMessage) -> None:
        """A channel is gone."""
        leg = self._legs.get(event.get("Uniqueid"))
        if leg is None:
            return
        leg.cause = leg.cause or event.get("Cause") or UNKNOWN_CAUSE
        match leg.stage:
            case Stage.CONNECTED:
                self._talk_over(leg, gone=leg.browser and says_gone(event))
            case Stage.ANSWERED if self._ended_unasked is not None:
                self._ended_unasked.add(leg.offer_id)  # they may have talked, unseen
            case Stage.ANSWERED:
                self._fail(leg, OfferFailure.ABANDONED)
            case Stage.ASKED | Stage.RINGING:
                if leg.refused:
                    self._refused(leg)
                # else OriginateResponse follows and knows whether the ring timed out

    def originate_response(self, event: AmiMessage) -> None:
        leg = self._legs.get(event.action_id)
        if leg is None:
            return
        if event.get("Response") != "Failure":
            if event.get("Uniqueid") == leg.offer_id:
                self._answered(leg)  # at times reported before Newstate
            else:
                self._fail(leg, OfferFailure.DECLINED)  # another channel than the agent's answered
            return
        if event.get("Reason") == "3":
            self._fail(leg, OfferFailure.NO_ANSWER)
        elif leg.cause:
            self._refused(leg)
        else:
            leg.refused = True
            if leg.stage is Stage.ASKED:
                asyncio.get_running_loop().call_later(OVERTAKEN, self._without_channel, leg)

    def _without_channel(self, leg: Leg) -> None:
        """Unless a channel came up after all, the agent's phone is not registered, or unknown."""
        if leg.stage is Stage.ASKED:
            self._fail(leg, OfferFailure.UNREACHABLE)

    def _refused(self, leg: Leg) -> None:
        self._fail(leg, refused(leg.cause, has_other=self._phones.has_other(leg.agent_id, leg.offer_id)))

    def _fail(self, leg: Leg, reason: OfferFailure) -> None:
        if leg.offer_id in self._legs:
            if reason is OfferFailure.UNREACHABLE and not leg.cancelled:
                self._phones.doubt(leg.agent_id)
                asyncio.get_running_loop().call_later(RECHECK, self._phones.report, leg.agent_id)
            self._drop(leg)
            self._listener.offer_failed(leg.offer_id, reason)
            self._phones.not_rung(leg.agent_id, leg.offer_id)

    def _talk_over(self, leg: Leg, *, gone: bool) -> None:
        """The agent's leg of a conversation ends, or has ended. `gone`: nothing is heard of the phone any more."""
        self._drop(leg)
        if not gone or leg.transferred:
            self._listener.leg_hung_up(leg.offer_id)
        elif leg.browser:
            self._listener.page_lost(leg.offer_id, leg.page)
        else:
            self._listener.leg_lost(leg.offer_id)
        self._phones.hung_up(leg.agent_id, leg.offer_id)

    def _drop(self, leg: Leg) -> None:
        del self._legs[leg.offer_id]
        self._bridges.pop(leg.bridge, None)

    # -- looking afresh ---------------------------------------------------------------------------------------------

    def unseen(self) -> None:
        """The link broke: until Asterisk has been asked, nobody knows what the end of a leg means."""
        self._ended_unasked = set()
        for leg in self._legs.values():
            leg.picked_up = False  # the order to let it through may be lost

    def looks(self) -> None:
        """Asterisk is asked now. A leg that it has, though it was asked to end it before, is to be ended once more."""
        for leg in self._legs.values():
            leg.ending = False

    def asked(self) -> None:
        """Asterisk has been asked: `lost` has reported the legs that ended unseen."""
        self._ended_unasked = None

    def lost(self, gone: LegGone) -> None:
        """Asterisk does not have this leg."""
        leg = self._legs.get(gone.offer)
        if leg is None:
            return
        if gone.took:
            self._connected(leg)
        if leg.stage is Stage.CONNECTED:
            self._drop(leg)
            ended = self._listener.leg_lost if gone.lost else self._listener.leg_hung_up
            ended(leg.offer_id)
        else:
            self._fail(leg, OfferFailure.FAILED)

    def seen(self, seen: LegSeen) -> None:
        """A leg lives: it may have been answered, and bridged, while the link was down."""
        self.began(seen.offer)
        if (leg := self._legs.get(seen.offer)) is not None and leg.cancelled and not leg.ending:
            self._hang_up(leg)  # what was asked before was lost with the link, or refused, or could not be said
        if seen.answered and (leg := self._legs.get(seen.offer)) is not None:
            self._answered(leg)
            if seen.pauses and leg.beside and not leg.picked_up:
                self._picked_up(leg)  # nobody heard it say so: else it would go on by itself, when others ring already
        if seen.offer in self._legs and seen.bridge:
            self.entered(seen.offer, seen.bridge)
        if seen.offer in self._legs and seen.apart is not None:
            self._listener.leg_found(seen.offer, seen.apart)
