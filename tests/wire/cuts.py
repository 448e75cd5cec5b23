"""Ways to cut a byte stream into chunks."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

Event = TypeVar("Event")

RECORDINGS = Path(__file__).parent / "recordings"
"""Bytes that Asterisk 22.10.1 sent."""


def recording(name: str) -> bytes:
    return (RECORDINGS / name).read_bytes()


def in_two(data: bytes) -> Iterator[tuple[bytes, ...]]:
    """Cut at every position, the ends included."""
    for position in range(len(data) + 1):
        yield data[:position], data[position:]


def in_chunks(data: bytes, size: int) -> tuple[bytes, ...]:
    return tuple(data[start : start + size] for start in range(0, len(data), size))


def feed(receive: Callable[[bytes], list[Event]], chunks: tuple[bytes, ...]) -> list[Event]:
    """All that came out, in order."""
    return [event for chunk in chunks for event in receive(chunk)]
