"""Signing in with an app's code, and guessing it."""

import pytest

from accounts import totp
from accounts.model import Role
from tests.unit.service.world import PASSWORD, World

SESSION = "/api/v1/session"
FACTOR = f"{SESSION}/second-factor"
WANG = {"name": "wang", "password": PASSWORD}
RFC = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ],
)
def test_the_vectors_of_rfc_6238(at: int, expected: str) -> None:
    assert totp.code(RFC, at // 30) == expected
    assert totp.step_of(RFC, f"{expected[:3]} {expected[3:]}", at) == at // 30


def test_which_codes_count() -> None:
    now = 1_000_000.0
    step = int(now // 30)
    counting = [beside for beside in range(-4, 5) if totp.step_of(RFC, totp.code(RFC, step + beside), now) is not None]
    assert counting == [-1, 0, 1]
    assert totp.step_of(RFC, totp.code(RFC, step), now, after=step) is None, "each once"
    assert totp.step_of(RFC, "", now) is None
    assert len(totp.new_secret()) == 32
    assert totp.uri("ABC", "wang", "Wu tong") == "otpauth://totp/Wu%20tong:wang?secret=ABC&issuer=Wu%20tong"


async def with_app(world: World) -> str:
    """wang, who has an app: its secret."""
    await world.person("wang", Role.SUPERVISOR)
    async with world.client(token=None) as client:
        csrf = {"X-CSRF-Token": (await client.post(SESSION, json=WANG)).json()["csrf"]}
        assert (await client.put(FACTOR, json={"code": "123456"}, headers=csrf)).status_code == 409
        assert (await client.post(FACTOR, json={"password": "not that one"}, headers=csrf)).status_code == 401
        offered = await client.post(FACTOR, json={"password": PASSWORD}, headers=csrf)
        secret: str = offered.json()["secret"]
        assert secret in offered.json()["uri"]
        assert (await client.put(FACTOR, json={"code": "1234٥6"}, headers=csrf)).status_code == 409
        assert world.store.people["wang"].totp is None
        confirmed = await client.put(FACTOR, json={"code": now_code(world, secret)}, headers=csrf)
        assert confirmed.status_code == 204
    return secret


def now_code(world: World, secret: str) -> str:
    return totp.code(secret, int(world.now // totp.STEP_S))


async def test_signing_in_needs_the_code_and_each_counts_once() -> None:
    world = World()
    secret = await with_app(world)
    async with world.client(token=None) as client:
        assert (await client.post(SESSION, json={**WANG, "code": now_code(world, secret)})).status_code == 401, (
            "seen already"
        )
        world.now += 30
        without = await client.post(SESSION, json=WANG)
        assert (without.status_code, without.headers["WWW-Authenticate"]) == (401, 'TOTP realm="wutong"')
        code = now_code(world, secret)
        wrong = await client.post(SESSION, json={**WANG, "password": "not that one", "code": code})
        assert (wrong.status_code, "TOTP" in wrong.headers.get("WWW-Authenticate", "")) == (401, False)
        assert (await client.post(SESSION, json={**WANG, "code": code})).status_code == 201
        assert (await client.post(SESSION, json={**WANG, "code": code})).status_code == 401
        world.now += 30
        assert (await client.post(SESSION, json={**WANG, "code": now_code(world, secret)})).status_code == 201
    assert secret not in str(world.audited.entries)
    assert secret not in repr(world.store.people)


async def test_who_knows_the_password_cannot_guess_the_code() -> None:
    world = World()
    secret = await with_app(world)
    world.now += 3_600
    async with world.client(token=None) as client:
        codes = [(await client.post(SESSION, json={**WANG, "code": f"{n:06}"})).status_code for n in range(9)]
        assert codes == [401] * 6 + [429] * 3
        world.now += 3_601
        for _ in range(3):  # the right password in between takes nothing back
            assert (await client.post(SESSION, json=WANG)).status_code == 401
            assert (await client.post(SESSION, json={**WANG, "code": "000000"})).status_code == 401
        assert (await client.post(SESSION, json={**WANG, "code": now_code(world, secret)})).status_code == 429


async def test_an_administrator_lets_somebody_in_who_lost_the_device() -> None:
    world = World()
    await with_app(world)
    async with world.client() as admin, world.client(token=None) as client:
        assert (await admin.get("/api/v1/users")).json()[0]["second_factor"] is True
        assert (await admin.delete("/api/v1/users/wang/second-factor")).status_code == 204
        assert (await client.post(SESSION, json=WANG)).status_code == 201
        assert (await admin.post(FACTOR, json={"password": PASSWORD})).status_code == 409, "a token has no app"


async def test_an_offer_ends_by_itself() -> None:
    world = World()
    await world.person("wang", Role.SUPERVISOR)
    async with world.client(token=None) as client:
        csrf = {"X-CSRF-Token": (await client.post(SESSION, json=WANG)).json()["csrf"]}
        secret = (await client.post(FACTOR, json={"password": PASSWORD}, headers=csrf)).json()["secret"]
        world.now += 601
        late = await client.put(FACTOR, json={"code": now_code(world, secret)}, headers=csrf)
    assert (late.status_code, "begin again" in late.json()["detail"]) == (409, True)
    assert world.store.people["wang"].totp is None
