"""Records: what was decided and what came of it. The journal keeps them; a call's story is its Records in order.

All have one shape: they are stored, filtered and shown without a table for each kind. `data` holds JSON values only.
Every Record of a test call has `test` in it, beside what its kind holds.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import partial
from types import MappingProxyType
from typing import Any, NamedTuple

from journal.actor import SYSTEM, Actor


class Kind(StrEnum):
    """What a Record is about, and what its `data` holds."""

    # the call's way through the menus (written by the life of the call)
    # caller, number, language, channel, resumed, version; known (by name); to (a queue): the citizen is called back
    CALL_STARTED = "call-started"
    MENU_ENTERED = "menu-entered"  # menu, language
    SAID = "said"  # text, language, interrupted
    KEY_PRESSED = "key-pressed"  # key, menu ("" in a queue), scope; input: of its digits, which are not kept
    NO_INPUT = "no-input"  # menu, count
    INVALID_KEY = "invalid-key"  # menu, key, count
    LANGUAGE_CHOSEN = "language-chosen"  # language
    CLOSED = (
        "closed"  # place (as {queue: ID}; {}: the hotline, or a message), hours, opens (ISO 8601; null: not known):
    )
    # the caller has come to what is closed, and goes to its `closed`
    EMERGENCY_TOLD = "emergency-told"  # id, mode, where (left out: all callers): the caller hears the message
    RECORDING_TOLD = "recording-told"  # the caller has heard that talks are recorded
    LEARNED = "learned"  # name, value: this is known of the caller from now on
    SCOPE_TOLD = "scope-told"  # scope: the caller hears whose business it is
    COLLECTED = "collected"  # input, name (by language), digits: the caller has entered and confirmed them
    SUB_HOTLINE_DIALLED = "sub-hotline-dialled"  # sub_hotline, dial
    SUB_HOTLINE_SPARED = (
        "sub-hotline-spared"  # sub_hotline: a robot's test call has come to it, and does not ring there
    )
    SUB_HOTLINE_ANSWERED = "sub-hotline-answered"  # sub_hotline
    SUB_HOTLINE_FAILED = "sub-hotline-failed"  # sub_hotline, status, cause
    SUB_HOTLINE_ENDED = "sub-hotline-ended"  # sub_hotline, by: the talk is over
    TRANSFERRED = "transferred"  # how (blind, consult), to (a destination, {agent: ID} or {number: N}), reason (left
    # out: none was written); by its agent
    TRANSFER_ANSWERED = "transfer-answered"  # to ({agent: ID} or {number: N}): that phone talks with the caller
    TRANSFER_FAILED = "transfer-failed"  # to, status, cause: nobody answered; ANSWER: its phone was gone
    TRANSFER_ENDED = "transfer-ended"  # to, by: the talk with that phone is over
    TALK_INTERRUPTED = "talk-interrupted"  # by its agent's browser, which is gone; the caller is held, the talk goes on
    TALK_RESUMED = "talk-resumed"  # away_s: the browser is back, and has taken the caller
    RECORDING_BEGUN = "recording-begun"  # this talk is recorded; on_demand: as `actor` asked
    RECORDING_PAUSED = "recording-paused"  # by who asked for it: the recording is silent
    RECORDING_RESUMED = "recording-resumed"
    HELD = "held"  # the caller is put on hold in the talk; by who asked for it over HTTP
    UNHOLD_ASKED = "unhold-asked"  # by who asked for it over HTTP: the agent is to take the caller back
    UNHELD = "unheld"  # held_s: the agent has taken the caller back
    CONSULT_ASKED = "consult-asked"  # to ({agent: ID}, {sub_hotline: ID} or {number: N}), reason (as above): rings for
    # the agent meanwhile
    CONSULT_ANSWERED = "consult-answered"  # to: talks with the agent
    CONSULT_JOINED = "consult-joined"  # to: talks with the agent and the caller, at the wish of `actor`
    CONSULT_FAILED = "consult-failed"  # to, status: nobody answered there, the agent goes back to the caller
    CONSULT_ENDED = "consult-ended"  # to: talks with the agent no more
    ROUTED = "routed"  # to (a destination): what comes next after leaving a queue, or before or after a line; front,
    # agent_first: the caller comes back to the front of the queue, and this agent is rung first
    # after a talk, by the survey of its queue, whose agent and queue these Records name
    SURVEY_OFFERED = "survey-offered"  # caller, version: the first question begins
    SURVEY_ANSWERED = "survey-answered"  # question (1 is the first), key, version
    SURVEY_COMPLETE = "survey-complete"  # version: the last question is answered
    SURVEY_NOT_ASKED = "survey-not-asked"  # why: see calls/surveying
    CALL_RESUMED = "call-resumed"  # channel: its AGI session had broken; the call goes on, menus begin again
    CALL_FINISHED = "call-finished"  # outcome, by, cause
    # a call of the hotline's own to a citizen: the agent's phone rings first (written by calls)
    CALL_OUT_DIALLED = "call-out-dialled"  # number (the citizen's), shown (what the citizen sees), language; by `actor`
    # recorded (true): a citizen who answers hears that the talk is recorded, and it is
    # of a callback whose agent is rung first this and the next two have its id, `callback`; this one `promised`, too
    CALL_OUT_ANSWERED = "call-out-answered"  # number: the agent and the citizen talk
    CALL_OUT_FAILED = "call-out-failed"  # why (calls/outgoing.py): nobody talked, and the call is over
    CALL_OUT_ENDED = "call-out-ended"  # by, talked_s: the talk and the call are over
    # in a talk: an agent's call for help, and who listens
    HELP_CALLED = "help-called"  # the agent calls for a supervisor's help
    HELP_OVER = "help-over"  # the agent no longer needs it; it also ends as somebody listens, and with the talk
    LISTENING_ASKED = "listening-asked"  # listening (its id), mode, phone (an agent's id), announced; by its supervisor
    LISTENING_BEGAN = "listening-began"  # listening, mode: from now on the supervisor hears the two
    LISTENING_CHANGED = "listening-changed"  # listening, mode
    LISTENING_ENDED = "listening-ended"  # listening, mode, phone, why, listened_s (null: it never began)
    # the sound of a call (written by calls/live/sound)
    # phone, line, network, codec, packets_from, packets_to, lost_from, lost_to, lost, jitter_ms, trip_ms, mos: what a
    # phone's leg of the call was like, once it has ended; of `agent`, if it is an agent's. See calls/quality
    LEG_MEASURED = "leg-measured"
    SOUND_LOST = "sound-lost"  # side (agent, caller): no audio has come from there for 5 s, in the agent's talk;
    # again (true): not for the first time in it
    SOUND_BACK = "sound-back"  # side: it comes again
    # the distributor's decisions (written by the engine)
    QUEUED = "queued"  # language, head_start, position; sticky (the agent of last time), sticky_wait_s
    OFFERED = "offered"  # ring, step (0: the queue's own needs, n: the n-th relaxing step), rule of choice
    OFFER_ANSWERED = "offer-answered"  # within (seconds until the connection at most)
    OFFER_FAILED = "offer-failed"  # reason, missed (how many in a row), rona (bool), pause_s (0: none)
    OFFER_CANCELLED = "offer-cancelled"  # why
    CONNECTED = "connected"  # waited_s, in_service_level
    TALK_ENDED = "talk-ended"  # by, talked_s; cause, if nobody hung up
    LEFT_QUEUE = "left-queue"  # why, waited_s; in_service_level (of a caller who gave up): within its time
    MOVED = "moved"  # to (front: true, with position; agent: ID; queue: ID, with waited_s: it leaves this queue)
    OVERFLOWED = "overflowed"  # rule (its index), condition, limit, waited_s; the queue was taken out: rule, limit null
    CALLBACK_PROMISED = "callback-promised"  # callback (its id), number, language, since (epoch), position, expected_s
    # (null: not known): the caller hangs up and is called back
    CALLBACK_DIALLED = "callback-dialled"  # of the callback, as the next four: its citizen is dialled, or `agent` first
    CALLBACK_POSTPONED = "callback-postponed"  # until (epoch): not dialled again before; why
    CALLBACK_TAKEN = "callback-taken"  # until, due (epoch): by `actor`; the queue dials it not before `due`
    CALLBACK_RETURNED = "callback-returned"  # due (epoch): `actor` leaves it to the queue again, from then on
    CALLBACK_ANSWERED = "callback-answered"  # callback, position, since (epoch): its citizen waits, by this call
    WRAP_UP_CODE = "wrap-up-code"  # code, name (by language): of what the agent did in the call
    ANNOUNCED = "announced"  # position, wait_s, message (its index in the queue's list); null: not said; nobody
    AGENT_CALL = "agent-call"  # call, queue, company (rings, asked, talks; null: out of it): a colleague has sent it
    AGENT_STATE = "agent-state"  # state, previous, reason; sent (true: by the call of the last agent-call);
    # of a wrap-up also until (epoch), and code: needed; awaited (nothing else keeps the agent in wrap-up); "" (not
    # needed any more)
    AGENT_NEXT_STATE = "agent-next-state"  # state, reason: for after the current call
    AGENT_PHONE = "agent-phone"  # phone, away (true: unreachable for so long that the agent counts as not there)
    AGENT_SKILLS = "agent-skills"  # skills, languages: set until the next reload; null: those of agents.yaml again
    AGENT_LAST_OUT = "agent-last-out"  # language: callers wait in it, and no agent who could serve it is there
    HOTLINE_CHANGED = "hotline-changed"  # version, added, removed (agents)
    TRIAL_STARTED = "trial-started"  # number, tag, version (digest), rest (digest of the one in use), percent
    TRIAL_ENDED = "trial-ended"  # number, verdict, and the figures: see calls/trials
    # a message that the caller leaves for a queue (written by calls and messages); its id is the call's
    MESSAGE_BEGUN = "message-begun"  # caller, language, limit_s, survey (after one): it is recorded, or anew
    MESSAGE_DROPPED = "message-dropped"  # why (silent, test, lost, forgotten): nothing is kept of what was recorded
    MESSAGE_LEFT = "message-left"  # caller, language, length_s: it is on the list, and its sound in the folder
    MESSAGE_TAKEN = "message-taken"  # by `actor`, until it is done or given back
    MESSAGE_RETURNED = "message-returned"  # it is given back
    MESSAGE_DONE = "message-done"  # note: it is off the list, and its sound removed
    MESSAGE_REMOVED = "message-removed"  # why (deleted, old, forgotten, lost): as MESSAGE_DONE, but nobody answered it
    # a recorded talk (written by recordings)
    # recording (its id), began, length_s, sha256, day, marks (each at_s, what, held_s), recipients if it is encrypted
    RECORDED = "recorded"
    RECORDING_REMOVED = "recording-removed"  # recording, why (old, forgotten, lost)
    # what an agent or a supervisor notes of a call (written by calls and missed)
    NOTE = "note"  # note: the whole text; it replaces the agent's earlier one on this call
    MISSED_DONE = "missed-done"  # note: this missed caller need not be called back any more; of the first missed call
    # what an administrator did
    HOTLINE_DRAINED = "hotline-drained"  # on
    SERVICE_RESTARTED = "service-restarted"  # wait_s: asked to end; calls in the menus have so many seconds
    EMERGENCY_ON = "emergency-on"  # id, mode, then, begun, until (ISO 8601), texts (by language; "": a recording)
    EMERGENCY_ENDING = "emergency-ending"  # id, where, until: its end is near
    EMERGENCY_OVER = "emergency-over"  # id, where, why (ended, switched-off, sounds-lost)
    NOTICE = "notice"  # text: the supervisors' line of news on the desks, without callers' numbers; "": removed
    PURGED = "purged"  # for each thing that is removed once it is old, how many were
    SELFTEST_STARTED = "selftest-started"  # ways: so many calls are to be made
    SELFTEST_ENDED = "selftest-ended"  # what came of it: see selftest/model
    SHEET_MAILED = "sheet-mailed"  # day: of that daily sheet; refused: so many receivers, by the mail server
    NUMBER_FORGOTTEN = "number-forgotten"  # number (masked), calls: from so many calls and their Records
    NUMBER_EXPORTED = "number-exported"  # number (masked), calls: so many were handed out

    @classmethod
    def _missing_(cls, value: object) -> "Kind | None":
        """The kind of a Record that an older version wrote in the spool or in the database."""
        return OLD_KINDS.get(str(value))


OLD_KINDS: Mapping[str, Kind] = {"sent-on": Kind.ROUTED}
"""What older versions called a kind → the kind. No migration renames these in the database: an UPDATE of 2 million
Records takes SQLite 10 s, and PostgreSQL ends a statement that takes longer than `journal.database.ANSWER_S`. A query
that chooses by one of these kinds has to ask for both names; none does.
"""


PERSONAL: Mapping[Kind, str] = {
    Kind.CALL_STARTED: "caller",
    Kind.CALL_OUT_DIALLED: "number",
    Kind.CALL_OUT_ANSWERED: "number",
    Kind.SURVEY_OFFERED: "caller",
    Kind.NOTE: "note",
    Kind.MISSED_DONE: "note",
    Kind.CALLBACK_PROMISED: "number",
    Kind.MESSAGE_BEGUN: "caller",
    Kind.MESSAGE_LEFT: "caller",
    Kind.MESSAGE_DONE: "note",
    Kind.COLLECTED: "digits",
    Kind.TRANSFERRED: "reason",
    Kind.CONSULT_ASKED: "reason",
}
"""Kinds whose `data` has personal data of a caller, and under which name: the number; a note or the reason of a
transfer, which may have any; what the caller entered."""

STEPS = (
    Kind.MENU_ENTERED,
    Kind.SAID,
    Kind.KEY_PRESSED,
    Kind.NO_INPUT,
    Kind.INVALID_KEY,
    Kind.LANGUAGE_CHOSEN,
    Kind.EMERGENCY_TOLD,
    Kind.LEARNED,
    Kind.ANNOUNCED,
    Kind.CALL_RESUMED,
)
"""Kinds of what one caller did and heard. No figure of a queue, an agent or an outcome needs them."""


AGENT_DAY = (
    *(Kind.AGENT_STATE, Kind.AGENT_PHONE, Kind.AGENT_CALL, Kind.OFFERED, Kind.OFFER_FAILED, Kind.CONNECTED),
    *(Kind.HELD, Kind.UNHELD, Kind.CALL_OUT_DIALLED),
)
"""Kinds that say what an agent did all day. The index `ix_records_agent_day` has these only: another one needs a
migration.
"""


class Record(NamedTuple):  # a dataclass that is frozen takes more than twice as long to make
    """`at` is seconds since the epoch. A field that does not apply is None. `actor`: who caused it."""

    at: float
    kind: Kind
    call: str | None = None
    queue: str | None = None
    agent: str | None = None
    offer: str | None = None
    data: Mapping[str, Any] = MappingProxyType({})
    actor: Actor = SYSTEM

    @property
    def test(self) -> bool:
        """Whether it is of a test call (`./wutong call`), which is in no figure of citizens' calls."""
        return "test" in self.data


Fields = tuple[float, Kind, str | None, str | None, str | None, str | None, Mapping[str, Any], Actor]

new_record: Callable[[Fields], Record] = partial(tuple.__new__, Record)
"""A Record from all its fields in order, in less than half the time that `Record(...)` takes."""
