"""Changes of agents' skills and languages while they work. They hold until the hotline changes."""

from acd.effects import Refuse
from acd.engine import presence
from acd.engine.floor import Floor
from acd.engine.parts import Seat
from agents.model import Abilities, Agent
from journal.records import Kind
from sentences.sentence import Sentence


def change(floor: Floor, seat: Seat, agent: Agent, *, edited: bool) -> None:
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
    _note(floor, seat, wanted)
    skill_set, earlier = floor.skill_set(agent), seat.skill_set
    if skill_set is earlier:
        return
    if seat.ready_in_set:
        floor.table.leave(seat)
    presence.change_set(floor, seat, skill_set)
    if earlier.empty:
        floor.drop(earlier)
    floor.freed.append(seat)


def forget(floor: Floor) -> None:
    """Another version of the hotline is about to come into use: from then on its skills and languages count."""
    for seat in floor.seats.values():
        if seat.edited is not None:
            _note(floor, seat, None)


def _note(floor: Floor, seat: Seat, abilities: Abilities | None) -> None:
    seat.edited = abilities
    skills = None if abilities is None else dict(abilities.skills)
    languages = None if abilities is None else list(abilities.languages)
    floor.write(Kind.AGENT_SKILLS, seat=seat, skills=skills, languages=languages)
