"""The AGI codec on what Asterisk really sends, however it is cut, and on what it never should."""

import pytest

from dialplan.wire import ProtocolViolation
from dialplan.wire.agi import MESSAGE_LIMIT, AgiDecoder, AgiReply, AgiRequest, Hangup
from tests.wire.cuts import feed, in_chunks, in_two, recording

BLOCK = b"agi_request: agi://h/call\nagi_channel: PJSIP/1\nagi_uniqueid: 1.1\n\n"
USAGE_OPENS = b"520-Invalid command syntax.  Proper usage follows:\n"


def after_header() -> AgiDecoder:
    decoder = AgiDecoder()
    decoder.receive(BLOCK)
    return decoder


def test_a_recorded_call_is_read_in_full() -> None:
    request, *replies = AgiDecoder().receive(recording("agi-call.txt"))

    assert isinstance(request, AgiRequest)
    assert request.network_script == "call"
    assert request.channel.startswith("PJSIP/anonymous-")
    assert request.extension == "12319"
    assert request.variables["agi_context"] == "citizen"
    assert request.variables["agi_language"] == "en"
    assert request.callerid == "02112345678"
    assert request.args == ()
    usage = replies[10]
    assert isinstance(usage, AgiReply)
    assert usage.code == 520
    assert usage.data.startswith("Invalid command syntax.  Proper usage follows:\nSend the given file")
    assert usage.data.endswith("    <value>FAILED</value>")
    assert replies[:10] == [
        AgiReply(200, "0", ""),
        AgiReply(200, "0", "", 3520),
        AgiReply(200, "-1", ""),
        AgiReply(200, "6", ""),
        AgiReply(200, "1", ""),
        AgiReply(200, "1", ""),
        AgiReply(200, "1", '绿化 "a\\b" (c, d)'),
        AgiReply(200, "0", ""),
        AgiReply(200, "1", '王小明 \\"绿\\"'),
        AgiReply(510, "", "Invalid or unknown command"),
    ]
    after_usage = replies[11:]
    assert after_usage[0] == AgiReply(200, "-2", "")
    assert isinstance(after_usage[1], AgiReply)
    assert after_usage[1].result == "50"
    assert after_usage[2:] == [AgiReply(200, "0", "")] * 3 + [Hangup()] * 2


def test_arguments_of_the_dialplan_and_a_hangup_behind_a_reply() -> None:
    request, *rest = AgiDecoder().receive(recording("agi-hangup-after-exec.txt"))

    assert isinstance(request, AgiRequest)
    assert request.args == ("one", "two words")
    assert rest == [AgiReply(200, "0", ""), AgiReply(200, "-1", ""), Hangup()]


def test_a_hangup_in_the_middle_shifts_no_reply() -> None:
    _, *rest = AgiDecoder().receive(recording("agi-dead-channel.txt"))

    assert rest == [
        AgiReply(200, "0", ""),
        Hangup(),
        AgiReply(200, "1", ""),
        AgiReply(511, "", "Command Not Permitted on a dead channel or intercept routine"),
        AgiReply(200, "1", "B"),
    ]


@pytest.mark.parametrize("name", ["agi-call.txt", "agi-dead-channel.txt", "agi-hangup-after-exec.txt"])
def test_it_does_not_matter_where_the_stream_is_cut(name: str) -> None:
    data = recording(name)
    whole = AgiDecoder().receive(data)

    for chunks in in_two(data):
        assert feed(AgiDecoder().receive, chunks) == whole
    for size in (1, 2, 3, 7):
        assert feed(AgiDecoder().receive, in_chunks(data, size)) == whole


def test_lines_that_a_caller_smuggled_in_are_not_taken_for_headers() -> None:
    # recorded: a SIP address whose user part has %0D%0A in it
    data = recording("agi-smuggled-lines.txt")
    for chunks in in_two(data):
        with pytest.raises(ProtocolViolation):
            feed(AgiDecoder().receive, chunks)


