"""A small hotline without problems, and ways to break it. A `«` in a text marks the spot of the expected problem."""

import re
import struct
import wave
from dataclasses import dataclass
from pathlib import Path

from hotline.loader import Loaded, load

MARK = "«"

Change = tuple[str, str]
"""A piece of the text that is there once, and what replaces it."""

HOTLINE = """\
hotline: small
name: {zh: 小热线, en: Small}
numbers: ["12319"]
languages: [zh, en]
timezone: Asia/Shanghai
greeting: {zh: 您好, en: Welcome}
goodbye: {zh: 再见, en: Goodbye}
entry: main
fallback: {sub_hotline: duty}

menus:
  main:
    say:
      zh: For English press 8. 绿化请按1，供水请按2，人工请按0，重听请按星号键。
      en: For greening press 1, for water 2, to talk to a person 0. To hear this again, press star.
    keys:
      "1": {queue: greening}
      "2": {menu: water}
      "8": {language: en, menu: main}
      "0": {queue: general}
      "*": {repeat: true}
    wait: 5s
    no_input: {repeat: 1, then: {queue: general}}
    invalid: {repeat: 1, then: {queue: general}}
  water:
    say: {zh: 供水请按1，人工请按0, en: 'For water press 1, for a person 0'}
    keys:
      "1": {sub_hotline: bureau}
      "0": {queue: general}
    no_input: {then: {queue: general}}
    invalid: {then: {queue: general}}

queues:
  greening:
    name: {zh: 绿化, en: Greening}
    extension: "6001"
    needs: {greening: 3}
    relax:
      - {after: 30s, needs: {greening: 1}}
      - {after: 1m, needs: {general: 1}}
    overflow:
      - {waited: 5m, then: {sub_hotline: bureau}}
      - {nobody_signed_in: 10s, then: {queue: general}}
  general:
    name: {zh: 综合, en: General}
    needs: {general: 1}

sub_hotlines:
  bureau: {name: {zh: 水务局, en: Water bureau}, dial: "2201", failed: {queue: general}}
  duty: {name: {zh: 值班, en: Duty}, dial: "2200"}
"""

AGENTS = """\
agents:
  - {id: "1001", name: 绿化一席, skills: {greening: 4, general: 2}, languages: [zh, en]}
  - {id: "1002", name: 综合一席, skills: {general: 3}, password: correct-horse}
"""


@dataclass(frozen=True)
class Case:
    """The small hotline with changes, and the one problem expected of it: at the mark, with these words of advice."""

    level: str
    code: str
    advice: str
    hotline: tuple[Change, ...]
    agents: tuple[Change, ...]

    def __str__(self) -> str:
        return f"{self.code} {self.advice}"

    def prove(self, folder: Path) -> None:
        texts = small(*self.hotline, agents=self.agents)
        found = loaded(folder, texts)
        expected = [spot for name, text in texts.items() for spot in marks(name, text)]
        assert [(p.file, p.line, p.column) for p in found.problems] == expected, "\n".join(map(str, found.problems))
        (problem,) = found.problems
        assert (problem.code, problem.level) == (self.code, self.level)
        assert self.advice in f"{problem.message} — {problem.hint}"
        assert (found.hotline is None) == (self.level == "error")


def error(code: str, advice: str, *hotline: Change, agents: tuple[Change, ...] = ()) -> Case:
    return Case("error", code, advice, hotline, agents)


def warning(code: str, advice: str, *hotline: Change, agents: tuple[Change, ...] = ()) -> Case:
    return Case("warning", code, advice, hotline, agents)


GENERAL = "    needs: {general: 1}\n\n"
"""The end of the last queue of the small hotline."""


def keys(entries: str) -> Change:
    """Keys of a waiting caller in a queue, and a message that tells them."""
    told = "，".join(f"请按{key}" for key in re.findall(r'"(.+?)":', entries))
    announce = f"    announce: {{every: 30s, messages: [{told}]}}\n"
    return GENERAL, f"{GENERAL[:-1]}{announce}    keys: {{{entries}}}\n\n"


def announce(entries: str) -> Change:
    """What a queue tells every half minute."""
    return GENERAL, f"{GENERAL[:-1]}    announce: {{every: 30s, {entries}}}\n\n"


_ENDED = """
calendars: {city: {off: [2020-10-01]}}
opening_hours: {day: {calendar: city, week: {mon-fri: "09:00-17:00"}}}

menus:
"""
ENDED: tuple[Change, ...] = (
    ("entry: main\n", "entry: main\nhours: day\nclosed: {sub_hotline: duty}\n"),
    ("\nmenus:\n", _ENDED),
)
"""A calendar whose data has ended."""


def small(*hotline: Change, agents: tuple[Change, ...] = ()) -> dict[str, str]:
    """The files of the small hotline, with changes in hotline.yaml and in agents.yaml."""
    return {"hotline.yaml": replaced(HOTLINE, hotline), "agents.yaml": replaced(AGENTS, agents)}


def replaced(text: str, changes: tuple[Change, ...]) -> str:
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times"
        text = text.replace(old, new)
    return text


def marks(name: str, text: str) -> list[tuple[str, int, int]]:
    """The file, line and column of every mark."""
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        column = line.find(MARK)
        while column >= 0:
            found.append((name, number, column + 1))
            line = line.replace(MARK, "", 1)
            column = line.find(MARK)
    return found


def loaded(folder: Path, texts: dict[str, str]) -> Loaded:
    return load(written(folder, texts))


def written(folder: Path, texts: dict[str, str]) -> Path:
    """The folder, with these files in it."""
    for name, text in texts.items():
        (folder / name).write_text(text.replace(MARK, ""), encoding="utf-8")
    return folder


def record(file: Path, sample: int) -> None:
    """A tenth of a second, of which only `sample` matters."""
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(struct.pack("<h", sample) * 800)


def recorded(folder: Path, words: str, sample: int) -> Path:
    """The folder, with one recording, of these Chinese words."""
    (folder / "prompts" / "zh").mkdir(parents=True, exist_ok=True)
    record(folder / "prompts" / "zh" / "said.wav", sample)
    (folder / "prompts" / "recordings.yaml").write_text(f"zh:\n  said.wav: {words}\n", encoding="utf-8")
    return folder
