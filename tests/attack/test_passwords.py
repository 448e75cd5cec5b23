"""Somebody guesses the passwords of agents' phones."""

import asyncio
import itertools
import re
import statistics
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from dialplan.security import proofs
from lab.attacks.guesser import BrowserGuesser, Guesser, Tried
from lab.patience import until
from lab.phone import Phone
from lab.phone.digest import Challenge, Credentials
from lab.ports import free_port
from tests.integration.exchange import exchange
from tests.integration.world import World, world

JAIL = Path(__file__).parents[2] / "docs/fail2ban"


@asynccontextmanager
async def guessing(guesser: Guesser, user: str) -> AsyncIterator[None]:
    """All the while passwords of that user are tried."""

    async def guess() -> None:
        for number in itertools.count():
            assert (await guesser.guess(user, f"guess-{number}")).status == 401

    task = asyncio.create_task(guess())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})
        if not task.cancelled():
            task.result()


@pytest.mark.parametrize("kind", [Guesser, BrowserGuesser])
async def test_an_office_behind_a_guessers_address_registers(hotline: World, kind: type[Guesser]) -> None:
    """Ten phones, seven times each; none of them was there before. 56 of the 70 were refused by a block."""
    server = hotline.sip if kind is Guesser else ("127.0.0.1", hotline.settings.ports.websocket)
    agents = list(hotline.hotline.agents.values())[:10]
    async with kind(server, "127.0.0.2") as guesser, guessing(guesser, "1001"):

        async def guessed() -> str:
            return (await hotline.http.get("/metrics")).text

        await until("the guard", guessed, lambda text: "wutong_phones_guessed_now 1.0" in text)
        for _ in range(7):
            for agent in agents:
                password = hotline.secrets.phone_password(agent.id, agent.password).get_secret_value()
                async with Phone(hotline.sip, agent.id, password, host="127.0.0.2") as phone:
                    await phone.register(expires=60)  # raises if it is refused


def proofs_in(hotline: World) -> list[str]:
    """The addresses of all failures in the security log."""
    log = hotline.settings.asterisk_folder / "log/security"
    return [str(proof.address) for proof in proofs(log.read_bytes()) if not proof.passed]


async def test_a_forged_call_id_accuses_nobody_else(hotline: World) -> None:
    """The Call-ID is in the security log, with quotation marks and all."""
    forged = 'x",LocalAddress="IPV4/UDP/127.0.0.1/5060",RemoteAddress="IPV4/UDP/127.0.0.9/5060",Challenge="'
    async with Guesser(hotline.sip, "127.0.0.2") as guesser:
        challenge = await guesser.challenged("1001")
        for number in range(5):
            await guesser.guess("1001", f"guess-{number}", challenge, call_id=f"{forged}{number}")

        async def seen() -> list[str]:
            return proofs_in(hotline)

        found = await until("the failures", seen, lambda seen: len(seen) >= 5)
        assert set(found) == {"127.0.0.2"}


PROVIDER = "127.9.9.9"


@pytest.fixture
async def with_trunk(tmp_path: Path, hotline_folder: Path, sounds: Path) -> AsyncIterator[World]:
    """As beyond loopback there is no anonymous endpoint, which would answer 403 to a user whom nobody knows."""
    trunk = {"host": "127.0.0.1", "match": [PROVIDER], "bind": "127.0.0.1", "bind_port": free_port()}
    async with world(tmp_path / "state", hotline_folder, sounds, trunk=trunk) as made:
        yield made


async def test_forged_requests_in_the_providers_name_shut_no_citizen_out(with_trunk: World) -> None:
    """No answer reaches the attacker: the challenge was fetched from another address. Twelve of them at either port
    made every call of the trunk a 403.
    """
    hotline = with_trunk
    assert hotline.settings.trunk is not None
    trunk = ("127.0.0.1", hotline.settings.trunk.bind_port)
    async with Guesser(hotline.sip, "127.0.0.2") as elsewhere:
        challenge = await elsewhere.challenged("1001")
    for server in (hotline.sip, trunk):
        async with Guesser(server, PROVIDER) as forger:
            for number in range(130):
                await forger.send("1001", Credentials("1001", f"guess-{number}"), challenge)

    async def forged() -> list[str]:
        return [address for address in proofs_in(hotline) if address == PROVIDER]

    await until("the failures in the log", forged, lambda found: len(found) >= 260)

    async def read() -> str:
        return (await hotline.http.get("/metrics")).text

    await until("the guard", read, lambda text: "wutong_phone_password_failures_total 0.0" not in text)
    async with Phone(trunk, number="13800138000", host=PROVIDER) as provider:
        for _ in range(5):
            call = await provider.dial("12319")
            await call.hears_speech()
            await call.hang_up()


