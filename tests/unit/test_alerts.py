"""The alert rules: they parse, speak of measures that there are, the page for the night explains each, and each fires
when it should, as Prometheus' own program finds. `tests/integration/test_prometheus.py` loads them into a Prometheus.
"""

import ast
import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families
from ruamel.yaml import YAML

from dialplan.doors import Door, Doors
from dialplan.guard import Guard
from privacy.model import Removals
from service.http.connections import Cut, Server
from service.http.turnstile import Turnstile
from tests.unit.service.world import World

CHECKOUT = Path(__file__).resolve().parents[2]
OURS = {"job", "instance"}
"""Labels that Prometheus adds itself."""


@pytest.fixture(scope="module")
def rules() -> list[dict[str, Any]]:
    content = YAML(typ="safe").load((CHECKOUT / "docs/alerts.yaml").read_text(encoding="utf-8"))
    assert list(content) == ["groups"]
    return [rule for group in content["groups"] for rule in group["rules"]]


@pytest.fixture(scope="module")
def labels() -> dict[str, set[str]]:
    """Every sample that /metrics has → its labels, those of each known."""
    world = World()
    world.metrics.add(Server(FastAPI(), "127.0.0.1", 0))
    world.metrics.add(Turnstile())
    world.metrics.add(world.broadcast)
    world.metrics.add(Guard(Path("no-log"), lambda: 0.0))
    world.metrics.add(Doors(Door("phones", 5061, 1_020)))
    world.metrics.add(Removals())
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(world.metrics.exposition().decode()):
        # a labelled counter that nothing has been counted in has no samples yet
        names = {family.name} if family.type == "gauge" else {f"{family.name}_total", f"{family.name}_bucket"}
        for name in names:
            found.setdefault(name, set())
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def measures(rule: dict[str, Any]) -> set[str]:
    return set(re.findall(r"\b(?:wutong|process)_\w+", rule["expr"]))


def test_every_rule_is_whole(rules: list[dict[str, Any]]) -> None:
    assert len({rule["alert"] for rule in rules}) == len(rules)
    for rule in rules:
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}, rule["alert"]
        assert re.fullmatch("Wutong[A-Za-z]+", rule["alert"])
        assert rule["labels"]["severity"] in ("page", "ticket"), rule["alert"]
        assert rule["annotations"]["summary"]
        for opening, closing in ("()", "{}", "[]"):
            assert rule["expr"].count(opening) == rule["expr"].count(closing), rule["alert"]


def test_every_measure_is_in_metrics(rules: list[dict[str, Any]], labels: dict[str, set[str]]) -> None:
    named = set().union(*map(measures, rules))
    assert len(named) > 10
    assert named <= set(labels)


def test_counters_are_counted_by_their_increase(rules: list[dict[str, Any]]) -> None:
    for rule in rules:
        for counter in re.findall(r"\w+_total", rule["expr"]):
            assert re.search(rf"(increase|rate)\({counter}", rule["expr"]), rule["alert"]


def test_reasons_that_are_named_exist(rules: list[dict[str, Any]]) -> None:
    named = {
        reason
        for rule in rules
        for value in re.findall(r'why=~?"([^"]+)"', rule["expr"])
        for reason in value.split("|")
    }
    assert named
    assert named <= {why.value for why in Cut}


def test_the_page_for_the_night_has_every_alert_and_no_other(rules: list[dict[str, Any]]) -> None:
    page = (CHECKOUT / "docs/operations.md").read_text(encoding="utf-8")
    section = page.partition("## Alerts\n")[2].partition("\n## ")[0]
    told = dict(re.findall(r"^\| `(Wutong\w+)` \| (now|morning) \|", section, re.MULTILINE))
    when = {"page": "now", "ticket": "morning"}
    assert told == {rule["alert"]: when[rule["labels"]["severity"]] for rule in rules}


class Cause(NamedTuple):
    """What makes one alert fire.

    series  the measures, one value each minute, or each `every`, as promtool writes them: `0x4 1x5` is five times 0,
            then six times 1
    quiet   when the alert does not fire yet
    fires   when it does
    by      the test in which the product itself makes such a value
    """

    series: Mapping[str, str]
    quiet: str
    fires: str
    by: str
    every: str = "1m"


def once(measure: str, by: str) -> Cause:
    """A counter that nothing should count in."""
    return Cause({measure: "0x4 1x9"}, "4m", "6m", by)


def until_now(measure: str, by: str) -> Cause:
    """A measure that is 1 while all is well."""
    return Cause({measure: "1x4 0x9"}, "4m", "7m", by)


