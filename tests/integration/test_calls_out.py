"""Agents call citizens: through the provider at 127.0.0.2, which is one of our phones."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from lab.phone import Call, CallFailed, IncomingCall, Phone
from lab.ports import free_port
from settings.sections import Trunk
from tests.integration.conversations import hear_each_other
from tests.integration.test_messages import asks, says
from tests.integration.world import World, kinds, record, world

CITIZEN = "13800138000"
ALLOWED = 'calls_out: {allowed: ["1[3-9]xxxxxxxxx"], country: "86"}'
CALLS_OUT = ("entry: main\n", f"entry: main\n{ALLOWED}\n")
pytestmark = pytest.mark.parametrize("change", [CALLS_OUT])


@asynccontextmanager
async def connected(
    tmp_path: Path, folder: Path, sounds: Path, *, proxied: bool = False, **trunk: Any
) -> AsyncIterator[tuple[World, Phone, Phone]]:
    """A hotline on the telephone network, the provider's phone, and an agent who is ready. `proxied`: see `world`."""
    file = folder / "hotline.yaml"
    file.write_text(file.read_text().replace("greening:\n    name", 'greening:\n    number: "12320"\n    name', 1))
    provider_port, ours = free_port(), free_port()
    line = Trunk(host="127.0.0.2", port=provider_port, bind="127.0.0.1", bind_port=ours, **trunk)
    async with (
        # Before Asterisk: it would ask a provider that does not answer again only after 30 s.
        Phone(("127.0.0.1", ours), number=CITIZEN, host="127.0.0.2", port=provider_port) as provider,
        world(tmp_path / "state", folder, sounds, proxied=proxied, trunk=line) as hotline,
    ):
        yield hotline, provider, await hotline.agent("1001")


async def dial(hotline: World, number: str = CITIZEN, queue: str = "greening") -> Any:
    return await hotline.http.post("/api/v1/agents/1001/dial", json={"number": number, "queue": queue})


async def rings(hotline: World, provider: Phone, agent: Phone) -> tuple[Call, IncomingCall]:
    """The agent has picked up, and the citizen's phone rings."""
    answer = await dial(hotline)
    assert answer.status_code == 200, answer.text
    offer = await agent.incoming()
    assert offer.caller_number == CITIZEN
    await hotline.see_agent("1001", state="ringing")
    own = await offer.answer()
    citizen = await provider.incoming()
    await citizen.ring()
    await hotline.see_agent("1001", state="on-call")
    return own, citizen


async def talks(hotline: World, provider: Phone, agent: Phone) -> tuple[Call, IncomingCall]:
    own, citizen = await rings(hotline, provider, agent)
    await citizen.answer()
    await hear_each_other(own, citizen)
    return own, citizen


async def figures(hotline: World, measure: str) -> list[str]:
    page = (await hotline.http.get("/metrics")).text
    return [line for line in page.splitlines() if line.startswith(measure)]


