"""What Prometheus reads."""

from collections.abc import Iterator

from prometheus_client import REGISTRY
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

from agents.states import AgentState, PhoneState
from journal.records import Kind, Record
from tests.unit.service.world import World, waiting_call


def values(world: World) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    page = world.metrics.exposition().decode()
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


def of(world: World, name: str, **labels: str) -> float | None:
    return values(world).get((name, tuple(sorted(labels.items()))))


def any_counted(world: World) -> bool:
    names = ("wutong_calls_total", "wutong_queue_wait_seconds_count")
    return any(value for (name, _), value in values(world).items() if name in names)


async def test_the_page_needs_no_token() -> None:
    async with World().client(token=None) as client:
        answer = await client.get("/metrics", headers={"Accept": "application/openmetrics-text; version=x.y"})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=")
    assert "wutong_queue_waiting" in answer.text


def test_gauges_are_read_at_the_scrape_and_only_then() -> None:
    world = World()
    assert world.desk.reads == 0
    assert of(world, "wutong_drained") == 0
    world.dropped, world.ami_up, world.desk.centre.intake.drained = 7, False, True
    world.note(*waiting_call())
    agents = world.desk.hotline.agents
    world.desk.change(agents={**agents, "1003": agents["1001"], "1004": agents["1001"]})
    world.desk.wait("greening", 33.5, 20.0, 10.0, 5.0)
    world.desk.seat("1001", "c1", state=AgentState.WRAP_UP, until=world.now + 20)
    world.desk.seat("1003", state=AgentState.READY, phone=PhoneState.FREE)
    world.desk.seat("1004", state=AgentState.READY, phone=PhoneState.UNREACHABLE)
    assert of(world, "wutong_queue_waiting", queue="greening") == 4
    assert of(world, "wutong_queue_longest_wait_seconds", queue="greening") == 33.5
    assert of(world, "wutong_queue_waiting", queue="general") == 0
    assert of(world, "wutong_callbacks", queue="greening") == 0
    states = {state.value: of(world, "wutong_agents", state=state.value, phone="free") for state in AgentState}
    assert states == {"logged-out": 1, "wrap-up": 1, "ready": 1, "not-ready": 0, "ringing": 0, "on-call": 0}
    assert of(world, "wutong_agents", state="wrap-up", phone="unreachable") == 0
    ready = {
        phone.value: of(world, "wutong_queue_agents", queue="greening", state="ready", phone=phone)
        for phone in PhoneState
    }
    assert ready == {"free": 1, "busy": 0, "unreachable": 1}
    assert of(world, "wutong_queue_agents", queue="general", state="on-call", phone="busy") == 0
    assert of(world, "wutong_drained") == 1
    assert of(world, "wutong_journal_dropped_total") == 7
    assert of(world, "wutong_journal_waiting") == 3
    assert of(world, "wutong_journal_behind_seconds") == 12.5
    assert of(world, "wutong_spool_bytes") == 4_096
    assert of(world, "wutong_spool_up") == 1
    assert (of(world, "wutong_ami_up"), of(world, "wutong_agi_sessions"), of(world, "wutong_calls_live")) == (0, 2, 1)
    assert (of(world, "wutong_ami_reconnects_total"), of(world, "wutong_ami_lag_seconds")) == (2, 0.25)
    assert of(world, "wutong_ami_breaks_total", reason="silent") == 2
    assert of(world, "wutong_ami_breaks_total", reason="closed") == 0  # there before the first, for increase()
    assert of(world, "wutong_agi_refused_total") == 5
    assert of(world, "wutong_agi_dropped_total") == 7
    assert of(world, "wutong_agi_strangers_total") == 6


def test_the_counters_of_a_queue_are_there_before_its_first_call() -> None:
    world = World()
    assert of(world, "wutong_calls_total", queue="general", outcome="abandoned") == 0
    assert of(world, "wutong_queue_wait_seconds_bucket", queue="general", le="15.0") == 0


def test_an_answered_call_is_counted_once_and_its_wait_observed() -> None:
    world = World()
    connected = Record(1_700_000_010.0, Kind.CONNECTED, "c1", "greening", "1001", "o1", {"waited_s": 8.0})
    world.note(*waiting_call(), connected, Record(1_700_000_090.0, Kind.CALL_FINISHED, "c1", data={"by": "caller"}))
    counted = {key[1]: value for key, value in values(world).items() if key[0] == "wutong_calls_total" and value}
    assert counted == {(("outcome", "answered"), ("queue", "greening")): 1}
    assert of(world, "wutong_queue_wait_seconds_count", queue="greening") == 1
    assert of(world, "wutong_queue_wait_seconds_sum", queue="greening") == 8.0
    assert of(world, "wutong_queue_wait_seconds_bucket", queue="greening", le="7.5") == 0
    assert of(world, "wutong_queue_wait_seconds_bucket", queue="greening", le="10.0") == 1


