"""Who is let in, and what each role may do: over the real app with all its routes."""

import re

import pytest
from fastapi import APIRouter
from structlog.testing import capture_logs

from accounts import roles
from accounts.roles import OPEN, ROUTES, RULES
from agents.states import AgentState
from base.role import Role
from journal.actor import Actor
from journal.records import Kind, Record
from service.http.admission import API, Why, unruled
from tests.unit.service.world import PASSWORD, TOKEN, World, waiting_call

PROBLEM = "application/problem+json"


@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", "Bearer \xff"],
)
async def test_without_the_token_nothing_of_the_api(authorization: str | None) -> None:
    headers = [] if authorization is None else [(b"authorization", authorization.encode("latin-1"))]
    async with World().client(token=None) as client:
        answer = await client.get("/api/v1/queues", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="wutong"'
    assert answer.headers["Content-Type"] == PROBLEM
    assert answer.json()["status"] == 401
    assert TOKEN not in answer.text


async def test_the_scheme_is_told_in_any_case() -> None:
    async with World().client(token=None) as client:
        answer = await client.get("/api/v1/queues", headers={"Authorization": f"bearer {TOKEN}"})
    assert answer.status_code == 200


async def test_every_route_but_the_open_ones_needs_the_token() -> None:
    world = World()
    app = world.app()
    routes = [(method, path) for path, item in app.openapi()["paths"].items() for method in item]
    open_ = ("/healthz", "/readyz", "/metrics")
    for_all = {(method.lower(), f"{API}{path}") for method, path in OPEN}
    closed = [(method, path) for method, path in routes if path not in open_ and (method, path) not in for_all]
    assert len(closed) == len(ROUTES)
    async with world.client(token=None) as client:
        for method, path in [*closed, ("get", "/api"), ("get", "/api/v2"), ("delete", "/api/v1/queues")]:
            answer = await client.request(method, path.replace("{", "").replace("}", ""), content=b"not json")
            assert answer.status_code == 401, path


async def test_a_web_socket_without_the_token_is_closed() -> None:
    sent: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        return {"type": "websocket.connect"}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    scope = {"type": "websocket", "path": "/api/v1/watch", "headers": [], "query_string": b"", "subprotocols": []}
    await World().app()(scope, receive, send)  # type: ignore[arg-type]
    assert [(message["type"], message["code"]) for message in sent] == [("websocket.close", 1008)]


# -- every route, every role ------------------------------------------------------------------------------------------


def asked(world: World) -> list[tuple[str, str]]:
    """Every operation that the app describes under the API, but sign-in."""
    paths = world.app().openapi()["paths"]
    found = [
        (method.upper(), path.removeprefix(API))
        for path, item in paths.items()
        for method in item
        if path.startswith(API)
    ]
    return [operation for operation in found if operation not in OPEN]


@pytest.mark.parametrize("role", Role)
async def test_every_route_for_every_role(role: Role) -> None:
    world = World()
    world.broadcast.close()  # an event stream would not end
    secret = await world.key(role, agent="1001" if role is Role.AGENT else None)
    operations = asked(world)
    assert set(operations) == set(ROUTES)
    async with world.client(secret) as client:
        for method, path in operations:
            answer = await client.request(method, API + re.sub(r"\{\w+\}", "1001", path), content=b"not json")
            allowed = role in RULES[ROUTES[method, path].permission]
            assert (answer.status_code == 403) is not allowed, f"{role} {method} {path}: {answer.status_code}"
            assert answer.status_code != 401


@pytest.mark.parametrize("role", Role)
async def test_an_account_limited_to_a_part_gets_nothing_of_the_whole(role: Role) -> None:
    """Neither may such an account make another that is not limited."""
    world = World()
    secret = await world.key(role, queues=["greening"], agent="1001" if role is Role.AGENT else None)
    whole = [key for key, rule in ROUTES.items() if roles.Extent.WHOLE in RULES[rule.permission].values()]
    assert len(whole) > 10
    async with world.client(secret) as client:
        for method, path in whole:
            answer = await client.request(method, API + path.replace("{name}", "wang"), content=b"not json")
            assert answer.status_code == 403, f"{method} {path}"


def test_a_route_without_a_rule_and_a_rule_without_a_route_are_found() -> None:
    routes = APIRouter(prefix="/new")

    @routes.get("/{thing}")
    async def forgotten(thing: str) -> None: ...

    assert "GET /new/{thing}" in unruled([routes])
    assert "GET /queues" in unruled([routes])


def test_no_two_paths_of_the_table_fit_the_same_request() -> None:
    """The guard and the router would have to agree which comes first."""
    for path in {path for _, path in ROUTES}:
        example = re.sub(r"\{\w+\}", "x", path)
        fitting = {other for _, other in ROUTES if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", other), example)}
        assert fitting == {path}


# -- one's own ---------------------------------------------------------------------------------------------------------


async def test_an_agent_sees_and_changes_itself_only() -> None:
    world = World(now=1_700_000_005.0)
    world.note(*waiting_call("c1"), *(record._replace(call="c2") for record in waiting_call()[:3]))
    secret = await world.key(Role.AGENT, agent="1001")
    async with world.client(secret) as client:
        assert [agent["id"] for agent in (await client.get(f"{API}/agents")).json()] == ["1001"]
        assert (await client.get(f"{API}/agents/1001")).status_code == 200
        assert (await client.put(f"{API}/agents/1001/state", json={"state": "ready"})).status_code == 200
        assert [call["id"] for call in (await client.get(f"{API}/calls")).json()] == ["c1"], "the one that rings"
        assert (await client.get(f"{API}/calls/c1")).status_code == 200
        assert (await client.get(f"{API}/queues")).json() == []
        for method, path, body in (
            ("GET", "/agents/1002", None),
            ("PUT", "/agents/1002/state", {"state": "ready"}),
            ("POST", "/agents/1002/wrap-up", {"extend_s": 5}),
            ("GET", "/calls/c2", None),
            ("GET", "/queues/greening", None),
        ):
            answer = await client.request(method, API + path, json=body)
            assert answer.status_code == 404, path
            assert "1002" not in answer.text, "nor does a refusal tell of others"
            assert "greening" not in answer.text
    assert world.desk.agent_view("1002").state is AgentState.LOGGED_OUT
    assert {record.agent for record in world.desk.records} == {None, "1001"}


async def test_a_supervisor_of_a_queue_sees_and_changes_that_part() -> None:
    world = World()
    world.note(*waiting_call("c1"))
    world.note(
        *(
            record._replace(call="c2", queue=record.queue and "general", agent=record.agent and "1002")
            for record in waiting_call()
        )
    )
    world.note(*waiting_call("c3")[:1])  # in the menus: nobody's yet
    secret = await world.key(Role.SUPERVISOR, queues=["greening"])
    async with world.client(secret) as client:
        assert [queue["id"] for queue in (await client.get(f"{API}/queues")).json()] == ["greening"]
        assert [agent["id"] for agent in (await client.get(f"{API}/agents")).json()] == ["1001"]
        assert [call["id"] for call in (await client.get(f"{API}/calls")).json()] == ["c1"]
        assert (await client.get(f"{API}/calls?queue=general")).json() == []
        assert (await client.put(f"{API}/agents/1001/state", json={"state": "ready"})).status_code == 200
        codes = [
            (await client.get(f"{API}/queues/general")).status_code,
            (await client.get(f"{API}/calls/c2")).status_code,
            (await client.get(f"{API}/calls/c3")).status_code,
            (await client.put(f"{API}/agents/1002/state", json={"state": "ready"})).status_code,
        ]
    assert codes == [404] * 4


async def test_a_department_sees_the_calls_that_were_put_through_to_it() -> None:
    world = World()
    world.note(*waiting_call("c1"), *waiting_call("c2")[:2])
    world.note(Record(1_700_000_009.0, Kind.SUB_HOTLINE_DIALLED, "c2", data={"sub_hotline": "gas", "dial": "962777"}))
    async with world.client(await world.key(Role.DEPARTMENT, departments=["gas"])) as client:
        (call,) = (await client.get(f"{API}/calls")).json()
        assert (call["id"], call["sub_hotline"]) == ("c2", "gas")
        assert (await client.get(f"{API}/calls/c2")).status_code == 200
        assert (await client.get(f"{API}/calls/c1")).status_code == 404
    async with world.client(await world.key(Role.DEPARTMENT)) as client:
        assert (await client.get(f"{API}/calls")).json() == [], "a department without a name has nothing"


# -- cookies, other sites, hosts ---------------------------------------------------------------------------------------


async def test_a_change_with_a_cookie_needs_the_csrf_token_and_our_own_page() -> None:
    world = World()
    await world.person("wang", Role.SUPERVISOR)
    async with world.client(token=None) as client:
        csrf = (await client.post(f"{API}/session", json={"name": "wang", "password": PASSWORD})).json()["csrf"]
        url, body = f"{API}/agents/1001/state", {"state": "ready"}
        refused = [
            {},
            {"X-CSRF-Token": ""},
            {"X-CSRF-Token": csrf[:-1]},
            {"X-CSRF-Token": csrf, "Origin": "https://evil.example"},
            {"X-CSRF-Token": csrf, "Origin": "http://wutong:81"},
            {"X-CSRF-Token": csrf, "Origin": "null"},
            {"X-CSRF-Token": csrf, "Origin": "http://["},
        ]
        for headers in refused:
            answer = await client.put(url, json=body, headers=headers)
            assert (answer.status_code, answer.headers["Content-Type"]) == (403, PROBLEM), headers
        assert world.desk.records == []
        for headers in ({"X-CSRF-Token": csrf}, {"X-CSRF-Token": csrf, "Origin": "http://wutong"}):
            assert (await client.put(url, json=body, headers=headers)).status_code == 200
        assert (await client.get(f"{API}/queues")).status_code == 200, "reading needs none"
    assert world.desk.who(Kind.AGENT_STATE) == [Actor.user("wang")]


async def test_no_change_at_all_comes_from_another_sites_page() -> None:
    """The cookie alone changes nothing, on whichever route: drafts and versions, recordings, the emergency message."""
    world = World()
    await world.person("wang", Role.ADMINISTRATOR)
    changes = [(method, path) for method, path in ROUTES if method not in ("GET", "HEAD")]
    assert len(changes) > 40
    async with world.client(token=None) as client:
        await client.post(f"{API}/session", json={"name": "wang", "password": PASSWORD})
        for method, path in changes:
            url = API + re.sub(r"\{\w+\}", "1001", path)
            form = {"Content-Type": "text/plain", "Origin": "https://evil.example"}  # a page needs no leave for it
            answer = await client.request(method, url, content=b"{}", headers=form)
            assert answer.status_code == 403, f"{method} {path}"
    assert world.desk.who(Kind.HOTLINE_CHANGED, Kind.HOTLINE_DRAINED, Kind.SERVICE_RESTARTED) == []


async def test_another_sites_page_signs_nobody_in() -> None:
    world = World()
    await world.person("wang", Role.SUPERVISOR)
    async with world.client(token=None) as client:
        wanted = {"name": "wang", "password": PASSWORD}
        answer = await client.post(f"{API}/session", json=wanted, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert world.store.sessions == {}


@pytest.mark.parametrize(
    "cookie", ["wutong=", "wutong=x", f"wutong={TOKEN}", "__Host-wutong=x", "wutong=" + "x" * 5_000, "\xff"]
)
async def test_a_cookie_that_nobody_gave(cookie: str) -> None:
    async with World().client(token=None) as client:
        answer = await client.get(f"{API}/queues", headers=[(b"cookie", cookie.encode("latin-1"))])
    assert answer.status_code == 401


async def test_wrong_tokens_are_counted_and_logged_once_a_minute() -> None:
    world = World()
    async with world.client("guessed") as client:
        with capture_logs() as logs:
            for _ in range(20):
                await client.get(f"{API}/queues")
    assert [(line["event"], line["address"]) for line in logs] == [("token-refused", "127.0.0.1")]
    assert "guessed" not in str(logs)
    assert world.admission.refused == {Why.TOKEN: 20}


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "evil.example:8080", "127.0.0.1.evil.example", "", "localhost.evil.example", "wutong@evil"),
        *("[fe80::1%; script-src *]", "[fe80::1%25eth0]:8080", "fe80::1%x", "[127.0.0.1; script-src *", "::1", "[::1"),
    ],
)
async def test_a_host_that_this_is_not(host: str) -> None:
    """DNS rebinding: a page of evil.example, whose name leads to us."""
    async with World().client() as client:
        for path in (f"{API}/queues", "/metrics", "/docs"):
            answer = await client.get(path, headers={"Host": host})
            assert (answer.status_code, answer.headers["Content-Type"]) == (421, PROBLEM)
            assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST:8080", "127.0.0.1:8080", "192.0.2.1", "[::1]:8080", "[::1]", "wutong", "wutong.:80"],
)
async def test_hosts_that_this_is(host: str) -> None:
    async with World().client() as client:
        assert (await client.get(f"{API}/queues", headers={"Host": host})).status_code == 200


async def test_the_measures_of_who_asks() -> None:
    async with World().client(token=None) as client:
        await client.get(f"{API}/queues")
        await client.get(f"{API}/queues", headers={"Authorization": "Bearer no"})
        await client.post(f"{API}/session", json={"name": "wang", "password": "not the right one"})
        page = (await client.get("/metrics")).text
    for line in (
        'wutong_http_unauthorised_total{why="missing"} 1.0',
        'wutong_http_unauthorised_total{why="token"} 1.0',
        'wutong_sign_ins_total{outcome="wrong"} 1.0',
        "wutong_audit_waiting 1.0",
        "wutong_audit_dropped_total 0.0",
    ):
        assert line in page
