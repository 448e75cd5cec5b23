"""HTTP over real sockets, with clients that half-send, do not read, and come in crowds."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import pytest
from fastapi import Response
from fastapi.responses import StreamingResponse
from prometheus_client.parser import text_string_to_metric_families

from base.descriptors import MOST_CONNECTIONS
from journal.records import Kind, Record
from lab.patience import PATIENCE
from service.http import connections
from service.http.connections import Connection, Server
from tests.unit.service.saboteur import Mistake, handled, once
from tests.unit.service.world import TOKEN, World

GET = b"GET %s HTTP/1.1\r\nHost: wutong\r\nAuthorization: Bearer " + TOKEN.encode() + b"\r\n\r\n"
BIG = 6_000_000
"""Bytes; more than the kernels' buffers on both sides take."""


class Site:
    """The app behind a port. `release`: lets /slow answer."""

    def __init__(self, proxies: Sequence[str] = ()) -> None:
        self.release = asyncio.Event()
        self.working = 0
        world = self.world = World()
        app = world.app()

        @app.get("/slow")
        async def slow() -> str:
            self.working += 1
            await self.release.wait()
            return "done"

        @app.get("/big")
        async def big() -> Response:
            return Response(b"x" * BIG)

        @app.get("/brim")
        async def brim() -> StreamingResponse:
            """Fills what the kernels take, and a little more."""

            async def pieces() -> AsyncIterator[bytes]:
                while not any(member.transport.get_write_buffer_size() for member in self.server.crowd.members):
                    yield b"x" * 1_000

            return StreamingResponse(pieces())

        self.server = Server(app, "127.0.0.1", 0, proxies=proxies)
        world.metrics.add(self.server)
        world.metrics.add(app.turnstile)
        world.metrics.add(world.broadcast)
        self.clients: list[Client] = []

    @property
    def open(self) -> int:
        return len(self.server.crowd.connections)

    @property
    def address(self) -> tuple[str, int]:
        host, port = self.server.servers[0].sockets[0].getsockname()[:2]
        return host, port

    async def client(self, sends: bytes = b"", *, window: int | None = None, host: str = "127.0.0.1") -> "Client":
        """A client that has sent `sends`; `window`: bytes that its kernel takes unread; `host`: its address."""
        made = socket.socket()
        made.bind((host, 0))
        if window is not None:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        made.setblocking(False)
        await asyncio.get_running_loop().sock_connect(made, self.address)
        client = Client(made)
        self.clients.append(client)
        await client.send(sends)
        return client

    def board(self, missed: int) -> None:
        """Let 1001 have missed so many offers, with a Record."""
        self.world.desk.seat("1001", missed=missed)
        self.world.note(Record(1_700_000_000.0, Kind.AGENT_PHONE, agent="1001", data={"phone": "free"}))

    async def until(self, true: Callable[[], bool]) -> None:
        """Let the server work until `true` holds, which no client can see."""
        async with asyncio.timeout(PATIENCE):
            while not true():  # noqa: ASYNC110 - the server's own state has no event
                await asyncio.sleep(0)

    def slow_since(self) -> list[float | None]:
        return [one.slow_since for one in self.server.crowd.connections if isinstance(one, Connection)]

    async def measured(self, name: str, **labels: str) -> float:
        answer = await (await self.client(GET % b"/metrics")).answer()
        page = answer.partition(b"\r\n\r\n")[2].decode()
        for family in text_string_to_metric_families(page):
            for sample in family.samples:
                if (sample.name, sample.labels) == (name, labels):
                    return sample.value
        raise AssertionError(f"there is no {name} {labels}")