def test_a_header_that_comes_twice_is_refused() -> None:
    data = b"agi_request: r\nagi_channel: c\nagi_uniqueid: 1\nagi_callerid: 0\nagi_context: evil\nagi_context: good\n\n"
    with pytest.raises(ProtocolViolation, match="agi_context twice"):
        AgiDecoder().receive(data)


def test_headers_that_a_caller_ended_early_leave_a_line_that_is_no_reply() -> None:
    with pytest.raises(ProtocolViolation, match="neither an AGI reply nor HANGUP"):
        AgiDecoder().receive(BLOCK + b"agi_calleridname: b\n")


@pytest.mark.parametrize(
    "data",
    [
        b"\n",
        b"GET / HTTP/1.1\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\n",
        b"agi_request: x\nagi_channel: y\n\n",
        b"agi_request: x\nagi_channel: y\nagi_uniqueid: \n\n",
        b"agi_request: a\0b\n",
        b"agi_request\n",
        b"HANGUP\n",
        BLOCK + b"\n",
        BLOCK + b"200\n",
        BLOCK + b"200 ok\n",
        BLOCK + b"200 result=1 and more\n",
        BLOCK + b"200 result=1 endpos=x\n",
        BLOCK + b"200-result=1\n",
        BLOCK + b"hangup\n",
        BLOCK + b"HANGUP \n",
        BLOCK + b"20 result=1\n",
    ],
)
def test_what_is_not_agi_is_a_violation_and_stays_one(data: bytes) -> None:
    decoder = AgiDecoder()
    with pytest.raises(ProtocolViolation):
        decoder.receive(data)
    with pytest.raises(ProtocolViolation, match="failed before"):
        decoder.receive(b"200 result=0\n")


@pytest.mark.parametrize(
    ("line", "reply"),
    [
        (b"200 result= (timeout)\n", AgiReply(200, "", "timeout")),
        (b"200 result=35 (dtmf) endpos=8000\n", AgiReply(200, "35", "dtmf", 8000)),
        (b"200 result=1 ()\n", AgiReply(200, "1", "")),
        (b"200 result=1 (a) b)\n", AgiReply(200, "1", "a) b")),
        (b"200 result=1 (one\ntwo)\n", AgiReply(200, "1", "one\ntwo")),
        (b"200 result=1 (\xff)\n", AgiReply(200, "1", "\ufffd")),
        (b"520 Invalid command syntax.\n", AgiReply(520, "", "Invalid command syntax.")),
    ],
)
def test_shapes_of_a_reply(line: bytes, reply: AgiReply) -> None:
    assert after_header().receive(line + b"200 result=0\n") == [reply, AgiReply(200, "0", "")]


def test_whatever_the_usage_text_says_it_ends_only_with_its_own_code() -> None:
    usage = USAGE_OPENS + b"HANGUP\n\n200 result=0\nUsage: X\n520 End of proper usage.\n"
    reply = AgiReply(520, "", USAGE_OPENS[4:].decode() + "HANGUP\n\n200 result=0\nUsage: X")
    for chunks in in_two(usage + b"200 result=7\n"):
        assert feed(after_header().receive, chunks) == [reply, AgiReply(200, "7", "")]


@pytest.mark.parametrize("opening", [b"", BLOCK + USAGE_OPENS, BLOCK + b"200 result=1 (", BLOCK])
@pytest.mark.parametrize("ending", [b"", b"\n"])
def test_no_message_grows_beyond_the_limit(opening: bytes, ending: bytes) -> None:
    lines = b"agi_x: " + b"y" * 1_000 + ending
    flood = opening + lines * (MESSAGE_LIMIT // 1_000 + 1)
    for chunks in (flood,), in_chunks(flood, 4_096), in_chunks(flood, 997):
        with pytest.raises(ProtocolViolation):
            feed(AgiDecoder().receive, chunks)


def test_a_long_conversation_is_not_a_long_message() -> None:
    decoder = after_header()
    reply = b"200 result=1 (" + b"v" * 30_000 + b")\n"
    for _ in range(10):
        assert decoder.receive(reply) == [AgiReply(200, "1", "v" * 30_000)]
