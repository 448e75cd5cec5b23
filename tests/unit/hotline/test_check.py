"""Names, texts and languages that do not go together."""

from pathlib import Path

import pytest

from hotline.texts import strange
from tests.unit.hotline.folders import Case, announce, error, keys, loaded, small, warning

CASES = [
    error("dangling", "did you mean 'main'?", ("entry: main", "entry: «mian")),
    error("dangling", "did you mean 'water'?", ("{menu: water}", "{menu: «watr}")),
    error("dangling", "did you mean 'lunch'?", ("entry: main", "entry: main\nbreak_limits: {«lunsh: 45m}")),
    error("dangling", "did you mean 'duty'?", ("{sub_hotline: duty}", "{sub_hotline: «dutty}")),
    error(
        "dangling",
        "'general'",
        (
            "{nobody_signed_in: 10s, then: {queue: general}}",
            "{nobody_signed_in: 10s, then: {say: Hm, then: {queue: «generel}}}",
        ),
    ),
    error(
        "repeat-outside-menu",
        "name a menu",
        ("{waited: 5m, then: {sub_hotline: bureau}}", "{waited: 5m, then: «{repeat: true}}"),
    ),
    error("dangling", "did you mean 'water'?", keys('"1": {menu: «watr}')),
    error("dangling", "'general'", keys('"1": {say: Hm, then: {queue: «generel}}')),
    error("repeat-outside-menu", "name a menu", keys('"1": «{repeat: true}')),
    error("dangling", "'general'", keys('"1": {message: {queue: «generel}}')),
    error("out-of-range", "10m", keys('"1": {message: {queue: general, limit: «11m}}')),
    warning("missing-translation", "add `en: …`", announce("messages: [{zh: 请稍候, en: Wait}, «{zh: 请稍候}]")),
    warning("other-language", "this under `en`", announce("messages: [{zh: «'请稍候。Please hold on.', en: Wait}]")),
    warning("other-language", "this under `zh`", announce("messages: [{zh: 请稍候, en: «请不要挂机}]")),
    error("empty-text", "write what is to be said", announce("messages: [{zh: 请稍候, en: «' '}]")),
    error("unsafe-name", "leave it out", agents=(("name: 绿化一席", "name: «'Li \"Lu\" <x>'"),)),
    error("unsafe-name", "leave it out", ("entry: main", 'entry: main\noutside_numbers: {"110": {zh: «"<公安>"}}')),
    error("unsafe-name", "leave it out", ("entry: main", "entry: main\nbreaks: {lunch: «用餐;}")),
    error("empty-text", "write what is to be said", ("entry: main", "entry: main\nbreaks: {lunch: «' '}")),
    warning("missing-translation", "add `en: …`", ("entry: main", "entry: main\nbreaks: {«lunch: {zh: 用餐}}")),
    warning("missing-translation", "add `en: …`", ("entry: main", "entry: main\nskills: {«greening: {zh: 绿化}}")),
    warning("unneeded-skill", "did you mean", ("entry: main", "entry: main\nskills: {«greenng: 绿化}")),
    error("unsafe-name", "leave it out", ("entry: main", "entry: main\nskills: {greening: «绿化;}")),
    error("unsafe-name", "leave it out", ("en: Water bureau", 'en: «"Water]\\nexten => bureau;"')),
    error("unsafe-password", "leave it out", agents=(("correct-horse", "«'correct horse'"),)),
    error("unsafe-password", "6 to 128", agents=(("correct-horse", "«'horse'"),)),
    error("unsafe-password", "6 to 128", agents=(("correct-horse", "«'pass#word'"),)),
    error("unsafe-password", "6 to 128", agents=(("correct-horse", f"«{'x' * 129}"),)),
    warning("weak-password", "leave it out", agents=(("correct-horse", "«horses"),)),
    error("unknown-timezone", "Asia/", ("Asia/Shanghai", "«Asia/Peking")),
    error("unknown-language", "did you mean 'en'?", ("en: Welcome", "en: Welcome, «eng: Hello")),
    error("unknown-language", "use zh or en", ("language: en, ", "language: «cn, ")),
    warning(
        "unknown-language", "the hotline has zh or en", agents=(("languages: [zh, en]", "languages: [zh, en, «fr]"),)
    ),
    error("duplicate-language", "keep one of them", ("[zh, en]", "[zh, en, «zh]")),
    warning(
        "unreachable",
        "give a key",
        ('      "8": {language: en, menu: main}\n', ""),
        ("For English press 8. ", ""),
        ("[zh, en]", "[zh, «en]"),
    ),
    warning("missing-translation", "add `en: …`", ("greeting: {zh: 您好, en: Welcome}", "«greeting: {zh: 您好}")),
    error("empty-text", "write what is to be said", ("en: Welcome", "en: «' '")),
    error(
        "empty-text",
        "write what is to be said",
        ("say: {zh: 供水请按1，人工请按0, en: 'For water press 1, for a person 0'}", "«say: {}"),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_mistake_is_found_where_it_is(tmp_path: Path, case: Case) -> None:
    case.prove(tmp_path)


def test_a_language_that_wutong_cannot_speak(tmp_path: Path) -> None:
    found = loaded(tmp_path, small(("languages: [zh, en]", "languages: [zh, en, tlh]")))
    assert [(p.code, p.line, p.column) for p in found.problems] == [("unspoken-language", 4, 21)]


@pytest.mark.parametrize(
    ("section", "line", "many"),
    [
        ("menus", 11, "".join(f"  m{n}: {{say: x}}\n" for n in range(501))),
        ("queues", 33, "".join(f"  q{n}: {{needs: {{general: 1}}}}\n" for n in range(201))),
    ],
)
def test_there_is_an_end_to_how_many(tmp_path: Path, section: str, line: int, many: str) -> None:
    found = loaded(tmp_path, small((f"\n{section}:\n", f"\n{section}:\n{many}")))
    assert ("too-many", line, 1) in [(p.code, p.line, p.column) for p in found.problems]


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("您好，这里是12319。For English, press 8.", "zh", None),
        ("微信支付请用 WeChat Pay。", "zh", None),
        ("Water bureau", "zh", None),
        ("您好。Welcome to the hotline！请按1", "zh", "Welcome to the hotline"),
        ("For water, press 1. 中文请按9.", "en", None),
        ("The Bund, 外滩.", "en", None),
        ("Welcome. 供水请按一。", "en", "供水请按一"),
        ("12319", "en", None),
    ],
)
def test_which_sentence_is_in_another_language(text: str, language: str, found: str | None) -> None:
    assert strange(text, language) == found
