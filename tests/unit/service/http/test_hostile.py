"""What somebody with a little right, or with none any more, tries over HTTP."""

import asyncio

from starlette.types import Message, Receive

from accounts.model import Role
from agents.states import AgentState
from service.http.admission import API
from tests.unit.service.world import PASSWORD, World

STATE = f"{API}/agents/1001/state"


async def answered(world: World, path: str, headers: dict[str, str], receive: Receive) -> int:
    """The status of a PUT whose body comes as `receive` gives it."""
    status = 0

    async def send(message: Message) -> None:
        nonlocal status
        status = message.get("status", status)

    told = {"host": "wutong", "content-type": "application/json", **headers}
    scope = {
        "type": "http",
        "method": "PUT",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in told.items()],
        "scheme": "http",
        "http_version": "1.1",
        "client": ("192.0.2.1", 4_000),
        "server": ("127.0.0.1", 8_080),
        "root_path": "",
    }
    await world.app()(scope, receive, send)
    return status


async def test_rights_that_end_while_the_body_is_on_its_way_are_no_rights() -> None:
    """A request may take seconds to send its body. It counts when it is whole, not when its head was read."""
    world = World()
    await world.person("wang", Role.SUPERVISOR)
    token = await world.key(Role.SUPERVISOR)
    async with world.client(token=None) as own:
        signed_in = await own.post(f"{API}/session", json={"name": "wang", "password": PASSWORD})
    session = {
        "cookie": signed_in.headers["Set-Cookie"].partition(";")[0],
        "x-csrf-token": signed_in.json()["csrf"],
    }
    change, revoke = world.accounts.directory.change, world.accounts.directory.revoke
    for headers, taking in (
        (session, change("wang", roles=frozenset({Role.DEPARTMENT}))),
        ({"authorization": f"Bearer {token}"}, revoke("key-0")),
    ):
        asked, whole = asyncio.Event(), asyncio.Event()

        async def body(asked: asyncio.Event = asked, whole: asyncio.Event = whole) -> Message:
            asked.set()
            await whole.wait()
            return {"type": "http.request", "body": b'{"state": "not-ready"}', "more_body": False}

        sending = asyncio.create_task(answered(world, STATE, headers, body))
        await asyncio.wait_for(asked.wait(), 5)
        await taking
        whole.set()
        assert await sending == 401
        assert world.agents.views["1001"].state is AgentState.LOGGED_OUT
