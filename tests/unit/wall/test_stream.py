"""The client of the event stream against a small server that says what it is told to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from base import local_socket
from lab.patience import patience, until
from wall import stream
from wall.board import NotUnderstood
from wall.stream import Refused, watch

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"


class Seen:
    def __init__(self) -> None:
        self.messages: list[tuple[str, str]] = []
        self.losses: list[tuple[float, str]] = []

    def heard(self, event: str, data: str) -> None:
        if data == "nonsense":
            raise NotUnderstood("it is nonsense")
        self.messages.append((event, data))

    def lost(self, why: str) -> None:
        self.losses.append((asyncio.get_running_loop().time(), why))


@asynccontextmanager
async def serving(*answers: bytes, keep: bool = False, door: Path | None = None) -> AsyncIterator[str]:
    """The address of a server. Each connection gets the next of the answers, the last one again and again; `keep`: and
    stays open then. `door`: it listens at that socket, and nobody is at the address.
    """
    left, connections = list(answers), []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.readuntil(b"\r\n\r\n")
        assert asked.startswith(b"GET /api/v1/events HTTP/1.1\r\n")
        assert b"\r\nAuthorization: Bearer secret\r\n" in asked
        writer.write(left.pop(0) if len(left) > 1 else left[0])
        connections.append(writer)
        if not keep:
            writer.close()

    if door is None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()
    else:
        server = await asyncio.start_unix_server(serve, sock=local_socket.listen(door))
        host, port = "127.0.0.1", 1
    try:
        yield f"http://{host}:{port}"
    finally:
        for writer in connections:
            writer.close()
        server.close()
        await server.wait_closed()


@asynccontextmanager
async def watching(
    *answers: bytes, keep: bool = False, door: Path | None = None, there: bool = True
) -> AsyncIterator[Seen]:
    """What the client sees of such a server. `there`: whether it is at the door that the client is told."""
    async with serving(*answers, keep=keep, door=door if there else None) as url:
        seen = Seen()
        task = asyncio.create_task(watch(url, "secret", seen, here=True, door=door))
        try:
            yield seen
        finally:
            task.cancel()
            await asyncio.wait({task})


async def found(seen: Seen, number: int) -> list[tuple[str, str]]:
    async def look() -> list[tuple[str, str]]:
        return list(seen.messages)

    return await until(f"{number} messages", look, lambda messages: len(messages) >= number)


async def test_a_connection_that_ends_is_said_and_made_again() -> None:
    first, second = HEAD + b"event: state\ndata: 1\n\n", HEAD + b": here\n\nevent: changes\ndata: 2\n\n"
    async with watching(first, second) as seen:
        assert (await found(seen, 2))[:2] == [("state", "1"), ("changes", "2")]
        assert seen.losses[0][1] == "the service ended it"


@pytest.mark.parametrize("there", [True, False])
async def test_the_socket_of_a_state_folder_comes_before_the_port(tmp_path: Path, there: bool) -> None:
    async with watching(HEAD + b"event: state\ndata: 1\n\n", door=tmp_path / "http.sock", there=there) as seen:
        assert (await found(seen, 1))[0] == ("state", "1")


async def test_silence_is_a_lost_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "SILENCE", 0.2)
    async with watching(HEAD + b"event: state\ndata: 1\n\n", keep=True) as seen:
        await found(seen, 2)
        assert seen.losses


def test_silence_is_noticed_within_two_seconds_and_a_heartbeat_is_no_silence() -> None:
    from events.broadcast import HEARTBEAT_S

    assert HEARTBEAT_S + 0.5 <= stream.SILENCE < 2.0


async def test_a_message_that_is_not_understood_is_a_loss_and_the_next_connection_counts() -> None:
    first, second = HEAD + b"event: state\ndata: nonsense\n\n", HEAD + b"event: state\ndata: 2\n\n"
    async with watching(first, second) as seen:
        assert (await found(seen, 1))[0] == ("state", "2")
        assert seen.losses[0][1] == "it is nonsense"


async def test_a_busy_service_is_asked_again() -> None:
    busy = b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    async with watching(busy, HEAD + b"event: state\ndata: 1\n\n") as seen:
        await found(seen, 1)
        assert seen.losses[0][1] == "it answers 503"


async def test_a_service_that_is_away_is_waited_for() -> None:
    seen = Seen()
    task = asyncio.create_task(watch("http://127.0.0.1:1", "secret", seen, here=True))

    async def look() -> int:
        return len(seen.losses)

    try:
        await until("two tries", look, lambda losses: losses >= 2)
    finally:
        task.cancel()
        await asyncio.wait({task})


async def test_a_wrong_token_ends_it_with_the_services_own_words() -> None:
    body = b'{"detail": "Nobody has signed in."}'
    head = b"HTTP/1.1 401 No\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
    async with serving(head % len(body) + body) as url, patience("the refusal"):
        with pytest.raises(Refused, match=r"answers 401: Nobody has signed in\."):
            await watch(url, "secret", Seen(), here=True)
