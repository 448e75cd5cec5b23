"""What is known of the agents' phones: their state, and which channels they have."""

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


class Phones:
    """`changed` is told the state of a phone whenever there is news of it. An agent's id is the phone's name in SIP.

    Asterisk says by DeviceStateChange what a phone does. That comes half a millisecond after the end of a call, and
    later under load. So a phone that hangs up its only channel counts as free at once: an INVITE may go out to it while
    Asterisk still ends the old channel. What Asterisk says is believed whenever it comes, but told only once all phones
    are known. Before that nobody can be rung, as it is not known where callers are, either.

    A phone that does not answer is unreachable, though Asterisk calls it busy as long as it has a channel.
    """

    def __init__(self, changed: Callable[[str, PhoneState], None]) -> None:
        self._changed = changed
        self._states: dict[str, PhoneState] = {}
        self._silent: set[str] = set()  # phones that are registered nowhere, or do not answer OPTIONS
        self._channels: dict[str, set[str]] = {}  # phone → unique ids of its channels; callers' and trunks' too
        self._news: set[str] = set()  # phones whose state an event has told since Asterisk was asked
        self._heard: set[str] = set()  # phones of which an event has told since whether they answer
        self._asked: set[tuple[str, str]] = set()  # phones and their channels as they were believed then
        self._over: set[str] = set()  # channels that ended since
        self._complete = False  # all channels are known
        self._listed = False  # the state of every phone is known, too

    def tell(self, agent_id: str) -> None:
        """Tell the state of one phone, once all phones are known."""
        if self._listed:
            self._changed(agent_id, _UNKNOWN if agent_id in self._silent else self._states.get(agent_id, _UNKNOWN))

    def tell_all(self) -> None:
        for agent_id in tuple(self._states):
            self.tell(agent_id)

    def lost(self) -> None:
        """Nothing is known any more, and nobody can be rung."""
        reachable = [agent_id for agent_id, state in self._states.items() if state is not _UNKNOWN]
        self._states.clear()
        self._silent.clear()
        self._channels.clear()
        for agent_id in reachable:
            self.tell(agent_id)
        self._complete = self._listed = False

    def channels(self, agent_id: str) -> frozenset[str]:
        """The unique ids of the phone's channels, whether they ring or talk."""
        return frozenset(self._channels.get(agent_id, ()))

    # -- what Asterisk tells ------------------------------------------------------------------------------------------

    def device(self, event: AmiMessage) -> None:
        """A DeviceStateChange."""
        if (state := phone_state(event)) is not None:
            self._news.add(state[0])
            self._take(*state)

    def answers(self, event: AmiMessage) -> None:
        """A PeerStatus: whether the phone answers OPTIONS. Asterisk tells only changes."""
        if agent_id := _phone(event.get("Peer") + "-"):
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
        if phone := _phone(name):
            self._channels.setdefault(phone, set()).add(channel)

    def ended(self, event: AmiMessage) -> None:
        """A Hangup."""
        self._over.add(event.get("Uniqueid"))
        if phone := _phone(event.get("Channel")):
            self._gone(phone, event.get("Uniqueid"))

    def hung_up(self, agent_id: str, channel: str) -> None:
        """The channel of an answered call ends, or has ended: the agent's phone is free if it has no other channel.

        A phone that was unreachable before stays so: the end of a talk does not make it reachable.
        """
        only = self._complete and self._channels.get(agent_id) == {channel}
        if only and self._states.get(agent_id) is PhoneState.BUSY:
            self._states[agent_id] = PhoneState.FREE
            self.tell(agent_id)

    # -- looking afresh -----------------------------------------------------------------------------------------------

    def asked(self) -> None:
        """Asterisk is asked now for its channels, and then for the states of phones."""
        self._news.clear()
        self._heard.clear()
        self._over.clear()
        self._asked = {(phone, channel) for phone, channels in self._channels.items() for channel in channels}

    def seen(
        self, alive: Mapping[str, str], states: Mapping[str, PhoneState], silent: Container[str] = frozenset()
    ) -> None:
        """What it answered. `alive`: the names of all channels by their unique ids. `silent`: busy phones that do not
        answer.

        An event that came meanwhile may be newer than the list of states; if it is older, another follows.
        """
        for phone, channel in self._asked:
            if channel not in alive:
                self._gone(phone, channel)
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

    def _gone(self, phone: str, channel: str) -> None:
        channels = self._channels.get(phone)
        if channels is not None:
            channels.discard(channel)
            if not channels:
                del self._channels[phone]


def phone_state(said: AmiMessage) -> tuple[str, PhoneState] | None:
    """Whose phone it is, and its state, as a DeviceStateChange or an item of a list says; None: it is no phone."""
    agent_id = _phone(said.get("Device") + "-")
    if not agent_id:
        return None
    return agent_id, PHONE_STATES.get(said.get("State"), _UNKNOWN)


def _phone(channel: str) -> str:
    """The agent whose phone's channel it is, by its name: `PJSIP/1001-0000000a`; empty for any other channel.

    An agent's id is digits. Citizens and the trunk have other names.
    """
    technology, _, rest = channel.partition("/")
    agent_id = rest.rpartition("-")[0]
    return agent_id if technology == "PJSIP" and agent_id.isdecimal() else ""
