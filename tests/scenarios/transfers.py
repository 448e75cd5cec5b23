"""Callers who are sent on, by the agent's phone or over HTTP."""

from tests.scenarios.description import Stage, scenario
from tests.scenarios.queues import TALKING
from tests.scenarios.talks import talking


@scenario(
    TALKING,
    """
    talk-ended trees one by=agent; transferred one how=blind to=agent:three; call-resumed;
    transfer-answered to=agent:three; transfer-ended by=agent to=agent:three; call-finished by=agent
    """,
)
async def blind_to_a_colleague(s: Stage) -> None:
    c, one = await talking(s)
    three = s.agent("three")
    await three.comes()
    await one.sends_to("three")
    await three.answers()
    await c.talks_with(three)
    await c.story_has("transfer-answered")
    await three.hangs_up()
    await c.is_let_go()


@scenario(
    TALKING,
    """
    talk-ended trees one by=agent; transferred one how=blind to=agent:three; call-resumed;
    transfer-failed cause=21 status=CHANUNAVAIL to=agent:three;
    routed agent_first=one apology=transfer-failed front=true to=queue:trees;
    queued trees position=1; offered trees one; offer-answered trees one; connected trees one;
    talk-ended trees one by=caller; call-finished by=caller
    """,
)
async def blind_to_a_colleague_who_declines(s: Stage) -> None:
    c, one = await talking(s)
    three = s.agent("three")
    await three.comes()
    await one.sends_to("three")
    await three.declines()
    await c.hears("transfer-failed")
    await one.answers()
    await c.talks_with(one)
    await c.hangs_up()


@scenario(
    TALKING,
    """
    talk-ended trees one by=agent; transferred one how=blind to=agent:three; call-resumed;
    transfer-failed cause=17 status=BUSY to=agent:three;
    routed agent_first=one apology=transfer-failed front=true to=queue:trees;
    queued trees position=1; offered trees one; offer-answered trees one; connected trees one;
    talk-ended trees one by=caller; call-finished by=caller
    """,
)
async def blind_to_a_colleague_who_is_busy(s: Stage) -> None:
    c, one = await talking(s)
    three = s.agent("three")
    await three.comes()
    await one.sends_to("three")
    await three.is_busy()
    await c.hears("transfer-failed")
    await one.answers()
    await c.talks_with(one)
    await c.hangs_up()


@scenario(
    TALKING,
    """
    talk-ended trees one by=agent; transferred one how=blind to=agent:three; call-resumed;
    transfer-failed cause=16 status=NOANSWER to=agent:three;
    routed agent_first=one apology=transfer-failed front=true to=queue:trees;
    queued trees position=1; offered trees one; offer-answered trees one; connected trees one;
    talk-ended trees one by=caller; call-finished by=caller
    """,
)
async def blind_to_a_colleague_who_does_not_answer(s: Stage) -> None:
    c, one = await talking(s)
    three = s.agent("three")
    await three.comes()
    await one.sends_to("three")
    await three.does_not_answer()
    await c.hears("transfer-failed")
    await one.answers()
    await c.talks_with(one)
    await c.hangs_up()


@scenario(
    TALKING,
    """
    talk-ended trees one by=agent; transferred one how=blind to=agent:three; call-resumed;
    transfer-failed cause=3 status=CHANUNAVAIL to=agent:three;
    routed agent_first=one apology=transfer-failed front=true to=queue:trees;
    queued trees position=1; offered trees one; offer-answered trees one; connected trees one;
    talk-ended trees one by=caller; call-finished by=caller
    """,
)
async def blind_to_a_colleague_who_cannot_be_reached(s: Stage) -> None:
    c, one = await talking(s)
    await one.sends_to("three")
    await c.hears("transfer-failed")
    await one.answers()
    await c.talks_with(one)
    await c.hangs_up()


