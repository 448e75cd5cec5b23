"""What Asterisk's security log says of phones that prove who they are, or fail to, and whose password is being guessed.
Pure.

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


WINDOW = 60.0
"""Seconds after which a failure is forgotten."""

MANY = 30
"""So many failures for one agent within WINDOW mean that somebody guesses. A phone with an old password has fewer."""


@dataclass(slots=True)
class _Count:
    """Failures that fade: each counts less with time, and nothing after WINDOW. `at`: when `value` was right."""

    value: float = 0.0
    at: float = 0.0

    def left(self, now: float) -> float:
        return max(0.0, self.value - max(0.0, now - self.at) * MANY / WINDOW)

    def add(self, now: float) -> None:
        self.value, self.at = min(self.left(now) + 1, 2.0 * MANY), now


class Guesses:
    """`failures`: wrong passwords so far. The log names users that Asterisk has, and all others by one name: so this
    stays small.
    """

    def __init__(self) -> None:
        self.failures = 0
        self._accounts: dict[str, _Count] = {}

    def note(self, proof: Proof, now: float) -> bool:
        """A phone gave a password. `now`: seconds of any clock. True: somebody guesses the password of this agent from
        now on.
        """
        if proof.passed:
            return False
        self.failures += 1
        count = self._accounts.setdefault(proof.account, _Count())
        before = count.left(now)
        count.add(now)
        return before < MANY <= count.value

    def guessed(self, now: float) -> list[str]:
        """Whose passwords are being guessed."""
        return sorted(account for account, count in self._accounts.items() if count.left(now) >= MANY)
