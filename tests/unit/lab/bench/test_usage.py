"""What a process uses, from /proc."""

import subprocess
import sys

from lab.bench.usage import resident

SIZE = 32 * 2**20
TAKING = f"""
import sys
print(flush=True)
sys.stdin.readline()
taken = bytearray(b"1") * {SIZE}
print(flush=True)
sys.stdin.readline()
"""


def test_memory_that_a_process_takes_is_seen() -> None:
    with subprocess.Popen([sys.executable, "-c", TAKING], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        other.stdout.readline()
        before = resident(other.pid)
        other.stdin.write(b"\n")
        other.stdin.flush()
        other.stdout.readline()
        assert SIZE * 0.9 < resident(other.pid) - before < SIZE * 1.5
        other.stdin.close()
