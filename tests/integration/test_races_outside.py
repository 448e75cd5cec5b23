"""What comes between ring and talk from outside: events that lag, a link that breaks, a hotline that is edited."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from acd.engine.ringing import RING_GRACE
from lab.patience import PATIENCE
from lab.phone import Phone
from tests.integration.conversations import copied, hear_each_other
from tests.integration.hall import HALL, agents, at_rest, callers, reasons, rung
from tests.integration.test_reload import edit, reload
from tests.integration.world import World, kinds, world


@pytest.fixture
def hotline_folder(tmp_path: Path, change: tuple[str, str]) -> Path:
    return copied(HALL, tmp_path / "hotline", change)


@pytest.fixture
async def between(tmp_path: Path, hotline_folder: Path, sounds: Path) -> AsyncIterator[World]:
    """A hotline with a proxy between service and Asterisk's manager."""
    async with world(tmp_path / "state", hotline_folder, sounds, proxied=True) as made:
        yield made


# -- events that lag --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lag", [0.5, 2.5])
async def test_events_that_lag_ring_no_agent_twice_and_leave_nobody_behind(between: World, lag: float) -> None:
    """2.5 s are more than a call waits for what AMI has to say of a leg that took its caller out of the bridge."""
    hotline = between
    team = await agents(hotline, "1001", "1002")
    hotline.proxies.ami.lag(lag, to_server=False)
    numbers = [f"1390000000{n}" for n in range(4)]
    calls = await callers(hotline, "plain", numbers)
    served: list[str] = []

    async def work(phone: Phone) -> None:
        """Every other time the agent hangs up; `rung` fails when a second call comes to the phone."""
        while True:
            offer = (await rung({phone.number: phone}))[phone.number]
            await offer.answer()
            offer.send_tone(440)
            call = calls[offer.caller_number]
            call.send_tone(800)
            await asyncio.gather(offer.hears(800), call.hears(440))
            served.append(offer.caller_number)
            if len(served) % 2:
                await offer.hang_up()
            else:  # when the service knows that they talk: a shorter talk would be told as given up
                await hotline.see_agent(phone.number, state="on-call")
                await call.hang_up()
            await offer.ended()

    async with asyncio.TaskGroup() as tasks:
        working = [tasks.create_task(work(phone)) for phone in team.values()]
        await asyncio.gather(*(call.ended(2 * PATIENCE) for call in calls.values()))
        for task in working:
            task.cancel()
    assert sorted(served) == numbers, "each once"
    hotline.proxies.ami.heal()
    await at_rest(hotline, team)
    for number in numbers:
        told = await hotline.ended(number)
        assert told["outcome"] == "answered"
        assert kinds(told).count("offered") == 1


@pytest.mark.parametrize("change", [("    whisper: {zh: 快速队列, en: Quick queue}\n", "")], ids=["no whisper"])
async def test_a_key_that_arrives_late_does_not_cut_off_the_agent_who_has_picked_up(between: World) -> None:
    hotline = between
    call = (await callers(hotline, "whisper", ["13900000001"]))["13900000001"]
    await call.hears_recording(hotline.clip("nobody-there"))
    await call.hears("sound")  # the music: from now on a leg may take the caller
    team = await agents(hotline, "1001")
    offer = (await rung(team))["1001"]
    hotline.proxies.ami.lag(1.5)
    await call.press("0")
    await offer.answer()
    await hotline.see_agent("1001", state="on-call")  # the key came before that
    hotline.proxies.ami.heal()
    await hear_each_other(call, offer)
    await offer.hang_up()
    await call.ended()
    await at_rest(hotline, team)
    told = await hotline.ended("13900000001")
    assert (told["queue"], told["outcome"]) == ("whisper", "answered")
    way = [kind for kind in kinds(told) if kind in ("key-pressed", "connected", "left-queue", "offer-cancelled")]
    assert way[-2:] == ["key-pressed", "connected"]


# -- a link that breaks in the middle of a ring -----------------------------------------------------------------------


