"""One run: load, storm, calm, checks."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from lab.bench.machine import machine
from lab.chaos import checks
from lab.chaos.breaker import Breaker
from lab.chaos.ledger import Ledger
from lab.chaos.load import Load, Size
from lab.chaos.moments import Moments
from lab.chaos.report import Report
from lab.chaos.schedule import Blow
from lab.chaos.site import site
from lab.chaos.voices import of_hotline

REST = 100.0
"""Seconds after the last call within which all must be at rest: a callback that Asterisk's end broke off is tried again
after a minute.
"""

PROBE = 30.0
"""Seconds within which each agent must get a call at the end."""


async def storm(
    folder: Path,
    sounds: Path,
    blows: Sequence[Blow],
    seconds: float,
    until: float,
    seed: int,
    size: Size,
    tell: Callable[[str], None],
) -> Report:
    """The whole run. `seconds` of load while the blows fall, none after `until` seconds; then the remaining callers are
    served to the end.
    """
    async with site(folder, sounds, tell, trunk=True) as made:
        ledger, moments = Ledger(tell), Moments()
        load = Load(made, of_hotline(made.hotline, made.catalogue), moments, ledger, size, seed)
        breaker = Breaker(made, load, moments, ledger)
        try:
            await load.begin()
            await asyncio.gather(breaker.run(blows, until), asyncio.sleep(seconds))
            await breaker.calm()
            stormed = ledger.now()
            tell(f"{stormed:7.2f} calm: who is there is served")
            await load.end()
            await load.at_rest(REST)
            tell(f"{ledger.now():7.2f} every agent gets a call")
            await load.everybody_gets_a_call(PROBE)
            await load.at_rest(REST)
            journal = checks.Journal(checks.read(made.settings.folder.database))
            await checks.compare(journal, load.visits, made.get, made.hotline, ledger)
            checks.recordings(journal, made.settings.folder, made.was_asterisk_away, ledger)
            if (error := load.why_stopped()) is not None:
                raise error
        finally:
            await load.close()
        database = made.settings.folder.database
        starts = made.starts
    rows = checks.read(database)  # the service stopped in order: all is written
    checks.check(checks.Journal(rows), load.visits, made.hotline.agents, ledger)
    checks.callbacks(checks.Journal(rows), load.rung, ledger)
    return Report.of(ledger, seed=seed, seconds=stormed, machine=machine(), starts=starts, records=len(rows))
