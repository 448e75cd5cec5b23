"""Agents who come back to a talk: their page in the browser was loaded anew, or got another network.

The engine knows nothing of these rings, as the talk goes on for it.
"""

import secrets
from collections.abc import Callable

from base.tasks import Tasks, Work
from calls.events import AgentBack, Connected, PhoneLost, RingOver
from calls.live.call import Call
from dialplan.phones import browser_of
from dialplan.telephony import Telephony

_RING = "back-"
"""How the names of such rings begin. The rest is by chance: Asterisk takes any channel whose id begins as asked for."""


class Returning:
    """`tasks` owns what is asked of Asterisk."""

    def __init__(self, telephony: Callable[[], Telephony], tasks: Tasks) -> None:
        self._telephony = telephony
        self._tasks = tasks
        self._awaited: dict[str, Call] = {}  # the last call that has waited for the agent

    def page_lost(self, call: Call, offer_id: str, page: str) -> None:
        """The page that talked with the caller is gone."""
        call.tell(PhoneLost(offer_id))
        if agent_id := call.machine.awaited:
            self._awaited[agent_id] = call
            there = self._telephony().phones.page(browser_of(agent_id))
            if there not in ("", page):  # the next page, or the same one over another connection, was quicker
                self._ring(call)

    def page_came(self, agent_id: str) -> None:
        """Another page is the agent's phone in the browser, or the same one after its connection broke."""
        call = self._awaited.get(agent_id)
        if call is not None and call.machine.awaited == agent_id:
            self._ring(call)
            return
        self._awaited.pop(agent_id, None)
        if self._telephony().phones.channels(agent_id):
            self._tasks.spawn(Work.PHONE_CHECK, self._telephony().liveness.check(agent_id))

    def _ring(self, call: Call) -> None:
        call.tell(AgentBack(f"{_RING}{secrets.token_hex(8)}"))

    # -- what becomes of the rings -------------------------------------------------------------------------------------

    def owns(self, offer_id: str) -> bool:
        return offer_id.startswith(_RING)

    def answered(self, call: Call | None, offer_id: str) -> None:
        """The page has answered. One that is awaited no more is hung up."""
        if call is None or not call.machine.awaits(offer_id):
            self._telephony().legs.cancel(offer_id)

    def failed(self, call: Call | None, offer_id: str) -> None:
        if call is not None:
            call.tell(RingOver(offer_id))

    def connected(self, call: Call | None, offer_id: str) -> None:
        """The leg has taken the caller."""
        if call is None or not call.machine.awaits(offer_id):
            self._telephony().legs.cancel(offer_id)
        else:
            call.tell(Connected(offer_id))
            self._telephony().note_talk(call.channel.name, offer_id)
