"""A sentence: English text that knows its parts."""

import copy
import pickle

import pytest

from sentences.languages import said
from sentences.sentence import Sentence, changed

NO_MENU = Sentence("there is no {kind} {name}", kind=Sentence("menu"), name="'watr'")


def test_it_is_its_english_text() -> None:
    assert NO_MENU == "there is no menu 'watr'"
    assert (NO_MENU.template, NO_MENU.fields["name"]) == ("there is no {kind} {name}", "'watr'")


def test_a_part_may_be_a_sentence() -> None:
    assert said(NO_MENU, "zh") == "没有菜单 'watr'"
    assert said(NO_MENU, "en") is NO_MENU


def test_words_in_it_are_no_template_and_no_sentence() -> None:
    odd = Sentence("there is no {kind} {name}", kind=Sentence("queue"), name="'{kind} menu'")
    assert odd == "there is no queue '{kind} menu'"
    assert said(odd, "zh") == "没有队列 '{kind} menu'"


def test_numbers_are_formatted_in_each_language() -> None:
    assert said(Sentence("{count:,} agents", count=5001), "zh") == "有 5,001 位坐席"
    assert said(Sentence("{name!r} is missing", name="entry"), "zh") == "缺少 'entry'"


def test_an_error_says_the_sentence_that_it_was_raised_with() -> None:
    assert said(str(ValueError(NO_MENU)), "zh") == "没有菜单 'watr'"


@pytest.mark.parametrize("copied", [copy.deepcopy(NO_MENU), pickle.loads(pickle.dumps(NO_MENU))])  # noqa: S301
def test_a_copy_is_the_same(copied: Sentence) -> None:
    assert (copied, said(copied, "zh")) == (NO_MENU, "没有菜单 'watr'")


def test_the_words_in_it_are_changed_at_every_depth() -> None:
    outer = Sentence("{file}: {why}", file="a/b", why=Sentence("cannot be read: {why}", why="a/c"))
    hidden = changed(outer, lambda words: words.replace("a/", ""))
    assert (hidden, said(hidden, "zh")) == ("b: cannot be read: c", "b：无法读取：c")
    assert changed("a/b", str.upper) == "A/B"


def test_what_no_catalogue_has_stays_english() -> None:
    assert said(Sentence("nobody " + "wrote {this}", this="that"), "zh") == "nobody wrote that"
