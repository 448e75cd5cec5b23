"""The daily sheet by mail: when it is due, what is tried again, and what is remembered."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from base.failure import NotDone
from daily.letter import LastMailed, letter, next_sheet
from daily.sheets import Sheets
from daily.smtp import Delivery, delivered
from hotline.model import Hotline
from journal.actor import SYSTEM
from journal.records import Kind, Record
from processes.aside import aside
from sentences.sentence import Sentence
from settings.settings import Settings

log = structlog.get_logger(__name__)

AGAIN = 600.0
"""Seconds from a failure to the next attempt, and between two looks at the clock, which may be set."""

WITHIN_S = 420.0
"""Seconds that the server may take for all of a mail."""


@dataclass(eq=False)
class Mailing(Collector):
    """`last`: what was mailed, by Records. `write`: a Record's way. `now`: epoch seconds. `behind`: the age in seconds
    of the oldest Record that the database does not have. `failed`: the latest attempt did, and none has succeeded
    since.
    """

    settings: Settings
    sheets: Sheets
    in_use: Callable[[], Hotline]
    last: LastMailed
    write: Callable[[Record], None]
    now: Callable[[], float]
    behind: Callable[[], float]
    failed: bool = False

    async def run(self) -> None:
        """Mail each morning's sheet. Runs until cancelled."""
        wanted = self.settings.daily_sheet
        assert wanted is not None, "else nobody runs it"
        trying: date | None = None
        while True:
            due, day = next_sheet(self.now(), wanted.at, self.in_use().zone, self.last.day)
            if trying not in (None, day):
                log.error("sheet-given-up", day=str(trying))
                trying = None
            wait = due - self.now()
            if wait <= 0:
                trying = None if await self._try(day) else day
            await asyncio.sleep(min(wait, AGAIN) if wait > 0 else AGAIN)

    async def _try(self, day: date) -> bool:
        try:
            refused = await self._mail(day)
        except NotDone as error:
            self.failed = True
            log.warning("sheet-not-mailed", day=str(day), why=str(error))
            return False
        self.failed = False
        # After the mail: a service that dies in between sends it twice. A day without a sheet would be worse.
        count = len(refused)
        self.write(Record(self.now(), Kind.SHEET_MAILED, data={"day": str(day), "refused": count}, actor=SYSTEM))
        log.info("sheet-mailed", day=str(day), refused=count)
        if refused:
            log.warning("sheet-refused", day=str(day), receivers=", ".join(refused))
        return True

    async def _mail(self, day: date) -> list[str]:
        """Answers which receivers the server refused. Raises NotDone."""
        by, secret = self.settings.daily_sheet, self.settings.daily_sheet_password
        assert by is not None, "else nobody runs it"
        if behind := self.behind():
            oldest = datetime.fromtimestamp(self.now() - behind, self.in_use().zone)
            if oldest.date() <= day:
                raise NotDone(Sentence("the database does not have all of that day yet"))
        sheet = await self.sheets.sheet(day, by.language)
        made = letter(sheet, await self.sheets.pdf(sheet), by, datetime.fromtimestamp(self.now(), self.in_use().zone))
        password = None if secret is None else secret.get_secret_value()
        return await aside(delivered, Delivery(by, password, made), WITHIN_S)

    def collect(self) -> Iterator[Metric]:
        what = "1: yesterday's daily sheet is due and was not mailed; 0: it was, or none is to be."
        yield GaugeMetricFamily("wutong_daily_sheet_unsent", what, self.unsent)

    @property
    def unsent(self) -> bool:
        """Also after noon, when nobody tries any more, and after a restart then."""
        wanted, last = self.settings.daily_sheet, self.last.day
        if wanted is None:
            return False
        due, day = next_sheet(self.now(), wanted.at, self.in_use().zone, last)
        if due <= self.now():
            return True
        return self.failed or (last is not None and last != day - timedelta(days=1))
