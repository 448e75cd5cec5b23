"""Every sentence of `check` is in the catalogue, in both languages, with the same parts."""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from ruamel.yaml import parser, scanner

from agents.passwords import weakness
from base.phone_password import PASSWORD_RULE
from hotline.problem import Spot, error
from hotline.translation import in_chinese, line, translated
from sentences.of_check import SENTENCES
from sounds.reading import unspeakable
from tests.unit.hotline.folders import loaded, small

CHECKOUT = Path(__file__).resolve().parents[3]
PART = re.compile(r"\{([a-z]+)\}")
HAN = re.compile(r"[\u4e00-\u9fff\uff00-\uffef]")

WHOLE = (
    "audio",
    "codes",
    "coverage",
    "document",
    "durations",
    "guidance",
    "hints",
    "lines",
    "numbering",
    "slips",
    "wording",
)
"""Modules of `hotline` in which every text with words is a part of a sentence of `check`."""

SOURCES = [
    *sorted((CHECKOUT / "hotline").glob("*.py")),
    CHECKOUT / "ivr" / "calendars.py",
    CHECKOUT / "ivr" / "hours.py",
    CHECKOUT / "service" / "cli" / "unvoiced.py",
    CHECKOUT / "agents" / "passwords.py",
    CHECKOUT / "sounds" / "recordings.py",
]

TELLING = ("error", "warning", "found", "Finding", "BadDuration", "did_you_mean", "_stop", "misfit", "ValueError")
"""What a sentence is given to."""

NO_SENTENCES = {
    "at least", "at most", "more than", "less than", "stand-ins are valid",
    "block end", "quoted scalar", "end of stream", "node content", "mapping values are not allowed",
    ", or use 7", "add it under `wrap_up_codes`7", "1 text has", "7 texts have",
    "there is no 7 7", "no call can come to the 7 7", "this prompt says 7, which is no key of the 7",
    "add it under `7`7", "7 indented by 7 7 where 7 would fit", "7 7 7 before 7", "take away", "this line is",
    "this line and the 7 below that belong to it are", "nothing uses 7",
    "list the days of 7 under `off` and `working` and write `until: 7`7",
    "mend the menus or the test; 7 shows the way",  # `treetests` says it in both languages
    "are no hours", "is no 7", "there 7 7", "these hours", "this calendar", ", or renew the package holidays",
}  # fmt: skip
"""Parts of sentences, what `slips` looks for in those of the parser, and sentences with a word in place of 7, below."""


def sentences(source: Path) -> Iterator[str]:
    """The texts of a module that are told to administrators, each of their parts replaced by 7."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    whole = source.parent.name not in ("hotline", "ivr") or source.stem in WHOLE
    for part in [tree] if whole else told_in(tree):
        pieces = {id(piece) for node in ast.walk(part) if isinstance(node, ast.JoinedStr) for piece in node.values}
        for node in ast.walk(part):
            if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in documentation | pieces:
                text = written(node)
                if " " in text.strip() and re.search(r"[a-z]{2}", text) and "\\" not in text.replace("\\U", ""):
                    yield text


def told_in(tree: ast.AST) -> Iterator[ast.AST]:
    """The arguments of what tells a problem, and what is called `message` or `hint`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in TELLING:
            yield from node.args
        elif isinstance(node, ast.Assign) and re.search(r"\b(message|hint)\b", ast.unparse(node.targets[0])):
            yield node.value


def written(node: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in node.values)


@pytest.mark.parametrize("source", SOURCES, ids=lambda it: it.stem)
def test_every_sentence_can_be_said_in_chinese(source: Path) -> None:
    said = {sentence: in_chinese(sentence) for sentence in sentences(source) if sentence not in NO_SENTENCES}
    assert [sentence for sentence, chinese in said.items() if not HAN.search(chinese)] == []
    assert [chinese for chinese in said.values() if re.search(r"(?<!/)\b[a-z]{3,} [a-z]{2,}", chinese)] == [], (
        "half of it"
    )
    lost = [sentence for sentence, chinese in said.items() if "7" in sentence and "7" not in chinese]
    assert lost == [], "their parts are lost"


