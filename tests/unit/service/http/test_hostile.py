"""What somebody with a little right, or with none any more, tries over HTTP."""

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from starlette.types import Message, Receive
from structlog.testing import capture_logs

from accounts.model import Person, Session
from accounts.roles import ROUTES
from agents.states import AgentState
from base.role import Role
from journal.records import Kind, Record
from lab.patience import PATIENCE
from service.http import admission
from service.http import app as description
from service.http.admission import API, Why
from tests.unit.desk import HOTLINE
from tests.unit.service.world import PASSWORD, TOKEN, World, waiting_call

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
        await asyncio.wait_for(asked.wait(), PATIENCE)
        await taking
        whole.set()
        assert await sending == 401
        assert world.desk.agent_view("1001").state is AgentState.LOGGED_OUT


# -- callers' numbers -------------------------------------------------------------------------------------------------

NUMBER = "13800000000"
MASKED = "138******00"


async def told(world: World, secret: str) -> dict[str, str]:
    """Every answer to every GET of the API and of health, by its path."""
    async with world.client(secret) as client:
        paths = [path for method, path in ROUTES if method == "GET" and path != "/events"]
        paths = [
            path.format(
                queue_id="greening",
                agent_id="1001",
                call_id="c1",
                message_id="c1",
                recording_id="c1.o1",
                kind="queues",
                earlier_id="c0",
                prompt_id="3f2a91c0",
                key="0b7c5a0d2f4e6918",
                number="1",
                take="0" * 32,
                sound_id="0" * 16,
            )
            for path in paths
            if "name" not in path
        ]
        answers = {path: (await client.get(API + path)).text for path in paths}
        others = {path: (await client.get(path)).text for path in ("/metrics", "/readyz")}
    return answers | others


def seeing(answers: dict[str, str]) -> set[str]:
    return {path for path, text in answers.items() if NUMBER in text}


CALLS = {"/calls", "/calls/c1"}
QUEUED = CALLS | {"/queues/greening/callers"}
TALKED = CALLS | {"/agents/1001/calls"}


@pytest.mark.parametrize(
    ("roles", "account", "sees"),
    [
        ({Role.ADMINISTRATOR}, {}, QUEUED),
        ({Role.SUPERVISOR}, {}, QUEUED),
        ({Role.SUPERVISOR}, {"queues": ["greening"]}, QUEUED),
        ({Role.SUPERVISOR}, {"queues": ["general"]}, set()),
        ({Role.DEPARTMENT}, {"queues": ["greening"]}, QUEUED),
        ({Role.DEPARTMENT}, {"departments": ["gas"]}, set()),
        ({Role.OPERATIONS}, {}, set()),
        ({Role.AGENT}, {"agent": "1001"}, CALLS),
        ({Role.AGENT}, {"agent": "1002"}, set()),
        ({Role.AGENT, Role.OPERATIONS}, {"agent": "1002"}, set()),
    ],
)
async def test_which_role_sees_a_callers_number(roles: set[Role], account: dict[str, Any], sees: set[str]) -> None:
    """The call rings for the agent 1001 from the queue greening."""
    world = World()
    world.note(*waiting_call("c1"))
    secret = await world.key(*roles, **account)
    assert seeing(await told(world, secret)) == sees


async def test_an_agent_sees_the_number_while_the_call_is_the_agents_work_and_then_masked() -> None:
    world = World()
    world.note(*waiting_call("c1"))
    secret = await world.key(Role.AGENT, agent="1001")
    at = 1_700_000_010.0
    assert seeing(await told(world, secret)) == CALLS, "it rings"
    world.note(Record(at, Kind.CONNECTED, "c1", "greening", "1001", "o1", {"waited_s": 5.0, "in_service_level": True}))
    assert seeing(await told(world, secret)) == TALKED, "they talk"
    world.desk.seat("1001", "c1", state=AgentState.WRAP_UP, until=world.now + 20)
    world.note(Record(at + 1, Kind.TALK_ENDED, "c1", "greening", "1001", data={"by": "caller", "talked_s": 1.0}))
    world.note(Record(at + 2, Kind.CALL_FINISHED, "c1", data={"by": "caller"}))
    assert seeing(await told(world, secret)) == TALKED, "the agent writes down what it was about"
    world.desk.seat("1001", state=AgentState.READY)
    answers = await told(world, secret)
    assert seeing(answers) == set()
    assert all(MASKED in answers[path] for path in TALKED), "the call itself is still the agent's"
    assert seeing(await told(world, await world.key(Role.AGENT, Role.SUPERVISOR, agent="1002"))) == TALKED
    assert seeing(await told(world, TOKEN)) == TALKED


