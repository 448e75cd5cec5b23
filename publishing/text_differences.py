"""What is said otherwise in two texts, and which recorded texts sound different, in both languages. Pure."""

from collections.abc import Iterator, Sequence

from base.hints import shortened, some_of
from hotline.inwords import language_in_words, quoted
from hotline.model import Hotline
from hotline.texts import every_text
from sentences.languages import worded
from sounds.model import EVERY, Texts
from sounds.phrases import everything_said

_CONTEXT = 8
"""Characters that are shown on both sides of what changed in a text."""


def texts(subject: str, old: Texts, new: Texts, language: str) -> Iterator[str]:
    """What is said otherwise, by language, with what changed in it."""
    for spoken in dict.fromkeys((*old, *new)):
        before, after = old.get(spoken), new.get(spoken)
        if before == after:
            continue
        who = subject
        if spoken != EVERY:
            tongue = language_in_words(spoken, language)
            who = worded("{subject} in {tongue}", language, subject=subject, tongue=tongue)
        if after is None:
            yield worded("{who} no longer says {words}", language, who=who, words=quoted(before or ""))
        elif before is None:
            yield worded("{who} now says {words}", language, who=who, words=quoted(after))
        else:
            was, now = (quoted(each) for each in _changed(before, after))
            yield worded("{who} now says {now}, not {was}", language, who=who, now=now, was=was)


def _changed(old: str, new: str) -> tuple[str, str]:
    """The part of two texts in which they differ, with a little around it."""
    start = max(0, _common(old, new) - _CONTEXT)
    tail = max(0, _common(old[start:][::-1], new[start:][::-1]) - _CONTEXT)
    begins, ends = "…" if start else "", "…" if tail else ""
    return f"{begins}{old[start : len(old) - tail]}{ends}", f"{begins}{new[start : len(new) - tail]}{ends}"


def _common(one: str, other: str) -> int:
    """How many characters both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


_NAMED = 8
"""Texts that one sentence names."""


def recordings(old: Hotline, new: Hotline, language: str) -> Iterator[str]:
    """One sentence for each way in which texts sound different that both hotlines have."""
    if old.recorded == new.recorded:
        return
    before, after = (set(everything_said(every_text(each), each.languages)) for each in (old, new))
    both = sorted(before & after)
    was, now = old.recorded, new.recorded
    again = [text for text in both if text in was and text in now and was[text] != now[text]]
    come = [text for text in both if text not in was and text in now]
    gone = [text for text in both if text in was and text not in now]
    if again:
        yield worded("Another recording is played: {texts}", language, texts=_named(again))
    if come:
        yield worded("A recording is played, not the voice: {texts}", language, texts=_named(come))
    if gone:
        yield worded("The voice speaks, no recording: {texts}", language, texts=_named(gone))


def _named(texts: Sequence[tuple[str, str]]) -> str:
    """The texts, the first of them by their words."""
    return some_of([quoted(shortened(words)) for _, words in texts], _NAMED)
