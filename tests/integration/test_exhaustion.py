"""Crowds of connections that say nothing, and file descriptors that run out: calls go on. The service is a process of
its own here, as `up` starts it."""

import asyncio
import resource
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from lab.attacks.crowd import crowd
from lab.patience import until
from processes.child import ServiceChild
from tests.integration.conversations import connected, hear_each_other, in_menu
from tests.integration.test_service_away import ready, works
from tests.integration.world import World, world


@pytest.fixture
async def hotline(tmp_path: Path, hotline_folder: Path, sounds: Path) -> AsyncIterator[World]:
    async with world(tmp_path / "state", hotline_folder, sounds, proxied=True, max_calls=40) as made:
        yield made


@pytest.fixture
async def child(hotline: World) -> AsyncIterator[ServiceChild]:
    await hotline.stop_service()
    hotline.settings.folder.settings.write_text("max_calls = 40\n")
    made = ServiceChild(hotline.settings)
    await made.start()
    yield made
    await made.stop()


def open_files(child: ServiceChild) -> int:
    assert child.process is not None
    return len(list(Path(f"/proc/{child.process.pid}/fd").iterdir()))


async def test_crowds_that_say_nothing_keep_nobody_out(hotline: World, child: ServiceChild) -> None:
    agent = await hotline.agent("1001")
    talking, offer = await connected(hotline, agent)
    ports = hotline.settings.ports
    async with crowd(ports.agi, 200), crowd(ports.http, 400):
        await hear_each_other(talking, offer)
        choosing = await in_menu(hotline, "13900139000")
        await choosing.press("2")
        await choosing.hears_recording(hotline.menu("water"))
        assert (await hotline.http.get("/healthz")).status_code == 200
        await offer.hang_up()
        await talking.hears_recording(hotline.clip(hotline.hotline.goodbye))
    await choosing.hang_up()
    await works(hotline, "1001", agent, "13700137000")


async def test_without_a_descriptor_left_calls_go_on_and_the_link_comes_back_when_there_is_one(
    hotline: World, child: ServiceChild
) -> None:
    agent = await hotline.agent("1001")
    talking, offer = await connected(hotline, agent)
    choosing = await in_menu(hotline, "13900139000")
    assert child.process is not None
    before = resource.prlimit(child.process.pid, resource.RLIMIT_NOFILE)
    soft = open_files(child) + 5
    resource.prlimit(child.process.pid, resource.RLIMIT_NOFILE, (soft, before[1]))
    async with crowd(hotline.settings.ports.http, 20), crowd(hotline.settings.ports.agi, 20):
        every = "the service's use of every descriptor that it may have"
        await until(every, lambda: asyncio.to_thread(open_files, child), lambda count: count >= soft)
        hotline.proxies.ami.cut()
        await choosing.press("2")
        await choosing.hears_recording(hotline.menu("water"))
        await hear_each_other(talking, offer)
        await offer.hang_up()
        await talking.hears_recording(hotline.clip(hotline.hotline.goodbye))
    resource.prlimit(child.process.pid, resource.RLIMIT_NOFILE, before)
    await ready(hotline, 200)
    assert (await hotline.ended())["outcome"] == "answered"
    await choosing.hang_up()
    await works(hotline, "1001", agent, "13700137000")
    logs = hotline.settings.folder.logs
    said = (logs / "service.log").read_text() + (logs / "service.err").read_text()
    assert said.count("out-of-descriptors") == 1
    assert "out of system resource" not in said
