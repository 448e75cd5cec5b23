"""SIP messages as RFC 3261 writes them: parsing and building. Pure: bytes in, records out.

Incoming bytes come from another program and are limited before they are decoded. Outgoing messages never carry a CR,
LF or NUL from a value.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Self
from urllib.parse import unquote

LARGEST_MESSAGE = 65_535
"""Bytes: what one UDP datagram can hold."""

MOST_HEADERS = 200

Headers = tuple[tuple[str, str], ...]

# RFC 3261, 7.3.3 and 20: the short forms that may be met on the wire.
_SHORT_FORMS = {
    "b": "Referred-By",
    "c": "Content-Type",
    "d": "Request-Disposition",
    "e": "Content-Encoding",
    "f": "From",
    "i": "Call-ID",
    "k": "Supported",
    "l": "Content-Length",
    "m": "Contact",
    "o": "Event",
    "r": "Refer-To",
    "s": "Subject",
    "t": "To",
    "u": "Allow-Events",
    "v": "Via",
    "x": "Session-Expires",
}

REASONS = {
    100: "Trying",
    180: "Ringing",
    183: "Session Progress",
    200: "OK",
    202: "Accepted",
    400: "Bad Request",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    415: "Unsupported Media Type",
    420: "Bad Extension",
    480: "Temporarily Unavailable",
    481: "Call/Transaction Does Not Exist",
    486: "Busy Here",
    487: "Request Terminated",
    488: "Not Acceptable Here",
    491: "Request Pending",
    500: "Server Internal Error",
    503: "Service Unavailable",
    600: "Busy Everywhere",
    603: "Decline",
}


class BadMessage(ValueError):
    """What arrived is not a SIP message that RFC 3261 allows."""


class Unsendable(ValueError):
    """A value holds CR, LF or NUL and would break the message apart."""


@dataclass(frozen=True)
class Message:
    """What requests and responses share. Header names compare without case; their order is kept."""

    headers: Headers = ()
    body: bytes = b""

    def get(self, name: str) -> str | None:
        """The first value of a header, or None."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    def require(self, name: str) -> str:
        """The first value of a header; raises BadMessage when the message has none."""
        value = self.get(name)
        if value is None:
            raise BadMessage(f"no {name} header")
        return value

    def get_all(self, name: str) -> list[str]:
        """Every value of a header that may be a list (Via, Route, Contact …), commas taken apart."""
        wanted = name.lower()
        return [part for key, value in self.headers if key.lower() == wanted for part in _split(value, ",")]

    @property
    def call_id(self) -> str:
        return self.require("Call-ID")

    @property
    def why(self) -> str:
        """The Reason headers (RFC 3326), joined; empty when there is none."""
        return ", ".join(self.get_all("Reason"))

    @property
    def sequence(self) -> tuple[int, str]:
        """CSeq: the number and the method."""
        number, _, method = self.require("CSeq").partition(" ")
        if not (number.isascii() and number.isdigit() and len(number) <= 10):
            raise BadMessage(f"CSeq {number!r} is not a number")
        return int(number), method.strip()

    @property
    def sender(self) -> "Address":
        return Address.parse(self.require("From"))

    @property
    def recipient(self) -> "Address":
        return Address.parse(self.require("To"))

    @property
    def branch(self) -> str:
        """The transaction's id: the branch of the topmost Via."""
        vias = self.get_all("Via")
        if not vias:
            raise BadMessage("no Via header")
        return _parameters(_split(vias[0], ";")[1:]).get("branch", "")

    def _encode(self, first_line: str) -> bytes:
        lines = [first_line, *(f"{name}: {value}" for name, value in self.headers)]
        for line in lines:
            if any(mark in line for mark in "\r\n\0"):
                raise Unsendable(f"a line with CR, LF or NUL cannot be sent: {line!r}")
        lines.append(f"Content-Length: {len(self.body)}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode() + self.body


@dataclass(frozen=True)
class Request(Message):
    """A request: method and URI, then headers and body."""

    method: str = field(kw_only=True)
    uri: str = field(kw_only=True)

    def encode(self) -> bytes:
        """The datagram; Content-Length is added. Raises Unsendable."""
        return self._encode(f"{self.method} {self.uri} SIP/2.0")

    def answer(
        self, status: int, *, tag: str | None = None, headers: Iterable[tuple[str, str]] = (), body: bytes = b""
    ) -> "Response":
        """A response to this request (RFC 3261, 8.2.6): Via, From, To, Call-ID and CSeq are the request's.

        `tag` is put on To where it has none yet.
        """
        kept = [("Via", value) for value in self.get_all("Via")]
        kept += [("Record-Route", value) for value in self.get_all("Record-Route")]
        to = self.require("To")
        if tag is not None and "tag" not in Address.parse(to).parameters:
            to = f"{to};tag={tag}"
        kept += [("From", self.require("From")), ("To", to), ("Call-ID", self.call_id), ("CSeq", self.require("CSeq"))]
        return Response((*kept, *headers), body, status=status, reason=REASONS.get(status, "Unknown"))

    def received_from(self, host: str, port: int) -> "Request":
        """This request with the sender's address on its topmost Via where that asks for it (RFC 3581, 4)."""
        vias = self.get_all("Via")
        if not vias or "rport" not in _parameters(_split(vias[0], ";")[1:]):
            return self
        kept = [part for part in _split(vias[0], ";") if part.partition("=")[0].lower() not in ("rport", "received")]
        vias[0] = ";".join([*kept, f"received={host}", f"rport={port}"])
        others = [(name, value) for name, value in self.headers if name.lower() != "via"]
        return replace(self, headers=(*(("Via", via) for via in vias), *others))

    def cancellation(self) -> "Request":
        """The CANCEL of this INVITE (RFC 3261, 9.1): the same branch, number, addresses and route."""
        return self._companion("CANCEL", self.require("To"))

    def acknowledgement(self, response: "Response") -> "Request":
        """The ACK of a response of 300 or more (RFC 3261, 17.1.1.3): the same branch, the response's To."""
        return self._companion("ACK", response.require("To"))

    def _companion(self, method: str, to: str) -> "Request":
        headers = [
            ("Via", self.require("Via")),
            ("Max-Forwards", "70"),
            ("From", self.require("From")),
            ("To", to),
            ("Call-ID", self.call_id),
            ("CSeq", f"{self.sequence[0]} {method}"),
            *(("Route", value) for value in self.get_all("Route")),
        ]
        return Request(tuple(headers), method=method, uri=self.uri)


@dataclass(frozen=True)
class Response(Message):
    """A response: status (100 to 699) and reason, then headers and body."""

    status: int = field(kw_only=True)
    reason: str = field(kw_only=True)

    def encode(self) -> bytes:
        """The datagram; Content-Length is added. Raises Unsendable."""
        return self._encode(f"SIP/2.0 {self.status} {self.reason}")


@dataclass(frozen=True)
class Address:
    """A name-addr of From, To, Contact …: display name, URI, and the parameters outside the brackets."""

    uri: str
    name: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises BadMessage when a `<` or a quote is left open."""
        text = text.strip()
        name = ""
        if text.startswith('"'):
            name, text = _quoted(text)
            text = text.lstrip()
        if "<" not in text:  # RFC 3261, 20.10: without brackets every parameter is the header's
            uri, *rest = _split(text, ";")
            return cls(uri, name, _parameters(rest))
        bare, _, remainder = text.partition("<")
        uri, closed, after = remainder.partition(">")
        if not closed:
            raise BadMessage(f"an address without its '>': {text[:80]!r}")
        return cls(uri.strip(), name or bare.strip(), _parameters(_split(after, ";")))

    @property
    def tag(self) -> str:
        return self.parameters.get("tag", "")

    @property
    def user(self) -> str:
        """The user part of the URI, unescaped: a telephone number, mostly. Empty when it has none."""
        return uri_user(self.uri)

    def __str__(self) -> str:
        name = self.name.replace("\\", "\\\\").replace('"', '\\"')
        quoted = f'"{name}" ' if name else ""
        rest = "".join(f";{key}={value}" if value else f";{key}" for key, value in self.parameters.items())
        return f"{quoted}<{self.uri}>{rest}"


def uri_user(uri: str) -> str:
    """The user part of a sip:, sips: or tel: URI without parameters, percent-escapes undone."""
    scheme, _, rest = uri.partition(":")
    if scheme.lower() == "tel":
        return unquote(rest.partition(";")[0])
    user, at, _ = rest.rpartition("@")
    return unquote(user.partition(":")[0].partition(";")[0]) if at else ""


def parse(data: bytes) -> Request | Response:
    """One datagram as a message. Raises BadMessage. Bytes beyond Content-Length are dropped (RFC 3261, 18.3)."""
    if len(data) > LARGEST_MESSAGE:
        raise BadMessage(f"{len(data)} bytes are more than a datagram holds")
    head, separator, body = data.partition(b"\r\n\r\n")
    if not separator:
        raise BadMessage("no empty line ends the headers")
    first, *lines = head.decode("utf-8", "replace").split("\r\n")
    headers = _headers(lines)
    length = next((value for name, value in headers if name.lower() == "content-length"), None)
    if length is not None:
        if not (length.isascii() and length.isdigit() and len(length) <= 10) or int(length) > len(body):
            raise BadMessage(f"Content-Length {length[:20]!r} with a body of {len(body)} bytes")
        body = body[: int(length)]
    if first.startswith("SIP/2.0 "):
        status, _, reason = first.removeprefix("SIP/2.0 ").partition(" ")
        if not (len(status) == 3 and status.isascii() and status.isdigit() and "1" <= status[0] <= "6"):
            raise BadMessage(f"status {status[:20]!r} is not between 100 and 699")
        return Response(headers, body, status=int(status), reason=reason)
    match first.split(" "):
        case [method, uri, "SIP/2.0"] if method and uri:
            return Request(headers, body, method=method, uri=uri)
    raise BadMessage(f"not a SIP request line: {first[:80]!r}")


def _headers(lines: list[str]) -> Headers:
    unfolded: list[str] = []
    for line in lines:
        if line[:1] in (" ", "\t") and unfolded:  # RFC 3261, 7.3.1: a folded line goes on with the one before
            unfolded[-1] += " " + line.strip()
        else:
            unfolded.append(line)
    if len(unfolded) > MOST_HEADERS:
        raise BadMessage(f"{len(unfolded)} headers are more than {MOST_HEADERS}")
    headers = []
    for line in unfolded:
        name, colon, value = line.partition(":")
        name = name.strip()
        if not colon or not name:
            raise BadMessage(f"not a header: {line[:80]!r}")
        headers.append((_SHORT_FORMS.get(name.lower(), name), value.strip()))
    return tuple(headers)


def _split(text: str, separator: str) -> list[str]:
    """Parts between separators that stand outside quotes and angle brackets; empty parts are left out."""
    parts, start, quoted, bracketed, escaped = [], 0, False, False, False
    for index, mark in enumerate(text):
        if escaped:
            escaped = False
        elif quoted:
            escaped = mark == "\\"
            quoted = mark != '"'
        elif mark == '"':
            quoted = True
        elif mark in "<>":
            bracketed = mark == "<"
        elif mark == separator and not bracketed:
            parts.append(text[start:index])
            start = index + 1
    parts.append(text[start:])
    return [part.strip() for part in parts if part.strip()]


def _quoted(text: str) -> tuple[str, str]:
    """The quoted string that `text` begins with, unescaped, and what follows it."""
    result, escaped = [], False
    for index, mark in enumerate(text[1:], 1):
        if escaped:
            result.append(mark)
            escaped = False
        elif mark == "\\":
            escaped = True
        elif mark == '"':
            return "".join(result), text[index + 1 :]
        else:
            result.append(mark)
    raise BadMessage(f"a quote without its end: {text[:80]!r}")


def _parameters(parts: Iterable[str]) -> dict[str, str]:
    found = {}
    for part in parts:
        key, _, value = part.partition("=")
        found[key.strip().lower()] = value.strip().strip('"')
    return found