async def test_a_number_that_is_asked_for_is_masked_in_the_audit() -> None:
    world = World()
    async with world.client() as client:
        await client.get(f"{API}/calls/{NUMBER}")
        await client.get(f"{API}/calls?caller={NUMBER}")
        await client.get(f"{API}/calls/18c2f0a1b2c-0a1b2c3d")
    entries = await world.accounts.audit.list(None, None, 0, 10)
    assert [(entry.target, entry.detail) for entry in entries][::-1] == [
        (f"/calls/{MASKED}", ""),
        ("/calls", f"caller={MASKED}"),
        ("/calls/18c2f0a1b2c-0a1b2c3d", ""),
    ]


@pytest.mark.parametrize("written", ["138%200000%200000", "138+0000+0000", "%31%33%38%30%30%30%30%30%30%30%30"])
async def test_it_is_masked_however_the_address_writes_it(written: str) -> None:
    world = World()
    async with world.client() as client:
        assert (await client.get(f"{API}/calls?queue=gas&caller={written}")).status_code == 200
    (entry,) = await world.accounts.audit.list(None, "calls-listed", 0, 10)
    begin, _, shown = entry.detail.partition("caller=")
    assert begin == "queue=gas&"
    assert shown.startswith("138")
    assert shown.endswith("00")
    assert "*" in shown
    assert sum(character.isdecimal() for character in shown) == 5


async def test_an_ampersand_within_a_filter_makes_no_second_one_in_the_audit() -> None:
    world = World()
    async with world.client() as client:
        await client.get(f"{API}/calls?queue=gas%26limit=1")
    (entry,) = await world.accounts.audit.list(None, "calls-listed", 0, 10)
    assert entry.detail == "queue=gas%26limit=1"


async def test_a_citizens_number_that_an_agent_wants_to_dial_is_masked_in_the_audit() -> None:
    """Agents may dial few numbers. Who tries to call a citizen back is refused, and the audit is kept for a year."""
    world = World()
    world.note(*waiting_call("c1"))
    agent = await world.key(Role.AGENT, agent="1001")
    text = HOTLINE.replace("{queue: greening}", f'{{queue: "{NUMBER}"}}')
    (world.settings.hotline / "hotline.yaml").write_text(text, encoding="utf-8")
    async with world.client(agent) as client, world.client() as administrator:
        statuses = [
            (await client.post(f"{API}/agents/1001/dial", json={"number": NUMBER})).status_code,
            (await client.put(f"{API}/calls/{NUMBER}/wrap-up", json={"code": "done"})).status_code,
            (await administrator.post(f"{API}/reload")).status_code,
        ]
    entries = (await world.accounts.audit.list(None, None, 0, 10))[::-1]
    assert statuses == [422, 404, 422]
    assert not [entry for entry in entries if NUMBER in f"{entry.target} {entry.detail}"]
    assert [entry.target for entry in entries if MASKED in entry.target] == [f"/calls/{MASKED}/wrap-up"]
    assert len([entry for entry in entries if MASKED in entry.detail]) == 2


async def test_who_reads_the_hotlines_files_is_in_the_audit() -> None:
    """A list of callers may stand in them."""
    world = World()
    world.starts()
    secret = await world.key(Role.SUPERVISOR)
    async with world.client(secret) as client:
        assert (await client.get(f"{API}/versions/1/files")).status_code == 200
    (entry,) = await world.accounts.audit.list(None, "files-read", 0, 10)
    assert (entry.actor, entry.target, entry.status) == ("token:key-0", "/versions/1/files", 200)


# -- the audit --------------------------------------------------------------------------------------------------------


async def test_what_was_read_cannot_be_hidden_in_the_audit_behind_a_long_query() -> None:
    world = World()
    async with world.client() as client:
        twice = await client.get(f"{API}/calls?{'limit=1&' * 60}limit=1000&queue=greening")
        long = await client.get(f"{API}/calls?limit={'0' * 400}1000&queue=greening")
    assert (twice.status_code, long.status_code) == (400, 200)
    assert "limit" in twice.json()["detail"]
    (entry, _) = await world.accounts.audit.list(None, "calls-listed", 0, 10)
    assert entry.detail.endswith("…&queue=greening"), "what was cut can be seen, and the rest is there"


async def test_nobody_buries_an_entry_of_the_audit_under_others() -> None:
    world = World()
    secret = await world.key(Role.AGENT, agent="1001")
    async with world.client() as client, world.client(secret) as agent:
        await agent.get(f"{API}/calls/deed")
        for number in range(30):
            world.now += 0.1004
            await agent.get(f"{API}/calls/c{number}")
        seen, filters = set[str](), {"what": "call-read", "limit": "10"}
        for _ in range(5):
            page = (await client.get(f"{API}/audit", params=filters)).json()
            seen |= {entry["target"] for entry in page}
            filters["until"] = page[-1]["at"]
    assert seen == {"/calls/deed", *(f"/calls/c{number}" for number in range(30))}


