"""The event stream: what it sends, how often, to how many, and what happens to a client that does not read."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import pytest

from accounts.model import NOTHING, Account, Asker, Reach
from accounts.roles import Permission, reach
from agents.model import Agent
from agents.states import AgentState
from base.role import Role
from calls.listeners import Listener, Mode
from events import broadcast, latest
from journal.records import Kind, Record
from lab.patience import PATIENCE
from tests.unit.callbacks.promises import promised
from tests.unit.missed.tries import tried
from tests.unit.service.saboteur import Mistake, handled, once
from tests.unit.service.world import SOMEBODY, World, waiting_call

AT = 1_700_000_000.0


def parsed(message: bytes) -> dict[str, Any]:
    """The fields of one message, `data` decoded."""
    lines = [line.partition(": ") for line in message.decode().split("\n") if line]
    fields: dict[str, Any] = {name: value for name, _, value in lines}
    return {**fields, "data": json.loads(fields["data"])} if "data" in fields else fields


class Board:
    """A world and one client of its stream."""

    def __init__(self) -> None:
        self.world = World()
        self.desk = self.world.desk
        self.clients = AsyncExitStack()
        self.messages: AsyncGenerator[bytes]

    async def another(self) -> AsyncGenerator[bytes]:
        """The messages of another client."""
        return await self.clients.enter_async_context(self.world.broadcast.stream(SOMEBODY))

    async def next(self) -> dict[str, Any]:
        return parsed(await asyncio.wait_for(anext(self.messages), PATIENCE))

    def agent(self, agent_id: str, state: AgentState, reason: str = "") -> None:
        """The agent comes into that state, as a Record says."""
        was = self.desk.agent_view(agent_id).state
        data = {"state": state, "previous": was, "reason": reason}
        self.world.note(Record(AT, Kind.AGENT_STATE, agent=agent_id, data=data))

    def waiting(self, queue: str, waiting: int) -> None:
        """So many wait in the queue, with a Record; the first ones came first."""
        there = [caller.call_id for caller in self.desk.distributor.engine.line_up([queue], 1_000)[queue]]
        self.line(queue, *there[:waiting], *(f"{queue}-{n}" for n in range(len(there), waiting)))

    def line(self, queue: str, *callers: str) -> None:
        """These wait in the queue, in the order in which they came, as Records say."""
        there = [caller.call_id for caller in self.desk.distributor.engine.line_up([queue], 1_000)[queue]]
        at, gone = self.world.now, {"why": "hung-up", "waited_s": 1.0}
        left = [Record(at, Kind.LEFT_QUEUE, call, queue, data=gone) for call in there if call not in callers]
        come = [Record(at, Kind.QUEUED, c, queue, data={"language": "zh"}) for c in callers if c not in there]
        self.world.note(*left, *come, Record(at, Kind.ANNOUNCED, callers[0] if callers else "c0", queue, data={}))

    async def limited(self, *roles: Role, **scope: Any) -> AsyncGenerator[bytes]:
        """The messages of a client whose account is limited."""
        account = Account(name="x", roles=frozenset(roles), queues=frozenset(scope.get("queues", ())))
        asker = replace(SOMEBODY, account=account, reach=reach(account, Permission.SEE_QUEUES) or NOTHING)
        return await self.clients.enter_async_context(self.world.broadcast.stream(asker))


@pytest.fixture
async def board() -> AsyncIterator[Board]:
    made = Board()
    made.messages = await made.another()
    async with made.clients:
        yield made


def line(message: dict[str, Any]) -> tuple[list[tuple[str, str]], list[str]]:
    """The callers who came or changed, each with the queue; and those who are gone."""
    data = message["data"]
    return [(caller["call_id"], caller["queue"]) for caller in data["callers"]], data["gone"]


def names(message: dict[str, Any]) -> tuple[str, list[str], list[str]]:
    return (
        message["event"],
        [queue["id"] for queue in message["data"]["queues"]],
        [agent["id"] for agent in message["data"]["agents"]],
    )


async def test_a_client_is_first_told_everything_as_the_routes_tell_it(board: Board) -> None:
    message = await board.next()
    async with board.world.client() as client:
        assert message["data"]["queues"] == (await client.get("/api/v1/queues")).json()
        assert message["data"]["agents"] == (await client.get("/api/v1/agents")).json()
    assert (message["event"], message["retry"], message["id"]) == ("state", "3000", "0")
    assert message["data"]["at"] == "2023-11-14T22:15:00.000+00:00"


async def test_a_client_is_then_told_what_changed_and_nothing_else(board: Board) -> None:
    await board.next()
    board.agent("1002", AgentState.READY)
    message = await board.next()
    assert names(message) == ("changes", ["general"], ["1002"]), "and the queue's count of agents"
    assert message["data"]["agents"][0]["state"] == "ready"
    board.waiting("greening", 2)
    message = await board.next()
    assert names(message) == ("changes", ["greening"], [])
    assert message["data"]["queues"][0]["waiting"] == 2
    assert "retry" not in message
    assert int(message["id"]) > 0


async def test_an_agent_who_cannot_be_reached_any_more_is_news(board: Board) -> None:
    await board.next()
    board.agent("1001", AgentState.READY)
    await board.next()
    board.world.note(Record(AT, Kind.AGENT_PHONE, agent="1001", data={"phone": "unreachable", "away": True}))
    (agent,) = (await board.next())["data"]["agents"]
    assert (agent["id"], agent["phone"], agent["away"]) == ("1001", "unreachable", True)


async def test_what_happened_at_once_is_one_message(board: Board) -> None:
    await board.next()
    for waiting in range(1, 100):
        board.waiting("greening", waiting)
        board.agent("1001", AgentState.READY if waiting % 2 else AgentState.NOT_READY)
    message = await board.next()
    assert names(message) == ("changes", ["greening"], ["1001"])
    assert message["data"]["queues"][0]["waiting"] == 99
    assert board.desk.reads < 20  # fewer looks than Records


async def test_there_are_at_most_four_looks_a_second(board: Board) -> None:
    await board.next()
    loop = asyncio.get_running_loop()
    board.waiting("greening", 1)
    await board.next()
    first = loop.time()
    board.waiting("greening", 2)
    await board.next()
    assert loop.time() - first >= broadcast.EVERY * 0.9


async def test_a_record_that_changes_nothing_is_no_message(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcast, "HEARTBEAT_S", 0.05)
    monkeypatch.setattr(broadcast, "EVERY", 0.0)
    await board.next()
    board.world.note(Record(AT, Kind.ANNOUNCED, "c1", "greening", data={}))
    board.world.note(Record(AT, Kind.KEY_PRESSED, "c1", data={"key": "1"}))
    assert await anext(board.messages) == b": still here\n\n"


async def test_a_wait_that_goes_on_is_no_news_but_told_as_it_is(board: Board) -> None:
    await board.next()
    board.waiting("greening", 1)
    await board.next()
    board.world.now += 65
    board.waiting("greening", 1)  # the same caller
    board.waiting("general", 1)
    assert names(await board.next()) == ("changes", ["general"], [])
    late = await board.another()
    message = parsed(await anext(late))
    assert [queue["longest_wait_s"] for queue in message["data"]["queues"]] == [65.0, 0.0]
    board.line("greening", "the next one")
    assert names(await board.next()) == ("changes", ["greening"], [])


async def test_a_slow_client_gets_the_newest_state(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcast, "EVERY", 0.0)
    fast = await board.another()
    await board.next()  # and reads no more
    await anext(fast)
    for waiting in range(1, 200):
        board.waiting("greening", waiting)
        board.agent("1001", AgentState.READY if waiting % 2 else AgentState.NOT_READY)
        assert parsed(await anext(fast))["data"]["queues"][0]["waiting"] == waiting
    message = await board.next()
    assert (message["data"]["queues"][0]["waiting"], message["data"]["agents"][0]["state"]) == (199, "ready")


def part(**reach: Any) -> Asker:
    """Who may see a part only."""
    account = Account(name="x", roles=frozenset({Role.SUPERVISOR}), queues=frozenset(reach["queues"]))
    return replace(
        SOMEBODY, account=account, reach=Reach(queues=account.queues), alive=reach.get("alive", lambda: True)
    )


async def test_a_client_is_told_only_what_it_may_see(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcast, "EVERY", 0.0)
    monkeypatch.setattr(broadcast, "HEARTBEAT_S", 0.05)
    limited = await board.clients.enter_async_context(board.world.broadcast.stream(part(queues={"greening"})))
    assert names(parsed(await anext(limited))) == ("state", ["greening"], ["1001"])
    await board.next()
    board.agent("1002", AgentState.READY)
    board.waiting("general", 1)
    assert names(await board.next()) == ("changes", ["general"], ["1002"])
    assert await anext(limited) == b": still here\n\n"
    board.agent("1001", AgentState.READY)
    assert names(parsed(await anext(limited))) == ("changes", ["greening"], ["1001"])


async def test_a_stream_ends_with_the_rights_of_who_asked(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcast, "HEARTBEAT_S", 0.02)
    alive = [True]
    asker = part(queues={"greening"}, alive=lambda: alive[0])
    stream = await board.clients.enter_async_context(board.world.broadcast.stream(asker))
    await anext(stream)
    assert await anext(stream) == b": still here\n\n"
    alive[0] = False
    with pytest.raises(StopAsyncIteration):
        await anext(stream)


async def test_a_look_that_fails_counts_no_client(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the account, and in the end everybody, would be refused as if there were too many streams."""
    await board.clients.aclose()

    def broken(*_: object) -> None:
        raise KeyError("a mistake of ours")

    monkeypatch.setattr(board.desk, "line_up", broken)
    with pytest.raises(KeyError):
        await board.another()
    monkeypatch.undo()
    told = board.world.broadcast
    assert (told.streams, told._watchers, told._shares.of("token:local")) == (0, 0, 0)
    assert names(parsed(await anext(await board.another())))[0] == "state"


