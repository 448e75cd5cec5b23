"""Descriptions of audio: Asterisk's, and our answer to a hold."""

import pytest

from lab.phone.sdp import Description, Direction, NoCommonAudio

FROM_ASTERISK = (
    b"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=Asterisk\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    b"m=audio 24100 RTP/AVP 0 8 96\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:96 telephone-event/8000\r\n"
    b"a=rtpmap:97 telephone-event/48000\r\na=fmtp:96 0-16\r\na=ptime:20\r\na=sendonly\r\n"
    b"m=video 0 RTP/AVP 99\r\nc=IN IP4 10.0.0.1\r\na=inactive\r\n"
)


def test_first_audio_stream_counts() -> None:
    assert Description.parse(FROM_ASTERISK) == Description("127.0.0.1", 24_100, Direction.SEND, 96)


def test_own_description_parses_back() -> None:
    own = Description("127.0.0.1", 4000, Direction.NONE, None)
    assert Description.parse(own.encode()) == own
    assert b"telephone-event" not in own.encode()


@pytest.mark.parametrize(
    ("own", "offered", "answered"),
    [
        (Direction.BOTH, Direction.BOTH, Direction.BOTH),
        (Direction.BOTH, Direction.SEND, Direction.RECEIVE),
        (Direction.BOTH, Direction.NONE, Direction.NONE),
        (Direction.SEND, Direction.BOTH, Direction.SEND),
        (Direction.SEND, Direction.SEND, Direction.NONE),
    ],
)
def test_answer_allows_no_more_than_the_offer(own: Direction, offered: Direction, answered: Direction) -> None:
    answer = Description("a", 1, own).answering(Description("b", 2, offered, 96))
    assert answer == Description("a", 1, answered, 96)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        FROM_ASTERISK.replace(b"RTP/AVP 0 8 96", b"RTP/AVP 8 96"),
        FROM_ASTERISK.replace(b"m=audio 24100", b"m=audio 99999"),
        FROM_ASTERISK.replace(b"m=audio 24100", b"m=audio x"),
        FROM_ASTERISK.replace(b"m=audio 24100", b"m=audio " + b"1" * 5000),
        FROM_ASTERISK.replace(b"c=IN IP4", b"c=IN IP6"),
    ],
)
def test_no_common_audio(body: bytes) -> None:
    with pytest.raises(NoCommonAudio):
        Description.parse(body)
