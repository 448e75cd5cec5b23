"""What is known of a caller's leg, the channel in Asterisk, and how long each doubt about it may last. Pure.

Times are seconds since the epoch.
"""

from dataclasses import dataclass

COMING = 5.0
"""Seconds in which the dialplan brings a caller to a new session whom nothing holds any more. If it has not, the other
end of the last session is gone without a word (the machine of the last service died, or a firewall forgot the
connection), and AGI() would wait for it for ever."""

LATE = 1.0
"""Seconds by which that is noticed too late where the service was frozen. Then the caller may have come meanwhile."""

ABSENCE = 600.0
"""Seconds for which a caller without a session is waited for while Asterisk cannot be asked. A caller who is held, or
talks, needs no service."""

FAREWELL = 30.0
"""The same for a caller of whom a session said that he is gone: whether he talked before is still to be asked."""

LAST_WORDS = 3.0
"""Seconds from the end of its channels to the end of an Asterisk that is being stopped."""


@dataclass(slots=True)
class Leg:
    """
    link      Asterisk tells what happens
    session   an AGI session serves the caller
    doubtful  that session began while the caller was led to another one, which breaks it off: what it says of a
              hang-up is not believed
    led       the caller was led to a new session, and has not come yet
    held      in the holding bridge
    kicked    taken out of the bridge by us
    gone      a session said so, or the channel ended
    with_asterisk    the channel ended and then the link broke: Asterisk itself ended
    expected_until   when a caller on the way to a session is led there
    explained_until  when the end of the channel counts as a hang-up
    absent_until     when a caller of whom nothing is known counts as lost
    """

    link: bool = True
    session: bool = False
    doubtful: bool = False
    led: bool = False
    held: bool = False
    kicked: bool = False
    gone: bool = False
    with_asterisk: bool = False
    expected_until: float | None = None
    explained_until: float | None = None
    absent_until: float | None = None

    def deadline(self) -> float | None:
        """The first of the three moments; None: there is none."""
        due = (self.expected_until, self.explained_until, self.absent_until)
        return min((moment for moment in due if moment is not None), default=None)

    def begin_session(self) -> None:
        """A session serves the caller, who is in no bridge."""
        self.session, self.held, self.doubtful, self.led = True, False, self.led, False

    def expect(self, now: float) -> None:
        """Nothing holds the caller any more, who is on the way to a session, and is led there if it takes long."""
        if self.expected_until is None and not self.session:
            self.expected_until = now + COMING

    def overdue(self, now: float) -> bool:
        """Whether the caller has not come to a session in time, and is to be led there."""
        if self.expected_until is None or now < self.expected_until:
            return False
        late, self.expected_until = now > self.expected_until + LATE, None
        if late:
            self.expect(now)  # a caller who knocked while the service was frozen comes in first
        return not late

    def ended(self, now: float) -> None:
        """The channel has ended, and why may still be told."""
        if self.explained_until is None:
            self.explained_until = now + LAST_WORDS

    def unexplained(self, now: float) -> bool:
        """Whether nobody has told in time why the channel ended."""
        if self.explained_until is None or now < self.explained_until:
            return False
        self.explained_until = None
        if not self.link:
            self.gone = self.with_asterisk = True
        return True

    def watch_absence(self, now: float) -> None:
        """A caller without a session is waited for while Asterisk cannot be asked, but not without end."""
        if self.session or self.link:
            self.absent_until = None
            return
        due = now + (FAREWELL if self.gone else ABSENCE)
        self.absent_until = due if self.absent_until is None else min(due, self.absent_until)

    def lost(self, now: float) -> bool:
        """Whether the caller was waited for long enough."""
        return self.absent_until is not None and now >= self.absent_until

    def forget(self) -> None:
        """The call is over: nothing is waited for."""
        self.expected_until = self.explained_until = self.absent_until = None
