"""A call that comes to a test phone."""

import asyncio
from collections.abc import Callable, Iterable

from lab.patience import PATIENCE
from lab.phone.call import Call, CallFailed, CallSettings, Ending
from lab.phone.dialog import Dialog
from lab.phone.endpoint import ALLOW, SDP, Endpoint
from lab.phone.message import Request, uri_user
from lab.phone.transaction import ServerTransaction


class IncomingCall(Call):
    """A call to this phone, not answered yet. `invite` is the request as it came; `arrived_at`: when, by the loop;
    `taken_back`: a CANCEL has come, perhaps after the answer, which a BYE will follow then. `beside`: the phone's calls
    that nobody had ended or taken back when this one came.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        transaction: ServerTransaction,
        dialog: Dialog,
        settings: CallSettings,
        forget: Callable[[Call], None],
        beside: tuple[Call, ...] = (),
    ) -> None:
        super().__init__(endpoint, dialog, settings, forget)
        self.beside = beside
        self.taken_back = False
        self.invite = transaction.request
        self.arrived_at = asyncio.get_running_loop().time()
        self._transaction = transaction
        self._cancel_reason: str | None = None
        self._identify(self.invite)
        self.caller = self.other
        transaction.respond(self.invite.answer(100))

    @property
    def caller_name(self) -> str:
        """The display name of P-Asserted-Identity, else of From."""
        return self.caller.name

    @property
    def caller_number(self) -> str:
        return self.caller.user

    @property
    def dialled(self) -> str:
        """The number in the request's URI."""
        return uri_user(self.invite.uri)

    def header(self, name: str) -> str | None:
        """A header of the INVITE."""
        return self.invite.get(name)

    async def ring(self) -> None:
        """Says that the phone rings (180)."""
        self._respond(180)

    async def answer(self) -> Call:
        """Picks up; returns this call, whose audio flows both ways. Raises CallFailed when it is over already."""
        if self.ending is not None:
            raise CallFailed("the call cannot be answered any more", self.ending.status or 487, self.ending.reason)
        offer = self._parse(self.invite.body) if self.invite.body else None
        await self._open_media()
        assert self._local is not None
        if self.ending is not None:  # cancelled while the socket was opened
            self.media.close()
            raise CallFailed("the call cannot be answered any more", 487, self.ending.reason)
        ours = self._local
        if offer is not None:
            ours = ours.answering(offer)
            self._connect(offer)
        contact = ("Contact", self._endpoint.contact(self.dialog.local.user or "phone"))
        response = self.invite.answer(200, tag=self.dialog.local.tag, headers=[contact, ALLOW, SDP], body=ours.encode())
        self._answer_invite(self._transaction, response)
        self._begin()
        return self

    async def confirmed(self) -> None:
        """Waits for the ACK of the answer, with which the talk begins. Raises CallFailed if none comes."""
        await self._acked.wait()
        if not self.up:
            raise CallFailed("the answer was not acknowledged", 408, "")

    async def reject(self, status: int = 486, contact: str = "") -> None:
        """Declines: 486 busy, 603 declined, 480 unavailable, 404 … 302 with a SIP URI as `contact` forwards."""
        self._respond(status, [("Contact", f"<{contact}>")] if contact else [])
        self._end(Ending(by_us=True, status=status))

    async def hang_up(self) -> None:
        """Ends the conversation; before the answer it declines (603)."""
        if self._answered.is_set():
            await self._acked.wait()  # RFC 3261, 15: the callee must not send a BYE before the ACK has come
            await super().hang_up()
        elif self.ending is None:
            await self.reject(603)

    async def cancelled(self, timeout: float = PATIENCE) -> str:
        """Waits until the caller gives up; answers the Reason header of the CANCEL, "" without one.

        Raises Late after `timeout` seconds, CallFailed when the call ended otherwise.
        """
        ending = await self.ended(timeout)
        if self._cancel_reason is None:
            raise CallFailed("the call was not cancelled", ending.status or 0, ending.reason)
        return self._cancel_reason

    def cancel(self, request: Request) -> None:
        """The caller's CANCEL, already answered. Without effect after the final response."""
        self.taken_back = True
        if self._transaction.answered:
            return
        self._cancel_reason = request.why
        self._respond(487)
        self._end(Ending(by_us=False, status=487, reason=self._cancel_reason))

    def _respond(self, status: int, headers: Iterable[tuple[str, str]] = ()) -> None:
        if self._transaction.answered:
            raise CallFailed("the call was answered or is over", status, "came too late")
        self._transaction.respond(self.invite.answer(status, tag=self.dialog.local.tag, headers=headers))
