"""Callbacks whose agent is rung before the citizen: the provider at 127.0.0.2 is our phone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from lab.phone import IncomingCall, Phone
from tests.integration.conversations import hear_each_other
from tests.integration.test_callback_tries import left, postponed, with_rule
from tests.integration.test_callbacks import promised
from tests.integration.test_calls_out import CALLS_OUT, CITIZEN, connected
from tests.integration.test_recorded_calls_out import both_are_in_it
from tests.integration.test_recordings import speak
from tests.integration.world import World, kinds, record

CAUSES = "causes: {busy: {again: 10s}, declined: {again: 10s}, not_confirmed: {again: 10s}}"
pytestmark = pytest.mark.parametrize("change", [CALLS_OUT])


@asynccontextmanager
async def offered(
    tmp_path: Path, folder: Path, sounds: Path, rule: str = "", record_talks: str = ""
) -> AsyncIterator[tuple[World, Phone, Phone, str, IncomingCall]]:
    """A callback was promised, and the phone of the only agent rings for it: the hotline, the citizen's phone, the
    agent's, the callback and that ring.
    """
    recorded = f"\n    record: {record_talks}" if record_talks else ""
    folder = with_rule(folder, f'callback: {{key: "2", first: agent, {rule or "again: 10s, tries: 2"}}}{recorded}')
    async with connected(tmp_path, folder, sounds) as (hotline, provider, agent):
        await hotline.set_state("1001", "not-ready")
        told = await promised(hotline, provider)
        await hotline.set_state("1001", "ready")
        offer = await agent.incoming()
        assert offer.caller_number == CITIZEN
        await hotline.see_agent("1001", state="ringing")
        yield hotline, provider, agent, record(told, "callback-promised")["callback"], offer


async def state(hotline: World, *those: str) -> Any:
    """The only callback comes into one of these states."""
    (one,) = await hotline.see("callbacks", lambda seen: [each["state"] in those for each in seen] == [True])
    return one


async def test_the_agent_picks_up_the_citizen_is_called_and_the_two_talk_at_once(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    async with offered(tmp_path, hotline_folder, sounds) as (hotline, provider, agent, callback, offer):
        assert provider.calls == (), "the citizen's phone does not ring before the agent has picked up"
        assert (await state(hotline, "dialling"))["attempts"] == 1
        own = await offer.answer()
        citizen = await provider.incoming()
        assert (citizen.dialled, citizen.caller_number) == (CITIZEN, "12320")
        await citizen.ring()
        await own.hears("sound")
        await citizen.answer()
        await hear_each_other(own, citizen)
        await state(hotline, "talking")
        assert (len(agent.calls), len(provider.calls)) == (1, 1)
        await citizen.hang_up()
        await own.ended()
        await hotline.see("callbacks", lambda seen: seen == [])
        assert await left(hotline, callback) == "talked"
        await hotline.see_agent("1001", state="ready", phone="free")
        (kept,) = await hotline.get("callbacks-today")
        assert (kept["ended"], kept["kept"]) == (1, 1)


async def test_in_a_queue_that_records_the_citizen_hears_so_first_and_both_sides_are_recorded(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    async with offered(tmp_path, hotline_folder, sounds, record_talks="always") as (hotline, provider, *_, offer):
        own = await offer.answer()
        citizen = await provider.incoming()
        await citizen.answer()
        await citizen.hears_recording(hotline.clip("talk-recorded"))
        await speak(citizen, own)
        await own.hang_up()
        await citizen.ended()
        await both_are_in_it(hotline)


async def test_an_agent_who_declines_costs_no_try_and_is_rung_again_once_ready(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    async with offered(tmp_path, hotline_folder, sounds, "tries: 1") as (hotline, provider, agent, callback, offer):
        await offer.reject(603)
        view = await hotline.see_agent("1001", state="not-ready")
        assert (view["reason"], view["missed_offers"]) == ("rona", 1)
        assert (await postponed(hotline, "agent"))["attempts"] == 0
        await hotline.set_state("1001", "ready")
        own = await (await agent.incoming()).answer()
        await (await provider.incoming()).reject(486)
        await own.hears("sound")
        assert await left(hotline, callback) == "not-reached"
        await own.ended()
        await hotline.see_agent("1001", state="ready", phone="free")
        (missed,) = await hotline.get("missed")
        assert (missed["number"], missed["why"]) == (CITIZEN, "not-reached")


async def test_each_cause_is_known_and_a_mailbox_is_said_by_the_agent(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    rule = f"again: 1h, tries: 6, {CAUSES}"
    async with offered(tmp_path, hotline_folder, sounds, rule) as (hotline, provider, agent, callback, offer):
        own = await offer.answer()
        mailbox = await (await provider.incoming()).answer()
        await hear_each_other(own, mailbox)
        said = await hotline.http.post(f"/api/v1/callbacks/{callback}/not-reached")
        assert said.status_code == 204, said.text
        assert (await postponed(hotline, "not-confirmed"))["attempts"] == 1
        await own.hang_up()
        await mailbox.ended()
        for number, (status, why) in enumerate([(486, "busy"), (603, "declined")], start=2):
            await (await agent.incoming()).answer()
            citizen = await provider.incoming()
            await citizen.ring()
            await citizen.reject(status)
            assert (await postponed(hotline, why))["attempts"] == number
        await (await agent.incoming()).answer()
        await (await provider.incoming()).reject(404)
        assert await left(hotline, callback) == "not-reached"


async def test_an_agent_who_hangs_up_before_the_answer_has_had_none(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    async with offered(tmp_path, hotline_folder, sounds) as (hotline, provider, _, _, offer):
        own = await offer.answer()
        citizen = await provider.incoming()
        await citizen.ring()
        await own.hang_up()
        await citizen.ended()
        assert (await postponed(hotline, "no-answer"))["attempts"] == 1
        await hotline.see_agent("1001", state="ringing")


async def test_who_rings_in_while_the_agents_phone_rings_gets_this_agent(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    async with offered(tmp_path, hotline_folder, sounds) as (hotline, provider, agent, _, offer):
        await offer.ring()
        call = await provider.dial("12319")
        await call.hears_speech()
        await call.press("1")
        await offer.ended()
        await hear_each_other(call, await (await agent.incoming()).answer())
        assert provider.calls == (call,), "nobody calls the citizen"
        await call.hang_up()
        told = await hotline.ended(CITIZEN)
        assert kinds(told).count("callback-answered") == 1


@pytest.mark.parametrize("picked_up", [False, True], ids=["while the agent's phone rings", "while the citizen's does"])
async def test_a_restart_of_the_service_loses_nothing_and_rings_nobody_twice(
    tmp_path: Path, hotline_folder: Path, sounds: Path, picked_up: bool
) -> None:
    async with offered(tmp_path, hotline_folder, sounds) as (hotline, provider, agent, callback, offer):
        await offer.ring()
        if picked_up:
            own = await offer.answer()
            citizen = await provider.incoming()
            await citizen.ring()
            await hotline.stop_service()
        else:
            await hotline.stop_service()
            own = await offer.answer()
            citizen = await provider.incoming()
        await citizen.answer()
        await hear_each_other(own, citizen)
        await hotline.start_service()
        await state(hotline, "talking")
        await hotline.see_agent("1001", state="on-call")
        assert (len(agent.calls), len(provider.calls)) == (1, 1)
        await own.hang_up()
        assert await left(hotline, callback) == "talked"
