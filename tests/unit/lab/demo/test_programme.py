from itertools import islice

from lab.demo.programme import CYCLE, PLAN, Scene, programme


def test_a_quarter_of_an_hour_shows_everything_and_it_begins_again() -> None:
    due = list(islice(programme(), 2 * len(PLAN)))
    assert {scene for at, scene in due if at <= 900} == set(Scene)
    assert [at for at, _ in due] == sorted(at for at, _ in due)
    first, again = due[: len(PLAN)], due[len(PLAN) :]
    assert [(at + CYCLE, scene) for at, scene in first] == again
