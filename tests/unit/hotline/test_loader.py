"""Loading a folder: the sample is clean, mistakes have their spots and come all at once, and nothing crashes it."""

import os
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotline.files import LARGEST
from hotline.graph import ways
from hotline.loader import Loaded, load
from hotline.model import BREAKS
from hotline.problem import Level, Problem
from hotline.texts import every_text
from ivr.model import ToMenu, ToQueue, ToSubHotline
from tests.unit.hotline.folders import AGENTS, GENERAL, HOTLINE, loaded, marks, small

SAMPLE = Path(__file__).parents[3] / "examples" / "12319"


def test_the_sample_is_clean() -> None:
    sample = load(SAMPLE)
    assert sample.problems == ()
    assert sample.hotline is not None
    assert sample.hotline.id == "12319"
    assert len(sample.hotline.queues) == 8
    assert len(sample.hotline.agents) == 15


def test_every_queue_of_the_sample_has_an_end_and_offers_a_key() -> None:
    hotline = load(SAMPLE).hotline
    assert hotline is not None
    for queue in hotline.queues.values():
        assert any(rule.waited is not None for rule in queue.overflow), queue.id
        assert queue.announce is not None
        said = queue.announce.messages[0]
        assert ("井号" in said["zh"], "hash" in said["en"], queue.keys) == (True, True, {"#": ToMenu(menu="main")})
    # from the last queue no caller comes back into a queue
    overflow = {queue: [rule.then for rule in hotline.queues[queue].overflow] for queue in hotline.queues}
    assert ToSubHotline(sub_hotline="duty") in overflow["general"]
    assert not any(isinstance(then, ToQueue) for then in overflow["general"])
    assert not isinstance(hotline.sub_hotlines["duty"].failed, ToQueue)


def test_the_small_hotline_is_clean(tmp_path: Path) -> None:
    whole = loaded(tmp_path, small())
    assert whole.problems == ()
    assert whole.hotline is not None
    assert whole.hotline.folder == tmp_path
    greening = whole.hotline.queues["greening"]
    assert [step.after for step in greening.relax] == [30.0, 60.0]
    assert greening.overflow[0].waited == 300.0
    assert greening.overflow[0].then == ToSubHotline(sub_hotline="bureau")
    assert whole.hotline.menus["water"].keys["0"] == ToQueue(queue="general")
    assert whole.hotline.agents["1002"].languages == ("zh", "en"), "left out: all of the hotline's"


@pytest.mark.parametrize(
    ("written", "announce", "said"),
    [
        ("{announce: true}", True, None),
        ("{say: {zh: 有人旁听, en: Somebody listens}}", True, {"zh": "有人旁听", "en": "Somebody listens"}),
        ("{announce: false, say: 有人旁听}", False, {"*": "有人旁听"}),
    ],
)
def test_the_sign_that_somebody_listens(tmp_path: Path, written: str, announce: bool, said: dict[str, str]) -> None:
    hotline = loaded(tmp_path, small(("entry: main", f"entry: main\nlistening: {written}"))).hotline
    assert hotline is not None
    assert hotline.listening is not None
    assert (hotline.listening.announce, hotline.listening.say) == (announce, said)
    assert (said in every_text(hotline)) == (said is not None), "its clip is built"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("{announced: true}", "unknown-key"),
        ("{announce: sometimes}", "bad-value"),
        ("{say: {zh: 有人旁听}}", "missing-translation"),
        ("{say: {zh: 有人旁听, en: 🙂}}", "unspeakable"),
    ],
)
def test_what_is_wrong_with_that_sign(tmp_path: Path, written: str, code: str) -> None:
    problems = loaded(tmp_path, small(("entry: main", f"entry: main\nlistening: {written}"))).problems
    assert [problem.code for problem in problems] == [code]


def test_when_an_agent_without_a_phone_is_away(tmp_path: Path) -> None:
    for changes, seconds in (((), 30.0), ((("entry: main", "entry: main\naway_after: 1.5m"),), 90.0)):
        hotline = loaded(tmp_path, small(*changes)).hotline
        assert hotline is not None
        assert hotline.away_after == seconds


def test_a_break_may_have_a_limit_that_counts_for_each_of_its_names(tmp_path: Path) -> None:
    lines = "entry: main\nbreaks: {lunch: {zh: 用餐, en: Lunch}}\nbreak_limits: {lunch: 45m}"
    hotline = loaded(tmp_path, small(("entry: main", lines))).hotline
    assert hotline is not None
    assert hotline.limits_by_reason == {"lunch": 2_700.0, "用餐": 2_700.0, "Lunch": 2_700.0}


