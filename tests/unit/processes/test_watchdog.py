"""The watchdog, with real datagrams to itself. Periods are short; no test depends on their length."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from processes.notify import Notifier, Watchdog


@pytest.fixture
async def watchdog(tmp_path: Path) -> AsyncIterator[Watchdog]:
    made = Watchdog(tmp_path, 0.02)
    yield made
    made.close()


async def missed(watchdog: Watchdog, pid: int) -> None:
    """Return when that process is found silent, as the supervisor finds it."""
    while not watchdog.silent(pid):  # noqa: ASYNC110 - once a period
        await asyncio.sleep(0.02)


async def unnoticed(watchdog: Watchdog, pid: int) -> bool:
    """Whether that process may stay silent for many periods."""
    try:
        await asyncio.wait_for(missed(watchdog, pid), 0.3)
    except TimeoutError:
        return True
    return False


async def test_a_service_that_stops_giving_signs_of_life_is_missed(watchdog: Watchdog) -> None:
    notifier = Notifier(dict(watchdog.environment))
    assert notifier.watchdog_s == 0.02
    notifier.beat("takes calls")
    await missed(watchdog, os.getpid())
    notifier.close()


async def test_a_service_that_goes_on_giving_them_is_not_missed(watchdog: Watchdog) -> None:
    notifier = Notifier(dict(watchdog.environment))
    missing = asyncio.create_task(missed(watchdog, os.getpid()))
    for _ in range(40):
        notifier.beat("takes calls")
        await asyncio.sleep(0.005)
    assert not missing.done()
    missing.cancel()
    notifier.close()


async def test_a_service_that_never_gave_any_is_not_judged(watchdog: Watchdog) -> None:
    assert await unnoticed(watchdog, os.getpid())


async def test_only_a_sign_of_life_is_one_and_only_of_the_process_itself(watchdog: Watchdog) -> None:
    notifier = Notifier({"NOTIFY_SOCKET": watchdog.environment["NOTIFY_SOCKET"]})
    notifier.status("WATCHDOG=1 is what a caller said")
    assert await unnoticed(watchdog, os.getpid())
    notifier.close()
    notifier = Notifier(dict(watchdog.environment))
    notifier.beat("takes calls")
    assert await unnoticed(watchdog, os.getppid())
    notifier.close()


async def test_the_next_supervisor_hears_the_service_of_the_one_before(tmp_path: Path) -> None:
    first = Watchdog(tmp_path, 0.02)
    notifier = Notifier(dict(first.environment))
    notifier.beat("takes calls")
    await missed(first, os.getpid())
    first.close()
    notifier.beat("takes calls")  # nobody hears it
    second = Watchdog(tmp_path, 0.02)
    notifier.beat("takes calls")
    await missed(second, os.getpid())
    second.close()
    notifier.close()


async def test_an_address_that_somebody_else_has_is_not_waited_for(tmp_path: Path) -> None:
    first, second = Watchdog(tmp_path, 0.02), Watchdog(tmp_path, 0.02)
    assert first.environment["NOTIFY_SOCKET"] != second.environment["NOTIFY_SOCKET"]
    notifier = Notifier(dict(second.environment))
    notifier.beat("takes calls")
    await missed(second, os.getpid())
    assert await unnoticed(first, os.getpid())
    for made in (first, second, notifier):
        made.close()
