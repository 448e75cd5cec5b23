"""The guard reads Asterisk's security log, and has addresses that guess passwords blocked.

Asterisk itself slows nobody down. It writes each failure into its security log, and it can refuse all SIP requests of
an address: the list `blocked` in acl.conf.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from ipaddress import IPv4Address
from pathlib import Path

import structlog
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from dialplan.ami_connection import ActionRefused, LinkDown
from dialplan.asterisk import AsteriskFailed
from dialplan.security import proofs
from service.asterisk.guesses import Guesses

log = structlog.get_logger()

LOOK_S = 0.5
"""Seconds between two looks into the log."""

MOST_READ = 128 * 1024
"""Bytes that one look reads, the newest: about 400 failures. In a flood the older bytes are skipped and counted."""

LARGEST = 4 * 1024 * 1024
"""Bytes of the log, after which it is emptied: Asterisk appends to it, and has no limit of its own."""

RELOAD_S = 2.0
"""Seconds between two changes of the list, at least: each makes Asterisk read its list of phones once more."""


class Guard(Collector):
    """`log_file`: the security log. `blocked_file`: the list that acl.conf includes; `reload` makes Asterisk read it.
    `now`: a clock in seconds that is never set.
    """

    def __init__(
        self, log_file: Path, blocked_file: Path, reload: Callable[[], Awaitable[None]], now: Callable[[], float]
    ) -> None:
        self.guesses = Guesses()
        self.skipped = 0
        self._log_file, self._blocked_file = log_file, blocked_file
        self._reload, self._now = reload, now
        self._read = _size(log_file)  # what was written before this start has been judged
        self._listed: frozenset[IPv4Address] | None = None  # what Asterisk's list has; None: not known
        self._listed_at = 0.0

    async def run(self) -> None:
        """Until cancelled."""
        well = True
        while True:
            try:
                self.look()
                await self.block()
                well = True
            except (OSError, AsteriskFailed, LinkDown, ActionRefused, TimeoutError) as error:
                if well:  # once: Asterisk may be away for long
                    log.warning("guard-failed", why=str(error))
                well = False
                await asyncio.sleep(10 * LOOK_S)
            await asyncio.sleep(LOOK_S)

    def look(self) -> None:
        """Judge what was written since the last look. Raises OSError."""
        now = self._now()
        for proof in proofs(self._news()):
            if self.guesses.note(proof, now):
                log.warning("address-blocked", address=str(proof.address), agent=proof.account)

    async def block(self) -> None:
        """Have Asterisk refuse the addresses that are blocked now. Raises OSError, and what the reload raises."""
        now = self._now()
        wanted = frozenset(self.guesses.blocked(now))
        if wanted == self._listed or now - self._listed_at < RELOAD_S:
            return
        text = "".join(f"deny = {address}/255.255.255.255\n" for address in sorted(wanted))
        if self._listed is None and not wanted and not _size(self._blocked_file):
            self._listed = wanted
            return
        draft = self._blocked_file.with_suffix(".new")
        draft.write_text(text)
        # Asterisk may be another user, of the folder's group.
        draft.chmod(0o600 | (self._blocked_file.parent.stat().st_mode & 0o040))
        draft.replace(self._blocked_file)
        self._listed_at = now
        await self._reload()
        self._listed = wanted

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
        yield CounterMetricFamily("wutong_addresses_blocked", "Blocks of addresses that guessed.", self.guesses.blocks)
        yield GaugeMetricFamily("wutong_addresses_blocked_now", "Addresses that are blocked.", len(self._listed or ()))


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0
