"""Connections that are held, each with some beginning and no end: all others get in meanwhile. Loopback only."""

import asyncio
from collections.abc import Sequence

import httpx
from hypothesis import strategies as st

from base import local_socket
from lab.chaos.site import Site
from lab.fuzz.crowd import Member, crowd
from lab.fuzz.others import account, greeted, new_address, signed_in, visitor
from lab.fuzz.ports import HOST, UPGRADE
from lab.fuzz.wire import HEADER
from lab.patience import PATIENCE, patience

AGAIN = 1.0
"""Seconds after which one whom the hotline has ended comes again."""

BEGINNINGS = {
    "http": b'POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60\r\n\r\n{"name": "nobody", "pass',
    "websocket": UPGRADE.encode() + b"\x81\xfe",  # and a half head of a message
    "agi": HEADER.encode()[:-1],
    "ami": b"Action: Login\r\nUsername: wutong\r\nSecret: x\r\n",
    "tls": bytes.fromhex("1603010200 010001fc0303") + bytes(32),
    "question": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r",
}
"""Those of the doors come to any door, too."""

DOORS = ("http", "http", "websocket", "agi", "ami")

HELD = st.lists(
    st.tuples(
        st.sampled_from(DOORS).map(lambda door: (door, door))
        | st.tuples(st.sampled_from(DOORS), st.sampled_from(tuple(BEGINNINGS))),
        st.just(1_000) | st.integers(0, 1_000),
        st.integers(2, 9),
        st.integers(1, 300),
    ),
    min_size=1,
    max_size=4,
)
"""At which door with which beginning, how many thousandths of it, the end of the address, how many connections."""


async def others_get_in(site: Site, held: Sequence[tuple[tuple[str, str], int, int, int]]) -> None:
    ports = site.settings.ports
    doors = {"http": ports.http, "websocket": ports.websocket, "agi": ports.agi, "ami": site.proxies.elsewhere}
    members = [
        Member(door, f"127.0.0.{address}", doors[door], BEGINNINGS[what][: len(BEGINNINGS[what]) * part // 1_000])
        for (door, what), part, address, number in held
        for _ in range(number)
    ]
    address = new_address()
    async with (
        account(site, "users") as (name, password),
        visitor(site, address) as http,
        crowd(members, AGAIN),
    ):
        assert (await http.get("/healthz")).status_code == 200
        await signed_in(http, name, password)
        await _commanded(site)
        await _upgraded(site, address)
        await greeted(site, address)


async def _commanded(site: Site) -> None:
    """As the command line does it."""
    with local_socket.address(site.settings.folder.door) as door:
        transport = httpx.AsyncHTTPTransport(uds=door)
        async with httpx.AsyncClient(base_url="http://localhost", transport=transport, timeout=PATIENCE) as local:
            answer = await local.get("/api/v1/queues", headers={"Authorization": f"Bearer {site.token}"})
            assert answer.status_code == 200, f"the local door: {answer.text}"


async def _upgraded(site: Site, address: str) -> None:
    """A browser's phone comes to Asterisk."""
    async with patience("an answer to a browser's phone"):
        reader, writer = await asyncio.open_connection(HOST, site.settings.ports.websocket, local_addr=(address, 0))
        try:
            writer.write(UPGRADE.encode())
            line = await reader.readline()
        finally:
            writer.transport.abort()
    assert line.startswith(b"HTTP/1.1 101 "), line
