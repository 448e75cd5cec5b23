"""The service dies and comes back: every call goes on in the state that it had."""

import asyncio
import os
import re
import shutil
import signal
import sys
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from base.process import Process
from journal import database
from lab.patience import PATIENCE, patience, until
from lab.phone import Call, Phone
from processes import running
from processes.child import RESTART
from service.app.serve import serve
from service.pulse import Pulse
from tests.integration.command import Wutong
from tests.integration.conversations import connected, hear_each_other, in_menu, queued, taken
from tests.integration.world import World, kinds, record


async def test_callers_who_wait_talk_or_choose_go_on_where_they_were(hotline: World) -> None:
    agent = await hotline.agent("1001")
    talking, offer = await connected(hotline, agent)
    waiting = await queued(hotline, "1", "13900139000")
    await waiting.hears_recording(hotline.clip("please-hold"))
    choosing = await in_menu(hotline, "13700137000")
    before = {call["caller"]: call for call in await hotline.get("calls")}
    await hotline.stop_service()
    fresh = await (await hotline.citizen("13600136000")).place("12319")
    await fresh.ringing()
    await hear_each_other(talking, offer, one_says=900, other_says=500)
    await waiting.hears("sound")
    await hotline.start_service()
    await fresh.answered()
    await choosing.hears_recording(hotline.clip("service-apology"))
    await choosing.hears_recording(hotline.clip(hotline.hotline.greeting))
    await fresh.hears_recording(hotline.clip(hotline.hotline.greeting))
    await hear_each_other(talking, offer)
    now = {call["caller"]: call for call in await hotline.get("calls")}
    states = {"13800138000": "talking", "13900139000": "waiting", "13700137000": "menu"}
    for number, state in states.items():
        assert (now[number]["id"], now[number]["state"]) == (before[number]["id"], state)
        assert now[number]["queued"] == before[number]["queued"]
    assert (await hotline.get("agents/1001"))["state"] == "on-call"

    for call in (choosing, fresh):
        await call.hang_up()
    # the waiting caller gets the next agent, without a word
    other = await hotline.agent("1002")
    second = await other.incoming()
    assert second.caller_number == "13900139000"
    await second.answer()
    await hear_each_other(waiting, second)
    await second.hang_up()
    await waiting.hears_recording(hotline.clip(hotline.hotline.goodbye))
    await waiting.ended()
    told = await hotline.ended("13900139000")
    assert told["outcome"] == "answered"
    assert kinds(told).count("call-started") == 1
    # the caller who talked hears the goodbye when the agent has hung up
    await offer.hang_up()
    await talking.hears_recording(hotline.clip(hotline.hotline.goodbye))
    await talking.ended()
    told = await hotline.ended()
    ways = [kind for kind in kinds(told) if kind != "leg-measured"]
    assert (told["outcome"], ways[-2:]) == ("answered", ["said", "call-finished"])
    assert record(told, "talk-ended")["by"] == "agent"


async def test_without_a_spool_the_database_knows_who_waits_and_who_is_away(hotline: World) -> None:
    agent = await hotline.agent("1001")
    await hotline.set_state("1001", "not-ready", "lunch")
    waiting = await queued(hotline, "1", "13900139000")
    before = (await hotline.get("calls"))[0]
    await hotline.stop_service()
    shutil.rmtree(hotline.settings.folder.spool)
    await hotline.start_service()
    await hotline.see_queue("greening", waiting=1)
    (now,) = await hotline.get("calls")
    assert (now["id"], now["state"], now["queued"]) == (before["id"], "waiting", before["queued"])
    away = await hotline.get("agents/1001")
    assert (away["state"], away["reason"]) == ("not-ready", "lunch")
    await hotline.set_state("1001", "ready")
    await taken(waiting, agent)


async def test_a_caller_interrupted_twice_in_the_menus_gets_a_person(hotline: World) -> None:
    choosing = await in_menu(hotline)
    for _ in range(2):
        await hotline.stop_service()
        await hotline.start_service()
        await choosing.hears_recording(hotline.clip("service-apology"))
    await choosing.hears_recording(hotline.clip("nobody-there"))
    await hotline.see_queue("general", waiting=1)
    agent = await hotline.agent("1003")
    await taken(choosing, agent)


