"""Snapshot and fold of Records give the engine back, after whatever time and with whatever hotline."""

import json
from copy import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd.effects import LeaveQueue
from acd.engine.step import Engine
from acd.events import (
    Announced,
    CallbackPromised,
    Company,
    CompanyChanged,
    LinkLost,
    OfferAnswered,
    OfferConnected,
    OfferFailure,
    Resynced,
    Tick,
)
from acd.model import Onward, Queue
from acd.recovery.state import UnreadableSnapshot
from agents.model import Agent
from agents.states import AgentState, PhoneState
from journal.records import Kind, Record
from tests.unit.acd.engine.comparing import plain
from tests.unit.acd.world import START, World, agent, agent_ids, announced, by_id, cancelled, overflowed, queue, rings

READY, NOT_READY = AgentState.READY, AgentState.NOT_READY
THEN = {"hangup": True}


TREES = {"queue": "elms"}


def reborn(
    world: World,
    queues: list[Queue],
    agents: list[Agent],
    *,
    away: float = 0,
    snapshot: dict[str, Any] | None = None,
    records: list[Record] | None = None,
    **given: Any,
) -> World:
    """The world after its service died and came back `away` seconds later, from all Records if nothing else is said."""
    after = copy(world)
    after.records, after.effects, after.ringing = list(world.records), list(world.effects), dict(world.ringing)
    after.now += away
    given.setdefault("seed", 2)
    records = world.records if records is None else records
    after.engine = Engine.restored(by_id(*queues), by_id(*agents), snapshot, records, now=after.now, **given)
    return after


def known(world: World) -> dict[str, Any]:
    return plain(world.engine.snapshot(), set(), set())


def test_from_records_alone() -> None:
    queues, agents = [queue(wrap_up=5)], [agent("11"), agent("12"), agent("13")]
    world = World(queues, agents)
    for call in ("talks", "rings", "c3", "c4"):
        world.call(call)
    world.wait(10)
    world.connect("11")
    after = reborn(world, queues, agents)
    assert [after.state(a) for a in ("11", "12", "13")] == [AgentState.ON_CALL, AgentState.RINGING, AgentState.RINGING]
    assert after.engine.position("c4") == 1
    after.connect("12")
    after.end("talks")
    assert rings(after.wait(5)) == [("11", "c4")]
    assert after.last(Kind.CONNECTED).data["waited_s"] == 10.0


def test_a_service_that_dies_between_any_two_records_of_a_call_knows_where_it_is() -> None:
    """Each Record is kept by itself. The caller waits, is offered, or talks; and is forgotten in no case."""
    queues, agents = [queue(wrap_up=5)], [agent("11")]
    world = World(queues, agents)
    world.call("c1")
    world.wait(3)
    world.connect("11")
    world.end("c1")
    kinds = [record.kind for record in world.records]
    queued, connected, ended = (kinds.index(kind) for kind in (Kind.QUEUED, Kind.CONNECTED, Kind.TALK_ENDED))
    for kept in range(queued + 1, len(kinds) + 1):
        after = reborn(world, queues, agents, records=world.records[:kept])
        after.wait(0)
        if kept <= connected:
            assert after.state("11") is AgentState.RINGING, kinds[:kept]
        elif kept <= ended:
            assert after.state("11") is AgentState.ON_CALL, kinds[:kept]
            after.end("c1")
            assert after.last(Kind.TALK_ENDED).call == "c1", kinds[:kept]
        assert bool(after.engine.calls()) == (kept <= connected), kinds[:kept]


def test_a_clock_that_went_back_meanwhile_does_not_take_the_engine_with_it() -> None:
    queues, agents = [queue()], [agent("11")]
    world = World(queues, agents)
    world.wait(100)
    world.call("c1")
    after = reborn(world, queues, agents, away=-3_600)
    after.call("c2")
    assert after.last(Kind.QUEUED).at == START + 100


def test_the_snapshot_of_an_engine_that_has_done_nothing_yet_is_json_too() -> None:
    queues, agents = [queue()], [agent("11")]
    fresh = Engine(by_id(*queues), by_id(*agents), seed=1, now=START)
    snapshot = json.loads(json.dumps(fresh.snapshot(), allow_nan=False))
    assert snapshot["day_ends"] is None
    assert agent_ids(Engine.restored(by_id(*queues), by_id(*agents), snapshot, [], seed=1, now=START)) == ["11"]


