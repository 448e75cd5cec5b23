"""One thing that `./wutong doctor` has looked at."""

from dataclasses import dataclass
from typing import Literal

from sentences.languages import said


@dataclass(frozen=True, slots=True)
class Finding:
    """`odd` works, but somebody should know; `wrong` does not work. `what` and `sentence` are sentences; what another
    program says is in its own language.
    """

    level: Literal["right", "odd", "wrong"]
    what: str
    sentence: str

    def document(self) -> dict[str, str]:
        """For programs, with the sentence in both languages."""
        plain = {"level": self.level, "what": self.what, "sentence": self.sentence}
        return {**plain, "chinese": said(self.sentence, "zh")}
