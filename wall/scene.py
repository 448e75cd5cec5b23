"""The wall's lines: what is known in, text out. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from agents.states import LOOKS, NO_CODE, RONA, TABLE, WHY, AgentState, Look, crew_level, service_level, wait_level
from wall.board import AgentLine, Board, QueueLine

# The words of the terminal's wall that are not those of agents' states (`agents/states`), in both languages.


HELP = Look("求助", "Help", "✚", "", "", "", "bold red")
"""How an agent looks who calls for a supervisor in a talk."""

WORDS: Mapping[str, tuple[str, str]] = {
    "title": ("梧桐", "Wutong"),
    "waiting": ("排队", "waiting"),
    "longest": ("最久", "longest"),
    "queue": ("队列", "queue"),
    "estimate": ("预计", "estimate"),
    "level": ("水平", "level"),
    "level and aim": ("水平 / 目标", "level / aim"),
    "hour": ("近一小时", "last hour"),
    "test": ("测试", "test"),
    "more agents": ("还有 {} 位坐席：", "{} more agents: "),
    "more queues": ("还有 {} 个队列，{} 人排队", "{} more queues, {} waiting"),
    "lost": ("✖ {} 起连接中断，数字停在那时，正在重连", "✖ no connection since {}: figures are of then, trying again"),
    "emergency-before": ("▲ 紧急公告播放至 {}，之后播菜单", "▲ emergency message until {}, before the menus"),
    "emergency-place": ("▲ 紧急公告播放至 {}，只在 {}", "▲ emergency message until {}, at {} only"),
    "emergency-instead": ("▲ 紧急公告播放至 {}，不播菜单", "▲ emergency message until {}, instead of the menus"),
    "connecting": ("正在连接 {} …", "connecting to {} …"),
    "end": ("q 退出", "q ends"),
}


def word(look: Look, language: str) -> str:
    """What a state is called, within a line."""
    return look.zh if language == "zh" else look.en.lower()


def say(word: str, language: str, *values: object) -> str:
    """The words in `language`, `zh` or `en`."""
    return WORDS[word][language != "zh"].format(*values)


# A queue's last hour in one line: how many callers waited, the oldest minute on the left. Pure.


STEPS = "▁▂▃▄▅▆▇█"
"""Nobody waited; then more and more."""

UNKNOWN = " "

LEAST = 4
"""A line of fewer callers than that is lower: two callers in an hour are not a mountain. As on the console's wall
(`console/src/pages/wall/spark/shape.ts`)."""


def spark(hour: Sequence[int | None], cells: int) -> str:
    """`cells` characters, each the most callers of its minutes. A minute that nobody counted shows nothing."""
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


# How wide the columns of the queues are. Pure.


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


CELL = 40
"""Cells of an agent at least; the agents stand in as many columns as fit."""

SIGNED_OUT = AgentState.LOGGED_OUT
_MOST_MESSAGES = 3
"""Emergency messages that have a line."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What is drawn, and how. `lost`: since when there is no connection, in seconds since the epoch; None: there is
    one. `server`: where the service is. `hint`: whether to say how it ends.
    """

    board: Board
    width: int
    height: int
    now: float
    language: str
    server: str
    lost: float | None = None
    hint: bool = True


def draw(scene: Scene) -> list[Text]:
    """The whole screen: at most `height` lines of at most `width` cells."""
    queues, agents = list(scene.board.queues.values()), list(scene.board.agents.values())
    if not (queues or agents):
        server = say("connecting", scene.language, scene.server)
        lines = [Text(server) if scene.lost is None else _lost(scene)]
    else:
        lines = [_head(scene, queues), *_emergency(scene), *_calls_for_help(scene, agents)]
        room = max(scene.height - len(lines) - 4, 2)  # two headings, a blank line, the foot
        rows = _queues(scene, queues, max(room - (len(agents) and max(room // 3, 2)), 1))
        lines += [*rows, Text(), _totals(scene, agents)]
        lines += _agents(scene, agents, scene.height - len(lines) - scene.hint)
        if scene.hint:
            lines.append(Text(say("end", scene.language), style="dim"))
    lines = lines[: scene.height]
    for line in lines:
        line.truncate(scene.width, overflow="ellipsis")
    return lines


# -- the head ---------------------------------------------------------------------------------------------------------


def _head(scene: Scene, queues: Sequence[QueueLine]) -> Text:
    if scene.lost is not None:
        return _lost(scene)
    longest = max((scene.board.longest_wait(queue, scene.now) for queue in queues), default=0.0)
    waiting = sum(queue.waiting for queue in queues)
    clock = f"{datetime.fromtimestamp(scene.now, scene.board.zone):%H:%M:%S}"
    left = Text.assemble(
        (say("title", scene.language), "bold"),
        f"  {scene.server}   ",
        (f"{waiting} {say('waiting', scene.language)}", "bold"),
        f"   {say('longest', scene.language)} {duration(longest)}",
    )
    gap = scene.width - left.cell_len - len(clock)
    return left.append(" " * gap + clock) if gap > 0 else left


def _lost(scene: Scene) -> Text:
    assert scene.lost is not None
    since = f"{datetime.fromtimestamp(scene.lost, scene.board.zone):%H:%M:%S}"
    return Text(_fit(say("lost", scene.language, since), scene.width), style="bold white on red")


def _emergency(scene: Scene) -> list[Text]:
    """A line for each emergency message that callers hear, the first few."""
    lines = []
    for message in scene.board.emergencies[:_MOST_MESSAGES]:
        until = f"{message.until.astimezone(scene.board.zone):%m-%d %H:%M}"
        if message.where:
            words = say("emergency-place", scene.language, until, message.where)
        else:
            words = say("emergency-instead" if message.mode == "instead" else "emergency-before", scene.language, until)
        lines.append(Text(_fit(words, scene.width), style="bold black on yellow"))
    return lines


def _calls_for_help(scene: Scene, agents: Sequence[AgentLine]) -> list[Text]:
    """A line with all agents who call for help, the longest first; no line: nobody does."""
    calling = [(agent.lasted(scene.now), agent) for agent in agents if agent.help_since is not None]
    if not calling:
        return []
    calling.sort(key=lambda each: -each[0])
    callers = (f"{plain(agent.id)} {plain(agent.name)} {duration(called)}" for called, agent in calling)
    words = f"{HELP.mark} {word(HELP, scene.language)}  {'   '.join(callers)}"
    rest = " " * (scene.width - cell_len(words))
    return [Text(words + rest, style="bold white on red")]


# -- queues -----------------------------------------------------------------------------------------------------------


def _queues(scene: Scene, queues: Sequence[QueueLine], most: int) -> list[Text]:
    """The heading and a line for each queue. Where not all fit, those with the longest waits are shown."""
    cells = columns(scene.width)
    heads = [
        _fit(say("queue", scene.language), cells.name),
        _fit(say("hour", scene.language), cells.hour),
        _right(say("waiting", scene.language), WAITING),
        *(_right(say(word, scene.language), FIGURE) for word in ("longest", "estimate")),
        _right(say("level and aim" if cells.aim else "level", scene.language), cells.level),
    ]
    heading = Text("".join(heads), style="dim")
    for state in COUNTED:
        look = LOOKS[state]
        words = f"{look.mark} {word(look, scene.language)}" if cells.words else look.mark
        heading.append(_right(words, cells.count), style=look.terminal)
    fit = list(queues)
    left: list[QueueLine] = []
    if len(queues) > most:
        by_need = sorted(queues, key=lambda queue: scene.board.longest_wait(queue, scene.now), reverse=True)
        kept = {queue.id for queue in by_need[: most - 1]}
        fit = [queue for queue in queues if queue.id in kept]
        left = by_need[most - 1 :]
    lines = [heading, *(_queue(scene, queue, cells) for queue in fit)]
    if left:
        waiting = sum(queue.waiting for queue in left)
        lines.append(Text(say("more queues", scene.language, len(left), waiting), style="dim"))
    return lines


def _queue(scene: Scene, queue: QueueLine, cells: Columns) -> Text:
    level = queue.service_level
    wait = scene.board.longest_wait(queue, scene.now)
    late, short = wait_level(wait, level.within_s), crew_level(queue.waiting, queue.agents)
    line = Text(_fit(_named(queue, scene.language), cells.name - 1) + " ")
    line.append(spark(scene.board.hours.get(queue.id, ()), cells.hour), style="cyan")
    waiting = _ALARM[short] or ("bold" if queue.waiting else "dim")
    line.append(_right(f"{'!' * short} {queue.waiting}" if short else str(queue.waiting), WAITING), style=waiting)
    line.append(_right(f"{'!' * late} {minutes(wait)}" if queue.waiting else "-", FIGURE), style=_ALARM[late])
    estimate = "-" if queue.estimate_s is None else minutes(queue.estimate_s)
    line.append(_right(estimate, FIGURE))
    percent, target = level.percent, level.target_percent
    below = service_level(percent, target)
    aim = f" / {target:.0f}" if cells.aim else ""
    figure = "-" if percent is None else f"{'!' * below} {percent:.0f}"
    shown = figure if percent is None and not cells.aim else f"{figure}{aim} %"
    line.append(_right(shown, cells.level), style=_ALARM[below])
    for state in COUNTED:
        count = queue.agents.get(state.replace("-", "_"), 0)
        line.append(_right(str(count) if count else "·", cells.count), style=LOOKS[state].terminal if count else "dim")
    return line


_ALARM = ("", "yellow", "bold red")
"""As the queue's own aim has it: kept, missed, missed by far. `!` and `!!` say the same without colour."""


