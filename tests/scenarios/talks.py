"""Holds, consultations and talks of three, as the agent's desk asks for them over HTTP."""

from tests.scenarios.description import Agent, Caller, Stage, scenario
from tests.scenarios.queues import TALKING, chosen

CONSULTING = f"{TALKING}; held one; consult-asked one to=agent:three; consult-answered one to=agent:three"


async def talking(s: Stage) -> tuple[Caller, Agent]:
    """A caller who talks with agent `one`."""
    one = s.agent("one")
    await one.is_ready()
    c = await chosen(s, "1")
    await one.answers()
    await c.talks_with(one)
    return c, one


async def consulting(s: Stage) -> tuple[Caller, Agent, Agent]:
    """The agent has asked `three`, and the two talk."""
    c, one = await talking(s)
    three = s.agent("three")
    await three.comes()
    await s.send("three", "consult")
    await three.answers()
    await c.story_has("consult-answered")
    await c.waits()
    return c, one, three


@scenario(TALKING, "held one; unhold-asked one; unheld one; talk-ended trees one by=agent; call-finished by=agent")
async def a_hold_and_back(s: Stage) -> None:
    c, one = await talking(s)
    await s.order("hold")
    await c.waits()
    await s.order("unhold")
    await c.talks_with(one)
    await one.hangs_up()
    await c.is_let_go()


@scenario(TALKING, "held one; talk-ended trees one by=caller; call-finished by=caller")
async def the_caller_hangs_up_on_hold(s: Stage) -> None:
    c, one = await talking(s)
    await s.order("hold")
    await c.waits()
    await c.hangs_up()
    await one.is_let_go()
    await one.is_in("ready")


@scenario(TALKING, "held one; talk-ended trees one by=agent; call-finished by=agent")
async def the_agent_hangs_up_on_hold(s: Stage) -> None:
    c, one = await talking(s)
    await s.order("hold")
    await c.waits()
    await one.hangs_up()
    await c.is_let_go()
    await one.is_in("ready")


@scenario(
    CONSULTING,
    """
    consult-ended one to=agent:three; unheld one; talk-ended trees one by=caller; call-finished by=caller
    """,
)
async def a_consultation_and_back(s: Stage) -> None:
    c, one, three = await consulting(s)
    await s.order("return")
    await three.is_let_go()
    await c.talks_with(one)
    await c.hangs_up()


@scenario(
    CONSULTING,
    """
    consult-ended one to=agent:three; unheld one; talk-ended trees one by=caller; call-finished by=caller
    """,
)
async def the_colleague_hangs_up_in_the_consultation(s: Stage) -> None:
    c, one, three = await consulting(s)
    await three.hangs_up()
    await c.talks_with(one)
    await c.hangs_up()


@scenario(
    TALKING,
    """
    held one; consult-asked one to=agent:three; consult-failed one status=NOANSWER to=agent:three; unheld one;
    talk-ended trees one by=caller; call-finished by=caller
    """,
)
async def the_colleague_declines_the_consultation(s: Stage) -> None:
    c, one = await talking(s)
    three = s.agent("three")
    await three.comes()
    await s.send("three", "consult")
    await three.declines()
    await c.story_has("unheld")
    await c.talks_with(one)
    await c.hangs_up()


@scenario(
    TALKING,
    """
    held one; consult-asked one to=agent:three; consult-failed one status=CHANUNAVAIL to=agent:three; unheld one;
    talk-ended trees one by=caller; call-finished by=caller
    """,
)
async def a_colleague_who_cannot_be_reached_is_consulted(s: Stage) -> None:
    c, one = await talking(s)
    await s.send("three", "consult")
    await c.story_has("unheld")
    await c.talks_with(one)
    await c.hangs_up()


@scenario(
    CONSULTING,
    """
    talk-ended trees one by=system cause=transferred; transferred one how=consult to=agent:three;
    transfer-answered to=agent:three; transfer-ended by=agent to=agent:three; call-finished by=agent
    """,
)
async def a_consultation_becomes_a_transfer(s: Stage) -> None:
    c, one, three = await consulting(s)
    await s.order("complete")
    await one.is_let_go()
    await c.talks_with(three)
    await three.hangs_up()
    await c.hears("感谢来电，再见")
    await c.is_let_go()


