"""Facts of citizens' calls: entries into queues, talks, transfers, sub-hotlines, menus. Each function of a kind of
Records gets the call that the Record is about.
"""

from collections.abc import Mapping

from acd.last_hour import EntryOutcome, entry_end
from acd.model import ServiceLevel
from ivr.model import DISTRICT
from journal.records import Kind, Record
from reports.facts.agents import queue_of
from reports.facts.callbacks import OF_CALLBACKS, callback_over
from reports.facts.model import (
    Call,
    Contact,
    Entry,
    Facts,
    Open,
    Talk,
    caller_of,
    ms,
    of_agent,
    of_call,
    of_queue,
    text,
)
from reports.sums import Dimension, Fact

SHORT_ABANDON = 5.0
"""Seconds: who gives up within them has hardly waited. As on the wall."""

_IN_TIME = ServiceLevel().within
"""Seconds: for callers who gave up, where a Record of an earlier version does not say whether that was in time."""


def call_started(state: Open, record: Record) -> Facts:
    data, call_id = record.data, record.call or ""
    if data.get("about"):
        return ()
    call = state.calls.get(call_id)
    if call is not None:  # its session had broken, and the call goes on
        call.ended = None
        return ()
    known = data.get("known")
    district = known.get(DISTRICT, "") if isinstance(known, Mapping) else ""
    number, language, version = (text(data.get(name)) for name in ("number", "language", "version"))
    call = state.calls[call_id] = Call(record.at, number, language, version)
    call.district, call.ours = text(district), "to" in data
    call.caller = caller_of(data)
    return ()


def call_finished(state: Open, record: Record, call: Call) -> Facts:
    call.ended = record.at
    if call.menu is not None and record.data.get("by") == "caller":
        menu, since = call.menu
        yield Fact(since, ((Dimension.MENU, menu),), {"calls": 1})
    if call.entry is not None and call.entry.promised:
        yield from left(call, record.at, "promised")
    yield from _line_over(call, record.at)
    yield from settle(state, record.call or "", call)


def settle(state: Open, call_id: str, call: Call) -> Facts:
    """The call is over, if its entry and its talk are."""
    if call.ended is None or call.entry is not None or call.talk is not None:
        return
    del state.calls[call_id]
    yield from _transfer_became(call, "left")
    if call.ours:
        return
    amounts = {
        "calls": 1,
        "calls_reached": call.reached,
        "calls_answered": call.answered,
        "calls_direct": call.answered and call.direct,
        "calls_queued": call.queued,
        "calls_elsewhere": call.elsewhere,
    }
    yield Fact(call.began, of_call(call), {name: int(amount) for name, amount in amounts.items() if amount})


def language_chosen(state: Open, record: Record, call: Call) -> Facts:
    call.language = text(record.data.get("language"))
    return ()


def learned(state: Open, record: Record, call: Call) -> Facts:
    if record.data.get("name") == DISTRICT:
        call.district = text(record.data.get("value"))
    return ()


def scope_told(state: Open, record: Record, call: Call) -> Facts:
    call.elsewhere = True
    yield Fact(record.at, ((Dimension.SCOPE, text(record.data.get("scope"))),), {"calls_elsewhere": 1})


def queued(state: Open, record: Record, call: Call) -> Facts:
    if record.queue is not None:
        yield from left(call, record.at, "left_otherwise")
        call.entry, call.queued, call.menu = Entry(record.queue, record.at), True, None


def announced(state: Open, record: Record, call: Call) -> Facts:
    wait = record.data.get("wait_s")
    if call.entry is not None and call.entry.estimate is None and wait is not None:
        call.entry.estimate, call.entry.estimated = float(wait), record.at
    return ()


def entry_over(state: Open, record: Record) -> Facts:
    """The caller leaves the queue, and is not connected; or a callback is over."""
    outcome = entry_end(record)
    if outcome is None:
        return
    promise = state.promises.pop(record.call or "", None)
    if promise is not None:
        how = OF_CALLBACKS.get(str(record.data.get("why")), "callbacks_otherwise")
        yield from callback_over(promise.queue, promise.at, how)
        return
    call = state.calls.get(record.call or "")
    if call is None:
        return
    if outcome is EntryOutcome.ABANDONED:
        in_time = record.data.get("in_service_level")
        yield from left(call, record.at, "abandoned", _waited(record), in_time)
    else:
        yield from left(call, record.at, _OUTCOMES.get(outcome, "left_otherwise"))
    yield from settle(state, record.call or "", call)


_OUTCOMES = {EntryOutcome.OVERFLOWED: "overflowed"}