def _named(queue: QueueLine, language: str) -> str:
    names = queue.name
    return plain(names.get(language) or names.get("*") or next(iter(names.values()), queue.id))


# -- agents -----------------------------------------------------------------------------------------------------------


def _totals(scene: Scene, agents: Sequence[AgentLine]) -> Text:
    """How many agents are in each state: mark, number and word, so that it explains the marks above. Where there is too
    little room, those who are signed out, the last ones, go without their word.
    """
    counted = Counter(agent.shown for agent in agents)
    between = Text("   " if columns(scene.width).words else " ")
    parts = [
        Text(f"{look.mark}{counted[state]} {word(look, scene.language)}", style=look.terminal)
        for state, look in LOOKS.items()
    ]
    if between.join(parts).cell_len > scene.width:
        parts[-1].right_crop(len(word(LOOKS[SIGNED_OUT], scene.language)) + 1)
    return between.join(parts)


def _agents(scene: Scene, agents: Sequence[AgentLine], rows: int) -> list[Text]:
    """Agents in columns, down the first one first; the one who needs somebody most is at the top."""
    if rows <= 0 or not agents:
        return []
    ordered = sorted(agents, key=lambda agent: agent.rank(scene.now))
    columns = max(1, min(scene.width // CELL, -(-len(ordered) // rows)))
    width = scene.width // columns - 1
    left: list[AgentLine] = []
    if len(ordered) > rows * columns:
        rows -= 1
        ordered, left = ordered[: rows * columns], ordered[rows * columns :]
    lines = []
    for row in range(min(rows, len(ordered))):
        cells = [_agent(scene, agent, width) for agent in ordered[row::rows]]
        lines.append(Text(" ").join(cells))
    if left:
        counted = Counter(agent.shown for agent in left)
        states = "  ".join(f"{word(_look(state), scene.language)} {count}" for state, count in counted.items())
        lines.append(Text(say("more agents", scene.language, len(left)) + states, style="dim"))
    return lines


def _agent(scene: Scene, agent: AgentLine, width: int) -> Text:
    state, level = agent.shown, agent.need(scene.now).level
    look = _look(state) if agent.help_since is None else HELP
    words = max(cell_len(word(each, scene.language)) for each in LOOKS.values())
    cell = Text(_right("!" * level, 2), style=_ALARM[level])
    cell.append(f"{look.mark} {_fit(word(look, scene.language), words)} ", style=look.terminal)
    time = duration(agent.lasted(scene.now)) if state != SIGNED_OUT else ""
    cell.append(_right(time, 7) + " ", style="bold" if level else "")
    cell.append(f"{plain(agent.id)} {plain(agent.name)}")
    if about := _about(scene, agent):
        cell.append(f" {about}", style="dim")
    cell.truncate(width, overflow="ellipsis", pad=True)
    return cell


def _about(scene: Scene, agent: AgentLine) -> str:
    """Which queue the agent's call is of, why the agent needs somebody, and why the agent is not ready: as on the
    console's cards.
    """
    queue = scene.board.queues.get(agent.queue or "")
    why = agent.need(scene.now).why
    zh, en = WHY.get(why, ("", ""))
    words = [
        "" if queue is None else _named(queue, scene.language),
        say("test", scene.language) if agent.test else "",
        (zh if scene.language == "zh" else en.lower()) if why not in ("help", "long") else "",
        "" if agent.reason in (RONA, NO_CODE) else plain(agent.reason),
    ]
    return " ".join(filter(None, words))


def _look(state: str) -> Look:
    return LOOKS.get(state) or Look(plain(state), plain(state), "?", "", "", "", "")


# -- text -------------------------------------------------------------------------------------------------------------


def duration(seconds: float) -> str:
    """`0:42`, `12:07`, `1:02:07`."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def minutes(seconds: float) -> str:
    """`0:42`, `12:07`, `62:07`: no wider than a figure's column."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def plain(words: str) -> str:
    """`words` from outside without what would move the cursor, colour or turn round the line."""
    return "".join(each if each.isprintable() else "�" for each in words)


def _fit(words: str, cells: int) -> str:
    """Exactly `cells` wide; Chinese characters take two."""
    return set_cell_size(words, cells)


def _right(words: str, cells: int) -> str:
    return " " * (cells - cell_len(words)) + words
