"""The other machines that may lead, as the leader knows them, and which of them back it. Pure.

**Backing.** PostgreSQL may be away, and a leader cannot tell that from being cut off alone. So it asks each other
machine, all the time: do you let me lead on? A machine that backs it promises not to begin to take over for
`permit.SETTLE_S` from when the request came. A leader that all others back may offer for `permit.VALID_S` from when it
*sent* the requests, whatever has become of PostgreSQL. Why two machines never offer at the same time by that:

1. A leader L offers by backing only if each machine of its set backs it. Let another one, M, be the first that begins
   to take over from L, which the database orders: each take-over follows one leader, and changes one row.
2. M may do so only if L has M in its set, or cannot offer by backing any more. The row of each machine says for which
   leader it counts (`known_to`). L takes a machine into its set first, and then writes that row. L offers by backing
   only if the database has at least one such row. So M may follow L if its own row is known to L; or if no row is; or
   if the row of L itself is gone (an operator has removed it), or has another start of L's service: then L has ended.
   A machine leaves the set of L only after its row is gone. (`nodes.session.Session.take` decides that and takes over
   in one transaction, which waits for one in which L changes rows.)
3. If L has M in its set, L needs M's backing. M begins to take over only when its last promise has run out, which is
   later than L may use it: the request was sent before it came, and SETTLE_S is VALID_S and 5 %. From then on M backs
   no leader of L's epoch, or before it, any more: not after a failure, and not after a restart (its file has the epoch
   that it has begun). So L never offers by backing again.
4. Whoever takes over from M, later, changes nothing of that: L needs M for ever.

Time is each machine's own clock, which never steps and goes on while it sleeps. An answer that comes late, or twice, is
worth what the request was when it was sent; a machine that is frozen backs nobody.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import inf


@dataclass(frozen=True, slots=True)
class Other:
    """Another machine. `address`: where it is asked, as `192.0.2.11:5070`; empty: nowhere, so it never backs.

    counts  the database has noted that the leader counts on it
    backed  when the newest request was sent that it has backed, in seconds of the leader's clock
    """

    id: str
    name: str
    address: str
    counts: bool = False
    backed: float = -inf


@dataclass(frozen=True, slots=True)
class Others:
    """By id. Each method returns what is known then."""

    machines: Mapping[str, Other] = field(default_factory=dict)

    @property
    def backed_since(self) -> float:
        """Each of them has backed a request that was sent then, or later; -inf: one has backed none, or the database
        counts on none.
        """
        machines = self.machines.values()
        return min(other.backed for other in machines) if any(other.counts for other in machines) else -inf

    def read(self, found: Iterable[Other]) -> "Others":
        """The table has these: others are gone, new ones are needed."""
        return Others({new.id: replace(new, backed=self._backed(new.id)) for new in found})

    def counting(self, ids: Collection[str], *, counts: bool) -> "Others":
        """The database has noted that these count; not `counts`: maybe it has so no more."""
        return Others(
            {key: replace(other, counts=counts) if key in ids else other for key, other in self.machines.items()}
        )

    def backed(self, other_id: str, sent: float) -> "Others":
        """It has backed what was sent then. Unknown machines change nothing."""
        other = self.machines.get(other_id)
        if other is None:
            return self
        return Others({**self.machines, other_id: replace(other, backed=max(other.backed, sent))})

    def _backed(self, other_id: str) -> float:
        known = self.machines.get(other_id)
        return -inf if known is None else known.backed