def left(call: Call, at: float, how: str, waited: float | None = None, in_time: object = None) -> Facts:
    """The entry, if there is one, is over without an answer. `waited`: seconds, as the Record says."""
    entry, call.entry = call.entry, None
    if entry is None:
        return
    waited = at - entry.since if waited is None else waited
    if entry.callback:
        yield from callback_over(entry.queue, entry.since, "callbacks_otherwise")
        return
    if how == "abandoned":
        amounts = {
            "entries": 1,
            "abandoned": 1,
            "abandoned_in_time": int(waited <= _IN_TIME if in_time is None else bool(in_time)),
            "abandoned_short": int(waited <= SHORT_ABANDON),
            "abandoned_wait_ms": ms(waited),
            "longest_wait_ms": ms(waited),
        }
    else:
        amounts = {"entries": 1, how: 1, "longest_wait_ms": ms(waited)}
    yield Fact(entry.since, of_call(call, (Dimension.QUEUE, entry.queue)), amounts)


def connected(state: Open, record: Record, call: Call) -> Facts:
    agent, queue = record.agent or "", record.queue or ""
    entry, call.entry = call.entry, None
    if entry is not None and entry.callback:
        yield from callback_over(entry.queue, entry.since, "callbacks_connected")
    elif entry is not None:
        wait = ms(_waited(record))
        amounts = {"entries": 1, "answered": 1, "wait_ms": wait, "longest_wait_ms": wait}
        amounts["answered_in_time"] = int(bool(record.data.get("in_service_level")))
        if entry.estimate is not None:
            bias = ms(entry.estimated + entry.estimate - record.at)
            amounts |= {"estimates": 1, "estimate_error_ms": abs(bias), "estimate_bias_ms": bias}
        yield Fact(entry.since, of_call(call, (Dimension.QUEUE, entry.queue)), amounts)
    rang = call.rings.pop(record.offer or "", None)
    yield from _transfer_became(call, "answered")
    if call.answered:
        call.direct = False
    call.answered = True
    yield from _contact(state, call, queue, record.at)
    ring = 0 if rang is None else ms(record.at - rang)
    if rang is not None:
        yield Fact(rang, of_agent(agent, queue), {"offers": 1})
    yield from _talks(state, call, agent, queue, record.at, ring)


def _contact(state: Open, call: Call, queue: str, at: float) -> Facts:
    """This caller talks in this queue; in this call for the first time, else nothing counts."""
    who = Contact(queue, call.caller)
    before = state.contacts.get(who)
    if call.caller and not (before is not None and before >= call.began):
        again = before is not None and before >= at - state.within
        yield Fact(at, of_queue(queue), {"contacts": 1, "repeats": int(again)})
        state.contacts[who] = at


def _waited(record: Record) -> float:
    waited = record.data.get("waited_s")
    return float(waited) if isinstance(waited, int | float) else 0.0


def _talks(state: Open, call: Call, agent: str, queue: str, at: float, ring: int = 0) -> Facts:
    """An agent talks with the caller from now on."""
    yield from talked(call, at)
    call.reached, call.talk = True, Talk(agent, queue, at)
    if (seat := state.seats.get(agent)) is not None:
        seat.talk = at, queue
    yield Fact(at, of_agent(agent, queue), {"interactions": 1, "ring_ms": ring})


def talked(call: Call, at: float) -> Facts:
    """The talk, if there is one, is over."""
    talk, call.talk = call.talk, None
    if talk is None:
        return
    held = talk.held + (0.0 if talk.held_since is None else at - talk.held_since)
    spoken = max(0.0, at - talk.since - held)
    yield Fact(talk.since, of_agent(talk.agent, talk.queue), {"talk_ms": ms(spoken), "hold_ms": ms(held)})


def talk_ended(state: Open, record: Record, call: Call) -> Facts:
    yield from talked(call, record.at)
    yield from settle(state, record.call or "", call)


def held(state: Open, record: Record, call: Call) -> Facts:
    if call.talk is not None and call.talk.held_since is None:
        call.talk.held_since = record.at
    return ()


def unheld(state: Open, record: Record, call: Call) -> Facts:
    if call.talk is not None and call.talk.held_since is not None:
        call.talk.held += record.at - call.talk.held_since
        call.talk.held_since = None
    return ()


def offered(state: Open, record: Record, call: Call) -> Facts:
    call.rings[record.offer or ""] = record.at
    return ()


def offer_over(state: Open, record: Record, call: Call) -> Facts:
    rang = call.rings.pop(record.offer or "", None)
    if rang is None:
        return
    why = record.data.get("reason") if record.kind is Kind.OFFER_FAILED else None
    name = "offers_cancelled" if why is None else f"missed_{str(why).replace('-', '_')}"
    yield Fact(rang, of_agent(record.agent or "", record.queue or ""), {"offers": 1, name: 1})


