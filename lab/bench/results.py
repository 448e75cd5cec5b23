"""All that one run of the bench measured, and the goals that it met."""

from dataclasses import asdict, dataclass, field
from typing import Any

from lab.bench.figures import median, ratio
from lab.bench.load import LoadResult, Scene
from lab.bench.lone import LoneResult
from lab.bench.systems import System
from lab.bench.waiting import WaitingResult

GAP_RATIO = 100.0
LONE_DIFFERENCE = 1.5
KILOBYTES = 40.0
"""The goals: times, milliseconds, KB."""


@dataclass(frozen=True, slots=True)
class Goal:
    """`value` in words; `reached`."""

    name: str
    wanted: str
    value: str
    reached: bool


@dataclass
class Results:
    """Rounds in the order of running."""

    machine: dict[str, str]
    seed: int
    loads: list[tuple[Scene, list[LoadResult]]] = field(default_factory=list)
    lone: list[LoneResult] = field(default_factory=list)
    waiting: WaitingResult | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "machine": self.machine,
            "seed": self.seed,
            "loads": [
                {"scene": asdict(scene), "rounds": [asdict(result) for result in results]}
                for scene, results in self.loads
            ],
            "lone": [asdict(result) for result in self.lone],
            "waiting": None if self.waiting is None else asdict(self.waiting),
            "goals": [asdict(goal) for goal in self.goals()],
        }

    def goals(self) -> list[Goal]:
        """Medians over the rounds; a ratio is the median of the rounds' ratios."""
        found: list[Goal] = []
        for scene, results in self.loads:
            name = f"{scene.agents}/{scene.waiting}/{scene.talk:g} s"
            ours, theirs = of(results, System.WUTONG), of(results, System.RIVAL)
            for which in ("p50", "p99"):
                better = median(
                    [
                        ratio(getattr(other.gap, which), getattr(own.gap, which))
                        for own, other in zip(ours, theirs, strict=True)
                    ]
                )
                found.append(
                    Goal(f"gap {which}, {name}", f"{GAP_RATIO:g} times", f"{better:.0f} times", better >= GAP_RATIO)
                )
            service = median([result.service_cpu or 0.0 for result in ours])
            asterisk = median([result.asterisk_cpu for result in ours])
            found.append(
                Goal(
                    f"CPU a call, {name}",
                    f"below Asterisk's {asterisk:.1f} ms",
                    f"{service:.1f} ms",
                    service < asterisk,
                )
            )
        if self.lone:
            offers = {
                system: median([result.offer.p50 for result in self.lone if result.system is system])
                for system in System
            }
            more = offers[System.WUTONG] - offers[System.RIVAL]
            found.append(
                Goal("lone offer p50", f"{LONE_DIFFERENCE} ms more", f"{more:.2f} ms more", more <= LONE_DIFFERENCE)
            )
        if self.waiting is not None:
            size = self.waiting.kilobytes
            found.append(Goal("memory a waiting call", f"{KILOBYTES:g} KB", f"{size:.1f} KB", size <= KILOBYTES))
        return found


def of(results: list[LoadResult], system: System) -> list[LoadResult]:
    """The rounds of one system."""
    return [result for result in results if result.system is system]
