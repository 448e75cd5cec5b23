"""The service goes and comes back, and so does Asterisk: nobody is lost, and nobody has to lend a hand."""

import os
import re
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from lab.patience import until
from lab.phone import Phone
from tests.integration.conversations import connected, hear_each_other, in_menu, queued
from tests.integration.world import World, kinds, record


async def ready(hotline: World, status: int) -> Any:
    """Wait until /readyz answers with `status`; what it says."""

    async def look() -> tuple[int, Any]:
        response = await hotline.http.get("/readyz")
        return response.status_code, response.json()

    _, said = await until(f"{status} from /readyz", look, lambda answer: answer[0] == status)
    return said


async def kick(hotline: World) -> None:
    """Asterisk throws the service out of its manager, once."""
    for line in (await hotline.asterisk.command("manager show connected")).splitlines():
        if line.split()[:1] == ["wutong"]:
            await hotline.asterisk.command(f"manager kick session {line.split()[4]}")


async def two_tries(hotline: World) -> None:
    """Callers reach the fallback after two tries to reach the service, not after thirty, half a minute."""
    configuration = hotline.settings.asterisk_folder / "etc" / "extensions.conf"
    text, count = re.subn(r"(WUTONG_TRIES\} >= )30\b", r"\g<1>2", configuration.read_text())
    assert count >= len(hotline.hotline.numbers)
    configuration.write_text(text)
    await hotline.asterisk.command("dialplan reload")


@asynccontextmanager
async def manager_off(hotline: World) -> AsyncIterator[None]:
    """Asterisk serves calls and AGI, but has no manager."""
    configuration = hotline.settings.asterisk_folder / "etc" / "manager.conf"
    text = configuration.read_text()
    configuration.write_text(text.replace("enabled = yes", "enabled = no", 1))
    await hotline.asterisk.command("manager reload")
    await kick(hotline)
    away = await ready(hotline, 503)
    assert set(away["checks"]) >= {"asterisk", "database"}
    assert away["checks"]["database"] == "ok"
    yield
    configuration.write_text(text)
    await hotline.asterisk.command("manager reload")
    await ready(hotline, 200)


async def works(hotline: World, agent_id: str, phone: Phone, number: str) -> None:
    """A new call, as if nothing had been."""
    await hotline.see_agent(agent_id, phone="free")
    await hotline.set_state(agent_id, "ready")
    call, offer = await connected(hotline, phone, number=number)
    await call.hang_up()
    await offer.ended()
    assert (await hotline.ended(number))["outcome"] == "answered"


# -- the service ------------------------------------------------------------------------------------------------------


async def test_without_the_service_callers_reach_the_duty_phone(hotline: World) -> None:
    """New ones, and those whom it left in the middle."""
    await two_tries(hotline)
    duty = await hotline.agent_phone("2200")
    choosing = await in_menu(hotline)
    await hotline.stop_service()
    fresh = await (await hotline.citizen("13900139000")).place("12319")
    await fresh.ringing()
    callers = {"13800138000": choosing, "13900139000": fresh}
    for _ in range(len(callers)):
        offer = await duty.incoming()
        await offer.answer()
        call = callers.pop(offer.caller_number)
        await call.hears_recording(hotline.clip("fallback-apology"))
        await hear_each_other(call, offer)
        await offer.hang_up()
        await call.ended()


async def test_a_talk_with_the_fallback_is_no_transfer_by_the_department_that_talked_before(hotline: World) -> None:
    await two_tries(hotline)
    duty, bureau = await hotline.agent_phone("2200"), await hotline.agent_phone("2202")
    call = await in_menu(hotline)
    await call.press("5")
    dialled = await bureau.incoming()
    await dialled.answer()
    await hear_each_other(call, dialled)
    await hotline.stop_service()
    await dialled.hang_up()
    offer = await duty.incoming()
    await offer.answer()
    await hear_each_other(call, offer, one_says=900, other_says=500)
    await hotline.start_service()
    told = await hotline.ended()
    assert (told["outcome"], told["transfers"]) == ("sub-hotline", [])
    assert [talk["with"] for talk in told["talks"]] == [{"sub_hotline": "bureau"}]
    await hear_each_other(call, offer)
    await offer.hang_up()
    await call.ended()


# -- Asterisk ---------------------------------------------------------------------------------------------------------


