"""A stranger holds half-sent sign-ins, an agent asks for hundreds of pictures: others, and the command line, get in."""

import sys

import httpx

from lab.attacks.crowd import crowd
from lab.patience import PATIENCE
from settings import secrets
from tests.integration.command import Wutong

HALF_SENT = (
    b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 60\r\n\r\n{"
)
REQUESTS = 222


async def refused(wutong: Wutong) -> int:
    """How many of so many requests with the installation's token, one after the other, are not answered."""
    token = secrets.obtain(wutong.folder).token.get_secret_value()
    url, headers = f"http://127.0.0.1:{wutong.base}/api/v1/queues", {"Authorization": f"Bearer {token}"}
    wrong = 0
    for _ in range(REQUESTS):
        async with httpx.AsyncClient(timeout=PATIENCE) as http:
            wrong += (await http.get(url, headers=headers)).status_code != 200
    return wrong


async def commanded(wutong: Wutong) -> None:
    """Commands that somebody needs just then."""
    for command in ("user list", "emergency", "drain --off"):
        status, said = await wutong.run(command)
        assert status == 0, said


async def test_a_crowd_at_the_http_port_shuts_out_neither_others_nor_the_command_line(wutong: Wutong) -> None:
    await wutong.up()
    assert wutong.folder.door.stat().st_mode & 0o777 == 0o600
    status, made = await wutong.run_in("token", "add", "desk", "--role", "agent", "--agent", "1001")
    assert status == 0, made
    async with crowd(wutong.base, 225, sends=HALF_SENT):
        wrong = await refused(wutong)
        sys.stdout.write(f"225 half-sent sign-ins: {wrong} of {REQUESTS} requests refused\n")
        assert wrong == 0
        await commanded(wutong)
    head = f"Host: localhost\r\nAuthorization: Bearer {made.split()[0]}\r\n\r\n"
    # more than may be open at one time, each with a whole request
    async with crowd(wutong.base, 600, sends=f"GET /api/v1/hotline/picture?days=7 HTTP/1.1\r\n{head}".encode()):
        await commanded(wutong)
