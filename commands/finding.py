"""One thing that `./wutong doctor` has looked at."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """`odd` works, but somebody should know; `wrong` does not work. `chinese`: the sentence in that language, for the
    console; what another program said stays as it was.
    """

    level: Literal["right", "odd", "wrong"]
    what: str
    sentence: str
    chinese: str
