"""`./wutong` as a person uses it: up, status, call, reload, down, and what happens when something is killed."""

import asyncio
import json
import signal
import wave
from collections.abc import Callable
from pathlib import Path

import pytest

from lab.patience import PATIENCE
from lab.phone import Phone
from lab.stalls import Stalls
from tests.integration.command import Wutong, told


async def test_up_call_reload_and_down(wutong: Wutong, hotline_folder: Path, tmp_path: Path, stalled: Stalls) -> None:
    await wutong.up()
    status, output = await wutong.run("status", "--json")
    found = json.loads(output)
    assert (status, found) == (0, await wutong.status())
    assert found["http"] == f"http://127.0.0.1:{wutong.base}"
    assert found["sip"] == f"127.0.0.1:{wutong.base + 1}"
    assert found["ami"] == f"127.0.0.1:{wutong.base + 2}"
    assert found["agi"] == f"127.0.0.1:{wutong.base + 3}"
    all_of_them = await wutong.processes()
    assert len(all_of_them) == 3

    again, output = await wutong.run("up", *wutong.options)
    assert again == 0
    assert f"up already (process {found['pid']})" in output
    otherwise, output = await wutong.run("up", "--ports", str(wutong.base + 5_000), "--detach")
    assert (otherwise, f"with --ports {wutong.base}." in output) == (1, True)
    assert await wutong.processes() == all_of_them

    heard = tmp_path / "heard.wav"
    status, output = await wutong.run("call", "12319", "--seconds", "3", "--record", str(heard))
    assert status == 0, output
    assert "Menu: main" in output
    with wave.open(str(heard)) as finished:
        assert finished.getnframes() / finished.getframerate() == pytest.approx(3, abs=1 + stalled.seconds)
    assert list(wutong.folder.recordings.iterdir()) == []
    again, output = await wutong.run("call", "12319", "--seconds", "1", "--record", str(heard))
    assert (again, "give --yes" in output) == (1, True), output
    status, output = await wutong.run("call", "12319", "--seconds", "1", "--record", str(heard), "--yes")
    assert status == 0, output

    status, output = await wutong.run("doctor")
    assert status == 0, output
    assert "lets the service in" in output
    assert "'962777' is not an agent's id, and there is no trunk" in output
    assert "the phone 2201 of 'gas' is not registered" in output

    await reload_takes_the_folder_whole_or_not_at_all(wutong, hotline_folder)
    await down_with_live_calls_needs_a_yes(wutong)
    assert not any(process.alive for process in all_of_them)
    assert (await wutong.run("status"))[0] == 3

    await wutong.up()
    assert len(await wutong.processes()) == 3


async def reload_takes_the_folder_whole_or_not_at_all(wutong: Wutong, hotline_folder: Path) -> None:
    file = hotline_folder / "hotline.yaml"
    before = file.read_text(encoding="utf-8")
    file.write_text(before + "\nnonsense: 1\n", encoding="utf-8")
    status, output = await wutong.run("reload")
    assert status == 1
    assert "nonsense" in output
    file.write_text(before + "\n# a remark\n", encoding="utf-8")
    status, output = await wutong.run("reload")
    assert status == 0, output
    assert "is in use, as before" in output


async def down_with_live_calls_needs_a_yes(wutong: Wutong) -> None:
    all_of_them = await wutong.processes()
    async with Phone(("127.0.0.1", wutong.base + 1), number="13800138000") as phone:
        call = await phone.dial("12319")
        await call.hears_speech()
        status, output = await wutong.run("down")
        assert status == 1
        assert output.startswith("1 call is live. It ends now, because Asterisk stops too")
        assert "give --yes" in output
        assert await wutong.processes() == all_of_them
        assert (await wutong.get("calls"))[0]["state"] == "menu"
        status, output = await wutong.run("down", "--yes")
        assert status == 0, output
        await call.ended()


async def test_what_is_killed_comes_back_and_what_is_left_is_taken_up(wutong: Wutong) -> None:
    up = await wutong.up_here()
    supervisor, service, asterisk = await wutong.processes()

    service.send(signal.SIGKILL)
    await told(up, "the service runs again")
    assert (await wutong.processes())[::2] == [supervisor, asterisk]
    assert not service.alive

    asterisk.send(signal.SIGKILL)
    await told(up, "Asterisk runs again")
    assert not asterisk.alive
    _, service, asterisk = await wutong.processes()

    # the supervisor alone is killed: all goes on, and the next `up` takes it up
    supervisor.send(signal.SIGKILL)
    await up.communicate()
    status, output = await wutong.run("restart")
    assert (status, "the ./wutong up that started it is gone" in output) == (1, True)
    assert service.alive, "nobody would have started it again"
    await wutong.up()
    assert (await wutong.processes())[1:] == [service, asterisk]

    # supervisor and service are killed: Asterisk with its calls is taken up
    for process in (await wutong.processes())[:2]:
        process.send(signal.SIGKILL)
        assert await process.gone(PATIENCE)
    assert (await wutong.run("status"))[0] == 3
    up = await wutong.up_here()
    all_of_them = await wutong.processes()
    assert all_of_them[2:] == [asterisk]

    # a Ctrl-C leaves nothing
    up.send_signal(signal.SIGINT)
    await up.communicate()
    assert up.returncode == 0
    assert not any(process.alive for process in all_of_them)


async def test_two_at_once_start_one_and_two_run_side_by_side(wutong: Wutong, another: Callable[[str], Wutong]) -> None:
    both = await asyncio.gather(*(wutong.run("up", *wutong.options, "--detach") for _ in range(2)))
    assert [status for status, _ in both] == [0, 0]
    assert sum("is up already" in output for _, output in both) == 1
    assert len(await wutong.processes()) == 3
    other = another("other")
    await other.up()
    try:
        third = another("third")
        status, output = await third.run("up", *wutong.options)
        assert status == 1
        assert f"port {wutong.base}/tcp" in output
        assert f"process {(await wutong.status())['pid']}" in output
        assert await third.processes() == []
    finally:
        await other.run("down", "--yes")

    # `down` finds all of it without a supervisor
    supervisor, service, asterisk = await wutong.processes()
    supervisor.send(signal.SIGKILL)
    assert await supervisor.gone(PATIENCE)
    assert (await wutong.run("down"))[0] == 0
    assert not service.alive
    assert not asterisk.alive


async def test_a_broken_hotline_never_starts(wutong: Wutong, hotline_folder: Path) -> None:
    (hotline_folder / "agents.yaml").write_text("agents: 7\n")
    status, output = await wutong.run("up", *wutong.options)
    assert status == 1
    assert "agents.yaml:1:9: error:" in output
    assert await wutong.processes() == []
