"""A call of a test phone: what both directions have in common once there is a dialog."""

import asyncio
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from lab.patience import PATIENCE, patience
from lab.phone.dialog import Dialog
from lab.phone.ear import NotHeard
from lab.phone.endpoint import ALLOW, SDP, Endpoint
from lab.phone.message import Address, Message, Request, Response
from lab.phone.rtp import RtpSession
from lab.phone.sdp import PCMU, Description, Direction, NoCommonAudio
from lab.phone.transaction import ServerTransaction

_RELAY = "application/dtmf-relay"


class CallFailed(Exception):
    """The call, or something asked for within it, was refused: `status` and `reason` are the other side's."""

    def __init__(self, what: str, status: int, reason: str) -> None:
        super().__init__(f"{what}: {status} {reason}")
        self.status = status
        self.reason = reason


@dataclass(frozen=True)
class Ending:
    """How a call ended.

    `status`: the final response that refused it, None for a BYE. `reason`: the other side's Reason headers
    (`Q.850;cause=26`, `SIP;cause=200;text="…"`), else the response's phrase; empty after a BYE without one.
    """

    by_us: bool
    status: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class CallSettings:
    """What a phone's calls have in common; see Phone."""

    taciturn: bool
    keep: float
    codecs: tuple[int, ...] = (PCMU,)
    loses: int = 0
    hears: int = 1


