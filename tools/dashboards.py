"""docs/grafana/*.json, from docs/grafana/dashboards.yaml: `python -m tools.dashboards`, after a change of it.

`tests/integration/test_prometheus.py` asks a real Prometheus each query, about a service with calls.
"""

from collections.abc import Iterator
from typing import Any

from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.builders import stat, timeseries
from grafana_foundation_sdk.builders.common import ReduceDataOptions, StackingConfig
from grafana_foundation_sdk.builders.prometheus import Dataquery
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models import common
from grafana_foundation_sdk.models import dashboard as grafana
from ruamel.yaml import YAML

from base.folders import CHECKOUT

FOLDER = CHECKOUT / "docs" / "grafana"
SOURCE = common.DataSourceRef(type_val="prometheus", uid="${source}")

WITHIN = "15.0,10.0,20.0,30.0,60.0"
"""Seconds of the service level, as the buckets of `wutong_queue_wait_seconds` have them. The first is chosen at first:
GB/T 33358-2016.
"""

NAMES = "ABCDEFGH"
"""Of the queries of one panel, for Grafana."""


def pages() -> dict[str, str]:
    """The files of FOLDER: name → content."""
    made = {
        f"{board['name']}.{language}.json": _board(board, language) for board in boards() for language in ("zh", "en")
    }
    return {name: JSONEncoder(sort_keys=True, indent=1).encode(each.build()) + "\n" for name, each in made.items()}


def boards() -> list[dict[str, Any]]:
    """The dashboards, as their file has them."""
    found: list[dict[str, Any]] = YAML(typ="safe").load((FOLDER / "dashboards.yaml").read_text(encoding="utf-8"))
    return found


def panels(board: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for row in board["rows"]:
        yield from row["panels"]


def expression(written: str) -> str:
    """The query, as Grafana gets it."""
    return written.replace("{$at", '{instance=~"$instance"').replace("{$of", '{instance=~"$instance", queue=~"$queue"')


def _board(board: dict[str, Any], language: str) -> build.Dashboard:
    title = f"{'梧桐：' if language == 'zh' else 'Wutong: '}{board['title'][language]}"
    made = build.Dashboard(title).uid(f"wutong-{board['name']}-{language}").tags(["wutong"])
    made.time("now-6h", "now").refresh("30s")
    made.with_variable(build.DatasourceVariable("source").label("Prometheus").type("prometheus"))
    made.with_variable(_choice("instance", 'label_values(up{job="wutong"}, instance)'))
    asked = "".join(query["expr"] for panel in panels(board) for query in panel["queries"])
    if "{$of" in asked:
        made.with_variable(_choice("queue", 'label_values(wutong_queue_waiting{instance=~"$instance"}, queue)'))
    if "$within" in asked:
        made.with_variable(build.CustomVariable("within").values(WITHIN))
    for row in board["rows"]:
        made.with_row(build.Row(row["title"][language]))
        for panel in row["panels"]:
            made.with_panel(_figure(panel, language) if "figure" in panel else _lines(panel, language))
    return made


def _choice(name: str, query: str) -> build.QueryVariable:
    """Some of what there is; at first all."""
    made = build.QueryVariable(name).query(query).datasource(SOURCE).multi(True).include_all(True).all_value(".*")
    made.refresh(grafana.VariableRefresh.ON_TIME_RANGE_CHANGED)
    return made.current(grafana.VariableOption(selected=True, text="All", value="$__all"))


def _figure(panel: dict[str, Any], language: str) -> stat.Panel:
    calm, alarm, limit = "green", "red", panel.get("red_from")
    if "red_below" in panel:
        calm, alarm, limit = "red", "green", panel["red_below"]
    steps = [grafana.Threshold(value=None, color=calm)]
    if limit is not None:
        steps.append(grafana.Threshold(value=limit, color=alarm))
    drawn = (
        stat.Panel()
        .reduce_options(ReduceDataOptions().calcs(["lastNotNull"]))
        .title(panel["figure"][language])
        .description(panel[language])
        .height(4)
        .span(4)
    )
    drawn.datasource(SOURCE).unit(panel.get("unit", "short")).targets(_queries(panel, language))
    return drawn.thresholds(build.ThresholdsConfig().mode(grafana.ThresholdsMode.ABSOLUTE).steps(steps))


def _lines(panel: dict[str, Any], language: str) -> timeseries.Panel:
    drawn = timeseries.Panel().title(panel["lines"][language]).description(panel[language]).height(8).span(8)
    drawn.datasource(SOURCE).unit(panel.get("unit", "short")).targets(_queries(panel, language)).min(0)
    if "stacked" in panel:
        drawn.fill_opacity(30).stacking(StackingConfig().mode(common.StackingMode.NORMAL))
    return drawn


def _queries(panel: dict[str, Any], language: str) -> list[Any]:
    made = []
    for name, query in zip(NAMES, panel["queries"], strict=False):
        legend = query.get("legend", "")
        asked = Dataquery().ref_id(name).expr(expression(query["expr"])).datasource(SOURCE).range()
        made.append(asked.legend_format(legend if isinstance(legend, str) else legend[language]))
    return made


if __name__ == "__main__":
    for name, content in pages().items():
        (FOLDER / name).write_text(content, encoding="utf-8")
