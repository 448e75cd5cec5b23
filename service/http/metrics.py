"""What Prometheus reads at /metrics. Gauges are read from the live views at each scrape; nothing is stored."""

from collections import Counter as Tally
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from acd.last_hour import ENTRY_ENDS, EntryOutcome, entry_end
from agents.states import SIGNED_IN, AgentState, PhoneState
from base.metrics import each
from base.tasks import Failures, Work
from calls.model import CallSummary
from calls.quality import Side
from dialplan.link import LinkFigures
from events.board import Board
from journal.records import Kind, Record

WAIT_BUCKETS = (1, 2.5, 5, 7.5, 10, 12.5, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1200)
"""Seconds; close together around 15 s, the answer time of GB/T 33358-2016."""

MOS_BUCKETS = (1.5, 2.0, 2.6, 3.1, 3.6, 4.0, 4.2, 4.3, 4.4)
"""2.6, 3.1, 3.6, 4.0 and 4.3 are the bounds of ITU-T G.107, annex B: nearly all, many, some users are dissatisfied;
satisfied; very satisfied.
"""
LOSS_BUCKETS = (0.001, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5)
JITTER_BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2)


@dataclass(frozen=True, slots=True)
class Readings:
    """Where the gauges come from; all are read at every scrape and must be cheap."""

    board: Board
    live_calls: Callable[[], int]
    journal_waiting: Callable[[], int]
    journal_dropped: Callable[[], int]
    ami: Callable[[], LinkFigures]
    journal_behind_s: Callable[[], float]
    spool_bytes: Callable[[], int]
    spool_up: Callable[[], bool]
    agi_sessions: Callable[[], int]
    agi_refused: Callable[[], int]
    calls_refused: Callable[[], Mapping[str, int]]
    agi_dropped: Callable[[], int]
    drained: Callable[[], bool]
    emergency_s: Callable[[], float]
    emergency_nodes: Callable[[], int]
    agi_strangers: Callable[[], int]
    observer_failures: Callable[[], Mapping[str, int]]
    task_failures: Callable[[], Mapping[str, int]]


class _Part(Collector):
    """The measures of one part of the service. If that fails, they are missing, and all others are there."""

    def __init__(self, part: Collector, failures: Failures) -> None:
        self._part, self._failures = part, failures

    def collect(self) -> Iterable[Metric]:
        try:
            return list(self._part.collect())
        except Exception as error:
            self._failures.note(Work.MEASURE, error, part=type(self._part).__name__)
            return ()


COUNTED = frozenset(
    {
        *(Kind.SCOPE_TOLD, Kind.EMERGENCY_TOLD, Kind.CALL_OUT_ANSWERED, Kind.CALL_OUT_FAILED, Kind.CALL_FINISHED),
        *(Kind.SOUND_LOST, Kind.LEG_MEASURED, *ENTRY_ENDS),
    }
)
"""The kinds of Records that `Metrics.note` has to see."""


