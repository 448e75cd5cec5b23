"""Citizens who are called back: each is dialled through the trunk, answers and presses a key, and becomes a caller.

The dialplan does that alone (`wutong-callback`). A leg is known by its channel's unique id, which ends with the
callback and the number of the attempt.
"""

import asyncio
from collections.abc import Callable, Container
from enum import StrEnum

from dialplan.ami_connection import ActionRefused
from dialplan.legs import OVERTAKEN
from dialplan.link import AmiLink
from dialplan.wire.ami import AmiMessage

CONTEXT = "wutong-callback"
CITIZEN_RING = 30.0
"""Seconds that the citizen's phone rings."""
CALLBACK_VARIABLE = "WUTONG_CALLBACK"

_PREFIX = "back-"


class NotReached(StrEnum):
    """Why a citizen was not reached."""

    BUSY = "busy"
    NO_ANSWER = "no-answer"
    DECLINED = "declined"
    INVALID = "invalid"  # the number does not exist
    UNREACHABLE = "unreachable"  # the phone is off, or the network did not take the call
    NOT_CONFIRMED = "not-confirmed"  # somebody, or a mailbox, answered and pressed no key
    LOST = "lost"  # Asterisk or the link to it was away


_BY_CAUSE = {
    "16": NotReached.NO_ANSWER,  # a ring that was given up
    "17": NotReached.BUSY,
    "18": NotReached.NO_ANSWER,
    "19": NotReached.NO_ANSWER,
    "21": NotReached.DECLINED,
    "1": NotReached.INVALID,
    "22": NotReached.INVALID,
    "28": NotReached.INVALID,
}
"""Asterisk's hangup cause → why. Any other: unreachable."""


def why(cause: str) -> NotReached:
    """Why a citizen was not reached whose channel has ended with this cause."""
    return _BY_CAUSE.get(cause, NotReached.UNREACHABLE)


class CallbackLegs:
    """All such legs that do not wait in a queue yet. `not_reached`: gets the callback, and why. `provider`: the host
    that is asked to show the hotline's number, as in `wutong-out`; "": From has it.
    """

    def __init__(self, link: AmiLink, provider: str) -> None:
        self.not_reached: Callable[[str, NotReached], None] = lambda callback, why: None
        self._link, self._provider = link, provider
        self._legs: dict[str, str] = {}  # channel's unique id → callback
        self._answered: set[str] = set()
        self._arrived: set[str] = set()  # callers who do not wait in the queue yet
        self._asked: set[str] = set()  # legs that were known when Asterisk was asked

    def __contains__(self, channel: str) -> bool:
        return channel in self._legs

    # -- what is asked ------------------------------------------------------------------------------------------------

    async def dial(
        self, callback: str, attempt: int, number: str, *, citizen: str, shown: str, language: str, ask: str, last: str
    ) -> None:
        """Dial `number`, which sees the number `shown`. `citizen`: the same number, as the citizen had it as a caller.
        `ask`: the files that the citizen hears, who must press 1 after that; "": need not. `last`: the files for a
        mailbox, or whoever presses nothing; "": none.

        Raises ActionRefused: nothing rings. LinkDown or TimeoutError: nobody knows; a look at Asterisk shows it.
        """
        channel = _channel(callback, attempt)
        self._legs[channel] = callback
        variables = {
            CALLBACK_VARIABLE: callback,
            "WUTONG_CITIZEN": citizen,
            "WUTONG_SHOWN": shown,
            "WUTONG_LANGUAGE": language,
            "WUTONG_ASK": ask,
            "WUTONG_LAST": last,
        }
        if self._provider:
            variables["PJSIP_HEADER(add,P-Preferred-Identity)"] = f"<sip:{shown}@{self._provider}>"
        try:
            asked = self._link.originate(
                *(f"PJSIP/{number}@trunk", channel, CONTEXT, CITIZEN_RING, variables),
                shows=(shown, shown),
                action_id=channel,
            )
            await asked.answer()
        except ActionRefused:
            self._drop(channel)
            raise

    def cancel(self, callback: str) -> None:
        """The callback is over, or another call has its place: the citizen's phone rings no more."""
        for channel in [channel for channel, known in self._legs.items() if known == callback]:
            if channel not in self._arrived:
                self._link.send("Hangup", Channel=channel, Cause="16")
            self._drop(channel)

    def adopt(self, callback: str, attempt: int) -> None:
        """A leg from before a restart. The next look shows whether it still lives."""
        self._legs[_channel(callback, attempt)] = callback

    def arrived(self, channel: str) -> None:
        """The citizen has confirmed, and is a caller from now on, who may hang up before waiting in the queue: while
        hearing that talks are recorded, or because Asterisk ends.
        """
        if channel in self._legs:
            self._arrived.add(channel)

    # -- what Asterisk reports ----------------------------------------------------------------------------------------

    def new_state(self, event: AmiMessage) -> None:
        """Newstate."""
        if event.get("ChannelStateDesc") == "Up" and (channel := event.get("Uniqueid")) in self._legs:
            self._answered.add(channel)

    def originate_response(self, event: AmiMessage) -> None:
        """A failure comes by a shorter way than the Hangup that says why. Without a channel there is no Hangup."""
        if event.get("Response") == "Failure" and event.action_id in self._legs:
            loop = asyncio.get_running_loop()
            loop.call_later(OVERTAKEN, self._over, event.action_id, NotReached.UNREACHABLE)

    def ended(self, event: AmiMessage) -> None:
        """A channel is gone."""
        channel = event.get("Uniqueid")
        self._over(channel, NotReached.NOT_CONFIRMED if channel in self._answered else why(event.get("Cause")))

    def _over(self, channel: str, why: NotReached) -> None:
        callback = self._legs.get(channel)
        if callback is not None:
            self._drop(channel)
            self.not_reached(callback, why)

    def _drop(self, channel: str) -> None:
        self._legs.pop(channel, None)
        self._answered.discard(channel)
        self._arrived.discard(channel)

    # -- looking afresh -----------------------------------------------------------------------------------------------

    def asked(self) -> None:
        """Asterisk is asked now for its channels."""
        self._asked = set(self._legs)

    def seen(self, channels: Container[str]) -> None:
        """What it answered: the unique ids of all channels."""
        for channel in self._asked & self._legs.keys():
            if channel not in channels:
                self._over(channel, NotReached.LOST)


def _channel(callback: str, attempt: int) -> str:
    return f"{_PREFIX}{attempt}-{callback}"
