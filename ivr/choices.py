"""What a menu's prompt says of its keys: `绿化请按1` → 1: 绿化; `For water, press 2.` → 2: Water. Pure."""

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import groupby

from ivr.model import Menu
from ivr.told import told
from sounds.model import MARK, Texts

_BREAK = re.compile(r"[，。；！？：,.;!?:\n]")
_SENTENCE_END = re.compile(r"[.;!?。；！？\n]")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")

_PLEASE = re.compile(r"(?:请\s*)?(?:直接\s*)?$")
"""What stands before the verb, as in 请直接拨."""

_POLITE = re.compile(r"^(?:如果?|若)?您?(?:需要|需|想要|要)")
"""What stands before the matter itself, as in 如需投诉."""

_MATTER_FIRST = re.compile(r"\b(?:for|to)\s+(.{1,120}?),?\s*(?:\bplease\s*)?$", re.IGNORECASE)
_KEY_FIRST = re.compile(r"^,?\s+(?:for|to)\s+([^,]{1,120})", re.IGNORECASE)


def choice(menu: Menu, key: str) -> Texts:
    """What the prompt says for this key, by language; a language in which it says nothing is left out."""
    said = {language: choices(words).get(key) for language, words in menu.say.items()}
    return {language: words for language, words in said.items() if words is not None}


@lru_cache(maxsize=1_000)
def choices(prompt: str) -> Mapping[str, str]:
    """Key → what the prompt says for it, in the order of the prompt. Of a key that is said twice, the first.

    Keys behind one verb have the same words. Each sentence may be in its own language, and has one order: `For gas,
    press 3` or `Press 3 for gas`. A moment, such as `{closes}`, is not part of the words.
    """
    prompt = MARK.sub("", prompt)
    found: dict[str, str] = {}
    groups = [list(keys) for _, keys in groupby(told(prompt), key=lambda one: one.begin)]
    bounds = [0, *(keys[-1].end for keys in groups)]
    key_first = False
    for index, keys in enumerate(groups):
        following = groups[index + 1][0].begin if index + 1 < len(groups) else None
        before, after = prompt[bounds[index] : keys[0].begin], prompt[keys[-1].end : following]
        verb = prompt[keys[0].begin : keys[0].at]
        if _CHINESE.search(verb or _BREAK.split(before)[-1] + _BREAK.split(after)[0]):
            matter = _in_chinese(before, after)
        else:
            sentence = _SENTENCE_END.split(before)
            if index == 0 or len(sentence) > 1:
                key_first = _MATTER_FIRST.search(sentence[-1]) is None
            matter = _in_english(sentence[-1], after, key_first=key_first, bare=not verb)
        for one in keys if matter else ():
            if len(one.key) == 1:
                found.setdefault(one.key, matter)
    return found


def _in_chinese(before: str, after: str) -> str:
    """The clause that the key ends, else the words behind the key, else the clause before the one with the key."""
    parts = [part.strip() for part in _BREAK.split(_PLEASE.sub("", before))]
    beside = _BREAK.split(after)[0].strip()
    matter = parts[-1] or beside or next((part for part in reversed(parts) if part), "")
    return _POLITE.sub("", matter).strip()


def _in_english(before: str, after: str, *, key_first: bool, bare: bool) -> str:
    """`key_first`: the order of the sentence. `bare`: the key has no verb, as in `Water 2`."""
    behind = _KEY_FIRST.search(_SENTENCE_END.split(after)[0])
    match = behind if key_first else _MATTER_FIRST.search(before) or behind
    if match is None and not bare:
        return ""
    matter = (_BREAK.split(before)[-1] if match is None else match[1]).strip()
    return matter[:1].upper() + matter[1:]
