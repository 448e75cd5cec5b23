"""The whole life of a call as a table: what an event does in each state, and where it may lead. Pure.

The machine looks up every event here and does nothing else, so what has no row in a state means nothing there.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from calls import arranging, dialling, ending, holding, interruptions, leaving_message, queueing, session
from calls import events as ev
from calls import transferring as transfers
from calls.events import PlainEvent
from calls.states import (
    Arriving,
    AtLine,
    AtMessage,
    Entering,
    Going,
    Gone,
    InMenu,
    Interrupted,
    Leaving,
    Offered,
    Over,
    PuttingThrough,
    Settling,
    State,
    Talking,
    Waiting,
)
from dialplan.news import News


class Row(NamedTuple):
    """`do`: gets the life of the call, its state and the event. `to`: where that may lead; a state may always change
    within itself.
    """

    do: Callable[[Any, Any, Any], object]
    to: frozenset[type[State]]


Cause = PlainEvent | News | type[Any]
"""An event by its kind."""

Rows = dict[Cause, Row]


def _on(do: Callable[[Any, Any, Any], object], *to: type[State]) -> Row:
    return Row(do, frozenset(to))


_EVERYWHERE: Rows = {
    # the session, and the caller's channel
    PlainEvent.SESSION_FREE: _on(session.free),
    PlainEvent.HOLD_ENDED: _on(queueing.out_of_hold),
    PlainEvent.ADOPTED: _on(session.adopted),
    PlainEvent.SESSION_FAILED: _on(ending.failed, Over),
    ev.SessionBegan: _on(session.began),
    ev.SessionEnded: _on(session.ended, Gone),
    ev.Said: _on(session.said),
    News.BRIDGED: _on(session.bridged),
    News.HELD: _on(holding.held),
    News.LET_GO: _on(session.let_go),
    News.ENDED: _on(ending.channel_ended, Gone, Over),
    News.FOUND: _on(ending.found, Over),
    News.STRAY: _on(session.stray),
    News.DIALLING: _on(ending.unserved, Over),
    News.FALLBACK: _on(ending.unserved, Over),
    ev.CallerHungUp: _on(ending.caller_hung_up, Over),
    ev.CallerMissing: _on(ending.missing, Over),
    ev.CallerElsewhere: _on(ending.elsewhere, Over),
    ev.Transferred: _on(ending.elsewhere, Over),  # nobody could transfer this caller: another call begins
    ev.LedBack: _on(session.led_back),
    ev.LinkChanged: _on(holding.link_changed),
    # the distributor, and the agents' legs
    ev.Matched: _on(queueing.not_matched),
    ev.AnnouncementDue: _on(queueing.not_announced),
    ev.Connected: _on(queueing.takes),
    ev.Joined: _on(holding.joined),
    ev.LegAside: _on(holding.unwanted_leg),
    ev.TalkOver: _on(queueing.found_over),
}

_QUEUED: Rows = {
    **_EVERYWHERE,
    ev.Matched: _on(queueing.matched, Offered),
    ev.QueueLeft: _on(queueing.queue_left, Going),
    ev.KeyPressed: _on(queueing.key_pressed, Going),
    ev.Transferred: _on(transfers.transferred_unseen, PuttingThrough, Going, Over),
    ev.TalkOver: _on(queueing.found_over, Leaving),
}

_HOLDING: Rows = {
    ev.Connected: _on(holding.connected),
    ev.TransferAsked: _on(transfers.asked, PuttingThrough, Going),
    ev.HoldAsked: _on(holding.hold_asked),
    ev.PauseAsked: _on(queueing.pause_asked),
    ev.BackAsked: _on(holding.back_asked),
    ev.ConsultAsked: _on(holding.consult_asked),
    ev.ConsultDialled: _on(holding.consult_dialled),
    ev.QueueAnswered: _on(holding.queue_answered),
    ev.JoinAsked: _on(holding.join_asked),
    ev.CompleteAsked: _on(holding.complete_asked, AtLine),
    ev.ThirdLeft: _on(holding.third_left),
    ev.LegFound: _on(holding.leg_found),
    ev.LegAside: _on(holding.leg_aside),
    ev.LinkChanged: _on(holding.talk_link_changed),
}

_TALKED: Rows = {
    ev.Transferred: _on(transfers.transferred, PuttingThrough, Going, Over),
    ev.Completed: _on(transfers.completed, Going, AtLine),
    ev.CompletedToCall: _on(transfers.completed_to_call, Going),
    ev.PutThrough: _on(transfers.put_through, Going, AtLine),
    ev.PutThroughFound: _on(transfers.put_through_found, Going, AtLine),
}

TRANSITIONS: Mapping[type[State], Rows] = {
    Arriving: {
        **_EVERYWHERE,
        PlainEvent.DONE: _on(
            session.arrival_done, Going, InMenu, Entering, Waiting, PuttingThrough, AtMessage, Leaving
        ),
        ev.Said: _on(session.arrival_said, Going, InMenu, Entering, PuttingThrough, AtMessage, Leaving),
        ev.HistoryKnown: _on(session.history_known),
        ev.DiallingKnown: _on(dialling.dialling_known, AtLine),
        ev.SessionBegan: _on(session.arrival_began),
        ev.Connected: _on(queueing.found_talking, Talking),
    },
    InMenu: {
        **_EVERYWHERE,
        ev.Said: _on(session.menu_said, Entering, PuttingThrough, AtMessage, Leaving),
        ev.KeyAwaited: _on(session.key_awaited, Entering, PuttingThrough, AtMessage, Leaving),
        ev.SessionEnded: _on(session.ended, Arriving, Going, Gone),
    },
    Going: {
        **_EVERYWHERE,
        PlainEvent.SESSION_FREE: _on(session.free, InMenu, Entering, PuttingThrough, AtMessage, Leaving),
        PlainEvent.DONE: _on(session.cleared),
        ev.Said: _on(session.apology_said),
        ev.Transferred: _on(transfers.transferred_again, Over),
        ev.Connected: _on(queueing.found_talking, Talking),
    },
    Entering: {
        **_EVERYWHERE,
        ev.Said: _on(session.recording_told),
        ev.PromiseKnown: _on(arranging.found),
        ev.KeyAwaited: _on(arranging.decided, Going),
        PlainEvent.DONE: _on(session.queue_marked, Waiting),
        ev.SessionEnded: _on(session.ended, Going, Gone),
    },
    Waiting: {
        **_QUEUED,
        ev.KeyAwaited: _on(arranging.key_awaited),
        ev.PromiseKnown: _on(arranging.promise_known, Going),
        ev.AnnouncementDue: _on(queueing.announcement_due),
        ev.Connected: _on(queueing.connected, Talking),
        ev.CallerElsewhere: _on(transfers.elsewhere, Over),
    },
    Offered: {
        **_QUEUED,
        PlainEvent.SESSION_FREE: _on(session.free, InMenu, Entering, PuttingThrough, AtMessage, Leaving),  # the wish
        PlainEvent.HOLD_ENDED: _on(queueing.out_of_queue, Settling),
        ev.SessionBegan: _on(session.back_from_queue, Settling),
        ev.RingOver: _on(queueing.ring_over, Waiting, Going),
        ev.Connected: _on(queueing.connected, Talking),
        ev.CallerElsewhere: _on(transfers.elsewhere_unseen, Over),
    },
    Settling: {
        **_QUEUED,
        PlainEvent.TICK: _on(queueing.settling_due, Leaving),
        ev.SessionEnded: _on(session.ended, Waiting, Offered),
        ev.TakenKnown: _on(queueing.taken_known, Waiting, Offered, Going, Leaving),
        ev.RingOver: _on(queueing.ring_over, Leaving),
        ev.Connected: _on(queueing.settled, Talking),
        ev.CallerElsewhere: _on(transfers.elsewhere_unseen, Over),
    },
    Talking: {
        **_EVERYWHERE,
        **_HOLDING,
        **_TALKED,
        PlainEvent.HOLD_ENDED: _on(queueing.out_of_talk, Leaving),
        PlainEvent.TICK: _on(queueing.talk_due, Leaving),
        ev.SessionBegan: _on(session.back_from_talk, Leaving),
        ev.KeyPressed: _on(queueing.talk_key),
        ev.RecordAsked: _on(queueing.record_asked),
        ev.LegEnded: _on(queueing.leg_ended, Leaving),
        ev.PhoneLost: _on(interruptions.phone_lost, Interrupted, Going),
        ev.TalkOver: _on(queueing.found_talk_over, Leaving, Going),
        ev.CallerElsewhere: _on(transfers.elsewhere, Over),
    },
    Interrupted: {
        **_EVERYWHERE,
        **_TALKED,
        PlainEvent.TICK: _on(interruptions.due, Going),
        ev.KeyPressed: _on(queueing.talk_key),
        ev.AgentBack: _on(interruptions.agent_back),
        ev.RingOver: _on(interruptions.ring_over),
        ev.Connected: _on(holding.talk_resumed, Talking),
        ev.CallerElsewhere: _on(transfers.elsewhere, Over),
    },
    PuttingThrough: {
        **_EVERYWHERE,
        PlainEvent.DONE: _on(dialling.dialled, AtLine),
        ev.Said: _on(session.line_said),
        ev.SessionEnded: _on(session.ended, Going, Gone),
        ev.Transferred: _on(transfers.transferred_again, Over),
    },
    AtLine: {
        **_EVERYWHERE,
        **_HOLDING,
        **_TALKED,
        PlainEvent.SESSION_FREE: _on(session.free, Going, Leaving),
        PlainEvent.HOLD_ENDED: _on(queueing.out_of_line, Going, Leaving),
        ev.SessionBegan: _on(session.back_from_line, Leaving),
        ev.DialEnded: _on(dialling.dial_ended, PuttingThrough, Going, Leaving),
        News.ANSWERED: _on(dialling.answered),
        News.LOST: _on(dialling.lost, Going),
        News.LET_GO: _on(dialling.let_go, Leaving),
        News.DIALLING: _on(session.nothing),
        News.MET: _on(dialling.lead),
        ev.Joined: _on(holding.joined, Going),
        ev.LegEnded: _on(queueing.line_leg_ended, Leaving),
        ev.PhoneLost: _on(queueing.line_phone_lost, Going),
        ev.TalkOver: _on(queueing.found_line_over, Going, Leaving),
        ev.CallerElsewhere: _on(transfers.elsewhere_from_line, Over),
    },
    AtMessage: {
        **_EVERYWHERE,
        PlainEvent.DONE: _on(leaving_message.heard_again),
        ev.RoomKnown: _on(leaving_message.room_known, Leaving),
        ev.Said: _on(leaving_message.said, Leaving),
        ev.Recorded: _on(leaving_message.recorded, Leaving),
        ev.KeyAwaited: _on(leaving_message.key_awaited),
        ev.SessionEnded: _on(session.ended, Going, Gone),
    },
    Leaving: {
        **_EVERYWHERE,
        **_TALKED,
        PlainEvent.DONE: _on(session.leaving_done, Over),
        ev.LastSurvey: _on(session.survey_decided),
        ev.KeyAwaited: _on(session.survey_key, AtMessage),
        ev.Said: _on(session.goodbye_said),
        ev.SessionEnded: _on(session.ended, Gone, Over),
        ev.DiallingKnown: _on(dialling.found_talking, AtLine),
        ev.Connected: _on(queueing.found_talking, Talking),
    },
    Gone: _EVERYWHERE,
    Over: {},
}
"""What happens in each state.

Arriving → Talking, Going → Talking and Leaving → Talking or AtLine: only after a restart, when Asterisk says more than
the journal did.
"""