async def test_another_hotline_is_told_whole(board: Board) -> None:
    await board.next()
    world = board.world
    known = world.desk.hotline
    new = Agent(id="1003", name="新", skills={"general": 1}, languages=("zh",))
    world.desk.change(agents={**known.agents, "1003": new}, queues={"greening": known.queues["greening"]})
    world.now += 10
    board.waiting("greening", 1)
    world.note(Record(AT, Kind.HOTLINE_CHANGED, data={"version": "v2"}))
    late = await board.another()  # comes before it was looked at
    assert names(parsed(await anext(late))) == (
        "state",
        ["greening"],
        ["1001", "1002", "1003"],
    )
    assert names(await board.next()) == ("state", ["greening"], ["1001", "1002", "1003"])


async def test_a_client_that_comes_before_a_look_takes_no_change_away_from_the_others(board: Board) -> None:
    await board.next()
    board.world.now += 10
    board.waiting("greening", 2)
    late = await board.another()  # comes before it was looked at
    assert [queue["waiting"] for queue in parsed(await anext(late))["data"]["queues"]] == [2, 0]
    assert names(await board.next()) == ("changes", ["greening"], [])


async def test_when_nobody_listens_nothing_is_looked_at(board: Board) -> None:
    await board.next()
    await board.clients.aclose()
    reads = board.desk.reads
    for waiting in range(10):
        board.waiting("greening", waiting)
    for _ in range(5):  # a look would come in the loop's next turn
        await asyncio.sleep(0)
    assert board.desk.reads == reads
    again = await board.another()
    message = parsed(await anext(again))
    assert message["data"]["queues"][0]["waiting"] == 9
    assert message["id"] == "0"  # the number of looks


