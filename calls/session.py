"""What the caller's AGI session does in each state, and what its results and its end mean. Pure."""

from dataclasses import replace
from typing import Any, assert_never, cast

from acd import events as acd
from acd import model
from acd.events import EndedBy
from calls import arranging, dialling, ending, holding, interruptions, leaving_message, queueing, surveying
from calls import effects as do
from calls import events as ev
from calls import transferring as transfers
from calls.effects import Task
from calls.leg import Bridge, Happens, Session
from calls.life import Life
from calls.model import FRONT, Cut
from calls.states import (
    Arranging,
    Arriving,
    Asking,
    AtLine,
    AtMessage,
    Entering,
    Front,
    Going,
    Gone,
    Hold,
    InMenu,
    Interrupted,
    Leaving,
    Meanwhile,
    Offered,
    Over,
    PuttingThrough,
    Settling,
    Stage,
    State,
    SurveyStage,
    Talking,
    Waiting,
    mark_of,
)
from dialplan.news import News
from emergency.model import GOODBYE, PERSON, Emergency, When, at_node, of_all
from ivr import interpreter
from ivr.interpreter import Ask, Dial, Enqueue, HangUp, Play, Played, Pressed, Silence, TakeMessage
from ivr.model import Destination, MessageFor, ToMessage, ToQueue, ToSubHotline, to_person
from journal.actor import CALLER, SYSTEM
from journal.records import Kind
from sounds.model import Phrase, Speech, Words

_PRESSED = frozenset({Kind.KEY_PRESSED, Kind.INVALID_KEY, Kind.COLLECTED})


def go_on(life: Life) -> None:
    """The session is free: give it the next task in this state. It gets none where an event must come first."""
    match life.state:
        case Arriving(stage):
            life.do(_arrival_task(life, stage))
        case InMenu(urgent=Emergency() as urgent):
            life.do(life.to_say(urgent.speech(life.language), keys=False))
        case InMenu(step, asked):
            action = step.action
            if asked and isinstance(action, Ask):
                life.do(do.AwaitKey(action.wait))
            elif isinstance(action, Ask | Play):
                life.do(life.to_say(action.speech, keys=not isinstance(action, Play) or action.keys))
        case Going(dialled=True):
            life.do(do.PlainTask.CLEAR_DIALLING)
        case Going(told=speech) if speech:
            life.do(life.to_say(speech, keys=False))
        case Going(apology=phrase) if phrase:
            life.do(life.to_say((Phrase(phrase),), keys=True))
        case Going(ToQueue(queue=queue), front=Front() as front):  # back, even if the queue has closed meanwhile
            life.go(Entering(queue, front))
            go_on(life)
        case Going(to):
            _follow(life, _sent(life, to), to)
            go_on(life)
        case Entering(queue) if _to_be_told(life, queue):
            life.do(life.to_say((Phrase("talk-recorded"),), keys=False))
        case Entering(meanwhile=Meanwhile() as meanwhile) as state:
            life.do(arranging.decision(life, state, meanwhile))
        case Entering():
            life.do(do.MarkQueue(life.language))
        case Offered(wish=to) if to is not None:  # the caller is not held, so no leg can take the caller
            queueing.leave(life, to)
            go_on(life)
        case Waiting(arranging=Arranging() as asked) as state:
            life.do(arranging.task(life, state, asked))
        case Waiting(speech=None) | Offered():
            queueing.announced(life)
            _hold(life)
        case Waiting(queue, speech, reporting):
            life.go(Waiting(queue, None, reporting))
            life.do(life.to_say(cast(Speech, speech), keys=False))
        case Talking(hold=Hold()) | AtLine(hold=Hold()):
            _hold(life)
        case Interrupted() as state:
            life.do(interruptions.task(life, state))
        case Settling(taken=""):
            life.do(do.PlainTask.ASK_TAKEN)
        case PuttingThrough(str(sub_hotline), announced=False):
            name = life.edition.hotline.sub_hotlines[sub_hotline].name
            speech = (Phrase("transferring-before"), Words(name), Phrase("transferring-after"))
            life.do(life.to_say(speech, keys=True))
        case PuttingThrough(line):
            life.do(do.MarkDialling(mark_of(line), life.language))
        case AtLine(answered=True, known=True) as state:  # the colleague hung up before AMI said that the two talked
            dialling.over(life, state, EndedBy.AGENT)
            go_on(life)
        case AtLine(known=False):
            life.do(do.PlainTask.ASK_DIAL_RESULT)
        case AtLine() as state:
            if not dialling.dial(life, state):
                go_on(life)
        case AtMessage() as state:
            life.do(leaving_message.task(life, state))
        case Leaving(dialled=True):
            life.do(do.PlainTask.CLEAR_DIALLING)
        case Leaving(survey=SurveyStage.DUE):
            life.out.append(do.PlainCommand.ASK_LAST_SURVEY)
        case Leaving(survey=Asking(said=True)):
            life.do(do.AwaitKey(surveying.WAIT))
        case Leaving(survey=Asking() as asking):
            life.do(life.to_say(surveying.question(life, asking), keys=True))
        case Leaving(said=False, survey=survey) if not life.arrival.about:  # who asks a queue needs no goodbye
            thanks = surveying.thanks(life) if survey is SurveyStage.COMPLETE else ()
            # keys do not cut the goodbye short: they mean nothing here, and a key of the talk may come late
            life.do(life.to_say((*thanks, Words(life.edition.hotline.goodbye)), keys=False))
        case Leaving():
            life.do(do.PlainTask.MARK_DONE)
        case Settling() | Talking() | Gone() | Over():
            pass


