"""The day of agents, as real phones have made it: also over a restart, and in the terminal."""

import asyncio
from itertools import pairwise
from typing import Any

import pytest

from reports import day_commands
from tests.integration.conversations import connected, hear_each_other, queued
from tests.integration.test_transfers import declines
from tests.integration.test_transfers_over_http import order
from tests.integration.test_trees import client
from tests.integration.test_unseen_talks import service_away
from tests.integration.world import World


async def signed_out(hotline: World, agent: str) -> Any:
    """The agent's day, once the database has its end."""
    await hotline.set_state(agent, "logged-out")
    return await hotline.see(f"reports/agents/{agent}/day", lambda day: bool(day["spans"]) and ended(day))


def ended(day: Any) -> bool:
    return bool(day["shifts"][-1]["until"] < day["until"])


def kinds(day: Any) -> list[str]:
    return [span["kind"] for span in day["spans"]]


def whole(day: Any) -> None:
    """No gap, and what adds up adds up."""
    assert all(one["until"] == other["from"] for one, other in pairwise(day["spans"]))
    assert day["shifts"] == [{"from": day["spans"][0]["from"], "until": day["spans"][-1]["until"]}]
    assert sum(each["ms"] for each in day["sums"]) == day["signed_in_ms"] > 0


async def test_a_shift_with_a_break_a_talk_held_over_a_restart_a_consultation_and_a_declined_ring(
    hotline: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    agent, colleague = await hotline.agent("1001"), await hotline.agent_phone("1003")
    await hotline.see_agent("1003", phone="free")
    await hotline.set_state("1003", "not-ready", "培训")
    await hotline.set_state("1001", "not-ready", "用餐")
    await hotline.set_state("1001", "ready")
    caller, talk = await connected(hotline, agent)
    call = (await hotline.see_agent("1001", state="on-call"))["call_id"]
    await order(hotline, "hold")
    async with service_away(hotline):
        pass
    await order(hotline, "unhold")
    await hear_each_other(caller, talk)
    await order(hotline, "transfer")
    asked = await (await colleague.incoming()).answer()
    await hear_each_other(talk, asked)
    await order(hotline, "return")
    await asked.ended()
    await hear_each_other(caller, talk)
    await caller.hang_up()
    await hotline.see_agent("1001", state="ready", phone="free")
    await queued(hotline, "1", "13900139000")
    await declines(agent)
    await hotline.see_agent("1001", state="not-ready", reason="rona")

    day = await signed_out(hotline, "1001")
    whole(day)
    assert kinds(day) == [
        *("ready", "not-ready", "ready", "ringing", "talk", "hold", "talk", "hold", "talk"),
        *("wrap-up", "ready", "ringing", "not-ready"),
    ]
    assert {span["call_id"] for span in day["spans"][3:10]} == {call}
    assert {span["queue"] for span in day["spans"][3:10]} == {"greening"}
    assert [span["missed"] for span in day["spans"] if span["missed"]] == ["declined"]
    assert (day["missed"], day["spans"][1]["reason"]) == (1, "用餐")
    other = await signed_out(hotline, "1003")
    whole(other)
    assert kinds(other) == ["not-ready", "ringing", "consult", "not-ready"]
    assert {span["call_id"] for span in other["spans"][1:3]} == {call}

    monkeypatch.setenv("LC_ALL", "C")
    await asyncio.to_thread(day_commands.show, client(hotline), "1001", None, as_json=False)
    printed = capsys.readouterr().out
    assert "Not ready: 用餐" in printed
    assert "Rings not answered: 1" in printed
