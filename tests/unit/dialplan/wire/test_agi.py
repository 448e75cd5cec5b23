import pytest

from dialplan.wire import Unsendable
from dialplan.wire.agi import LINE_LIMIT, WORD_LIMIT, encode


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("ANSWER",), "ANSWER\n"),
        (("STREAM FILE", "/a b", ""), 'STREAM FILE "/a b" ""\n'),
        (("SET VARIABLE", "A", '"'), 'SET VARIABLE "A" "\\""\n'),
        (("SET VARIABLE", "A", "\\"), 'SET VARIABLE "A" "\\\\"\n'),
        (("SET VARIABLE", "A", '\\"'), 'SET VARIABLE "A" "\\\\\\""\n'),
        (("SET VARIABLE", "A", "梧桐\t;${X}"), 'SET VARIABLE "A" "梧桐\t;${X}"\n'),
    ],
)
def test_quoting(words: tuple[str, ...], line: str) -> None:
    assert encode(*words) == line.encode()


@pytest.mark.parametrize("bad", ["a\nHANGUP", "a\r", "a\0b", "\ud83d"])
def test_what_would_end_or_break_the_line_is_refused_and_not_repeated(bad: str) -> None:
    with pytest.raises(Unsendable, match="AGI SET VARIABLE") as caught:
        encode("SET VARIABLE", "SECRET", bad)
    assert bad not in str(caught.value)


@pytest.mark.parametrize("command", ["", "ANSWER\nHANGUP", "SET  VARIABLE", ' "', "failure1", "ANSWER "])
def test_only_words_are_a_command(command: str) -> None:
    with pytest.raises(Unsendable, match="not the name"):
        encode(command)


def test_the_longest_line_that_asterisk_reads_whole() -> None:
    room = LINE_LIMIT - len(encode("SET VARIABLE", "A", ""))
    assert len(encode("SET VARIABLE", "A", "x" * room)) == LINE_LIMIT
    with pytest.raises(Unsendable, match="8192 bytes long"):
        encode("SET VARIABLE", "A", "x" * (room + 1))
    with pytest.raises(Unsendable, match="bytes long"):
        encode("SET VARIABLE", "A", "树" * (room // 3 + 1))
    with pytest.raises(Unsendable, match="bytes long"):
        encode("SET VARIABLE", "A", '"' * (room // 2 + 1))


def test_the_most_words_that_asterisk_has_room_for() -> None:
    encode("EXEC", *["x"] * (WORD_LIMIT - 1))
    with pytest.raises(Unsendable, match="more than 126 words"):
        encode("EXEC", *["x"] * WORD_LIMIT)
    with pytest.raises(Unsendable, match="more than 126 words"):
        encode("SET VARIABLE", *["x"] * (WORD_LIMIT - 1))
