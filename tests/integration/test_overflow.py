"""The ways out of a queue, what becomes of rings, and where an agent stands after them: rules met by real phones."""

import asyncio
from datetime import datetime
from pathlib import Path

import pytest

from lab.phone.baresip import Baresip
from tests.integration.conversations import copied
from tests.integration.hall import HALL, agents, at_rest, callers, reasons, rung
from tests.integration.world import World, kinds, record

FIRST, SECOND = "13900000000", "13900000001"


@pytest.fixture
def hotline_folder(tmp_path: Path, change: tuple[str, str]) -> Path:
    return copied(HALL, tmp_path / "hotline", change)


# -- overflow ---------------------------------------------------------------------------------------------------------


async def test_a_long_estimate_leads_elsewhere_at_entry_but_not_while_an_agent_is_ready(hotline: World) -> None:
    team = await agents(hotline, "1001", "1007")
    first = (await callers(hotline, "guess", [FIRST]))[FIRST]
    offer = await team["1007"].incoming()
    await offer.answer()
    first.send_tone(800)
    await offer.hears(800)
    second = (await callers(hotline, "guess", [SECOND]))[SECOND]  # the estimate is about three minutes
    other = await team["1001"].incoming()
    assert other.caller_number == SECOND
    await second.hang_up()
    await first.hang_up()
    await at_rest(hotline, team)
    left = record(await hotline.ended(SECOND), "overflowed")
    assert (left["condition"], left["limit"]) == ("estimate", 60)
    assert (await hotline.ended(FIRST))["queue"] == "guess"


async def test_nobody_signed_in_has_its_grace_at_entry_and_when_the_last_one_signs_out(hotline: World) -> None:
    team = await agents(hotline, "1001")
    first = (await callers(hotline, "grace", [FIRST]))[FIRST]
    await hotline.see_queue("grace", waiting=1)  # 1.5 s of grace
    assert (await rung(team))["1001"].caller_number == FIRST
    await first.hang_up()
    await at_rest(hotline, team)

    await hotline.agent("1007")
    await hotline.set_state("1007", "not-ready")  # on a break is signed in
    second = (await callers(hotline, "grace", [SECOND]))[SECOND]
    await second.hears_recording(hotline.clip("please-hold"))
    await asyncio.sleep(2)  # longer than the grace: what is tried is that nothing happens
    await hotline.see_queue("grace", waiting=1)
    await hotline.set_state("1007", "logged-out")
    assert (await rung(team))["1001"].caller_number == SECOND
    await second.hang_up()
    await at_rest(hotline, team)
    for number, waited in ((FIRST, 1.5), (SECOND, 3.5)):
        left = record(await hotline.ended(number), "overflowed")
        assert (left["condition"], left["limit"]) == ("nobody_signed_in", 1.5)
        assert left["waited_s"] >= waited


async def test_a_ready_agent_whose_phone_has_died_is_not_there_until_it_is_back(hotline: World, tmp_path: Path) -> None:
    team = await agents(hotline, "1001")
    password = hotline.secrets.phone_password("1007", hotline.hotline.phones["1007"]).get_secret_value()

    def phone(name: str) -> Baresip:
        return Baresip(hotline.sip, tmp_path / name, user="1007", password=password)

    async with phone("first") as dying:
        await hotline.see_agent("1007", phone="free")
        await hotline.set_state("1007", "ready")
        await dying.kill()
        await hotline.see_agent("1007", phone="unreachable")  # within 5 s, and 2 s without an answer
        first = (await callers(hotline, "grace", [FIRST]))[FIRST]
        assert (await rung(team))["1001"].caller_number == FIRST, "after 5 s, and 1.5 s of grace"
    told = await hotline.see_agent("1007", away=True)
    assert told["state"] == "ready"
    counts = (await hotline.get("queues/grace"))["agents"]
    assert {name: count for name, count in counts.items() if count} == {"unreachable": 1}
    measured = (await hotline.http.get("/metrics")).text.splitlines()
    assert 'wutong_queue_agents{phone="unreachable",queue="grace",state="ready"} 1.0' in measured
    await first.hang_up()
    await at_rest(hotline, team)
    left = record(await hotline.ended(FIRST), "overflowed")
    assert (left["condition"], left["limit"]) == ("nobody_signed_in", 1.5)

    async with phone("second") as back:
        await hotline.see_agent("1007", phone="free", away=False, state="ready")
        second = (await callers(hotline, "grace", [SECOND]))[SECOND]
        await back.accept()
        await second.hears(440)
        await second.hang_up()
    assert "overflowed" not in kinds(await hotline.ended(SECOND))


@pytest.mark.parametrize("change", [("waited: 1s", "waited: 4s")], ids=["overflow after 4 s"])
async def test_a_caller_who_comes_from_another_queue_keeps_the_time_of_arrival(hotline: World) -> None:
    first = (await callers(hotline, "spill", [FIRST]))[FIRST]
    await hotline.see_queue("spill", waiting=1)
    second = (await callers(hotline, "plain", [SECOND]))[SECOND]
    await hotline.see_queue("plain", waiting=2)
    team = await agents(hotline, "1001")
    assert (await rung(team))["1001"].caller_number == FIRST
    await first.hang_up()
    await second.hang_up()
    at_entry = [told for told in (await hotline.ended(FIRST))["story"] if told["kind"] == "queued"]
    assert [told["head_start"] >= 4 for told in at_entry] == [False, True]


