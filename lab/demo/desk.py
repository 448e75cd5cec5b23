"""What the robots ask the service over HTTP."""

import asyncio
from typing import Any

import httpx2

AGAIN = 0.5
"""Seconds until a request is tried again that the service did not answer: it may be starting anew."""


class Desk:
    """`http`: the service's address. Close it at the end."""

    def __init__(self, http: str, token: str) -> None:
        self._http = httpx2.AsyncClient(
            base_url=f"{http}/api/v1/",
            headers={"Authorization": f"Bearer {token}"},
            timeout=10,
            trust_env=False,
        )

    async def ask(self, agent_id: str, state: str, reason: str = "") -> None:
        """Ask for the state until the service has taken or refused it."""
        while True:
            try:
                await self._http.put(f"agents/{agent_id}/state", json={"state": state, "reason": reason})
                return
            except httpx2.TransportError:
                await asyncio.sleep(AGAIN)

    async def waits(self, number: str) -> bool:
        """Whether the caller of this number is in no talk; also where the service does not answer."""
        try:
            found: list[dict[str, Any]] = (await self._http.get("calls", params={"state": "talking"})).json()
        except (httpx2.TransportError, ValueError):
            return True
        return number not in {call.get("caller") for call in found}

    async def close(self) -> None:
        await self._http.aclose()
