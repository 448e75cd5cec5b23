"""The daily sheet by mail: when it goes, by a mail server with TLS, once a day, and what is said if it cannot."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError
from pypdf import PdfReader
from structlog.testing import capture_logs

from acd.recovery.state import UnreadableSnapshot
from base.failure import NotDone
from daily import mailing, smtp
from daily.letter import LastMailed, next_sheet
from daily.mailing import Mailing
from daily.sheets import Sheets
from daily.smtp import Delivery, connected
from doctor.findings import daily_sheet
from journal.records import Kind, Record
from lab import certificates
from settings.sections import DailySheet
from settings.settings import Settings
from tests.unit.daily.mail_server import MailServer, mail_server
from tests.unit.reports.stories import MONDAY, abandoned, answered, in_order
from tests.unit.service.world import World

ZONE = ZoneInfo("Asia/Shanghai")
SUNDAY, TODAY = date(2026, 3, 1), date(2026, 3, 3)


def at(hour: float, day: int = 3) -> float:
    return datetime(2026, 3, day, tzinfo=ZONE).timestamp() + hour * 3_600


@pytest.mark.parametrize(
    ("now", "last", "due", "day"),
    [
        (at(6), None, at(7), 2),
        (at(6), date(2026, 3, 1), at(7), 2),
        (at(9), date(2026, 3, 1), at(7), 2),  # it was away in the morning, or fails since
        (at(9), None, at(7), 2),  # it is set now
        (at(9), date(2026, 3, 2), at(31), 3),
        (at(11.99), date(2026, 3, 1), at(7), 2),
        (at(12), date(2026, 3, 1), at(31), 3),  # given up
        (at(0.5), date(2026, 3, 2), at(31), 3),
        (at(9), date(2036, 1, 1), at(7), 2),  # the clock was wrong once
    ],
)
def test_when_the_next_one_is_due(now: float, last: date | None, due: float, day: int) -> None:
    assert next_sheet(now, "07:00", ZONE, last) == (due, date(2026, 3, day))


def test_what_was_mailed_outlives_a_restart() -> None:
    last = LastMailed()
    last.note(Record(at(7), Kind.SHEET_MAILED, data={"day": "2026-03-02", "refused": 0}))
    again, third = LastMailed(), LastMailed()
    again.restore(last.kept(), [])
    third.restore(None, [Record(at(7), Kind.SHEET_MAILED, data={"day": "2026-03-02", "refused": 0})])
    assert again.day == third.day == date(2026, 3, 2)
    with pytest.raises(UnreadableSnapshot):
        again.restore({"day": 7}, [])


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        for _ in iter(true, True):
            await asyncio.sleep(0.02)


@dataclass
class Here:
    """A service whose clock is a test's. `mailing` writes `records`, which `last` gets as from the recorder."""

    mailing: Mailing
    server: MailServer
    records: list[Record] = field(default_factory=list)
    now: float = at(7.5)
    behind: float = 0.0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.mailing.run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    def write(self, record: Record) -> None:
        self.records.append(record)
        self.mailing.last.note(record)

    async def mailed(self, count: int = 1) -> None:
        await until(lambda: len(self.records) >= count)


@pytest.fixture
async def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Here]:
    files = certificates.make(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(files[0]))
    monkeypatch.setattr(mailing, "AGAIN", 0.05)
    world = World(now=MONDAY + 86_400)
    world.archive.keep(in_order(answered("c1", MONDAY), answered("c2", MONDAY + 60), abandoned("c3", MONDAY + 90, 30)))
    async with mail_server(files) as server:
        by = DailySheet(
            receivers=("mayor@city.example", "clerk@city.example"),
            sender="hotline@city.example",
            host="127.0.0.1",
            port=server.port,
            user=server.user,
        )
        settings = Settings(state=tmp_path, daily_sheet=by, daily_sheet_password=server.password)
        hotline = world.desk.hotline

        def now() -> float:
            return made.now

        sheets = Sheets(world.archive.engine, lambda: hotline, now, settings.reports)

        def write(record: Record) -> None:
            made.write(record)

        mails = Mailing(settings, sheets, lambda: hotline, LastMailed(), write, now, lambda: made.behind)
        made = Here(mails, server)
        yield made


def unsent(here: Here) -> float:
    [metric] = here.mailing.collect()
    return metric.samples[0].value


async def test_the_sheet_of_yesterday_is_mailed_once_with_its_figures(here: Here) -> None:
    here.mailing.last.day = SUNDAY
    assert unsent(here) == 1
    async with here.running():
        await here.mailed()
    [mail] = here.server.mails
    assert (mail["From"], mail["To"]) == ("hotline@city.example", "mayor@city.example, clerk@city.example")
    assert "热线日报 2026-03-02" in mail["Subject"]
    body, attached = mail.get_body(), next(mail.iter_attachments())
    assert body is not None
    assert "呼入：3（" in body.get_content()
    assert attached.get_filename() == "sheet-2026-03-02.pdf"
    [page] = PdfReader(BytesIO(attached.get_content())).pages
    assert "星期一" in page.extract_text()
    assert [record.data for record in here.records] == [{"day": "2026-03-02", "refused": 0}]
    assert unsent(here) == 0
    async with here.running():  # after a restart
        await asyncio.sleep(0.2)
    assert len(here.server.mails) == 1
    here.now = at(7.5, 4)
    assert unsent(here) == 1
    async with here.running():
        await here.mailed(2)
    assert here.records[-1].data["day"] == "2026-03-03"