# -- waiting callers ---------------------------------------------------------------------------------------------------


async def test_callers_come_are_moved_and_go(board: Board) -> None:
    await board.next()
    board.world.note(*waiting_call("c1")[:-1])
    message = await board.next()
    assert (message["event"], message["data"]["gone"]) == ("changes", [])
    assert message["data"]["callers"] == [
        {
            "call_id": "c1",
            "queue": "greening",
            "caller": "13800000000",
            "language": "zh",
            "since": "2023-11-14T22:13:22.000+00:00",
            "head_start_s": 0.0,
            "ringing": [],
            "order": [AT + 2, 1],
        }
    ]
    board.line("greening", "c1", "c2")
    assert line(await board.next()) == ([("c2", "greening")], [])
    board.world.note(Record(AT + 120, Kind.MOVED, "c2", "greening", data={"to": {"front": True}}))
    message = await board.next()
    (caller,) = message["data"]["callers"]
    assert (caller["call_id"], caller["order"][0] < AT, caller["head_start_s"]) == ("c2", True, 86_400.0)
    board.world.note(Record(AT + 121, Kind.OFFERED, "c2", "greening", "1001", "o2", {"ring": 15.0}))
    (caller,) = (await board.next())["data"]["callers"]
    assert caller["ringing"] == ["1001"]
    board.line("greening", "c1")
    assert line(await board.next()) == ([], ["c2"])