def test_ids_of_offers_are_never_given_twice() -> None:
    queues, agents = [queue(missed_offers=9)], [agent("11")]
    world = World(queues, agents)
    world.call("c1")
    before = world.offer("11")
    for seed in (1, 2):
        after = reborn(world, queues, agents, seed=seed)
        after.fail("11")
        assert after.offer("11") != before


def test_what_became_due_meanwhile_comes_in_the_first_step() -> None:
    relax = [{"after": 30, "needs": {"general": 1}}]
    queues = [
        queue(needs={"trees": 3}, relax=relax, wrap_up=20),
        queue("water", overflow=[{"waited": 60, "then": THEN}], needs={"trees": 3}),
    ]
    agents = [agent("11", trees=3), agent("12", general=1)]
    world = World(queues, agents)
    world.call("c0")
    world.talk("11")
    world.ask("11", AgentState.LOGGED_OUT)
    world.call("c1")
    world.call("c2", "water")
    after = reborn(world, queues, agents, away=300)
    assert after.engine.deadline() == after.now, "it wants a step at once"
    effects = after.tell(Tick())
    assert rings(effects) == [("12", "c1")]
    assert overflowed(effects) == [("c2", 0)]


def test_rings_wrap_ups_and_pauses_end_when_they_would_have() -> None:
    queues, agents = [queue(ring=15, wrap_up=100, missed_offers=3)], [agent("11"), agent("12"), agent("13")]
    world = World(queues, agents)
    for call in ("c1", "c2", "c3"):
        world.call(call)
    world.connect("11")
    world.end("c1")
    world.fail("12", OfferFailure.FAILED)
    world.wait(2)
    after = reborn(world, queues, agents)
    assert rings(after.wait(1)) == [("12", "c2")], "the pause is over"
    assert cancelled(after.wait(17)) == [("13", "timed-out")]
    assert after.state("11") is AgentState.WRAP_UP
    assert after.engine.agent_view("11").until == START + 100


def test_a_pause_that_ended_meanwhile_is_over() -> None:
    queues, agents = [queue(strategy="linear")], [agent("11"), agent("12")]
    world = World(queues, agents)
    world.call("c1")
    world.fail("11", OfferFailure.FAILED)
    world.leave("c1")
    after = reborn(world, queues, agents, away=60)
    assert rings(after.call("c2")) == [("11", "c2")]


@pytest.mark.parametrize("wrap_up", [0, 20])
def test_a_talk_that_a_colleague_has_sent_ends_a_pause_and_the_fold_knows(wrap_up: int) -> None:
    """The wrap-up has the timer that would end the pause: the agent would never be rung again."""
    queues, agents = [queue(wrap_up=wrap_up)], [agent("11")]
    world = World(queues, agents)
    world.call("c1")
    world.fail("11", OfferFailure.FAILED)
    world.leave("c1")
    for company in (Company.TALKS, None):
        world.tell(CompanyChanged("sent", "11", company, "trees"))
        assert known(reborn(world, queues, agents)) == known(world)
    world.wait(wrap_up)
    after = reborn(world, queues, agents)
    assert known(after) == known(world)
    for each in (world, after):
        assert rings(each.call("c2")) == [("11", "c2")]
        each.fail("11", OfferFailure.FAILED)
        assert each.last(Kind.OFFER_FAILED).data["pause_s"] == 3, "the first one again"


def test_an_agent_who_answers_an_offer_from_before_too_late_is_hung_up() -> None:
    queues, agents = [queue()], [agent("11")]
    world = World(queues, agents)
    world.call("c1")
    offer = world.offer("11")
    world.leave("c1")
    after = reborn(world, queues, agents)
    for late in (OfferAnswered(offer), OfferConnected(offer)):
        assert cancelled(after.tell(late)) == [("11", "caller-left")]


def test_ring_all_goes_on_and_an_agent_who_comes_free_joins() -> None:
    queues, agents = [queue(strategy="ring-all")], [agent("11"), agent("12"), agent("13")]
    world = World(queues, agents)
    world.ask("13", NOT_READY)
    world.call("c1")
    after = reborn(world, queues, agents)
    assert rings(after.ask("13", READY)) == [("13", "c1")]
    assert cancelled(after.answer("12")) == [("11", "answered-elsewhere"), ("13", "answered-elsewhere")]


