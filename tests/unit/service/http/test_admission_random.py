"""By chance: no request gets in without a key, and an agent's key opens only what is the agent's."""

from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.types import Message

from accounts import tokens
from accounts.model import MachineToken
from accounts.roles import ROUTES
from agents.states import AgentState
from base.role import Role
from journal.records import Kind
from service.http.admission import API
from service.http.app import App
from tests.unit.service.world import World

KNOWN = sorted({segment for _, path in ROUTES for segment in path.split("/") if "{" not in segment})
ODD = ["api", "v1", "1001", "1002", "..", ".", "%2e", "1001%2f..%2f1002", "1002\n", "1002;x", "AGENTS", "\x00", "é"]
PATHS = st.builds(
    lambda start, segments: start + "/".join(segments),
    st.sampled_from([f"{API}/", "/api/", "/api//"]),
    st.lists(st.sampled_from([*KNOWN, *ODD]), max_size=5),
)
METHODS = st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "get", "PROPFIND", ""])
NAMES = st.sampled_from([b"authorization", b"cookie", b"x-csrf-token", b"origin", b"host", b"content-type"])
GUESSES = [
    b"Bearer ",
    b"bearer local",
    b"Bearer \xff",
    b"Basic bG9jYWw6",
    b"wutong=",
    b"wutong=a; wutong=b",
    b"127.0.0.1",
]
HEADERS = st.lists(st.tuples(NAMES, st.binary(max_size=30) | st.sampled_from(GUESSES)), max_size=4)

SECRET = tokens.new_token()


@cache
def closed() -> App:
    """One for all examples; made when a test needs it, and not by each worker that collects tests."""
    return World().app()


@cache
def opened() -> World:
    """It knows the token of agent 1001."""
    made = World()
    made.broadcast.close()  # an event stream would not end
    made.accounts.directory.take_up(
        [],
        [
            MachineToken(
                name="1001",
                roles=frozenset({Role.AGENT}),
                agent="1001",
                digest=tokens.digest(SECRET),
                created=made.now,
                expires=made.now + 60,
            )
        ],
    )
    return made


async def answered(app: App, method: str, path: str, headers: list[tuple[bytes, bytes]], body: bytes = b"{}") -> int:
    """The status. The app is asked as the server asks it, without a client that tidies up before."""
    status = 0

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status
        status = message.get("status", status)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": headers,
        "scheme": "http",
        "http_version": "1.1",
        "client": ("192.0.2.1", 4_000),
        "server": ("127.0.0.1", 8_080),
        "root_path": "",
    }
    await app(scope, receive, send)
    return status


@given(METHODS, PATHS, HEADERS)
@settings(max_examples=400)
async def test_nobody_gets_in(method: str, path: str, headers: list[tuple[bytes, bytes]]) -> None:
    status = await answered(closed(), method, path, headers)
    signing_in = (method, path) == ("POST", f"{API}/session")
    assert status in ((401, 403, 421, 422) if signing_in else (401, 421))


@given(METHODS, PATHS)
@settings(max_examples=400)
async def test_an_agent_stays_with_itself(method: str, path: str) -> None:
    world = opened()
    headers = [(b"authorization", f"Bearer {SECRET}".encode()), (b"content-type", b"application/json")]
    status = await answered(world.app(), method, path, headers, b'{"state": "not-ready", "extend_s": 5}')
    assert status not in (401, 500)
    other = world.desk.agent_view("1002")
    assert (other.state, other.until) == (AgentState.LOGGED_OUT, None)
    assert world.desk.who(Kind.HOTLINE_CHANGED, Kind.HOTLINE_DRAINED, Kind.SERVICE_RESTARTED) == []