async def test_what_a_look_that_fails_should_have_seen_is_told_by_the_next_one(board: Board) -> None:
    await board.next()
    mistakes = handled()
    once(board.world.broadcast._lineup, "look_at")
    board.line("greening", "c1")
    assert isinstance(await asyncio.wait_for(mistakes.get(), PATIENCE), Mistake)
    board.agent("1001", AgentState.NOT_READY)
    assert line(await board.next()) == ([("c1", "greening")], [])
    assert mistakes.empty()


async def test_a_client_that_comes_later_is_told_everybody_who_waits(board: Board) -> None:
    await board.next()
    board.line("greening", "c1")
    await board.next()  # it was looked at
    late = parsed(await anext(await board.another()))
    assert late["event"] == "state"
    assert line(late) == ([("c1", "greening")], [])


async def test_a_caller_who_goes_to_another_queue_is_not_gone(board: Board) -> None:
    await board.next()
    board.line("general")
    board.line("greening", "c1")
    await board.next()  # it was looked at
    of_greening = await board.limited(Role.SUPERVISOR, queues=["greening"])
    of_general = await board.limited(Role.SUPERVISOR, queues=["general"])
    assert line(parsed(await anext(of_greening))) == ([("c1", "greening")], [])
    assert line(parsed(await anext(of_general))) == ([], [])
    board.line("greening")
    board.line("general", "c1")
    assert line(await board.next()) == ([("c1", "general")], [])
    assert line(parsed(await anext(of_greening))) == ([], ["c1"])
    assert line(parsed(await anext(of_general))) == ([("c1", "general")], [])


@pytest.mark.parametrize(
    ("roles", "queues", "told"),
    [
        ([Role.SUPERVISOR], [], [("c1", "greening"), ("c2", "general")]),
        ([Role.SUPERVISOR], ["general"], [("c2", "general")]),
        ([Role.DEPARTMENT], ["greening"], [("c1", "greening")]),
        ([Role.OPERATIONS], [], []),
        ([Role.OPERATIONS], ["greening"], []),
        ([Role.AGENT], ["greening"], []),
        ([Role.AGENT, Role.DEPARTMENT], ["greening"], [("c1", "greening")]),
    ],
)
async def test_who_may_see_which_callers(
    board: Board, roles: list[Role], queues: list[str], told: list[tuple[str, str]]
) -> None:
    """The same as `GET queues/{id}/callers`, also when they come later."""
    await board.next()
    board.line("greening", "c1")
    board.line("general", "c2")
    await board.next()  # they were looked at
    stream = await board.limited(*roles, queues=queues)
    assert line(parsed(await anext(stream))) == (told, [])
    board.world.note(
        Record(AT, Kind.OFFERED, "c1", "greening", "1001", "o1", {"ring": 15.0}),
        Record(AT, Kind.OFFERED, "c2", "general", "1002", "o2", {"ring": 15.0}),
    )
    assert line(parsed(await anext(stream))) == (told, [])


