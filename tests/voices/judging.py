"""What a recogniser understands of clips, and what is wrong with it.

The recogniser is Whisper base, by `sounds.hearing`. It hears a clip as a telephone plays it, 8,000 samples a second.
What counts as an error: `sounds.recogniser`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from processes.obtaining import default_cache
from sounds.hearing import Recogniser, recogniser
from sounds.model import Heard
from sounds.phrases import LANGUAGES

WORST = 1 / 3
"""No sentence may have a larger part of it misunderstood: otherwise one bad clip would hide among many good ones."""

SENTENCE = 6
"""Characters or words. Of something shorter one mistake of the recogniser's is too much of it."""

_SHOWN = 15


@dataclass(frozen=True, slots=True)
class Spoken:
    """A clip: a .wav of 8,000 samples a second, with these words of a text in this language."""

    language: str
    words: str
    path: Path


@dataclass(frozen=True, slots=True)
class Judgement:
    """All clips, and what was heard of each."""

    heard: Sequence[tuple[Spoken, Heard]]

    def share(self, language: str) -> float:
        """The part of all characters (Chinese) or words (English) that was misunderstood."""
        of_it = [heard for spoken, heard in self.heard if spoken.language == language]
        return sum(heard.errors for heard in of_it) / max(1, sum(heard.length for heard in of_it))

    def complaints(self, most: float) -> list[str]:
        """What is wrong, if no more than `most` of either language may be misunderstood: nothing if all is well.

        Always wrong are a key or department of a menu that was not heard right, and a sentence that is much worse than
        the rest.
        """
        complaints = [
            f"{language}: {share:.2%} misunderstood, {most:.0%} may be; the worst:\n{self._worst(language)}"
            for language in LANGUAGES
            if (share := self.share(language)) > most
        ]
        for spoken, heard in self.heard:
            complaints += [f"{spoken.language}, {spoken.words[:40]}: {complaint}" for complaint in heard.keys]
            if heard.length >= SENTENCE and heard.errors > WORST * heard.length:
                complaints.append(f"{spoken.language}: {_line(spoken, heard)}")
        return complaints

    def _worst(self, language: str) -> str:
        of_it = [(spoken, heard) for spoken, heard in self.heard if spoken.language == language and heard.errors]
        of_it.sort(key=lambda pair: pair[1].errors, reverse=True)
        return "\n".join(f"  {_line(spoken, heard)}" for spoken, heard in of_it[:_SHOWN])


async def understood(clips: Sequence[Spoken]) -> Judgement:
    """Have them judged. Raises `CompanionFailed`, also when the recogniser is not installed."""
    heard: list[tuple[Spoken, Heard]] = []
    async with Recogniser(recogniser(default_cache())) as judge:
        for language in LANGUAGES:
            of_it = [clip for clip in clips if clip.language == language]
            judged = await judge.judge(language, [(clip.path, clip.words) for clip in of_it])
            heard += zip(of_it, judged, strict=True)
    return Judgement(heard)


def _line(spoken: Spoken, heard: Heard) -> str:
    return f"{heard.errors} of {heard.length}: {spoken.words}\n      was heard as: {heard.heard}"
