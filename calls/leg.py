"""The caller's leg: what is known of the caller's channel in Asterisk, and how long each doubt may last. Pure.

Times are seconds since the epoch.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

COMING = 5.0
"""Seconds that the dialplan has to bring a caller whom nothing holds to a new session. If it has not, the other end of
the last session disappeared without closing it (the machine of the last service died, or a firewall forgot the
connection), and AGI() would wait for ever."""

JOINING = 2.0
"""Seconds in which the one whom an agent has consulted takes the caller. Mostly it needs some milliseconds."""

LATE = 1.0
"""A deadline that is noticed so many seconds too late says that the service was frozen. The caller may have come
meanwhile.
"""

ABSENCE = 600.0
"""Seconds to wait for a caller without a session while Asterisk cannot be asked. A caller who is held, or talks, needs
no service."""

FAREWELL = 30.0
"""The same after a session said that the caller is gone: Asterisk must still be asked whether the caller talked."""

LAST_WORDS = 3.0
"""Seconds from the end of the channels to the end of Asterisk itself when it is stopped."""


class Session(Enum):
    """The caller's AGI session."""

    __hash__ = object.__hash__  # Enum's own is slow

    NONE = auto()
    LED = auto()  # none: the caller was led to a new one, and has not come yet
    SERVES = auto()
    DOUBTFUL = auto()  # it is about to be broken off: when it says that the caller hung up, that is not believed


class Bridge(Enum):
    """Whether the holding bridge has the caller."""

    __hash__ = object.__hash__

    OUT = auto()
    HELD = auto()
    TAKEN_OUT = auto()  # by us


class Channel(Enum):
    """The caller's channel."""

    __hash__ = object.__hash__

    THERE = auto()
    GONE = auto()  # a session said so
    GONE_WITH_ASTERISK = auto()  # it ended and then the link broke: Asterisk itself ended


class Happens(Enum):
    """What moves the leg from state to state."""

    __hash__ = object.__hash__

    SESSION_BEGAN = auto()  # it serves the caller, who is in no bridge
    SESSION_ENDED = auto()
    SESSION_BREAKS = auto()  # soon, as the caller was moved, or is taken out of an application
    LED = auto()  # the caller is led to a new session
    NOT_LED = auto()  # that came to nothing
    TO_BE_HELD = auto()  # the session takes the caller into the holding bridge
    HELD = auto()  # the caller is in it
    TAKEN_OUT = auto()  # we take the caller out of it
    LEFT = auto()  # the caller is out of it
    GONE = auto()
    ASTERISK_GONE = auto()
    FOUND = auto()  # the channel has not ended: it is in a new session


SESSIONS: Mapping[Happens, Mapping[Session, Session]] = {
    # a session to which the caller was led may be broken off by that very order, if it came by itself just before
    Happens.SESSION_BEGAN: {
        Session.NONE: Session.SERVES,
        Session.LED: Session.DOUBTFUL,
        Session.DOUBTFUL: Session.SERVES,
    },
    Happens.SESSION_ENDED: {Session.SERVES: Session.NONE, Session.DOUBTFUL: Session.NONE},
    Happens.SESSION_BREAKS: {Session.SERVES: Session.DOUBTFUL},
    Happens.LED: {Session.NONE: Session.LED},
    Happens.NOT_LED: {Session.LED: Session.NONE},
}

BRIDGES: Mapping[Happens, Mapping[Bridge, Bridge]] = {
    Happens.SESSION_BEGAN: {Bridge.HELD: Bridge.OUT},
    Happens.TO_BE_HELD: {Bridge.HELD: Bridge.OUT, Bridge.TAKEN_OUT: Bridge.OUT},
    Happens.HELD: {Bridge.OUT: Bridge.HELD, Bridge.TAKEN_OUT: Bridge.HELD},  # a kick from before has come to nothing
    Happens.TAKEN_OUT: {Bridge.OUT: Bridge.TAKEN_OUT, Bridge.HELD: Bridge.TAKEN_OUT},
    Happens.LEFT: {Bridge.HELD: Bridge.OUT},
}

