"""Guessed passwords: decides which addresses are blocked, and until when. Does no I/O and reads no clock.

A failure can be forged as easily as the address of a UDP packet, a success cannot: it answers a challenge, sent to
the address. So an address with a success is blocked later, and never for long: nobody can shut an office out that way.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from ipaddress import IPv4Address

from dialplan.security import UNKNOWN, Proof

WINDOW = 60.0
"""Seconds after which a failure is forgotten."""

TRIES = 10
"""Failures within WINDOW after which an address is blocked."""

TRIES_OF_FRIENDS = 200
"""The same, for an address from which a phone has proven itself within FRIEND seconds: many may share it."""

FRIEND = 86_400.0

ATTACKED = 100
"""Failures for one agent within WINDOW, from all addresses together, after which each address has TRIES_THEN for it."""

TRIES_THEN = 2

BLOCKS = (10.0, 60.0, 600.0, 3_600.0)
"""Seconds of the first block, the second … An address that was quiet for FORGIVEN seconds begins anew."""

FORGIVEN = 86_400.0

MOST = 5_000
"""Addresses, and agents, that are remembered; the ones that were quiet for the longest time are forgotten."""

MOST_BLOCKED = 500
"""Addresses that are blocked at one time: Asterisk compares each request with all of them."""


@dataclass(slots=True)
class _Count:
    """Failures that fade: each counts less with time, and nothing after WINDOW. `at`: when `value` was right."""

    value: float = 0.0
    at: float = 0.0

    def add(self, now: float, most: float) -> float:
        left = max(0.0, self.value - max(0.0, now - self.at) * most / WINDOW)
        self.value, self.at = left + 1, now
        return self.value


@dataclass(slots=True)
class _Address:
    failures: _Count = field(default_factory=_Count)
    passed: float | None = None
    blocks: int = 0
    last: float = 0.0


class Guesses:
    """`blocked` is what there is at the moment that was told last."""

    def __init__(self) -> None:
        self.failures = 0
        self.blocks = 0
        self._addresses: OrderedDict[IPv4Address, _Address] = OrderedDict()
        self._agents: OrderedDict[str, _Count] = OrderedDict()
        self._blocked: dict[IPv4Address, float] = {}

    def note(self, proof: Proof, now: float) -> bool:
        """A password was given. `now`: seconds of any clock. True: its address is blocked from now on."""
        known = self._addresses.setdefault(proof.address, _Address())
        self._addresses.move_to_end(proof.address)
        if len(self._addresses) > MOST:
            self._addresses.popitem(last=False)
        if proof.passed:
            known.passed = now
            return False
        self.failures += 1
        if known.blocks and now - known.last > FORGIVEN:
            known.blocks = 0
        known.last = now
        friend = known.passed is not None and now - known.passed < FRIEND
        most = TRIES_OF_FRIENDS if friend else TRIES
        tried = known.failures.add(now, most)
        if self._attacked(proof.account, now) and not friend:
            most = TRIES_THEN
        if tried < most or self._blocked.get(proof.address, now) > now:
            return False
        if len(self._blocked) >= MOST_BLOCKED and len(self.blocked(now)) >= MOST_BLOCKED:
            return False
        length = BLOCKS[0] if friend else BLOCKS[min(known.blocks, len(BLOCKS) - 1)]
        known.blocks += 1
        known.failures = _Count()
        self._blocked[proof.address] = now + length
        self.blocks += 1
        return True

    def blocked(self, now: float) -> dict[IPv4Address, float]:
        """Address → until when it is blocked, of those that are blocked now."""
        self._blocked = {address: until for address, until in self._blocked.items() if until > now}
        return dict(self._blocked)

    def _attacked(self, account: str, now: float) -> bool:
        if account == UNKNOWN:
            return False
        count = self._agents.setdefault(account, _Count())
        self._agents.move_to_end(account)
        if len(self._agents) > MOST:
            self._agents.popitem(last=False)
        return count.add(now, ATTACKED) >= ATTACKED
