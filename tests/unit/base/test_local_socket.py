"""The socket of a state folder: whose it is, and how deep it may lie."""

import socket
from pathlib import Path

import pytest

from base import local_socket


def test_only_its_owner_opens_it_however_deep_it_is(tmp_path: Path) -> None:
    path = tmp_path / ("deep " * 40) / "http.sock"
    path.parent.mkdir()
    with local_socket.listen(path) as listening:
        assert path.stat().st_mode & 0o777 == 0o600
        with local_socket.connected(path, 5) as client:
            client.sendall(b"asked")
            server, _ = listening.accept()
            with server:
                assert server.recv(10) == b"asked"


def test_one_that_a_dead_service_left_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "http.sock"
    with pytest.raises(local_socket.NOBODY):
        local_socket.connected(path, 5)
    with socket.socket(socket.AF_UNIX) as dead, local_socket.address(path) as where:
        dead.bind(where)
    with pytest.raises(local_socket.NOBODY):
        local_socket.connected(path, 5)
    with local_socket.listen(path):
        local_socket.connected(path, 5).close()


def test_where_there_is_no_folder_nobody_is_there(tmp_path: Path) -> None:
    with pytest.raises(local_socket.NOBODY):
        local_socket.connected(tmp_path / "no" / "http.sock", 5)
    with pytest.raises(OSError, match="No such file"):
        local_socket.listen(tmp_path / "no" / "http.sock")
