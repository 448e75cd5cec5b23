"""What Asterisk reports, in the service's own words, and who gets it. Pure."""

from collections.abc import Collection
from enum import Enum, auto
from typing import Protocol

from acd.events import OfferFailure
from agents.states import PhoneState

PHONE_GONE = "18"
"""The Q.850 cause of a channel whose phone neither answers nor sends audio."""


class Apart(Enum):
    """What an agent's leg does, as Asterisk has it, while the caller is on hold."""

    WAITS = auto()  # it was set aside, and does nothing else
    RINGS = auto()  # a phone rings for it
    TALKS = auto()  # it talks with that phone


class News(Enum):
    """What Asterisk reports of a caller. The call's machine takes it as an event."""

    __hash__ = object.__hash__  # members are singletons, and Enum's own hash is slow where every event is looked up

    BRIDGED = auto()  # the caller has entered a bridge of any kind
    HELD = auto()  # the caller has entered the holding bridge
    MET = auto()  # the caller is in a bridge with a phone that is no leg
    LET_GO = auto()  # the caller has left a bridge, or a line that rang has not answered
    ANSWERED = auto()  # the line that was dialled talks with the caller, or has talked
    LOST = auto()  # the phone of the line that talks with the caller is gone
    ENDED = auto()  # the caller's channel is gone; the reason may come before, after, or never
    # Asterisk was asked, and has the caller's channel
    FOUND = auto()  # comes last
    STRAY = auto()  # the caller is inside AGI() and no session serves the caller, who may just be coming in
    DIALLING = auto()  # it dials a line, or the phone of a transfer, for the caller
    FALLBACK = auto()  # it dials the fallback: the service was away for too long


class Listener(Protocol):
    """Gets what happens to callers, legs and phones. Every method returns at once.

    Callers are named by the unique ids of their channels, legs by their offers.
    """

    def caller_came(self, caller: str, channel: str, number: str) -> None:
        """A citizen's channel: its unique id and its name, and the number that was dialled."""

    def key_begins(self, caller: str, key: str) -> None: ...
    def key_pressed(self, caller: str, key: str) -> None: ...
    def caller_news(self, caller: str, news: News) -> None: ...
    def caller_hung_up(self, caller: str) -> None: ...

    def caller_lost(self, caller: str) -> None:
        """The caller's phone does not answer any more."""

    def channel_ended(self, channel: str, number: str) -> None:
        """Any channel, and its caller's number as Asterisk has it, "" before the dialplan has read it."""

    # -- attended transfers by phones

    def caller_took_over(self, caller: str, taken: str, phone: str) -> None:
        """The caller has replaced another caller, `taken`, who was an agent. `phone` talks with the caller now; "":
        the caller is held.
        """

    def caller_joined(self, caller: str, phone: str) -> None:
        """The caller talks with `phone`."""

    def caller_put_through(self, caller: str, phone: str, *, answered: bool) -> None:
        """The caller has replaced an agent who has dialled `phone`."""

    def caller_joined_nobody(self, caller: str, phone: str) -> None:
        """As `caller_put_through`, but `phone` had declined or hung up by then. The caller is alone there, or comes
        back out of the talk.
        """

    # -- agents' legs and phones

    def offer_answered(self, offer_id: str) -> None: ...
    def offer_failed(self, offer_id: str, reason: OfferFailure) -> None: ...
    def offer_connected(self, offer_id: str) -> None: ...

    def leg_dialled(self, offer_id: str, status: str) -> None:
        """What came of the phone that rang for the leg, as DIALSTATUS has it."""

    def leg_found(self, offer_id: str, doing: Apart) -> None:
        """Asterisk was asked, and that is what the leg does."""

    def third_left(self, offer_id: str) -> None:
        """The third party has left the talk with the leg and its caller, or did not come into it."""

    def leg_hung_up(self, offer_id: str) -> None: ...
    def leg_lost(self, offer_id: str) -> None: ...

    def page_lost(self, offer_id: str, page: str) -> None:
        """As `leg_lost`, of a phone in a browser. `page`: the one that was rung, as `Phones.page` has it."""

    def phone_changed(self, agent_id: str, phone: PhoneState) -> None: ...

    def agents(self) -> Collection[str]:
        """The ids of the hotline's agents. Asterisk's own list also has phones that its configuration has no more. It
        leaves out a phone until that phone's state has changed once.
        """

    def page_came(self, agent_id: str) -> None:
        """Another page is the agent's phone in the browser, or the same one after its connection broke."""
