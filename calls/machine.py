"""The life of one call, as a state machine without I/O: `step(event, now) -> commands`, `deadline()`.

It owns two things: the *state* of the call (`calls.states`), and what is known of the caller's *leg*, the channel in
Asterisk. What an event does in a state, and where that leads, is looked up in `calls.transitions`. The shell performs
the commands and reports what happens.

The state outlives an AGI session. A caller whose session broke keeps the place in a queue, the ring, the talk; the
machine goes on when the dialplan brings the caller to the next session. Only menus begin again, with an apology.
"""

from collections.abc import Iterable
from enum import Enum

from acd.events import EndedBy
from acd.views import CallView, OfferView
from calls import effects as do
from calls import ending, holding, interruptions, session
from calls import events as ev
from calls.effects import Command
from calls.events import PlainEvent
from calls.leg import earlier
from calls.life import NOBODY, Life, Talker
from calls.model import Arrival, CallState, CallSummary, Version
from calls.states import (
    Arriving,
    AtLine,
    Front,
    Going,
    IllegalTransition,
    Interrupted,
    Leaving,
    Offered,
    Settling,
    State,
    Talking,
    Transfer,
    Waiting,
)
from calls.transitions import TRANSITIONS


class CallMachine(Life):
    """The life of one call, from its arrival to its end."""

    @classmethod
    def restored(
        cls,
        arrival: Arrival,
        edition: Version,
        state: State,
        now: float,
        *,
        since: float | None = None,
        talker: Talker = NOBODY,
    ) -> "CallMachine":
        """A call from before a restart, whose caller is still to be found; Asterisk cannot be asked yet.

        `since`: when the caller began to wait for an agent, `talker`: with whom the caller talked, as in `Life`.
        """
        machine = cls(arrival, edition, link_up=False)
        machine.state, machine.begun, machine.now, machine.since = state, True, now, since
        if isinstance(state, Leaving):
            machine.ended_by, machine.talker = EndedBy.AGENT, talker
        machine.company = machine.company_now()
        machine.leg.watch_absence(now)
        return machine

    def deadline(self) -> float | None:
        """When to step with Tick if nothing happens before, in epoch seconds; None: no need."""
        match self.state:
            case Settling(until=until) | Talking(until=until):
                return earlier(until, self.leg.deadline())
            case Interrupted() as state:
                return earlier(interruptions.deadline(state), self.leg.deadline())
        return self.leg.deadline()

    def step(self, event: ev.Event, now: float) -> list[Command]:
        """What is to be done because of `event`, in order. `now`: seconds since the epoch.

        An event that comes too late, or means nothing where the call is, changes nothing.
        """
        if self.over:
            return [do.PlainCommand.CLOSE_SESSION] if isinstance(event, ev.SessionBegan) else []
        self.now = now
        if event is PlainEvent.TICK:
            session.due(self)
        self._change(event)
        if event is PlainEvent.TICK and not self.over:
            ending.due(self)
        self.tell_company()
        if not self.over:
            self.leg.watch_absence(now)
        commands, self.out = self.out, []
        return commands

    def _change(self, event: ev.Event) -> None:
        here = self.state
        cause = event if isinstance(event, Enum) else type(event)
        row = TRANSITIONS[type(here)].get(cause)
        if row is None:
            return
        row.do(self, here, event)
        there = type(self.state)
        if there is not type(here) and there not in row.to:
            name = cause.name if isinstance(cause, Enum) else cause.__name__
            raise IllegalTransition(f"from {here} to {self.state} by {name}")


def state_of(summary: CallSummary, edition: Version, view: CallView | None, offers: Iterable[OfferView]) -> State:
    """The state of a call from before a restart. Of the engine: `view`, its place in a queue; `offers`, all rings."""
    if view is not None and view.agent is not None:
        return Talking(view.queue, "", view.agent, hold=holding.hold_of(summary), third=holding.third_of(summary))
    if view is not None:
        rings = frozenset(offer.id for offer in offers if offer.call_id == summary.id)
        return Offered(view.queue, rings) if rings else Waiting(view.queue)
    talks = summary.state is CallState.TALKING
    if summary.state is CallState.SURVEY:
        return Leaving(talked=True, dialled=True)
    written = dict(summary.onward or {})
    hold, third = holding.hold_of(summary), holding.third_of(summary)
    if phone := written.get("agent") or written.get("number"):
        transfer = Transfer(phone, written.get("by", ""), written.get("queue", ""))
        return AtLine(transfer, answered=True, hold=hold, third=third) if talks else AtLine(transfer, known=False)
    if talks and (sub_hotline := written.get("sub_hotline")):
        return AtLine(sub_hotline, answered=True, hold=hold, third=third)
    if talks:
        return Leaving(talked=True)  # an older version has written this: with whom, the channel says
    front, apology = written.pop("front", None), written.pop("apology", "")
    onward = edition.destination(written) if written else None
    if onward is None:
        return Arriving()
    return Going(onward, dialled=True, apology=apology, front=None if front is None else Front(front))
