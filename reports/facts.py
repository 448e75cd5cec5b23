"""Facts for figures, from Records: a pure fold. Times are seconds since the epoch.

A fact is told once what it is about is over. Of what lasts, each quarter hour is told. What is open is in `Open`, which
is small and can be kept as JSON: a restart goes on with it. Test calls tell no facts, nor do calls in which an agent
asks a queue about a caller.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pydantic import TypeAdapter

from acd.events import Left
from acd.last_hour import EntryOutcome, entry_end
from acd.model import ServiceLevel
from agents.states import SIGNED_IN, AgentState
from base.numbers import plain
from hotline.callbacks import interval
from ivr.model import DISTRICT
from journal.records import Kind, Record
from reports.sums import QUARTER, Dimension, Fact, Place

SHORT_ABANDON = 5.0
"""Seconds: who gives up within them has hardly waited. As on the wall."""

DAY = 86_400.0
"""Seconds. A state of an agent counts for so long without any Record: then the service was not there."""

LATE = 60.0
"""Seconds after the end of a call in which the distributor tells how its entry or talk ended."""

LONGEST = DAY
"""Seconds after its beginning for which an unfinished call is waited for."""

LONGEST_PROMISE = 8 * DAY

WEEK = 7 * DAY
"""Seconds within which a caller who talks in the same queue again was not helped the first time."""

POOR = 3.6
"""Of a leg with a lower MOS many people are not satisfied: ITU-T G.107, annex B."""

LONGEST_NAME = 80
"""Characters of a name that are kept."""

_IN_TIME = ServiceLevel().within
"""Seconds: for callers who gave up, where a Record of an earlier version does not say whether that was in time."""


@dataclass(slots=True)
class Entry:
    """One stay in a queue. `callback`: of a citizen who was called back, and of `since` when the citizen entered by
    that call. `estimate`: seconds that the caller was told first, at `estimated`.
    """

    queue: str
    since: float
    callback: bool = False
    promised: bool = False
    estimate: float | None = None
    estimated: float = 0.0


@dataclass(slots=True)
class Talk:
    """An agent talks with the caller."""

    agent: str
    queue: str
    since: float
    held: float = 0.0
    held_since: float | None = None


@dataclass(slots=True)
class Call:
    """A citizen's call that is not over. `ended`: it is, but its entry or talk is not yet."""

    began: float
    number: str = ""
    language: str = ""
    version: str = ""
    district: str = ""
    caller: str = ""
    ours: bool = False  # the hotline calls the citizen back
    ended: float | None = None
    menu: tuple[str, float] | None = None  # since when; None: a key was pressed there, or the call has gone on
    entry: Entry | None = None
    talk: Talk | None = None
    rings: dict[str, float] = field(default_factory=dict)  # by offer, since when
    transfer: tuple[float, str, str, str] | None = None  # when, by which agent, of which queue, where to; not settled
    line: tuple[str, float, bool] | None = None  # the sub-hotline, since when, and whether it has answered
    queued: bool = False
    reached: bool = False
    answered: bool = False
    direct: bool = True
    elsewhere: bool = False


@dataclass(slots=True)
class Seat:
    """An agent. `since`: from when on the state is not counted yet. `wrap_up`: since when the agent is in it. `talk`:
    the beginning and the queue of the talk that is to be wrapped up.
    """

    state: AgentState
    reason: str
    since: float
    wrap_up: float | None = None
    talk: tuple[float, str] | None = None


@dataclass(slots=True)
class Promise:
    """A callback."""

    queue: str
    at: float
    until: float | None
    tried: bool = False


class Contact(NamedTuple):
    """A caller and a queue."""

    queue: str
    number: str


@dataclass(slots=True)
class Open:
    """What the fold knows.

    quarter   the running one, as a number
    contacts  when a caller's number last began to talk in a queue; whoever keeps the state keeps these elsewhere, and
              puts those here that the next Records need
    within    seconds for which these count
    """

    quarter: int = 0
    calls: dict[str, Call] = field(default_factory=dict)
    seats: dict[str, Seat] = field(default_factory=dict)
    promises: dict[str, Promise] = field(default_factory=dict)
    contacts: dict[Contact, float] = field(default_factory=dict)
    within: float = WEEK


