"""A real Asterisk: it starts, answers, reloads and stops, and nobody but this machine can reach it."""

import asyncio
import os
import resource
import signal
import stat
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from dialplan import render
from dialplan.ami_connection import ActionRefused
from dialplan.control import AsteriskControl
from dialplan.wire.ami import AmiMessage
from lab.patience import patience, until
from processes.asterisk import AsteriskFailed, AsteriskProcess
from settings import secrets, settings
from settings.sections import Trunk
from tests.integration.machine import (
    PHONE_SECRET,
    asterisk,
    installed,
    listening,
    manager,
    parent,
    processes_on,
    values,
)

LOOPBACK = "0100007F"  # 127.0.0.1 as /proc/net writes it


async def test_it_starts_with_every_needed_module_and_without_a_complaint(tmp_path: Path) -> None:
    async with asterisk(tmp_path / "a", values()) as process:
        assert await process.modules_missing() == []
        assert process.running() is not None

    complaints = [line for line in (tmp_path / "a/log/messages").read_text().splitlines() if "NOTICE" not in line]
    assert [line for line in complaints if "ERROR" in line or "WARNING" in line] == []


async def test_it_may_open_more_files_than_the_shell_that_starts_it(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (1_024, before[1]))
    try:
        async with asterisk(tmp_path / "a", values()) as process:
            pid = process.running()
            assert pid is not None
            assert resource.prlimit(pid, resource.RLIMIT_NOFILE)[0] == min(65_536, before[1])
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


async def test_starting_it_again_finds_it(tmp_path: Path) -> None:
    async with asterisk(tmp_path / "a", values()) as process:
        pid = process.running()

        assert await AsteriskProcess(installed(), tmp_path / "a").start() == pid


async def test_it_is_nobodys_child(tmp_path: Path) -> None:
    async with asterisk(tmp_path / "a", values()) as process:
        pid = process.running()
        assert pid is not None

        assert parent(pid) != os.getpid()
        assert os.getsid(pid) != os.getsid(0)


async def test_two_run_side_by_side(tmp_path: Path) -> None:
    first, second = values(), values(numbers=("12345",))
    async with asterisk(tmp_path / "a", first) as one, asterisk(tmp_path / "b", second) as other:
        assert one.running() != other.running()
        assert "12319" in await one.command("dialplan show wutong-citizen")
        assert "12345" in await other.command("dialplan show wutong-citizen")


async def test_stopping_leaves_no_process_and_no_socket(tmp_path: Path) -> None:
    async with asterisk(tmp_path / "a", values()) as process:
        assert processes_on(tmp_path / "a")

    assert process.running() is None
    assert processes_on(tmp_path / "a") == []
    assert not (tmp_path / "a/run/asterisk.ctl").exists()
    await process.stop()  # once more is not an error


async def test_one_that_does_not_listen_to_reason_is_stopped_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("processes.asterisk.STOP_TIMEOUT", 0.2)
    async with asterisk(tmp_path / "a", values()) as process:
        pid = process.running()
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)

        await process.stop()

        assert process.running() is None
        assert processes_on(tmp_path / "a") == []


async def test_after_a_kill_it_starts_again(tmp_path: Path) -> None:
    async with asterisk(tmp_path / "a", values()) as process:
        pid = process.running()
        assert pid is not None
        ended = asyncio.create_task(process.wait_ended())
        os.kill(pid, signal.SIGKILL)
        async with patience("the end of Asterisk"):
            await ended

        assert process.running() is None
        assert await process.start() != pid


async def test_a_stale_pid_file_is_not_mistaken_for_an_asterisk(tmp_path: Path) -> None:
    render.render(tmp_path, values())
    process = AsteriskProcess(installed(), tmp_path)
    (tmp_path / "run/asterisk.pid").write_text(f"{os.getpid()}\n")

    assert process.running() is None
    with pytest.raises(AsteriskFailed, match="does not run"):
        await process.command("core show uptime")


