"""A crowd stays for as long as it is wanted, and tells what it was answered."""

import asyncio

from lab.fuzz.crowd import Member, crowd
from lab.fuzz.others import new_address
from lab.patience import patience, until
from lab.ports import free_port


async def test_it_comes_with_what_it_sends_and_is_gone_after_the_block() -> None:
    come: list[tuple[str, bytes]] = []
    gone = asyncio.Semaphore(0)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sent = await reader.readexactly(3)
        come.append((writer.get_extra_info("peername")[0], sent))
        writer.write(b"HTTP/1.1 503 Service Unavailable\r\n\r\n" if sent == b"two" else b"no HTTP\r\n")
        await reader.read()
        writer.close()
        gone.release()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    members = [Member("", "127.0.0.2", port, b"one"), Member("a slot", "127.0.0.3", port, b"two")]
    kept_out = Member("", "127.0.0.2", free_port(), b"three")

    async def seen() -> bool:
        return len(come) == 2 and bool(answers)

    async with server, crowd([*members, kept_out]) as answers:
        await until("both", seen)
        assert gone.locked()
    assert sorted(come) == [("127.0.0.2", b"one"), ("127.0.0.3", b"two")]
    assert answers == [("a slot", 503)]
    async with patience("the end of both"):
        for _ in members:
            await gone.acquire()


async def test_who_is_cut_off_comes_again_where_that_is_wanted() -> None:
    come = asyncio.Semaphore(0)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        come.release()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    member = Member("", "127.0.0.2", server.sockets[0].getsockname()[1], b"")
    async with server, crowd([member], again=0.0), patience("one who comes again and again"):
        for _ in range(3):
            await come.acquire()


def test_no_address_is_given_twice() -> None:
    found = [new_address() for _ in range(1_000)]
    assert len(set(found)) == 1_000
    assert all(address.startswith("127.") and not address.startswith("127.0.") for address in found)
