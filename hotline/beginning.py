"""The files of a new hotline: small, whole, and with comments that say what to change. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from hotline.schema import documents, modeline

YAML = ("hotline.yaml", "agents.yaml")
SCHEMAS = "schema"
"""The folder of the schemas, for editors."""

MOST_AGENTS = 50

Both = Mapping[str, str]
"""Words in Chinese and in English."""

_SAY: Both = {
    "zh": "人工服务请按0，重听请按星号键。",
    "en": "To talk to a person, press 0. To hear this again, press star.",
}
_CHOOSE: Both = {"zh": "中文请按9。", "en": "For English, press 8."}
"""How the menu in another language offers this one: last, and for those who do not understand the rest."""
_SWITCHES: Both = {"zh": "9", "en": "8"}
_QUEUE: Both = {"zh": "人工服务", "en": "Our staff"}
_DUTY: Both = {"zh": "值班室", "en": "Duty officer"}
_AGENT: Both = {"zh": "坐席{number}", "en": "Agent {number}"}

_TOP: Both = {
    "zh": """\
# 一条小热线：一段菜单，一个队列，一部值班电话。改好以后：./wutong check {folder}
# 每个键的意思和没写出来的键的默认值：docs/hotline-yaml.md。例如开场白用热线的名字，不按键的人转人工。
""",
    "en": """\
# A small hotline: a menu, a queue, a duty phone. After an edit: ./wutong check {folder}
# docs/hotline-yaml.md explains every key, and the defaults of keys that are not here: callers hear the name of the
# hotline as a greeting, and a caller who presses no key reaches a person.
""",
}
_COMMENTS: Mapping[str, Both] = {
    "hotline": {"zh": "简称，用于日志和统计", "en": "a short name, for logs and figures"},
    "numbers": {"zh": "来电人拨打的号码", "en": "what callers dial"},
    "languages": {"zh": "第一种是默认语言", "en": "the first is the default"},
    "timezone": {"zh": "热线所在地的时间", "en": "where the hotline is"},
    "fallback": {"zh": "Wutong 自己不在时响铃", "en": "rings when Wutong itself is away for too long"},
    "keys": {"zh": "每个菜单的0都转人工", "en": "0 is a person, in every menu"},
    "more": {
        "zh": '"1": {queue: greening}    # 新的业务：在 say 里报出按键，在 queues 里加一个队列',
        "en": '"1": {queue: greening}    # a subject: name its key in `say`, and add its queue below',
    },
    "needs": {
        "zh": "agents.yaml 里有这项技能（1 到 5 级）的坐席接听",
        "en": "agents with this skill, level 1 to 5, see agents.yaml",
    },
    "overflow": {"zh": "没有人签入，或等了十分钟", "en": "nobody is signed in, or ten minutes have passed"},
    "dial": {"zh": "agents.yaml 里的话机；其他号码走中继", "en": "a phone of agents.yaml; others go through a trunk"},
}
_AGENTS_TOP: Both = {
    "zh": """\
# 坐席。id 也是话机的用户名和号码。技能从 1 级（略懂）到 5 级（专家）。
# 话机密码自动生成：`up` 以后在状态目录的 secrets.json 里，agents 下面。
""",
    "en": """\
# The agents. `id` is also the user name and the number of the phone. Skills go from 1 (a little) to 5 (an expert).
# The phones' passwords are generated: after `up` they are in secrets.json of the state folder, under `agents`.
""",
}
_AGENTS_DUTY: Both = {
    "zh": "  # 值班电话：不签入也会响铃。没有技能，队列不给它派来电。\n",
    "en": "  # The duty phone. It rings whether signed in or not. Without skills, no queue offers it calls.\n",
}


@dataclass(frozen=True, slots=True)
class Answers:
    """What is asked of whoever begins. `names`: the hotline's name in each of its languages, the default one first."""

    names: Both
    number: str
    timezone: str
    agents: int = 2


