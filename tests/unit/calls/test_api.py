"""Calls over HTTP: what is told of them, and placing them."""

import asyncio

import pytest

from base.role import Role
from calls.api import whole_story
from calls.model import fold
from journal.actor import Actor
from journal.records import Kind, Record
from tests.unit.archive import past
from tests.unit.desk import editions
from tests.unit.faketime import fake_time, passes
from tests.unit.service.calling import hall
from tests.unit.service.world import World, waiting_call
from web.fields import iso


async def test_a_live_call_and_its_story() -> None:
    world = World()
    world.note(*waiting_call())
    async with world.client() as client:
        listed = (await client.get("/api/v1/calls")).json()
        told = (await client.get("/api/v1/calls/c1")).json()
    call = {
        "id": "c1",
        "direction": "in",
        "state": "ringing",
        "caller": "13800000000",
        "number": "12319",
        "language": "zh",
        "queue": "greening",
        "agent": "1001",
        "sub_hotline": None,
        "started": "2023-11-14T22:13:20.000+00:00",
        "queued": "2023-11-14T22:13:22.000+00:00",
        "answered": None,
        "ended": None,
        "outcome": None,
        "code": None,
        "held": None,
        "consulted": None,
        "recording": None,
        "path": "1",
        "test": False,
    }
    assert listed == [{**call, "code_name": None}]
    story = told.pop("story")
    assert told.pop("way") == [{"key": "1", "menu": None, "name": {"zh": "绿化", "en": "Greening"}}]
    assert [told.pop(name) for name in ("talks", "transfers", "wrap_ups")] == [[], [], []]
    assert told == call
    assert [step["kind"] for step in story] == ["call-started", "key-pressed", "queued", "offered"]
    assert story[1] == {"at": "2023-11-14T22:13:21.000+00:00", "kind": "key-pressed", "key": "1", "menu": "main"}
    assert story[3] == {
        "at": "2023-11-14T22:13:23.000+00:00",
        "kind": "offered",
        "queue": "greening",
        "agent": "1001",
        "offer": "o1",
        "ring": 15.0,
        "step": 0,
    }


async def test_a_step_that_a_person_caused_says_who() -> None:
    world = World()
    world.note(*(step._replace(actor=Actor.token("local")) for step in waiting_call()[:1]), *waiting_call()[1:])
    async with world.client() as client:
        story = (await client.get("/api/v1/calls/c1")).json()["story"]
    assert [step.get("actor") for step in story] == ["token:local", None, None, None]


async def test_a_test_call_is_told_as_one() -> None:
    world = World()
    world.note(*(step._replace(data={**step.data, "test": True}) for step in waiting_call()))
    async with world.client() as client:
        (listed,) = (await client.get("/api/v1/calls")).json()
        told = (await client.get("/api/v1/calls/c1")).json()
    assert (listed["test"], told["test"]) == (True, True)
    assert [step["test"] for step in told["story"]] == [True] * 4


async def test_an_outcome_is_told_at_the_end_only() -> None:
    world = World()
    world.note(*waiting_call(), Record(1_700_000_010.0, Kind.CONNECTED, "c1", "greening", "1001", "o1"))
    async with world.client() as client:
        assert (await client.get("/api/v1/calls/c1")).json()["outcome"] is None
        world.note(Record(1_700_000_060.0, Kind.CALL_FINISHED, "c1", data={"by": "caller"}))
        ended = (await client.get("/api/v1/calls/c1")).json()
    assert (ended["state"], ended["outcome"]) == ("ended", "answered")
    assert (ended["answered"], ended["ended"]) == ("2023-11-14T22:13:30.000+00:00", "2023-11-14T22:14:20.000+00:00")


async def test_fields_of_a_record_win_over_its_data_and_times_are_iso() -> None:
    world = World()
    data = {"at": "never", "kind": "none", "queue": "other", "until": 1_700_000_020.0}
    world.note(*waiting_call(), Record(1_700_000_005.0, Kind.AGENT_LAST_OUT, "c1", "greening", data=data))
    async with world.client() as client:
        step = (await client.get("/api/v1/calls/c1")).json()["story"][-1]
    assert step == {
        "at": "2023-11-14T22:13:25.000+00:00",
        "kind": "agent-last-out",
        "queue": "greening",
        "until": "2023-11-14T22:13:40.000+00:00",
    }


