"""The checks can fail: they find a mistake in a journal, and nothing else."""

from typing import Any

from lab.chaos.checks import Row, left_behind, not_cut_off, out_of_order, two_at_once, wrong_with
from lab.chaos.schedule import ASTERISK, CALLBACKS, Fault, Moment, drawn, hand


def rows(*told: tuple[str, str, dict[str, Any]]) -> list[Row]:
    """Kind, call and the rest of each Record; a second apart."""
    found = []
    for number, (kind, call, given) in enumerate(told):
        more = dict(given)
        where = (more.pop("queue", "q"), more.pop("agent", None), more.pop("offer", None))
        found.append(Row(number, float(number), kind, call, *where, more))
    return found


def one_call(*between: tuple[str, str, dict[str, Any]]) -> list[Row]:
    return rows(("call-started", "a", {}), *between, ("call-finished", "a", {}))


RING: dict[str, Any] = {"agent": "1", "offer": "o"}


def test_a_whole_story_is_whole() -> None:
    told = one_call(
        ("queued", "a", {}),
        ("offered", "a", RING),
        ("connected", "a", RING),
        ("talk-ended", "a", {"agent": "1"}),
    )
    assert wrong_with(told) == []
    assert wrong_with(one_call(("call-started", "a", {"resumed": True}))) == []
    assert two_at_once(told) == []


def test_what_is_missing_or_doubled_is_seen() -> None:
    assert wrong_with(rows(("call-started", "a", {})))
    assert wrong_with(one_call(("call-started", "a", {})))
    assert wrong_with(one_call(("queued", "a", {})))
    assert wrong_with(one_call(("queued", "a", {}), ("connected", "a", RING)))
    assert wrong_with(one_call(("queued", "a", {}), ("offered", "a", RING), ("left-queue", "a", {})))
    assert wrong_with(one_call(("offer-failed", "a", RING)))
    assert wrong_with(one_call(("call-finished", "a", {})))


Told = tuple[tuple[str, str, dict[str, Any]], ...]

TALK: Told = ("queued", "a", {}), ("offered", "a", RING), ("connected", "a", RING)
AGAIN: dict[str, Any] = {"agent": "2", "offer": "p"}
SECOND: Told = (
    ("queued", "a", {}),
    ("offered", "a", AGAIN),
    ("connected", "a", AGAIN),
    ("talk-ended", "a", {"agent": "2"}),
)


def test_a_second_talk_needs_a_transfer_or_a_phone_that_died() -> None:
    over: dict[str, Any] = {"agent": "1", "by": "agent"}
    assert wrong_with(one_call(*TALK, ("talk-ended", "a", over), *SECOND))
    assert not wrong_with(one_call(*TALK, ("talk-ended", "a", over), ("transferred", "a", {"agent": "1"}), *SECOND))
    assert not wrong_with(one_call(*TALK, ("talk-ended", "a", {**over, "cause": "agent-phone-gone"}), *SECOND))
    assert wrong_with(one_call(*TALK, ("talk-ended", "a", {**over, "cause": "caller-phone-gone"}), *SECOND))


def test_a_talk_after_a_transfer_needs_its_end() -> None:
    answered: Told = (
        *TALK,
        ("talk-ended", "a", {"agent": "1"}),
        ("transferred", "a", {}),
        ("transfer-answered", "a", {}),
    )
    assert wrong_with(one_call(*answered))
    assert not wrong_with(one_call(*answered, ("transfer-ended", "a", {})))
    assert not wrong_with(one_call(*answered, ("transfer-failed", "a", {"status": "ANSWER", "cause": "18"})))
    assert wrong_with(one_call(*answered, ("transfer-failed", "a", {"status": "BUSY", "cause": "17"})))


def test_a_caller_whose_phone_died_is_not_left_there_and_not_lost() -> None:
    assert not left_behind(one_call(), died=0.0)
    assert "no end" in left_behind(rows(("call-started", "a", {})), died=0.0)
    assert "lost" in left_behind(rows(("call-finished", "a", {"outcome": "lost"})), died=0.0)
    assert "200 s" in left_behind(one_call(), died=1.0 - 200)


def test_a_call_that_asterisks_end_took_and_that_somebody_hung_up_is_seen() -> None:
    hung_up = rows(("call-started", "a", {}), ("call-finished", "a", {"by": "caller"}))
    assert "caller" in not_cut_off(hung_up, taken=1.0)
    assert not not_cut_off(hung_up, taken=1.5), "it was over before"
    assert not not_cut_off(rows(("call-finished", "a", {"by": "system", "cause": "asterisk-ended"})), taken=0.0)


def test_an_offer_past_somebody_who_came_earlier_is_seen() -> None:
    queued = (("queued", "a", {"language": "zh"}), ("queued", "b", {"language": "zh"}))
    assert out_of_order(rows(*queued, ("offered", "a", RING))) == []
    ((why, row),) = out_of_order(rows(*queued, ("offered", "b", RING)))
    assert (row.call, "before a" in why) == ("b", True)
    # a caller does not wait while an agent rings, and waits again when that offer fails
    rung = (*queued, ("offered", "a", RING))
    assert out_of_order(rows(*rung, ("offered", "b", {"agent": "2", "offer": "p"}))) == []
    assert out_of_order(rows(*rung, ("offer-failed", "a", RING), ("offered", "b", {"agent": "2", "offer": "p"})))
    other = ("queued", "a", {"language": "en"}), ("queued", "b", {"language": "zh"}), ("offered", "b", RING)
    assert out_of_order(rows(*other)) == []


