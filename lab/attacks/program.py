"""An attack is a program of its own: in the test's process it would keep the phones from reading their audio in time.

It says "begun" on its standard output, goes on until its standard input ends, and then says in a line what it has done.
"""

import asyncio
import contextlib
import os
import select
import sys
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass
from typing import Any

from base.folders import CHECKOUT
from lab.patience import patience

LONGEST = 300.0
"""Seconds after which an attack ends by itself."""


@dataclass
class Attacking:
    """A program that attacks. `said`: what it has done, once it has ended; `pid`: of its process."""

    pid: int
    said: str = ""


@contextlib.asynccontextmanager
async def attacking(module: object, *arguments: object) -> AsyncIterator[Attacking]:
    """Within the block `lab.attacks.<module>` attacks, with these arguments."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", f"lab.attacks.{module}", *map(str, arguments)),
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    attack = Attacking(process.pid)
    try:
        assert process.stdout is not None
        async with patience(f"the attack of {module}"):
            assert await process.stdout.readline() == b"begun\n"
        yield attack
        assert process.returncode is None, f"{module} has ended by itself"
        async with patience(f"the end of {module}"):
            attack.said = (await process.communicate(b""))[0].decode().strip()
        assert process.returncode == 0, module
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


# -- in the program itself


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def over() -> bool:
    """Whether the standard input has ended."""
    return bool(select.select([sys.stdin], [], [], 0)[0])


async def until_over(work: Coroutine[Any, Any, None]) -> None:
    """Let `work` go on until the standard input ends, `LONGEST` seconds at most. Raises what it raises."""
    told = asyncio.Event()
    asyncio.get_running_loop().add_reader(sys.stdin.fileno(), told.set)
    tasks = asyncio.ensure_future(work), asyncio.ensure_future(told.wait())
    await asyncio.wait(tasks, timeout=LONGEST, return_when=asyncio.FIRST_COMPLETED)
    asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    if not tasks[0].cancelled():
        tasks[0].result()
