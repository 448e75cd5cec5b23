"""A caller's whole way through a menu tree, from the keys that the caller presses; and that way in short. Pure.

The way ends where the call leaves the tree (a queue, a sub-hotline, the goodbye), or where nothing more is given. What
depends on other calls is not part of it: no queue is full, every phone rings, nobody is put through to anybody. Every
caller's number may be called back.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import NamedTuple, assert_never, cast

from ivr.collecting import END, RIGHT
from ivr.interpreter import (
    Action,
    Ask,
    Dial,
    Enqueue,
    Facts,
    HangUp,
    Note,
    Play,
    Played,
    Pressed,
    Silence,
    State,
    Step,
    TakeMessage,
    send,
    start,
    step,
)
from ivr.model import PASSED, Destination, Key, NodeId, Tree
from sentences.sentence import Sentence
from sounds.model import Speech

__all__ = [
    "CALLBACKS",
    "GOODBYE",
    "MESSAGES",
    "PASSED",
    "SILENCE",
    "BadKeys",
    "CallBack",
    "Facts",
    "QueueKeys",
    "Turn",
    "Walk",
    "keys_given",
    "walk",
]

SILENCE = "silence"
"""Stands among the keys for a wait in which the caller presses none."""

GOODBYE: NodeId = ("goodbye", "")
"""The node of a call that has heard the goodbye."""

MESSAGES = "messages"
"""The section of the node of a caller who leaves a message; its name is the queue's."""

CALLBACKS = "callbacks"
"""The section of the node of a caller who hangs up and is called back; its name is the queue's."""

KEYS = "0123456789*#"

_MOST_PASSED = 100
"""Steps within one such node, and such nodes one after another: more than any tree has."""


@dataclass(frozen=True, slots=True)
class CallBack:
    """A caller who waits in this queue hangs up, and is called back."""

    queue: str


QueueKeys = Mapping[str, Mapping[Key, Destination | CallBack]]
"""What a waiting caller may press, by queue."""


class BadKeys(ValueError):
    """Something among the keys is not a key of a telephone."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing that the caller meets, and what the caller does then.

    action    what is played, or where the call goes
    language  the caller's
    node     the menu, scope or input in which the caller is, or the node to which the call goes; None: a message is
              said
    did       the key that is pressed, SILENCE, or None: nothing, for the message is over or the way ends here
    leads     the caller's key leads somewhere; silence and wrong keys do not, they are counted
    """

    action: Action | CallBack
    language: str
    node: NodeId | None
    did: str | None = None
    leads: bool = False

    @property
    def speech(self) -> Speech:
        """What the caller hears; nothing at a queue and a sub-hotline, which are not part of the tree."""
        return self.action.speech if isinstance(self.action, Ask | Play | HangUp) else ()

    @property
    def wait(self) -> float:
        """Seconds that the caller has for a key after the speech."""
        return self.action.wait if isinstance(self.action, Ask) else 0.0


@dataclass(frozen=True, slots=True)
class Walk:
    """The way, turn by turn; the last turn has no `did`.

    notes  what the call's story says of it
    left   given keys that did nothing: the call had left the tree
    """

    turns: tuple[Turn, ...]
    notes: tuple[Note, ...]
    left: tuple[str, ...] = ()

    @property
    def end(self) -> NodeId:
        """Where the caller is at the end: a menu, a scope, an input, a queue, a sub-hotline, a message, a callback
        or GOODBYE.
        """
        node = self.turns[-1].node
        assert node is not None, "a message is always followed"
        return node

    @property
    def language(self) -> str:
        """The caller's language at the end."""
        return self.turns[-1].language


_NO_KEYS: QueueKeys = MappingProxyType({})


