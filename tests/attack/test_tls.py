"""Everything over TLS, with clients by others."""

import asyncio
import contextlib
import re
import socket
import ssl
from collections.abc import AsyncIterator
from functools import partial
from operator import ne
from pathlib import Path

import httpx
import pytest

from base.descriptors import MOST_HANDSHAKES
from lab.certificates import make
from lab.patience import until
from lab.phone.baresip import Baresip
from service.app import serve
from tests.integration.conversations import in_menu
from tests.integration.world import World, world


@pytest.fixture
async def secured(tmp_path: Path, hotline_folder: Path, sounds: Path) -> AsyncIterator[World]:
    certificate, key = make(tmp_path)
    async with world(tmp_path / "state", hotline_folder, sounds, tls_certificate=certificate, tls_key=key) as made:
        yield made


def trusting(hotline: World) -> httpx.AsyncClient:
    """A client that trusts the certificate that is in the file now."""
    return httpx.AsyncClient(
        base_url=f"https://127.0.0.1:{hotline.settings.ports.http}",
        headers={"Authorization": f"Bearer {hotline.secrets.token.get_secret_value()}"},
        verify=ssl.create_default_context(cafile=str(hotline.settings.tls_certificate)),
    )


async def test_http_over_tls_only(secured: World) -> None:
    async with trusting(secured) as client:
        assert (await client.get("/api/v1/queues")).status_code == 200
    with pytest.raises(httpx.HTTPError):
        async with httpx.AsyncClient() as plain:
            await plain.get(f"http://127.0.0.1:{secured.settings.ports.http}/healthz")


async def test_connections_that_never_agree_keep_nobody_out(secured: World) -> None:
    loop = asyncio.get_running_loop()
    with contextlib.ExitStack() as crowd:
        for _ in range(400):
            silent = crowd.enter_context(socket.socket())
            silent.setblocking(False)
            await loop.sock_connect(silent, ("127.0.0.1", secured.settings.ports.http))
        async with trusting(secured) as client:
            assert (await client.get("/healthz")).status_code == 200
            metrics = (await client.get("/metrics")).text
    found = re.search(r'^wutong_http_connections_cut_total{why="handshake"} (\S+)$', metrics, re.MULTILINE)
    assert found is not None
    assert float(found[1]) >= 400 - MOST_HANDSHAKES


async def test_a_new_certificate_is_used_without_a_restart(secured: World) -> None:
    async def served(port: int) -> str:
        return await asyncio.to_thread(ssl.get_server_certificate, ("127.0.0.1", port))

    ports = secured.settings.ports
    before = {port: await served(port) for port in (ports.http, ports.sip_tls, ports.websocket)}
    caller = await in_menu(secured)
    assert secured.settings.tls_certificate is not None
    make(secured.settings.tls_certificate.parent)
    async with httpx.AsyncClient(verify=False) as anyone:  # noqa: S501 - the old one is still served
        answer = await anyone.post(
            f"https://127.0.0.1:{ports.http}/api/v1/reload",
            headers={"Authorization": f"Bearer {secured.secrets.token.get_secret_value()}"},
        )
    assert answer.status_code == 200, answer.text
    expected = secured.settings.tls_certificate.read_text().split()
    for port, old in before.items():
        look, changed = partial(served, port), partial(ne, old)
        assert (await until(f"the new certificate at {port}", look, changed)).split() == expected
    await caller.hears_speech()


async def test_a_changed_file_is_noticed(
    tmp_path: Path, hotline_folder: Path, sounds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "LOOK_S", 0.1)
    certificate, key = make(tmp_path)
    async with world(tmp_path / "state", hotline_folder, sounds, tls_certificate=certificate, tls_key=key) as secured:
        make(tmp_path)

        async def answer() -> int:
            try:
                async with trusting(secured) as client:
                    return (await client.get("/healthz")).status_code
            except httpx.HTTPError:
                return 0

        await until("the new certificate", answer, lambda status: status == 200)


async def test_a_phone_by_others_over_tls_with_srtp(secured: World, tmp_path: Path) -> None:
    server = ("127.0.0.1", secured.settings.ports.sip_tls)
    password = secured.secrets.phone_password("1001", secured.hotline.phones["1001"]).get_secret_value()
    authority = secured.settings.tls_certificate
    assert authority is not None
    async with Baresip(server, tmp_path / "baresip", user="1001", password=password, authority=authority) as agent:
        async with trusting(secured) as client:
            answer = await client.put("/api/v1/agents/1001/state", json={"state": "ready"})
            assert answer.status_code == 200
        caller = await in_menu(secured)
        await caller.press("1")
        await agent.accept()
        assert "transport=tls" in (await secured.asterisk.command("pjsip show aor 1001")).lower()
        caller.send_tone(800)
        await caller.hears(440)
        await asyncio.sleep(1)  # of talk
        await caller.hang_up()
        await agent.event("CALL_CLOSED")
    assert agent.heard_tone(800) > 0.2
