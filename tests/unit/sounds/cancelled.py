"""A program that a task waits for: it ends when the task is cancelled."""

import asyncio
import os
from pathlib import Path
from typing import Any

import pytest


async def cancel_kills(task: asyncio.Task[Any], fifo: Path) -> None:
    """Cancel the task once its program has written its pid into `fifo`; the program must be gone then."""
    pid = int(await asyncio.to_thread(fifo.read_text))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
