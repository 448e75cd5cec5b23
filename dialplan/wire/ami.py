"""AMI on the wire, without I/O: bytes in, responses and events out; actions in, bytes out.

A message is lines of `Key: value` that end with CR LF, and an empty line behind them. The facts about Asterisk's side
are from its manager.c (22.10).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dialplan.wire import ProtocolViolation, Unsendable, sendable, to_bytes
from sentences.sentence import Sentence

LINE_LIMIT = 1_022
"""Bytes of a line without its CR LF: Asterisk drops the whole action if a line does not fit in 1,024 bytes."""

LINES_LIMIT = 128
"""Lines of an action (AST_MAX_MANHEADERS)."""

MESSAGE_LIMIT = 262_144
"""Bytes of one message that comes in."""

BANNER_LIMIT = 256

_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_BANNER = b"Asterisk Call Manager/"
_END = b"\r\n\r\n"
_SPECIAL_IN_VARIABLE = re.compile(r'[\\",()\[\]]')


@dataclass(frozen=True, slots=True)
class AmiMessage:
    """A response or an event: its lines in order. Keys are compared without regard to case."""

    fields: tuple[tuple[str, str], ...]
    _first: dict[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # The first of several wins: Asterisk's own lines come before what a caller's name might smuggle in.
        object.__setattr__(self, "_first", {key.lower(): value for key, value in reversed(self.fields)})

    def get(self, key: str, default: str = "") -> str:
        """The value of the first line with this key."""
        return self._first.get(key.lower(), default)

    def get_all(self, key: str) -> list[str]:
        """The values of all lines with this key, in order."""
        wanted = key.lower()
        return [value for name, value in self.fields if name.lower() == wanted]

    @property
    def event(self) -> str:
        """The event's name; empty for a response. Look here first: OriginateResponse has a `Response` line too."""
        return self._first.get("event", "")

    @property
    def response(self) -> str:
        """`Success`, `Error`, `Goodbye` …"""
        return self._first.get("response", "")

    @property
    def action_id(self) -> str:
        """The id of the action that this answers; empty when there was none."""
        return self._first.get("actionid", "")


def encode(action: str, fields: Mapping[str, str | Sequence[str]], action_id: str) -> bytes:
    """One action. A field with several values becomes several lines, in order.

    `Variable` given as a *sequence* is what Originate takes, one `name=value` each, and is quoted: Asterisk splits
    such a line at commas. Given as one text it is the plain name that Setvar and Getvar take.

    Raises `Unsendable` for CR, LF or NUL, for a line of more than 1,022 bytes, and for more than 128 lines.
    """
    lines = [_line("Action", action), _line("ActionID", action_id)]
    for key, value in fields.items():
        if key.lower() in ("action", "actionid") or not _KEY.fullmatch(key):
            raise Unsendable(f"not the name of a field of AMI {action[:80]}: {key[:80]!r}")
        if isinstance(value, str):
            lines.append(_line(key, value))
        elif key.lower() == "variable":
            lines.extend(_line(key, _variable(item)) for item in value)
        else:
            lines.extend(_line(key, item) for item in value)
    if len(lines) > LINES_LIMIT:
        raise Unsendable(f"AMI {action} has {len(lines)} lines; Asterisk takes at most {LINES_LIMIT}")
    return b"\r\n".join(lines) + _END


def _line(key: str, value: str) -> bytes:
    line = to_bytes(f"{key}: {sendable(value, f'AMI field {key}')}", f"AMI field {key}")
    if len(line) > LINE_LIMIT:
        raise Unsendable(f"AMI field {key} is {len(line)} bytes long; Asterisk reads at most {LINE_LIMIT}")
    return line


def _variable(assignment: str) -> str:
    name, equals, _ = assignment.partition("=")
    if not name.strip() or not equals:
        raise Unsendable(f"not a variable as name=value: {assignment[:80]!r}")
    # __ast_app_separate_args: a backslash makes the next character plain, and is taken out with all quotes
    return _SPECIAL_IN_VARIABLE.sub(r"\\\g<0>", assignment)


class AmiDecoder:
    """What Asterisk sends on one AMI connection. `greeted`: its banner, the first line, has come.

    A message is decoded when it is whole, so that a character which straddles two chunks survives; what is not UTF-8
    is replaced, never dropped.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._searched = 0  # bytes of the buffer where no end of a message begins
        self.greeted = False
        self._failed = False

    def receive(self, data: bytes) -> list[AmiMessage]:
        """What is complete now, in order, however the stream was cut into chunks.

        Raises `ProtocolViolation`, and again on every later call.
        """
        if self._failed:
            raise ProtocolViolation(Sentence("the AMI connection has failed before"))
        self._buffer += data
        try:
            self.greeted = self.greeted or self._take_banner()
            return self._messages() if self.greeted else []
        except ProtocolViolation:
            self._failed = True
            self._buffer.clear()
            raise

    def _take_banner(self) -> bool:
        end = self._buffer.find(b"\r\n")
        if not _BANNER.startswith(bytes(self._buffer[: len(_BANNER)])):
            raise ProtocolViolation(
                Sentence("what answers there is no Asterisk manager: {what!r}", what=bytes(self._buffer[:80]))
            )
        if (end if end >= 0 else len(self._buffer)) > BANNER_LIMIT:
            raise ProtocolViolation(Sentence("the AMI banner is longer than {bytes} bytes", bytes=BANNER_LIMIT))
        if end < 0:
            return False
        del self._buffer[: end + 2]
        return True

    def _messages(self) -> list[AmiMessage]:
        found = []
        begin = 0
        while (end := self._buffer.find(_END, self._searched)) >= 0:
            self._check(end - begin)
            if (message := _parse(bytes(self._buffer[begin:end]))) is not None:
                found.append(message)
            begin = self._searched = end + len(_END)
        del self._buffer[:begin]
        self._check(len(self._buffer))
        self._searched = max(0, len(self._buffer) - len(_END) + 1)
        return found

    def _check(self, size: int) -> None:
        if size > MESSAGE_LIMIT:
            raise ProtocolViolation(Sentence("an AMI message is longer than {bytes} bytes", bytes=MESSAGE_LIMIT))


def _parse(raw: bytes) -> AmiMessage | None:
    """The message, or None where there is nothing but empty lines (Asterisk sends one too many now and then)."""
    fields = []
    # Only CR LF ends a line: a bare line feed inside a caller's name stays in its value.
    for line in raw.decode(errors="replace").split("\r\n"):
        key, colon, value = line.partition(":")
        if colon:
            fields.append((key, value.removeprefix(" ")))
    return AmiMessage(tuple(fields)) if fields else None
