"""`./wutong call`: place a call, and show its story while it happens."""

import json
import os
import shutil
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import typer

from base.failure import NotDone
from calls.steps_in_words import sentence
from commands.client import Client, NoAnswer
from ivr.walk import BadKeys, keys_given
from sentences.languages import here, language_here, worded
from sentences.of_libraries import recognised
from sentences.sentence import Sentence, template

Say = Callable[[str, Mapping[str, Any] | None], None]

LOOK_EVERY = 0.3
"""Seconds between two looks at the story: often enough for a person who reads it."""

OUTCOMES = (
    template("answered"),
    template("sub-hotline"),
    template("abandoned"),
    template("overflowed"),
    template("failed"),
    template("message"),
    template("hung-up"),
    template("lost"),
)
"""Of a call, as people read them."""

NEAR = 1.5
"""Seconds; a caller who hangs up this close to the end of the call's time did so because the time was over."""

ABSENCE = 30.0
"""Seconds for which the service may be away, as at a restart; the call goes on."""

FINISHING = 5.0
"""Seconds that Asterisk has to finish a recording after the end of its call."""

HEADER = 44
"""Bytes of a wave file before its samples; the last four say how many follow."""

PATIENCE = 15.0
"""Seconds after the caller's own time within which the call must have ended."""


def follow(
    service: Client,
    number: str,
    keys: str,
    language: str | None,
    seconds: float,
    record: Path | None,
    *,
    answer: bool = False,
    as_json: bool = False,
    show: Callable[[str], object] = typer.echo,
    sleep: Callable[[float], object] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> int:
    """Place the call and show its story until it has ended; the exit status.

    `keys` are pressed one by one; commas are only for reading, and `silence` is not a key. With `answer` a robot
    agent answers in a queue; if it does not, the status is 1. With `as_json` each step is a JSON line, and the last
    line is the call itself. Raises `NotDone` for a wrong key, for a file that cannot be written and when the service
    refuses; `NoAnswer` once the service has been away for `ABSENCE`.
    """
    if record is not None and (objection := _objection(record)) is not None:
        raise NotDone("--record: {why}", why=objection)
    try:
        pressed = keys_given(keys)
    except BadKeys as bad:
        raise NotDone("--keys: {why}, as in --keys 1,2", why=str(bad)) from None
    order = {"number": number, "keys": list(pressed), "seconds": seconds, "record": record is not None}
    if answer:  # a service of before this option does not know it
        order["answer"] = True
    placed = service.place_call(order if language is None else {**order, "language": language})

    def say(words: str, fields: Mapping[str, Any] | None) -> None:
        """For a person; for a machine `fields`, if there are any."""
        if not as_json:
            show(here(words))
        elif fields is not None:
            show(json.dumps(fields, ensure_ascii=False))

    recording = None if placed["recording"] is None else Path(placed["recording"])
    ended = False
    try:
        call = _follow(service, placed["call_id"], seconds, say, sleep, clock)
        ended = call["state"] == "ended"
    finally:
        if not ended and recording is not None:
            recording.unlink(missing_ok=True)
    if not ended:
        return 1
    status = _unanswered(call, say) if answer else 0
    if record is None:
        return status
    until = clock() + FINISHING
    while recording is not None and not finished(recording) and clock() < until:
        sleep(LOOK_EVERY)
    return _keep(recording, record, say) or status


def _unanswered(call: Mapping[str, Any], say: Say) -> int:
    """The exit status of a call that the robot agent was to answer: 1 if it did not. Says if it had no queue."""
    if not any(step["kind"] == "queued" for step in call["story"]):
        say(
            Sentence("The robot agent answers in a queue, and this call came to none: other --keys may lead to one."),
            None,
        )
    return 0 if call["outcome"] == "answered" else 1


def _follow(
    service: Client,
    call_id: str,
    seconds: float,
    say: Say,
    sleep: Callable[[float], object],
    clock: Callable[[], float],
) -> Mapping[str, Any]:
    """Show the story as it happens. Returns the call as it is then."""
    last, shown, first, away = clock() + seconds + PATIENCE, 0, None, None
    while True:
        try:
            call = service.call(call_id)
        except NoAnswer:
            if away is None:
                away = clock()
                say(Sentence("The service does not answer. Its calls go on as long as Asterisk runs."), None)
            elif clock() - away > ABSENCE:
                raise
            sleep(LOOK_EVERY)
            continue
        away = None
        for step in call["story"][shown:]:
            at = datetime.fromisoformat(step["at"])
            first = first or at
            say(_line(step, (at - first).total_seconds(), seconds), step)
        shown = len(call["story"])
        if call["state"] == "ended" or clock() > last:
            break
        sleep(LOOK_EVERY)
    ended: bool = call["state"] == "ended"
    words = (
        Sentence("Outcome: {outcome}", outcome=Sentence(call["outcome"]))
        if ended
        else Sentence("The call goes on: GET /api/v1/calls/{call_id} tells the rest.", call_id=call_id)
    )
    say(words, {name: call[name] for name in call if name != "story"})
    return call


def finished(recording: Path) -> bool:
    """Whether the header of a wave file says how long it is. Asterisk writes that last."""
    try:
        with recording.open("rb") as file:
            said = int.from_bytes(file.read(HEADER)[-4:], "little")
            return said == os.fstat(file.fileno()).st_size - HEADER
    except OSError:
        return False


def _keep(recording: Path | None, target: Path, say: Say) -> int:
    """Move what the caller heard to `target`; the exit status. A recording that cannot be moved stays where it is."""
    if recording is None or not recording.is_file():
        say(Sentence("Nothing was recorded."), {"recording": None})
        return 1
    try:
        shutil.copyfile(recording, target)
    except OSError as error:
        why = Sentence(
            "{target} cannot be written ({why}); what the caller heard is in {recording}.",
            target=target,
            why=recognised(error.strerror),
            recording=recording,
        )
        say(why, {"recording": str(recording)})
        return 1
    recording.unlink()
    say(Sentence("What the caller heard is in {target}.", target=target), {"recording": str(target)})
    return 0


def _objection(target: Path) -> str | None:
    """Why a recording could not be put there."""
    if target.is_dir():
        return Sentence(
            "{target} is a folder; name a file in it, such as {example}", target=target, example=target / "call.wav"
        )
    if not target.absolute().parent.is_dir():
        return Sentence("there is no folder {folder}", folder=target.absolute().parent)
    if not os.access(target if target.exists() else target.absolute().parent, os.W_OK):
        return Sentence("{target} cannot be written: choose another path", target=target)
    return None


def _line(step: Mapping[str, Any], passed: float, seconds: float) -> str:
    """One step as a line. This command is the caller: it hangs up when its time is over, and the line says so."""
    ours = step["kind"] == "call-finished" and step.get("by") == "caller" and passed >= seconds - NEAR
    language = language_here()
    if ours:
        words = worded("Hung up after {seconds:g} s; --seconds gives the call more.", language, seconds=seconds)
    else:
        words = sentence(step, language)
    return f"{passed:6.1f} s  {words}"
