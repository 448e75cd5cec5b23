"""What is said otherwise in two texts, in sentences, in Chinese and English. Pure."""

from collections.abc import Iterator

from hotline.inwords import either, language_in_words, quoted
from sounds.model import EVERY, Texts

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
