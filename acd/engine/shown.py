"""The engine's answers to questions, read-only: for the calls, and for people who watch."""

from collections.abc import Iterable, Iterator, Mapping

from acd import callers, views
from acd.callers import CallerView, Standing
from acd.engine import estimate, queueing
from acd.engine.floor import Floor
from acd.engine.parts import LiveQueue, Stage
from acd.events import Company
from acd.views import CallView, Crew, DayView, OfferView, QueueView
from agents.model import Abilities, AgentView
from agents.states import AgentState


class Shown:
    """The part of the engine that answers questions, as of its last step. It changes nothing."""

    _floor: Floor
    _today_ends: float

    def queue_view(self, queue_id: str, now: float) -> QueueView:
        """One queue. `waiting` includes callers for whom an agent rings. KeyError: there is no such queue."""
        queue = self._floor.queues[queue_id]
        return views.of_queue(queue, now, self._estimate(queue))

    def callers(self, queue_id: str, now: float, limit: int) -> Iterator[CallerView]:
        """The first `limit` waiting callers of a queue, in order, and why each waits: see `callers.waiting`. KeyError:
        there is no such queue.
        """
        return callers.waiting(self._floor, self._floor.queues[queue_id], now, limit)

    def line_up(self, queue_ids: Iterable[str], limit: int) -> Mapping[str, list[Standing]]:
        """By queue, the first `limit` waiting callers, in order. Unknown queues are left out."""
        queues = self._floor.queues
        return callers.line_up(self._floor, [queues[name] for name in queue_ids if name in queues], limit)

    def crews(self) -> Mapping[str, Crew]:
        """By queue: the signed-in agents who could ever serve it, relaxing included, by state and phone."""
        return views.crews(self._floor.queues.values(), self._floor.seats.values())

    def agent_view(self, agent_id: str) -> AgentView:
        """One agent. KeyError: there is no such agent."""
        return views.of_agent(self._floor.seats[agent_id], self._floor.break_limits)

    def agent_day(self, agent_id: str, now: float) -> DayView:
        """The agent's day, `now` in epoch seconds. KeyError: there is no such agent."""
        seat = self._floor.seats[agent_id]
        known = now < self._today_ends  # else nothing has happened since midnight
        place = self._floor.places.get(seat.call_id or "")
        talks = 0.0 if place is None or place.seat is not seat else now - place.connected_at
        if seat.sent is not None and seat.sent.company is Company.TALKS:
            talks += now - seat.sent.began
        wraps = now - seat.since if seat.state is AgentState.WRAP_UP else 0.0
        return DayView(
            calls=seat.calls if known else 0,
            missed=seat.missed_today if known else 0,
            talk_s=talks + (seat.talk if known else 0.0),
            wrap_up_s=wraps + (seat.wrapped if known else 0.0),
        )

    def sent(self) -> dict[str, str]:
        """Agents with a call that a colleague has sent, or asks about, and that call."""
        return {seat.id: seat.sent.call_id for seat in self._floor.seats.values() if seat.sent is not None}

    def edited(self, agent_id: str) -> Abilities | None:
        """Abilities that were set for the agent; None: those of the hotline count, or there is no such agent."""
        seat = self._floor.seats.get(agent_id)
        return None if seat is None else seat.edited

    @property
    def any_edited(self) -> bool:
        """Whether any agent has other abilities than the hotline says."""
        return any(seat.edited is not None for seat in self._floor.seats.values())

    def position(self, call_id: str) -> int | None:
        """The caller's position in the queue, 1 for the next; None: the caller does not wait."""
        place = self._floor.places.get(call_id)
        if place is None or place.stage is Stage.TALKING:
            return None
        return place.queue.position(place)

    def callback_position(self, callback_id: str) -> int | None:
        """The position in the queue of a caller who is to be called back, 1 for the next; None: there is no such one.
        O(requirements of the queue).
        """
        place = self._floor.callbacks.get(callback_id)
        return None if place is None else place.queue.position(place)

    def calls(self) -> list[CallView]:
        """Every caller who waits, is offered to an agent, or talks, in the order of arrival."""
        return [
            CallView(place.id, place.queue.id, None if place.seat is None else place.seat.id)
            for place in self._floor.places.values()
        ]

    def offers(self) -> list[OfferView]:
        """Every offer that is neither connected nor over."""
        live = self._floor.offers.all_live()
        return [OfferView(offer.id, offer.place.id, offer.seat.id, offer.answered) for offer in live]

    @property
    def blind(self) -> bool:
        """From LinkLost to Resynced: a caller for whom agents ring may talk, or have talked."""
        return self._floor.blind

    def may_leave(self, call_id: str) -> bool:
        """Whether a key may take the caller elsewhere: the caller waits, and no ringing agent has answered.

        While the engine is blind, no agent may ring at all: a ringing agent may have answered.
        """
        place = self._floor.places.get(call_id)
        if place is None or place.stage is Stage.TALKING or (self.blind and place.offers):
            return False
        return not any(offer.answered for offer in place.offers)

    def expected_wait(self, call_id: str) -> float | None:
        """Seconds that a waiting caller may expect to wait from now on, as of the last step; None: not known."""
        place = self._floor.places.get(call_id)
        return None if place is None or place.stage is not Stage.WAITING else queueing.expected_wait(self._floor, place)

    def _estimate(self, queue: LiveQueue) -> float | None:
        """The expected wait of a caller who enters `queue` now, in the language that most of its agents speak."""
        if not queue.lines:  # no agents at all
            return None
        floor = self._floor
        line = max(queue.lines.values(), key=lambda line: (line.requirements[-1].working, line.language))
        if floor.table.ready_for(line.requirement_after(floor.now, floor.now)):
            return 0.0
        return estimate.wait(line, queue.rank(floor.now, 0), floor.arrivals + 1, 0.0, floor.table.ready_for)