def test_numbers_that_agents_may_call_have_names(tmp_path: Path) -> None:
    lines = 'entry: main\noutside_numbers:\n  "110": {zh: 公安, en: Police}\n  "02112345678": 市容'
    whole = loaded(tmp_path, small(("entry: main", lines)))
    assert whole.problems == ()
    assert whole.hotline is not None
    assert whole.hotline.outside_numbers == {"110": {"zh": "公安", "en": "Police"}, "02112345678": {"*": "市容"}}
    assert {"110", "02112345678"} <= whole.hotline.own_numbers


def test_how_long_an_agent_is_awaited_whose_browser_is_gone(tmp_path: Path) -> None:
    for changes, seconds in (((), 10.0), ((("entry: main", "entry: main\nagent_back: 0s"),), 0.0)):
        hotline = loaded(tmp_path, small(*changes)).hotline
        assert hotline is not None
        assert hotline.agent_back == seconds


def test_one_text_stands_for_every_language(tmp_path: Path) -> None:
    one = loaded(tmp_path, small(("greeting: {zh: 您好, en: Welcome}", "greeting: Ni hao")))
    assert one.problems == ()
    assert one.hotline is not None
    assert one.hotline.greeting == {"*": "Ni hao"}


def test_what_a_waiting_caller_hears_and_may_press(tmp_path: Path) -> None:
    settings = (
        "    priority_class: 2\n"
        "    announce: {every: 30s, messages: [请稍候, {zh: 也可以按1或2, en: Or press 1 or 2}]}\n"
        '    keys: {"1": {say: {zh: 好, en: Well}, then: {menu: main}}, 2: {sub_hotline: bureau}}\n\n'
    )
    whole = loaded(tmp_path, small((GENERAL, GENERAL[:-1] + settings)))
    assert whole.problems == ()
    assert whole.hotline is not None
    general = whole.hotline.queues["general"]
    assert general.priority_class == 2
    assert general.announce is not None
    assert general.announce.messages == ({"*": "请稍候"}, {"zh": "也可以按1或2", "en": "Or press 1 or 2"})
    assert general.keys["2"] == ToSubHotline(sub_hotline="bureau")
    assert ToMenu(menu="main") in [way.destination for way in ways(whole.hotline)], "behind the message of a key"
    texts = list(every_text(whole.hotline))
    assert all(text in texts for text in (*general.announce.messages, {"zh": "好", "en": "Well"}))


def test_numbers_need_no_quotation_marks(tmp_path: Path) -> None:
    changes = [('numbers: ["12319"]', "numbers: [012319]"), ('"1": {queue: greening}', "1: {queue: greening}")]
    plain = loaded(tmp_path, small(*changes))
    assert plain.problems == ()
    assert plain.hotline is not None
    assert plain.hotline.numbers == ("012319",)
    assert plain.hotline.menus["main"].keys["1"] == ToQueue(queue="greening")


def test_aliases_save_writing(tmp_path: Path) -> None:
    changes = [
        (
            "    no_input: {repeat: 1, then: {queue: general}}\n",
            "    no_input: &person {repeat: 1, then: {queue: general}}\n",
        ),
        ("    invalid: {repeat: 1, then: {queue: general}}\n", "    invalid: *person\n"),
    ]
    assert loaded(tmp_path, small(*changes)).problems == ()


def test_a_problem_says_where_what_and_what_to_do() -> None:
    problem = Problem(
        Level.ERROR, "dangling", "hotline.yaml", 12, 5, "there is no queue 'watr'", "did you mean 'water'?"
    )
    assert str(problem) == "hotline.yaml:12:5: error: there is no queue 'watr' — did you mean 'water'?"


def test_every_problem_comes_at_once_in_the_order_of_the_files(tmp_path: Path) -> None:
    texts = small(
        ('"1": {queue: greening}', '"1": {queue: «greenin}'),
        ("    wait: 5s\n", "    «wayt: 5s\n    wait: «5\n"),
        ('"1": {sub_hotline: bureau}', '"1": {sub_hotline: bureau}\n      «"1": {queue: general}'),
        ("  general:\n    name:", "  «lonely:\n    name: x\n    needs: {general: 1}\n  general:\n    name:"),
        ("timezone: Asia/Shanghai", "timezone: «Asia/Shanghay"),
        ("needs: {greening: 3}", "needs: {greening: «7}"),
        agents=(("name: 综合一席, ", "«nmae: 综合一席, "), ('id: "1001"', 'id: «"12319"')),
    )
    found = loaded(tmp_path, texts)
    assert found.hotline is None
    expected = [piece for name, text in texts.items() for piece in marks(name, text)]
    assert [(problem.file, problem.line, problem.column) for problem in found.problems] == expected
    assert [problem.code for problem in found.problems] == [
        "unknown-timezone",
        "dangling",
        "unknown-key",
        "bad-duration",
        "duplicate-key",
        "out-of-range",
        "unreachable",
        "duplicate-number",
        "unknown-key",
    ]


