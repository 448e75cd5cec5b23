"""What the sound of each phone was like, and talks in which one side is not heard: with real RTP and RTCP."""

import re
from pathlib import Path
from typing import Any

from playwright.async_api import expect

from lab.patience import until
from lab.phone import Phone
from reports.facts.fold import POOR
from tests.console.agent_page import at_work, in_talk, person, speaking
from tests.console.browser import CHINESE, chromium, page_of
from tests.integration.conversations import connected, queued, taken
from tests.integration.test_supervisor_wall import enter
from tests.integration.test_transfers_over_http import order
from tests.integration.world import World, kinds

LOSES = 10
"""Each such packet of the agent's phone gets lost."""


def legs(story: Any) -> dict[str, Any]:
    """What was measured, by the phone."""
    return {step["phone"]: step for step in story["story"] if step["kind"] == "leg-measured"}


async def measured(hotline: World, call: str, count: int) -> dict[str, Any]:
    """So many legs of the call, once they are in its story."""
    return legs(await hotline.see(f"calls/{call}", lambda story: len(legs(story)) == count))


async def heard_enough(hotline: World, phone: str) -> None:
    """Wait until more has come from this phone than a leg needs that is measured."""
    await counted(hotline, rf"{phone}-\S+ +\S+ +\w+ +(2[6-9]\d|[3-9]\d\d|\d{{4}}) ")


async def counted(hotline: World, seen: str) -> None:
    """Wait until Asterisk's table of channels has this: BRIDGE CHANNEL UPTIME CODEC COUNT LOST …"""
    await until(
        "Asterisk's report",
        lambda: hotline.asterisk.command("pjsip show channelstats"),
        lambda table: re.search(seen, table) is not None,
    )


async def talking(hotline: World) -> str:
    (call,) = await hotline.get("calls?state=talking")
    return str(call["id"])


async def test_each_leg_is_measured_as_it_ends(hotline: World) -> None:
    password = hotline.secrets.phone_password("1001", hotline.hotline.phones["1001"]).get_secret_value()
    async with Phone(hotline.sip, "1001", password, loses=LOSES) as phone:
        await phone.register()
        await hotline.see_agent("1001", phone="free")
        await hotline.set_state("1001", "ready")
        call = await queued(hotline, "1")
        await taken(call, phone)
        talk = await talking(hotline)
        await counted(hotline, r"1001-\S+ +\S+ +ulaw +\d+ +[1-9]")  # packets are lost
        await call.hang_up()
        found = await measured(hotline, talk, 2)
    own, outside = found["1001"], found["anonymous"]
    assert (own["agent"], own["line"], own["network"]) == ("1001", "phone", "127.0.0.0/24")
    assert 5 < own["lost"] < 15, "each tenth packet, but Asterisk has not counted the last 5 s"
    assert own["mos"] < 4 < outside["mos"]
    assert (outside["line"], outside["lost"], outside.get("agent")) == ("outside", 0, None)
    assert own["trip_ms"] is None, "this phone reports nothing"
    report = await hotline.see("reports/sound?by=phone,hour", lambda answer: len(answer["rows"]) == 2)
    rows = {row["name"]: row["figures"] for row in report["rows"]}
    assert rows["1001"]["sound_mos"] == own["mos"]
    assert (rows["1001"]["sound_poor"], rows["anonymous"]["sound_poor"]) == (100.0 * (own["mos"] < POOR), 0.0)
    (network,) = (await hotline.get("reports/sound?by=network"))["rows"]
    assert (network["name"], network["figures"]["sound_legs"]) == ("127.0.0.0/24", 2)


async def test_a_department_and_a_colleague_who_is_consulted_are_measured_too(hotline: World) -> None:
    """Their phones are dialled for the call, and are no legs of the service."""
    department = await hotline.agent_phone("2201")
    call = await queued(hotline, "3", "13900139000")
    await taken(call, department)
    talk = await talking(hotline)
    await heard_enough(hotline, "2201")
    await call.hang_up()
    assert (await measured(hotline, talk, 2))["2201"]["agent"] == "2201"

    agent, colleague = await hotline.agent("1001"), await hotline.agent_phone("1003")
    call, _ = await connected(hotline, agent)
    (talk,) = [each["id"] for each in await hotline.get("calls?state=talking")]
    await order(hotline, "transfer")
    consulted = await (await colleague.incoming()).answer()
    await heard_enough(hotline, "1003")
    await consulted.hang_up()
    assert (await measured(hotline, talk, 1))["1003"]["line"] == "phone"
    await call.hang_up()


async def test_a_browser_reports_what_it_hears(hotline: World, tmp_path: Path) -> None:
    async with speaking(tmp_path) as chromium, at_work(chromium, hotline, "1001") as page:
        call = await in_talk(page, hotline)
        talk = await talking(hotline)
        await counted(hotline, "1001_browser-.* 00:00:1[2-9]")  # it reports every 5 s, give or take 2.5 s
        await call.hang_up()
        browser = (await measured(hotline, talk, 2))["1001_browser"]
    assert (browser["line"], browser["agent"]) == ("browser", "1001")
    assert 0 < browser["trip_ms"] < 500
    assert browser["lost_to"] is not None
    assert browser["mos"] > 3


async def test_who_is_not_heard_is_told_at_the_desk_and_to_operations(hotline: World) -> None:
    agent = await hotline.agent("1001")
    call, offer = await connected(hotline, agent)
    await person(hotline, "1001")
    base = f"http://127.0.0.1:{hotline.settings.ports.http}"
    async with chromium() as made, page_of(made, base, locale=CHINESE) as (desk, _):
        await enter(desk, "/desk", "agent-1001")
        offer.send_nothing()
        await hotline.see_agent("1001", silent=["agent"])
        await expect(desk.get_by_text("市民听不到您")).to_be_visible()
        offer.send_silence()
        await hotline.see_agent("1001", silent=[])
        await expect(desk.get_by_text("市民听不到您")).to_have_count(0)
        call.send_nothing()
        await hotline.see_agent("1001", silent=["caller"])
        await expect(desk.get_by_text("没有收到市民的声音")).to_be_visible()
    shown = (await hotline.http.get("/metrics")).text
    for side in ("agent", "caller"):
        assert f'wutong_sound_lost_total{{side="{side}"}} 1.0' in shown


async def test_a_phone_that_holds_the_caller_by_its_own_key_is_not_missed(hotline: World) -> None:
    agent = await hotline.agent("1001")
    call, offer = await connected(hotline, agent)
    talk = await talking(hotline)
    await offer.hold()
    await counted(hotline, "1001-.* 00:00:1[6-9]")  # three reports, two of them on hold
    await offer.unhold()
    await call.hang_up()
    await measured(hotline, talk, 1)  # the caller's: the agent's had hardly any audio
    assert not [kind for kind in kinds(await hotline.story(talk)) if kind.startswith("sound")]
