"""How long a caller may expect to wait. Seconds throughout.

Method. While callers wait, every agent at work is busy and comes free when his call is through: N agents who handle a
call in h seconds on average come free every h / N seconds. Who comes free serves those before our caller first, in
whatever queue they wait, if he fits them. So a caller before him, whose queue has N' agents at work and handles a call
in h' seconds, keeps our caller's own N agents busy by his share: each of them who could serve both for h' / N'. With
`shared` the number of those who could serve both, and `stay` the share of callers who did not give up lately:

    wait = h / N + sum over the callers before him of stay * (h' / N') * (shared / N)

In a queue that shares its agents with none, and whose callers all stay, this is position * h / N. Relaxing brings more
agents: each step has a wait of its own, never longer than that of the step before, and the caller goes through them as
time passes, so far through each as the time in it is of its wait. An agent who is ready, and whom a later step brings,
serves him when it comes.

While nothing changes but the time, it never rises: the steps only come nearer. It leaves out who may come later with a
head start or of a higher class, and that agents may come and go.
"""

from collections.abc import Callable, Iterable
from math import ceil, fsum, inf

from acd.engine.entities import Line, Requirement


def wait(line: Line, rank: float, sequence: int, waited: float, ready: Callable[[Requirement], int]) -> float | None:
    """What a caller of `line` may expect who stands at `rank` and `sequence` and has waited for `waited` seconds.

    `ready`: how many agents who meet a requirement are ready. None: nobody at work could ever serve him.
    """
    ahead: dict[Line, int] = {}
    for other in line.requirements[-1].shared:
        ahead[other] = sum(requirement.ahead_of(rank, sequence) for requirement in other.requirements)
    steps: list[tuple[float, float]] = []
    for requirement in line.requirements:
        if ready(requirement) > sum(ahead.get(other, 0) for other, agents in requirement.shared.items() if agents):
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
        steps.append((requirement.begins - waited, alone))
    expected = through(steps)
    return None if expected == inf else expected


def through(steps: Iterable[tuple[float, float]]) -> float:
    """When somebody is served who goes through `steps`: when each begins (the first up to 0), and its wait alone."""
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
