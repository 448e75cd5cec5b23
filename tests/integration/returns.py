"""Agents whose page is loaded anew in a talk, dies, or gets another network, and how soon they talk again."""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from playwright.async_api import Error, Page, Route

from lab.faults.proxy import Proxy
from lab.patience import EVERY, until
from lab.phone import Call, audio
from tests.console.agent_page import VOICE, hears
from tests.integration.world import World

_RELAYED = """
const set = RTCPeerConnection.prototype.setRemoteDescription;
RTCPeerConnection.prototype.setRemoteDescription = async function (given) {
  return set.call(this, {type: given.type, sdp: await window.relayed(given.sdp)});
};
const plain = Object.getPrototypeOf(RTCPeerConnection.prototype);  // see PREPARED
const own = Object.getOwnPropertyDescriptor(plain, 'localDescription').get;
Object.defineProperty(RTCPeerConnection.prototype, 'localDescription', {get() {
  const said = own.call(this);
  return said && {type: said.type, sdp: said.sdp.replaceAll(/(a=candidate:.*) \\d+ typ host/g, '$1 9 typ host')};
}});
"""
"""The audio of this page goes where `Network` says: Asterisk does not learn where the page itself is."""


class _Way(asyncio.DatagramProtocol):
    """From one address of the browser to Asterisk, and back."""

    def __init__(self, back: Callable[[bytes], None]) -> None:
        self._back = back

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self._back(data)


class _Relay(asyncio.DatagramProtocol):
    """Passes audio on between a browser and one port of Asterisk, until it is `cut`."""

    def __init__(self, port: int) -> None:
        self._target = ("127.0.0.1", port)
        self._transport: Any = None
        self._ways: dict[Any, Any] = {}  # address of the browser → a transport, None: it is being made
        self._making: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        if addr not in self._ways:
            self._ways[addr] = None
            self._making.add(asyncio.get_running_loop().create_task(self._make(addr)))
        elif self._ways[addr] is not None:  # what comes sooner is lost; it is sent again
            self._ways[addr].sendto(data)

    async def _make(self, addr: Any) -> None:
        back = partial(self._transport.sendto, addr=addr)
        loop = asyncio.get_running_loop()
        self._ways[addr], _ = await loop.create_datagram_endpoint(lambda: _Way(back), remote_addr=self._target)

    @property
    def port(self) -> int:
        return int(self._transport.get_extra_info("sockname")[1])

    def cut(self) -> None:
        self._transport.close()
        for task in self._making:
            task.cancel()
        for way in self._ways.values():
            if way is not None:
                way.close()


class Network:
    """The way between a page and Asterisk. `changes`: what was on the way is lost, and only new ways work."""

    def __init__(self, proxy: Proxy) -> None:
        self._proxy = proxy
        self._relays: list[_Relay] = []

    async def carries(self, page: Page) -> None:
        """From the next time on that the page is loaded."""
        await page.route("**/browser-phone", self._phone)
        await page.expose_function("relayed", self._relayed)
        await page.add_init_script(_RELAYED)

    async def _phone(self, route: Route) -> None:
        answer = await route.fetch()
        told = await answer.text()
        if answer.ok and told:
            told = json.dumps({**json.loads(told), "port": self._proxy.port})
        await route.fulfill(response=answer, body=told)

    async def _relayed(self, sdp: str) -> str:
        loop = asyncio.get_running_loop()
        for host, port in set(re.findall(r"a=candidate:.* (\S+) (\d+) typ host", sdp)):
            _, relay = await loop.create_datagram_endpoint(partial(_Relay, int(port)), ("127.0.0.1", 0))
            self._relays.append(relay)
            sdp = sdp.replace(f" {host} {port} typ host", f" 127.0.0.1 {relay.port} typ host")
        return sdp

    async def changes(self, page: Page) -> Page:
        self.cut()
        return page

    def cut(self) -> None:
        for relay in self._relays:
            relay.cut()
        self._relays.clear()
        self._proxy.cut()


@asynccontextmanager
async def network(hotline: World) -> AsyncIterator[Network]:
    async with Proxy(hotline.settings.ports.websocket) as proxy:
        made = Network(proxy)
        try:
            yield made
        finally:
            made.cut()


async def loaded_anew(page: Page) -> Page:
    await page.reload(wait_until="commit")
    return page


async def dead(page: Page) -> Page:
    """The page is gone without a word. The agent opens another one."""
    gone = asyncio.Event()
    page.once("crash", lambda page: gone.set())
    session = await page.context.new_cdp_session(page)
    crash = asyncio.ensure_future(session.send("Page.crash"))  # nobody is left to answer
    await gone.wait()
    crash.cancel()
    another = await page.context.new_page()
    await another.goto("/desk", wait_until="commit")
    return another


async def apart(
    call: Call, page: Page, goes: Callable[[Page], Awaitable[Page]], connections: int = 0
) -> tuple[Page, float]:
    """The page goes. Answers the page with which the caller talks on, and the seconds until each hears the other.

    `connections`: so many that page has had before.
    """
    heard = asyncio.ensure_future(_heard(call))
    began = time.monotonic()
    then = await goes(page)
    back = await _hears(then, connections)
    seconds = max(back, await heard) - began
    await hears(then, 440)
    return then, seconds


@dataclass
class Silence:
    """`longest`: seconds."""

    longest: float = 0.0


@asynccontextmanager
async def unheard(call: Call) -> AsyncIterator[Silence]:
    """The longest time in the block in which the caller did not hear the agent's voice."""
    found = Silence()

    async def listen() -> None:
        last = time.monotonic()
        while True:
            if await _hears_voice(call):
                last = time.monotonic()
            found.longest = max(found.longest, time.monotonic() - last)
            await asyncio.sleep(EVERY)

    listening = asyncio.create_task(listen())
    try:
        yield found
    finally:
        listening.cancel()
        await asyncio.wait({listening})


async def _heard(call: Call) -> float:
    voice = partial(_hears_voice, call)
    await until("something else than the agent's voice", voice, lambda heard: not heard)
    await until("the agent's voice", voice)
    return time.monotonic()


async def _hears_voice(call: Call) -> bool:
    return audio.share(call.heard(0.06), VOICE) > 0.5


async def _hears(page: Page, connections: int) -> float:
    async def counts() -> Any:
        with suppress(Error):  # the page is being loaded
            return await page.evaluate("Promise.all([window.connections.length, packets()])")
        return [0, [0, 0]]

    await until("audio at the page", counts, lambda found: found[0] > connections and min(found[1]) > 3)
    return time.monotonic()