def test_an_agent_who_is_gone_from_the_hotline_stops_ringing_and_one_who_is_new_is_there() -> None:
    queues = [queue()]
    world = World(queues, [agent("11"), agent("12")])
    world.ask("12", AgentState.LOGGED_OUT)
    world.call("c1")
    after = reborn(world, queues, [agent("12"), agent("14")], away=5, version="new")
    assert after.engine.deadline() == after.now
    assert cancelled(after.tell(Tick())) == [("11", "agent-removed")]
    assert after.last(Kind.HOTLINE_CHANGED).data == {"version": "new", "added": ["14"], "removed": ["11"]}
    assert agent_ids(after.engine) == ["12", "14"]
    assert after.engine.agent_view("14").since == after.now
    again = reborn(after, queues, [agent("12"), agent("14")])
    assert agent_ids(again.engine) == ["12", "14"]


def test_a_removed_agent_who_talks_is_signed_out_after_the_call() -> None:
    queues = [queue()]
    world = World(queues, [agent("11")])
    world.call("c1")
    world.connect("11")
    after = reborn(world, queues, [])
    assert after.state("11") is AgentState.ON_CALL
    after.end("c1")
    assert agent_ids(after.engine) == []


@pytest.mark.parametrize("company", Company)
def test_a_removed_agent_whose_second_call_ends_the_first_is_gone_and_comes_back_without_it(company: Company) -> None:
    queues, agents = [queue()], [agent("11")]
    world = World(queues, agents)
    world.tell(CompanyChanged("first", "11", Company.RINGS, "trees"))
    world.change(queues, [])
    world.tell(CompanyChanged("second", "11", company))
    assert agent_ids(world.engine) == []
    world.change(queues, agents)
    assert known(reborn(world, queues, agents)) == known(world)


def test_a_queue_that_nobody_knows_any_more_sends_its_callers_on_and_its_talks_end_well() -> None:
    world = World([queue(), queue("water")], [agent("11", water=1)])
    world.call("talks", "water")
    world.connect("11")
    world.call("c1", "water")
    after = reborn(world, [queue()], [agent("11", water=1)], onward=Onward({"water": TREES}))
    assert after.tell(Tick()) == [LeaveQueue("c1", "water", None, TREES)]
    after.end("talks")
    assert after.state("11") is AgentState.WRAP_UP


def test_a_call_that_a_colleague_sends_from_a_queue_that_is_taken_out_is_wrapped_up() -> None:
    queues, agents = [queue()], [agent("11")]
    world = World([*queues, queue("elms")], agents)
    world.call("c1")
    world.tell(CompanyChanged("sent", "11", Company.RINGS, "elms"))
    world.connect("11")
    world.change(queues, agents)
    after = reborn(world, queues, agents)
    after.end("c1")
    after.tell(CompanyChanged("sent", "11", Company.TALKS, "elms"))
    after.tell(CompanyChanged("sent", "11", None))
    assert after.state("11") is AgentState.WRAP_UP


@pytest.mark.parametrize("written", range(8))
def test_a_service_that_dies_while_a_queue_is_taken_out_loses_nobody(written: int) -> None:
    """Whatever is written by then: each caller is sent on before it or after it, and once."""
    water = [queue("water")]
    world = World([queue(), *water], [], signed_in=False)
    for call in ("c1", "c2", "c3"):
        world.call(call)
    before = len(world.records)
    world.change(water, [], Onward({"trees": TREES}))
    known = world.records[: before + written]
    told = [record.call for record in known if record.kind is Kind.OVERFLOWED]
    after = reborn(world, water, [], records=known, onward=Onward({"trees": TREES}))
    assert [effect.call_id for effect in after.tell(Tick()) if isinstance(effect, LeaveQueue)] == [
        call for call in ("c1", "c2", "c3") if call not in told
    ]
    assert after.engine.calls() == []
    assert reborn(after, water, [], onward=Onward({"trees": TREES})).tell(Tick()) == []


def test_a_ring_from_a_removed_queue_stands_over_a_restart() -> None:
    world = World([queue(), queue("water")], [agent("11")])
    world.call("c1")
    onward = Onward(others=TREES)
    world.change([queue("water")], [agent("11")], onward)
    after = reborn(world, [queue("water")], [agent("11")], onward=onward)
    assert after.tell(Tick()) == []
    assert after.fail("11") == [LeaveQueue("c1", "trees", None, TREES)]


