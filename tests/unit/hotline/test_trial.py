"""Who gets a version on trial, and how much evidence takes it back. With simulated callers."""

import random
from pathlib import Path

import pytest

from hotline.model import Hotline
from hotline.trial import BUCKETS, LEAST, LEVEL, RATIOS, Figures, beyond_trial, bucket, evidence, gets_it, is_worse
from tests.unit.hotline.folders import Change, loaded, small


def test_so_many_of_a_hundred_callers_get_it_and_each_always_the_same() -> None:
    numbers = [f"138{n:08}" for n in range(20_000)]
    for percent in (1, 10, 50):
        chosen = [number for number in numbers if gets_it(bucket("12-abc", number), percent)]
        assert abs(len(chosen) / len(numbers) * 100 - percent) < 1
        assert chosen == [number for number in numbers if gets_it(bucket("12-abc", number), percent)]
    assert gets_it(0, 1)
    assert not gets_it(BUCKETS - 1, 99)


def test_another_trial_has_other_callers() -> None:
    numbers = [f"138{n:08}" for n in range(5_000)]
    both = [n for n in numbers if gets_it(bucket("12-abc", n), 10) and gets_it(bucket("13-def", n), 10)]
    assert 20 < len(both) < 90, "one of a hundred"


def test_the_evidence_is_1_before_anybody_gave_up_and_any_number_of_callers_can_be_judged() -> None:
    assert evidence(10, 0, 0) == 1
    assert evidence(10, 1, 0) > 1 > evidence(10, 0, 1)
    assert evidence(10, 100_000, 0) > 1e100
    assert evidence(10, 0, 100_000) < 1e-9


def test_the_evidence_can_be_recomputed() -> None:
    """Two callers of the trial and one of the rest gave up; half of all are in it."""
    likelihoods = [(ratio / (1 + ratio)) ** 2 * (1 / (1 + ratio)) / 0.5**3 for ratio in RATIOS]
    assert evidence(50, 2, 1) == pytest.approx(sum(likelihoods) / len(likelihoods))


def test_a_fair_coin_gains_nothing_on_average() -> None:
    """The next caller who gives up changes the expected evidence by nothing: it is a martingale."""
    for trial, rest in ((0, 0), (3, 10), (7, 20)):
        after = 0.1 * evidence(10, trial + 1, rest) + 0.9 * evidence(10, trial, rest + 1)
        assert after == pytest.approx(evidence(10, trial, rest))


def test_nothing_is_taken_back_after_a_few_calls() -> None:
    gone = Figures(LEAST - 1, LEAST - 1, LEAST - 1)
    assert not is_worse(10, gone, Figures(170, 0, 0))
    assert is_worse(10, Figures(LEAST, LEAST, LEAST), Figures(170, 0, 0))


def _calls_until_taken_back(chance: random.Random, percent: int, rate: float, ratio: float, most: int) -> int | None:
    """How many calls there were when the trial was taken back. `rate`: of the rest give up."""
    calls, gave_up = [0, 0], [0, 0]
    for count in range(1, most + 1):
        tried = chance.random() * 100 < percent
        calls[tried] += 1
        if chance.random() < rate * (ratio if tried else 1):
            gave_up[tried] += 1
            rest, trial = map(Figures, calls, gave_up, gave_up)
            if is_worse(percent, trial, rest):
                return count
    return None


@pytest.mark.parametrize("percent", [10, 50])
def test_false_alarms_are_as_rare_as_promised(percent: int) -> None:
    chance = random.Random(7)
    runs = [_calls_until_taken_back(chance, percent, 0.1, 1, 6_000) for _ in range(300)]
    assert sum(calls is not None for calls in runs) / len(runs) <= LEVEL


def test_a_doubled_rate_is_found_as_soon_as_the_documentation_says() -> None:
    """One of ten callers gives up, two of ten in the trial: docs/publishing.md has these figures."""
    chance = random.Random(7)
    for percent, half, most in ((10, 1_100, 3_000), (50, 450, 1_200)):
        runs = sorted(_calls_until_taken_back(chance, percent, 0.1, 2, 20_000) or 20_000 for _ in range(150))
        assert runs[75] <= half
        assert runs[135] <= most


def test_a_better_version_is_not_taken_back() -> None:
    chance = random.Random(7)
    assert all(_calls_until_taken_back(chance, 20, 0.1, 0.7, 4_000) is None for _ in range(100))


def hotline(folder: Path, *changes: Change) -> Hotline:
    folder.mkdir(exist_ok=True)
    found = loaded(folder, small(*changes))
    assert found.hotline is not None, found.problems
    return found.hotline


@pytest.mark.parametrize(
    ("change", "beyond"),
    [
        (("en: Welcome}", "en: Hello}"), []),
        (("    wait: 5s", "    wait: 4s"), []),
        (("    needs: {general: 1}\n\n", "    needs: {general: 2}\n\n"), ["queues"]),
        (('numbers: ["12319"]', 'numbers: ["12320"]'), ["numbers"]),
        (('dial: "2201"', 'dial: "2203"'), ["sub_hotlines"]),
    ],
)
def test_what_can_be_on_trial(tmp_path: Path, change: Change, beyond: list[str]) -> None:
    assert beyond_trial(hotline(tmp_path / "a"), hotline(tmp_path / "b", change)) == beyond


def test_agents_cannot_and_their_passwords_do_not_matter(tmp_path: Path) -> None:
    one = hotline(tmp_path / "a")
    without = {name: agent.model_copy(update={"password": None}) for name, agent in one.agents.items()}
    assert beyond_trial(one, one.model_copy(update={"agents": without})) == []
    assert beyond_trial(one, one.model_copy(update={"agents": {}})) == ["agents.yaml"]
