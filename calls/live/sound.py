"""Writes what the sound of calls was like, and tells of talks in which one side is not heard."""

from typing import assert_never

import structlog

from acd.distributor import Distributor
from calls.book import CallBook
from calls.live.switchboard import Switchboard
from calls.model import CallState, CallSummary
from calls.quality import MOST, OneWay, measured
from dialplan.citizen_legs import call_of
from dialplan.sound import Heard, Measured, PhoneHeld, Reported
from journal.records import Kind, Record

log = structlog.get_logger()


class Sound:
    """`hear` takes what the telephony hears of phones' sound. `switchboard` knows whose leg a channel is."""

    def __init__(self, book: CallBook, switchboard: Switchboard, distributor: Distributor) -> None:
        self._book, self._switchboard, self._distributor = book, switchboard, distributor
        self._one_way = OneWay()
        self._held = set[str]()  # channels of agents' legs whose phones have put the caller on hold by their own key

    def hear(self, heard: Heard) -> None:
        match heard:
            case Measured():
                self._held.discard(heard.channel)
                self._one_way.over(heard.channel)
                self._measured(heard)
            case Reported():
                self._reported(heard)
            case PhoneHeld(channel, True) if self._talk(channel) is not None:
                self._held.add(channel)
                if len(self._held) > MOST:  # their ends were not told: the link was down
                    self._held.clear()
            case PhoneHeld(channel):
                self._held.discard(channel)
                self._one_way.over(channel)
            case _:
                assert_never(heard)

    def _measured(self, leg: Measured) -> None:
        call, data = self._book.kept_summary(leg.call), measured(leg)
        if call is not None and data is not None:
            self._write(Kind.LEG_MEASURED, call, leg.agent or None, **data)

    def _reported(self, report: Reported) -> None:
        call = self._talk(report.channel)
        if call is None or report.channel in self._held:
            self._one_way.over(report.channel)
            return
        silent = self._one_way.note(report)
        if silent is None:
            return
        for side in sorted(silent.difference(call.silent)):
            first = self._one_way.is_first(report.channel, side)
            if first:
                log.warning("sound-lost", call=call.id, agent=call.agent, side=side)
            self._write(Kind.SOUND_LOST, call, call.agent, side=side, **({} if first else {"again": True}))
        for heard in sorted(set(call.silent) - silent):
            self._write(Kind.SOUND_BACK, call, call.agent, side=heard)

    def _talk(self, channel: str) -> CallSummary | None:
        """The call in which this agent's leg talks with the caller; None: it does not, or one of them is on hold."""
        call = self._book.live_summary(self._switchboard.call_of_leg(channel) or call_of(channel))
        if call is None or call.state is not CallState.TALKING or call.returning:
            return None
        return call if call.held is None and call.consulted is None else None

    def _write(self, kind: Kind, call: CallSummary, agent: str | None, **data: object) -> None:
        test = {"test": True} if call.test else {}
        now = self._distributor.clock.now()
        self._distributor.write(Record(now, kind, call.id, call.queue, agent, None, {**data, **test}))
