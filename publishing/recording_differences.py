"""Which recorded texts sound different in two hotlines, in sentences, in Chinese and English. Pure.

What a text says is told elsewhere: here only the texts count that both hotlines have.
"""

from collections.abc import Iterator, Sequence

from base.hints import shortened
from hotline.inwords import either, quoted
from hotline.model import Hotline
from hotline.texts import every_text
from sounds.phrases import everything_said

_NAMED = 8
"""Texts that one sentence names."""


def recordings(old: Hotline, new: Hotline, language: str) -> Iterator[str]:
    """One sentence for each way in which texts sound different."""
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