async def test_overflow_that_is_due_waits_for_the_end_of_the_ring(hotline: World) -> None:
    """It waits, and goes before another ring."""
    team = await agents(hotline, "1001", "1002")
    call = (await callers(hotline, "spill", [FIRST]))[FIRST]
    offer = await team["1001"].incoming()
    await asyncio.sleep(1.5)  # overflow is due after 1 s
    await hotline.see_queue("spill", waiting=1)
    await offer.reject(404)
    again = await team["1002"].incoming()
    assert again.caller_name == f"绿化 {FIRST}", "for the queue that the caller was sent on to"
    await again.answer()
    call.send_tone(800)
    await again.hears(800)
    await call.hang_up()
    told = await hotline.ended(FIRST)
    way = [kind for kind in kinds(told) if kind in ("queued", "offered", "offer-failed", "overflowed", "connected")]
    assert way == ["queued", "offered", "offer-failed", "overflowed", "queued", "offered", "connected"]


async def test_a_key_on_offer_stops_the_ring_but_comes_too_late_when_the_agent_has_answered(hotline: World) -> None:
    team = await agents(hotline, "1001")
    first = (await callers(hotline, "whisper", [FIRST]))[FIRST]
    offer = (await rung(team))["1001"]
    await offer.ring()
    await first.press("0")
    assert "26" in await offer.cancelled()
    again = (await rung(team))["1001"]
    assert again.caller_name == f"整理 {FIRST}"
    await first.hang_up()
    await again.cancelled()
    await at_rest(hotline, team)
    second = (await callers(hotline, "whisper", [SECOND]))[SECOND]
    offer = (await rung(team))["1001"]
    await offer.answer()
    await offer.hears_speech()
    await second.press("0")
    second.send_tone(800)
    await offer.hears(800)
    await second.hang_up()
    await at_rest(hotline, team)
    assert reasons(await hotline.ended(FIRST)) == ["caller-left", "caller-left"]
    told = await hotline.ended(SECOND)
    assert (told["queue"], told["outcome"]) == ("whisper", "answered")


# -- rings that come to nothing ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", [("ring: 120s", "ring: 3s")], ids=["rings of 3 s"])
async def test_no_answer_declined_and_unreachable_are_told_apart(hotline: World) -> None:
    """A phone that answers 486 and has no call has declined: many do so when their user declines."""
    team = await agents(hotline, "1001", "1002", "1003", "1004", "1005")
    call = (await callers(hotline, "wrapped", [FIRST]))[FIRST]
    await (await team["1001"].incoming()).reject(603)
    await (await team["1002"].incoming()).reject(486)
    await (await team["1003"].incoming()).reject(404)
    silent = await team["1004"].incoming()
    await silent.ring()
    await silent.cancelled()
    await team["1005"].incoming()
    views = [await hotline.get(f"agents/{agent_id}") for agent_id in list(team)[:4]]
    assert [(view["state"], view["phone"], view["missed_offers"]) for view in views] == [
        ("not-ready", "free", 1),
        ("not-ready", "free", 1),
        ("ready", "unreachable", 0),
        ("not-ready", "free", 1),
    ]
    await call.hang_up()
    assert reasons(await hotline.ended(FIRST)) == ["declined", "declined", "unreachable", "no-answer", "caller-left"]


async def test_missed_rings_are_counted_in_a_row_and_an_answered_call_forgets_them(hotline: World) -> None:
    team = await agents(hotline, "1001")
    call = (await callers(hotline, "twice", [FIRST]))[FIRST]
    await (await team["1001"].incoming()).reject(603)
    offer = await team["1001"].incoming()
    await hotline.see_agent("1001", missed_offers=1)
    await offer.answer()
    call.send_tone(800)
    await offer.hears(800)
    await call.hang_up()
    await hotline.see_agent("1001", state="ready", missed_offers=0, phone="free")
    call = (await callers(hotline, "twice", [SECOND]))[SECOND]
    for _ in range(2):
        await (await team["1001"].incoming()).reject(603)
    await hotline.see_agent("1001", state="not-ready", reason="rona", missed_offers=2)
    await hotline.see_queue("twice", waiting=1)
    await call.hang_up()


# -- after the call ---------------------------------------------------------------------------------------------------


async def test_the_wrap_up_of_one_queue_holds_for_the_others(hotline: World) -> None:
    team = await agents(hotline, "1001")
    first = (await callers(hotline, "wrapped", [FIRST]))[FIRST]
    offer = (await rung(team))["1001"]
    await offer.answer()
    first.send_tone(800)
    await offer.hears(800)
    second = (await callers(hotline, "plain", [SECOND]))[SECOND]
    await first.hang_up()
    await hotline.see_agent("1001", state="wrap-up", queue="wrapped")
    offer = (await rung(team))["1001"]
    assert offer.caller_number == SECOND
    await second.hang_up()
    ended = record(await hotline.ended(FIRST), "talk-ended")["at"]
    offered = record(await hotline.ended(SECOND), "offered")["at"]
    assert (datetime.fromisoformat(offered) - datetime.fromisoformat(ended)).total_seconds() >= 2


@pytest.mark.parametrize("state", ["not-ready", "logged-out"])
async def test_what_was_chosen_in_the_call_comes_after_it_though_others_wait(hotline: World, state: str) -> None:
    team = await agents(hotline, "1001")
    first = (await callers(hotline, "plain", [FIRST]))[FIRST]
    offer = (await rung(team))["1001"]
    await offer.answer()
    first.send_tone(800)
    await offer.hears(800)
    second = (await callers(hotline, "plain", [SECOND]))[SECOND]
    await hotline.set_state("1001", state)
    await offer.hang_up()
    await hotline.see_agent("1001", state=state, phone="free")
    await hotline.see_queue("plain", waiting=1)
    assert not team["1001"].calls
    await second.hang_up()
    assert "offered" not in kinds(await hotline.ended(SECOND))
