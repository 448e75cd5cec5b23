"""A telephone exchange for the desk without Asterisk: SIP over the page's WebSocket, as far as one call needs it.

It carries no audio. What needs it is tested with Asterisk: tests/integration/test_desk.py.
"""

import asyncio
import re
from collections.abc import Mapping

from playwright.async_api import Page, WebSocketRoute

from lab.patience import patience

SOCKET = re.compile(r"^wss?://[^/]+/ws$")

OFFER = "\r\n".join(
    (
        "v=0",
        "o=- 1 1 IN IP4 127.0.0.1",
        "s=-",
        "c=IN IP4 127.0.0.1",
        "t=0 0",
        "m=audio 9 UDP/TLS/RTP/SAVPF 0 101",
        "a=rtpmap:0 PCMU/8000",
        "a=rtpmap:101 telephone-event/8000",
        "a=sendrecv",
        "a=ice-ufrag:wutong",
        "a=ice-pwd:wutongwutongwutongwutong",
        f"a=fingerprint:sha-256 {':'.join(['AB'] * 32)}",
        "a=setup:actpass",
        "a=rtcp-mux",
        "",
    )
)


class Telephone:
    """What the page's telephone speaks to. `answers`: it answers OPTIONS.

    `registered`, `left`: what the page did last; who waits for `left` clears it before. `said`: what the page answered
    to the last call, and `BYE`.
    """

    def __init__(self) -> None:
        self.answers = True
        self.registered = asyncio.Event()
        self.left = asyncio.Event()
        self.said: list[str] = []
        self._spoke = asyncio.Event()
        self._socket: WebSocketRoute | None = None
        self._contact = ""
        self._calls = 0
        self._to = ""

    @classmethod
    async def before(cls, page: Page) -> "Telephone":
        """Let the page find it where Asterisk would be. Before the page is opened."""
        made = cls()
        await page.route_web_socket(SOCKET, made._connected)
        return made

    async def ring(self, number: str, words: str = "") -> None:
        """Call the page, and wait until it rings."""
        await self._wait(self.registered, "a registration")
        self._calls += 1
        self._to, self.said = "", []
        self._send("INVITE", f'"{words}" <sip:{number}@wutong>', body=OFFER)
        await self.hears("180")

    async def second(self, number: str) -> None:
        """Call the page while it has a call. From now on it is this call that is followed."""
        self._calls += 1
        self._to, self.said = "", []
        self._send("INVITE", f"<sip:{number}@wutong>", body=OFFER)

    async def take_back(self) -> None:
        """The caller is gone."""
        self._request("CANCEL", self._caller)
        await self.hears("487")

    def hang_up(self) -> None:
        self._request("BYE", self._caller)

    async def cut(self) -> None:
        """The connection is lost."""
        assert self._socket is not None, "the page has not connected"
        self.registered.clear()
        await self._socket.close(code=1001)

    async def hears(self, status: str) -> None:
        """Wait for that answer to the call, or for `BYE`."""
        async with patience(f"{status} of the page"):
            while status not in self.said:
                self._spoke.clear()
                await self._spoke.wait()

    # -- the wire -----------------------------------------------------------------------------------------------------

    def _connected(self, socket: WebSocketRoute) -> None:
        self._socket = socket
        socket.on_message(lambda message: self._heard(message if isinstance(message, str) else message.decode()))

    def _heard(self, message: str) -> None:
        if not message.strip():
            return  # a sign of life
        head, _, _ = message.partition("\r\n\r\n")
        first, *lines = head.split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        if first.startswith("SIP/2.0"):
            self._answered(first.split()[1], headers)
        else:
            self._asked(first.split()[0], headers)

    def _asked(self, method: str, headers: Mapping[str, str]) -> None:
        if method == "ACK" or (method == "OPTIONS" and not self.answers):
            return
        more = ""
        if method == "REGISTER":
            self._contact = headers["contact"].partition("<")[2].partition(">")[0]
            more = f"Contact: {headers['contact']}\r\n"
            if headers["contact"].endswith("expires=0") or headers.get("expires") == "0":
                self.registered.clear()
                self.left.set()
            else:
                self.registered.set()
        copied = "".join(f"{name}: {headers[name.lower()]}\r\n" for name in ("Via", "From", "Call-ID", "CSeq"))
        to = headers["to"] if "tag=" in headers["to"] else f"{headers['to']};tag=wutong"
        self._write(f"SIP/2.0 200 OK\r\n{copied}To: {to}\r\n{more}Content-Length: 0\r\n\r\n")
        if method == "BYE":
            self._note("BYE")

    def _answered(self, status: str, headers: Mapping[str, str]) -> None:
        if not headers["cseq"].endswith("INVITE") or not headers["call-id"].startswith(f"call-{self._calls}@"):
            return
        self._to = headers["to"]
        if status >= "200":
            self._request("ACK", self._caller)
        self._note(status)

    def _note(self, what: str) -> None:
        self.said.append(what)
        self._spoke.set()

    def _send(self, method: str, caller: str, body: str = "") -> None:
        self._caller = caller
        self._request(method, caller, body)

    def _request(self, method: str, caller: str, body: str = "") -> None:
        number = 2 if method == "BYE" else 1
        to = self._to if method in ("ACK", "BYE") and self._to else f"<{self._contact}>"
        kind = "Content-Type: application/sdp\r\n" if body else ""
        branch = f"z9hG4bK{self._calls}{'bye' if method == 'BYE' else ''}"
        self._write(
            f"{method} {self._contact} SIP/2.0\r\n"
            f"Via: SIP/2.0/WS wutong;branch={branch}\r\nMax-Forwards: 70\r\n"
            f"From: {caller};tag=caller{self._calls}\r\nTo: {to}\r\n"
            f"Call-ID: call-{self._calls}@wutong\r\nCSeq: {number} {method}\r\n"
            f"Contact: <sip:wutong@wutong;transport=ws>\r\n{kind}"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        )

    def _write(self, message: str) -> None:
        assert self._socket is not None, "the page has not connected"
        self._socket.send(message)

    async def _wait(self, event: asyncio.Event, what: str) -> None:
        async with patience(what):
            await event.wait()
