"""Accounts and addresses that take all they get over HTTP: others get theirs meanwhile, and after it all is free."""

import json
import re
from collections.abc import Sequence
from functools import partial

import httpx
from hypothesis import strategies as st

from lab.chaos.site import Site
from lab.fuzz.crowd import Member, crowd
from lab.fuzz.others import account, new_address, signed_in, visitor
from lab.patience import until

STREAM, PICTURE, FILE, SESSION = "/api/v1/events", "/api/v1/hotline/picture?days=7", "/openapi.json", "/api/v1/session"

RIGHT = {STREAM: (200, 503), PICTURE: (200, 429, 503), FILE: (200, 503), SESSION: (401, 429, 503)}
"""What is taken, and the answers that whoever takes too much may get. A sign-in is one with a wrong password."""

MEASURES = ("wutong_event_streams", "wutong_http_connections")

OWN = 3
"""Connections of the run itself that may be open at rest."""

MOST_ADDRESSES = 20

TAKEN = st.lists(
    st.tuples(st.sampled_from(tuple(RIGHT)), st.integers(0, 1), st.integers(1, MOST_ADDRESSES), st.integers(1, 120)),
    min_size=1,
    max_size=4,
)
"""What, by which account (0: signs in as nobody, 1: as somebody), from how many addresses, how many at one time."""


async def others_get_theirs(site: Site, taken: Sequence[tuple[str, int, int, int]]) -> None:
    addresses, home, elsewhere = [new_address() for _ in range(MOST_ADDRESSES)], new_address(), new_address()
    async with (
        account(site, "users") as (name, password),
        account(site, "tokens") as (_, other),
        account(site, "tokens") as (_, first),
        account(site, "tokens") as (_, second),
        visitor(site, home) as person,
    ):
        await signed_in(person, name, password)  # from now on this is a usual network
        members = [
            Member(
                what,
                addresses[one % spread],
                site.settings.ports.http,
                _asks(what, (first, second)[who], ("nobody", name)[who]),
            )
            for what, who, spread, number in taken
            for one in range(number)
        ]
        async with crowd(members) as answers:
            for _ in range(3):
                await signed_in(person, name, password)
            for token in (other, site.token):
                async with visitor(site, elsewhere, token) as http:
                    await _served(http)
            wrong = [(what, status) for what, status in answers if status not in RIGHT[what]]
            assert not wrong, f"answered: {wrong}"
        async with visitor(site, elsewhere) as http:
            await until("rest", partial(_held, http), lambda held: held[0] == 0 and held[1] <= OWN)
        for token in (first, second):
            async with visitor(site, addresses[0], token) as http:
                await _served(http)


def _asks(what: str, token: str, name: str) -> bytes:
    body = json.dumps({"name": name, "password": "a-wrong-password"}) if what == SESSION else ""
    lines = (
        f"{'POST' if body else 'GET'} {what} HTTP/1.1",
        *("Host: localhost", "Content-Type: application/json", f"Content-Length: {len(body)}"),
        *((f"Authorization: Bearer {token}",) if what in (STREAM, PICTURE) else ()),
    )
    return "\r\n".join((*lines, "", body)).encode()


async def _served(http: httpx.AsyncClient) -> None:
    """One of each."""
    async with http.stream("GET", STREAM) as stream:
        assert stream.status_code == 200, f"no event stream: {(await stream.aread()).decode()}"
        await anext(stream.aiter_lines())
    for path in (PICTURE, FILE):
        answer = await http.get(path)
        assert answer.status_code == 200, f"{path}: {answer.text}"


async def _held(http: httpx.AsyncClient) -> list[float]:
    """By the measures: how many event streams and connections are open."""
    told = (await http.get("/metrics")).text
    return [float(re.findall(rf"^{name} (\S+)$", told, re.MULTILINE)[0]) for name in MEASURES]
