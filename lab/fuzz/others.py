"""The others: a citizen who calls, and people who ask over HTTP. No attack may shut them out."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import httpx

from lab.chaos.site import Site
from lab.fuzz.ports import HOST
from lab.patience import PATIENCE, patience, until

REST_EVERY = 1.0
"""Seconds between two looks at Asterisk's channels."""

numbers = itertools.count()
"""For names and addresses that must be new in this run."""


def new_address() -> str:
    """An address of loopback that nobody has had: no wrong password was ever sent from it."""
    number = next(numbers)
    return f"127.{1 + number // 50_000 % 250}.{1 + number // 250 % 200}.{1 + number % 250}"


def visitor(site: Site, address: str, token: str = "") -> httpx.AsyncClient:
    """Asks from that address. `token`: as whom; empty: as nobody."""
    return httpx.AsyncClient(
        base_url=f"http://{HOST}:{site.settings.ports.http}",
        headers={"Authorization": f"Bearer {token}"} if token else {},
        transport=httpx.AsyncHTTPTransport(local_address=address, limits=httpx.Limits(max_keepalive_connections=0)),
        timeout=PATIENCE,
    )


@asynccontextmanager
async def account(site: Site, kind: str) -> AsyncIterator[tuple[str, str]]:
    """A supervisor for the block, one of `users` or `tokens`: the name, and the password or the token."""
    name = f"other-{next(numbers)}"
    async with visitor(site, HOST, site.token) as admin:
        adding = partial(admin.post, f"/api/v1/{kind}", json={"name": name, "roles": ["supervisor"]})
        made = await until("an account", adding, lambda answer: answer.status_code != 503)  # passwords are compared
        told = made.raise_for_status().json()
        try:
            yield name, told["token"] if kind == "tokens" else told["password"]
        finally:
            (await admin.delete(f"/api/v1/{kind}/{name}")).raise_for_status()


async def signed_in(http: httpx.AsyncClient, name: str, password: str) -> None:
    """Raises AssertionError."""
    answer = await http.post("/api/v1/session", json={"name": name, "password": password})
    assert answer.status_code == 201, f"the sign-in: {answer.text}"


async def greeted(site: Site, address: str = HOST) -> None:
    """A citizen calls from that address, and hears the hotline. Raises Late, CallFailed."""
    async with visitor(site, HOST, site.token) as http:  # a route tried by chance may have turned callers away
        (await http.put("/api/v1/drain", json={"on": False})).raise_for_status()
    number = f"139{next(numbers):08}"  # one number has a limit of calls
    async with site.citizen(number, address) as phone, patience("a greeting"):
        call = await phone.dial("12319")
        await call.hears_speech()
        await call.hang_up()


async def calls_ended(site: Site) -> None:
    """End all calls. Left alone, a call whose phone was never there would end after 32 s without an ACK, and 32 s
    without an answer to the BYE.
    """
    async with patience("the end of all channels"):
        while (await site.channels()).strip():
            await site.asterisk.command("channel request hangup all")
            await asyncio.sleep(REST_EVERY)