def _arrival_task(life: Life, stage: Stage) -> Task:
    match stage:
        case Stage.ASK_DIALLING:
            return do.PlainTask.ASK_DIALLING
        case Stage.MARK:
            return do.MarkCall(life.arrival.turned_away, life.language)
        case Stage.ANSWER:
            if not life.begun and not life.arrival.resumed:
                # the channel carries the call's id by now: if the service dies, the next one finds the call by it
                life.begin(resumed=False)
            return do.PlainTask.ANSWER
        case Stage.EMERGENCY:
            return life.to_say(_urgent(life).speech(life.language), keys=False)
        case Stage.MAINTENANCE:
            return life.to_say((Phrase("maintenance"),), keys=True)
        case Stage.ASK_HISTORY:
            return do.PlainTask.ASK_HISTORY
        case Stage.NOTE:
            return do.PlainTask.MARK_INTERRUPTED
        case Stage.APOLOGY:
            return life.to_say((Phrase("service-apology"),), keys=True)
        case _:
            assert_never(stage)


def _hold(life: Life) -> None:
    life.leg.tell(Happens.TO_BE_HELD)
    life.do(do.PlainTask.HOLD)


def arrival_done(life: Life, state: Arriving, _: ev.PlainEvent) -> None:
    match state.stage:
        case Stage.MARK:
            life.go(replace(state, stage=Stage.ANSWER))
        case Stage.ANSWER:
            _answered(life, state)
        case Stage.NOTE:
            life.go(replace(state, stage=Stage.APOLOGY))


def cleared(life: Life, state: Going | Leaving, _: ev.PlainEvent) -> None:
    """The channel does not say any more that a line is dialled."""
    life.go(replace(state, dialled=False))


def _to_be_told(life: Life, queue: str) -> bool:
    """Whether the caller has to hear that talks of this queue are recorded. An agent who calls a queue is not told, and
    not recorded.
    """
    definition = life.edition.hotline.queues.get(queue)
    records = definition is not None and definition.record is model.Recorded.ALWAYS
    return records and not life.told and not life.arrival.agent


def recording_told(life: Life, state: Entering, event: ev.Said) -> None:
    """The caller has heard it: only from now on may a talk be recorded. What may be decided comes after that."""
    said(life, state, event)
    if not _to_be_told(life, state.queue):
        return
    life.write(Kind.RECORDING_TOLD)
    life.told = True