def test_the_sound_of_legs_and_who_is_not_heard() -> None:
    world = World()
    assert of(world, "wutong_sound_lost_total", side="caller") == 0  # there before the first, for increase()
    leg = {"line": "browser", "mos": 3.5, "lost": 5.0, "jitter_ms": 12.0}
    silent = {"line": "phone", "mos": None, "lost": None, "jitter_ms": 0.0}
    world.note(
        *waiting_call(),
        *(Record(1_700_000_010.0, Kind.LEG_MEASURED, "c1", data=data) for data in (leg, silent, leg | {"test": True})),
        Record(1_700_000_010.0, Kind.SOUND_LOST, "c1", data={"side": "caller"}),
        Record(1_700_000_020.0, Kind.SOUND_LOST, "c1", data={"side": "caller", "again": True}),
    )
    assert of(world, "wutong_sound_lost_total", side="caller") == 1
    counted = {name: of(world, f"wutong_leg_{name}_sum", line="browser") for name in ("mos", "loss_ratio")}
    assert counted == {"mos": 3.5, "loss_ratio": 0.05}
    assert of(world, "wutong_leg_jitter_seconds_sum", line="browser") == 0.012


def test_abandoned_and_overflowed_are_counted_without_a_wait() -> None:
    world = World()
    world.note(
        Record(1.0, Kind.LEFT_QUEUE, "c1", "greening", data={"why": "hung-up", "waited_s": 3.0}),
        Record(1.0, Kind.OVERFLOWED, "c2", "greening", data={"rule": 0, "waited_s": 300.0}),
    )
    assert of(world, "wutong_calls_total", queue="greening", outcome="abandoned") == 1
    assert of(world, "wutong_calls_total", queue="greening", outcome="overflowed") == 1
    assert of(world, "wutong_queue_wait_seconds_count", queue="greening") == 0


def test_calls_to_citizens_have_a_counter_of_their_own() -> None:
    world = World()
    number = {"number": "13800138000"}
    world.note(
        Record(1.0, Kind.CALL_OUT_DIALLED, "c1", "greening", "1001", data={**number, "shown": "12319"}),
        Record(2.0, Kind.CALL_OUT_ANSWERED, "c1", "greening", "1001", data=number),
        Record(3.0, Kind.CALL_OUT_ENDED, "c1", "greening", "1001", data={"by": "caller", "talked_s": 1.0}),
        Record(4.0, Kind.CALL_OUT_DIALLED, "c2", "greening", "1001", data={**number, "shown": "12319"}),
        Record(5.0, Kind.CALL_OUT_FAILED, "c2", "greening", "1001", data={"why": "busy"}),
    )
    assert of(world, "wutong_calls_out_total", queue="greening", outcome="answered") == 1
    assert of(world, "wutong_calls_out_total", queue="greening", outcome="busy") == 1
    assert not any_counted(world)


def test_a_call_that_was_in_no_queue_is_counted_at_its_end() -> None:
    world = World()
    world.note(*waiting_call()[:2], Record(1_700_000_003.0, Kind.CALL_FINISHED, "c1", data={"by": "caller"}))
    assert of(world, "wutong_calls_total", queue="", outcome="hung-up") == 1


def test_a_test_call_is_counted_nowhere() -> None:
    world = World()
    in_queue = Record(1_700_000_010.0, Kind.CONNECTED, "c1", "greening", "1001", "o1", {"waited_s": 8.0})
    gone = Record(1_700_000_010.0, Kind.LEFT_QUEUE, "c1", "greening", data={"why": "hung-up", "waited_s": 8.0})
    over = Record(1_700_000_090.0, Kind.CALL_FINISHED, "c1", data={"by": "caller"})
    for story in ([*waiting_call(), in_queue, over], [*waiting_call(), gone, over], [*waiting_call()[:2], over]):
        world.note(*(step._replace(data={**step.data, "test": True}) for step in story))
    assert not any_counted(world)


def test_an_observer_that_fails_is_counted() -> None:
    world = World()

    def broken(record: Record) -> None:
        raise KeyError(record.call)

    world.recorder.add("broken", broken)
    world.note(*waiting_call())
    assert of(world, "wutong_observer_failures_total", observer="broken") == 4
    assert (
        of(world, "wutong_observer_failures_total", observer="metrics") == 0
    )  # there before the first, for increase()
    assert of(world, "wutong_calls_live") == 1


def test_a_part_that_fails_is_missing_and_all_others_are_there() -> None:
    class Broken(Collector):
        def collect(self) -> Iterator[Metric]:
            yield GaugeMetricFamily("wutong_half", "Half of it.", 1)
            raise ZeroDivisionError

    world = World()
    world.metrics.add(Broken())
    world.metrics.exposition()
    assert (of(world, "wutong_task_failures_total", task="measure") or 0) >= 1
    assert of(world, "wutong_calls_live") == 0
    assert of(world, "wutong_half") is None


def test_the_registry_is_our_own() -> None:
    World()
    World()  # a second one in the same process does not collide
    assert not [name for name in REGISTRY._names_to_collectors if name.startswith("wutong")]