async def test_killed_at_once_and_restarted_on_demand(wutong: Wutong) -> None:
    """The supervisor starts it again after SIGKILL; `./wutong restart` waits for callers in the menus."""
    await wutong.up()
    async with AsyncExitStack() as phones:

        async def citizen(number: str) -> Phone:
            return await phones.enter_async_context(Phone(("127.0.0.1", wutong.base + 1), number=number))

        async def state(number: str) -> str | None:
            calls = await wutong.get("calls")
            return next((call["state"] for call in calls if call["caller"] == number), None)

        waiting = await (await citizen("13800138000")).dial("12319")
        await waiting.hears_speech()
        await waiting.press("1")
        await until("the caller's place in the queue", lambda: state("13800138000"), lambda state: state == "waiting")
        first = (await wutong.status())["pid"]
        os.kill(first, signal.SIGKILL)
        await waiting.hears("sound")
        second = await wutong.next_service(first)
        assert await state("13800138000") == "waiting"

        choosing = await (await citizen("13900139000")).dial("12319")
        await choosing.hears_speech()
        restarting = asyncio.create_task(wutong.run("restart"))
        await until("the end of the intake", lambda: wutong.get("/readyz"), lambda it: it["checks"]["intake"] != "ok")
        fresh = await (await citizen("13700137000")).place("12319")
        await fresh.ringing()
        assert (await wutong.status())["pid"] == second
        await choosing.press("1")  # the last one in the menus
        status, output = await restarting
        assert status == 0, output
        assert "1 in the menus" in output
        third = (await wutong.status())["pid"]
        assert third not in (first, second)
        await fresh.answered()
        assert [await state(number) for number in ("13800138000", "13900139000")] == ["waiting", "waiting"]

        agent = await phones.enter_async_context(Phone(("127.0.0.1", wutong.base + 1), "1001", wutong.password("1001")))
        await agent.register(expires=60)
        await wutong.put("agents/1001/state", {"state": "ready"})
        offer = await agent.incoming()
        assert offer.caller_number == "13800138000"
        await offer.answer()
        await hear_each_other(waiting, offer)


async def test_a_service_that_hangs_is_ended_and_another_goes_on(wutong: Wutong) -> None:
    """It lives, and nothing moves in it. Nobody but the supervisor can tell."""
    await wutong.up()
    async with Phone(("127.0.0.1", wutong.base + 1), number="13800138000") as phone:
        waiting = await phone.dial("12319")
        await waiting.hears_speech()
        await waiting.press("1")
        await until(
            "the caller's place in the queue",
            lambda: wutong.get("calls"),
            lambda calls: calls and calls[0]["state"] == "waiting",
        )
        hanging = (await wutong.status())["pid"]
        process = Process.of(hanging)
        os.kill(hanging, signal.SIGSTOP)
        assert process is not None
        assert await process.gone(within=PATIENCE)
        await waiting.hears("sound")
        await wutong.next_service(hanging)
        assert (await wutong.get("calls"))[0]["state"] == "waiting"
        assert "service-hangs" in (wutong.folder.logs / "supervisor.log").read_text()


@pytest.mark.parametrize(
    "change", [("needs: {general: 1}\n    ring: 120s", "needs: {general: 1}\n    ring: 4s")], ids=["a ring of 4 s"]
)
async def test_a_frozen_service_does_not_break_the_talks_that_began_without_it(wutong: Wutong) -> None:
    """The service has news of both talks to read when it is back, and the time of a ring is long up.

    An agent who was rung beside others picks up: the leg goes on by itself after 10 s, and only then does the service
    let it through.
    """
    await wutong.up()
    host = "127.0.0.1", wutong.base + 1
    async with AsyncExitStack() as phones:

        async def at_work(agent_id: str) -> Phone:
            phone = await phones.enter_async_context(Phone(host, agent_id, wutong.password(agent_id)))
            await phone.register(expires=60)
            await wutong.put(f"agents/{agent_id}/state", {"state": "ready"})
            return phone

        async def calls(number: str, *keys: str) -> Call:
            call = await (await phones.enter_async_context(Phone(host, number=number))).dial("12319")
            await call.hears_speech()
            for key in keys:
                await call.press(key)
            return call

        agents = [await at_work(agent_id) for agent_id in ("1001", "1002")]
        for_all = await calls("13800138000", "2", "3")
        first, other = [await phone.incoming() for phone in agents]
        alone = await at_work("1003")
        service = (await wutong.status())["pid"]
        for_one = await calls("13900139000", "0")
        offer = await alone.incoming()
        os.kill(service, signal.SIGSTOP)
        try:
            await offer.answer()
            await first.answer()
            await hear_each_other(for_one, offer)
            await hear_each_other(for_all, first)
        finally:
            os.kill(service, signal.SIGCONT)
        await other.cancelled()
        await until(
            "the talks",
            lambda: wutong.get("calls"),
            lambda calls: [call["state"] for call in calls] == ["talking"] * 2,
        )
        assert (await wutong.status())["pid"] == service
        for call, leg, agent_id in ((for_all, first, "1001"), (for_one, offer, "1003")):
            await hear_each_other(call, leg, one_says=900, other_says=500)
            assert (await wutong.get(f"agents/{agent_id}"))["state"] == "on-call"
        assert "was-frozen" in (wutong.folder.logs / "service.log").read_text()


