"""The FastAGI server: Asterisk connects for each call, and one coroutine of the service talks to it until it ends.

Protocol callbacks read the sockets, not the code that waits for an answer. So a hang-up is known at once, even while
no command is under way.
"""

import asyncio
import math
import socket
from collections.abc import Awaitable, Callable
from typing import cast

import structlog

from dialplan.wire.agi import AgiDecoder, AgiReply, AgiRequest, Hangup, encode
from dialplan.wire.values import ProtocolViolation, Unsendable

log = structlog.get_logger()

BACKLOG = 512
"""Connections that the kernel keeps while the loop is busy: a rush of calls comes as a rush of connections."""

KEEPALIVE = {"TCP_KEEPIDLE": 30, "TCP_KEEPINTVL": 10, "TCP_KEEPCNT": 3}
"""Seconds, seconds and times: an Asterisk whose machine died is noticed after a minute. `EXEC` may be silent for hours,
so there is no other way to tell it from a long call."""

TOLD_EVERY = 60.0
"""Seconds between two lines of the log about dropped connections: garbage must not push older lines out of it."""


class CallerGone(Exception):
    """The caller hung up, was sent elsewhere, or Asterisk closed the connection. The session is over."""


class AgiError(Exception):
    """Asterisk did not do what was asked, though the caller is there."""

    def __init__(self, command: str, reply: AgiReply) -> None:
        said = " ".join(filter(None, (str(reply.code), reply.result, reply.data)))
        super().__init__(f"Asterisk refused AGI {command}: {said}")
        self.reply = reply


class AgiSession:
    """One call's conversation with Asterisk. One command at a time; `AgiServer` makes it and closes it."""

    def __init__(self, transport: asyncio.Transport, request: AgiRequest) -> None:
        self.request = request
        self._transport = transport
        self.hung_up = False
        """Whether Asterisk said `HANGUP`. The end of the connection alone does not say so."""
        self._gone = asyncio.Event()
        self._why = ""
        self._answer: asyncio.Future[AgiReply] | None = None

    @property
    def gone(self) -> bool:
        """True from the `HANGUP` line or the end of the connection on, whether or not a command was under way."""
        return self._gone.is_set()

    async def wait_gone(self) -> None:
        """Returns as soon as `gone` is true."""
        await self._gone.wait()

    async def wait(self, event: asyncio.Event, seconds: float | None = None) -> None:
        """Returns when `event` is set, or after `seconds`. Raises CallerGone as soon as `gone` is true."""
        waits = [asyncio.ensure_future(each.wait()) for each in (self._gone, event)]
        try:
            await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        if self.gone:
            raise CallerGone(self._why)

    async def command(self, name: str, *args: str) -> AgiReply:
        """Send a command and wait for its reply, for as long as it takes.

        Raises `CallerGone` (also when the reply is 511 or never comes because the connection ended), `AgiError` for
        any other code than 200, and `Unsendable` with nothing sent. When the wait is cancelled the session is closed:
        Asterisk would still answer, and nobody could tell to what.
        """
        if self._answer is not None:
            raise RuntimeError(f"AGI {name}: another command of this session is still under way")
        line = encode(name, *args)
        if self.gone:
            raise CallerGone(self._why)
        self._answer = asyncio.get_running_loop().create_future()
        try:
            self._transport.write(line)
            reply = await self._answer
        except asyncio.CancelledError:
            self.close()
            raise
        finally:
            self._answer = None
        if reply.code == 511:
            self.lost("the channel is dead")
            raise CallerGone(self._why)
        if reply.code != 200:
            raise AgiError(name, reply)
        return reply

    async def answer(self) -> None:
        """Answer the call; nothing happens if it is answered already."""
        await self._alive("ANSWER")

    async def stream_file(self, path: str, escape_digits: str = "", *, begin: int = 0) -> tuple[str, int]:
        """Play a file (without its extension), from the sample `begin` on.

        Returns the key that interrupted it, "" when it was played or stopped, and the sample at which it ended. Raises
        `AgiError` when there is no such file in a format that Asterisk can play.
        """
        reply = await self._alive("STREAM FILE", path, escape_digits, *([str(begin)] if begin else []))
        return _key(reply), reply.end

    async def wait_for_digit(self, seconds: float) -> str:
        """The next key, or "" when none was pressed in time."""
        if seconds < 0:
            raise ValueError("wait_for_digit: less than 0 seconds would wait for ever")
        return _key(await self._alive("WAIT FOR DIGIT", str(round(seconds * 1000))))

    async def get_data(self, path: str, seconds: float, most: int) -> str:
        """Play a file (without its extension), and take keys: `most`, or those until `#` or `seconds` without one.

        Returns the keys, "" for none. Raises `AgiError` as `stream_file` does.
        """
        return (await self._alive("GET DATA", path, str(round(seconds * 1000)), str(most))).result

    async def record(self, path: str, seconds: float) -> None:
        """Record into the file `path`, a .wav, until `#` or for `seconds`. A hang-up leaves no file."""
        if await self.execute("Record", path, "0", str(round(seconds)), "q") == "-1":
            await self.command("CHANNEL STATUS")  # a caller who has hung up: this says so

    async def execute(self, application: str, *args: str) -> str:
        """Run a dialplan application, `execute("BridgeWait", "acd", "participant", "m(default)")`; returns its result.

        "0": it ended by itself. "-1": the caller is gone or was sent elsewhere; close the session then. Raises
        `AgiError` for an unknown application, and `Unsendable` for an argument that contains a comma outside of
        parentheses: it would begin another argument.
        """
        for argument in args:
            _refuse_comma(application, argument)
        reply = await self.command("EXEC", application, ",".join(args))
        if reply.result == "-2":
            raise AgiError(f"EXEC {application}", reply)
        return reply.result

    async def get_variable(self, name: str) -> str | None:
        """A channel variable or function (`CHANNEL(state)`), None if it is not set. Asterisk cuts it at 1,023 bytes."""
        reply = await self.command("GET VARIABLE", name)
        return reply.data if reply.result == "1" else None

    async def hangup(self) -> None:
        """Hang the caller up. Nothing happens if the caller is gone already."""
        try:
            await self.command("HANGUP")
        except CallerGone:
            return

    def close(self) -> None:
        """End the session: Asterisk goes on in the dialplan behind AGI()."""
        self.lost("the session is closed")
        self._transport.close()

    def received(self, event: AgiReply | Hangup) -> None:
        """For the connection: what came in. Raises `ProtocolViolation` for a reply that nobody asked for."""
        if self.gone:
            return  # the answer to the command that the hang-up overtook
        if isinstance(event, Hangup):
            self.hung_up = True
            self.lost("the caller hung up")
        elif self._answer is None or self._answer.done():
            raise ProtocolViolation(f"an AGI reply to no command: {event.code} {event.result}")
        else:
            self._answer.set_result(event)

    def lost(self, why: str) -> None:
        """For the connection: nothing more will come; the command under way fails with `CallerGone`."""
        if self.gone:
            return
        self._why = why
        self._gone.set()
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(CallerGone(why))

    async def _alive(self, name: str, *args: str) -> AgiReply:
        """A command whose result -1 means that the caller hung up meanwhile, or that the command failed."""
        reply = await self.command(name, *args)
        if reply.result == "-1":
            # Asterisk looks for a hang-up before it reads the next command, so this one tells which it was.
            await self.command("CHANNEL STATUS")
            raise AgiError(" ".join((name, *args)), reply)
        return reply


