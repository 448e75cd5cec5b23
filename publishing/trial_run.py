"""The trial of a version: some callers get it, until a person ends it or more of them give up."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import structlog

from accounts.audit import Entry
from base.failure import NotDone
from calls.trials import Trials
from hotline.edition import Edition, Editions
from hotline.loader import load
from hotline.model import Hotline
from hotline.trial import Verdict, beyond_trial
from journal.actor import SYSTEM, Actor
from journal.records import Kind, Record
from publishing.prepare import FAILURES, Prepared, make_prompts
from publishing.store import VersionStore
from publishing.versions import Version
from sentences.of_libraries import recognised
from sentences.sentence import Sentence, listed
from settings.settings import Settings
from web.problems import Refusal

log = structlog.get_logger()


class NotOnTrial(Refusal):
    """A version that cannot be on trial."""

    def __init__(self, sentence: str) -> None:
        super().__init__(409, sentence, {})


@dataclass(eq=False)
class TrialRun:
    """`trials`: all that is counted. `write`: a Record's way. `now`: epoch seconds. `audit`: of what happens without a
    request.
    """

    settings: Settings
    editions: Editions
    store: VersionStore
    trials: Trials
    write: Callable[[Record], None]
    now: Callable[[], float]
    audit: Callable[[Entry], None]
    make_prompts: Callable[..., Awaitable[Prepared]] = make_prompts

    def judge(self, hotline: Hotline) -> None:
        """Raise NotOnTrial if this version cannot be on trial beside the one in use."""
        in_use = self.editions.in_use.hotline
        if hotline.version == in_use.version:
            raise NotOnTrial(Sentence("Callers would notice nothing: there is nothing to try."))
        if differs := beyond_trial(in_use, hotline):
            raise NotOnTrial(
                Sentence(
                    "Menus and what callers hear there can be on trial, and the rest belongs to all callers at once. "
                    "Here these differ too: {names}. Publish that for all first, then the menus on trial",
                    names=listed(differs),
                )
            )

    async def edition(self, hotline: Hotline, *, install: bool = True) -> Edition:
        """The version with its prompts, of which the missing ones are made. Raises NotDone."""
        try:
            made = await self.make_prompts(self.settings, hotline, _log_progress, install=install)
        except FAILURES as error:
            raise NotDone(recognised(error)) from error
        return Edition(hotline, made.catalogue, made.draft)

    def begin(self, edition: Edition, version: Version, percent: int, actor: Actor) -> None:
        """From now on some new calls get this edition. Another trial ends."""
        self.end(Verdict.ENDED, actor)
        rest = self.editions.in_use.hotline.version
        self._write(
            Kind.TRIAL_STARTED,
            actor,
            number=version.number,
            tag=version.tag,
            version=edition.hotline.version,
            rest=rest,
            percent=percent,
        )
        self.editions.trial = edition
        log.info("trial-started", actor=actor, number=version.number, percent=percent)

    def end(self, verdict: Verdict, actor: Actor) -> None:
        """The trial that runs, if there is one, is over: new calls get the version in use."""
        number = self.trials.running
        if number is None:
            return
        found = self.trials.view(number)
        assert found is not None
        self.editions.trial = None
        figures: dict[str, Any] = {
            "calls": found.trial.calls,
            "given_up": found.trial.given_up,
            "rest_calls": found.rest.calls,
            "rest_given_up": found.rest.given_up,
            "evidence": found.evidence,
        }
        self._write(Kind.TRIAL_ENDED, actor, number=number, verdict=verdict.value, **figures)
        if actor == SYSTEM:  # a person's act is in the audit by the request
            self._audit_end(verdict, number, figures)
        log_it = log.warning if verdict is Verdict.TAKEN_BACK else log.info
        log_it("trial-ended", actor=actor, number=number, verdict=verdict.value, **figures)

    def published(self, origin: object, actor: Actor) -> None:
        """A version was published for all. `origin`: its own."""
        self.end(Verdict.FOR_ALL if origin == self.trials.running else Verdict.ENDED, actor)

    def note(self, record: Record) -> None:
        """An observer of Records: after the call with which there is enough evidence the trial is taken back."""
        if record.kind is Kind.CALL_FINISHED and self.trials.is_worse:
            asyncio.get_running_loop().call_soon(self._take_back)  # an observer writes no Record itself

    def _take_back(self) -> None:
        if self.trials.is_worse:
            self.end(Verdict.TAKEN_BACK, SYSTEM)

    async def take_up(self) -> None:
        """After a start: the trial goes on, if it can. What it is compared with has to be in use still."""
        self._take_back()  # the service ended before that
        number = self.trials.running
        if number is None:
            return
        try:
            self.editions.trial = await self._known(number)
        except (NotDone, Refusal) as error:
            log.error("trial-not-taken-up", number=number, why=str(getattr(error, "detail", error)))
            self.end(Verdict.ENDED, SYSTEM)

    async def _known(self, number: int) -> Edition:
        files = await asyncio.to_thread(self.store.files, number)
        given = {name: text.encode() for name, text in files.items()}
        paths = await asyncio.to_thread(self.store.paths, number)
        loaded = await asyncio.to_thread(load, self.settings.hotline, given=given, paths=paths)
        if loaded.hotline is None:
            raise NotDone("Version {count} has errors now.", count=number)
        self.judge(loaded.hotline)
        if not self.trials.compares(loaded.hotline.version, self.editions.in_use.hotline.version):
            raise NotDone(Sentence("The version in use, or what is recorded, is another one since."))
        return await self.edition(loaded.hotline, install=False)

    def _audit_end(self, verdict: Verdict, number: int, figures: dict[str, Any]) -> None:
        what = "trial-taken-back" if verdict is Verdict.TAKEN_BACK else "trial-ended"
        self.audit(Entry(self.now(), SYSTEM, what, f"/versions/{number}", json.dumps(figures), "", 200))

    def _write(self, kind: Kind, actor: Actor, **data: Any) -> None:
        self.write(Record(self.now(), kind, data=data, actor=actor))


def _log_progress(line: str) -> None:
    log.info("trial", step=line)