async def test_who_left_a_message_is_called_back_and_the_message_says_so_when_it_is_done_too(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    async with connected(tmp_path, hotline_folder, sounds) as (hotline, provider, agent):
        call = await provider.dial("12319")
        await call.hears_speech()
        await asks(hotline, call)
        await says(call)
        await call.hang_up()
        (message,) = await hotline.see("messages", lambda seen: len(seen) == 1)
        assert (message["number"], message["called_by"]) == (CITIZEN, None)
        own, _ = await talks(hotline, provider, agent)
        await hotline.see("messages", lambda seen: seen and seen[0]["called_by"] == "agent:1001")
        await own.hang_up()
        at = f"/api/v1/messages/{message['id']}"
        assert (await hotline.http.post(f"{at}/take")).status_code == 200
        assert (await hotline.http.post(f"{at}/done", json={"note": "told her"})).status_code == 204
        assert await hotline.get("messages") == []
        await hotline.stop_service()
        await hotline.start_service()
        (done,) = await hotline.get("messages?done=true")
        assert (done["id"], done["called_by"], done["note"]) == (message["id"], "agent:1001", "told her")


async def test_a_missed_caller_is_called_back_and_leaves_the_list(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    async with connected(tmp_path, hotline_folder, sounds) as (hotline, provider, agent):
        await hotline.set_state("1001", "not-ready")
        call = await provider.dial("12319")
        await call.hears_speech()
        for key in "23":
            await call.press(key)
        await hotline.see("queues/everybody", lambda queue: queue["longest_wait_s"] > 1)
        await call.hang_up()
        (missed,) = await hotline.see("missed", lambda seen: len(seen) == 1)
        before = await hotline.get("queues/greening")
        assert (await dial(hotline, "12319")).status_code == 422
        assert (await dial(hotline, "008521380013")).status_code == 422
        own, citizen = await talks(hotline, provider, agent)
        assert (citizen.dialled, citizen.caller_number) == (CITIZEN, "12320"), "the queue's own number"
        assert await hotline.get("missed") == []
        view = await hotline.see_agent("1001", state="on-call")
        live = await hotline.story(view["call_id"])
        supervisor = await hotline.agent_phone("1002")
        await hotline.see_agent("1002", phone="free")
        listens = await hotline.http.post(
            f"/api/v1/calls/{live['id']}/listen", json={"mode": "listen", "phone": "1002"}
        )
        assert listens.status_code == 201, listens.text
        heard = await (await supervisor.incoming()).answer()
        citizen.send_tone(700)
        await heard.hears(700)
        citizen.send_silence()
        assert (live["direction"], live["state"], live["caller"]) == ("out", "talking", CITIZEN)
        await citizen.hang_up()
        await own.ended()
        await hotline.see_agent("1001", state="wrap-up")
        await hotline.see_agent("1001", state="not-ready")
        told = await hotline.ended()
        await heard.ended()
        own_steps = [kind for kind in kinds(told) if kind.startswith("call-out")]
        assert own_steps == ["call-out-dialled", "call-out-answered", "call-out-ended"]
        assert (told["outcome"], told["queue"], told["agent"]) == ("answered", "greening", "1001")
        assert record(told, "call-out-ended")["by"] == "caller"
        assert [(talk["with"], talk["ended_by"]) for talk in told["talks"]] == [({"agent": "1001"}, "caller")]
        assert await hotline.get("queues/greening") == before
        assert await figures(hotline, "wutong_calls_out_total") == [
            'wutong_calls_out_total{outcome="answered",queue="greening"} 1.0'
        ]
        counted = [line.split()[1] for line in await figures(hotline, "wutong_calls_total{") if "greening" in line]
        assert set(counted) == {"0.0"}
        assert missed["number"] == CITIZEN


async def test_nobody_answers_and_the_agent_hears_why(tmp_path: Path, hotline_folder: Path, sounds: Path) -> None:
    async with connected(tmp_path, hotline_folder, sounds) as (hotline, provider, agent):
        own, citizen = await rings(hotline, provider, agent)
        await citizen.reject(486)
        await own.hears("sound")
        told = await hotline.ended()
        assert (told["outcome"], record(told, "call-out-failed")["why"]) == ("failed", "busy")
        await hotline.see_agent("1001", state="ready", phone="busy")
        await own.hang_up()
        await hotline.see_agent("1001", state="ready", phone="free")
        own, citizen = await rings(hotline, provider, agent)
        await own.hang_up()
        await citizen.cancelled()
        told = await hotline.ended()
        assert record(told, "call-out-failed")["why"] == "given-up"
        await hotline.see_agent("1001", state="ready", phone="free")
        assert (await dial(hotline)).status_code == 200
        await (await agent.incoming()).reject(603)
        told = await hotline.ended()
        assert (kinds(told), record(told, "call-out-failed")["why"]) == (
            ["call-out-dialled", "call-out-failed"],
            "agent",
        )
        await hotline.see_agent("1001", state="ready", phone="free")
        assert (await figures(hotline, "wutong_calls_out_total"))[0].endswith("1.0")


async def test_the_talk_outlives_a_restart_and_its_end_is_known(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    async with connected(tmp_path, hotline_folder, sounds) as (hotline, provider, agent):
        own, citizen = await talks(hotline, provider, agent)
        await hotline.stop_service()
        await hear_each_other(own, citizen, one_says=900, other_says=500)
        await hotline.start_service()
        await hotline.see_agent("1001", state="on-call")
        await hear_each_other(own, citizen, one_says=1000, other_says=600)
        await own.hang_up()
        await citizen.ended()
        told = await hotline.ended()
        assert (record(told, "call-out-ended")["by"], told["outcome"]) == ("agent", "answered")
        await hotline.see_agent("1001", state="ready", phone="free")


async def test_what_happens_while_the_service_is_away_is_known_after_it(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    async with connected(tmp_path, hotline_folder, sounds) as (hotline, provider, agent):
        own, citizen = await rings(hotline, provider, agent)
        await hotline.stop_service()
        await citizen.answer()
        await hear_each_other(own, citizen)
        await citizen.hang_up()
        await own.ended()
        await hotline.start_service()
        told = await hotline.ended()
        assert kinds(told) == ["call-out-dialled", "call-out-answered", "call-out-ended"]
        assert record(told, "call-out-ended")["by"] == "system"
        await hotline.see_agent("1001", state="ready", phone="free")


async def test_a_provider_with_a_user_name_is_asked_to_show_the_number(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    async with connected(tmp_path, hotline_folder, sounds, user="02112319", password="given-to-us") as made:
        own, citizen = await talks(*made)
        assert citizen.caller_number == "02112319"
        assert citizen.header("P-Preferred-Identity") == "<sip:12320@127.0.0.2>"
        await own.hang_up()
        await citizen.ended()


async def test_the_agents_phone_cannot_send_the_citizen_elsewhere(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    async with connected(tmp_path, hotline_folder, sounds) as (hotline, provider, agent):
        own, citizen = await talks(hotline, provider, agent)
        with pytest.raises(CallFailed):
            await own.blind_transfer("6001")
        await hear_each_other(own, citizen, one_says=900, other_says=500)
        await own.hang_up()
        await citizen.ended()
        assert [call["direction"] for call in await hotline.get("calls")] == ["out"]


async def test_both_phones_are_measured_and_a_citizen_who_is_not_heard_is_told(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    async with connected(tmp_path, hotline_folder, sounds) as (hotline, provider, agent):
        own, citizen = await talks(hotline, provider, agent)
        (call,) = await hotline.get("calls?state=talking")
        citizen.send_nothing()
        await hotline.see_agent("1001", silent=["caller"])
        await own.hang_up()
        story = await hotline.see(f"calls/{call['id']}", lambda told: kinds(told).count("leg-measured") == 2)
    assert record(story, "sound-lost")["side"] == "caller"
    lines = {step["phone"]: step["line"] for step in story["story"] if step["kind"] == "leg-measured"}
    assert lines == {"1001": "phone", "trunk": "outside"}
