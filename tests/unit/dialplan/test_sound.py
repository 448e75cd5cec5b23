"""Asterisk's events of phones' sound, as it sends them."""

import pytest

from dialplan.sound import Measured, PhoneHeld, Reported, heard
from dialplan.wire.ami import AmiMessage

FIGURES = (
    "ssrc=118;themssrc=4;lp=12;rxjitter=0.003000;rxcount=598;txjitter=0.000412;txcount=540;rlp=7;rtt=0.021000;"
    "rxmes=85.1;txmes=86.4"
)


def event(name: str, **fields: str) -> AmiMessage:
    return AmiMessage((("Event", name), ("Uniqueid", "u1"), *fields.items()))


def measured(**fields: str) -> Measured | None:
    told = {"Channel": "PJSIP/1001_browser-0000000a", "UserEvent": "WutongMeasured", "Call": "c1", "Agent": "1001"}
    told |= {"Codec": "(opus|ulaw)", "Address": "192.0.2.7:4000", "Figures": FIGURES}
    said = heard(event("UserEvent", **{**told, **fields}))
    assert said is None or isinstance(said, Measured)
    return said


def test_a_leg_that_has_ended() -> None:
    address = "192.0.2.7"
    assert measured() == Measured(
        "u1", "1001_browser", "c1", "1001", "opus", address, 598, 540, 12, 7, 0.000412, 0.003, 0.021
    )


def test_a_leg_that_asterisk_does_not_count_and_a_hostile_one() -> None:
    assert measured(Figures="") is None
    assert measured(Figures="rxcount=;lp=x") is None


def test_an_address_of_ipv6_and_none() -> None:
    six, none = measured(Address="[2001:db8::7]:4000"), measured(Address="")
    assert six is not None
    assert none is not None
    assert (six.address, none.address) == ("2001:db8::7", "")


def test_a_phone_that_got_more_than_was_sent_has_lost_nothing() -> None:
    said = measured(Figures="rxcount=1;rlp=16777214")
    assert said is not None
    assert said.lost_to == 0


@pytest.mark.parametrize(
    ("fields", "highest", "sent"),
    [
        ({"Report0HighestSequence": "4711", "SentPackets": "250"}, 4711, 250),
        ({"SentPackets": "250"}, None, 250),
        ({"Report0HighestSequence": "4711"}, 4711, None),
    ],
)
def test_reports_to_a_phone(fields: dict[str, str], highest: int | None, sent: int | None) -> None:
    assert heard(event("RTCPSent", **fields)) == Reported("u1", highest, sent)


def test_hold_by_the_phones_own_key_and_what_is_nothing_of_this() -> None:
    assert (heard(event("Hold")), heard(event("Unhold"))) == (PhoneHeld("u1", True), PhoneHeld("u1", False))
    assert heard(event("UserEvent", UserEvent="WutongPickedUp")) is None
    assert heard(event("Newstate")) is None
