"""Recordings in memory, for the HTTP tests: a recording begins with `sound`, anything else cannot be read."""

from collections.abc import AsyncIterator
from hashlib import sha256

from hotline.recording import Kept, Recording
from sounds.keeping import Changed
from sounds.takes import BadTake, Fault

KEY = "0b7c5a0d2f4e6918"


class FakeRecording(Recording):
    """`failure`: what the next request raises. `received`: bytes of the last body."""

    def __init__(self) -> None:
        self.known = {KEY: ("zh", "绿化请按1，供水请按2")}
        self.kept: dict[str, bytes] = {}
        self.failure: Exception | None = None
        self.received = 0

    def text(self, key: str) -> tuple[str, str] | None:
        return self.known.get(key)

    async def heard(self, key: str) -> tuple[str, bytes] | None:
        self._look()
        sound = self.kept.get(key)
        return None if sound is None else (_tag(sound), sound)

    async def keep(self, key: str, pieces: AsyncIterator[bytes], known: str | None) -> Kept:
        sound = b"".join([piece async for piece in pieces])
        self.received = len(sound)
        self._look()
        if not sound.startswith(b"sound"):
            raise BadTake(Fault.UNREADABLE)
        self._agree(key, known)
        self.kept[key] = sound
        return Kept(_tag(sound), 1.5)

    async def remove(self, key: str, known: str | None) -> None:
        self._look()
        self._agree(key, known)
        del self.kept[key]

    def _agree(self, key: str, known: str | None) -> None:
        now = _tag(self.kept[key]) if key in self.kept else None
        if now != known:
            raise Changed(now)

    def _look(self) -> None:
        if self.failure is not None:
            raise self.failure


def _tag(sound: bytes) -> str:
    return sha256(sound).hexdigest()[:32]
