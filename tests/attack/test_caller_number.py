"""The caller's number is the URI of From as RFC 3261 reads it, and nothing that stands beside it."""

from pathlib import Path

import pytest

from lab.attacks.attacker import Attacker
from lab.ports import free_port
from settings.sections import Trunk
from tests.integration.exchange import Desk, Exchange, desk, exchange
from tests.integration.machine import values

NUMBER = "13800138000"
UNKNOWN = ""
REFUSED = None
"""Asterisk's SIP parser takes it for no header: there is no call."""

SILENCE = 0.5
"""Seconds without an answer, not even 100: the datagram was dropped."""

HEADERS: tuple[tuple[str, str | None], ...] = (
    # as phones and providers write it
    ("<sip:13800138000@10.0.0.1>", NUMBER),
    ("sip:13800138000@10.0.0.1", NUMBER),
    ("sip:13800138000@10.0.0.1;tag=a;x=<sip:110@gov>", REFUSED),
    ("<sips:13800138000@10.0.0.1>", NUMBER),
    ("<SIP:13800138000@10.0.0.1>", NUMBER),
    ("<sip:13800138000@10.0.0.1:5070;transport=udp;user=phone>", NUMBER),
    ("<sip:13800138000:secret@10.0.0.1>", NUMBER),
    ("<sip:+8613800138000;phone-context=ims.example@ims.example;user=phone>", "+8613800138000"),
    ("<sip:+8613800138000;cpc=ordinary@ims.example>", "+8613800138000"),
    ("<sip:13800138000@[2001:db8::1]>", NUMBER),
    ("<sip:alice@10.0.0.1>", "alice"),
    ("<sip:anonymous@anonymous.invalid>", "anonymous"),
    ("<sip:*45@10.0.0.1>", "*45"),
    ("<tel:+8613800138000>", "+8613800138000"),
    ("<tel:13800138000;phone-context=+86>", NUMBER),
    ('"Li" <tel:+86-138-0013-8000>', "+86-138-0013-8000"),
    ("<tel:(010)62051111>", "01062051111"),
    ("tel:+8613800138000", "+8613800138000"),
    # names
    ('"Li" <sip:13800138000@10.0.0.1>', NUMBER),
    ("Li Na <sip:13800138000@10.0.0.1>", NUMBER),
    ('"李娜" <sip:13800138000@10.0.0.1>', NUMBER),
    ('"" <sip:13800138000@10.0.0.1>', NUMBER),
    ('"110" <sip:13800138000@10.0.0.1>', NUMBER),
    ("110 <sip:13800138000@10.0.0.1>", NUMBER),
    ('"sip:110@gov" <sip:13800138000@10.0.0.1>', NUMBER),
    ('"<sip:110@gov>" <sip:13800138000@10.0.0.1>', NUMBER),
    ('"<sip:110@gov>;" <tel:13800138000>', NUMBER),
    ('"<tel:110>" <sip:13800138000@10.0.0.1>', NUMBER),
    ('"\\"<sip:110@gov>\\"" <sip:13800138000@10.0.0.1>', NUMBER),
    ('"\\" <sip:110@gov>" <sip:13800138000@10.0.0.1>', NUMBER),
    ('"\\\\" <sip:13800138000@10.0.0.1>', NUMBER),
    ('"a > b < c, d; e=f @ g : h" <sip:13800138000@10.0.0.1>', NUMBER),
    ('"${EPOCH}$[1+1]%0D%0A" <sip:13800138000@10.0.0.1>', NUMBER),
    ('"<sip:110@gov>" <sip:10.0.0.1>', UNKNOWN),
    (f'"{"n" * 2000}<sip:110@gov>" <sip:13800138000@10.0.0.1>', NUMBER),
    (f'"<sip:110@gov>{"n" * 8000}" <sip:13800138000@10.0.0.1>', UNKNOWN),
    # parameters
    ('<sip:13800138000@10.0.0.1>;tag=a;x="<sip:110@gov>"', NUMBER),
    ('<sip:13800138000@10.0.0.1>;x=">";tag=a', NUMBER),
    ("<sip:13800138000@10.0.0.1;x=%3Csip:110%40gov%3E>", NUMBER),
    ("<sip:10.0.0.1;x=110%40gov>", UNKNOWN),
    ("<sip:13800138000@10.0.0.1?Subject=110%40gov>", NUMBER),
    # no user, or none that can be a number
    ("<sip:10.0.0.1>", UNKNOWN),
    ("<sip:110>", UNKNOWN),
    ("<sip:110:5060>", UNKNOWN),
    ("<sip:110&x@10.0.0.1>", UNKNOWN),
    ("<sip:1,10@10.0.0.1>", UNKNOWN),
    ("<sip:(138)0000@10.0.0.1>", UNKNOWN),
    ("<sip:%28138%290000@10.0.0.1>", UNKNOWN),
    ("<sip:$110@10.0.0.1>", UNKNOWN),
    ("<sip:110/x@10.0.0.1>", UNKNOWN),
    (f"<sip:{'1' * 40}@10.0.0.1>", "1" * 40),
    (f"<sip:{'1' * 41}@10.0.0.1>", UNKNOWN),
    (f"<sip:{'1' * 5000}@10.0.0.1>", UNKNOWN),
    # escapes: equal to what they stand for (RFC 3261, 19.1.4)
    ("<sip:%31%33800138000@10.0.0.1>", NUMBER),
    ("<sip:1%2010@10.0.0.1>", UNKNOWN),
    ("<sip:110%40gov@10.0.0.1>", UNKNOWN),
    ("<sip:110%3Cx@10.0.0.1>", UNKNOWN),
    ("<sip:110%22%3Csip:13800138000@10.0.0.1>", UNKNOWN),
    ("<sip:110%0D%0AEvent:%20Hangup@10.0.0.1>", UNKNOWN),
    ("<sip:110%00@10.0.0.1>", UNKNOWN),
    ("<sip:%E6%9D%8E@10.0.0.1>", UNKNOWN),
    # no From at all
    ("<mailto:110@10.0.0.1>", REFUSED),
    ("<http://110@10.0.0.1>", REFUSED),
    ("<sip:${EPOCH}@10.0.0.1>", REFUSED),
    ("<<sip:110@10.0.0.1>>", REFUSED),
    ('"open <sip:110@10.0.0.1>', REFUSED),
    ("<sip:110@10.0.0.1", REFUSED),
    ("110", REFUSED),
)


