"""A small SIP user agent for tests: asyncio, UDP, ulaw, telephone-events. `Phone` is where to begin.

Phones by others judge the hotline too: baresip (`lab.phone.baresip`), also over TLS with SRTP, and SIPp
(`lab.bench.sipp`) by the hundred. The tests need what neither of them does:

- It hears. A test waits for a tone, for silence, or for a recording, bit by bit, in the packet that has it. baresip
  writes what it hears into a file, with silence where packets are late; SIPp hears nothing.
- It breaks on purpose: it dies in a talk, answers no OPTIONS for a while, sends no audio, forgets its calls, says what
  no phone says in From. baresip keeps to the protocol. SIPp can break it, but its scenario is written before the call,
  and a test decides while it goes on.
- It answers, holds, sends callers on, blindly or after asking, and presses keys, as RTP or as INFO, when the test has
  heard what it waits for.
- A hundred of them live in the process of the test, on its loop and its clock. None costs a program, and each can show
  the messages that it saw.
"""

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
