"""Problems in the language of whoever reads them."""

from pathlib import Path

import pytest

from base.phone_passwords import weakness
from hotline.problem import Spot, error, translated
from sentences.languages import said
from sentences.sentence import Sentence
from sounds.reading import unspeakable
from tests.unit.hotline.folders import loaded, small


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        (unspeakable("🙂"), "'🙂' 读不出来：请去掉，或改写成文字"),
        (unspeakable("……"), "'……' 里没有可说的话：请写文字"),
        (weakness("12345", "1001"), "少于 10 个字符"),
    ],
)
def test_what_other_packages_find(english: str, chinese: str) -> None:
    assert said(english, "zh") == chinese


NO_MENU = Sentence("there is no {kind} {name}", kind=Sentence("menu"), name="'watr'")
MEANT = Sentence("did you mean {name!r}?", name="water")


def test_a_problem_as_a_line() -> None:
    problem = error("dangling", Spot("hotline.yaml", 12, 5), NO_MENU, MEANT)
    assert str(problem) == "hotline.yaml:12:5: error: there is no menu 'watr' — did you mean 'water'?"
    chinese = said(problem.words, "zh")
    assert chinese == "hotline.yaml:12:5: 错误: 没有菜单 'watr' — 是不是 'water'？"
    assert translated(problem, "en") is problem


def test_what_the_checks_say_of_a_folder(tmp_path: Path) -> None:
    changes = [
        ("Asia/Shanghai", "Zhonghua"),
        ("wait: 5s", "wait: 2m"),
        ("needs: {greening: 3}", "needs: {greening: x}"),
    ]
    told = [translated(problem, "zh") for problem in loaded(tmp_path, small(*changes)).problems]
    assert [(problem.message, problem.hint) for problem in told] == [
        ("没有时区 'Zhonghua'", "请用 Asia/Shanghai 这样的名称"),
        ("2m 超出范围", "最大 1m"),
        ("这里应写整数，却写了'x'", "请只写数字"),
    ]
