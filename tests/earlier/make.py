"""Makes what a hotline leaves behind while calls are alive, of the version in whose checkout it runs: see README.md."""

import json
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.integration.conversations import connected, in_menu, queued, taken
from tests.integration.world import World, kinds


async def call_of(hotline: World, number: str) -> str:
    (call,) = [call for call in await hotline.get("calls") if call["caller"] == number]
    return str(call["id"])


async def asked(hotline: World, number: str, what: str, body: dict[str, Any] | None = None) -> None:
    """Something over HTTP, of this citizen's call."""
    answer = await hotline.http.post(f"/api/v1/calls/{await call_of(hotline, number)}/{what}", json=body)
    assert answer.status_code == 200, answer.text


async def told(hotline: World, number: str, kind: str) -> None:
    """Wait until the story of this citizen's call has a Record of that kind."""

    def seen(call: Any) -> bool:
        return kind in kinds(call)

    await hotline.see(f"calls/{await call_of(hotline, number)}", seen, kind)


async def test_make(hotline: World) -> None:
    generalist = await hotline.agent("1003")
    expert, gas = await hotline.agent_phone("1005"), await hotline.agent_phone("2201")
    ended = await queued(hotline, "9", "13800000001")  # no expert is signed in: the call goes on to another queue
    await (await taken(ended, generalist)).hang_up()
    await hotline.ended("13800000001")
    await hotline.see_agent("1003", state="ready")
    first, second = await hotline.agent("1001"), await hotline.agent("1002")
    await connected(hotline, first, number="13800000002")
    await connected(hotline, second, number="13800000003")
    await asked(hotline, "13800000003", "hold")
    await connected(hotline, generalist, "0", number="13800000004")
    await asked(hotline, "13800000004", "transfer", {"to": {"agent": "1005"}, "how": "consult"})
    await (await expert.incoming()).answer()
    await queued(hotline, "3", "13800000005")
    await (await gas.incoming()).answer()
    await queued(hotline, "9", "13800000006")
    await queued(hotline, "1", "13800000007")
    await told(hotline, "13800000003", "held")
    await told(hotline, "13800000004", "consult-answered")
    await told(hotline, "13800000005", "sub-hotline-answered")
    await hotline.stop_service()  # the next one begins its spool with a snapshot that has these calls
    await hotline.start_service()
    await in_menu(hotline, "13800000008")
    await queued(hotline, "9", "13800000009")
    stories = {call["caller"]: await hotline.story(call["id"]) for call in await hotline.get("calls")}
    agents = {agent["id"]: agent["state"] for agent in await hotline.get("agents")}
    await hotline.stop_service()
    state, target = hotline.settings.folder, Path(os.environ["EARLIER"])
    shutil.copytree(state.spool, target / "state" / "spool")
    shutil.copytree(state.versions, target / "state" / "versions")
    shutil.copy(state.root / "timezone", target / "state")
    with (
        closing(sqlite3.connect(state.root / "wutong.db")) as live,
        closing(sqlite3.connect(target / "state" / "wutong.db")) as kept,
    ):
        live.backup(kept)
    (target / "told.json").write_text(json.dumps({"agents": agents, "calls": stories}, ensure_ascii=False, indent=1))
