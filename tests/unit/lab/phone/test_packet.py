"""RTP and telephone-events, byte for byte."""

import pytest

from lab.phone.packet import KEYS, KeyEvent, Packet, key_events, loss_report


def test_packet_bytes() -> None:
    packet = Packet(101, 0x1_0002, 0x1_0000_00A0, 0xDEADBEEF, b"\x01\x0a\x00\xa0", marker=True)
    assert packet.encode() == bytes.fromhex("80e5 0002 000000a0 deadbeef 010a00a0")


def test_packet_parses_back_and_skips_sources_extension_and_padding() -> None:
    assert Packet.parse(bytes.fromhex("8000 0002 000000a0 deadbeef ff7f")) == Packet(0, 2, 160, 0xDEADBEEF, b"\xff\x7f")
    full = "b1 00 0002 000000a0 deadbeef 00000001 bede0001 00000000 ff7f 000002"
    assert Packet.parse(bytes.fromhex(full)) == Packet(0, 2, 160, 0xDEADBEEF, b"\xff\x7f\x00")


@pytest.mark.parametrize("data", ["", "80", "4000 0002 000000a0 deadbeef", "a000 0002 000000a0 deadbeef ff"])
def test_what_is_no_packet_is_dropped(data: str) -> None:
    assert Packet.parse(bytes.fromhex(data)) is None


def test_key_of_100_ms_grows_and_ends_three_times() -> None:
    events = key_events("#", 5)
    assert [event.duration for event in events] == [160, 320, 480, 640, 800, 800, 800]
    assert [event.end for event in events] == [False] * 4 + [True] * 3
    assert events[0].encode() == bytes.fromhex("0b0a00a0")
    assert events[-1].encode() == bytes.fromhex("0b8a0320")


@pytest.mark.parametrize("key", KEYS)
def test_every_key_parses_back(key: str) -> None:
    assert KeyEvent.parse(KeyEvent(key, 800, end=True).encode()) == KeyEvent(key, 800, end=True)


def test_events_that_are_no_keys() -> None:
    assert KeyEvent.parse(bytes.fromhex("100a00a0")) is None
    assert KeyEvent.parse(b"\x01") is None


def test_a_report_of_loss() -> None:
    block = "0badcafe 0000012c 00000200 00000000 00000000 00000000"
    assert loss_report(0xDEADBEEF, 0x0BADCAFE, 300, 0x200) == bytes.fromhex(f"81c90007 deadbeef {block}")
