"""What collectors of metrics share."""

from collections.abc import Mapping
from typing import Any

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric


def each(metric: GaugeMetricFamily | CounterMetricFamily, values: Mapping[Any, float]) -> Metric:
    """The metric with a value for each label."""
    for label, value in values.items():
        metric.add_metric([label], value)
    return metric
