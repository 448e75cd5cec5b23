"""One AMI connection, from its banner to its end: the protocol that panoramisk's `Manager` gets in place of its own.

It mends what the stock one gets wrong: chunks are decoded as a whole, a CR or LF in a value is refused, an unanswered
ping is noticed, and what was not answered when the connection broke fails instead of being sent again on the next one,
when it would ring an agent for a caller who is long gone.
"""

import asyncio
import functools
import itertools
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import structlog

from dialplan.ami import AmiDecoder, AmiMessage, ProtocolViolation, encode

log = structlog.get_logger()

T = TypeVar("T")


class LinkDown(Exception):
    """The action was not sent, or the link broke before the answer came: then nobody knows whether it was done."""


class LinkBusy(LinkDown):
    """The action was not sent: too many wait for their answers already, or Asterisk does not read."""


class ActionRefused(Exception):
    """Asterisk answered `Response: Error`."""

    def __init__(self, action: str, message: AmiMessage) -> None:
        super().__init__(f"Asterisk refused AMI {action}: {message.get('Message', 'no reason given')}")
        self.message = message


@dataclass(slots=True)
class _Pending:
    """An action that was sent and whose answer is awaited."""

    action: str
    answer: asyncio.Future[list[AmiMessage]]
    is_list: bool
    items: list[AmiMessage] = field(default_factory=list)


class AmiConnection(asyncio.Protocol):
    """Actions out, answers and events in.

    `ping_every`, `ping_timeout`: seconds; Manager sends the pings. `in_flight`: actions that may wait for their
    answers. `list_limit`: events of one list. `on_event` gets every event that is not part of a list, `on_lost` the
    reason, once.
    """

    # Manager puts these on every protocol; this one needs none of them.
    queue: object
    factory: object
    log: object
    config: object
    encoding: object
    responses: object

    def __init__(
        self,
        *,
        ping_every: float,
        ping_timeout: float,
        in_flight: int,
        list_limit: int,
        on_event: Callable[[AmiMessage], None],
        on_lost: Callable[[str], None],
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self.greeted: asyncio.Future[None] = self._loop.create_future()
        self.booted: asyncio.Future[None] = self._loop.create_future()
        self.lost = asyncio.Event()
        self.why = ""
        self._ping_every, self._ping_timeout = ping_every, ping_timeout
        self._in_flight = in_flight
        self._list_limit = list_limit
        self._on_event = on_event
        self._on_lost = on_lost
        self._decoder = AmiDecoder()
        self._pending: dict[str, _Pending] = {}
        self._numbers = itertools.count(1)
        self._token = secrets.token_hex(4)  # so that nobody who smuggles lines into an event can guess an action's id
        self._writable = True
        self._ping = ""  # the action id of the ping that is not answered yet
        self._ping_timer: asyncio.TimerHandle | None = None
        self._heard = False  # anything, since that ping

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def pause_writing(self) -> None:
        self._writable = False

    def resume_writing(self) -> None:
        self._writable = True

    def connection_lost(self, exc: Exception | None) -> None:
        self.fail(f"the connection broke: {exc}" if exc else "Asterisk closed the connection")

    def close(self) -> None:
        """Manager's way to end it. What is pending fails; panoramisk's protocol keeps it for the next link."""
        self.fail("the link was closed here")

    def fail(self, why: str) -> None:
        """The link is dead: everything pending fails, and what the socket has not taken yet is never sent."""
        if self.lost.is_set():
            return
        self.why = why
        self.lost.set()
        self._transport.abort()
        if self._ping_timer is not None:
            self._ping_timer.cancel()
        self._on_lost(why)
        for milestone in (self.greeted, self.booted):
            failed(milestone, LinkDown(why))
        for pending in self._pending.values():
            failed(pending.answer, LinkDown(f"AMI {pending.action} was not answered: {why}"))

    # -- out ------------------------------------------------------------------------------------------------------

    def send(self, data: Mapping[str, Any], as_list: bool | None = None) -> asyncio.Future[list[AmiMessage]]:
        """Write an action now or never. The future has its answer: the response, or the items of a list.

        It fails with LinkDown, LinkBusy or ActionRefused. Raises `Unsendable` and ValueError with nothing sent.
        """
        fields = dict(data)
        action = str(fields.pop("Action"))
        action_id = str(fields.pop("ActionID", "")) or f"{self._token}-{next(self._numbers)}"
        # Manager's own ping has no id. It goes out even when Asterisk does not read: that is what it is to find out.
        is_ping = action == "Ping" and "ActionID" not in data
        answer: asyncio.Future[list[AmiMessage]] = self._loop.create_future()
        if action_id in self._pending and not self._pending[action_id].answer.done():
            raise ValueError(f"AMI {action}: an action with the id {action_id} is still waiting for its answer")
        line = encode(action, fields, action_id)
        if self.lost.is_set():
            return failed(answer, LinkDown(f"AMI {action} was not sent: {self.why}"))
        if not is_ping and (not self._writable or len(self._pending) >= self._in_flight):
            return failed(answer, LinkBusy(f"AMI {action} was not sent: {len(self._pending)} wait for their answers"))
        if is_ping and self._ping:
            self.fail(f"a ping was not answered within {self._ping_every:g} s")
            return failed(answer, LinkDown(self.why))
        self._pending[action_id] = _Pending(action, answer, bool(as_list))
        # answered, failed, or given up by who waited: in each case a later message with this id is not for it
        answer.add_done_callback(functools.partial(self._forget, action_id))
        self._transport.write(line)
        if is_ping:
            self._ping, self._heard = action_id, False
            self._ping_timer = self._loop.call_later(self._ping_timeout, self._after_ping)
        return answer

    def _forget(self, action_id: str, answer: asyncio.Future[list[AmiMessage]]) -> None:
        if (pending := self._pending.get(action_id)) is not None and pending.answer is answer:
            del self._pending[action_id]

    def _after_ping(self) -> None:
        # Under load Asterisk's answers queue behind its events: as long as those come the link is not dead, and
        # the next ping will find this one unanswered if it is.
        if self._ping and not self._heard:
            self.fail(f"nothing came from Asterisk within {self._ping_timeout:g} s after a ping")

    # -- in -------------------------------------------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        if self.lost.is_set():
            return
        self._heard = True
        try:
            for message in self._decoder.receive(data):
                if isinstance(message, AmiMessage):
                    self._message(message)
                elif not self.greeted.done():
                    self.greeted.set_result(None)
        except ProtocolViolation as violation:
            self.fail(str(violation))

    def _message(self, message: AmiMessage) -> None:
        pending = self._pending.get(message.action_id)
        if pending is not None and pending.answer.done():
            pending = None
        if message.event:
            if pending is not None and pending.is_list:
                self._item(pending, message)
                return
            if message.event == "FullyBooted" and not self.booted.done():
                self.booted.set_result(None)
            self._on_event(message)
        elif pending is None:
            log.debug("ami-answer-too-late", action_id=message.action_id, response=message.response)
        else:
            self._response(pending, message)

    def _response(self, pending: _Pending, message: AmiMessage) -> None:
        if message.action_id == self._ping:
            self._ping = ""
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
            failed(pending.answer, LinkBusy(f"AMI {pending.action} lists more than {self._list_limit} items"))
        else:
            pending.items.append(message)


def failed(answer: asyncio.Future[T], error: Exception) -> asyncio.Future[T]:
    """The future, failed; it is no fault when nobody looks at it."""
    if not answer.done():
        answer.set_exception(error)
        answer.exception()
    return answer