async def test_calls_are_filtered_and_limited_newest_first() -> None:
    world = World()
    for n in range(3):
        world.note(*waiting_call(f"c{n}", 1_700_000_000.0 + n))
    world.note(Record(1_700_000_100.0, Kind.CALL_FINISHED, "c2", data={"by": "caller"}))
    async with world.client() as client:

        async def ids(query: str) -> list[str]:
            return [call["id"] for call in (await client.get(f"/api/v1/calls{query}")).json()]

        assert await ids("") == ["c2", "c1", "c0"]
        assert await ids("?limit=2") == ["c2", "c1"]
        assert await ids("?state=ringing") == ["c1", "c0"]
        assert await ids("?state=ended&queue=greening") == ["c2"]
        assert await ids("?queue=water") == []
        assert await ids("?path=1&state=ringing") == ["c1", "c0"]
        assert await ids("?path=1,2") == []


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=1001",
        "limit=x",
        "state=asleep",
        "queue=%00",
        "queue=UPPER",
        "path=1,",
        "path=12",
        "path=1%252C2",
    ],
)
async def test_what_the_query_cannot_be(query: str) -> None:
    async with World().client() as client:
        answer = await client.get(f"/api/v1/calls?{query}")
    assert answer.status_code == 422
    assert query.split("=")[0] in answer.json()["detail"]


@pytest.mark.parametrize("call_id", ["c7", "%00", "%ff%fe", "x" * 300, "a%20b"])
async def test_an_unknown_call_is_told_where_to_look(call_id: str) -> None:
    async with World().client() as client:
        answer = await client.get(f"/api/v1/calls/{call_id}")
    assert answer.status_code == 404
    assert "GET /api/v1/calls lists" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["calls", "calls/c7"])
async def test_a_database_that_is_away(path: str) -> None:
    world = World()
    world.archive.lose()
    async with world.client() as client:
        answer = await client.get(f"/api/v1/{path}")
    assert answer.status_code == 503
    assert answer.json()["detail"].startswith("The database cannot be asked: OperationalError. ")


async def test_a_live_call_is_told_without_the_database() -> None:
    world = World()
    world.archive.lose()
    world.note(*waiting_call())
    async with world.client() as client:
        assert (await client.get("/api/v1/calls/c1")).status_code == 200
        ringing = await client.get("/api/v1/calls?state=ringing")
        assert [call["id"] for call in ringing.json()] == ["c1"]


@fake_time
async def test_a_call_is_placed() -> None:
    async with hall(edition=editions().in_use) as here:
        world = World(hall=here)
        order = {"number": "12319", "keys": ["1", "#"], "language": "en", "seconds": 20, "record": True}
        async with world.client() as client:
            asking = asyncio.create_task(client.post("/api/v1/calls", json=order))
            await passes(1)
            placed = here.asterisk.asked[-1]
            token = placed["ChannelId"]
            here.caller(arg_3=token, arg_4="en")
            answer = await asking
        assert (answer.status_code, answer.json()["call_id"]) == (201, here.call().id)
        assert answer.json()["recording"] == str(world.folder.recordings / f"{token}.wav")
        assert placed["Channel"].startswith("Local/12319@")
        given = placed.variables
        assert (given["__WUTONG_LANGUAGE"], given["WUTONG_SECONDS"]) == ("en", "20.0")
        assert given["WUTONG_RECORDING"] == answer.json()["recording"]


async def test_what_is_no_order() -> None:
    orders: tuple[dict[str, object], ...] = (
        {"number": ""},
        {"number": "1\n2"},
        {"number": "1", "keys": ["12"]},
        {"number": "1", "keys": ["1"] * 51},
        {"number": "1", "seconds": 601},
        {"number": "1", "seconds": 0},
        {"number": "1", "language": "en,x"},
        {"number": "1", "record": 1},
        {"number": "1", "record": "yes"},
    )
    async with World().client() as client:
        for wrong in orders:
            assert (await client.post("/api/v1/calls", json=wrong)).status_code == 422, wrong


async def test_a_call_that_could_not_be_placed_is_a_503_that_says_why() -> None:
    async with World().client() as client:
        answer = await client.post("/api/v1/calls", json={"number": "12319"})
    assert (answer.status_code, answer.json()["detail"][:51]) == (
        503,
        "No call can be placed while Asterisk is not there: ",
    )


async def test_an_order_that_can_never_be_carried_out_is_a_422() -> None:
    async with World().client() as client:
        answer = await client.post("/api/v1/calls", json={"number": "12319", "language": "fr"})
    said = "This hotline does not speak fr; its languages are zh, en."
    assert (answer.status_code, answer.json()["detail"]) == (422, said)


