import asyncio
import os
import signal
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import uvloop

from lab.patience import patience, until
from sounds.programs import MissingProgram, ProgramFailed, end, run, start, write
from tests.unit.sounds.cancelled import cancel_kills


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


async def test_words_go_to_standard_input_as_utf8(tmp_path: Path) -> None:
    target = tmp_path / "heard"
    code = f"import sys; open({str(target)!r}, 'wb').write(sys.stdin.buffer.read())"
    await run(python(code), words="-x 您好\n", seconds=30, remedy="")
    assert target.read_text(encoding="utf-8") == "-x 您好\n"


async def test_a_missing_program_is_named_with_its_remedy() -> None:
    with pytest.raises(MissingProgram, match="no-such-program is not installed: install the package it"):
        await run(["no-such-program"], seconds=30, remedy="install the package it")


async def test_a_failure_tells_status_and_complaint() -> None:
    with pytest.raises(ProgramFailed, match="status 3: no voice here"):
        await run(python("import sys; print('no voice\\nhere', file=sys.stderr); sys.exit(3)"), seconds=30, remedy="")


async def test_endless_complaints_are_cut() -> None:
    code = "import sys; sys.stderr.write('x' * 1_000_000 + ' the end'); sys.exit(1)"
    with pytest.raises(ProgramFailed, match="the end") as failure:
        await run(python(code), seconds=30, remedy="")
    assert len(str(failure.value)) < 2200


async def test_a_program_that_reads_nothing_may_end_well() -> None:
    await run(python("import os; os.close(0)"), words="x" * 500_000, seconds=30, remedy="")


def test_a_program_that_ends_before_it_is_told_the_words_is_a_failure_on_the_loop_of_the_service_too() -> None:
    async def ended() -> str:
        gone = await asyncio.create_subprocess_exec("false", stdin=asyncio.subprocess.PIPE)
        await gone.wait()
        await write(gone, b"words")
        with pytest.raises(ProgramFailed) as failure:
            await run(["false"], words="x" * 500_000, seconds=30, remedy="")
        return str(failure.value)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        assert runner.run(ended()) == "false ended with status 1: it gave no reason"


async def test_a_file_that_is_no_program_is_a_failure(tmp_path: Path) -> None:
    file = tmp_path / "script"
    file.write_bytes(b"\x7fELFnonsense")
    file.chmod(0o755)
    with pytest.raises(ProgramFailed, match="cannot be started"):
        await run([str(file)], seconds=30, remedy="")


async def test_a_program_that_hangs_is_killed_with_its_children(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    reading = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    with pytest.raises(ProgramFailed, match="longer than 1 seconds"):
        await run(["sh", "-c", f"(echo up; exec sleep 600) > {fifo} & wait"], seconds=1, remedy="")
    os.set_blocking(reading, True)
    with os.fdopen(reading, "rb") as child:
        async with patience("the end of the program's children"):
            # The end of the file comes only when the last process that holds it has ended.
            assert await asyncio.to_thread(child.read) == b"up\n"


async def test_a_cancelled_run_kills_the_program(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    task = asyncio.create_task(
        run(["sh", "-c", f"echo $$ > {fifo}; exec sleep 600"], seconds=600, remedy=""),
    )
    await cancel_kills(task, fifo)


@pytest.mark.parametrize("turns", range(12))
async def test_a_start_that_is_cancelled_at_any_moment_ends_and_leaves_no_program(turns: int, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    pipes: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), asyncio.subprocess.PIPE)
    starting = asyncio.create_task(start("sh", "-c", f"sleep 600 & echo $$ $! >> {pids}; wait", **pipes))
    for _ in range(turns):
        await asyncio.sleep(0)
    over = starting.done()
    starting.cancel()
    async with patience("the end of the start"):
        await asyncio.wait({starting})
    if over:
        await end(starting.result())
    assert starting.cancelled() or over
    for pid in pids.read_text().split() if pids.exists() else ():
        await until(f"the end of process {pid}", partial(_state, pid), lambda state: state in ("Z", ""))


async def _state(pid: str) -> str:
    """As /proc tells it: Z is one that has ended; "": it is not there."""
    try:
        stat = await asyncio.to_thread(Path(f"/proc/{pid}/stat").read_text)
    except FileNotFoundError:
        return ""
    return stat.rpartition(")")[2].split()[0]


async def test_a_program_of_whose_words_most_are_unread_is_ended() -> None:
    """On asyncio's own loop, as commands have it: it sees no end of a full pipe."""
    process = await start(
        *python("print('x' * 1_000_000); import time; time.sleep(600)"), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    await process.stdout.readexactly(1)
    async with patience("the end of a program with a full pipe"):
        await end(process)
    assert process.returncode == -signal.SIGKILL
