"""Callers who wait, and phones that ring for them."""

from tests.scenarios.description import Caller, Stage, scenario


async def chosen(s: Stage, key: str) -> Caller:
    """A caller who has come to the queue behind this key."""
    c = s.caller()
    await c.calls()
    await c.presses(key)
    await c.story_has("queued")
    return c


@scenario(
    """
    call-started
    menu-entered menu=main
    key-pressed key=1 menu=main
    queued trees position=1
    offered trees one
    offer-answered trees one
    connected trees one
    talk-ended trees one by=agent
    call-finished by=agent
    """
)
async def an_agent_who_waits_gets_the_caller(s: Stage) -> None:
    one = s.agent("one")
    await one.is_ready()
    c = await chosen(s, "1")
    await one.answers()
    await c.talks_with(one)
    await one.hangs_up()
    await c.hears("感谢来电，再见")
    await c.is_let_go()
    await one.is_in("ready")


@scenario(
    """
    call-started
    menu-entered menu=main
    key-pressed key=1 menu=main
    queued trees position=1
    offered trees one
    offer-answered trees one
    connected trees one
    talk-ended trees one by=caller
    call-finished by=caller
    """
)
async def a_caller_who_waits_gets_the_first_agent(s: Stage) -> None:
    c, one = await chosen(s, "1"), s.agent("one")
    await c.waits()
    await one.is_ready()
    await one.answers()
    await c.talks_with(one)
    await c.hangs_up()
    await one.is_let_go()
    await one.is_in("ready")


@scenario(
    """
    call-started
    menu-entered menu=main
    key-pressed key=1 menu=main
    queued trees position=1
    left-queue trees why=hung-up
    call-finished by=caller
    """
)
async def the_caller_gives_up(s: Stage) -> None:
    c = await chosen(s, "1")
    await c.waits()
    await c.hangs_up()


@scenario(
    """
    call-started
    menu-entered menu=main
    key-pressed key=1 menu=main
    queued trees position=1
    offered trees one
    offer-cancelled trees one why=caller-left
    left-queue trees why=hung-up
    call-finished by=caller
    """
)
async def the_caller_gives_up_while_a_phone_rings(s: Stage) -> None:
    one = s.agent("one")
    await one.is_ready()
    c = await chosen(s, "1")
    await one.rings()
    await c.hangs_up()
    await one.rings_no_more()
    await one.is_in("ready")


@scenario(
    """
    call-started
    menu-entered menu=main
    key-pressed key=1 menu=main
    queued trees position=1
    offered trees one
    offer-failed trees one missed=1 reason=declined
    offered trees two
    offer-answered trees two
    connected trees two
    talk-ended trees two by=caller
    call-finished by=caller
    """
)
async def who_declines_is_followed_by_another(s: Stage) -> None:
    one, two = s.agent("one"), s.agent("two")
    await one.is_ready()
    c = await chosen(s, "1")
    await one.rings()
    await two.is_ready()
    await one.declines()
    await two.answers()
    await c.talks_with(two)
    await c.hangs_up()


@scenario(
    """
    call-started
    menu-entered menu=main
    key-pressed key=1 menu=main
    queued trees position=1
    offered trees one
    offer-failed trees one missed=1 reason=declined
    offered trees two
    offer-cancelled trees two why=caller-left
    left-queue trees why=hung-up
    call-finished by=caller
    """
)
async def a_phone_that_says_busy_is_followed_by_another(s: Stage) -> None:
    one, two = s.agent("one"), s.agent("two")
    await one.is_ready()
    c = await chosen(s, "1")
    await one.rings()
    await two.is_ready()
    await one.is_busy()
    await two.rings()
    await c.hangs_up()


