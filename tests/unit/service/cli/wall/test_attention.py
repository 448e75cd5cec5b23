from service.cli.wall.attention import needed, rank, shown
from service.cli.wall.board import AgentLine
from tests.unit.service.cli.wall.messages import AT, agent, ago


def line(number: str, state: str, since: float = 1.0, **more: str) -> AgentLine:
    return AgentLine.model_validate(agent(number, state, since, **more))


def test_agents_who_need_somebody_come_first_and_the_longest_of_each_state() -> None:
    expected = [
        line("00", "on-call", help_since=ago(9)),
        line("01", "ready", phone="unreachable"),
        line("02", "not-ready", reason="rona"),
        line("03", "on-call", 1_000),
        line("04", "wrap-up", 200),
        line("05", "ringing"),
        line("06", "on-call", 30),
        line("07", "on-call", 20),
        line("08", "wrap-up"),
        line("09", "not-ready", reason="lunch"),
        line("10", "ready", 9_000),
        line("11", "a state of a later version"),
        line("12", "logged-out", 9_000, phone="unreachable"),
    ]
    found = expected[::-1]
    found.sort(key=lambda each: rank(each, AT))
    assert found == expected
    assert [each.id for each in expected if needed(each, AT)] == ["00", "01", "02", "03", "04"]


def test_a_phone_counts_only_while_its_agent_is_signed_in() -> None:
    assert shown(line("1", "on-call", phone="unreachable")) == "unreachable"
    assert shown(line("1", "logged-out", phone="unreachable")) == "logged-out"
