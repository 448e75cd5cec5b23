"""Which numbers may be called, and the tricks of those who want others called."""

import pytest
from pydantic import ValidationError

from hotline.calls_out import Allowed, CallsOut, NotAllowed, alike, goes_abroad, to_dial
from tests.unit.desk import editions
from tests.unit.service.small import hotline

RULE = CallsOut(allowed=("1[3-9]xxxxxxxxx", "021xxxxxxxx"), country="86")
OWN = ("12319", "02187654321", "1001")


@pytest.mark.parametrize(
    ("given", "dial"),
    [
        ("13800138000", "13800138000"),
        (" 138 0013-8000 ", "13800138000"),
        ("+8613800138000", "13800138000"),
        ("+86 (138) 0013.8000", "13800138000"),
        ("008613800138000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("＋８６　138－0013－8000", "13800138000"),
        ("021 5555 5555", "02155555555"),
        ("+862155555555", "02155555555"),
        ("16812345678", "16812345678"),  # a form says what it says
    ],
)
def test_a_citizens_number_is_dialled_however_it_is_written(given: str, dial: str) -> None:
    assert to_dial(given, RULE, OWN).dial == dial


def test_the_number_stays_as_it_was_given_for_the_book_of_calls() -> None:
    assert to_dial("+86 138-0013-8000", RULE, OWN) == Allowed("+8613800138000", "13800138000")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("", "this is none"),
        ("+", "this is none"),
        ("138001380oo", "this is none"),
        ("13800138000@evil", "this is none"),
        ("13800138000,1", "this is none"),
        ("13800138000&PJSIP/x", "this is none"),
        ("138+00138000", "this is none"),
        ("٠١٢٣٤٥٦٧٨٩", "this is none"),  # digits of another script
        ("138001380²⁰", "this is none"),
        ("1" * 21, "this is none"),
        ("*13800138000", "this is none"),
        ("+85212345678", "abroad"),
        ("0085212345678", "abroad"),
        ("+86" + "0085212345678", "does not allow"),
        ("+861" * 3, "this is none"),
        ("12319", "belongs to the hotline"),
        ("+8612319", "belongs to the hotline"),
        ("0086 12319", "belongs to the hotline"),
        ("021-8765 4321", "belongs to the hotline"),
        ("+86 21 8765 4321", "belongs to the hotline"),
        ("1001", "belongs to the hotline"),
        ("110", "does not allow"),
        ("12012345678", "does not allow"),
        ("138001380001", "does not allow"),
        ("1380013800", "does not allow"),
        ("013800138000", "does not allow"),
        ("+86013800138000", "does not allow"),
        ("8613800138000", "does not allow"),
    ],
)
def test_whatever_fits_no_form_is_refused_with_a_sentence(given: str, why: str) -> None:
    with pytest.raises(NotAllowed, match=why):
        to_dial(given, RULE, OWN)


def test_nobody_is_called_without_a_rule_and_countries_are_only_known_where_named() -> None:
    with pytest.raises(NotAllowed, match="calls no citizens"):
        to_dial("13800138000", None, OWN)
    with pytest.raises(NotAllowed, match="abroad"):
        to_dial("+8613800138000", CallsOut(allowed=("1[3-9]xxxxxxxxx",)), OWN)
    assert to_dial("+852 1234 5678", CallsOut(allowed=("00852xxxxxxxx",)), OWN).dial == "0085212345678"


@pytest.mark.parametrize(
    "form", ["12", "x" * 21, "1[9-3]xx", "1[]xx", "13y", "1[3-9", "13 x", "", "+86x", "[1-]xx", "1{3}xx"]
)
def test_a_form_that_says_nothing_clear_is_refused(form: str) -> None:
    with pytest.raises(ValidationError):
        CallsOut(allowed=(form,))


def test_a_citizen_is_known_with_the_code_of_the_country_and_without() -> None:
    assert alike("+8613800138000", RULE) == alike("13800138000", RULE) == {"13800138000", "8613800138000"}
    assert alike("02155555555", RULE) >= {"2155555555", "862155555555"}
    assert alike("13800138000", None) == {"13800138000"}


def test_forms_that_allow_calls_abroad_are_noticed() -> None:
    assert [form for form in ("00x", "xxx", "0[0-3]x", "[01]xx", "01x", "1xx", "[1-9]xx") if goes_abroad(form)] == [
        "00x",
        "xxx",
        "0[0-3]x",
        "[01]xx",
    ]


def test_citizens_see_the_queues_number_or_the_first_of_the_hotline() -> None:
    made = editions().in_use.hotline
    name, queue = next(iter(made.queues.items()))
    other = made.model_copy(update={"queues": {name: queue.model_copy(update={"number": "12320"})}})
    assert (other.shown_for(name), other.shown_for("gone")) == ("12320", hotline().numbers[0])
