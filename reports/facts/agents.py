"""Facts of agents' states, and of their calls out."""

from agents.states import BUSY, SIGNED_IN, AgentState
from journal.records import Record
from reports.facts.model import DAY, Facts, Open, Seat, counted, ms, of_agent, text
from reports.sums import QUARTER, Dimension, Fact, Place

_STATES = {
    AgentState.READY: "ready_ms",
    AgentState.RINGING: "ringing_ms",
    AgentState.ON_CALL: "on_call_ms",
    AgentState.WRAP_UP: "state_wrap_up_ms",
    AgentState.NOT_READY: "not_ready_ms",
}


def agent_state(state: Open, record: Record) -> Facts:
    data, agent = record.data, record.agent or ""
    now, before = AgentState(data["state"]), AgentState(data["previous"])
    seat = state.seats.setdefault(agent, Seat(before, "", record.at))
    yield from span(agent, seat, record.at)
    if seat.wrap_up is not None and now is not AgentState.WRAP_UP:
        if seat.talk is not None:
            began, queue = seat.talk
            yield Fact(began, of_agent(agent, queue), {"wrap_up_ms": ms(record.at - seat.wrap_up)})
        seat.wrap_up = seat.talk = None
    elif seat.wrap_up is None and now is AgentState.WRAP_UP:
        seat.wrap_up = record.at
    yield from _break(agent, seat, record, now)
    seat.state, seat.reason = now, text(data.get("reason"))
    if now not in SIGNED_IN:
        del state.seats[agent]


def _break(agent: str, seat: Seat, record: Record, now: AgentState) -> Facts:
    """The end of a break that has a limit. A call that no queue has offered only interrupts it, and takes none of its
    time.
    """
    limit, reason = record.data.get("limit"), text(record.data.get("reason"))
    if seat.pause is not None and seat.left is None and record.data.get("sent"):
        seat.left = record.at, seat.reason
        return
    if seat.left is not None and now in BUSY:
        return
    if seat.pause is not None:
        began, most = seat.pause
        until, kept = seat.left or (record.at, seat.reason)
        if seat.left is not None and limit is not None and reason == kept:
            seat.pause, seat.left = (began, most + record.at - until), None
            return
        places = ((Dimension.HOTLINE, ""), (Dimension.AGENT, agent), (Dimension.BREAK, kept))
        yield Fact(began, places, {"limited_breaks": 1, "breaks_in_time": int(until - began <= most)})
    seat.pause, seat.left = None if limit is None else (record.at, limit), None


def span(agent: str, seat: Seat, until: float) -> Facts:
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
        yield Fact(since, places, {measure: ms(next_) - ms(since)})
        since = next_


def call_out_answered(state: Open, record: Record) -> Facts:
    """The wrap-up after it is of no interaction."""
    if (seat := state.seats.get(record.agent or "")) is not None:
        seat.talk = None
    return counted("calls_out_answered")(state, record)


def call_out_ended(state: Open, record: Record) -> Facts:
    talked = record.data.get("talked_s")
    if isinstance(talked, int | float):
        yield Fact(record.at, of_agent(record.agent or "", record.queue or ""), {"talk_out_ms": ms(talked)})


def queue_of(state: Open, agent: str) -> str:
    """Of the agent's talk that is to be wrapped up; "": there is none."""
    seat = state.seats.get(agent)
    return "" if seat is None or seat.talk is None else seat.talk[1]
