"""What Asterisk tells of a caller: `dialplan` tells it, the call's machine takes it as an event."""

from enum import Enum, auto

PHONE_GONE = "18"
"""The Q.850 cause of a channel whose phone neither answers nor sends audio."""


class Apart(Enum):
    """What an agent's leg does, as Asterisk has it, while the caller is on hold."""

    WAITS = auto()  # it was set aside, and does nothing else
    RINGS = auto()  # a phone rings for it
    TALKS = auto()  # it talks with that phone


class News(Enum):
    __hash__ = object.__hash__  # members are singletons, and Enum's own hash is slow where every event is looked up

    BRIDGED = auto()  # the caller has entered a bridge of any kind
    HELD = auto()  # the caller has entered the holding bridge
    LET_GO = auto()  # the caller has left a bridge, or a line that rang has not answered
    ANSWERED = auto()  # the line that was dialled talks with the caller, or has talked
    LOST = auto()  # the phone of the line that talks with the caller is gone
    ENDED = auto()  # the caller's channel is gone; the reason may be told before, after, or never
    # Asterisk was asked, and has the caller's channel
    FOUND = auto()  # told last
    STRAY = auto()  # the caller is inside AGI() and no session serves the caller, who may just be coming in
    DIALLING = auto()  # it dials a line, or the phone of a transfer, for the caller
    FALLBACK = auto()  # it dials the fallback: the service was away for too long
