"""The floor: every caller, agent, offer and timer that the engine knows, and what it has decided in this step."""

from typing import Any

from acd.effects import Effect
from acd.engine.offers import OfferBook
from acd.engine.parts import Absence, Callback, Line, LiveQueue, Offer, Place, Requirement, Round, Seat, SkillSet
from acd.engine.routing import Table
from acd.engine.timers import Timer, Timers
from acd.model import NO_LIMITS, NOWHERE
from agents.model import Agent
from journal.actor import SYSTEM, Actor
from journal.records import Kind, Record, new_record


class NextDial:
    """Its timer: an agent will soon be free for whom a citizen may be called back."""

    __slots__ = ("timer",)

    def __init__(self) -> None:
        self.timer: Timer | None = None


Owner = Seat | Place | Offer | Line | Absence | Callback | NextDial


class Floor:
    """State only. The functions of `agent_states`, `ringing`, `queueing` and `talks` change it, the engine calls them.

    rounds     callers in a ring-all round that no agent has answered
    callbacks  the places of callers who have hung up and are to be called back, by the ids of the callbacks
    to_dial    requirements with places whose citizens may be dialled now, and perhaps others
    counted_on  agents on whom citizens count that are being dialled, by agent
    kept       freed agents who were kept for a citizen who is not dialled any more, and until when: for no longer are
               they kept for another one
    unseated   citizens who are being dialled, and whose agents have other calls by now
    wrapping   agents in wrap-up
    sticky     waiting callers who may have the agent of last time, by the agent's id
    away_after seconds after which an agent whose phone cannot be reached is away
    onward     where callers go whose queue was taken out
    break_limits  seconds that a break may take, by the reason that agents give
    blind      Asterisk cannot be asked: its silence means nothing
    held       no new offer may be made: who is to be matched stays in `unmatched`, `roomy` and `freed`
    actor      who asked for the current change, as its Records say
    unmatched  places that wait anew, or that more agents fit than before: they are matched at the end of the step
    roomy      queues with a limit in which a talk or an offer is over: agents may stand ready whom their callers fit
    freed      agents who may have become available: they are matched after that
    unchecked  places whose overflow, announcement and timer are looked at last
    """

    def __init__(self, node: str, seed: int, now: float, away_after: float) -> None:
        self.now = now
        self.away_after = away_after
        self.seed = seed
        self.offers = OfferBook(node, seed)
        self.timers: Timers[Owner] = Timers()
        self.table = Table(())
        self.queues: dict[str, LiveQueue] = {}
        self.seats: dict[str, Seat] = {}
        self.places: dict[str, Place] = {}
        self.rounds: dict[Place, Round] = {}
        self.callbacks: dict[str, Place] = {}
        self.to_dial: dict[Requirement, None] = {}
        self.counted_on: dict[Seat, Place] = {}
        self.kept: dict[Seat, float] = {}
        self.unseated: dict[Place, None] = {}
        self.wrapping: dict[Seat, None] = {}
        self.sticky: dict[str, dict[Place, None]] = {}
        self.next_dial = NextDial()
        self.onward = NOWHERE
        self.break_limits = NO_LIMITS
        self.arrivals = 0
        self.blind = False
        self.held = False
        self.actor = SYSTEM
        self.effects: list[Effect] = []
        self.unmatched: list[Place] = []
        self.roomy: list[LiveQueue] = []
        self.freed: list[Seat] = []
        self.unchecked: list[Place] = []

    def write(
        self,
        kind: Kind,
        place: Place | None = None,
        seat: Seat | None = None,
        offer: Offer | None = None,
        actor: Actor | None = None,
        **data: Any,
    ) -> None:
        """One Record of this moment. `actor`: who did it, if not the floor's `actor`."""
        if place is not None and place.test:
            data["test"] = True
        self.effects.append(
            new_record(
                (
                    self.now,
                    kind,
                    None if place is None else place.id,
                    None if place is None else place.queue.id,
                    None if seat is None else seat.id,
                    None if offer is None else offer.id,
                    data,
                    self.actor if actor is None else actor,
                )
            )
        )

    def counts_not_on(self, seat: Seat) -> None:
        """The agent is not there for the citizen who is being dialled."""
        place = self.counted_on.pop(seat, None)
        if place is not None and place.callback is not None:
            place.callback.seat = None
            if not place.queue.definition.agent_first:  # else the agent rings for this citizen
                self.unseated[place] = None

    def nobody(self, line: Line) -> None:
        """From now on no agent who could serve `line` is signed in and there."""
        line.empty_since = self.now
        if line.places:
            self.effects.append(
                Record(self.now, Kind.AGENT_LAST_OUT, queue=line.queue.id, data={"language": line.language})
            )

    def queue(self, queue_id: str) -> LiveQueue:
        """The queue of this id; if the hotline does not have it, a removed one, which every caller leaves."""
        queue = self.queues.get(queue_id)
        if queue is None:
            queue = self.queues[queue_id] = LiveQueue.removed_one(queue_id)
            queue.onward = self.onward.of(queue_id)
        return queue

    def line(self, queue: LiveQueue, language: str) -> Line:
        """The line of `queue` for `language`. If no agent speaks the language, the first caller opens the line."""
        line = queue.lines.get(language)
        if line is None:
            line = queue.lines[language] = Line(queue, language)
            self.table.add_line(line)
        return line

    def skill_set(self, agent: Agent) -> SkillSet:
        """The skill set of `agent`, in a table that is in use. O(lines) for a new one."""
        skill_set = self.table.skill_set(agent)
        if skill_set.empty:
            for queue in self.queues.values():
                if queue.definition.served_by(skill_set.skills):
                    queue.serving.append(skill_set)
                for language in agent.languages:
                    self.line(queue, language)
        return skill_set

    def drop(self, skill_set: SkillSet) -> None:
        """Nobody has these skills any more. O(queues * skill sets)."""
        self.table.drop(skill_set)
        for queue in self.queues.values():
            if skill_set in queue.serving:
                queue.serving.remove(skill_set)

    def refit(self, queue: LiveQueue) -> None:
        """Find anew which skill sets serve `queue`."""
        definition = queue.definition
        queue.serving = self.table.serving(map(dict, definition.alternatives))
