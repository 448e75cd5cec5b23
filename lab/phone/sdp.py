"""Session descriptions (RFC 4566, RFC 3264) of one audio stream with telephone-events. Pure."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

PCMU, PCMA, G722, OPUS = 0, 8, 9, 107
"""Payload types (RFC 3551): ulaw, alaw, G.722, whose 16,000 samples a second are called 8,000 there, and Opus."""

_ENCODINGS = {PCMU: "PCMU/8000", PCMA: "PCMA/8000", G722: "G722/8000", OPUS: "opus/48000/2"}
TELEPHONE_EVENT = 101
"""The payload type that our own offers give to telephone-events."""


class Direction(StrEnum):
    """Which way audio goes, from the describing side's view."""

    BOTH = "sendrecv"
    SEND = "sendonly"
    RECEIVE = "recvonly"
    NONE = "inactive"

    @property
    def sends(self) -> bool:
        return self in (Direction.BOTH, Direction.SEND)

    @property
    def receives(self) -> bool:
        return self in (Direction.BOTH, Direction.RECEIVE)

    @classmethod
    def of(cls, *, sends: bool, receives: bool) -> "Direction":
        return {(True, True): cls.BOTH, (True, False): cls.SEND, (False, True): cls.RECEIVE}.get(
            (sends, receives), cls.NONE
        )


_DIRECTIONS = frozenset(direction.value for direction in Direction)


class NoCommonAudio(ValueError):
    """The other side's description has no audio stream in a codec of ours, or cannot be read."""


@dataclass(frozen=True)
class Description:
    """One side's audio: where it wants to receive, which way audio goes, and its payload type of telephone-events.

    `telephone_event` None: it takes none. `codecs`: payload types, the preferred one first.
    """

    host: str
    port: int
    direction: Direction = Direction.BOTH
    telephone_event: int | None = TELEPHONE_EVENT
    version: int = 1
    codecs: tuple[int, ...] = (PCMU,)

    @classmethod
    def parse(cls, body: bytes, codecs: tuple[int, ...] = (PCMU,)) -> Self:
        """The first audio stream of a description, with those of `codecs` that it has. Raises NoCommonAudio."""
        host, port, payloads, event, direction = "", 0, list[str](), None, Direction.BOTH
        media, audio = "", False
        for line in body.decode("utf-8", "replace").splitlines():
            kind, _, value = line.strip().partition("=")
            if kind == "m":
                media = "first" if not audio and value.startswith("audio ") else "other"
                if media == "first":
                    audio = True
                    _, port_text, _, *payloads = value.split(" ")
                    port = _number(port_text.partition("/")[0])
            elif media == "other":
                continue
            elif kind == "c" and value.startswith("IN IP4 "):
                host = value.removeprefix("IN IP4 ").partition("/")[0].strip()
            elif kind == "a" and value in _DIRECTIONS:
                direction = Direction(value)
            elif kind == "a" and value.startswith("rtpmap:"):
                number, _, encoding = value.removeprefix("rtpmap:").partition(" ")
                if encoding.lower() == "telephone-event/8000":
                    event = _number(number)
        common = tuple(int(payload) for payload in payloads if payload in map(str, codecs))
        if not audio or not common or not host:
            wanted = " or ".join(_ENCODINGS[codec].partition("/")[0] for codec in codecs)
            raise NoCommonAudio(f"no audio stream with {wanted} and an IPv4 address")
        return cls(host, port, direction, event, codecs=common)

    def encode(self) -> bytes:
        """The body of an offer or an answer."""
        payloads = [*self.codecs, *([] if self.telephone_event is None else [self.telephone_event])]
        lines = [
            "v=0",
            f"o=- 1 {self.version} IN IP4 {self.host}",
            "s=-",
            f"c=IN IP4 {self.host}",
            "t=0 0",
            f"m=audio {self.port} RTP/AVP {' '.join(map(str, payloads))}",
            *(f"a=rtpmap:{codec} {_ENCODINGS[codec]}" for codec in self.codecs),
        ]
        if self.telephone_event is not None:
            lines += [f"a=rtpmap:{self.telephone_event} telephone-event/8000", f"a=fmtp:{self.telephone_event} 0-16"]
        lines += ["a=ptime:20", f"a={self.direction}"]
        return "".join(f"{line}\r\n" for line in lines).encode()

    def answering(self, offer: "Description") -> "Description":
        """This side's answer: the offer's payload type for events, and only directions that the offer allows."""
        direction = Direction.of(
            sends=self.direction.sends and offer.direction.receives,
            receives=self.direction.receives and offer.direction.sends,
        )
        return replace(self, direction=direction, telephone_event=offer.telephone_event, codecs=offer.codecs[:1])


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65_535):
        raise NoCommonAudio(f"{text[:20]!r} is not a port or payload number")
    return int(text)
