"""A property: what must hold whatever is drawn. Hypothesis draws, and makes a failing example small."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import SearchStrategy

LONGEST_VALUE = 4_000
"""Characters of a failing example that are kept."""


class Broken(AssertionError):
    """A property does not hold. `number`: the seed that draws the same again."""

    def __init__(self, name: str, number: int, story: str) -> None:
        super().__init__(f"{name} does not hold with seed {number}: {story}")
        self.name, self.number, self.story = name, number, story


@dataclass(frozen=True)
class Property:
    """`says`: the sentence that must hold. `holds` raises where it does not; it gets what is `drawn`, by name."""

    name: str
    says: str
    holds: Callable[..., None]
    drawn: Mapping[str, SearchStrategy[Any]]

    def tried(self, number: int, examples: int) -> int:
        """How many examples were tried, of at most `examples`, drawn with the seed `number`. Raises Broken."""
        count = 0
        last: dict[str, Any] = {}

        @seed(number)
        @settings(
            max_examples=examples,
            deadline=None,  # a busy machine says nothing about the code
            database=None,  # the seed alone repeats a failure
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
            print_blob=False,
        )
        @given(**self.drawn)
        def attempt(**drawn: Any) -> None:
            nonlocal count, last
            count += 1
            last = drawn
            self.holds(**drawn)

        try:
            attempt()
        except Unsatisfiable:
            return 0  # nothing can be drawn, as where an HTTP route takes no input that could be wrong
        except Exception as error:
            # Hypothesis runs the smallest failing example last.
            with_ = [f"{name} = {value!r}"[:LONGEST_VALUE] for name, value in last.items()]
            raise Broken(self.name, number, "\n".join([f"{type(error).__name__}: {error}", *with_])) from error
        return count
