"""What a replay found, in sentences, in Chinese and English. Pure."""

from hotline.inwords import either, language_in_words, node_in_words
from ivr.walk import SILENCE, Stop
from publishing.replay import Change, Replay


def sentences(found: Replay, language: str) -> list[str]:
    """One for each change, the most callers first."""
    return [sentence(found, change, count, language) for change, count in found.changes]


def sentence(found: Replay, change: Change, count: int, language: str) -> str:
    """`312 callers of key 2 in the menu main would hear the new menu water, instead of the queue water`."""
    who = _who(change, count, language)
    if change.after is None:
        zh = f"{who}将打不进来：草稿没有这个号码"
        return either(zh, f"{who} would not get through: the draft does not have this number", language)
    then = f"{_then(found, change, change.after, language)}{_instead(change.before, change.after, language)}"
    if change.here is None or not change.led or change.leads:
        return f"{who}{either('', ' ', language)}{then}"
    if change.after == change.here:
        before = node_in_words(change.before.node, language)
        zh = f"{who}将无路可走：那里不再有这个键（原来到{before}）"
        return either(zh, f"{who} would find no way: it is no key there any more (before: {before})", language)
    return either(f"{who}发现那里不再有这个键，{then}", f"{who} would find it no key any more: they {then}", language)


def _who(change: Change, count: int, language: str) -> str:
    if change.here is None:
        return either(f"{count} 位拨打 {change.number} 的来电者", f"{_callers(count)} of {change.number}", language)
    here = node_in_words(change.here.node, language)
    if change.did == SILENCE:
        return either(f"{count} 位在{here}未按键的来电者", f"{count:,} silent {_noun(count)} in {here}", language)
    if not change.led:
        zh = f"{count} 位在{here}按了错键 {change.did} 的来电者"
        return either(zh, f"{_callers(count)} of the wrong key {change.did} in {here}", language)
    zh = f"{count} 位在{here}按 {change.did} 的来电者"
    return either(zh, f"{_callers(count)} of key {change.did} in {here}", language)


def _then(found: Replay, change: Change, after: Stop, language: str) -> str:
    """Where they are under the draft."""
    node = node_in_words(after.node, language)
    if after.node == change.before.node:
        name = language_in_words(after.language, language)
        return either(f"将在{node}用{name}", f"would be in {node} in {name}", language)
    if change.here is not None and after == change.here:
        return either(f"将留在{node}", f"would stay in {node}", language)
    match after.node[0]:
        case "menus":
            if after.node[1] in found.new_menus:
                node = either(f"新{node}", f"the new menu {after.node[1]}", language)
            return either(f"将听到{node}", f"would hear {node}", language)
        case "queues":
            return either(f"将在{node}等候", f"would wait in {node}", language)
        case "sub_hotlines":
            return either(f"将被接到{node}", f"would be put through to {node}", language)
    return either(f"将听到{node}", f"would hear {node}", language)


def _instead(before: Stop, after: Stop, language: str) -> str:
    """Where they came to; and in which language, if that is another one."""
    node, name = node_in_words(before.node, language), language_in_words(before.language, language)
    if before.language == after.language:
        return either(f"，而不是{node}", f", instead of {node}", language)
    if before.node == after.node:
        return either(f"，而不是{name}", f", instead of {name}", language)
    return either(f"，而不是{node}（{name}）", f", instead of {node} in {name}", language)


def _callers(count: int) -> str:
    return f"{count:,} {_noun(count)}"


def _noun(count: int) -> str:
    return "caller" if count == 1 else "callers"
