"""Offers: one agent rings for one caller, and every way in which that can go."""

import pytest

from acd.effects import RingAgent
from acd.events import EndedBy, LinkLost, OfferAnswered, OfferConnected, OfferFailed, OfferFailure, Resynced
from agents.states import AgentState, PhoneState
from journal.records import Kind
from tests.unit.acd.world import World, agent, cancelled, overflowed, queue, rings


def test_a_caller_is_connected_to_the_agent_who_fits_and_the_story_is_told() -> None:
    world = World([queue(ring=15, wrap_up=20)], [agent("11"), agent("12", water=5)])
    (ring,) = world.call("c1")
    assert ring == RingAgent(world.offer("11"), "c1", "11", "trees", 15)
    world.wait(3)
    world.answer("11")
    world.wait(1)
    world.connect("11")
    assert world.state("11") is AgentState.ON_CALL
    view = world.engine.agent_view("11")
    assert (view.queue, view.call_id) == ("trees", "c1")
    world.wait(60)
    world.end("c1", EndedBy.AGENT)
    assert world.state("11") is AgentState.WRAP_UP
    world.wait(20)
    assert world.state("11") is AgentState.READY
    assert world.story("c1") == [
        Kind.QUEUED,
        Kind.OFFERED,
        Kind.OFFER_ANSWERED,
        Kind.CONNECTED,
        Kind.TALK_ENDED,
    ]
    assert world.last(Kind.CONNECTED).data == {"waited_s": 4.0, "in_service_level": True}
    assert world.last(Kind.TALK_ENDED).data == {"by": "agent", "talked_s": 60.0}
    states = [r.data["state"] for r in world.records if r.kind is Kind.AGENT_STATE and r.agent == "11"]
    assert states == ["ready", "ringing", "on-call", "wrap-up", "ready"]


def test_an_agent_has_one_offer_at_a_time() -> None:
    world = World([queue()], [agent("11")])
    world.call("c1")
    assert world.call("c2") == []
    world.answer("11")
    assert world.call("c3") == []


