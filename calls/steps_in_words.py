"""The steps of a call's story, in English words for `./wutong call`."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from agents.model import ROBOT


def sentence(step: Mapping[str, Any]) -> str:
    """One step of the story in words. A kind that is not known here is shown as it is."""
    words = _SENTENCES.get(step["kind"])
    if words is None:
        rest = {name: value for name, value in step.items() if name not in ("at", "kind")}
        return f"{step['kind']} {json.dumps(rest, ensure_ascii=False)}" if rest else str(step["kind"])
    return words(_Fields(step))


class _Fields:
    """A step's fields. A missing one shows as “?”: an older service may tell less."""

    def __init__(self, step: Mapping[str, Any]) -> None:
        self._step = step

    def __getattr__(self, name: str) -> Any:
        value = self._step.get(name)
        return "?" if value is None else value


def _told(step: _Fields) -> str:
    """What a waiting caller is told."""
    if step.nobody is True:
        return "nobody is there"
    wait = "" if step.wait_s == "?" else f"about {max(1, round(step.wait_s / 60))} min"
    place = "" if step.position == "?" else f"place {step.position}"
    return ", ".join(filter(None, (place, wait))) or "a message of the queue"


def _overflow(step: _Fields) -> str:
    """The condition of an overflow rule in words."""
    match step.condition:
        case "waited":
            return f"waited {step.limit:g} s"
        case "waiting":
            return f"{step.limit:g} callers waited already"
        case "nobody_signed_in":
            return f"nobody signed in for {step.limit:g} s" if step.limit else "nobody signed in"
        case "estimate":
            return f"the expected wait is {step.limit:g} s or more"
        case "queue_removed":
            return "the queue was taken out of the hotline"
    return f"rule {step.rule}"


def _destination(to: object) -> str:
    """A destination as the hotline's files have it, in words."""
    match to:
        case {"say": _, "then": then}:
            return f"a message, then {_destination(then)}"
        case {"say": _}:
            return "a message and the goodbye"
        case {"hangup": _}:
            return "the goodbye"
        case {"menu": menu}:
            return f"menu {menu}"
        case {"queue": queue}:
            return f"queue {queue}"
        case {"sub_hotline": sub_hotline}:
            return f"sub-hotline {sub_hotline}"
    return "?"


def _closed(step: _Fields) -> str:
    """What is closed until when, in words."""
    what = _destination(step.place) if step.place not in ({}, "?") else "this"
    return f"{what} is closed" if step.opens == "?" else f"{what} is closed until {step.opens[:16].replace('T', ' ')}"


def _target(to: object) -> str:
    """Where an agent's phone has sent a caller, in words."""
    match to:
        case {"agent": agent}:
            return f"agent {agent}"
        case {"number": number}:
            return f"number {number or '?'}"
    return _destination(to)


def _because(step: _Fields) -> str:
    """Why, as the agent has written it for whoever receives the call."""
    return "" if step.reason == "?" else f": {step.reason}"


def _moved(step: _Fields) -> str:
    """Where a supervisor has moved a waiting caller, in words."""
    match step.to:
        case {"front": _}:
            return f"to the front of queue {step.queue}, place {step.position}"
        case {"agent": agent}:
            return f"to agent {agent}"
        case {"queue": queue}:
            return f"from queue {step.queue} to queue {queue}"
    return "elsewhere"


def _who(step: _Fields) -> str:
    """The agent that is rung for the caller, in words."""
    return "the robot agent" if step.agent == ROBOT else f"agent {step.agent}"


def _transferrer(step: _Fields) -> str:
    return "an agent, nobody knows which," if step.agent == "?" else f"agent {step.agent}"


def _started(step: _Fields) -> str:
    known = step.known if isinstance(step.known, dict) else {}
    return ", ".join((f"calling {step.number}", f"language {step.language}", *(f"{k}: {v}" for k, v in known.items())))


_WAYS = {"blind": "sends the caller on to", "consult": "hands the caller over to"}
"""In words: how an agent's phone transfers a caller."""

_FAILURES = {
    "CHANUNAVAIL": "no phone is registered there, or no line leads there",
    "NOANSWER": "nobody answers",
    "BUSY": "is busy",
    "CONGESTION": "cannot be reached",
    "ANSWER": "the phone there was gone, in the middle of the talk",
}
"""In words: why Asterisk's Dial reached nobody, or nobody for long."""

