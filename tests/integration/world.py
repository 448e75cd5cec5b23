"""A whole hotline on loopback: a real Asterisk, the service, real SIP phones. For one test, or for several."""

import asyncio
import os
import shutil
import signal
import ssl
import sys
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from dialplan.telephony import Telephony
from dialplan.wire.ami import AmiMessage
from hotline.loader import load
from hotline.model import Hotline
from lab.faults.diverted import DivertedAsterisk, Proxies
from lab.kept_sounds import share_sounds
from lab.patience import PATIENCE, Late, patience, until
from lab.phone import Phone
from lab.ports import free_base
from processes import obtaining
from processes.asterisk import AsteriskFailed, AsteriskProcess
from publishing.prepare import prepare
from publishing.speech import speaker
from publishing.starting import by_person
from publishing.store import VersionStore
from service.app.serve import serve
from settings import secrets, settings
from sounds.catalogue import Catalogue
from sounds.model import Phrase, Words
from tests.integration.command import NOBODY


class Failures:
    """Tests of this process that failed: a world of which one has failed tells how it is before it goes."""

    count = 0


failures = Failures()

phone_news: deque[str] = deque(maxlen=200)
"""What the services of this process have heard last of phones: it says whose fault it is where one stays unknown."""


def _noted(on_event: Callable[[Telephony, AmiMessage], None]) -> Callable[[Telephony, AmiMessage], None]:
    def noted(self: Telephony, event: AmiMessage) -> None:
        if event.event in ("ContactStatus", "PeerStatus", "DeviceStateChange"):
            phone_news.append(f"{time.monotonic():.3f} {dict(event.fields)}")
        on_event(self, event)

    return noted


Telephony.on_event = _noted(Telephony.on_event)  # type: ignore[method-assign, assignment]


