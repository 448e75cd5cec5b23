"""One agent's leg: how far it has come, the ring that it begins with, and what the dialplan knows it by."""

import asyncio
from dataclasses import dataclass, field
from enum import Enum, auto

from acd.effects import RingAgent

OFFER_CONTEXT = "wutong-offer"
ROBOT_CONTEXT = "wutong-robot"
PICKED_UP = "WutongPickedUp"
"""The dialplan's event when an agent who was rung beside others has picked up."""

BACK = "PJSIP_HEADER(add,X-Wutong-Back)"
"""Variable of a leg that brings an agent back to the caller with whom the agent talks: the page answers by itself."""

HELD = "WUTONG_HELD"
"""Variable of an agent's leg that is rung before the caller is held: "1" once the caller is. Until then it waits."""
OFFERED = "SHARED(WUTONG_OFFERED)"
"""Variable of a caller: the queue in which agents are rung for the caller; "" after the holding bridge. So a cancelled
ring that is picked up before the cancel arrives does not take the caller."""

WON = "WUTONG_WON"
"""Variable of the leg of an agent who was rung beside others: "1" once that agent has the caller."""
BEGINS = "WUTONG_BEGINS"
RECORD_FEATURE = "wutong-record"
"""Of a leg: the service asks that the recording begin; what lets it do so (features.conf)."""
GO_ON = "D"
"""The key that ends the wait of such a leg; few phones have it. A leg that does not wait ignores it."""

WITHDRAWN = "WUTONG_WITHDRAWN"
"""Variable of an agent's leg: "1" once its ring was taken back. It may not take the caller any more."""


class Stage(Enum):
    """How far an agent's leg has come."""

    ASKED = auto()  # Originate is sent, no channel seen
    RINGING = auto()
    ANSWERED = auto()
    CONNECTED = auto()


@dataclass(slots=True)
class Leg:
    """One leg, from the order to ring to its end."""

    offer_id: str
    agent_id: str
    caller: str
    browser: bool = False
    """Its phone is in a browser; `page`: as `Phones.page` had it when it was rung."""
    page: str = ""
    beside: bool = False
    stage: Stage = Stage.ASKED
    reached: bool = False
    """The phone has answered the INVITE: it rings, or more."""
    cancelled: bool = False
    waits: bool = False
    """It may not take the caller before its channel has the variable that says that the caller is held."""
    admitted: bool = False
    """The caller is held; a leg that waits gets the variable for it as soon as its channel is there."""
    refused: bool = False
    """Asterisk has said that the originate failed; the cause is to come."""
    doubtful: bool = False
    """Asterisk was asked to ring, and has not answered: it may ring or not."""
    transferred: bool = False
    """Its agent has transferred the caller. The phone hangs up, and may not know the call any more (481)."""
    picked_up: bool = False
    """It was rung beside others, and the listener knows that its agent has picked up."""
    ending: bool = False
    """Asterisk was asked to end it since the last look at it began."""
    bridge: str = ""
    entered: asyncio.Event = field(default_factory=asyncio.Event)
    """It is in its bridge. Cleared when it is sent to another one."""
    left: str = ""
    """The bridge that it was in when it was set aside; "": it was not, or has taken its caller back."""
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Ring:
    """One ring of one agent, as the engine `wants` it.

    caller   unique id of the caller's channel, `channel` its name
    display  the name that the agent's phone shows, with `number`
    held     the caller is in the holding bridge; if not, even an answered leg waits for `admit`
    whisper  the files that the agent hears first
    back     it brings an agent back to the browser, and to the caller with whom the agent talks
    record   the beginning of the files of the talk's recording; "" for none
    on_demand  the talk is not recorded, and may be from some moment on
    robot    the files that a robot agent says; () for a ring of somebody's phone
    """

    wants: RingAgent
    caller: str
    channel: str
    display: str
    number: str
    held: bool
    whisper: tuple[str, ...] = ()
    back: bool = False
    record: str = ""
    on_demand: bool = False
    robot: tuple[str, ...] = ()
