"""A property: what must hold whatever is drawn. Hypothesis draws, and makes a failing example small."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Flaky, HypothesisException, Unsatisfiable
from hypothesis.strategies import SearchStrategy

LONGEST_VALUE = 4_000
"""Characters of a failing example that are kept."""


UNSTEADY = "It did not fail in this way each time."


class Broken(AssertionError):
    """A property does not hold. `number`: the seed that draws the same again."""

    def __init__(self, name: str, number: int, story: str) -> None:
        super().__init__(f"{name} does not hold with seed {number}: {story}")
        self.name, self.number, self.story = name, number, story


class _TimeIsUp(BaseException):
    """Hypothesis lets it through, as it does a Ctrl-C."""


@dataclass(frozen=True)
class Property:
    """`says`: the sentence that must hold. `holds` raises where it does not; it gets what is `drawn`, by name."""

    name: str
    says: str
    holds: Callable[..., None]
    drawn: Mapping[str, SearchStrategy[Any]]

    def tried(self, number: int, examples: int, over: Callable[[], bool] = lambda: False) -> int:
        """How many examples were tried, of at most `examples`, drawn with the seed `number`. Raises Broken.

        over  asked before each example but the first: whether the time for them is over
        """
        count = 0
        failing: tuple[Exception, dict[str, Any]] | None = None
        """The last example that failed. Hypothesis makes it smaller and smaller, and runs the smallest one last."""

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
            nonlocal count, failing
            if count and over():
                raise _TimeIsUp
            count += 1
            try:
                self.holds(**drawn)
            except HypothesisException:
                raise
            except Exception as error:
                failing = error, drawn
                raise

        try:
            attempt()
        except Unsatisfiable:
            return 0  # nothing can be drawn, as where an HTTP route takes no input that could be wrong
        except Flaky as error:  # as where a real hotline takes part
            raise self._broken(number, *(failing or (error, {})), UNSTEADY) from error
        except Exception as error:
            raise self._broken(number, error, failing[1] if failing else {}) from error
        except _TimeIsUp:
            if failing is not None:
                raise self._broken(number, *failing) from None
        return count

    def _broken(self, number: int, error: Exception, drawn: Mapping[str, Any], *more: str) -> Broken:
        with_ = [f"{name} = {value!r}"[:LONGEST_VALUE] for name, value in drawn.items()]
        return Broken(self.name, number, "\n".join([f"{type(error).__name__}: {error}", *with_, *more]))
