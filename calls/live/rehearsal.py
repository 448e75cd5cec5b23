"""Calls that the service places to itself, so that one person alone can hear and see the hotline work."""

import asyncio
import secrets
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dialplan.telephony import Telephony
from ivr.walk import SILENCE
from journal.actor import CALLER, Actor
from journal.records import Kind, Record
from sentences.sentence import Sentence

THINKING = 2.0
"""Seconds that the caller of a rehearsal listens before pressing the next key."""

HEARD_OUT = 1.0
"""The same, after a prompt that is heard out: less than a menu waits for a key."""

BETWEEN = 0.3
"""Seconds from one digit to the next of those that are entered in one go. For 120 ms of each, Asterisk answers nothing
else on AMI.
"""

ARRIVAL = 10.0
"""Seconds in which a call that was placed must come in."""

_ASKED = frozenset({Kind.MENU_ENTERED, Kind.KEY_PRESSED, Kind.NO_INPUT, Kind.INVALID_KEY})
"""After these Records the caller hears a menu, or what the key led to."""


_ROBOT = "rehearsal-robot-"
"""How the token of a call begins that a robot agent answers. The channel has the token, so a restart knows it."""


def new_token(*, robot: bool) -> str:
    """For a new rehearsal. `robot`: a robot agent answers it."""
    return f"{_ROBOT if robot else 'rehearsal-'}{secrets.token_hex(6)}"


def by_robot(token: str) -> bool:
    """Whether a robot agent answers the call of this token."""
    return token.startswith(_ROBOT)


PAUSE = 1.0
"""Seconds between what the caller of a self-test says and what the robot agent says."""


@dataclass(frozen=True, slots=True)
class Speech:
    """What a rehearsal's caller says in a talk.

    files    its sounds, as Asterisk wants them
    seconds  how long they are
    heard    the file that gets what the robot agent hears of it
    """

    files: Sequence[str]
    seconds: float
    heard: Path


class NotArrived(Exception):
    """The call was placed, but did not come in."""


@dataclass(slots=True)
class _Rehearsal:
    keys: deque[str]
    arrived: "asyncio.Future[str]"
    actor: Actor
    hear_out: bool = False
    call_id: str = ""
    pressing: asyncio.TimerHandle | None = None


@dataclass(slots=True)
class Rehearsals:
    """The rehearsals under way, by their token: the unique id of the far half's channel."""

    telephony: Telephony
    _waiting: dict[str, _Rehearsal] = field(default_factory=dict)
    _of_call: dict[str, str] = field(default_factory=dict)

    async def place(
        self,
        token: str,
        number: str,
        keys: Sequence[str],
        language: str,
        seconds: float,
        recording: Path | None,
        actor: Actor,
        *,
        hear_out: bool = False,
        speech: Speech | None = None,
    ) -> str:
        """Place the call; returns its id. `seconds`: how long the far half listens before it hangs up.

        `keys`: what the caller does, each a key, several that are pressed in one go, or SILENCE. `recording`: the file
        that gets what the caller hears. `actor`: who wants it. `hear_out`: the caller presses no key before a prompt
        is over. `speech`: what the caller says in a talk. Raises NotArrived, LinkDown, ActionRefused, TimeoutError.
        """
        rehearsal = _Rehearsal(deque(keys), asyncio.get_running_loop().create_future(), actor, hear_out)
        self._waiting[token] = rehearsal
        variables = {
            "__WUTONG_TEST": token,
            "__WUTONG_LANGUAGE": language,
            "WUTONG_SECONDS": f"{max(seconds, 0.1):.1f}",
            "WUTONG_RECORDING": str(recording or ""),
        }
        if speech is not None:
            variables["WUTONG_SPEAKS"] = "&".join(speech.files)
            variables["__WUTONG_HEARS"] = str(speech.heard)
            variables["__WUTONG_SPEAKS_FOR"] = f"{speech.seconds + PAUSE:.1f}"
        try:
            await self.telephony.listen(channel_id=token, number=number, variables=variables, timeout=ARRIVAL)
            return await asyncio.wait_for(rehearsal.arrived, ARRIVAL)
        except TimeoutError:
            self.hang_up(token)  # it may come in late
            self.channel_gone(token)
            raise NotArrived(
                Sentence(
                    "the call to {number} was placed but did not come in within {seconds:.0f} s",
                    number=number,
                    seconds=ARRIVAL,
                )
            ) from None
        except BaseException:
            self.hang_up(token)
            self.channel_gone(token)
            raise

    def speak(self, token: str, *, farewell: bool) -> None:
        """Have the caller of this token say the words of `place`. `farewell`: the caller hangs up then."""
        if token in self._waiting:
            self.telephony.speak(token, farewell=farewell)

    def hang_up(self, token: str) -> None:
        """The caller of this token hangs up."""
        if token in self._waiting:
            self.telephony.hang_up(token)

    def actor(self, token: str) -> Actor:
        """The actor that placed the call of this token; the caller, if it is not one of ours."""
        rehearsal = self._waiting.get(token)
        return CALLER if rehearsal is None else rehearsal.actor

    def arrived(self, token: str, call_id: str) -> None:
        """The call of this token came in under this id."""
        rehearsal = self._waiting.get(token)
        if rehearsal is not None and not rehearsal.call_id:
            self._of_call[call_id] = token
            rehearsal.call_id = call_id

    def note(self, record: Record) -> None:
        """Every Record passes here. The first one of a rehearsal's call says that it has arrived, and can be asked for.
        A menu that it hears is answered with its next key, or with silence.
        """
        token = self._of_call.get(record.call or "")
        rehearsal = self._waiting.get(token or "")
        if token is None or rehearsal is None:
            return
        if not rehearsal.arrived.done():
            rehearsal.arrived.set_result(rehearsal.call_id)
        self._answer(token, rehearsal, record.kind)

    def _answer(self, token: str, rehearsal: _Rehearsal, heard: Kind) -> None:
        keys = rehearsal.keys
        if keys and keys[0] == SILENCE:
            if heard is not Kind.NO_INPUT:
                return
            keys.popleft()
        due = heard is Kind.SAID if rehearsal.hear_out else heard in _ASKED
        if not due or not keys or keys[0] == SILENCE or rehearsal.pressing is not None:
            return
        delay = HEARD_OUT if rehearsal.hear_out else THINKING
        rehearsal.pressing = asyncio.get_running_loop().call_later(delay, self._press, token, rehearsal)

    def _press(self, token: str, rehearsal: _Rehearsal) -> None:
        rehearsal.pressing = None
        key, more = rehearsal.keys[0][0], rehearsal.keys.popleft()[1:]
        self.telephony.play_key(token, key)
        if more:
            rehearsal.keys.appendleft(more)
            rehearsal.pressing = asyncio.get_running_loop().call_later(BETWEEN, self._press, token, rehearsal)

    def channel_gone(self, channel: str) -> None:
        """A channel ended; if it was a rehearsal's far half, the rehearsal is over."""
        rehearsal = self._waiting.pop(channel, None)
        if rehearsal is None:
            return
        if rehearsal.pressing is not None:
            rehearsal.pressing.cancel()
        self._of_call.pop(rehearsal.call_id, None)
