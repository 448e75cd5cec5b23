"""Transactions over UDP (RFC 3261, 17): requests repeated until answered, and responses to repeated requests."""

import asyncio
from collections.abc import Callable

from lab.phone.message import Message, Request, Response

T1 = 0.5
"""Seconds: the estimate of a round trip, and the first wait before a message is sent again."""
T2 = 4.0
"""Seconds: the longest such wait for requests other than INVITE and for responses to INVITE."""
LIFE = 64 * T1
"""Seconds after which nothing more is expected of a transaction."""

Peer = tuple[str, int]
"""A host's address and port."""

Send = Callable[[Message, Peer], None]


class _Repeater:
    """Sends a message now, and again after ever longer waits, until stopped or its life is over."""

    def __init__(self, send: Callable[[], None], longest: float, on_over: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._send = send
        self._wait = T1
        self._longest = longest
        self._again: asyncio.TimerHandle | None = self._loop.call_later(T1, self._repeat)
        self._over = self._loop.call_later(LIFE, on_over)
        send()

    def rest(self) -> None:
        """Send no more, but keep living."""
        if self._again is not None:
            self._again.cancel()
            self._again = None

    def stop(self) -> None:
        self.rest()
        self._over.cancel()

    def _repeat(self) -> None:
        self._send()
        self._wait = min(2 * self._wait, self._longest)
        self._again = self._loop.call_later(self._wait, self._repeat)


class ClientTransaction:
    """A request of ours. Every response reaches `on_response`; no final one within 32 s, or before the socket closes,
    counts as a 408.
    """

    def __init__(
        self,
        request: Request,
        peer: Peer,
        send: Send,
        on_response: Callable[[Response], None],
        on_expired: Callable[["ClientTransaction"], None],
    ) -> None:
        self.request = request
        self._peer = peer
        self._send = send
        self._on_response = on_response
        self._on_expired = on_expired
        self._finished = False
        longest = LIFE if request.method == "INVITE" else T2
        self._repeater = _Repeater(lambda: send(request, peer), longest, self._expire)

    @property
    def key(self) -> tuple[str, str]:
        return self.request.branch, self.request.method

    @property
    def lasting(self) -> bool:
        """Whether it must stay to acknowledge the same failure again."""
        return self.request.method == "INVITE" and self._finished

    def receive(self, response: Response) -> bool:
        """Handles a response; True when the transaction is over."""
        invite = self.request.method == "INVITE"
        if response.status < 200:
            if invite:
                self._repeater.stop()  # an INVITE may ring for as long as it likes
            if not self._finished:
                self._on_response(response)
            return False
        if invite and response.status >= 300:
            self._send(self.request.acknowledgement(response), self._peer)
            self._repeater.rest()
            if not self._finished:
                self._finished = True
                self._on_response(response)
            return False
        self._finished = True
        self._repeater.stop()
        self._on_response(response)
        return True

    def stop(self) -> None:
        self._finished = True
        self._repeater.stop()

    def close(self) -> None:
        """No answer can come any more."""
        self._repeater.stop()
        if not self._finished:
            self._finished = True
            self._on_response(self.request.answer(408))

    def _expire(self) -> None:
        self.close()
        self._on_expired(self)


class ServerTransaction:
    """A request of the other side: the last response is sent again when the request comes again.

    The final response to an INVITE is sent until it is acknowledged; `on_unacknowledged` is called when that
    did not happen within 32 s.
    """

    def __init__(self, request: Request, peer: Peer, send: Send, on_answered: Callable[[], None]) -> None:
        self.request = request
        self.peer = peer
        self._send = send
        self._on_answered = on_answered
        self._last: Response | None = None
        self._repeater: _Repeater | None = None

    @property
    def answered(self) -> bool:
        """Whether a final response was sent."""
        return self._last is not None and self._last.status >= 200

    def respond(self, response: Response, on_unacknowledged: Callable[[], None] = lambda: None) -> None:
        if self.answered:
            raise ValueError(f"{self.request.method} was answered already; {response.status} cannot follow")
        self._last = response
        if response.status >= 200:
            self._on_answered()
        if response.status < 200 or self.request.method != "INVITE":
            self._send(response, self.peer)
            return

        def over() -> None:
            self.stop()
            on_unacknowledged()

        self._repeater = _Repeater(lambda: self._send(response, self.peer), T2, over)

    def repeat(self) -> None:
        """The request came again."""
        if self._last is not None:
            self._send(self._last, self.peer)

    def acknowledge(self) -> None:
        """The ACK came."""
        self.stop()

    def stop(self) -> None:
        if self._repeater is not None:
            self._repeater.stop()
            self._repeater = None


class Transactions:
    """The transactions of one socket, found again by branch and method."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._clients: dict[tuple[str, str], ClientTransaction] = {}
        self._servers: dict[tuple[str, str], ServerTransaction] = {}
        self._forgetting: dict[tuple[str, str], asyncio.TimerHandle] = {}

    def request(self, request: Request, peer: Peer, on_response: Callable[[Response], None]) -> ClientTransaction:
        """Sends a request until it is answered."""
        transaction = ClientTransaction(request, peer, self._send, on_response, self.end)
        self._clients[transaction.key] = transaction
        return transaction

    def end(self, transaction: ClientTransaction) -> None:
        """Forget it: its response is no longer wanted."""
        transaction.stop()
        self._clients.pop(transaction.key, None)

    def receive_response(self, response: Response) -> bool:
        """False for a response to no request of ours that still waits."""
        key = response.branch, response.sequence[1]
        transaction = self._clients.get(key)
        if transaction is None:
            return False
        if transaction.receive(response):
            del self._clients[key]
        elif transaction.lasting and ("client", key[0]) not in self._forgetting:
            self._forget_later(("client", key[0]), lambda: self._clients.pop(key, None))
        return True

    def receive_request(self, request: Request, peer: Peer) -> ServerTransaction | None:
        """The new transaction of a request. None for a repetition or the ACK of a failure: those are handled here."""
        key = request.branch, "INVITE" if request.method == "ACK" else request.method
        known = self._servers.get(key)
        if known is not None:
            if request.method == "ACK":
                known.acknowledge()
            else:
                known.repeat()
            return None

        def forget_later() -> None:
            self._forget_later(key, lambda: self._servers.pop(key, None))

        transaction = ServerTransaction(request, peer, self._send, forget_later)
        if request.method != "ACK":
            self._servers[key] = transaction
        return transaction

    def find_invite(self, cancel: Request) -> ServerTransaction | None:
        """The INVITE to which a CANCEL refers (RFC 3261, 9.2)."""
        return self._servers.get((cancel.branch, "INVITE"))

    def close(self) -> None:
        """Stops every timer, and tells those who wait for an answer that none will come."""
        for handle in self._forgetting.values():
            handle.cancel()
        for client in list(self._clients.values()):
            client.close()
        for server in self._servers.values():
            server.stop()
        self._forgetting.clear()
        self._clients.clear()
        self._servers.clear()

    def _forget_later(self, key: tuple[str, str], forget: Callable[[], object]) -> None:
        def do() -> None:
            del self._forgetting[key]
            forget()

        # two lives: an INVITE's last response may be repeated for one whole life
        self._forgetting[key] = asyncio.get_running_loop().call_later(2 * LIFE, do)
