"""What Asterisk has, as one frozen value. Pure. `dialplan.differences` compares it with what is believed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from agents.states import PhoneState
from dialplan.phones import phone_of, phone_state, plain_number
from dialplan.wire.ami import AmiMessage

HOLDING = "BridgeWait"
"""The application that holds callers."""
DIALLING = "Dial"
"""The application that puts callers through to lines."""
SERVING = "AGI"
"""The application that brings callers to the service. While it runs another application for us (EXEC), Asterisk names
that one's name."""
ASIDE_APPLICATION = "Wait"
"""The application in which an agent's leg waits that was set aside."""
PAUSING = "WaitDigit"
"""The application in which the leg of an agent who was rung beside others waits until it is let through."""
LINK = "Local/_attended@"
"""Asterisk's name for a pair of channels (;1 and ;2) that joins the bridges of an attended transfer."""

CALL_VARIABLE = "WUTONG_CALL"
OFFER_VARIABLE = "WUTONG_OFFER"
SUB_HOTLINE_VARIABLE = "WUTONG_SUB_HOTLINE"
"""Variable of a caller: the line that the caller is put through to, as `calls.states.mark_of` has it; "" for none."""
STATUS_VARIABLE = "DIALSTATUS"
"""Variable of a caller: what came of the last Dial(); "" before it."""
TAKEN_VARIABLE = "SHARED(WUTONG_TAKEN)"
"""Variable of a caller: the offer whose leg has taken the caller last since the queue was entered. The leg sets it, so
it is true even if no event came."""
LOST_VARIABLE = "SHARED(WUTONG_LOST)"
"""Variable of a caller: the channel (its unique id; of a leg the offer) of a phone that was gone, which has ended a
talk; "" for none. That channel sets it. The service clears it when a line is dialled, or a talk with one begins.
"""
WITH_VARIABLE = "WUTONG_WITH"
"""Variable of a phone with which Asterisk alone has joined a caller: the unique id of the caller's channel."""
RUNG_VARIABLE = "WUTONG_RUNG"
"""Variable of a caller: the phone to which an agent has sent the caller, and which the dialplan dials as no service was
there; "" for none."""
MOVED_VARIABLE = "WUTONG_MOVED"
"""Variable of a caller: the call's id, if a transfer led the caller here and the service has not taken that up."""
NUMBER_VARIABLE = "WUTONG_NUMBER"
"""Variable of a caller: the number of the hotline that was dialled last, by the caller or for a transfer."""
TRANSFERER_VARIABLE = "ATTENDEDTRANSFER"
"""Asterisk's variable of a caller: the channel whose phone has made the last attended transfer. A queue clears it."""
BESIDE = "BESIDE"
"""Variable of an agent's leg: "1" if others are rung for the same caller."""
ASIDE = "WUTONG_ASIDE"
"""Variable of an agent's leg that has been set aside, as its caller was on hold. `IS_ASIDE` between the way there and
the way back."""
IS_ASIDE = "1"
JOINS = "WUTONG_JOINS"
"""Variable of a phone that an agent has consulted, and that is to take the caller: the offer of that agent's leg."""
ASKED = "WUTONG_ASKED"
"""Variable of a phone that rings for an agent's leg, or talks with it, while the caller is on hold: the leg's offer."""
THIRD = "WUTONG_THIRD"
"""Variable of a phone that was consulted, and that talks with agent and caller: the offer of the agent's leg."""
EARLY = "WUTONG_EARLY"
"""Variable of an agent's leg: "1" if it must wait until it learns that the caller is held."""

VARIABLES = ",".join(
    (
        CALL_VARIABLE,
        OFFER_VARIABLE,
        SUB_HOTLINE_VARIABLE,
        STATUS_VARIABLE,
        TAKEN_VARIABLE,
        LOST_VARIABLE,
        WITH_VARIABLE,
        RUNG_VARIABLE,
        MOVED_VARIABLE,
        NUMBER_VARIABLE,
        TRANSFERER_VARIABLE,
        BESIDE,
        EARLY,
        ASIDE,
        JOINS,
        ASKED,
        THIRD,
    )
)
"""The variables that a Status is to give for each channel."""