async def test_nothing_registers_in_the_providers_name(with_trunk: World) -> None:
    hotline = with_trunk
    assert hotline.settings.trunk is not None
    for server in (hotline.sip, ("127.0.0.1", hotline.settings.trunk.bind_port)):
        async with Guesser(server, PROVIDER) as provider:
            for user in ("1001", "1006_browser", "12319", "trunk", "refused", "nobody"):
                assert (await provider.send(user)).status in (401, 403, 404), user
                answer = await provider.send(user, Credentials(user, "guess"), Challenge("asterisk", "1/2"))
                assert answer.status in (401, 403, 404), user
    contacts = await hotline.asterisk.command("pjsip show contacts")
    assert PROVIDER not in contacts


async def test_a_list_that_an_older_version_left_refuses_nobody(tmp_path: Path) -> None:
    """Nobody is left to take an address out of it."""
    etc = tmp_path / "a/etc"
    etc.mkdir(parents=True)
    (etc / "acl.conf").write_text("[blocked]\n#tryinclude blocked.conf\n")
    (etc / "blocked.conf").write_text("deny = 127.0.0.0/255.0.0.0\n")
    async with exchange(tmp_path) as here, Guesser(("127.0.0.1", here.given.ports.sip)) as phone:
        assert (await phone.send("1001")).status == 401


async def test_answers_do_not_tell_which_users_exist(with_trunk: World) -> None:
    """The same answers, in the same time."""
    hotline = with_trunk
    tried: dict[str, list[Tried]] = {"1001": [], "9999": [], "nobody": []}
    for number in range(40):
        for user, answers in tried.items():
            async with Guesser(hotline.sip, "127.0.0.2") as guesser:
                answers.append(await guesser.guess(user, f"wrong-password-{number}"))
    shapes = {user: {(one.status, one.reason, *one.headers) for one in all_} for user, all_ in tried.items()}
    assert shapes["1001"] == shapes["9999"] == shapes["nobody"]
    assert len(shapes["1001"]) == 1
    medians = {user: statistics.median(one.seconds for one in all_) for user, all_ in tried.items()}
    told = {user: f"{seconds * 1e6:.0f} µs" for user, seconds in medians.items()}
    sys.stdout.write(f"{told}\n")
    assert max(medians.values()) < 3 * min(medians.values())


@pytest.mark.parametrize("user", ["1001", "9999"])
async def test_fail2bans_filter_finds_only_addresses_that_are_proven(with_trunk: World, user: str) -> None:
    """A connection proves its address. What comes over UDP may be forged, and a ban would shut out somebody else."""
    hotline = with_trunk
    forged = (
        'x",LocalAddress="IPV4/WS/127.0.0.1/5060",RemoteAddress="IPV4/WS/127.0.0.9/5060",'
        'Challenge="1",Response="2",ExpectedResponse="'
    )
    browsers = ("127.0.0.1", hotline.settings.ports.websocket)
    for kind, server, address in ((Guesser, hotline.sip, "127.0.0.3"), (BrowserGuesser, browsers, "127.0.0.2")):
        async with kind(server, address) as guesser:
            challenge = await guesser.challenged(user)
            await guesser.guess(user, "wrong-password", challenge)
            await guesser.guess(user, "wrong-password", challenge, call_id=forged)
    await hotline.agent_phone("1002")  # a success, which the log has after all that came before
    log = hotline.settings.asterisk_folder / "log/security"

    async def lines() -> list[str]:
        return log.read_text().splitlines()

    success = re.compile('SecurityEvent="SuccessfulAuth".*AccountID="1002"')
    await until("the log", lines, lambda all_: any(map(success.search, all_)))
    found = [match["host"] for line in await lines() if (match := failregex().search(line)) is not None]
    assert found == ["127.0.0.2", "127.0.0.2"]


def failregex() -> re.Pattern[str]:
    """The filter's pattern, with what fail2ban puts instead of <HOST>."""
    text = (JAIL / "filter.d/wutong.conf").read_text()
    found = re.search(r"^failregex = (.*)$", text, re.MULTILINE)
    assert found is not None
    return re.compile(found[1].replace("<HOST>", r"(?P<host>\d+\.\d+\.\d+\.\d+)"))
