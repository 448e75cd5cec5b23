"""The hotline whose ports are fuzzed: real Asterisk, the real service in its own process; and what must hold of it."""

import asyncio
import json
import re
from collections.abc import Callable, Coroutine
from typing import Any

import httpx
from hypothesis.strategies import SearchStrategy

from lab.bench.usage import resident
from lab.chaos.site import Site
from lab.fuzz import api, forged, held, ports, rights, shares
from lab.fuzz.others import calls_ended, greeted
from lab.fuzz.properties import Property

LEFT_OUT = ("POST /api/v1/restart",)
"""The service would do it."""

CALLER = re.compile(r"[0-9A-Za-z+*#._-]{0,40}")
"""All that a caller's number may be; a phone may claim anything."""


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
            self._property(
                "held-connections",
                "Others get in over HTTP, at the local door, in a browser and by phone, whatever is held at the ports.",
                held.others_get_in,
                held=held.HELD,
            ),
            self._property(
                "forged-senders",
                "Nobody gets in without a password. Phones and citizens are served, whatever is sent in their names.",
                forged.others_are_let_in,
                sent=forged.SENT,
            ),
            self._property(
                "lifetimes-of-rights",
                "After each change of an account its sessions, tokens and phones open what it may, and nothing else.",
                rights.rights_end,
                steps=rights.DRAWN,
            ),
            self._property(
                "limits-across-accounts",
                "Whatever two accounts and some addresses take over HTTP, others get theirs, and all is free after it.",
                shares.others_get_theirs,
                taken=shares.TAKEN,
            ),
            *api.properties(document, base, self._token, left_out=LEFT_OUT),
        ]

    def _property(
        self, name: str, says: str, example: Callable[..., Coroutine[Any, Any, None]], **drawn: SearchStrategy[Any]
    ) -> Property:
        """`example` gets the site, too. It has a loop of its own: the site's goes on beside it."""

        def holds(**given: Any) -> None:
            asyncio.run(example(self._site, **given))
            self.alive()

        return Property(name, says, holds, drawn)

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
        """A citizen is heard as ever, once all calls are over."""
        await calls_ended(self._site)
        await greeted(self._site)

    def close(self) -> None:
        self._http.close()
