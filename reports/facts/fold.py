"""Facts for figures, from Records: a pure fold. Times are seconds since the epoch.

A fact is told once what it is about is over. Of what lasts, each quarter hour is told. What is open is in `Open`, which
is small and can be kept as JSON: a restart goes on with it. Test calls tell no facts, nor do calls in which an agent
asks a queue about a caller.
"""

from collections.abc import Callable, Mapping, Sequence

from journal.records import Kind, Record
from reports.facts import agents, callbacks, calls
from reports.facts.model import DAY, Call, Facts, Open, caller_of, counted, of_queue, text
from reports.sums import QUARTER, Dimension, Fact, Place

LATE = 60.0
"""Seconds after the end of a call in which the distributor tells how its entry or talk ended."""

LONGEST = DAY
"""Seconds after its beginning for which an unfinished call is waited for."""

LONGEST_PROMISE = 8 * DAY

POOR = 3.6
"""Of a leg with a lower MOS many people are not satisfied: ITU-T G.107, annex B."""


def callers(state: Open, told: Sequence[Record]) -> set[str]:
    """The numbers of those with whom an agent begins to talk in the Records that come next."""
    talking = {record.call for record in told if record.kind is Kind.CONNECTED}
    known = {call_id: call.caller for call_id in talking if (call := state.calls.get(call_id or "")) is not None}
    for record in told:
        if record.kind is Kind.CALL_STARTED and record.call in talking:
            known[record.call] = caller_of(record.data)
    return {number for number in known.values() if number}


def after(state: Open, record: Record) -> Facts:
    """The facts that follow from the Record; `state` is changed. A Record that makes no sense changes little."""
    if record.kind not in KINDS or record.test:
        return
    if record.at >= (state.quarter + 1) * QUARTER:
        yield from _turn(state, record.at)
    if told := _BY_KIND.get(record.kind):
        yield from told(state, record)
    elif (call := state.calls.get(record.call or "")) is not None:
        yield from _OF_CALL[record.kind](state, record, call)


def _turn(state: Open, at: float) -> Facts:
    """Another quarter hour has begun: what agents did in those before, and what is never going to end."""
    state.quarter = int(at // QUARTER)
    for agent, seat in state.seats.items():
        yield from agents.span(agent, seat, float(state.quarter * QUARTER))
    for call_id, call in list(state.calls.items()):
        if call.began < at - LONGEST or (call.ended is not None and call.ended < at - LATE):
            call.ended = call.ended or at
            yield from calls.left(call, call.ended, "left_otherwise")
            yield from calls.talked(call, call.ended)
            yield from calls.settle(state, call_id, call)
    for callback_id in [each for each, promise in state.promises.items() if promise.at < at - LONGEST_PROMISE]:
        promise = state.promises.pop(callback_id)
        yield from callbacks.callback_over(promise.queue, promise.at, "callbacks_otherwise")


def _survey_answered(state: Open, record: Record) -> Facts:
    key = str(record.data.get("key"))
    if record.data.get("question") == 1 and key.isdecimal():
        places = (*of_queue(record.queue), (Dimension.AGENT, record.agent or ""))
        yield Fact(record.at, places, {"surveys_begun": 1, "score": int(key)})


def _leg_measured(state: Open, record: Record) -> Facts:
    """Only the end of a leg is known, so it counts in the quarter hour in which it ended."""
    data = record.data
    network = ((Dimension.NETWORK, text(data["network"])),) if data.get("network") else ()
    places: tuple[Place, ...] = ((Dimension.HOTLINE, ""), (Dimension.PHONE, text(data["phone"])), *network)
    mos, trip = data.get("mos"), data.get("trip_ms")
    if mos is None:
        yield Fact(record.at, places, {"legs_silent": 1})
        return
    known = {} if trip is None else {"trips": 1, "trip_us": round(1000 * trip)}
    amounts = {
        "legs": 1,
        "legs_poor": int(mos < POOR),
        "mos_hundredths": round(100 * mos),
        "lost_hundredths": round(100 * data["lost"]),
        "jitter_us": round(1000 * data["jitter_ms"]),
    }
    yield Fact(record.at, places, amounts | known)


_BY_KIND: Mapping[Kind, Callable[[Open, Record], Facts]] = {
    Kind.CALL_STARTED: calls.call_started,
    Kind.LEFT_QUEUE: calls.entry_over,
    Kind.OVERFLOWED: calls.entry_over,
    Kind.MOVED: calls.entry_over,
    Kind.AGENT_STATE: agents.agent_state,
    Kind.CALLBACK_DIALLED: callbacks.callback_dialled,
    Kind.CALLBACK_ANSWERED: callbacks.callback_answered,
    Kind.MESSAGE_LEFT: counted("messages"),
    Kind.MESSAGE_DONE: counted("messages_done"),
    Kind.MESSAGE_REMOVED: counted("messages_removed"),
    Kind.SURVEY_OFFERED: counted("surveys_offered"),
    Kind.SURVEY_ANSWERED: _survey_answered,
    Kind.SURVEY_COMPLETE: counted("surveys_complete"),
    Kind.SURVEY_NOT_ASKED: counted("surveys_not_asked"),
    Kind.CALL_OUT_DIALLED: counted("calls_out"),
    Kind.CALL_OUT_ANSWERED: agents.call_out_answered,
    Kind.CALL_OUT_ENDED: agents.call_out_ended,
    Kind.LEG_MEASURED: _leg_measured,
}

_OF_CALL: Mapping[Kind, Callable[[Open, Record, Call], Facts]] = {
    Kind.CALL_FINISHED: calls.call_finished,
    Kind.LANGUAGE_CHOSEN: calls.language_chosen,
    Kind.LEARNED: calls.learned,
    Kind.SCOPE_TOLD: calls.scope_told,
    Kind.QUEUED: calls.queued,
    Kind.ANNOUNCED: calls.announced,
    Kind.CONNECTED: calls.connected,
    Kind.TALK_ENDED: calls.talk_ended,
    Kind.TRANSFER_ENDED: calls.talk_ended,
    Kind.HELD: calls.held,
    Kind.UNHELD: calls.unheld,
    Kind.OFFERED: calls.offered,
    Kind.OFFER_FAILED: calls.offer_over,
    Kind.OFFER_CANCELLED: calls.offer_over,
    Kind.CONSULT_ASKED: calls.consult_asked,
    Kind.TRANSFERRED: calls.transferred,
    Kind.TRANSFER_ANSWERED: calls.transfer_answered,
    Kind.TRANSFER_FAILED: calls.transfer_failed,
    Kind.SUB_HOTLINE_DIALLED: calls.line_dialled,
    Kind.SUB_HOTLINE_ANSWERED: calls.line_answered,
    Kind.SUB_HOTLINE_FAILED: calls.line_failed,
    Kind.SUB_HOTLINE_ENDED: calls.line_ended,
    Kind.MENU_ENTERED: calls.menu_entered,
    Kind.NO_INPUT: calls.no_input,
    Kind.INVALID_KEY: calls.invalid_key,
    Kind.MESSAGE_BEGUN: calls.message_begun,
    Kind.KEY_PRESSED: calls.key_pressed,
    Kind.CALLBACK_PROMISED: callbacks.callback_promised,
}
"""Nothing follows where the call is not known: it is a test, began before anything was counted, or is over."""

KINDS = frozenset(_BY_KIND) | frozenset(_OF_CALL)
"""The kinds that tell facts; all others can be left out."""
