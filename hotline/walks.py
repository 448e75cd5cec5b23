"""Walks through a hotline's tree, and in which words they are told. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from hotline.model import Hotline
from ivr import model
from ivr.calendars import FIRST_YEAR, LAST_YEAR
from ivr.model import NodeId
from ivr.walk import GOODBYE, Facts, Path, QueueKeys, Turn, Walk, path_of, retraced, walk
from sentences.sentence import Sentence
from sounds.model import sayable
from sounds.phrases import parts

KINDS = {kind.section: kind.key for kind in model.KINDS.values() if kind.section}
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
    return {queue.id: queue.keys for queue in hotline.queues.values()}


def clips(hotline: Hotline, turn: Turn) -> Iterator[tuple[str, str]]:
    """Language and words of each clip that the caller hears, in order. Raises Unsayable."""
    for language, words in parts(turn.speech, turn.language, hotline.languages[0]):
        yield language, sayable(words)


def words(hotline: Hotline, turn: Turn) -> str:
    """What the caller hears, in words. Raises Unsayable."""
    return " ".join(said for _, said in clips(hotline, turn))


def written(node: NodeId) -> dict[str, str | bool]:
    """A node as a destination is written in hotline.yaml: `{"queue": "general"}`, `{"goodbye": true}`."""
    return {"goodbye": True} if node == GOODBYE else {KINDS[node[0]]: node[1]}


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
        raise BadMoment(Sentence("{given!r} is no time", given=text), hint) from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        years = {"first": FIRST_YEAR, "last": LAST_YEAR}
        raise BadMoment(Sentence("{given!r} is not in the years {first} to {last}", given=text, **years), hint)
    return found.replace(tzinfo=zone) if found.tzinfo is None else found.astimezone(zone)
