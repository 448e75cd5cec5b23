"""Many callers wait and nothing happens: what that costs, and whether it slows one more caller who comes or goes."""

import asyncio
from dataclasses import dataclass

from dialplan.wire.ami import AmiMessage
from lab.bench.figures import Spread
from lab.bench.hotline import EXTENSION
from lab.bench.load import hang_up_all
from lab.bench.stage import BenchFailed, Stage
from lab.bench.usage import Watch, cpu_seconds, resident
from lab.patience import patience
from lab.phone import Phone

ARRIVALS = 20.0
"""New callers a second."""

FEW = 10
"""Waiting callers in the case for comparison."""

SETTLING = 5.0
"""Seconds in which the last caller has heard the request to wait, and is held."""

PAUSE = 0.05
CALLS_A_PHONE = 50


@dataclass(frozen=True, slots=True)
class Probe:
    """One caller after the other, behind `waiting` others. `join`: from the INVITE to the place in the queue, without
    Asterisk's wait for the first audio. `leave`: from the BYE until the channel is gone. CPU: milliseconds for each
    such caller.
    """

    waiting: int
    join: Spread
    leave: Spread
    service_cpu: float
    asterisk_cpu: float


@dataclass(frozen=True, slots=True)
class WaitingResult:
    """`service_idle`, `asterisk_idle`: share of one processor while nothing happens. `kilobytes`: the service's memory
    for each waiting caller. `join_ratio`, `leave_ratio`: median with many waiting to median with few.
    """

    waiting: int
    idle_seconds: float
    service_idle: float
    asterisk_idle: float
    kilobytes: float
    few: Probe
    many: Probe
    join_ratio: float
    leave_ratio: float
    machine: float


class _Ear:
    """Asterisk's events for one call at a time."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.queued: asyncio.Future[float] = self._loop.create_future()
        self.gone: asyncio.Future[float] = self._loop.create_future()

    def expect(self) -> None:
        self.queued, self.gone = self._loop.create_future(), self._loop.create_future()

    def on_event(self, event: AmiMessage) -> None:
        # The service puts the call into the queue, then asks Asterisk to play the sentence that asks to wait.
        if event.event == "AGIExecStart" and event.get("Command").startswith("STREAM FILE"):
            self._note(self.queued)
        elif event.event == "Hangup":
            self._note(self.gone)

    def _note(self, moment: "asyncio.Future[float]") -> None:
        if not moment.done():
            moment.set_result(self._loop.time())


async def measure(stage: Stage, callers: int, probes: int, idle: float) -> WaitingResult:
    """`idle`: seconds in which nothing happens. Agents need not be registered: no agent answers."""
    ear = _Ear()
    phones = [stage.caller_phone(f"139{number:08}") for number in range(-(-callers // CALLS_A_PHONE) + 1)]
    await stage.start_service([])
    asterisk, service = stage.asterisk_pid, stage.service_pid
    try:
        async with stage.onlooker(ear.on_event):
            await _come(stage, phones, 0, FEW)
            await _probe(stage, phones[-1], ear, probes, FEW)  # warms up
            few = await _probe(stage, phones[-1], ear, probes, FEW)
            before = resident(service)
            await _come(stage, phones, FEW, callers)
            after = resident(service)
            used = cpu_seconds(service), cpu_seconds(asterisk)
            async with Watch() as watch:
                await asyncio.sleep(idle)
            used = cpu_seconds(service) - used[0], cpu_seconds(asterisk) - used[1]
            many = await _probe(stage, phones[-1], ear, probes, callers)
            waiting = (await stage.queue())["waiting"]
            if waiting != callers:
                raise BenchFailed(f"{waiting} of {callers} callers wait: the others were lost")
    finally:
        await hang_up_all(phones)
        await asyncio.gather(*(phone.close() for phone in phones))
        await stage.wait_quiet()
        await stage.stop_service()
    return WaitingResult(
        waiting=callers,
        idle_seconds=idle,
        service_idle=round(used[0] / idle, 4),
        asterisk_idle=round(used[1] / idle, 4),
        kilobytes=round((after - before) / (callers - FEW) / 1024, 1),
        few=few,
        many=many,
        join_ratio=round(many.join.p50 / few.join.p50, 2),
        leave_ratio=round(many.leave.p50 / few.leave.p50, 2),
        machine=round(watch.machine, 3),
    )


async def _come(stage: Stage, phones: list[Phone], begin: int, end: int) -> None:
    """Let callers `begin` to `end` come and be held."""
    loop = asyncio.get_running_loop()
    async with asyncio.TaskGroup() as tasks:
        start = loop.time()
        for number in range(begin, end):
            tasks.create_task(_dial(phones[number // CALLS_A_PHONE]))
            await asyncio.sleep(max(0.0, start + (number - begin + 1) / ARRIVALS - loop.time()))
    await asyncio.sleep(SETTLING)
    waiting = (await stage.queue())["waiting"]
    if waiting != end:
        raise BenchFailed(f"{waiting} of {end} callers wait: the others did not get through")


async def _dial(phone: Phone) -> None:
    await phone.dial(EXTENSION)


async def _probe(stage: Stage, phone: Phone, ear: _Ear, probes: int, waiting: int) -> Probe:
    loop = asyncio.get_running_loop()
    before = cpu_seconds(stage.service_pid), cpu_seconds(stage.asterisk_pid)
    joins: list[float] = []
    leaves: list[float] = []
    for _ in range(probes):
        ear.expect()
        asked_at = loop.time()
        call = await phone.dial(EXTENSION)
        async with patience("the caller's place in the queue, or the end of the caller's channel"):
            queued_at = await ear.queued
            assert call.began_at is not None
            assert call.media.spoke_at is not None
            joins.append(queued_at - asked_at - max(0.0, call.media.spoke_at - call.began_at))
            await asyncio.sleep(PAUSE)
            left_at = loop.time()
            await call.hang_up()
            leaves.append(await ear.gone - left_at)
        await asyncio.sleep(PAUSE)
    used = cpu_seconds(stage.service_pid) - before[0], cpu_seconds(stage.asterisk_pid) - before[1]
    service, asterisk = (round(1000 * seconds / probes, 2) for seconds in used)
    return Probe(waiting, Spread.of(joins), Spread.of(leaves), service, asterisk)
