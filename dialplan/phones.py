"""What is known of the agents' phones: their state, and which channels they have."""

import re
from collections.abc import Callable, Container, Mapping

from agents.states import PhoneState
from dialplan.wire.ami import AmiMessage

PHONE_STATES = {
    "NOT_INUSE": PhoneState.FREE,
    "INUSE": PhoneState.BUSY,
    "BUSY": PhoneState.BUSY,
    "RINGING": PhoneState.BUSY,
    "RINGINUSE": PhoneState.BUSY,
    "ONHOLD": PhoneState.BUSY,
    "UNAVAILABLE": PhoneState.UNREACHABLE,
    "INVALID": PhoneState.UNREACHABLE,
    "UNKNOWN": PhoneState.UNREACHABLE,
}
"""Asterisk's device states. What is not listed is taken as unreachable: better no ring than a ring into nowhere."""

_UNKNOWN = PhoneState.UNREACHABLE

_NO_DIGIT = re.compile(r"[^0-9+*#]")
"""What a number does not have. The far end of a trunk says what it likes."""


class Phones:
    """`changed` is told the state of a phone whenever there is news of it. An agent's id is the phone's name in SIP.

    Asterisk says by DeviceStateChange what a phone does. Under load that comes late, and it leaves out a channel that
    the phone has not answered yet with 180. So a phone is free only if it has no channel either. It has one from the
    moment that it is to be rung, until the Hangup of that channel: Asterisk tells that after it has sent the CANCEL or
    the BYE, so no phone gets an INVITE before them. A phone that hangs up by itself needs no BYE. It counts as free at
    once: an INVITE may go out to it while Asterisk still ends the old channel.

    What Asterisk says is believed whenever it comes, but told only once all phones are known. Before that nobody can be
    rung, as it is not known where callers are, either.

    A phone that does not answer is unreachable, though Asterisk calls it busy as long as it has a channel.
    """

    def __init__(self, changed: Callable[[str, PhoneState], None]) -> None:
        self._changed = changed
        self._states: dict[str, PhoneState] = {}
        # phone → unique ids of its channels, callers' and trunks' too; False: a ring's, which is still to come
        self._channels: dict[str, dict[str, bool]] = {}
        self._phone_of: dict[str, str] = {}  # by channel; the name of a channel may change in a transfer
        self._silent: set[str] = set()  # phones that are registered nowhere, or do not answer OPTIONS
        self._doubted: set[str] = set()  # phones that could not be rung though Asterisk says that they are free
        self._news: set[str] = set()  # phones whose state an event has told since Asterisk was asked
        self._heard: set[str] = set()  # phones of which an event has told since whether they answer
        self._asked: set[str] = set()  # the channels that were believed then
        self._over: set[str] = set()  # channels that ended since
        self._complete = False  # all channels are known
        self._listed = False  # the state of every phone is known, too

    def tell(self, agent_id: str) -> None:
        """Tell the state of one phone, once all phones are known."""
        self._doubted.discard(agent_id)
        if self._listed:
            state = _UNKNOWN if agent_id in self._silent else self._states.get(agent_id, _UNKNOWN)
            has_channel = state is PhoneState.FREE and agent_id in self._channels
            self._changed(agent_id, PhoneState.BUSY if has_channel else state)

    def doubt(self, agent_id: str) -> None:
        """The phone could not be rung: the end of that ring does not make it free. `tell`, or Asterisk's next news,
        does.
        """
        self._doubted.add(agent_id)

    def tell_all(self) -> None:
        for agent_id in tuple(self._states):
            self.tell(agent_id)

    def lost(self) -> None:
        """Nothing is known any more, and nobody can be rung."""
        reachable = [agent_id for agent_id, state in self._states.items() if state is not _UNKNOWN]
        self._states.clear()
        self._silent.clear()
        self._channels.clear()
        self._phone_of.clear()
        self._doubted.clear()
        for agent_id in reachable:
            self.tell(agent_id)
        self._complete = self._listed = False

    def channels(self, agent_id: str) -> frozenset[str]:
        """The unique ids of the phone's channels, whether they ring or talk."""
        return frozenset(channel for channel, made in self._channels.get(agent_id, {}).items() if made)

    # -- what Asterisk tells ------------------------------------------------------------------------------------------

    def device(self, event: AmiMessage) -> None:
        """A DeviceStateChange."""
        if (state := phone_state(event)) is not None:
            self._news.add(state[0])
            self._take(*state)

    def answers(self, event: AmiMessage) -> None:
        """A PeerStatus: whether the phone answers OPTIONS. Asterisk tells only changes."""
        if agent_id := _agent_of(event.get("Peer")):
            self._heard.add(agent_id)
            self._hear(agent_id, silent=event.get("PeerStatus") == "Unreachable")
            self.tell(agent_id)

    def _hear(self, agent_id: str, *, silent: bool) -> None:
        if silent:
            self._silent.add(agent_id)
        else:
            self._silent.discard(agent_id)

    def _take(self, agent_id: str, state: PhoneState) -> None:
        self._states[agent_id] = state
        self.tell(agent_id)

    def began(self, event: AmiMessage) -> None:
        """A Newchannel."""
        self._began(event.get("Channel"), event.get("Uniqueid"))

    def _began(self, name: str, channel: str) -> None:
        if phone := phone_of(name):
            self._has(phone, channel, made=True)

    def _has(self, phone: str, channel: str, *, made: bool) -> None:
        if self._phone_of.get(channel, phone) != phone:
            return  # it was renamed
        first = phone not in self._channels
        self._channels.setdefault(phone, {})[channel] = made
        self._phone_of[channel] = phone
        if first and self._states.get(phone) is PhoneState.FREE:
            self.tell(phone)

    def ended(self, event: AmiMessage) -> None:
        """A Hangup."""
        self._over.add(event.get("Uniqueid"))
        self._gone(event.get("Uniqueid"))

    def rung(self, agent_id: str, channel: str) -> None:
        """The phone is to be rung; the channel may come at any moment."""
        self._has(agent_id, channel, made=False)

    def not_rung(self, agent_id: str, channel: str) -> None:
        """Asterisk has made no channel for this ring, and will not."""
        if not self._channels.get(agent_id, {}).get(channel, True):
            self._gone(channel)

    def hung_up(self, agent_id: str, channel: str) -> None:
        """The phone has hung up this answered channel: it is free if it has no other channel.

        A phone that was unreachable before stays so: the end of a talk does not make it reachable.
        """
        only = self._complete and self._channels.get(agent_id, {}).keys() == {channel}
        if only and self._states.get(agent_id) is PhoneState.BUSY:
            self._states[agent_id] = PhoneState.FREE
        self._over.add(channel)
        self._gone(channel)

    def has_other(self, agent_id: str, channel: str) -> bool:
        """Whether the phone has another channel than this one."""
        return any(other != channel for other in self._channels.get(agent_id, ()))

    # -- looking afresh -----------------------------------------------------------------------------------------------

    def asked(self) -> None:
        """Asterisk is asked now for its channels, and then for the states of phones."""
        self._news.clear()
        self._heard.clear()
        self._over.clear()
        made = (channel for channels in self._channels.values() for channel, made in channels.items() if made)
        self._asked = set(made)

    def seen(
        self, alive: Mapping[str, str], states: Mapping[str, PhoneState], silent: Container[str] = frozenset()
    ) -> None:
        """What it answered. `alive`: the names of all channels by their unique ids. `silent`: busy phones that do not
        answer.

        An event that came meanwhile may be newer than the list of states; if it is older, another follows.
        """
        for channel in self._asked:
            if channel not in alive:
                self._gone(channel)
        for channel, name in alive.items():
            if channel not in self._over:
                self._began(name, channel)
        self._complete = True
        for agent_id, state in states.items():
            if agent_id not in self._heard:
                self._hear(agent_id, silent=agent_id in silent)
            if agent_id not in self._news:
                self._take(agent_id, state)
        if not self._listed:
            self._listed = True
            self.tell_all()

    def _gone(self, channel: str) -> None:
        phone = self._phone_of.pop(channel, "")
        if not phone:
            return
        del self._channels[phone][channel]
        if not self._channels[phone]:
            del self._channels[phone]
            if self._states.get(phone) is PhoneState.FREE and phone not in self._doubted:
                self.tell(phone)


def phone_state(said: AmiMessage) -> tuple[str, PhoneState] | None:
    """Whose phone it is, and its state, as a DeviceStateChange or an item of a list says; None: it is no phone."""
    agent_id = _agent_of(said.get("Device"))
    if not agent_id:
        return None
    return agent_id, PHONE_STATES.get(said.get("State"), _UNKNOWN)


def plain_number(said: str) -> str:
    """A caller id's number, without what no number has, and no longer than one."""
    return _NO_DIGIT.sub("", said)[:40]


def phone_of(channel: str) -> str:
    """The agent whose phone's channel it is, by its name: `PJSIP/1001-0000000a`; empty for any other channel."""
    return _agent_of(channel.rpartition("-")[0])


def _agent_of(endpoint: str) -> str:
    """The agent whose phone it is: `PJSIP/1001`. An agent's id is digits; citizens and the trunk have other names."""
    technology, _, agent_id = endpoint.partition("/")
    return agent_id if technology == "PJSIP" and agent_id.isdecimal() else ""
