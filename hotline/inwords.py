"""Nodes, destinations and walks through a hotline's tree in words, Chinese and English, for administrators. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from base.hints import shortened
from hotline import durations
from hotline.model import Hotline
from ivr import model
from ivr.calendars import FIRST_YEAR, LAST_YEAR
from ivr.model import (
    KINDS,
    ChooseDistrict,
    Destination,
    HangUp,
    NodeId,
    Repeat,
    Say,
    ToMenu,
    ToMessage,
    ToQueue,
    ToSubHotline,
)
from ivr.walk import CALLBACKS, GOODBYE, MESSAGES, CallBack, Facts, Path, QueueKeys, Turn, Walk, path_of, retraced, walk
from sentences.languages import said, worded
from sentences.sentence import Sentence, joined
from sounds.model import choose, sayable, shown
from sounds.phrases import parts

_NODES: Mapping[str, tuple[str, str]] = {
    kind.section: (f"{kind.look.zh} {{}}", f"the {kind.look.en} {{}}") for kind in KINDS.values() if kind.section
} | {
    "goodbye": ("结束语", "the goodbye"),
    MESSAGES: ("给队列 {} 的留言", "a message for the queue {}"),
    CALLBACKS: ("队列 {} 的回拨", "a callback of the queue {}"),
}
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
        case ToMessage(message=message):
            node, limit = node_in_words((MESSAGES, message.queue), language), durations.spoken(message.limit)
            return worded("{node}, {limit} at most", language, node=node, limit=limit)
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


# Walks through a hotline's tree, and the words for them. Pure.


_KEYS = {kind.section: kind.key for kind in model.KINDS.values() if kind.section} | {
    MESSAGES: ToMessage.key,
    CALLBACKS: "callback",
}
"""Section of hotline.yaml → the key of a destination there."""


class BadMoment(ValueError):
    """No moment. `message` says what is wrong, `hint` what to write."""

    def __init__(self, message: Sentence, hint: Sentence) -> None:
        super().__init__(Sentence("{said}: {hint}", said=message, hint=hint))
        self.message = message
        self.hint = hint


def walked(hotline: Hotline, facts: Facts, given: Sequence[str] = (), language: str | None = None) -> Walk:
    """The way of a caller who begins in `language` (None: the hotline's first) and does `given`."""
    return walk(hotline, facts, language or hotline.languages[0], given, _queue_keys(hotline))


def walked_again(hotline: Hotline, facts: Facts, path: Path) -> Path:
    """The path of a caller who does what the caller of this path did."""
    led = [(stride.did, stride.stop.node) for stride in path.strides]
    begins, language = path.start
    return path_of(retraced(hotline, facts, language, begins, led, _queue_keys(hotline)))


def _queue_keys(hotline: Hotline) -> QueueKeys:
    return {
        queue.id: queue.keys if queue.callback is None else {**queue.keys, queue.callback.key: CallBack(queue.id)}
        for queue in hotline.queues.values()
    }


def clips(hotline: Hotline, turn: Turn) -> Iterator[tuple[str, str]]:
    """Language and words of each clip that the caller hears, in order. Raises Unsayable."""
    for language, words in parts(turn.speech, turn.language, hotline.languages[0]):
        yield language, sayable(words)


def words(hotline: Hotline, turn: Turn) -> str:
    """What the caller hears, in words. Raises Unsayable."""
    return " ".join(said for _, said in clips(hotline, turn))


def told(hotline: Hotline, turn: Turn) -> str:
    """The same as a call's story has it: without the digits that the caller has entered. Raises Unsayable."""
    spoken = parts(shown(turn.speech), turn.language, hotline.languages[0])
    return " ".join(sayable(words) for _, words in spoken)


def written(node: NodeId) -> dict[str, str | bool]:
    """A node as a test in tests.yaml expects it: `{"queue": "general"}`, `{"goodbye": true}`."""
    return {"goodbye": True} if node == GOODBYE else {_KEYS[node[0]]: node[1]}


def moment(text: str, zone: ZoneInfo, now: datetime | None = None) -> datetime:
    """`2026-10-01 09:00` in the hotline's time zone, or in its own if one is written. With `now` also `09:00`: today.

    Raises BadMoment.
    """
    hint = Sentence("write 2026-10-01 09:00")
    if now is not None:
        hint = Sentence("write 2026-10-01 09:00, or 09:00 for today")
    try:
        if now is not None and len(text) <= len("09:00:00"):
            today = now.astimezone(zone)
            clock = datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007  # the zone comes with the day
            return datetime.combine(today, clock, zone)
        found = datetime.fromisoformat(text)
    except ValueError:
        raise BadMoment(Sentence("{given!r} is not a time", given=text), hint) from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        years = {"first": FIRST_YEAR, "last": LAST_YEAR}
        raise BadMoment(Sentence("{given!r} is not in the years {first} to {last}", given=text, **years), hint)
    return found.replace(tzinfo=zone) if found.tzinfo is None else found.astimezone(zone)
