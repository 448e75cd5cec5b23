"""Whether two machines ever might offer at the same moment, from a log of when each might. Pure."""

from collections.abc import Iterable
from typing import NamedTuple


class Permit(NamedTuple):
    """A machine asked itself at `at` whether it may offer, and might until `until` if nothing else had happened, in
    seconds of the one clock of their computer. `start`: which start of which machine.
    """

    start: str
    at: float
    until: float


def doubles(log: Iterable[Permit]) -> list[tuple[Permit, Permit]]:
    """Each permit that began while another machine might still offer, with that one's; none: never did two."""
    found: list[tuple[Permit, Permit]] = []
    last: dict[str, Permit] = {}  # of each start, the permit that lasts longest
    for permit in sorted(log, key=lambda each: each.at):
        found += [(other, permit) for start, other in last.items() if start != permit.start and permit.at < other.until]
        before = last.get(permit.start)
        if before is None or permit.until > before.until:
            last[permit.start] = permit
    return found
