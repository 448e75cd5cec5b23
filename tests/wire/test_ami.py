"""The AMI codec on what Asterisk really sends, however it is cut, and on what it never should."""

import pytest

from dialplan.wire import ProtocolViolation
from dialplan.wire.ami import BANNER_LIMIT, MESSAGE_LIMIT, AmiDecoder, AmiMessage
from tests.wire.cuts import feed, in_chunks, in_two, recording

BANNER = b"Asterisk Call Manager/11.0.0\r\n"


def messages(data: bytes) -> list[AmiMessage]:
    return AmiDecoder().receive(data)


def greeted() -> AmiDecoder:
    decoder = AmiDecoder()
    assert (decoder.receive(BANNER), decoder.greeted) == ([], True)
    return decoder


def test_a_recorded_call_is_read_in_full() -> None:
    found = messages(recording("ami-call.txt"))
    by_event = {message.event: message for message in found if message.event}

    login = found[0]
    assert (login.event, login.response, login.get("message")) == ("", "Success", "Authentication accepted")
    assert found[1].event == "FullyBooted"
    assert [message.get("Digit") for message in found if message.event == "DTMFEnd"] == ["2", "7"]
    assert by_event["DTMFEnd"].get("Direction") == "Received"
    assert [m.get("BridgeTechnology") for m in found if m.event == "BridgeEnter"] == [
        "holding_bridge",
        "holding_bridge",
        "simple_bridge",
        "simple_bridge",
    ]
    offers = {message.action_id: message for message in found if message.event == "OriginateResponse"}
    assert (offers["offer-1"].response, offers["offer-1"].get("Reason")) == ("Success", "4")
    assert (offers["offer-2"].response, offers["offer-2"].get("Reason")) == ("Failure", "0")
    assert by_event["HangupRequest"].get("Channel").startswith("PJSIP/anonymous-")
    status = next(message for message in found if message.event == "Status")
    assert status.get_all("variable") == ['WUTONG_Q=绿化 "a\\b" (c, d)', 'CALLERID(name)=王小明 \\"绿\\"']
    assert [message.get("Message") for message in found if message.response == "Error"] == [
        "No such channel",
        "Permission denied",
        "Invalid/unknown command: Nonsense. Use Action: ListCommands to show available commands.",
        "No such channel",
    ]
    assert by_event["StatusComplete"].get("EventList") == "Complete"


def test_what_originate_was_given_arrived_as_it_was_meant() -> None:
    # the quoting of `encode` was on the way: WHISPER=a, "b" \c (d [e
    found = messages(recording("ami-call.txt"))
    leg = [message for message in found if message.event == "Status"][1]
    assert leg.get_all("Variable")[0] == 'WHISPER=a, "b" \\c (d [e'


def test_it_does_not_matter_where_the_stream_is_cut() -> None:
    data = recording("ami-call.txt")
    whole = AmiDecoder().receive(data)
    assert len(whole) > 60

    for chunks in in_two(data[:3_000]):
        assert feed(AmiDecoder().receive, chunks) == AmiDecoder().receive(data[:3_000])
    for size in (1, 2, 3, 5, 1_460):
        assert feed(AmiDecoder().receive, in_chunks(data, size)) == whole


def test_a_chinese_name_across_two_chunks_loses_nothing() -> None:
    data = BANNER + "Event: Newchannel\r\nCallerIDName: 梧桐树\r\n\r\n".encode()
    for chunks in in_two(data):
        found = feed(AmiDecoder().receive, chunks)
        assert found == [AmiMessage((("Event", "Newchannel"), ("CallerIDName", "梧桐树")))]


def test_what_is_not_utf8_is_replaced_not_dropped() -> None:
    (message,) = greeted().receive(b"Event: X\r\nName: a\xffb\xe6\xa2\r\n\r\n")
    assert isinstance(message, AmiMessage)
    assert message.get("Name") == "a\ufffdb\ufffd"


def test_a_bare_line_feed_stays_in_the_value_that_it_stands_in() -> None:
    (message,) = greeted().receive(b"Event: X\r\nCallerIDNum: 0\nEvent: Evil\n\nChannel: y\r\nChannel: z\r\n\r\n")
    assert isinstance(message, AmiMessage)
    assert message.event == "X"
    assert message.get("CallerIDNum") == "0\nEvent: Evil\n\nChannel: y"
    assert message.get("Channel") == "z"


def test_smuggled_lines_do_not_stop_the_decoder() -> None:
    # recorded: a SIP address whose user part has %0D%0A in it, which Asterisk prints into its events as it is
    found = messages(recording("ami-smuggled-event.txt"))
    assert [message.event for message in found[2:4]] == ["Newchannel", "OriginateResponse"]
    assert found[-2].event == "Hangup"


def test_the_first_of_several_lines_wins() -> None:
    message = AmiMessage((("Event", "Hangup"), ("Uniqueid", "1"), ("UNIQUEID", "2")))
    assert message.get("uniqueid") == "1"
    assert message.get_all("Uniqueid") == ["1", "2"]
    assert message.get("missing", "none") == "none"


def test_odd_lines_and_empty_messages() -> None:
    decoder = greeted()
    assert decoder.receive(b"\r\n\r\n\r\n") == []
    found = decoder.receive(b"\r\nEvent: X\r\nno colon here\r\nEmpty: \r\nTight:y\r\nUrl: sip:a:b\r\n\r\n")
    assert found == [AmiMessage((("Event", "X"), ("Empty", ""), ("Tight", "y"), ("Url", "sip:a:b")))]
    assert decoder.receive(b"nonsense\r\n\r\n") == []


@pytest.mark.parametrize(
    "data", [b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 400\r\n", b"\r\n", b"Asterisk Call Manager\r\n", b"\0"]
)
def test_a_server_that_is_no_asterisk_is_a_violation(data: bytes) -> None:
    for chunks in in_two(data):
        decoder = AmiDecoder()
        with pytest.raises(ProtocolViolation, match="no Asterisk manager"):
            feed(decoder.receive, chunks)
        with pytest.raises(ProtocolViolation, match="failed before"):
            decoder.receive(BANNER)


def test_an_endless_banner_is_a_violation() -> None:
    for chunks in (BANNER[:-2] + b"9" * BANNER_LIMIT,), in_chunks(BANNER[:-2] + b"9" * BANNER_LIMIT, 1):
        with pytest.raises(ProtocolViolation, match="banner is longer"):
            feed(AmiDecoder().receive, chunks)


@pytest.mark.parametrize("ending", [b"", b"\r\n", b"\r\n\r\n"])
def test_no_message_grows_beyond_the_limit(ending: bytes) -> None:
    flood = b"Event: X\r\n" + b"Line: " + b"y" * MESSAGE_LIMIT + ending
    for chunks in (flood,), in_chunks(flood, 65_536):
        with pytest.raises(ProtocolViolation, match="longer than"):
            feed(greeted().receive, chunks)


def test_many_messages_in_one_chunk_are_no_long_message() -> None:
    one = b"Event: X\r\nLine: " + b"y" * 1_000 + b"\r\n\r\n"
    assert len(greeted().receive(one * 1_000)) == 1_000
