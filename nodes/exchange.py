"""What machines say to each other: a leader asks, another machine backs it or refuses. Datagrams, without I/O. Pure.

Every message has the same length, and is proved by a key that all machines share: a datagram of anybody else is dropped
without an answer, and an answer is never longer than what it answers. A recorded message is worth nothing. A request
has the challenge of the start of the machine that is asked, and a number higher than all before it. An answer has the
nonce of its request.
"""

import hmac
import struct
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from hashlib import sha256

_BODY = struct.Struct(">4sB16s16sQQ16s16s")
"""Magic, verdict, from whom, to whom, epoch, number, challenge, nonce."""

_MAGIC = b"WTN1"
LENGTH = _BODY.size + sha256().digest_size
"""Bytes of each message."""

MOST_MACHINES = 64
"""Machines that one talks with; to further ones it does not answer."""

KEPT = 8
"""Requests to one machine whose answers are waited for; older ones count no more."""


class Verdict(IntEnum):
    """What a message is."""

    ASKS = 1
    BACKS = 2
    WAITS = 3  # backs, and has the lock: it would take over
    REFUSES = 4  # it leads, or is about to, or has begun an epoch as new as this
    STALE = 5  # the request could be a recorded one: ask again, with this challenge and a higher number


@dataclass(frozen=True, slots=True)
class Asked:
    """A leader of that epoch asks, and wants an answer with `nonce`. `fresh`: it asks now; else the request could be a
    recorded one, and the answer is STALE.
    """

    by: str
    epoch: int
    nonce: bytes
    fresh: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """A machine has answered what was sent to it at `sent`. `again`: ask it at once, as only now it can answer."""

    by: str
    sent: float
    verdict: Verdict
    again: bool


@dataclass(slots=True)
class _Talk:
    """What is known of the talk with one machine."""

    challenge: bytes = bytes(16)  # of its start, as it has said
    number: int = 0  # of the newest request to it
    sent: deque[tuple[bytes, float]] = field(default_factory=lambda: deque(maxlen=KEPT))  # nonces, and when
    highest: int = 0  # of its requests to us


def shared_key(secret: str) -> bytes:
    """The key of all machines, from a secret that all of them have."""
    return hmac.digest(secret.encode(), b"wutong: machines back their leader", "sha256")


class Exchange:
    """One start of one machine. `own_id`: 32 hexadecimal digits. `chance`: makes so many random bytes. `strangers`: how
    many datagrams were dropped, as they prove nothing.
    """

    def __init__(self, own_id: str, key: bytes, chance: Callable[[int], bytes]) -> None:
        self.strangers = 0
        self._own, self._key, self._chance = bytes.fromhex(own_id), key, chance
        self._challenge = chance(16)
        self._talks: dict[bytes, _Talk] = {}

    def ask(self, other_id: str, epoch: int, now: float) -> bytes | None:
        """The request of a leader, which is sent at `now`. None: there are too many machines."""
        other = bytes.fromhex(other_id)
        talk = self._talk(other)
        if talk is None:
            return None
        talk.number, nonce = talk.number + 1, self._chance(16)
        talk.sent.append((nonce, now))
        return self._message(Verdict.ASKS, other, epoch, talk.number, talk.challenge, nonce)

    def answer(self, asked: Asked, verdict: Verdict) -> bytes:
        """What is sent back."""
        other = bytes.fromhex(asked.by)
        return self._message(verdict, other, asked.epoch, self._talks[other].highest, self._challenge, asked.nonce)

    def received(self, datagram: bytes) -> Asked | Answered | None:
        """None: it proves nothing, or is late."""
        found = self._read(datagram)
        talk = None if found is None else self._talk(found[1])
        if found is None or talk is None:
            self.strangers += 1
            return None
        verdict, other, epoch, number, challenge, nonce = found
        if verdict is Verdict.ASKS:
            fresh = hmac.compare_digest(challenge, self._challenge) and number > talk.highest
            if fresh:
                talk.highest = number
            return Asked(other.hex(), epoch, nonce, fresh)
        sent = next((at for known, at in talk.sent if hmac.compare_digest(known, nonce)), None)
        if sent is None:
            return None
        new = challenge != talk.challenge or number > talk.number
        talk.challenge, talk.number = challenge, max(talk.number, number)
        return Answered(other.hex(), sent, verdict, again=verdict is Verdict.STALE and new)

    def _talk(self, other: bytes) -> _Talk | None:
        if other not in self._talks and len(self._talks) >= MOST_MACHINES:
            return None
        return self._talks.setdefault(other, _Talk())

    def _message(
        self, verdict: Verdict, other: bytes, epoch: int, number: int, challenge: bytes, nonce: bytes
    ) -> bytes:
        body = _BODY.pack(_MAGIC, verdict, self._own, other, epoch, number, challenge, nonce)
        return body + hmac.digest(self._key, body, "sha256")

    def _read(self, datagram: bytes) -> tuple[Verdict, bytes, int, int, bytes, bytes] | None:
        if len(datagram) != LENGTH:
            return None
        body, proof = datagram[: _BODY.size], datagram[_BODY.size :]
        if not hmac.compare_digest(proof, hmac.digest(self._key, body, "sha256")):
            return None
        magic, verdict, other, to, epoch, number, challenge, nonce = _BODY.unpack(body)
        if magic != _MAGIC or to != self._own or other == self._own or verdict not in list(Verdict):
            return None
        return Verdict(verdict), other, epoch, number, challenge, nonce
