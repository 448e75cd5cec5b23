import os
import socket

import pytest

from lab.ports import free_base
from settings.ports import Ports, PortTaken, owner_of


def test_without_a_base_the_ports_are_those_everybody_expects() -> None:
    ports = Ports.from_base(None)

    assert (ports.http, ports.sip, ports.ami, ports.agi, ports.websocket) == (8080, 5060, 5038, 4573, 8088)
    assert (ports.rtp_first, ports.rtp_last) == (10_000, 13_999)


def test_with_a_base_they_follow_it() -> None:
    ports = Ports.from_base(22_000)

    assert (ports.http, ports.sip, ports.ami, ports.agi, ports.websocket) == (22_000, 22_001, 22_002, 22_003, 22_004)
    assert (ports.rtp_first, ports.rtp_last) == (23_000, 26_999)


@pytest.mark.parametrize("base", [-1, 0, 80, 1023, 60_537, 65_535, 70_000])
def test_a_base_that_does_not_fit_is_refused(base: int) -> None:
    with pytest.raises(ValueError, match=str(base)):
        Ports.from_base(base)


@pytest.mark.parametrize("base", [1024, 60_536])
def test_the_outermost_bases_fit(base: int) -> None:
    assert 1024 <= Ports.from_base(base).rtp_last <= 65_535


def test_the_owner_of_a_listening_port_is_named_with_its_process() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert f"(process {os.getpid()})" in owner_of(server.getsockname()[1])


def test_the_owner_of_a_udp_port_is_named() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bound:
        bound.bind(("127.0.0.1", 0))

        assert f"(process {os.getpid()})" in owner_of(bound.getsockname()[1], "udp")


def test_nobody_is_accused_of_a_free_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    assert owner_of(port) == "a program that is not seen from here"


def test_a_taken_port_is_an_error_that_names_port_purpose_and_owner() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        with pytest.raises(PortTaken, match=rf"port {port}/tcp \(ami\) on 127\.0\.0\.1 is taken by .*{os.getpid()}"):
            _alone(ami=port).check_free("127.0.0.1")


def test_a_taken_sip_port_is_noticed_though_it_is_udp() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bound:
        bound.bind(("127.0.0.1", 0))

        with pytest.raises(PortTaken, match=r"/udp \(sip\)"):
            _alone(sip=bound.getsockname()[1]).check_free("127.0.0.1")


def test_an_address_of_another_machine_is_not_called_taken() -> None:
    with pytest.raises(PortTaken, match=r"^192\.0\.2\.1 is not an address of this machine") as told:
        _alone().check_free("192.0.2.1")  # RFC 5737: nobody's
    assert "taken" not in str(told.value)


@pytest.mark.parametrize("purpose", ["http", "websocket"])
def test_browsers_ports_are_looked_for_on_their_own_address(purpose: str) -> None:
    # one that no test of another process has on 127.0.0.1, as a port that the kernel chooses may be
    with socket.create_server(("127.0.0.2", free_base())) as bound:
        ports = _alone(**{purpose: bound.getsockname()[1]})
        ports.check_free("127.0.0.2", http="127.0.0.1")
        with pytest.raises(PortTaken, match=purpose):
            ports.check_free("127.0.0.1", http="127.0.0.2")


def test_free_ports_are_no_error() -> None:
    _alone().check_free("127.0.0.1")


def _alone(**taken: int) -> Ports:
    """Ports of which only `taken` may be held by somebody: the kernel chooses the others (0)."""
    return Ports(**{"http": 0, "sip": 0, "ami": 0, "agi": 0, "websocket": 0, **taken})