def walk(tree: Tree, facts: Facts, language: str, given: Sequence[str] = (), waiting: QueueKeys = _NO_KEYS) -> Walk:
    """The way of a caller who hears everything out and does `given`, each a key or SILENCE, in order.

    `language`: in which the call begins. `waiting`: keys of the queues; another key does nothing there.
    """
    way = _Way(tree, facts, start(tree, language, facts), waiting)
    left: list[str] = []
    for did in given:
        way.hear_out()
        if not way.do(did):
            left.append(did)
    way.hear_out()
    return Walk((*way.turns, way.turn()), tuple(way.notes), tuple(left))


def retraced(
    tree: Tree,
    facts: Facts,
    language: str,
    begins: NodeId,
    led: Sequence[tuple[str, NodeId]],
    waiting: QueueKeys = _NO_KEYS,
) -> Walk:
    """A caller's way, by the Records. They say where the call began and, key by key, where that `led`.

    What the caller did in a scope or an input is not recorded: of the ways on from there it is the one that comes to
    the node of the Records, else the way of a caller who only listens to the scope, or enters digits.
    """
    way = _Way(tree, facts, start(tree, language, facts), waiting)
    way.pass_on(begins)
    left: list[str] = []
    for did, node in led:
        if not way.do(did):
            left.append(did)
        way.pass_on(node)
    return Walk((*way.turns, way.turn()), tuple(way.notes), tuple(left))


def keys_given(text: str) -> tuple[str, ...]:
    """Keys as they are typed: `1,2`, `12`, `1,silence,*`. Raises BadKeys with a sentence."""
    given: list[str] = []
    for part in text.replace(",", " ").split():
        if part == SILENCE:
            given.append(SILENCE)
        elif wrong := part.strip(KEYS):
            raise BadKeys(
                Sentence("{key!r} is not a key of a telephone: use 0 to 9, * and #, or the word silence", key=wrong[0])
            )
        else:
            given.extend(part)
    return tuple(given)


class _Way:
    """A way that is being walked."""

    def __init__(self, tree: Tree, facts: Facts, first: Step, waiting: QueueKeys) -> None:
        self.turns: list[Turn] = []
        self.notes: list[Note] = list(first.notes)
        self._tree, self._facts, self._waiting = tree, facts, waiting
        self._step = first
        self._promised: CallBack | None = None

    def turn(self) -> Turn:
        """What the caller meets now."""
        step = self._step
        if self._promised is not None:
            return Turn(self._promised, step.state.language, (CALLBACKS, self._promised.queue))
        return Turn(step.action, step.state.language, _node(step))

    def hear_out(self) -> None:
        """Pass the messages, up to the next point at which the caller may do something."""
        while isinstance(self._step.action, Play):
            self.turns.append(self.turn())
            self._follow(step(self._tree, self._step.state, Played(), self._facts))

    def pass_on(self, wanted: NodeId) -> None:
        """Hear out, and leave scopes and inputs, to the wanted node if one of their ways leads there."""
        for _ in range(_MOST_PASSED):
            self.hear_out()
            if (_node(self._step) or GOODBYE)[0] not in PASSED:
                return
            ways = [self._left(does) for does in _doings(self._tree, self._step.state)]
            self.turns.append(self.turn())
            self._follow(next((then for then in ways if self._comes_to(then) == wanted), ways[0]))

    def _left(self, does: Callable[[State], Pressed | Silence]) -> Step:
        """The step that leaves the scope or the input, if the caller does so at each of its questions."""
        here, now, notes = _node(self._step), self._step, list[Note]()
        for _ in range(_MOST_PASSED):
            now = step(self._tree, now.state, does(now.state), self._facts)
            notes.extend(now.notes)
            if _node(now) != here:
                break
        return replace(now, notes=tuple(notes))

    def _comes_to(self, then: Step) -> NodeId | None:
        """The node behind the messages."""
        while isinstance(then.action, Play):
            then = step(self._tree, then.state, Played(), self._facts)
        return _node(then)

    def do(self, did: str) -> bool:
        """Whether the caller could do that here."""
        match self._step.action:
            case Ask():
                happened = Silence() if did == SILENCE else Pressed(did)
                then = step(self._tree, self._step.state, happened, self._facts)
                self._turn_to(then, did, leads=any(kind == "key-pressed" for kind, _ in then.notes))
                return True
            case Enqueue(queue) if self._promised is None:
                destination = self._waiting.get(queue, {}).get(cast(Key, did))
                if destination is None:
                    return False
                if isinstance(destination, CallBack):
                    self.turns.append(replace(self.turn(), did=did, leads=True))
                    self._promised = destination
                    return True
                then = send(self._tree, State(self._step.state.language), destination, self._facts)
                note: Note = ("key-pressed", {"key": did, "menu": ""})
                self._turn_to(replace(then, notes=(note, *then.notes)), did, leads=True)
                return True
        return False

    def _turn_to(self, then: Step, did: str, *, leads: bool) -> None:
        self.turns.append(replace(self.turn(), did=did, leads=leads))
        self._follow(then)

    def _follow(self, then: Step) -> None:
        self._step = then
        self.notes.extend(then.notes)


