"""docs/nftables/wutong.nft as it is, before a real hotline in a network of its own."""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from base.folders import CHECKOUT
from lab.attacks.guesser import HANDSHAKE, frame
from lab.certificates import make
from lab.patience import until
from lab.testing import NFT
from settings import secrets
from tests.attack.knocking import options
from tests.attack.namespaces import HOTLINE, PHONE, PROVIDER, STRANGER, Machines, enter, machines
from tests.integration.command import Wutong

RULES = CHECKOUT / "docs/nftables/wutong.nft"
SIP, TRUNK, CONNECTED, BROWSERS = 5060, 5070, 5061, 8088
RATE, BURST = 50, 100
"""What the rules let one address send: requests a second, and how many at once."""
STRANGERS, RUSH = 200, 400
"""The same for all addresses together to which Asterisk has never said 200."""
CALLS, AT_ONCE = 50, 200
"""Calls a second from the provider, and how many at once."""
LONGEST = 3_992
"""Bytes of a SIP packet; with the header of UDP they are 4,000."""

SHARE, CROWD, BROWSERS_CROWD = 100, 700, 1_500
"""Open connections: of one address, and of all that are not an office's to SIP over TLS, and as browsers' phones."""

TRUNK_SETTINGS = f"""
[trunk]
host = "{PROVIDER}"
bind = "{HOTLINE}"
"""

pytestmark = pytest.mark.usefixtures("root")


@pytest.fixture
def network() -> Iterator[Machines]:
    for program in ("ip", NFT):
        assert shutil.which(program), f"{program} is missing: ./wutong test installs it"
    with machines() as made:
        yield made


@pytest.fixture
def settings() -> str:
    """What is in settings.toml."""
    return f"plain_network = true\n{TRUNK_SETTINGS}"


@pytest.fixture
async def wutong(
    network: Machines, tmp_path: Path, hotline_folder: Path, sounds: Path, settings: str
) -> AsyncIterator[Wutong]:
    """With the ports of every installation: nobody else is in this network."""
    state = tmp_path / "state"
    state.mkdir()
    (state / "sounds").symlink_to(sounds)
    (state / "settings.toml").write_text(settings)
    made = Wutong(state, hotline_folder, within=enter(network.hotline))
    status, output = await made.run("up", "--hotline", str(hotline_folder), "--listen", HOTLINE, "--detach")
    assert status == 0, output
    yield made
    await made.run("down", "--yes")


def ran(machine: str, *command: str, given: str = "") -> str:
    """What it printed."""
    done = subprocess.run((*enter(machine), *command), input=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def load(network: Machines, rules: str) -> None:
    ran(network.hotline, NFT, "-f", "-", given=rules)


def cut(network: Machines) -> dict[str, int]:
    """What was dropped, by the name of its counter."""
    listed = json.loads(ran(network.hotline, NFT, "-j", "list", "counters", "table", "ip", "wutong"))["nftables"]
    return {entry["counter"]["name"]: entry["counter"]["packets"] for entry in listed if "counter" in entry}


async def begun(machine: str, module: str, *arguments: object, **more: Any) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(*enter(machine), sys.executable, "-P", "-m", module, *map(str, arguments)),
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        **more,
    )


class Flood:
    """`async with Flood(machine, method, *addresses) as flood:`; afterwards it has its figures."""

    def __init__(self, machine: str, method: str, *addresses: str, port: int = SIP) -> None:
        self._machine, self._arguments = machine, (HOTLINE, port, method, "1001", "6001", *addresses)
        self.sent, self.seconds = 0, 0.0

    async def __aenter__(self) -> "Flood":
        self._process = await begun(self._machine, "lab.attacks.flooding", *self._arguments)
        assert self._process.stdout is not None
        told: bytes = await self._process.stdout.readline()
        assert told == b"begun\n"
        self._began = time.monotonic()
        return self

    async def __aexit__(self, *_: object) -> None:
        output = (await self._process.communicate(b""))[0]  # which ends its standard input
        self.seconds = time.monotonic() - self._began
        self.sent = int(output.split()[0])


