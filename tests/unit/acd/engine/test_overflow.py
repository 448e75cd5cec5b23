"""The ways out of a queue, announcements, and what is shown of a queue."""

from itertools import pairwise
from typing import Any

import pytest

from acd.effects import Announce, LeaveQueue
from acd.events import Announced, CallLeft, Left, LinkLost, OfferFailure, Resynced
from agents.states import AgentState, PhoneState
from journal.records import Kind
from tests.unit.acd.world import START, World, agent, announced, cancelled, overflowed, queue, rings

THEN = {"hangup": True}


def world_with(rules: list[dict[str, Any]], *, signed_in: bool = True, **settings: Any) -> World:
    overflow = [{**rule, "then": THEN} for rule in rules]
    return World([queue(overflow=overflow, **settings)], [agent("11")], signed_in=signed_in)


def occupy(world: World) -> None:
    world.call("busy")
    world.connect("11")


def test_waited() -> None:
    world = world_with([{"waited": 60}])
    occupy(world)
    world.call("c1")
    assert world.wait(59.9) == []
    assert world.wait(0.1) == [LeaveQueue("c1", "trees", 0, THEN)]
    assert world.last(Kind.OVERFLOWED).data == {"rule": 0, "condition": "waited", "limit": 60, "waited_s": 60.0}
    assert world.engine.position("c1") is None
    assert world.end("busy") == []
    assert world.wait(30) == [], "nobody is rung for a call that was sent on"


def test_waiting_counts_those_who_wait_already_at_entry_only() -> None:
    world = world_with([{"waiting": 2}])
    occupy(world)
    for call in ("c1", "c2"):
        assert world.call(call) == []
    assert overflowed(world.call("c3")) == [("c3", 0)]
    assert world.wait(600) == []
    assert world.engine.queue_view("trees", world.now).waiting == 2


def test_a_caller_for_whom_an_agent_is_ready_is_not_sent_on() -> None:
    world = World(
        [queue(overflow=[{"waiting": 1, "then": THEN}, {"waited": 0, "then": THEN}])],
        [agent("11"), agent("12", languages=("en",))],
    )
    world.call("c1")
    world.call("c2", language="en")
    assert world.rings() == {"11": "c1", "12": "c2"}
    assert overflowed(world.call("c3")) == [("c3", 0)]


def test_nobody_signed_in_at_entry() -> None:
    world = world_with([{"nobody_signed_in": 0}], signed_in=False)
    assert overflowed(world.call("c1")) == [("c1", 0)]
    world.ask("11", AgentState.NOT_READY)
    assert world.call("c2") == [], "on a break is signed in"
    assert overflowed(world.ask("11", AgentState.LOGGED_OUT)) == [("c2", 0)]


def test_agents_who_could_never_serve_do_not_count_as_signed_in() -> None:
    rules = [{"nobody_signed_in": 0, "then": THEN}]
    world = World([queue(overflow=rules)], [agent("11", water=5), agent("12", languages=("en",))])
    assert overflowed(world.call("c1")) == [("c1", 0)]


def test_nobody_signed_in_has_a_grace_from_entry_and_from_the_last_sign_out() -> None:
    world = world_with([{"nobody_signed_in": 10}], signed_in=False)
    world.wait(500)
    world.call("c1")
    assert world.wait(9) == []
    world.ask("11", AgentState.NOT_READY)
    assert world.wait(100) == []
    world.ask("11", AgentState.LOGGED_OUT)
    assert world.wait(5) == []
    world.call("c2")
    assert overflowed(world.wait(5)) == [("c1", 0)]
    assert overflowed(world.wait(5)) == [("c2", 0)]


def test_an_agent_who_fits_only_a_later_step_counts_as_signed_in() -> None:
    relax = [{"after": 300, "needs": {"general": 1}}]
    rules = [{"nobody_signed_in": 0, "then": THEN}]
    world = World([queue(relax=relax, overflow=rules)], [agent("11", general=1), agent("12", trees=5)])
    world.ask("12", AgentState.LOGGED_OUT)
    assert world.call("c1") == []
    assert overflowed(world.call("c2", language="en")) == [("c2", 0)], "nobody speaks it"