class World:
    """What a test touches: phones, HTTP, and the parts where it breaks something."""

    def __init__(
        self,
        given: settings.Settings,
        known: secrets.Secrets,
        asterisk: AsteriskProcess,
        hotline: Hotline,
        catalogue: Catalogue,
        proxies: Proxies | None = None,
    ) -> None:
        self.settings = given
        self.hotline = hotline
        self.catalogue = catalogue
        self.secrets = known
        self.asterisk = asterisk
        self._proxies = proxies
        self.sip = ("127.0.0.1", given.ports.sip)
        secured = given.tls_certificate is not None
        self.http = httpx.AsyncClient(
            base_url=f"http{'s' if secured else ''}://127.0.0.1:{given.ports.http}",
            headers={"Authorization": f"Bearer {known.token.get_secret_value()}"},
            verify=ssl.create_default_context(cafile=str(given.tls_certificate)) if secured else NOBODY,
            timeout=PATIENCE,
            limits=httpx.Limits(keepalive_expiry=2),  # the service ends a connection that is idle for 5 s
        )
        self._phones = AsyncExitStack()
        self._service: asyncio.Task[None] | None = None

    @property
    def proxies(self) -> Proxies:
        assert self._proxies is not None, "this world was made without proxies"
        return self._proxies

    # -- the service ------------------------------------------------------------------------------------------------

    async def publish_folder(self) -> None:
        """As `up` does before it starts the service, if somebody has edited the folder."""

        def publish() -> None:
            store = VersionStore(self.settings.folder.versions)
            by_person(self.settings, store)[0].keep(store, time.time(), "token:local")

        await asyncio.to_thread(publish)

    async def start_service(self) -> None:
        ready = asyncio.Event()
        self._service = asyncio.create_task(
            serve(self.settings, lambda pulse: ready.set(), alone=lambda: "a test ends it.")
        )
        waiting = asyncio.create_task(ready.wait())
        await asyncio.wait({self._service, waiting}, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        if not ready.is_set():
            waiting.cancel()
            await self.stop_service()
            raise AssertionError(f"the service did not become ready within {PATIENCE:g} s")

    async def stop_service(self) -> None:
        service, self._service = self._service, None
        if service is None:
            return
        service.cancel()
        async with patience("the end of the service"):
            await asyncio.wait({service})
        if not service.cancelled():
            service.result()

    # -- phones -------------------------------------------------------------------------------------------------------

    async def citizen(self, number: str = "13800138000", **more: Any) -> Phone:
        """Somebody who is nobody's agent."""
        return await self._phones.enter_async_context(Phone(self.sip, number=number, **more))

    async def agent_phone(self, agent_id: str, *, register: bool = True, **more: Any) -> Phone:
        password = self.secrets.phone_password(agent_id, self.hotline.phones[agent_id]).get_secret_value()
        phone = await self._phones.enter_async_context(Phone(self.sip, agent_id, password, **more))
        if register:
            await phone.register(expires=60)
        return phone

    async def agent(self, agent_id: str) -> Phone:
        """An agent at work: the phone is registered, and the state is ready."""
        phone = await self.agent_phone(agent_id)
        try:
            await self.see_agent(agent_id, phone="free")
        except Late as late:
            known = [await self.asterisk.command(f"pjsip show {what}") for what in ("contacts", "endpoints")]
            heard = "\n".join(each for each in phone_news if agent_id in each)
            raise Late("\n".join((phone.ladder(), *known, "The service heard:", heard, str(late)))) from late
        await self.set_state(agent_id, "ready")
        return phone

    async def testify(self) -> None:
        """Print what is so now, for whoever reads why a test failed."""
        told: list[str] = []
        try:
            for call in await self.get("calls"):
                told += [f"call {call}", *(f"    {step}" for step in (await self.story(call["id"]))["story"])]
            told += [f"agent {agent}" for agent in await self.get("agents")]
            for command in ("core show channels verbose", "bridge show all", "pjsip show contacts"):
                told += [f"# {command}", await self.asterisk.command(command)]
        except (AssertionError, httpx.HTTPError, AsteriskFailed) as error:
            told.append(f"and then: {error!r}")
        log = self.asterisk.folder / "log" / "messages"
        told += ["# Asterisk's log", *log.read_text(errors="replace").splitlines()[-30:]]
        sys.stdout.write("\n".join(told) + "\n")

    async def hang_up_phones(self) -> None:
        await self._phones.aclose()

    # -- prompts -------------------------------------------------------------------------------------------------

    def clip(self, said: Mapping[str, str] | str, language: str = "zh") -> Path:
        """The sound file of a text of the hotline's, or of a phrase of Wutong's by its key."""
        part = Phrase(said) if isinstance(said, str) else Words(said)
        return Path(self.catalogue.files((part,), language)[0] + ".wav")

    def menu(self, menu: str, language: str = "zh") -> Path:
        return self.clip(self.hotline.menus[menu].say, language)

    # -- HTTP ---------------------------------------------------------------------------------------------------------

    async def get(self, path: str) -> Any:
        response = await self.http.get(f"/api/v1/{path}")
        assert response.status_code == 200, response.text
        return response.json()

    async def set_state(self, agent_id: str, state: str, reason: str = "") -> Any:
        response = await self.http.put(f"/api/v1/agents/{agent_id}/state", json={"state": state, "reason": reason})
        assert response.status_code == 200, response.text
        return response.json()

    async def see(self, path: str, seen: Callable[[Any], bool], what: str = "") -> Any:
        """Look at `path` until what it says is `seen`: for a watcher over HTTP there is nothing else to wait for.

        `what`: what is waited for; where it is empty, `path` and its last answer say enough.
        """
        return await until(what or f"what is waited for at {path}", lambda: self.get(path), seen)

    async def see_agent(self, agent_id: str, **wanted: Any) -> Any:
        """Wait until the agent is as wanted (`state="wrap-up"`, `phone="free"` …)."""
        return await self._see_fields(f"agents/{agent_id}", wanted)

    async def see_queue(self, queue: str, **wanted: Any) -> Any:
        return await self._see_fields(f"queues/{queue}", wanted)

    async def _see_fields(self, path: str, wanted: Mapping[str, Any]) -> Any:
        def seen(now: Any) -> bool:
            return all(now[name] == value for name, value in wanted.items())

        return await self.see(path, seen, f"{path} with {wanted}")

    async def story(self, call_id: str) -> Any:
        return await self.get(f"calls/{call_id}")

    async def ended(self, caller: str = "13800138000") -> Any:
        """The newest call of this caller, once it has ended, with its story."""

        def over(calls: Any) -> bool:
            newest = next((call for call in calls if call["caller"] == caller), None)
            return newest is not None and newest["state"] == "ended"

        calls = await self.see("calls", over, f"the end of the call of {caller}")
        return await self.story(next(call["id"] for call in calls if call["caller"] == caller))


async def kill(asterisk: AsteriskProcess) -> None:
    """It needs almost a second to stop in order, hundreds of times, and leaves nothing that is looked at."""
    if (pid := asterisk.running()) is not None:
        os.kill(pid, signal.SIGKILL)
        await asterisk.wait_ended()


def kinds(call: Any) -> list[str]:
    """The kinds of a story's records, in order."""
    return [record["kind"] for record in call["story"]]


def record(call: Any, kind: str) -> Any:
    """The first record of that kind; fails if there is none."""
    return next(record for record in call["story"] if record["kind"] == kind)


@asynccontextmanager
async def world(
    folder: Path, hotline: Path, sounds: Path, *, proxied: bool = False, **given: Any
) -> AsyncIterator[World]:
    """Everything up; `sounds`: prompts that were built before are taken from here. All is gone afterwards.

    `proxied`: AMI and AGI pass through `World.proxies`.
    """
    chosen = settings.load(state=folder, hotline=hotline, base_port=free_base(), **given)
    share_sounds(chosen.folder, sounds)
    proxies = Proxies(chosen.ports, free_base()) if proxied else None
    asterisk = await started(chosen, proxies)
    try:
        async with serving(chosen, asterisk, proxies) as made:
            yield made
    finally:
        await kill(asterisk)
        if proxies is not None:
            await proxies.close()
        shutil.rmtree(chosen.asterisk_folder / "spool", ignore_errors=True)


async def started(chosen: settings.Settings, proxies: Proxies | None = None) -> AsteriskProcess:
    """The Asterisk of these settings."""
    hotline = await _loaded(chosen)
    installation = await asyncio.to_thread(obtaining.obtain, obtaining.default_cache(), print)
    await prepare(chosen, secrets.obtain(chosen.folder, hotline.phones), hotline, installation, print)
    if proxies is None:
        asterisk = AsteriskProcess(installation, chosen.asterisk_folder)
    else:
        await proxies.start()
        asterisk = DivertedAsterisk(installation, chosen.asterisk_folder, proxies)
    await asterisk.start()
    return asterisk


@asynccontextmanager
async def serving(
    chosen: settings.Settings, asterisk: AsteriskProcess, proxies: Proxies | None = None
) -> AsyncIterator[World]:
    """A service beside that Asterisk while the block runs; it has Asterisk read what is new for it. A failed test says
    how its world is before that goes.
    """
    hotline = await _loaded(chosen)
    known = secrets.obtain(chosen.folder, hotline.phones)
    catalogue = Catalogue(chosen.folder.sounds, hotline.prompts, hotline.languages, speaker(chosen))
    made = World(chosen, known, asterisk, hotline, catalogue, proxies)
    before = failures.count
    try:
        await made.start_service()
        yield made
    except Exception:
        failures.count += 1
        raise
    finally:
        if failures.count != before:
            await made.testify()
        await made.hang_up_phones()
        await made.http.aclose()
        await made.stop_service()


async def _loaded(chosen: settings.Settings) -> Hotline:
    loaded = await asyncio.to_thread(load, chosen.hotline)
    assert loaded.hotline is not None, "\n".join(str(problem) for problem in loaded.problems)
    return loaded.hotline
