"""After a restart: the calls that the journal has as live are found again in Asterisk, each at the place that it had.

Nobody is moved: who waits keeps his music, who talks goes on, what rings rings. Only who is held though he waits for
nobody is fetched.
"""

import structlog

from acd.effects import CancelReason, CancelRing
from acd.events import CallLeft, Left
from acd.views import CallView
from calls.events import Adopted, Connected, Located, TalkedUnseen, TalkGone
from dialplan.telephony import Channel, Telephony
from service.calls.distributor import Distributor
from service.calls.switchboard import Switchboard

log = structlog.get_logger()


class Adoption:
    """`adopt` is run once, when Asterisk can be asked for the first time; `done` from then on."""

    def __init__(self, switchboard: Switchboard, distributor: Distributor) -> None:
        self.done = False
        self._switchboard = switchboard
        self._distributor = distributor

    async def adopt(self, telephony: Telephony) -> None:
        """Find callers and legs.

        Raises ActionRefused, LinkDown or TimeoutError; then it is to be run again.
        """
        channels = await telephony.channels()
        callers = {channel.call_id: channel for channel in channels if not channel.offer_id}
        legs = {channel.offer_id: channel for channel in channels if channel.offer_id}
        await self._find(telephony, callers)
        self.done = True
        for offer in self._distributor.engine.offers():
            leg, caller = legs.pop(offer.id, None), callers.get(offer.call_id)
            call = self._switchboard.of_id(offer.call_id)
            if call and caller and leg is None and caller.taken == offer.id and not caller.held:
                call.tell(TalkedUnseen(offer.id))
            else:
                self._adopt_leg(telephony, offer.id, offer.call_id, offer.agent_id, leg)
        for view in self._distributor.engine.calls():
            self._take_up(telephony, view, legs)
        for leg in legs.values():
            self._unexpected(telephony, leg, callers.get(leg.call_id))
        for call in self._switchboard.calls():
            call.tell(Adopted())

    async def _find(self, telephony: Telephony, callers: dict[str, Channel]) -> None:
        for call in self._switchboard.calls():
            if call.channel.caller:
                continue  # his session was quicker
            channel = callers.get(call.id)
            if channel is None:
                await self._switchboard.missing(call)
            else:
                self._switchboard.locate(call, channel.unique_id, channel.name)
                call.tell(Located(channel.sub_hotline))

    def _take_up(self, telephony: Telephony, view: CallView, legs: dict[str, Channel]) -> None:
        call = self._switchboard.of_id(view.id)
        if call is None:
            log.warning("place-without-call", call=view.id)
            self._distributor.tell(CallLeft(view.id, Left.HUNG_UP))
        elif view.agent is not None:
            leg = next((leg for leg in legs.values() if leg.call_id == view.id and leg.bridge), None)
            if leg is None or call.channel.attached:  # back in a session: the leg is about to go
                legs.pop(leg.offer_id if leg else "", None)
                call.tell(TalkGone())
            else:
                del legs[leg.offer_id]
                self._adopt_leg(telephony, leg.offer_id, view.id, view.agent, leg, connected=True)

    def _unexpected(self, telephony: Telephony, leg: Channel, caller: Channel | None) -> None:
        """A leg of which the engine knows nothing, or whose ring it has given up.

        Who talks with a caller of whom nothing else is known goes on. If the caller waits for another, it is he who is
        in a bridge with nobody's agent: the leg is ended, and he waits on; until then he is not held, and not rung for.
        """
        call = self._switchboard.of_id(leg.call_id)
        waits = self._distributor.engine.position(leg.call_id) is not None
        if call is not None and caller is not None and leg.bridge and leg.bridge == caller.bridge:
            telephony.adopt(leg.offer_id, "", caller.unique_id, leg, connected=True)
            if not waits:
                self._switchboard.adopt(call, leg.offer_id)
                call.tell(Connected(leg.offer_id))
        if waits or not leg.bridge:  # else somebody may talk
            log.warning("leg-unknown", offer=leg.offer_id, call=leg.call_id)
            self._switchboard.cancel_ring(CancelRing(leg.offer_id, "", CancelReason.CALLER_LEFT))

    def _adopt_leg(
        self,
        telephony: Telephony,
        offer_id: str,
        call_id: str,
        agent_id: str,
        leg: Channel | None,
        *,
        connected: bool = False,
    ) -> None:
        call = self._switchboard.of_id(call_id)
        if call is None:
            return  # its place is given up, and the ring with it
        telephony.adopt(offer_id, agent_id, call.channel.caller, leg, connected=connected)
        self._switchboard.adopt(call, offer_id)
        if connected:
            call.tell(Connected(offer_id))