def ended_call(call_id: str, at: float, caller: str, note: str, agent: str = "1001") -> list[Record]:
    """An answered call of greening, wrapped up with a note."""
    code = {"code": "answered", "name": {"zh": "答"}}
    return [
        *past(call_id, at, caller, agent=agent),
        Record(at + 61, Kind.WRAP_UP_CODE, call_id, "greening", agent, data=code),
        Record(at + 62, Kind.NOTE, call_id, "greening", agent, data={"note": note}),
    ]


def searched() -> World:
    world = World()
    for index, (caller, note) in enumerate(
        (("13800138000", "长宁路水管漏水"), ("+13800138000", "a tree"), ("13900139000", "Street light"))
    ):
        at = world.now - 3_600 * (3 - index)
        world.archive.keep(ended_call(f"e{index}", at, caller, note, agent=f"100{1 + index % 2}"))
    return world


async def test_calls_are_searched_and_read_on() -> None:
    world = searched()
    async with world.client() as client:

        async def found(**search: str | int) -> list[str]:
            answer = await client.get("/api/v1/calls", params=search)
            assert answer.status_code == 200, answer.text
            return [call["id"] for call in answer.json()]

        assert await found(caller="0013800138000") == ["e1", "e0"]
        assert await found(caller="138 0013 8000", limit=1) == ["e1"]
        assert await found(caller="138 0013 8000", limit=1, before="e1") == ["e0"]
        assert await found(words="漏水") == ["e0"]
        assert await found(words="LIGHT", outcome="answered", queue="greening") == ["e2"]
        assert await found(agent="1002") == ["e1"]
        assert await found(since=iso(world.now - 2 * 3_600)) == ["e2", "e1"]
        assert await found(until=iso(world.now - 2 * 3_600)) == ["e1", "e0"]
        (told,) = (await client.get("/api/v1/calls", params={"agent": "1002"})).json()
        assert (told["code"], told["code_name"]) == ("answered", {"zh": "当场答复", "en": "Answered"})
        assert (await client.get("/api/v1/calls", params={"before": "nobody"})).status_code == 404
        (first,) = await found(limit=1)
        world.archive.keep(past("new", world.now, "13700137000"))
        assert await found(limit=2, before=first) == ["e1", "e0"], "what came meanwhile moves nothing"
        assert await found(words=" 漏水 ") == ["e0"]
        for wrong in (
            *({"words": "x"}, {"words": " x "}, {"words": "a\x00b"}, {"caller": "   "}, {"caller": "13\x00"}),
            *({"outcome": "happy"}, {"agent": "' OR 1"}, {"since": "7"}),
        ):
            assert (await client.get("/api/v1/calls", params=wrong)).status_code == 422, wrong
        wide = {"words": "tree", "since": iso(world.now - 300 * 86_400)}
        refused = await client.get("/api/v1/calls", params=wide)
        assert (refused.status_code, "100 days" in refused.json()["detail"]) == (409, True)


async def test_who_sees_masked_numbers_finds_nobody_by_number_or_words() -> None:
    """Asked often enough, a search would tell the number that is hidden."""
    world = searched()
    agent = await world.key(Role.AGENT, agent="1001")
    both = await world.key(Role.AGENT, Role.SUPERVISOR, agent="1001", queues={"water"})
    async with world.client(agent) as client:
        assert [call["caller"] for call in (await client.get("/api/v1/calls")).json()] == ["139******00", "138******00"]
        for search in ({"caller": "13800138000"}, {"words": "漏水"}):
            refused = await client.get("/api/v1/calls", params=search)
            assert (refused.status_code, "masked" in refused.json()["detail"]) == (403, True)
        assert (await client.get("/api/v1/calls", params={"before": "e1"})).status_code == 404, "not the agent's call"
    async with world.client(both) as client:
        assert (await client.get("/api/v1/calls", params={"caller": "13800138000"})).json() == []
        assert len((await client.get("/api/v1/calls")).json()) == 2


@pytest.mark.parametrize("kind", [Kind.CALL_OUT_DIALLED, Kind.CALLBACK_PROMISED])
def test_who_sees_masked_numbers_sees_no_number_of_a_citizen_in_a_story(kind: Kind) -> None:
    told = Record(1_700_000_000.0, kind, "c1", data={"number": "13800138000"})
    story = whole_story(fold(None, told), [told], editions().in_use.hotline, masking=True)
    assert "13800138000" not in story.model_dump_json()


async def test_the_audit_has_what_was_searched_for_and_no_number() -> None:
    world = searched()
    key = await world.key(Role.SUPERVISOR)
    async with world.client(key) as client:
        await client.get("/api/v1/calls", params={"caller": "13800138000", "queue": "greening"})
    (entry,) = await world.accounts.audit.list(None, "calls-listed", 0, 10)
    assert "greening" in entry.detail
    assert "13800138000" not in entry.detail
