"""Callers who came and went without being served. Each counts as a call all the same.

They hung up within milliseconds, before the session began or was read. Or no session was possible, as the service could
not be reached. Or there were too many calls.
"""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from acd.events import EndedBy
from base.clock import Clock
from calls.live.intake import Intake
from calls.model import Outcome
from hotline.edition import Edition
from journal.actor import CALLER, SYSTEM
from journal.records import Kind, Record

CAUSE = "no-session"
"""The `cause` of the last Record of such a call."""

AT_ONCE = 1.0
"""Seconds after which the dialplan asks for a session once more. A caller who gives up within this time has hung up. A
caller who waited longer, or was turned away, was failed by us."""

MOST = 2_000
"""Channels that are remembered, at most. Further ones leave no call."""


@dataclass(frozen=True, slots=True)
class _Came:
    at: float
    channel: str
    number: str


class Unserved:
    """Compares AMI's channels with AGI's sessions, which come on two sockets, in any order.

    `write` takes the Records. While `intake` takes no new calls, callers who are turned away leave nothing here.
    """

    def __init__(
        self, write: Callable[[Record], None], clock: Clock, edition: Callable[[], Edition], intake: Intake
    ) -> None:
        self._write, self._clock, self._edition, self._intake = write, clock, edition, intake
        self._waiting: dict[str, _Came] = {}  # unique id → a channel without a session so far
        self._served: dict[str, None] = {}  # sessions that were quicker than the news of their channel
        self._written: dict[str, None] = {}  # channels whose call was written here

    def came(self, caller: str, channel: str, number: str) -> None:
        """A citizen's channel is there: its unique id, its name, and the number that was dialled."""
        if caller not in self._served and len(self._waiting) < MOST:
            self._waiting[caller] = _Came(self._clock.now(), channel, number)

    def served(self, caller: str) -> bool:
        """A session has come for this channel. False: the channel had ended, and its call was written."""
        if caller in self._written:
            return False
        if self._waiting.pop(caller, None) is None:
            _remember(self._served, caller)
        return True

    def refused(self, caller: str, channel: str, number: str, said: str, why: str) -> None:
        """This channel has a session, and there is no room for its call. `said`: as in `gone`."""
        _remember(self._written, caller)
        self._write_call(_Came(self._clock.now(), channel, number), caller_number(said), why)

    def gone(self, caller: str, said: str) -> None:
        """A channel has ended. `said`: the caller's number, "" if the dialplan had not read it."""
        came = self._waiting.pop(caller, None)
        if came is None or self._intake.why_closed() is not None:
            return
        _remember(self._written, caller)
        self._write_call(came, caller_number(said))

    def lost(self) -> None:
        """The link broke. The next look shows what became of calls, but nothing of callers without a session: forget
        them.
        """
        self._waiting.clear()

    def _write_call(self, came: _Came, caller: str, refused: str = "") -> None:
        call_id, hotline, now = new_call_id(came.at), self._edition().hotline, self._clock.now()
        started = {
            "caller": caller,
            "number": came.number,
            "language": hotline.languages[0],
            "channel": came.channel,
            "resumed": False,
            "version": hotline.version,
        }
        self._write(Record(came.at, Kind.CALL_STARTED, call_id, data=started, actor=CALLER))
        if refused:
            data, actor = {"by": EndedBy.SYSTEM, "outcome": Outcome.FAILED, "cause": refused}, SYSTEM
        elif now - came.at < AT_ONCE:
            data, actor = {"by": EndedBy.CALLER, "cause": CAUSE}, CALLER
        else:
            data, actor = {"by": EndedBy.SYSTEM, "outcome": Outcome.FAILED, "cause": CAUSE}, SYSTEM
        self._write(Record(now, Kind.CALL_FINISHED, call_id, data=data, actor=actor))


def _remember(channels: dict[str, None], channel: str) -> None:
    """Keep the newest `MOST`."""
    channels[channel] = None
    if len(channels) > MOST:
        del channels[next(iter(channels))]


_CALLER = re.compile(r"[0-9A-Za-z+*#._-]{1,40}")


def caller_number(said: str) -> str:
    """`said` by the caller's phone, if it can be a number or a SIP user; else "". It is hostile."""
    return said if _CALLER.fullmatch(said) else ""


def new_call_id(now: float) -> str:
    """Sorts by time, cannot be guessed. `now`: epoch seconds."""
    return f"{int(now * 1000):x}-{secrets.token_hex(4)}"
