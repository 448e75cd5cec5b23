"""One AMI connection, from its banner to its end: the protocol that panoramisk's `Manager` gets instead of its own.

It corrects the stock one. It decodes chunks as a whole, refuses a CR or LF in a value, and notices an unanswered ping.
Actions that are unanswered when the connection breaks fail. The stock one would send them again on the next connection,
and ring an agent for a caller who is long gone.
"""

import asyncio
import contextlib
import functools
import itertools
import secrets
import socket
import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ParamSpec, TypeVar, cast

import structlog

from dialplan.wire import ProtocolViolation
from dialplan.wire.ami import AmiDecoder, AmiMessage, encode
from sentences.of_libraries import recognised
from sentences.sentence import Sentence

log = structlog.get_logger()

P = ParamSpec("P")
T = TypeVar("T")

LISTENER = "asterisk-event"
"""What the loop's exception handler gets, as `work`, for a listener that raised."""

READ = 65_536
"""Bytes that are read at once. In a flood of events everything else gets its turn after so many: within some
milliseconds."""


class Broke(StrEnum):
    """How a connection ended."""

    CLOSED = "closed"  # by Asterisk, or by an error of the network
    SILENT = "silent"  # nothing came any more, without an error
    LATE = "late"  # events came, but answers did not in time
    GARBLED = "garbled"  # what came was no AMI
    OURS = "ours"  # we ended it


class LinkDown(Exception):
    """The action was not sent, or the link broke before the answer came: then nobody knows whether it was done.

    Not sent: the link is down, too many actions wait for their answers already, or Asterisk does not read.
    """


class Unanswered(LinkDown):
    """The action was sent, and the link broke before the answer came: nobody knows whether it was done."""


class ActionRefused(Exception):
    """Asterisk answered `Response: Error`."""

    def __init__(self, action: str, message: AmiMessage) -> None:
        why = recognised(message.get("Message")) or Sentence("no reason given")
        super().__init__(Sentence("Asterisk refused AMI {action}: {why}", action=action, why=why))
        self.message = message


@dataclass(slots=True)
class _Pending:
    """An action that was sent and whose answer is awaited."""

    action: str
    answer: asyncio.Future[list[AmiMessage]]
    is_list: bool
    items: list[AmiMessage] = field(default_factory=list)


