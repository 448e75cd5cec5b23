"""Which calls are looked for. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from base.numbers import plain
from calls.model import CallState, CallSummary, Outcome
from calls.talks import wrap_ups
from journal.records import Record


@dataclass(frozen=True, slots=True)
class Search:
    """What a call has to be. None: whatever it is. Times are seconds since the epoch.

    queue, agent  that it is in or with, or was last
    outcome       how it ended: of calls that have ended
    caller        the caller's number, however it is written
    words         stand in a note on it, in this order; upper and lower case are the same
    since, until  when it began, both included
    before        the call began before this one, given by its beginning and its id
    """

    state: CallState | None = None
    queue: str | None = None
    agent: str | None = None
    outcome: Outcome | None = None
    caller: str | None = None
    words: str | None = None
    since: float | None = None
    until: float | None = None
    before: tuple[float, str] | None = None

    def fits(self, call: CallSummary) -> bool:
        """Whether the call is looked for, as far as `words` leaves it open."""
        return (
            self.state in (None, call.state)
            and self.queue in (None, call.queue)
            and self.agent in (None, call.agent)
            and (self.outcome is None or (call.state is CallState.ENDED and call.outcome is self.outcome))
            and (self.caller is None or (call.caller != "" and plain(call.caller) == plain(self.caller)))
            and (self.since is None or call.started >= self.since)
            and (self.until is None or call.started <= self.until)
            and (self.before is None or (call.started, call.id) < self.before)
        )

    def noted(self, story: Iterable[Record]) -> bool:
        """Whether a note in the story has the words; without words, always."""
        if self.words is None:
            return True
        wanted = self.words.lower()
        return any(wanted in (one.note or "").lower() for one in wrap_ups(story))


EVERY_CALL = Search()
