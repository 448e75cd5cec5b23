"""Signing in over HTTP, and what a guesser meets."""

import asyncio

import pytest
from structlog.testing import capture_logs

from accounts.limits import network_of
from accounts.sign_in import Outcome
from base.role import Role
from tests.unit.service.world import PASSWORD, World

SESSION = "/api/v1/session"


def credentials(name: str = "wang", password: str = PASSWORD) -> dict[str, str]:
    return {"name": name, "password": password}


async def test_sign_in_who_one_is_sign_out() -> None:
    world = World()
    await world.person("wang", Role.SUPERVISOR)
    async with world.client(token=None) as client:
        signed_in = await client.post(SESSION, json=credentials())
        assert signed_in.status_code == 201
        cookie = signed_in.headers["Set-Cookie"].lower()
        assert cookie.startswith("wutong=")
        assert {"httponly", "samesite=strict", "path=/"} <= {part.strip() for part in cookie.split(";")}
        assert "secure" not in cookie, "a browser would not send it over plain HTTP"
        told = signed_in.json()
        assert (told["actor"], told["roles"], told["queues"], told["agent"]) == ("user:wang", ["supervisor"], [], None)
        assert (await client.get(SESSION)).json() == told
        assert (await client.get("/api/v1/queues")).status_code == 200
        out = await client.delete(SESSION, headers={"X-CSRF-Token": told["csrf"]})
        assert out.status_code == 204
        assert (await client.get(SESSION)).status_code == 401
    assert world.store.sessions == {}


async def test_over_tls_the_cookie_is_for_this_host_and_tls_only() -> None:
    world = World()
    await world.person("wang", Role.SUPERVISOR)
    async with world.client(token=None, base="https://wutong") as client:
        cookie = (await client.post(SESSION, json=credentials())).headers["Set-Cookie"]
        assert cookie.startswith("__Host-wutong=")
        assert "Secure" in cookie
        assert (await client.get(SESSION)).status_code == 200
        client.cookies.clear()
        name, _, rest = cookie.partition("=")
        header = {"Cookie": f"{name.removeprefix('__Host-')}={rest.partition(';')[0]}"}
        assert (await client.get(SESSION, headers=header)).status_code == 401, "a sibling site could have set this one"


async def test_a_wrong_password_and_an_unknown_name_are_told_alike() -> None:
    world = World()
    await world.person("wang", Role.SUPERVISOR)
    async with world.client(token=None) as client:
        with capture_logs() as logs:
            answers = [
                await client.post(SESSION, json=credentials(name, "a wrong but long one")) for name in ("wang", "li")
            ]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].json() == answers[1].json()
    assert "Set-Cookie" not in answers[0].headers
    lines = [line for line in logs if line["event"] == "sign-in-refused"]
    assert [line["person"] for line in lines] == ["wang", None], "somebody may type the password as the name"
    assert "a wrong but long one" not in str(logs)
    entries = await world.accounts.audit.list(None, "sign-in-refused", 0, 10)
    assert [entry.actor for entry in entries] == ["stranger", "user:wang"]


async def test_a_name_is_locked_after_some_tries_and_then_not_even_the_right_password_helps() -> None:
    world = World()
    await world.person("wang", Role.SUPERVISOR)
    await world.person("li", Role.SUPERVISOR)
    async with world.client(token=None) as client:
        codes = [(await client.post(SESSION, json=credentials(password=f"wrong {n}"))).status_code for n in range(8)]
        assert codes == [401] * 6 + [429] * 2
        locked = await client.post(SESSION, json=credentials())
        assert (locked.status_code, locked.headers["Retry-After"]) == (429, "30")
        assert (await client.post(SESSION, json=credentials("nobody"))).status_code == 401, "others are not locked"
        assert (await client.post(SESSION, json=credentials("li"))).status_code == 201
        world.now += 31
        assert (await client.post(SESSION, json=credentials())).status_code == 201
    figures = world.accounts.sign_in.figures
    assert figures == {Outcome.WRONG: 7, Outcome.LOCKED: 3, Outcome.DONE: 2}


async def test_an_unknown_name_is_locked_like_a_known_one() -> None:
    world = World()
    async with world.client(token=None) as client:
        codes = [(await client.post(SESSION, json=credentials("nobody"))).status_code for _ in range(8)]
    assert codes == [401] * 6 + [429] * 2


async def test_many_tries_at_one_time_do_not_get_past_the_limit() -> None:
    world = World()
    await world.person("wang", Role.SUPERVISOR)
    async with world.client(token=None) as client:
        tries = (client.post(SESSION, json=credentials(password=f"wrong {n}")) for n in range(40))
        codes = sorted([answer.status_code for answer in await asyncio.gather(*tries)])
    assert codes == [401] * 6 + [429] * 34


async def test_an_address_that_tries_many_names_is_locked() -> None:
    world = World()
    async with world.client(token=None) as client:
        codes = [(await client.post(SESSION, json=credentials(f"name{n}"))).status_code for n in range(25)]
    assert codes == [401] * 21 + [429] * 4


def test_whose_tries_count_together() -> None:
    assert network_of("192.0.2.7") == "192.0.2.7"
    assert network_of("2001:db8:1:2:3::7") == network_of("2001:db8:1:2::1") != network_of("2001:db8:1:3::1")
    assert network_of("") == ""


async def test_the_own_password() -> None:
    world = World()
    await world.person("wang", Role.AGENT, agent="1001")
    async with world.client(token=None) as client, world.client(token=None) as elsewhere:
        csrf = {"X-CSRF-Token": (await client.post(SESSION, json=credentials())).json()["csrf"]}
        await elsewhere.post(SESSION, json=credentials())
        url = f"{SESSION}/password"
        wrong = await client.put(url, json={"old": "wrong", "new": "another long one"}, headers=csrf)
        weak = await client.put(url, json={"old": PASSWORD, "new": "short"}, headers=csrf)
        done = await client.put(url, json={"old": PASSWORD, "new": "another long one"}, headers=csrf)
        assert [answer.status_code for answer in (wrong, weak, done)] == [401, 422, 204]
        assert (await client.get(SESSION)).status_code == 200
        assert (await elsewhere.get(SESSION)).status_code == 401, "other sessions end"
        assert (await client.post(SESSION, json=credentials())).status_code == 401
        assert (await client.post(SESSION, json=credentials(password="another long one"))).status_code == 201
    async with world.client() as client:
        token = await client.put(url, json={"old": PASSWORD, "new": "another long one"})
    assert token.status_code == 409


async def test_nobody_is_known_before_the_database_was_read() -> None:
    world = World()
    world.accounts.loaded = False
    async with world.client() as client:
        answers = [await client.post(SESSION, json=credentials()), await client.get("/api/v1/users")]
        assert [answer.status_code for answer in answers] == [503, 503]
        assert (await client.get("/api/v1/queues")).status_code == 200, "the installation's token counts"
    async with world.client("wutong_some") as client:
        later = await client.get("/api/v1/queues")
    assert (later.status_code, later.headers["Retry-After"]) == (503, "5"), "a 401 would make a program give up"


@pytest.mark.parametrize(
    "body", [{}, {"name": "wang"}, {"name": "wang", "password": 7}, {"name": "x" * 5_000, "password": "x"}]
)
async def test_what_is_no_sign_in(body: object) -> None:
    async with World().client(token=None) as client:
        assert (await client.post(SESSION, json=body)).status_code == 422
