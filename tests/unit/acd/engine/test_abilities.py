"""Skills and languages that are set while agents work: who is rung then, what is counted, and until when it holds."""

from acd.effects import Effect
from acd.engine.step import Engine
from acd.events import AbilitiesRequested
from acd.model import Queue
from agents.model import Abilities, Agent
from agents.states import AgentState, PhoneState
from journal.actor import SYSTEM, Actor
from journal.records import Kind
from tests.unit.acd.world import START, World, agent, by_id, cancelled, overflowed, queue, refused, rings

WANG = Actor.user("wang")


def knows(world: World, agent_id: str, languages: tuple[str, ...] = ("zh",), **skills: int) -> list[Effect]:
    changed = Agent(id=agent_id, name=agent_id, skills=skills, languages=languages)
    return world.tell(AbilitiesRequested(changed, True, WANG))


def test_a_waiting_caller_is_matched_at_once() -> None:
    world = World([queue(needs={"trees": 3}), queue("water")], [agent("11", trees=1), agent("12", water=1)])
    world.call("c1")
    assert rings(knows(world, "11", trees=3)) == [("11", "c1")]
    record = world.last(Kind.AGENT_SKILLS)
    assert (record.agent, record.actor) == ("11", WANG)
    assert record.data == {"skills": {"trees": 3}, "languages": ["zh"]}
    assert world.last(Kind.OFFERED).actor == SYSTEM
    assert world.engine.agent_view("11").edited == Abilities({"trees": 3}, ("zh",))
    assert world.engine.agent_view("12").edited is None


def test_a_language_that_nobody_spoke() -> None:
    world = World([queue()], [agent("11")])
    world.call("c1", language="en")
    assert rings(knows(world, "11", ("zh", "en"), trees=3)) == [("11", "c1")]


def test_an_agent_who_knows_a_subject_no_more_is_not_rung_for_it() -> None:
    world = World([queue(), queue("water")], [agent("11")])
    knows(world, "11", water=1)
    assert rings(world.call("c1")) == []
    assert rings(world.call("c2", "water")) == [("11", "c2")]


def test_a_ring_and_a_talk_go_on() -> None:
    world = World([queue(wrap_up=0), queue("water")], [agent("11")])
    world.call("c1")
    assert knows(world, "11", water=1) == []
    world.answer("11")
    world.connect("11")
    world.call("c2", "water")
    assert knows(world, "11", water=2) == []
    assert rings(world.end("c1")) == [("11", "c2")]


def test_queues_count_by_what_agents_know_now() -> None:
    world = World([queue(), queue("water")], [agent("11"), agent("12")])
    knows(world, "11", water=1)
    assert world.engine.queue_view("trees", world.now).agents["ready"] == 1
    assert world.engine.queue_view("water", world.now).agents["ready"] == 1
    assert world.engine.queue_view("water", world.now).estimate_s == 0
    knows(world, "12", water=1)
    assert world.engine.queue_view("trees", world.now).agents["ready"] == 0
    assert world.engine.queue_view("trees", world.now).estimate_s is None


def test_an_agent_who_is_away_stays_away() -> None:
    world = World([queue(), queue("water")], [agent("11")])
    world.phone("11", PhoneState.UNREACHABLE)
    world.wait(31)
    knows(world, "11", water=1)
    assert world.engine.queue_view("water", world.now).agents["unreachable"] == 1
    assert world.engine.queue_view("trees", world.now).agents["unreachable"] == 0


def test_a_queue_that_is_left_by_its_last_agent_sends_its_callers_on() -> None:
    world = World([queue(overflow=[{"nobody_signed_in": 5, "then": {"hangup": True}}]), queue("water")], [agent("11")])
    world.call("c1")
    world.call("c2")
    world.answer("11")
    world.connect("11")
    knows(world, "11", water=1)
    assert world.last(Kind.AGENT_LAST_OUT).queue == "trees"
    assert overflowed(world.wait(5)) == [("c2", 0)]


