"""The event stream: queues and agents as they change, for wall boards and the console.

The stream sends state, not a log. For each client it keeps only the names of what changed since the client last read:
O(queues + agents) at most. A slow client gets the newest state when it reads again. Records drive the stream: without
a client or without a Record it looks at nothing.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from fastapi import APIRouter, HTTPException
from fastapi.responses import StreamingResponse
from fastapi.sse import format_sse_event
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.types import Receive, Scope, Send

from acd.api import QueueSource, queue_out
from acd.views import QueueView
from agents.api import AgentSource, agent_out, time
from journal.records import Kind, Record

MOST_STREAMS = 50

EVERY = 0.25
"""Seconds between two looks at what has changed, and so between two messages to a client."""

HEARTBEAT_S = 15.0
"""Seconds of silence after which a client gets a comment line: proxies cut silent connections."""

RETRY_MS = 3_000
"""Milliseconds after which a client whose stream broke may reconnect."""

SAME_MOMENT = 0.05
"""Seconds; two readings of when the longest wait began that differ by less mean the same moment."""


@dataclass(eq=False, slots=True)
class _Watcher:
    """A client, and what it was not sent yet: everything if `whole`, else the queues and agents named here."""

    whole: bool = True
    queues: set[str] = field(default_factory=set)
    agents: set[str] = field(default_factory=set)
    news: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A queue at the last look: its view, the time, and the JSON for clients."""

    view: QueueView
    at: float
    json: str

    def differs(self, view: QueueView, at: float) -> bool:
        """Whether something changed besides the waiting time that passes."""
        moved = abs((at - view.longest_wait_s) - (self.at - self.view.longest_wait_s)) > SAME_MOMENT
        grown = view.waiting > 0 and moved
        return grown or replace(view, longest_wait_s=0.0) != replace(self.view, longest_wait_s=0.0)