# --- files that cannot be read ---------------------------------------------------------------------------------------


def test_a_missing_folder(tmp_path: Path) -> None:
    found = load(tmp_path / "nowhere")
    assert [problem.code for problem in found.problems] == ["missing-file"]
    assert "nowhere" in found.problems[0].message


def test_a_file_instead_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "hotline.yaml").write_text(HOTLINE, encoding="utf-8")
    (problem,) = load(tmp_path / "hotline.yaml").problems
    assert problem.code == "missing-file"
    assert problem.message.endswith("hotline.yaml is a file")
    assert problem.hint.startswith("give the folder")


def test_a_missing_file_does_not_hide_the_mistakes_of_the_other(tmp_path: Path) -> None:
    (tmp_path / "agents.yaml").write_text(AGENTS.replace("name: 综合一席", "nmae: x"), encoding="utf-8")
    assert [(problem.file, problem.code) for problem in load(tmp_path).problems] == [
        ("hotline.yaml", "missing-file"),
        ("agents.yaml", "unknown-key"),
    ]
    (tmp_path / "hotline.yaml").write_text(HOTLINE.replace("{queue: greening}", "{queue: greenin}"), encoding="utf-8")
    (tmp_path / "agents.yaml").unlink()
    assert [(problem.file, problem.code) for problem in load(tmp_path).problems] == [
        ("hotline.yaml", "dangling"),
        ("agents.yaml", "missing-file"),
    ]


@pytest.mark.parametrize(
    ("data", "code", "line", "column"),
    [
        (b"", "empty-file", 1, 1),
        (b"# nothing but words\n", "empty-file", 1, 1),
        (b"- a list\n", "bad-value", 1, 1),
        (b"hotline: a\nname: \xff\n", "bad-encoding", 2, 7),
        (b"hotline: a\nname: \x00\n", "bad-yaml", 2, 7),
        (b"hotline: a\n\tname: b\n", "bad-yaml", 2, 1),
        (b"hotline: [a\nname: b\n", "bad-yaml", 1, 10),
        (b"hotline: a\n---\nname: b\n", "many-documents", 2, 1),
        (b"x" * (LARGEST + 1), "too-large", 1, 1),
    ],
)
def test_a_file_that_is_no_hotline(tmp_path: Path, data: bytes, code: str, line: int, column: int) -> None:
    (tmp_path / "hotline.yaml").write_bytes(data)
    (tmp_path / "agents.yaml").write_text(AGENTS, encoding="utf-8")
    found = load(tmp_path)
    assert found.hotline is None
    assert [(p.file, p.code, p.line, p.column) for p in found.problems] == [("hotline.yaml", code, line, column)]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "hotline.yaml")
    (tmp_path / "agents.yaml").mkdir()
    assert [(p.file, p.code) for p in load(tmp_path).problems] == [
        ("hotline.yaml", "missing-file"),
        ("agents.yaml", "missing-file"),
    ]


def test_a_byte_order_mark_is_no_problem(tmp_path: Path) -> None:
    (tmp_path / "hotline.yaml").write_text(HOTLINE, encoding="utf-8-sig")
    (tmp_path / "agents.yaml").write_text(AGENTS, encoding="utf-8")
    assert load(tmp_path).problems == ()


def test_a_recording_that_is_missing_is_named(tmp_path: Path) -> None:
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "recordings.yaml").write_text("zh:\n  hello.wav: 您好\n", encoding="utf-8")
    found = loaded(tmp_path, small())
    assert found.hotline is None
    assert [(p.file, p.line, p.column, p.code) for p in found.problems] == [
        ("prompts/recordings.yaml", 2, 3, "bad-recording")
    ]


def test_a_password_is_never_shown(tmp_path: Path) -> None:
    texts = small(agents=(("password: correct-horse", 'password: "hunter2;hunter2"'),))
    assert "hunter2" not in "".join(map(str, loaded(tmp_path, texts).problems))
    texts = small(agents=(("password: correct-horse", "password: [hunter2]"),))
    assert "hunter2" not in "".join(map(str, loaded(tmp_path, texts).problems))
    good = loaded(tmp_path, small())
    assert "correct-horse" not in repr(good)


