"""What a real Prometheus makes of a service with calls: the configuration of docs/operations.md, each query of the
dashboards, each alert rule.
"""

import asyncio
import json
import re
import time
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx
from ruamel.yaml import YAML

from base.folders import CHECKOUT
from lab.patience import PATIENCE, until
from lab.ports import free_base
from tests.integration.conversations import connected, in_menu, queued
from tests.integration.test_sound import heard_enough
from tests.integration.world import World

CHOSEN = {"$instance": ".*", "$queue": ".*", "$within": "15.0", "$__rate_interval": "4s"}
"""What Grafana writes for its variables when nobody has chosen, and Prometheus scrapes each second."""


def queries() -> set[str]:
    """Those of all dashboards, as Prometheus gets them."""
    found = set()
    for file in (CHECKOUT / "docs" / "grafana").glob("*.json"):
        for panel in json.loads(file.read_text(encoding="utf-8"))["panels"]:
            for target in panel.get("targets", ()):
                query = target["expr"]
                for variable, value in CHOSEN.items():
                    query = query.replace(variable, value)
                found.add(query)
    return found


class Prometheus:
    """Asks one that runs."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def get(self, path: str, **asked: Any) -> Any:
        answer = (await self._http.get(f"/api/v1/{path}", params=asked)).json()
        assert set(answer) == {"status", "data"}, f"{path} {asked}: {answer}"  # neither an error nor a warning
        return answer["data"]

    async def look(self, query: str) -> list[Any]:
        """What there is now."""
        found: list[Any] = (await self.get("query", query=query))["result"]
        return found

    async def sees(self, query: str) -> None:
        await until(query, lambda: self.look(query), every=0.2)

    async def shows(self, query: str, measures: list[str]) -> bool:
        """A panel has something to show of the last 30 s, or one of its measures is not there yet, or no such label.
        A rate needs two scrapes, and the measure is there after one.
        """
        now = time.time()
        answer = await self.get("query_range", query=query, start=now - 30, end=now, step=1)
        return bool(answer["result"]) or "> 0" in query or not all([await self.look(each) for each in measures])


@asynccontextmanager
async def prometheus(folder: Path, service: int) -> AsyncIterator[Prometheus]:
    """Configured as docs/operations.md has it, but for the port, the path of the rules, and the pace."""
    page = (CHECKOUT / "docs" / "operations.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(# prometheus.yml\n.*?)```", page, re.DOTALL)
    example = example.replace("127.0.0.1:8080", f"127.0.0.1:{service}").replace("/opt/wutong", str(CHECKOUT))
    (folder / "prometheus.yml").write_text(
        f"global: {{scrape_interval: 1s, evaluation_interval: 1s}}\n{example}", encoding="utf-8"
    )
    port = free_base()
    options = (f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data")
    with (folder / "log").open("wb") as log:
        running = await asyncio.create_subprocess_exec(
            *("prometheus", *options, f"--web.listen-address=127.0.0.1:{port}"), stdin=DEVNULL, stdout=log, stderr=log
        )
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as http:

            async def ready() -> bool:
                assert running.returncode is None, (folder / "log").read_text()
                try:
                    return (await http.get("/-/ready")).status_code == 200
                except httpx.TransportError:
                    return False

            await until("Prometheus", ready)
            yield Prometheus(http)
    finally:
        if running.returncode is None:
            running.kill()
        await running.wait()


async def test_a_hotline_as_a_real_prometheus_sees_it(hotline: World, tmp_path: Path) -> None:
    folder = tmp_path / "prometheus"
    folder.mkdir()
    async with prometheus(folder, hotline.settings.ports.http) as seen:
        await seen.sees('up{job="wutong"} == 1')
        rules = YAML(typ="safe").load((CHECKOUT / "docs" / "alerts.yaml").read_text(encoding="utf-8"))
        for rule in rules["groups"][0]["rules"]:
            # Prometheus does not see the first step of a counter that was not there before
            for counter in re.findall(r"increase\((\w+(?:{[^}]*})?)", rule["expr"]):
                await seen.sees(counter)

        waiting = await queued(hotline, "1")
        await seen.sees('ALERTS{alertname="WutongNobodyAtWork"}')
        await seen.sees('ALERTS{alertname="WutongQueueWithoutAgents", queue="greening"}')
        await seen.sees('wutong_queue_longest_wait_seconds{queue="greening"} > 1')
        await waiting.hang_up()
        await seen.sees('increase(wutong_calls_total{queue="greening", outcome="abandoned"}[1m]) > 0')
        await seen.sees("rate(process_cpu_seconds_total[10s]) > 0 and process_open_fds / process_max_fds > 0")
        await (await in_menu(hotline, "13900139000")).hang_up()
        call, offer = await connected(hotline, await hotline.agent("1001"))
        await heard_enough(hotline, "1001")
        await offer.hang_up()
        await call.ended()
        await seen.sees('wutong_calls_total{queue="", outcome="hung-up"}')
        await seen.sees('count_over_time(wutong_queue_wait_seconds_count{queue="greening"}[1m]) > 2')

        for query in sorted(queries()):
            measures = re.findall(r"(?:wutong|process)_\w+", query)
            for measure in measures:
                histograms = r"^(wutong_(?:queue_wait_seconds|leg_\w+))_(?:bucket|sum|count)$"
                family = re.sub(histograms, r"\1", measure)
                assert await seen.get("metadata", metric=family), f"{measure} of {query}"
            await until(query, partial(seen.shows, query, measures), every=0.2)

        told = [rule for group in (await seen.get("rules"))["groups"] for rule in group["rules"]]
        assert len(told) == len(rules["groups"][0]["rules"])
        assert {
            (rule["name"], rule["health"], rule.get("lastError")) for rule in told if rule["health"] != "ok"
        } == set()
        assert await seen.look('ALERTS{alertstate="firing"}') == []
        for _ in range(60):
            await hotline.http.post("/api/v1/session", json={"name": "nobody", "password": "a long enough one"})
        await seen.sees('ALERTS{alertname="WutongSignInsFail", alertstate="firing"}')
        await hotline.stop_service()
        await seen.sees('ALERTS{alertname="WutongDown"}')
