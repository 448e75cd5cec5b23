"""Who did it: what a person asks for or does is that person's, what follows from it is the system's."""

import pytest

from acd.events import EndedBy, HotlineChanged, OfferFailure, StateRequested, WrapUpExtended
from agents.states import AgentState
from journal.actor import CALLER, SYSTEM, Actor
from journal.records import Kind
from tests.unit.acd.world import World, agent, by_id, queue

ADMIN, PHONE = Actor.token("local"), Actor.agent("11")


def by(world: World, since: int = 0) -> list[tuple[Kind, Actor]]:
    return [(record.kind, record.actor) for record in world.records[since:]]


def test_an_order_and_what_it_cancels_name_the_person_and_what_follows_does_not() -> None:
    world = World([queue()], [agent("11"), agent("12")], signed_in=False)
    world.tell(StateRequested("11", AgentState.READY, PHONE))
    world.call("c1")
    world.ask("12", AgentState.READY)
    before = len(world.records)
    world.tell(StateRequested("11", AgentState.NOT_READY, ADMIN, "lunch"))
    assert by(world, before) == [
        (Kind.OFFER_CANCELLED, ADMIN),
        (Kind.AGENT_STATE, ADMIN),
        (Kind.OFFERED, SYSTEM),
        (Kind.AGENT_STATE, SYSTEM),
    ]


def test_the_next_state_names_the_person_and_the_change_after_the_talk_is_the_systems() -> None:
    world = World([queue(wrap_up=10)], [agent("11")])
    world.call("c1")
    world.answer("11")
    world.connect("11")
    world.tell(StateRequested("11", AgentState.NOT_READY, PHONE))
    assert by(world)[-1] == (Kind.AGENT_NEXT_STATE, PHONE)
    world.end("c1", EndedBy.SYSTEM)
    assert by(world)[-2:] == [(Kind.TALK_ENDED, SYSTEM), (Kind.AGENT_STATE, SYSTEM)]
    world.tell(WrapUpExtended("11", 5, ADMIN))
    assert by(world)[-1] == (Kind.AGENT_STATE, ADMIN)
    world.wait(15)
    assert by(world)[-1] == (Kind.AGENT_STATE, SYSTEM)


def test_answers_ends_and_giving_up_name_the_person() -> None:
    world = World([queue(wrap_up=0)], [agent("11")])
    before = len(world.records)
    world.call("c1")
    world.answer("11")
    world.connect("11")
    world.end("c1", EndedBy.AGENT)
    world.call("c2")
    world.answer("11")
    world.connect("11")
    world.end("c2", EndedBy.CALLER)
    world.ask("11", AgentState.LOGGED_OUT)
    world.call("c3")
    world.leave("c3")
    people = [(kind, actor) for kind, actor in by(world, before) if actor != SYSTEM]
    assert people == [
        (Kind.OFFER_ANSWERED, PHONE),
        (Kind.TALK_ENDED, PHONE),
        (Kind.OFFER_ANSWERED, PHONE),
        (Kind.TALK_ENDED, CALLER),
        (Kind.AGENT_STATE, PHONE),
        (Kind.LEFT_QUEUE, CALLER),
    ]


@pytest.mark.parametrize(
    ("reason", "actor"), [(OfferFailure.DECLINED, PHONE), (OfferFailure.NO_ANSWER, SYSTEM), (OfferFailure.BUSY, SYSTEM)]
)
def test_only_a_ring_that_the_agent_refused_failed_by_the_agent(reason: OfferFailure, actor: Actor) -> None:
    world = World([queue()], [agent("11")])
    world.call("c1")
    world.fail("11", reason)
    assert world.last(Kind.OFFER_FAILED).actor == actor


def test_a_reload_and_the_sign_outs_that_it_causes_name_the_person_who_ordered_it() -> None:
    world = World([queue()], [agent("11")])
    world.tell(HotlineChanged(by_id(queue()), {}, "next", ADMIN))
    assert by(world)[-2:] == [(Kind.HOTLINE_CHANGED, ADMIN), (Kind.AGENT_STATE, ADMIN)]
