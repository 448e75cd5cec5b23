"""A call's wrap-up code and note over HTTP: who, until when, and what the audit has of it."""

from typing import Any

import pytest

from agents.states import AgentState
from base.role import Role
from journal.records import Kind, Record
from tests.unit.service.world import World, waiting_call

AT = 1_700_000_000.0
TALK = Record(AT + 10, Kind.CONNECTED, "c1", "greening", "1001", "o1", {"waited_s": 8.0})
ENDS = [
    Record(AT + 60, Kind.TALK_ENDED, "c1", "greening", "1001", data={"by": "caller", "talked_s": 50.0}),
    Record(AT + 61, Kind.CALL_FINISHED, "c1", data={"by": "caller"}),
]
HOUR = 3_600.0


@pytest.fixture
def world() -> World:
    """1001 talks with c1."""
    made = World(now=AT + 20)
    made.note(*waiting_call(), TALK)
    with_call(made, AgentState.ON_CALL)
    return made


def with_call(world: World, state: AgentState, call: str | None = "c1") -> None:
    world.desk.seat("1001", call, state=state, until=world.now + 20 if state is AgentState.WRAP_UP else None)


async def own(world: World, agent: str = "1001") -> str:
    return await world.key(Role.AGENT, agent=agent)


async def put(world: World, body: Any, key: str | None = None, call: str = "c1") -> Any:
    async with world.client() if key is None else world.client(key) as client:
        return await client.put(f"/api/v1/calls/{call}/wrap-up", json=body)


async def get(world: World, key: str | None = None, path: str = "c1/wrap-up") -> Any:
    async with world.client() if key is None else world.client(key) as client:
        return await client.get(f"/api/v1/calls/{path}")


async def test_code_and_note_in_the_talk(world: World) -> None:
    key = await own(world)
    before = (await get(world, key)).json()
    codes = [
        {"code": "answered", "name": {"zh": "当场答复", "en": "Answered"}},
        {"code": "referred", "name": {"*": "转办"}},
    ]
    assert before == {
        "call_id": "c1",
        "agent": "1001",
        "queue": "greening",
        "code": None,
        "note": "",
        "required": False,
        "codes": codes,
        "until": None,
    }
    assert (await put(world, {"note": "树上有虫\n阳台前"}, key)).json()["note"] == "树上有虫\n阳台前"
    after = (await put(world, {"code": "referred"}, key)).json()
    assert (after["code"], after["note"]) == ("referred", "树上有虫\n阳台前")
    told = (await get(world, path="c1")).json()
    assert told["code"] == "referred"
    assert told["wrap_ups"] == [
        {
            "agent": "1001",
            "at": "2023-11-14T22:13:40.000+00:00",
            "queue": "greening",
            "code": "referred",
            "name": {"*": "转办"},
            "note": "树上有虫\n阳台前",
        }
    ]
    assert [(step["kind"], step["actor"]) for step in told["story"][-2:]] == [
        ("note", "token:key-0"),
        ("wrap-up-code", "token:key-0"),
    ]
    steps = len(told["story"])
    await put(world, {"code": "referred", "note": "树上有虫\n阳台前"}, key)
    assert len((await get(world, path="c1")).json()["story"]) == steps, "nothing new, no Record"


async def test_the_audit_has_no_note(world: World) -> None:
    await put(world, {"code": "answered", "note": "Li, 138"}, await own(world))
    (entry,) = await world.accounts.audit.list(None, "wrap-up-written", 0, 10)
    assert (entry.target, entry.detail) == ("/calls/c1/wrap-up", "code answered, a note of 7 characters")
    await get(world)
    assert len(await world.accounts.audit.list(None, "wrap-up-read", 0, 10)) == 1


async def test_for_an_hour_after_the_talk_and_as_long_as_the_wrap_up_lasts(world: World) -> None:
    key = await own(world)
    world.note(*ENDS)
    with_call(world, AgentState.READY, None)
    assert (await put(world, {"note": "1"}, key)).json()["until"] == "2023-11-14T23:14:20.000+00:00"
    world.now = AT + 60 + HOUR + 1
    key = await own(world)  # the first one has expired
    answer = await put(world, {"note": "2"}, key)
    assert answer.status_code == 409
    assert "it was possible until 2023-11-14 23:14" in answer.json()["detail"]
    assert (await get(world, key)).status_code == 404
    assert (await get(world)).json()["note"] == "1", "a supervisor reads it later too"
    assert (await put(world, {"note": "2"})).status_code == 409
    with_call(world, AgentState.WRAP_UP)
    assert (await put(world, {"note": "3"}, key)).json()["until"] is None


async def test_after_it_the_agent_sees_no_note_in_the_story(world: World) -> None:
    key = await own(world)
    await put(world, {"note": "Li, 13800138000"}, key)
    assert (await get(world, key, "c1")).json()["wrap_ups"][0]["note"] == "Li, 13800138000"
    world.note(*ENDS)
    with_call(world, AgentState.READY, None)
    told = (await get(world, key, "c1")).json()
    notes = [step["note"] for step in told["story"] if step["kind"] == "note"]
    assert (told["wrap_ups"][0]["note"], notes) == (None, [None])