def test_estimate_at_entry() -> None:
    world = world_with([{"estimate": 500}], wrap_up=20)  # 200 seconds a call before any was seen
    occupy(world)
    for call in ("c1", "c2"):
        assert world.call(call) == []
    assert overflowed(world.call("c3")) == [("c3", 0)]


def test_an_estimate_that_grows_later_sends_nobody_on() -> None:
    world = world_with([{"estimate": 500}], wrap_up=20, announce={"every": 30})
    occupy(world)
    world.call("c1")
    world.call("c2")
    world.wait(10_000)
    world.end("busy")
    assert overflowed(world.wait(20)) == []
    world.connect("11")
    assert overflowed(world.wait(60)) == []
    assert overflowed(world.call("c3")) == [("c3", 0)]


def test_the_first_rule_that_is_met_counts() -> None:
    world = world_with([{"waited": 60}, {"waiting": 1}, {"nobody_signed_in": 30}], signed_in=False)
    world.call("c1")
    assert overflowed(world.call("c2")) == [("c2", 1)]
    assert overflowed(world.wait(30)) == [("c1", 2)]
    late = world_with([{"waited": 60}, {"nobody_signed_in": 60}], signed_in=False)
    late.call("c1")
    assert overflowed(late.wait(60)) == [("c1", 0)]
    empty = world_with([{"nobody_signed_in": 7}, {"waited": 60}, {"nobody_signed_in": 3}])
    empty.phone("11", PhoneState.BUSY)
    empty.call("c1")
    empty.wait(20)
    empty.ask("11", AgentState.LOGGED_OUT)
    assert overflowed(empty.wait(3)) == [("c1", 2)], "the earlier of the two graces"
    empty.call("c2")
    assert overflowed(empty.wait(3)) == [("c2", 2)]


@pytest.mark.parametrize(
    "rules",
    [
        [{"waited": 20}, {"waited": 60}],
        [{"nobody_signed_in": 20}, {"waited": 60}],
        [{"waited": 20}, {"nobody_signed_in": 60}],
    ],
)
def test_a_rule_is_not_late_because_of_what_falls_due_after_it(rules: list[dict[str, Any]]) -> None:
    relax = [{"after": 30, "needs": {"general": 1}}]
    world = world_with(rules, signed_in=False, relax=relax, announce={"every": 50})
    world.call("c1")
    assert world.wait(19.9) == []
    assert world.wait(0.1) == [LeaveQueue("c1", "trees", 0, THEN)]


def test_nothing_is_announced_to_one_who_is_sent_on_in_the_same_moment() -> None:
    world = world_with([{"waited": 30}], signed_in=False, announce={"every": 30})
    world.call("c1")
    assert world.wait(60) == [LeaveQueue("c1", "trees", 0, THEN)]


def test_the_rules_for_those_who_enter_are_not_tried_after_a_ring() -> None:
    overflow = [{"waiting": 1, "then": THEN}, {"estimate": 1, "then": THEN}]
    world = World([queue(overflow=overflow)], [agent("11"), agent("12")])
    world.call("c1")
    world.call("c2")
    assert world.fail("12") == []
    assert world.wait(5) == []
    assert [world.engine.position(call) for call in ("c1", "c2")] == [1, 1]


def test_an_estimate_that_nobody_knows_sends_nobody_on() -> None:
    world = world_with([{"estimate": 0}], signed_in=False)
    assert overflowed(world.call("c1")) == []


@pytest.mark.parametrize("stays", [AgentState.READY, AgentState.NOT_READY])
@pytest.mark.parametrize("goes", [AgentState.READY, AgentState.NOT_READY])
def test_an_agent_signs_out_while_another_with_the_same_skills_stays(goes: AgentState, stays: AgentState) -> None:
    overflow = [{"waited": 600, "then": THEN}, {"nobody_signed_in": 10, "then": THEN}]
    world = World([queue(overflow=overflow), queue("water", needs={"trees": 1})], [agent("11"), agent("12")])
    for who in ("11", "12"):
        world.phone(who, PhoneState.BUSY)
        world.ask(who, AgentState.LOGGED_OUT)
    for who, state in (("11", goes), ("12", stays)):
        world.ask(who, state)
    world.call("c1")
    world.call("c2", "water")
    for state in (AgentState.LOGGED_OUT, goes, AgentState.LOGGED_OUT):
        world.ask("11", state)
    assert world.wait(60) == []
    world.ask("12", AgentState.LOGGED_OUT)
    assert world.wait(9.9) == []
    assert overflowed(world.wait(0.1)) == [("c1", 1)], "c2 has no way out"


