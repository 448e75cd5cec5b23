"""The life of one call, as a state machine without I/O: `step(event, now) -> commands`, `deadline()`.

It owns two things: the *state* of the call (`calls.states`, with the table of what leads where), and what is
known of the caller's *leg*, the channel in Asterisk. The shell performs the commands and reports what happens.

The state outlives an AGI session. A caller whose session broke keeps the place in a queue, the ring, the talk; the
machine goes on when the dialplan brings the caller to the next session. Only menus begin again, with an apology.
"""

from collections.abc import Iterable
from typing import assert_never

from acd.events import EndedBy
from acd.views import CallView, OfferView
from calls import commands as do
from calls import company, dialling, ending, holding, interruptions, queueing, session
from calls import events as ev
from calls import transferring as transfers
from calls.commands import Command
from calls.events import PlainEvent
from calls.leg import earlier
from calls.life import NOBODY, Life, Talker
from calls.model import Arrival, CallState, CallSummary, Outcome, Version
from calls.states import (
    Arriving,
    AtLine,
    Front,
    Going,
    Interrupted,
    Leaving,
    Offered,
    Settling,
    State,
    Talking,
    Transfer,
    Waiting,
)
from dialplan.news import News
from journal.actor import SYSTEM


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
        machine.company = company.found(machine)
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
        self._apply(event)
        company.tell(self)
        if not self.over:
            self.leg.watch_absence(now)
        commands, self.out = self.out, []
        return commands

    def _apply(self, event: ev.Event) -> None:
        match event:  # the most frequent first
            case PlainEvent():
                self._apply_plain(event)
            case News():
                self._apply_news(event)
            case ev.Said(text, interrupted):
                session.said(self, text, interrupted)
            case ev.Matched():
                queueing.matched(self, event)
            case ev.Connected() if self.hold is not None:
                holding.connected(self, event)
            case ev.Connected(offer) if isinstance(self.state, Interrupted):
                held = self.state.held
                interruptions.connected(self, offer)
                if held:
                    holding.hold_asked(self, SYSTEM)
            case ev.Connected():
                queueing.connected(self, event)
            case ev.LegEnded(offer):
                queueing.leg_ended(self, offer)
            case ev.KeyAwaited(key):
                session.key_awaited(self, key)
            case ev.KeyPressed():
                queueing.key_pressed(self, event)
            case ev.SessionBegan(channel):
                session.session_began(self, channel)
            case ev.SessionEnded(gone):
                session.session_ended(self, gone)
            case ev.AnnouncementDue(speech):
                queueing.announcement_due(self, speech)
            case ev.RingOver(offer) if isinstance(self.state, Interrupted):
                interruptions.ring_over(self, offer)
            case ev.RingOver(offer):
                queueing.ring_over(self, offer)
            case ev.PhoneLost(offer):
                interruptions.phone_lost(self, offer)
            case ev.AgentBack(ring):
                interruptions.agent_back(self, ring)
            case ev.CallerHungUp(blind, lost):
                if not (blind and ending.may_have_talked(self)):  # else Asterisk is asked first
                    ending.hung_up(self, lost=lost and not self.leg.stale_cause)
            case ev.TakenKnown(offer):
                queueing.taken_known(self, offer)
            case ev.DialEnded():
                dialling.dial_ended(self, event)
            case ev.DiallingKnown(mark):
                dialling.dialling_known(self, mark)
            case ev.HistoryKnown():
                session.history_known(self, event)
            case ev.CallerMissing():
                ending.missing(self, event)
            case ev.CallerElsewhere(taken):
                transfers.elsewhere(self, taken)
            case ev.Transferred():
                transfers.transferred(self, event)
            case ev.Completed():
                transfers.completed(self, event)
            case ev.TransferAsked():
                transfers.asked(self, event)
            case ev.HoldAsked(actor):
                holding.hold_asked(self, actor)
            case ev.BackAsked(actor):
                holding.back_asked(self, actor)
            case ev.ConsultAsked():
                holding.consult_asked(self, event)
            case ev.ConsultTold(offer, status):
                holding.consult_told(self, offer, status)
            case ev.QueueAnswered(agent):
                holding.queue_answered(self, agent)
            case ev.CompleteAsked():
                holding.complete_asked(self, event)
            case ev.JoinAsked():
                holding.join_asked(self, event)
            case ev.ThirdLeft(offer):
                holding.third_left(self, offer)
            case ev.LegFound(offer, doing):
                holding.leg_found(self, offer, doing)
            case ev.Joined(done):
                holding.joined(self, done=done)
            case ev.LegAside():
                holding.leg_aside(self, event)
            case ev.LinkChanged(up):
                self.leg.link = up
                if up:
                    holding.link_back(self)
            case ev.LedBack(done):
                self.leg.led = done
            case ev.QueueLeft(to, edition):
                queueing.queue_left(self, to, edition)
            case ev.TalkOver(offer, lost):
                if offer:
                    queueing.talked_unseen(self, offer, EndedBy.AGENT)
                elif isinstance(self.state, Talking) and lost:
                    queueing.phone_lost(self, self.state.offer, over=True)
                elif isinstance(self.state, Talking):
                    queueing.talk_over(self, EndedBy.AGENT)
                elif isinstance(self.state, AtLine):
                    queueing.line_over(self, lost=lost)
            case _:
                assert_never(event)

    def _apply_plain(self, event: PlainEvent) -> None:
        match event:
            case PlainEvent.SESSION_FREE:
                session.go_on(self)
            case PlainEvent.DONE:
                session.done(self)
            case PlainEvent.HOLD_ENDED:
                queueing.hold_ended(self)
            case PlainEvent.TICK:
                self._due()
            case PlainEvent.SESSION_FAILED:
                ending.finish(self, EndedBy.SYSTEM, outcome=Outcome.FAILED)
            case PlainEvent.ADOPTED:
                self.fetch_if_held()
            case _:
                assert_never(event)

    def _apply_news(self, news: News) -> None:
        match news:
            case News.BRIDGED:
                self.leg.joining = None
                self.leave_be()
            case News.LET_GO:
                self.leg.let_go(self.now)
                if not self.leg.session and self.leg.joining is None:
                    dialling.let_go(self)
            case News.HELD:
                self.held()
                holding.send(self)
            case News.ENDED:
                ending.channel_ended(self)
            case News.ANSWERED:
                dialling.answered(self)
            case News.LOST:
                dialling.lost(self)
            case News.FOUND:
                if self.leg.gone and not self.leg.session:
                    ending.hung_up(self)  # gone from the session though the channel lives: sent elsewhere
            case News.STRAY:
                self.leg.expect(self.now)
            case News.DIALLING:
                if not isinstance(self.state, AtLine) and not self.leg.session:
                    ending.hung_up(self)  # an agent transferred the caller while the service was away
            case News.FALLBACK:
                if not self.leg.session:
                    ending.hung_up(self)  # nothing tells of what comes now, also not of its end
            case _:
                assert_never(news)

    def _due(self) -> None:
        leg, state, now = self.leg, self.state, self.now
        if leg.unjoined(now):
            holding.joined(self, done=False)
        if leg.overdue(now):
            leg.led = True
            self.out.append(do.PlainCommand.LEAD_BACK)
        match state:
            case Settling(taken=taken, until=float(due)) if now >= due:
                queueing.talked_unseen(self, taken, EndedBy.AGENT)
            case Talking(until=float(due)) if now >= due:
                queueing.talk_over(self, EndedBy.AGENT)
            case Interrupted():
                interruptions.due(self, state)
        if leg.unexplained(now) and leg.link:
            ending.hung_up(self)
        elif leg.lost(now):
            why = ev.Missing.ASTERISK_AWAY
            if leg.gone:
                why = ev.Missing.ASTERISK_ENDED if leg.with_asterisk else ev.Missing.HUNG_UP
            ending.missing(self, ev.CallerMissing(why))


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
        return Leaving(talked=True)  # an older version has written this: with whom, the channel tells
    front = written.pop("front", None)
    onward = edition.destination(written) if written else None
    if onward is None:
        return Arriving()
    return Going(onward, dialled=True, front=None if front is None else Front(front))