class Client:
    def __init__(self, made: socket.socket) -> None:
        self.socket = made

    async def send(self, what: bytes) -> None:
        await asyncio.get_running_loop().sock_sendall(self.socket, what)

    async def receive(self) -> bytes:
        """The next bytes; b"" at the end, however the connection ended."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await asyncio.get_running_loop().sock_recv(self.socket, 1_000_000)
        except ConnectionError:
            return b""

    async def answer(self) -> bytes:
        """One answer that has a Content-Length."""
        got = b""
        while b"\r\n\r\n" not in got:
            got += await self._more()
        head, _, body = got.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
        while len(body) < length:
            body += await self._more()
        return head + b"\r\n\r\n" + body

    async def _more(self) -> bytes:
        more = await self.receive()
        assert more, "the connection was cut"
        return more

    async def rest(self) -> bytes:
        """All bytes until the end."""
        got = b""
        while more := await self.receive():
            got += more
        return got


@asynccontextmanager
async def serving(proxies: Sequence[str] = ()) -> AsyncIterator[Site]:
    made = Site(proxies)
    running = asyncio.create_task(made.server.serve())
    await made.server.wait_started()
    try:
        yield made
    finally:
        made.release.set()
        for client in made.clients:
            client.socket.close()
        made.server.should_exit = True
        await running


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with serving() as made:
        yield made


async def test_it_ends_when_told_and_not_at_its_next_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "DATE_S", 3_600.0)
    async with asyncio.timeout(PATIENCE), serving() as made:
        assert not made.server.should_exit
    assert made.server.should_exit


async def test_the_date_of_the_answers_is_renewed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "DATE_S", 0.001)
    async with serving() as made:
        await made.until(lambda: bool(made.server.crowd.default_headers))
        ((name, value),) = made.server.crowd.default_headers
        assert name == b"date"
        assert value.endswith(b"GMT")
        made.server.crowd.default_headers = []
        await made.until(lambda: bool(made.server.crowd.default_headers))


async def test_a_request_and_another_one_on_the_same_connection(site: Site) -> None:
    client = await site.client(GET % b"/healthz")
    assert (await client.answer()).startswith(b"HTTP/1.1 200")
    await client.send(GET % b"/api/v1/queues")
    assert b"greening" in await client.answer()
    assert site.open == 1


async def test_a_body_that_two_headers_end_at_two_bytes_ends_the_connection(site: Site) -> None:
    """A proxy that went by the other header takes what follows for a part of the body: it may be another person's."""
    head = b"POST /api/v1/session HTTP/1.1\r\nHost: wutong\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
    client = await site.client(head + b"0\r\n\r\n" + GET % b"/api/v1/queues")
    said = await client.rest()
    assert said.startswith(b"HTTP/1.1 400")
    assert b"Content-Length or Transfer-Encoding" in said
    assert said.count(b"HTTP/1.1") == 1
    assert b"greening" not in said
    assert await site.measured("wutong_http_connections_cut_total", why="nonsense") == 1


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"GET /healthz HTTP/1.1\r\nHost: wu",
        b"POST /api/v1/reload HTTP/1.1\r\nHost: wutong\r\nContent-Length: 10\r\n\r\n{",
        b"POST /api/v1/calls HTTP/1.1\r\nHost: wutong\r\nAuthorization: Bearer " + TOKEN.encode() + b"\r\n"
        b"Content-Type: application/json\r\nContent-Length: 10\r\n\r\n{",
        b"GET /healthz HTTP/1.1\r\nHost: wutong\r\n\r\nGET /healthz HTTP/1.1\r\nHo",
    ],
    ids=["nothing", "half a head", "half a body without the token", "half a body", "half of a second one"],
)
async def test_a_request_that_does_not_arrive_whole_is_cut(
    site: Site, begun: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "REQUEST_S", 0.3)
    await (await site.client(begun)).rest()
    await site.until(lambda: site.open == 0)
    assert await site.measured("wutong_http_connections_cut_total", why="slow-request") == 1


