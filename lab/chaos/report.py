"""The result of a run: for people, and as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lab.chaos.ledger import Ledger, Loss

_FAULT, _MOMENT = "fault: ", "moment: "


@dataclass(frozen=True, slots=True)
class Report:
    """`seconds`: length of the storm; `starts` of the service; `records` in the journal."""

    seed: int
    seconds: float
    machine: dict[str, str]
    starts: int
    records: int
    faults: dict[str, int]
    moments: dict[str, int]
    counts: dict[str, int]
    losses: Sequence[Loss]

    @classmethod
    def of(
        cls, ledger: Ledger, *, seed: int, seconds: float, machine: dict[str, str], starts: int, records: int
    ) -> "Report":
        def those(prefix: str) -> dict[str, int]:
            return {key.removeprefix(prefix): n for key, n in sorted(ledger.counts.items()) if key.startswith(prefix)}

        counts = {key: n for key, n in sorted(ledger.counts.items()) if not key.startswith((_FAULT, _MOMENT))}
        return cls(seed, seconds, machine, starts, records, those(_FAULT), those(_MOMENT), counts, tuple(ledger.losses))

    @property
    def good(self) -> bool:
        return not self.losses

    def as_json(self) -> dict[str, Any]:
        return {
            "seed": self.seed,
            "seconds": round(self.seconds, 1),
            "machine": self.machine,
            "faults": self.faults,
            "moments": self.moments,
            "service_starts": self.starts,
            "counts": self.counts,
            "journal_records": self.records,
            "losses": [loss.as_json() for loss in self.losses],
        }

    def lines(self) -> list[str]:
        """For people, with the story of every loss at the end."""
        told = [", ".join(f"{name}: {value}" for name, value in self.machine.items())]
        told.append(f"seed {self.seed}, {self.seconds / 60:.1f} minutes, {sum(self.faults.values())} faults:")
        told += [f"  {number:5} {fault}" for fault, number in self.faults.items()]
        told.append("the moments of the faults: " + ", ".join(f"{moment} {n}" for moment, n in self.moments.items()))
        told.append("what went on meanwhile:")
        told += [f"  {number:5} {what}" for what, number in self.counts.items()]
        told.append(f"  {self.records:5} records in the journal")
        told.append(f"losses: {len(self.losses)}")
        for loss in self.losses:
            told.append(f"  {loss.at:.2f} s, {loss.who}: {loss.what}: {loss.why}")
            told += [f"      {line}" for line in loss.story]
        return told
