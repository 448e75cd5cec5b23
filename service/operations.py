"""What an administrator asks of the running service: take an edited hotline into use, place a call to hear it."""

import asyncio
import secrets as randomness
from collections.abc import Callable

import structlog

from acd.events import HotlineChanged
from dialplan.asterisk import AsteriskFailed
from dialplan.link import ActionRefused, LinkDown
from hotline.loader import load
from service import secrets
from service.api import BrokenHotline, CallOrder, OperationFailed, PlacedCall, ReloadReport
from service.control import AsteriskControl
from service.distributor import Distributor
from service.edition import Edition
from service.prepare import NotPrepared, prepare
from service.rehearsal import NotArrived, Rehearsals
from service.settings import Settings

log = structlog.get_logger()


_FAILURES = (NotPrepared, AsteriskFailed, secrets.SecretsUnreadable, LinkDown, ActionRefused, OSError)


def _log_progress(line: str) -> None:
    log.info("reload", step=line)


class Administration:
    """The `Operations` of the HTTP interface, and the owner of the edition in use."""

    def __init__(
        self,
        settings: Settings,
        edition: Edition,
        distributor: Distributor,
        rehearsals: Rehearsals,
        control: AsteriskControl,
        link_reason: Callable[[], str | None],
    ) -> None:
        self.edition = edition
        self._settings = settings
        self._distributor = distributor
        self._rehearsals = rehearsals
        self._control = control
        self._link_reason = link_reason
        self._reloading = asyncio.Lock()

    async def reload(self) -> ReloadReport:
        """Check the folder, make its prompts, reload Asterisk, then use it for new calls."""
        async with self._reloading:
            loaded = await asyncio.to_thread(load, self._settings.hotline)
            if loaded.hotline is None:
                raise BrokenHotline(loaded.problems)
            hotline = loaded.hotline
            changed = hotline.version != self.edition.hotline.version
            if changed:
                try:
                    known = await asyncio.to_thread(
                        secrets.obtain, self._settings.folder, hotline.agents.values(), self._settings.token
                    )
                    prepared = await prepare(self._settings, known, hotline, self._control.installation, _log_progress)
                    await self._control.reload()
                except _FAILURES as error:
                    raise OperationFailed(f"The edited hotline was not taken into use: {error}") from error
                self._use(Edition(hotline, prepared.catalogue))
            return ReloadReport(hotline.version, changed, loaded.problems)

    def _use(self, edition: Edition) -> None:
        self.edition = edition
        hotline = edition.hotline
        self._distributor.tell(HotlineChanged(hotline.queues, hotline.agents, hotline.version))

    async def place_call(self, order: CallOrder) -> PlacedCall:
        """Raises OperationFailed."""
        if order.number not in self.edition.hotline.numbers:
            numbers = ", ".join(self.edition.hotline.numbers)
            raise OperationFailed(f"{order.number} is no number of this hotline; its numbers are {numbers}.")
        if (reason := self._link_reason()) is not None:
            raise OperationFailed(f"No call can be placed while Asterisk is not there: {reason}.")
        token = f"rehearsal-{randomness.token_hex(6)}"
        recording = self._settings.folder.recordings / f"{token}.wav" if order.record else None
        try:
            call_id = await self._rehearsals.place(
                token, order.number, "".join(order.keys), order.language or "", order.seconds, recording
            )
        except (NotArrived, LinkDown, ActionRefused, TimeoutError) as error:
            raise OperationFailed(f"The call could not be placed: {error}.") from error
        return PlacedCall(call_id, str(recording) if recording else None)