@pytest.mark.parametrize("module", [parser, scanner], ids=lambda it: it.__name__)
def test_what_the_parser_of_yaml_complains_of_can_be_said_in_chinese(module: ModuleType) -> None:
    """Of its errors the third argument is what is wrong."""
    tree = ast.parse(inspect.getsource(module))
    errors = [
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Error")
    ]
    wrong = [node.args[2] for node in errors if len(node.args) > 2]
    said = {" ".join(written(part).split()) for part in wrong if isinstance(part, ast.Constant | ast.JoinedStr)}
    assert len(said) > 5
    assert [sentence for sentence in said if not HAN.search(in_chinese(sentence))] == []


@pytest.mark.parametrize(
    "mistake",
    [
        "nothing is told; add `messages`, or take `announce` out",
        "`first` is longer than `every`: the first word has to come sooner, or with the others",
        "give exactly one of waited, waiting, nobody_signed_in, estimate",
        "put the steps in the order of `after`",
        unspeakable("🙂"),
        unspeakable("Привет"),
        unspeakable("……"),
        weakness("12345", "1001"),
        PASSWORD_RULE,
    ],
)
def test_what_other_packages_say_can_be_said_in_chinese(mistake: str) -> None:
    assert HAN.search(in_chinese(mistake))


def test_both_languages_have_the_same_parts() -> None:
    assert [pair for pair in SENTENCES if set(PART.findall(pair[0])) != set(PART.findall(pair[1]))] == []
    assert [chinese for _, chinese in SENTENCES if not HAN.search(chinese)] == []


def test_no_sentence_is_there_twice() -> None:
    english = [PART.sub("{}", sentence) for sentence, _ in SENTENCES]
    assert [sentence for sentence in english if english.count(sentence) > 1] == []


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("there is no menu 'watr'", "没有菜单 'watr'"),
        ("there is no sub-hotline 'duty'", "没有分热线 'duty'"),
        ("no call can come to the queue 'gas'", "没有来电能到队列 'gas'"),
        ("this prompt says 5, which is no key of the queue", "提示语说了 5，但队列没有这个按键"),
        ("did you mean 'water'?", "是不是 'water'？"),
        ("add it under `queues`, or use a, b or c", "请加在 `queues` 下，或改用 a、b、c"),
        ("6001 is the extension of queue greening already", "6001 已经是队列 greening 的分机号"),
        ("nothing is here where a mapping is expected", "这里应写键值对，却写了空值"),
        ("not valid YAML: mapping values are not allowed here", "YAML 格式不对：这里不能写键值对"),
        ("this password is easy to guess: it has fewer than 10 characters", "这个密码容易被猜中：少于 10 个字符"),
        ("write 5s, 5m or so", "请写 5s、5m 等"),
        ("5,001 agents", "有 5,001 位坐席"),
        ("use at most 1m", "最大 1m"),
        ("use zh or en", "请用 zh、en"),
        ("this text takes about 23 s to say", "这段话大约要说 23 秒"),
        (
            "give a key {language: en, menu: …}, or take the language out",
            "请给一个按键写 {language: en, menu: …}，或去掉这个语言",
        ),
        ("a sentence that nobody has written", "a sentence that nobody has written"),
    ],
)
def test_a_sentence_in_chinese(english: str, chinese: str) -> None:
    assert in_chinese(english) == chinese


def test_words_from_the_file_are_left_alone() -> None:
    assert in_chinese("there is no menu 'a text'") == "没有菜单 'a text'"
    assert (
        in_chinese("there is no queue 'x, which is no key of the menu'") == "没有队列 'x, which is no key of the menu'"
    )


def test_a_problem_as_a_line() -> None:
    problem = error("dangling", Spot("hotline.yaml", 12, 5), "there is no menu 'watr'", "did you mean 'water'?")
    assert line(problem, "en") == str(problem)
    chinese = line(translated(problem, "zh"), "zh")
    assert chinese == "hotline.yaml:12:5: 错误: 没有菜单 'watr' — 是不是 'water'？"
    assert translated(problem, "en") is problem


def test_what_the_checks_say_of_a_folder(tmp_path: Path) -> None:
    changes = [
        ("Asia/Shanghai", "Zhonghua"),
        ("wait: 5s", "wait: 2m"),
        ("needs: {greening: 3}", "needs: {greening: x}"),
    ]
    said = [translated(problem, "zh") for problem in loaded(tmp_path, small(*changes)).problems]
    assert [(problem.message, problem.hint) for problem in said] == [
        ("没有时区 'Zhonghua'", "请用 Asia/Shanghai 这样的名称"),
        ("2m 超出范围", "最大 1m"),
        ("这里应写整数，却写了'x'", "请只写数字"),
    ]