def test_an_empty_queue_is_recorded_only_while_somebody_waits() -> None:
    world = World([queue(wrap_up=0)], [agent("11")])
    world.call("c1")
    world.connect("11")
    world.end("c1")
    world.call("c2")
    world.leave("c2")
    world.ask("11", AgentState.LOGGED_OUT)
    assert Kind.AGENT_LAST_OUT not in [record.kind for record in world.records]


def test_a_call_that_was_sent_on_can_come_back() -> None:
    world = world_with([{"waited": 60}])
    occupy(world)
    world.call("c1")
    world.wait(60)
    world.call("c1")
    assert overflowed(world.wait(60)) == [("c1", 0)]


def test_a_caller_who_comes_to_a_queue_that_the_hotline_does_not_have_is_sent_on() -> None:
    world = World([queue()], [])
    assert world.call("c1", "nowhere") == [LeaveQueue("c1", "nowhere", None, None)]


def test_a_repeated_entry_is_ignored_and_one_into_another_queue_moves_the_call() -> None:
    world = World([queue(), queue("water")], [agent("11")], signed_in=False)
    world.call("c1")
    world.wait(10)
    assert world.call("c1") == []
    assert world.story("c1") == [Kind.QUEUED, Kind.ANNOUNCED]
    world.call("c1", "water")
    assert world.story("c1") == [Kind.QUEUED, Kind.ANNOUNCED, Kind.LEFT_QUEUE, Kind.QUEUED, Kind.ANNOUNCED]
    assert world.last(Kind.LEFT_QUEUE).data["why"] == "went-elsewhere"
    assert [world.engine.queue_view(q, world.now).waiting for q in ("trees", "water")] == [0, 1]


def told(world: World, call: str, seconds: float) -> list[tuple[int | None, float | None, int | None]]:
    """Position, estimate and message of all that one caller hears while time passes. What others hear is over, too."""
    heard = []
    until = world.now + seconds
    while (deadline := world.engine.deadline()) is not None and deadline <= until:
        for effect in world.wait(deadline - world.now):
            if isinstance(effect, Announce):
                world.tell(Announced(effect.call_id))
                heard += [(effect.position, effect.wait, effect.message)] if effect.call_id == call else []
    world.wait(until - world.now)
    return heard


def test_the_first_announcement_comes_within_seconds_and_others_wait_for_the_last_one() -> None:
    world = World([queue(announce={"every": 30}, wrap_up=20)], [agent("11")])
    world.call("busy")
    world.connect("11")
    world.call("c1")
    assert announced(world.wait(2.9)) == []
    assert announced(world.wait(0.1)) == [("c1", 1, 240.0)]  # 200 seconds, in whole minutes
    world.wait(7)
    world.call("c2")
    assert announced(world.wait(3)) == [("c2", 2, 420.0)]
    world.leave("c1")
    assert world.wait(60) == [], "nothing new before the last one is over"
    world.tell(Announced("c2"))
    assert announced(world.wait(30)) == [("c2", 1, 240.0)]


def test_what_was_not_said_is_told_again() -> None:
    world = World([queue(announce={"every": 30}, wrap_up=20)], [agent("11")])
    world.call("busy")
    world.connect("11")
    world.call("c1")
    assert announced(world.wait(3)) == [("c1", 1, 240.0)]
    world.tell(Announced("c1", said=False))
    assert announced(world.wait(27)) == [("c1", 1, 240.0)]
    world.tell(Announced("c1"))
    assert announced(world.wait(30)) == [], "the caller knows"


def test_where_there_is_nothing_to_tell_the_queue_looks_again_only_when_the_next_announcement_is_due() -> None:
    world = World([queue(announce={"every": 30, "position": False})], [agent("11")])
    world.ask("11", AgentState.NOT_READY)
    world.call("c1")
    begun = world.now
    assert world.wait(3) == [], "nobody is at work, so there is no estimate"
    assert world.engine.deadline() == begun + 30


