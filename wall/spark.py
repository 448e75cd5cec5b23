"""A queue's last hour in one line: how many callers waited, the oldest minute on the left. Pure."""

from collections.abc import Sequence

STEPS = "▁▂▃▄▅▆▇█"
"""Nobody waited; then more and more."""

UNKNOWN = " "

LEAST = 4
"""A line of fewer callers than that is lower: two callers in an hour are no mountain. As on the console's wall
(`console/src/pages/wall/spark/shape.ts`)."""


def spark(hour: Sequence[int | None], cells: int) -> str:
    """`cells` characters, each the most callers of its minutes. A minute that nobody counted tells nothing."""
    if not hour:
        return UNKNOWN * cells
    parts = [
        hour[at * len(hour) // cells : max((at + 1) * len(hour) // cells, at * len(hour) // cells + 1)]
        for at in range(cells)
    ]
    most = [max((minute for minute in part if minute is not None), default=None) for part in parts]
    highest = max(LEAST, *(each or 0 for each in most))
    return "".join(UNKNOWN if each is None else _step(each, highest) for each in most)


def _step(waiting: int, highest: int) -> str:
    """One caller is seen beside a crowd."""
    return STEPS[0] if waiting == 0 else STEPS[max(1, round(waiting * (len(STEPS) - 1) / highest))]
