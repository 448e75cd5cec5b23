"""What changes for a caller between two hotlines, in sentences."""

from pathlib import Path

import pytest

from base.folders import SAMPLE_HOTLINE
from hotline.loader import load
from hotline.model import Hotline
from hotline.texts import every_text
from publishing.differences import Difference, differences
from sounds.phrases import everything_said
from tests.unit.hotline.folders import Change, announce, loaded, recorded, small


def hotline(folder: Path, *changes: Change) -> Hotline:
    folder.mkdir(exist_ok=True)
    found = loaded(folder, small(*changes))
    assert found.hotline is not None, found.problems
    return found.hotline


def told(folder: Path, *changes: Change, language: str = "en") -> list[Difference]:
    return differences(hotline(folder / "a"), hotline(folder / "b", *changes), language)


def waiting_key(entries: str) -> Change:
    return "    needs: {general: 1}\n\n", f"    needs: {{general: 1}}\n    keys: {{{entries}}}\n\n"


def surveyed(entries: str) -> Change:
    return "    needs: {general: 1}\n\n", f"    needs: {{general: 1}}\n    survey: {{{entries}}}\n\n"


EVERY_30 = announce("position: true, estimate: true")
SILENT = "    no_input: {repeat: 1, then: {queue: general}}"
BEFORE_SILENT = "before: once more, then the queue general"
NEEDS = "Greening 3, Greening 1 after 30s, General 1 after "
AWAY = "While the service is away for long, calls go to the sub-hotline bureau; before: the sub-hotline duty"
UNANSWERED = (
    "If nobody answers at the sub-hotline bureau, callers come to an apology and the goodbye; before: the queue general"
)
LAST_TIME = "Who rings the queue greening again gets the agent of last time:"
ANNOUNCED = (
    "Waiting callers in the queue general are told their position, the expected wait after 3s, then every 30s; "
    "before: nothing at all"
)
ASKED = (
    "After a talk, callers in the queue general are asked questions with the keys 1-5, 1-2 (50% of them, once in 30d); "
    "before: nothing at all"
)
PRIORITY = ("    needs: {general: 1}\n\n", "    needs: {general: 1}\n    priority: 30s\n    ring: 20s\n\n")


@pytest.mark.parametrize(
    ("change", "sentences"),
    [
        (
            ('"1": {queue: greening}', '"1": {queue: general}\n      "3": {queue: greening}'),
            [
                "Key 1 in the menu main now leads to the queue general, not to the queue greening",
                "Key 3 in the menu main now leads to the queue greening; there was none",
            ],
        ),
        (('      "*": {repeat: true}\n', ""), ["Key * in the menu main is gone; it led to the same menu again"]),
        (
            ("zh: 供水请按1，人工请按0", "zh: 自来水请按1，人工请按0"),
            ["The menu water in Chinese now says “自来水请按1，人工请…”, not “供水请按1，人工请…”"],
        ),
        (("en: Welcome}", "en: Hello}"), ["The greeting in English now says “Hello”, not “Welcome”"]),
        (
            (SILENT, SILENT.replace("1", "0")),
            [
                "Callers who press no key in the menu main hear it no more, then come to the queue general; "
                + BEFORE_SILENT
            ],
        ),
        (("    wait: 5s", "    wait: 4s"), ["The menu main waits 4 s for a key, not 5 s"]),
        (
            ('numbers: ["12319"]', 'numbers: ["12320"]'),
            ["12319 is no longer a number of the hotline", "12320 is a number of the hotline now"],
        ),
        (
            ("{after: 1m, needs: {general: 1}}", "{after: 45s, needs: {general: 1}}"),
            [f"In the queue greening agents with {NEEDS}45s answer; before: {NEEDS}1m"],
        ),
        (
            ("{waited: 5m, then: {sub_hotline: bureau}}", "{waited: 4m, then: {sub_hotline: bureau}}"),
            [
                "The queue greening no longer sends callers on to the sub-hotline bureau after 5m of waiting",
                "The queue greening now sends callers on to the sub-hotline bureau after 4m of waiting",
            ],
        ),
        (
            ("    needs: {greening: 3}", "    needs: {greening: 3}\n    sticky: 24h"),
            [f"{LAST_TIME} within 24h; before: no"],
        ),
        (
            ("    needs: {greening: 3}", "    needs: {greening: 3}\n    sticky: {within: 12h, wait: 20s}"),
            [
                f"{LAST_TIME} within 12h, and waits 20s for this agent; before: no",
            ],
        ),
        (EVERY_30, [ANNOUNCED]),
        (surveyed("say: Rate us, more: [{say: Solved?, keys: 1-2}], share: 50%"), [ASKED]),
        (
            PRIORITY,
            [
                "Callers in the queue general have a head start of 30s, not 0s",
                "In the queue general an agent is rung for 20 s, not 15 s",
            ],
        ),
        (waiting_key('"#": {menu: main}'), ["Key # in the queue general now leads to the menu main; there was none"]),
        (
            ('dial: "2201", failed: {queue: general}', 'dial: "2203"'),
            ["The sub-hotline bureau dials 2203, not 2201", UNANSWERED],
        ),
        (("fallback: {sub_hotline: duty}", "fallback: {sub_hotline: bureau}"), [AWAY]),
        (("timezone: Asia/Shanghai", "timezone: Asia/Tokyo"), ["The setting `timezone` of the hotline is another one"]),
        (('    extension: "6001"\n', '    extension: "6011"\n    whisper: 绿化\n    strategy: random\n'), []),
        (("name: {zh: 小热线, en: Small}", "name: {zh: 小, en: Small}"), []),
    ],
)
def test_a_change_is_a_sentence(tmp_path: Path, change: Change, sentences: list[str]) -> None:
    assert [each.sentence for each in told(tmp_path, change)] == sentences
    chinese = [each.sentence for each in told(tmp_path, change, language="zh")]
    assert len(chinese) == len(sentences)
    assert all(any(character >= "\u4e00" for character in sentence) for sentence in chinese)


