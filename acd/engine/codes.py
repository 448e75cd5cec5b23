"""Wrap-up codes: what a given code ends, and which codes a changed hotline no longer asks for."""

from typing import Any

from acd.coded import MISSING, Coded
from acd.engine import agent_states
from acd.engine.floor import Floor
from acd.events import CodeGiven
from journal.records import Kind, new_record


def given(floor: Floor, event: CodeGiven) -> None:
    """Record the code. If the agent still has that call, nothing waits for a code any more."""
    data: dict[str, Any] = {"code": event.code, "name": dict(event.name)}
    if event.test:
        data["test"] = True
    part = (event.call_id, event.queue, event.agent_id)
    floor.effects.append(new_record((floor.now, Kind.WRAP_UP_CODE, *part, None, data, floor.actor)))
    seat = floor.seats.get(event.agent_id)
    if seat is not None and seat.call_id == event.call_id:
        before, seat.coded = seat.coded, Coded.YES
        if before is Coded.AWAITED:
            agent_states.end_waiting(floor, seat)


def forget(floor: Floor) -> None:
    """Wait no longer for codes that no queue in use asks for."""
    for seat in [seat for seat in floor.seats.values() if seat.coded in MISSING]:
        if seat.queue is None or not seat.queue.definition.needs_code:
            before, seat.coded = seat.coded, Coded.NO
            agent_states.go_on(floor, seat, seat.until)
            if before is Coded.AWAITED:
                agent_states.end_waiting(floor, seat)
