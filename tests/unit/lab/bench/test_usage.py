"""What a process uses, from /proc."""

import os

from lab.bench.usage import resident

SIZE = 32 * 2**20


def test_memory_that_a_process_takes_is_seen() -> None:
    before = resident(os.getpid())
    taken = bytearray(b"\1") * SIZE
    assert SIZE * 0.9 < resident(os.getpid()) - before < SIZE * 1.5
    assert len(taken) == SIZE
