"""Nodes and destinations in words, in Chinese and English, for administrators. Pure."""

from collections.abc import Mapping

from base.hints import either as either
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
from sounds.model import choose

_NODES: Mapping[str, tuple[str, str]] = {
    kind.section: (f"{kind.look.zh} {{}}", f"the {kind.look.en} {{}}") for kind in KINDS.values() if kind.section
} | {"goodbye": ("结束语", "the goodbye")}
_LANGUAGES: Mapping[str, tuple[str, str]] = {"zh": ("中文", "Chinese"), "en": ("英语", "English")}


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
    zh = f"{node}（时间表 {to.hours} 以外：{closed}）"
    return either(zh, f"{node} (outside the hours {to.hours}: {closed})", language)


def _open_in_words(to: Destination, language: str) -> str:
    match to:
        case ToMenu(menu=menu, language=spoken):
            node = node_in_words(("menus", menu), language)
            if spoken is None:
                return node
            name = language_in_words(spoken, language)
            return either(f"{node}（{name}）", f"{node} in {name}", language)
        case ToQueue(district=district) | ToSubHotline(district=district):
            node = node_in_words(to.node, language)
            if district is None:
                return node
            return either(f"{node}（区 {district}）", f"{node} for the district {district}", language)
        case ChooseDistrict(district=district, then=then):
            chosen = either(f"区 {district}", f"the district {district}", language)
            if then is None:
                return chosen
            after = destination_in_words(then, language)
            return either(f"{chosen}，然后{after}", f"{chosen}, then {after}", language)
        case Say(say=texts, then=then):
            said = quoted(shortened(choose(texts, language, "zh")[1], 30))
            after = destination_in_words(then or HangUp(hangup=True), language)
            return either(f"留言{said}，然后{after}", f"a message {said}, then {after}", language)
        case HangUp():
            return node_in_words(("goodbye", ""), language)
        case Repeat():
            return either("重听本菜单", "the same menu again", language)
        case _ if to.node is not None:
            return node_in_words(to.node, language)
        case _:
            words = either(to.look.zh, to.look.en, language)
            ways = (_way_in_words(to, key, language) for key in to.after)
            return either("；", "; ", language).join((words, *ways))


def _way_in_words(to: Destination, key: str, language: str) -> str:
    """Where one of the ways after a destination leads: `before 17:00 the queue general`."""
    when = either(*to.when.get(key, ("之后", "then")), language)
    return f"{when} {destination_in_words(to.after[key], language)}"