def test_only_a_call_that_comes_back_to_its_agent_may_be_offered_past_others() -> None:
    queued = (("queued", "a", {"language": "zh"}), ("queued", "b", {"language": "zh"}))
    back: tuple[str, str, dict[str, Any]] = ("offered", "b", {**RING, "rule": "preferred-agent"})
    assert out_of_order(rows(*queued, back)) == []
    assert out_of_order(rows(*queued, back, ("offer-failed", "b", RING), ("offered", "b", AGAIN)))
    front = ("queued", "c", {"language": "zh", "head_start": 86_400.0})
    ((why, _),) = out_of_order(rows(*queued, front, ("offered", "a", RING)))
    assert "before c" in why


def moved(call: str, **to: Any) -> tuple[str, str, dict[str, Any]]:
    return "moved", call, {"to": to}


def test_a_move_to_another_queue_ends_a_stay_and_one_to_the_front_changes_the_order() -> None:
    assert wrong_with(one_call(("queued", "a", {}), moved("a", queue="r"), *TALK, ("talk-ended", "a", {}))) == []
    assert wrong_with(one_call(("queued", "a", {}), moved("a", front=True)))
    assert wrong_with(one_call(("queued", "a", {}), moved("a", agent="1")))
    queued = (("queued", "a", {"language": "zh"}), ("queued", "b", {"language": "zh"}))
    assert out_of_order(rows(*queued, moved("a", queue="r"), ("offered", "b", RING))) == []
    assert out_of_order(rows(*queued, moved("b", front=True), ("offered", "b", RING))) == []
    assert out_of_order(rows(*queued, moved("b", front=True), ("offered", "a", RING)))
    brought = ("queued", "c", {"language": "zh", "head_start": 600.0})
    both = (moved("c", front=True), moved("a", front=True))
    assert out_of_order(rows(*queued, brought, *both, ("offered", "a", RING))) == [], "in the order of their entry"


def test_an_agent_with_two_callers_is_seen() -> None:
    assert two_at_once(rows(("offered", "a", RING), ("offered", "b", {"agent": "1", "offer": "p"})))
    assert two_at_once(rows(("offered", "a", RING), ("connected", "a", RING), ("offered", "b", RING)))
    assert not two_at_once(rows(("offered", "a", RING), ("offer-failed", "a", RING), ("offered", "b", RING)))


def test_a_seed_is_a_schedule() -> None:
    assert drawn(7, 600) == drawn(7, 600) != drawn(8, 600)
    assert {blow.fault for blow in drawn(7, 1_800)} == set(Fault) - {Fault.BOTH_KILLED}
    assert hand(3, tuple(Fault), 4.0) == hand(3, tuple(Fault), 4.0)


SEED_7 = (58, Fault.FREEZE, Moment.OVER, 4.78)
"""How many faults ten minutes of this seed had before there were faults at orders, and the first of them."""


def test_faults_at_orders_over_http_and_at_callbacks_come_beside_the_others() -> None:
    blows = drawn(7, 600)
    for moments in ((Moment.HELD,), CALLBACKS):
        beside = [blow for blow in blows if blow.moment in moments]
        assert 9 < len(beside) < 20
        assert not {blow.fault for blow in beside} & ASTERISK
    assert blows == sorted(blows, key=lambda blow: blow.at)
    others = [blow for blow in blows if blow.moment not in (Moment.HELD, *CALLBACKS)]
    assert (len(others), others[0].fault, others[0].moment, round(others[0].lasts, 2)) == SEED_7


Step = tuple[str, str, dict[str, Any]]


def of_talk(*between: Step) -> list[str]:
    return wrong_with(one_call(*TALK, *between, ("talk-ended", "a", {"agent": "1"})))


HELD: Step = ("held", "a", {})
ASKED: Step = ("consult-asked", "a", {})
ANSWERED: Step = ("consult-answered", "a", {})
ENDED: Step = ("consult-ended", "a", {})


def unheld(after: float) -> Step:
    return "unheld", "a", {"held_s": after}


def test_a_caller_is_held_in_a_talk_and_comes_back_or_the_talk_ends() -> None:
    assert of_talk(HELD, unheld(1.0), HELD, unheld(1.0)) == of_talk(HELD) == []
    assert of_talk(HELD, ASKED, ANSWERED, ENDED, unheld(4.0)) == of_talk(HELD, ASKED, ANSWERED) == []
    assert of_talk(HELD, ASKED, ("consult-failed", "a", {}), ASKED) == []
    assert of_talk(HELD, ("talk-interrupted", "a", {}), ("talk-resumed", "a", {}), HELD) == []
    assert of_talk(HELD, HELD)
    assert of_talk(unheld(1.0))
    assert of_talk(HELD, unheld(3.0))
    assert of_talk(ASKED)
    assert of_talk(HELD, ASKED, ASKED)
    assert of_talk(HELD, ENDED)
    assert of_talk(HELD, unheld(1.0), ENDED)
    assert wrong_with(one_call(*TALK, ("talk-ended", "a", {}), HELD))


def test_a_caller_is_held_by_whom_a_colleague_has_sent_the_caller_to() -> None:
    sent: tuple[Step, ...] = (
        ("talk-ended", "a", {"agent": "1"}),
        ("transferred", "a", {}),
        ("transfer-answered", "a", {}),
    )
    over: Step = ("transfer-ended", "a", {})
    assert wrong_with(one_call(*TALK, *sent, HELD, unheld(1.0), HELD, over)) == []
    assert wrong_with(one_call(*TALK, *sent, over, HELD))
