"""What an administrator asks of the running service: use an edited hotline, place a call to hear it."""

import asyncio
import secrets as randomness
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import structlog

from acd.events import HotlineChanged
from calls.api import CallIn, CallPlaced, NotPlaced, WrongOrder
from dialplan.ami_connection import ActionRefused, LinkDown
from dialplan.asterisk import AsteriskFailed
from hotline.model import Hotline
from hotline.removed import onward
from hotline.treetests import load_tested
from journal.actor import Actor
from journal.records import Kind, Record
from service.app.prepare import prepare
from service.asterisk.control import AsteriskControl
from service.asterisk.reconciler import Reconciler
from service.calls.distributor import Distributor
from service.calls.edition import Edition
from service.calls.intake import Intake
from service.calls.rehearsal import NotArrived, Rehearsals
from service.http.administration import ReloadOut, broken, told
from service.setup import exposure, secrets
from service.setup import log as logging_
from service.setup.failure import NotDone
from service.setup.settings import Settings

log = structlog.get_logger()


_FAILURES = (NotDone, AsteriskFailed, LinkDown, ActionRefused, OSError)


def _log_progress(line: str) -> None:
    log.info("reload", step=line)


@dataclass(eq=False)
class Administration:
    """The `Operations` and the `Placing` of the HTTP interface, and the owner of the edition in use.

    `alone` answers why nothing would restart the service if it ended now, or None if something would. `tls`: what HTTP
    is served with, None: nothing.
    """

    settings: Settings
    edition: Edition
    distributor: Distributor
    rehearsals: Rehearsals
    control: AsteriskControl
    reconciler: Reconciler
    intake: Intake
    alone: Callable[[], str | None]
    tls: ssl.SSLContext | None = None
    reloading: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    async def reload(self, actor: Actor) -> ReloadOut:
        """Check the folder, make its prompts, reload Asterisk, then use it for new calls."""
        async with self.reloading:
            trunk = self.settings.trunk is not None
            moment = datetime.fromtimestamp(self.distributor.clock.now(), UTC)
            loaded, _ = await asyncio.to_thread(
                load_tested, self.settings.hotline, moment, trunk=trunk, exposed=self.settings.exposed
            )
            if loaded.hotline is None:
                raise broken(loaded.problems)
            changed = loaded.hotline.version != self.edition.hotline.version
            try:
                self._read_certificate()
                # Also when unchanged: a version has no phone passwords, and an earlier reload may have failed half-way.
                edition = await self._prepared(loaded.hotline)
            except _FAILURES as error:
                raise NotDone(f"The edited hotline was not taken into use: {error}") from error
            self.edition = edition
            logging_.keep(edition.hotline.own_numbers)
            if changed or self.distributor.engine.any_edited:
                hotline = edition.hotline
                self.distributor.tell(
                    HotlineChanged(
                        hotline.queues, hotline.agents, hotline.version, actor, hotline.away_after, onward(hotline)
                    )
                )
                self.reconciler.telephony.phones.tell_all()  # a new agent's phone may have registered before
            log.info("reloaded", actor=actor, version=edition.hotline.version, changed=changed)
            return ReloadOut(version=edition.hotline.version, changed=changed, problems=told(loaded.problems))

    async def renew_certificate(self) -> None:
        """Use the certificate that is in the files now, here and in Asterisk. Raises NotDone, OSError."""
        async with self.reloading:
            try:
                self._read_certificate()
                await self.control.reload()
            except _FAILURES as error:
                raise NotDone(str(error)) from error

    def _read_certificate(self) -> None:
        if self.tls is not None:
            exposure.load(self.tls, self.settings)

    async def _prepared(self, hotline: Hotline) -> Edition:
        """Make Asterisk use the prompts, phones and dialplan of `hotline`; on failure, those of the current edition."""
        known = await asyncio.to_thread(
            secrets.obtain, self.settings.folder, hotline.agents.values(), self.settings.token
        )
        used = await asyncio.to_thread(lambda: tuple(self.edition.clips()))  # its calls go on with it
        prepared = await prepare(self.settings, known, hotline, self.control.installation, _log_progress, in_use=used)
        try:
            await self.control.reload()
        except BaseException:
            with suppress(*_FAILURES):  # the administrator must see why the first reload failed
                before, here = self.edition.hotline, self.control.installation
                await prepare(self.settings, known, before, here, _log_progress, install=False, in_use=used)
                await self.control.reload()
            raise
        return Edition(hotline, prepared.catalogue, prepared.draft)

    async def restart(self, wait: float, actor: Actor) -> int:
        """Raises NotDone."""
        if (why := self.alone()) is not None:
            raise NotDone(f"Nobody would start this service again: {why}")
        self._write(Kind.SERVICE_RESTARTED, actor, wait_s=wait)
        return self.intake.leave(wait)

    async def drain(self, on: bool, actor: Actor) -> None:
        """Raises NotDone."""
        try:
            self.intake.drain(on)
        except OSError as error:
            raise NotDone(f"The hotline stays as it is: {error}") from error
        self._write(Kind.HOTLINE_DRAINED, actor, on=on)

    def _write(self, kind: Kind, actor: Actor, **data: Any) -> None:
        self.distributor.write(Record(self.distributor.clock.now(), kind, data=data, actor=actor))

    async def place_call(self, order: CallIn, actor: Actor) -> CallPlaced:
        """Raises NotPlaced, WrongOrder."""
        if order.number not in self.edition.hotline.numbers:
            numbers = ", ".join(self.edition.hotline.numbers)
            raise WrongOrder(f"{order.number} is no number of this hotline; its numbers are {numbers}.")
        if order.language is not None and order.language not in self.edition.hotline.languages:
            languages = ", ".join(self.edition.hotline.languages)
            raise WrongOrder(f"This hotline does not speak {order.language}; its languages are {languages}.")
        if (reason := self.reconciler.why_away()) is not None:
            raise NotPlaced(f"No call can be placed while Asterisk is not there: {reason}.")
        token = f"rehearsal-{randomness.token_hex(6)}"
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
            raise NotPlaced(f"The call could not be placed: {error}.") from error
        return CallPlaced(call_id=call_id, recording=str(recording) if recording else None)