async def test_a_change_is_in_the_audit_whole() -> None:
    world = World()
    queues = [f"queue-{number:03}-{'x' * 30}" for number in range(200)]
    wanted = {
        "name": "wang",
        "roles": ["agent", "supervisor"],
        "queues": queues,
        "departments": ["gas"],
        "agent": "1001",
    }
    async with world.client() as client:
        assert (await client.post(f"{API}/users", json=wanted)).status_code == 201
    (entry,) = await world.accounts.audit.list(None, "user-added", 0, 10)
    assert queues[-1] in entry.detail
    assert entry.detail.endswith("departments=gas agent=1001")


async def test_a_dry_run_is_told_from_the_deed() -> None:
    world = World()
    async with world.client() as client:
        for dry_run in (True, False):
            await client.post(f"{API}/privacy/forget", json={"number": NUMBER, "dry_run": dry_run})
            await client.post(f"{API}/privacy/purge", json={"dry_run": dry_run})
    entries = await world.accounts.audit.list(None, None, 0, 10)
    assert [(entry.what, entry.detail) for entry in entries][::-1] == [
        ("number-forgotten", "dry_run"),
        ("purge", "dry_run"),
        ("number-forgotten", ""),
        ("purge", ""),
    ]


# -- what grows -------------------------------------------------------------------------------------------------------


async def test_wrong_tokens_from_ever_new_addresses_do_not_flood_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """The log's files are bounded: a flood would push out what they have. One customer has 2^64 addresses of IPv6."""
    monkeypatch.setattr(admission, "MOST_ADDRESSES", 10)
    world = World()
    app = world.app()
    with capture_logs() as logs:
        for number in range(60):
            for address in (f"203.0.113.{number}", f"2001:db8::{number:x}"):
                transport = httpx.ASGITransport(app, client=(address, 4_000))
                async with httpx.AsyncClient(transport=transport, base_url="http://wutong") as client:
                    answer = await client.get(f"{API}/queues", headers={"Authorization": "Bearer guessed"})
                    assert answer.status_code == 401
    lines = [line["address"] for line in logs if line["event"] == "token-refused"]
    assert len(lines) == 10
    assert len([line for line in lines if ":" in line]) == 1, "of a /64 one"
    assert world.admission.refused[Why.TOKEN] == 120, "they are counted all the same"


async def test_a_list_of_all_people_does_not_hold_up_the_loop() -> None:
    """It is made on the loop that answers calls."""
    world = World()
    for number in range(1_500):
        await world.accounts.directory.add(
            Person(name=f"p{number}", roles=frozenset({Role.OPERATIONS}), password=None, created=0.0, password_set=0.0)
        )
    for number in range(1_500):
        await world.accounts.sessions.begin(f"p{number}", "127.0.0.1")
    looks = 0
    of = world.accounts.sessions.of

    def counted(name: str) -> list[Session]:
        nonlocal looks
        looks += 1
        return of(name)

    world.accounts.sessions.of = counted  # type: ignore[method-assign]
    async with world.client() as client:
        listed = (await client.get(f"{API}/users")).json()
    assert [person["sessions"] for person in listed] == [1] * 1_500
    assert looks <= 1, "each looks at all sessions there are"


async def test_pages_that_anybody_may_ask_for_cost_next_to_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reference takes tens of milliseconds to make, on the loop that answers calls; 200 may ask at one time."""
    world = World()
    made: list[str] = []
    page, exposition = description.page, world.metrics.exposition

    def counted(openapi: Mapping[str, Any]) -> str:
        made.append("/docs")
        return page(openapi)

    def measured() -> bytes:
        made.append("/metrics")
        return exposition()

    monkeypatch.setattr(description, "page", counted)
    monkeypatch.setattr(world.metrics, "exposition", measured)
    async with world.client(token=None) as client:
        for path, most in (("/docs", 1), ("/metrics", 5)):
            answers = await asyncio.gather(*(client.get(path) for _ in range(50)))
            assert {answer.status_code for answer in answers} == {200}
            assert len({answer.text for answer in answers}) == 1
            assert 1 <= made.count(path) <= most
        world.dropped = 7
        assert "wutong_journal_dropped_total 7.0" in (await client.get("/metrics")).text, "never an old one"
        described = [(await client.get("/openapi.json")).content for _ in range(2)]
    assert described[0] == described[1]


async def test_a_crowd_that_asks_whether_we_are_ready_asks_the_database_once() -> None:
    """It would take all of its connections, and the routes of people who may ask would wait for one."""
    world = World()
    asked = 0

    async def slow() -> str | None:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0.02)
        return f"away {asked}"

    world.checks["database"] = slow
    async with world.client(token=None) as client:
        answers = await asyncio.gather(*(client.get("/readyz") for _ in range(50)))
        assert {answer.status_code for answer in answers} == {503}
        assert asked == 1
        assert "away 2" in (await client.get("/readyz")).text, "and who comes later gets a new answer"