async def test_a_short_cut_of_the_link_while_a_phone_rings(hotline: World) -> None:
    agent = await hotline.agent("1001")
    call = await queued(hotline, "1")
    offer = await agent.incoming()
    await offer.ring()
    await hotline.see_agent("1001", state="ringing")
    await kick(hotline)
    await ready(hotline, 503)
    await offer.answer()
    await hear_each_other(call, offer)
    await ready(hotline, 200)
    await hotline.see_agent("1001", state="on-call")
    await hear_each_other(call, offer, one_says=900, other_says=500)
    await offer.hang_up()
    await call.hears_recording(hotline.clip(hotline.hotline.goodbye))
    told = await hotline.ended()
    assert told["outcome"] == "answered"
    assert kinds(told).count("offered") == 1
    await works(hotline, "1001", agent, "13900139000")


async def test_without_the_manager_calls_go_on_and_who_waits_is_served_when_it_is_back(hotline: World) -> None:
    agent, general = await hotline.agent("1001"), await hotline.agent("1003")
    talking, offer = await connected(hotline, agent)
    choosing = await in_menu(hotline, "13900139000")
    async with manager_off(hotline):
        await choosing.press("2")  # heard by AGI alone
        await choosing.hears_recording(hotline.menu("water"))
        await choosing.press("1")
        await choosing.hears_recording(hotline.clip("please-hold"))
        await hear_each_other(talking, offer)
        await offer.hang_up()
        await talking.hears_recording(hotline.clip(hotline.hotline.goodbye))
        await talking.ended()
        assert (await hotline.ended())["outcome"] == "answered"
        await hotline.set_state("1001", "not-ready")  # this agent fits general too
        await choosing.hears("sound")
        assert not general.calls
    second = await general.incoming()
    assert second.caller_number == "13900139000"
    await second.answer()
    await hear_each_other(choosing, second)
    await choosing.hang_up()
    await works(hotline, "1001", agent, "13700137000")


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=["stops", "crashes"])
async def test_asterisk_ends_and_is_back(hotline: World, how: signal.Signals) -> None:
    agent = await hotline.agent("1001")
    await connected(hotline, agent)
    await queued(hotline, "1", "13900139000")
    await in_menu(hotline, "13700137000")
    pid = hotline.asterisk.running()
    assert pid is not None
    os.kill(pid, how)
    away = await ready(hotline, 503)
    assert away["checks"]["asterisk"] != "ok"
    assert "asterisk" in away["detail"].lower()
    await hotline.asterisk.wait_ended()
    await hotline.asterisk.start()
    await ready(hotline, 200)
    for number in ("13800138000", "13900139000", "13700137000"):
        told = await hotline.ended(number)
        assert (told["outcome"], record(told, "call-finished").get("cause")) == ("lost", "asterisk-ended")
    view = await hotline.see_agent("1001", phone="free")
    assert view["state"] in ("ready", "wrap-up")  # not in a call that is no more
    await works(hotline, "1001", agent, "13600136000")


async def test_a_talk_that_comes_and_goes_while_the_service_is_away_was_one(hotline: World) -> None:
    agent = await hotline.agent("1001")
    call = await queued(hotline, "1")
    offer = await agent.incoming()
    await hotline.stop_service()
    await offer.answer()
    await hear_each_other(call, offer)
    await offer.hang_up()
    await hotline.start_service()
    await call.hears_recording(hotline.clip(hotline.hotline.goodbye))
    await call.ended()
    told = await hotline.ended()
    assert told["outcome"] == "answered"
    assert kinds(told).count("offered") == kinds(told).count("connected") == kinds(told).count("talk-ended") == 1


async def test_a_talk_that_comes_and_goes_while_the_link_is_away_was_one(hotline: World) -> None:
    agent = await hotline.agent("1001")
    call = await queued(hotline, "1")
    offer = await agent.incoming()
    async with manager_off(hotline):
        await ready(hotline, 503)
        await offer.answer()
        await hear_each_other(call, offer)
        await offer.hang_up()
        await call.hears_recording(hotline.clip(hotline.hotline.goodbye))
        await call.ended()
    told = await hotline.ended()
    assert told["outcome"] == "answered"
    assert kinds(told).count("offered") == kinds(told).count("connected") == kinds(told).count("talk-ended") == 1
