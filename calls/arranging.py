"""Callbacks, as the caller arranges them: at which number, kept or cancelled by a caller who rings in meanwhile. Pure.

The caller keeps the place in the queue while the number is asked for, so an agent who comes free rings for the caller,
and ends that. Nothing of it is in the journal before the promise: after a break the caller waits, and can ask again.
"""

from dataclasses import replace
from datetime import datetime

from acd import events as acd
from acd.effects import Announce
from acd.events import Left
from calls import effects as do
from calls import events as ev
from calls.life import Life
from calls.states import Arranging, Entering, Going, Meanwhile, Numbering, Waiting
from hotline.callbacks import CallbackRule, interval
from hotline.calls_out import MOST, NotAllowed, to_dial
from ivr.model import HangUp
from journal.actor import CALLER
from sounds.model import CLOSES, OPENS, Counted, Digits, Moment, Part, Phrase, Speech, Words
from sounds.phrases import in_all_languages

PATIENCE = 5.0
"""Seconds for each key."""

TURNS = 5
"""How often a caller is asked for a number, or for the key that confirms it. After that the caller waits on."""

THIS = KEEP = "1"
CANCEL = "2"


def begin(life: Life, state: Waiting, *, can: bool) -> None:
    """The caller asks to be called back. `can`: the hotline may call this caller."""
    number = life.arrival.caller
    if not can:
        _wait_on(life, state, Phrase("callback-impossible"))
    elif _may(life, number):
        _arrange(life, state, Arranging(Numbering.CONFIRM, number))
    else:  # withheld ("", "anonymous"), or not allowed
        _arrange(life, state, Arranging(Numbering.ENTER, refused=any(map(str.isdigit, number))))
    life.out.append(do.PlainCommand.STOP_SAYING)
    life.fetch_if_held()


def task(life: Life, state: Waiting, asked: Arranging) -> do.Task:
    """What the session does next. The keys are awaited after the sentence that says them."""
    match asked.part:
        case Numbering.CONFIRM:
            _arrange(life, state, replace(asked, part=Numbering.KEY))
            number = Digits("".join(filter(str.isdigit, asked.number)), private=True)
            return life.to_say((Phrase("callback-number"), number, Phrase("callback-confirm")), keys=True)
        case Numbering.ENTER:
            _arrange(life, state, replace(asked, part=Numbering.DIGITS, number=""))
            refused = (Phrase("callback-refused"),) if asked.refused else ()
            return life.to_say((*refused, Phrase("callback-enter")), keys=True)
        case Numbering.KEY | Numbering.DIGITS:
            return do.AwaitKey(PATIENCE)
        case Numbering.LOOK:
            return do.AskPromise(asked.number)


def key_awaited(life: Life, state: Waiting, event: ev.KeyAwaited) -> None:
    match state.arranging:
        case Arranging(Numbering.KEY) as asked if event.key == THIS:
            _arrange(life, state, replace(asked, part=Numbering.LOOK))
        case Arranging(Numbering.KEY) as asked:
            _again(life, state, asked, Numbering.CONFIRM if event.key is None else Numbering.ENTER)
        case Arranging(Numbering.DIGITS) as asked if event.key == "*":
            _arrange(life, state, replace(asked, number=""))
        case Arranging(Numbering.DIGITS, number) as asked:
            ends = event.key is None or event.key == "#"
            number = number if ends else f"{number}{event.key}"
            asked = replace(asked, number=number)
            if not ends and len(number) < MOST:
                _arrange(life, state, asked)
            elif _may(life, number):
                _again(life, state, replace(asked, refused=False), Numbering.CONFIRM)
            else:
                _again(life, state, replace(asked, refused=number != ""), Numbering.ENTER)


def _arrange(life: Life, state: Waiting, asked: Arranging) -> None:
    life.go(Waiting(state.queue, None, state.reporting, asked))


def _again(life: Life, state: Waiting, asked: Arranging, part: Numbering) -> None:
    """Ask once more, or let the caller wait on."""
    life.out.append(do.PlainCommand.CLEAR_KEYS)  # a key that is pressed twice does not answer the next question
    if asked.turns < TURNS:
        _arrange(life, state, replace(asked, part=part, turns=asked.turns + 1))
    else:
        _wait_on(life, state, Phrase("callback-impossible" if asked.refused else "please-hold"))


def _wait_on(life: Life, state: Waiting, *speech: Part) -> None:
    """The caller waits, after a last sentence."""
    life.go(Waiting(state.queue, speech, state.reporting))


def _may(life: Life, number: str) -> bool:
    """Whether the number may be dialled."""
    try:
        to_dial(number, life.edition.hotline.calls_out, life.edition.hotline.own_numbers)
    except NotAllowed:
        return False
    return True