async def test_a_connection_that_a_mistake_keeps_from_being_cut_gives_way_to_a_crowd(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "REQUEST_S", 0.1)
    monkeypatch.setattr(connections, "MOST_CONNECTIONS", 1)
    mistakes = handled()
    once(Connection, "cut")
    slow = await site.client(b"GET /healthz HTTP/1.1\r\n")
    assert isinstance(await asyncio.wait_for(mistakes.get(), PATIENCE), Mistake)
    assert (await (await site.client(GET % b"/healthz")).answer()).startswith(b"HTTP/1.1 200")
    assert await slow.rest() == b""


async def test_dripping_gains_no_time(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "REQUEST_S", 0.2)
    client = await site.client(b"GET /healthz HTTP/1.1\r\n")

    async def drip() -> None:
        while True:
            await client.send(b"X-Drip: y\r\n")
            await asyncio.sleep(0.01)

    dripping = asyncio.create_task(drip())
    assert await client.rest() == b""
    dripping.cancel()
    await asyncio.wait({dripping})
    assert site.server.crowd.cuts == {"slow-request": 1}


async def test_a_whole_request_may_take_long_to_answer(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "REQUEST_S", 0.3)
    monkeypatch.setattr(connections, "READ_S", 0.3)
    client = await site.client(GET % b"/slow")
    await asyncio.sleep(0.5)
    site.release.set()
    assert (await client.answer()).endswith(b'"done"')


async def test_a_client_that_does_not_read_a_large_answer_is_cut(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "READ_S", 0.2)
    await site.client(GET % b"/big", window=4096)
    await site.until(lambda: site.server.crowd.cuts["slow-reader"] == 1)  # type: ignore[index]
    await site.until(lambda: site.open == 0)
    assert await site.measured("wutong_http_connections_cut_total", why="slow-reader") == 1


async def test_a_little_that_is_not_read_is_enough_to_be_cut(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "READ_S", 0.2)
    await site.client(GET % b"/brim", window=4096)
    await site.until(lambda: site.server.crowd.cuts["slow-reader"] == 1)  # type: ignore[index]
    await site.until(lambda: site.open == 0)


async def test_a_client_that_reads_gets_it_all(site: Site) -> None:
    client = await site.client(GET % b"/big", window=4096)
    assert len((await client.answer()).partition(b"\r\n\r\n")[2]) == BIG
    assert site.server.crowd.cuts == {}


