"""The service is restarted, or its link to Asterisk breaks, in the middle of a call; phones that vanish."""

from tests.scenarios.description import Fault, Stage, scenario
from tests.scenarios.menus import BEGUN, DIALLED, begun
from tests.scenarios.queues import QUEUED, TALKING, chosen
from tests.scenarios.talks import CONSULTING, consulting, talking


@scenario(
    TALKING,
    """
    talk-ended trees one by=system cause=agent-phone-gone; routed apology=talk-broken front=true to=queue:trees;
    queued trees position=1; offered trees two; offer-answered trees two; connected trees two;
    talk-ended trees two by=caller; call-finished by=caller
    """,
)
async def the_agents_phone_vanishes(s: Stage) -> None:
    c, one = await talking(s)
    two = s.agent("two")
    await two.is_ready()
    await one.vanishes()
    await c.hears("talk-broken")
    await two.answers()
    await c.talks_with(two)
    await c.hangs_up()


# --- the service is restarted


@scenario(
    BEGUN,
    """
    menu-entered menu=main; key-pressed key=1 menu=main; queued trees position=1; left-queue trees why=hung-up;
    call-finished by=caller
    """,
    Fault.RESTART,
)
async def a_restart_in_the_menu(s: Stage) -> None:
    c = await begun(s)
    async with s.away():
        pass
    await c.story_has("menu-entered", 2)
    await c.presses("1")
    await c.story_has("queued")
    await c.hangs_up()


@scenario(TALKING, "talk-ended trees one by=agent; call-finished by=agent", Fault.RESTART)
async def a_restart_while_the_caller_waits(s: Stage) -> None:
    c, one = await chosen(s, "1"), s.agent("one")
    await c.waits()
    async with s.away():
        await c.waits()
    await one.is_ready()
    await one.answers()
    await c.talks_with(one)
    await one.hangs_up()
    await c.hears("感谢来电，再见")
    await c.is_let_go()


@scenario(QUEUED, "left-queue trees why=hung-up; call-finished by=caller cause=hung-up-unseen", Fault.RESTART)
async def who_waits_hangs_up_in_a_restart(s: Stage) -> None:
    c = await chosen(s, "1")
    await c.waits()
    async with s.away():
        await c.hangs_up()
    await c.story_has("call-finished")


@scenario(TALKING, "talk-ended trees one by=caller; call-finished by=caller", Fault.RESTART)
async def a_restart_while_a_phone_rings(s: Stage) -> None:
    one = s.agent("one")
    await one.is_ready()
    c = await chosen(s, "1")
    await one.rings()
    async with s.away():
        pass
    await one.answers()
    await c.talks_with(one)
    await c.hangs_up()


@scenario(TALKING, "talk-ended trees one by=caller; call-finished by=caller", Fault.RESTART)
async def an_agent_answers_in_a_restart(s: Stage) -> None:
    one = s.agent("one")
    await one.is_ready()
    c = await chosen(s, "1")
    await c.waits()
    await one.rings()
    async with s.away():
        await one.answers()
        await c.talks_with(one)
    await c.story_has("connected")
    await c.talks_with(one)
    await c.hangs_up()


@scenario(TALKING, "talk-ended trees one by=agent; call-finished by=agent", Fault.RESTART)
async def a_restart_in_a_talk(s: Stage) -> None:
    c, one = await talking(s)
    async with s.away():
        await c.talks_with(one)
    await c.talks_with(one)
    await one.hangs_up()
    await c.hears("感谢来电，再见")
    await c.is_let_go()


@scenario(TALKING, "talk-ended trees one by=agent; call-finished by=agent", Fault.RESTART)
async def the_agent_hangs_up_in_a_restart(s: Stage) -> None:
    c, one = await talking(s)
    async with s.away():
        await one.hangs_up()
    await c.is_let_go()
    await one.is_in("ready")


@scenario(TALKING, "talk-ended trees one by=caller; call-finished by=caller cause=hung-up-unseen", Fault.RESTART)
async def the_caller_hangs_up_in_a_restart(s: Stage) -> None:
    c, one = await talking(s)
    async with s.away():
        await c.hangs_up()
        await one.is_let_go()
    await c.story_has("call-finished")
    await one.is_in("ready")


@scenario(
    TALKING,
    "held one; unhold-asked one; unheld one; talk-ended trees one by=caller; call-finished by=caller",
    Fault.RESTART,
)
async def a_restart_on_hold(s: Stage) -> None:
    c, one = await talking(s)
    await s.order("hold")
    await c.waits()
    async with s.away():
        await c.waits()
    await s.order("unhold")
    await c.talks_with(one)
    await c.hangs_up()