_SENTENCES: dict[str, Callable[[_Fields], str]] = {
    "call-started": _started,
    "call-resumed": lambda s: "the service is back, the call goes on",
    "menu-entered": lambda s: f"menu {s.menu}",
    "said": lambda s: f"“{s.text}”" + (" — interrupted" if s.interrupted is True else ""),
    "key-pressed": lambda s: f"key {s.key}" if s.key else f"a key of the input {s.input}",
    "no-input": lambda s: f"no key ({s.count})",
    "invalid-key": lambda s: f"key {s.key} leads nowhere ({s.count})",
    "language-chosen": lambda s: f"language {s.language}",
    "closed": lambda s: f"{_closed(s)}, by the hours {s.hours}",
    "emergency-told": lambda s: f"hears the emergency message, {s.mode} {'the menus' if s.where == '?' else s.where}",
    "emergency-on": lambda s: f"{s.actor} switches an emergency message on, until {s.until}",
    "emergency-ending": lambda s: f"the emergency message ends soon, at {s.until}",
    "emergency-over": lambda s: f"the emergency message is over ({s.why})",
    "notice": lambda s: f"{s.actor} writes news for the desks: “{s.text}”" if s.text else f"{s.actor} removes the news",
    "trial-started": lambda s: f"version {s.number} is on trial with {s.percent} % of callers",
    "trial-ended": lambda s: f"the trial of version {s.number} is over ({s.verdict})",
    "learned": lambda s: f"{s.name}: {s.value}",
    "scope-told": lambda s: f"hears whose business it is: {s.scope}",
    "collected": lambda s: f"enters {s.digits} ({s.input})",
    "queued": lambda s: f"waits in queue {s.queue}, place {s.position}",
    "offered": lambda s: f"{_who(s)} is rung",
    "offer-answered": lambda s: f"{_who(s)} answers",
    "offer-failed": lambda s: f"{_who(s)}: {s.reason}" + (", not ready from now on" if s.rona is True else ""),
    "offer-cancelled": lambda s: f"{_who(s)} is no longer rung ({s.why})",
    "connected": lambda s: f"speaks with {_who(s)}, after {s.waited_s} s of waiting",
    "talk-interrupted": lambda s: f"agent {s.agent}'s browser is gone, the caller hears music",
    "talk-resumed": lambda s: f"speaks with agent {s.agent} again, after {s.away_s} s",
    "held": lambda s: "is on hold, and hears music",
    "unheld": lambda s: f"speaks with agent {s.agent} again, after {s.held_s} s on hold",
    "consult-asked": lambda s: f"agent {s.agent} asks {_target(s.to)} first{_because(s)}",
    "consult-answered": lambda s: f"{_target(s.to)} talks with agent {s.agent}",
    "consult-joined": lambda s: f"{_target(s.to)} talks with agent {s.agent} and the caller",
    "consult-failed": lambda s: f"{_target(s.to)}: {_FAILURES.get(s.status, s.status)}",
    "consult-ended": lambda s: f"agent {s.agent} talks with {_target(s.to)} no more",
    "talk-ended": lambda s: f"the conversation ends, by {_who(s) if s.by == 'agent' and s.agent == ROBOT else s.by}",
    "left-queue": lambda s: f"leaves queue {s.queue} ({s.why})",
    "moved": lambda s: f"{s.actor} moves the caller {_moved(s)}",
    "overflowed": lambda s: f"leaves queue {s.queue} by overflow: {_overflow(s)}",
    "announced": lambda s: f"is told: {_told(s)}",
    "sub-hotline-dialled": lambda s: f"sub-hotline {s.sub_hotline} is dialled ({s.dial})",
    "sub-hotline-answered": lambda s: f"sub-hotline {s.sub_hotline} answers",
    "sub-hotline-failed": lambda s: f"sub-hotline {s.sub_hotline}: {_FAILURES.get(s.status, s.status)}",
    "sub-hotline-ended": lambda s: f"the conversation with sub-hotline {s.sub_hotline} ends, by {s.by}",
    "transferred": lambda s: (
        f"{_transferrer(s)} {_WAYS.get(s.how, 'sends the caller on to')} {_target(s.to)}{_because(s)}"
    ),
    "transfer-answered": lambda s: f"{_target(s.to)} answers",
    "transfer-failed": lambda s: f"{_target(s.to)}: {_FAILURES.get(s.status, s.status)}",
    "transfer-ended": lambda s: f"the conversation with {_target(s.to)} ends, by {s.by}",
    "routed": lambda s: f"goes on to {_destination(s.to)}",
    "help-called": lambda s: f"agent {s.agent} calls for help",
    "help-over": lambda s: f"agent {s.agent} needs no help any more",
    "listening-asked": lambda s: f"{s.actor} is going to listen ({s.mode}), telephone {s.phone}",
    "listening-began": lambda s: f"somebody listens ({s.mode})",
    "listening-changed": lambda s: f"{s.actor} listens otherwise now ({s.mode})",
    "listening-ended": lambda s: f"telephone {s.phone} listens no more ({s.why})",
    "wrap-up-code": lambda s: f"agent {s.agent} gives the wrap-up code {s.code}",
    "note": lambda s: f"agent {s.agent} writes a note",
    "call-finished": lambda s: f"the call ends, by {s.by}",
}
