"""A mistake in a running service stays where it happened: with a real Asterisk and real phones.

`tests/unit/service/test_mistakes.py` has each mistake in each task of a call.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from acd.engine.step import Engine
from base.tasks import Work
from calls.live.reception import Reception
from lab.certificates import make
from lab.patience import PATIENCE, patience, until
from service import pulse as renewal
from service.app import memory
from service.app import serve as module
from tests.integration.conversations import connected, hear_each_other, queued, taken
from tests.integration.world import World, world
from tests.unit.service.saboteur import KEPT, Mistake, Saboteur, makes_a_mistake

SABOTAGED = KEPT | {Work.LANGUAGES}


@pytest.fixture
async def secured(tmp_path: Path, hotline_folder: Path, sounds: Path) -> AsyncIterator[World]:
    """A hotline with a certificate, a self-test and a mail each day, which has all of them. Phones need not encrypt."""
    certificate, key = make(tmp_path)
    folders = tmp_path / "state", hotline_folder, sounds
    night = {"at": "03:30"}
    mail = {"receivers": ["a@city.example"], "sender": "b@city.example", "host": "127.0.0.1", "port": 1}
    secure: dict[str, Any] = {"tls_certificate": certificate, "tls_key": key, "plain_network": True}
    async with world(*folders, **secure, selftest=night, daily_sheet=mail) as made:
        yield made


@pytest.fixture
def sabotage(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[Work]]:
    """What fails at its first try, in services that start from now on."""
    monkeypatch.setattr(memory, "Tasks", Saboteur)
    monkeypatch.setattr(module, "Tasks", Saboteur)
    Saboteur.fail_first.clear()
    yield Saboteur.fail_first
    Saboteur.fail_first.clear()


async def mistakes(hotline: World) -> dict[str, float]:
    """Those that /metrics has, by their lines."""
    page = (await hotline.http.get("/metrics")).text
    return {
        sample.labels["task"]: sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
        if sample.name == "wutong_task_failures_total" and sample.value
    }


async def test_every_task_of_the_service_may_fail_and_calls_go_on(secured: World, sabotage: set[Work]) -> None:
    hotline = secured
    agent = await hotline.agent("1001")
    talking, offer = await connected(hotline, agent)
    await hotline.stop_service()
    sabotage.update(SABOTAGED)
    await hotline.start_service()
    assert sabotage == set(), "all have begun, and failed"
    told = await until("all mistakes", lambda: mistakes(hotline), lambda now: set(now) == set(SABOTAGED))
    assert told == dict.fromkeys(SABOTAGED, 1.0)
    await hear_each_other(talking, offer, one_says=900, other_says=500)
    sabotage.update({Work.RING, Work.STOP_PROMPT})
    other = await hotline.agent("1002")
    waiting = await queued(hotline, "1", "13900139000")
    await (await other.incoming()).ended()  # the ring that failed is taken back
    await taken(waiting, other)
    await hear_each_other(talking, offer)
    assert (await mistakes(hotline))["ring"] == 1
    for call in (talking, waiting):
        await call.hang_up()


async def test_a_session_that_fails_begins_anew(hotline: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Reception, "_new", makes_a_mistake)
    call = await (await hotline.citizen()).place("12319")
    await until("the mistake", lambda: mistakes(hotline), lambda now: now.get("agi-session", 0) >= 1)
    monkeypatch.undo()
    await call.answered()
    await call.hears_recording(hotline.clip(hotline.hotline.greeting))
    await call.hang_up()


async def test_a_service_whose_engine_broke_is_renewed_and_nobody_hears_it(
    hotline: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = await hotline.agent("1001")
    talking, offer = await connected(hotline, agent)
    waiting = await queued(hotline, "1", "13900139000")
    await waiting.hears_recording(hotline.clip("please-hold"))
    await hotline.stop_service()
    monkeypatch.setattr(renewal, "SOONEST", 0.0)
    ready = asyncio.Event()
    serving = asyncio.create_task(module.serve(hotline.settings, lambda pulse: ready.set(), alone=lambda: None))
    async with patience("the next service"):
        await ready.wait()
    monkeypatch.setattr(Engine, "_apply", makes_a_mistake)
    answer = await hotline.http.put("/api/v1/agents/1002/state", json={"state": "ready"})
    assert answer.status_code == httpx.codes.INTERNAL_SERVER_ERROR
    async with asyncio.timeout(PATIENCE):
        await serving  # it ends by itself, as for `./wutong restart`
    monkeypatch.undo()
    await hotline.start_service()
    assert await mistakes(hotline) == {"engine": 1}, "for those who watch"
    await hear_each_other(talking, offer)
    await hotline.see_queue("greening", waiting=1)
    other = await hotline.agent("1002")
    await taken(waiting, other)
    for call in (talking, waiting):
        await call.hang_up()


@pytest.mark.parametrize("work", [Work.HTTP, Work.START])
async def test_a_start_that_fails_says_why(hotline: World, sabotage: set[Work], work: Work) -> None:
    await hotline.stop_service()
    sabotage.add(work)
    with pytest.raises(Mistake):
        await module.serve(hotline.settings, lambda pulse: None, alone=lambda: None)
