"""How often somebody may try a password, and how many of a few slots one account or network may take.

No clock: `now` is seconds on any clock that does not go back.
"""

import ipaddress
from collections import Counter as Tally
from collections import OrderedDict
from dataclasses import dataclass
from math import ceil, inf


@dataclass(slots=True)
class _Tally:
    """`tries`: those that counted at the time of the `last` one. `until`: when the key may try again."""

    tries: float = 0.0
    until: float = 0.0
    last: float = 0.0


class Attempts:
    """Tries by a key, such as a name or an address.

    free     tries that cost nothing. After each further one the key is locked, for `first` seconds at first, then for
             twice as long each time, `longest` at most
    forget   seconds after the last try, when all of them are forgotten
    fade     seconds after which one try is given back. If that is as long as `longest`, pauses bring a guesser nothing
    most     keys that are kept, where anybody can make new ones up; the one that was tried longest ago is let go. None:
             none is let go while its tries count
    """

    def __init__(
        self,
        free: int,
        first: float,
        longest: float,
        forget: float,
        fade: float = inf,
        most: int | None = None,
    ) -> None:
        self._free, self._first, self._longest, self._most = free, first, longest, most
        self._forget, self._fade = forget, fade
        self._tallies: OrderedDict[str, _Tally] = OrderedDict()

    def locked(self, key: str, now: float) -> float:
        """Seconds until the key may try again; 0: now."""
        tally = self._tallies.get(key)
        return 0.0 if tally is None else max(0.0, tally.until - now)

    def count(self, key: str, now: float) -> int:
        """The tries that count."""
        tally = self._tallies.get(key)
        return 0 if tally is None else ceil(self._left(tally, now))

    def tried(self, key: str, now: float) -> None:
        """Count a try, before its outcome is known: many at the same time must not get past the limit."""
        tally = self._tallies.setdefault(key, _Tally())
        tally.tries = self._left(tally, now) + 1
        tally.last = now
        over = ceil(tally.tries) - self._free
        tally.until = 0.0 if over <= 0 else now + min(self._longest, self._first * 2.0 ** min(over - 1, 30))
        self._tallies.move_to_end(key)
        oldest = next(iter(self._tallies.values()))
        if self._left(oldest, now) == 0 or (self._most is not None and len(self._tallies) > self._most):
            self._tallies.popitem(last=False)

    def forget(self, key: str) -> None:
        """The key's owner has shown up: its tries do not count."""
        self._tallies.pop(key, None)

    def take_back(self, key: str) -> None:
        """The last try was right: it does not count, those before it do."""
        tally = self._tallies.get(key)
        if tally is not None:
            tally.tries = max(0.0, tally.tries - 1)
            if tally.tries <= self._free:
                tally.until = 0.0

    def excuse(self, key: str) -> None:
        """As `take_back`, and the wait that the try has begun is over. For tries of which none may come while another
        one makes the key wait.
        """
        self.take_back(key)
        if (tally := self._tallies.get(key)) is not None:
            tally.until = 0.0

    def _left(self, tally: _Tally, now: float) -> float:
        """The tries that count, of which one may have faded in part."""
        since = now - tally.last
        return 0.0 if since > self._forget else max(0.0, tally.tries - since / self._fade)


class Shares:
    """Slots that are taken, by who holds them. Nobody gets more than are still free: one alone gets half of all, two
    get a third each, and whoever holds none gets one as long as there are any.
    """

    def __init__(self) -> None:
        self.taken = 0
        self._held: Tally[str] = Tally()

    def of(self, who: str) -> int:
        """How many slots this one holds."""
        return self._held[who]

    def admits(self, who: str, most: int) -> bool:
        """Whether this one gets a further slot. `most`: how many there are in all."""
        return self._held[who] < most - self.taken

    def take(self, who: str) -> None:
        """A further slot."""
        self.taken += 1
        self._held[who] += 1

    def give_back(self, who: str) -> None:
        """One of its slots."""
        self.taken -= 1
        self._held[who] -= 1
        if not self._held[who]:
            del self._held[who]


def network_of(address: str) -> str:
    """The address under which limits count a sender. An IPv6 address counts as its /64, which one customer has whole.

    What is not an address stays as it is.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:  # as proxies write it: all of them are in one /64
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return address
