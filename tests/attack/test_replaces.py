"""An INVITE with Replaces (RFC 3891) would replace a phone in a live conversation. Nobody may send one.

Wutong's own transfers are REFERs: see test_dialplan.py and test_transfers.py of tests/integration.
"""

import itertools
from pathlib import Path

import pytest

from lab.attacks.attacker import Attacker
from lab.phone import Call, CallFailed, Phone
from lab.ports import free_port
from settings.sections import Trunk
from tests.integration.conversations import connected, hear_each_other
from tests.integration.exchange import desk, exchange
from tests.integration.machine import values
from tests.integration.world import World, kinds


def replaces(call: Call) -> str:
    """The header that names this phone's call, as Asterisk knows it."""
    dialog = call.dialog
    return f"{dialog.call_id};to-tag={dialog.remote.tag};from-tag={dialog.local.tag}"


async def goes_on(hotline: World, caller: Call, offer: Call, times: int) -> None:
    """The conversation is as it was: for those who talk, and in the story. `times`: how often that was tried."""
    await hear_each_other(caller, offer, one_says=900 + 40 * times, other_says=600 + 40 * times)
    (call,) = await hotline.get("calls")
    story = await hotline.story(call["id"])
    assert story["transfers"] == []
    assert kinds(story)[-1] == "connected"


async def test_nobody_replaces_one_who_talks(hotline: World) -> None:
    agent = await hotline.agent("1001")
    caller, offer = await connected(hotline, agent)
    anybody, another_agent = await hotline.citizen("110"), await hotline.agent_phone("1003")
    for times, (thief, taken) in enumerate(itertools.product((anybody, another_agent), (caller, offer))):
        with pytest.raises(CallFailed) as failure:
            await thief.dial("12319", headers=[("Replaces", replaces(taken))])
        assert failure.value.status == 401, thief.number
        await goes_on(hotline, caller, offer, times)


async def test_replaces_by_another_spelling_takes_no_conversation(hotline: World) -> None:
    agent = await hotline.agent("1001")
    caller, offer = await connected(hotline, agent)
    for times, name in enumerate(("replaces", "REPLACES", "Replaces ")):
        async with Attacker(hotline.sip) as attacker:
            header = f"{name}: {replaces(offer)}\r\n"
            invite = attacker.invite(f"sip:12319@127.0.0.1:{hotline.sip[1]}", headers=header)
            assert await attacker.asks(invite) == 401, name
        await goes_on(hotline, caller, offer, times)


async def test_replaces_through_the_trunk_takes_no_conversation(tmp_path: Path) -> None:
    ports = values().ports
    provider = free_port()
    trunk = Trunk(host="127.0.0.2", port=provider, bind="127.0.0.1", bind_port=ports.http)
    async with (
        exchange(tmp_path, ports=ports, trunk=trunk) as here,
        desk(here.given) as at,
        Phone(("127.0.0.1", ports.http), number="13800138000", host="127.0.0.2", port=provider) as line,
        at.plays_music(line) as (call, waiting),
    ):
        with pytest.raises(CallFailed) as failure:
            await line.dial("12319", headers=[("Replaces", replaces(call))])
        assert failure.value.status == 401
        assert call.up
        assert not waiting.done()


LONG = f"x={'a' * 4_100}"
"""Asterisk compares no header that has more than 4,095 bytes: docs/security.md."""


@pytest.mark.parametrize("wrong", range(3), ids=["call-id", "to-tag", "from-tag"])
async def test_a_replaces_that_passes_takes_nothing_without_all_three_words(hotline: World, wrong: int) -> None:
    agent = await hotline.agent("1001")
    caller, offer = await connected(hotline, agent)
    dialog = caller.dialog
    words = [dialog.call_id, dialog.remote.tag, dialog.local.tag]
    words[wrong] = "guessed"
    anybody = await hotline.citizen("110")
    header = f"{words[0]};to-tag={words[1]};from-tag={words[2]};{LONG}"
    with pytest.raises(CallFailed) as failure:
        await anybody.dial("12319", headers=[("Replaces", header)])
    assert failure.value.status == 481
    await hear_each_other(caller, offer, one_says=900, other_says=600)