def test_another_survey_is_told_question_by_question(tmp_path: Path) -> None:
    old = hotline(tmp_path / "a", surveyed("say: Rate us, more: [{say: Solved?}], thanks: Thanks"))
    new = hotline(tmp_path / "b", surveyed("say: Please rate us, more: [{say: Solved?}], once_in: 0s"))
    asked = "questions with the keys 1-5, 1-5 (100% of them, once in "
    assert [each.sentence for each in differences(old, new, "en")] == [
        f"After a talk, callers in the queue general are asked {asked}0s); before: {asked}30d)",
        "Question 1 of the survey in the queue general now says “Please rate us”, not “Rate us”",
        "The thanks for the survey in the queue general no longer says “Thanks”",
    ]
    chinese = [each.sentence for each in differences(old, new, "zh")]
    assert chinese[1].startswith("队列 general的满意度评价第 1 题")


def test_skills_are_called_by_their_names(tmp_path: Path) -> None:
    """By their own, else by that of the queue of the same name, in the language of the sentences."""
    changed = ("{after: 1m, needs: {general: 1}}", "{after: 1m, needs: {general: 2, trees: 1}}")
    named = ("queues:\n", "skills: {general: {zh: 通用, en: Anything}}\n\nqueues:\n")
    (english,) = told(tmp_path, changed, named)
    (chinese,) = told(tmp_path, changed, named, language="zh")
    assert "Greening 1 after 30s, Anything 2 + trees 1 after 1m answer" in english.sentence
    assert "绿化 1，1m 后 通用 2 + trees 1的坐席接听" in chinese.sentence


def test_what_is_new_and_what_is_gone(tmp_path: Path) -> None:
    menu = "  water:\n    say: {zh: 供水请按1，人工请按0, en: 'For water press 1, for a person 0'}\n"
    renamed = (menu, menu.replace("water:", "taps:"))
    found = told(tmp_path, ('"2": {menu: water}', '"2": {menu: taps}'), renamed)
    assert [(each.node, each.sentence) for each in found] == [
        (("menus", "main"), "Key 2 in the menu main now leads to the menu taps, not to the menu water"),
        (("menus", "water"), "The menu water is gone"),
        (("menus", "taps"), "The menu taps is new"),
    ]


def test_a_long_text_is_told_by_what_changed_in_it(tmp_path: Path) -> None:
    before = load(SAMPLE_HOTLINE).hotline
    assert before is not None
    main = before.menus["main"]
    say = {**main.say, "zh": main.say["zh"].replace("房屋请按4", "住房请按4")}
    after = before.model_copy(update={"menus": {**before.menus, "main": main.model_copy(update={"say": say})}})
    (only,) = differences(before, after, "zh")
    assert (
        only.sentence
        == "菜单 main（中文）现在说“…路和交通请按3，住房请按4，人工服务…”，原为“…路和交通请按3，房屋请按4，人工服务…”"
    )


def test_the_message_of_a_key(tmp_path: Path) -> None:
    before = load(SAMPLE_HOTLINE).hotline
    assert before is not None
    text = (SAMPLE_HOTLINE / "hotline.yaml").read_text(encoding="utf-8")
    agents = (SAMPLE_HOTLINE / "agents.yaml").read_text(encoding="utf-8")
    (tmp_path / "hotline.yaml").write_text(text.replace("If you smell gas", "If there is a smell"), encoding="utf-8")
    (tmp_path / "agents.yaml").write_text(agents, encoding="utf-8")
    after = load(tmp_path).hotline
    assert after is not None
    (only,) = differences(before, after, "en")
    assert only.sentence.startswith(
        "The message at key 3 in the menu utilities in English now says “If there is a smell"
    )


def test_the_same_hotline_has_no_differences(tmp_path: Path) -> None:
    assert told(tmp_path) == []


@pytest.mark.parametrize(
    ("before", "after", "zh", "en"),
    [
        (None, 1, "改用录音：“您好”", "A recording is played, not the voice: “您好”"),
        (1, 2, "换了录音：“您好”", "Another recording is played: “您好”"),
        (1, None, "不再用录音，改由合成语音说：“您好”", "The voice speaks, no recording: “您好”"),
        (1, 1, None, None),
    ],
)
def test_a_recorded_text_that_sounds_different(
    tmp_path: Path, before: int | None, after: int | None, zh: str | None, en: str | None
) -> None:
    for name, sample in (("a", before), ("b", after)):
        hotline(tmp_path / name)
        if sample is not None:
            recorded(tmp_path / name, "您好", sample)
    old, new = (load(tmp_path / name).hotline for name in "ab")
    assert old is not None
    assert new is not None
    for language, said in (("zh", zh), ("en", en)):
        assert [each.sentence for each in differences(old, new, language)] == ([] if said is None else [said])


def test_many_recorded_texts_are_counted(tmp_path: Path) -> None:
    old = hotline(tmp_path / "a")
    texts = sorted(everything_said(every_text(old), old.languages))[:12]
    new = old.model_copy(update={"recorded": dict.fromkeys(texts, "0")})
    (only,) = differences(old, new, "en")
    assert only.sentence.endswith(" and 4 more")
    assert differences(old, new, "zh")[0].sentence.endswith("，另有 4 个")