async def test_without_a_client_who_may_see_callers_nobody_looks_at_them() -> None:
    board = Board()
    async with board.clients:
        board.messages = await board.limited(Role.OPERATIONS)
        board.line("greening", "c1")
        assert line(await board.next()) == ([], [])
        assert board.desk.looks == 0
        seeing = await board.another()
        assert line(parsed(await anext(seeing))) == ([("c1", "greening")], [])


async def test_only_so_many_callers_of_a_queue_are_told(board: Board) -> None:
    await board.next()
    crowd = [f"c{number}" for number in range(100)]
    board.line("greening", *crowd)
    callers, gone = line(await board.next())
    assert ([call for call, _ in callers], gone) == ([f"c{number}" for number in range(latest.MOST_CALLERS)], [])
    board.line("greening", *crowd[1:])
    assert line(await board.next()) == ([(f"c{latest.MOST_CALLERS}", "greening")], ["c0"])


async def test_a_client_that_is_too_far_behind_gets_the_whole_state(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broadcast, "EVERY", 0.0)
    monkeypatch.setattr(latest, "MOST_GONE", 10)
    fast = await board.another()
    await board.next()  # and reads no more
    await anext(fast)
    for number in range(12):
        board.line("greening", f"c{number}")
        await anext(fast)
    message = await board.next()
    assert message["event"] == "state"
    assert line(message) == ([("c11", "greening")], [])
    assert names(message)[1:] == (["greening", "general"], ["1001", "1002"])
    board.line("greening")
    assert line(await board.next()) == ([], ["c11"])


async def test_after_a_reload_the_state_has_those_who_wait_now(board: Board) -> None:
    board.line("greening", "c1")
    board.line("general", "c2")
    await board.next()
    board.desk.change(queues={"greening": board.desk.hotline.queues["greening"]})
    board.world.note(Record(AT, Kind.HOTLINE_CHANGED, data={"version": "v2"}))
    message = await board.next()
    assert message["event"] == "state"
    assert line(message) == ([("c1", "greening")], [])


async def test_missed_callers_are_counted_for_those_who_may_see_them(board: Board) -> None:
    assert (await board.next())["data"]["missed"] == []
    limited = await board.limited(Role.SUPERVISOR, queues=["general"])
    operations = await board.limited(Role.OPERATIONS)
    for messages in (limited, operations):
        assert parsed(await anext(messages))["data"]["missed"] == []
    board.world.note(*tried("m1", "13800138000", "greening", AT), *tried("m2", "13900139000", "general", AT))
    told = (await board.next())["data"]["missed"]
    assert [(one["queue"], one["count"]) for one in told] == [("greening", 1), ("general", 1)]
    assert [one["queue"] for one in parsed(await anext(limited))["data"]["missed"]] == ["general"]
    assert parsed(await anext(operations))["data"]["missed"] == []
    board.agent("1001", AgentState.READY)
    assert "missed" not in (await board.next())["data"], "it has not changed"


