"""Figures, by hand."""

import re

import pytest

from reports.figures.model import DIMENSIONS, Family, Figure
from reports.kinds import FIGURES, SERVICE_LEVELS, ReportKind, dimensions_of, of_report
from reports.sums import MEASURES, Dimension, Sums, bucket, made_of, percentile

ICMI = made_of(
    {
        "entries": 1_060,
        "answered": 1_000,
        "answered_in_time": 860,
        "abandoned": 60,
        "abandoned_in_time": 20,
        "abandoned_short": 10,
    }
)
"""ICMI's example: 1,000 answered and 60 abandoned, 860 and 20 of them within 20 s, and 10 within 5 s."""


@pytest.mark.parametrize(
    ("name", "percent"),
    [
        ("abandons_served", 83.0),
        ("of_answered", 86.0),
        ("of_offered", 81.1),
        ("without_abandons_in_time", 82.7),
        ("short_served", 82.1),
        ("without_short", 81.9),
    ],
)
def test_service_levels_of_icmis_example(name: str, percent: float) -> None:
    value = FIGURES[f"service_level_{name}"](ICMI)
    assert value is not None
    assert round(value, 1) == percent


def test_every_service_level_is_in_that_example() -> None:
    assert len(SERVICE_LEVELS) == 6


def figure(name: str, **amounts: int) -> float | None:
    return FIGURES[name](made_of(amounts))


def test_handling_time_is_talk_hold_and_wrap_up() -> None:
    parts = {"interactions": 4, "talk_ms": 720_000, "hold_ms": 60_000, "wrap_up_ms": 100_000, "ring_ms": 20_000}
    assert figure("aht", **parts) == 220.0
    assert (figure("talk", **parts), figure("hold", **parts), figure("wrap_up", **parts)) == (180.0, 15.0, 25.0)
    assert figure("ring", **parts) == 5.0


def test_occupancy_leaves_breaks_out() -> None:
    """Of an hour: 30 minutes in calls, 6 in wrap-up, 3 ringing, 9 ready; 12 on a break."""
    minute = 60_000
    spent = {
        "on_call_ms": 30 * minute,
        "state_wrap_up_ms": 6 * minute,
        "ringing_ms": 3 * minute,
        "ready_ms": 9 * minute,
        "not_ready_ms": 12 * minute,
    }
    assert figure("occupancy", **spent) == 75.0
    assert figure("signed_in", **spent) == 3_600.0


def test_other_figures_by_hand() -> None:
    assert figure("break_adherence", limited_breaks=40, breaks_in_time=37) == 92.5
    assert figure("asa", answered=8, wait_ms=96_000) == 12.0
    assert figure("abandon_rate", answered=90, abandoned=15, abandoned_short=5) == 10.0
    assert figure("abandon_wait", abandoned=4, abandoned_wait_ms=100_000) == 25.0
    assert figure("direct_answers", calls=20, calls_answered=16, calls_direct=12) == 75.0
    assert figure("calls_reached", calls=40, calls_reached=38) == 95.0
    assert figure("callbacks_on_time", callbacks=9, callbacks_tried=8, callbacks_on_time=7) == 87.5
    assert figure("estimate_error", estimates=2, estimate_error_ms=50_000) == 25.0
    assert figure("estimate_bias", estimates=2, estimate_bias_ms=-30_000) == -15.0
    assert figure("score", surveys_begun=3, score=13) == 4.33


def test_without_anything_there_is_no_mean_and_no_share() -> None:
    for each in FIGURES.values():
        assert each(Sums()) == (0 if each.unit in ("count",) or each.id in _TIMES else None), each.id


_TIMES = {"signed_in", "ready", "not_ready", "break_time"}


def test_a_percentile_is_right_to_two_and_a_half_percent() -> None:
    waits = [n * n for n in range(1, 1_001)]
    buckets: dict[int, int] = {}
    for wait in waits:
        buckets[bucket(wait)] = buckets.get(bucket(wait), 0) + 1
    for share in (0.01, 0.5, 0.9, 1.0):
        exact = waits[int(share * len(waits)) - 1]
        assert percentile(buckets, share) == pytest.approx(exact, rel=0.026)
    assert percentile({}, 0.5) is None


@pytest.mark.parametrize("each", FIGURES.values(), ids=lambda each: each.id)
def test_every_figure_is_defined(each: Figure) -> None:
    """In both languages, by the names of sums that it really needs."""
    assert each.definition.endswith("."), "English"
    assert each.definition_zh.endswith("。"), "Chinese"
    assert each.source
    named = set(re.findall(r"[a-z_]+", each.formula)) & set(MEASURES)
    assert each.measures - {"waits"} <= named | {each.id}
    assert named - {each.id} <= each.measures | ENTRIES_ARE


ENTRIES_ARE = {"answered", "abandoned", "overflowed", "promised", "left_otherwise", "lines_answered", "lines_failed"}
"""What the formulas of `entries` and `lines` say these come to."""


@pytest.mark.parametrize("each", FIGURES.values(), ids=lambda each: each.id)
def test_a_figure_needs_no_other_sums(each: Figure) -> None:
    numbers = {name: 3 + 2 * n for n, name in enumerate(MEASURES)}
    given, whole = (made_of({name: numbers[name] for name in names}) for names in (each.measures - {"waits"}, MEASURES))
    given.waits = whole.waits = {bucket(10_000): 2}
    assert each(given) == each(whole)


def test_every_report_has_figures_by_each_of_its_dimensions() -> None:
    for kind in ReportKind:
        assert dimensions_of(kind)
        for dimension in dimensions_of(kind):
            assert of_report(kind, dimension)
    assert dimensions_of(ReportKind.QUEUES)[0] is Dimension.QUEUE
    assert dimensions_of(ReportKind.AGENTS)[0] is Dimension.AGENT
    assert set(DIMENSIONS) == set(Family)


def test_the_sound_of_phones_by_hand() -> None:
    legs = {"legs": 2, "legs_poor": 1, "mos_hundredths": 795, "lost_hundredths": 924, "jitter_us": 2_600}
    assert (figure("sound_mos", **legs), figure("sound_poor", **legs)) == (3.98, 50.0)  # 3.975
    assert (figure("sound_lost", **legs), figure("sound_jitter", **legs)) == (4.62, 1.3)
    assert figure("sound_trip", **legs, trips=1, trip_us=20_400) == 20.4
    assert figure("sound_trip", **legs) is None
