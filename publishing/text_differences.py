"""What is said otherwise in two texts, and which recorded texts sound different, in both languages. Pure."""

from collections.abc import Iterator, Sequence

from base.hints import shortened
from hotline.inwords import either, language_in_words, quoted
from hotline.model import Hotline
from hotline.texts import every_text
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
        name = "" if spoken == EVERY else language_in_words(spoken, language)
        zh_in, en_in = (f"（{name}）", f" in {name}") if name else ("", "")
        if before is None or after is None:
            said = quoted(before or after or "")
            zh = f"{subject}{zh_in}{'不再说' if after is None else '现在说'}{said}"
            yield either(zh, f"{subject} {'no longer' if after is None else 'now'} says{en_in} {said}", language)
            continue
        was, says = (quoted(each) for each in _changed(before, after))
        yield either(
            f"{subject}{zh_in}现在说{says}，原为{was}", f"{subject} now says{en_in} {says}, not {was}", language
        )


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
        yield either("换了录音：", "Another recording is played: ", language) + _named(again, language)
    if come:
        yield either("改用录音：", "A recording is played, not the voice: ", language) + _named(come, language)
    if gone:
        yield either("不再用录音，改由合成语音说：", "The voice speaks, no recording: ", language) + _named(
            gone, language
        )


def _named(texts: Sequence[tuple[str, str]], language: str) -> str:
    """The texts, the first of them by their words."""
    said = either("、", ", ", language).join(quoted(shortened(words)) for _, words in texts[:_NAMED])
    more = len(texts) - _NAMED
    return said if more <= 0 else either(f"{said}，还有 {more} 条", f"{said} and {more} more", language)
