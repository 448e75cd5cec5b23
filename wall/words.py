"""The words of the terminal's wall that are not those of agents' states (`agents/states`), in both languages."""

from collections.abc import Mapping

from agents.states import Look

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