async def test_nor_why_the_caller_was_sent_on(world: World) -> None:
    key = await own(world)
    why = "Li, 13800138000"
    asked = Record(AT + 30, Kind.CONSULT_ASKED, "c1", None, "1001", data={"to": {"agent": "1002"}, "reason": why})
    sent = Record(AT + 40, Kind.TRANSFERRED, "c1", None, "1001", data={"how": "blind", "to": {}, "reason": why})

    async def told(key: str | None = None) -> list[Any]:
        answer = (await get(world, key, "c1")).json()
        steps = [step["reason"] for step in answer["story"] if step["kind"] in ("consult-asked", "transferred")]
        return [*steps, answer["transfers"][0]["reason"]]

    world.note(asked, sent)
    world.note(Record(AT + 41, Kind.TRANSFER_FAILED, "c1", data={"to": {}, "status": "BUSY", "cause": "17"}))
    world.note(Record(AT + 42, Kind.CONNECTED, "c1", "greening", "1001", "o2", {"waited_s": 1.0}))
    assert await told(key) == [why, why, why]
    world.note(ENDS[1])
    with_call(world, AgentState.READY, None)
    assert await told(key) == [None, None, ""]
    assert await told() == [why, why, why], "a supervisor reads it later too"
    own_transfers = await get_path(world, key, "agents/1001/transfers/c1")
    assert (own_transfers["how"], own_transfers["reason"]) == ("blind", "")


async def get_path(world: World, key: str, path: str) -> Any:
    async with world.client(key) as client:
        return (await client.get(f"/api/v1/{path}")).json()[0]


async def test_each_agent_notes_the_own_talk(world: World) -> None:
    """1001 has transferred the caller to 1002, and still wraps up."""
    world.note(
        Record(AT + 30, Kind.TRANSFERRED, "c1", "greening", "1001", data={"how": "blind", "to": {"agent": "1002"}}),
        Record(AT + 31, Kind.TRANSFER_ANSWERED, "c1", data={"to": {"agent": "1002"}}),
    )
    first, second = await own(world), await own(world, "1002")
    assert (await put(world, {"code": "referred"}, first)).json()["agent"] == "1001"
    assert (await put(world, {"note": "new"}, second)).json()["agent"] == "1002"
    assert (await put(world, {"note": "x", "agent": "1002"}, first)).status_code == 404
    assert (await put(world, {"note": "for 1001", "agent": "1001"})).json()["code"] == "referred"
    noted = (await get(world, path="c1")).json()["wrap_ups"]
    assert [(one["agent"], one["code"], one["note"]) for one in noted] == [
        ("1001", "referred", "for 1001"),
        ("1002", None, "new"),
    ]


async def test_nobody_else(world: World) -> None:
    other = await own(world, "1002")
    assert (await put(world, {"code": "answered"}, other)).status_code == 404
    assert (await get(world, other)).status_code == 404
    elsewhere = await world.key(Role.SUPERVISOR, queues=["general"])
    assert (await put(world, {"code": "answered"}, elsewhere)).status_code == 404
    here = await world.key(Role.SUPERVISOR, queues=["greening"])
    assert (await put(world, {"code": "answered"}, here)).status_code == 200
    for role in (Role.OPERATIONS, Role.DEPARTMENT):
        assert (await put(world, {"code": "answered"}, await world.key(role, queues=["greening"]))).status_code == 403


async def test_a_call_without_a_talk_or_that_there_is_not(world: World) -> None:
    world.note(*(step._replace(call="c2") for step in waiting_call()))
    for call in ("c2", "c9", "%20"):
        assert (await put(world, {"note": "x"}, call=call)).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        *({"code": "nothing"}, {"code": "a b"}, {"code": ""}, {"code": 1}, {"agent": "x"}, {"more": 1}),
        *({"note": "x" * 2_001}, {"note": "a\x00b"}, {"note": "a\rb"}, {"note": 1}, [], None),
    ],
)
async def test_what_cannot_be_noted(world: World, body: Any) -> None:
    assert (await put(world, body)).status_code == 422


async def test_a_wrong_code_is_told_which_there_are(world: World) -> None:
    answer = await put(world, {"code": "nothing", "note": "x"})
    assert answer.json()["detail"] == "The queue greening has no wrap-up code nothing; it has answered, referred."
    assert (await get(world)).json()["note"] == "", "all or nothing"
    world.desk.queue("greening", wrap_up_codes=None)
    assert (await put(world, {"code": "answered"})).json()["detail"] == "The queue greening has no wrap-up codes."


async def test_without_a_database(world: World) -> None:
    world.archive.lose()
    assert (await put(world, {"note": "x"})).status_code == 200, "a live call needs none"
    assert (await get(world, path="c9/wrap-up")).status_code == 503
