"""What a replay found, in sentences, in Chinese and English. Pure."""

from hotline.inwords import language_in_words, node_in_words
from ivr.walk import SILENCE, Stop
from publishing.replay import Change, Replay
from sentences.languages import worded
from sentences.sentence import Sentence


def sentences(found: Replay, language: str) -> list[str]:
    """One for each change, the most callers first."""
    return [sentence(found, change, count, language) for change, count in found.changes]


def sentence(found: Replay, change: Change, count: int, language: str) -> str:
    """`312 callers of key 2 in the menu main would hear the new menu water, instead of the queue water`."""
    who = _who(change, count, language)
    if change.after is None:
        return worded("{who} would not get through: the draft does not have this number", language, who=who)
    then = f"{_then(found, change, change.after, language)}{_instead(change.before, change.after, language)}"
    if change.here is None or not change.led or change.leads:
        return worded("{who} {then}", language, who=who, then=then)
    if change.after == change.here:
        before = node_in_words(change.before.node, language)
        return worded(
            "{who} would find no way: it is no longer a key there (before: {before})", language, who=who, before=before
        )
    return worded("{who} would find it no key any more: they {then}", language, who=who, then=then)


def _who(change: Change, count: int, language: str) -> str:
    who = {"count": count, "callers": Sentence("caller") if count == 1 else Sentence("callers")}
    if change.here is None:
        return worded("{count:,} {callers} of {number}", language, **who, number=change.number)
    here = node_in_words(change.here.node, language)
    if change.did == SILENCE:
        return worded("{count:,} silent {callers} in {here}", language, **who, here=here)
    if not change.led:
        return worded(
            "{count:,} {callers} of the wrong key {key} in {here}", language, **who, key=change.did, here=here
        )
    return worded("{count:,} {callers} of key {key} in {here}", language, **who, key=change.did, here=here)


def _then(found: Replay, change: Change, after: Stop, language: str) -> str:
    """Where they are under the draft."""
    node = node_in_words(after.node, language)
    if after.node == change.before.node:
        name = language_in_words(after.language, language)
        return worded("would be in {node} in {name}", language, node=node, name=name)
    if change.here is not None and after == change.here:
        return worded("would stay in {node}", language, node=node)
    match after.node[0]:
        case "menus":
            if after.node[1] in found.new_menus:
                node = worded("the new menu {name}", language, name=after.node[1])
            return worded("would hear {node}", language, node=node)
        case "queues":
            return worded("would wait in {node}", language, node=node)
        case "sub_hotlines":
            return worded("would be put through to {node}", language, node=node)
    return worded("would hear {node}", language, node=node)


def _instead(before: Stop, after: Stop, language: str) -> str:
    """Where they came to; and in which language, if that is another one."""
    node, name = node_in_words(before.node, language), language_in_words(before.language, language)
    if before.language == after.language:
        return worded(", instead of {node}", language, node=node)
    if before.node == after.node:
        return worded(", instead of {name}", language, name=name)
    return worded(", instead of {node} in {name}", language, node=node, name=name)
