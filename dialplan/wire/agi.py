"""AGI on the wire, without I/O: bytes in, the request, replies and hang-ups out; commands in, bytes out.

Asterisk speaks first: a block of `agi_*: value` lines that ends with an empty line. Then it answers each command with
one line; only the usage text of a `520` takes many. A line `HANGUP` may come at any moment and answers nothing. The
facts about Asterisk's side are from its res_agi.c (22.10).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import assert_never

from dialplan.wire import ProtocolViolation, Unsendable, sendable, to_bytes

LINE_LIMIT = 8_191
"""Bytes of a command with its line feed: Asterisk reads it into `char buf[8192]` and cuts a longer one in two."""

WORD_LIMIT = 126
"""Words of a command. Asterisk's array has room for 128, but Asterisk does not check that before a word in quotes."""

MESSAGE_LIMIT = 65_536
"""Bytes that one header block or one reply may have."""

_COMMAND = re.compile(r"[A-Za-z]+(?: [A-Za-z]+)*")
_HEADER = re.compile(r"(agi_[a-z0-9_]+):(?: (.*))?", re.DOTALL)
_STATUS = re.compile(r"(\d{3} |520-)(.*)", re.DOTALL)
_RESULT = re.compile(r"result=(\S*)(?: \((.*)\))?(?: endpos=(\d+))?", re.DOTALL)
_VALUE_OPENS = re.compile(r"result=\S* \(")
_VALUE_CLOSES = re.compile(r"\)(?: endpos=\d+)?\Z")

_REQUIRED = ("agi_request", "agi_channel", "agi_uniqueid")


@dataclass(frozen=True, slots=True)
class AgiRequest:
    """The header block: who calls what. Every value comes from outside and is only bounded, not cleaned."""

    variables: Mapping[str, str]
    """All lines, by their name with `agi_`."""

    @property
    def network_script(self) -> str:
        """What stands behind the port in `agi://host:port/script`, without slashes at either end."""
        return self.variables.get("agi_network_script", "").strip("/")

    @property
    def channel(self) -> str:
        """The channel's name, `PJSIP/1001-00000001`."""
        return self.variables["agi_channel"]

    @property
    def uniqueid(self) -> str:
        return self.variables["agi_uniqueid"]

    @property
    def callerid(self) -> str:
        """The caller's number, empty when Asterisk does not know it."""
        value = self.variables.get("agi_callerid", "")
        return "" if value == "unknown" else value

    @property
    def extension(self) -> str:
        return self.variables.get("agi_extension", "")

    @property
    def args(self) -> tuple[str, ...]:
        """The arguments that the dialplan gave to AGI() behind the URL."""
        found: list[str] = []
        while (value := self.variables.get(f"agi_arg_{len(found) + 1}")) is not None:
            found.append(value)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class AgiReply:
    """The answer to one command."""

    code: int
    """200, or 510 (unknown command), 511 (the channel is dead), 520 (usage)."""
    result: str
    """What stands behind `result=`; empty unless the code is 200."""
    data: str
    """What stands in parentheses behind the result (a variable's value); the text of an error."""
    end: int = 0
    """Of a file that was played: the sample at which it ended."""


@dataclass(frozen=True, slots=True)
class Hangup:
    """The caller hung up, or Asterisk took the channel away. It answers no command."""


def encode(command: str, *args: str) -> bytes:
    """One command line. Every argument is put in quotes, so that spaces and empty ones survive.

    Raises `Unsendable` for CR, LF or NUL, for more than 126 words, and for a line of more than 8,191 bytes.
    """
    if not _COMMAND.fullmatch(command):
        raise Unsendable(f"not the name of an AGI command: {command[:80]!r}")
    if len(args) + command.count(" ") + 1 > WORD_LIMIT:
        raise Unsendable(f"AGI {command} has more than {WORD_LIMIT} words")
    words = [command]
    for argument in args:
        text = sendable(argument, f"an argument of AGI {command}").replace("\\", "\\\\").replace('"', '\\"')
        words.append(f'"{text}"')
    line = to_bytes(" ".join(words) + "\n", f"AGI {command}")
    if len(line) > LINE_LIMIT:
        raise Unsendable(f"AGI {command} is {len(line)} bytes long; Asterisk reads at most {LINE_LIMIT}")
    return line