class AmiConnection(asyncio.BufferedProtocol):
    """Actions out, answers and events in.

    Manager sends a ping now and then, answered or not. `silence`: the connection is dead if nothing comes for so many
    seconds after a ping. `answer`: seconds that a ping may remain unanswered while other things come. `in_flight`:
    actions that may wait for their answers. `list_limit`: events of one list. `on_lost` gets the reason, once.
    """

    def __init__(
        self,
        *,
        silence: float,
        answer: float,
        in_flight: int,
        list_limit: int,
        on_lost: Callable[[str], None],
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self.greeted: asyncio.Future[None] = self._loop.create_future()
        self.booted: asyncio.Future[AmiMessage] = self._loop.create_future()
        self.lost = asyncio.Event()
        self.why = ""
        self.broke = Broke.OURS
        self._silence, self._answer = silence, answer
        self._in_flight = in_flight
        self._list_limit = list_limit
        self.on_event: Callable[[AmiMessage], None] | None = None
        """Gets every event that is not part of a list, from when it is set until the connection is lost."""
        self._on_lost = on_lost
        self._decoder = AmiDecoder()
        self._pending: dict[str, _Pending] = {}
        self._numbers = itertools.count(1)
        self._token = secrets.token_hex(4)  # no caller who smuggles lines into an event may guess an action's id
        self._writable = True
        self._gathered: list[bytes] | None = None  # actions that go out together; None: each by itself
        self._pings: dict[str, float] = {}  # action id → when it was sent: those not answered yet, the oldest first
        self._unheard: float | None = None  # when the first ping since the last input was sent
        self._lag = 0.0
        self._read = memoryview(bytearray(READ))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def pause_writing(self) -> None:
        self._writable = False

    def resume_writing(self) -> None:
        self._writable = True

    def connection_lost(self, exc: Exception | None) -> None:
        self.fail(
            Broke.CLOSED,
            Sentence("the connection broke: {why}", why=recognised(exc))
            if exc
            else Sentence("Asterisk closed the connection"),
        )

    def close(self) -> None:
        """Called by Manager to end it. Pending actions fail: panoramisk's protocol would send them on the next link."""
        self.fail(Broke.OURS, Sentence("the link was closed here"))

    def fail(self, broke: Broke, why: str) -> None:
        """The link is dead: pending actions fail, and bytes that have not left this machine yet are dropped."""
        if self.lost.is_set():
            return
        self.broke, self.why = broke, why
        self.lost.set()
        self.on_event = None
        if broke is not Broke.OURS:
            # The kernel would go on sending for minutes. If the network came back, an Originate would ring an agent for
            # a caller long gone. With this the connection ends with a reset, and the kernel drops what it has kept.
            with contextlib.suppress(OSError):
                sock = self._transport.get_extra_info("socket")
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()
        self._on_lost(why)
        failed(self.greeted, LinkDown(why))
        failed(self.booted, LinkDown(why))
        for pending in self._pending.values():
            failed(
                pending.answer,
                Unanswered(Sentence("AMI {action} was not answered: {why}", action=pending.action, why=why)),
            )

    # -- out ------------------------------------------------------------------------------------------------------

    def send(self, data: Mapping[str, Any], as_list: bool | None = None) -> asyncio.Future[list[AmiMessage]]:
        """Write an action now or never. The future has its answer: the response, or the items of a list.

        It fails with LinkDown or ActionRefused. Raises `Unsendable` and ValueError with nothing sent.
        """
        fields = dict(data)
        action = str(fields.pop("Action"))
        action_id = str(fields.pop("ActionID", "")) or f"{self._token}-{next(self._numbers)}"
        # Manager's own ping has no id. It goes out even when Asterisk does not read: it is there to find that out.
        is_ping = action == "Ping" and "ActionID" not in data
        answer: asyncio.Future[list[AmiMessage]] = self._loop.create_future()
        if action_id in self._pending and not self._pending[action_id].answer.done():
            raise ValueError(f"AMI {action}: an action with the id {action_id} is still waiting for its answer")
        line = encode(action, fields, action_id)
        if self.lost.is_set():
            return failed(answer, LinkDown(Sentence("AMI {action} was not sent: {why}", action=action, why=self.why)))
        if not is_ping and (not self._writable or len(self._pending) >= self._in_flight):
            return failed(
                answer,
                LinkDown(
                    Sentence(
                        "AMI {action} was not sent: {count} wait for their answers",
                        action=action,
                        count=len(self._pending),
                    )
                ),
            )
        if is_ping and self._is_dead():
            return failed(answer, LinkDown(self.why))
        self._pending[action_id] = _Pending(action, answer, bool(as_list))
        # answered, failed or cancelled: a later message with this id is not for it
        answer.add_done_callback(functools.partial(self._forget, action_id))
        if self._gathered is None:
            self._transport.write(line)
        else:
            self._gathered.append(line)
        if is_ping:
            now = self._pings[action_id] = self._loop.time()
            if self._unheard is None:
                self._unheard = now
        return answer

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """What is sent within the block goes out at its end, in one write. Each write wakes Asterisk, which may get the
        processor before the next one. A block within a block ends with that.
        """
        if self._gathered is not None:
            yield
            return
        self._gathered = []
        try:
            yield
        finally:
            lines, self._gathered = self._gathered, None
            if lines and not self.lost.is_set():
                self._transport.write(b"".join(lines))

    def _forget(self, action_id: str, answer: asyncio.Future[list[AmiMessage]]) -> None:
        if (pending := self._pending.get(action_id)) is not None and pending.answer is answer:
            del self._pending[action_id]

    def _is_dead(self) -> bool:
        """Before a ping: whether the earlier pings show that Asterisk is gone, or does not keep up.

        Under load Asterisk's answers wait behind its events. So the link is not dead while events come. But if a ping
        waits very long, the events are as old as the ping. A new link and a fresh look at everything know more.
        """
        now = self._loop.time()
        if self._unheard is not None and now - self._unheard >= self._silence:
            self.fail(
                Broke.SILENT,
                Sentence("nothing came from Asterisk within {seconds:g} s after a ping", seconds=self._silence),
            )
        elif self._oldest_ping(now) >= self._answer:
            self.fail(
                Broke.LATE,
                Sentence(
                    "Asterisk did not answer a ping within {seconds:g} s, though it sends events", seconds=self._answer
                ),
            )
        return self.lost.is_set()

    def _oldest_ping(self, now: float) -> float:
        """Seconds that the oldest unanswered ping has waited; 0: there is none."""
        return now - next(iter(self._pings.values()), now)

    @property
    def lag(self) -> float:
        """Seconds that the last answered ping took, or that one has waited already: Asterisk's answers and events are
        about so late.
        """
        return max(self._lag, self._oldest_ping(self._loop.time()))

    # -- in -------------------------------------------------------------------------------------------------------

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._read

    def buffer_updated(self, nbytes: int) -> None:
        if self.lost.is_set():
            return
        self._unheard = None
        try:
            messages = self._decoder.receive(bytes(self._read[:nbytes]))
            if self._decoder.greeted and not self.greeted.done():
                self.greeted.set_result(None)
            for message in messages:
                self._message(message)
        except ProtocolViolation as violation:
            self.fail(Broke.GARBLED, str(violation))

    def _message(self, message: AmiMessage) -> None:
        pending = self._pending.get(message.action_id)
        if pending is not None and pending.answer.done():
            pending = None
        if message.event:
            if pending is not None and pending.is_list:
                self._item(pending, message)
                return
            if message.event == "FullyBooted" and not self.booted.done():
                self.booted.set_result(message)
            if self.on_event is not None:
                notify(self.on_event, message)
        elif pending is None:
            log.debug("ami-answer-too-late", action_id=message.action_id, response=message.response)
        else:
            self._response(pending, message)

    def _response(self, pending: _Pending, message: AmiMessage) -> None:
        if (sent := self._pings.pop(message.action_id, None)) is not None:
            self._lag = self._loop.time() - sent
        if message.response == "Error":
            failed(pending.answer, ActionRefused(pending.action, message))
        elif not pending.is_list:
            pending.answer.set_result([message])

    def _item(self, pending: _Pending, message: AmiMessage) -> None:
        # The event that ends a list has its id before `EventList: Complete`. In an item the id comes last, behind the
        # caller's number, which Asterisk 22.10 prints with any CR LF that the caller's SIP address smuggled into it.
        if [key for key, _ in message.fields[1:3]] == ["ActionID", "EventList"]:
            pending.answer.set_result(pending.items)
        elif len(pending.items) >= self._list_limit:
            failed(
                pending.answer,
                LinkDown(
                    Sentence(
                        "AMI {action} lists more than {count} items", action=pending.action, count=self._list_limit
                    )
                ),
            )
        else:
            pending.items.append(message)


def failed(answer: asyncio.Future[T], error: Exception) -> asyncio.Future[T]:
    """Fail the future and return it; no warning if nobody reads it."""
    if not answer.done():
        answer.set_exception(error)
        answer.exception()
    return answer


def notify(listener: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
    """Call a listener. What it raises goes to the loop's exception handler, and breaks nothing here."""
    try:
        listener(*args, **kwargs)
    except Exception as error:
        context = {"message": f"a listener of AMI failed: {listener!r}", "exception": error, "work": LISTENER}
        asyncio.get_running_loop().call_exception_handler(context)