LOADED = "integration/test_prometheus.py::test_a_hotline_as_a_real_prometheus_sees_it"
LINK = "integration/test_link_faults.py::"
DATABASE = "integration/test_database_faults.py::"
HTTP = "unit/service/http/"

CAUSES = {
    "WutongDown": Cause({"up": "1x4 0x9"}, "5m", "7m", LOADED),
    "WutongAsteriskAway": until_now("wutong_ami_up", LINK + "test_calls_in_every_state_live_through_it"),
    "WutongAsteriskLags": Cause(
        {"wutong_ami_lag_seconds": "0.2x4 1.5x9"},
        *("4m", "7m", LINK + "test_answers_and_events_that_are_seconds_late"),
    ),
    "WutongAsteriskLinkBreaks": Cause(
        {'wutong_ami_breaks_total{reason="closed"}': "0x4 1 2 3 4 5x9"},
        *("6m", "9m", LINK + "test_calls_in_every_state_live_through_it"),
    ),
    "WutongOneWayAudio": Cause(
        {'wutong_sound_lost_total{side="caller"}': "0x4 3 6 9x9"},
        *("5m", "8m", "integration/test_sound.py::test_who_is_not_heard_is_told_at_the_desk_and_to_operations"),
    ),
    "WutongCallsRefused": Cause(
        {'wutong_calls_refused_total{why="too-many-calls"}': "0x4 3x9", "wutong_agi_refused_total": "0x20"},
        *("4m", "6m", "attack/test_crowded_lines.py::test_a_flood_gets_the_busy_tone"),
    ),
    "WutongSelftest": Cause(
        {"wutong_selftest_differences": "0x4 2x9", "wutong_selftest_complete": "1x20"},
        *("4m", "6m", "integration/test_selftest.py::test_all_is_as_the_tree_says_and_nobody_is_disturbed"),
    ),
    "WutongDailySheet": Cause(
        {"wutong_daily_sheet_unsent": "0x4 1x30"},
        *("15m", "22m", "unit/daily/test_mailing.py::test_after_noon_it_is_given_up_and_stays_told"),
    ),
    "WutongDrained": Cause(
        {"wutong_drained": "0x4 1x60"}, "30m", "40m", "integration/test_restart.py::test_drained_for_maintenance"
    ),
    "WutongEmergencyMessage": once("wutong_emergency", HTTP + "test_emergency.py::test_metrics_say_that_it_is_on"),
    "WutongEmergencyMessageEnds": Cause(
        {"wutong_emergency_left_seconds": "3600-60x59"},
        *("29m", "32m", HTTP + "test_emergency.py::test_metrics_say_that_it_is_on"),
    ),
    "WutongNobodyAtWork": Cause(
        {
            'wutong_queue_waiting{queue="a"}': "0x4 2x9",
            'wutong_agents{state="ready", phone="unreachable"}': "1x20",
            'wutong_agents{state="ready", phone="free"}': "0x20",
            "wutong_ami_up": "1x20",
        },
        *("5m", "7m", LOADED),
    ),
    "WutongQueueWithoutAgents": Cause(
        {
            'wutong_queue_waiting{queue="a"}': "0x4 2x9",
            'wutong_queue_agents{queue="a", state="ready", phone="free"}': "0x20",
            'wutong_queue_agents{queue="b", state="ready", phone="free"}': "1x20",
            "wutong_ami_up": "1x20",
        },
        *("6m", "8m", LOADED),
    ),
    "WutongCallersWaitLong": Cause({'wutong_queue_longest_wait_seconds{queue="a"}': "0+60x20"}, "11m", "13m", LOADED),
    "WutongManyHangUp": Cause(
        {f'wutong_calls_total{{queue="a", outcome="{outcome}"}}': "0+1x30" for outcome in ("abandoned", "answered")},
        *("4m", "20m", LOADED),
    ),
    "WutongRecordsLost": once(
        "wutong_journal_dropped_total",
        "unit/journal/test_writer.py::test_what_finds_neither_spool_nor_queue_is_dropped_counted_and_said_once_a_burst",
    ),
    "WutongSpoolFailed": until_now(
        "wutong_spool_up", DATABASE + "test_a_spool_whose_disk_is_gone_is_told_and_the_database_gets_the_calls"
    ),
    "WutongDatabaseBehind": Cause(
        {"wutong_journal_behind_seconds": "0x4 70x9"}, "8m", "11m", DATABASE + "test_locked_for_longer_than_a_call"
    ),
    "WutongRestarts": Cause(
        {"process_start_time_seconds": "100x4 200 300 400x9"},
        *("6m", "8m", "integration/test_restart.py::test_drained_for_maintenance"),
    ),
    "WutongBusy": Cause({"process_cpu_seconds_total": "0+48x20"}, "8m", "11m", LOADED),
    "WutongDescriptors": Cause({"process_open_fds": "100x4 900x9", "process_max_fds": "1000x20"}, "4m", "6m", LOADED),
    "WutongHttpCrowded": Cause(
        {'wutong_http_connections_cut_total{why="crowd"}': "0x4 2x9", "wutong_http_refused_total": "0x20"},
        *("4m", "6m", HTTP + "test_connections.py::test_half_sent_requests_lock_nobody_out"),
    ),
    "WutongBoardsRefused": once(
        "wutong_event_streams_refused_total", "unit/events/test_event_streams.py::test_one_stream_too_many_is_refused"
    ),
    "WutongPasswordsGuessed": Cause(
        {"wutong_phones_guessed_now": "0x4 1x9", "wutong_phone_password_failures_total": "0x20"},
        *("4m", "6m", "attack/test_passwords.py::test_an_office_behind_a_guessers_address_registers"),
    ),
    "WutongDoorCrowded": Cause(
        {
            'wutong_door_connections{door="phones"}': "10x4 800x9",
            'wutong_door_connections_most{door="phones"}': "1020x20",
        },
        *("5m", "7m", "unit/dialplan/test_doors.py::test_the_measures_name_the_door"),
    ),
    "WutongSignInsFail": Cause(
        {'wutong_sign_ins_total{outcome="wrong"}': "0x4 0+10x9"},
        *("9m", "12m", LOADED),
    ),
    "WutongAuditLost": once(
        "wutong_audit_dropped_total", "unit/accounts/test_audit.py::test_what_many_read_does_not_fill_the_memory"
    ),
    "WutongAccountsBroke": once(
        "wutong_account_failures_total",
        "unit/accounts/test_accounts.py::test_a_mistake_in_reading_is_counted_and_read_again",
    ),
    "WutongMistake": once(
        'wutong_observer_failures_total{observer="a"}',
        HTTP + "test_metrics.py::test_an_observer_that_fails_is_counted",
    ),
    "WutongEngineBroke": once(
        'wutong_task_failures_total{task="engine"}',
        "integration/test_mistakes.py::test_a_service_whose_engine_broke_is_renewed_and_nobody_hears_it",
    ),
    "WutongNotPurged": Cause(
        {"wutong_purge_last_timestamp_seconds": "1x80"},
        *("73h", "75h", "integration/test_privacy.py::test_a_number_is_exported_and_forgotten_and_old_data_purged"),
        every="1h",
    ),
}


