"""How many requests are answered at one time, over real sockets: half-sent bodies, one greedy account, costly work."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from starlette.background import BackgroundTask
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send
from structlog.testing import capture_logs

from accounts.limits import Shares
from base.role import Role
from commands.client import Client as Commands
from service.http import connections, turnstile
from service.http.connections import LocalServer
from tests.unit.service.fakes import DraftsHere
from tests.unit.service.http.test_connections import GET, Site, serving
from tests.unit.service.world import TOKEN

HALF_SENT = (
    b"POST /api/v1/session HTTP/1.1\r\nHost: wutong\r\nContent-Type: application/json\r\nContent-Length: 60\r\n\r\n{"
)
PICTURE = GET % b"/api/v1/hotline/picture"
QUEUES = GET % b"/api/v1/queues"


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with serving() as made:
        yield made


def post(path: bytes, body: bytes) -> bytes:
    head = (GET.replace(b"GET", b"POST") % path).removesuffix(b"\r\n")
    return head + b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body


async def test_half_sent_sign_ins_take_no_slot(site: Site) -> None:
    """225 of one address, and 222 requests with the installation's token: 208 of these got a 503 before."""
    for _ in range(225):
        await site.client(HALF_SENT)
    await site.until(lambda: site.open >= 200)
    refused = 0
    for _ in range(222):
        client = await site.client(QUEUES)
        refused += not (await client.answer()).startswith(b"HTTP/1.1 200")
        client.socket.close()
    assert (refused, await site.measured("wutong_http_refused_total")) == (0, 0)


async def test_a_body_that_comes_in_pieces_is_read_as_a_whole(site: Site) -> None:
    order = b'{"number": "12345"}'
    whole = post(b"/api/v1/calls", order)
    client = await site.client(whole[:-10])
    await site.until(lambda: site.open == 1)
    await client.send(whole[-10:])
    assert b"12345 is not a number of this hotline" in await client.answer()
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (order[:5], order[5:])) + b"0\r\n\r\n"
    head = whole[: -len(order)].replace(b"Content-Length: 19", b"Transfer-Encoding: chunked")
    assert b"12345 is not a number of this hotline" in await (await site.client(head + chunks)).answer()


async def test_chunks_without_an_end_are_refused_when_they_are_too_many(site: Site) -> None:
    head = post(b"/api/v1/calls", b"").replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
    client = await site.client(head + b"11000\r\n" + b" " * 0x11000 + b"\r\n")
    assert (await client.answer()).startswith(b"HTTP/1.1 413")


async def test_one_address_leaves_room_for_others_and_our_health_is_told(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turnstile, "MOST_REQUESTS", 5)
    busy = [await site.client(GET % b"/slow") for _ in range(3)]
    await site.until(lambda: site.working == 3)
    head, _, body = (await (await site.client(GET % b"/slow")).rest()).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 503")
    assert b"retry-after: 1" in head.lower()
    assert b"application/problem+json" in head
    assert b"3 requests are being answered, 3 of them for this account or address" in body
    busy.append(await site.client(GET % b"/slow", host="127.0.0.2"))
    await site.until(lambda: site.working == 4)
    assert (await (await site.client(QUEUES)).answer()).startswith(b"HTTP/1.1 200"), "an account has its own share"
    for path in (b"/healthz", b"/readyz", b"/metrics"):
        assert (await (await site.client(GET % path)).answer()).startswith(b"HTTP/1.1 200"), path
    assert await site.measured("wutong_http_refused_total") == 1
    site.release.set()
    for client in busy:
        assert (await client.answer()).endswith(b'"done"')
    assert (await (await site.client(GET % b"/slow")).answer()).endswith(b'"done"')


async def test_an_agent_who_wants_hundreds_of_pictures_holds_up_nobody(site: Site) -> None:
    """With 230 at once that account held every slot, for as long as they took, and 15 of 15 others got a 503."""
    drawing = site.world.pictures
    drawing.held = asyncio.Event()
    agent = PICTURE.replace(TOKEN.encode(), (await site.world.key(Role.AGENT, agent="1001")).encode())
    crowd = [await site.client(agent) for _ in range(230)]
    refused = [await crowd[number].rest() for number in range(turnstile.MOST_COSTLY, 230)]
    assert {answer[:12] for answer in refused} == {b"HTTP/1.1 429"}
    assert b"8 requests of this account that take long are under way" in refused[0]
    assert drawing.asked == turnstile.AT_ONCE
    for _ in range(15):
        assert (await (await site.client(QUEUES)).answer()).startswith(b"HTTP/1.1 200")
    other = await site.client(PICTURE)
    await site.until(lambda: drawing.asked == turnstile.AT_ONCE + 1)
    drawing.held.set()
    for client in (other, *crowd[: turnstile.MOST_COSTLY]):
        assert b"<svg " in await client.answer()


