"""The codes that an agent dials to sign in, be ready or not, and sign out. The agent hears the result."""

from acd.distributor import Distributor
from acd.effects import Refuse
from acd.events import StateRequested
from agents.states import CODES, AgentState
from dialplan.agi_session import AgiSession
from hotline.edition import Edition
from journal.actor import Actor
from sounds.model import Phrase

REASON = "phone"
"""The reason of a not-ready that was dialled."""


async def answer_code(session: AgiSession, agent_id: str, edition: Edition, distributor: Distributor) -> None:
    """Do what the code asks, say it, hang up. Raises CallerGone if the agent hangs up first; the request holds."""
    agent = edition.hotline.agents.get(agent_id)
    language = agent.languages[0] if agent else edition.hotline.languages[0]
    state, done = CODES[session.request.extension]

    def ask() -> bool:
        reason = REASON if state is AgentState.NOT_READY else ""
        effects = distributor.ask(StateRequested(agent_id, state, Actor.agent(agent_id), reason))
        return not any(isinstance(effect, Refuse) for effect in effects)

    async def say(phrase: str) -> None:
        await session.answer()
        for path in edition.catalogue.files((Phrase(phrase),), language):
            await session.stream_file(path)

    if agent is None:
        await say("agent-unknown")
    elif state is AgentState.READY:
        try:
            await say(done)
        finally:
            ask()  # only now: the phone is known to be busy, and rings once the agent has hung up
    else:
        await say(done if ask() else "agent-code-refused")
    await session.hangup()