@scenario(
    TALKING,
    """
    held one; consult-asked one to=sub_hotline:line; consult-answered one to=sub_hotline:line;
    talk-ended trees one by=system cause=transferred; transferred one how=consult to=sub_hotline:line;
    sub-hotline-dialled dial=bureau sub_hotline=line; sub-hotline-answered sub_hotline=line;
    sub-hotline-ended by=caller sub_hotline=line; call-finished by=caller
    """,
)
async def the_department_is_consulted_and_gets_the_caller(s: Stage) -> None:
    c, one = await talking(s)
    bureau = s.agent("bureau")
    await bureau.comes()
    await s.send("line", "consult")
    await bureau.answers()
    await c.story_has("consult-answered")
    await s.order("complete")
    await one.is_let_go()
    await c.talks_with(bureau)
    await c.hangs_up()
    await bureau.is_let_go()


@scenario(
    CONSULTING,
    """
    consult-joined one to=agent:three; unheld one; consult-ended one to=agent:three; talk-ended trees one by=caller;
    call-finished by=caller
    """,
)
async def a_talk_of_three_becomes_one_of_two(s: Stage) -> None:
    c, one, three = await consulting(s)
    await s.order("join")
    await c.story_has("unheld")
    await c.talks_with(one)
    await s.order("return")
    await three.is_let_go()
    await c.talks_with(one)
    await c.hangs_up()


@scenario(
    CONSULTING,
    """
    consult-joined one to=agent:three; unheld one; talk-ended trees one by=system cause=transferred;
    transferred one how=consult to=agent:three; transfer-answered to=agent:three;
    transfer-ended by=caller to=agent:three; call-finished by=caller
    """,
)
async def a_talk_of_three_becomes_a_transfer(s: Stage) -> None:
    c, one, three = await consulting(s)
    await s.order("join")
    await c.story_has("unheld")
    await s.order("complete")
    await one.is_let_go()
    await c.talks_with(three)
    await c.hangs_up()


@scenario(CONSULTING, "talk-ended trees one by=caller; call-finished by=caller")
async def the_caller_hangs_up_in_a_consultation(s: Stage) -> None:
    c, one, three = await consulting(s)
    await c.hangs_up()
    await one.is_let_go()
    await three.is_let_go()


@scenario(CONSULTING, "talk-ended trees one by=agent; call-finished by=agent")
async def the_agent_hangs_up_in_a_consultation(s: Stage) -> None:
    c, one, three = await consulting(s)
    await one.hangs_up()
    await three.is_let_go()
    await c.is_let_go()


@scenario(
    TALKING,
    """
    held one; consult-asked one to=agent:three; consult-ended one to=agent:three; unheld one;
    talk-ended trees one by=caller; call-finished by=caller
    """,
)
async def the_agent_goes_back_as_the_colleague_rings(s: Stage) -> None:
    c, one = await talking(s)
    three = s.agent("three")
    await three.comes()
    await s.send("three", "consult")
    await three.rings()
    await s.order("return")
    await three.rings_no_more()
    await c.talks_with(one)
    await c.hangs_up()


@scenario(
    CONSULTING,
    """
    consult-joined one to=agent:three; unheld one; consult-ended one to=agent:three; talk-ended trees one by=caller;
    call-finished by=caller
    """,
)
async def the_third_hangs_up_in_a_talk_of_three(s: Stage) -> None:
    c, one, three = await consulting(s)
    await s.order("join")
    await c.story_has("unheld")
    await three.hangs_up()
    await c.story_has("consult-ended")
    await c.talks_with(one)
    await c.hangs_up()


@scenario(
    CONSULTING,
    """
    consult-joined one to=agent:three; unheld one; talk-ended trees one by=agent; call-finished by=agent
    """,
)
async def the_agent_hangs_up_in_a_talk_of_three(s: Stage) -> None:
    c, one, three = await consulting(s)
    await s.order("join")
    await c.story_has("unheld")
    await one.hangs_up()
    await three.is_let_go()
    await c.is_let_go()


@scenario(
    CONSULTING,
    """
    consult-joined one to=agent:three; unheld one; talk-ended trees one by=caller; call-finished by=caller
    """,
)
async def the_caller_hangs_up_in_a_talk_of_three(s: Stage) -> None:
    c, one, three = await consulting(s)
    await s.order("join")
    await c.story_has("unheld")
    await c.hangs_up()
    await one.is_let_go()
    await three.is_let_go()