CHANNELS: Mapping[Happens, Mapping[Channel, Channel]] = {
    Happens.GONE: {Channel.THERE: Channel.GONE},
    Happens.ASTERISK_GONE: {Channel.THERE: Channel.GONE_WITH_ASTERISK, Channel.GONE: Channel.GONE_WITH_ASTERISK},
    Happens.FOUND: {Channel.GONE: Channel.THERE, Channel.GONE_WITH_ASTERISK: Channel.THERE},
}
"""What leads where in each of the three. What is not here stays as it is."""


@dataclass(slots=True)
class Leg:
    """
    link      Asterisk reports what happens
    stale_cause      the channel has the hangup cause of another phone that was gone: it says nothing of the caller's
    joining   until when the caller is to be joined with somebody, out of the holding bridge: leaving that ends no talk.
              None: is not
    expected_until   when a caller who has not come to a session is led to one
    explained_until  when the end of the channel, still unexplained, counts as a hang-up
    absent_until     when the caller counts as lost, if Asterisk still cannot be asked
    """

    link: bool = True
    session: Session = Session.NONE
    bridge: Bridge = Bridge.OUT
    channel: Channel = Channel.THERE
    stale_cause: bool = False
    joining: float | None = None
    expected_until: float | None = None
    explained_until: float | None = None
    absent_until: float | None = None

    def tell(self, happens: Happens) -> None:
        """This happens to the leg."""
        if sessions := SESSIONS.get(happens):
            self.session = sessions.get(self.session, self.session)
        if bridges := BRIDGES.get(happens):
            self.bridge = bridges.get(self.bridge, self.bridge)
        if channels := CHANNELS.get(happens):
            self.channel = channels.get(self.channel, self.channel)

    @property
    def served(self) -> bool:
        """Whether a session serves the caller."""
        return self.session is Session.SERVES or self.session is Session.DOUBTFUL

    @property
    def held(self) -> bool:
        """Whether the caller is in the holding bridge."""
        return self.bridge is Bridge.HELD

    @property
    def gone(self) -> bool:
        return self.channel is not Channel.THERE

    def deadline(self) -> float | None:
        """The first of the four moments; None: there is none."""
        return earlier(earlier(self.joining, self.expected_until), earlier(self.explained_until, self.absent_until))

    def begin_session(self) -> None:
        """A session serves the caller, who is in no bridge."""
        self.tell(Happens.SESSION_BEGAN)
        self.joining = None

    def expect(self, now: float) -> None:
        """Nothing holds the caller any more: a session must begin soon. If none does, the caller is led to one."""
        if self.expected_until is None and not self.served:
            self.expected_until = now + COMING

    def unjoined(self, now: float) -> bool:
        """Whether nobody took the caller in time. After a freeze, or without the link, nobody knows."""
        if self.joining is None or now < self.joining:
            return False
        late = now > self.joining + LATE
        self.joining = now + JOINING if late and self.link else None
        return self.link and not late

    def let_go(self, now: float) -> None:
        """The caller has left a bridge. The wait begins now, also where one began when the session ended: its time may
        be up just as the dialplan brings the caller, whom an agent has transferred, to the next session.
        """
        self.tell(Happens.LEFT)
        self.expected_until = None
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
        """The channel has ended; the reason may still come."""
        if self.explained_until is None:
            self.explained_until = now + LAST_WORDS

    def is_there(self) -> None:
        """The channel has not ended: it is in a new session."""
        self.tell(Happens.FOUND)
        self.explained_until = None

    def unexplained(self, now: float) -> bool:
        """Whether the time to explain the end of the channel is up."""
        if self.explained_until is None or now < self.explained_until:
            return False
        self.explained_until = None
        if not self.link:
            self.tell(Happens.ASTERISK_GONE)
        return True

    def watch_absence(self, now: float) -> None:
        """Wait for a caller without a session while Asterisk cannot be asked, but not for ever."""
        if self.served or self.link:
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
