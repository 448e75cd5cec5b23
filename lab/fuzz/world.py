"""The hotline whose ports are fuzzed: real Asterisk, the real service in its own process; and what must hold of it."""

import asyncio
import json
import re
from typing import Any

import httpx

from lab.bench.usage import resident
from lab.chaos.site import Site
from lab.fuzz import api, ports
from lab.fuzz.properties import Property
from lab.patience import patience

LEFT_OUT = ("POST /api/v1/restart",)
"""The service would do it."""

CALLER = re.compile(r"[0-9A-Za-z+*#._-]{0,40}")
"""All that a caller's number may be; a phone may claim anything."""

REST_EVERY = 1.0
"""Seconds between two looks at Asterisk's channels."""


class World:
    """Made from a site that is up."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._http = httpx.Client(base_url=f"http://127.0.0.1:{site.settings.ports.http}", timeout=30, trust_env=False)
        self._token = site.token
        self._asterisk = site.asterisk.running()

    def properties(self) -> list[Property]:
        document = self._http.get("/openapi.json").raise_for_status().json()
        base = str(self._http.base_url)
        return [
            *ports.properties(self._site.settings.ports, self.alive),
            *api.properties(document, base, self._token, left_out=LEFT_OUT),
        ]

    def alive(self) -> None:
        """Raises AssertionError once Asterisk or the service has ended, or the service does not answer."""
        assert self._site.asterisk.running() == self._asterisk, "Asterisk has ended"
        assert self._site.starts == 1, "the service has ended"
        assert self._http.get("/healthz").status_code == 200, "the service does not answer"

    def memory(self) -> dict[str, int]:
        """Bytes that each process has of its own."""
        pids = {"asterisk": self._asterisk, "service": self._site.service_pid}
        return {name: resident(pid) for name, pid in pids.items() if pid is not None}

    def faults(self) -> list[str]:
        """What the service has logged as an error."""
        found = []
        for line in (self._site.settings.folder.logs / "service.log").read_text(errors="replace").splitlines():
            entry: dict[str, Any] = json.loads(line)
            if entry.get("level") in ("error", "critical"):
                found.append(line[:2_000])
        return found

    def forged(self) -> list[str]:
        """Callers' numbers in the list of calls that are none."""
        answer = self._http.get(
            "/api/v1/calls", params={"limit": 1000}, headers={"Authorization": f"Bearer {self._token}"}
        )
        calls = answer.raise_for_status().json()
        return [call["caller"] for call in calls if not CALLER.fullmatch(call["caller"] or "")]

    async def serves(self) -> None:
        """A citizen is heard as ever: open the hotline again, end what was called, and call.

        Left alone, a call whose phone was never there would end after 32 s without an ACK, and 32 s without an answer
        to the BYE.
        """
        headers = {"Authorization": f"Bearer {self._token}"}
        self._http.put("/api/v1/drain", json={"on": False}, headers=headers).raise_for_status()
        async with patience("the end of all channels"):
            while (await self._site.channels()).strip():
                await self._site.asterisk.command("channel request hangup all")
                await asyncio.sleep(REST_EVERY)
        async with self._site.citizen("13800138000") as phone, patience("a greeting"):
            call = await phone.dial("12319")
            await call.hears_speech()
            await call.hang_up()

    def close(self) -> None:
        self._http.close()
