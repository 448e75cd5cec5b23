"""The guard reads Asterisk's security log, and warns when somebody guesses the passwords of phones.

It blocks nobody. Asterisk could refuse all requests of an address. But anybody can forge the sender of a UDP packet,
and an office, the agents of one mobile network, or all browsers behind a reverse proxy have one address. So a block
would shut out the trunk, or phones that know their password. The length of passwords protects them: docs/security.md.
"""

import asyncio
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import structlog
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from dialplan.security import Guesses, proofs

log = structlog.get_logger()

LOOK_S = 0.5
"""Seconds between two looks into the log."""

MOST_READ = 128 * 1024
"""Bytes that one look reads, the newest: about 400 failures. In a flood the older bytes are skipped and counted."""

AT_A_TIME = 32
"""Failures that are judged in one turn of the loop: 0.4 ms."""

LARGEST = 4 * 1024 * 1024
"""Bytes of the log, after which it is emptied: Asterisk appends to it, and has no limit of its own."""


class Guard(Collector):
    """`log_file`: the security log. `now`: a clock in seconds that is never set."""

    def __init__(self, log_file: Path, now: Callable[[], float]) -> None:
        self.guesses = Guesses()
        self.skipped = 0
        self._log_file, self._now = log_file, now
        self._read = _size(log_file)  # what was written before this start has been judged

    async def run(self) -> None:
        """Until cancelled."""
        well = True
        while True:
            try:
                await self.look()
                well = True
            except OSError as error:
                if well:  # once: it may last
                    log.warning("guard-failed", why=str(error))
                well = False
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """Judge what was written since the last look. Raises OSError.

        Calls go on meanwhile: a thread waits for the disk, and of all lines a few are judged at a time. A thread would
        not help: Python runs one at a time, and the loop would wait as long.
        """
        now = self._now()
        for number, proof in enumerate(proofs(await asyncio.to_thread(self._news))):
            if number % AT_A_TIME == AT_A_TIME - 1:
                await asyncio.sleep(0)
            if self.guesses.note(proof, now):
                log.warning("phone-password-guessed", agent=proof.account, address=str(proof.address))

    def _news(self) -> bytes:
        size = _size(self._log_file)
        if size < self._read:  # it was emptied
            self._read = 0
        if size == self._read:
            return b""
        if size - self._read > MOST_READ:
            self.skipped += size - self._read - MOST_READ
            self._read = size - MOST_READ
        with self._log_file.open("rb") as file:
            file.seek(self._read)
            news = file.read(MOST_READ)
        whole = news.rfind(b"\n") + 1
        if not whole and len(news) == MOST_READ:
            whole = len(news)  # no line is so long
        self._read += whole
        if self._read > LARGEST:
            os.truncate(self._log_file, 0)
            self._read = 0
        return news[:whole]

    def collect(self) -> Iterator[Metric]:
        yield CounterMetricFamily(
            "wutong_phone_password_failures", "Wrong passwords of phones that were read.", self.guesses.failures
        )
        yield CounterMetricFamily(
            "wutong_phone_password_skipped_bytes", "Bytes of the security log that a flood left unread.", self.skipped
        )
        guessed = self.guesses.guessed(self._now())
        yield GaugeMetricFamily(
            "wutong_phones_guessed_now", "Agents whose phone's password somebody guesses at the moment.", len(guessed)
        )


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0
