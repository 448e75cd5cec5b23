"""Walks a menu tree for one call. Pure: a state, what the caller did and the facts go in, what to do next comes out.

The tree has been checked: every menu that a destination names exists, and no chain of silences or of closed nodes goes
round for ever. Hours are looked at when a call comes to a node, at the moment of the facts: who is there stays there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple, assert_never, cast

from ivr import collecting
from ivr.collecting import Collecting
from ivr.model import (
    DISTRICT,
    KINDS,
    OTHER,
    Attempts,
    ChooseDistrict,
    Destination,
    Gated,
    Key,
    Menu,
    NodeId,
    Repeat,
    Say,
    ToInput,
    ToMenu,
    ToMessage,
    ToQueue,
    ToScope,
    ToSubHotline,
    Tree,
    with_following,
)
from ivr.model import HangUp as ToHangUp
from sounds.model import CLOSES, OPENS, Digits, Moment, Part, Phrase, Speech, Texts, Words


class Misplaced(RuntimeError):
    """The call is not at a point where this input can come: a mistake in the code that drives the interpreter."""


# --- what happened -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pressed:
    """The caller pressed a key, during an Ask or in its wait."""

    key: str


@dataclass(frozen=True, slots=True)
class Silence:
    """The wait of an Ask is over, and no key came."""


@dataclass(frozen=True, slots=True)
class Played:
    """The speech of a Play is over, or a key cut it short."""


Input = Pressed | Silence | Played


class Facts(NamedTuple):
    """What a rule of the tree may depend on, beside the caller's input.

    moment  now, in the hotline's time zone
    caller  the caller's number, empty where it is withheld
    number  the number that was dialled
    known   what is known of the caller, by name: `list` (of callers), `district`
    """

    moment: datetime
    caller: str
    number: str
    known: Mapping[str, str] = MappingProxyType({})


# --- what is to be done --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ask:
    """Play `speech`, which a key interrupts, then wait `wait` seconds for a key. Goes on with Pressed or Silence.

    `menu`: the menu that asks, "" for a scope and an input. An empty speech: go on waiting.
    """

    menu: str
    speech: Speech
    wait: float


@dataclass(frozen=True, slots=True)
class Play:
    """Play `speech`. A key interrupts it and is kept for what comes next. Goes on with Played.

    Not `keys`: no key interrupts it, and keys pressed meanwhile do not count.
    """

    speech: Speech
    keys: bool = True


@dataclass(frozen=True, slots=True)
class Enqueue:
    """Wait for an agent in `queue`. The call leaves the tree."""

    queue: str


@dataclass(frozen=True, slots=True)
class Dial:
    """Ring a sub-hotline. The call leaves the tree; if it fails, `send` takes it to the `failed` destination."""

    sub_hotline: str


@dataclass(frozen=True, slots=True)
class HangUp:
    """Play the goodbye, which no key interrupts, then hang up."""

    speech: Speech


@dataclass(frozen=True, slots=True)
class TakeMessage:
    """Record a message of the caller for `queue`, of `limit` seconds at most, then end the call. It leaves the tree."""

    queue: str
    limit: float


Action = Ask | Play | Enqueue | Dial | HangUp | TakeMessage

_SINGULAR: Mapping[str, str] = {kind.section: kind.key for kind in KINDS.values() if kind.section}
"""Section of a node → its key in a destination."""


# --- where a call is -----------------------------------------------------------------------------------------------

Note = tuple[str, Mapping[str, Any]]
"""A line of the call's story: the value of a `journal.records.Kind`, and its data."""


@dataclass(frozen=True, slots=True)
class State:
    """Where a call is in the tree.

    `menu` is None outside of the tree. `silent` and `wrong` count how often no key and a wrong key came in this visit
    of the menu. `pending` is where the call goes after the message that is being said; None: no message. `toward` is
    the node whose question for the district is being asked. `hours` are those that have sent the call to what is being
    said, because they are closed; "": none have. `closes` are the menu's words for when it closes, as they were when
    the call came: it may close meanwhile. `scope` is what is being spoken of, `again` that its number is being
    read the second time. `collecting` is what the caller enters.
    """

    language: str
    menu: str | None = None
    silent: int = 0
    wrong: int = 0
    pending: Destination | None = None
    toward: ToQueue | ToSubHotline | None = None
    hours: str = ""
    closes: Mapping[str, Moment] = field(default_factory=dict)
    scope: str | None = None
    again: bool = False
    collecting: Collecting | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """The new state of the call, what is to be done, and notes for the story."""

    state: State
    action: Action
    notes: tuple[Note, ...] = ()


