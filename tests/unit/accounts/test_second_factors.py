"""The second factor over HTTP, as a person uses it, and what a guesser meets."""

import asyncio
import base64

import httpx
import pyotp
import pytest

from accounts.second_factors import Seal, SecondFactors, Unreadable
from base.role import Role
from tests.unit.service.world import PASSWORD, World

SESSION = "/api/v1/session"
TOTP = f"{SESSION}/second-factor"


def credentials(code: str = "", password: str = PASSWORD) -> dict[str, str]:
    return {"name": "wang", "password": password, "code": code}


async def sign_in(client: httpx.AsyncClient, code: str = "", password: str = PASSWORD) -> int:
    """The status; the client sends the CSRF token from now on."""
    answer = await client.post(SESSION, json=credentials(code, password))
    if answer.status_code == 201:
        client.headers["X-CSRF-Token"] = answer.json()["csrf"]
    return answer.status_code


async def enrol(world: World, client: httpx.AsyncClient) -> tuple[pyotp.TOTP, list[str]]:
    """Sign in and put an app in force: the app, and the recovery codes."""
    assert await sign_in(client) == 201
    begun = await client.post(TOTP, json={"password": PASSWORD})
    assert begun.status_code == 201
    app = pyotp.parse_uri(begun.json()["uri"])
    assert isinstance(app, pyotp.TOTP)
    assert (app.secret, app.issuer, app.name) == (begun.json()["secret"], "Wutong", "wang")
    done = await client.put(TOTP, json={"code": app.at(world.now)})
    assert done.status_code == 200
    return app, done.json()["recovery_codes"]


@pytest.fixture
async def world() -> World:
    made = World()
    await made.person("wang", Role.SUPERVISOR)
    return made


async def test_signing_in_needs_the_code_once_an_app_is_in_force(world: World) -> None:
    async with world.client(token=None) as client, world.client(token=None) as elsewhere:
        assert await sign_in(elsewhere) == 201
        app, _ = await enrol(world, client)
        assert (await client.get(SESSION)).status_code == 200
        assert (await elsewhere.get(SESSION)).status_code == 401, "sessions without the second factor end"
        world.now += 30
        assert await sign_in(elsewhere) == 401
        assert await sign_in(elsewhere, "000000") == 401
        code = app.at(world.now)
        wide = code.translate({ord("0") + digit: ord("０") + digit for digit in range(10)})
        assert await sign_in(elsewhere, f"{wide[:3]} {wide[3:]}") == 201, "as an input method types it"
    world.now += 1  # the audit tells times apart
    told = [entry.what for entry in await world.accounts.audit.list("user:wang", None, 0, 20)]
    assert told[::-1] == [
        "signed-in",
        "signed-in",
        "second-factor-offered",
        "second-factor-set",
        *["sign-in-refused"] * 2,
        "signed-in",
    ]


