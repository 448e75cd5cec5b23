"""A listener of the telephony that keeps what it is told."""

from collections.abc import Collection

from acd.events import OfferFailure
from agents.states import PhoneState
from dialplan.news import Apart, News


class Heard:
    """`told`: the method's name and its arguments, in order."""

    def __init__(self) -> None:
        self.told: list[tuple[str, ...]] = []
        self.known = ("1001", "1002")

    def take(self) -> list[tuple[str, ...]]:
        """What was told since the last time."""
        told, self.told = self.told, []
        return told

    def key_begins(self, caller: str, key: str) -> None:
        self.told.append(("key_begins", caller, key))

    def key_pressed(self, caller: str, key: str) -> None:
        self.told.append(("key_pressed", caller, key))

    def caller_news(self, caller: str, news: News) -> None:
        if news is not News.BRIDGED:  # told with every bridge; tests look at what else is told of it
            self.told.append((f"caller_{news.name.lower()}", caller))

    def caller_hung_up(self, caller: str) -> None:
        self.told.append(("caller_hung_up", caller))

    def caller_joined(self, caller: str, phone: str) -> None:
        self.told.append(("caller_joined", caller, phone))

    def caller_put_through(self, caller: str, phone: str, *, answered: bool) -> None:
        self.told.append(("caller_put_through", caller, phone, "answered" if answered else "rings"))

    def caller_joined_nobody(self, caller: str, phone: str) -> None:
        self.told.append(("caller_joined_nobody", caller, phone))

    def caller_lost(self, caller: str) -> None:
        self.told.append(("caller_lost", caller))

    def caller_took_over(self, caller: str, taken: str, phone: str) -> None:
        self.told.append(("caller_took_over", caller, taken, phone))

    def offer_answered(self, offer_id: str) -> None:
        self.told.append(("offer_answered", offer_id))

    def offer_failed(self, offer_id: str, reason: OfferFailure) -> None:
        self.told.append(("offer_failed", offer_id, reason.value))

    def offer_connected(self, offer_id: str) -> None:
        self.told.append(("offer_connected", offer_id))

    def leg_dialled(self, offer_id: str, status: str) -> None:
        self.told.append(("leg_dialled", offer_id, status))

    def leg_found(self, offer_id: str, doing: Apart) -> None:
        self.told.append(("leg_found", offer_id, doing.name))

    def third_left(self, offer_id: str) -> None:
        self.told.append(("third_left", offer_id))

    def leg_hung_up(self, offer_id: str) -> None:
        self.told.append(("leg_hung_up", offer_id))

    def leg_lost(self, offer_id: str) -> None:
        self.told.append(("leg_lost", offer_id))

    def page_lost(self, offer_id: str, page: str) -> None:
        self.told.append(("page_lost", offer_id, page))

    def page_came(self, agent_id: str) -> None:
        self.told.append(("page_came", agent_id))

    def phone_changed(self, agent_id: str, phone: PhoneState) -> None:
        self.told.append(("phone_changed", agent_id, phone.value))

    def agents(self) -> Collection[str]:
        return self.known

    def caller_came(self, caller: str, channel: str, number: str) -> None:
        self.told.append(("caller_came", caller, channel, number))

    def channel_ended(self, channel: str, number: str) -> None:
        self.told.append(("channel_ended", channel, number))
