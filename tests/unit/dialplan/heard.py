"""A listener of the telephony that keeps what it is told."""

from acd.events import OfferFailure
from agents.states import PhoneState


class Heard:
    """`told`: the method's name and its arguments, in order."""

    def __init__(self) -> None:
        self.told: list[tuple[str, ...]] = []

    def take(self) -> list[tuple[str, ...]]:
        """What was told since the last time."""
        told, self.told = self.told, []
        return told

    def caller_ended(self, caller: str) -> None:
        self.told.append(("caller_ended", caller))

    def key_pressed(self, caller: str, key: str) -> None:
        self.told.append(("key_pressed", caller, key))

    def caller_held(self, caller: str) -> None:
        self.told.append(("caller_held", caller))

    def caller_let_go(self, caller: str) -> None:
        self.told.append(("caller_let_go", caller))

    def caller_hung_up(self, caller: str) -> None:
        self.told.append(("caller_hung_up", caller))

    def caller_handed_over(self, caller: str, place: str) -> None:
        self.told.append(("caller_handed_over", caller, place))

    def caller_taken(self, caller: str) -> None:
        """Told with every bridge; tests look at what else is told of it."""

    def sub_hotline_answered(self, caller: str) -> None:
        self.told.append(("sub_hotline_answered", caller))

    def offer_answered(self, offer_id: str) -> None:
        self.told.append(("offer_answered", offer_id))

    def offer_failed(self, offer_id: str, reason: OfferFailure) -> None:
        self.told.append(("offer_failed", offer_id, reason.value))

    def offer_connected(self, offer_id: str) -> None:
        self.told.append(("offer_connected", offer_id))

    def leg_hung_up(self, offer_id: str) -> None:
        self.told.append(("leg_hung_up", offer_id))

    def phone_changed(self, agent_id: str, phone: PhoneState) -> None:
        self.told.append(("phone_changed", agent_id, phone.value))

    def channel_gone(self, channel: str) -> None:
        self.told.append(("channel_gone", channel))
