"""A small SIP user agent for tests: asyncio, UDP, ulaw, telephone-events. `Phone` is where to begin."""

from tests.phone.call import Call, CallFailed, Ending, Late
from tests.phone.ear import NotHeard
from tests.phone.incoming import IncomingCall
from tests.phone.outgoing import OutgoingCall
from tests.phone.phone import Phone
from tests.phone.registration import RegistrationFailed
from tests.phone.rtp import SessionOver

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
