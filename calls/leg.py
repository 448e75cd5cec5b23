"""What is known of a caller's leg, the channel in Asterisk, and how long each doubt about it may last. Pure.

Times are seconds since the epoch.
"""

from dataclasses import dataclass

COMING = 5.0
"""Seconds that the dialplan has to bring a caller whom nothing holds to a new session. If it has not, the other end of
the last session disappeared without closing it (the machine of the last service died, or a firewall forgot the
connection), and AGI() would wait for ever."""

JOINING = 2.0
"""Seconds in which the one whom an agent has consulted takes the caller. Mostly it needs some milliseconds."""

LATE = 1.0
"""If that is noticed so many seconds too late, the service was frozen, and the caller may have come meanwhile."""

ABSENCE = 600.0
"""Seconds to wait for a caller without a session while Asterisk cannot be asked. A caller who is held, or talks, needs
no service."""

FAREWELL = 30.0
"""The same after a session said that the caller is gone: Asterisk must still be asked whether the caller talked."""

LAST_WORDS = 3.0
"""Seconds from the end of the channels to the end of Asterisk itself when it is stopped."""


@dataclass(slots=True)
class Leg:
    """
    link      Asterisk tells what happens
    session   an AGI session serves the caller
    doubtful  the session is about to be broken off, as the caller is led to another one or was transferred: its word
              of a hang-up is not believed
    led       the caller was led to a new session, and has not come yet
    held      in the holding bridge
    kicked    taken out of the bridge by us
    joining   until when the caller is to be joined with somebody, out of the holding bridge: leaving that ends no talk.
              None: is not
    gone      a session said so, or the channel ended
    stale_cause      the channel has the hangup cause of another phone that was gone: it says nothing of the caller's
    with_asterisk    the channel ended and then the link broke: Asterisk itself ended
    expected_until   when a caller who has not come to a session is led to one
    explained_until  when the end of the channel, still unexplained, counts as a hang-up
    absent_until     when the caller counts as lost, if Asterisk still cannot be asked
    """

    link: bool = True
    session: bool = False
    doubtful: bool = False
    led: bool = False
    held: bool = False
    kicked: bool = False
    joining: float | None = None
    gone: bool = False
    stale_cause: bool = False
    with_asterisk: bool = False
    expected_until: float | None = None
    explained_until: float | None = None
    absent_until: float | None = None

    def deadline(self) -> float | None:
        """The first of the four moments; None: there is none."""
        return earlier(earlier(self.joining, self.expected_until), earlier(self.explained_until, self.absent_until))

    def begin_session(self) -> None:
        """A session serves the caller, who is in no bridge."""
        self.session, self.held, self.doubtful, self.led = True, False, self.led, False
        self.joining = None

    def expect(self, now: float) -> None:
        """Nothing holds the caller any more: a session must begin soon, or the caller is led to one."""
        if self.expected_until is None and not self.session:
            self.expected_until = now + COMING

    def unjoined(self, now: float) -> bool:
        """Whether the caller was not joined with anybody in time. After a freeze, or without the link, nobody knows."""
        if self.joining is None or now < self.joining:
            return False
        late = now > self.joining + LATE
        self.joining = now + JOINING if late and self.link else None
        return self.link and not late

    def let_go(self, now: float) -> None:
        """What held the caller does so no more. The wait begins now, also where one began when the session ended: its
        time may be up just as the dialplan brings the caller, whom an agent has transferred, to the next session.
        """
        self.held, self.expected_until = False, None
        self.expect(now)

    def overdue(self, now: float) -> bool:
        """Whether the caller has not come to a session in time and must be led to one."""
        if self.expected_until is None or now < self.expected_until:
            return False
        late, self.expected_until = now > self.expected_until + LATE, None
        if late:
            self.expect(now)  # first let in a caller who came while the service was frozen
        return not late

    def ended(self, now: float) -> None:
        """The channel has ended; the reason may still be told."""
        if self.explained_until is None:
            self.explained_until = now + LAST_WORDS

    def is_there(self) -> None:
        """The channel has not ended: it is in a new session."""
        self.gone = self.with_asterisk = False
        self.explained_until = None

    def unexplained(self, now: float) -> bool:
        """Whether the time to explain the end of the channel is up."""
        if self.explained_until is None or now < self.explained_until:
            return False
        self.explained_until = None
        if not self.link:
            self.gone = self.with_asterisk = True
        return True

    def watch_absence(self, now: float) -> None:
        """Wait for a caller without a session while Asterisk cannot be asked, but not for ever."""
        if self.session or self.link:
            self.absent_until = None
            return
        due = now + (FAREWELL if self.gone else ABSENCE)
        self.absent_until = due if self.absent_until is None else min(due, self.absent_until)

    def lost(self, now: float) -> bool:
        """Whether that wait is over."""
        return self.absent_until is not None and now >= self.absent_until

    def forget(self) -> None:
        """The call is over: nothing is waited for."""
        self.joining = self.expected_until = self.explained_until = self.absent_until = None


def earlier(one: float | None, other: float | None) -> float | None:
    """The earlier of two moments; None: there is neither."""
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)
