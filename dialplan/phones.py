"""What is known of the agents' phones: their state, and which channels they have.

An agent may have two: a SIP phone, which Asterisk knows by the agent's id, and one in the browser (`browser_of`). The
one in the browser counts while it can be reached, the SIP phone at any other time. A channel of either makes the agent
busy.
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

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
"""Asterisk's device states. Any other state counts as unreachable: better no ring than a ring of a phone that is not
there.
"""

_UNKNOWN = PhoneState.UNREACHABLE

_BROWSER = "_browser"

_NO_CONTACT = frozenset({"Removed", "Unreachable"})
"""What Asterisk says of a contact that cannot be rung."""

_CONTACT = frozenset({"NonQualified", "Reachable"})
"""What it says of one that can: it has just registered, or it answers OPTIONS."""

_NO_DIGIT = re.compile(r"[^0-9+*#]")
"""Characters that no number has. The far end of a trunk may send any."""


class Phones:
    """`changed` gets the state of an agent's phone whenever there is news of it.

    Asterisk says by DeviceStateChange what a phone does. Under load that comes late, and it leaves out a channel that
    the phone has not answered yet with 180. So a phone is free only if it has no channel either. It has one from the
    moment that it is to be rung, until the Hangup of that channel: Asterisk reports that after it has sent the CANCEL
    or the BYE, so no phone gets an INVITE before them. A phone that hangs up by itself needs no BYE. It counts as free
    at once: an INVITE may go out to it while Asterisk still ends the old channel.

    What Asterisk says is believed whenever it comes, but reported only once all phones are known. Before that nobody
    can be rung, as it is not known where callers are, either.

    A phone that does not answer is unreachable, though Asterisk calls it busy as long as it has a channel.

    Asterisk may go on calling a phone unavailable that has registered and can be rung. So a phone is also free while
    it has a contact, as far as Asterisk has told.
    """

    def __init__(self, changed: Callable[[str, PhoneState], None]) -> None:
        self._changed = changed
        self._states: dict[str, PhoneState] = {}  # by phone
        self._silent: set[str] = set()  # phones that are registered nowhere, or do not answer OPTIONS
        self._reached: dict[str, str] = {}  # phone → its contact that can be rung, if an event has said so last
        # agent → unique ids of the channels of both phones; False: a ring's, which is still to come
        self._channels: dict[str, dict[str, bool]] = {}
        self._phone_of: dict[str, str] = {}  # by channel; the name of a channel may change in a transfer
        self._pages: dict[str, str] = {}  # phone in a browser → the page that is registered as it
        self._doubted: set[str] = set()  # agents who could not be rung though Asterisk says that their phone is free
        self._news: set[str] = set()  # phones whose state an event has reported since Asterisk was asked
        self._heard: set[str] = set()  # phones of which an event has reported since whether they answer
        self._asked: set[str] = set()  # the channels that were believed then
        self._over: set[str] = set()  # channels that ended since
        self._complete = False  # all channels are known
        self._listed = False  # the state of every phone is known, too

    def report(self, agent_id: str) -> None:
        """Report the state of the agent's phone, once all phones are known."""
        self._doubted.discard(agent_id)
        if self._listed:
            state = self._state(self.to_ring(agent_id))
            has_channel = state is PhoneState.FREE and agent_id in self._channels
            self._changed(agent_id, PhoneState.BUSY if has_channel else state)

    def to_ring(self, agent_id: str) -> str:
        """The name, in Asterisk, of the phone that counts."""
        browser = browser_of(agent_id)
        return agent_id if self._state(browser) is _UNKNOWN else browser

    def _state(self, phone: str) -> PhoneState:
        if phone in self._reached:  # Asterisk may go on saying that it does not answer, which was an earlier contact
            state = self._states.get(phone, _UNKNOWN)
            return PhoneState.FREE if state is _UNKNOWN else state
        return _UNKNOWN if phone in self._silent else self._states.get(phone, _UNKNOWN)

    def doubt(self, agent_id: str) -> None:
        """The phone could not be rung: the end of that ring does not make it free. `report`, or Asterisk's next news,
        does.
        """
        self._doubted.add(agent_id)

    def report_all(self) -> None:
        for agent_id in dict.fromkeys(map(agent_of, (*self._states, *self._reached))):
            self.report(agent_id)

    def lost(self) -> None:
        """The state of all phones is unknown from now on, so no agent can be rung."""
        known = (*self._states, *self._reached)
        reachable = dict.fromkeys(agent_of(phone) for phone in known if self._state(phone) is not _UNKNOWN)
        self._states.clear()
        self._silent.clear()
        self._reached.clear()
        self._channels.clear()
        self._phone_of.clear()
        self._doubted.clear()
        for agent_id in reachable:
            self.report(agent_id)
        self._complete = self._listed = False

    def channels(self, agent_id: str) -> frozenset[str]:
        """The unique ids of the channels of the agent's phones, whether they ring or talk."""
        return frozenset(channel for channel, made in self._channels.get(agent_id, {}).items() if made)

    def channels_of(self, phone: str) -> frozenset[str]:
        """The unique ids of the channels of this one phone."""
        made = self.channels(agent_of(phone))
        return frozenset(channel for channel in made if self._phone_of[channel] == phone)

    # -- what Asterisk reports -----------------------------------------------------------------------------------------

    def device(self, event: AmiMessage) -> None:
        """A DeviceStateChange."""
        if (state := phone_state(event)) is not None:
            self._news.add(state[0])
            # Asterisk computes the state of a phone from a cache, which may not know yet that it has registered: so
            # "unavailable" may come after the contact, and stay. The loss of a contact has an event of its own, unless
            # the phone itself is no more
            if event.get("State") == "INVALID":
                self._reached.pop(state[0], None)
            self._take(*state)

    def answers(self, event: AmiMessage) -> None:
        """A PeerStatus: whether the phone answers OPTIONS. Asterisk reports only changes."""
        if phone := _phone(event.get("Peer")):
            self._heard.add(phone)
            self._hear(phone, silent=event.get("PeerStatus") == "Unreachable")
            self.report(agent_of(phone))

    def contact(self, event: AmiMessage) -> str | None:
        """A ContactStatus. The agent's id, if from now on another page than before is the agent's phone in the browser,
        or the same page over another connection.
        """
        phone = event.get("EndpointName")
        page = event.get("URI")
        if not agent_of(phone).isdecimal():
            return None
        self._reach(phone, page, event.get("ContactStatus"))
        if phone != browser_of(agent_of(phone)):
            return None
        if event.get("ContactStatus") in _NO_CONTACT:
            if self._pages.get(phone) == page:
                del self._pages[phone]
            return None
        if self._pages.get(phone) == page:
            return None
        self._pages[phone] = page
        return agent_of(phone)

    def _reach(self, phone: str, contact: str, status: str) -> None:
        self._heard.add(phone)
        before = self._state(phone)
        if status in _CONTACT:
            self._reached[phone] = contact
            self._silent.discard(phone)
        elif status in _NO_CONTACT and self._reached.get(phone) == contact:
            del self._reached[phone]
        if self._state(phone) is not before:
            self.report(agent_of(phone))

    def page(self, phone: str) -> str:
        """The contact of the page that is registered as this phone in a browser; "": none, or nobody knows.

        Its user is of the page, which made it by chance. Its address and port are those of the connection.
        """
        return self._pages.get(phone, "")

    def _hear(self, phone: str, *, silent: bool) -> None:
        if silent:
            self._silent.add(phone)  # its contact may be a newer one than the one that this is about
        else:
            self._silent.discard(phone)

    def _take(self, phone: str, state: PhoneState) -> None:
        self._states[phone] = state
        self.report(agent_of(phone))

    def began(self, event: AmiMessage) -> None:
        """A Newchannel."""
        self._began(event.get("Channel"), event.get("Uniqueid"))

    def _began(self, name: str, channel: str) -> None:
        if phone := _phone(name.rpartition("-")[0]):
            self._has(phone, channel, made=True)

    def _has(self, phone: str, channel: str, *, made: bool) -> None:
        if self._phone_of.get(channel, phone) != phone:
            return  # it was renamed
        agent_id = agent_of(phone)
        first = agent_id not in self._channels
        self._channels.setdefault(agent_id, {})[channel] = made
        self._phone_of[channel] = phone
        if first and self._state(self.to_ring(agent_id)) is PhoneState.FREE:
            self.report(agent_id)
        elif made and phone in self._silent:
            self.report(agent_id)  # it did not answer before; from now on its audio can be listened to

    def ended(self, event: AmiMessage) -> None:
        """A Hangup."""
        self._over.add(event.get("Uniqueid"))
        self._gone(event.get("Uniqueid"))

    def rung(self, phone: str, channel: str) -> None:
        """The phone is to be rung; the channel may come at any moment."""
        self._has(phone, channel, made=False)

    def not_rung(self, agent_id: str, channel: str) -> None:
        """Asterisk has made no channel for this ring, and will not."""
        if not self._channels.get(agent_id, {}).get(channel, True):
            self._gone(channel)

    def hung_up(self, agent_id: str, channel: str) -> None:
        """The phone has hung up this answered channel: it is free if it has no other channel.

        A phone that was unreachable before stays so: the end of a talk does not make it reachable.
        """
        only = self._complete and self._channels.get(agent_id, {}).keys() == {channel}
        if only and self._states.get(phone := self._phone_of[channel]) is PhoneState.BUSY:
            self._states[phone] = PhoneState.FREE
        self._over.add(channel)
        self._gone(channel)

    def has_other(self, agent_id: str, channel: str) -> bool:
        """Whether the agent's phones have another channel than this one."""
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
        self,
        alive: Mapping[str, str],
        states: Mapping[str, PhoneState],
        contacts: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """What it answered. `alive`: the names of all channels by their unique ids. The others: as in `answered`."""
        for channel in self._asked:
            if channel not in alive:
                self._gone(channel)
        for channel, name in alive.items():
            if channel not in self._over:
                self._began(name, channel)
        self._complete = True
        self.answered(states, contacts)
        if not self._listed:
            self._listed = True
            self.report_all()

    def answered(self, states: Mapping[str, PhoneState], contacts: Mapping[str, str]) -> None:
        """`states`: by phone. `contacts`: of the phones that are `to_ask`, the contact that can be rung; "" for none.

        An event that came meanwhile may be newer than what was answered; if it is older, another follows.
        """
        for phone in {**states, **contacts}:
            if phone not in self._heard:
                self._answered(phone, states.get(phone, _UNKNOWN), contacts.get(phone))
            if phone in states and phone not in self._news:
                self._take(phone, states[phone])

    def _answered(self, phone: str, state: PhoneState, contact: str | None) -> None:
        """`contact`: None if it was not asked for, as the phone is free."""
        before = self._state(phone)
        if contact:
            self._reached[phone] = contact
        elif contact is not None:
            self._reached.pop(phone, None)
        if contact != "":
            self._silent.discard(phone)
        elif state is not _UNKNOWN:
            self._silent.add(phone)
        if self._state(phone) is not before:
            self.report(agent_of(phone))

    def _gone(self, channel: str) -> None:
        agent_id = agent_of(self._phone_of.pop(channel, ""))
        if not agent_id:
            return
        del self._channels[agent_id][channel]
        if not self._channels[agent_id]:
            del self._channels[agent_id]
            if self._state(self.to_ring(agent_id)) is PhoneState.FREE and agent_id not in self._doubted:
                self.report(agent_id)