# --- the walk ------------------------------------------------------------------------------------------------------


def start(tree: Tree, language: str, facts: Facts) -> Step:
    """The beginning of a call: the greeting and the entry menu, as one Ask (a key in the greeting is a choice).

    Where the dialled number leads to no menu, or to what is closed, the greeting is said first.
    """
    greeting, to = tree.beginning(facts.number, facts.known)
    shut = _shut(tree.gate(None), None, tree, facts) or _closed(tree, to, facts)
    if shut is not None:
        state = State(language, pending=shut.to, hours=shut.hours)
        return Step(state, Play((Words(greeting),)), (shut.note,))
    begun = send(tree, State(language), to, facts)
    match begun.action:
        case Ask(speech=speech) | Play(speech=speech):
            return replace(begun, action=replace(begun.action, speech=(Words(greeting), *speech)))
        case _:
            return Step(State(language, pending=to), Play((Words(greeting),)))


def step(tree: Tree, state: State, happened: Input, facts: Facts) -> Step:
    """The step after an input. Raises Misplaced when the call does not wait for such an input."""
    match happened:
        case Played():
            if state.pending is None:
                raise Misplaced("no message is being said")
            return send(tree, replace(state, pending=None), state.pending, facts)
        case Pressed() | Silence() if state.scope is not None:
            return _answered(tree, state, state.scope, happened, facts)
        case Pressed() | Silence() if state.collecting is not None:
            return _entered(tree, state, state.collecting, happened, facts)
        case Pressed(key):
            menu_id, menu = _asked(tree, state)
            destination = menu.keys.get(cast(Key, key))  # anything that is not a key is a wrong key
            if destination is not None:
                note: Note = ("key-pressed", {"key": key, "menu": menu_id})
                return _noted(note, send(tree, state, destination, facts))
            state = replace(state, wrong=state.wrong + 1)
            note = ("invalid-key", {"menu": menu_id, "key": key, "count": state.wrong})
            return _noted(note, _again(tree, state, menu.invalid, state.wrong, Phrase("invalid-key"), facts))
        case Silence():
            menu_id, menu = _asked(tree, state)
            state = replace(state, silent=state.silent + 1)
            note = ("no-input", {"menu": menu_id, "count": state.silent})
            return _noted(note, _again(tree, state, menu.no_input, state.silent, Phrase("no-input"), facts))
        case _:
            assert_never(happened)


def send(tree: Tree, state: State, destination: Destination, facts: Facts) -> Step:
    """Takes the call to a destination: that of a key, or one from outside (a failed sub-hotline, an overflow). If it is
    closed, to its `closed`.

    Raises Misplaced for `repeat` when the call is in no menu.
    """
    shut = _closed(tree, destination, facts)
    if shut is not None:
        if isinstance(destination, ToMenu) and destination.language is not None:
            named: Note = ("language-chosen", {"language": destination.language})
            state = State(destination.language, hours=shut.hours)
            return _noted(named, _noted(shut.note, send(tree, state, shut.to, facts)))
        return _noted(shut.note, send(tree, replace(state, hours=shut.hours), shut.to, facts))
    match destination:
        case ToQueue() | ToSubHotline():
            return _placed(tree, state, destination, facts)
        case ChooseDistrict(district=district, then=then):
            facts = facts._replace(known={**facts.known, DISTRICT: district})
            to = then or state.toward or tree.beginning(facts.number, facts.known).to
            return _noted(_learned(district), send(tree, state, to, facts))
        case ToHangUp():
            return Step(State(state.language), HangUp((Words(tree.goodbye),)))
        case ToMessage(message=message):
            return Step(State(state.language), TakeMessage(message.queue, message.limit))
        case Say(skip=skip, then=then):
            said = _said(tree, state, destination, facts)
            return Step(replace(state, pending=then or ToHangUp(hangup=True)), Play((said,), skip))
        case ToScope(scope=scope):
            return Step(*_scoped(tree, State(state.language, scope=scope), scope), (("scope-told", {"scope": scope}),))
        case ToInput(input=wanted):
            return _collect(tree, state, Collecting(wanted))
        case Repeat():
            menu_id, menu = _asked(tree, state)
            return Step(state, _ask(state, menu_id, menu))
        case ToMenu(menu=menu_id, language=language):
            chosen = State(language or state.language, toward=_still(tree.menus[menu_id], state))
            entered = _enter(tree, chosen, menu_id, facts)
            return _noted(("language-chosen", {"language": language}), entered) if language else entered
        case _:
            assert_never(destination)