def test_a_line_that_the_agent_still_serves_is_not_left() -> None:
    world = World([queue(overflow=[{"nobody_signed_in": 0, "then": {"hangup": True}}])], [agent("11", trees=1)])
    world.ask("11", AgentState.NOT_READY)
    world.call("c1")
    assert overflowed(knows(world, "11", trees=2)) == []
    assert Kind.AGENT_LAST_OUT not in [record.kind for record in world.records]


def test_skill_sets_of_nobody_are_forgotten() -> None:
    """However often skills are set, the table does not grow."""
    world = World([queue(), queue("water")], [agent("11"), agent("12")])
    for level in range(1, 500):
        knows(world, "11", trees=1 + level % 5, water=1 + level % 3)
    floor = world.engine._floor
    assert len(list(floor.table.skill_sets)) == 2
    assert [len(live.serving) for live in floor.queues.values()] == [2, 1]
    assert {
        len(r.fits) for live in floor.queues.values() for line in live.lines.values() for r in line.requirements
    } <= {
        *(0, 1, 2),
    }


def test_the_same_again_is_no_record() -> None:
    world = World([queue()], [agent("11")])
    knows(world, "11", trees=2)
    before = len(world.records)
    assert knows(world, "11", trees=2) == []
    assert len(world.records) == before


def test_back_to_what_the_file_says() -> None:
    world = World([queue()], [agent("11")])
    knows(world, "11", water=2)
    assert world.tell(AbilitiesRequested(agent("11"), False, WANG)) == []
    assert world.engine.edited("11") is None
    assert world.last(Kind.AGENT_SKILLS).data == {"skills": None, "languages": None}
    assert rings(world.call("c1")) == [("11", "c1")]


def test_another_version_of_the_hotline_ends_it() -> None:
    world = World([queue(), queue("water")], [agent("11"), agent("12", water=1)])
    knows(world, "11", water=1)
    world.call("c1")
    assert rings(world.change([queue(), queue("water")], [agent("11"), agent("12", water=1)])) == [("11", "c1")]
    assert not world.engine.any_edited
    kinds = [record.kind for record in world.records]
    assert kinds.index(Kind.AGENT_SKILLS) < kinds.index(Kind.HOTLINE_CHANGED)
    assert world.last(Kind.AGENT_SKILLS).data["skills"] is None


def restarted(world: World, queues: list[Queue], agents: list[Agent], *, folded: bool) -> Engine:
    fresh = Engine(by_id(*queues), by_id(*agents), seed=1, now=START)
    snapshot, records = (fresh.snapshot(), world.records) if folded else (world.engine.snapshot(), [])
    return Engine.restored(by_id(*queues), by_id(*agents), snapshot, records, seed=2, now=world.now)


def test_a_restart_keeps_it_and_a_removed_agent_does_not() -> None:
    queues, agents = [queue(), queue("water")], [agent("11"), agent("12")]
    world = World(queues, agents)
    knows(world, "11", ("zh", "en"), water=2)
    for folded in (False, True):
        engine = restarted(world, queues, agents, folded=folded)
        assert engine.edited("11") == Abilities({"water": 2}, ("zh", "en"))
        assert engine.queue_view("water", world.now).agents["ready"] == 1
        without = restarted(world, queues, agents[1:], folded=folded)
        assert without.edited("11") is None
        assert not without.any_edited


def test_an_agent_who_is_not_there_is_refused() -> None:
    world = World([queue()], [agent("11"), agent("12")])
    assert refused(knows(world, "19", trees=1)) == ["There is no agent 19."]
    world.call("c1")
    world.answer("11")
    world.connect("11")
    assert cancelled(world.change([queue()], [agent("12")])) == []
    assert refused(knows(world, "11", trees=1)) == ["Agent 11 is no longer in this hotline."]