def files(answers: Answers, folder: str, comments: str) -> dict[str, str]:
    """The files by their names. `folder` is how the comments call it, `comments` (zh or en) their language."""
    made = {"hotline.yaml": _hotline(answers, folder, comments), "agents.yaml": _agents(answers, comments)}
    schemas = {f"{SCHEMAS}/{name}": text for name, text in documents().items()}
    return {file: f"{modeline(file, SCHEMAS)}\n{text}" for file, text in made.items()} | schemas


def _hotline(answers: Answers, folder: str, comments: str) -> str:
    languages = list(answers.names)
    switches = [f'      "{_SWITCHES[language]}": {{language: {language}, menu: main}}' for language in languages]
    says = [f"      {language}: {_quoted(_say(language, languages))}" for language in languages]
    lines = [
        f"hotline: {_quoted(answers.number.strip('+'))}  # hotline",
        f"name: {_texts(answers.names)}",
        f"numbers: [{_quoted(answers.number)}]  # numbers",
        f"languages: [{', '.join(languages)}]  # languages",
        f"timezone: {answers.timezone}  # timezone",
        "fallback: {sub_hotline: duty}  # fallback",
        "",
        "menus:",
        "  main:",
        "    say:",
        *says,
        "    keys:  # keys",
        '      "0": {queue: general}',
        '      "*": {repeat: true}',
        *(switches if len(languages) > 1 else ()),
        f"      # {_COMMENTS['more'][comments]}",
        "",
        "queues:",
        "  general:",
        f"    name: {_texts(_chosen(_QUEUE, languages))}",
        "    needs: {general: 1}  # needs",
        "    overflow:  # overflow",
        "      - {nobody_signed_in: 0s, then: {sub_hotline: duty}}",
        "      - {waited: 10m, then: {sub_hotline: duty}}",
        "",
        "sub_hotlines:",
        "  duty:",
        f"    name: {_texts(_chosen(_DUTY, languages))}",
        f"    dial: {_quoted(_ids(answers)[0])}  # dial",
    ]
    return _TOP[comments].format(folder=folder) + "\n" + "".join(_commented(line, comments) for line in lines)


def _agents(answers: Answers, comments: str) -> str:
    language = next(iter(answers.names))
    duty, *others = _ids(answers)
    seats = [
        f'  - {{id: "{agent}", name: {_quoted(_AGENT[language].format(number=number))}, skills: {{general: 3}}}}\n'
        for number, agent in enumerate(others, 1)
    ]
    phone = f'  - {{id: "{duty}", name: {_quoted(_DUTY[language])}, skills: {{}}}}\n'
    return "".join([_AGENTS_TOP[comments], "\nagents:\n", *seats, "\n", _AGENTS_DUTY[comments], phone])


def _commented(line: str, comments: str) -> str:
    """The line with the words of its comment, of which it ends with the key."""
    code, mark, key = line.partition("  # ")
    if key not in _COMMENTS:
        return line + "\n"
    return f"{code:<36}  # {_COMMENTS[key][comments]}\n" if mark else f"{code}\n"


def _say(language: str, languages: list[str]) -> str:
    others = [_CHOOSE[other] for other in languages if other != language]
    return (" " if language == "en" else "").join([_SAY[language], *others])


def _ids(answers: Answers) -> list[str]:
    """The duty phone's number, then one for each agent: none of them is the hotline's own."""
    first = next(first for first in (1_000, 2_000) if not first <= _as_number(answers.number) <= first + answers.agents)
    return [str(first + index) for index in range(answers.agents + 1)]


def _as_number(number: str) -> int:
    return int(number) if number.isdecimal() else 0


def _chosen(texts: Both, languages: list[str]) -> Both:
    return {language: texts[language] for language in languages}


def _texts(texts: Both) -> str:
    return "{" + ", ".join(f"{language}: {_quoted(words)}" for language, words in texts.items()) + "}"


def _quoted(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)
