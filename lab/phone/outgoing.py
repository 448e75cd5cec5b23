"""A call that a test phone places."""

import asyncio
from collections.abc import Callable, Iterable

from lab.patience import PATIENCE
from lab.phone.call import Call, CallSettings, Ending
from lab.phone.dialog import Dialog
from lab.phone.endpoint import SDP, Endpoint
from lab.phone.message import Response
from lab.phone.sdp import NoCommonAudio


class OutgoingCall(Call):
    """A call that this phone places. Made by `Phone.place` and `Phone.dial`."""

    def __init__(
        self, endpoint: Endpoint, dialog: Dialog, settings: CallSettings, forget: Callable[[Call], None]
    ) -> None:
        super().__init__(endpoint, dialog, settings, forget)
        self._rings = asyncio.Event()
        self._proceeding = False
        self._cancelling = False

    async def invite(self, headers: Iterable[tuple[str, str]]) -> None:
        """Sends the INVITE."""
        await self._open_media()
        assert self._local is not None
        self._enquiry = self._endpoint.enquire(
            self.dialog, "INVITE", self._receive, headers=[*headers, SDP], body=self._local.encode()
        )

    async def ringing(self, timeout: float = PATIENCE) -> None:
        """Waits until the other side rings (180 or 183). Raises Late after `timeout` seconds."""
        await self._wait(self._rings, timeout, "ringing")

    async def cancel(self, timeout: float = PATIENCE) -> Ending:
        """Gives up before the answer; returns when the other side has ended the call. Raises Late.

        An answer that crosses it is hung up.
        """
        if not self._settled.is_set() and not self._cancelling:
            self._cancelling = True
            self._enquiry.abandon()
            if self._proceeding:
                self._send_cancel()
        return await self.ended(timeout)

    async def hang_up(self) -> None:
        """Ends the call, answered or not; returns when the other side knows."""
        if self._settled.is_set():
            await super().hang_up()
        else:
            await self.cancel()

    def _send_cancel(self) -> None:
        request = self._enquiry.request.cancellation()
        self._endpoint.transactions.request(request, self.dialog.peer, lambda response: None)

    def _receive(self, response: Response) -> None:
        if response.status < 200:
            self._progress(response)
        elif response.status < 300:
            self._accepted(response)
        else:
            self._end(Ending(self._cancelling, response.status, response.why or response.reason))

    def _progress(self, response: Response) -> None:
        if self._cancelling and not self._proceeding:  # RFC 3261, 9.1: not before the first response
            self._send_cancel()
        self._proceeding = True
        if response.status > 100:
            self._identify(response)
            if response.recipient.tag:
                self.dialog.establish(response)
            self._rings.set()
            if response.body:  # early media
                self._connect(self._parse(response.body))

    def _accepted(self, response: Response) -> None:
        self.dialog.establish(response)
        self._acknowledge(response)
        if self.ending is not None:
            return
        if self._cancelling:
            self._endpoint.enquire(self.dialog, "BYE", lambda bye: self._end(Ending(by_us=True)))
            return
        self._identify(response)
        try:
            self._connect(self._parse(response.body))
        except NoCommonAudio as error:
            self._endpoint.enquire(self.dialog, "BYE", lambda bye: None)
            self._end(Ending(by_us=True, status=488, reason=str(error)))
            return
        self._rings.set()
        self._begin()