@scenario(
    TALKING,
    """
    talk-ended trees one by=agent; transferred one how=blind to=agent:three; call-resumed; call-finished by=caller
    """,
)
async def the_caller_gives_up_while_the_colleague_rings(s: Stage) -> None:
    c, one = await talking(s)
    three = s.agent("three")
    await three.comes()
    await one.sends_to("three")
    await three.rings()
    await c.hangs_up()
    await three.rings_no_more()


@scenario(
    TALKING,
    """
    talk-ended trees one by=agent; transferred one how=blind to=queue:general; call-resumed;
    queued general position=1; offered general three; offer-answered general three; connected general three;
    talk-ended general three by=caller; call-finished by=caller
    """,
)
async def blind_to_a_queue(s: Stage) -> None:
    c, one = await talking(s)
    three = s.agent("three")
    await three.is_ready()
    await one.sends_to("general")
    await three.answers()
    await c.talks_with(three)
    await c.hangs_up()


@scenario(
    TALKING,
    """
    talk-ended trees one by=agent; transferred one how=blind to=sub_hotline:line; call-resumed;
    sub-hotline-dialled dial=bureau sub_hotline=line; sub-hotline-answered sub_hotline=line;
    sub-hotline-ended by=agent sub_hotline=line; call-finished by=agent
    """,
)
async def blind_to_the_department(s: Stage) -> None:
    c, one = await talking(s)
    bureau = s.agent("bureau")
    await bureau.comes()
    await one.sends_to("line")
    await bureau.answers()
    await c.talks_with(bureau)
    await c.story_has("sub-hotline-answered")
    await bureau.hangs_up()
    await c.is_let_go()


@scenario(
    TALKING,
    """
    talk-ended trees one by=system cause=transferred; transferred one how=blind to=queue:general;
    queued general position=1; left-queue general why=hung-up; call-finished by=caller
    """,
)
async def sent_to_a_queue_over_http(s: Stage) -> None:
    c, one = await talking(s)
    await s.send("general")
    await one.is_let_go()
    await c.story_has("queued", 2)
    await c.waits()
    await c.hangs_up()


@scenario(
    TALKING,
    """
    talk-ended trees one by=system cause=transferred; transferred one how=blind to=agent:three;
    transfer-answered to=agent:three; transfer-ended by=caller to=agent:three; call-finished by=caller
    """,
)
async def sent_to_a_colleague_over_http(s: Stage) -> None:
    c, one = await talking(s)
    three = s.agent("three")
    await three.comes()
    await s.send("three")
    await one.is_let_go()
    await three.answers()
    await c.talks_with(three)
    await c.hangs_up()


@scenario(
    TALKING,
    """
    talk-ended trees one by=agent; transferred one how=consult to=agent:three; transfer-answered to=agent:three;
    transfer-ended by=agent to=agent:three; call-finished by=agent
    """,
)
async def joined_by_phone_with_a_colleague(s: Stage) -> None:
    c, one = await talking(s)
    three = s.agent("three")
    await three.comes()
    await one.dials("three")
    await three.answers()
    await one.asks(three)
    await one.joins_both()
    await c.talks_with(three)
    await three.hangs_up()
    await c.is_let_go()


@scenario(
    TALKING,
    """
    talk-ended trees one by=agent; transferred one how=consult to=queue:general; call-resumed;
    queued general position=1; offered general three; offer-answered general three; connected general three;
    talk-ended general three by=caller; call-finished by=caller
    """,
)
async def handed_over_by_phone_to_a_queue(s: Stage) -> None:
    c, one = await talking(s)
    three = s.agent("three")
    await one.wants("not-ready")
    await one.dials("general")
    await one.joins_both()
    await c.story_has("queued", 2)
    await c.waits()
    await three.is_ready()
    await three.answers()
    await c.talks_with(three)
    await c.hangs_up()