@scenario(
    CONSULTING,
    """
    talk-ended trees one by=system cause=transferred; transferred one how=consult to=agent:three;
    transfer-answered to=agent:three; transfer-ended by=caller to=agent:three; call-finished by=caller
    """,
    Fault.RESTART,
)
async def a_restart_in_a_consultation(s: Stage) -> None:
    c, one, three = await consulting(s)
    async with s.away():
        await c.waits()
    await s.order("complete")
    await one.is_let_go()
    await c.talks_with(three)
    await c.hangs_up()


@scenario(
    CONSULTING,
    """
    consult-joined one to=agent:three; unheld one; consult-ended one to=agent:three; talk-ended trees one by=caller;
    call-finished by=caller
    """,
    Fault.RESTART,
)
async def a_restart_in_a_talk_of_three(s: Stage) -> None:
    c, one, three = await consulting(s)
    await s.order("join")
    await c.story_has("unheld")
    async with s.away():
        await c.talks_with(one)
    await s.order("return")
    await three.is_let_go()
    await c.talks_with(one)
    await c.hangs_up()


@scenario(
    DIALLED,
    """
    sub-hotline-answered sub_hotline=line; sub-hotline-ended by=agent sub_hotline=line; call-finished by=agent
    """,
    Fault.RESTART,
)
async def a_restart_while_the_line_rings(s: Stage) -> None:
    bureau = s.agent("bureau")
    await bureau.comes()
    c = await begun(s, "3")
    await bureau.rings()
    async with s.away():
        await bureau.answers()
        await c.talks_with(bureau)
    await c.story_has("sub-hotline-answered")
    await bureau.hangs_up()
    await c.is_let_go()


@scenario(
    TALKING,
    """
    talk-ended trees one by=agent; transferred one how=blind to=agent:three; transfer-answered to=agent:three;
    transfer-ended by=caller to=agent:three; call-finished by=caller
    """,
    Fault.RESTART,
)
async def a_restart_while_the_colleague_of_a_transfer_rings(s: Stage) -> None:
    c, one = await talking(s)
    three = s.agent("three")
    await three.comes()
    await one.sends_to("three")
    await three.rings()
    async with s.away():
        pass
    await three.answers()
    await c.talks_with(three)
    await c.hangs_up()


@scenario(
    TALKING,
    """
    talk-ended trees one by=agent; transferred one how=blind to=agent:three;
    transfer-failed cause=21 status=CHANUNAVAIL to=agent:three;
    routed agent_first=one apology=transfer-failed front=true to=queue:trees;
    queued trees position=1; offered trees one; offer-answered trees one; connected trees one;
    talk-ended trees one by=caller; call-finished by=caller
    """,
    Fault.RESTART,
)
async def the_colleague_of_a_transfer_declines_in_a_restart(s: Stage) -> None:
    c, one = await talking(s)
    three = s.agent("three")
    await three.comes()
    await one.sends_to("three")
    await three.rings()
    async with s.away():
        await three.declines()
    await c.hears("transfer-failed")
    await one.answers()
    await c.talks_with(one)
    await c.hangs_up()


@scenario(
    TALKING,
    """
    held one; consult-asked one to=agent:three; consult-failed one status=CHANUNAVAIL to=agent:three; unheld one;
    talk-ended trees one by=caller; call-finished by=caller
    """,
    Fault.RESTART,
)
async def the_colleague_declines_a_consultation_in_a_restart(s: Stage) -> None:
    c, one = await talking(s)
    three = s.agent("three")
    await three.comes()
    await s.send("three", "consult")
    await three.rings()
    async with s.away():
        await three.declines()
        await c.talks_with(one)
    await c.story_has("unheld")
    await c.hangs_up()
    await one.is_let_go()


@scenario(
    QUEUED,
    """
    offered trees one; connected trees one; talk-ended trees one by=caller;
    call-finished by=caller cause=hung-up-unseen
    """,
    Fault.RESTART,
)
async def a_talk_comes_and_goes_in_a_restart(s: Stage) -> None:
    one = s.agent("one")
    await one.is_ready()
    c = await chosen(s, "1")
    await c.waits()
    await one.rings()
    async with s.away():
        await one.answers()
        await c.talks_with(one)
        await c.hangs_up()
        await one.is_let_go()
    await c.story_has("call-finished")
    await one.is_in("ready")