class Broadcast(Collector):
    """`note` takes every Record, `router` serves the clients. `now`: seconds since the epoch."""

    def __init__(self, queues: QueueSource, agents: AgentSource, now: Callable[[], float]) -> None:
        self.refused = 0
        self._source, self._agents_source, self._now = queues, agents, now
        self._watchers: set[_Watcher] = set()
        self._queues: dict[str, _Seen] = {}
        self._agents: dict[str, str] = {}
        self._touched: set[str] = set()
        self._anew = False
        self._number = 0
        self._timer: asyncio.TimerHandle | None = None
        self._looked = 0.0  # on the loop's clock
        self._closed = False

    @property
    def streams(self) -> int:
        """How many clients are connected."""
        return len(self._watchers)

    def note(self, record: Record) -> None:
        """Take a Record. The look follows once the engine's step is over, at most every EVERY seconds."""
        if not self._watchers:
            return
        if record.kind is Kind.HOTLINE_CHANGED:
            self._anew = True
        elif record.agent is not None:
            self._touched.add(record.agent)
        elif record.queue is None:
            return  # a call in the menus
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(max(0.0, self._looked + EVERY - loop.time()), self._look)

    def close(self) -> None:
        """End every stream in order, and begin no new ones."""
        self._closed = True
        self._rest()
        for watcher in self._watchers:
            watcher.news.set()

    def router(self) -> APIRouter:
        """The route `/events`."""
        routes = APIRouter(tags=["events"])

        @routes.get(
            "/events",
            summary="Queues and agents as they change",
            status_code=200,
            response_class=_Stream,
            responses={503: {"description": "There are as many streams as there may be."}},
        )
        async def events() -> StreamingResponse:
            """Server-Sent Events: first `state` with all queues and agents, then `changes` with those that have
            changed, as `GET queues` and `GET agents` show them.
            """
            if self.streams >= MOST_STREAMS or self._closed:
                self.refused += 1
                raise HTTPException(
                    503,
                    f"There are {self.streams} event streams, and that is the most; close one, or ask again later.",
                    {"Retry-After": "5"},
                )
            return _Stream(self)

        return routes

    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("wutong_event_streams", "Clients of GET /api/v1/events.", self.streams)
        yield CounterMetricFamily(
            "wutong_event_streams_refused", "Event streams refused because there were too many.", self.refused
        )

    # -- for a stream -------------------------------------------------------------------------------------------------

    def join(self) -> _Watcher:
        """Add a client. The first one causes a look at everything."""
        watcher = _Watcher()
        if not self._watchers:
            self._look_at_all()
        self._watchers.add(watcher)
        return watcher

    def leave(self, watcher: _Watcher) -> None:
        """Remove a client. After the last one nothing is kept."""
        self._watchers.discard(watcher)
        if not self._watchers:
            self._rest()
            self._queues, self._agents = {}, {}

    async def messages(self, watcher: _Watcher) -> AsyncIterator[bytes]:
        """The messages for that client. One that asks more slowly gets fewer and newer messages."""
        yield self._message(watcher)
        while True:
            try:
                async with asyncio.timeout(HEARTBEAT_S):
                    await watcher.news.wait()
            except TimeoutError:
                yield b": still here\n\n"
                continue
            if self._closed:
                return
            yield self._message(watcher)

    def _message(self, watcher: _Watcher) -> bytes:
        """Everything that the client was not sent yet, as it is now."""
        if self._anew:
            self._look()
        whole, queues, agents = watcher.whole, watcher.queues, watcher.agents
        watcher.whole, watcher.queues, watcher.agents = False, set(), set()
        watcher.news.clear()
        now = self._now()
        told = [self._queue(name, now) for name in self._queues if whole or name in queues]
        others = [json for name, json in self._agents.items() if whole or name in agents]
        at = time(now).isoformat(timespec="milliseconds")
        return format_sse_event(
            event="state" if whole else "changes",
            data_str=f'{{"at":"{at}","queues":[{",".join(told)}],"agents":[{",".join(others)}]}}',
            id=str(self._number),
            retry=RETRY_MS if whole else None,
        )

    def _queue(self, name: str, now: float) -> str:
        """The queue's JSON now: its longest wait has grown since the last look."""
        seen = self._queues[name]
        if now - seen.at > EVERY:
            seen = self._queues[name] = self._see(name, now)
        return seen.json

    # -- looking ------------------------------------------------------------------------------------------------------

    def _look(self) -> None:
        self._stop_timer()
        self._looked = asyncio.get_running_loop().time()
        self._number += 1
        if self._anew:
            self._look_at_all()
            for watcher in self._watchers:
                watcher.whole = True
                watcher.news.set()
            return
        queues, agents = self._changed_queues(), self._changed_agents()
        if not queues and not agents:
            return
        for watcher in self._watchers:
            watcher.queues |= queues
            watcher.agents |= agents
            watcher.news.set()

    def _look_at_all(self) -> None:
        now = self._now()
        self._queues = {name: self._see(name, now) for name in self._source.queues()}
        self._agents = dict(self._told(self._agents_source.agents()))
        self._anew = False
        self._touched.clear()

    def _changed_queues(self) -> set[str]:
        """All queues are compared, because an agent's state shows in every queue of that agent. Queues are few."""
        now, changed = self._now(), set()
        for name, seen in self._queues.items():
            if seen.differs(self._source.queue_view(name), now):
                changed.add(name)
        for name in changed:
            self._queues[name] = self._see(name, now)
        return changed

    def _changed_agents(self) -> set[str]:
        """The changed ones among the agents that Records named."""
        told = dict(self._told(name for name in self._touched if name in self._agents))
        self._touched.clear()
        changed = {name for name, json in told.items() if self._agents[name] != json}
        self._agents.update(told)
        return changed

    def _see(self, name: str, now: float) -> _Seen:
        view = self._source.queue_view(name)
        return _Seen(view, now, queue_out(self._source.queues()[name], view).model_dump_json())

    def _told(self, names: Iterable[str]) -> Iterator[tuple[str, str]]:
        known = self._agents_source.agents()
        for name in names:
            yield name, agent_out(known[name], self._agents_source.agent_view(name)).model_dump_json()

    def _rest(self) -> None:
        self._touched.clear()
        self._anew = False
        self._stop_timer()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class _Stream(StreamingResponse):
    """One client's answer; the client is a watcher while it lasts. FastAPI's own class is for routes that yield. It
    takes one message ahead, and that would be old when it is read.
    """

    media_type = "text/event-stream"

    def __init__(self, broadcast: Broadcast) -> None:
        super().__init__(())
        self._broadcast = broadcast

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        watcher = self._broadcast.join()
        self.body_iterator = self._broadcast.messages(watcher)
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._broadcast.leave(watcher)