def _doings(tree: Tree, state: State) -> list[Callable[[State], Pressed | Silence]]:
    """What callers may do in a scope or an input, so that it comes to an end."""
    if state.scope is not None:
        scope = tree.scopes[state.scope]
        return [lambda _: Silence(), *([lambda _: Pressed(scope.key)] if scope.transfer is not None else [])]
    assert state.collecting is not None
    least = tree.inputs[state.collecting.input].least

    def enter(now: State) -> Pressed:
        """The fewest digits, their end, and that they are right."""
        if now.collecting is None or now.collecting.confirming:
            return Pressed(RIGHT)
        return Pressed("0" if len(now.collecting.entered) < least else END)

    return [enter, lambda _: Silence()]


def _node(step: Step) -> NodeId | None:
    match step.action:
        case Ask() if step.state.scope is not None:
            return "scopes", step.state.scope
        case Ask() if step.state.collecting is not None:
            return "inputs", step.state.collecting.input
        case Ask(menu):
            return "menus", menu
        case Play():
            return None
        case Enqueue(queue):
            return "queues", queue
        case Dial(sub_hotline):
            return "sub_hotlines", sub_hotline
        case HangUp():
            return GOODBYE
        case TakeMessage(queue):
            return MESSAGES, queue
        case _:
            assert_never(step.action)


def choices_taken(walks: Iterable[Walk]) -> frozenset[tuple[NodeId, str]]:
    """Which choices these callers made: the menu or queue, and the key or SILENCE. A wrong key counts as `invalid`."""
    return frozenset(
        (turn.node, turn.did if turn.leads or turn.did == SILENCE else "invalid")
        for way in walks
        for turn in way.turns
        if turn.did is not None and turn.node is not None
    )


# A caller's way in short: what the caller did, and where that led. Made of walks, and of calls that are over. Pure.


class Stop(NamedTuple):
    """A node at which the caller is, and the caller's language there. Messages, scopes and inputs do not count."""

    node: NodeId
    language: str


class Stride(NamedTuple):
    """What the caller did, a key or SILENCE, and where the caller is then.

    leads  the key leads somewhere; silence and wrong keys are only counted
    """

    did: str
    leads: bool
    stop: Stop


class Path(NamedTuple):
    """Where the call began, and each stride from there."""

    start: Stop
    strides: tuple[Stride, ...] = ()

    @property
    def end(self) -> Stop:
        return self.strides[-1].stop if self.strides else self.start


def path_of(walk: Walk) -> Path:
    """The path of a walk that has come to a stop. A last key is left out if it has led to none yet."""
    stops = [
        (turn, Stop(turn.node, turn.language))
        for turn in walk.turns
        if turn.node is not None and turn.node[0] not in PASSED
    ]
    did = [turn for turn, _ in stops[:-1]]
    strides = [Stride(turn.did or "", turn.leads, then) for turn, (_, then) in zip(did, stops[1:], strict=True)]
    return Path(stops[0][1], tuple(strides))