@scenario(
    """
    call-started
    menu-entered menu=main
    key-pressed key=9 menu=main
    queued wrapped position=1
    offered wrapped one
    offer-failed wrapped one missed=1 reason=no-answer rona=true
    offered wrapped two
    offer-answered wrapped two
    connected wrapped two
    talk-ended wrapped two by=caller
    call-finished by=caller
    """
)
async def nobody_answers_in_time(s: Stage) -> None:
    one, two = s.agent("one"), s.agent("two")
    await one.is_ready()
    await two.is_ready()
    c = await chosen(s, "9")
    await one.does_not_answer()
    await one.is_in("not-ready")
    await two.answers()
    await c.talks_with(two)
    await c.hangs_up()


@scenario(
    """
    call-started
    menu-entered menu=main
    key-pressed key=9 menu=main
    queued wrapped position=1
    offered wrapped one
    offer-failed wrapped one missed=1 reason=declined rona=true
    left-queue wrapped why=hung-up
    call-finished by=caller
    """
)
async def who_misses_too_many_is_not_ready(s: Stage) -> None:
    one = s.agent("one")
    await one.is_ready()
    c = await chosen(s, "9")
    await one.declines()
    await one.is_in("not-ready")
    await c.waits()
    await c.hangs_up()


@scenario(
    """
    call-started
    menu-entered menu=main
    key-pressed key=5 menu=main
    queued everybody position=1
    offered everybody one
    offered everybody two
    offer-answered everybody two
    offer-cancelled everybody one why=answered-elsewhere
    connected everybody two
    talk-ended everybody two by=agent
    call-finished by=agent
    """
)
async def of_all_who_ring_the_first_gets_the_caller(s: Stage) -> None:
    one, two = s.agent("one"), s.agent("two")
    await one.is_ready()
    await two.is_ready()
    c = await chosen(s, "5")
    await one.rings()
    await two.rings()
    await two.answers()
    await one.rings_no_more()
    await c.talks_with(two)
    await two.hangs_up()
    await c.is_let_go()


@scenario(
    """
    call-started
    menu-entered menu=main
    key-pressed key=5 menu=main
    queued everybody position=1
    offered everybody one
    offered everybody two
    offer-failed everybody one missed=1 reason=declined
    offer-answered everybody two
    connected everybody two
    talk-ended everybody two by=caller
    call-finished by=caller
    """
)
async def one_of_all_declines(s: Stage) -> None:
    one, two = s.agent("one"), s.agent("two")
    await one.is_ready()
    await two.is_ready()
    c = await chosen(s, "5")
    await one.rings()
    await two.rings()
    await one.declines()
    await c.story_has("offer-failed")
    await two.answers()
    await c.talks_with(two)
    await c.hangs_up()


@scenario(
    """
    call-started
    menu-entered menu=main
    key-pressed key=1 menu=main
    queued trees position=1
    key-pressed trees key=0
    routed to=queue:general
    left-queue trees why=went-elsewhere
    queued general position=1
    offered general three
    offer-answered general three
    connected general three
    talk-ended general three by=caller
    call-finished by=caller
    """
)
async def a_key_leads_out_of_the_queue(s: Stage) -> None:
    three = s.agent("three")
    await three.is_ready()
    c = await chosen(s, "1")
    await c.waits()
    await c.presses("0")
    await three.answers()
    await c.talks_with(three)
    await c.hangs_up()


@scenario(
    """
    call-started
    menu-entered menu=main
    key-pressed key=1 menu=main
    queued trees position=1
    offered trees one
    key-pressed trees key=0
    routed to=queue:general
    offer-cancelled trees one why=caller-left
    left-queue trees why=went-elsewhere
    queued general position=1
    left-queue general why=hung-up
    call-finished by=caller
    """
)
async def a_key_while_a_phone_rings(s: Stage) -> None:
    one = s.agent("one")
    await one.is_ready()
    c = await chosen(s, "1")
    await one.rings()
    await c.presses("0")
    await one.rings_no_more()
    await c.story_has("queued", 2)
    await c.hangs_up()


