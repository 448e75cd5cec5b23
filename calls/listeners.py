"""Who listens to a talk: read from the Records of one call. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from journal.records import Kind, Record

KINDS = frozenset({Kind.LISTENING_ASKED, Kind.LISTENING_BEGAN, Kind.LISTENING_CHANGED, Kind.LISTENING_ENDED})
"""Kinds of Records of a listening. Only who may listen sees them."""


class Mode(StrEnum):
    """What a supervisor does in a talk, beside hearing both sides."""

    LISTEN = "listen"  # nobody hears the supervisor
    WHISPER = "whisper"  # the agent hears the supervisor, the caller does not
    JOIN = "join"  # both do


class Why(StrEnum):
    """Why a listening ended."""

    TALK_OVER = "talk-over"  # the talk ended
    ASKED = "asked"  # somebody asked for the end over HTTP
    HUNG_UP = "hung-up"  # the supervisor's phone hung up, or was gone
    NOT_ANSWERED = (
        "not-answered"  # it never began: the supervisor's phone did not answer, or the sign could not be played
    )
    UNSEEN = "unseen"  # while the service, or its link to Asterisk, was away: nobody knows when or why


@dataclass(frozen=True, slots=True)
class Listener:
    """One listening that has not ended. Times are seconds since the epoch.

    id     the unique id of the channel of the supervisor's phone, too
    phone  the agent's id whose phone it is
    actor  who asked for it
    began  since when the supervisor hears the two; None: the phone rings, or the sign is being played
    """

    id: str
    mode: Mode
    phone: str
    actor: str
    asked: float
    began: float | None = None


@dataclass(frozen=True, slots=True)
class Listening:
    """A listening, with the talk: its call, the queue from which the caller was connected, and the agent."""

    call: str
    queue: str | None
    agent: str | None
    listener: Listener


def after(listeners: Sequence[Listener], record: Record) -> tuple[Listener, ...]:
    """Those who listen after `record`, of one of KINDS. A Record of a listening that is not known changes nothing."""
    named, data = str(record.data.get("listening", "")), record.data
    mode = Mode(data["mode"]) if data.get("mode") in tuple(Mode) else Mode.LISTEN
    match record.kind:
        case Kind.LISTENING_ASKED:
            new = Listener(named, mode, str(data.get("phone", "")), record.actor, record.at)
            return (*(each for each in listeners if each.id != named), new)
        case Kind.LISTENING_BEGAN:
            return tuple(replace(each, began=record.at) if each.id == named else each for each in listeners)
        case Kind.LISTENING_CHANGED:
            return tuple(replace(each, mode=mode) if each.id == named else each for each in listeners)
        case Kind.LISTENING_ENDED:
            return tuple(each for each in listeners if each.id != named)
    return tuple(listeners)