async def test_a_start_that_fails_says_why_and_leaves_nothing(tmp_path: Path) -> None:
    render.render(tmp_path, values())
    modules = tmp_path / "etc/modules.conf"
    modules.write_text(f"{modules.read_text()}require = res_that_is_not_there.so\n")

    with pytest.raises(AsteriskFailed, match=r"(?s)ended while it started\..*res_that_is_not_there"):
        async with patience("the failure of the start"):
            await AsteriskProcess(installed(), tmp_path).start()
    assert processes_on(tmp_path) == []


async def test_a_start_that_is_cancelled_leaves_nothing(tmp_path: Path) -> None:
    render.render(tmp_path, values())
    process = AsteriskProcess(installed(), tmp_path)
    starting = asyncio.create_task(process.start())
    await asyncio.sleep(0)
    starting.cancel()
    await asyncio.wait({starting})

    assert starting.cancelled()
    assert process.running() is None
    assert processes_on(tmp_path) == []


async def test_a_long_path_is_no_obstacle(tmp_path: Path) -> None:
    """The path of a socket may have 107 bytes only."""
    folder = tmp_path / ("a" * 60) / ("b" * 60)
    async with asterisk(folder, values()) as process:
        assert "System uptime" in await process.command("core show uptime")


async def test_a_command_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="one line"):
        await AsteriskProcess(installed(), tmp_path).command("core show uptime\ncore stop now")


async def test_a_command_without_an_answer_leaves_no_program(tmp_path: Path) -> None:
    async def found() -> list[int]:
        return processes_on(tmp_path / "a")

    async with asterisk(tmp_path / "a", values()) as process:
        pid = process.running()
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        try:
            with pytest.raises(AsteriskFailed, match=r"did not answer 'core show uptime' in 0\.2 s"):
                await process.command("core show uptime", 0.2)
            assert processes_on(tmp_path / "a") == [pid]
            for steps in (1, 3):  # it is cancelled while the program is started, or a little later
                asking = asyncio.create_task(process.command("core show uptime"))
                for _ in range(steps):
                    await asyncio.sleep(0)
                asking.cancel()
                await asyncio.wait({asking})
                assert asking.cancelled()
                assert processes_on(tmp_path / "a") == [pid]
            asking = asyncio.create_task(process.command("core show uptime"))
            await until("the program", found, lambda pids: len(pids) > 1)
            asking.cancel()
            await asyncio.wait({asking})
            assert processes_on(tmp_path / "a") == [pid]
        finally:
            os.kill(pid, signal.SIGCONT)
        assert "System uptime" in await process.command("core show uptime")


async def test_everything_listens_on_loopback(tmp_path: Path) -> None:
    given = values()
    async with asterisk(tmp_path / "a", given) as process:
        pid = process.running()
        assert pid is not None
        found = listening(pid)

    # Two UDP sockets are PJSIP's DNS client, which asks from any free port and answers nobody.
    clients = {entry for entry in found if entry[1] != LOOPBACK}
    assert {protocol for protocol, _, _ in clients} <= {"udp", "udp6"}
    assert len(clients) <= 2
    assert {(protocol, port) for protocol, _, port in found - clients} == {
        ("udp", given.ports.sip),
        ("tcp", given.ports.ami),
        ("tcp", given.ports.websocket),
    }


async def test_its_files_are_for_their_owner_only(tmp_path: Path) -> None:
    async with asterisk(tmp_path / "a", values()):
        for path in (tmp_path / "a/etc").iterdir():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
        for name in ("", "etc", "run", "log", "spool", "db"):
            assert stat.S_IMODE((tmp_path / "a" / name).stat().st_mode) == 0o700, name


FORBIDDEN: tuple[tuple[str, dict[str, Any]], ...] = (
    ("Command", {"Command": "core stop now"}),
    ("Reload", {}),
    ("GetConfig", {"Filename": "manager.conf"}),
    ("UpdateConfig", {"SrcFilename": "manager.conf", "DstFilename": "manager.conf"}),
    ("ModuleLoad", {"LoadType": "unload", "Module": "chan_pjsip.so"}),
    ("DBPut", {"Family": "a", "Key": "b", "Val": "c"}),
    ("Originate", {"Channel": "Local/12319@wutong-citizen", "Application": "System", "Data": "id"}),
)