@scenario(
    DIALLED,
    """
    sub-hotline-answered sub_hotline=line; sub-hotline-ended by=caller sub_hotline=line;
    call-finished by=caller cause=hung-up-unseen
    """,
    Fault.RESTART,
)
async def a_talk_with_the_line_comes_and_goes_in_a_restart(s: Stage) -> None:
    bureau = s.agent("bureau")
    await bureau.comes()
    c = await begun(s, "3")
    await bureau.rings()
    async with s.away():
        await bureau.answers()
        await c.talks_with(bureau)
        await c.hangs_up()
        await bureau.is_let_go()
    await c.story_has("call-finished")


# --- the link to Asterisk's manager breaks


@scenario(
    BEGUN,
    """
    key-pressed key=2 menu=main; menu-entered menu=more; key-pressed key=# menu=more; menu-entered menu=main;
    call-finished by=caller
    """,
    Fault.LINK,
)
async def without_a_link_the_menu_goes_on(s: Stage) -> None:
    c = await begun(s)
    await c.hears("绿化请按1")
    async with s.away():
        await c.presses("2")
        await c.story_has("menu-entered", 2)
    await c.presses("#")
    await c.story_has("menu-entered", 3)
    await c.hangs_up()


@scenario(TALKING, "talk-ended trees one by=caller; call-finished by=caller", Fault.LINK)
async def who_waits_without_a_link_is_rung_for_afterwards(s: Stage) -> None:
    one = s.agent("one")
    await one.comes()
    c = await chosen(s, "1")
    await c.waits()
    async with s.away():
        await one.wants("ready")
    await one.answers()
    await c.talks_with(one)
    await c.hangs_up()


@scenario(QUEUED, "left-queue trees why=hung-up; call-finished by=caller cause=hung-up-unseen", Fault.LINK)
async def who_waits_hangs_up_without_a_link(s: Stage) -> None:
    await who_waits_hangs_up_in_a_restart(s)


@scenario(TALKING, "talk-ended trees one by=caller; call-finished by=caller", Fault.LINK)
async def an_agent_answers_without_a_link(s: Stage) -> None:
    one = s.agent("one")
    await one.is_ready()
    c = await chosen(s, "1")
    await c.waits()
    await one.rings()
    async with s.away():
        await one.answers()
        await c.talks_with(one)
    await c.story_has("connected")
    await c.hangs_up()
    await one.is_let_go()


@scenario(TALKING, "talk-ended trees one by=agent; call-finished by=agent", Fault.LINK)
async def a_talk_ends_without_a_link(s: Stage) -> None:
    c, one = await talking(s)
    async with s.away():
        await one.hangs_up()
        await c.hears("感谢来电，再见")
        await c.is_let_go()
    await one.is_in("ready")


@scenario(
    TALKING,
    "held one; unhold-asked one; unheld one; talk-ended trees one by=caller; call-finished by=caller",
    Fault.LINK,
)
async def a_hold_goes_on_without_a_link(s: Stage) -> None:
    await a_restart_on_hold(s)


@scenario(
    CONSULTING,
    """
    consult-ended one to=agent:three; unheld one; talk-ended trees one by=caller; call-finished by=caller
    """,
    Fault.LINK,
)
async def the_colleague_hangs_up_without_a_link(s: Stage) -> None:
    c, one, three = await consulting(s)
    async with s.away():
        await three.hangs_up()
        await c.talks_with(one)
    await c.story_has("consult-ended")
    await c.hangs_up()


@scenario(
    TALKING,
    """
    talk-ended trees one by=agent; transferred one how=blind to=agent:three; call-resumed;
    transfer-answered to=agent:three; transfer-ended by=agent to=agent:three; call-finished by=agent
    """,
    Fault.LINK,
)
async def a_blind_transfer_without_a_link(s: Stage) -> None:
    c, one = await talking(s)
    three = s.agent("three")
    await three.comes()
    async with s.away():
        await one.sends_to("three")
        await three.answers()
        await c.talks_with(three)
    await three.hangs_up()
    await c.is_let_go()


@scenario(
    QUEUED,
    """
    offered trees one; connected trees one; talk-ended trees one by=caller;
    call-finished by=caller cause=hung-up-unseen
    """,
    Fault.LINK,
)
async def a_talk_comes_and_goes_without_a_link(s: Stage) -> None:
    await a_talk_comes_and_goes_in_a_restart(s)


@scenario(
    DIALLED,
    """
    sub-hotline-answered sub_hotline=line; sub-hotline-ended by=caller sub_hotline=line;
    call-finished by=caller cause=hung-up-unseen
    """,
    Fault.LINK,
)
async def a_talk_with_the_line_comes_and_goes_without_a_link(s: Stage) -> None:
    await a_talk_with_the_line_comes_and_goes_in_a_restart(s)
