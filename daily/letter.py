"""The mail with the daily sheet, when it is due, and which day's was the last. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from zoneinfo import ZoneInfo

from acd.recovery.state import UnreadableSnapshot
from daily.model import Sheet
from daily.page import summary, title
from journal.records import Kind, Record
from settings.sections import DailySheet

NOON = 12
"""The hour after which no sheet of yesterday is mailed."""


def next_sheet(now: float, at: str, zone: ZoneInfo, last: date | None) -> tuple[float, date]:
    """When the next sheet is to be mailed, in epoch seconds, and of which day it is. A moment that has passed: now.

    at    such as `07:00`, by the hotline's clock, before noon
    last  the day of the newest sheet that was mailed; None: none ever was
    """
    moment = datetime.fromtimestamp(now, zone)
    hour, minute = map(int, at.split(":"))
    today = moment.replace(hour=hour, minute=minute, second=0, microsecond=0)
    yesterday = moment.date() - timedelta(days=1)
    if moment.hour < NOON and last != yesterday:  # a later day is of a clock that was wrong
        return today.timestamp(), yesterday
    return (today + timedelta(days=1)).timestamp(), moment.date()


def letter(sheet: Sheet, pdf: bytes, by: DailySheet, at: datetime) -> EmailMessage:
    """The main figures as text, and the sheet. A mail of the same day that is sent again has the same id."""
    made = EmailMessage()
    made["From"], made["To"] = by.sender, ", ".join(by.receivers)
    made["Subject"] = " ".join(title(sheet).split())
    made["Date"] = format_datetime(at)
    made["Message-ID"] = f"<daily-sheet-{sheet.day}-{'-'.join(sheet.numbers)}@{by.sender.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answer of an absent receiver
    made.set_content(summary(sheet), cte="base64")  # 8bit is not every server's
    made.add_attachment(pdf, maintype="application", subtype="pdf", filename=f"sheet-{sheet.day}.pdf")
    return made


@dataclass(slots=True)
class LastMailed:
    """Of which day the newest sheet is that was mailed, kept from Records. `note` takes every Record."""

    day: date | None = None

    def note(self, record: Record) -> None:
        if record.kind is Kind.SHEET_MAILED:
            self.day = date.fromisoformat(record.data["day"])

    def kept(self) -> dict[str, Any]:
        """What a snapshot holds, as JSON values."""
        return {"day": None if self.day is None else str(self.day)}

    def restore(self, kept: Mapping[str, Any] | None, records: Iterable[Record]) -> None:
        """As it was at the end of `records`, which came after `kept`. Raises UnreadableSnapshot."""
        if kept is not None:
            try:
                self.day = None if kept["day"] is None else date.fromisoformat(kept["day"])
            except (KeyError, TypeError, ValueError) as error:
                raise UnreadableSnapshot("the day of the last daily sheet cannot be read") from error
        for record in records:
            self.note(record)
