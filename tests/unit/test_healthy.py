"""docker/healthy.py, the health check of the service's container, beside a server that answers as the service does."""

import os
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from base.folders import CHECKOUT, StateFolder
from base.process import Process
from lab import certificates
from processes import running
from processes.running import ServiceNote


class Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(certificate: tuple[Path, Path] | None) -> Iterator[str]:
    """The server's address."""
    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        try:
            yield f"{'http' if certificate is None else 'https'}://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            serving.join()


def checked(folder: StateFolder) -> subprocess.CompletedProcess[str]:
    """As Docker does it, with a proxy that Docker may give to every container."""
    return subprocess.run(
        [sys.executable, CHECKOUT / "docker" / "healthy.py"],
        env={"WUTONG_STATE": str(folder.root), "http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> StateFolder:
    made = StateFolder(tmp_path / "state")
    made.make()
    return made


def noted(folder: StateFolder, http: str) -> None:
    note = ServiceNote(
        process=Process.this(),
        hotline=Path("/etc/wutong/hotline"),
        base_port=None,
        listen="127.0.0.1",
        ready=False,
        supervised=False,
        **dict.fromkeys(("sip", "ami", "agi"), "127.0.0.1:9"),
        http=http,
    )
    running.note(folder, note)


@pytest.mark.parametrize("encrypted", [False, True])
def test_a_service_that_answers_is_healthy_with_and_without_a_certificate(
    folder: StateFolder, tmp_path: Path, encrypted: bool
) -> None:
    with served(certificates.make(tmp_path) if encrypted else None) as http:
        noted(folder, http)
        done = checked(folder)
        assert done.returncode == 0, done.stderr
        noted(folder, f"{http}/elsewhere")
        assert checked(folder).returncode == 1
    noted(folder, http)
    assert checked(folder).returncode == 1  # it is gone


def test_a_service_that_has_not_started_is_not_healthy(folder: StateFolder) -> None:
    assert os.listdir(folder.run) == []
    assert checked(folder).returncode == 1