def queue_marked(life: Life, state: Entering, _: ev.PlainEvent) -> None:
    """The caller waits from now on."""
    queue, front = state.queue, state.front
    usual = None if front or life.arrival.agent else (Phrase("please-hold"),)
    life.go(Waiting(queue, life.apology or usual))
    life.apology = ()
    life.out.append(do.PlainCommand.CLEAR_KEYS)
    if life.since is None:
        kept = life.arrival.places.get(queue) if front is None else None  # that place was for the first time
        began = life.now if kept is None or life.now > kept.until else kept.since
        life.since = min(began, life.now - life.head_start)
    head_start, agent = (round(life.now - life.since, 3), "") if front is None else (FRONT, front.agent)
    test, robot = life.arrival.test, life.arrival.robot
    callback = life.arrival.callbacks.get(queue, "")
    if front is not None and callback:  # the front is before its place
        life.tell(acd.CallLeft(callback, acd.Left.WENT_ELSEWHERE))
        callback = ""
    sticky = None if front else _agent_of_last_time(life, queue)
    who = (life.id, queue, life.language, head_start, agent, test, robot)
    life.tell(acd.CallQueued(*who, callback=callback, sticky=sticky))


def _agent_of_last_time(life: Life, queue: str) -> acd.Sticky | None:
    """The agent whom a caller who rings again gets, if free. A transferred call does not ring again."""
    definition, last = life.edition.hotline.queues.get(queue), life.arrival.last_talks.get(queue)
    if definition is None or definition.sticky is None or last is None or life.arrival.moved:
        return None
    rule = definition.sticky
    return acd.Sticky(last.agent, rule.wait) if life.now <= last.at + rule.within else None


def leaving_done(life: Life, state: Leaving, event: ev.PlainEvent) -> None:
    if state.dialled:
        cleared(life, state, event)
    else:  # the session ends with the call, and the dialplan hangs up whose channel has this mark
        ending.finish(life, life.ended_by or EndedBy.SYSTEM)


def _answered(life: Life, state: Arriving) -> None:
    """The call is answered: go to where it begins, or begins again."""
    arrival = life.arrival
    if not life.begun:
        life.begin(resumed=True)
    elif state.back:
        life.go(replace(state, stage=Stage.ASK_HISTORY))
        return
    if arrival.turned_away:
        _welcome(life, state)
    elif isinstance(arrival.to, ToQueue | ToSubHotline):
        _follow(life, _sent(life, arrival.to))
        entered = life.state
        straight = isinstance(entered, Entering) and entered.meanwhile is None
        if isinstance(entered, Entering) and straight and not arrival.resumed and not _to_be_told(life, entered.queue):
            # the channel has its marks already: one request to Asterisk less before the first ring
            queue_marked(life, entered, ev.PlainEvent.DONE)
    elif arrival.moved and isinstance(arrival.to, str):
        transfers.transfer(life, arrival.to, life.edition)
    elif arrival.resumed and not arrival.moved:
        life.go(replace(state, stage=Stage.ASK_HISTORY))
    else:
        _welcome(life, state)


def history_known(life: Life, _: Arriving, history: ev.HistoryKnown) -> None:
    stage = Stage.MAINTENANCE if history.turned_away else Stage.NOTE
    life.go(Arriving(stage, interrupted=history.interrupted))


def _welcome(life: Life, state: Arriving) -> None:
    """The caller comes to the menus: the emergency message comes first, while one is on."""
    emergency = of_all(life.arrival.emergencies)
    if emergency is None or not emergency.on(life.now):
        _begin(life, state.interrupted)
        return
    _note_message(life, emergency)
    life.go(replace(state, stage=Stage.EMERGENCY))


def _warned(life: Life, state: Arriving) -> None:
    """The caller has heard the emergency message."""
    life.out.append(do.PlainCommand.CLEAR_KEYS)  # no key skips it, nor answers what comes after it
    emergency = _urgent(life)
    if life.arrival.turned_away or not _left_by(life, emergency):
        _begin(life, state.interrupted)


