"""The event stream over sockets: who gets one, how many there may be, and a client that does not read."""

from collections.abc import AsyncIterator

import pytest

from base.role import Role
from events import broadcast
from service.http import connections
from tests.unit.service.http.test_connections import GET, Client, Site, serving
from tests.unit.service.world import TOKEN


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with serving() as made:
        yield made


EVENTS = GET % b"/api/v1/events"


async def until(client: Client, words: bytes) -> bytes:
    """What arrives, up to those words."""
    got = b""
    while words not in got:
        more = await client.receive()
        assert more, got
        got += more
    return got


async def test_the_stream_over_http(site: Site) -> None:
    client = await site.client(EVENTS)
    head, _, body = (await until(client, b"\n\n")).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    assert b"content-type: text/event-stream" in head.lower()
    assert b"cache-control: no-store" in head.lower()
    assert b"event: state" in body
    site.board(7)
    assert b'"missed_offers":7' in await until(client, b"event: changes")
    assert await site.measured("wutong_event_streams") == 1
    client.socket.close()
    await site.until(lambda: site.world.broadcast.streams == 0)


async def test_a_stream_is_in_the_audit_as_soon_as_it_begins(site: Site) -> None:
    """It tells callers' numbers."""
    await until(await site.client(EVENTS), b"\n\n")
    (entry,) = await site.world.accounts.audit.list(None, "events-watched", 0, 10)
    assert (entry.target, entry.status) == ("/events", 200)


async def test_without_the_token_no_stream(site: Site) -> None:
    client = await site.client(EVENTS.replace(TOKEN.encode(), b"wrong"))
    assert (await client.answer()).startswith(b"HTTP/1.1 401")


async def agents(site: Site, *ids: str) -> list[bytes]:
    """A request for a stream by each of these agents."""
    return [EVENTS.replace(TOKEN.encode(), (await site.world.key(Role.AGENT, agent=each)).encode()) for each in ids]


async def test_one_stream_too_many_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcast, "MOST_STREAMS", 2)
    one, other, third = await agents(site, "1001", "1002", "1001")
    first = await site.client(one)
    await until(first, b"\n\n")
    await until(await site.client(other), b"\n\n")
    refused = await (await site.client(third)).answer()
    assert refused.startswith(b"HTTP/1.1 503")
    assert b"There are 2 event streams, 0 of them of this account" in refused
    assert await site.measured("wutong_event_streams_refused_total") == 1
    first.socket.close()
    await site.until(lambda: site.world.broadcast.streams == 1)
    await until(await site.client(third), b"\n\n")


async def test_two_accounts_leave_streams_for_others_and_administrators_have_their_own(site: Site) -> None:
    """Two accounts held all 50, and an administrator got none."""
    greedy = await agents(site, "1001", "1002")
    told = list[bytes]()
    for wanted in greedy * 30:
        told.append((await until(await site.client(wanted), b"\r\n\r\n"))[9:12])
    assert told == [b"200"] * 34 + [b"503"] * 26, "two accounts get a third each, and leave a third"
    for one in await agents(site, *["1001"] * 16):
        await until(await site.client(one), b"\n\n")
    (late,) = await agents(site, "1002")
    assert (await (await site.client(late)).answer()).startswith(b"HTTP/1.1 503")
    assert site.world.broadcast.streams == broadcast.MOST_STREAMS
    for _ in range(5):
        await until(await site.client(EVENTS), b"\n\n")


async def test_of_a_crowd_that_comes_at_once_only_so_many_get_a_stream(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broadcast, "MOST_STREAMS", 2)
    crowd = [await site.client() for _ in range(6)]
    for client, wanted in zip(crowd, await agents(site, *["1001"] * 6), strict=True):
        client.socket.send(wanted)  # not awaited: the server reads all of them in one turn of the loop
    heads = [await until(client, b"\r\n\r\n") for client in crowd]
    assert sorted(head[9:12] for head in heads) == [b"200"] * 2 + [b"503"] * 4


async def test_a_stuck_client_is_cut_and_the_others_hear_on(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "READ_S", 0.3)
    monkeypatch.setattr(broadcast, "EVERY", 0.0)
    agents = site.world.desk.hotline.agents
    site.world.desk.change(agents={"1001": agents["1001"].model_copy(update={"name": "x" * 50_000})})
    await site.client(EVENTS, window=4096)
    hearing = await site.client(EVENTS)
    await site.until(lambda: site.world.broadcast.streams == 2)
    missed = 0
    while site.server.crowd.cuts.total() == 0:
        missed += 1
        assert missed < 10_000
        site.board(missed)
        await until(hearing, f'"missed_offers":{missed},'.encode())
        unsent = [member.transport.get_write_buffer_size() for member in site.server.crowd.members]
        assert max(unsent) < 200_000  # the message that waits, and no other one
    await site.until(lambda: site.world.broadcast.streams == 1)
    assert site.server.crowd.cuts == {"slow-reader": 1}
    site.board(12_345)
    await until(hearing, b'"missed_offers":12345,')


async def test_a_stop_ends_the_streams_in_order(site: Site) -> None:
    client = await site.client(EVENTS)
    await until(client, b"\n\n")
    site.world.broadcast.close()
    await until(client, b"0\r\n\r\n")
    assert (await (await site.client(EVENTS)).answer()).startswith(b"HTTP/1.1 503")