async def test_who_may_see_callbacks_is_told_when_their_list_has_changed(board: Board) -> None:
    before = (await board.next())["data"]["callbacks"]
    operations = await board.limited(Role.OPERATIONS)
    assert "callbacks" not in parsed(await anext(operations))["data"]
    promised(board.world, "b1", "13800138000", "greening", AT)
    message = (await board.next())["data"]
    assert (before, message["callbacks"]) == ([{"changes": 0}], [{"changes": 1}])
    assert [(queue["id"], queue["callbacks"]) for queue in message["queues"]] == [("greening", 1)]
    assert "callbacks" not in parsed(await anext(operations))["data"]
    board.agent("1001", AgentState.READY)
    assert "callbacks" not in (await board.next())["data"], "it has not changed"


async def test_listeners_are_told_whole_and_only_to_people_who_may_listen(board: Board) -> None:
    assert (await board.next())["data"]["listening"] == []
    others = {
        "greening": await board.limited(Role.SUPERVISOR, queues=["greening"]),
        "general": await board.limited(Role.SUPERVISOR, queues=["general"]),
        "operations": await board.limited(Role.OPERATIONS),
    }
    for messages in others.values():
        assert parsed(await anext(messages))["data"]["listening"] == []
    listener = Listener("l1", Mode.WHISPER, "1009", "user:wang", AT)
    board.world.listens(listener)
    board.agent("1001", AgentState.READY)
    (told,) = (await board.next())["data"]["listening"]
    assert (told["call_id"], told["agent"], told["mode"], told["phone"]) == ("c1", "1001", "whisper", "1009")
    seen = {
        name: parsed(await anext(messages))["data"].get("listening")
        for name, messages in others.items()
        if name != "general"
    }
    assert (len(seen["greening"] or ()), seen["operations"]) == (1, [])
    board.agent("1001", AgentState.NOT_READY)
    assert "listening" not in (await board.next())["data"], "it has not changed"


async def desk(board: Board, agent: str = "1001") -> AsyncGenerator[bytes]:
    """The messages of an agent whose account is limited to no queue, as most are."""
    account = Account(name="li", roles=frozenset({Role.AGENT}), agent=agent)
    asker = replace(SOMEBODY, account=account, reach=reach(account, Permission.SEE_QUEUES) or NOTHING)
    return await board.clients.enter_async_context(board.world.broadcast.stream(asker))


async def test_a_desk_is_told_the_queues_that_its_agent_can_serve_and_the_colleagues(board: Board) -> None:
    board.messages = await desk(board)
    first = await board.next()
    assert names(first) == ("state", ["greening"], ["1001"])
    assert first["data"]["colleagues"] == [
        {
            "id": "1002",
            "name": "综合一席",
            "state": "logged-out",
            "since": "2023-11-14T22:13:20.125+00:00",
            "phone": "free",
        }
    ]
    board.waiting("general", 1)
    board.agent("1002", AgentState.NOT_READY, "lunch")
    message = await board.next()
    assert names(message) == ("changes", [], []), "neither another queue nor another agent as such"
    assert [(one["id"], one["state"]) for one in message["data"]["colleagues"]] == [("1002", "not-ready")]
    assert "lunch" not in json.dumps(message["data"])
    board.waiting("greening", 1)
    message = await board.next()
    assert names(message) == ("changes", ["greening"], [])
    assert "colleagues" not in message["data"]


async def test_an_agent_who_learns_a_skill_is_told_the_queue_at_once(board: Board) -> None:
    board.messages = await desk(board)
    await board.next()
    board.world.note(Record(AT, Kind.AGENT_SKILLS, agent="1001", data={"skills": {"general": 2}, "languages": ["zh"]}))
    assert names(await board.next()) == ("changes", ["general"], ["1001"])
    board.waiting("greening", 1)
    board.waiting("general", 1)
    assert names(await board.next()) == ("changes", ["general"], [])


async def test_who_is_no_agent_is_told_of_no_colleagues(board: Board) -> None:
    assert "colleagues" not in (await board.next())["data"]
    board.agent("1002", AgentState.READY)
    assert "colleagues" not in (await board.next())["data"]
