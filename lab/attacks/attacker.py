"""SIP as an attacker writes it: any bytes, from a plain socket. Loopback only."""

import asyncio
import secrets
import socket
import time
from collections import Counter
from math import inf
from types import TracebackType
from typing import Self

from lab.patience import until
from lab.phone.transaction import Peer

LARGEST = 65_535

REST = 0.002
"""Seconds between two looks whether more may be sent."""


class Attacker:
    """One UDP socket; `async with Attacker(server) as attacker:` opens and closes it.

    `host`: the address that it sends from. `answers` counts what came back, by Call-ID and status.
    """

    def __init__(self, server: Peer, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self.server = server
        self.answers: Counter[tuple[str, int]] = Counter()
        self._last: dict[str, bytes] = {}
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self._socket.bind((host, port))
        self._socket.setblocking(False)

    async def __aenter__(self) -> Self:
        asyncio.get_running_loop().add_reader(self._socket, self._read)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()

    @property
    def address(self) -> Peer:
        host, port = self._socket.getsockname()
        return host, port

    def invite(
        self,
        uri: str,
        *,
        sender: str = "<sip:13800138000@127.0.0.1>",
        headers: str = "",
        audio: str = "127.0.0.1",
        call_id: str = "",
        method: str = "INVITE",
        to: str = "",
    ) -> bytes:
        """An INVITE, never checked. `headers`: lines that end with CR LF; `audio`: the host in the SDP."""
        host, port = self.address
        body = (
            f"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 {audio}\r\nt=0 0\r\n"
            "m=audio 9 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n"
        ).encode()
        return (
            f"{method} {uri} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP {host}:{port};rport;branch=z9hG4bK{secrets.token_hex(8)}\r\n"
            "Max-Forwards: 70\r\n"
            f"From: {sender}{'' if 'tag=' in sender else ';tag=' + secrets.token_hex(6)}\r\n"
            f"To: {to or f'<{uri}>'}\r\n"
            f"Call-ID: {call_id or secrets.token_hex(12)}\r\n"
            f"CSeq: 1 {method}\r\n"
            f"Contact: <sip:attacker@{host}:{port}>\r\n"
            f"{headers}"
            "Content-Type: application/sdp\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        ).encode("utf-8", "surrogateescape") + body

    def send(self, datagram: bytes) -> None:
        self._socket.sendto(datagram, self.server)

    async def answered(self, invite: bytes, seconds: float) -> int:
        """Send it; the first status that comes back, 0 if none does within so many seconds."""
        call_id = _value(invite, "Call-ID")
        self.send(invite)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            await asyncio.sleep(0.005)
            if came := [status for asked, status in self.answers if asked == call_id]:
                return came[0]
        return 0

    async def asks(self, invite: bytes) -> int:
        """Send an INVITE, again and again; the status of the final answer. A refusal is acknowledged."""
        call_id = _value(invite, "Call-ID")

        async def final() -> list[int]:
            found = [status for asked, status in self.answers if asked == call_id and status >= 200]
            if not found:
                self.send(invite)
            return found

        (status, *_) = await until(f"an answer to {invite[:200]!r}", final, every=0.25)
        self.send(self._acknowledgement(invite, self._last[call_id]))
        return status

    async def flood(
        self,
        uri: str,
        seconds: float,
        *,
        sender: str = "13800138000",
        method: str = "INVITE",
        headers: str = "",
        rate: float = inf,
    ) -> int:
        """INVITEs, each a call of its own; none is acknowledged. How many were sent.

        `rate`: a second, at most; as many as the socket takes, if it takes fewer. `headers`: as in `invite`.
        """
        sender = f"<sip:{sender}@127.0.0.1>;tag=TAG-OF-THE-FLOOD"
        pattern = self.invite(uri, call_id="CALL-ID-OF-THE-FLOOD", sender=sender, method=method, headers=headers)
        return await asyncio.to_thread(self._flood, pattern, seconds, rate)

    def _flood(self, pattern: bytes, seconds: float, rate: float) -> int:
        branch = pattern[pattern.index(b"z9hG4bK") :][:23]
        began, sent = time.monotonic(), 0
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plain:
            plain.bind((self.address[0], 0))
            while (passed := time.monotonic() - began) < seconds:
                if sent > passed * rate:
                    time.sleep(REST)
                    continue
                one = b"%016x" % sent
                datagram = (
                    pattern.replace(b"CALL-ID-OF-THE-FLOOD", one + b"CALL")
                    .replace(b"TAG-OF-THE-FLOOD", one)
                    .replace(branch, b"z9hG4bK" + one)
                )
                try:
                    plain.sendto(datagram, self.server)
                except OSError:  # the queue of the receiver is full
                    continue
                sent += 1
        return sent

    def _read(self) -> None:
        while True:
            try:
                answer = self._socket.recv(LARGEST)
            except BlockingIOError:
                return
            if answer.startswith(b"SIP/2.0 "):
                call_id = _value(answer, "Call-ID")
                self.answers[call_id, int(answer[8:11])] += 1
                self._last[call_id] = answer

    def _acknowledgement(self, invite: bytes, answer: bytes) -> bytes:
        uri = invite.split(b" ", 2)[1].decode("utf-8", "surrogateescape")
        lines = [f"ACK {uri} SIP/2.0"]
        lines += [f"{name}: {_value(invite, name)}" for name in ("Via", "Max-Forwards", "From")]
        lines += [f"To: {_value(answer, 'To')}", f"Call-ID: {_value(invite, 'Call-ID')}", "CSeq: 1 ACK"]
        return ("\r\n".join(lines) + "\r\nContent-Length: 0\r\n\r\n").encode("utf-8", "surrogateescape")


def _value(message: bytes, name: str) -> str:
    """The first header of that name."""
    for line in message.split(b"\r\n"):
        if line.lower().startswith(name.lower().encode() + b":"):
            return line.partition(b":")[2].strip().decode("utf-8", "surrogateescape")
    raise AssertionError(f"no {name} in {message[:400]!r}")