class Metrics(Collector):
    """`note` counts by Records; `collect` reads the views at each scrape; `exposition` is the page."""

    def __init__(self, readings: Readings, failures: Failures) -> None:
        self._readings = readings
        self._failures = failures
        self._registry = CollectorRegistry()
        self._calls = Counter(
            "wutong_calls",
            "Ends of calls' stays in queues: answered, abandoned, overflowed, left; "
            "with an empty queue, ends of calls that never were in one.",
            ["queue", "outcome"],
            registry=self._registry,
        )
        self._calls_out = Counter(
            "wutong_calls_out",
            "Calls of agents to citizens, by the queue for which they called: answered, or why nobody talked.",
            ["queue", "outcome"],
            registry=self._registry,
        )
        self._scopes = Counter(
            "wutong_scopes_told",
            "How often callers heard that a subject is somebody else's business.",
            ["scope"],
            registry=self._registry,
        )
        self._warned = Counter(
            "wutong_emergency_told", "How often callers heard an emergency message.", registry=self._registry
        )
        self._silent = Counter(
            "wutong_sound_lost",
            "Talks in which no audio came from one side for 5 s.",
            ["side"],
            registry=self._registry,
        )
        self._mos = Histogram(
            "wutong_leg_mos",
            "How good the sound of phones was, by the E-model, once their legs have ended.",
            ["line"],
            buckets=MOS_BUCKETS,
            registry=self._registry,
        )
        self._loss = Histogram(
            "wutong_leg_loss_ratio",
            "The share of a leg's packets that got lost, in the worse direction.",
            ["line"],
            buckets=LOSS_BUCKETS,
            registry=self._registry,
        )
        self._jitter = Histogram(
            "wutong_leg_jitter_seconds",
            "The jitter of a leg, in the worse direction.",
            ["line"],
            buckets=JITTER_BUCKETS,
            registry=self._registry,
        )
        self._waits = Histogram(
            "wutong_queue_wait_seconds",
            "Waits of answered callers.",
            ["queue"],
            buckets=WAIT_BUCKETS,
            registry=self._registry,
        )
        self._registry.register(_Part(self, failures))
        ProcessCollector(registry=self._registry)

    def add(self, collector: Collector) -> None:
        """Add the collector of another part."""
        self._registry.register(_Part(collector, self._failures))

    def note(self, record: Record, call: CallSummary | None) -> None:
        """Count the record. `call`: its call after the record, from `CallBook.summary`. Test calls are not counted."""
        if record.test:
            return
        if record.kind is Kind.SCOPE_TOLD:
            self._scopes.labels(record.data["scope"]).inc()
        if record.kind is Kind.EMERGENCY_TOLD:
            self._warned.inc()
        if record.kind is Kind.CALL_OUT_ANSWERED:
            self._calls_out.labels(record.queue, "answered").inc()
        if record.kind is Kind.CALL_OUT_FAILED:
            self._calls_out.labels(record.queue, record.data["why"]).inc()
        if record.kind is Kind.SOUND_LOST and not record.data.get("again"):
            self._silent.labels(record.data["side"]).inc()
        if record.kind is Kind.LEG_MEASURED and record.data["mos"] is not None:
            line = record.data["line"]
            self._mos.labels(line).observe(record.data["mos"])
            self._loss.labels(line).observe(record.data["lost"] / 100)
            self._jitter.labels(line).observe(record.data["jitter_ms"] / 1000)
        outcome = entry_end(record)
        if outcome is not None:
            self._calls.labels(record.queue, outcome.value).inc()
            if outcome is EntryOutcome.ANSWERED:
                self._waits.labels(record.queue).observe(float(record.data.get("waited_s", 0.0)))
        elif record.kind is Kind.CALL_FINISHED and call is not None and call.queue is None and call.outcome is not None:
            self._calls.labels("", call.outcome.value).inc()

    def exposition(self) -> bytes:
        """The page, of the media type `CONTENT_TYPE_LATEST`."""
        for queue_id in self._readings.board.queues():  # before the first call: nobody sees a counter's first step
            self._waits.labels(queue_id)
            for outcome in EntryOutcome:
                self._calls.labels(queue_id, outcome.value)
        for side in Side:
            self._silent.labels(side.value)
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        readings = self._readings
        waiting = GaugeMetricFamily("wutong_queue_waiting", "Callers who wait.", labels=["queue"])
        longest = GaugeMetricFamily(
            "wutong_queue_longest_wait_seconds", "Of those who wait now; 0: nobody waits.", labels=["queue"]
        )
        callbacks = GaugeMetricFamily("wutong_callbacks", "Callers who are to be called back.", labels=["queue"])
        crew_of = readings.board.crews()
        crews = GaugeMetricFamily(
            "wutong_queue_agents",
            "Signed-in agents who could ever serve the queue, by state and phone.",
            labels=["queue", "state", "phone"],
        )
        for queue_id in readings.board.queues():
            view = readings.board.queue_view(queue_id)
            waiting.add_metric([queue_id], view.waiting)
            longest.add_metric([queue_id], view.longest_wait_s)
            callbacks.add_metric([queue_id], view.callbacks)
            crew = crew_of.get(queue_id, {})
            for state, phone in product(SIGNED_IN, PhoneState):
                crews.add_metric([queue_id, state, phone], crew.get((state, phone), 0))
        yield waiting
        yield longest
        yield callbacks
        yield crews
        views = map(readings.board.agent_view, readings.board.agents())
        tally = Tally((view.state, view.phone) for view in views)
        agents = GaugeMetricFamily("wutong_agents", "Agents by state and phone.", labels=["state", "phone"])
        for state, phone in product(AgentState, PhoneState):
            agents.add_metric([state, phone], tally[state, phone])
        yield agents
        yield GaugeMetricFamily("wutong_calls_live", "Calls that have not ended.", readings.live_calls())
        yield GaugeMetricFamily("wutong_agi_sessions", "Open AGI sessions.", readings.agi_sessions())
        yield CounterMetricFamily(
            "wutong_agi_refused", "AGI connections closed because there were too many.", readings.agi_refused()
        )
        refused = CounterMetricFamily(
            "wutong_calls_refused", "Calls for which there was no room, by the limit that was reached.", labels=["why"]
        )
        yield each(refused, readings.calls_refused())
        yield CounterMetricFamily(
            "wutong_agi_dropped", "AGI connections closed because they did not send AGI.", readings.agi_dropped()
        )
        yield GaugeMetricFamily("wutong_drained", "1: new calls are turned away (./wutong drain).", readings.drained())
        left = readings.emergency_s()
        yield GaugeMetricFamily("wutong_emergency", "1: all callers hear an emergency message.", left > 0)
        yield GaugeMetricFamily(
            "wutong_emergency_places", "Queues, sub-hotlines and menus with a message.", readings.emergency_nodes()
        )
        yield GaugeMetricFamily(
            "wutong_emergency_left_seconds", "How long the emergency message will be on; 0: none is.", left
        )
        yield CounterMetricFamily(
            "wutong_agi_strangers", "AGI sessions closed because they lacked the secret.", readings.agi_strangers()
        )
        yield from _link(readings.ami())
        yield GaugeMetricFamily(
            "wutong_journal_waiting", "Records that the database does not have yet.", readings.journal_waiting()
        )
        yield CounterMetricFamily(
            "wutong_journal_dropped",
            "Records that neither the spool nor the memory could keep, or that were damaged there.",
            readings.journal_dropped(),
        )
        yield GaugeMetricFamily(
            "wutong_journal_behind_seconds",
            "Age of the oldest Record that the database does not have.",
            readings.journal_behind_s(),
        )
        failures = CounterMetricFamily(
            "wutong_observer_failures",
            "Records that an observer could not take in; they are kept.",
            labels=["observer"],
        )
        yield each(failures, readings.observer_failures())
        failed = CounterMetricFamily(
            "wutong_task_failures",
            "Mistakes of ours in tasks, timers and observers that stayed where they happened.",
            labels=["task"],
        )
        yield each(failed, readings.task_failures())
        yield GaugeMetricFamily("wutong_spool_bytes", "Size of the folder spool/.", readings.spool_bytes())
        yield GaugeMetricFamily("wutong_spool_up", "1: every Record is kept in the spool.", readings.spool_up())


def _link(figures: LinkFigures) -> Iterator[Metric]:
    yield GaugeMetricFamily("wutong_ami_up", "1: the link to Asterisk is up.", figures.up)
    yield CounterMetricFamily(
        "wutong_ami_reconnects", "Times that the link came up again.", max(0, figures.connects - 1)
    )
    breaks = CounterMetricFamily("wutong_ami_breaks", "Times that the link went down, by reason.", labels=["reason"])
    yield each(breaks, figures.breaks)
    yield GaugeMetricFamily("wutong_ami_lag_seconds", "How late Asterisk's answers come now.", figures.lag)