def test_the_counts_of_the_day_are_kept_and_end_with_it() -> None:
    queues, agents = [queue(strategy="fewest-calls", wrap_up=0)], [agent("11"), agent("12")]
    world = World(queues, agents)
    world.call("c1")
    world.talk("11")
    level = world.engine.queue_view("trees", world.now).service_level
    after = reborn(world, queues, agents)
    assert after.engine.queue_view("trees", after.now).service_level == level == 100.0
    assert rings(after.call("c2")) == [("12", "c2")]
    after.leave("c2")
    tomorrow = reborn(world, queues, agents, away=86_400)
    assert tomorrow.engine.queue_view("trees", tomorrow.now).service_level is None
    assert rings(tomorrow.call("c2")) == [("12", "c2")], "idle longest"


def test_a_day_that_ended_between_two_records_begins_anew_in_the_fold_too() -> None:
    queues, agents = [queue(wrap_up=0)], [agent("11")]
    world = World(queues, agents)
    world.call("c1")
    world.talk("11")
    world.now = START - START % 86_400 + 86_400
    world.call("c2")
    after = reborn(world, queues, agents).engine
    seat = after.snapshot()["seats"]["11"]
    assert (seat["calls"], seat["talk"]) == (0, 0.0)
    assert after.queue_view("trees", world.now).service_level is None


def test_what_was_chosen_for_after_the_call_is_kept() -> None:
    queues, agents = [queue(wrap_up=20)], [agent("11")]
    world = World(queues, agents)
    world.call("c1")
    world.connect("11")
    world.ask("11", NOT_READY, "lunch")
    assert world.last(Kind.AGENT_NEXT_STATE).data == {"state": "not-ready", "reason": "lunch"}
    after = reborn(world, queues, agents)
    after.end("c1")
    after.wait(20)
    assert (after.state("11"), after.engine.agent_view("11").reason) == (NOT_READY, "lunch")


def test_the_clock_of_nobody_signed_in_goes_on() -> None:
    queues, agents = [queue(overflow=[{"nobody_signed_in": 10, "then": THEN}])], [agent("11")]
    world = World(queues, agents)
    world.phone("11", PhoneState.BUSY)
    world.call("c1")
    world.wait(100)
    world.ask("11", AgentState.LOGGED_OUT)
    assert world.last(Kind.AGENT_LAST_OUT).data == {"language": "zh"}
    world.wait(4)
    after = reborn(world, queues, agents)
    assert after.wait(5) == []
    assert overflowed(after.wait(1)) == [("c1", 0)]


def test_announcements_go_on_where_they_were() -> None:
    queues = [queue(announce={"every": 30, "messages": [{"*": "one"}, {"*": "two"}]})]
    world = World(queues, [], signed_in=False)
    world.call("c1")
    world.wait(40)
    after = reborn(world, queues, [])
    assert announced(after.wait(19)) == []
    assert [(call, after.last(Kind.ANNOUNCED).data["message"]) for call, *_ in announced(after.wait(1))] == [("c1", 1)]


def test_what_falls_due_while_something_is_said_comes_when_it_would_after_a_restart() -> None:
    """A ring cuts an announcement short; that it is over comes late."""
    queues, agents = [queue(announce={"every": 12})], [agent("11")]
    world = World(queues, agents, signed_in=False)
    world.call("c1")
    world.wait(3)
    world.ask("11", READY)
    world.fail("11")
    world.wait(3)
    world.tell(Announced("c1"))
    after = reborn(world, queues, agents)
    assert announced(world.wait(3)) == announced(after.wait(3)) != []


def test_a_snapshot_is_json_and_gives_itself_back() -> None:
    queues, agents = (
        [queue(strategy="ring-all"), queue("water", wrap_up=60)],
        [agent("11"), agent("12"), agent("13", water=1)],
    )
    world = World(queues, agents)
    for call, where in (("c1", "trees"), ("c2", "water"), ("c3", "trees"), ("c4", "water")):
        world.call(call, where)
    world.connect("13")
    world.end("c2")
    snapshot = json.loads(json.dumps(world.engine.snapshot()))
    after = reborn(world, queues, agents, snapshot=snapshot, records=[])
    assert _but_armed(after.engine.snapshot()) == _but_armed(snapshot)


