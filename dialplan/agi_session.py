"""One call's conversation with Asterisk over AGI: commands out, their answers in.

`dialplan.fastagi` reads the socket, not the code that waits for an answer. So a hang-up is known at once, even while no
command is under way.
"""

import asyncio
import hashlib
import secrets

from pydantic import SecretStr

from dialplan.wire import ProtocolViolation, Unsendable
from dialplan.wire.agi import AgiReply, AgiRequest, Hangup, encode


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
        """True once `HANGUP` or the end of the connection has come, also in the middle of a command."""
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
        Asterisk would still answer, and nobody would know to what.
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

    async def record(self, path: str, seconds: float, *, silence: int = 0, keep: bool = False) -> None:
        """Record into the file `path`, a .wav, until `#` or for `seconds`. `silence`: also until so many seconds of it
        (0: it ends nothing). A hang-up leaves no file, unless `keep`.
        """
        if await self.execute("Record", path, str(silence), str(round(seconds)), "qk" if keep else "q") == "-1":
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
            return  # this answers the command that was under way when the caller hung up
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
            # Asterisk looks for a hang-up before it reads the next command, so this one shows which it was.
            await self.command("CHANNEL STATUS")
            raise AgiError(" ".join((name, *args)), reply)
        return reply


def _key(reply: AgiReply) -> str:
    """The key of a reply: result 0 means none, any other number is its ASCII code."""
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


def proof(secret: SecretStr, uniqueid: str) -> str:
    """What the dialplan shows for the channel with that unique id (`asterisk-config/proof.inc`): a digest of the id and
    the secret.

    Whoever can connect to the service's AGI port may claim to be a caller. Only Asterisk and the service can read the
    secret. The arguments of AGI() are seen in `core show channel`, in AMI's events and in a verbose log. What is seen
    there counts for that one channel.
    """
    return hashlib.sha1((uniqueid + secret.get_secret_value()).encode()).hexdigest()  # noqa: S324 - what Asterisk has


def proven(shown: str, secret: SecretStr, uniqueid: str) -> bool:
    """Whether `shown` is the proof, compared in constant time."""
    return secrets.compare_digest(shown.encode(), proof(secret, uniqueid).encode())
