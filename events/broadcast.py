"""The event stream: queues, agents and waiting callers as they change, for wall boards and the console. Once a minute
the last hour of the queues.

The stream sends state, not a log. Looks are numbered; each queue, agent and caller has the number of the look that saw
it change, and each client the number of the last look that it got. So a slow client costs nothing and gets the newest
state when it reads again. Records and whole minutes drive the stream: without a client or without either it looks at
nothing.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from json import dumps

from fastapi import APIRouter, HTTPException
from fastapi.responses import StreamingResponse
from fastapi.sse import format_sse_event
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.types import Receive, Scope, Send

from accounts import roles
from accounts.asking import Asking
from accounts.limits import Shares
from accounts.model import NOTHING, Asker, Reach
from accounts.roles import Permission
from acd.api import queue_out
from acd.views import QueueView
from agents.api import agent_out, within
from base.role import Role
from events.board import Board
from events.latest import Colleagues, Hours, Latest, Lineup, Listened
from journal.records import Kind, Record
from missed.api import MissedCount
from sentences.sentence import Sentence
from web.fields import iso

MOST_STREAMS = 50
"""Clients at the same time, of which one account gets a share (`service.http.shares`)."""

FOR_ADMINISTRATORS = 10
"""Further streams that only administrators get."""

EVERY = 0.25
"""Seconds between two looks at what has changed, and so between two messages to a client."""

HEARTBEAT_S = 0.5
"""Seconds of silence after which a client gets a comment line. The console takes 1.5 s of silence for a lost connection
(`console/src/live/connection.ts`), and proxies cut silent ones."""

RETRY_MS = 3_000
"""Milliseconds after which a client whose stream broke may reconnect."""

SAME_MOMENT = 0.05
"""Seconds; two readings of when the longest wait began that differ by less mean the same moment."""


@dataclass(frozen=True, slots=True)
class _Queue:
    """A queue: its view, the time of that view, the JSON for clients; `number`: the look that saw it change."""

    view: QueueView
    at: float
    json: str
    number: int

    def differs(self, view: QueueView, at: float) -> bool:
        """Whether something changed besides the waiting time that passes."""
        moved = abs((at - view.longest_wait_s) - (self.at - self.view.longest_wait_s)) > SAME_MOMENT
        grown = view.waiting > 0 and moved
        return grown or replace(view, longest_wait_s=0.0) != replace(self.view, longest_wait_s=0.0)


@dataclass(slots=True)
class _Client:
    """How far a client sees. `desk`: the agent whose desk it is. `own`: the queues that this agent could ever serve."""

    queues: Reach
    agents: Reach
    callers: Reach
    talks: Reach
    missed: Reach
    latest: Sequence[Latest]
    desk: str | None
    own: frozenset[str] = frozenset()


class Broadcast(Collector):
    """`note` takes every Record, `router` serves the clients. `now`: seconds since the epoch."""

    def __init__(
        self,
        board: Board,
        lineup: Lineup,
        listened: Listened,
        missed: MissedCount,
        colleagues: Colleagues,
        now: Callable[[], float],
        latest: Sequence[Latest] = (),
    ) -> None:
        self.refused = 0
        self._shares = Shares()
        self._board, self._lineup, self._now = board, lineup, now
        self._hours = Hours(board, now)
        self._listened, self._missed, self._colleagues = listened, missed, colleagues
        self._latest = tuple(latest)
        self._watchers = self._desks = 0  # clients that may see callers; that are desks of agents
        self._queues: dict[str, _Queue] = {}
        self._agents: dict[str, tuple[str, int]] = {}  # JSON, and the look that saw the agent change
        self._touched: set[str] = set()  # agents
        self._stirred: set[str] = set()  # queues
        self._anew = False  # there is another hotline
        self._number = self._whole = 0  # of the last look, and of the last one at everything
        self._news = asyncio.Event()  # the next change; then there is another one
        self._timer: asyncio.TimerHandle | None = None
        self._minute_timer: asyncio.TimerHandle | None = None
        self._looked = 0.0  # on the loop's clock
        self._closed = False

    @property
    def streams(self) -> int:
        """How many clients are connected."""
        return self._shares.taken

    def note(self, record: Record) -> None:
        """Take a Record. The look follows once the engine's step is over, at most every EVERY seconds."""
        if not self.streams:
            return
        if record.kind is Kind.HOTLINE_CHANGED:
            self._anew = True
        elif self._missed.changed or any(record.kind in each.kinds for each in self._latest):
            pass
        elif record.agent is None and record.queue is None:
            return  # a call in the menus
        if record.agent is not None:
            self._touched.add(record.agent)
        if isinstance(to := record.data.get("to"), Mapping) and "agent" in to:
            self._touched.add(str(to["agent"]))  # a colleague, whose part in the call may be another one
        if record.queue is not None and self._watchers:
            self._stirred.add(record.queue)
        self._look_soon()

    def close(self) -> None:
        """End every stream in order, and begin no new ones."""
        self._closed = True
        self._rest()
        self._news.set()

    def router(self) -> APIRouter:
        """The route `/events`."""
        routes = APIRouter(tags=["events"])

        @routes.get(
            "/events",
            summary="Queues, agents and waiting callers as they change",
            status_code=200,
            response_class=_Stream,
            responses={503: {"description": "There are too many streams already."}},
        )
        async def events(asker: Asking) -> StreamingResponse:
            """Server-Sent Events: first `state` with all queues, agents and waiting callers that one may see, then
            `changes` with those that have changed. An agent also gets the queues that the own agent could ever serve,
            and `colleagues`. Ends with the session or the token.
            """
            more = FOR_ADMINISTRATORS if Role.ADMINISTRATOR in asker.account.roles else 0
            if self._closed or not self._shares.admits(asker.actor, MOST_STREAMS + more):
                self.refused += 1
                sentence = Sentence(
                    "There are {count} event streams, {other} of them of this account, and that is the most; "
                    "close one, or ask again later.",
                    count=self.streams,
                    other=self._shares.of(asker.actor),
                )
                raise HTTPException(503, sentence, {"Retry-After": "5"})
            return _Stream(self, asker)

        return routes

    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("wutong_event_streams", "Clients of GET /api/v1/events.", self.streams)
        yield CounterMetricFamily(
            "wutong_event_streams_refused", "Event streams refused because there were too many.", self.refused
        )

    # -- for a stream -------------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def stream(self, asker: Asker) -> AsyncIterator[AsyncGenerator[bytes]]:
        """One client, counted from now on: a crowd that comes at once must not get past the limit. The first client
        causes a look at everything; after the last one nothing is kept.
        """
        seen = self._client(asker)
        watches, desk = seen.callers != NOTHING, seen.desk is not None
        # The looks come first: where one raises, no client is counted.
        if not self.streams:
            self._look_at_all()
        if desk and not self._desks:
            self._colleagues.look_at_all(self._number)
        if watches and not self._watchers:
            self._lineup.look_at(self._board.queues(), self._number)
        if not self.streams:
            self._await_minute()
        self._shares.take(asker.actor)
        self._watchers += watches
        self._desks += desk
        try:
            async with aclosing(self._messages(asker, seen)) as messages:
                yield messages
        finally:
            self._shares.give_back(asker.actor)
            self._watchers -= watches
            self._desks -= desk
            if not self._desks:
                self._colleagues.clear()
            if not self._watchers:
                self._lineup.clear()
            if not self.streams:
                self._rest()
                self._queues, self._agents = {}, {}
                self._hours.clear()

    def _client(self, asker: Asker) -> _Client:
        def sees(permission: Permission) -> Reach:
            return roles.reach(asker.account, permission) or NOTHING

        return _Client(
            queues=asker.reach,
            agents=sees(Permission.SEE_AGENTS),
            callers=sees(Permission.SEE_CALLS),
            talks=sees(Permission.LISTEN),
            missed=sees(Permission.MISSED),
            latest=[each for each in self._latest if roles.reach(asker.account, each.permission) is not None],
            desk=sees(Permission.TRANSFER).agent,
        )

    async def _messages(self, asker: Asker, seen: _Client) -> AsyncGenerator[bytes]:
        """The messages for one client. A client that asks more slowly gets fewer and newer messages."""
        last = -1
        while not self._closed and asker.alive():
            if self._anew:
                self._look()
            message = self._message(last, seen)
            news, last = self._news, self._number
            if message is not None:
                yield message
            while not news.is_set() and asker.alive():
                try:
                    async with asyncio.timeout(HEARTBEAT_S):
                        await news.wait()
                except TimeoutError:
                    yield b": still here\n\n"

    def _message(self, last: int, client: _Client) -> bytes | None:
        """Everything that has changed since the look `last`, as it is now, as far as the client may see it; None:
        nothing.
        """
        now, whole = self._now(), last < max(self._whole, self._lineup.forgotten)
        last = -1 if whole else last
        new = self._newly_own(client, last)
        queues = [
            self._queue(name, now)
            for name, seen in self._queues.items()
            if name in new or (seen.number > last and (name in client.own or client.queues.has_queue(name)))
        ]
        agents = [
            json
            for name, (json, number) in self._agents.items()
            if number > last and within(client.agents, self._board, name)
        ]
        colleagues = [] if client.desk is None else self._colleagues.since(last, client.desk)
        callers, gone = self._lineup.since(last, client.callers)
        hours, listening = self._hours.since(last, client.queues), self._listened.since(last, client.talks)
        missed = self._missed.since(last, client.missed)
        latest = {each.name: news for each in client.latest if (news := each.since(last)) is not None}
        lists_too = listening is not None or missed is not None
        if not (whole or queues or agents or colleagues or callers or gone or hours or lists_too or latest):
            return None
        left = [] if whole else map(dumps, gone)
        lists = {"queues": queues, "agents": agents, "callers": callers, "gone": left, "last_hour": hours}
        if colleagues:
            lists["colleagues"] = colleagues
        if listening is not None:
            lists["listening"] = listening
        if missed is not None:
            lists["missed"] = missed
        lists |= latest
        lists_now = "".join(f',"{name}":[{",".join(things)}]' for name, things in lists.items())
        return format_sse_event(
            event="state" if whole else "changes",
            data_str=f'{{"at":"{iso(now)}"{lists_now}}}',
            id=str(self._number),
            retry=RETRY_MS if whole else None,
        )

    def _newly_own(self, client: _Client, last: int) -> frozenset[str]:
        """The queues that the agent of a desk can serve and could not at the look `last`. Only another hotline or other
        skills change that, and then the agent's own JSON is another one, too.
        """
        if client.desk is None or self._agents.get(client.desk, ("", -1))[1] <= last:
            return frozenset()
        before, client.own = client.own, frozenset(self._board.serves(client.desk))
        return client.own - before

    def _queue(self, name: str, now: float) -> str:
        """The queue's JSON now: its longest wait has grown since the last look. A change is left to the next look, so
        that every client gets it.
        """
        seen = self._queues[name]
        if now - seen.at <= EVERY:
            return seen.json
        view = self._board.queue_view(name)
        fresh = self._see(name, view, now, seen.number)
        if not seen.differs(view, now):
            self._queues[name] = fresh
        return fresh.json

    # -- looking ------------------------------------------------------------------------------------------------------

    def _look_soon(self) -> None:
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(max(0.0, self._looked + EVERY - loop.time()), self._look)

    def _await_minute(self) -> None:
        """The end of a minute is news, too."""
        self._minute_timer = asyncio.get_running_loop().call_later(self._hours.next_look(), self._minute_over)

    def _minute_over(self) -> None:
        self._await_minute()
        self._look_soon()

    def _look(self) -> None:
        self._stop_timer()
        self._looked = asyncio.get_running_loop().time()
        self._number += 1
        try:
            changed = self._see_changes()
        except Exception:
            self._anew = True  # the next look, in a minute at most, sees all: what this one was for is lost
            raise
        if changed:
            self._news.set()
            self._news = asyncio.Event()

    def _see_changes(self) -> bool:
        """Whether anything has changed since the last look."""
        if self._anew:
            self._look_at_all()
            return True
        changed = self._look_at_queues() | self._look_at_agents() | self._look_at_callers()
        changed |= self._hours.look(self._number)
        changed |= self._listened.look(self._number)
        changed |= self._missed.look(self._number)
        return changed | self._look_at_latest()

    def _look_at_all(self) -> None:
        now = self._now()
        self._whole = self._number
        self._queues = {
            name: self._see(name, self._board.queue_view(name), now, self._number) for name in self._board.queues()
        }
        self._agents = {name: (self._agent(name), self._number) for name in self._board.agents()}
        if self._desks:
            self._colleagues.look_at_all(self._number)
        self._listened.look(self._number)
        self._missed.look(self._number)
        self._look_at_latest()
        self._anew = False
        self._touched.clear()
        self._lineup.clear()
        if self._watchers:
            self._lineup.look_at(self._board.queues(), self._number)
        self._hours.clear()
        self._hours.look(self._number)
        self._stirred.clear()

    def _look_at_queues(self) -> bool:
        """All queues are compared, because an agent's state shows in every queue of that agent. Queues are few."""
        now, changed = self._now(), False
        for name, seen in self._queues.items():
            view = self._board.queue_view(name)
            if seen.differs(view, now):
                self._queues[name] = self._see(name, view, now, self._number)
                changed = True
        return changed

    def _look_at_agents(self) -> bool:
        """Only those that Records named are compared."""
        agents = {name: self._agent(name) for name in self._touched & self._agents.keys()}
        changed = {name: (json, self._number) for name, json in agents.items() if json != self._agents[name][0]}
        self._colleagues.look_at(changed.keys(), self._number)
        self._touched.clear()
        self._agents.update(changed)
        return bool(changed)

    def _look_at_callers(self) -> bool:
        """Only of queues that Records named."""
        stirred, self._stirred = [queue for queue in self._queues if queue in self._stirred], set()
        return bool(stirred) and self._lineup.look_at(stirred, self._number)

    def _look_at_latest(self) -> bool:
        return sum(each.look(self._number) for each in self._latest) > 0  # `any` would not look at all of them

    def _see(self, name: str, view: QueueView, now: float, number: int) -> _Queue:
        return _Queue(view, now, queue_out(self._board.queues()[name], view).model_dump_json(), number)

    def _agent(self, name: str) -> str:
        return agent_out(self._board.agents()[name], self._board.agent_view(name)).model_dump_json()

    def _rest(self) -> None:
        self._touched.clear()
        self._stirred.clear()
        self._anew = False
        self._stop_timer()
        if self._minute_timer is not None:
            self._minute_timer.cancel()
            self._minute_timer = None

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class _Stream(StreamingResponse):
    """One client's answer. FastAPI's own class is for routes that yield. It takes one message ahead, and that would be
    old when it is read.
    """

    media_type = "text/event-stream"

    def __init__(self, broadcast: Broadcast, asker: Asker) -> None:
        super().__init__(())
        self._broadcast, self._asker = broadcast, asker

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._broadcast.stream(self._asker) as self.body_iterator:
            await super().__call__(scope, receive, send)
