"""Which agents fit which callers, and which agent is chosen.

The table says which skill set meets which requirement. An arriving caller is compared with the skill sets that have a
ready agent, a freed agent with the heads of the requirements that the skill set meets: neither compares all calls.
"""

from collections.abc import Callable, Iterable, Mapping
from random import Random

from acd.engine.parts import NOBODY, Entry, Fit, Line, Measure, Place, Requirement, Seat, SkillSet
from acd.model import Strategy
from agents.model import Agent

MEASURES: dict[Strategy, Measure] = {
    Strategy.LONGEST_IDLE: Measure.IDLE,
    Strategy.MOST_SKILLED: Measure.IDLE,
    Strategy.FEWEST_CALLS: Measure.CALLS,
    Strategy.LEAST_TALK: Measure.TALK,
    Strategy.ROUND_ROBIN: Measure.ORDER,
    Strategy.LINEAR: Measure.ORDER,
    Strategy.RANDOM: Measure.IDLE,
    Strategy.RING_ALL: Measure.IDLE,
}
"""The order in which each strategy looks at the ready agents of one skill set."""

Key = tuple[float, float, float, str]


class Table:
    """Skill sets, requirements, and which meets which. Built once for a version of the hotline."""

    def __init__(self, strategies: Iterable[Strategy]) -> None:
        measures = {MEASURES[strategy] for strategy in strategies} | {Measure.IDLE}
        self._measures = tuple(measure for measure in Measure if measure in measures)
        self._sets: dict[tuple[frozenset[tuple[str, int]], frozenset[str]], SkillSet] = {}
        self._ready: dict[SkillSet, None] = {}
        self._lines: list[Line] = []

    @property
    def skill_sets(self) -> Iterable[SkillSet]:
        """All of them."""
        return self._sets.values()

    def skill_set(self, agent: Agent) -> SkillSet:
        """The skill set of `agent`; a new one is compared with every line. O(lines)."""
        key = (frozenset(agent.skills.items()), frozenset(agent.languages))
        skill_set = self._sets.get(key)
        if skill_set is None:
            skill_set = self._sets[key] = SkillSet(agent, self._measures)
            for line in self._lines:
                self._relate(skill_set, line)
        return skill_set

    def drop(self, skill_set: SkillSet) -> None:
        """Nobody has these skills any more. O(requirements that they meet)."""
        del self._sets[frozenset(skill_set.skills.items()), skill_set.languages]
        for requirement in skill_set.meets:
            del requirement.fits[skill_set]

    def add_line(self, line: Line) -> None:
        """From now on callers may wait in `line`. O(skill sets)."""
        self._lines.append(line)
        for skill_set in self._sets.values():
            self._relate(skill_set, line)

    def _relate(self, skill_set: SkillSet, line: Line) -> None:
        if line.language not in skill_set.languages:
            return
        working = skill_set.working
        self.works(skill_set, -working)
        for requirement in line.requirements:
            for step, needs in enumerate(requirement.alternatives):
                levels = skill_set.fit(needs)
                if levels is not None:
                    requirement.fits[skill_set] = Fit(step, levels)
                    skill_set.meets.append(requirement)
                    break
        if skill_set in line.ever:
            skill_set.lines.append(line)
            if skill_set.signed_in:
                line.covered += 1
                line.empty_since = None
        self.works(skill_set, working)

    @staticmethod
    def works(skill_set: SkillSet, more: int) -> None:
        """`more` agents of the set are at work (negative: fewer). O(requirements * lines), seldom."""
        if not more:
            return
        for requirement in skill_set.meets:
            requirement.working += more
            shared = requirement.shared
            for line in skill_set.lines:
                shared[line] = shared.get(line, 0) + more

    def ready_for(self, requirement: Requirement) -> int:
        """How many agents who meet `requirement` are ready. O(skill sets with a ready agent)."""
        return sum(skill_set.ready for skill_set in self._ready if skill_set in requirement.fits)

    def serving(self, needs: Iterable[dict[str, int]]) -> list[SkillSet]:
        """The skill sets that meet any of `needs`, in any language. O(skill sets)."""
        wanted = list(needs)
        return [s for s in self._sets.values() if any(s.fit(alternative) is not None for alternative in wanted)]

    def enter(self, seat: Seat) -> None:
        """The agent is ready and fits no waiting caller."""
        seat.skill_set.add(seat)
        self._ready[seat.skill_set] = None

    def leave(self, seat: Seat) -> None:
        """The agent is not ready any more."""
        seat.skill_set.remove(seat)
        if not seat.skill_set.ready:
            del self._ready[seat.skill_set]

    @property
    def anybody_ready(self) -> bool:
        """Whether anybody is ready at all."""
        return bool(self._ready)

    @staticmethod
    def longest_waiting(skill_set: SkillSet) -> Place | None:
        """The caller to be served next by an agent of this set: the lowest rank of all who fit, and whose queue has
        not reached its limit. O(requirements).
        """
        best: Entry = NOBODY
        for requirement in skill_set.meets:
            head = requirement.head
            if head < best:
                best = head
        place = best[2]
        if place is not None and place.queue.full:  # seldom: so the others are looked at only now
            heads = (requirement.head for requirement in skill_set.meets)
            place = min((head for head in heads if head[2] is not None and not head[2].queue.full), default=NOBODY)[2]
        return place

    def choose(self, place: Place, seats: Mapping[str, Seat], seed: int, turn: int) -> Seat | None:
        """The ready agent to ring for a waiting place by its queue's strategy, or None. O(skill sets + log n).

        Agents who meet an earlier alternative go first. The agent rung last for this place is taken only if nobody else
        fits. Ties: idle longest, then the lower id. A random choice depends on `seed` and `turn` alone, so that it can
        be repeated.
        """
        assert place.requirement is not None
        last = None if place.last_agent is None else seats.get(place.last_agent)
        if last is not None and not last.ready_in_set:
            last = None
        found = self._candidates(place.requirement, last)
        if found:
            if place.queue.definition.strategy is Strategy.RANDOM:
                return _by_chance(found, last, Random(f"{seed}-{turn}"))
            key = _key(place, last, seats)
            return min((key(skill_set, fit) for skill_set, fit in found))[1]
        return last if last is not None and last.skill_set in place.requirement.fits else None

    def everybody(self, place: Place) -> list[Seat]:
        """Ring-all: the ready agents who meet the earliest alternative that any of them meets, idle longest first.

        Agents rung last for this place are left out, unless nobody else fits. O(skill sets + those found).
        """
        assert place.requirement is not None
        fits = [(s, fit) for s, fit in place.requirement.fits.items() if s in self._ready]
        rung = {s: [seat for seat in s.seats() if place.rang_last(seat)] for s, _ in fits}
        others = [(s, fit) for s, fit in fits if len(rung[s]) < s.ready]
        step = min((fit.step for _, fit in others or fits), default=0)
        found = [
            seat
            for s, fit in others or fits
            if fit.step == step
            for seat in s.seats()
            if not others or seat not in rung[s]
        ]
        return sorted(found, key=lambda seat: seat.rank(Measure.IDLE))

    def _candidates(self, requirement: Requirement, but: Seat | None) -> list[tuple[SkillSet, Fit]]:
        """Of the sets with a ready agent other than `but`: those that meet the earliest alternative that any meets."""
        fits, ready = requirement.fits, self._ready
        found: list[tuple[SkillSet, Fit]] = []
        for skill_set in fits if len(fits) < len(ready) else ready:
            fit = fits.get(skill_set)
            if fit is None or skill_set not in ready:
                continue
            if but is not None and but.skill_set is skill_set and skill_set.ready == 1:
                continue
            if found and fit.step > found[0][1].step:
                continue
            if found and fit.step < found[0][1].step:
                found.clear()
            found.append((skill_set, fit))
        return found


