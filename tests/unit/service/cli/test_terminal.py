import pytest

from service.cli.terminal import spans


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["1001"], "1001"),
        (["1001", "1002", "1003", "2200", "2201", "3000"], "1001 to 1003, 2200 to 2201, 3000"),
        (["099", "100", "0101", "102"], "099 to 100, 0101, 102"),
        ([str(number) for number in range(10, 30, 2)], "10, 12, 14, 16, 18, 20 …"),
    ],
)
def test_only_what_is_there_is_said_of_agents_phones(names: list[str], words: str) -> None:
    assert spans(names) == words