async def test_costly_work_ends_when_its_client_goes_and_so_does_waiting_for_it(site: Site) -> None:
    drawing = site.world.pictures
    drawing.held = asyncio.Event()
    crowd = [await site.client(PICTURE) for _ in range(4)]
    await site.until(lambda: drawing.asked == 2)
    crowd[2].socket.close()  # it waits for its turn
    await site.until(lambda: site.open == 3)
    crowd[0].socket.close()
    await site.until(lambda: (drawing.given_up, drawing.asked) == (1, 3))
    drawing.held.set()
    for client in (crowd[1], crowd[3]):
        assert b"<svg " in await client.answer()
    assert drawing.asked == 3, "nothing is done for the one that went while it waited"


async def test_large_bodies_that_come_in_take_no_slot_of_others(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether their length is announced or not. They have slots of their own, with a share for each account."""
    monkeypatch.setattr(turnstile, "MOST_REQUESTS", 2)
    monkeypatch.setattr(turnstile, "MOST_LARGE", 4)
    whole = post(b"/api/v1/versions", b" " * 200_000)
    chunked = whole.replace(b"Content-Length: 200000", b"Transfer-Encoding: chunked")
    pieces = chunked.partition(b"\r\n\r\n")[0] + b"\r\n\r\n11000\r\n" + b" " * 0x11000 + b"\r\n"
    for half in (whole[:100_000], pieces):
        await site.client(half)
    await site.until(lambda: site.open == 2)
    more = await (await site.client(whole)).rest()
    assert more.startswith(b"HTTP/1.1 503")
    assert b"2 requests are being answered, 2 of them for this account" in more
    assert (await (await site.client(QUEUES)).answer()).startswith(b"HTTP/1.1 200")
    for client in site.clients:
        client.socket.close()
    await site.until(lambda: site.open == 0)
    assert (await (await site.client(whole)).answer()).startswith(b"HTTP/1.1 422"), "and are free again"


async def test_rights_that_were_taken_away_before_it_was_a_requests_turn_count_no_more(site: Site) -> None:
    drawing, key = site.world.pictures, await site.world.key(Role.AGENT, agent="1001")
    drawing.held = asyncio.Event()
    picture = PICTURE.replace(TOKEN.encode(), key.encode())
    crowd = [await site.client(picture) for _ in range(3)]
    await site.until(lambda: drawing.asked == 2 and site.slow_since() == [None] * 3)
    assert (await (await site.client(QUEUES)).answer()).startswith(b"HTTP/1.1 200"), "now the third one waits"
    await site.world.accounts.directory.revoke("key-0")
    drawing.held.set()
    for client in crowd[:2]:
        assert b"<svg " in await client.answer()
    assert (await crowd[2].answer()).startswith(b"HTTP/1.1 401")
    assert drawing.asked == 2


async def test_what_costly_work_does_after_its_last_byte_is_not_given_up() -> None:
    """uvicorn says `http.disconnect` after a whole answer, too, though the client is there."""
    told, done = asyncio.Event(), list[str]()

    async def receive() -> Message:
        if not told.is_set() and not done:
            done.append("read")
            return {"type": "http.request", "body": b"", "more_body": False}
        await told.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            told.set()

    async def route(scope: Scope, receive: Receive, send: Send) -> None:
        await Response("drawn", background=BackgroundTask(tidy))(scope, receive, send)

    async def tidy() -> None:
        for _ in range(10):
            await asyncio.sleep(0)
        done.append("tidied")

    scope = {"type": "http", "path": "/picture", "method": "GET", "headers": [], "state": {"costly": True}}
    await turnstile.Turnstile().before(route)(scope, receive, send)
    assert done == ["read", "tidied"]


async def test_work_on_a_large_draft_is_given_up_when_its_client_goes(site: Site) -> None:
    drafting = site.world.drafts
    assert isinstance(drafting, DraftsHere)
    drafting.held = asyncio.Event()
    text = b"#" * 300_000  # more than is read ahead of other requests
    body = b'{"files": {"hotline.yaml": "%s", "agents.yaml": ""}, "days": 7}' % text
    client = await site.client(post(b"/api/v1/drafts/replay", body))
    await site.until(lambda: len(drafting.asked) == 1)
    assert drafting.given_up == 0
    client.socket.close()
    await site.until(lambda: drafting.given_up == 1)


async def test_the_command_line_has_a_door_that_no_crowd_at_the_port_closes(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every connection and every slot at the port is taken by requests that were sent whole."""
    monkeypatch.setattr(connections, "MOST_CONNECTIONS", 5)
    deep = tmp_path / ("a deep state folder " * 6) / "run"
    deep.mkdir(parents=True)
    door = LocalServer(site.world.app(), deep / "http.sock")
    running = asyncio.create_task(door.serve())
    await door.wait_started()
    for number in range(5):
        await site.client(GET % b"/slow", host=f"127.0.0.{number + 2}")
    await site.until(lambda: site.working == 5)
    host, port = site.address
    assert (deep / "http.sock").stat().st_mode & 0o777 == 0o600
    commands = Commands(f"http://{host}:{port}", TOKEN, deep / "http.sock")
    monkeypatch.setattr(turnstile, "MOST_REQUESTS", 5)
    for _ in range(3):
        assert await (await site.client(QUEUES)).rest() == b""
        assert await asyncio.to_thread(commands.people) == []
    (entry,) = await site.world.accounts.audit.list(None, "users-listed", 0, 10)
    assert entry.address == "local"
    door.should_exit = True
    await running


async def test_large_bodies_at_the_port_keep_none_from_that_door(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turnstile, "MOST_LARGE", 0)
    door = LocalServer(site.world.app(), tmp_path / "http.sock")
    running = asyncio.create_task(door.serve())
    await door.wait_started()
    whole = post(b"/api/v1/versions", b" " * 200_000)
    assert (await (await site.client(whole)).rest()).startswith(b"HTTP/1.1 503")
    reader, writer = await asyncio.open_unix_connection(tmp_path / "http.sock")
    writer.write(whole)
    assert (await reader.readline()).startswith(b"HTTP/1.1 422")
    writer.close()
    door.should_exit = True
    await running


async def test_without_that_door_commands_use_the_port(site: Site, tmp_path: Path) -> None:
    """A service of an earlier version has none; of a killed one the socket is left."""
    host, port = site.address
    for left in (False, True):
        if left:
            door = LocalServer(site.world.app(), tmp_path / "http.sock")
            running = asyncio.create_task(door.serve())
            await door.wait_started()
            door.should_exit = True
            await running
            assert (tmp_path / "http.sock").exists()
        commands = Commands(f"http://{host}:{port}", TOKEN, tmp_path / "http.sock")
        assert await asyncio.to_thread(commands.people) == []


async def test_where_no_socket_can_be_made_the_service_goes_on_without(site: Site, tmp_path: Path) -> None:
    door = LocalServer(site.world.app(), tmp_path / "no folder" / "http.sock")
    with capture_logs() as logs:
        running = asyncio.create_task(door.serve())
        await door.wait_started()
    door.should_exit = True
    await running
    assert [line["event"] for line in logs] == ["no-local-door"]


def taken(shares: Shares, who: str, most: int) -> int:
    """How many slots this one holds who takes all that there are."""
    while shares.admits(who, most):
        shares.take(who)
    return shares.of(who)


def test_one_alone_gets_half_and_whoever_holds_none_gets_one_as_long_as_there_are_any() -> None:
    shares = Shares()
    assert [taken(shares, who, 100) for who in "abc"] == [50, 25, 13]
    assert shares.taken == 88
    for number in range(12):
        assert shares.admits(f"newcomer {number}", 100)
        shares.take(f"newcomer {number}")
    assert not shares.admits("the last", 100)
    assert shares.admits("the last", 101), "there may be more for some"
    for _ in range(50):
        shares.give_back("a")
    assert (shares.taken, shares.of("a")) == (50, 0)
    assert "a" not in shares._held
