"""What a test does again and again, and how many seconds it took each time.

    WUTONG_CYCLES=100 WUTONG_FIGURES=figures.jsonl ./wutong test -n 0 -s tests/integration/test_returns.py

does each a hundred times. Each time is in the file at once: a run that was interrupted goes on where it ended.
"""

import json
import os
import statistics
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from lab.bench.figures import percentile

WANTED = int(os.environ.get("WUTONG_CYCLES", "0"))
FIGURES = os.environ.get("WUTONG_FIGURES")


class Cycles:
    """`for _ in cycles:` the same again, each time with one `note(seconds)`, once at least. `few`: how often where
    nobody wants more. `done`: how often in this run.
    """

    def __init__(self, what: str, few: int = 1) -> None:
        self._what, self._wanted = what, max(few, WANTED)
        self.taken = _known()[what]
        self.done = 0

    def __iter__(self) -> Iterator[int]:
        while not self.done or len(self.taken) < self._wanted:
            before = self.done
            yield before
            assert self.done == before + 1, f"{self._what}: a cycle without its time"
        self._tell()

    def note(self, seconds: float) -> None:
        self.done += 1
        self.taken.append(seconds)
        if FIGURES is not None:
            with Path(FIGURES).open("a", encoding="utf-8") as file:
                file.write(json.dumps({"what": self._what, "seconds": round(seconds, 4)}) + "\n")

    def _tell(self) -> None:
        p95, most = (percentile(self.taken, share) for share in (95, 100))
        figures = f"p50 {statistics.median(self.taken):.2f} s, p95 {p95:.2f} s, most {most:.2f} s"
        print(f"{self._what}: {len(self.taken)} times, {figures}")  # noqa: T201 - with -s


def _known() -> defaultdict[str, list[float]]:
    """What earlier runs have measured."""
    known: defaultdict[str, list[float]] = defaultdict(list)
    if FIGURES is not None and Path(FIGURES).exists():
        for line in Path(FIGURES).read_text(encoding="utf-8").splitlines():
            told = json.loads(line)
            known[told["what"]].append(told["seconds"])
    return known
