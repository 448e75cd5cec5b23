"""The words of the wall in both languages, those of the console (`console/src/states/texts.ts`, `pages/wall/texts.ts`),
and the marks of states. A state is always mark, word and colour.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """How a state looks: a shape as on the console's pages, a style of rich, and its word by language."""

    mark: str
    style: str
    zh: str
    en: str

    def word(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


UNREACHABLE, SIGNED_OUT = "unreachable", "logged-out"

STATES: Mapping[str, Look] = {
    "ready": Look("●", "green", "就绪", "ready"),
    "ringing": Look("◎", "yellow", "振铃", "ringing"),
    "on-call": Look("■", "blue", "通话", "on call"),
    "wrap-up": Look("◐", "magenta", "整理", "wrap-up"),
    "not-ready": Look("▬", "bright_black", "示忙", "not ready"),
    UNREACHABLE: Look("⊘", "red", "话机不通", "no phone"),
    SIGNED_OUT: Look("·", "bright_black", "未签入", "signed out"),
}
"""In the order in which they are counted. Unreachable is no state of an agent's, but of a signed-in agent's phone."""

HELP = Look("✚", "bold red", "求助", "help")
"""Of an agent who calls for a supervisor in a talk."""

WORDS: Mapping[str, tuple[str, str]] = {
    "title": ("梧桐", "Wutong"),
    "waiting": ("排队", "waiting"),
    "longest": ("最久", "longest"),
    "queue": ("队列", "queue"),
    "estimate": ("预计", "estimate"),
    "level": ("水平", "level"),
    "level and aim": ("水平 / 目标", "level / aim"),
    "hour": ("近一小时", "last hour"),
    "rona": ("漏接", "missed"),
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


def say(word: str, language: str, *values: object) -> str:
    """The words in `language`, `zh` or `en`."""
    return WORDS[word][language != "zh"].format(*values)
