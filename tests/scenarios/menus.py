"""Callers in the menus, and what the menus lead to without a queue."""

from tests.scenarios.description import Caller, Stage, scenario

BEGUN = "call-started; menu-entered menu=main"
DIALLED = f"""{BEGUN}; key-pressed key=3 menu=main; routed to=sub_hotline:line;
    sub-hotline-dialled dial=bureau sub_hotline=line"""


async def begun(s: Stage, *keys: str) -> Caller:
    """A caller who has called, and pressed these keys, each in the next menu."""
    c = s.caller()
    await c.calls()
    for number, key in enumerate(keys, 1):
        await c.story_has("menu-entered", number)
        await c.presses(key)
    return c


@scenario(BEGUN, "key-pressed key=4 menu=main; call-finished by=system")
async def a_message_and_the_goodbye(s: Stage) -> None:
    c = await begun(s, "4")
    await c.hears("今天停水")
    await c.hears("感谢来电，再见")
    await c.is_let_go()


@scenario(
    BEGUN,
    """
    key-pressed key=2 menu=main; menu-entered menu=more; key-pressed key=# menu=more; menu-entered menu=main;
    call-finished by=caller
    """,
)
async def another_menu_and_back(s: Stage) -> None:
    c = await begun(s, "2", "#")
    await c.story_has("menu-entered", 3)
    await c.hangs_up()


@scenario(BEGUN, "key-pressed key=* menu=main; call-finished by=caller")
async def the_menu_once_more(s: Stage) -> None:
    c = await begun(s, "*")
    await c.story_has("key-pressed")
    await c.hears("绿化请按1")
    await c.hangs_up()


@scenario(
    BEGUN,
    """
    key-pressed key=2 menu=main; menu-entered menu=more; invalid-key count=1 key=9 menu=more;
    invalid-key count=2 key=8 menu=more; queued general position=1; left-queue general why=hung-up;
    call-finished by=caller
    """,
)
async def two_wrong_keys(s: Stage) -> None:
    c = await begun(s, "2", "9")
    await c.hears("invalid-key")
    await c.presses("8")
    await c.story_has("queued")
    await c.hangs_up()


@scenario(
    BEGUN,
    """
    key-pressed key=# menu=main; menu-entered menu=silent; no-input count=1 menu=silent;
    no-input count=2 menu=silent; queued general position=1; left-queue general why=hung-up; call-finished by=caller
    """,
)
async def no_key_at_all(s: Stage) -> None:
    c = await begun(s, "#")
    await c.hears("no-input")
    await c.story_has("queued")
    await c.hangs_up()


@scenario(
    BEGUN,
    """
    key-pressed key=2 menu=main; menu-entered menu=more; key-pressed key=1 menu=more; closed place=queue:night;
    call-finished by=system
    """,
)
async def a_queue_that_is_closed(s: Stage) -> None:
    c = await begun(s, "2", "1")
    await c.hears("现在很忙")
    await c.is_let_go()


@scenario(BEGUN, "emergency-told mode=before where=menu:main; call-finished by=caller")
async def an_emergency_message_before_the_menu(s: Stage) -> None:
    await s.emergency()
    c = await begun(s)
    await c.story_has("menu-entered")
    await c.hangs_up()


# --- a department's line


@scenario(
    DIALLED,
    """
    sub-hotline-answered sub_hotline=line; sub-hotline-ended by=agent sub_hotline=line; call-finished by=agent
    """,
)
async def the_line_answers(s: Stage) -> None:
    bureau = s.agent("bureau")
    await bureau.comes()
    c = await begun(s, "3")
    await bureau.answers()
    await c.talks_with(bureau)
    await bureau.hangs_up()
    await c.hears("感谢来电，再见")
    await c.is_let_go()


@scenario(
    DIALLED,
    """
    sub-hotline-answered sub_hotline=line; sub-hotline-ended by=caller sub_hotline=line; call-finished by=caller
    """,
)
async def the_caller_hangs_up_on_the_line(s: Stage) -> None:
    bureau = s.agent("bureau")
    await bureau.comes()
    c = await begun(s, "3")
    await bureau.answers()
    await c.talks_with(bureau)
    await c.story_has("sub-hotline-answered")
    await c.hangs_up()
    await bureau.is_let_go()


@scenario(
    DIALLED,
    """
    sub-hotline-failed cause=17 status=BUSY sub_hotline=line; routed apology=no-answer-apology to=queue:general;
    queued general position=1;
    left-queue general why=hung-up; call-finished by=caller
    """,
)
async def the_line_is_busy(s: Stage) -> None:
    bureau = s.agent("bureau")
    await bureau.comes()
    c = await begun(s, "3")
    await bureau.is_busy()
    await c.story_has("queued")
    await c.hangs_up()


@scenario(
    DIALLED,
    """
    sub-hotline-failed cause=21 status=CHANUNAVAIL sub_hotline=line; routed apology=no-answer-apology to=queue:general;
    queued general position=1; left-queue general why=hung-up; call-finished by=caller
    """,
)
async def the_line_declines(s: Stage) -> None:
    bureau = s.agent("bureau")
    await bureau.comes()
    c = await begun(s, "3")
    await bureau.declines()
    await c.story_has("queued")
    await c.hangs_up()


@scenario(
    BEGUN,
    """
    key-pressed key=2 menu=main; menu-entered menu=more; key-pressed key=3 menu=more; routed to=sub_hotline:brief;
    sub-hotline-dialled dial=bureau sub_hotline=brief; sub-hotline-failed cause=0 status=NOANSWER sub_hotline=brief;
    routed apology=no-answer-apology to=queue:general; queued general position=1; left-queue general why=hung-up;
    call-finished by=caller
    """,
)
async def the_line_does_not_answer(s: Stage) -> None:
    bureau = s.agent("bureau")
    await bureau.comes()
    c = await begun(s, "2", "3")
    await bureau.does_not_answer()
    await c.story_has("queued")
    await c.hangs_up()


@scenario(
    DIALLED,
    """
    sub-hotline-failed cause=3 status=CHANUNAVAIL sub_hotline=line; routed apology=no-answer-apology to=queue:general;
    queued general position=1; left-queue general why=hung-up; call-finished by=caller
    """,
)
async def the_line_cannot_be_reached(s: Stage) -> None:
    c = await begun(s, "3")
    await c.hears("no-answer-apology")
    await c.story_has("queued")
    await c.hangs_up()


@scenario(DIALLED, "call-finished by=caller")
async def the_caller_gives_up_while_the_line_rings(s: Stage) -> None:
    bureau = s.agent("bureau")
    await bureau.comes()
    c = await begun(s, "3")
    await bureau.rings()
    await c.hangs_up()
    await bureau.rings_no_more()
