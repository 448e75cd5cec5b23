"""How long a caller may expect to wait. Seconds throughout.

Method, for one caller X. While callers wait, every agent at work is busy until the current call is through. N agents at
work could serve X, and handle a call in h seconds on average: one comes free every h / N seconds. A freed agent first
serves the callers before X whom the agent fits, in whatever queue. Take a caller before X, whose queue has N' agents at
work and handles a call in h' seconds. This caller keeps each agent who could serve both busy for h' / N'. `shared` is
how many of the N agents could serve both; `stay` is the share of callers who did not give up lately:

    wait = h / N + sum over the callers before X of stay * (h' / N') * (shared / N)

In a queue that shares no agents, and whose callers all stay, this is position * h / N. Relaxing brings more agents.
Each step has a wait of its own, never longer than that of the step before. X goes through the steps as time passes: the
time in a step, divided by the step's wait, is the part of the way done there. A ready agent whom a later step brings
serves X when that step comes.

In a queue with a limit of L talks at once a talk ends every h / L seconds; X waits at least for as many ends as bring X
in.

While nothing changes but the time, the estimate never rises: the steps only come nearer. It leaves out later callers
with a head start or of a higher class, and agents who come or go.
"""

from collections.abc import Callable, Iterable
from math import ceil, fsum, inf

from acd.engine.parts import Line, Requirement


def wait(line: Line, rank: float, sequence: int, waited: float, ready: Callable[[Requirement], int]) -> float | None:
    """The expected wait of a caller of `line` at `rank` and `sequence` who has waited for `waited` seconds.

    `ready`: how many agents who meet a requirement are ready. None: no agent at work could ever serve the caller.
    """
    ahead: dict[Line, int] = {}
    for other in line.requirements[-1].shared:
        ahead[other] = sum(requirement.ahead_of(rank, sequence) for requirement in other.requirements)
    steps: list[tuple[float, float]] = []
    least = _by_limit(line, ahead.get(line, 0))
    for requirement in line.requirements:
        before = sum(ahead.get(other, 0) for other, agents in requirement.shared.items() if agents)
        if ready(requirement) > before and not line.queue.full:
            alone = 0.0
        elif requirement.working:
            alone = line.queue.handling_time + fsum(
                count
                * other.queue.staying.share
                * other.queue.handling_time
                * requirement.shared[other]
                / other.requirements[-1].working
                for other, count in ahead.items()
                if count and requirement.shared.get(other)
            )
            alone /= requirement.working
        else:
            alone = inf
        steps.append((requirement.begins - waited, max(alone, least)))
    expected = through(steps)
    return None if expected == inf else expected


def _by_limit(line: Line, ahead: int) -> float:
    """What the queue's limit of talks at once makes of it, however many agents there are: with L talks at once one ends
    every h / L seconds, and callers of its other lines are not looked at. 0: there is no limit, or it is not reached.
    """
    queue = line.queue
    limit = queue.definition.limit
    if limit is None or queue.engaged + ahead < limit:
        return 0.0
    return max(0.0, queue.engaged - limit + 1 + queue.staying.share * ahead) * queue.handling_time / limit


def through(steps: Iterable[tuple[float, float]]) -> float:
    """When a caller going through `steps` is served; inf: never. A step: its begin (the first: 0 or less), its wait."""
    left, since, rate = 1.0, 0.0, 0.0
    for begins, alone in steps:
        if rate * (begins - since) >= left:
            break
        if begins > since:
            left -= rate * (begins - since)
            since = begins
        if alone == 0:
            return since
        rate = max(rate, 1 / alone)
    return since + left / rate if rate else inf


def spoken(seconds: float) -> float:
    """Rounded up for speech: to whole minutes, above ten minutes to five; never less than one minute."""
    minutes = max(1, ceil(seconds / 60))
    if minutes > 10:
        minutes = 5 * ceil(minutes / 5)
    return minutes * 60.0