@pytest.mark.parametrize("change", [("ring: 120s", "ring: 3s")], ids=["a ring of 3 s"])
async def test_an_agent_whose_ring_broke_off_with_the_link_has_missed_nothing(between: World) -> None:
    hotline = between
    team = await agents(hotline, "1001")
    ((number, call),) = (await callers(hotline, "wrapped", ["13900000000"])).items()  # one missed offer is enough there
    offer = (await rung(team))["1001"]
    await offer.ring()
    await hotline.see_agent("1001", state="ringing")
    await hotline.proxies.ami.refuse()
    hotline.proxies.ami.cut()
    await offer.cancelled()
    view = await hotline.see_agent("1001", phone="unreachable")
    assert view["state"] == "ringing"  # nobody has told how the ring ended
    await hotline.proxies.ami.listen()
    assert (await hotline.see_agent("1001", state="ready"))["missed_offers"] == 0
    again = (await rung(team))["1001"]
    assert again.caller_number == number
    await again.answer()
    call.send_tone(800)
    await again.hears(800)
    await call.hang_up()
    await at_rest(hotline, team)
    assert reasons(await hotline.ended(number)) == ["failed"]


@pytest.mark.parametrize("change", [("ring: 120s", "ring: 3s")], ids=["a ring of 3 s"])
async def test_a_talk_that_began_while_the_link_was_away_goes_on(between: World) -> None:
    """Away for longer than the ring and the time in which Asterisk's report of it is awaited."""
    hotline = between
    team = await agents(hotline, "1001")
    ((number, call),) = (await callers(hotline, "wrapped", ["13900000000"])).items()
    offer = (await rung(team))["1001"]
    await offer.ring()
    await hotline.see_agent("1001", state="ringing")
    ring = hotline.hotline.queues["wrapped"].ring
    await hotline.proxies.ami.refuse()
    hotline.proxies.ami.cut()
    await offer.answer()
    await hear_each_other(call, offer)
    await asyncio.sleep(ring + RING_GRACE + 1)
    await hotline.proxies.ami.listen()
    await hotline.see_agent("1001", state="on-call")
    await hear_each_other(call, offer, one_says=900, other_says=500)
    await call.hang_up()
    await at_rest(hotline, team)
    told = await hotline.ended(number)
    assert (told["outcome"], reasons(told)) == ("answered", [])


# -- the hotline is edited --------------------------------------------------------------------------------------------


async def test_an_agent_is_removed_while_the_phone_rings_and_a_queue_with_callers_asks_for_less(
    hotline: World, hotline_folder: Path
) -> None:
    removed, stays = await hotline.agent("1001"), await hotline.agent("1002")
    unfit = await hotline.agent("1007")
    first = (await callers(hotline, "plain", ["13900000000"]))["13900000000"]
    ringing = await removed.incoming()
    await ringing.ring()
    await hotline.set_state("1002", "not-ready")
    second = (await callers(hotline, "plain", ["13900000001"]))["13900000001"]
    edit(hotline_folder, "agents.yaml", ('  - {id: "1001", name: 一席, skills: {trees: 3}}\n', ""))
    await reload(hotline)
    assert "26" in await ringing.cancelled()
    await hotline.see_queue("plain", waiting=2)
    assert not unfit.calls

    edit(
        hotline_folder,
        "hotline.yaml",
        (
            "plain: {name: {zh: 绿化, en: Greening}, needs: {trees: 3}",
            "plain: {name: {zh: 绿化, en: Greening}, needs: {trees: 1}",
        ),
    )
    await reload(hotline)
    offer = await unfit.incoming()
    assert offer.caller_number == "13900000000", "the caller has kept the place"
    await offer.answer()
    first.send_tone(800)
    await offer.hears(800)
    await hotline.set_state("1002", "ready")
    other = await stays.incoming()
    assert other.caller_number == "13900000001"
    await other.answer()
    second.send_tone(800)
    await other.hears(800)
    await first.hang_up()
    await second.hang_up()
    await at_rest(hotline, {"1002": stays, "1007": unfit})
    assert not removed.calls
    assert reasons(await hotline.ended("13900000000")) == ["agent-removed"]
    assert reasons(await hotline.ended("13900000001")) == []
