"""A very large hotline, 500 menus and 50 queues, is checked within 2 s."""

import time

from hotline.check import check
from hotline.document import read
from hotline.draft import understand
from sounds.phrases import LANGUAGES

MENUS, QUEUES, AGENTS = 500, 50, 500
BELOW = 3
"""Menus below each menu."""

HEAD = """\
hotline: big
name: {zh: 大, en: Big}
numbers: ["12319"]
languages: [zh, en]
timezone: Asia/Shanghai
greeting: {zh: 您好, en: Welcome}
goodbye: {zh: 再见, en: Goodbye}
entry: m0
fallback: {sub_hotline: duty}
sub_hotlines:
  duty: {name: {zh: 值班, en: Duty}, dial: "2200"}
"""


def menu(number: int) -> str:
    below = [below for below in range(BELOW * number + 1, BELOW * number + BELOW + 1) if below < MENUS]
    subjects = range(1, len(below) + 2)
    zh = "".join(f"事项{subject}请按{subject}，" for subject in subjects)
    en = "".join(f"For this subject, press {subject}. " for subject in subjects)
    keys = "".join(f'      "{key}": {{menu: m{to}}}\n' for key, to in enumerate(below, 1))
    return (
        f"  m{number}:\n    say:\n      zh: For English, press 8. {zh}人工服务请按0，返回请按井号键。\n"
        f"      en: {en}To talk to a person, press 0. To go back, press hash. For Chinese, press 9.\n    keys:\n{keys}"
        f'      "{len(below) + 1}": {{queue: q{number % QUEUES}}}\n      "0": {{queue: q0}}\n'
        f'      "#": {{menu: m{max(0, number - 1) // BELOW}}}\n      "8": {{language: en, menu: m{number}}}\n'
        f'      "9": {{language: zh, menu: m{number}}}\n'
        "    no_input: {repeat: 1, then: {queue: q0}}\n    invalid: {repeat: 1, then: {queue: q0}}\n"
    )


def queue(number: int) -> str:
    return (
        f'  q{number}:\n    name: {{zh: 队列, en: Queue}}\n    extension: "{6000 + number}"\n'
        f"    needs: {{s{number}: 3}}\n"
        "    announce: {every: 30s, messages: [{zh: 返回请按井号键, en: 'To go back, press hash'}]}\n"
        '    keys: {"#": {menu: m0}}\n    overflow:\n      - {nobody_signed_in: 10s, then: {sub_hotline: duty}}\n'
        "      - {waited: 5m, then: {sub_hotline: duty}}\n"
    )


def files() -> dict[str, str]:
    menus, queues = "".join(map(menu, range(MENUS))), "".join(map(queue, range(QUEUES)))
    agents = (f'  - {{id: "{1000 + n}", name: 坐席, skills: {{s{n % QUEUES}: 4}}}}\n' for n in range(AGENTS))
    duty = '  - {id: "2200", name: 值班, skills: {}}\n'
    return {
        "hotline.yaml": f"{HEAD}menus:\n{menus}queues:\n{queues}",
        "agents.yaml": f"agents:\n{''.join(agents)}{duty}",
    }


def test_what_check_looks_at_takes_less_than_two_seconds() -> None:
    """Processor time: that of the checks and the proof, which grow with the tree. On two busy cores they take 0.3 s."""
    trees = [read(text.encode(), name)[0] for name, text in files().items()]
    assert trees[0] is not None
    draft, misfits = understand(trees[0], trees[1])
    begun = time.process_time()
    problems = check(draft, ["Asia/Shanghai"], LANGUAGES, trunk=False)
    seconds = time.process_time() - begun
    assert misfits == []
    assert {problem.code for problem in problems} == {"many-levels"}, "27 menus are on level 4"
    assert seconds < 2
