"""A phone's RTP session: the audio that it sends, the keys that it presses, what it hears."""

import asyncio
import random
import socket
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import cycle, repeat
from typing import Self

from lab.phone import audio
from lab.phone.ear import Ear
from lab.phone.pacer import INTERVAL, pacer
from lab.phone.packet import KEYS, KeyEvent, Packet, key_events, loss_report
from lab.phone.sdp import G722, OPUS, PCMA, PCMU

_FIRST_WORDS = 10
"""Frames of silence that even a taciturn phone sends: Asterisk's Answer() waits for the first packets."""

_SILENCE = {PCMA: b"\xd5" * audio.FRAME, G722: b"\xfa" * audio.FRAME, OPUS: b"\xf8\xff\xfe"}
"""The packet of silence (20 ms) that a phone sends in each of these codecs. Other sounds it repeats: `send_frames`."""

_NO_PACKET = b""
"""In the place of a frame that is not sent."""

_MOST_RAW = 6_000
"""Packets kept of each of these codecs: two minutes."""

_BUFFER = 1 << 20
"""Bytes that the kernel keeps of what has arrived and was not read, as far as the machine allows: half a minute of
audio. Its usual 200 KB are full after five seconds, which a process with many phones on a busy machine may need.
"""

_MOST_KEYS = 100
"""Keys that arrived and were not read; older ones are dropped."""


class SessionOver(Exception):
    """The call ended before everything was sent."""


