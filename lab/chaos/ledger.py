"""What was done and what was lost, as it happens."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from lab.chaos.views import Views


@dataclass(frozen=True, slots=True)
class Loss:
    """An event that must not happen. `who`: a caller's number or an agent's id; `story`: what led to it."""

    what: str
    who: str
    at: float
    why: str
    story: Sequence[str] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "what": self.what,
            "who": self.who,
            "at_s": round(self.at, 2),
            "why": self.why,
            "story": list(self.story),
        }


@dataclass
class Ledger:
    """`tell` gets each loss and each fault at once. Times are seconds since the load began."""

    tell: Callable[[str], None]
    counts: Counter[str] = field(default_factory=Counter)
    losses: list[Loss] = field(default_factory=list)
    faults: list[tuple[float, str]] = field(default_factory=list)
    views: Views = field(default_factory=Views)
    began: float = field(default_factory=lambda: asyncio.get_running_loop().time())
    wall_began: float = field(default_factory=time.time)

    def now(self) -> float:
        return asyncio.get_running_loop().time() - self.began

    def count(self, what: str) -> None:
        self.counts[what] += 1

    def fault(self, what: str) -> None:
        self.faults.append((self.now(), what))
        self.tell(f"{self.now():7.2f} {what}")

    def lose(self, what: str, who: str, why: str, story: "Story | None" = None) -> None:
        lines = [] if story is None else self._with_faults(story)
        self.losses.append(Loss(what, who, self.now(), why, lines))
        self.tell(f"{self.now():7.2f} LOST {who}: {what}: {why}")

    def _with_faults(self, story: "Story") -> list[str]:
        """The story, and the faults from a little before its beginning."""
        since = story.lines[0][0] - 5 if story.lines else self.now() - 10
        faults = [(at, f"** {what}") for at, what in self.faults if at >= since]
        return [f"{at:7.2f} {what}" for at, what in sorted([*story.lines, *faults])]


class Story:
    """What one call or one agent went through."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.lines: list[tuple[float, str]] = []

    def tell(self, line: str) -> None:
        self.lines.append((self._ledger.now(), line))