def _left_by(life: Life, emergency: Emergency) -> bool:
    """Send the caller where the message leads, if it replaces what would follow. False: it does not, or this version
    has no such sub-hotline; then the call goes on as usual.
    """
    if emergency.mode is When.BEFORE:
        return False
    if emergency.after == GOODBYE:
        life.go(Leaving())
        return True
    to = _named(life, emergency.after)
    if to is not None:
        _follow(life, _sent(life, to))
    return to is not None


def _note_message(life: Life, emergency: Emergency) -> None:
    data: dict[str, Any] = {"where": emergency.where} if emergency.where else {}
    life.write(Kind.EMERGENCY_TOLD, id=emergency.id, mode=emergency.mode, **data)


def _named(life: Life, after: str) -> Destination | None:
    """The way to a person, or the queue or sub-hotline of `queue:ID` or `sub_hotline:ID`; None: this version does not
    have it.
    """
    if after == PERSON:
        return to_person(life.edition.hotline, life.entry)
    section, _, name = after.partition(":")
    return life.edition.destination({section: name})


def _urgent(life: Life) -> Emergency:
    emergency = of_all(life.arrival.emergencies)
    assert emergency is not None, "the call comes to that stage with a message only"
    return emergency


def said(life: Life, _: State, event: ev.Said) -> None:
    life.write(Kind.SAID, text=event.text, language=life.language, interrupted=event.interrupted)


def arrival_said(life: Life, state: Arriving, event: ev.Said) -> None:
    said(life, state, event)
    match state.stage:
        case Stage.MAINTENANCE:
            life.go(Leaving())
        case Stage.APOLOGY:
            _welcome(life, state)
        case Stage.EMERGENCY:
            _warned(life, state)


def menu_said(life: Life, state: InMenu, event: ev.Said) -> None:
    said(life, state, event)
    match state:
        case InMenu(step, onward=onward, urgent=Emergency() as urgent):
            life.out.append(do.PlainCommand.CLEAR_KEYS)
            if not _left_by(life, urgent):
                _arrive(life, step, onward)
            elif life.arrival.called_back:
                arranging.led_elsewhere(life)
        case InMenu(step, asked=False) if isinstance(step.action, Play):
            if not step.action.keys:
                life.out.append(do.PlainCommand.CLEAR_KEYS)
            _follow(life, _stepped(life, step.state, Played()), state.onward)
        case InMenu(asked=False):
            life.go(replace(state, asked=True))


def apology_said(life: Life, state: Going, event: ev.Said) -> None:
    said(life, state, event)
    before = state.told and event.interrupted  # what the caller heard before: no key cuts this
    if not (state.dialled or before):
        life.go(replace(state, apology="", told=()))


def line_said(life: Life, state: PuttingThrough, event: ev.Said) -> None:
    said(life, state, event)
    life.go(replace(state, announced=True))


def goodbye_said(life: Life, state: Leaving, event: ev.Said) -> None:
    said(life, state, event)
    if isinstance(state.survey, Asking):
        life.go(replace(state, survey=replace(state.survey, said=True)))
    else:
        life.go(replace(state, said=True))


def survey_decided(life: Life, state: Leaving, event: ev.LastSurvey) -> None:
    """The session is free: that was asked in its place."""
    if state.survey is SurveyStage.DUE:
        surveying.decide(life, state, event)
        go_on(life)


def survey_key(life: Life, state: Leaving, event: ev.KeyAwaited) -> None:
    if isinstance(state.survey, Asking):
        surveying.answered(life, state, state.survey, event.key)


def _begin(life: Life, interrupted: bool) -> None:
    """Begin the menus, or turn the caller away. A caller who was interrupted before goes to a person instead, if there
    is a way.
    """
    person = to_person(life.edition.hotline, life.entry)
    if life.arrival.turned_away:
        life.go(Arriving(Stage.MAINTENANCE))
    elif interrupted and person is not None:
        _follow(life, _sent(life, person))
    elif life.arrival.cut is not None:
        _return(life, life.arrival.cut)
    else:
        _follow(life, interpreter.start(life.edition.hotline, life.language, life.facts(life.now)))