class RtpSession(asyncio.DatagramProtocol):
    """One UDP socket of a call. It hears from `open` on, and sends one frame every 20 ms after `connect`."""

    def __init__(self, *, taciturn: bool, keep: float, loses: int = 0, hears: int = 1) -> None:
        self.ear = Ear(keep)
        self._keys: asyncio.Queue[str] = asyncio.Queue(_MOST_KEYS)
        self._transport: asyncio.DatagramTransport | None = None
        self._pacer = pacer()
        self._remote: tuple[str, int] | None = None
        self._event_type: int | None = None
        self._codec = PCMU
        self._loses = loses
        self._hears = hears
        self._came = 0
        self._frames = False
        self.raw: dict[int, list[bytes]] = {codec: [] for codec in _SILENCE}
        """Audio that arrived in other codecs than ulaw, by payload type: only stored."""
        self._may_send = True
        self._taciturn = taciturn
        self._dead = False
        self._voice: Iterator[bytes] = iter(())
        self._pressing: deque[tuple[KeyEvent | None, asyncio.Future[None] | None]] = deque()
        self._key_began = 0
        self._source = random.getrandbits(32)
        self._sequence = random.getrandbits(15)
        self._timestamp_base = random.getrandbits(31)
        self._silent_before = True
        self._last_key: int | None = None
        self.spoke_at: float | None = None
        """When, by the loop's clock, the first packet went out."""
        self.released_at: float | None = None
        """When the first packet of the end of the last key went out."""

    @classmethod
    async def open(
        cls, host: str, *, taciturn: bool = False, keep: float = 120.0, loses: int = 0, hears: int = 1
    ) -> Self:
        """A session on a free port of `host`.

        A taciturn one sends 200 ms of silence and then nothing until told to. `keep`: seconds of received audio that
        are kept. `loses`: each such packet gets lost on its way; 0: none. `hears`: of what comes, only each such packet
        arrives; then the other side gets a report of the loss.
        """
        loop = asyncio.get_running_loop()
        _, session = await loop.create_datagram_endpoint(
            lambda: cls(taciturn=taciturn, keep=keep, loses=loses, hears=hears), (host, 0)
        )
        return session

    @property
    def port(self) -> int:
        assert self._transport is not None
        port: int = self._transport.get_extra_info("sockname")[1]
        return port

    @property
    def remote(self) -> tuple[str, int]:
        """Where it sends to."""
        assert self._remote is not None
        return self._remote

    def connect(
        self, host: str, port: int, event_type: int | None, codec: int = PCMU, *, may_send: bool = True
    ) -> None:
        """Send to this address from now on; `may_send` False (on hold): do not, until the next connect."""
        first = self._remote is None
        self._remote = (host, port)
        self._event_type = event_type
        self._codec = codec
        self._may_send = may_send
        if first:
            self._say(repeat(audio.SILENCE, _FIRST_WORDS) if self._taciturn else repeat(audio.SILENCE))
        elif may_send:
            self._pacer.add(self)

    def send_tone(self, hertz: int) -> None:
        """Say a tone until told otherwise."""
        self._say(cycle(audio.tone(hertz)))

    def send_frames(self, frames: Sequence[bytes]) -> None:
        """Say these packets of the call's codec until told otherwise."""
        self._say(cycle(frames), frames=True)

    def send_silence(self) -> None:
        """Say silence, which is packets too, until told otherwise."""
        self._say(repeat(audio.SILENCE))

    def send_little(self) -> None:
        """Say silence of which only a packet each half second goes out, until told otherwise: the other side knows that
        somebody is there, and a hundred phones cost little.
        """
        self._say(cycle((audio.SILENCE, *repeat(_NO_PACKET, 24))))

    def send_nothing(self) -> None:
        """Send no packets until told otherwise."""
        self._say(iter(()))

    def die(self) -> None:
        """Send no packets any more, not even of keys, whatever comes."""
        self._dead = True

    async def press(self, keys: str, *, duration: float, gap: float) -> None:
        """Send keys as telephone-events; returns when the last packet of the last key was sent.

        `duration` of each and the `gap` after each in seconds. Raises ValueError for what is no key or
        where the other side takes no events, SessionOver when the call ends before the last key was sent.
        """
        if not keys or any(key not in KEYS for key in keys):
            raise ValueError(f"{keys!r} are not keys of a telephone ({KEYS})")
        if self._event_type is None or self._remote is None or self._transport is None:
            raise ValueError("the other side takes no telephone-events: no call, or none in its description")
        sent: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        pause = [(None, None)] * round(gap / INTERVAL)
        for index, key in enumerate(keys):
            *events, last = key_events(key, max(2, round(duration / INTERVAL)))
            self._pressing.extend((event, None) for event in events)
            self._pressing.append((last, sent if index == len(keys) - 1 else None))
            self._pressing.extend(pause)
        self._pacer.add(self)
        await sent

    async def key(self) -> str:
        """The next key that the other side pressed (as telephone-events; `note_key` for other ways)."""
        return await self._keys.get()

    def note_key(self, key: str) -> None:
        """A key of the other side that came another way."""
        if self._keys.full():
            self._keys.get_nowait()
        self._keys.put_nowait(key)

    def close(self) -> None:
        """Close the socket. May be done twice."""
        self._pacer.remove(self)
        for _, sent in self._pressing:
            if sent is not None and not sent.done():
                sent.set_exception(SessionOver("the call ended before all keys were sent"))
        self._pressing.clear()
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    def tick(self, number: int) -> None:
        """One packet: of a key if one is pressed, else of the voice. (Of the pacer.)"""
        if not self._may_send or self._remote is None or self._dead:
            self._pacer.remove(self)
            return
        timestamp = self._timestamp_base + number * audio.FRAME
        event, sent = self._pressing.popleft() if self._pressing else (None, None)
        if event is not None:
            beginning = event.duration == audio.FRAME
            if beginning:
                self._key_began = timestamp
            assert self._event_type is not None
            self._send(self._event_type, self._key_began, event.encode(), marker=beginning)
            if not event.end:
                self.released_at = None
            elif self.released_at is None:
                self.released_at = asyncio.get_running_loop().time()
            if sent is not None and not sent.done():
                sent.set_result(None)
            return
        frame = next(self._voice, None)
        if frame:
            payload = frame if self._frames else _SILENCE.get(self._codec, frame)
            self._send(self._codec, timestamp, payload, marker=self._silent_before)
        self._silent_before = not frame
        if frame is None and not self._pressing:
            self._pacer.remove(self)

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self._transport = transport
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if self._remote is not None and addr != self._remote:
            # An Asterisk may still send to a phone that left without a BYE and had this port before.
            self.ear.strays += 1
            return
        packet = Packet.parse(data)
        if packet is None or not self._arrives(packet):
            return
        if packet.payload_type == PCMU:
            self.ear.receive(packet.payload)
        elif packet.payload_type in self.raw:
            kept = self.raw[packet.payload_type]
            if len(kept) < _MOST_RAW:
                kept.append(packet.payload)
        elif packet.payload_type == self._event_type:
            event = KeyEvent.parse(packet.payload)
            if event is not None and event.end and packet.timestamp != self._last_key:
                self._last_key = packet.timestamp
                self.note_key(event.key)

    def _arrives(self, packet: Packet) -> bool:
        self._came += 1
        if self._came % self._hears:
            return False
        if self._hears > 1 and self._transport is not None and self._remote is not None:
            host, port = self._remote
            lost = self._came - self._came // self._hears
            self._transport.sendto(loss_report(self._source, packet.source, lost, packet.sequence), (host, port + 1))
        return True

    def _say(self, voice: Iterator[bytes], *, frames: bool = False) -> None:
        self._voice, self._frames = voice, frames
        if self._remote is not None and self._transport is not None:
            self._pacer.add(self)

    def _send(self, payload_type: int, timestamp: int, payload: bytes, *, marker: bool) -> None:
        assert self._transport is not None
        assert self._remote is not None
        if self.spoke_at is None:
            self.spoke_at = asyncio.get_running_loop().time()
        self._sequence += 1
        if self._loses and self._sequence % self._loses == 0:
            return
        packet = Packet(payload_type, self._sequence, timestamp, self._source, payload, marker)
        self._transport.sendto(packet.encode(), self._remote)
