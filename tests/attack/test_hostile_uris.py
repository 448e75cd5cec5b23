"""URIs and bodies that Asterisk would act upon otherwise than the dialplan means."""

import itertools
from dataclasses import replace
from pathlib import Path

import pytest

from agents.states import CODES, EMERGENCY_CODE
from dialplan import render
from lab.attacks.attacker import Attacker
from lab.phone import CallFailed, Phone
from lab.ports import free_port
from processes.asterisk import AsteriskProcess
from settings.sections import Trunk
from tests.integration.exchange import desk, exchange
from tests.integration.machine import installed, values

FORGED = "[2026-01-01 00:00:00.000] NOTICE[1]: forged"
ESCAPED = "%0d%0a" + "".join(f"%{ord(mark):02x}" for mark in FORGED)


@pytest.mark.parametrize("by", ["anybody", "the trunk"])
async def test_a_line_break_in_a_uri_writes_no_line_into_the_log(tmp_path: Path, by: str) -> None:
    ports, provider = values().ports, free_port()
    trunk = Trunk(host="127.0.0.2", port=provider, bind="127.0.0.1", bind_port=ports.http)
    given = {"ports": ports, "trunk": trunk} if by == "the trunk" else {"ports": ports}
    server = ("127.0.0.1", ports.http if by == "the trunk" else ports.sip)
    source = ("127.0.0.2", provider) if by == "the trunk" else ("127.0.0.1", 0)
    async with exchange(tmp_path, **given) as here, Attacker(server, host=source[0], port=source[1]) as attacker:
        for method in ("INVITE", "REGISTER", "OPTIONS", "MESSAGE", "SUBSCRIBE"):
            for uri in (f"sip:1{ESCAPED}@127.0.0.1", f"sip:1{ESCAPED.upper()}@127.0.0.1", f"tel:1{ESCAPED}"):
                for to in ("", "<sip:12319@127.0.0.1>"):
                    attacker.send(attacker.invite(uri, method=method, to=to))
        assert await attacker.asks(attacker.invite(f"sip:nobody@127.0.0.1:{server[1]}")) in (401, 404)
        await here.asterisk.command("core show uptime")
        lines = (here.folder / "log" / "messages").read_text(errors="replace").splitlines()
    assert [line for line in lines if line.startswith(FORGED)] == []


async def test_no_extension_of_asterisks_own_is_the_hotline(tmp_path: Path) -> None:
    ports, provider = values().ports, free_port()
    trunk = Trunk(host="127.0.0.2", port=provider, bind="127.0.0.1", bind_port=ports.http)
    line = Phone(("127.0.0.1", ports.http), number="13800138000", host="127.0.0.2", port=provider)
    async with (
        exchange(tmp_path, ports=ports, trunk=trunk) as here,
        desk(here.given),
        line,
        here.agent("1001") as agent,
    ):
        await agent.register()
        for phone, extension in itertools.product((line, agent), ("i", "s", "h", "t", "o", "e", "T", "failed")):
            with pytest.raises(CallFailed) as failure:
                await phone.dial(extension)
            assert failure.value.status == 404, (phone.number, extension)
        for code in (*CODES, EMERGENCY_CODE):  # agents' own; no PIN can be guessed from outside
            with pytest.raises(CallFailed) as failure:
                await line.dial(code)
            assert failure.value.status == 404, code


async def test_a_name_instead_of_an_address_for_audio_makes_asterisk_ask_nobody(tmp_path: Path) -> None:
    given, trace = values(), tmp_path / "trace"
    render.render(tmp_path / "a", given)
    found = installed()
    tracing = ("strace", "-f", "-s", "300", "-e", "trace=sendto,sendmsg,sendmmsg", "-o", str(trace))
    asterisk = AsteriskProcess(replace(found, command=(*tracing, *found.command)), tmp_path / "a")
    await asterisk.start()
    try:
        async with Attacker(("127.0.0.1", given.ports.sip)) as attacker:
            invite = attacker.invite(f"sip:12319@127.0.0.1:{given.ports.sip}", audio="name.of.the.attacker.example")
            assert await attacker.asks(invite) == 488
    finally:
        await AsteriskProcess(found, tmp_path / "a").stop()
    sent = trace.read_text()
    assert "SIP/2.0 488" in sent
    assert "attacker\\7example" not in sent, "so a name is written in a question to a name server"
