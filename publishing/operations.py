"""What an administrator asks of the running service: use an edited hotline, place a call to hear it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from acd.distributor import Distributor
from base.failure import NotDone
from calls.api import CallIn, CallPlaced, NotPlaced, WrongOrder
from calls.live.intake import Intake
from calls.live.reconciler import Reconciler
from calls.live.rehearsal import NotArrived, Rehearsals, new_token
from dialplan.ami_connection import ActionRefused, LinkDown
from hotline.edition import Editions
from hotline.removed import removal_in_words
from journal.actor import Actor
from journal.records import Kind, Record
from publishing.publisher import Publishing, Wanted
from publishing.shapes import ReloadOut, problems_out
from sentences.of_libraries import recognised
from sentences.sentence import Sentence, listed
from settings.settings import Settings

FOLDER = Wanted(anew=True)
"""What a reload publishes."""


@dataclass(eq=False)
class Administration:
    """What the routes of administrators do, and `POST /calls`. `actor`: who asks.

    `alone` answers why nothing would restart the service if it ended now, or None if something would.
    """

    settings: Settings
    editions: Editions
    publishing: Publishing
    distributor: Distributor
    rehearsals: Rehearsals
    reconciler: Reconciler
    intake: Intake
    alone: Callable[[], str | None]

    async def reload(self, actor: Actor, language: str) -> ReloadOut:
        """Publish the folder. Where its files are not the newest, its recordings still come into use. `language`: of
        the sentences about removed queues. Raises NotDone, Broken, Behind.
        """
        made = await self.publishing.publish(FOLDER, actor)
        version = self.editions.in_use.hotline.version
        removed = [removal_in_words(queue, language) for queue in made.removed]
        return ReloadOut(
            version=version,
            changed=made.changed,
            problems=problems_out(made.problems, language),
            removed=removed,
            taken_back=made.taken_back_in_words(language),
        )

    async def restart(self, wait: float, actor: Actor) -> int:
        """Stop, to be started again, once the calls in the menus are over, after `wait` seconds at the latest. Answers
        how many these calls are. Raises NotDone where nothing would start the service again.
        """
        if (why := self.alone()) is not None:
            raise NotDone("Nobody would start this service again: {why}", why=why)
        self._write(Kind.SERVICE_RESTARTED, actor, wait_s=wait)
        return self.intake.leave(wait)

    async def drain(self, on: bool, actor: Actor) -> None:
        """Turn new calls away with a message, or take them again. Raises NotDone."""
        try:
            self.intake.drain(on)
        except OSError as error:
            raise NotDone("The hotline stays as it is: {why}", why=recognised(error)) from error
        self._write(Kind.HOTLINE_DRAINED, actor, on=on)

    def _write(self, kind: Kind, actor: Actor, **data: Any) -> None:
        self.distributor.write(Record(self.distributor.clock.now(), kind, data=data, actor=actor))

    async def place_call(self, order: CallIn, actor: Actor) -> CallPlaced:
        """Place a test call. Raises NotPlaced, WrongOrder."""
        if order.number not in self.editions.in_use.hotline.numbers:
            numbers = listed(self.editions.in_use.hotline.numbers)
            raise WrongOrder(
                Sentence(
                    "{number} is not a number of this hotline; its numbers are {names}.",
                    number=order.number,
                    names=numbers,
                )
            )
        if order.language is not None and order.language not in self.editions.in_use.hotline.languages:
            languages = listed(self.editions.in_use.hotline.languages)
            raise WrongOrder(
                Sentence(
                    "This hotline does not speak {language}; its languages are {names}.",
                    language=order.language,
                    names=languages,
                )
            )
        if (reason := self.reconciler.why_away()) is not None:
            raise NotPlaced(Sentence("No call can be placed while Asterisk is not there: {why}.", why=reason))
        token = new_token(robot=order.answer)
        recording = self.settings.folder.recordings / f"{token}.wav" if order.record else None
        try:
            call_id = await self.rehearsals.place(
                token,
                order.number,
                order.keys,
                order.language or "",
                order.seconds,
                recording,
                actor,
                hear_out=order.hear_out,
            )
        except (NotArrived, LinkDown, ActionRefused, TimeoutError) as error:
            raise NotPlaced(Sentence("The call could not be placed: {why}.", why=recognised(error))) from error
        return CallPlaced(call_id=call_id, recording=str(recording) if recording else None)