async def test_what_waits_for_slow_readers_is_bounded(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MOST_UNSENT", 2 * BIG)
    for _ in range(5):
        await site.client(GET % b"/big", window=4096)
    await site.until(lambda: site.server.crowd.cuts.total() == 3)
    unsent = sum(member.transport.get_write_buffer_size() for member in site.server.crowd.members)
    assert 0 < unsent <= 2 * BIG
    assert site.server.crowd.cuts == {"unsent": 3}


async def test_what_waits_for_slow_readers_that_come_at_once_is_bounded_too(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MOST_UNSENT", 2 * BIG)
    crowd = [await site.client(window=4096) for _ in range(8)]
    await site.until(lambda: site.open == 8)
    for client in crowd:
        client.socket.send(GET % b"/big")  # not awaited: the server reads all of them in one turn of the loop
    await site.until(lambda: site.server.crowd.cuts.total() >= 6)
    await site.until(lambda: site.open == 2)
    assert site.server.crowd.cuts == {"unsent": 6}


async def test_half_sent_requests_lock_nobody_out(site: Site) -> None:
    for _ in range(600):
        await site.client(b"GET /healthz HTTP/1.1\r\nHo")
        assert site.open <= MOST_CONNECTIONS + 1
    for path in (b"/healthz", b"/api/v1/queues"):
        assert (await (await site.client(GET % path)).answer()).startswith(b"HTTP/1.1 200")
    assert site.open <= MOST_CONNECTIONS
    assert await site.measured("wutong_http_connections_cut_total", why="crowd") >= 350


async def test_idle_connections_lock_nobody_out(site: Site) -> None:
    for _ in range(MOST_CONNECTIONS):
        await (await site.client(GET % b"/healthz")).answer()
    newest = site.clients[-1]
    for _ in range(20):
        assert (await (await site.client(GET % b"/healthz")).answer()).startswith(b"HTTP/1.1 200")
    assert await site.clients[0].rest() == b""  # the one that idled longest
    await newest.send(GET % b"/healthz")
    assert (await newest.answer()).startswith(b"HTTP/1.1 200")


async def test_the_crowd_of_one_network_closes_no_connection_of_another(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MOST_CONNECTIONS", 10)
    slow = await site.client(b"GET /healthz HTTP/1.1\r\nHost: wu", host="127.0.0.2")
    await site.until(lambda: site.open == 1)
    for _ in range(40):
        await site.client(b"GET /healthz HTTP/1.1\r\nHo")
    await site.until(lambda: site.server.crowd.cuts["crowd"] == 31)  # type: ignore[index]
    await slow.send(b"tong\r\n\r\n")
    assert (await slow.answer()).startswith(b"HTTP/1.1 200")


async def test_requests_that_are_being_answered_are_not_cut_by_a_crowd(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MOST_CONNECTIONS", 5)
    busy = [await site.client(GET % b"/slow") for _ in range(5)]
    await site.until(lambda: site.working == 5)
    for _ in range(3):
        assert await (await site.client()).rest() == b""  # the newest gives way: the others wait for us
    site.release.set()
    for client in busy:
        assert (await client.answer()).endswith(b'"done"')


async def test_a_slow_reader_gives_way_to_a_crowd(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MOST_CONNECTIONS", 3)
    for _ in range(3):
        await site.client(GET % b"/big", window=4096)
    await site.until(lambda: None not in site.slow_since())
    assert (await (await site.client(GET % b"/healthz")).answer()).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("nonsense", [b"\x16\x03\x01\x02\x00\r\n\r\n", b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 20_000])
async def test_nonsense_ends_the_connection_and_is_counted_not_logged(
    site: Site, nonsense: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    assert (await (await site.client(nonsense)).rest())[:12] in (b"HTTP/1.1 400", b"")
    await site.until(lambda: site.open == 0)
    assert site.server.crowd.cuts == {"nonsense": 1}
    assert "Invalid HTTP request" not in caplog.text


async def test_what_came_over_a_connection_that_was_reset_before_is_not_done(site: Site) -> None:
    """Such a connection has no address any more. The audit had it as done at the local door."""
    order = b'{"on": true}'
    change = (GET.replace(b"GET", b"PUT") % b"/api/v1/drain").removesuffix(b"\r\n")
    change += b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(order) + order
    for _ in range(20):
        gone = socket.create_connection(site.address)  # the kernel takes it: the loop has no turn before the reset
        gone.sendall(change)
        gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        gone.close()
    assert (await (await site.client(GET % b"/healthz")).answer()).startswith(b"HTTP/1.1 200")
    await site.until(lambda: site.open == 1)
    assert await site.world.accounts.audit.list(None, None, 0, 100) == []
    assert not site.world.desk.centre.intake.drained


FORWARDED = (
    GET.replace(b"\r\n\r\n", b"\r\nX-Forwarded-For: 198.51.100.7\r\nX-Forwarded-Proto: https\r\n\r\n")
    % b"/api/v1/calls"
)


@pytest.mark.parametrize(
    ("proxies", "seen"),
    [
        ([], "127.0.0.1"),
        (["192.0.2.1"], "127.0.0.1"),
        (["127.0.0.1"], "198.51.100.7"),
        (["127.0.0.0/8"], "198.51.100.7"),
    ],
)
async def test_an_address_that_is_forwarded_counts_only_from_a_known_proxy(proxies: list[str], seen: str) -> None:
    """Anybody else on this machine could put another address into the audit, and guess passwords from any number."""
    async with serving(proxies) as site:
        assert (await (await site.client(FORWARDED)).answer()).startswith(b"HTTP/1.1 200")
        (entry,) = await site.world.accounts.audit.list(None, "calls-listed", 0, 10)
    assert entry.address == seen
