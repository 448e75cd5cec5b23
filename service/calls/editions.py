"""The edition in use, and which one a new call gets. A live call keeps its own."""

from dataclasses import dataclass

from service.calls.edition import Edition


@dataclass(eq=False)
class Editions:
    """`in_use`: what was published last."""

    in_use: Edition

    def of_new_call(self, caller: str) -> Edition:
        """The one for a call that begins now. `caller`: the number, "" if it is withheld."""
        return self.in_use
