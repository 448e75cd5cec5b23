"""Phones that are gone in the middle of a talk: they do not answer OPTIONS, and no audio comes from them.

Asterisk ends no call for silence alone, as a muted phone sends no audio. It also ends none for an OPTIONS that is not
answered, as a phone may miss one while its user talks on. A phone that does neither is gone.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress

import structlog

from dialplan.ami_connection import ActionRefused, LinkDown
from dialplan.link import AmiLink
from dialplan.news import PHONE_GONE
from dialplan.phones import Phones
from dialplan.wire.ami import AmiMessage

log = structlog.get_logger()

LISTEN = 3.0
"""Seconds without audio after which a phone that does not answer is gone. Asterisk asks every 4 s and waits 2 s for the
answer (`agent-aor` in pjsip.conf), so that is noticed 9 s after the phone's death at the latest. A phone that was only
away for a moment has answered the next OPTIONS by then."""

LISTEN_TO_LEFT = 1.0
"""Another page has become the contact of an agent's phone: seconds without audio after which the one before is gone."""

_UNANSWERED = frozenset({"408", "481"})
"""What Asterisk notes of a session's refresh: 408 for no answer, 481 for a phone that knows no such call."""

STATE = "CHANNEL(state)"
AUDIO = "CHANNEL(rtcp,rxcount)"
"""How many packets of audio the phone has sent. Ask by Getvar, not by Status: that holds the channel's lock while it
waits for the thread that serves the phone's SIP, too. If this waits for the lock, Asterisk hangs."""
PEER = "BRIDGEPEER"
PASSED_ON = "CHANNEL(rtcp,txcount)"
"""How many packets the other end of the phone's talk has got: all are from the phone. Asterisk counts a channel's
packets for its reports (RTCP), and counts none where another program has the port for them: then this one is asked.
"""


def is_gone(hangup_request: AmiMessage) -> bool:
    """Whether the channel ends because nothing is heard of its phone. Another phone's cause may hide this."""
    return says_gone(hangup_request) or not_answered(hangup_request)


def says_gone(hangup_request: AmiMessage) -> bool:
    """Whether the channel has the cause of a phone that is gone. A page gives it to its own call when it goes. But
    Asterisk also passes it on in a bridge: from a channel that still has it of an earlier phone to the other one.
    """
    return hangup_request.get("Cause") == PHONE_GONE


def not_answered(hangup_request: AmiMessage) -> bool:
    """Whether the phone itself did not answer, or knows nothing of the call."""
    return hangup_request.get("TechCause") in _UNANSWERED


class Liveness:
    """`watch` a phone that does not answer: `gone` gets the unique id of each of its channels that is to end."""

    def __init__(self, link: AmiLink, phones: Phones, gone: Callable[[str], None]) -> None:
        self._link = link
        self._phones = phones
        self._gone = gone
        self._watched: dict[str, asyncio.Event] = {}  # phone → set when it answers again

    async def watch(self, agent_id: str) -> None:
        """Listen to the phone until it answers again or has no channel any more."""
        if agent_id in self._watched:
            return
        back = self._watched[agent_id] = asyncio.Event()
        heard: Mapping[str, int | None] = {}
        try:
            while not back.is_set() and self._phones.channels(agent_id):
                before, heard = heard, await self._heard_soon(agent_id)
                for channel, packets in heard.items():
                    if channel in before and packets == before[channel] and not back.is_set():
                        self._gone(channel)
                with suppress(TimeoutError):
                    async with asyncio.timeout(LISTEN):
                        await back.wait()
        except LinkDown as error:
            log.warning("phone-not-listened-to", agent=agent_id, error=str(error))  # the next look reports it again
        finally:
            if self._watched.get(agent_id) is back:
                del self._watched[agent_id]

    async def check(self, agent_id: str) -> None:
        """Another page is the agent's phone now. The page before may have gone without a word, or may still talk."""
        try:
            before = await self._heard(agent_id)
            await asyncio.sleep(LISTEN_TO_LEFT)
            for channel, packets in (await self._heard(agent_id)).items():
                if packets is not None and packets == before.get(channel):
                    self._gone(channel)
        except (LinkDown, TimeoutError) as error:
            log.warning("phone-not-listened-to", agent=agent_id, error=str(error))  # its silence is noticed in the end

    def answers(self, agent_id: str) -> None:
        """The phone can be reached."""
        if back := self._watched.pop(agent_id, None):
            back.set()

    async def _heard_soon(self, agent_id: str) -> dict[str, int | None]:
        """As `_heard`; nothing where Asterisk is too slow to answer. Raises LinkDown."""
        try:
            return await self._heard(agent_id)
        except TimeoutError as error:
            log.warning("phone-not-listened-to", agent=agent_id, error=str(error))
            return {}

    async def _heard(self, agent_id: str) -> dict[str, int | None]:
        """The packets that came from each answered channel of the phone; None: Asterisk has not counted any.

        Raises LinkDown or TimeoutError.
        """
        heard: dict[str, int | None] = {}
        for channel in self._phones.channels(agent_id):
            with suppress(ActionRefused):  # it has ended meanwhile
                if await self._get(channel, STATE) == "Up":
                    heard[channel] = await self._packets(channel)
        return heard

    async def _packets(self, channel: str) -> int | None:
        packets = await self._get(channel, AUDIO)
        if not packets.isdecimal() and (peer := await self._get(channel, PEER)):
            with suppress(ActionRefused):  # the other end is gone meanwhile
                packets = await self._get(peer, PASSED_ON)
        return int(packets) if packets.isdecimal() else None

    async def _get(self, channel: str, variable: str) -> str:
        return (await self._link.action("Getvar", Channel=channel, Variable=variable)).get("Value")