@scenario(
    TALKING,
    """
    talk-ended trees one by=agent; transferred one how=blind to=agent:three; call-resumed;
    transfer-answered to=agent:three; transfer-ended by=caller to=agent:three; call-finished by=caller
    """,
)
async def blind_by_a_phone_that_hangs_up_at_once(s: Stage) -> None:
    c, one = await talking(s)
    three = s.agent("three")
    await three.comes()
    await one.sends_to("three", hasty=True)
    await three.answers()
    await c.talks_with(three)
    await c.hangs_up()


@scenario(
    TALKING,
    """
    talk-ended trees one by=agent; transferred one how=blind to=sub_hotline:line; call-resumed;
    sub-hotline-dialled dial=bureau sub_hotline=line;
    sub-hotline-failed cause=21 status=CHANUNAVAIL sub_hotline=line; routed apology=no-answer-apology to=queue:general;
    queued general position=1; offered general three; offer-answered general three; connected general three;
    talk-ended general three by=caller; call-finished by=caller
    """,
)
async def blind_to_the_department_which_declines(s: Stage) -> None:
    c, one = await talking(s)
    three, bureau = s.agent("three"), s.agent("bureau")
    await three.is_ready()
    await bureau.comes()
    await one.sends_to("line")
    await bureau.declines()
    await c.hears("no-answer-apology")
    await three.answers()
    await c.talks_with(three)
    await c.hangs_up()


@scenario(
    TALKING,
    """
    talk-ended trees one by=system cause=transferred; transferred one how=blind to=agent:three;
    transfer-failed cause=3 status=CHANUNAVAIL to=agent:three;
    routed agent_first=one apology=transfer-failed front=true to=queue:trees;
    queued trees position=1; offered trees one; offer-answered trees one; connected trees one;
    talk-ended trees one by=caller; call-finished by=caller
    """,
)
async def sent_over_http_to_nobody(s: Stage) -> None:
    c, one = await talking(s)
    await s.send("three")
    await one.is_let_go()
    await c.hears("transfer-failed")
    await one.answers()
    await c.talks_with(one)
    await c.hangs_up()


@scenario(
    TALKING,
    """
    talk-ended trees one by=system cause=transferred; transferred one how=blind to=agent:three;
    transfer-answered to=agent:three; transfer-ended by=system to=agent:three;
    transferred three how=blind to=queue:trees; queued trees position=1; offered trees one; offer-answered trees one;
    connected trees one; talk-ended trees one by=caller; call-finished by=caller
    """,
)
async def sent_on_over_http_by_a_colleague(s: Stage) -> None:
    c, one = await talking(s)
    three = s.agent("three")
    await three.comes()
    await s.send("three")
    await three.answers()
    await c.talks_with(three)
    await c.story_has("transfer-answered")
    await s.send("trees")
    await three.is_let_go()
    await one.answers()
    await c.talks_with(one)
    await c.hangs_up()


@scenario(
    TALKING,
    """
    talk-ended trees one by=agent; transferred one how=consult to=agent:three; transfer-answered to=agent:three;
    transfer-ended by=agent to=agent:three; call-finished by=agent
    """,
)
async def joined_by_phone_with_an_agent_of_a_queue(s: Stage) -> None:
    c, one = await talking(s)
    three = s.agent("three")
    await three.is_ready()
    await one.dials("general")
    await three.answers()
    await one.asks(three)
    await one.joins_both()
    await c.talks_with(three)
    await c.story_has("transfer-answered")
    await three.hangs_up()
    await c.is_let_go()


@scenario(
    TALKING,
    """
    talk-ended trees one by=agent; transferred one how=consult to=agent:bureau; transfer-answered to=agent:bureau;
    transfer-ended by=agent to=agent:bureau; call-finished by=agent
    """,
)
async def joined_by_phone_with_the_department(s: Stage) -> None:
    c, one = await talking(s)
    bureau = s.agent("bureau")
    await bureau.comes()
    await one.dials("line")
    await bureau.answers()
    await one.asks(bureau)
    await one.joins_both()
    await c.talks_with(bureau)
    await c.story_has("transfer-answered")
    await bureau.hangs_up()
    await c.is_let_go()