async def test_a_failure_is_told_and_tried_again_and_one_refused_receiver_is_none(here: Here) -> None:
    here.server.broken, here.server.refuses = True, {"clerk@city.example"}
    with capture_logs() as logs:
        async with here.running():
            await until(lambda: "sheet-not-mailed" in str(logs))
            assert unsent(here) == 1
            here.server.broken = False
            await here.mailed()
    assert here.records[0].data["refused"] == 1
    assert unsent(here) == 0
    assert "451" in next(line["why"] for line in logs if line["event"] == "sheet-not-mailed")
    assert here.server.password not in str(logs)
    [refused] = [line["receivers"] for line in logs if line["event"] == "sheet-refused"]
    assert refused == "clerk@city.example: 550 unknown"


@pytest.mark.parametrize("bye", ["421 closing", "250 ok"])
async def test_a_mail_that_the_server_has_accepted_is_not_sent_again(here: Here, bye: str) -> None:
    here.server.bye = bye
    async with here.running():
        await here.mailed()
        await asyncio.sleep(0.2)
    assert len(here.server.mails) == 1
    assert unsent(here) == 0


async def test_a_server_may_look_for_viruses_before_it_accepts(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "TIMEOUT", 0.5)
    here.server.slow = 1.0
    by, message = here.mailing.settings.daily_sheet, EmailMessage()
    assert by is not None
    message["From"], message["To"] = by.sender, by.receivers[0]
    assert await asyncio.to_thread(smtp.delivered, Delivery(by, here.server.password, message)) == []
    assert len(here.server.mails) == 1


async def test_a_day_whose_records_are_not_all_in_the_database_waits(here: Here) -> None:
    here.behind = 8 * 3_600.0  # since 23:30
    with capture_logs() as logs:
        async with here.running():
            await until(lambda: "sheet-not-mailed" in str(logs))
            assert not here.server.mails
            here.behind = 60.0
            await here.mailed()
    assert "all of that day" in str(logs)


async def test_after_noon_it_is_given_up_and_stays_told(here: Here) -> None:
    here.mailing.last.day, here.server.broken = SUNDAY, True
    with capture_logs() as logs:
        async with here.running():
            await until(lambda: "sheet-not-mailed" in str(logs))
            here.now = at(12)
            await until(lambda: "sheet-given-up" in str(logs))
    assert [line["day"] for line in logs if line["event"] == "sheet-given-up"] == ["2026-03-02"]
    here.mailing.failed = False  # a restart
    assert unsent(here) == 1
    assert not here.records


async def test_doctor_says_whether_the_server_takes_us(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = here.mailing.settings
    [finding] = await asyncio.to_thread(lambda: list(daily_sheet(settings)))
    assert (finding.level, str(finding.sentence)) == ("right", "mailed at 07:00, by 127.0.0.1")
    here.server.password = "another"
    [finding] = await asyncio.to_thread(lambda: list(daily_sheet(settings)))
    assert finding.level == "wrong"
    assert "535" in finding.sentence
    monkeypatch.delenv("SSL_CERT_FILE")
    [finding] = await asyncio.to_thread(lambda: list(daily_sheet(settings)))
    assert "CERTIFICATE_VERIFY_FAILED" in finding.sentence
    assert not list(daily_sheet(Settings(state=settings.state)))


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    by = DailySheet(receivers=("a@b.example",), sender="a@b.example", host="127.0.0.1", port=1)
    with (
        pytest.raises(NotDone, match="says: Connection refused"),
        connected(by, None),
    ):
        pass


@pytest.mark.parametrize(
    ("more", "password", "why"),
    [
        ({"user": "hotline"}, None, "is needed if daily_sheet.user is set"),
        ({}, "secret", "is needed if daily_sheet.user is set"),
        ({"user": "hotline"}, "pässword", "of ASCII"),
        ({"user": "hotline"}, "", "of ASCII"),
        ({"user": "密"}, "secret", "of ASCII"),
        ({"user": "hotline", "encryption": "none"}, "secret", "needs encryption"),
        ({"at": "12:30"}, None, "from 01:00 to 11:59"),
        ({"at": "00:00"}, None, "from 01:00 to 11:59"),
        ({"receivers": ("a@x..example",)}, None, "mail address alone"),
        ({"receivers": ("热线 <a@b.example>",)}, None, "mail address alone"),
        ({"receivers": ()}, None, "at least 1"),
        ({"receivers": ("a@b.example\r\nBcc: c@d.example",)}, None, "receivers"),
    ],
)
def test_settings_that_cannot_work_are_refused(
    tmp_path: Path, more: dict[str, object], password: str | None, why: str
) -> None:
    mail = {"receivers": ("a@b.example",), "sender": "a@b.example", "host": "mail.example", **more}
    with pytest.raises(ValidationError, match=why):
        Settings.model_validate({"state": tmp_path, "daily_sheet": mail, "daily_sheet_password": password})