@scenario(
    """
    call-started
    menu-entered menu=main
    key-pressed key=1 menu=main
    queued trees position=1
    key-pressed trees key=7
    left-queue trees why=hung-up
    call-finished by=caller
    """
)
async def a_key_that_is_not_on_offer(s: Stage) -> None:
    c = await chosen(s, "1")
    await c.waits()
    await c.presses("7")
    await c.story_has("key-pressed", 2)
    await c.waits()
    await c.hangs_up()


@scenario(
    """
    call-started
    menu-entered menu=main
    key-pressed key=7 menu=main
    queued spill position=1
    overflowed spill limit=3.0
    routed to=say:zh:现在很忙,then:hangup:true
    call-finished by=system
    """
)
async def who_has_waited_too_long_is_told_so(s: Stage) -> None:
    c = await chosen(s, "7")
    await c.hears("现在很忙")
    await c.is_let_go()


@scenario(
    """
    call-started
    menu-entered menu=main
    key-pressed key=8 menu=main
    queued manned position=1
    overflowed manned
    routed to=queue:general
    queued general position=1
    offered general three
    offer-cancelled general three why=caller-left
    left-queue general why=hung-up
    call-finished by=caller
    """
)
async def where_nobody_is_signed_in_the_call_goes_elsewhere(s: Stage) -> None:
    three = s.agent("three")
    await three.is_ready()
    c = await chosen(s, "8")
    await three.rings()
    await c.hangs_up()
    await three.rings_no_more()


@scenario(
    """
    call-started
    menu-entered menu=main
    key-pressed key=2 menu=main
    menu-entered menu=more
    key-pressed key=2 menu=more
    queued full position=2
    overflowed full limit=1
    routed to=say:zh:现在很忙,then:hangup:true
    call-finished by=system
    """
)
async def a_queue_that_is_full(s: Stage) -> None:
    c, before = s.caller(), s.caller("before")
    for caller in (before, c):
        await caller.calls()
        await caller.presses("2")
        await caller.story_has("menu-entered", 2)
        await caller.presses("2")
        await caller.story_has("queued")
    await c.hears("现在很忙")
    await c.is_let_go()
    await before.hangs_up()


@scenario(
    """
    call-started
    menu-entered menu=main
    key-pressed key=9 menu=main
    queued wrapped position=1
    offered wrapped one
    offer-answered wrapped one
    connected wrapped one
    talk-ended wrapped one by=caller
    call-finished by=caller
    """
)
async def wrap_up(s: Stage) -> None:
    one = s.agent("one")
    await one.is_ready()
    c = await chosen(s, "9")
    await one.answers()
    await c.talks_with(one)
    await c.hangs_up()
    await one.is_in("wrap-up")
    await one.wants("ready")
    await one.is_in("ready")


@scenario(
    """
    call-started
    menu-entered menu=main
    key-pressed key=1 menu=main
    queued trees position=1
    offered trees one
    offer-answered trees one
    connected trees one
    talk-ended trees one by=agent
    call-finished by=agent
    """
)
async def a_break_is_asked_for_in_the_talk(s: Stage) -> None:
    one = s.agent("one")
    await one.is_ready()
    c = await chosen(s, "1")
    await one.answers()
    await c.talks_with(one)
    await one.wants("not-ready")
    await one.hangs_up()
    await c.is_let_go()
    await one.is_in("not-ready")


@scenario(
    """
    call-started
    menu-entered menu=main
    key-pressed key=1 menu=main
    queued trees position=1
    moved trees to=queue:general
    routed to=queue:general
    queued general position=1
    offered general three
    offer-answered general three
    connected general three
    talk-ended general three by=caller
    call-finished by=caller
    """
)
async def a_supervisor_moves_the_caller(s: Stage) -> None:
    three = s.agent("three")
    await three.is_ready()
    c = await chosen(s, "1")
    await c.waits()
    await s.move("general")
    await three.answers()
    await c.talks_with(three)
    await c.hangs_up()
