"""AGI and AMI as they are on the wire: whatever goes out is read as it was meant, whatever comes in does no harm."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

from dialplan.wire import ProtocolViolation, Unsendable, agi, ami
from lab.fuzz.properties import Property

ANY = st.text(st.characters(exclude_categories=()), max_size=40) | st.text('"\\ \t,()[]=:\r\n\0', max_size=12)
"""Any text, half a surrogate pair and the characters with a meaning included."""

GOOD = st.text('"\\ \t,()[]=a树', max_size=8)
"""Text that can be sent, of characters that have to be quoted. Without it nearly everything would be refused."""

HEADER = "agi_request: agi://h/call\nagi_channel: PJSIP/1\nagi_uniqueid: 1.1\n\n"

AGI_PIECES = (
    *("200 result=0\n", "200 result=1 (", ")\n", " endpos=77\n", "200 result=-1\n", "HANGUP\n", "511 result=-1 dead\n"),
    *("520-Invalid command syntax.\n", "520 End of proper usage.\n", "510 Invalid or unknown command\n", "\n", "\r\n"),
    *("agi_callerid: 1\n", "agi_request: x\n", "\0", "200 ", "result=", "树", "x" * 9_000, "\n" * 50),
)

AMI_PIECES = (
    *(
        "Asterisk Call Manager/11.0.0\r\n",
        "Event: Newchannel\r\n",
        "Response: Success\r\n",
        "ActionID: 1\r\n",
        "\r\n\r\n",
    ),
    *("\r\n", "\n", "\r", ":", "Channel: PJSIP/1\r\n", "Event: Hangup\n\nEvent: FullyBooted\r\n", "树", "\0"),
    *("x" * 9_000, "a:" * 5_000, "\r\n" * 50),
)


def stream(opening: str, pieces: Sequence[str]) -> st.SearchStrategy[bytes]:
    """Bytes that begin well more often than not, and go on with what has a meaning, or none."""
    piece = st.sampled_from(pieces).map(str.encode) | st.binary(max_size=30)
    return st.tuples(st.sampled_from((opening.encode(), opening.encode(), b"")), st.lists(piece, max_size=20)).map(
        lambda drawn: drawn[0] + b"".join(drawn[1])
    )


CUTS = st.lists(st.integers(1, 40), min_size=1, max_size=8)
"""Lengths of chunks, taken again and again."""


def chunks(data: bytes, cuts: Sequence[int]) -> list[bytes]:
    found: list[bytes] = []
    while data:
        size = cuts[len(found) % len(cuts)]
        found.append(data[:size])
        data = data[size:]
    return found


def fed(receive: Callable[[bytes], Sequence[Any]], parts: Sequence[bytes]) -> tuple[list[Any], bool]:
    """What came out, and whether it ended with a violation, as every later call does then."""
    events: list[Any] = []
    for part in parts:
        try:
            events += receive(part)
        except ProtocolViolation:
            for more in (b"", b"200 result=0\n", part):
                try:
                    receive(more)
                except ProtocolViolation:
                    continue
                raise AssertionError("after a violation it took more") from None
            return events, True
    return events, False


def comes_in_alike(decoder: Callable[[], Any], data: bytes, cuts: Sequence[int]) -> None:
    whole, refused = fed(decoder().receive, [data])
    pieces, refused_in_pieces = fed(decoder().receive, chunks(data, cuts))
    assert refused == refused_in_pieces
    assert refused or whole == pieces


def agi_words(line: bytes) -> list[str]:
    """The words of a command as Asterisk finds them: parse_args in res_agi.c."""
    words: list[bytearray] = []
    quoted = escaped = False
    space = True
    for byte in line:
        plain = escaped or byte not in b'"\\ \t' or (byte in b" \t" and quoted)
        if plain:
            if space:
                words.append(bytearray())
                space = False
            words[-1].append(byte)
            escaped = False
        elif byte == ord('"'):
            quoted = not quoted
            if quoted and space:
                words.append(bytearray())
                space = False
        elif byte == ord("\\"):
            escaped = True
        else:
            space = True
    return [word.decode() for word in words]


def agi_goes_out(command: str, args: list[str]) -> None:
    try:
        line = agi.encode(command, *args)
    except Unsendable as error:
        assert not any(arg in str(error) for arg in args if len(arg) > 3)  # noqa: PT017 - it may be a secret
        return
    assert line.endswith(b"\n")
    assert not set(b"\r\n\0") & set(line[:-1])
    assert len(line) <= agi.LINE_LIMIT
    assert agi_words(line[:-1]) == [*command.split(" "), *args]


def ami_goes_out(action: str, fields: dict[str, str | list[str]]) -> None:
    try:
        data = ami.encode(action, fields, "17")
    except Unsendable:
        return
    lines = data.decode().split("\r\n")
    assert lines[-2:] == ["", ""]
    assert "" not in lines[:-2]
    assert len(lines) - 2 <= ami.LINES_LIMIT
    assert all(len(line.encode()) <= ami.LINE_LIMIT for line in lines)
    (read,) = ami.AmiDecoder().receive(b"Asterisk Call Manager/1\r\n" + data)
    expected = [("Action", action), ("ActionID", "17")]
    for key, value in fields.items():
        expected += [(key, each) for each in ([value] if isinstance(value, str) else value)]
    plain = []
    for key, value in read.fields:
        quoted = key.lower() == "variable" and isinstance(fields[key], list)
        plain.append((key, re.sub(r"\\(.)", r"\1", value, flags=re.DOTALL) if quoted else value))
    assert plain == expected


NAMES = st.sampled_from(("Channel", "Value", "Variable", "variable", "X-1"))
KEYS = NAMES | st.sampled_from(("Actionid", "a b", "A: b")) | ANY


def assignments(values: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(values.map(lambda text: f"A={text}"), max_size=4)


PROPERTIES = (
    Property(
        "agi-command",
        "An AGI command is refused, or Asterisk reads the words that were meant.",
        agi_goes_out,
        {
            "command": st.sampled_from(("SET VARIABLE", "EXEC", "ANSWER")),
            "args": st.lists(GOOD, max_size=8)
            | st.lists(ANY | st.text(max_size=3).map(lambda text: text * 1_500), max_size=8),
        },
    ),
    Property(
        "agi-stream",
        "Bytes that come in as AGI are read alike however they are cut; a violation stays one.",
        lambda data, cuts: comes_in_alike(agi.AgiDecoder, data, cuts),
        {"data": stream(HEADER, AGI_PIECES), "cuts": CUTS},
    ),
    Property(
        "ami-action",
        "An AMI action is refused, or is one action with the fields that were meant.",
        ami_goes_out,
        {
            "action": st.just("Originate") | ANY,
            "fields": st.dictionaries(NAMES, GOOD | assignments(GOOD), max_size=5)
            | st.dictionaries(KEYS, ANY | assignments(ANY), max_size=5),
        },
    ),
    Property(
        "ami-stream",
        "Bytes that come in as AMI are read alike however they are cut; a violation stays one.",
        lambda data, cuts: comes_in_alike(ami.AmiDecoder, data, cuts),
        {"data": stream(AMI_PIECES[0], AMI_PIECES), "cuts": CUTS},
    ),
)
