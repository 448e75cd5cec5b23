"""RTP packets (RFC 3550) and telephone-events in them (RFC 4733). Pure."""

import struct
from dataclasses import dataclass
from typing import NamedTuple, Self

KEYS = "0123456789*#ABCD"
"""The keys of a telephone, each at the index of its event number (RFC 4733, 3.2)."""

_HEADER = struct.Struct("!BBHII")
_EVENT = struct.Struct("!BBH")
_REPORT = struct.Struct("!BBHIIIIIII")
_VOLUME = 10
"""Power of a key's tone, in -dBm0."""


class Packet(NamedTuple):
    """One RTP packet without padding, extension or contributing sources. A tuple: a phone makes a hundred a second."""

    payload_type: int
    sequence: int
    timestamp: int
    source: int
    payload: bytes
    marker: bool = False

    def encode(self) -> bytes:
        return (
            _HEADER.pack(
                0x80,
                self.payload_type | (0x80 if self.marker else 0),
                self.sequence & 0xFFFF,
                self.timestamp & 0xFFFFFFFF,
                self.source,
            )
            + self.payload
        )

    @classmethod
    def parse(cls, data: bytes) -> Self | None:
        """None for what is not RTP version 2. An extension, sources and padding are skipped."""
        if len(data) < _HEADER.size or data[0] >> 6 != 2:
            return None
        first, second, sequence, timestamp, source = _HEADER.unpack_from(data)
        start = _HEADER.size + 4 * (first & 0x0F)
        if first & 0x10:
            if len(data) < start + 4:
                return None
            start += 4 + 4 * int.from_bytes(data[start + 2 : start + 4])
        end = len(data) - data[-1] if first & 0x20 else len(data)
        if start > end:
            return None
        return cls(second & 0x7F, sequence, timestamp, source, data[start:end], bool(second & 0x80))


def loss_report(reporter: int, source: int, lost: int, sequence: int) -> bytes:
    """A receiver report (RFC 3550, 6.4.2): of the packets from `source` so many got lost, up to this one. It tells
    nothing else.
    """
    return _REPORT.pack(0x81, 201, 7, reporter, source, lost & 0xFFFFFF, sequence, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class KeyEvent:
    """The payload of a telephone-event: which key, whether it is over, how long so far (in timestamp units)."""

    key: str
    duration: int
    end: bool = False

    def encode(self) -> bytes:
        return _EVENT.pack(KEYS.index(self.key), (0x80 if self.end else 0) | _VOLUME, self.duration)

    @classmethod
    def parse(cls, payload: bytes) -> Self | None:
        """None for events that are no keys."""
        if len(payload) < _EVENT.size:
            return None
        number, flags, duration = _EVENT.unpack_from(payload)
        return cls(KEYS[number], duration, bool(flags & 0x80)) if number < len(KEYS) else None


def key_events(key: str, frames: int) -> list[KeyEvent]:
    """What is sent for one key, a payload every 20 ms, all with the timestamp of its beginning.

    `frames` counts the 20 ms that the key lasts. The last of them ends the event and is sent three times
    (RFC 4733, 2.5.1.4).
    """
    held = [KeyEvent(key, 160 * count) for count in range(1, frames)]
    return held + [KeyEvent(key, 160 * frames, end=True)] * 3
