"""Nothing in an INVITE becomes an event, an AGI variable, a command of the dialplan or another's call."""

import itertools
from pathlib import Path

import pytest

from calls.live.unserved import caller_number
from lab.attacks.attacker import Attacker
from lab.patience import until
from lab.phone import CallFailed
from tests.integration.exchange import desk, exchange, shown_by
from tests.integration.world import World

SILENCE = 0.5
"""Seconds without an answer, not even 100: the datagram was dropped."""

PAYLOADS = (
    "%0D%0AEvent:%20Forged%0D%0A%0D%0A",
    "%0aagi_forged:%20yes%0a%0a",
    "a\r\n Event: Forged\r\n \r\n b",
    "a\nagi_forged: yes\n\nb",
    "\x00\x85\udcff Event: Forged",
    "${SHELL(touch forged)},$[1/0],${GLOBAL(FORGED)=1}",
)
WHERE = (
    "user",
    "password",
    "name",
    "parameter",
    "header parameter",
    "Subject",
    "User-Agent",
    "P-Asserted-Identity",
    "Diversion",
    "X-Forged",
)


def hostile(attacker: Attacker, uri: str, where: str, payload: str) -> bytes:
    """An INVITE with the payload in that part of From, or in that header."""
    senders = {
        "user": f"<sip:110{payload}@127.0.0.1>",
        "password": f"<sip:110:{payload}@127.0.0.1>",
        "name": f'"{payload}" <sip:110@127.0.0.1>',
        "parameter": f"<sip:110@127.0.0.1;x={payload}>",
        "header parameter": f"<sip:110@127.0.0.1>;x={payload}",
    }
    if where in senders:
        return attacker.invite(uri, sender=senders[where])
    return attacker.invite(uri, headers=f"{where}: {payload}\r\n")


async def test_hostile_invites_forge_nothing(tmp_path: Path) -> None:
    async with exchange(tmp_path) as here, desk(here.given) as at, Attacker(("127.0.0.1", here.given.ports.sip)) as by:
        uri = f"sip:12319@127.0.0.1:{by.server[1]}"
        calls = 0
        for where, payload in itertools.product(WHERE, PAYLOADS):
            invite = hostile(by, uri, where, payload)
            if await by.answered(invite, SILENCE) != 100:
                continue
            calls += 1
            session, release = await at.call()
            number = session.request.callerid
            assert number == caller_number(number)
            *said, address, rung, about, callback = shown_by(session)
            assert (said, rung, about, callback) == ([""] * 5, "", "", "")
            assert address.rpartition(":")[0] == "127.0.0.1"
            assert [name for name in session.request.variables if "forged" in name] == []
            assert not await session.get_variable("GLOBAL(FORGED)")
            await session.command("SET VARIABLE", "WUTONG_DONE", "1")
            release.set()
            assert await by.asks(invite) >= 400
        assert calls >= 20, "the others were refused by Asterisk's parser"
        events = here.ami.taken()
        assert len(events) > calls
        assert [event for event in events if event.event == "Forged" or event.get("agi_forged")] == []
        assert list(here.folder.rglob("forged")) == []


async def test_a_caller_dials_nothing_at_the_hotlines_cost(hotline: World) -> None:
    """No number but the hotline's; and from within a call neither by a transfer nor by keys."""
    citizen = await hotline.citizen()
    for number in ("110", "962777", "1001", "2200", "6001", "*45", "PJSIP/1001", "12319,1", "12319&110", "Local/110"):
        with pytest.raises(CallFailed) as failure:
            await citizen.dial(number)
        assert failure.value.status == 401
    call = await citizen.dial("12319")
    await call.hears_speech()
    for target in ("110", "1001", "12319"):
        with pytest.raises(CallFailed) as failure:
            await call.blind_transfer(target)
        assert failure.value.status == 603
    assert call.up

    async def channels() -> str:
        return await hotline.asterisk.command("core show channels concise")

    assert len((await until("the caller's channel", channels)).splitlines()) == 1
