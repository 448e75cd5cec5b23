"""Whether prompts and keys agree: every key that a prompt names exists, and a prompt names every key. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from base.hints import one_of
from hotline.document import Entries, Path, node_at, spot_within
from hotline.draft import Draft
from hotline.model import SECTIONS
from hotline.problem import Problem, Spot, warning
from ivr.collecting import RIGHT
from ivr.model import Destination, NodeId, Repeat, ToMenu
from ivr.prompt_keys import NamedKey, choices, named_keys
from sentences.sentence import Sentence
from sounds.model import EVERY, Texts

_Keys = Mapping[Any, Destination]
"""The keys of a menu or of a queue."""

_RANK = {key: rank for rank, key in enumerate("1234567890")}


@dataclass(frozen=True, slots=True)
class _Prompt:
    """What callers of one language hear at a node of the file, and the keys that it names."""

    path: Path
    words: str
    keys: Sequence[NamedKey]


def prompts(draft: Draft) -> list[Problem]:
    """Everything of the menus, then of the queues, whose messages say what waiting callers may press, then of
    scopes and inputs, each of which has a text that names one key.
    """
    hotline = draft.hotline
    anywhere = {
        language: {one.key for menu in hotline.menus.values() for one in named_keys(_words(menu.say, language))}
        for language in hotline.languages
    }
    found: list[Problem] = []
    for menu_id, menu in hotline.menus.items():
        texts: list[tuple[Path, Texts]] = [(("menus", menu_id, "say"), menu.say)]
        if hotline.entry == ToMenu(menu=menu_id):  # a key in the greeting is a choice of the entry
            texts.append((("greeting",), hotline.greeting))
        found += _node(draft, ("menus", menu_id), menu.keys, texts, anywhere)
    for queue_id, queue in hotline.queues.items():
        messages = () if queue.announce is None else queue.announce.messages
        path = ("queues", queue_id, "announce", "messages")
        found += _node(draft, ("queues", queue_id), queue.keys, [((*path, n), m) for n, m in enumerate(messages)], {})
    for scope_id, scope in hotline.scopes.items():
        if scope.offer is not None:
            found += _one_key(draft, ("scopes", scope_id, "offer"), scope.offer, scope.key)
    for input_id, wanted in hotline.inputs.items():
        found += _one_key(draft, ("inputs", input_id, "confirm"), wanted.confirm, RIGHT)
    return list(dict.fromkeys(found))  # queues may share their messages and keys


def _node(
    draft: Draft,
    node: NodeId,
    keys: _Keys,
    texts: Iterable[tuple[Path, Texts]],
    anywhere: Mapping[str, Collection[str]],
) -> Iterator[Problem]:
    """A menu or a queue. `anywhere`: the keys that some menu names, by language."""
    there = node_at(draft.written, (*node, "keys"))
    if there is not None and not isinstance(there, Entries):
        return
    written = frozenset(there.nodes if there is not None else ())
    sure = written <= frozenset(_RANK) | {
        "*",
        "#",
    }  # else a key that no phone has means another one
    unsaid: dict[str, list[str]] = defaultdict(list)
    for language in draft.hotline.languages:
        heard = [prompt for path, words in texts if (prompt := _prompt(path, words, language)) is not None]
        if node[0] == "menus" and not heard:
            continue  # the text is missing, and that is reported
        for prompt in heard:
            yield from _no_keys(draft, node, prompt, written) if sure else ()
            yield from _order(draft, prompt, keys)
            yield from _names(draft, prompt, keys, language)
        all_languages, said_elsewhere = draft.hotline.languages, anywhere.get(language, ())
        needed = [key for key, to in keys.items() if _to_be_said(key, to, language, all_languages, said_elsewhere)]
        said_here = {one.key for prompt in heard for one in prompt.keys}
        if needed and heard and not said_here:
            hint = Sentence("write the key behind the subject: “For greening, press 1”, “绿化请按1”")
            yield warning(
                "untold-key",
                draft.spot(heard[0].path),
                Sentence("this prompt tells no key that callers may press"),
                hint,
            )
            continue
        for key in needed:
            if key not in said_here:
                unsaid[key].append(language)
    for key, languages in unsaid.items():
        message = Sentence("no prompt tells callers in {names} of the key {key}", names=one_of(languages), key=key)
        hint = Sentence("say it in the prompt, or take the key out")
        if node[0] == "queues":
            hint = Sentence("say it in a message of `announce`, or take the key out")
        yield warning("untold-key", draft.spot((*node, "keys", key), key=True), message, hint)


def _one_key(draft: Draft, path: Path, texts: Texts, key: str) -> Iterator[Problem]:
    """A text that is there to name a key. It may name others too: all of them do the same."""
    for language in draft.hotline.languages:
        prompt = _prompt(path, texts, language)
        if prompt is None or key in (said := [one.key for one in prompt.keys]):
            continue
        if said:
            message = Sentence("this text says {other}, but the key here is {key}", other=said[0], key=key)
            yield warning(
                "no-such-key", _spot(draft, prompt, prompt.keys[0]), message, Sentence("correct one of the two")
            )
        else:
            hint = Sentence("write it behind what it does: “To be put through, press 1”, “现在转接请按1”")
            yield warning(
                "untold-key", draft.spot(prompt.path), Sentence("this text does not say the key {key}", key=key), hint
            )


def _words(texts: Texts, language: str) -> str:
    return texts.get(language, texts.get(EVERY, ""))


def _prompt(path: Path, texts: Texts, language: str) -> _Prompt | None:
    words = _words(texts, language)
    if not words.strip():
        return None
    return _Prompt((*path, language) if language in texts else path, words, named_keys(words))


def _to_be_said(
    key: str, destination: Destination, language: str, languages: Collection[str], anywhere: Collection[str]
) -> bool:
    """Callers need not hear of their own language, nor in each menu of the key that repeats it."""
    if isinstance(destination, ToMenu) and destination.language is not None:
        return destination.language != language and destination.language in languages
    return not (isinstance(destination, Repeat) and key in anywhere)


def _no_keys(draft: Draft, node: NodeId, prompt: _Prompt, known: Collection[str]) -> Iterator[Problem]:
    for one in prompt.keys:
        if one.key == "0" and node[0] == "menus":
            continue  # that no person is under 0 is reported by `guidance`
        if one.key not in known:
            kind = SECTIONS[node[0]]
            message = Sentence("this prompt says {key}, which is not a key of the {kind}", key=one.key, kind=kind)
            spot = _spot(draft, prompt, one)
            yield warning("no-such-key", spot, message, Sentence("correct the prompt, or add the key under `keys`"))


def _order(draft: Draft, prompt: _Prompt, keys: _Keys) -> Iterator[Problem]:
    """Choices are said from 1 to 9, the person under 0 first or last. Another language may come anywhere."""
    choices = [
        one for one in prompt.keys if one.key in _RANK and one.key in keys and not _changes_language(keys[one.key])
    ]
    if choices and choices[0].key == "0":
        del choices[0]
    for before, one in pairwise(choices):
        if one.key == before.key:
            message = Sentence("the key {key} is told twice", key=one.key)
            yield warning(
                "told-twice", _spot(draft, prompt, one), message, Sentence("tell each choice with its own key")
            )
        elif _RANK[one.key] < _RANK[before.key]:
            message = Sentence("the key {key} is told after {before}", key=one.key, before=before.key)
            hint = Sentence("tell the keys in their order, the person under 0 last")
            yield warning("key-order", _spot(draft, prompt, one), message, hint)


def _changes_language(destination: Destination) -> bool:
    return isinstance(destination, ToMenu) and destination.language is not None


def _names(draft: Draft, prompt: _Prompt, keys: _Keys, language: str) -> Iterator[Problem]:
    """What the prompt says for a key names what another key of the menu leads to, and not what this one does."""
    names = {key: name for key, to in keys.items() if (name := _name(draft, to, language))}
    matters = choices(prompt.words)
    for one in prompt.keys:
        words, own = matters.get(one.key, "").lower(), names.get(one.key)
        others = [key for key, name in names.items() if name in words and name != own]
        if own is not None and own not in words and len(others) == 1:
            message = Sentence(
                "the prompt says “{words}” for the key {key}, but that is under {other}",
                words=names[others[0]],
                key=one.key,
                other=others[0],
            )
            yield warning(
                "other-key", _spot(draft, prompt, one), message, Sentence("correct the prompt, or change the keys")
            )


def _name(draft: Draft, destination: Destination, language: str) -> str:
    """What a queue or a sub-hotline is called, as far as it is long enough to be found in a text."""
    last = destination
    while then := next(iter(last.after.values()), None):
        last = then
    node = last.node
    if node is None or node[0] not in ("queues", "sub_hotlines"):
        return ""
    item = getattr(draft.hotline, node[0]).get(node[1])
    name = "" if item is None else _words(item.name, language).lower()
    return name if len(name) > 1 else ""


def _spot(draft: Draft, prompt: _Prompt, one: NamedKey) -> Spot:
    return spot_within(node_at(draft.tree, prompt.path), one.at) or draft.spot(prompt.path)
