"""A SIP phone for tests: registers or stays anonymous, places calls and gets them. Loopback and UDP."""

import asyncio
import secrets
from collections.abc import Iterable
from types import TracebackType
from typing import Self

from lab.patience import PATIENCE, patience
from lab.phone.call import Call, CallSettings
from lab.phone.dialog import Dialog
from lab.phone.digest import Credentials
from lab.phone.endpoint import ALLOW, Endpoint
from lab.phone.incoming import IncomingCall
from lab.phone.message import Address, Request, Response
from lab.phone.outgoing import OutgoingCall
from lab.phone.registration import Registration, RegistrationFailed
from lab.phone.sdp import PCMU, Description, NoCommonAudio
from lab.phone.transaction import Peer, ServerTransaction

_MOST_WAITING = 32
"""Calls that arrived and that the test has not taken; further ones get 486."""

FAREWELL = 2.0
"""Seconds that `close` gives the server to answer a BYE or an un-registration."""


class Phone:
    """One phone. `async with Phone(server, "1001", "secret") as phone:` opens and closes it.

    `server`: where every request goes. `user` and `password` answer challenges; without them the phone is an
    anonymous caller. `number` (default: the user) and `name` are what it says of itself in From. `host` is the
    local address, `port` the SIP port (0: a free one). `taciturn`: calls send 200 ms of silence and then no packets
    until a test makes them speak, which keeps many phones cheap. `keep`: seconds of heard audio that each call
    keeps. `codecs`: offered and accepted, the best first; except in ulaw the phone sends only silence, or
    packets that it is given. `loses`: each such packet gets lost on its way; 0: none. `hears`: of the packets that
    come, only each such arrives, and the phone reports the loss.
    """

    def __init__(
        self,
        server: Peer,
        user: str | None = None,
        password: str | None = None,
        *,
        number: str | None = None,
        name: str = "",
        host: str = "127.0.0.1",
        port: int = 0,
        taciturn: bool = False,
        keep: float = 120.0,
        codecs: tuple[int, ...] = (PCMU,),
        loses: int = 0,
        hears: int = 1,
    ) -> None:
        self.server = server
        self.number = number or user or "anonymous"
        self.name = name
        self._bind = (host, port)
        self._settings = CallSettings(taciturn, keep, codecs, loses, hears)
        credentials = Credentials(user, password) if user is not None and password is not None else None
        self._endpoint = Endpoint(credentials, self._receive, self._stray)
        self._registration = Registration(self._endpoint, user, server) if user is not None else None
        self._calls: dict[tuple[str, str], Call] = {}
        self._arrived: asyncio.Queue[IncomingCall] = asyncio.Queue(_MOST_WAITING)
        self._opened = False

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def open(self) -> None:
        """Binds the SIP socket. Once is enough; `register`, `place` and `dial` do it too."""
        if not self._opened:
            self._opened = True
            await self._endpoint.open(*self._bind)

    async def close(self) -> None:
        """Hangs up, unregisters, leaves no socket, timer or task. A server that is gone delays it by 4 s at most."""
        if not self._opened:
            return
        await asyncio.gather(*(self._farewell(call) for call in self.calls))
        if self._registration is not None and not self._endpoint.unplugged:
            try:
                async with asyncio.timeout(FAREWELL):
                    await self._registration.unregister()
            except (TimeoutError, RegistrationFailed):
                pass  # the server is gone or has forgotten us: there is nothing left to take back
        await self._endpoint.close()
        self._opened = False

    # ---- registration

    async def register(self, expires: float = 300.0) -> None:
        """Registers for `expires` seconds and keeps that up. Raises RegistrationFailed."""
        await self.open()
        await self._registered().register(expires)

    async def unregister(self) -> None:
        """Takes the registration back. Raises RegistrationFailed."""
        await self._registered().unregister()

    async def abandon_registration(self) -> None:
        """Renews it no more and lets it expire."""
        await self._registered().abandon()

    @property
    def registered(self) -> bool:
        """Whether the last registration or renewal succeeded."""
        return self._registration is not None and self._registration.valid.is_set()

    async def wait_registered(self, registered: bool = True, *, timeout: float = PATIENCE) -> None:
        """Waits until the phone is (or is not) registered, as after a server's absence. Raises Late."""
        registration = self._registered()
        what = "the registration" if registered else "the registration's loss"
        async with patience(what, timeout, self._evidence):
            await (registration.valid if registered else registration.invalid).wait()

    # ---- calls

    async def place(self, number: str, *, headers: Iterable[tuple[str, str]] = ()) -> OutgoingCall:
        """Sends an INVITE with `headers` added and returns at once: see `ringing`, `answered`, `cancel` of the call."""
        await self.open()
        host, port = self.server
        target = f"sip:{number}@{host}:{port}"
        dialog = Dialog(
            call_id=secrets.token_hex(12),
            local=Address(f"sip:{self.number}@{host}", self.name, {"tag": secrets.token_hex(6)}),
            remote=Address(target),
            target=target,
            peer=self.server,
        )
        call = OutgoingCall(self._endpoint, dialog, self._settings, self._forget)
        await call.invite(headers)
        self._calls[dialog.key] = call
        return call

    async def dial(
        self, number: str, *, timeout: float = PATIENCE, headers: Iterable[tuple[str, str]] = ()
    ) -> OutgoingCall:
        """Places a call and waits until it is answered. Raises CallFailed, or Late after `timeout` seconds."""
        call = await self.place(number, headers=headers)
        await call.answered(timeout)
        return call

    async def incoming(self, timeout: float = PATIENCE) -> IncomingCall:
        """The next call, already waiting or to come, answered so far only with 100. Raises Late after `timeout` s."""
        async with patience(f"a call to {self.number}", timeout, self._evidence):
            return await self._arrived.get()

    @property
    def calls(self) -> tuple[Call, ...]:
        """The live calls, answered or not."""
        return tuple(self._calls.values())

    # ---- for tests of failure

    def unplug(self) -> None:
        """From now on no SIP message comes in or goes out, as if the cable were out. Audio goes on."""
        self._endpoint.unplugged = True

    def plug_in(self) -> None:
        """Undoes `unplug`."""
        self._endpoint.unplugged = False

    def die(self) -> None:
        """From now on nothing goes out, neither SIP nor audio, and no SIP message comes in: the power has failed.

        It does not come back: another Phone may replace it. `close` waits for nobody then.
        """
        self.unplug()
        for call in self.calls:
            call.die()

    def forget_calls(self) -> None:
        """It knows of none of its calls any more, as a phone that was started anew: their audio ends, too."""
        for call in self.calls:
            call.drop()

    def ladder(self) -> str:
        """The last SIP messages' first lines."""
        return self._endpoint.ladder()

    @property
    def address(self) -> Peer:
        """The local SIP address and port."""
        return self._endpoint.address

    # ---- within

    def _registered(self) -> Registration:
        if self._registration is None:
            raise RuntimeError("an anonymous phone does not register: give it a user")
        return self._registration

    async def _farewell(self, call: Call) -> None:
        try:
            if not self._endpoint.unplugged:
                async with asyncio.timeout(FAREWELL):
                    await call.hang_up()
        except TimeoutError:
            pass  # the server is gone
        finally:
            call.drop()

    def _forget(self, call: Call) -> None:
        self._calls.pop(call.dialog.key, None)

    def _stray(self, response: Response) -> None:
        call = self._calls.get((response.call_id, response.sender.tag))
        if call is not None:
            call.receive_again(response)

    def _receive(self, request: Request, transaction: ServerTransaction) -> None:
        call = self._calls.get((request.call_id, request.recipient.tag))
        if request.method == "CANCEL":
            self._cancelled(request, transaction)
        elif call is not None:
            call.receive(request, transaction)
        elif request.method == "ACK":
            return  # of a call that is over
        elif request.recipient.tag:
            transaction.respond(request.answer(481))
        elif request.get("Require"):
            unsupported = ("Unsupported", request.require("Require"))
            transaction.respond(request.answer(420, headers=[unsupported]))
        elif request.method == "INVITE":
            self._invited(request, transaction)
        elif request.method in ("OPTIONS", "NOTIFY", "MESSAGE"):
            transaction.respond(request.answer(200, tag=secrets.token_hex(6), headers=[ALLOW]))
        else:
            transaction.respond(request.answer(405, headers=[ALLOW]))

    def _invited(self, request: Request, transaction: ServerTransaction) -> None:
        if self._arrived.full():
            transaction.respond(request.answer(486))
            return
        if request.body:
            try:
                Description.parse(request.body, self._settings.codecs)
            except NoCommonAudio:
                transaction.respond(request.answer(488))
                return
        dialog = Dialog.of_invite(request, secrets.token_hex(6), transaction.peer)
        beside = tuple(call for call in self.calls if not (isinstance(call, IncomingCall) and call.taken_back))
        call = IncomingCall(self._endpoint, transaction, dialog, self._settings, self._forget, beside)
        self._calls[dialog.key] = call
        self._arrived.put_nowait(call)

    def _cancelled(self, request: Request, transaction: ServerTransaction) -> None:
        invite = self._endpoint.transactions.find_invite(request)
        if invite is None:
            transaction.respond(request.answer(481))
            return
        transaction.respond(request.answer(200))
        for call in self.calls:
            if isinstance(call, IncomingCall) and call.invite is invite.request:
                call.cancel(request)

    def _evidence(self) -> str:
        return f"The last messages:\n{self.ladder()}"
