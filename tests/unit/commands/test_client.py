import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from commands.client import Client, NoAnswer, Refused


class Answers(BaseHTTPRequestHandler):
    """Answers with `given`, and remembers the requests."""

    given: tuple[int, bytes] = (200, b"{}")
    asked: tuple[str, str, str, bytes] = ("", "", "", b"")
    language = ""

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        type(self).asked = (self.command, self.path, self.headers.get("Authorization", ""), body)
        type(self).language = self.headers.get("Accept-Language", "")
        status, content = self.given
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_GET

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def http() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_asked_with_the_token(http: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Answers, "given", (201, '{"call_id": "号"}'.encode()))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")  # never used: the service is on this machine
    client = Client(http, "the token")
    assert client.place_call({"number": "12319"}) == {"call_id": "号"}
    assert Answers.asked == ("POST", "/api/v1/calls", "Bearer the token", b'{"number": "12319"}')
    client.call("a/../b")
    assert Answers.asked[:2] == ("GET", "/api/v1/calls/a%2F..%2Fb")


@pytest.mark.parametrize(("terminal", "language"), [("zh_CN.UTF-8", "zh"), ("C", "en")])
def test_answers_are_asked_for_in_the_language_of_the_terminal(
    http: str, monkeypatch: pytest.MonkeyPatch, terminal: str, language: str
) -> None:
    monkeypatch.setattr(Answers, "given", (200, b"{}"))
    monkeypatch.setenv("LC_ALL", terminal)
    Client(http, "token").emergency()
    assert Answers.language == language


def test_live_calls_are_read_from_the_measures(http: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Answers, "given", (200, b"# HELP x\nwutong_calls_live 3.0\nwutong_calls_total 9.0\n"))
    assert Client(http, "token").live_calls() == 3
    assert Answers.asked[:2] == ("GET", "/metrics")
    monkeypatch.setattr(Answers, "given", (200, b"other 1.0\n"))
    with pytest.raises(NoAnswer):
        Client(http, "token").live_calls()


def test_a_problem_is_passed_on_whole(http: str, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = {"status": 422, "detail": "It is broken.", "problems": [{"file": "hotline.yaml"}]}
    monkeypatch.setattr(Answers, "given", (422, json.dumps(problem).encode()))
    with pytest.raises(Refused, match=r"It is broken\.") as refused:
        Client(http, "token").reload()
    assert refused.value.problem == problem


@pytest.mark.parametrize("content", [b"", b"<html>", b"[]", b'{"detail": 7}'])
def test_what_is_no_problem_document_is_told_by_its_status(
    http: str, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    monkeypatch.setattr(Answers, "given", (502, content))
    with pytest.raises(Refused, match="502"):
        Client(http, "token").reload()


def test_nobody_answers() -> None:
    with pytest.raises(Refused, match="did not answer"):
        Client("http://127.0.0.1:9", "token").reload()


def test_a_replay_is_not_waited_for_longer_than_was_asked() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(NoAnswer, match=f"The service at {address} did not answer within 0.1 s"):
            Client(address, "token").replay({}, 7, within=0.1)
