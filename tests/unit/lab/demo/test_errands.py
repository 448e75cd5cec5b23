from random import Random

import pytest

from base.folders import SAMPLE_HOTLINE
from hotline.loader import load
from hotline.model import Hotline
from ivr.model import ToQueue, ToSubHotline
from lab.demo.errands import ANONYMOUS, GAS, WANTED, caller_number, returning, way


@pytest.fixture(scope="module")
def hotline() -> Hotline:
    loaded = load(SAMPLE_HOTLINE).hotline
    assert loaded is not None
    return loaded


def test_every_errand_leads_somewhere_and_every_queue_gets_callers(hotline: Hotline) -> None:
    ends = {keys: way(hotline, keys).end for keys in WANTED}
    assert [keys for keys, end in ends.items() if end is None] == [""]
    queues = {end.queue for end in ends.values() if isinstance(end, ToQueue)}
    assert queues == hotline.queues.keys()
    assert any(isinstance(end, ToSubHotline) for end in ends.values())


def test_a_way_has_each_menu_and_its_language(hotline: Hotline) -> None:
    taken = way(hotline, "811")
    assert taken.steps == (("main", "zh", "8"), ("main", "en", "1"), ("greening", "en", "1"))
    assert (taken.end, taken.language) == (ToQueue(queue="greening"), "en")
    assert way(hotline, "").steps == (("main", "zh", ""),)
    assert way(hotline, "23").end == ToQueue(queue="gas"), "after a message"


def test_who_smells_gas_comes_to_gas(hotline: Hotline) -> None:
    assert way(hotline, GAS).end == ToQueue(queue="gas")


def test_some_have_called_before() -> None:
    random = Random(1)
    assert returning(random, 0) == 0, "nobody has"
    counts = [returning(random, 1_000) for _ in range(1_000)]
    assert set(counts) <= set(range(1_001))
    assert 600 < counts.count(1_000) < 800


def test_a_number_is_nobodys() -> None:
    assert (caller_number(7), caller_number(10**8 + 7)) == ("00000000007", "00000000007")
    assert caller_number(123).startswith(ANONYMOUS)