async def test_a_wrong_password_and_a_wrong_code_are_told_alike(world: World) -> None:
    async with world.client(token=None) as client:
        app, _ = await enrol(world, client)
        world.now += 30
        answers = [
            await client.post(SESSION, json=credentials(code, password))
            for code, password in (("000000", PASSWORD), ("", PASSWORD), (app.at(world.now), "a wrong but long one"))
        ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1


async def test_a_code_counts_once(world: World) -> None:
    async with world.client(token=None) as client:
        app, _ = await enrol(world, client)
        assert await sign_in(client, app.at(world.now)) == 401, "the code that confirmed the app"
        world.now += 30
        code = app.at(world.now)
        tries = await asyncio.gather(*(client.post(SESSION, json=credentials(code)) for _ in range(4)))
        assert sorted(answer.status_code for answer in tries) == [201, 401, 401, 401], "also at one time"
        assert await sign_in(client, app.at(world.now - 30)) == 401, "nor an older one"
    again = SecondFactors(world.store, Seal("key-for-tests"), lambda: world.now)
    again.take_up((await world.store.load()).factors)
    assert await again.prove("wang", code) == "wrong", "nor after a restart"


async def test_codes_of_a_clock_that_is_a_little_wrong_count_and_others_do_not(world: World) -> None:
    async with world.client(token=None) as client:
        app, _ = await enrol(world, client)
        world.now += 600
        assert await sign_in(client, app.at(world.now - 60)) == 401
        assert await sign_in(client, app.at(world.now + 60)) == 401
        assert await sign_in(client, app.at(world.now - 30)) == 201
        assert await sign_in(client, app.at(world.now + 30)) == 201


async def test_guessed_codes_are_locked_like_guessed_passwords(world: World) -> None:
    async with world.client(token=None) as client:
        app, _ = await enrol(world, client)
        world.now += 30
        codes = [await sign_in(client, f"{number:06}") for number in range(8)]
        assert codes == [401] * 6 + [429] * 2
        assert await sign_in(client, app.at(world.now)) == 429


async def test_a_recovery_code_counts_once_and_only_if_that_is_kept(world: World) -> None:
    async with world.client(token=None) as client:
        app, recovery = await enrol(world, client)
        assert len(set(recovery)) == 10
        assert await sign_in(client, recovery[0].upper().replace("-", "")) == 201
        assert await sign_in(client, recovery[0]) == 401
        world.store.away = True
        assert await sign_in(client, recovery[1]) == 503
        world.now += 30
        assert await sign_in(client, app.at(world.now)) == 201, "people sign in while the database is away"
        world.store.away = False
        assert await sign_in(client, recovery[1]) == 201
        assert await sign_in(client, recovery[1]) == 401
    (kept,) = world.store.factors.values()
    assert len(kept.recovery) == 8
    assert len(await world.accounts.audit.list(None, "recovery-code-used", 0, 10)) == 2


async def test_a_copy_of_the_database_gives_nothing_away(world: World) -> None:
    async with world.client(token=None) as client:
        app, recovery = await enrol(world, client)
    (kept,) = world.store.factors.values()
    raw = base64.b64decode(kept.sealed)
    for secret in (app.secret, *recovery):
        assert secret not in str(kept.recovery)
        assert secret.encode() not in raw
    with pytest.raises(Unreadable):
        Seal("another key").open(kept.sealed, "wang")
    with pytest.raises(Unreadable):
        Seal("key-for-tests").open(kept.sealed, "li")
    assert Seal("key-for-tests").open(kept.sealed, "wang") == app.secret


async def test_with_another_key_recovery_codes_still_count(world: World) -> None:
    """`secrets.json` was lost: codes of apps are wrong, and nothing breaks."""
    async with world.client(token=None) as client:
        app, recovery = await enrol(world, client)
    lost = SecondFactors(world.store, Seal("a new key"), lambda: world.now)
    lost.take_up((await world.store.load()).factors)
    world.now += 30
    assert await lost.prove("wang", app.at(world.now)) == "wrong"
    assert await lost.prove("wang", recovery[0]) == "recovery code"


async def test_a_new_app_needs_the_password_the_old_code_and_its_own_first_code(world: World) -> None:
    async with world.client(token=None) as client:
        old, recovery = await enrol(world, client)
        world.now += 30
        for wanted in ({"password": "a wrong but long one"}, {"password": PASSWORD}):
            assert (await client.post(TOTP, json=wanted)).status_code == 401
        begun = await client.post(TOTP, json={"password": PASSWORD, "code": old.at(world.now)})
        new = pyotp.TOTP(begun.json()["secret"])
        assert (await client.put(TOTP, json={"code": "000000"})).status_code == 409
        world.now += 30
        assert await sign_in(client, old.at(world.now)) == 201, "until it is confirmed the old one counts"
        assert (await client.put(TOTP, json={"code": new.at(world.now)})).status_code == 200
        world.now += 30
        assert await sign_in(client, old.at(world.now)) == 401
        assert await sign_in(client, recovery[0]) == 401
        assert await sign_in(client, new.at(world.now)) == 201
        begun = await client.post(TOTP, json={"password": PASSWORD, "code": new.at(world.now + 30)})
        world.now += 601
        late = await client.put(TOTP, json={"code": pyotp.TOTP(begun.json()["secret"]).at(world.now)})
        assert late.status_code == 409


async def test_an_administrator_takes_a_lost_app_away(world: World) -> None:
    async with world.client(token=None) as client, world.client() as administrator:
        await enrol(world, client)
        (told,) = (await administrator.get("/api/v1/users")).json()
        assert told["second_factor"] is True
        world.store.away = True
        assert (await administrator.delete("/api/v1/users/wang/second-factor")).status_code == 503
        world.store.away = False
        assert (await administrator.delete("/api/v1/users/wang/second-factor")).status_code == 204
        assert (await client.get(SESSION)).status_code == 401
        assert await sign_in(client) == 201
        assert (await client.delete("/api/v1/users/wang/second-factor")).status_code == 403
    assert [entry.actor for entry in await world.accounts.audit.list(None, "second-factor-removed", 0, 10)][
        -1
    ] == "token:local"
    assert world.store.factors == {}


async def test_the_next_person_of_that_name_has_no_second_factor(world: World) -> None:
    async with world.client(token=None) as client, world.client() as administrator:
        await enrol(world, client)
        await administrator.delete("/api/v1/users/wang")
        await world.person("wang", Role.SUPERVISOR)
        assert await sign_in(client) == 201


async def test_the_first_code_of_a_new_app_cannot_be_guessed(world: World) -> None:
    """It gives recovery codes. Somebody may have found a screen where a person has just begun."""
    async with world.client(token=None) as client:
        assert await sign_in(client) == 201
        begun = await client.post(TOTP, json={"password": PASSWORD})
        app = pyotp.TOTP(begun.json()["secret"])
        wrong = [f"{(int(app.at(world.now)) + n) % 1_000_000:06}" for n in (111, 222, 333, 444, 555)]
        assert [(await client.put(TOTP, json={"code": code})).status_code for code in wrong] == [409] * 5
        right = await client.put(TOTP, json={"code": app.at(world.now)})
        assert right.status_code == 409, "it has to be begun anew, with the password"
    assert world.store.factors == {}


async def test_codes_follow_the_wall_clock() -> None:
    """The service's own clock never steps; after a machine has slept, or has got the right time, it is another one."""
    world = World(wall=lambda: 1_700_009_999.0)
    await world.person("wang", Role.SUPERVISOR)
    async with world.client(token=None) as client:
        assert await sign_in(client) == 201
        begun = await client.post(TOTP, json={"password": PASSWORD})
        code = pyotp.TOTP(begun.json()["secret"]).at(1_700_009_999)
        assert (await client.put(TOTP, json={"code": code})).status_code == 200


async def test_a_program_has_no_second_factor(world: World) -> None:
    async with world.client() as client:
        assert (await client.post(TOTP, json={"password": PASSWORD})).status_code == 409
        assert (await client.put(TOTP, json={"code": "000000"})).status_code == 409
