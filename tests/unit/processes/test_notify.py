"""What systemd is told, read from the test's own notify socket."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from processes.notify import Notifier


@pytest.fixture(params=["path", "abstract"])
def systemd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, socket.socket]]:
    """The address for NOTIFY_SOCKET, and systemd's end."""
    name = f"wutong-test-{os.getpid()}-{tmp_path.name}"
    path = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as made:
        made.bind(f"\0{name}" if request.param == "abstract" else str(path))
        made.setblocking(False)
        yield (f"@{name}" if request.param == "abstract" else str(path)), made


def told(systemd: tuple[str, socket.socket]) -> list[str]:
    """The lines of the next datagram."""
    return systemd[1].recv(4096).decode().split("\n")


def test_a_life_as_systemd_hears_it(systemd: tuple[str, socket.socket]) -> None:
    notifier = Notifier({"NOTIFY_SOCKET": systemd[0], "WATCHDOG_USEC": "20000000", "WATCHDOG_PID": str(os.getpid())})
    assert notifier.watchdog_s == 20
    notifier.status("starting")
    notifier.ready("takes calls")
    notifier.beat("takes calls")
    notifier.beat("2 calls live")
    notifier.stopping()
    assert told(systemd) == ["STATUS=starting"]
    assert told(systemd) == ["READY=1", "STATUS=takes calls"]
    assert told(systemd) == ["WATCHDOG=1"]
    assert told(systemd) == ["WATCHDOG=1", "STATUS=2 calls live"]
    assert told(systemd) == ["STOPPING=1", "STATUS=stopping"]
    notifier.close()


def test_what_is_taken_is_taken_out_of_the_environment(systemd: tuple[str, socket.socket]) -> None:
    environ = {"NOTIFY_SOCKET": systemd[0], "WATCHDOG_USEC": "1000000", "WATCHDOG_PID": "1", "PATH": "/bin"}
    Notifier(environ).close()
    assert environ == {"PATH": "/bin"}


@pytest.mark.parametrize(
    "watchdog",
    [{}, {"WATCHDOG_USEC": "0"}, {"WATCHDOG_USEC": "-1"}, {"WATCHDOG_USEC": "20000000", "WATCHDOG_PID": "1"}],
    ids=["none", "zero", "nonsense", "another process's"],
)
def test_without_a_watchdog_of_ours_no_beat(systemd: tuple[str, socket.socket], watchdog: dict[str, str]) -> None:
    notifier = Notifier({"NOTIFY_SOCKET": systemd[0], **watchdog})
    assert notifier.watchdog_s is None
    notifier.beat("takes calls")
    notifier.beat("takes calls")
    assert told(systemd) == ["STATUS=takes calls"]
    with pytest.raises(BlockingIOError):
        systemd[1].recv(4096)
    notifier.close()


def test_a_status_cannot_forge_another_line(systemd: tuple[str, socket.socket]) -> None:
    notifier = Notifier({"NOTIFY_SOCKET": systemd[0]})
    notifier.status("away (\nSTOPPING=1\r\nx)" + "x" * 1000)
    (line,) = told(systemd)
    assert line.startswith("STATUS=away ( STOPPING=1 x)x")
    assert len(line) == len("STATUS=") + 200
    notifier.close()


def test_without_systemd_nothing_happens() -> None:
    notifier = Notifier({"WATCHDOG_USEC": "20000000"})
    assert not notifier.listened_to
    assert notifier.watchdog_s is None
    notifier.ready("takes calls")
    notifier.beat("takes calls")
    notifier.stopping()


@pytest.mark.parametrize("address", ["vsock:2:1234", "nowhere", "/nowhere/at/all", "@nobody-listens-there", "/" * 300])
def test_an_address_where_nobody_listens_is_logged_and_no_failure(address: str) -> None:
    with capture_logs() as logs:
        notifier = Notifier({"NOTIFY_SOCKET": address})
        notifier.ready("takes calls")
    assert not notifier.listened_to
    assert [line["event"] for line in logs] == ["systemd-not-told"]


def test_a_full_socket_loses_beats_never_blocks_and_says_so_once(systemd: tuple[str, socket.socket]) -> None:
    notifier = Notifier({"NOTIFY_SOCKET": systemd[0], "WATCHDOG_USEC": "20000000"})
    with capture_logs() as logs:
        for number in range(2_000):
            notifier.beat(f"{number} calls")
        notifier.ready("takes calls")
    assert [line["event"] for line in logs] == ["systemd-not-told"]
    while True:
        try:
            systemd[1].recv(4096)
        except BlockingIOError:
            break
    notifier.beat("takes calls")
    assert told(systemd) == ["READY=1", "WATCHDOG=1", "STATUS=takes calls"]  # lost lines are sent again, beats are not
    notifier.close()