async def test_drained_for_maintenance(wutong: Wutong) -> None:
    await wutong.up()
    async with Phone(("127.0.0.1", wutong.base + 1), number="13800138000") as phone:
        status, output = await wutong.run("drain")
        assert (status, "turned away" in output) == (0, True)
        for command, closed in (("status", 0), ("doctor", 1)):
            status, output = await wutong.run(command)
            assert (status, "turned away until ./wutong drain --off" in output) == (closed, True), output
        assert (await wutong.status())["drained_since"] is not None
        before = await wutong.text("/metrics")
        assert "wutong_drained 1.0" in before
        status, output = await wutong.run("restart", "--wait", "0")
        assert status == 0, output
        started = re.compile(r"^process_start_time_seconds .*$", re.MULTILINE)
        assert started.findall(before) != started.findall(await wutong.text("/metrics"))
        call = await phone.dial("12319")
        await call.ended()
        told = (await wutong.get("calls"))[0]
        story = (await wutong.get(f"calls/{told['id']}"))["story"]
        assert "维护" in next(step["text"] for step in story if step["kind"] == "said")
        assert "drained" in (await wutong.get("/readyz"))["detail"]
        status, output = await wutong.run("drain", "--off")
        assert (status, output.strip()) == (0, "new calls are taken")
        again = await phone.dial("12319")
        await again.hears_speech()
        assert (await wutong.get("calls"))[0]["state"] == "menu"


NEXT_VERSION = """
import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("calls", sa.Column("new", sa.Text()))
"""


async def test_an_upgrade_that_changes_the_tables_while_callers_wait_and_talk(
    hotline: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = await hotline.agent("1001")
    talking, offer = await connected(hotline, agent)
    waiting = await queued(hotline, "1", "13900139000")
    await hotline.stop_service()

    newer = tmp_path / "migrations"
    shutil.copytree(database.MIGRATIONS, newer)
    head = max(file.name[1:5] for file in (newer / "versions").glob("v*.py"))
    (newer / "versions" / "vnext.py").write_text(NEXT_VERSION.format(head=head))
    monkeypatch.setattr(database, "MIGRATIONS", newer)
    await hotline.start_service()
    await hear_each_other(talking, offer)
    await offer.hang_up()
    await talking.hears_recording(hotline.clip(hotline.hotline.goodbye))
    second = await agent.incoming()
    assert second.caller_number == "13900139000"
    await second.answer()
    await hear_each_other(waiting, second)
    await waiting.hang_up()
    for number in ("13800138000", "13900139000"):
        told = await hotline.ended(number)
        assert (told["outcome"], kinds(told).count("call-started")) == ("answered", 1)
    opened = database.open(hotline.settings.database)
    async with opened.connect() as connection:
        rows = await connection.execute(text("SELECT new FROM calls"))
        assert [tuple(row) for row in rows] == [(None,), (None,)]
    await opened.dispose()


async def test_a_service_that_never_had_its_asterisk_can_be_restarted(hotline: World) -> None:
    await hotline.stop_service()
    await hotline.asterisk.stop()
    begun: list[Pulse] = []
    serving = asyncio.create_task(serve(hotline.settings, begun.append, alone=lambda: None))
    async with patience("the end of the service"):
        while not serving.done():
            with suppress(httpx.TransportError):  # until it listens
                await hotline.http.post("/api/v1/restart", json={"wait_s": 0})
                break
            await asyncio.sleep(0.05)
        await serving
    assert begun == []


async def test_a_service_in_a_container_is_restarted_by_who_runs_it(hotline: World) -> None:
    """Nobody supervises it, but the setting says that it is started again."""
    await hotline.stop_service()
    settings = hotline.settings
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "service", "serve", "--state", str(settings.state)),
        *("--hotline", str(settings.hotline), "--ports", str(settings.base_port)),
        env={**os.environ, "WUTONG_STARTED_AGAIN": "true", "WUTONG_SEPARATE_USERS": "false"},
    )
    await until(
        "a service that is ready",
        lambda: asyncio.to_thread(running.service, settings.folder),
        lambda serving: serving is not None and serving.ready,
    )
    assert (await hotline.http.post("/api/v1/restart", json={"wait_s": 0})).status_code == 202
    async with patience("the end of the service"):
        assert await program.wait() == RESTART
    await hotline.start_service()