def _return(life: Life, cut: Cut) -> None:
    """The caller's call was cut off a moment ago: give the caller the place of before, without the menus, and say so
    there. If that queue is closed by now, the caller goes where it says.
    """
    to = life.exactly("queues", cut.queue)
    step = _sent(life, to)
    if not isinstance(step.action, Enqueue):
        _follow(life, step)
        return
    front = Front(cut.agent) if cut.since is None else None
    life.since, life.apology = cut.since, queueing.OLD_PLACE if front is None else queueing.FIRST_PLACE
    life.write_sent_on(to, front, cut.since)
    life.go(Going(to, front=front))


def key_awaited(life: Life, state: InMenu, event: ev.KeyAwaited) -> None:
    if state.asked:
        happened = Silence() if event.key is None else Pressed(event.key)
        step = _stepped(life, state.step.state, happened)
        _follow(life, step, state.onward if isinstance(step.action, Ask) else None)


def _sent(life: Life, to: Destination) -> interpreter.Step:
    return interpreter.send(life.edition.hotline, interpreter.State(life.language), to, life.facts(life.now))


def _stepped(life: Life, state: interpreter.State, happened: interpreter.Input) -> interpreter.Step:
    return interpreter.step(life.edition.hotline, state, happened, life.facts(life.now))


def _follow(life: Life, step: interpreter.Step, onward: Destination | None = None) -> None:
    """Go where the tree says. `onward`: the destination that the call is on its way to and has not reached."""
    life.language = step.state.language
    for kind, data in step.notes:
        life.write(Kind(kind), CALLER if kind in _PRESSED else SYSTEM, **data)
        if kind == Kind.LEARNED:
            life.known[data["name"]] = data["value"]
        if kind == Kind.MENU_ENTERED:
            onward = life.since = None
    urgent = at_node(life.arrival.emergencies, _node(step))
    if urgent is None or not urgent.on(life.now) or urgent.id in life.heard or life.arrival.agent:
        _arrive(life, step, onward)
        return
    life.heard.add(urgent.id)
    _note_message(life, urgent)
    life.go(InMenu(step, onward=onward, urgent=urgent))


def _node(step: interpreter.Step) -> str:
    """Where a step leads, as emergency messages name nodes; "": no message can be set for that."""
    match step.action:
        case Enqueue(queue):
            return f"queue:{queue}"
        case Dial(sub_hotline):
            return f"sub_hotline:{sub_hotline}"
    entered = [data["menu"] for kind, data in step.notes if kind == Kind.MENU_ENTERED]
    return f"menu:{entered[-1]}" if entered else ""


def _arrive(life: Life, step: interpreter.Step, onward: Destination | None) -> None:
    match step.action:
        case Ask() | Play():
            life.go(InMenu(step, asked=isinstance(step.action, Ask) and not step.action.speech, onward=onward))
        case Enqueue(queue):
            life.go(Entering(queue, meanwhile=arranging.meanwhile(life, queue)))
        case Dial(sub_hotline) if life.arrival.robot and not _rings_for_robots(life, sub_hotline):
            life.write(Kind.SUB_HOTLINE_SPARED, sub_hotline=sub_hotline)
            life.go(Leaving())
        case Dial(sub_hotline):
            if onward is None:
                life.write_sent_on(life.exactly("sub_hotlines", sub_hotline))
            life.go(PuttingThrough(sub_hotline))
        case HangUp():
            life.go(Leaving())
        case TakeMessage(queue, limit):
            life.go(AtMessage(queue, limit))
        case _:
            assert_never(step.action)


def _rings_for_robots(life: Life, sub_hotline: str) -> bool:
    """Whether a test call that robots answer may ring there: nobody who is not asked is disturbed."""
    definition = life.edition.hotline.sub_hotlines.get(sub_hotline)
    return definition is not None and definition.selftest


def began(life: Life, _: State, event: ev.SessionBegan) -> None:
    """The caller comes in, or comes back. The call goes on where it was; only menus begin again."""
    life.leg.begin_session()
    life.channel = event.channel
    life.leave_be()
    if life.begun:
        life.write(Kind.CALL_RESUMED, channel=event.channel)


