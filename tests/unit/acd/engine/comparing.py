"""An engine's state as plain values that two engines can be compared by."""

from typing import Any

from acd.engine.step import Engine
from acd.recovery import state
from acd.recovery.state import QueueState, State

_NOTHING = state.dump(State(queues={"": QueueState()}))["queues"][""]
del _NOTHING["empty_since"]


def plain(snapshot: dict[str, Any], prolonged: set[str], unheard: set[str]) -> dict[str, Any]:
    """A snapshot without what no Record tells: the order of timers, the end of rings while Asterisk could not be asked,
    since when agents are out of reach whose clock began anew after it, since when nobody is there where no caller
    waits, and queues of which there is nothing to tell.
    """
    for agent_id in unheard & snapshot["seats"].keys():
        del snapshot["seats"][agent_id]["out_since"]
    for seat in snapshot["seats"].values():
        del seat["out_armed"]
    for owner in (snapshot, *snapshot["seats"].values(), *snapshot["offers"].values()):
        del owner["armed"]
    for offer_id in prolonged & snapshot["offers"].keys():
        del snapshot["offers"][offer_id]["due"]
    for counts in snapshot["queues"].values():
        del counts["empty_since"]
    snapshot["queues"] = {name: counts for name, counts in snapshot["queues"].items() if counts != _NOTHING}
    for place in snapshot["places"].values():
        if place["round"] is not None:
            place["round"]["agents"] = sorted(place["round"]["agents"])
    return snapshot


def fingerprint(engine: Engine) -> Any:
    """All that the engine's next decision depends on."""
    floor = engine._floor
    seats = [
        (
            *(seat.id, seat.state, seat.reason, seat.since, seat.phone, seat.offer, seat.queue, seat.call_id),
            *(seat.idle_since, seat.missed, seat.failures, seat.paused_until, seat.calls, seat.talk),
            *(
                seat.away,
                seat.absence.since,
                seat.next_state,
                seat.next_reason,
                seat.removed,
                seat.ready_in_set,
                seat.skill_set,
                seat.order,
            ),
        )
        for seat in floor.seats.values()
    ]
    places = [
        (
            *(place.id, place.queue, place.line, place.rank, place.stage, place.requirement, place.offers, place.seat),
            *(
                place.last_agent,
                place.round and sorted(place.round.agents),
                place in floor.rounds,
                place.fresh,
                place.announcing,
                place.next_announcement,
            ),
        )
        for place in floor.places.values()
    ]
    queues = [(q.talking, q.last_agent, q.answered, q.in_time, q.abandoned) for q in floor.queues.values()]
    offers = [(offer.id, offer.answered) for offer in floor.offers.all_live()]
    return (seats, places, queues, offers, floor.timers.next(), floor.unmatched, floor.freed, floor.unchecked)