def _but_armed(value: Any) -> Any:
    """Without the numbers that only order timers."""
    if isinstance(value, dict):
        return {key: _but_armed(inner) for key, inner in value.items() if key != "armed"}
    return sorted(value, key=str) if isinstance(value, list) else value


@pytest.mark.parametrize(
    "snapshot", [{}, {"format": 0}, {"format": 1, "places": 7}, {"format": 1, "seats": {"11": {}}}]
)
def test_what_is_no_snapshot_is_said_to_be_none(snapshot: dict[str, Any]) -> None:
    with pytest.raises(UnreadableSnapshot):
        Engine.restored({}, {}, snapshot, [], seed=1)


@given(data=st.data(), kept=st.floats(0, 1))
def test_it_can_be_restored_whatever_records_are_missing(data: st.DataObject, kept: float) -> None:
    """The journal may have lost some: what is left makes an engine that runs, in which everybody can come to rest."""
    queues = [queue(strategy="ring-all", wrap_up=20), queue("water", announce={"every": 10})]
    agents = [agent("11"), agent("12"), agent("13", water=1), agent("14", water=2, trees=1)]
    world = World(queues, agents)
    for number in range(8):
        world.call(f"c{number}", "trees" if number % 2 else "water")
        world.wait(1)
    world.connect("13")
    world.answer("11")
    world.connect("11")
    world.fail("12", OfferFailure.BUSY)
    world.phone("12", PhoneState.FREE)
    world.end("c0")
    world.change([queue(strategy="linear"), queue("air")], agents[1:])
    world.wait(30)
    records = [r for r in world.records if data.draw(st.floats(0, 1)) <= kept]
    after = reborn(world, [queue(strategy="linear"), queue("water")], agents, records=records, away=1)
    after.tell(Tick())
    for call_id in [f"c{number}" for number in range(8)]:
        after.leave(call_id)
        assert after.engine.position(call_id) is None
    after.wait(10_000)
    for agent_id in agent_ids(after.engine):
        assert after.state(agent_id) in (READY, NOT_READY, AgentState.LOGGED_OUT)
        after.ask(agent_id, READY)
        after.phone(agent_id, PhoneState.FREE)
    assert rings(after.call("new"))


def test_the_first_event_may_be_that_a_waiting_caller_is_to_be_called_back() -> None:
    queues, agents = [queue(overflow=[{"waited": 60, "then": THEN}])], [agent("11")]
    world = World(queues, agents, signed_in=False)
    world.call("waits")
    after = reborn(world, queues, agents, away=70)
    assert after.tell(CallbackPromised("waits", "b1")) == []
    assert after.engine.callback_position("b1") == 1


def test_effects_of_the_restoration_are_told_once() -> None:
    queues = [queue()]
    world = World(queues, [agent("11")])
    world.call("c1")
    after = reborn(world, queues, [])
    records = [effect for effect in after.engine.step(Tick(), after.now) if isinstance(effect, Record)]
    assert records
    assert after.tell(Tick()) == []
    assert after.engine.deadline() is None


def test_a_removed_agent_is_told_at_once_even_if_nobody_waits() -> None:
    world = World([queue()], [agent("11")])
    after = reborn(world, [queue()], [])
    assert after.engine.deadline() == after.now


# --- before Asterisk could be asked


def test_unseen_no_phone_can_be_reached_and_nobody_is_rung_until_it_is_said() -> None:
    queues, agents = [queue()], [agent("11")]
    world = World(queues, agents)
    before = reborn(world, queues, agents, away=5, unseen=True)
    assert before.tell(LinkLost()) == []
    assert before.engine.agent_view("11").phone is PhoneState.UNREACHABLE
    assert before.call("c1") == []
    assert rings(before.phone("11", PhoneState.FREE)) == [("11", "c1")]


def test_unseen_no_ring_is_given_up_either() -> None:
    queues, agents = [queue(ring=15)], [agent("11")]
    world = World(queues, agents)
    world.call("c1")
    after = reborn(world, queues, agents, away=120, unseen=True)
    assert after.wait(300) == []
    assert [view.call_id for view in after.engine.offers()] == ["c1"]