def _key(reply: AgiReply) -> str:
    """Result 0 is no key, everything else the ASCII code of one."""
    if not reply.result.isdecimal() or int(reply.result) > 127:
        raise ProtocolViolation(f"not the code of a key: {reply.result[:80]!r}")
    return chr(int(reply.result)) if reply.result != "0" else ""


def _refuse_comma(application: str, argument: str) -> None:
    if "," not in argument:
        return
    depth = 0
    for character in argument:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and depth <= 0:
            raise Unsendable(f"an argument of {application} contains a comma: {argument[:80]!r}")


class _Connection(asyncio.Protocol):
    """One connection from Asterisk: feeds the decoder, and makes the session when the header block is complete."""

    def __init__(self, server: "AgiServer") -> None:
        self._server = server
        self._decoder = AgiDecoder()
        self._session: AgiSession | None = None
        self._silence: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        _keep_alive(self._transport)
        if self._server.admit(self):
            delay = self._server.header_timeout
            self._silence = asyncio.get_running_loop().call_later(delay, self._drop, f"no request within {delay:g} s")
        else:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        if self._transport.is_closing():
            return
        try:
            for event in self._decoder.receive(data):
                if isinstance(event, AgiRequest):
                    self._begin(event)
                elif self._session is not None:
                    self._session.received(event)
        except ProtocolViolation as error:
            self._drop(str(error))

    def connection_lost(self, exc: Exception | None) -> None:
        self._server.release(self)
        if self._silence is not None:
            self._silence.cancel()
        if self._session is not None:
            self._session.lost("the connection to Asterisk ended")

    def _begin(self, request: AgiRequest) -> None:
        if self._silence is not None:
            self._silence.cancel()
        self._server.spoken(self)
        self._session = AgiSession(self._transport, request)
        self._server.serve(self._session)

    def abort(self) -> None:
        """For the server: end it, whatever it is doing."""
        self._transport.abort()

    def _drop(self, reason: str) -> None:
        self._server.drop(self._transport.get_extra_info("peername"), reason)
        if self._session is not None:
            self._session.lost(reason)
        self._transport.abort()