# --- whatever somebody writes ----------------------------------------------------------------------------------------


def sound(found: Loaded) -> None:
    """What holds of every answer."""
    errors = [problem for problem in found.problems if problem.level is Level.ERROR]
    assert (found.hotline is None) == bool(errors)
    for problem in found.problems:
        assert problem.line >= 1
        assert problem.column >= 1
        assert problem.message
        assert problem.hint
        assert "\n" not in str(problem)
        str(problem).encode()


fuzz = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
WORDS = (
    "then",
    "say",
    "queue",
    "menu",
    "repeat",
    "hangup",
    "needs",
    "greening",
    "~",
    "1",
    "5s",
    "-1",
    "true",
    "*",
    "{}",
)


@fuzz
@given(st.binary(max_size=200), st.text(max_size=200))
def test_noise_is_answered_with_problems(tmp_path: Path, noise: bytes, text: str) -> None:
    (tmp_path / "hotline.yaml").write_bytes(noise)
    (tmp_path / "agents.yaml").write_bytes(text.encode("utf-8", "surrogatepass"))
    sound(load(tmp_path))


@fuzz
@given(st.randoms(use_true_random=False), st.integers(1, 6))
def test_a_mangled_hotline_is_answered_with_problems(tmp_path: Path, chance: random.Random, times: int) -> None:
    """Pieces of the small hotline taken out, doubled, or replaced by words that mean something elsewhere."""
    texts = small()
    for _ in range(times):
        name = chance.choice(list(texts))
        text = texts[name]
        start = chance.randrange(len(text))
        stop = min(len(text), start + chance.randint(0, 30))
        piece = chance.choice(("", text[start:stop] * 2, chance.choice(WORDS), "\x07", "&a ", "*a", "\n"))
        texts[name] = text[:start] + piece + text[stop:]
    sound(loaded(tmp_path, texts))


@st.composite
def values(draw: st.DrawFn) -> str:
    """Any value in one line of YAML."""
    leaves = st.sampled_from(("~", "x", "5s", "-3s", "true", "1e9", '"\\ud800"', "nan", "general", "2200", "''"))
    keys = st.sampled_from((*WORDS[:7], "id", "name", "zh", "en", "0", "after", "wait", "dial"))
    return draw(
        st.recursive(
            leaves,
            lambda inner: (
                st.lists(inner, max_size=3).map(lambda items: "[" + ", ".join(items) + "]")
                | st.dictionaries(keys, inner, max_size=3).map(
                    lambda items: "{" + ", ".join(f'"{key}": {value}' for key, value in items.items()) + "}"
                )
            ),
            max_leaves=8,
        )
    )


PIECES = [
    *("small", "{zh: 小热线, en: Small}", '["12319"]', "[zh, en]", "Asia/Shanghai", "{zh: 您好, en: Welcome}"),
    *("{sub_hotline: duty}", "{zh: 绿化请按1, en: For greening press 1}", "{queue: greening}", "5s", "{greening: 3}"),
    *("{repeat: true}", "{then: {queue: general}}", '"6001"', "{after: 30s, needs: {greening: 1}}", "30s", "1m"),
    *("{waited: 5m, then: {sub_hotline: bureau}}", '{sub_hotline: bureau}', '"2201"', "{zh: 值班, en: Duty}"),
    *('"1001"', "绿化一席", "{greening: 4, general: 2}", "correct-horse", "[zh, en]"),
]  # fmt: skip


@fuzz
@given(st.lists(st.tuples(st.sampled_from(PIECES), values()), min_size=1, max_size=4))
def test_any_value_anywhere_is_answered_with_problems(tmp_path: Path, changes: list[tuple[str, str]]) -> None:
    texts = {"hotline.yaml": HOTLINE, "agents.yaml": AGENTS}
    for piece, value in changes:
        texts = {name: text.replace(piece, value, 1) for name, text in texts.items()}
    sound(loaded(tmp_path, texts))


def test_why_agents_are_not_ready(tmp_path: Path) -> None:
    own = "entry: main\nbreaks: {lunch: {zh: 用餐, en: Lunch}, briefing: {zh: 班前会, en: Briefing}}"
    for changes, names in (((), list(BREAKS)), ((("entry: main", own),), ["lunch", "briefing"])):
        whole = loaded(tmp_path, small(*changes))
        assert whole.problems == ()
        assert whole.hotline is not None
        assert list(whole.hotline.breaks) == names