def test_the_first_announcement_comes_when_the_queue_says() -> None:
    world = World([queue(announce={"first": 7, "every": 10}, wrap_up=20)], [agent("11")])
    occupy(world)
    world.call("c1")
    assert announced(world.wait(6.9)) == []
    assert announced(world.wait(0.1)) == [("c1", 1, 240.0)]


def test_who_has_heard_nothing_yet_hears_something_soon_after_a_ring() -> None:
    world = World([queue(announce={"every": 30}, ring=20), queue("water")], [agent("11")])
    world.call("c1")
    assert world.wait(16) == []
    world.fail("11", OfferFailure.BUSY)
    assert announced(world.wait(2)) == [("c1", 1, 240.0)]


def test_what_was_told_and_is_still_so_is_not_told_again() -> None:
    messages = [{"*": "one"}]
    world = World([queue(announce={"every": 30, "messages": messages}, wrap_up=20)], [agent("11")])
    occupy(world)
    world.call("c1")
    world.call("c2")
    assert told(world, "c2", 3) == [(2, 420.0, 0)]
    assert told(world, "c2", 207) == [], "nothing has changed"
    world.leave("c1")
    assert told(world, "c2", 30) == [(1, 240.0, None)], "the message has not changed"
    assert told(world, "c2", 60) == [], "not before five minutes"
    assert told(world, "c2", 30) == [(None, None, 0)], "the message has been away for long enough"
    assert told(world, "c2", 300) == [(None, None, 0)]


def test_only_what_has_changed_is_told() -> None:
    world = World([queue(announce={"every": 30}, relax=[{"after": 100, "needs": {"general": 1}}])], [
        agent("11"), agent("12", general=1),
    ])  # fmt: skip
    occupy(world)
    world.phone("12", PhoneState.BUSY)
    world.call("c1")
    [(position, first, _)] = told(world, "c1", 3)
    assert position == 1
    later = told(world, "c1", 97)
    assert later, "the relaxing step comes nearer"
    assert [place for place, *_ in later] == [None] * len(later)
    waits = [first, *(wait for _, wait, _ in later)]
    assert all(one != other for one, other in pairwise(waits))


def test_who_comes_while_nobody_is_there_hears_so_at_once_and_once() -> None:
    texts = [{"*": "one"}, {"*": "two"}]
    world = World([queue(announce={"every": 30, "messages": texts}, wrap_up=20)], [agent("11")], signed_in=False)
    assert world.call("c1") == [Announce("c1", None, None, 0, texts[0], nobody=True)]
    assert world.last(Kind.ANNOUNCED).data == {"position": None, "wait_s": None, "message": 0, "nobody": True}
    world.tell(Announced("c1"))
    assert told(world, "c1", 29.9) == []
    assert told(world, "c1", 0.1) == [(None, None, 1)], "no position where nobody serves it"
    world.phone("11", PhoneState.BUSY)
    world.ask("11", AgentState.READY)
    assert told(world, "c1", 30) == [(1, 240.0, None)], "both messages were told"
    world.ask("11", AgentState.LOGGED_OUT)
    assert [(e.nobody, e.message) for e in world.wait(30) if isinstance(e, Announce)] == [(True, None)]
    world.tell(Announced("c1"))
    assert told(world, "c1", 180) == []
    assert told(world, "c1", 60) == [(None, None, 0), (None, None, 1)], "both again, five minutes after the first"


def test_a_queue_without_announcements_says_that_nobody_is_there_too() -> None:
    world = World([queue()], [agent("11")], signed_in=False)
    assert world.call("c1") == [Announce("c1", None, None, nobody=True)]
    assert world.wait(3_600) == []
    somebody = World([queue()], [agent("11")])
    occupy(somebody)
    assert somebody.call("c1") == []


def test_who_is_sent_on_at_once_hears_nothing_here() -> None:
    world = World([queue(overflow=[{"nobody_signed_in": 0, "then": THEN}])], [agent("11")], signed_in=False)
    assert world.call("c1") == [LeaveQueue("c1", "trees", 0, THEN)]