def phone_state(said: AmiMessage) -> tuple[str, PhoneState] | None:
    """Which phone it is, and its state, as a DeviceStateChange or an item of a list says; None: it is no phone."""
    phone = _phone(said.get("Device"))
    if not phone:
        return None
    return phone, PHONE_STATES.get(said.get("State"), _UNKNOWN)


def to_ask(said: AmiMessage) -> str:
    """The phone of this item of the list of states, if its state does not say whether the phone answers; else "".

    A busy phone may have fallen silent. One that is called unavailable may have registered since: Asterisk computes
    states from a cache that may be older.
    """
    return "" if said.get("State") in ("NOT_INUSE", "INVALID") else _phone(said.get("Device"))


def plain_number(said: str) -> str:
    """A caller id's number, without what no number has, and no longer than one."""
    return _NO_DIGIT.sub("", said)[:40]


def browser_of(agent_id: str) -> str:
    """The name, in Asterisk, of the agent's phone in the browser."""
    return f"{agent_id}{_BROWSER}"


def agent_of(phone: str) -> str:
    """The agent whose phone has this name in Asterisk."""
    return phone.removesuffix(_BROWSER)


def phone_of(channel: str) -> str:
    """The agent whose phone's channel it is, by its name: `PJSIP/1001-0000000a`; empty for any other channel."""
    return agent_of(_phone(channel.rpartition("-")[0]))


def _phone(endpoint: str) -> str:
    """The name of an agent's phone: `1001` for `PJSIP/1001`, `1001_browser` for `PJSIP/1001_browser`. Any other
    endpoint gives "": a citizen's phone and the trunk have names that are not digits.
    """
    technology, _, phone = endpoint.partition("/")
    return phone if technology == "PJSIP" and agent_of(phone).isdecimal() else ""
