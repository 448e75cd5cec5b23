"""Callers of another maker: SIPp (Debian's package sip-tester). They send no audio, and press their key by SIP INFO."""

import asyncio
import csv
import shutil
from collections import Counter
from pathlib import Path

from lab.bench.stage import BenchFailed

SCENARIO = Path(__file__).with_name("surge.xml")
"""What each caller does."""

ENDS = ("ended", "hung-up", "refused")
"""The scenario's counters. `ended`: by the hotline."""

BROKEN = "FailedCall"
"""SIPp's own counter, for calls in which something came that the scenario does not know."""


async def surge(folder: Path, hotline: tuple[str, int], number: str, rate: float, calls: int) -> Counter[str]:
    """Place so many calls, `rate` a second. Returns how they ended; "broken": not as the scenario says.

    Raises BenchFailed if SIPp is not installed, or does not run.
    """
    if not (program := shutil.which("sipp")):
        raise BenchFailed("there is no program `sipp`; install it: apt-get install sip-tester")
    figures = folder / "sipp.csv"
    options = {
        "-sf": SCENARIO,
        "-s": number,
        "-i": hotline[0],
        "-r": rate,
        "-m": calls,
        "-l": calls,
        "-stf": figures,
        "-fd": 1,
        "-timeout": round(calls / rate) + 60,
    }
    told = [str(each) for option in options.items() for each in option]
    process = await asyncio.create_subprocess_exec(
        program,
        *told,
        "-trace_stat",
        "-nostdin",
        f"{hotline[0]}:{hotline[1]}",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, said = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if not figures.exists():
        raise BenchFailed(f"sipp ended with status {process.returncode}: {said.decode(errors='replace')[-300:]}")
    columns = {**{end: end for end in ENDS}, "broken": BROKEN}
    with figures.open() as lines:
        last = list(csv.DictReader(lines, delimiter=";"))[-1]
    return Counter({name: int(last[f"{counter}(C)"]) for name, counter in columns.items()})