_OPEN = TypeAdapter(Open)


def kept(state: Open) -> str:
    """As JSON, without the contacts."""
    return _OPEN.dump_json(state, exclude={"contacts"}).decode()


def restored(text: str) -> Open:
    """What `kept` has made."""
    return _OPEN.validate_json(text)


def callers(state: Open, told: Sequence[Record]) -> set[str]:
    """The numbers of those with whom an agent begins to talk in the Records that come next."""
    talking = {record.call for record in told if record.kind is Kind.CONNECTED}
    known = {call_id: call.caller for call_id in talking if (call := state.calls.get(call_id or "")) is not None}
    for record in told:
        if record.kind is Kind.CALL_STARTED and record.call in talking:
            known[record.call] = plain(_text(record.data.get("caller")))
    return {number for number in known.values() if number}


Facts = Iterable[Fact]


def after(state: Open, record: Record) -> Facts:
    """The facts that follow from the Record; `state` is changed. A Record that makes no sense changes little."""
    told = _BY_KIND.get(record.kind)
    if told is None or record.test:
        return
    if record.at >= (state.quarter + 1) * QUARTER:
        yield from _turn(state, record.at)
    yield from told(state, record)


def _turn(state: Open, at: float) -> Facts:
    """Another quarter hour has begun: what agents did in those before, and what is never going to end."""
    state.quarter = int(at // QUARTER)
    for agent, seat in state.seats.items():
        yield from _span(agent, seat, float(state.quarter * QUARTER))
    for call_id, call in list(state.calls.items()):
        if call.began < at - LONGEST or (call.ended is not None and call.ended < at - LATE):
            call.ended = call.ended or at
            yield from _left(call, call.ended, "left_otherwise")
            yield from _talked(call, call.ended)
            yield from _settle(state, call_id, call)
    for callback_id in [each for each, promise in state.promises.items() if promise.at < at - LONGEST_PROMISE]:
        promise = state.promises.pop(callback_id)
        yield from _callback_over(promise.queue, promise.at, "callbacks_otherwise")


# -- the call ------------------------------------------------------------------------------------------------------


def _call_started(state: Open, record: Record) -> Facts:
    data, call_id = record.data, record.call or ""
    if data.get("about"):
        return ()
    call = state.calls.get(call_id)
    if call is not None:  # its session had broken, and the call goes on
        call.ended = None
        return ()
    known = data.get("known")
    district = known.get(DISTRICT, "") if isinstance(known, Mapping) else ""
    number, language, version = (_text(data.get(name)) for name in ("number", "language", "version"))
    call = state.calls[call_id] = Call(record.at, number, language, version)
    call.district, call.ours = _text(district), "to" in data
    call.caller = plain(_text(data.get("caller")))
    return ()


def _call_finished(state: Open, record: Record) -> Facts:
    call = state.calls.get(record.call or "")
    if call is None:
        return
    call.ended = record.at
    if call.menu is not None and record.data.get("by") == "caller":
        menu, since = call.menu
        yield Fact(since, ((Dimension.MENU, menu),), {"calls": 1})
    if call.entry is not None and call.entry.promised:
        yield from _left(call, record.at, "promised")
    yield from _line_over(call, record.at)
    yield from _settle(state, record.call or "", call)


def _settle(state: Open, call_id: str, call: Call) -> Facts:
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
    yield Fact(call.began, _of(call), {name: int(amount) for name, amount in amounts.items() if amount})


def _language_chosen(state: Open, record: Record) -> Facts:
    if (call := state.calls.get(record.call or "")) is not None:
        call.language = _text(record.data.get("language"))
    return ()


def _learned(state: Open, record: Record) -> Facts:
    call = state.calls.get(record.call or "")
    if call is not None and record.data.get("name") == DISTRICT:
        call.district = _text(record.data.get("value"))
    return ()


def _scope_told(state: Open, record: Record) -> Facts:
    if (call := state.calls.get(record.call or "")) is not None:
        call.elsewhere = True
        yield Fact(record.at, ((Dimension.SCOPE, _text(record.data.get("scope"))),), {"calls_elsewhere": 1})


def _of(call: Call, *more: Place) -> tuple[Place, ...]:
    """The rows in which something of this call counts."""
    district = ((Dimension.DISTRICT, call.district),) if call.district else ()
    return (
        (Dimension.HOTLINE, ""),
        (Dimension.NUMBER, call.number),
        (Dimension.LANGUAGE, call.language),
        (Dimension.VERSION, call.version),
        *district,
        *more,
    )


# -- its entry into a queue ----------------------------------------------------------------------------------------


def _queued(state: Open, record: Record) -> Facts:
    call = state.calls.get(record.call or "")
    if call is not None and record.queue is not None:
        yield from _left(call, record.at, "left_otherwise")
        call.entry, call.queued, call.menu = Entry(record.queue, record.at), True, None


def _announced(state: Open, record: Record) -> Facts:
    call, wait = state.calls.get(record.call or ""), record.data.get("wait_s")
    if call is not None and call.entry is not None and call.entry.estimate is None and wait is not None:
        call.entry.estimate, call.entry.estimated = float(wait), record.at
    return ()


def _entry_over(state: Open, record: Record) -> Facts:
    """The caller leaves the queue, and is not connected; or a callback is over."""
    outcome = entry_end(record)
    if outcome is None:
        return
    promise = state.promises.pop(record.call or "", None)
    if promise is not None:
        how = _OF_CALLBACKS.get(str(record.data.get("why")), "callbacks_otherwise")
        yield from _callback_over(promise.queue, promise.at, how)
        return
    call = state.calls.get(record.call or "")
    if call is None:
        return
    if outcome is EntryOutcome.ABANDONED:
        in_time = record.data.get("in_service_level")
        yield from _left(call, record.at, "abandoned", _waited(record), in_time)
    else:
        yield from _left(call, record.at, _OUTCOMES.get(outcome, "left_otherwise"))
    yield from _settle(state, record.call or "", call)


_OUTCOMES = {EntryOutcome.OVERFLOWED: "overflowed"}


def _left(call: Call, at: float, how: str, waited: float | None = None, in_time: object = None) -> Facts:
    """The entry, if there is one, is over without an answer. `waited`: seconds, as the Record says."""
    entry, call.entry = call.entry, None
    if entry is None:
        return
    waited = at - entry.since if waited is None else waited
    if entry.callback:
        yield from _callback_over(entry.queue, entry.since, "callbacks_otherwise")
        return
    if how == "abandoned":
        amounts = {
            "entries": 1,
            "abandoned": 1,
            "abandoned_in_time": int(waited <= _IN_TIME if in_time is None else bool(in_time)),
            "abandoned_short": int(waited <= SHORT_ABANDON),
            "abandoned_wait_ms": _ms(waited),
            "longest_wait_ms": _ms(waited),
        }
    else:
        amounts = {"entries": 1, how: 1, "longest_wait_ms": _ms(waited)}
    yield Fact(entry.since, _of(call, (Dimension.QUEUE, entry.queue)), amounts)


def _connected(state: Open, record: Record) -> Facts:
    call, agent, queue = state.calls.get(record.call or ""), record.agent or "", record.queue or ""
    if call is None:
        return
    entry, call.entry = call.entry, None
    if entry is not None and entry.callback:
        yield from _callback_over(entry.queue, entry.since, "callbacks_connected")
    elif entry is not None:
        wait = _ms(_waited(record))
        amounts = {"entries": 1, "answered": 1, "wait_ms": wait, "longest_wait_ms": wait}
        amounts["answered_in_time"] = int(bool(record.data.get("in_service_level")))
        if entry.estimate is not None:
            bias = _ms(entry.estimated + entry.estimate - record.at)
            amounts |= {"estimates": 1, "estimate_error_ms": abs(bias), "estimate_bias_ms": bias}
        yield Fact(entry.since, _of(call, (Dimension.QUEUE, entry.queue)), amounts)
    rang = call.rings.pop(record.offer or "", None)
    yield from _transfer_became(call, "answered")
    if call.answered:
        call.direct = False
    call.answered = True
    yield from _contact(state, call, queue, record.at)
    ring = 0 if rang is None else _ms(record.at - rang)
    if rang is not None:
        yield Fact(rang, _by(agent, queue), {"offers": 1})
    yield from _talks(state, call, agent, queue, record.at, ring)


def _contact(state: Open, call: Call, queue: str, at: float) -> Facts:
    """This caller talks in this queue; in this call for the first time, else nothing counts."""
    who = Contact(queue, call.caller)
    before = state.contacts.get(who)
    if call.caller and not (before is not None and before >= call.began):
        again = before is not None and before >= at - state.within
        yield Fact(at, _of_queue(queue), {"contacts": 1, "repeats": int(again)})
        state.contacts[who] = at


def _waited(record: Record) -> float:
    waited = record.data.get("waited_s")
    return float(waited) if isinstance(waited, int | float) else 0.0


# -- talks and rings of agents --------------------------------------------------------------------------------------


def _by(agent: str, queue: str) -> tuple[Place, ...]:
    """The rows in which something that an agent does counts."""
    of_queue = ((Dimension.QUEUE, queue),) if queue else ()
    return ((Dimension.HOTLINE, ""), (Dimension.AGENT, agent), *of_queue)


def _talks(state: Open, call: Call, agent: str, queue: str, at: float, ring: int = 0) -> Facts:
    """An agent talks with the caller from now on."""
    yield from _talked(call, at)
    call.reached, call.talk = True, Talk(agent, queue, at)
    if (seat := state.seats.get(agent)) is not None:
        seat.talk = at, queue
    yield Fact(at, _by(agent, queue), {"interactions": 1, "ring_ms": ring})


def _talked(call: Call, at: float) -> Facts:
    """The talk, if there is one, is over."""
    talk, call.talk = call.talk, None
    if talk is None:
        return
    held = talk.held + (0.0 if talk.held_since is None else at - talk.held_since)
    talked = max(0.0, at - talk.since - held)
    yield Fact(talk.since, _by(talk.agent, talk.queue), {"talk_ms": _ms(talked), "hold_ms": _ms(held)})


def _talk_ended(state: Open, record: Record) -> Facts:
    call = state.calls.get(record.call or "")
    if call is not None:
        yield from _talked(call, record.at)
        yield from _settle(state, record.call or "", call)


def _held(state: Open, record: Record) -> Facts:
    call = state.calls.get(record.call or "")
    if call is not None and call.talk is not None and call.talk.held_since is None:
        call.talk.held_since = record.at
    return ()


def _unheld(state: Open, record: Record) -> Facts:
    call = state.calls.get(record.call or "")
    if call is not None and call.talk is not None and call.talk.held_since is not None:
        call.talk.held += record.at - call.talk.held_since
        call.talk.held_since = None
    return ()


def _offered(state: Open, record: Record) -> Facts:
    if (call := state.calls.get(record.call or "")) is not None:
        call.rings[record.offer or ""] = record.at
    return ()


def _offer_over(state: Open, record: Record) -> Facts:
    call = state.calls.get(record.call or "")
    rang = None if call is None else call.rings.pop(record.offer or "", None)
    if rang is None:
        return
    why = record.data.get("reason") if record.kind is Kind.OFFER_FAILED else None
    name = "offers_cancelled" if why is None else f"missed_{str(why).replace('-', '_')}"
    yield Fact(rang, _by(record.agent or "", record.queue or ""), {"offers": 1, name: 1})


def _consult_asked(state: Open, record: Record) -> Facts:
    if (call := state.calls.get(record.call or "")) is not None:
        call.direct = False
    return ()


# -- transfers and sub-hotlines -------------------------------------------------------------------------------------


def _transferred(state: Open, record: Record) -> Facts:
    call = state.calls.get(record.call or "")
    if call is None:
        return
    yield from _transfer_became(call, "left")
    call.direct = False
    agent = record.agent or ""
    queue = call.talk.queue if call.talk is not None else (_talk_of(state, agent) or (0.0, ""))[1]
    call.transfer = record.at, agent, queue, _destination(record.data.get("to"))
    how = "transfers_consult" if record.data.get("how") == "consult" else "transfers_blind"
    yield Fact(record.at, (*_by(agent, queue), (Dimension.DESTINATION, call.transfer[3])), {how: 1})


def _talk_of(state: Open, agent: str) -> tuple[float, str] | None:
    seat = state.seats.get(agent)
    return None if seat is None else seat.talk


def _destination(to: object) -> str:
    """As `queue:greening`. Of a phone its kind only: a number may be a citizen's."""
    if not isinstance(to, Mapping) or not to:
        return ""
    kind = next(iter(to))
    return str(kind) if kind in ("agent", "number") else _text(f"{kind}:{to[kind]}")


def _transfer_became(call: Call, how: str) -> Facts:
    transfer, call.transfer = call.transfer, None
    if transfer is not None:
        at, agent, queue, destination = transfer
        yield Fact(at, (*_by(agent, queue), (Dimension.DESTINATION, destination)), {f"transfers_{how}": 1})


def _transfer_answered(state: Open, record: Record) -> Facts:
    call, to = state.calls.get(record.call or ""), record.data.get("to")
    if call is None or not isinstance(to, Mapping):
        return
    queue = "" if call.transfer is None else call.transfer[2]
    yield from _transfer_became(call, "answered")
    call.reached = True
    if to.get("agent"):
        yield from _talks(state, call, str(to["agent"]), queue, record.at)
    else:
        yield from _talked(call, record.at)


def _transfer_failed(state: Open, record: Record) -> Facts:
    if (call := state.calls.get(record.call or "")) is not None:
        yield from _talked(call, record.at)  # a talk: the phone was gone
        yield from _transfer_became(call, "failed")


def _line_dialled(state: Open, record: Record) -> Facts:
    if (call := state.calls.get(record.call or "")) is not None:
        yield from _line_over(call, record.at)
        call.line, call.menu = (_text(record.data.get("sub_hotline")), record.at, False), None


def _line_answered(state: Open, record: Record) -> Facts:
    call = state.calls.get(record.call or "")
    if call is None:
        return
    line = _text(record.data.get("sub_hotline"))
    yield from _transfer_became(call, "answered")
    yield from _talked(call, record.at)
    call.reached, call.direct, call.line = True, False, (line, record.at, True)
    yield Fact(record.at, _of(call, (Dimension.SUB_HOTLINE, line)), {"lines": 1, "lines_answered": 1})


def _line_failed(state: Open, record: Record) -> Facts:
    call = state.calls.get(record.call or "")
    if call is None:
        return
    yield from _transfer_became(call, "failed")
    yield from _line_over(call, record.at)


def _line_ended(state: Open, record: Record) -> Facts:
    if (call := state.calls.get(record.call or "")) is not None:
        yield from _line_over(call, record.at)


def _line_over(call: Call, at: float) -> Facts:
    """The sub-hotline rings or talks no more."""
    line, call.line = call.line, None
    if line is not None:
        name, since, answered = line
        amounts = {"line_talk_ms": _ms(at - since)} if answered else {"lines": 1, "lines_failed": 1}
        yield Fact(since, _of(call, (Dimension.SUB_HOTLINE, name)), amounts)


# -- menus ------------------------------------------------------------------------------------------------------------


def _menu_entered(state: Open, record: Record) -> Facts:
    call, menu = state.calls.get(record.call or ""), record.data.get("menu")
    if call is not None and menu:
        call.menu = _text(menu), record.at
        yield Fact(record.at, ((Dimension.MENU, call.menu[0]),), {"menu_entries": 1})


def _in_menu(measure: str) -> Callable[[Open, Record], Facts]:
    def told(state: Open, record: Record) -> Facts:
        menu = record.data.get("menu")
        if record.call in state.calls and menu:
            yield Fact(record.at, ((Dimension.MENU, _text(menu)),), {measure: 1})

    return told


def _invalid_key(state: Open, record: Record) -> Facts:
    if (call := state.calls.get(record.call or "")) is not None:
        call.menu = None
    return _in_menu("invalid_keys")(state, record)


def _message_begun(state: Open, record: Record) -> Facts:
    """Silence in a menu may lead to a message: the caller did what the tree led to."""
    if (call := state.calls.get(record.call or "")) is not None:
        call.menu = None
    return ()


def _key_pressed(state: Open, record: Record) -> Facts:
    call, menu = state.calls.get(record.call or ""), record.data.get("menu")
    if call is not None:
        call.menu = None
    if call is not None and menu and not record.data.get("input"):
        key = _text(f"{menu}/{record.data.get('key', '')}")
        yield Fact(record.at, ((Dimension.MENU, _text(menu)), (Dimension.KEY, key)), {"keys": 1})


# -- agents' states ---------------------------------------------------------------------------------------------------

_STATES = {
    AgentState.READY: "ready_ms",
    AgentState.RINGING: "ringing_ms",
    AgentState.ON_CALL: "on_call_ms",
    AgentState.WRAP_UP: "state_wrap_up_ms",
    AgentState.NOT_READY: "not_ready_ms",
}


def _agent_state(state: Open, record: Record) -> Facts:
    data, agent = record.data, record.agent or ""
    now, before = AgentState(data["state"]), AgentState(data["previous"])
    seat = state.seats.setdefault(agent, Seat(before, "", record.at))
    yield from _span(agent, seat, record.at)
    if seat.wrap_up is not None and now is not AgentState.WRAP_UP:
        if seat.talk is not None:
            began, queue = seat.talk
            yield Fact(began, _by(agent, queue), {"wrap_up_ms": _ms(record.at - seat.wrap_up)})
        seat.wrap_up = seat.talk = None
    elif seat.wrap_up is None and now is AgentState.WRAP_UP:
        seat.wrap_up = record.at
    seat.state, seat.reason = now, _text(data.get("reason"))
    if now not in SIGNED_IN:
        del state.seats[agent]


def _span(agent: str, seat: Seat, until: float) -> Facts:
    """Time that the agent has been in the state, quarter hour by quarter hour."""
    since, measure = seat.since, _STATES.get(seat.state)
    if measure is None or since >= until:
        return
    seat.since, end = until, min(until, since + DAY)
    places: tuple[Place, ...] = ((Dimension.HOTLINE, ""), (Dimension.AGENT, agent))
    if seat.state is AgentState.NOT_READY:
        places = (*places, (Dimension.BREAK, seat.reason))
    while since < end:
        next_ = min(end, (since // QUARTER + 1) * QUARTER)
        yield Fact(since, places, {measure: _ms(next_) - _ms(since)})
        since = next_


# -- callbacks, messages, surveys, calls out --------------------------------------------------------------------------


def _callback_promised(state: Open, record: Record) -> Facts:
    call, data = state.calls.get(record.call or ""), record.data
    if call is None or record.queue is None:
        return
    if call.entry is not None:
        call.entry.promised = True
    expected = data.get("expected_s")
    span = interval(record.at, None if expected is None else float(expected), 0.0)
    promise = Promise(record.queue, record.at, None if span is None else span[1])
    state.promises[str(data.get("callback", ""))] = promise
    yield Fact(record.at, _of_queue(record.queue), {"callbacks": 1})


def _callback_dialled(state: Open, record: Record) -> Facts:
    promise = state.promises.get(record.call or "")
    if promise is not None and not promise.tried:
        promise.tried = True
        on_time = int(promise.until is None or record.at <= promise.until)
        yield Fact(promise.at, _of_queue(promise.queue), {"callbacks_tried": 1, "callbacks_on_time": on_time})


def _callback_answered(state: Open, record: Record) -> Facts:
    promise = state.promises.pop(str(record.data.get("callback", "")), None)
    call = state.calls.get(record.call or "")
    if promise is not None:
        yield Fact(promise.at, _of_queue(promise.queue), {"callbacks_reached": 1})
        if call is not None:
            call.entry = Entry(promise.queue, promise.at, callback=True)


def _callback_over(queue: str, promised: float, how: str) -> Facts:
    yield Fact(promised, _of_queue(queue), {how: 1})


_OF_CALLBACKS: Mapping[str, str] = {
    Left.CANCELLED: "callbacks_cancelled",
    Left.NOT_REACHED: "callbacks_not_reached",
    Left.TALKED: "callbacks_connected",
}


def _of_queue(queue: str | None) -> tuple[Place, ...]:
    return ((Dimension.HOTLINE, ""), (Dimension.QUEUE, queue or ""))


def _counted(measure: str) -> Callable[[Open, Record], Facts]:
    """Each such Record is one, of its queue and, if it names one, of its agent."""

    def told(state: Open, record: Record) -> Facts:
        agent = ((Dimension.AGENT, record.agent),) if record.agent else ()
        yield Fact(record.at, (*_of_queue(record.queue), *agent), {measure: 1})

    return told


def _survey_answered(state: Open, record: Record) -> Facts:
    key = str(record.data.get("key"))
    if record.data.get("question") == 1 and key.isdecimal():
        places = (*_of_queue(record.queue), (Dimension.AGENT, record.agent or ""))
        yield Fact(record.at, places, {"surveys_begun": 1, "score": int(key)})


def _call_out_answered(state: Open, record: Record) -> Facts:
    """The wrap-up after it is of no interaction."""
    if (seat := state.seats.get(record.agent or "")) is not None:
        seat.talk = None
    return _counted("calls_out_answered")(state, record)


def _call_out_ended(state: Open, record: Record) -> Facts:
    talked = record.data.get("talked_s")
    if isinstance(talked, int | float):
        yield Fact(record.at, _by(record.agent or "", record.queue or ""), {"talk_out_ms": _ms(talked)})


def _leg_measured(state: Open, record: Record) -> Facts:
    """Only the end of a leg is known, so it counts in the quarter hour in which it ended."""
    data = record.data
    network = ((Dimension.NETWORK, _text(data["network"])),) if data.get("network") else ()
    places: tuple[Place, ...] = ((Dimension.HOTLINE, ""), (Dimension.PHONE, _text(data["phone"])), *network)
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
    Kind.CALL_STARTED: _call_started,
    Kind.CALL_FINISHED: _call_finished,
    Kind.LANGUAGE_CHOSEN: _language_chosen,
    Kind.LEARNED: _learned,
    Kind.SCOPE_TOLD: _scope_told,
    Kind.QUEUED: _queued,
    Kind.ANNOUNCED: _announced,
    Kind.CONNECTED: _connected,
    Kind.LEFT_QUEUE: _entry_over,
    Kind.OVERFLOWED: _entry_over,
    Kind.MOVED: _entry_over,
    Kind.TALK_ENDED: _talk_ended,
    Kind.TRANSFER_ENDED: _talk_ended,
    Kind.HELD: _held,
    Kind.UNHELD: _unheld,
    Kind.OFFERED: _offered,
    Kind.OFFER_FAILED: _offer_over,
    Kind.OFFER_CANCELLED: _offer_over,
    Kind.CONSULT_ASKED: _consult_asked,
    Kind.TRANSFERRED: _transferred,
    Kind.TRANSFER_ANSWERED: _transfer_answered,
    Kind.TRANSFER_FAILED: _transfer_failed,
    Kind.SUB_HOTLINE_DIALLED: _line_dialled,
    Kind.SUB_HOTLINE_ANSWERED: _line_answered,
    Kind.SUB_HOTLINE_FAILED: _line_failed,
    Kind.SUB_HOTLINE_ENDED: _line_ended,
    Kind.MENU_ENTERED: _menu_entered,
    Kind.NO_INPUT: _in_menu("no_input"),
    Kind.INVALID_KEY: _invalid_key,
    Kind.MESSAGE_BEGUN: _message_begun,
    Kind.KEY_PRESSED: _key_pressed,
    Kind.AGENT_STATE: _agent_state,
    Kind.CALLBACK_PROMISED: _callback_promised,
    Kind.CALLBACK_DIALLED: _callback_dialled,
    Kind.CALLBACK_ANSWERED: _callback_answered,
    Kind.MESSAGE_LEFT: _counted("messages"),
    Kind.MESSAGE_DONE: _counted("messages_done"),
    Kind.MESSAGE_REMOVED: _counted("messages_removed"),
    Kind.SURVEY_OFFERED: _counted("surveys_offered"),
    Kind.SURVEY_ANSWERED: _survey_answered,
    Kind.SURVEY_COMPLETE: _counted("surveys_complete"),
    Kind.SURVEY_NOT_ASKED: _counted("surveys_not_asked"),
    Kind.CALL_OUT_DIALLED: _counted("calls_out"),
    Kind.CALL_OUT_ANSWERED: _call_out_answered,
    Kind.CALL_OUT_ENDED: _call_out_ended,
    Kind.LEG_MEASURED: _leg_measured,
}

KINDS = frozenset(_BY_KIND)
"""The kinds that tell facts; all others can be left out."""


def _text(value: Any) -> str:
    return str(value or "")[:LONGEST_NAME]


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