def test_announcements_keep_time_whatever_the_interval() -> None:
    texts = [{"*": "one"}, {"*": "two"}]
    world = World([queue(announce={"every": 10.1, "messages": texts})], [agent("11")], signed_in=False)
    world.wait(0.7)
    world.call("c1")
    world.tell(Announced("c1"))
    for count in range(1, 2_001):
        due = world.engine.deadline()
        assert due is not None
        assert abs(due - (START + 0.7 + count * 10.1)) < 1e-6
        if announced(world.wait(due - world.now)):
            world.tell(Announced("c1"))


def test_nothing_is_announced_while_an_agent_rings() -> None:
    world = World([queue(announce={"every": 30}, ring=60)], [agent("11")])
    world.call("c1")
    assert world.wait(59) == []
    assert world.fail("11") == [], "what fell due meanwhile is left out"
    assert announced(world.wait(1)) == [("c1", 1, None)], "no agent is at work: no estimate"
    assert rings(world.ask("11", AgentState.READY)) == [("11", "c1")], "an announcement delays no connection"


def test_what_is_announced_can_be_chosen() -> None:
    away = World([queue(announce={"every": 30, "position": False})], [agent("11")])
    away.ask("11", AgentState.NOT_READY)
    away.call("c1")
    assert away.wait(300) == [], "no position, no estimate, nothing to say"
    plain = World([queue(announce={"every": 30, "estimate": False})], [agent("11")])
    plain.ask("11", AgentState.NOT_READY)
    plain.call("c1")
    assert announced(plain.wait(30)) == [("c1", 1, None)]
    timed = World([queue(announce={"every": 30, "position": False}, wrap_up=20)], [agent("11")])
    occupy(timed)
    timed.call("c1")
    assert announced(timed.wait(30)) == [("c1", None, 240.0)]


def test_the_messages_of_the_queue_come_in_turn_for_each_caller() -> None:
    texts = [{"zh": "一", "en": "one"}, {"*": "two"}, {"*": "three"}]
    world = World([queue(announce={"every": 30, "messages": texts})], [agent("11")])
    world.ask("11", AgentState.NOT_READY)

    world.call("c1")
    [first] = [effect for effect in world.wait(3) if isinstance(effect, Announce)]
    assert (first.message, first.text) == (0, texts[0])
    assert world.last(Kind.ANNOUNCED).data == {"position": 1, "wait_s": None, "message": 0, "nobody": False}
    world.tell(Announced("c1"))
    world.wait(10)
    world.call("c2")
    assert told(world, "c1", 17) == [(None, None, 1)]
    assert told(world, "c1", 60) == [(None, None, 2)]
    assert [r.data["message"] for r in world.records if r.kind is Kind.ANNOUNCED and r.call == "c2"] == [0, 1, 2]
    world.change([queue(announce={"every": 30, "messages": texts[:1]})], [agent("11")])
    assert told(world, "c1", 180) == [], "this caller has heard the one message that is left"
    assert told(world, "c1", 60) == [(None, None, 0)]


def test_a_message_alone_is_told_too() -> None:
    alone = {"every": 30, "position": False, "estimate": False, "messages": [{"*": "hello"}]}
    world = World([queue(announce=alone)], [agent("11")])
    world.ask("11", AgentState.NOT_READY)
    world.call("c1")
    assert world.wait(30) == [Announce("c1", None, None, 0, {"*": "hello"})]
    world.tell(Announced("c1"))
    assert world.wait(270) == [], "it is all that there is to say"
    assert announced(world.wait(60)) == [("c1", None, None)]


def test_a_key_may_take_the_caller_elsewhere_until_an_agent_has_answered() -> None:
    world = World([queue(keys={"1": THEN})], [agent("11")], signed_in=False)
    assert not world.engine.may_leave("c1")
    world.call("c1")
    assert world.engine.may_leave("c1")
    world.ask("11", AgentState.READY)
    assert world.engine.may_leave("c1"), "it only rings"
    world.tell(LinkLost())
    assert not world.engine.may_leave("c1"), "nobody knows whether it still does"
    world.tell(Resynced())
    assert world.engine.may_leave("c1")
    world.answer("11")
    assert not world.engine.may_leave("c1")
    world.connect("11")
    assert not world.engine.may_leave("c1")


