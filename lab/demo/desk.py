"""What the robots ask the service over HTTP."""

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx2

AGAIN = 0.5
"""Seconds until a request is tried again that the service did not answer: it may be starting anew."""

AWAY = 20.0
"""Seconds for which a request is tried."""


class Desk:
    """`http`: the service's address. Close it at the end. A service that is away is waited for, AWAY at most."""

    def __init__(self, http: str, token: str) -> None:
        self._http = httpx2.AsyncClient(
            base_url=f"{http}/api/v1/",
            headers={"Authorization": f"Bearer {token}"},
            timeout=60,
            trust_env=False,
        )

    async def set_state(self, agent_id: str, state: str, reason: str = "") -> None:
        """Ask for the agent's state; it may be refused."""
        await self._ask("PUT", f"agents/{agent_id}/state", {"state": state, "reason": reason})

    async def agents(self) -> list[dict[str, Any]]:
        """All of them; none where the service does not answer."""
        return await self._ask("GET", "agents") or []

    async def talks(self) -> list[dict[str, Any]]:
        """The calls in which somebody talks; none where the service does not answer."""
        return await self._ask("GET", "calls?state=talking&limit=500") or []

    async def waits(self, number: str) -> bool:
        """Whether the caller of this number is in no talk; also where the service does not answer."""
        return number not in {call.get("caller") for call in await self.talks()}

    async def transfer(self, call_id: str, to: Mapping[str, str], how: str) -> bool:
        """`to`: as the route takes it; `how`: `blind` or `consult`. Whether it is done."""
        return await self._ask("POST", f"calls/{call_id}/transfer", {"to": to, "how": how}) is not None

    async def order(self, call_id: str, order: str) -> bool:
        """`return` or `complete`, out of a consultation. Whether it is done."""
        return await self._ask("POST", f"calls/{call_id}/{order}") is not None

    async def emergency_on(self, texts: Mapping[str, str], until: str) -> float | None:
        """Switch the message on. Answers how long callers hear it, in seconds; None: it is not on."""
        done = await self._ask("PUT", "emergency", {"texts": texts, "until": until})
        return None if done is None else sum(each["seconds"] for each in done["emergency"]["spoken"])

    async def emergency_off(self) -> None:
        """Switch it off, if it is on."""
        await self._ask("DELETE", "emergency")

    async def close(self) -> None:
        await self._http.aclose()

    async def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """What the service says; None where it refuses, or is away for too long."""
        tries = int(AWAY / AGAIN)
        for _ in range(tries):
            try:
                said = await self._http.request(method, path, json=body)
                return (said.json() if said.content else {}) if said.is_success else None
            except (httpx2.TransportError, ValueError):
                await asyncio.sleep(AGAIN)
        return None
