import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from base.process import Process


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(["sleep", "600"]) as popen:
        yield popen
        popen.kill()


def known(popen: subprocess.Popen[bytes]) -> Process:
    process = Process.of(popen.pid)
    assert process is not None
    return process


def test_a_process_is_itself(sleeper: subprocess.Popen[bytes]) -> None:
    process = known(sleeper)
    assert process.alive
    assert process == Process.of(sleeper.pid)
    assert Process.model_validate_json(process.model_dump_json()) == process
    assert Process.this().pid == os.getpid()


def test_a_later_process_with_the_same_pid_is_another(sleeper: subprocess.Popen[bytes]) -> None:
    earlier = known(sleeper).model_copy(update={"born": "an earlier boot/17"})
    assert not earlier.alive
    earlier.send(signal.SIGKILL)
    assert sleeper.poll() is None


async def test_waiting_for_the_end_of_another_is_woken_by_it(sleeper: subprocess.Popen[bytes]) -> None:
    process = known(sleeper)
    waiting = asyncio.create_task(process.gone())
    assert not await process.gone(within=0.01)
    process.send(signal.SIGTERM)
    assert await waiting
    # not reaped yet: a zombie does not count as alive
    assert not process.alive
    assert Process.of(sleeper.pid) is None
    assert await process.gone()


@pytest.fixture
def deaf() -> Iterator[subprocess.Popen[bytes]]:
    """A process that ignores SIGTERM."""
    code = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); signal.pause()"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as popen:
        assert popen.stdout is not None
        popen.stdout.readline()
        yield popen
        popen.kill()


async def test_stop_kills_what_does_not_listen(deaf: subprocess.Popen[bytes]) -> None:
    await known(deaf).stop(grace=0.05)
    assert deaf.poll() == -signal.SIGKILL


async def test_stop_of_what_is_gone_returns_at_once(sleeper: subprocess.Popen[bytes]) -> None:
    process = known(sleeper)
    sleeper.kill()
    sleeper.wait()
    await process.stop(grace=1)
    assert not process.alive