def test_every_alert_fires_when_it_should_and_not_before(rules: list[dict[str, Any]], tmp_path: Path) -> None:
    assert set(CAUSES) == {rule["alert"] for rule in rules}

    def seen(alert: str, at: str, firing: int) -> dict[str, Any]:
        expr = f'count(ALERTS{{alertname="{alert}", alertstate="firing"}}) or vector(0)'
        return {"expr": expr, "eval_time": at, "exp_samples": [{"labels": "{}", "value": firing}]}

    def measured(measure: str) -> str:
        name, _, labels = measure.rstrip("}").partition("{")
        return f'{name}{{job="wutong", instance="w"{", " if labels else ""}{labels}}}'

    files = []
    for every in ("1m", "1h"):
        tests = [
            {
                "interval": every,
                "input_series": [{"series": measured(one), "values": values} for one, values in cause.series.items()],
                "promql_expr_test": [seen(alert, cause.quiet, 0), seen(alert, cause.fires, 1)],
            }
            for alert, cause in CAUSES.items()
            if cause.every == every
        ]
        rules_file = str(CHECKOUT / "docs/alerts.yaml")
        files.append(tmp_path / f"{every}.yaml")
        files[-1].write_text(json.dumps({"rule_files": [rules_file], "evaluation_interval": every, "tests": tests}))
    done = subprocess.run(
        ["promtool", "test", "rules", *files], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_product_makes_each_value_in_a_test() -> None:
    for alert, cause in CAUSES.items():
        file, _, name = cause.by.partition("::")
        tree = ast.parse((CHECKOUT / "tests" / file).read_text(encoding="utf-8"))
        named = {each.name for each in tree.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)}
        assert name in named, alert