class _Shut(NamedTuple):
    """Something is closed: a note of it, where to go instead, and the hours."""

    note: Note
    to: Destination
    hours: str


def _closed(tree: Tree, destination: Destination, facts: Facts) -> _Shut | None:
    """Where to go instead, if the way to a destination or its node is closed.

    Of nodes with districts, the one of the caller's counts: see `_placed`.
    """
    node = destination.node
    shut = _shut(destination, node, tree, facts)
    if shut is not None or node is None:
        return shut
    if isinstance(destination, ToQueue | ToSubHotline) and tree.variants(node) is not None:
        return None
    return _shut(tree.gate(node), node, tree, facts)


def _shut(gate: Gated | None, node: NodeId | None, tree: Tree, facts: Facts) -> _Shut | None:
    """As `_closed`, of these hours alone; node None: the whole hotline."""
    if gate is None or gate.hours is None or gate.closed is None:
        return None
    opening = tree.timetable.opening(gate.hours, facts.moment)
    if opening.open:
        return None
    opens = None if opening.until is None else opening.until.isoformat()
    named = {} if node is None else {_SINGULAR[node[0]]: node[1]}
    return _Shut(("closed", {"place": named, "hours": gate.hours, "opens": opens}), gate.closed, gate.hours)


def _said(tree: Tree, state: State, message: Say, facts: Facts) -> Words:
    """A message with its moments. OPENS: when the hours that have sent the call here open again. CLOSES: when the
    message's own hours close; if it has none, those that have sent the call here.
    """
    moments = dict(_closes(tree, message.say, message.hours or state.hours, facts))
    if _has(message.say, OPENS):
        at = tree.timetable.opening(state.hours, facts.moment).until if state.hours else None
        moments[OPENS] = Moment(at, facts.moment.date())
    return Words(message.say, moments)


def _closes(tree: Tree, texts: Texts, hours: str, facts: Facts) -> Mapping[str, Moment]:
    """What is said for CLOSES, if that is in a text; "": there are no hours."""
    if not _has(texts, CLOSES):
        return {}
    at = tree.timetable.closes(hours, facts.moment) if hours else None
    return {CLOSES: Moment(at, facts.moment.date(), end=True)}


def _has(texts: Texts, mark: str) -> bool:
    return any(mark in words for words in texts.values())


def _placed(tree: Tree, state: State, to: ToQueue | ToSubHotline, facts: Facts) -> Step:
    """To what the queue or sub-hotline has for the caller's district, which may have to be asked for first."""
    section, name = to.node
    variants = tree.variants(to.node)
    district = to.district or facts.known.get(DISTRICT, "")
    notes: tuple[Note, ...] = ()
    if variants is not None:
        if not district and variants.ask is not None:
            if state.toward is None or state.toward.node != to.node:
                return _enter(tree, State(state.language, toward=to), variants.ask, facts)
            notes = (_learned(OTHER),)  # the caller did not say; nobody asks again
        name = variants.of.get(district, name)
        shut = _shut(tree.gate((section, name)), (section, name), tree, facts)
        if shut is not None:
            then = send(tree, replace(state, hours=shut.hours), shut.to, facts)
            return replace(then, notes=(*notes, shut.note, *then.notes))
    return Step(State(state.language), Enqueue(name) if section == "queues" else Dial(name), notes)


BETWEEN = 1.5
"""Seconds between the two readings of a number."""


