"""A caller is put through to a department's own line: it rings, they talk, or nobody answers."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from dialplan.telephony import (
    LANGUAGE_VARIABLE,
    STATUS_VARIABLE,
    SUB_HOTLINE_VARIABLE,
    Telephony,
    sub_hotline_talk,
)
from hotline.model import Hotline, SubHotline
from ivr.model import Destination
from ivr.model import HangUp as ToHangUp
from journal.records import Kind
from service.calls.line import DialResult, Line
from sounds.model import Phrase, Speech, Words


class Teller(Protocol):
    """Writes a Record of the call."""

    def __call__(self, kind: Kind, **data: str) -> None: ...


class Dialling:
    """`enter` and `resume` are for the call's coroutine; the others are told what happens outside and return at once.

    A call has one, for all sub-hotlines that it is put through to. It needs no session while they talk.

    hotline      the version that the call has
    trunk        whether numbers that are no agent's can be dialled
    say          tells him something that a key cuts short. Raises CallerGone
    send_on      is told where he goes when nobody has answered, before he hears of it
    sub_hotline  the one that is dialled, or talks; None: none
    talked       it has answered
    """

    def __init__(
        self,
        line: Line,
        telephony: Telephony,
        *,
        hotline: Callable[[], Hotline],
        trunk: bool,
        say: Callable[[Speech], Awaitable[None]],
        record: Teller,
        send_on: Callable[[Destination], None],
    ) -> None:
        self.sub_hotline: str | None = None
        self.talked = False
        self._line = line
        self._telephony = telephony
        self._hotline = hotline
        self._trunk = trunk
        self._say = say
        self._record = record
        self._send_on = send_on

    # -- the coroutine ---------------------------------------------------------------------------------------------

    async def enter(self, sub_hotline: str, language: str) -> Destination | None:
        """Dial the department's own line. None: he has talked with them. Else nobody answered: where he goes then.

        Raises CallerGone.
        """
        self.talked = False
        line = self._hotline().sub_hotlines[sub_hotline]
        await self._say((Phrase("transferring-before"), Words(line.name), Phrase("transferring-after")))
        await self._line.set_variables(
            {SUB_HOTLINE_VARIABLE: sub_hotline, STATUS_VARIABLE: "", LANGUAGE_VARIABLE: language}
        )
        self.sub_hotline = sub_hotline
        self._record(Kind.SUB_HOTLINE_DIALLED, sub_hotline=sub_hotline, dial=line.dial)
        return await self._dial(sub_hotline)

    async def resume(self) -> Destination | None:
        """He is in a new session, and `was_left` says that he was dialled for. As `enter`."""
        assert self.sub_hotline is not None, "was_left() comes before"
        result = await self._line.dialled()
        if not result.status:  # his session broke before it could be asked
            return await self._dial(self.sub_hotline)
        return await self._over(self.sub_hotline, result)

    async def _dial(self, sub_hotline: str) -> Destination | None:
        line = self._hotline().sub_hotlines.get(sub_hotline)
        target = self._target(line) if line is not None else None
        if line is None or target is None:
            return await self._over(sub_hotline, DialResult("CHANUNAVAIL", "3"))
        return await self._over(sub_hotline, await self._line.dial(target, line.ring))

    async def was_left(self) -> bool:
        """Whether he was dialled for when his session broke.

        After a restart he may be back before Asterisk could be asked what his channel says; so his session is.
        """
        if self.sub_hotline is None:
            self.sub_hotline = await self._line.session.get_variable(SUB_HOTLINE_VARIABLE) or None
        return self.sub_hotline is not None

    async def clear(self) -> None:
        """Nobody is dialled for him any more. His channel says so last: until then it must be known by a Record."""
        self.sub_hotline = None
        await self._line.set_variables({SUB_HOTLINE_VARIABLE: ""})

    def _target(self, line: SubHotline) -> str | None:
        """For Dial(); None: there is no way to it."""
        if line.dial in self._hotline().agents:
            return f"PJSIP/{line.dial}"
        return f"PJSIP/{line.dial}@trunk" if self._trunk else None

    async def _over(self, sub_hotline: str, result: DialResult) -> Destination | None:
        self._line.keys.clear()  # they were for those at the other end
        if result.answered:
            if not self.talked:  # they answered while the service or its link was away
                self.talked = True
                self._record(Kind.SUB_HOTLINE_ANSWERED, sub_hotline=sub_hotline)
            await self.clear()
            return None
        self._record(Kind.SUB_HOTLINE_FAILED, sub_hotline=sub_hotline, status=result.status, cause=result.cause)
        line = self._hotline().sub_hotlines.get(sub_hotline)
        onward = (line.failed if line else None) or ToHangUp(hangup=True)
        self._send_on(onward)
        await self.clear()
        await self._say((Phrase("no-answer-apology"),))
        return onward

    # -- told from outside -----------------------------------------------------------------------------------------

    def answered(self) -> None:
        if self.sub_hotline is not None and not self.talked:
            self.talked = True
            self._record(Kind.SUB_HOTLINE_ANSWERED, sub_hotline=self.sub_hotline)
            self._telephony.note_talk(self._line.channel, sub_hotline_talk(self.sub_hotline))

    def found(self, sub_hotline: str) -> None:
        """After a restart: what his channel says, "" for nothing."""
        self.sub_hotline = sub_hotline or None

    def talked_unseen(self, sub_hotline: str) -> None:
        """They talked, as his channel said before it went. The service or its link to Asterisk was away."""
        self.sub_hotline = sub_hotline
        self.answered()
