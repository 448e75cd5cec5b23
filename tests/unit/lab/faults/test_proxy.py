"""The proxy of the tests breaks what it is told to break, and nothing else."""

import asyncio
import contextlib
import gc
import socket
import struct
from collections.abc import AsyncIterator

import pytest

from lab.faults.proxy import LARGEST, Proxy
from lab.patience import patience

Pair = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest.fixture(autouse=True)
async def _patience() -> AsyncIterator[None]:
    async with patience("the end of the test"):
        yield


class Far:
    """The server behind a proxy, and both ends of every connection."""

    def __init__(self) -> None:
        self.accepted: asyncio.Queue[Pair] = asyncio.Queue()
        self._ends: list[asyncio.StreamWriter] = []

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = int(self._server.sockets[0].getsockname()[1])

    async def connect(self, proxy: Proxy) -> tuple[Pair, Pair]:
        """A connection through the proxy: our end, and the far one."""
        near = await asyncio.open_connection("127.0.0.1", proxy.port)
        self._ends.append(near[1])
        return near, await self.accepted.get()

    async def close(self) -> None:
        self._server.close()
        for writer in self._ends:
            writer.transport.abort()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._ends.append(writer)
        self.accepted.put_nowait((reader, writer))


@pytest.fixture
async def far() -> AsyncIterator[Far]:
    made = Far()
    await made.start()
    yield made
    await made.close()


@pytest.fixture
async def proxy(far: Far) -> AsyncIterator[Proxy]:
    async with Proxy(far.port) as made:
        yield made


@pytest.fixture
async def pair(proxy: Proxy, far: Far) -> tuple[Pair, Pair]:
    return await far.connect(proxy)


async def nothing_comes(reader: asyncio.StreamReader) -> None:
    """The proxy keeps what was sent. Half a second is long for loopback; a slow machine only makes it easier."""
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(reader.read(1), 0.5)


async def test_bytes_pass_and_ends_are_told(proxy: Proxy, pair: tuple[Pair, Pair]) -> None:
    near, other = pair
    shown = bytearray()
    proxy.to_server.watch = shown.extend
    near[1].write(b"ask")
    assert await other[0].readexactly(3) == b"ask"
    other[1].write(b"answer")
    assert await near[0].readexactly(6) == b"answer"
    near[1].write_eof()
    assert await other[0].read() == b""
    other[1].write(b"after the end of the other way")
    other[1].write_eof()
    assert await near[0].read() == b"after the end of the other way"
    await proxy.wait_connections(0)
    assert bytes(shown) == b"ask"
    assert (proxy.to_server.passed, proxy.accepted) == (3, 1)


@pytest.mark.parametrize("reset", [True, False])
async def test_a_cut_reaches_both_sides(proxy: Proxy, pair: tuple[Pair, Pair], reset: bool) -> None:
    proxy.cut(reset=reset)
    for reader, _ in pair:
        if reset:
            with pytest.raises(ConnectionResetError):
                await reader.read()
        else:
            assert await reader.read() == b""
    await proxy.wait_connections(0)


async def test_refusing_keeps_what_is_there(proxy: Proxy, pair: tuple[Pair, Pair], far: Far) -> None:
    near, other = pair
    await proxy.refuse()
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", proxy.port)
    near[1].write(b"still")
    assert await other[0].readexactly(5) == b"still"
    await proxy.listen()
    await far.connect(proxy)
    await proxy.wait_connections(2)


async def test_half_open_passes_nothing_and_fails_nothing(proxy: Proxy, pair: tuple[Pair, Pair]) -> None:
    near, other = pair
    proxy.half_open(to_client=False)
    near[1].write(b"lost?")
    near[1].write_eof()
    other[1].write(b"heard")
    assert await near[0].readexactly(5) == b"heard"
    await nothing_comes(other[0])
    proxy.heal()
    assert await other[0].read() == b"lost?"


