import pytest

from dialplan.wire import Unsendable
from dialplan.wire.ami import LINE_LIMIT, LINES_LIMIT, encode


def test_an_action_is_lines_with_its_id() -> None:
    assert encode("Hangup", {"Channel": "PJSIP/1", "Cause": "26"}, "7") == (
        b"Action: Hangup\r\nActionID: 7\r\nChannel: PJSIP/1\r\nCause: 26\r\n\r\n"
    )
    assert encode("Ping", {}, "8") == b"Action: Ping\r\nActionID: 8\r\n\r\n"
    assert "Value: 梧桐".encode() in encode("Setvar", {"Value": "梧桐"}, "9")


@pytest.mark.parametrize(
    ("assignment", "line"),
    [
        ("CALLER=1.1", "CALLER=1.1"),
        ("W=/a&/b", "W=/a&/b"),
        ("W=a,EVIL=b", "W=a\\,EVIL=b"),
        ('W=say "hi"', 'W=say \\"hi\\"'),
        ("W=c:\\", "W=c:\\\\"),
        ("W=(a [b", "W=\\(a \\[b"),
        ("PJSIP_HEADER(add,X-A)=b", "PJSIP_HEADER\\(add\\,X-A\\)=b"),
        ("W=a=b", "W=a=b"),
        ("W=", "W="),
    ],
)
def test_variables_of_originate_are_quoted(assignment: str, line: str) -> None:
    # that Asterisk reads it back as it was meant is in the recording of tests/wire
    assert encode("Originate", {"Variable": ["A=1", assignment]}, "1").decode().split("\r\n")[2:4] == [
        "Variable: A=1",
        f"Variable: {line}",
    ]


def test_the_name_that_setvar_takes_is_not() -> None:
    assert b"\r\nVariable: CALLERID(name)\r\n" in encode("Setvar", {"Variable": "CALLERID(name)", "Value": "a,b"}, "1")


@pytest.mark.parametrize("bad", ["no equals", "=1", " =1", ""])
def test_what_is_no_variable_is_refused(bad: str) -> None:
    with pytest.raises(Unsendable, match="name=value"):
        encode("Originate", {"Variable": [bad]}, "1")


@pytest.mark.parametrize("bad", ["x\r\nAction: Command", "x\n", "x\r", "x\0y", "\udfff"])
def test_what_would_end_or_break_the_line_is_refused_and_not_repeated(bad: str) -> None:
    for action, fields, action_id in (
        ("Login", {"Secret": bad}, "1"),
        ("Login", {"Secret": ["a", bad]}, "1"),
        ("Originate", {"Variable": ["A=" + bad]}, "1"),
        (bad, {}, "1"),
        ("Ping", {}, bad),
    ):
        with pytest.raises(Unsendable) as caught:
            encode(action, fields, action_id)
        assert bad not in str(caught.value)


@pytest.mark.parametrize("key", ["", "A: b\r\nC", "a b", "Action", "actionid", "ä"])
def test_only_a_name_is_a_key(key: str) -> None:
    with pytest.raises(Unsendable, match="not the name of a field"):
        encode("Ping", {key: "x"}, "1")


def test_the_longest_line_that_asterisk_reads_whole() -> None:
    room = LINE_LIMIT - len("Value: ")
    encode("Setvar", {"Value": "x" * room}, "1")
    with pytest.raises(Unsendable, match="1023 bytes long"):
        encode("Setvar", {"Value": "x" * (room + 1)}, "1")
    with pytest.raises(Unsendable, match="bytes long"):
        encode("Setvar", {"Value": "树" * (room // 3 + 1)}, "1")


def test_the_most_lines_that_asterisk_takes() -> None:
    encode("Originate", {"Variable": [f"V{n}=1" for n in range(LINES_LIMIT - 2)]}, "1")
    with pytest.raises(Unsendable, match="129 lines"):
        encode("Originate", {"Variable": [f"V{n}=1" for n in range(LINES_LIMIT - 1)]}, "1")
