"""A small SIP user agent for tests: asyncio, UDP, ulaw, telephone-events. `Phone` is where to begin."""

from lab.patience import Late
from lab.phone.call import Call, CallFailed, Ending
from lab.phone.ear import NotHeard
from lab.phone.incoming import IncomingCall
from lab.phone.outgoing import OutgoingCall
from lab.phone.phone import Phone
from lab.phone.registration import RegistrationFailed
from lab.phone.rtp import SessionOver

__all__ = [
    "Call",
    "CallFailed",
    "Ending",
    "IncomingCall",
    "Late",
    "NotHeard",
    "OutgoingCall",
    "Phone",
    "RegistrationFailed",
    "SessionOver",
]
