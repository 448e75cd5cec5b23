"""Nodes and destinations in words, in Chinese and English, for administrators. Pure."""

from collections.abc import Mapping

from base.hints import shortened
from ivr.model import (
    KINDS,
    ChooseDistrict,
    Destination,
    HangUp,
    NodeId,
    Repeat,
    Say,
    ToMenu,
    ToQueue,
    ToSubHotline,
)
from sentences.languages import said, worded
from sentences.sentence import joined
from sounds.model import choose

_NODES: Mapping[str, tuple[str, str]] = {
    kind.section: (f"{kind.look.zh} {{}}", f"the {kind.look.en} {{}}") for kind in KINDS.values() if kind.section
} | {"goodbye": ("结束语", "the goodbye")}
_LANGUAGES: Mapping[str, tuple[str, str]] = {"zh": ("中文", "Chinese"), "en": ("英语", "English")}


def either(zh: str, en: str, language: str) -> str:
    """The words of a table for a reader of `language`: Chinese for `zh`, else English."""
    return zh if language == "zh" else en


def capital(words: str) -> str:
    """The words as a sentence begins."""
    return words[:1].upper() + words[1:]


def apart(name: str) -> str:
    """The name before a Chinese particle: after Latin letters and digits there is a space."""
    return f"{name} " if name[-1:].isascii() else name


def node_in_words(node: NodeId, language: str) -> str:
    """`the queue general`, `队列 general`."""
    return either(*_NODES[node[0]], language).format(node[1])


def language_in_words(spoken: str, language: str) -> str:
    """`Chinese`, `中文`; the code of a language that has no name here."""
    return either(*_LANGUAGES.get(spoken, (spoken, spoken)), language)


def quoted(text: str) -> str:
    """The text in the quotation marks of Chinese and English."""
    return f"“{text}”"


def destination_in_words(to: Destination, language: str) -> str:
    """`the menu water`, `a message “…”, then the queue gas`."""
    node = _open_in_words(to, language)
    if to.hours is None or to.closed is None:
        return node
    closed = destination_in_words(to.closed, language)
    return worded("{node} (outside the hours {hours}: {closed})", language, node=node, hours=to.hours, closed=closed)


def _open_in_words(to: Destination, language: str) -> str:
    match to:
        case ToMenu(menu=menu, language=spoken):
            node = node_in_words(("menus", menu), language)
            if spoken is None:
                return node
            name = language_in_words(spoken, language)
            return worded("{node} in {name}", language, node=node, name=name)
        case ToQueue(district=district) | ToSubHotline(district=district):
            node = node_in_words(to.node, language)
            if district is None:
                return node
            return worded("{node} for the district {district}", language, node=node, district=district)
        case ChooseDistrict(district=district, then=then):
            chosen = worded("the district {district}", language, district=district)
            if then is None:
                return chosen
            after = destination_in_words(then, language)
            return worded("{chosen}, then {after}", language, chosen=chosen, after=after)
        case Say(say=texts, then=then):
            text = quoted(shortened(choose(texts, language, "zh")[1], 30))
            after = destination_in_words(then or HangUp(hangup=True), language)
            return worded("a message {text}, then {after}", language, text=text, after=after)
        case HangUp():
            return node_in_words(("goodbye", ""), language)
        case Repeat():
            return worded("the same menu again", language)
        case _ if to.node is not None:
            return node_in_words(to.node, language)
        case _:
            words = either(to.look.zh, to.look.en, language)
            ways = (_way_in_words(to, key, language) for key in to.after)
            return said(joined((words, *ways)), language)


def _way_in_words(to: Destination, key: str, language: str) -> str:
    """Where one of the ways after a destination leads: `before 17:00 the queue general`."""
    when = either(*to.when.get(key, ("之后", "then")), language)
    return f"{when} {destination_in_words(to.after[key], language)}"