def arrival_began(life: Life, state: Arriving, event: ev.SessionBegan) -> None:
    began(life, state, event)
    if life.begun:
        life.go(Arriving(Stage.ASK_DIALLING, back=True))


def back_from_queue(life: Life, state: Offered, event: ev.SessionBegan) -> None:
    began(life, state, event)
    if state.wish is not None or life.leg.bridge is not Bridge.TAKEN_OUT:
        life.go(Settling(state.queue, state.offers, wish=state.wish))


def back_from_talk(life: Life, state: Talking, event: ev.SessionBegan) -> None:
    began(life, state, event)
    if state.hold is None:
        queueing.back_from_talk(life, state)


def back_from_line(life: Life, state: AtLine, event: ev.SessionBegan) -> None:
    began(life, state, event)
    if state.hold is None and state.answered:
        dialling.back_from_talk(life, state)
    elif state.hold is None:
        life.go(replace(state, known=False))


def ended(life: Life, state: State, event: ev.SessionEnded) -> None:
    leg, gone = life.leg, event.gone
    believed = leg.session is not Session.DOUBTFUL
    leg.tell(Happens.SESSION_ENDED)
    if gone and believed:
        leg.tell(Happens.GONE)
        ending.session_said_so(life)
        return
    match state:
        case AtLine() if gone:
            return  # the caller is in the Dial() of the agent who put the caller through
        case InMenu(onward=onward, urgent=urgent):
            life.heard.discard("" if urgent is None else urgent.id)
            life.go(Going(onward, dialled=True) if onward is not None else Arriving(Stage.ASK_DIALLING))
        case Arriving():
            life.go(Arriving())
        case Entering(queue, front=front):
            life.go(Going(life.exactly("queues", queue), dialled=True, front=front))
        case AtMessage(survey=True):
            life.go(Leaving(talked=True))
        case AtMessage(queue, limit):  # from the beginning: a recording that is made anew replaces this one
            life.go(Going(ToMessage(message=MessageFor(queue=queue, limit=limit)), dialled=True))
        case Waiting(queue, arranging=Arranging()):  # the caller can ask again
            life.go(Waiting(queue, None, state.reporting))
        case PuttingThrough(str(sub_hotline)):
            life.go(Going(life.exactly("sub_hotlines", sub_hotline), dialled=True))
        case Going():
            life.go(replace(state, dialled=True))
        case Settling(wish=None):
            life.go(queueing.waits_on(state))
        case Settling():
            life.go(replace(state, taken="", until=None))  # ask again in the next session
        case Leaving(talked=talked, survey=survey):  # in the middle of the survey: only the goodbye follows
            life.go(Leaving(talked=talked, survey=survey if survey is SurveyStage.DUE else None))
    life.leg.expect(life.now)


# --- what concerns only the caller's leg ----------------------------------------------------------------------------


def free(life: Life, _: State, __: ev.PlainEvent) -> None:
    go_on(life)


def nothing(_: Life, __: State, ___: object) -> None:
    """This event changes nothing but the leg."""


def adopted(life: Life, _: State, __: ev.PlainEvent) -> None:
    life.fetch_if_held()


def bridged(life: Life, _: State, __: News) -> None:
    life.leg.joining = None
    life.leave_be()


def let_go(life: Life, _: State, __: News) -> None:
    life.leg.let_go(life.now)


def stray(life: Life, _: State, __: News) -> None:
    life.leg.expect(life.now)


def led_back(life: Life, _: State, event: ev.LedBack) -> None:
    life.leg.tell(Happens.LED if event.done else Happens.NOT_LED)


def due(life: Life) -> None:
    """The deadlines of the leg that come first: no leg has taken the caller in time, or no session has begun."""
    leg = life.leg
    if leg.unjoined(life.now):
        holding.not_joined(life)
    if leg.overdue(life.now):
        leg.tell(Happens.LED)
        life.out.append(do.PlainCommand.LEAD_BACK)
