"""Wrap-up codes in hotline.yaml: lists, the queues that use them, and what check says."""

from pathlib import Path

import pytest

from acd.model import CodeRule
from tests.unit.hotline.folders import GENERAL, Case, Change, error, loaded, small, warning

USED: Change = (GENERAL, f"{GENERAL[:-1]}    wrap_up_codes: {{list: work, required: true}}\n\n")


def lists(text: str) -> Change:
    return "queues:\n  greening:", f"wrap_up_codes:\n{text}\nqueues:\n  greening:"


CODES = lists("  work:\n    answered: {zh: 当场答复, en: Answered}\n    12: 转办\n")

CASES = [
    error(
        "dangling",
        "did you mean 'work'?",
        CODES,
        USED,
        ("    extension:", "    wrap_up_codes: {list: «wrk}\n    extension:"),
    ),
    error(
        "dangling",
        "add it under `wrap_up_codes`",
        ("    extension:", "    wrap_up_codes: {list: «work}\n    extension:"),
    ),
    warning("unused-codes", "add `wrap_up_codes: {list: other}`", lists("  «other: {answered: 答复}\n")),
    error("bad-name", "letters, digits and hyphens", lists("  work: {«a b: 答复}\n"), USED),
    error("bad-value", "give at least one", lists("  «work: {}\n"), USED),
    warning("missing-translation", "add `en: …`", lists("  work: {«answered: {zh: 答复}}\n"), USED),
    error("empty-text", "write what is to be said", lists("  work: {answered: {zh: 答复, en: «' '}}\n"), USED),
    error("unknown-language", "use zh or en", lists("  work: {answered: {zh: 答复, en: A, «fr: R}}\n"), USED),
    error("too-long", "80 at most", lists(f"  work: {{answered: {{zh: 答复, en: «{'x' * 81}}}}}\n"), USED),
    error("too-many", "200 at most", lists(f"  «work: {{{', '.join(f'c{n}: 码' for n in range(201))}}}\n"), USED),
    error(
        "unknown-key",
        "did you mean 'required'?",
        CODES,
        (GENERAL, f"{GENERAL[:-1]}    wrap_up_codes: {{list: work, «require: true}}\n\n"),
    ),
    error("duplicate-key", "keep one", lists("  work: {answered: 一, «answered: 二}\n"), USED),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_mistake_is_found_where_it_is(tmp_path: Path, case: Case) -> None:
    case.prove(tmp_path)


def test_lists_queues_and_their_codes(tmp_path: Path) -> None:
    found = loaded(tmp_path, small(CODES, USED))
    assert found.problems == ()
    assert found.hotline is not None
    general = found.hotline.queues["general"]
    assert (general.wrap_up_codes, general.needs_code) == (CodeRule(list="work", required=True), True)
    assert list(found.hotline.codes_of("general").items()) == [
        ("answered", {"zh": "当场答复", "en": "Answered"}),
        ("12", {"*": "转办"}),
    ]
    assert (found.hotline.queues["greening"].needs_code, found.hotline.codes_of("greening")) == (False, {})
    assert found.hotline.codes_of("water") == found.hotline.codes_of(None) == {}


def test_a_code_is_not_spoken(tmp_path: Path) -> None:
    found = loaded(tmp_path, small(lists("  work: {ok: 👍}\n"), USED))
    assert found.problems == ()
