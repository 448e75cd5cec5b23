"""An agent is there if signed in, with a phone that can be reached, or could be reached until a moment ago.

A signed-in agent whose phone cannot be reached for `away_after` seconds is *away* and counts as signed out: for
`nobody_signed_in`, in estimates and in the counts of queues. The agent's state stays what it is. Once the phone can be
reached, the agent is there again.

A skill set counts its agents by state. So it learns here when one comes, goes, or gets other abilities.
"""

from acd.effects import Refuse
from acd.engine import sticky
from acd.engine.floor import Floor
from acd.engine.parts import Absence, Seat, SkillSet
from agents.model import Abilities, Agent
from agents.states import SIGNED_IN, WORKING, AgentState, PhoneState
from journal.records import Kind
from sentences.sentence import Sentence


def moved(floor: Floor, seat: Seat, state: AgentState) -> None:
    """The agent is about to go to `state`: starts or stops work, signs in or out."""
    signs_out = state not in SIGNED_IN
    if seat.away and not signs_out:
        return
    _count(floor, seat.skill_set, seat.counts_as, state)
    if signs_out:
        _stop(floor, seat)
        seat.skill_set.away -= seat.away
        seat.away = False
    elif seat.state not in SIGNED_IN and seat.phone is PhoneState.UNREACHABLE:
        _start(floor, seat)


def phone_changed(floor: Floor, seat: Seat) -> None:
    """The agent's phone can be reached, or cannot any more."""
    if seat.phone is not PhoneState.UNREACHABLE:
        _stop(floor, seat)
        if seat.away:
            _turn(floor, seat, away=False)
    elif seat.state in SIGNED_IN:
        _start(floor, seat)


def change_set(floor: Floor, seat: Seat, skill_set: SkillSet) -> None:
    """The agent belongs to `skill_set` from now on: joins it, then leaves the other. So a line that both sets could
    serve is covered all the time.
    """
    _member(floor, skill_set, seat, 1)
    _member(floor, seat.skill_set, seat, -1)
    seat.skill_set = skill_set


def due(floor: Floor, absence: Absence) -> None:
    """The agent is away. Not while Asterisk cannot be asked: it is not known then whether the phone can be reached."""
    if floor.blind:
        return
    seat = absence.seat
    absence.since = None
    floor.write(Kind.AGENT_PHONE, seat=seat, phone=seat.phone, away=True)
    _turn(floor, seat, away=True)


def phones_known(floor: Floor) -> None:
    """Asterisk can be asked again, and has named the phones that it reaches. The clocks of the others begin anew."""
    for seat in floor.seats.values():
        if seat.absence.since is not None:
            _start(floor, seat)


def limit(floor: Floor, away_after: float) -> None:
    """From now on an agent is away after `away_after` seconds. This holds for clocks that run, too."""
    if floor.away_after == away_after:
        return
    floor.away_after = away_after
    absences = [seat.absence for seat in floor.seats.values() if seat.absence.since is not None]
    # In the order of their timers, so that those that are due at the same moment keep it.
    for absence in sorted(absences, key=lambda absence: absence.timer[1] if absence.timer else 0):
        _arm(floor, absence)


def _start(floor: Floor, seat: Seat) -> None:
    seat.absence.since = floor.now
    _arm(floor, seat.absence)


def _arm(floor: Floor, absence: Absence) -> None:
    assert absence.since is not None
    floor.timers.arm(absence, absence.since + floor.away_after)


def _stop(floor: Floor, seat: Seat) -> None:
    seat.absence.since = None
    floor.timers.disarm(seat.absence)


def _turn(floor: Floor, seat: Seat, *, away: bool) -> None:
    before = seat.counts_as
    seat.away = away
    seat.skill_set.away += 1 if away else -1
    _count(floor, seat.skill_set, before, seat.counts_as)
    sticky.look(floor, seat)


def _count(floor: Floor, skill_set: SkillSet, before: AgentState, after: AgentState) -> None:
    """An agent of `skill_set` counted as `before` and counts as `after`."""
    signed_in = skill_set.signed_in
    skill_set.states[before] -= 1
    skill_set.states[after] += 1
    floor.table.works(skill_set, (after in WORKING) - (before in WORKING))
    if skill_set.signed_in is not signed_in:
        _cover(floor, skill_set, -1 if signed_in else 1)


def _member(floor: Floor, skill_set: SkillSet, seat: Seat, members: int) -> None:
    """The agent comes to `skill_set` (`members` 1), or leaves it (-1)."""
    signed_in = skill_set.signed_in
    skill_set.states[seat.counts_as] += members
    skill_set.away += seat.away * members
    floor.table.works(skill_set, members * (seat.counts_as in WORKING))
    if skill_set.signed_in is not signed_in:
        _cover(floor, skill_set, members)


def _cover(floor: Floor, skill_set: SkillSet, sets: int) -> None:
    """Let the lines know that `skill_set` could serve. `sets` is 1: its first agent is there; -1: its last is not."""
    for line in sorted(skill_set.lines, key=lambda line: (line.queue.id, line.language)):
        line.covered += sets
        if line.covered:
            line.empty_since = None
            floor.timers.disarm(line)
            continue
        floor.nobody(line)
        rules = line.queue.definition.overflow
        graces = [rule.nobody_signed_in for rule in rules if rule.nobody_signed_in is not None]
        if graces and line.places:
            floor.timers.arm(line, floor.now + min(graces))


def change_abilities(floor: Floor, seat: Seat, agent: Agent, *, edited: bool) -> None:
    """From now on the agent has the abilities of `agent`. Waiting callers are matched by them in this step; calls and
    rings go on.

    The agent moves to another skill set of the same table. To build the table anew, as a reload does, would take too
    long while callers are being matched.
    """
    if seat.removed:
        floor.effects.append(Refuse(Sentence("Agent {agent} is no longer in this hotline.", agent=seat.id)))
        return
    wanted = agent.abilities if edited else None
    if seat.edited == wanted:
        return
    _note_abilities(floor, seat, wanted)
    skill_set, earlier = floor.skill_set(agent), seat.skill_set
    if skill_set is earlier:
        return
    if seat.ready_in_set:
        floor.table.leave(seat)
    change_set(floor, seat, skill_set)
    if earlier.empty:
        floor.drop(earlier)
    floor.freed.append(seat)
    sticky.look(floor, seat)


def forget_abilities(floor: Floor) -> None:
    """Another version of the hotline is about to come into use: from then on its skills and languages count."""
    for seat in floor.seats.values():
        if seat.edited is not None:
            _note_abilities(floor, seat, None)


def _note_abilities(floor: Floor, seat: Seat, abilities: Abilities | None) -> None:
    seat.edited = abilities
    skills = None if abilities is None else dict(abilities.skills)
    languages = None if abilities is None else list(abilities.languages)
    floor.write(Kind.AGENT_SKILLS, seat=seat, skills=skills, languages=languages)
