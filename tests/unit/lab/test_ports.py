"""Ports for hotlines that run side by side."""

import socket
import subprocess
import sys
from pathlib import Path

from base.folders import CHECKOUT
from lab.ports import free_base, unused_base

TAKING = """
from lab.ports import free_base
print(*(free_base() for _ in range(3)), flush=True)
input()
"""


def test_another_process_gets_other_ports_and_an_end_leaves_nothing_to_warn_of(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-P", "-X", "dev", "-c", TAKING],
        cwd="/",
        env={"PYTHONPATH": str(CHECKOUT), "TMPDIR": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        theirs = {int(base) for base in other.stdout.readline().split()}
        ours = {free_base() for _ in range(3)}
        _, warnings = other.communicate("\n")
    assert len(theirs) == len(ours) == 3
    assert not theirs & ours
    assert warnings == ""


def test_the_first_base_at_which_nobody_listens_is_found() -> None:
    taken, free = free_base(), free_base()
    with socket.create_server(("127.0.0.1", taken + 2)):
        assert unused_base([taken, free]) == free
        assert unused_base([taken]) is None
