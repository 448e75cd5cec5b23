"""docs/nftables/wutong.nft before a hotline on loopback, in a network that only this process and its children see."""

import ctypes
import os
import re
import subprocess

from base.folders import CHECKOUT
from lab.bench.stage import BenchFailed
from settings.ports import Ports

RULES = CHECKOUT / "docs/nftables/wutong.nft"
_NEW_NETWORK = 0x40000000
"""unshare(2), CLONE_NEWNET."""


def withdraw() -> None:
    """From now on this process has a network of its own, with a loopback. Only root may. Raises BenchFailed."""
    if ctypes.CDLL(None, use_errno=True).unshare(_NEW_NETWORK):
        raise BenchFailed(f"no network of its own: {os.strerror(ctypes.get_errno())}; --firewall needs root")
    _run("ip", "link", "set", "lo", "up")


def load(ports: Ports, trunk: int, provider: str) -> None:
    """Load the rules, with these ports and without their exception for loopback. After `withdraw` only."""
    values = {
        "phones": str(ports.sip),
        "connections": f"{{ {ports.sip_tls}, {ports.http}, {ports.websocket} }}",
        "tls": str(ports.sip_tls),
        "browsers": str(ports.websocket),
        "trunk": str(trunk or 9),
        "provider": provider,
    }
    rules = RULES.read_text().replace("iif lo accept\n", "\n")
    for name, value in values.items():
        rules = re.sub(rf"(?m)^define {name} = .*$", f"define {name} = {value}", rules)
    _run("/usr/sbin/nft", "-f", "-", given=rules)


def _run(*command: str, given: str = "") -> None:
    try:
        done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise BenchFailed(f"{command[0]} is missing") from error
    if done.returncode:
        raise BenchFailed(f"{' '.join(command)}: {done.stderr.strip()}")