class _State(Enum):
    HEADERS = auto()  # in the block that comes first
    REPLIES = auto()  # between replies
    USAGE = auto()  # inside the many lines of a 520
    VALUE = auto()  # inside a variable's value that has line feeds
    FAILED = auto()  # a violation was seen; nothing more is taken


class AgiDecoder:
    """What Asterisk sends on one FastAGI connection."""

    def __init__(self) -> None:
        self._state = _State.HEADERS
        self._buffer = bytearray()
        self._searched = 0  # bytes of the buffer that are known to hold no line feed
        self._size = 0  # bytes of the lines that the message in progress has so far
        self._headers: dict[str, str] = {}
        self._lines: list[str] = []

    def receive(self, data: bytes) -> list[AgiRequest | AgiReply | Hangup]:
        """What is complete now, in order, however the stream was cut into chunks.

        Raises `ProtocolViolation`, and again on every later call.
        """
        if self._state is _State.FAILED:
            raise ProtocolViolation("the AGI connection has failed before")
        self._buffer += data
        events: list[AgiRequest | AgiReply | Hangup] = []
        begin = 0
        try:
            while (end := self._buffer.find(b"\n", self._searched)) >= 0:
                line = bytes(self._buffer[begin:end])
                begin = self._searched = end + 1
                self._size += len(line) + 1
                self._check(self._size)
                if (event := self._line(line.decode(errors="replace"))) is not None:
                    events.append(event)
                    self._size = 0
            del self._buffer[:begin]
            self._searched = len(self._buffer)
            self._check(self._size + len(self._buffer))
        except ProtocolViolation:
            self._state = _State.FAILED
            self._buffer.clear()
            raise
        return events

    def _check(self, size: int) -> None:
        if size > MESSAGE_LIMIT:
            raise ProtocolViolation(f"an AGI message is longer than {MESSAGE_LIMIT} bytes")

    def _line(self, line: str) -> AgiRequest | AgiReply | Hangup | None:
        match self._state:
            case _State.HEADERS:
                return self._header(line)
            case _State.REPLIES:
                return self._reply(line)
            case _State.USAGE:
                return self._usage(line)
            case _State.VALUE:
                return self._value(line)
            case _State.FAILED:
                raise AssertionError("receive() takes nothing after a violation")
            case unknown:
                assert_never(unknown)

    def _header(self, line: str) -> AgiRequest | None:
        if not line:
            for name in _REQUIRED:
                if not self._headers.get(name):
                    raise ProtocolViolation(f"the AGI header block has no {name}")
            self._state = _State.REPLIES
            return AgiRequest(self._headers)
        found = _HEADER.fullmatch(line)
        if found is None or "\0" in line:
            raise ProtocolViolation(f"not a line of an AGI header block: {line[:80]!r}")
        # Asterisk sends each name once. A second one was smuggled in with a line feed in a caller's name.
        if found[1] in self._headers:
            raise ProtocolViolation(f"the AGI header block has {found[1]} twice")
        self._headers[found[1]] = found[2] or ""
        return None

    def _reply(self, line: str) -> AgiReply | Hangup | None:
        if line == "HANGUP":
            return Hangup()
        found = _STATUS.fullmatch(line)
        if found is None:
            raise ProtocolViolation(f"neither an AGI reply nor HANGUP: {line[:80]!r}")
        code, text = int(found[1][:3]), found[2]
        if found[1] == "520-":
            self._lines = [text]
            self._state = _State.USAGE
            return None
        if code != 200:
            return AgiReply(code, "", text)
        if _VALUE_OPENS.match(text) and not _VALUE_CLOSES.search(text):
            self._lines = [text]
            self._state = _State.VALUE
            return None
        return _success(text)

    def _usage(self, line: str) -> AgiReply | None:
        # Only the line with the code and a space ends it: the usage text itself has empty lines and anything else.
        if not line.startswith("520 "):
            self._lines.append(line)
            return None
        self._state = _State.REPLIES
        return AgiReply(520, "", "\n".join(self._lines))

    def _value(self, line: str) -> AgiReply | None:
        self._lines.append(line)
        if not _VALUE_CLOSES.search(line):
            return None
        self._state = _State.REPLIES
        return _success("\n".join(self._lines))


def _success(text: str) -> AgiReply:
    found = _RESULT.fullmatch(text)
    if found is None:
        raise ProtocolViolation(f"not the result of an AGI command: {text[:80]!r}")
    return AgiReply(200, found[1], found[2] or "", int(found[3] or 0))
