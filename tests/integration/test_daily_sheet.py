"""The daily sheet by mail, from the whole service: it is mailed in the morning, and once, whatever restarts."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from lab import certificates
from lab.patience import until
from tests.integration.world import World, world
from tests.unit.daily.mail_server import MailServer, mail_server


def where_it_is_six() -> str:
    """A time zone in which it is between six and seven in the morning. Etc/GMT-8 is eight hours ahead of UTC."""
    ahead = 6 - datetime.now(UTC).hour
    return f"Etc/GMT{'-' if ahead >= 0 else '+'}{abs(ahead)}" if ahead >= -12 else f"Etc/GMT-{ahead + 24}"


@pytest.fixture
async def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[MailServer]:
    files = certificates.make(tmp_path, "mail")
    monkeypatch.setenv("SSL_CERT_FILE", str(files[0]))
    async with mail_server(files) as made:
        yield made


@pytest.fixture
def logs() -> Iterator[list[Any]]:
    with capture_logs() as made:
        yield made


@pytest.fixture
async def hotline(
    logs: list[Any], tmp_path: Path, hotline_folder: Path, sounds: Path, server: MailServer
) -> AsyncIterator[World]:
    file = hotline_folder / "hotline.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("timezone: Asia/Shanghai", f"timezone: {where_it_is_six()}"), encoding="utf-8")
    mail: dict[str, Any] = {"at": "01:00", "receivers": ["office@city.example"], "sender": "hotline@city.example"}
    mail |= {"host": "127.0.0.1", "port": server.port, "user": server.user, "language": "en"}
    folders = tmp_path / "state", hotline_folder, sounds
    async with world(*folders, daily_sheet=mail, daily_sheet_password=server.password) as made:
        yield made


async def test_it_is_mailed_once(logs: list[Any], hotline: World, server: MailServer) -> None:
    async def page() -> str:
        return (await hotline.http.get("/metrics")).text

    async def told() -> list[str]:
        return [line["day"] for line in logs if line["event"] == "sheet-mailed"]

    [day] = await until("the mail", told, bool)
    [mail] = server.mails
    assert day in mail["Subject"]
    body = mail.get_body()
    assert body is not None
    assert "Offered: – (day before – · week before –)" in body.get_content()
    assert "wutong_daily_sheet_unsent 0.0" in await page()
    await hotline.stop_service()
    server.accepted.clear()
    await hotline.start_service()
    with pytest.raises(TimeoutError):  # a mail takes two seconds
        async with asyncio.timeout(8):
            await server.accepted.wait()
    assert await told() == [day]
    assert "wutong_daily_sheet_unsent 0.0" in await page()
