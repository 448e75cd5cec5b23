"""Phones that die in talks to which agents have transferred the callers, around restarts of the service."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from lab.patience import until
from lab.phone import Call, IncomingCall, Phone
from tests.integration.conversations import connected, hear_each_other
from tests.integration.test_phones_gone import channels, refresh_session, the_call
from tests.integration.test_transfers_over_http import order, silence_between
from tests.integration.test_unseen_talks import link_away, service_away
from tests.integration.world import World, kinds, record, world

HOW = ["blind", "after a consultation", "into a queue that an agent has answered"]


async def sent(how: str, talk: IncomingCall, first: Phone, second: Phone, caller: Call) -> Call:
    """Agent 1001, who talks with the caller, transfers the caller to 1003 with the phone's own key."""
    got: Call
    if how == "blind":
        transferring = asyncio.create_task(talk.blind_transfer("1003"))
        got = await (await second.incoming()).answer()
        await transferring
    else:
        asking = await first.place("1003" if how == "after a consultation" else "6000")
        got = await (await second.incoming()).answer()
        await asking.answered()
        await hear_each_other(asking, got)
        await talk.attended_transfer(asking)
    await hear_each_other(caller, got, one_says=1000, other_says=600)
    return got


@pytest.mark.parametrize("dies", ["while the service is away", "after it", "just before the service dies again"])
@pytest.mark.parametrize("how", HOW)
async def test_a_caller_whose_agents_phone_dies_after_a_transfer_and_a_restart_comes_back(
    hotline: World, how: str, dies: str
) -> None:
    first, second = await hotline.agent("1001"), await hotline.agent("1003")
    caller, talk = await connected(hotline, first)
    await sent(how, talk, first, second, caller)
    told = await the_call(hotline)
    async with service_away(hotline):
        if dies == "while the service is away":
            second.die()
    if dies != "while the service is away":
        second.die()
    if dies == "just before the service dies again":
        await until("the news", lambda: hotline.story(told["id"]), lambda story: "transfer-failed" in kinds(story))
        async with service_away(hotline):
            pass
    await comes_back(hotline, caller, first, told["id"], hears_why=not dies.startswith("just before"))


@pytest.mark.parametrize("away", [service_away, link_away])
@pytest.mark.parametrize("how", HOW)
async def test_a_talk_after_a_transfer_that_ends_because_the_phone_is_gone_while_nobody_sees_it(
    tmp_path: Path, hotline_folder: Path, sounds: Path, how: str, away: Any
) -> None:
    """The phone was started anew, and knows of no talk. Asterisk ends it by itself."""
    async with world(tmp_path / "state", hotline_folder, sounds, proxied=True) as hotline:
        first, second = await hotline.agent("1001"), await hotline.agent("1003")
        caller, talk = await connected(hotline, first)
        await sent(how, talk, first, second, caller)
        told = await the_call(hotline)
        async with away(hotline):
            await ends_by_itself(hotline, second)
        await comes_back(hotline, caller, first, told["id"])


async def test_a_phone_that_is_gone_after_a_transfer_and_a_hold_while_nobody_sees_it(hotline: World) -> None:
    first, second = await hotline.agent("1001"), await hotline.agent("1003")
    caller, talk = await connected(hotline, first)
    own = await sent("blind", talk, first, second, caller)
    told = await the_call(hotline)
    await order(hotline, "hold")
    await silence_between(caller, own)
    async with service_away(hotline):
        await ends_by_itself(hotline, second)
    await comes_back(hotline, caller, first, told["id"])


async def ends_by_itself(hotline: World, phone: Phone) -> None:
    phone.forget_calls()
    leg = await refresh_session(hotline, "1003")

    async def ended() -> bool:
        return not await channels(hotline, leg)

    await until("the end of the leg", ended)


async def comes_back(hotline: World, caller: Call, first: Phone, call_id: str, *, hears_why: bool = True) -> None:
    """The caller hears why, unless the service dies meanwhile, and talks with the agent who made the transfer."""
    if hears_why:
        await caller.hears_recording(hotline.clip("talk-broken"))
    again = await (await first.incoming()).answer()
    await hear_each_other(caller, again)
    story = await hotline.story(call_id)
    over = record(story, "transfer-failed")
    assert (over["to"], over["status"], over["cause"]) == ({"agent": "1003"}, "ANSWER", "18")
    assert [(talk["with"], talk["ended_by"]) for talk in story["talks"]] == [
        ({"agent": "1001"}, "agent"),
        ({"agent": "1003"}, "system"),
        ({"agent": "1001"}, None),
    ]
