"""What Prometheus gets of the leadership."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from nodes.leadership import Leadership, now


@dataclass(frozen=True)
class Measures(Collector):
    """`refused`: how many batches of Records were not taken as another machine leads."""

    leadership: Leadership
    refused: Callable[[], int]

    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("wutong_leads", "1: this machine leads.", not self.leadership.over)
        yield GaugeMetricFamily("wutong_may_offer", "1: it may ring agents now.", self.leadership.may_offer())
        backed = self.leadership.permit.backed(now())
        yield GaugeMetricFamily("wutong_backed", "1: all other machines let it lead on without PostgreSQL.", backed)
        yield GaugeMetricFamily("wutong_leader_epoch", "Rises with each new leader.", self.leadership.epoch)
        yield CounterMetricFamily(
            "wutong_journal_refused", "Batches of Records not taken, as another machine leads.", self.refused()
        )
