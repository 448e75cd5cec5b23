"""A phone's SIP socket: sends requests with their repetitions and credentials, gives arriving requests to its phone."""

import asyncio
import secrets
from collections import deque
from collections.abc import Callable, Iterable

from lab.phone.dialog import Dialog
from lab.phone.digest import Challenge, Credentials, UnsupportedChallenge
from lab.phone.message import BadMessage, Message, Request, Response, parse
from lab.phone.sdp import NoCommonAudio
from lab.phone.transaction import ClientTransaction, Peer, ServerTransaction, Transactions

ALLOW = ("Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, NOTIFY, MESSAGE, UPDATE")
SDP = ("Content-Type", "application/sdp")
_WITH_CONTACT = frozenset({"INVITE", "UPDATE", "REFER"})
_REMEMBERED = 200
"""Messages that the ladder shows."""

OnRequest = Callable[[Request, ServerTransaction], None]


class Enquiry:
    """A request that waits for its answer; it answers a challenge once (and once more when its nonce was stale)."""

    def __init__(
        self,
        endpoint: "Endpoint",
        dialog: Dialog,
        compose: Callable[[Iterable[tuple[str, str]]], Request],
        on_response: Callable[[Response], None],
    ) -> None:
        self._endpoint = endpoint
        self._dialog = dialog
        self._compose = compose
        self._on_response = on_response
        self._answered_challenge = False
        self._abandoned = False
        self._transaction = self._start(())

    @property
    def request(self) -> Request:
        """The request as it was sent last."""
        return self._transaction.request

    def abandon(self) -> None:
        """Answer no challenge any more."""
        self._abandoned = True

    def stop(self) -> None:
        """Send it no more and take no response."""
        self._abandoned = True
        self._endpoint.transactions.end(self._transaction)

    def _start(self, headers: Iterable[tuple[str, str]]) -> ClientTransaction:
        return self._endpoint.transactions.request(self._compose(headers), self._dialog.peer, self._receive)

    def _receive(self, response: Response) -> None:
        if response.status in (401, 407) and not self._abandoned:
            header = self._endpoint.authorization(self.request, response, again=self._answered_challenge)
            if header is not None:
                self._answered_challenge = True
                self._transaction = self._start([header])
                return
        self._on_response(response)


class Endpoint(asyncio.DatagramProtocol):
    """One UDP socket. `on_request` gets every new request, `on_stray` every response that nothing waits for."""

    def __init__(
        self, credentials: Credentials | None, on_request: OnRequest, on_stray: Callable[[Response], None]
    ) -> None:
        self.transactions = Transactions(self.send)
        self.unplugged = False
        self._credentials = credentials
        self._on_request = on_request
        self._on_stray = on_stray
        self._transport: asyncio.DatagramTransport | None = None
        self._closed = asyncio.Event()
        self._ladder: deque[str] = deque(maxlen=_REMEMBERED)
        self._nonces: tuple[str, int] = ("", 0)

    async def open(self, host: str, port: int) -> None:
        """Binds; port 0 takes a free one."""
        await asyncio.get_running_loop().create_datagram_endpoint(lambda: self, (host, port))

    async def close(self) -> None:
        """Stops all timers and closes the socket."""
        self.transactions.close()
        if self._transport is not None:
            self._transport.close()
            await self._closed.wait()

    @property
    def address(self) -> Peer:
        assert self._transport is not None, "the phone is not open"
        host, port = self._transport.get_extra_info("sockname")[:2]
        return host, port

    def contact(self, user: str) -> str:
        host, port = self.address
        return f"<sip:{user}@{host}:{port}>"

    def enquire(
        self,
        dialog: Dialog,
        method: str,
        on_response: Callable[[Response], None],
        *,
        headers: Iterable[tuple[str, str]] = (),
        body: bytes = b"",
    ) -> Enquiry:
        """Sends a request; responses reach `on_response`, the last of them is final."""
        given = tuple(headers)

        def compose(more: Iterable[tuple[str, str]]) -> Request:
            return self.compose(dialog, method, (*given, *more), body)

        return Enquiry(self, dialog, compose, on_response)

    async def exchange(
        self, dialog: Dialog, method: str, *, headers: Iterable[tuple[str, str]] = (), body: bytes = b""
    ) -> Response:
        """Sends a request and waits for its final response; 408 when none came within 32 s."""
        final: asyncio.Future[Response] = asyncio.get_running_loop().create_future()

        def settle(response: Response) -> None:
            if response.status >= 200 and not final.done():
                final.set_result(response)

        enquiry = self.enquire(dialog, method, settle, headers=headers, body=body)
        try:
            return await final
        finally:
            if not final.done() or final.cancelled():
                enquiry.stop()

    def compose(
        self,
        dialog: Dialog,
        method: str,
        headers: Iterable[tuple[str, str]] = (),
        body: bytes = b"",
        *,
        sequence: int | None = None,
    ) -> Request:
        """A request of `dialog` from this socket, under a branch of its own."""
        host, port = self.address
        via = f"SIP/2.0/UDP {host}:{port};rport;branch=z9hG4bK{secrets.token_hex(8)}"
        own = [ALLOW, ("User-Agent", "test phone")]
        if method in _WITH_CONTACT:
            own.append(("Contact", self.contact(dialog.local.user or "phone")))
        return dialog.request(method, via, (*own, *headers), body, sequence=sequence)

    def authorization(self, request: Request, response: Response, *, again: bool) -> tuple[str, str] | None:
        """The header that answers a challenge; None without fitting credentials, or when they were refused."""
        asked, answer = ("WWW-Authenticate", "Authorization")
        if response.status == 407:
            asked, answer = ("Proxy-Authenticate", "Proxy-Authorization")
        value = response.get(asked)
        if value is None or self._credentials is None:
            return None
        try:
            challenge = Challenge.parse(value)
        except UnsupportedChallenge as error:
            self._ladder.append(f"<- a challenge that cannot be answered: {error}")
            return None
        if again and not challenge.stale:
            return None
        nonce, count = self._nonces
        self._nonces = (challenge.nonce, count + 1 if nonce == challenge.nonce else 1)
        return answer, self._credentials.answer(
            challenge, request.method, request.uri, cnonce=secrets.token_hex(8), count=self._nonces[1]
        )

    def send(self, message: Message, peer: Peer) -> None:
        """One datagram, if the phone is plugged in."""
        assert isinstance(message, Request | Response)
        if self.unplugged or self._transport is None or self._transport.is_closing():
            return
        self._note("->", message)
        self._transport.sendto(message.encode(), peer)

    def ladder(self) -> str:
        """The first lines of the last messages in both directions, for a test that failed."""
        return "\n".join(self._ladder)

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self._closed.set()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if self.unplugged or not data.strip():  # blank datagrams are keep-alives
            return
        try:
            message = parse(data)
            self._note("<-", message)
            if isinstance(message, Response):
                if not self.transactions.receive_response(message):
                    self._on_stray(message)
                return
            transaction = self.transactions.receive_request(message.received_from(*addr[:2]), (addr[0], addr[1]))
            if transaction is not None:
                self._on_request(transaction.request, transaction)
        except (BadMessage, NoCommonAudio) as error:
            self._ladder.append(f"<- not understood: {error}")

    def _note(self, arrow: str, message: Request | Response) -> None:
        time = asyncio.get_running_loop().time()
        if isinstance(message, Request):
            what = f"{message.method} {message.uri}"
        else:
            what = f"{message.status} {message.reason}"
        self._ladder.append(f"{time:.3f} {arrow} {what} [{message.get('CSeq')}]")
