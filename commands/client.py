"""The command line's way to the running service: HTTP with the administrator's token.

It goes through the socket in the state folder, which no crowd can close. Where nobody listens there, as with a service
of an earlier version, it goes to the HTTP port.
"""

import http.client
import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote, urlencode

from base import local_socket
from base.failure import NotDone
from sentences.languages import language_here
from sentences.of_libraries import recognised
from sentences.sentence import Sentence

TIMEOUT = 60.0
"""Seconds for one answer."""

LOOK_TIMEOUT = 5.0
"""Seconds to ask a service that may hang."""

SPEAKING_TIMEOUT = 300.0
"""Seconds for a message that the voice has to speak first."""

REPLAY_TIMEOUT = 90.0
"""Seconds for a replay: the service ends it after 60, and other work on drafts may come first."""

RELOAD_TIMEOUT = 1800.0
"""Seconds for a reload, which may install the voice and speak all texts."""


EMERGENCY = "/api/v1/emergency"


class Refused(NotDone):
    """The service answered with a problem. `problem` is the RFC 9457 document."""

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(problem["detail"])
        self.problem = problem


class NoAnswer(Refused):
    """The service did not answer, or is not there; `problem` has only `detail`."""


class Client:
    """`http` is the service's address, such as http://127.0.0.1:8080. `door`: the socket in its state folder."""

    def __init__(self, http: str, token: str, door: Path | None = None) -> None:
        self._http = http
        self._token = token
        # The service is on this machine: no proxy, and its certificate, which is for a name, proves nothing here.
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        tls.check_hostname, tls.verify_mode = False, ssl.CERT_NONE
        direct = urllib.request.ProxyHandler({})
        self._opener = urllib.request.build_opener(direct, urllib.request.HTTPSHandler(context=tls))
        self._door = None if door is None else urllib.request.build_opener(direct, _Door(door))

    def reload(self) -> dict[str, Any]:
        return self._object("POST", "/api/v1/reload", timeout=RELOAD_TIMEOUT)

    def versions(self) -> list[dict[str, Any]]:
        """What was published, the newest first."""
        return self._objects("GET", "/api/v1/versions")

    def version(self, number: str) -> tuple[dict[str, Any], str]:
        """The version, and the tag that `publish` wants; `number` may be `current`. Of that there may be none yet: then
        the version is empty.
        """
        try:
            found: tuple[dict[str, Any], str] = self._ask("GET", f"/api/v1/versions/{number}", read=_with_tag)
        except Refused as refused:
            if number == "current" and refused.problem.get("status") == 404:
                return {}, '"0"'
            raise
        return found

    def version_files(self, number: str) -> dict[str, str]:
        files: dict[str, str] = self._ask("GET", f"/api/v1/versions/{number}/files")["files"]
        return files

    def publish(self, wanted: dict[str, Any], tag: str) -> dict[str, Any]:
        """`tag`: of the version that is known as the one in use."""
        headers = {"If-Match": tag}
        return self._object("POST", "/api/v1/versions", wanted, RELOAD_TIMEOUT, headers=headers)

    def replay(self, files: Mapping[str, str], days: int, within: float = REPLAY_TIMEOUT) -> dict[str, Any]:
        """Who of the callers of the last days would have ended elsewhere under these files. `within`: seconds."""
        wanted = {"files": dict(files), "days": days}
        return self._object("POST", "/api/v1/drafts/replay", wanted, within)

    def version_in_use(self) -> str:
        """The version of the hotline that calls use."""
        return str(self._ask("GET", "/api/v1/check")["in_use"])

    def place_call(self, order: dict[str, Any]) -> dict[str, Any]:
        return self._object("POST", "/api/v1/calls", order)

    def begin_selftest(self) -> None:
        self._ask("POST", "/api/v1/selftest", read=_nothing)

    def stop_selftest(self) -> None:
        self._ask("DELETE", "/api/v1/selftest", read=_nothing)

    def selftest(self) -> dict[str, Any]:
        """Whether a self-test runs, and what came of the last one."""
        return self._object("GET", "/api/v1/selftest")

    def restart(self, wait: float) -> int:
        """Answers how many calls in the menus the service waits for."""
        return int(self._ask("POST", "/api/v1/restart", {"wait_s": wait})["in_menus"])

    def drain(self, on: bool) -> None:
        self._ask("PUT", "/api/v1/drain", {"on": on})

    def nodes(self) -> list[dict[str, Any]]:
        """The machines of this hotline, if there are several."""
        return self._objects("GET", "/api/v1/nodes")

    def remove_node(self, name: str) -> None:
        self._ask("DELETE", f"/api/v1/nodes/{quote(name, safe='')}", read=_nothing)

    def purge(self, *, dry_run: bool) -> dict[str, Any]:
        """One second of work; `more` says whether to ask again."""
        return self._object("POST", "/api/v1/privacy/purge", {"dry_run": dry_run})

    def forget(self, number: str, *, dry_run: bool) -> dict[str, Any]:
        """A batch of the number's calls; `more` says whether to ask again."""
        return self._object("POST", "/api/v1/privacy/forget", {"number": number, "dry_run": dry_run})

    def export(self, number: str, after: str) -> dict[str, Any]:
        """A page of the number's calls; `after`: for the next page, None after the last."""
        return self._object("POST", "/api/v1/privacy/export", {"number": number, "after": after})

    def phones(self) -> dict[str, str]:
        """The state of each agent's phone, by the agent's id."""
        return {agent["id"]: agent["phone"] for agent in self._ask("GET", "/api/v1/agents")}

    def messages(self) -> list[dict[str, Any]]:
        """All of them."""
        return self._objects("GET", "/api/v1/messages?limit=500")

    def call(self, call_id: str) -> dict[str, Any]:
        """A call with its story."""
        return self._object("GET", f"/api/v1/calls/{quote(call_id, safe='')}")

    def people(self) -> list[dict[str, Any]]:
        return self._objects("GET", "/api/v1/users")

    def add_person(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """`password` of the answer: the generated one, if none was given."""
        return self._object("POST", "/api/v1/users", wanted)

    def change_person(self, name: str, rights: dict[str, Any]) -> None:
        self._ask("PUT", f"/api/v1/users/{quote(name, safe='')}", rights)

    def set_password(self, name: str, password: str | None) -> str | None:
        """Give the person that password; None: the service makes one. Answers the made one."""
        answer = self._ask("PUT", f"/api/v1/users/{quote(name, safe='')}/password", {"password": password})
        generated: str | None = answer["password"]
        return generated

    def remove_second_factor(self, name: str) -> None:
        self._ask("DELETE", f"/api/v1/users/{quote(name, safe='')}/second-factor", read=_nothing)

    def remove_person(self, name: str) -> None:
        self._ask("DELETE", f"/api/v1/users/{quote(name, safe='')}", read=_nothing)

    def tokens(self) -> list[dict[str, Any]]:
        return self._objects("GET", "/api/v1/tokens")

    def add_token(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """`token` of the answer: what the program sends."""
        return self._object("POST", "/api/v1/tokens", wanted)

    def revoke_token(self, name: str) -> None:
        self._ask("DELETE", f"/api/v1/tokens/{quote(name, safe='')}", read=_nothing)

    def audit(self, filters: dict[str, str]) -> list[dict[str, Any]]:
        return self._objects("GET", f"/api/v1/audit?{urlencode(filters)}")

    def reports(self) -> list[dict[str, Any]]:
        """Which there are, and their figures."""
        return self._objects("GET", "/api/v1/reports")

    def report(self, kind: str, filters: Mapping[str, str]) -> dict[str, Any]:
        return self._object("GET", f"/api/v1/reports/{kind}?{urlencode(filters)}")

    def agent_day(self, agent: str, day: str | None) -> dict[str, Any]:
        """What the agent did on that day, 2025-03-03; None: today."""
        filters = "" if day is None else f"?{urlencode({'date': day})}"
        return self._object("GET", f"/api/v1/reports/agents/{quote(agent, safe='')}/day{filters}")

    def report_file(self, kind: str, filters: Mapping[str, str]) -> bytes:
        """As CSV or XLSX, by `format` of the filters."""
        return self._file(f"/api/v1/reports/{kind}?{urlencode(filters)}")

    def daily_sheet(self, filters: Mapping[str, str]) -> bytes:
        """As HTML or PDF, by `format` of the filters."""
        return self._file(f"/api/v1/daily-sheet?{urlencode(filters)}")

    def _file(self, path: str) -> bytes:
        content: bytes = self._ask("GET", path, read=lambda answer: answer.read())
        return content

    def emergency(self) -> dict[str, Any]:
        """The message that all callers hear, in `emergency`, and those of `places`."""
        return self._object("GET", EMERGENCY)

    def switch_emergency_on(self, order: dict[str, Any]) -> dict[str, Any]:
        """As `emergency`, with `warnings`."""
        return self._object("PUT", EMERGENCY, order, timeout=SPEAKING_TIMEOUT)

    def switch_emergency_off(self, where: str) -> None:
        """`where`: the node of the message; "": that of all callers."""
        self._ask("DELETE", f"{EMERGENCY}?{urlencode({'where': where})}", read=_nothing)

    def keep_take(self, sound: bytes) -> dict[str, Any]:
        """Keep a recording for a message: its `take` and `seconds`."""
        return self._object("POST", f"{EMERGENCY}/takes", sound)

    def pins(self) -> list[str]:
        names: list[str] = self._ask("GET", f"{EMERGENCY}/pins")
        return names

    def give_pin(self, name: str) -> dict[str, Any]:
        return self._object("PUT", f"{EMERGENCY}/pins/{quote(name, safe='')}")

    def take_pin(self, name: str) -> None:
        self._ask("DELETE", f"{EMERGENCY}/pins/{quote(name, safe='')}", read=_nothing)

    def live_calls(self) -> int:
        """How many calls have not ended, as /metrics says: that answers also where the rest is overloaded."""
        return int(self._ask("GET", "/metrics", timeout=LOOK_TIMEOUT, read=_live_calls))

    def recordings(self) -> dict[str, int]:
        """The figures of /metrics about recordings of talks: `damaged`, `failed`, `keys`, `lost_total`, `stopped`,
        `strays`.
        """
        found: dict[str, int] = self._ask("GET", "/metrics", timeout=LOOK_TIMEOUT, read=_recordings)
        return found

    def _object(self, *asked: Any, **more: Any) -> dict[str, Any]:
        """As `_ask`, whose answer is an object of JSON."""
        answer: dict[str, Any] = self._ask(*asked, **more)
        return answer

    def _objects(self, *asked: Any, **more: Any) -> list[dict[str, Any]]:
        """As `_ask`, whose answer is a list of objects."""
        answer: list[dict[str, Any]] = self._ask(*asked, **more)
        return answer

    def _ask(
        self,
        method: str,
        path: str,
        body: object = None,
        timeout: float = TIMEOUT,
        read: Callable[[Any], Any] = json.load,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """What `read` makes of the answer. `body`: for JSON, or bytes as they are. Raises `Refused`, `NoAnswer`."""
        raw = isinstance(body, bytes)
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        headers = {
            "Authorization": f"Bearer {self._token}",
            "Accept-Language": language_here(),
            "Content-Type": "application/octet-stream" if raw else "application/json",
            **(headers or {}),
        }

        def asked(base: str) -> urllib.request.Request:
            # the address comes from our own state folder
            return urllib.request.Request(base + path, method=method, data=data, headers=headers)  # noqa: S310

        try:
            with self._opened(asked, timeout) as answer:
                return read(answer)
        except urllib.error.HTTPError as error:
            raise Refused(_problem(error)) from None
        except (OSError, ValueError) as error:
            why = error.reason if isinstance(error, urllib.error.URLError) else error
            if isinstance(why, TimeoutError):
                detail = Sentence(
                    "The service at {address} did not answer within {seconds:g} s", address=self._http, seconds=timeout
                )
            else:
                detail = Sentence(
                    "The service at {address} did not answer: {why}", address=self._http, why=recognised(why)
                )
            raise NoAnswer({"detail": detail}) from None

    def _opened(self, asked: Callable[[str], urllib.request.Request], timeout: float) -> Any:
        """The answer, through the door if somebody is there. `asked`: the request to an address."""
        if self._door is not None:
            try:
                return self._door.open(asked("http://localhost"), timeout=timeout)
            except urllib.error.URLError as error:
                if not isinstance(error.reason, local_socket.NOBODY):
                    raise
        return self._opener.open(asked(self._http), timeout=timeout)


class _Door(urllib.request.HTTPHandler):
    """Opens every address through that socket."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(lambda host, **more: _Connection(self._path, host, **more), req)


class _Connection(http.client.HTTPConnection):
    def __init__(self, path: Path, host: str, **more: Any) -> None:
        super().__init__(host, **more)
        self._path = path

    def connect(self) -> None:
        self.sock = local_socket.connected(self._path, self.timeout)


def _with_tag(answer: Any) -> tuple[Any, str]:
    return json.load(answer), str(answer.headers["ETag"])


def _nothing(answer: IO[bytes]) -> None:
    """An answer without a body."""


_RECORDINGS = "wutong_recordings_"


def _recordings(page: IO[bytes]) -> dict[str, int]:
    lines = (line.decode().split() for line in page if line.startswith(_RECORDINGS.encode()))
    return {name.removeprefix(_RECORDINGS): int(float(value)) for name, value in lines}


def _live_calls(page: IO[bytes]) -> float:
    for line in page:
        name, _, value = line.partition(b" ")
        if name == b"wutong_calls_live":
            return float(value)
    raise ValueError("/metrics has no wutong_calls_live")


def _problem(error: urllib.error.HTTPError) -> dict[str, Any]:
    try:
        problem = json.load(error)
    except ValueError:
        problem = None
    if isinstance(problem, dict) and isinstance(problem.get("detail"), str):
        return problem
    return {"detail": Sentence("The service answered {code} {reason}.", code=error.code, reason=error.reason)}
