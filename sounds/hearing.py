"""Judging clips with the recogniser, a program in its own environment (`sounds.recogniser`)."""

from collections.abc import Sequence
from pathlib import Path

from sentences.sentence import Sentence
from sounds.companion import Companion
from sounds.environment import CHECKOUT, CompanionFailed, Environment
from sounds.model import Heard

MEGABYTES = 235
"""The download of its environment."""

_SECONDS = 300.0
_SECONDS_A_CLIP = 30.0
"""Limits for a very busy machine: the program gives way to all other work."""


def recogniser(cache: Path) -> Environment:
    """The recogniser's environment in this cache folder."""
    return Environment(Sentence("recogniser"), CHECKOUT / "locks" / "recogniser.txt", cache, MEGABYTES)


class Recogniser(Companion):
    """The program: `async with Recogniser(environment) as recogniser`."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment, "sounds.recogniser")

    async def judge(self, language: str, clips: Sequence[tuple[Path, str]]) -> list[Heard]:
        """Listen to clips, files of any format and rate, each with its words, all of texts in one language.

        Short ones are heard in a row, with pauses: a clip of one or two words cannot be judged well alone.
        Raises `CompanionFailed`.
        """
        if not self.environment.ready():
            raise CompanionFailed(
                Sentence(
                    "the recogniser is not installed in {folder}: ./wutong test does so", folder=self.environment.folder
                )
            )
        request = {"language": language, "clips": [{"path": str(path), "words": words} for path, words in clips]}
        answer = await self.ask(request, _SECONDS + _SECONDS_A_CLIP * len(clips))
        return [Heard(each["heard"], each["errors"], each["length"], tuple(each["keys"])) for each in answer["clips"]]
