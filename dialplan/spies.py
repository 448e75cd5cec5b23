"""Supervisors' legs: each is originated to listen to one talk, is answered, listens, and ends with the talk.

A leg is known by an id, which is the unique id of its channel, too. It is in no bridge, and belongs to no call:
Asterisk copies the audio of the agent's channel to it (ChanSpy). So the talk itself is not touched.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import structlog

from dialplan.ami_connection import ActionRefused, LinkDown, Unanswered
from dialplan.joins import RefusedTransfers
from dialplan.link import AmiLink, attempt
from dialplan.phones import Phones, phone_of
from dialplan.snapshot import Channel
from dialplan.wire.ami import AmiMessage

log = structlog.get_logger()

REMEMBERED = 100
"""How many ended legs are remembered: a transfer of one may be reported after its end."""

CONTEXT = "wutong-supervisor"
HEARS = "WutongHears"
"""The dialplan's event when the supervisor begins to hear the two."""
LISTENING = "ChanSpy"
"""The application that listens."""
TONE = "tone"
"""A short tone, instead of a sound file, as the sign that somebody listens."""
RING = 20.0
"""Seconds that the supervisor's phone rings."""


@dataclass(frozen=True, slots=True)
class Spy:
    """A listening that is to begin.

    phone    the agent's id whose phone is rung; it shows `display` and `number`
    channel  the name of the channel of the agent who is listened to
    mode     `listen`, `whisper` or `join`: an extension of the dialplan
    sign     what both sides hear before: a sound file without its extension, `TONE`, "" for nothing
    """

    id: str
    phone: str
    channel: str
    mode: str
    sign: str
    display: str
    number: str


class Listener(Protocol):
    """The receiver of news about listenings. Every method returns at once."""

    def spy_hears(self, spy_id: str) -> None: ...
    def spy_over(self, spy_id: str, *, seen: bool) -> None:
        """It is over. Not `seen`: it ended at an unknown time."""


class Spies:
    """All supervisors' legs. `listener`: None while nobody is interested."""

    def __init__(self, link: AmiLink, phones: Phones, refused_transfers: RefusedTransfers) -> None:
        self.listener: Listener | None = None
        self._link = link
        self._phones = phones
        self._refused_transfers = refused_transfers
        self._legs: dict[str, str] = {}  # id → the agent's id whose phone it is
        self._hearing: set[str] = set()
        self._before: deque[str] = deque(maxlen=REMEMBERED)  # ids of legs that are over
        self._asked: set[str] = set()  # those that were known when Asterisk was asked

    def __contains__(self, channel: str) -> bool:
        return channel in self._legs

    # -- what is asked ------------------------------------------------------------------------------------------------

    async def other_end(self, bridge: str, caller: str, agent_id: str) -> str:
        """The name of the channel with which the caller (unique id) talks in that bridge: the agent's, if it is there.

        "": nobody. Raises ActionRefused, LinkDown or TimeoutError.
        """
        members = await self._link.list_action("BridgeInfo", BridgeUniqueid=bridge)
        others = [member.get("Channel") for member in members if member.get("Uniqueid") != caller]
        return next((name for name in others if phone_of(name) == agent_id), others[0] if others else "")

    async def ring(self, spy: Spy) -> None:
        """Ring the supervisor's phone. The listener hears what becomes of it.

        Raises Unsendable; then nothing is rung, and the listener hears nothing.
        """
        asked = self._link.originate(
            *(f"PJSIP/{self._phones.to_ring(spy.phone)}", spy.id, CONTEXT, RING),
            # The name: ChanSpy() takes any channel whose name begins with what it is given, unless an option says
            # otherwise.
            {"__WUTONG_HEARD": spy.channel, "__WUTONG_SIGN": spy.sign},
            exten=spy.mode,
            shows=(spy.display, spy.number),
            action_id=spy.id,
        )
        self._legs[spy.id] = spy.phone
        self._phones.rung(spy.phone, spy.id)
        try:
            await asked.answer()
        except (Unanswered, TimeoutError) as error:
            log.warning("listening-in-doubt", listening=spy.id, error=str(error))  # events, or the next look, show it
        except (LinkDown, ActionRefused) as error:
            log.warning("listening-not-asked", listening=spy.id, error=str(error))
            self._over(spy.id)

    def give_up(self, spy_id: str) -> None:
        """`ring` has raised: end the leg, if it rings all the same."""
        if spy_id in self._legs:
            self._over(spy_id)
            self.hang_up(spy_id)

    async def change(self, spy_id: str, mode: str) -> bool:
        """The supervisor listens in this mode from now on; False: the leg is gone, or nobody knows."""
        return await attempt(self._link, "Redirect", Channel=spy_id, Context=CONTEXT, Exten=mode, Priority="1")

    def hang_up(self, spy_id: str) -> None:
        """End the leg; the listener hears when it is over."""
        self._link.send("Hangup", Channel=spy_id, Cause="16")

    def adopt(self, spy_id: str, phone: str, *, hears: bool) -> None:
        """A leg from before a restart. The next look shows whether it still lives."""
        self._legs[spy_id] = phone
        self._asked.add(spy_id)
        if hears:
            self._hearing.add(spy_id)

    # -- what Asterisk reports -----------------------------------------------------------------------------------------

    def said(self, event: AmiMessage) -> None:
        """A UserEvent of the dialplan."""
        if event.get("UserEvent") == HEARS:
            self._hears(event.get("Uniqueid"))

    def _hears(self, spy_id: str) -> None:
        if spy_id in self._legs and spy_id not in self._hearing:
            self._hearing.add(spy_id)
            self._notify(lambda listener: listener.spy_hears(spy_id))

    def originate_response(self, event: AmiMessage) -> None:
        if event.action_id in self._legs and event.get("Response") == "Failure":
            self._over(event.action_id)

    def ended(self, channel: str) -> None:
        """A channel is gone."""
        self._over(channel)

    def joined(self, event: AmiMessage) -> None:
        """A phone has joined its two calls. A listening cannot be transferred, even if its end was reported first."""
        self._refused_transfers.refuse(event, {*self._legs, *self._before}, "Uniqueid")

    # -- looking afresh -----------------------------------------------------------------------------------------------

    def asked(self) -> None:
        """Asterisk is asked now for its channels."""
        self._asked = set(self._legs)

    def seen(self, channels: Mapping[str, Channel]) -> None:
        """What it answered. End a leg that the service does not know: no Record would have that listening."""
        for spy_id in self._asked & self._legs.keys():
            there = channels.get(spy_id)
            if there is None:
                self._over(spy_id, seen=False)
            elif there.application == LISTENING:
                self._hears(spy_id)
        for channel in channels.values():
            # The half of a pair of channels that plays the sign (Local/) ends by itself.
            listens = channel.application == LISTENING and not channel.name.startswith("Local/")
            if listens and channel.unique_id not in self._legs:
                log.warning("listening-unknown", channel=channel.name)
                self.hang_up(channel.unique_id)

    def _over(self, spy_id: str, *, seen: bool = True) -> None:
        phone = self._legs.pop(spy_id, None)
        if phone is None:
            return
        self._hearing.discard(spy_id)
        self._before.append(spy_id)
        self._phones.not_rung(phone, spy_id)
        self._notify(lambda listener: listener.spy_over(spy_id, seen=seen))

    def _notify(self, news: Callable[[Listener], None]) -> None:
        if self.listener is not None:
            news(self.listener)
