"""How long texts take to be spoken. Callers do not follow a menu for longer than 20 seconds. Pure."""

import re
from collections.abc import Callable, Iterator

from hotline.draft import Draft
from hotline.problem import Problem, warning
from hotline.texts import placed_texts
from sentences.sentence import Sentence
from sounds.model import EVERY, MARK
from sounds.model import LONGEST as TOO_LONG

LONGEST = 20.0
"""Seconds."""

_START, _HAN, _WORD, _PAUSE, _STOP, _MOMENT = 0.4, 0.13, 0.25, 0.45, 0.3, 4.0
"""Seconds that the natural voice takes: measured on the clips that ship, right within a sixth of their length."""

Measured = Callable[[str, str], float | None]
"""Of a language and words: the seconds of their recording or clip; None: there is none, and they are estimated."""


def estimated(words: str) -> float:
    """Seconds that a voice needs for the words, with its pauses."""
    return (
        _START
        + _MOMENT * len(MARK.findall(words))
        + _HAN * len(re.findall(r"[\u3400-\u9fff]", words))
        + _WORD * len(re.findall(r"[0-9]|[^\W\d_\u3400-\u9fff]+(?:['’-][^\W\d_\u3400-\u9fff]+)*", words))
        + _PAUSE * len(re.findall(r"[,，、;；:：]", words))
        + _STOP * len(re.findall(r"[.。!！?？…]", words))
    )


def lengths(draft: Draft, measured: Measured) -> Iterator[Problem]:
    """One problem for each text that takes too long in one of the hotline's languages."""
    for path, texts in placed_texts(draft.hotline):
        for language, words in texts.items():
            if len(words) >= TOO_LONG:
                continue  # that is told
            spoken_in = draft.hotline.languages if language == EVERY else (language,)
            known = [measured(each, words) for each in spoken_in]
            seconds = max((estimated(words) if each is None else each for each in known), default=0.0)
            if seconds > LONGEST:
                spot = draft.spot((*path, language) if language != EVERY else path)
                message = Sentence("this text takes {seconds:.0f} s to say", seconds=seconds)
                if None in known:
                    message = Sentence("this text takes about {seconds:.0f} s to say", seconds=seconds)
                hint = Sentence("callers listen for {seconds:.0f} s: shorten it, or divide the menu", seconds=LONGEST)
                yield warning("long-prompt", spot, message, hint)