async def test_ami_may_do_no_more_than_the_service_needs(tmp_path: Path) -> None:
    given = values()
    async with asterisk(tmp_path / "a", given), manager(given) as ami:
        for action, fields in FORBIDDEN:
            with pytest.raises(ActionRefused, match=r"[Pp]ermission|Forbidden"):
                await ami.link.action(action, **fields)


async def test_ami_may_do_what_the_service_needs(tmp_path: Path) -> None:
    given = values()
    async with asterisk(tmp_path / "a", given), manager(given) as ami:
        answer = await ami.link.action(
            "Originate",
            Channel="Local/12319@wutong-citizen",
            Context="wutong-listen",
            Exten="s",
            Priority="1",
            Variable=["WUTONG_SECONDS=1"],
            Async="true",
        )
        assert answer.response == "Success"
        channel = (await ami.event("Newchannel")).get("Channel")
        assert (await ami.link.action("Hangup", Channel=channel)).response == "Success"
        agents = await ami.link.list_action("DeviceStateList")
        assert {"PJSIP/1001", "PJSIP/2200"} <= {agent.get("Device") for agent in agents}


async def test_a_reload_takes_new_phones_and_numbers_and_disturbs_no_call(tmp_path: Path) -> None:
    given = values()
    async with asterisk(tmp_path / "a", given) as process, manager(given) as ami:
        await ami.link.action(
            "Originate",
            Channel="Local/s@wutong-listen",
            Application="BridgeWait",
            Variable=["__WUTONG_SECONDS=600"],
            Async="true",
        )
        talking: AmiMessage = await ami.event("BridgeEnter")
        changed = {
            "agents": {**given.agents, "1003": PHONE_SECRET},
            "numbers": ("12319", "12345"),
            "extensions": (),
        }
        render.render(tmp_path / "a", values(ports=given.ports, **changed))

        await process.reload()

        assert "1003" in await process.command("pjsip show endpoints")
        numbers = await process.command("dialplan show wutong-transfer")
        assert "'12345'" not in numbers
        assert "'6001'" not in numbers
        assert "'12345'" in await process.command("dialplan show wutong-citizen")
        assert talking.get("Channel") in await process.command("core show channels concise")


async def test_a_reload_loads_what_an_older_version_did_not_need(tmp_path: Path) -> None:
    """An upgrade leaves Asterisk as it runs, for its calls."""
    secret = "s3cret-of-reload"
    given = values(reload_secret=secret)
    chosen = settings.load(
        state=tmp_path / "state", base_port=given.ports.http, asterisk={"host": "127.0.0.1", "folder": tmp_path / "a"}
    )
    known = secrets.obtain(chosen.folder).model_copy(update={"ami_reload": SecretStr(secret)})
    async with asterisk(tmp_path / "a", given) as process:
        for reload in (process.reload, AsteriskControl(None, chosen, known).reload):
            for name in ("func_sha1", "func_env"):
                await process.command(f"module unload {name}.so")
            assert await process.modules_missing() == ["func_env", "func_sha1"]
            await reload()
            assert await process.modules_missing() == []


async def test_a_trunk_is_taken_into_use(tmp_path: Path) -> None:
    """Asterisk accepts every option that is written, with a trunk that has them all."""
    ports = values().ports
    trunk = Trunk(
        host="127.0.0.1",
        port=ports.http,
        user="wutong",
        password="s3cret-of-trunk",
        register=True,
        bind="127.0.0.1",
        bind_port=ports.agi,
    )
    async with asterisk(tmp_path / "a", values(ports=ports, trunk=trunk)) as process:
        endpoints = await process.command("pjsip show endpoints")
        assert "trunk" in endpoints
        assert "anonymous" not in endpoints
        assert "trunk" in await process.command("pjsip show registrations")
        assert "127.0.0.1/32" in await process.command("pjsip show identifies")

    complaints = (tmp_path / "a/log/messages").read_text()
    assert "Could not" not in complaints
    assert "ERROR" not in complaints
