"""A call as phones saw it is compared with its story: a planted difference is found, and nothing else."""

from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from hotline.loader import load
from hotline.model import Hotline
from lab.chaos.conduct import Aside, Death, Transfer, Way, in_talk, over_http
from lab.chaos.schedule import LINK, SERVICE, Fault
from lab.chaos.views import Breakage, Sent, Talk, Views

NUMBER, NOW = "13000000000", 1_700_000_000.0


@pytest.fixture(scope="module")
def hotline() -> Hotline:
    loaded = load(Path("lab/chaos/hotline"))
    assert loaded.hotline is not None
    return loaded.hotline


def at(seconds: float) -> str:
    return datetime.fromtimestamp(NOW + seconds, UTC).isoformat(timespec="milliseconds")


def talk(began: float, ended: float, **other: str) -> dict[str, Any]:
    return {"with": other, "began": at(began), "ended": at(ended)}


def transfer(seconds: float, became: str, how: str = "blind") -> dict[str, Any]:
    return {"at": at(seconds), "agent": "1001", "how": how, "to": {}, "became": became}


def story(*talks: dict[str, Any], transfers: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    return {"caller": NUMBER, "talks": list(talks), "transfers": list(transfers)}


def views(*talks: tuple[str, float, float], way: Way | None = None, target: str = "") -> Views:
    seen = Views([Talk(NUMBER, agent, NOW + began, NOW + ended) for agent, began, ended in talks])
    if way is not None:
        seen.sent.append(Sent(NUMBER, "1001", Transfer(way, target, 0), NOW + talks[0][2]))
    return seen


def breakage(fault: Fault, began: float, mended: float, settled: float | None = None) -> Breakage:
    return Breakage(fault, NOW + began, NOW + mended, NOW + (mended if settled is None else settled))


def test_a_story_as_phones_saw_it_is_right(hotline: Hotline) -> None:
    told = story(talk(0.1, 5.1, agent="1001"), talk(9, 12, sub_hotline="gas"), transfers=(transfer(5, "answered"),))
    seen = views(("1001", 0, 5), ("2201", 9.1, 12), way=Way.SUB_HOTLINE, target="7001")
    assert seen.compare(told, hotline) == []


def test_a_talk_that_ended_in_the_moment_of_its_connection_may_be_heard_by_no_phone(hotline: Hotline) -> None:
    assert views().compare(story(talk(1, 1.001, agent="1001")), hotline) == []
    assert views(("1001", 1, 1.001)).compare(story(talk(1, 1.001, agent="1001")), hotline) == []
    assert views().compare(story(talk(1, 1.2, agent="1001")), hotline) != []
    assert views(("1001", 1, 1.001)).compare(story(), hotline) != []


@pytest.mark.parametrize(
    "told",
    [
        story(),
        story(talk(0, 5, agent="1002")),
        story(talk(0, 5, agent="1001"), talk(6, 7, agent="1002")),
        story(talk(0.6, 5, agent="1001")),
        story(talk(0, 5.6, agent="1001")),
        story(talk(0, 5, agent="1001"), transfers=(transfer(5, "left"),)),
    ],
)
def test_another_talk_or_another_time_is_found(hotline: Hotline, told: dict[str, Any]) -> None:
    assert views(("1001", 0, 5)).compare(told, hotline)


@pytest.mark.parametrize(
    ("told", "right"),
    [
        (transfer(5, "failed"), True),
        (transfer(5, "left"), True),
        (transfer(5, "answered"), False),
        (transfer(5, "failed", "consult"), False),
        (transfer(6, "failed"), False),
    ],
)
def test_what_became_of_a_transfer_is_compared_with_who_talked_next(
    hotline: Hotline, told: dict[str, Any], right: bool
) -> None:
    seen = views(("1001", 0, 5), ("1001", 9, 12), way=Way.DECLINED, target="2301")
    talks = talk(0, 5, agent="1001"), talk(9, 12, agent="1001")
    assert (seen.compare(story(*talks, transfers=(told,)), hotline) == []) is right
    assert seen.compare(story(*talks), hotline)


def test_a_fault_excuses_some_lateness_and_no_missing_talk(hotline: Hotline) -> None:
    seen = views(("1001", 0, 5))
    seen.broken += [breakage(Fault.AMI_LAG, *span) for span in ((4, 8), (7, 20), (30, 40))]
    assert seen.compare(story(talk(0, 20, agent="1001")), hotline) == []
    assert seen.compare(story(talk(0, 21, agent="1001")), hotline)
    assert seen.compare(story(), hotline)


HIDES = {
    **dict.fromkeys((Way.QUEUE_AT_ONCE, Way.QUEUE_LATER), SERVICE | LINK),
    Way.ANSWERED: SERVICE,
    Way.JOINED: SERVICE | LINK,
}
"""Which faults are why a story lacks a transfer: "What remains" in docs/reliability.md."""


@pytest.mark.parametrize("fault", Fault)
@pytest.mark.parametrize("way", Way)
def test_a_story_lacks_only_a_transfer_that_was_made_while_the_service_or_its_link_was_away(
    hotline: Hotline, way: Way, fault: Fault
) -> None:
    seen = views(("1001", 0, 5), way=way, target="6000")
    told = story(talk(0, 5, agent="1001"))
    for span in ((0, 3.9), (5.1, 20)):
        seen.broken = [breakage(fault, *span)]
        assert seen.compare(told, hotline), "it was there when the transfer was made"
        assert not seen.unseen(told)
    seen.broken = [breakage(fault, 4, 8)]
    hidden = fault in HIDES.get(way, ())
    assert (seen.compare(told, hotline) == []) is hidden
    assert list(seen.unseen(told)) == seen.sent * hidden
    assert not seen.unseen(story(transfers=(transfer(5, "answered"),))), "the story has it"


@pytest.mark.parametrize(("fault", "excuse"), [(Fault.KILL, True), (Fault.AGI_LAG, False), (Fault.AMI_AWAY, False)])
@pytest.mark.parametrize("way", [Way.ANSWERED, Way.JOINED])
def test_a_talk_with_a_colleague_is_lacking_only_if_the_transfer_there_may_be_and_it_is_over_before_all_is_back(
    hotline: Hotline, way: Way, fault: Fault, excuse: bool
) -> None:
    excuse = excuse or (way, fault) == (Way.JOINED, Fault.AMI_AWAY)
    seen = views(("1001", 0, 5), ("2300", 6, 7.5), way=way, target="2300")
    seen.broken.append(breakage(fault, 4, 8))
    assert (seen.compare(story(talk(0, 5, agent="1001")), hotline) == []) is excuse
    seen.talks[-1].ended = NOW + 9.1
    assert seen.compare(story(talk(0, 5, agent="1001")), hotline), "Asterisk could be asked who talks there"
    seen.talks[-1].ended = None
    assert seen.compare(story(talk(0, 5, agent="1001")), hotline)
    seen.sent, seen.talks[-1].ended = [], NOW + 7.5
    assert seen.compare(story(talk(0, 5, agent="1001")), hotline), "nobody sent the caller there"


@pytest.mark.parametrize(("fault", "excuse"), [(Fault.KILL, False), (Fault.AMI_AWAY, True)])
def test_a_started_service_is_back_before_a_link_that_has_to_be_tried_again(
    hotline: Hotline, fault: Fault, excuse: bool
) -> None:
    seen = views(("1001", 0, 5), way=Way.QUEUE_LATER, target="6000")
    seen.broken.append(breakage(fault, 0, 3, 11))
    assert (seen.compare(story(talk(0, 5, agent="1001")), hotline) == []) is excuse


@pytest.mark.parametrize(
    ("fault", "excuse"), [(Fault.AMI_CUT, True), (Fault.FREEZE, True), (Fault.DATABASE_LOCKED, False)]
)
def test_the_agent_of_a_transfer_is_unknown_only_if_the_service_or_its_link_was_away(
    hotline: Hotline, fault: Fault, excuse: bool
) -> None:
    seen = views(("1001", 0, 5), ("1001", 9, 12), way=Way.DECLINED, target="2301")
    seen.broken.append(breakage(fault, 4, 8))
    by_nobody = {**transfer(5, "failed"), "agent": None}
    told = story(talk(0, 5, agent="1001"), talk(9, 12, agent="1001"), transfers=(by_nobody,))
    assert (seen.compare(told, hotline) == []) is excuse


def test_a_transfer_after_one_that_nobody_saw_is_told_as_the_first_agents(hotline: Hotline) -> None:
    """The story knows of no talk with the second agent, who was reached through a queue."""
    seen = views(("1001", 0, 5), ("1002", 5, 7), ("2201", 9, 12), way=Way.QUEUE_LATER, target="6000")
    seen.sent.append(Sent(NUMBER, "1002", Transfer(Way.SUB_HOTLINE, "7001", 0), NOW + 7))
    told = story(talk(0, 5, agent="1001"), talk(9, 12, sub_hotline="gas"), transfers=(transfer(7, "answered"),))
    seen.broken.append(breakage(Fault.KILL, 4, 8))
    assert seen.compare(told, hotline) == []
    assert list(seen.unseen(told)) == seen.sent[:1]
    seen.broken = []
    assert seen.compare(told, hotline)


@pytest.mark.parametrize(("began", "excuse"), [(4.5, True), (3, False)])
def test_a_talk_is_lacking_only_if_it_began_and_went_into_a_queue_while_the_link_was_away(
    hotline: Hotline, began: float, excuse: bool
) -> None:
    seen = views(("1001", began, 5), ("1002", 9, 12), way=Way.QUEUE_AT_ONCE, target="6000")
    seen.broken.append(breakage(Fault.AMI_HALF_OPEN, 4, 8))
    assert (seen.compare(story(talk(9, 12, agent="1002")), hotline) == []) is excuse
    seen.sent = []
    assert seen.compare(story(talk(9, 12, agent="1002")), hotline), "nobody sent the caller there"


@pytest.mark.parametrize(("replaced", "lingers"), [(15, True), (7, False), (None, False)])
def test_a_dead_phone_that_was_replaced_while_nobody_could_ask_talks_until_the_refresh(
    hotline: Hotline, replaced: float | None, lingers: bool
) -> None:
    seen = views(("1001", 0, 5))
    seen.talks[0].died, seen.talks[0].replaced = True, None if replaced is None else NOW + replaced
    seen.broken.append(breakage(Fault.KILL, 8, 14))
    assert (seen.compare(story(talk(0, 100, agent="1001")), hotline) == []) is lingers


def test_a_phone_that_died_talks_ten_seconds_more_at_most(hotline: Hotline) -> None:
    seen = views(("1001", 0, 5))
    seen.talks[0].died = True
    assert seen.compare(story(talk(0, 14, agent="1001")), hotline) == []
    assert seen.compare(story(talk(0, 16, agent="1001")), hotline)


def test_a_seed_is_how_agents_behave() -> None:
    one, again = Random(1), Random(1)
    acts = [in_talk(one) for _ in range(3_000)]
    assert acts == [in_talk(again) for _ in range(3_000)]
    sent = [act for act in acts if isinstance(act, Transfer)]
    assert {act.way for act in sent} == set(Way) - {Way.COMPLETED}
    assert {act for act in acts if isinstance(act, Death)} == {Death.TALKING, Death.HOLDING}
    assert 0.19 < len(sent) / len(acts) < 0.25


def test_a_seed_is_what_agents_ask_for_over_http() -> None:
    one, again = Random(1), Random(1)
    asked = [over_http(one) for _ in range(3_000)]
    assert asked == [over_http(again) for _ in range(3_000)]
    assert set(asked) == {*Aside, None}
    assert 0.17 < 1 - asked.count(None) / len(asked) < 0.23


def test_all_is_whole_unless_something_was_broken_or_its_consequences_last() -> None:
    seen = views()
    assert seen.whole(NOW)
    seen.broken.append(breakage(Fault.AMI_CUT, 5, 5, settled=13))
    assert not seen.whole(NOW + 4)
    assert not seen.whole(NOW + 12)
    assert seen.whole(NOW + 14)
    seen.broken.append(Breakage(Fault.FREEZE, NOW + 20))
    assert not seen.whole(NOW + 30), "it lasts"
