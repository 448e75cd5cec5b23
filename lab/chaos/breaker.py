"""Deals the faults of the schedule one after the other, and repairs each."""

import asyncio
import signal
import sys
import time
from collections.abc import Sequence

from lab.chaos.ledger import Ledger
from lab.chaos.load import Load
from lab.chaos.moments import Moments
from lab.chaos.schedule import SERVICE, Blow, Fault, Moment
from lab.chaos.site import Site
from lab.chaos.views import Breakage

SETTLES = 8.0
"""Seconds after a repair in which the service may still learn what happened: it starts, connects, looks at what
Asterisk has, and leads callers without a session back after 5 s."""

MOMENT = 4.0
"""Seconds to wait for a moment; after that the fault is dealt anyway."""

_LOCKER = """
import sqlite3, sys, time
database = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=10)
database.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.read()
database.execute("ROLLBACK")
"""


class Breaker:
    """`done` counts the dealt faults by kind."""

    def __init__(self, site: Site, load: Load, moments: Moments, ledger: Ledger) -> None:
        self._site, self._load, self._moments, self._ledger = site, load, moments, ledger

    async def run(self, blows: Sequence[Blow], until: float) -> None:
        """Deal the blows; one that is due while an earlier one lasts follows it, none after `until` seconds."""
        for blow in blows:
            await asyncio.sleep(max(0.0, blow.at - self._ledger.now()))
            if self._ledger.now() > until:
                return
            if (error := self._load.why_stopped()) is not None:
                raise error
            if not await self._ready(blow):
                self._ledger.lose("does not come back", "hotline", f"before {blow}: it is not up after 90 s")
                return
            came = await self._moments.next(blow.moment, MOMENT)
            await asyncio.sleep(blow.delay)
            self._ledger.fault(str(blow))
            self._ledger.count(f"fault: {blow.fault}")
            self._ledger.count(f"moment: {blow.moment if came else Moment.ANY}")
            breakage = Breakage(blow.fault, time.time())
            self._ledger.views.broken.append(breakage)
            await self._deal(blow)
            breakage.mended = time.time()
            breakage.settled = breakage.mended + SETTLES
            self._ledger.fault(f"{blow.fault}: mended")

    async def calm(self) -> None:
        """Wait until everything is repaired."""
        async with asyncio.timeout(120):
            await self._site.up.wait()
            await self._site.asterisk_up.wait()

    async def _ready(self, blow: Blow) -> bool:
        try:
            async with asyncio.timeout(90):
                await self._site.asterisk_up.wait()
                if blow.fault in SERVICE or blow.fault is Fault.BOTH_KILLED:
                    await self._site.up.wait()
        except TimeoutError:
            return False
        return True

    async def _deal(self, blow: Blow) -> None:
        site, proxies = self._site, self._site.proxies
        match blow.fault:
            case Fault.KILL | Fault.MACHINE | Fault.STOP:
                if blow.fault is Fault.MACHINE:
                    proxies.ami.strand()
                    proxies.agi.strand()
                site.pause = blow.lasts
                site.signal_service(signal.SIGTERM if blow.fault is Fault.STOP else signal.SIGKILL)
                await site.up.wait()
            case Fault.KILL_AGAIN:
                site.pause = 0.1
                site.signal_service(signal.SIGKILL)
                await site.service_gone()
                await asyncio.sleep(site.pause + blow.lasts)
                site.signal_service(signal.SIGKILL)
                await site.up.wait()
            case Fault.FREEZE:
                site.freeze_service()
                await asyncio.sleep(blow.lasts)
                site.thaw_service()
            case Fault.AMI_CUT:
                proxies.ami.cut()
            case Fault.AMI_AWAY:
                await proxies.ami.refuse()
                proxies.ami.cut()
                await asyncio.sleep(blow.lasts)
                await proxies.ami.listen()
            case Fault.AMI_HALF_OPEN:
                proxies.ami.half_open()
                await asyncio.sleep(blow.lasts)
                proxies.ami.heal()
            case Fault.AMI_LAG:
                proxies.ami.lag(blow.strength)
                await asyncio.sleep(blow.lasts)
                proxies.ami.heal()
            case Fault.AGI_CUT:
                proxies.agi.cut()
            case Fault.AGI_LAG:
                proxies.agi.lag(blow.strength)
                await asyncio.sleep(blow.lasts)
                proxies.agi.heal()
            case Fault.DATABASE_LOCKED:
                await self._lock(blow.lasts)
            case Fault.ASTERISK_KILLED | Fault.ASTERISK_STOPPED | Fault.BOTH_KILLED:
                if blow.fault is Fault.BOTH_KILLED:
                    site.pause = blow.lasts
                    site.signal_service(signal.SIGKILL)
                await self._end_asterisk(blow)
                await site.up.wait()

    async def _end_asterisk(self, blow: Blow) -> None:
        began = time.time()
        self._load.asterisk_ends()
        await self._site.end_asterisk(kill=blow.fault is not Fault.ASTERISK_STOPPED)
        self._load.asterisk_ends()  # for callers who dialled while it stopped
        self._load.asterisk_ended()
        await asyncio.sleep(blow.lasts)
        self._load.asterisk_ended()  # a phone may read a ring only now that Asterisk sent at its end
        await self._site.start_asterisk()
        self._site.asterisk_ends.append((began, time.time()))

    async def _lock(self, seconds: float) -> None:
        """Another process holds a write on the database for so many seconds."""
        locker = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", _LOCKER, str(self._site.settings.folder.database)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        assert locker.stdout is not None
        assert locker.stdin is not None
        await locker.stdout.readline()
        await asyncio.sleep(seconds)
        locker.stdin.close()
        await locker.wait()
