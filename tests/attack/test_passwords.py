"""Somebody guesses the passwords of agents' phones."""

import asyncio
import re
import statistics
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from dialplan.security import proofs
from lab.patience import until
from lab.phone.digest import Challenge
from lab.ports import free_port
from service.asterisk.guesses import ATTACKED, TRIES, TRIES_THEN
from tests.attack.guesser import Guesser, Tried
from tests.integration.conversations import connected, hear_each_other
from tests.integration.world import World, world

JAIL = Path(__file__).parents[2] / "docs/fail2ban"


async def blocked_after(guesser: Guesser, user: str, most: int) -> int:
    """The guesses until the first 403; `most` if none comes."""
    for number in range(most):
        answer = await guesser.send(user)
        if answer.status == 403:
            return number
        assert answer.status == 401
        challenge = Challenge.parse(answer.require("WWW-Authenticate"))
        if (await guesser.guess(user, f"guess-{number}", challenge)).status == 403:
            return number
        await asyncio.sleep(0.02)
    return most


async def test_an_address_that_guesses_is_blocked_and_nobody_else(hotline: World) -> None:
    agent = await hotline.agent("1001")
    caller, offer = await connected(hotline, agent)
    async with Guesser(hotline.sip, "127.0.0.2") as guesser:
        assert TRIES <= await blocked_after(guesser, "1001", 2_000) < 2_000
        assert (await guesser.send("1002")).status == 403, "all users alike"
    await hear_each_other(caller, offer, one_says=900, other_says=500)
    other = await hotline.agent_phone("1002")
    await hotline.see_agent("1002", phone="free")
    metrics = (await hotline.http.get("/metrics")).text
    assert "wutong_addresses_blocked_total 1.0" in metrics
    assert "wutong_addresses_blocked_now 1.0" in metrics
    failures = re.search(r"^wutong_phone_password_failures_total (\S+)$", metrics, re.MULTILINE)
    assert failures is not None
    assert float(failures[1]) >= TRIES
    for phone in (agent, other):
        await phone.close()


async def test_a_block_ends_by_itself(hotline: World) -> None:
    async with Guesser(hotline.sip, "127.0.0.2") as guesser:
        await blocked_after(guesser, "1001", 2_000)

        async def status() -> int:
            return (await guesser.send("1001")).status

        await until("the end of the block", status, lambda seen: seen == 401)


async def test_many_addresses_that_guess_for_one_agent_have_two_tries_each(hotline: World) -> None:
    for number in range(ATTACKED // (TRIES - 1) + 2):
        async with Guesser(hotline.sip, f"127.0.1.{number + 1}") as guesser:
            answer = await guesser.send("1001")  # 403: the last ones are blocked before they are done
            for attempt in range(TRIES - 1 if answer.status == 401 else 0):
                challenge = Challenge.parse(answer.require("WWW-Authenticate"))
                await guesser.guess("1001", f"guess-{number}-{attempt}", challenge)
    async with Guesser(hotline.sip, "127.0.2.1") as guesser, Guesser(hotline.sip, "127.0.2.2") as other:
        for one, user in ((guesser, "1001"), (other, "1002")):
            challenge = await one.challenged(user)
            for attempt in range(TRIES_THEN + 1):
                await one.guess(user, f"guess-{attempt}", challenge)
        await until("the block", lambda: guesser.send("1001"), lambda answer: answer.status == 403)
        assert (await other.send("1002")).status == 401, "nobody attacks this agent"


async def test_a_forged_call_id_blocks_nobody_else(hotline: World) -> None:
    """The Call-ID is in the security log, with quotation marks and all."""
    forged = 'x",LocalAddress="IPV4/UDP/127.0.0.1/5060",RemoteAddress="IPV4/UDP/127.0.0.9/5060",Challenge="'
    async with Guesser(hotline.sip, "127.0.0.2") as guesser, Guesser(hotline.sip, "127.0.0.9") as victim:
        challenge = await guesser.challenged("1001")
        for number in range(TRIES + 5):
            await guesser.guess("1001", f"guess-{number}", challenge, call_id=f"{forged}{number}")
        log = hotline.settings.asterisk_folder / "log/security"

        async def seen() -> list[str]:
            return [str(proof.address) for proof in proofs(log.read_bytes()) if not proof.passed]

        await until("the failures", seen, lambda addresses: len(addresses) >= TRIES)
        assert set(await seen()) == {"127.0.0.2"}
        await until("the block", lambda: guesser.send("1001"), lambda answer: answer.status == 403)
        assert (await victim.send("1001")).status == 401


@pytest.fixture
async def with_trunk(tmp_path: Path, hotline_folder: Path, sounds: Path) -> AsyncIterator[World]:
    """As beyond loopback there is no anonymous endpoint, which would answer 403 to a user whom nobody knows."""
    trunk = {"host": "127.0.0.1", "match": ["127.9.9.9"], "bind": "127.0.0.1", "bind_port": free_port()}
    async with world(tmp_path / "state", hotline_folder, sounds, trunk=trunk) as made:
        yield made


async def test_answers_do_not_tell_which_users_exist(with_trunk: World) -> None:
    """The same answers, in the same time."""
    hotline = with_trunk
    tried: dict[str, list[Tried]] = {"1001": [], "9999": [], "nobody": []}
    for number in range(40):
        # each from its own address, so that none is blocked
        for at, user in enumerate(tried):
            async with Guesser(hotline.sip, f"127.0.{10 + at}.{number + 1}") as guesser:
                tried[user].append(await guesser.guess(user, "wrong-password"))
    shapes = {user: {(one.status, one.reason, *one.headers) for one in all_} for user, all_ in tried.items()}
    assert shapes["1001"] == shapes["9999"] == shapes["nobody"]
    assert len(shapes["1001"]) == 1
    medians = {user: statistics.median(one.seconds for one in all_) for user, all_ in tried.items()}
    told = {user: f"{seconds * 1e6:.0f} µs" for user, seconds in medians.items()}
    sys.stdout.write(f"{told}\n")
    assert max(medians.values()) < 3 * min(medians.values())


@pytest.mark.parametrize("user", ["1001", "9999"])
async def test_fail2bans_filter_finds_the_address_in_the_real_log(with_trunk: World, user: str) -> None:
    hotline = with_trunk
    forged = 'x",LocalAddress="IPV4/UDP/127.0.0.1/5060",RemoteAddress="IPV4/UDP/127.0.0.9/5060",Challenge="'
    async with Guesser(hotline.sip, "127.0.0.2") as guesser:
        challenge = await guesser.challenged(user)
        await guesser.guess(user, "wrong-password", challenge)
        await guesser.guess(user, "wrong-password", challenge, call_id=forged)
    await hotline.agent_phone("1002")  # a success
    log = hotline.settings.asterisk_folder / "log/security"

    async def lines() -> list[str]:
        return log.read_text().splitlines()

    await until("the log", lines, lambda all_: any("SuccessfulAuth" in line for line in all_))
    found = [match["host"] for line in await lines() if (match := failregex().search(line)) is not None]
    assert found == ["127.0.0.2", "127.0.0.2"]


def failregex() -> re.Pattern[str]:
    """The filter's pattern, with what fail2ban puts in the place of <HOST>."""
    text = (JAIL / "filter.d/wutong.conf").read_text()
    found = re.search(r"^failregex = (.*)$", text, re.MULTILINE)
    assert found is not None
    return re.compile(found[1].replace("<HOST>", r"(?P<host>\d+\.\d+\.\d+\.\d+)"))
