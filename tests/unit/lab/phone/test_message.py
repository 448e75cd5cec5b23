"""SIP messages: what RFC 3261 allows is understood, what it forbids is refused, nothing is smuggled out."""

import pytest

from lab.phone.message import Address, BadMessage, Request, Response, Unsendable, parse, uri_user

INVITE = (
    "INVITE sip:1001@127.0.0.1:5070 SIP/2.0\r\n"
    "v: SIP/2.0/UDP 127.0.0.1:5060;rport;branch=z9hG4bKa1, SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKb2\r\n"
    'f: "张三 \\"老张\\", 杨浦" <sip:13800138000@127.0.0.1>;tag=one\r\n'
    "t: <sip:1001@127.0.0.1>\r\n"
    "i: call-1\r\n"
    "CSeq: 7 INVITE\r\n"
    "Subject: folded\r\n over two lines\r\n"
    "l: 4\r\n"
    "\r\n"
    "v=0\nrest"
).encode()


def invite() -> Request:
    message = parse(INVITE)
    assert isinstance(message, Request)
    return message


def test_request_with_short_forms_folding_and_lists() -> None:
    request = invite()
    assert (request.method, request.uri, request.sequence) == ("INVITE", "sip:1001@127.0.0.1:5070", (7, "INVITE"))
    assert request.get("subject") == "folded over two lines"
    assert len(request.get_all("Via")) == 2
    assert request.branch == "z9hG4bKa1"
    assert request.body == b"v=0\n"
    assert request.sender.name == '张三 "老张", 杨浦'
    assert request.sender.user == "13800138000"
    assert request.sender.tag == "one"


def test_answer_keeps_what_must_be_kept_and_parses_back() -> None:
    reasons = [("Reason", 'SIP;cause=200;text="a, b"'), ("Reason", "Q.850;cause=17")]
    response = parse(invite().answer(486, tag="two", headers=reasons).encode())
    assert isinstance(response, Response)
    assert (response.status, response.reason) == (486, "Busy Here")
    assert len(response.get_all("Via")) == 2
    assert response.recipient.tag == "two"
    assert response.sequence == (7, "INVITE")
    assert response.why == 'SIP;cause=200;text="a, b", Q.850;cause=17'


def test_cancel_and_ack_belong_to_the_transaction_of_their_invite() -> None:
    request = invite()
    cancel = request.cancellation()
    assert (cancel.method, cancel.branch, cancel.sequence) == ("CANCEL", "z9hG4bKa1", (7, "CANCEL"))
    assert cancel.recipient.tag == ""
    ack = request.acknowledgement(request.answer(486, tag="two"))
    assert (ack.branch, ack.sequence, ack.recipient.tag) == ("z9hG4bKa1", (7, "ACK"), "two")


def test_sender_address_is_put_on_the_topmost_via_only_when_asked() -> None:
    request = invite().received_from("127.0.0.9", 5099)
    first, second = request.get_all("Via")
    assert first == "SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKa1;received=127.0.0.9;rport=5099"
    assert second == "SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKb2"
    assert request.sequence == (7, "INVITE")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<sip:1@h;user=phone>;tag=x", Address("sip:1@h;user=phone", "", {"tag": "x"})),
        ("sip:1@h;tag=x", Address("sip:1@h", "", {"tag": "x"})),
        ("Duty Desk <sip:1@h>", Address("sip:1@h", "Duty Desk")),
        ('"a, <b>; c" <sip:1@h>;lr', Address("sip:1@h", "a, <b>; c", {"lr": ""})),
    ],
)
def test_addresses(text: str, expected: Address) -> None:
    assert Address.parse(text) == expected
    assert Address.parse(str(expected)) == expected


@pytest.mark.parametrize(
    ("uri", "user"),
    [
        ("sip:1001@h", "1001"),
        ("sip:%2B86138;x=y:pw@h", "+86138"),
        ("sip:127.0.0.1:5060", ""),
        ("tel:+86138;phone-context=x", "+86138"),
    ],
)
def test_user_of_a_uri(uri: str, user: str) -> None:
    assert uri_user(uri) == user


@pytest.mark.parametrize(
    "data",
    [
        b"INVITE sip:1@h SIP/2.0\r\nTo: x\r\n",
        b"INVITE sip:1@h SIP/3.0\r\n\r\n",
        b"INVITE  sip:1@h SIP/2.0\r\n\r\n",
        b"SIP/2.0 9xx No\r\n\r\n",
        b"SIP/2.0 20 No\r\n\r\n",
        b"OPTIONS sip:1@h SIP/2.0\r\nno colon\r\n\r\n",
        b"OPTIONS sip:1@h SIP/2.0\r\nContent-Length: 9\r\n\r\nshort",
        b"OPTIONS sip:1@h SIP/2.0\r\nContent-Length: -1\r\n\r\n",
        b"OPTIONS sip:1@h SIP/2.0\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n",
        b"OPTIONS sip:1@h SIP/2.0\r\n" + b"X: y\r\n" * 201 + b"\r\n",
        b"\r\n\r\n" + b"x" * 65_536,
    ],
)
def test_what_is_no_message_is_refused(data: bytes) -> None:
    with pytest.raises(BadMessage):
        parse(data)


@pytest.mark.parametrize("address", ["<sip:1@h", '"open <sip:1@h>'])
def test_addresses_left_open_are_refused(address: str) -> None:
    with pytest.raises(BadMessage):
        Address.parse(address)


@pytest.mark.parametrize("value", ["a\r\nX-Injected: 1", "a\nb", "a\0b"])
def test_line_ends_in_a_value_are_refused(value: str) -> None:
    with pytest.raises(Unsendable):
        Request((("Subject", value),), method="INFO", uri="sip:1@h").encode()
    with pytest.raises(Unsendable):
        Request((), method="INFO", uri=f"sip:{value}@h").encode()