def test_offer_ids_are_safe_and_never_given_twice() -> None:
    world = World([queue(missed_offers=10)], [agent("11")])
    world.call("c1")
    ids = set()
    for _ in range(9):
        ids.add(world.offer("11"))
        world.fail("11")
    assert len(ids) == 9
    assert all(set(i) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") for i in ids)


@pytest.mark.parametrize("reason", [OfferFailure.NO_ANSWER, OfferFailure.DECLINED])
def test_a_missed_offer_makes_not_ready_and_the_caller_keeps_the_place(reason: OfferFailure) -> None:
    world = World([queue()], [agent("11"), agent("12")])
    world.call("c1")
    world.call("c2")
    world.call("c3")
    assert world.rings() == {"11": "c1", "12": "c2"}
    assert world.fail("11", reason) == []
    view = world.engine.agent_view("11")
    assert (view.state, view.reason, view.missed_offers) == (AgentState.NOT_READY, "rona", 1)
    assert world.last(Kind.OFFER_FAILED).data == {"reason": reason.value, "missed": 1, "rona": True, "pause_s": 0.0}
    assert world.engine.position("c1") == 1
    assert world.engine.position("c3") == 2
    world.connect("12")
    world.end("c2")
    assert rings(world.wait(20)) == [("12", "c1")]


def test_an_agent_who_answered_is_at_the_desk_though_the_caller_left_in_the_whisper() -> None:
    world = World([queue(missed_offers=2, wrap_up=0)], [agent("11")])
    world.call("c1")
    world.fail("11")
    world.answer("11")
    world.leave("c1")
    world.call("c2")
    assert rings(world.fail("11")) == [("11", "c2")], "the first missed offer in a row"


def test_missed_offers_are_counted_in_a_row_and_an_answer_resets_them() -> None:
    world = World([queue(missed_offers=2, wrap_up=0)], [agent("11")])
    world.call("c1")
    assert rings(world.fail("11")) == [("11", "c1")], "no other agent fits"
    world.talk("11")
    world.call("c2")
    assert rings(world.fail("11")) == [("11", "c2")]
    assert world.fail("11") == []
    assert world.state("11") is AgentState.NOT_READY


def test_coming_back_ready_after_rona_starts_the_count_anew() -> None:
    world = World([queue(missed_offers=2)], [agent("11")])
    world.call("c1")
    world.fail("11")
    world.fail("11")
    world.ask("11", AgentState.READY)
    assert world.engine.agent_view("11").missed_offers == 0
    assert rings(world.fail("11")) == [("11", "c1")]


def test_the_same_agent_is_not_offered_the_same_call_twice_in_a_row_while_another_fits() -> None:
    world = World([queue(missed_offers=3)], [agent("11"), agent("12")])
    assert rings(world.call("c1")) == [("11", "c1")]
    assert rings(world.fail("11")) == [("12", "c1")]
    assert rings(world.fail("12")) == [("11", "c1")]


def test_a_call_is_not_offered_twice_in_a_row_when_two_agents_come_free_in_one_moment() -> None:
    world = World([queue(missed_offers=5, wrap_up=10)], [agent("11"), agent("12")])
    world.call("c1")
    world.call("c2")
    world.connect("12")
    world.now += 1
    world.end("c2")  # agent 12 is in wrap-up for 10 seconds
    world.now += 10  # the wrap-up ends in the step in which agent 11 misses the call
    assert rings(world.fail("11")) == [("12", "c1")]


def test_busy_and_unreachable_change_what_is_known_of_the_phone_only() -> None:
    for reason, phone in ((OfferFailure.BUSY, PhoneState.BUSY), (OfferFailure.UNREACHABLE, PhoneState.UNREACHABLE)):
        world = World([queue()], [agent("11"), agent("12")])
        world.call("c1")
        assert rings(world.fail("11", reason)) == [("12", "c1")]
        view = world.engine.agent_view("11")
        assert (view.state, view.phone, view.missed_offers) == (AgentState.READY, phone, 0)
        assert world.last(Kind.OFFER_FAILED).data["reason"] == reason.value
        assert world.call("c2") == []
        world.wait(10)
        assert rings(world.phone("11", PhoneState.FREE)) == [("11", "c2")]


@pytest.mark.parametrize("reason", [OfferFailure.FAILED, OfferFailure.BUSY, OfferFailure.ABANDONED])
def test_rings_that_fail_at_once_do_not_spin(reason: OfferFailure) -> None:
    """A phone that says 486 whatever it does, or an Asterisk that refuses, is not asked again and again."""
    world = World([queue()], [agent("11")])
    world.call("c1")
    until, offers = world.now + 300, 0
    while world.now < until:
        if world.rings():
            offers += 1
            world.fail("11", reason)
            world.phone("11", PhoneState.FREE)
        world.wait(1)
    assert 5 <= offers <= 10  # after 3, 6, 12, 24, 48, 60, 60 … seconds
    assert world.state("11") is AgentState.READY


def test_a_pause_after_failed_rings_ends_when_the_agent_asks_for_ready() -> None:
    world = World([queue()], [agent("11")])
    world.call("c1")
    assert world.fail("11", OfferFailure.FAILED) == []
    assert world.engine.deadline() == world.now + 3
    assert rings(world.ask("11", AgentState.READY)) == [("11", "c1")]


def test_an_agent_who_comes_free_for_two_reasons_in_one_moment_gets_one_offer() -> None:
    world = World([queue()], [agent("11")])
    world.call("c1")
    world.fail("11", OfferFailure.BUSY)
    world.leave("c1")
    world.now += 3
    assert world.phone("11", PhoneState.FREE) == [], "and the pause is over"
    assert rings(world.call("c2")) == [("11", "c2")]
    assert world.call("c3") == []


def test_a_break_ends_the_pause_too_and_the_next_one_is_short_again() -> None:
    world = World([queue()], [agent("11")])
    world.call("c1")
    for state in (AgentState.READY, AgentState.NOT_READY):
        world.fail("11", OfferFailure.FAILED)
        assert world.last(Kind.OFFER_FAILED).data["pause_s"] == 3
        world.ask("11", state)
        world.ask("11", AgentState.READY)
        assert world.rings() == {"11": "c1"}


def test_a_phone_that_refuses_for_a_day_is_still_asked_once_a_minute() -> None:
    world = World([queue()], [agent("11")])
    world.call("c1")
    for _ in range(1_100):
        world.fail("11", OfferFailure.FAILED)
        world.wait(world.last(Kind.OFFER_FAILED).data["pause_s"])
    assert world.last(Kind.OFFER_FAILED).data["pause_s"] == 60


def test_pauses_grow_in_a_row_only() -> None:
    world = World([queue(wrap_up=0)], [agent("11")])
    world.call("c1")
    for pause in (3, 6):
        world.fail("11", OfferFailure.FAILED)
        assert world.last(Kind.OFFER_FAILED).data["pause_s"] == pause
        world.wait(pause)
    world.talk("11")
    world.call("c2")
    world.fail("11", OfferFailure.FAILED)
    assert world.last(Kind.OFFER_FAILED).data["pause_s"] == 3


def test_a_caller_who_leaves_while_it_rings_stops_the_ringing_at_once() -> None:
    world = World([queue()], [agent("11")])
    world.call("c1")
    world.call("c2")
    effects = world.leave("c1")
    assert cancelled(effects) == [("11", "caller-left")]
    assert rings(effects) == [("11", "c2")]
    assert effects.index(next(e for e in effects if isinstance(e, RingAgent))) == 1, "cancelled first"
    assert world.story("c1")[-2:] == [Kind.OFFER_CANCELLED, Kind.LEFT_QUEUE]
    assert world.engine.agent_view("11").missed_offers == 0


def test_a_caller_who_leaves_after_the_answer_and_before_the_bridge_frees_the_agent() -> None:
    world = World([queue()], [agent("11")])
    world.call("c1")
    world.answer("11")
    assert cancelled(world.leave("c1")) == [("11", "caller-left")]
    assert world.state("11") is AgentState.READY


def test_an_agent_who_answers_in_the_moment_in_which_the_caller_leaves_is_hung_up() -> None:
    world = World([queue()], [agent("11")])
    world.call("c1")
    offer = world.offer("11")
    world.leave("c1")
    for late in (OfferAnswered(offer), OfferConnected(offer)):
        assert cancelled(world.tell(late)) == [("11", "caller-left")]
    assert world.tell(OfferFailed(offer, OfferFailure.NO_ANSWER)) == []
    assert world.state("11") is AgentState.READY


def test_a_late_connection_of_a_dead_offer_never_makes_two_agents_of_one_caller() -> None:
    world = World([queue(ring=10)], [agent("11"), agent("12")])
    world.call("c1")
    offer = world.offer("11")
    world.wait(15)
    assert world.rings() == {"12": "c1"}
    assert cancelled(world.tell(OfferConnected(offer))) == [("11", "timed-out")]
    world.connect("12")
    assert cancelled(world.tell(OfferConnected(offer))) == [("11", "timed-out")]
    assert [world.state(a) for a in ("11", "12")] == [AgentState.READY, AgentState.ON_CALL]


def test_events_of_offers_that_were_never_made_or_became_conversations_do_nothing() -> None:
    world = World([queue()], [agent("11")])
    world.call("c1")
    offer = world.offer("11")
    world.answer("11")
    world.connect("11")
    for event in (OfferAnswered(offer), OfferConnected(offer), OfferFailed(offer, OfferFailure.FAILED)):
        assert world.tell(event) == []
    assert world.tell(OfferConnected("from-before-a-restart-7")) == []
    assert world.state("11") is AgentState.ON_CALL


@pytest.mark.parametrize("link_lost", [False, True])
def test_a_ring_whose_end_is_never_reported_ends_after_its_grace_and_is_not_missed(link_lost: bool) -> None:
    """Asterisk is silent, or the link to it broke in the middle of the ring: no fault of the agent's."""
    world = World([queue(ring=15)], [agent("11")])
    world.call("c1")
    if link_lost:
        world.phone("11", PhoneState.UNREACHABLE)
    assert world.wait(19.9) == []
    assert cancelled(world.wait(0.1)) == [("11", "timed-out")]
    assert world.last(Kind.OFFER_FAILED).data == {"reason": "failed", "missed": 0, "rona": False, "pause_s": 3.0}
    assert world.state("11") is AgentState.READY
    assert rings(world.wait(3)) == ([] if link_lost else [("11", "c1")]), (
        "after the pause, the caller at the same place"
    )
    if link_lost:
        assert rings(world.phone("11", PhoneState.FREE)) == [("11", "c1")], "the link is back"


def test_no_ring_is_given_up_while_asterisk_cannot_be_asked() -> None:
    world = World([queue(ring=15)], [agent("11")])
    world.call("c1")
    world.tell(LinkLost())
    assert world.wait(300) == [], "they may be talking"
    world.tell(Resynced())
    assert cancelled(world.wait(5)) == [("11", "timed-out")]


def test_a_silent_asterisk_is_asked_more_and_more_seldom_and_nobody_is_missed() -> None:
    world = World([queue(ring=15)], [agent("11")])
    world.call("c1")
    world.wait(600)
    pauses = [record.data["pause_s"] for record in world.records if record.kind is Kind.OFFER_FAILED]
    assert pauses[:6] == [3, 6, 12, 24, 48, 60]
    assert world.engine.agent_view("11").missed_offers == 0
    assert world.engine.position("c1") == 1


@pytest.mark.parametrize(("whisper", "seconds"), [(None, 30), ({"*": "trees"}, 45)])
def test_an_answer_without_a_connection_ends_too(whisper: dict[str, str] | None, seconds: float) -> None:
    world = World([queue(whisper=whisper)], [agent("11"), agent("12")])
    world.call("c1")
    world.wait(10)
    world.answer("11")
    assert world.wait(seconds - 0.1) == []
    effects = world.wait(0.1)
    assert cancelled(effects) == [("11", "timed-out")]
    assert rings(effects) == [("12", "c1")]
    assert world.state("11") is AgentState.READY


def test_a_repeated_answer_gives_no_more_time() -> None:
    world = World([queue()], [agent("11")])
    world.call("c1")
    world.answer("11")
    deadline = world.engine.deadline()
    world.wait(10)
    assert world.answer("11") == []
    assert world.engine.deadline() == deadline
    assert world.story("c1").count(Kind.OFFER_ANSWERED) == 1


def test_an_answer_in_the_moment_in_which_the_ring_times_out_counts() -> None:
    world = World([queue(ring=15)], [agent("11")])
    world.call("c1")
    world.now += 20
    assert world.answer("11") == []
    world.connect("11")
    assert world.state("11") is AgentState.ON_CALL


def test_an_agent_who_hangs_up_before_the_bridge_has_missed_nothing_and_the_caller_keeps_the_place() -> None:
    world = World([queue()], [agent("11"), agent("12", trees=3)])
    world.call("c1")
    world.answer("11")
    assert rings(world.fail("11", OfferFailure.ABANDONED)) == [("12", "c1")]
    assert world.engine.agent_view("11").missed_offers == 0


def test_overflow_waits_for_the_end_of_the_ring_and_then_goes_before_another_ring() -> None:
    world = World([queue(ring=15, overflow=[{"waited": 10, "then": {"hangup": True}}])], [agent("11"), agent("12")])
    world.call("c1")
    assert world.wait(12) == []
    effects = world.fail("11")
    assert overflowed(effects) == [("c1", 0)]
    assert rings(effects) == []
    assert world.engine.position("c1") is None


def test_overflow_does_not_fire_when_the_ring_is_answered() -> None:
    world = World([queue(ring=15, overflow=[{"waited": 10, "then": {"hangup": True}}])], [agent("11")])
    world.call("c1")
    world.wait(12)
    world.answer("11")
    world.wait(5)
    world.connect("11")
    assert world.wait(600) == []
    assert world.state("11") is AgentState.ON_CALL


def test_a_connection_that_was_never_reported_is_made_good_by_the_end_of_the_conversation() -> None:
    world = World([queue(wrap_up=20)], [agent("11")])
    world.call("c1")
    world.answer("11")
    world.end("c1")
    assert world.state("11") is AgentState.WRAP_UP
    assert world.story("c1")[-2:] == [Kind.CONNECTED, Kind.TALK_ENDED]


def test_the_end_of_a_conversation_that_never_began_takes_the_caller_out() -> None:
    world = World([queue()], [])
    world.call("c1")
    world.end("c1")
    assert world.story("c1") == [Kind.QUEUED, Kind.ANNOUNCED, Kind.LEFT_QUEUE]
    assert world.last(Kind.LEFT_QUEUE).data["why"] == "hung-up"
    world.call("c2")
    world.end("c2", EndedBy.SYSTEM)
    assert world.last(Kind.LEFT_QUEUE).data["why"] == "went-elsewhere", "nobody gave up"


def test_a_conversation_of_which_not_even_the_answer_was_reported_is_made_good_by_its_end() -> None:
    world = World([queue(wrap_up=20)], [agent("11")])
    world.call("c1")
    world.end("c1", EndedBy.AGENT)
    assert world.story("c1")[-2:] == [Kind.CONNECTED, Kind.TALK_ENDED]
    assert world.state("11") is AgentState.WRAP_UP


@pytest.mark.parametrize("where", ["trees", "water"])
def test_a_caller_who_is_queued_during_a_talk_has_left_it(where: str) -> None:
    world = World([queue(wrap_up=20), queue("water")], [agent("11")])
    world.call("c1")
    world.connect("11")
    assert world.engine.position("c1") is None
    world.call("c1", where)
    assert world.last(Kind.TALK_ENDED).data["by"] == "system"
    assert world.state("11") is AgentState.WRAP_UP
    assert world.engine.position("c1") == 1
    assert world.last(Kind.QUEUED).queue == where


def test_leaving_while_connected_ends_the_conversation() -> None:
    world = World([queue(wrap_up=20)], [agent("11")])
    world.call("c1")
    world.connect("11")
    world.leave("c1")
    assert world.last(Kind.TALK_ENDED).data["by"] == "caller"
    assert world.state("11") is AgentState.WRAP_UP


def test_own_ringing_and_talking_make_the_phone_busy_and_change_nothing() -> None:
    world = World([queue(wrap_up=0)], [agent("11")])
    world.call("c1")
    assert world.phone("11", PhoneState.BUSY) == []
    world.connect("11")
    world.call("c2")
    assert world.end("c1") == [], "the phone is still busy"
    assert rings(world.phone("11", PhoneState.FREE)) == [("11", "c2")]


def test_a_phone_that_becomes_unreachable_while_it_rings_is_left_to_the_offer() -> None:
    world = World([queue()], [agent("11")])
    world.call("c1")
    assert world.phone("11", PhoneState.UNREACHABLE) == []
    world.fail("11", OfferFailure.UNREACHABLE)
    assert world.state("11") is AgentState.READY
