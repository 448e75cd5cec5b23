"""The event stream of a real hotline: a call and an agent as a wall board sees them."""

import json
from collections.abc import AsyncIterator
from typing import Any

from lab.patience import patience
from tests.integration.conversations import connected
from tests.integration.world import World


async def board(hotline: World) -> AsyncIterator[tuple[dict[str, Any], dict[str, Any]]]:
    """All queues and all agents, by id, after each message."""
    queues: dict[str, Any] = {}
    agents: dict[str, Any] = {}
    async with hotline.http.stream("GET", "/api/v1/events") as response:
        assert response.status_code == 200
        async for line in response.aiter_lines():
            if line.startswith("data: "):
                message = json.loads(line.removeprefix("data: "))
                queues.update((queue["id"], queue) for queue in message["queues"])
                agents.update((agent["id"], agent) for agent in message["agents"])
                yield queues, agents


async def test_a_wall_board_sees_a_call_from_its_queue_to_the_end(hotline: World) -> None:
    watching = board(hotline)

    async def see(talking: int, agent: str) -> None:
        async with patience(f"{talking} talks and agent 1001 {agent} on the wall board"):
            async for queues, agents in watching:
                if (queues["greening"]["talking"], agents["1001"]["state"]) == (talking, agent):
                    return

    await see(0, "logged-out")
    phone = await hotline.agent("1001")
    await see(0, "ready")
    call, _ = await connected(hotline, phone)
    await see(1, "on-call")
    await call.hang_up()
    await see(0, "wrap-up")
    await see(0, "ready")
    await watching.aclose()  # type: ignore[attr-defined]