COLLEAGUE_CONTEXT = "wutong-colleague"
LEG_VARIABLE = "WUTONG_LEG"
"""Of a phone that was dialled: for which call."""
RECORD_VARIABLE = "WUTONG_RECORD"
"""Where a colleague's phone begins to record its talk with a caller, and the beginning of the files."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel.

    number     of its caller id, without what no number has
    bridge     the one that it is in, "" for none
    variables  those of `VARIABLES` that are set
    """

    unique_id: str
    name: str
    application: str
    up: bool
    bridge: str
    variables: Mapping[str, str]
    number: str = ""

    @property
    def call(self) -> str:
        """The id of the call that it belongs to; "" for none."""
        return self.variables.get(CALL_VARIABLE, "")

    @property
    def line(self) -> str:
        """The mark of the line that the caller is put through to (`calls.states.mark_of`); "" for none."""
        return self.variables.get(SUB_HOTLINE_VARIABLE, "")

    def apart_from(self, caller: "Channel | None") -> bool:
        """Whether this agent's leg was set aside, and has not taken the caller back."""
        return ASIDE in self.variables and not (self.bridge and caller is not None and self.bridge == caller.bridge)

    @property
    def offer(self) -> str:
        """The offer that this agent's leg was originated for; "": it is no leg."""
        return self.variables.get(OFFER_VARIABLE, "")