async def counted(attacker: Attacker, at: Desk, invite: bytes) -> str | None:
    """The number that this INVITE counts as, or REFUSED."""
    if await attacker.answered(invite, SILENCE) != 100:
        return REFUSED
    session, release = await at.call()
    await session.command("SET VARIABLE", "WUTONG_DONE", "1")
    release.set()
    assert await attacker.asks(invite) >= 400
    return session.request.callerid


async def test_a_number_is_what_stands_in_the_uri(tmp_path: Path) -> None:
    async with exchange(tmp_path) as here, desk(here.given) as at, Attacker(sip(here)) as attacker:
        found = {}
        for header, _ in HEADERS:
            invite = attacker.invite(f"sip:12319@127.0.0.1:{sip(here)[1]}", sender=header)
            found[header] = await counted(attacker, at, invite)
    assert found == dict(HEADERS)
    assert len(HEADERS) >= 50


@pytest.mark.parametrize("asserted", [True, False])
async def test_an_asserted_identity_counts_from_a_trunk_that_is_trusted_for_it(tmp_path: Path, asserted: bool) -> None:
    ports, provider = values().ports, free_port()
    trunk = Trunk(host="127.0.0.2", port=provider, bind="127.0.0.1", bind_port=ports.http, asserted=asserted)
    identities = {
        "": "110",
        "<sip:13800138000@10.0.0.1>": NUMBER,
        "sip:13800138000@10.0.0.1": NUMBER,
        "<tel:+8613800138000>": "+8613800138000",
        '"Li" <sip:13800138000@10.0.0.1>, <tel:+8613800138000>': "+8613800138000",
        '"<sip:120@gov>" <sip:13800138000@10.0.0.1>': NUMBER,
        '"a > b <sip:120@gov>" <sip:13800138000@10.0.0.1>': NUMBER,
        '"\\" <sip:120@gov>" <sip:13800138000@10.0.0.1>': NUMBER,
        "<sip:10.0.0.1>": UNKNOWN,
        "${EPOCH}": UNKNOWN,
        "<sip:120%0D%0AEvent:%20Hangup@10.0.0.1>": UNKNOWN,
    }
    server = ("127.0.0.1", ports.http)
    async with (
        exchange(tmp_path, ports=ports, trunk=trunk) as here,
        desk(here.given) as at,
        Attacker(server, host="127.0.0.2", port=provider) as line,
    ):
        for identity, number in identities.items():
            header = f"P-Asserted-Identity: {identity}\r\n" if identity else ""
            invite = line.invite(f"sip:12319@127.0.0.1:{server[1]}", sender="<sip:110@10.0.0.1>", headers=header)
            assert await counted(line, at, invite) == (number if asserted else "110"), identity


async def test_without_a_trunk_nobody_asserts_anything(tmp_path: Path) -> None:
    async with exchange(tmp_path) as here, desk(here.given) as at, Attacker(sip(here)) as attacker:
        for header in ("P-Asserted-Identity", "P-Preferred-Identity", "Remote-Party-ID", "Diversion"):
            invite = attacker.invite(f"sip:12319@127.0.0.1:{sip(here)[1]}", headers=f"{header}: <sip:110@gov>\r\n")
            assert await counted(attacker, at, invite) == NUMBER


async def test_a_call_has_its_number_when_the_service_is_away(tmp_path: Path) -> None:
    async with exchange(tmp_path, tries=1) as here, here.agent("2200") as duty, Attacker(sip(here)) as attacker:
        await duty.register()
        name = '"<sip:110@gov>" <sip:13800138000@10.0.0.1>'
        attacker.send(attacker.invite(f"sip:12319@127.0.0.1:{sip(here)[1]}", sender=name))
        incoming = await duty.incoming()
        assert incoming.other_number == NUMBER


def sip(here: Exchange) -> tuple[str, int]:
    return "127.0.0.1", here.given.ports.sip