def test_a_caller_who_goes_elsewhere_by_a_key_stops_the_ring_and_is_not_abandoned() -> None:
    world = World([queue(keys={"1": THEN})], [agent("11")])
    world.call("c1")
    world.wait(10)
    assert cancelled(world.tell(CallLeft("c1", Left.WENT_ELSEWHERE))) == [("11", "caller-left")]
    assert world.last(Kind.LEFT_QUEUE).data == {"why": "went-elsewhere", "waited_s": 10.0}
    assert world.engine.queue_view("trees", world.now).service_level is None
    assert world.state("11") is AgentState.READY


def test_what_is_shown_of_a_queue() -> None:
    relax = [{"after": 30, "needs": {"general": 1}}]
    world = World(
        [queue(relax=relax, ring=60, wrap_up=20, service_level={"within": 15})],
        [agent("11"), agent("12"), agent("13", general=1), agent("14", water=1)],
    )
    view = world.engine.queue_view("trees", world.now)
    assert (view.waiting, view.talking, view.longest_wait_s, view.service_level) == (0, 0, 0.0, None)
    assert view.estimate_s == 0.0
    assert view.agents == {"ready": 3, "ringing": 0, "on_call": 0, "wrap_up": 0, "not_ready": 0, "unreachable": 0}
    assert view.agents_now == {**view.agents, "ready": 2}, "13 comes in by relaxing"
    assert view.estimate_calls == 0
    world.ask("13", AgentState.NOT_READY)
    world.call("c1")
    world.call("c2")
    world.connect("12")
    world.wait(10)
    world.call("c3")
    world.wait(6)
    world.leave("c3")
    world.call("wrong number")
    world.wait(5)
    world.leave("wrong number")
    world.connect("11")
    world.end("c2")
    world.call("c4")
    world.wait(4)
    view = world.engine.queue_view("trees", world.now)
    assert (view.waiting, view.talking, view.longest_wait_s) == (1, 1, 4.0)
    assert view.agents == {"ready": 0, "ringing": 0, "on_call": 1, "wrap_up": 1, "not_ready": 1, "unreachable": 0}
    assert view.agents_now == {**view.agents, "not_ready": 0}
    assert view.service_level is not None
    assert round(view.service_level, 1) == 33.3  # c2 in time; c1 after 21 seconds; c3 left after 6
    # c4 waits ahead; `stay` counts c1 only, as c3 hung up after 6 seconds
    stay = 0.9 + (1 - 0.9) / 11
    assert view.estimate_s == pytest.approx((200 + stay * 200) / 2)
    world.wait(11)
    world.ask("12", AgentState.READY)
    world.connect("12")
    view = world.engine.queue_view("trees", world.now)
    assert (view.service_level, view.longest_wait_s) == (50.0, 0.0), "after 15 seconds sharp: in time"


def test_the_estimate_of_a_queue_is_that_of_one_who_enters_now() -> None:
    relax = [{"after": 30, "needs": {"general": 1}}]
    world = World([queue(relax=relax, wrap_up=20)], [agent("11"), agent("12", general=1), agent("13")], signed_in=False)

    def estimate() -> float | None:
        return world.engine.queue_view("trees", world.now).estimate_s

    assert estimate() is None
    world.ask("12", AgentState.READY)
    assert estimate() == 30, "relaxing brings an agent who is ready"
    for who in ("11", "13"):
        world.phone(who, PhoneState.BUSY)
        world.ask(who, AgentState.READY)
    assert estimate() == 30
    world.ask("12", AgentState.LOGGED_OUT)
    assert estimate() == 100
    world.phone("13", PhoneState.FREE)
    assert estimate() == 0.0
    relaxed = World([queue(relax=[{"after": 0, "needs": {"general": 1}}])], [agent("12", general=1)])
    assert relaxed.engine.queue_view("trees", relaxed.now).estimate_s == 0.0


def test_the_estimate_of_a_queue_is_in_the_language_that_most_of_its_agents_speak() -> None:
    english = ("en",)
    world = World([queue(wrap_up=20)], [agent("11"), agent("12", languages=english), agent("13", languages=english)])
    for call, language in (("c1", "zh"), ("c2", "en"), ("c3", "en")):
        world.call(call, language=language)
    assert world.engine.queue_view("trees", world.now).estimate_s == 100
    world.leave("c1")
    assert world.engine.queue_view("trees", world.now).estimate_s == 100, "11 is ready, and speaks zh alone"