@dataclass(frozen=True, slots=True)
class AsteriskSnapshot:
    """channels  by their unique ids
    talks     the bridges with a member who is not held: an agent's leg, or a colleague who took the caller over
    phones    what Asterisk knows of each phone, by its name: an agent may have two (`dialplan.phones`)
    contacts  of phones whose state does not say whether they answer (`dialplan.phones.to_ask`): the contact that can be
              rung, "" for none
    """

    channels: Mapping[str, Channel]
    talks: frozenset[str]
    phones: Mapping[str, PhoneState]
    contacts: Mapping[str, str] = field(default_factory=dict)
    _members: Mapping[str, Sequence[Channel]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_members", _members(self.channels.values()))

    @classmethod
    def read(cls, statuses: Iterable[AmiMessage], devices: Iterable[AmiMessage]) -> "AsteriskSnapshot":
        """From the items of a Status, asked for with `VARIABLES`, and of a DeviceStateList that was asked for later."""
        channels = {status.get("Uniqueid"): _channel(status) for status in statuses}
        phones = dict(state for device in devices if (state := phone_state(device)) is not None)
        return cls(channels, _talks(channels.values()), phones)

    def held(self, channel: Channel) -> bool:
        """Whether BridgeWait brought the channel into its bridge, and this bridge is no talk.

        When an agent's leg takes a caller out of the holding bridge, Asterisk still says that BridgeWait runs.
        """
        return channel.application == HOLDING and bool(channel.bridge) and channel.bridge not in self.talks

    def took(self, caller: Channel | None, offer: str) -> bool:
        """Whether this offer's leg took the caller last, and the caller is not held again."""
        return caller is not None and caller.variables.get(TAKEN_VARIABLE) == offer and not self.held(caller)

    def phone_lost(self, caller: Channel | None) -> bool:
        """Whether the last talk, with an agent's leg or a line, ended because the other phone was gone."""
        lost = caller and caller.variables.get(LOST_VARIABLE)
        return caller is not None and bool(lost) and (bool(caller.line) or lost == caller.variables.get(TAKEN_VARIABLE))

    def joined(self, caller: Channel) -> bool:
        """Whether a leg has taken the caller, who talks now, but not with a leg of this call."""
        talks = caller.bridge in self.talks and bool(caller.variables.get(TAKEN_VARIABLE))
        return talks and not any(each.offer and each.call == caller.call for each in self._others(caller))

    def _others(self, caller: Channel) -> list[Channel]:
        """The other channels in the caller's bridge, or in the one that a pair of channels joins to it."""
        return [each for each in self._members.get(caller.bridge, ()) if each is not caller]

    def phone_with(self, caller: Channel) -> str:
        """The phone with which an agent has joined the caller: an agent's id, or a number. Or it is a line's phone.

        "": the caller talks with a leg of this call, with a line outside, with the fallback, or not at all.
        """
        if caller.bridge not in self.talks or (caller.application == DIALLING and not caller.line):
            return ""
        match self._others(caller):
            case [other] if not (other.offer and other.call == caller.call):
                # Asterisk gives a number outside that an agent has consulted the caller's own number
                line = caller.application == DIALLING or JOINS in other.variables
                return phone_of(other.name) or ("" if line else other.number)
        return ""

    def transferred_by(self, caller: Channel | None) -> str:
        """The agent who has transferred this caller, who is held; "": nobody has, or the caller is not held, or is on
        hold in a talk: then the agent's leg is set aside.
        """
        agent = phone_of(caller.variables.get(TRANSFERER_VARIABLE, "")) if caller else ""
        if not (caller and agent and self.held(caller)):
            return ""
        aside = (each.call == caller.call and each.apart_from(caller) for each in self.channels.values())
        return "" if any(aside) else agent

    def callers(self) -> dict[str, Channel]:
        """The channels of callers, by the ids of their calls."""
        return {channel.call: channel for channel in self.channels.values() if channel.call and not channel.offer}

    def others(self) -> dict[str, str]:
        """Unique ids of channels that are no caller's and no agent's leg → the bridges that they are in. A leg that is
        with another caller than its own is none any more: an agent who had called a queue has joined the two.
        """
        callers = {channel.bridge: call for call, channel in self.callers().items() if channel.bridge}
        return {
            unique_id: channel.bridge
            for unique_id, channel in self.channels.items()
            if channel.bridge
            and (callers.get(channel.bridge, channel.call) != channel.call if channel.offer else not channel.call)
        }


def _channel(status: AmiMessage) -> Channel:
    pairs = (line.partition("=") for line in status.get_all("Variable"))
    return Channel(
        unique_id=status.get("Uniqueid"),
        name=status.get("Channel"),
        application=status.get("Application"),
        up=status.get("ChannelStateDesc") == "Up",
        bridge=status.get("BridgeID"),
        variables={name: value for name, _, value in pairs if value != "(null)"},  # Asterisk's word for "not set"
        number=plain_number(status.get("CallerIDNum")),
    )


def _talks(channels: Iterable[Channel]) -> frozenset[str]:
    """The bridges of talks. A pair of channels that joins two bridges is no member: both bridges are a talk if one is.
    Where a caller was transferred to a queue, neither is.
    """
    there = [channel for channel in channels if channel.bridge]
    talks = {each.bridge for each in there if each.application != HOLDING and not each.name.startswith(LINK)}
    for bridges in _joined(there):
        if bridges & talks:
            talks |= bridges
    return frozenset(talks)


def _members(channels: Iterable[Channel]) -> dict[str, list[Channel]]:
    """The channels in each bridge, or in the one that a pair of channels joins to it; the pair is left out."""
    there = [channel for channel in channels if channel.bridge]
    members: dict[str, list[Channel]] = {}
    for channel in there:
        if not channel.name.startswith(LINK):
            members.setdefault(channel.bridge, []).append(channel)
    for bridges in _joined(there):
        together = [each for bridge in bridges for each in members.get(bridge, ())]
        members |= dict.fromkeys(bridges, together)
    return members


def _joined(channels: Iterable[Channel]) -> Iterable[set[str]]:
    """The bridges that a pair of channels joins, of each pair."""
    pairs: dict[str, set[str]] = {}
    for channel in channels:
        if channel.name.startswith(LINK):
            pairs.setdefault(channel.name.rpartition(";")[0], set()).add(channel.bridge)
    return pairs.values()