def promise_known(life: Life, state: Waiting, event: ev.PromiseKnown) -> None:
    """The caller has confirmed the number: promise the callback, unless this number has one."""
    asked = state.arranging
    if asked is None or asked.part is not Numbering.LOOK:
        return
    if event.callback:
        _wait_on(life, state, Phrase("callback-already"), *position(event.position))
        return
    if event.full:
        _wait_on(life, state, Phrase("callback-impossible"))
        return
    life.write_sent_on(HangUp(hangup=True))  # first: a service that dies here knows where the call goes
    life.tell(acd.CallbackPromised(life.id, f"{life.id}-b", asked.number))
    life.since = None
    queue = life.edition.hotline.queues.get(state.queue)
    rule = None if queue is None else queue.callback
    when = () if rule is None else _when(life, state.queue, event.expected)
    _last_words(life, (Phrase("callback-promised"), *when))


def _last_words(life: Life, told: Speech) -> None:
    life.go(Going(HangUp(hangup=True), told=told))


def _when(life: Life, queue: str, expected: float | None) -> Speech:
    """The interval in which the citizen can expect the call; of another day with that day. (): nobody can tell."""
    hotline, zone = life.edition.hotline, life.edition.hotline.zone
    promised = interval(life.now, expected, hotline.calls_back_from(queue, life.now + (expected or 0)))
    if promised is None:
        return ()
    today = datetime.fromtimestamp(life.now, zone).date()
    first, last = (Moment(datetime.fromtimestamp(at, zone), today) for at in promised)
    return (Words(in_all_languages("callback-interval"), {OPENS: first, CLOSES: replace(last, end=True)}),)


# --- the caller rings in before the call back ------------------------------------------------------------------------


def meanwhile(life: Life, queue: str) -> Meanwhile | None:
    """What a caller decides who comes to `queue`; None: nothing, as none is to be called back from there."""
    return Meanwhile() if queue in life.arrival.callbacks and not life.arrival.called_back else None


def decision(life: Life, state: Entering, asked: Meanwhile) -> do.Task:
    """What the session does next."""
    if not asked.position:
        return do.AskPromise(life.arrival.caller)
    if asked.said:
        return do.AwaitKey(PATIENCE)
    life.go(replace(state, meanwhile=replace(asked, said=True)))
    return life.to_say((Phrase("callback-waits"), *position(asked.position), Phrase("callback-choose")), keys=True)


def found(life: Life, state: Entering, event: ev.PromiseKnown) -> None:
    """Nothing is asked if the citizen is dialled at this moment: the caller has the place at once."""
    life.out.append(do.PlainCommand.CLEAR_KEYS)  # those of the menus
    lives = event.callback == life.arrival.callbacks.get(state.queue) and not event.dialled
    life.go(replace(state, meanwhile=Meanwhile(event.position) if lives else None))


def decided(life: Life, state: Entering, event: ev.KeyAwaited) -> None:
    """Without one of the keys the caller has the place from now on, and the callback is over."""
    if event.key not in (KEEP, CANCEL):
        life.go(replace(state, meanwhile=None))
        return
    life.write_sent_on(HangUp(hangup=True))
    if event.key == CANCEL:
        life.tell(acd.CallLeft(life.arrival.callbacks[state.queue], Left.CANCELLED, CALLER))
    _last_words(life, (Phrase("callback-promised" if event.key == KEEP else "callback-cancelled"),))


# --- the citizen has answered the call back --------------------------------------------------------------------------


def led_elsewhere(life: Life) -> None:
    """The citizen has heard an emergency message in place of the queue: the callback is over, and the wait counts on in
    another queue.
    """
    for queue, callback in life.arrival.callbacks.items():
        if not (isinstance(life.state, Entering) and life.state.queue == queue):
            life.since = life.arrival.places[queue].since
            life.tell(acd.CallLeft(callback, Left.WENT_ELSEWHERE))


def announcement(effect: Announce) -> Speech:
    """What is said: position and estimate, or that nobody is there, then the queue's own message."""
    nobody = (Phrase("nobody-there"),) if effect.nobody else ()
    place = position(effect.position) if effect.position is not None else ()
    estimate = _estimate(effect.wait) if effect.wait is not None else ()
    message = (Words(effect.text),) if effect.text is not None else ()
    return (*nobody, *place, *estimate, *message)


def callback_offer(rule: CallbackRule, expected: float | None, *, called_back: bool) -> Speech:
    """What a waiting caller hears of callbacks. `expected`: seconds that the caller may still have to wait; None: not
    known. `called_back`: this is such a call.
    """
    if called_back or expected is None or expected < rule.offer.estimate:
        return ()
    return Phrase("callback-offer"), Digits(rule.key)


def position(place: int) -> Speech:
    """How many come before. `place`: 1 is next."""
    ahead = place - 1
    if ahead == 0:
        return (Phrase("queue-position-next"),)
    return (Phrase("queue-position-one") if ahead == 1 else Counted("queue-position", ahead),)


def _estimate(wait: float) -> Speech:
    """`wait`: seconds, rounded by the engine."""
    if wait < 60:
        return (Phrase("estimate-short"),)
    minutes = round(wait / 60)
    return (Phrase("estimate-one") if minutes == 1 else Counted("estimate", minutes),)
