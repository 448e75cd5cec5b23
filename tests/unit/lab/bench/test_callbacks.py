"""The chart and the figures of the callbacks' bench, without phones."""

from xml.etree import ElementTree

from lab.bench.callbacks import Plan, Seen, chart


def seen(citizens: float, agents: float) -> Seen:
    found = Seen()
    found.citizens = [0.0] * 94 + [citizens] * 6
    found.answered = found.citizens
    found.agents = [0.0] * 94 + [agents] * 6
    found.late = [0.001]
    return found


def test_the_goals_are_those_of_the_95th_percentile() -> None:
    assert list(seen(5.0, 3.0).goals.values()) == [True, True]
    assert list(seen(5.1, 3.0).goals.values()) == [False, True]
    assert list(seen(5.0, 3.1).goals.values()) == [True, False]


def test_who_was_rung_twice_is_told() -> None:
    found = seen(1.0, 1.0)
    found.rung.update({"138": 2, "139": 1})
    assert found.as_json(Plan(2, 1), 1)["rung_twice"] == 1


def test_the_chart_has_a_line_for_citizens_and_one_for_agents() -> None:
    drawn = ElementTree.fromstring(chart(seen(5.0, 3.0)))  # noqa: S314 - our own
    lines = [each for each in drawn if each.tag.endswith("polyline")]
    assert [each.get("class") for each in lines] == ["citizen", "agent"]
    ends = [(each.get("points") or "").split()[-1] for each in lines]
    assert ends == ["335.0,20.0", "221.0,20.0"], "5 s and 3 s of 10 s"
