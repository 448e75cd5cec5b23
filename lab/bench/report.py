"""The results, for people."""

from collections.abc import Sequence
from operator import attrgetter

from rich.console import Console
from rich.table import Table

from lab.bench.figures import median
from lab.bench.lone import LoneResult
from lab.bench.results import Results, of
from lab.bench.systems import System
from lab.bench.waiting import Probe, WaitingResult


def show(results: Results, console: Console) -> None:
    """Print the results. Every figure is the median of its rounds."""
    console.print(", ".join(f"{name}: {value}" for name, value in results.machine.items()))
    if results.loads:
        console.print(_loads(results))
    if results.lone:
        console.print(_lone(results.lone))
    if results.waiting is not None:
        console.print(_waiting(results.waiting))
    goals = Table("goal", "wanted", "measured", "", title="Goals", title_justify="left")
    for goal in results.goals():
        goals.add_row(goal.name, goal.wanted, goal.value, "[green]reached[/]" if goal.reached else "[red]missed[/]")
    console.print(goals)


def headed(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number < 2 else "right")
    return table


def _middle(results: Sequence[object], name: str) -> float:
    return median([attrgetter(name)(result) for result in results])


def _loads(results: Results) -> Table:
    table = headed(
        "Callers always wait: from an agent's hang-up to the agent's next ring, ms",
        "scene × rounds",
        "",
        "p50",
        "p90",
        "p99",
        "most",
        "talks",
        "of ideal",
        "Asterisk, ms/call",
        "service",
        "phones' CPU",
        "late p99",
        "machine",
        "broken",
    )
    for scene, measured in results.loads:
        for system in System:
            rounds = of(measured, system)
            service = f"{_middle(rounds, 'service_cpu'):.1f}" if system is System.WUTONG else ""
            table.add_row(
                f"{scene.agents}/{scene.waiting}/{scene.talk:g} s × {len(rounds)}",
                system,
                *(f"{_middle(rounds, f'gap.{which}'):.1f}" for which in ("p50", "p90", "p99", "most")),
                f"{_middle(rounds, 'completed'):.0f}",
                f"{median([one.completed / one.ideal for one in rounds]):.1%}",
                f"{_middle(rounds, 'asterisk_cpu'):.1f}",
                service,
                f"{_middle(rounds, 'phones'):.0%}",
                f"{_middle(rounds, 'lateness.p99'):.1f}",
                f"{_middle(rounds, 'machine'):.0%}",
                str(sum(one.broken for one in rounds)),
            )
    return table


def _lone(results: Sequence[LoneResult]) -> Table:
    table = headed("A lone caller, ms", "", "", "calls", "p50", "p90", "p99")
    for name, what in (("answer", "INVITE to its answer"), ("offer", "the caller's first audio to the agent's ring")):
        for system in System:
            rounds = [result for result in results if result.system is system]
            calls = sum(getattr(one, name).count for one in rounds)
            values = (f"{_middle(rounds, f'{name}.{which}'):.2f}" for which in ("p50", "p90", "p99"))
            table.add_row(what, system, str(calls), *values)
    return table


def _waiting(result: WaitingResult) -> Table:
    table = headed(f"{result.waiting:,} callers wait", "", "", "ms p50", "p90", "p99")
    for name in ("join", "leave"):
        for probe in (result.few, result.many):
            table.add_row(name, f"{probe.waiting:,} wait", *_values(probe, name))
    table.add_section()
    table.add_row("service, nothing happens", f"{result.service_idle:.2%} of a processor")
    table.add_row("Asterisk, nothing happens", f"{result.asterisk_idle:.2%} of a processor")
    table.add_row("service's memory", f"{result.kilobytes:.1f} KB a call")
    for probe in (result.few, result.many):
        table.add_row(
            f"CPU to join and leave, {probe.waiting:,} wait",
            f"service {probe.service_cpu:.1f} ms, Asterisk {probe.asterisk_cpu:.1f} ms",
        )
    table.add_row("join, leave", f"{result.join_ratio:.2f}, {result.leave_ratio:.2f} times as long")
    return table


def _values(probe: Probe, name: str) -> list[str]:
    spread = getattr(probe, name)
    return [f"{spread.p50:.1f}", f"{spread.p90:.1f}", f"{spread.p99:.1f}"]