def _key(place: Place, but: Seat | None, seats: Mapping[str, Seat]) -> Callable[[SkillSet, Fit], tuple[Key, Seat]]:
    """The key by which the queue's strategy compares the first agents of two sets: lowest wins."""
    strategy = place.queue.definition.strategy
    measure = MEASURES[strategy]
    if strategy is Strategy.MOST_SKILLED:

        def by_levels(skill_set: SkillSet, fit: Fit) -> tuple[Key, Seat]:
            _, idle, agent_id, seat = skill_set.first(measure, but)
            return (-fit.levels, idle, 0, agent_id), seat

        return by_levels
    if strategy is Strategy.ROUND_ROBIN:
        rung = seats.get(place.queue.last_agent or "")
        rung_last = -1 if rung is None or rung.removed else rung.order

        def by_turn(skill_set: SkillSet, _: Fit) -> tuple[Key, Seat]:
            order, idle, agent_id, seat = skill_set.first(measure, but, after=rung_last)
            return (order <= rung_last, order, idle, agent_id), seat

        return by_turn

    def by_measure(skill_set: SkillSet, _: Fit) -> tuple[Key, Seat]:
        first, idle, agent_id, seat = skill_set.first(measure, but)
        return (first, idle, 0, agent_id), seat

    return by_measure


def _by_chance(found: list[tuple[SkillSet, Fit]], but: Seat | None, chance: Random) -> Seat:
    """Any ready agent other than `but`, each equally likely."""
    sets = sorted((skill_set for skill_set, _ in found), key=lambda skill_set: skill_set.order)
    total = sum(skill_set.ready for skill_set in sets)
    while True:
        index = chance.randrange(total)
        for skill_set in sets:
            if index < skill_set.ready:
                seat = skill_set.at(index)
                break
            index -= skill_set.ready
        if seat is not but:
            return seat
