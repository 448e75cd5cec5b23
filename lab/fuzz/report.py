"""The result of a run: for people, and as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lab.fuzz.properties import Broken


@dataclass(frozen=True, slots=True)
class Report:
    """What a run has found.

    tried   examples by property
    left    properties for which there was no time
    memory  bytes of each process before and after
    faults  what else is wrong
    """

    seed: int
    seconds: float
    machine: Mapping[str, str]
    tried: Mapping[str, int]
    left: Sequence[str]
    failures: Sequence[Broken]
    memory: Mapping[str, tuple[int, int]]
    faults: Sequence[str]

    @property
    def good(self) -> bool:
        return not self.failures and not self.faults

    def as_json(self) -> dict[str, Any]:
        return {
            "seed": self.seed,
            "seconds": round(self.seconds, 1),
            "machine": dict(self.machine),
            "tried": dict(self.tried),
            "left": list(self.left),
            "failures": [{"name": each.name, "seed": each.number, "story": each.story} for each in self.failures],
            "memory": {name: {"before": before, "after": after} for name, (before, after) in self.memory.items()},
            "faults": list(self.faults),
        }

    def lines(self) -> list[str]:
        told = [", ".join(f"{name}: {value}" for name, value in self.machine.items())]
        told.append(f"seed {self.seed}, {self.seconds / 60:.1f} minutes, {sum(self.tried.values()):,} examples:")
        told += [f"  {number:9,} {name}" for name, number in self.tried.items()]
        if self.left:
            told.append(f"not tried, for want of time: {', '.join(self.left)}")
        told += [
            f"memory of the {name}: {before / 1e6:.0f} MB before, {after / 1e6:.0f} MB after"
            for name, (before, after) in self.memory.items()
        ]
        told.append(f"failures: {len(self.failures) + len(self.faults)}")
        for failure in self.failures:
            told += [f"  {failure.name}", *(f"      {line}" for line in failure.story.splitlines())]
            told.append(f"    again: ./wutong fuzz --seed {failure.number} --only '{failure.name}'")
        told += [f"  {fault}" for fault in self.faults]
        return told