async def calls(network: Machines, number: str, *who: str, calls: int = 5, port: int = SIP) -> list[float]:
    """The seconds until each was answered."""
    phone = await begun(
        network.phone, "tests.attack.served", HOTLINE, port, calls, number, *who, stderr=asyncio.subprocess.PIPE
    )
    output, errors = await phone.communicate()
    assert phone.returncode == 0, errors.decode()
    return [float(line) for line in output.split()]


def agent(wutong: Wutong) -> tuple[str, str, str]:
    return PHONE, "1001", secrets.obtain(wutong.folder).agents["1001"].get_secret_value()


@pytest.mark.parametrize("method", ["INVITE", "REGISTER"])
async def test_a_flood_from_one_address_is_cut_and_others_are_served(
    network: Machines, wutong: Wutong, method: str
) -> None:
    load(network, RULES.read_text())
    async with Flood(network.stranger, method, STRANGER) as flood:
        by_agent = await calls(network, "6001", *agent(wutong))
        by_provider = await calls(network, "12319", PROVIDER, port=TRUNK)
    assert len(by_agent) == len(by_provider) == 5
    dropped = cut(network)
    assert flood.sent > 1_000
    assert BURST <= flood.sent - dropped["cut_requests"] <= BURST + RATE * (flood.seconds + 1)
    # nobody else was cut
    assert {name for name, packets in dropped.items() if packets} == {"cut_requests"}
    for kept, addresses in (("requests", {STRANGER, PHONE}), ("served_requests", {PHONE})):
        listed = ran(network.hotline, NFT, "list", "set", "ip", "wutong", kept)
        assert set(re.findall(r"[\d.]+\.[\d.]+", listed)) == addresses


@pytest.mark.parametrize("size", [65536, 50], ids=["", "full"])
async def test_forged_addresses_share_a_rate_and_keep_nobody_out_who_is_known(
    network: Machines, wutong: Wutong, size: int
) -> None:
    load(network, RULES.read_text().replace("size 65536", f"size {size}"))
    await calls(network, "6001", *agent(wutong), calls=1)
    ran(network.stranger, "ip", "route", "add", "local", "203.0.113.0/24", "dev", "lo")
    async with Flood(network.stranger, "INVITE", *(f"203.0.113.{number}" for number in range(1, 200))) as flood:
        assert len(await calls(network, "6001", *agent(wutong))) == 5
    dropped = cut(network)
    known = 100  # what the phone itself sent, at most
    passed = flood.sent - dropped["cut_requests"] - dropped["cut_strangers"]
    assert RUSH - known <= passed <= RUSH + STRANGERS * (flood.seconds + 1)
    assert {name for name, packets in dropped.items() if packets} <= {"cut_requests", "cut_strangers"}
    listed = ran(network.hotline, NFT, "list", "set", "ip", "wutong", "served")
    assert set(re.findall(r"[\d.]+\.[\d.]+", listed)) == {PHONE}


async def test_the_trunk_is_the_providers_alone_and_long_packets_are_nobodys(network: Machines) -> None:
    load(network, RULES.read_text())
    sending = (
        "import socket, sys\nto = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\nto.bind((sys.argv[1], 0))\n"
        f"for _ in range(10):\n to.sendto(bytes(int(sys.argv[3])), ({HOTLINE!r}, int(sys.argv[2])))\n"
    )
    for machine, address, port, size in (
        (network.stranger, STRANGER, TRUNK, LONGEST),
        (network.phone, PROVIDER, TRUNK, LONGEST),
        (network.phone, PHONE, SIP, LONGEST),
        (network.phone, PROVIDER, TRUNK, LONGEST + 1),
        (network.phone, PHONE, SIP, LONGEST + 1),
        (network.hotline, HOTLINE, SIP, LONGEST + 1),
    ):
        ran(machine, sys.executable, "-c", sending, address, str(port), str(size))
    assert {name: packets for name, packets in cut(network).items() if packets} == {
        "not_the_provider": 10,
        "too_long": 30,
    }