def consult_asked(state: Open, record: Record, call: Call) -> Facts:
    call.direct = False
    return ()


def transferred(state: Open, record: Record, call: Call) -> Facts:
    yield from _transfer_became(call, "left")
    call.direct = False
    agent = record.agent or ""
    queue = call.talk.queue if call.talk is not None else queue_of(state, agent)
    call.transfer = record.at, agent, queue, _destination(record.data.get("to"))
    how = "transfers_consult" if record.data.get("how") == "consult" else "transfers_blind"
    yield Fact(record.at, (*of_agent(agent, queue), (Dimension.DESTINATION, call.transfer[3])), {how: 1})


def _destination(to: object) -> str:
    """As `queue:greening`. Of a phone its kind only: a number may be a citizen's."""
    if not isinstance(to, Mapping) or not to:
        return ""
    kind = next(iter(to))
    return str(kind) if kind in ("agent", "number") else text(f"{kind}:{to[kind]}")


def _transfer_became(call: Call, how: str) -> Facts:
    transfer, call.transfer = call.transfer, None
    if transfer is not None:
        at, agent, queue, destination = transfer
        yield Fact(at, (*of_agent(agent, queue), (Dimension.DESTINATION, destination)), {f"transfers_{how}": 1})


def transfer_answered(state: Open, record: Record, call: Call) -> Facts:
    to = record.data.get("to")
    if not isinstance(to, Mapping):
        return
    queue = "" if call.transfer is None else call.transfer[2]
    yield from _transfer_became(call, "answered")
    call.reached = True
    if to.get("agent"):
        yield from _talks(state, call, str(to["agent"]), queue, record.at)
    else:
        yield from talked(call, record.at)


def transfer_failed(state: Open, record: Record, call: Call) -> Facts:
    yield from talked(call, record.at)  # a talk: the phone was gone
    yield from _transfer_became(call, "failed")


def line_dialled(state: Open, record: Record, call: Call) -> Facts:
    yield from _line_over(call, record.at)
    call.line, call.menu = (text(record.data.get("sub_hotline")), record.at, False), None


def line_answered(state: Open, record: Record, call: Call) -> Facts:
    line = text(record.data.get("sub_hotline"))
    yield from _transfer_became(call, "answered")
    yield from talked(call, record.at)
    call.reached, call.direct, call.line = True, False, (line, record.at, True)
    yield Fact(record.at, of_call(call, (Dimension.SUB_HOTLINE, line)), {"lines": 1, "lines_answered": 1})


def line_failed(state: Open, record: Record, call: Call) -> Facts:
    yield from _transfer_became(call, "failed")
    yield from _line_over(call, record.at)


def line_ended(state: Open, record: Record, call: Call) -> Facts:
    yield from _line_over(call, record.at)


def _line_over(call: Call, at: float) -> Facts:
    """The sub-hotline rings or talks no more."""
    line, call.line = call.line, None
    if line is not None:
        name, since, answered = line
        amounts = {"line_talk_ms": ms(at - since)} if answered else {"lines": 1, "lines_failed": 1}
        yield Fact(since, of_call(call, (Dimension.SUB_HOTLINE, name)), amounts)


def menu_entered(state: Open, record: Record, call: Call) -> Facts:
    if menu := record.data.get("menu"):
        call.menu = text(menu), record.at
        yield Fact(record.at, ((Dimension.MENU, call.menu[0]),), {"menu_entries": 1})


def no_input(state: Open, record: Record, call: Call) -> Facts:
    return _in_menu(record, "no_input")


def invalid_key(state: Open, record: Record, call: Call) -> Facts:
    call.menu = None
    return _in_menu(record, "invalid_keys")


def _in_menu(record: Record, measure: str) -> Facts:
    if menu := record.data.get("menu"):
        yield Fact(record.at, ((Dimension.MENU, text(menu)),), {measure: 1})


def message_begun(state: Open, record: Record, call: Call) -> Facts:
    """Silence in a menu may lead to a message: the caller did what the tree led to."""
    call.menu = None
    return ()


def key_pressed(state: Open, record: Record, call: Call) -> Facts:
    call.menu, menu = None, record.data.get("menu")
    if menu and not record.data.get("input"):
        key = text(f"{menu}/{record.data.get('key', '')}")
        yield Fact(record.at, ((Dimension.MENU, text(menu)), (Dimension.KEY, key)), {"keys": 1})