def _keep_alive(transport: asyncio.Transport) -> None:
    sock = transport.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in KEEPALIVE.items():
        if hasattr(socket, name):  # each system has its own set
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


class AgiServer:
    """Listens for Asterisk and runs `handler` for each call, in a task of its own.

    `limit`: connections at a time. A further one closes the oldest without a request, or, if there is none, is closed
    itself; `refused` counts both. `header_timeout`: seconds that a client may take for its header block. `dropped`
    counts connections that were closed as they sent something else than AGI, or nothing in that time. An exception of
    a handler is logged and ends its own session only.
    """

    def __init__(
        self,
        handler: Callable[[AgiSession], Awaitable[None]],
        host: str,
        port: int,
        *,
        limit: int,
        header_timeout: float = 5.0,
    ) -> None:
        self.header_timeout = header_timeout
        self.refused = 0
        self.dropped = 0
        self._drop_told = -math.inf  # when the loop's clock said so the last drop was logged
        self._handler = handler
        self._address = (host, port)
        self._limit = limit
        self._full = False
        self._connections: set[_Connection] = set()
        self._silent: dict[_Connection, None] = {}  # those that have sent no request yet, the oldest first
        self._handlers: set[asyncio.Task[None]] = set()
        self._listening: asyncio.Server | None = None

    @property
    def port(self) -> int:
        """The port that it listens on; where 0 was asked for, the real one after `start()`."""
        if self._listening is None or not self._listening.sockets:
            return self._address[1]
        return int(self._listening.sockets[0].getsockname()[1])

    @property
    def listening(self) -> bool:
        """Between `start` and `stop`: new calls are let in."""
        return self._listening is not None and self._listening.is_serving()

    @property
    def sessions(self) -> int:
        """Handlers that run now."""
        return len(self._handlers)

    async def start(self) -> None:
        """Begin to listen. Raises OSError when the address is taken."""
        loop = asyncio.get_running_loop()
        self._listening = await loop.create_server(lambda: _Connection(self), *self._address, backlog=BACKLOG)

    async def stop(self, grace: float) -> None:
        """Stop listening, give the handlers `grace` seconds to end by themselves, then cancel those that remain.

        A call whose session is closed goes on in the dialplan behind AGI().
        """
        if self._listening is None:
            return
        self._listening.close()
        if self._handlers:
            _, late = await asyncio.wait(self._handlers, timeout=grace)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)
        for connection in self._connections:
            connection.abort()
        await self._listening.wait_closed()
        self._listening = None

    def admit(self, connection: _Connection) -> bool:
        """For a connection: whether there is room for it.

        If there is none, the oldest one without a request is closed: Asterisk sends its request at once, so a crowd of
        silent connections cannot keep its calls out.
        """
        if len(self._connections) >= self._limit:
            self.refused += 1
            if not self._full:  # logged once each time that it fills up: refused calls come again every second
                self._full = True
                log.warning("agi-full", limit=self._limit, refused=self.refused)
            if not self._silent:
                return False
            oldest = next(iter(self._silent))
            self.release(oldest)
            oldest.abort()
        else:
            self._full = False
        self._connections.add(connection)
        self._silent[connection] = None
        return True

    def drop(self, peer: object, reason: str) -> None:
        """For a connection: it is closed, as `peer` did not speak AGI."""
        self.dropped += 1
        now = asyncio.get_running_loop().time()
        if now - self._drop_told >= TOLD_EVERY:
            self._drop_told = now
            log.warning("agi-dropped", peer=peer, reason=reason, dropped=self.dropped)

    def spoken(self, connection: _Connection) -> None:
        """For a connection: it has sent its request."""
        self._silent.pop(connection, None)

    def release(self, connection: _Connection) -> None:
        """For a connection: it has ended."""
        self._connections.discard(connection)
        self._silent.pop(connection, None)

    def serve(self, session: AgiSession) -> None:
        """For a connection: its request is complete, the handler may begin."""
        if self._listening is None or not self._listening.is_serving():
            session.close()
            return
        name = f"agi {session.request.uniqueid}"
        task = asyncio.get_running_loop().create_task(self._serve(session), name=name)
        self._handlers.add(task)
        task.add_done_callback(self._handlers.discard)

    async def _serve(self, session: AgiSession) -> None:
        try:
            await self._handler(session)
        except CallerGone as gone:
            log.debug("agi-caller-gone", channel=session.request.channel, reason=str(gone))
        except Exception:
            log.exception("agi-handler-failed", channel=session.request.channel)
        finally:
            session.close()