@pytest.mark.parametrize("answered", [False, True])
def test_while_asterisk_cannot_be_asked_an_overdue_ring_is_not_given_up_and_afterwards_it_is(answered: bool) -> None:
    queues, agents = [queue(ring=15)], [agent("11")]
    world = World(queues, agents)
    world.call("c1")
    offer = world.offer("11")
    if answered:
        world.answer("11")
    after = reborn(world, queues, agents, away=120, unseen=True)
    after.tell(LinkLost())
    after.wait(300)
    assert after.last(Kind.OFFERED).offer == offer
    assert [view.id for view in after.engine.offers()] == [offer]
    after.tell(Resynced())
    after.wait(6)
    assert after.last(Kind.OFFER_FAILED).data["reason"] == OfferFailure.FAILED
    assert after.last(Kind.OFFER_FAILED).data["missed"] == 0, "nobody knows whether the phone rang"
    assert after.state("11") is READY
    assert after.engine.position("c1") == 1


def test_a_ring_that_was_overdue_while_nobody_watched_may_have_become_a_talk() -> None:
    queues, agents = [queue(ring=15)], [agent("11")]
    world = World(queues, agents)
    world.call("c1")
    offer = world.offer("11")
    after = reborn(world, queues, agents, away=120, unseen=True)
    after.tell(LinkLost())
    after.tell(OfferAnswered(offer))
    after.tell(OfferConnected(offer))
    after.tell(Resynced())
    after.wait(60)
    assert after.state("11") is AgentState.ON_CALL
    assert [(view.id, view.agent) for view in after.engine.calls()] == [("c1", "11")]


@pytest.mark.parametrize("state", [AgentState.NOT_READY, AgentState.LOGGED_OUT])
@pytest.mark.parametrize("talks", [True, False])
def test_an_agent_who_goes_after_an_unseen_answer_keeps_the_caller(state: AgentState, talks: bool) -> None:
    world = World([queue()], [agent("11")])
    world.call("c1")
    offer = world.offer("11")
    world.tell(LinkLost())
    assert cancelled(world.ask("11", state, "lunch")) == []
    assert (world.state("11"), world.engine.agent_view("11").next_state) == (AgentState.RINGING, state)
    if talks:
        world.tell(OfferAnswered(offer))
        world.tell(OfferConnected(offer))
    stopped = cancelled(world.tell(Resynced()))
    assert stopped == ([] if talks else [("11", "agent-left")])
    assert world.state("11") is (AgentState.ON_CALL if talks else state)
    if talks:
        world.end("c1")
        world.ask("11", state)
    assert world.state("11") is state


def test_an_agent_who_goes_and_comes_unseen_stays() -> None:
    world = World([queue()], [agent("11")])
    world.call("c1")
    world.tell(LinkLost())
    world.ask("11", AgentState.NOT_READY)
    world.ask("11", READY)
    assert cancelled(world.tell(Resynced())) == []
    world.leave("c1")
    assert world.state("11") is READY


@pytest.mark.parametrize("talks", [True, False])
def test_an_agent_who_is_removed_after_an_unseen_answer_keeps_the_caller(talks: bool) -> None:
    queues = [queue(wrap_up=0)]
    world = World(queues, [agent("11"), agent("12", water=1)])
    world.call("c1")
    offer = world.offer("11")
    after = reborn(world, queues, [agent("12", water=1)], away=5, unseen=True)
    assert cancelled(after.tell(LinkLost())) == []
    if talks:
        after.tell(OfferAnswered(offer))
        after.tell(OfferConnected(offer))
    assert cancelled(after.tell(Resynced())) == ([] if talks else [("11", "agent-removed")])
    assert agent_ids(after.engine) == (["12", "11"] if talks else ["12"])
    assert after.engine.position("c1") == (None if talks else 1)
    if talks:
        after.end("c1")
        assert agent_ids(after.engine) == ["12"]


def test_a_link_that_is_lost_twice_and_found_once() -> None:
    queues, agents = [queue(ring=15)], [agent("11")]
    world = World(queues, agents)
    world.call("c1")
    for event in (LinkLost(), LinkLost(), Resynced()):
        world.tell(event)
    world.wait(21)
    assert world.last(Kind.OFFER_FAILED).data["reason"] == OfferFailure.FAILED
