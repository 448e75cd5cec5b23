"""Slips that administrators make, one at a time, in the sample: `check` finds them, and names the right line."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from hotline.loader import load
from hotline.problem import Problem, translated
from tests.unit.hotline.folders import MARK
from tests.unit.hotline.test_loader import SAMPLE

HOTLINE, AGENTS = "hotline.yaml", "agents.yaml"


@dataclass(frozen=True)
class Slip:
    """A mistake: in `file`, after `after`, the text `old` becomes `new`. The mark `«` is in the line where it has to be
    reported; `also` are further changes of the same kind, as one slip may take several.
    """

    name: str
    after: str
    old: str
    new: str
    also: tuple[tuple[str, str, str], ...] = ()
    file: str = HOTLINE

    def __str__(self) -> str:
        return self.name

    def made(self, text: str) -> tuple[str, int]:
        """The text with the slip, and the line where it has to be reported."""
        for after, old, new in ((self.after, self.old, self.new), *self.also):
            begin = text.index(after)
            at = text.index(old, begin)
            text = text[:at] + new + text[at + len(old) :]
        assert text.count(MARK) == 1, self.name
        return text.replace(MARK, ""), text[: text.index(MARK)].count("\n") + 1


SLIPS = [
    # prompts and keys
    Slip("a prompt says a digit that is not a key", "main:", "房屋请按4", "房屋请按«5"),
    Slip("an English prompt says a digit that is no key", "main:", "For greening, press 1", "For greening, press «6"),
    Slip("a prompt says a numeral that is not a key", "main:", "道路和交通请按3", "道路和交通请按«六"),
    Slip("a prompt forgets a key", "main:", "房屋请按4，", "", (("main:", '"4": {', '«"4": {'),)),
    Slip(
        "a key is taken out, but not from the prompt",
        "main:",
        '      "4": {queue: housing}\n',
        "",
        (("main:", "房屋请按4", "房屋请按«4"),),
    ),
    Slip(
        "two choices are told in the wrong order",
        "utilities:",
        "供水请按1，排水和防汛请按2，",
        "排水和防汛请按2，供水请按«1，",
    ),
    Slip("a key is copied for two choices", "utilities:", "排水和防汛请按2", "排水和防汛请按«1"),
    Slip(
        "the destinations of two keys are swapped",
        "utilities:",
        '"1": {queue: water}',
        '"1": {queue: drainage}',
        (("utilities:", '"2": {queue: drainage}', '"2": {queue: water}'), ("utilities:", "zh: 供水", "zh: «供水")),
    ),
    Slip("a prompt says star for hash", "streets:", "返回请按井号键", "返回请按星号键", (("streets:", '"#"', '«"#"'),)),
    Slip("a prompt is too long", "greeting:", "您好，", "«" + "您好，这里有一条很长的通知，请您耐心听完，" * 8),
    Slip("the message of a queue says a wrong key", "queues:", "回到主菜单请按井号键", "回到主菜单请按«1"),
    Slip("a key of a queue is another than its message says", "queues:", '&keys {"#"', '&keys {«"1"'),
    Slip("a text has a wrong language", "streets:", "zh: 路面", "«cn: 路面"),
    Slip(
        "a translation is missing",
        "goodbye:",
        "{zh: 感谢您的来电，再见。, en: Thank you for calling. Goodbye.}",
        "{zh: 感谢您的来电，再见。}",
        (("goodbye:", "goodbye", "«goodbye"),),
    ),
    Slip("a text is empty", "greeting:", "en: Urban construction hotline.", "en: «''"),
    Slip("a text has an emoji", "goodbye:", "再见。", "再见«👋"),
    # destinations
    Slip("a menu is misspelt", "main:", "{menu: utilities}", "{menu: «utilitis}"),
    Slip("a queue is misspelt", "streets:", "{queue: roads}", "{queue: «raods}"),
    Slip("a sub-hotline is misspelt", "queues:", "{sub_hotline: water-bureau}", "{sub_hotline: «water-bureu}"),
    Slip("the fallback is misspelt", "fallback:", "duty", "«dutty"),
    Slip("the entry is misspelt", "entry:", "main", "«mian"),
    Slip(
        "a queue is named that is a sub-hotline",
        "menus:",
        "{sub_hotline: greening-bureau}",
        "{queue: «greening-bureau}",
    ),
    Slip("a destination has a hyphen", "menus:", "{sub_hotline: greening-bureau}", "{«sub-hotline: greening-bureau}"),
    Slip("a key has two destinations", "streets:", "{queue: roads}", "{queue: roads, «menu: main}"),
    Slip("a queue repeats a menu", "queues:", "{sub_hotline: greening-bureau}", "«{repeat: true}"),
    Slip("a destination has an unknown language", "main:", "{language: en,", "{language: «eng,"),
    Slip("a destination is only a name", "streets:", "{queue: roads}", "«roads"),
    Slip("a list of codes is misspelt", "queues:", "{list: work}", "{list: «wrok}"),
    # ways
    Slip(
        "no key leads to a menu any more",
        "main:",
        '"3": {menu: streets}',
        '"3": {queue: roads}',
        (("menus:", "  streets:", "  «streets:"),),
    ),
    Slip(
        "silence repeats a menu for ever",
        "main:",
        "no_input: {repeat: 0, then: {queue: general}}",
        "no_input: {repeat: 0, then: «{repeat: true}}",
    ),
    Slip(
        "silence leads back to the same menu",
        "streets:",
        "no_input: {repeat: 0, then: {queue: general}}",
        "no_input: {repeat: 0, then: «{menu: streets}}",
    ),
    Slip(
        "silence ends the call",
        "utilities:",
        "no_input: {repeat: 0, then: {queue: general}}",
        "no_input: {repeat: 0, then: «{hangup: true}}",
    ),
    Slip(
        "a department fails to itself",
        "water-bureau:\n",
        "failed: {queue: general}",
        "failed: «{sub_hotline: water-bureau}",
    ),
    Slip("a full queue overflows into itself", "waiting: 50", "then: {hangup: true}", "then: «{queue: general}"),
    Slip(
        "a queue and a department send calls to each other",
        "queues:",
        "10m, then: {sub_hotline: duty}",
        "10m, then: «{sub_hotline: greening-bureau}",
    ),
    Slip(
        "no person is under 0",
        "utilities:",
        '      "0": {queue: general}\n',
        "",
        (("menus:", "  utilities:", "  «utilities:"),),
    ),
    Slip("0 leads to a menu", "utilities:", '"0": {queue: general}', '"0": «{menu: main}'),
    Slip("a step begins after the callers have left", "queues:", "after: 60s", "after: «360s"),
    # numbers
    Slip("a department has a phone that is not there", "sub_hotlines:", 'dial: "2202"', 'dial: «"2204"'),
    Slip("a department has a number that nobody can dial", "sub_hotlines:", 'dial: "2202"', 'dial: «"22+02"'),
    Slip("an extension is given twice", "queues:", 'extension: "6002"', 'extension: «"6001"'),
    Slip("an extension is an agent's id", "agents:", 'id: "1004"', 'id: «"6004"', file=AGENTS),
    Slip("a number has a letter", "numbers:", '"12319"', '«"1231g"'),
    Slip("an agent's id is given twice", "agents:", 'id: "1004"', 'id: «"1003"', file=AGENTS),
    Slip("an agent's id has a letter", "agents:", 'id: "1005"', 'id: «"1oo5"', file=AGENTS),
    # values
    Slip("a duration has no unit", "main:", "wait: 5s", "wait: «5"),
    Slip("a duration has a Chinese unit", "queues:", "waited: 5m", "waited: «5分钟"),
    Slip("a duration is too long", "main:", "wait: 5s", "wait: «5m"),
    Slip("a level is too high", "queues:", "needs: {greening: 3}", "needs: {greening: «6}"),
    Slip("nobody has the level", "general:\n    name", "needs: {general: 1}", "«needs: {general: 5}"),
    Slip("a skill of a queue is misspelt", "water:\n    name", "needs: {water: 3}", "«needs: {watter: 3}"),
    Slip("a skill of an agent is misspelt", "agents:", "{gas: 4,", "{«gsa: 4,", file=AGENTS),
    Slip("an agent speaks an unknown language", "agents:", "languages: [zh, en]", "languages: [zh, «eng]", file=AGENTS),
    Slip("a strategy is misspelt", "queues:", "longest-idle", "«longest-idel"),
    Slip("a key of a queue's settings is misspelt", "water:\n    name", "relax:", "«relaks:"),
    Slip("a key of the hotline is misspelt", "goodbye:", "goodbye", "«goodby"),
    Slip(
        "relaxing steps are in the wrong order",
        "queues:",
        "after: 30s",
        "after: 90s",
        (("queues:", "relax:", "«relax:"),),
    ),
    Slip("an announcement comes too often", "queues:", "every: 30s", "every: «3s"),
    Slip("a percentage is too high", "queues:", "percent: 80", "percent: «180"),
    Slip("a way out has two conditions", "queues:", "{waited: 5m,", "«{waited: 5m, waiting: 9,"),
    Slip("a time zone does not exist", "timezone:", "Asia/Shanghai", "«Asia/Peking"),
    Slip("a language is given twice", "languages:", "[zh, en]", "[zh, en, «zh]"),
    Slip("a name has a sign that phones read as a command", "queues:", "zh: 供水", 'zh: «"供水<急>"'),
    Slip(
        "a password is weak",
        "agents:",
        "languages: [zh, en]}",
        "languages: [zh, en], password: «12345678}",
        file=AGENTS,
    ),
    # YAML
    Slip("a key is given twice", "streets:", '"2": {queue: traffic}', '«"1": {queue: traffic}'),
    Slip("a star has no quotation marks", "streets:", '"*": {repeat: true}', "«*: {repeat: true}"),
    Slip("a hash has no quotation marks", "streets:", '"#": {menu: main}', "«#: {menu: main}"),
    Slip("a colon is full-width", "main:", "wait: 5s", "«wait：5s"),
    Slip("a line is indented by a tab", "main:", "    wait: 5s", "«\twait: 5s"),
    Slip("a bracket is missing", "streets:", '"2": {queue: traffic}', '«"2": {queue: traffic'),
    Slip("a quotation mark is missing", "queues:", 'extension: "6002"', '«extension: "6002'),
    Slip("a comma is missing", "queues:", "{percent: 80, within", "«{percent: 80 within"),
    # what nobody can see from the files alone
    Slip("a department's phone is another department's", "sub_hotlines:", 'dial: "2202"', 'dial: «"2201"'),
]

NOT_FOUND = {
    "a department's phone is another department's": "both are phones of departments, and nothing says whose is whose",
}
"""Slips that `check` cannot find in the right line, each with the reason."""


def made(folder: Path, slip: Slip) -> tuple[tuple[Problem, ...], int]:
    """What is found in the sample with the slip, and the line where it should be."""
    shutil.copytree(SAMPLE, folder, dirs_exist_ok=True)
    text, line = slip.made((folder / slip.file).read_text(encoding="utf-8"))
    (folder / slip.file).write_text(text, encoding="utf-8")
    return load(folder, trunk=False).problems, line


@pytest.mark.parametrize("slip", SLIPS, ids=str)
def test_a_slip_is_found_in_its_line(tmp_path: Path, slip: Slip) -> None:
    problems, line = made(tmp_path, slip)
    lines = [(problem.file, problem.line) for problem in problems]
    assert ((slip.file, line) in lines) is (slip.name not in NOT_FOUND)
    chinese = [translated(problem, "zh") for problem in problems]
    assert [problem for problem, other in zip(problems, chinese, strict=True) if problem.message == other.message] == []
    assert [problem for problem, other in zip(problems, chinese, strict=True) if problem.hint == other.hint] == []


def test_forty_eight_of_fifty_are_found() -> None:
    names = {slip.name for slip in SLIPS}
    assert len(names) == len(SLIPS) >= 50
    assert set(NOT_FOUND) <= names
    assert len(NOT_FOUND) / len(SLIPS) <= 2 / 50
