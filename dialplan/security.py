"""What Asterisk's security log says of phones that prove who they are, or fail to. Pure.

A line has `NAME="value"` pairs in a fixed order. A phone chooses its SessionID (the Call-ID) freely, quotation marks
included, so it can forge whatever follows SessionID, once more before the true pairs. Behind RemoteAddress come only
values that SIP quotes: a quotation mark in them is behind a backslash. So the last RemoteAddress is the true one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address

UNKNOWN = "<unknown>"
"""Asterisk's name for all users that it does not have."""

_EVENT = re.compile(
    rb'SecurityEvent="(?P<event>\w+)",EventTV="[^"]*",Severity="\w+",Service="PJSIP",EventVersion="\d+",'
    rb'AccountID="(?P<account>[^"]*)",SessionID="'
)
_ADDRESS = re.compile(rb'",RemoteAddress="IPV4/\w+/(?P<address>[0-9.]{7,15})/\d+"')

_FAILED = frozenset({b"ChallengeResponseFailed", b"InvalidPassword"})
_PASSED = frozenset({b"SuccessfulAuth"})


@dataclass(frozen=True, slots=True)
class Proof:
    """A phone at `address` gave a password for `account` (an agent's id, or `UNKNOWN`); `passed`: the right one."""

    address: IPv4Address
    account: str
    passed: bool


def proofs(lines: bytes) -> Iterator[Proof]:
    """What these whole lines say; other lines are skipped."""
    for line in lines.splitlines():
        found = _EVENT.search(line)
        if found is None or not (found["event"] in _FAILED or found["event"] in _PASSED):
            continue
        addresses = [match["address"] for match in _ADDRESS.finditer(line, found.end())]
        try:
            address = IPv4Address(addresses[-1].decode())
        except (IndexError, ValueError):
            continue
        yield Proof(address, found["account"].decode(errors="replace")[:40], found["event"] in _PASSED)
