"""Numbers that agents have their phones dial over HTTP."""

from collections.abc import Callable

from acd.distributor import Distributor
from agents.api import NotPossible
from agents.phone_api import NotDiallable
from agents.states import PhoneState
from base.failure import NotDone
from calls.live.holds import AWAY
from calls.live.switchboard import Switchboard
from dialplan.ami_connection import ActionRefused, LinkDown
from hotline.model import Hotline
from sentences.sentence import Sentence, listed


class AgentDials:
    """The `AgentDialling` of the router. `hotline`: the one in use. `trunk`: whether there is one."""

    def __init__(
        self, switchboard: Switchboard, distributor: Distributor, hotline: Callable[[], Hotline], *, trunk: bool
    ) -> None:
        self._switchboard, self._distributor, self._hotline, self._trunk = switchboard, distributor, hotline, trunk

    async def dial(self, agent_id: str, number: str) -> None:
        allowed = diallable(self._hotline(), trunk=self._trunk) - {agent_id}
        if number not in allowed:
            raise NotDiallable(
                Sentence("Agents may dial {names}. Not {number}.", names=listed(sorted(allowed)[:50]), number=number)
            )
        telephony = self._switchboard.telephony
        if not telephony.link.up:
            raise NotDone(AWAY)
        phone = self._distributor.engine.agent_view(agent_id).phone
        if phone is PhoneState.UNREACHABLE:
            raise NotPossible(Sentence("The phone of agent {agent} cannot be reached.", agent=agent_id))
        if phone is PhoneState.BUSY:
            raise NotPossible(
                Sentence(
                    "The phone of agent {agent} has a call, or rings; it can dial once it is free.", agent=agent_id
                )
            )
        try:
            await telephony.dial(agent_id, number)
        except ActionRefused as error:
            raise NotPossible(Sentence("The phone of agent {agent} could not be rung.", agent=agent_id)) from error
        except (LinkDown, TimeoutError) as error:
            raise NotDone(AWAY) from error


def diallable(hotline: Hotline, *, trunk: bool) -> frozenset[str]:
    """The numbers that an agent's phone may dial, as the dialplan has them."""
    inside = {*hotline.numbers, *hotline.extensions, *hotline.agents}
    outside = {*hotline.outside_numbers, *(line.dial for line in hotline.sub_hotlines.values())} if trunk else set()
    return frozenset(inside | outside)
