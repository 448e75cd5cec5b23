"""How wide the columns of the queues are. Pure."""

from dataclasses import dataclass

from rich.cells import cell_len

from agents.states import LOOKS, TABLE, AgentState

COUNTED = [state for state in LOOKS if state not in TABLE or TABLE[AgentState(state)].signed_in]
"""States whose agents are counted beside a queue."""

LEAST_NAME, MOST_NAME = 13, 40
WAITING, FIGURE = 7, 9
LEVEL, LEVEL_WITH_AIM = 8, 14
COUNT = 4
NAMED_COUNT = 3 + max(cell_len(words) for state in COUNTED for words in (LOOKS[state].zh, LOOKS[state].en))
HOURS = (60, 30, 20, 10)
"""Cells for the last hour: a minute each, two, three, six."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Cells of each column: 80 in all at least.

    name, hour  of the queue; its last hour
    level       the service level, with the aim beside it if there is room (`aim`)
    count       one count of agents, under the state's word if there is room (`words`), else under its mark
    """

    name: int
    hour: int
    level: int
    count: int

    @property
    def aim(self) -> bool:
        return self.level == LEVEL_WITH_AIM

    @property
    def words(self) -> bool:
        return self.count == NAMED_COUNT


def columns(width: int) -> Columns:
    """For a line of so many cells: first there is room for the aim, then for the states' words, then for the hour."""
    least = LEAST_NAME + HOURS[-1] + WAITING + 2 * FIGURE
    level = LEVEL_WITH_AIM if width >= least + LEVEL_WITH_AIM + len(COUNTED) * COUNT else LEVEL
    count = NAMED_COUNT if width >= least + level + len(COUNTED) * NAMED_COUNT else COUNT
    left = width - WAITING - 2 * FIGURE - level - len(COUNTED) * count
    hour = next((cells for cells in HOURS if left >= LEAST_NAME + cells), HOURS[-1])
    return Columns(max(LEAST_NAME, min(MOST_NAME, left - hour)), hour, level, count)