def _scoped(tree: Tree, state: State, scope_id: str) -> tuple[State, Ask]:
    """Whose business it is; the number twice, with a pause between; the offer."""
    scope = tree.scopes[scope_id]
    number = () if scope.number is None else (Digits(scope.number),)
    offer = () if scope.offer is None else (Words(scope.offer),)
    if state.again:
        return state, Ask("", (*number, *offer), scope.wait)
    if number:
        return state, Ask("", (Words(scope.say), *number), BETWEEN)
    return state, Ask("", (Words(scope.say), *offer), scope.wait)


def _answered(tree: Tree, state: State, scope_id: str, happened: Pressed | Silence, facts: Facts) -> Step:
    """The caller takes the offer of a scope, or goes on."""
    scope = tree.scopes[scope_id]
    if isinstance(happened, Silence) and scope.number is not None and not state.again:
        return Step(*_scoped(tree, replace(state, again=True), scope_id))
    to, notes = scope.then, list[Note]()
    if isinstance(happened, Pressed):
        notes.append(("key-pressed", {"key": happened.key, "menu": "", "scope": scope_id}))
        if happened.key == scope.key and scope.transfer is not None:
            to = scope.transfer
    then = send(tree, State(state.language), to or ToHangUp(hangup=True), facts)
    return replace(then, notes=(*notes, *then.notes))


def _collect(tree: Tree, state: State, now: Collecting) -> Step:
    wanted = tree.inputs[now.input]
    return Step(State(state.language, collecting=now), Ask("", collecting.speech(wanted, now), wanted.wait))


def _entered(tree: Tree, state: State, now: Collecting, happened: Pressed | Silence, facts: Facts) -> Step:
    """A key of a caller who enters digits, or none."""
    pressed: tuple[Note, ...] = ()
    if isinstance(happened, Pressed):  # not which key: the story would have the digits
        pressed = (("key-pressed", {"key": "", "menu": "", "input": now.input}),)
    then = _came_of(tree, state, now, happened, facts)
    return replace(then, notes=(*pressed, *then.notes))


def _came_of(tree: Tree, state: State, now: Collecting, happened: Pressed | Silence, facts: Facts) -> Step:
    wanted = tree.inputs[now.input]
    match collecting.after(wanted, now, happened.key if isinstance(happened, Pressed) else None):
        case Collecting() as further:
            return _collect(tree, state, further)
        case str(digits):
            note: Note = ("collected", {"input": now.input, "name": dict(wanted.name), "digits": digits})
            return _noted(note, send(tree, State(state.language), wanted.then, facts))
        case None:
            return send(tree, State(state.language), wanted.failed, facts)


def _learned(district: str) -> Note:
    return "learned", {"name": DISTRICT, "value": district}


def _still(menu: Menu, state: State) -> ToQueue | ToSubHotline | None:
    """What asked for a district, if this menu goes on asking."""
    asks = any(isinstance(each, ChooseDistrict) for to in menu.keys.values() for each in with_following(to))
    return state.toward if asks else None


def _asked(tree: Tree, state: State) -> tuple[str, Menu]:
    """The menu whose key the call waits for."""
    if state.pending is not None:
        raise Misplaced("a message is being said; its end comes first")
    if state.menu is None:
        raise Misplaced("the call is in no menu")
    return state.menu, tree.menus[state.menu]


def _enter(tree: Tree, state: State, menu_id: str, facts: Facts) -> Step:
    """A new visit of a menu: the counts begin again."""
    menu = tree.menus[menu_id]
    closes = _closes(tree, menu.say, menu.hours or "", facts)
    visit = State(state.language, menu_id, toward=state.toward, closes=closes)
    note: Note = ("menu-entered", {"menu": menu_id, "language": state.language})
    return Step(visit, _ask(visit, menu_id, menu), (note,))


def _again(tree: Tree, state: State, attempts: Attempts, count: int, why: Phrase, facts: Facts) -> Step:
    """The menu again, with the reason before it; after too many attempts, on to `attempts.then`."""
    if count > attempts.repeat:
        return send(tree, state, attempts.then, facts)
    menu_id, menu = _asked(tree, state)
    return Step(state, _ask(state, menu_id, menu, why))


def _ask(state: State, menu_id: str, menu: Menu, *before: Part) -> Ask:
    return Ask(menu_id, (*before, Words(menu.say, state.closes)), menu.wait)


def _noted(note: Note, then: Step) -> Step:
    return replace(then, notes=(note, *then.notes))