async def test_calls_that_have_the_providers_address_have_a_rate(network: Machines) -> None:
    """Whoever forges it cannot make Asterisk keep more calls than it has room for."""
    load(network, RULES.read_text())
    async with Flood(network.phone, "INVITE", PROVIDER, port=TRUNK) as flood:
        await asyncio.sleep(1)
    passed = flood.sent - cut(network)["cut_calls"]
    assert AT_ONCE <= passed <= AT_ONCE + CALLS * (flood.seconds + 1)


async def test_connections_have_a_rate_too(network: Machines) -> None:
    """Whether something listens there does not matter."""
    load(network, RULES.read_text())
    trying = (
        "import socket\nfor _ in range(1000):\n s = socket.socket()\n s.setblocking(False)\n"
        f" s.connect_ex(({HOTLINE!r}, {CONNECTED}))\n"
    )
    ran(network.stranger, sys.executable, "-c", trying)

    async def dropped() -> int:
        return cut(network)["cut_connections"]

    assert await until("cut connections", dropped, lambda packets: packets > 700) > 700


class TestOverTls:
    """Idle connections to SIP over TLS: Asterisk takes 1,020, and ends none."""

    @pytest.fixture
    def settings(self, tmp_path: Path) -> str:
        certificate, key = make(tmp_path)
        return f'tls_certificate = "{certificate}"\ntls_key = "{key}"\n{TRUNK_SETTINGS}'

    @pytest.mark.parametrize(("addresses", "office"), [(6, "203.0.113.0/24"), (12, f"{PHONE}/32")], ids=["few", "many"])
    @pytest.mark.usefixtures("wutong")
    async def test_a_crowd_of_idle_connections_keeps_no_phone_out(
        self, network: Machines, addresses: int, office: str
    ) -> None:
        """A few addresses fill no more than their shares. Many fill what strangers have: phones of an office get in."""
        async with held(network, CONNECTED, addresses, office, CROWD) as most:
            phone = await begun(network.phone, "tests.attack.knocking", "tls", HOTLINE, CONNECTED)
            assert (await phone.communicate())[0].startswith(b"SIP/2.0 401 ")
            many = most == CROWD
            assert (cut(network)["cut_open"] > 0, cut(network)["cut_crowd"] > 0) == (not many, many)


@pytest.mark.usefixtures("wutong")
async def test_a_crowd_of_websockets_keeps_no_browser_out(network: Machines) -> None:
    """Asterisk takes 2,000, and keeps each that has asked once."""
    asks = HANDSHAKE, frame(options(HOTLINE, "WS"))
    async with held(network, BROWSERS, 16, f"{PHONE}/32", BROWSERS_CROWD, *asks):
        phone = await begun(network.phone, "tests.attack.knocking", "browser", HOTLINE, BROWSERS)
        assert (await phone.communicate())[0].startswith(b"SIP/2.0 401 ")
        assert cut(network)["cut_crowd"] > 0


@asynccontextmanager
async def held(
    network: Machines, port: int, addresses: int, office: str, crowd: int, *says: bytes
) -> AsyncIterator[int]:
    """The rules are loaded, with this office, and strangers at so many addresses hold all connections that they get.
    Yields how many that should be. `crowd`: the most for all strangers.
    """
    rules = RULES.read_text()
    assert "203.0.113.0/24" in rules
    load(network, rules.replace("203.0.113.0/24", office))
    strangers = [f"198.18.0.{number}" for number in range(1, addresses + 1)]
    for address in strangers:
        ran(network.stranger, "ip", "address", "add", f"{address}/32", "dev", "line")
    ran(network.hotline, "ip", "route", "add", "198.18.0.0/24", "via", STRANGER)
    said = ",".join(words.hex() for words in says)
    holding = await begun(network.stranger, "tests.attack.holding", HOTLINE, port, 2 * SHARE, said, *strangers)
    assert holding.stdout is not None
    most = min(addresses * SHARE, crowd)
    assert 0.9 * most <= int(await holding.stdout.readline()) <= most  # one that is being closed counts as well
    yield most
    await holding.communicate(b"")