class Call:
    """One call. Made by Phone; `answer()` or the other side's answer begins the conversation."""

    def __init__(
        self, endpoint: Endpoint, dialog: Dialog, settings: CallSettings, forget: Callable[["Call"], None]
    ) -> None:
        self.dialog = dialog
        self.ending: Ending | None = None
        self.began_at: float | None = None
        """When, by the loop's clock, the conversation began."""
        self._endpoint = endpoint
        self._settings = settings
        self._forget = forget
        self._media: RtpSession | None = None
        self._local: Description | None = None
        self._answered = asyncio.Event()
        self._over = asyncio.Event()
        self._settled = asyncio.Event()  # answered or over
        self._transfer: asyncio.Future[int] | None = None
        self._unacknowledged: ServerTransaction | None = None
        self._acked = asyncio.Event()  # our first answer was, or the call is over
        self._ack: Request | None = None
        self._asking = False
        self.other = dialog.remote

    # ---- who and when

    @property
    def other_name(self) -> str:
        """The other side's display name, as it asserted it last (it may change within a call)."""
        return self.other.name

    @property
    def other_number(self) -> str:
        return self.other.user

    @property
    def up(self) -> bool:
        """Whether the conversation goes on."""
        return self._answered.is_set() and not self._over.is_set()

    async def answered(self, timeout: float = PATIENCE) -> None:
        """Waits for the answer. Raises CallFailed when it ends without one, Late after `timeout` seconds."""
        await self._wait(self._settled, timeout, "an answer")
        if not self._answered.is_set():
            assert self.ending is not None
            raise CallFailed("the call was not answered", self.ending.status or 0, self.ending.reason)

    async def ended(self, timeout: float = PATIENCE) -> Ending:
        """Waits for the end, whoever ends it. Raises Late after `timeout` seconds."""
        await self._wait(self._over, timeout, "the end of the call")
        assert self.ending is not None
        return self.ending

    async def hang_up(self) -> None:
        """Ends the conversation; returns when the other side knows. Does nothing if it is over already."""
        if self.ending is None:
            self._end(Ending(by_us=True))
            await self._endpoint.exchange(self.dialog, "BYE")

    # ---- what is said

    def send_tone(self, hertz: int) -> None:
        """Say a tone until told otherwise."""
        self.media.send_tone(hertz)

    def send_frames(self, frames: Sequence[bytes]) -> None:
        """Say these packets of the call's codec until told otherwise."""
        self.media.send_frames(frames)

    def frames(self, codec: int) -> Sequence[bytes]:
        """The packets of `raw`."""
        return self.media.raw[codec]

    def send_silence(self) -> None:
        """Say silence until told otherwise: the default."""
        self.media.send_silence()

    def send_little(self) -> None:
        """Say silence with two packets a second until told otherwise."""
        self.media.send_little()

    def send_nothing(self) -> None:
        """Send no audio packets until told otherwise."""
        self.media.send_nothing()

    async def press(
        self,
        keys: str,
        method: Literal["rfc4733", "info"] = "rfc4733",
        *,
        duration: float = 0.1,
        gap: float = 0.06,
    ) -> None:
        """Presses keys one after the other; returns when the last one's end was sent.

        `duration` of each and the `gap` between them, seconds, are for rfc4733; `info` waits for the answer to
        each. Raises CallFailed when an INFO is refused, SessionOver when the call ends meanwhile.
        """
        if method == "rfc4733":
            await self.media.press(keys, duration=duration, gap=gap)
            return
        for key in keys:
            body = f"Signal={key}\r\nDuration={round(duration * 1000)}\r\n".encode()
            await self._ask("INFO", [("Content-Type", _RELAY)], body)

    # ---- what is heard

    async def hears(self, what: float | Literal["sound", "silence"], timeout: float = PATIENCE) -> None:
        """Waits for a tone (hertz), 200 ms of any sound, or half a second of silence, in what arrives from now on.

        Raises NotHeard, with the last messages.
        """
        try:
            await self.media.ear.hears(what, timeout)
        except NotHeard as error:
            error.add_note(self._evidence())
            raise

    async def hears_speech(self, timeout: float = PATIENCE) -> None:
        """`hears("sound")`: speech is not distinguished from music."""
        await self.media.ear.hears("sound", timeout)

    async def hears_silence(self, timeout: float = PATIENCE) -> None:
        """`hears("silence")`: no packets are silence too."""
        await self.media.ear.hears("silence", timeout)

    async def hears_recording(self, path: Path, timeout: float = PATIENCE) -> None:
        """Waits until a recording (wave, mono, 16 bit, 8 kHz) was heard; call it in playing order. See Ear."""
        await self.media.ear.hears_recording(path, timeout)

    async def hears_mixed(self, path: Path, timeout: float = PATIENCE) -> None:
        """The same of a recording that Asterisk mixes into a talk. See Ear."""
        await self.media.ear.hears_mixed(path, timeout)

    async def hears_key(self, timeout: float = PATIENCE) -> str:
        """The next key that the other side pressed, by telephone-event or INFO. Raises Late."""
        async with patience("a key", timeout, self._evidence):
            return await self.media.key()

    def heard(self, seconds: float) -> "array[int]":
        """The samples that arrived last: 16 bit, 8,000 a second."""
        return self.media.ear.heard(seconds)

    def raw(self, codec: int) -> bytes:
        """What arrived in another codec than ulaw, by its payload type. The ear hears nothing of it."""
        return b"".join(self.media.raw[codec])

    @property
    def received(self) -> float:
        """Seconds of audio that arrived in all."""
        return self.media.ear.received

    def save_wav(self, path: Path) -> None:
        """What was heard, as a wave file."""
        self.media.ear.save_wav(path)

    # ---- what is asked for

    async def hold(self) -> None:
        """Puts the other side on hold (`a=sendonly`). Raises CallFailed."""
        await self._describe(Direction.SEND)

    async def unhold(self) -> None:
        """Takes the other side off hold. Raises CallFailed."""
        await self._describe(Direction.BOTH)

    async def blind_transfer(self, target: str, timeout: float = PATIENCE, *, hasty: bool = False) -> None:
        """Sends the other side on to a number of the phone's server (REFER).

        Hangs up when the transfer is reported as successful, as phones do, unless the other side hung up before.
        `hasty`: as soon as it is accepted, as some phones do.
        Raises CallFailed when it is refused or fails, Late after `timeout` seconds.
        """
        host, port = self.dialog.peer
        await self._refer(f"sip:{target}@{host}:{port}", target, timeout, hasty=hasty)

    async def attended_transfer(self, other: "Call", timeout: float = PATIENCE) -> None:
        """Connects the other side to that of `other`, a second call of this phone (REFER with Replaces).

        Ends and errors as in `blind_transfer`. The other side of `other` ends `other`.
        """
        dialog = other.dialog
        replaces = quote(f"{dialog.call_id};to-tag={dialog.remote.tag};from-tag={dialog.local.tag}", safe="")
        await self._refer(f"{dialog.remote.uri}?Replaces={replaces}", dialog.remote.uri, timeout)

    async def _refer(self, to: str, target: str, timeout: float, *, hasty: bool = False) -> None:
        self._transfer = asyncio.get_running_loop().create_future()
        await self._ask("REFER", [("Refer-To", f"<{to}>"), ("Referred-By", f"<{self.dialog.local.uri}>")])
        if hasty:
            await self.hang_up()
            return
        async with patience("the outcome of the transfer", timeout, self._evidence):
            status = await self._transfer
        if status >= 300:
            raise CallFailed(f"the transfer to {target} failed", status, "")
        await self.hang_up()

    # ---- for Phone

    @property
    def media(self) -> RtpSession:
        """The RTP session. Raises RuntimeError before there is one."""
        if self._media is None:
            raise RuntimeError("this call has no audio: it was not answered")
        return self._media

    def receive(self, request: Request, transaction: ServerTransaction) -> None:
        """A request within the dialog."""
        match request.method:
            case "ACK":
                self._acknowledged(request)
            case "BYE":
                transaction.respond(request.answer(200))
                self._end(Ending(by_us=False, reason=request.why))
            case "INVITE" | "UPDATE":
                self._redescribed(request, transaction)
            case "INFO":
                transaction.respond(request.answer(self._informed(request)))
            case "NOTIFY":
                transaction.respond(request.answer(200))
                self._notified(request)
            case "OPTIONS" | "MESSAGE":
                transaction.respond(request.answer(200))
            case _:
                transaction.respond(request.answer(405, headers=[ALLOW]))

    def receive_again(self, response: Response) -> None:
        """A 200 that was acknowledged already: its ACK was lost."""
        if self._ack is not None and response.sequence == (self._ack.sequence[0], "INVITE"):
            self._endpoint.send(self._ack, self.dialog.peer)

    def die(self) -> None:
        """The phone has died: no audio goes out any more."""
        if self._media is not None:
            self._media.die()

    def drop(self) -> None:
        """Ends the call on this side without any message."""
        self._end(Ending(by_us=True))

    # ---- within

    async def _open_media(self) -> None:
        host, _ = self._endpoint.address
        settings = self._settings
        self._media = await RtpSession.open(
            host, taciturn=settings.taciturn, keep=settings.keep, loses=settings.loses, hears=settings.hears
        )
        self._local = Description(host, self._media.port, codecs=self._settings.codecs)

    def _connect(self, theirs: Description) -> None:
        """Audio goes as both descriptions say."""
        assert self._local is not None
        sends = self._local.direction.sends and theirs.direction.receives
        if self._local.direction is Direction.SEND:  # the other side is on hold: this phone has no music of its own
            sends = False
        self.media.connect(theirs.host, theirs.port, theirs.telephone_event, theirs.codecs[0], may_send=sends)

    def _parse(self, body: bytes) -> Description:
        return Description.parse(body, self._settings.codecs)

    def _begin(self) -> None:
        self.began_at = asyncio.get_running_loop().time()
        self._answered.set()
        self._settled.set()

    def _end(self, ending: Ending) -> None:
        if self.ending is not None:
            return
        self.ending = ending
        if self._media is not None:
            self._media.close()
        if self._unacknowledged is not None:
            self._unacknowledged.stop()
        if self._transfer is not None and not self._transfer.done():
            self._transfer.set_result(200)
        self._settled.set()
        self._acked.set()
        self._over.set()
        self._forget(self)

    def _identify(self, message: Message) -> None:
        """Note the name and number that the other side gives now."""
        asserted = message.get_all("P-Asserted-Identity")
        if asserted:
            self.other = Address.parse(asserted[0])

    async def _ask(self, method: str, headers: Iterable[tuple[str, str]] = (), body: bytes = b"") -> Response:
        response = await self._endpoint.exchange(self.dialog, method, headers=headers, body=body)
        if response.status >= 300:
            raise CallFailed(f"{method} was refused", response.status, response.reason)
        return response

    async def _describe(self, direction: Direction) -> None:
        """A re-INVITE with a new direction."""
        assert self._local is not None
        before = self._local
        self._local = replace(before, direction=direction, version=before.version + 1)
        self._asking = True
        try:
            response = await self._ask("INVITE", [SDP], self._local.encode())
        except CallFailed:
            self._local = before
            raise
        finally:
            self._asking = False
        self._acknowledge(response)
        self._connect(self._parse(response.body))

    def _acknowledge(self, response: Response) -> None:
        """Send the ACK of a 200; keep it, since it may get lost."""
        self.dialog.refresh(response)
        self._ack = self._endpoint.compose(self.dialog, "ACK", sequence=response.sequence[0])
        self._endpoint.send(self._ack, self.dialog.peer)

    def _answer_invite(self, transaction: ServerTransaction, response: Response) -> None:
        self._unacknowledged = transaction
        transaction.respond(response, self.drop)

    def _acknowledged(self, ack: Request) -> None:
        if self._unacknowledged is not None and ack.sequence[0] == self._unacknowledged.request.sequence[0]:
            self._unacknowledged.acknowledge()
            self._unacknowledged = None
            self._acked.set()
            if ack.body:  # the answer to an offer that our response made
                self._connect(self._parse(ack.body))

    def _redescribed(self, request: Request, transaction: ServerTransaction) -> None:
        """A re-INVITE or an UPDATE: another address, a hold, a new name, or a refreshed session timer."""
        if self._asking or self._local is None:
            transaction.respond(request.answer(491))
            return
        self.dialog.refresh(request)
        self._identify(request)
        contact = ("Contact", self._endpoint.contact(self.dialog.local.user or "phone"))
        if not request.body and request.method == "UPDATE":
            transaction.respond(request.answer(200, headers=[contact]))
            return
        answer = self._local
        if request.body:
            try:
                offer = self._parse(request.body)
            except NoCommonAudio:
                transaction.respond(request.answer(488))
                return
            answer = self._local.answering(offer)
            self._connect(offer)
        response = request.answer(200, headers=[contact, ALLOW, SDP], body=answer.encode())
        if request.method == "UPDATE":
            transaction.respond(response)
        else:
            self._answer_invite(transaction, response)

    def _informed(self, request: Request) -> int:
        if (request.get("Content-Type") or "").partition(";")[0].strip().lower() != _RELAY:
            return 415
        lines = request.body.decode("ascii", "replace").splitlines()
        fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition("=") for line in lines)}
        key = fields.get("signal", "")
        if len(key) != 1 or self._media is None:
            return 400
        self._media.note_key(key)
        return 200

    def _notified(self, request: Request) -> None:
        """The progress of a transfer: a sipfrag's status line (RFC 3515)."""
        first = request.body.decode("ascii", "replace").partition("\r\n")[0].split(" ")
        if self._transfer is not None and not self._transfer.done() and len(first) >= 2 and first[0] == "SIP/2.0":
            status = int(first[1]) if first[1].isdecimal() else 500
            if status >= 200:
                self._transfer.set_result(status)

    async def _wait(self, event: asyncio.Event, timeout: float, what: str) -> None:
        async with patience(what, timeout, self._evidence):
            await event.wait()

    def _evidence(self) -> str:
        return f"The last messages:\n{self._endpoint.ladder()}"