async def test_what_was_on_the_way_when_its_sender_reset_never_arrives(proxy: Proxy, pair: tuple[Pair, Pair]) -> None:
    near, other = pair
    proxy.half_open()
    near[1].write(b"stale")
    await nothing_comes(other[0])
    near[1].get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    near[1].transport.abort()
    await nothing_comes(other[0])
    proxy.heal()
    with pytest.raises(ConnectionResetError):
        await other[0].read()


async def test_lag_keeps_the_order_and_can_end_early(proxy: Proxy, pair: tuple[Pair, Pair]) -> None:
    near, other = pair
    loop = asyncio.get_running_loop()
    proxy.lag(0.3, to_client=False)
    began = loop.time()
    near[1].write(b"one")
    assert await other[0].readexactly(3) == b"one"
    assert loop.time() - began >= 0.3
    proxy.lag(3_600)
    near[1].write(b"two")
    await nothing_comes(other[0])
    near[1].write(b"three")
    proxy.heal()
    assert await other[0].readexactly(8) == b"twothree"


async def test_words_are_put_into_the_servers_mouth_behind_whole_messages(
    proxy: Proxy, pair: tuple[Pair, Pair]
) -> None:
    near, other = pair
    other[1].write(b"half of ")
    assert await near[0].readexactly(8) == b"half of "
    telling = asyncio.create_task(proxy.connections[0].tell_client(b"invented\n", behind=b"\n"))
    await nothing_comes(near[0])
    other[1].write(b"it\n")
    assert await near[0].readexactly(12) == b"it\ninvented\n"
    await telling


async def test_throttled(proxy: Proxy, pair: tuple[Pair, Pair]) -> None:
    near, other = pair
    loop = asyncio.get_running_loop()
    proxy.to_server.set(rate=10_000)
    began = loop.time()
    near[1].write(bytes(3_000))
    await other[0].readexactly(3_000)
    assert loop.time() - began >= 0.2  # the last portion is not waited for


async def test_what_is_kept_back_is_bounded_and_its_sender_is_slowed(proxy: Proxy, pair: tuple[Pair, Pair]) -> None:
    near, other = pair
    proxy.half_open()
    near[1].write(bytes(8 * LARGEST))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(near[1].drain(), 1)
    proxy.heal()
    await other[0].readexactly(8 * LARGEST)
    await near[1].drain()


async def test_a_connection_whose_other_end_is_gone_says_nothing_and_new_ones_work(proxy: Proxy, far: Far) -> None:
    (near, _), stranded = await far.connect(proxy)
    proxy.connections[0].strand()
    stranded[1].write(b"answer")
    stranded[1].write_eof()
    await nothing_comes(near)
    (reader, _), (_, writer) = await far.connect(proxy)
    writer.write(b"hello")
    assert await reader.readexactly(5) == b"hello"


async def test_where_nobody_listens_the_connection_is_reset(proxy: Proxy) -> None:
    async with Proxy(1) as broken:
        reader, writer = await asyncio.open_connection("127.0.0.1", broken.port)
        with pytest.raises(ConnectionResetError):
            await reader.read()
        writer.transport.abort()


async def test_closing_ends_everything(far: Far) -> None:
    async with Proxy(far.port) as made:
        ends = await far.connect(made)
        made.half_open()
    for reader, _ in ends:
        with pytest.raises(ConnectionResetError):
            await reader.read()
    assert made.connections == []


def open_writers() -> int:
    """Of all that is in this process."""
    return sum(isinstance(one, asyncio.StreamWriter) and not one.is_closing() for one in gc.get_objects())


@pytest.mark.parametrize("turns", range(12))
async def test_nothing_is_left_open_if_it_is_closed_while_its_connections_end(far: Far, turns: int) -> None:
    """As when a browser has just ended all of its own. `turns`: of the loop, in between."""
    before = open_writers()
    async with Proxy(far.port) as proxy:
        pairs = [await far.connect(proxy) for _ in range(4)]
        for (_, near), (_, there) in pairs:
            near.close()
            there.close()
        for _ in range(turns):
            await asyncio.sleep(0)
    assert open_writers() <= before
