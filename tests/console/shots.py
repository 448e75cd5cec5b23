"""What the console's pictures show: a row for each."""

import re
from dataclasses import replace

from playwright.async_api import Page

from accounts.audit import Entry
from agents.model import Abilities
from agents.states import AgentState, PhoneState
from base.role import Role
from calls.listeners import Listener, Mode
from hotline.model import SubHotline
from hotline.problem import Level, Problem
from hotline.prompts_api import PromptOut, Prompts
from journal.actor import CALLER, Actor
from journal.records import Kind, Record
from selftest.model import Difference, Outcome, What, as_data
from tests.console.recorded_calls import NAMES, afternoon
from tests.console.reported import week
from tests.console.seat import NUMBER, QUEUE, Seat
from tests.console.seat import take as sit_down
from tests.console.shot import DESK, MOMENT, SCREEN, Shot
from tests.console.shots_tree import TREE
from tests.console.stage import SUPERVISOR, Stage, running_since
from tests.console.theatre import World
from tests.unit.archive import in_vain, past
from tests.unit.callbacks.promises import promised
from tests.unit.messages.left import left
from tests.unit.missed.tries import tried
from tests.unit.reports.stories import working_day
from tests.unit.service.world import PASSWORD, waiting_call
from tests.unit.surveys.told import not_asked, survey

R = Role


async def _sign_in(page: Page, here: Stage) -> None:
    await page.goto("/")
    await page.locator("input[name=name]").wait_for()


async def _wall(page: Page, here: Stage) -> None:
    await here.enter(page.context)
    await page.goto("/wall")
    await page.locator("[data-queue=gas]").wait_for()


async def _state(page: Page, here: Stage) -> None:
    await _wall(page, here)
    await page.locator("[data-agent='1003']").click()
    await page.locator("dialog[open]").wait_for()


async def _callers(page: Page, here: Stage) -> None:
    await here.enter(page.context)
    await page.goto("/wall?queue=gas")
    await page.locator("[data-caller] li").nth(1).wait_for()


async def _move(page: Page, here: Stage) -> None:
    await _callers(page, here)
    await page.locator("[data-moves]").nth(1).click()
    await page.locator("dialog[open] input[type=radio]").nth(2).check()


async def _skills(page: Page, here: Stage) -> None:
    await _state(page, here)
    await page.locator("dialog[open] button").first.click()
    await page.locator("dialog[open] fieldset").nth(1).wait_for()


async def _big(page: Page, here: Stage) -> None:
    await here.enter(page.context)
    await page.goto("/wall?big")
    await page.locator("[data-queue=gas]").wait_for()


async def _help(page: Page, here: Stage) -> None:
    """Somebody listens to one agent, and another one calls for help."""
    await here.world.person("li", Role.SUPERVISOR, Role.AGENT, agent="1012")
    listener = Listener("l1", Mode.WHISPER, "1012", "user:li", MOMENT - 50, MOMENT - 42)
    here.world.listens(listener, "c2", "roads", "1004")
    for agent, since in (("1010", 31), ("1001", 4)):
        views = here.world.agents.views
        views[agent] = replace(views[agent], help_since=MOMENT - since)
    await here.enter(page.context, "li")
    await page.goto("/wall")
    await page.locator("[data-help='1010']").wait_for()
    await page.locator("[data-agent='1004']").focus()
    await page.evaluate("scrollTo(0, 300)")


async def _lost(page: Page, here: Stage) -> None:
    await _wall(page, here)
    await page.route("**/api/**", lambda route: route.abort())
    here.world.broadcast.close()
    await page.get_by_role("alert").wait_for()


DAY = 86_400.0

CODES = {
    "answered": {"zh": "当场答复", "en": "Answered at once"},
    "referred": {"zh": "告知责任单位", "en": "Told who is responsible"},
    "order": {"zh": "转办", "en": "Passed on to a department"},
    "repeat": {"zh": "重复来电", "en": "Called before"},
}


async def _desk(page: Page, here: Stage) -> Seat:
    """Its microphone was tested. Calls of its queue get codes, and whoever rings has called before."""
    here.world.sheets.known[QUEUE] = CODES
    order = Record(MOMENT - 2 * DAY + 61, Kind.WRAP_UP_CODE, "b2", QUEUE, "1003", data={"code": "order", "name": {}})
    here.world.archive.keep(
        [*past("b2", MOMENT - 2 * DAY, NUMBER, QUEUE, "1003"), order],
        in_vain("b1", MOMENT - 9 * DAY, NUMBER, "general"),
    )
    await page.context.grant_permissions(["microphone", "notifications"])
    seat = await sit_down(page, here)
    await page.locator("[data-link=registered]").wait_for()
    await page.evaluate(
        "(async () => { const stream = await navigator.mediaDevices.getUserMedia({audio: true}); localStorage.setItem("
        "'wutong.tested', JSON.stringify(stream.getAudioTracks()[0].label)); })()"
    )
    await page.reload()
    await page.locator("[data-link=registered]").wait_for()
    return seat


async def _desk_ready(page: Page, here: Stage) -> None:
    await _desk(page, here)


async def _desk_offer(page: Page, here: Stage) -> None:
    await (await _desk(page, here)).offer()
    await page.locator("[data-state=ringing]").wait_for()


async def _desk_call(page: Page, here: Stage) -> None:
    await (await _desk(page, here)).talk()
    await page.keyboard.press("k")
    await page.locator("[data-state=on-call]").wait_for()
    await page.locator("textarea").fill("长宁路 88 号门口水管漏水，已派单。")
    await page.keyboard.press("Escape")  # leaves the field, which saves it
    await page.get_by_text(re.compile("^(已保存|Saved)$")).wait_for()


async def _desk_wrap_up(page: Page, here: Stage) -> None:
    seat = await _desk(page, here)
    await seat.talk()
    await page.locator("textarea").fill("长宁路 88 号门口水管漏水，已派单。")
    await page.keyboard.press("Escape")  # leaves the field
    for _ in range(2):
        await page.keyboard.press("Escape")
    await seat.telephone.hears("BYE")
    seat.set(state=AgentState.WRAP_UP, since=MOMENT - 9, until=MOMENT + 21)
    await page.locator("[data-state=wrap-up]").first.wait_for()
    await page.locator("[role=option]").nth(2).click()
    await page.locator("[role=option][aria-selected=true]").wait_for()


async def _desk_missed(page: Page, here: Stage) -> None:
    seat = await _desk(page, here)
    seat.set(state=AgentState.NOT_READY, reason="rona", missed_offers=1)
    await page.locator("[data-state=not-ready]").wait_for()


async def _desk_silent(page: Page, here: Stage) -> None:
    """Without a microphone."""
    await sit_down(page, here)
    await page.locator("[class*=trouble]").wait_for()


async def _desk_sound(page: Page, here: Stage) -> None:
    await _desk(page, here)
    await page.evaluate("localStorage.removeItem('wutong.tested')")
    await page.add_init_script("AnalyserNode.prototype.getFloatTimeDomainData = (samples) => samples.fill(0.05)")
    await page.reload()
    await page.locator("[data-link=registered]").wait_for()
    await page.locator("[data-sound]").click()
    await page.locator("dialog[open] meter").wait_for()


async def _account(page: Page, here: Stage) -> None:
    await here.world.person("zhang", Role.SUPERVISOR)
    await here.enter(page.context, "zhang")
    await page.goto("/account")
    await page.locator("#own-factor ~ div button").click()
    await page.locator("input[name=password]").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.locator("svg[role=img]").wait_for()


async def _people(page: Page, here: Stage) -> None:
    world = here.world
    for name, role, agent in (("admin", R.ADMINISTRATOR, None), ("li", R.AGENT, "1002"), ("zhou", R.OPERATIONS, None)):
        await world.person(name, role, agent=agent)
    await world.accounts.directory.change("zhou", roles=frozenset({R.OPERATIONS, R.SUPERVISOR}))
    await world.accounts.directory.change(SUPERVISOR, queues=frozenset({"gas", "water"}))
    world.desk.change(
        sub_hotlines={
            "parks": SubHotline(id="parks", name={"zh": "绿化市容局", "en": "Greening bureau"}, dial="2201"),
            "water-bureau": SubHotline(id="water-bureau", name={"zh": "水务局", "en": "Water bureau"}, dial="2202"),
        }
    )
    await world.key(R.OPERATIONS)
    await here.enter(page.context, "admin")
    await page.goto("/people")
    await page.locator("[data-person=li]").wait_for()


async def _calls(page: Page, here: Stage) -> None:
    here.world.sheets.known["water"] = NAMES
    here.world.archive.keep(*afternoon(MOMENT).values())
    await here.enter(page.context)
    await page.goto("/calls")
    await page.locator("[data-call]").nth(20).wait_for()


async def _story(page: Page, here: Stage) -> None:
    await _calls(page, here)
    await page.locator("[data-call='c-3a7'] a").click()
    await page.locator("[data-kind=consult]").wait_for()


async def _missed(page: Page, here: Stage) -> None:
    world = here.world
    world.note(*tried("m1", "13800138000", "greening", MOMENT - 7_200, 95.0))
    world.note(*tried("m2", "13800138000", "greening", MOMENT - 3_600, 420.0))
    world.note(*tried("m3", "13900139000", None, MOMENT - 900), *tried("m4", "13700137000", "general", MOMENT - 600))
    again = {"caller": "13700137000", "number": "12319"}
    world.note(Record(MOMENT, Kind.CALL_STARTED, "m5", data=again, actor=CALLER))
    await here.enter(page.context)
    await page.goto("/missed")
    await page.locator("[data-missed]").nth(2).wait_for()


async def _callbacks(page: Page, here: Stage) -> None:
    world = here.world
    for name, number, waited, expected in (
        ("b1", "13800138000", 2_400.0, 1_500.0),
        ("b2", "13900139000", 1_320.0, 1_800.0),
        ("b3", "13700137000", 240.0, 2_400.0),
    ):
        promised(world, name, number, "greening", MOMENT - waited, expected)
    world.note(Record(MOMENT - 600, Kind.CALLBACK_DIALLED, "b1", "greening"))
    postponed = {"until": MOMENT + 300, "why": "no-answer"}
    world.note(Record(MOMENT - 570, Kind.CALLBACK_POSTPONED, "b1", "greening", data=postponed))
    await here.enter(page.context)
    await page.goto("/callbacks")
    await page.locator("[data-callback]").nth(2).wait_for()


async def _surveys(page: Page, here: Stage) -> None:
    told = [
        *survey("s1", MOMENT - 300, "5", "1"),
        *survey("s2", MOMENT - 900, "4", "1"),
        *survey("s3", MOMENT - 1_800, "2"),
        *survey("s4", MOMENT - 2_400, "5", "2", agent="1002"),
        *survey("s5", MOMENT - 3_000, queue="water", agent="1005"),
        *survey("s6", MOMENT - 3_600, "3", "1", queue="water", agent="1005"),
    ]
    reasons = (
        ("1001", "transferred"),
        ("1002", "caller-hung-up"),
        ("1002", "caller-hung-up"),
        ("1002", "asked-recently"),
    )
    told += [not_asked(f"n{n}", MOMENT - 600, why, agent=agent) for n, (agent, why) in enumerate(reasons)]
    here.world.note(*told)
    await here.enter(page.context)
    await page.goto("/surveys")
    await page.locator("[data-survey]").nth(3).wait_for()


async def _reports(page: Page, here: Stage) -> None:
    here.world.archive.keep(week(MOMENT))
    await here.enter(page.context)
    await page.goto("/reports?view=history")
    await page.locator("td[data-some=true]").first.wait_for()


async def _reports_today(page: Page, here: Stage) -> None:
    here.world.archive.keep(week(MOMENT))
    await here.enter(page.context)
    await page.goto("/reports")
    await page.locator("figure svg").wait_for()


async def _reports_menus(page: Page, here: Stage) -> None:
    here.world.archive.keep(week(MOMENT))
    await here.enter(page.context)
    await page.goto("/reports?view=menus")
    await page.locator("[data-menu]").wait_for()


async def _day(page: Page, here: Stage) -> None:
    here.world.archive.keep(working_day("1001", MOMENT - 4 * 3_600, hours=4))
    await here.enter(page.context)
    await page.goto("/day?agent=1001")
    await page.locator("[data-sum=all]").wait_for()


async def _messages(page: Page, here: Stage) -> None:
    world = here.world
    wang, li = Actor.agent("1001"), Actor.user("li")
    world.note(*left("v1", "13800138000", "greening", MOMENT - 7_200, 21.0))
    world.note(*left("v2", "13900139000", "water", MOMENT - 3_600, 48.0), *left("v3", "", "general", MOMENT - 900, 7.0))
    world.note(Record(MOMENT - 300, Kind.MESSAGE_TAKEN, "v1", "greening", "1001", actor=wang))
    world.note(Record(MOMENT - 60, Kind.MESSAGE_TAKEN, "v2", "water", actor=li))
    await here.enter(page.context)
    await page.goto("/messages")
    await page.locator("[data-message]").nth(2).wait_for()


async def _audit(page: Page, here: Stage) -> None:
    world = here.world
    await world.person("admin", R.ADMINISTRATOR)
    done = (
        ("sign-in-refused", "/session", "name=zhou", 401),
        ("signed-in", "/session", "", 201),
        ("callers-listed", "/queues/gas/callers", "", 200),
        ("call-read", "/calls/c17", "", 200),
        ("agent-state", "/agents/1006/state", "", 200),
        ("user-changed", "/users/li", "roles=agent,supervisor agent=1002", 403),
        ("call-moved", "/calls/c18/move", "front", 200),
        ("restart", "/restart", "", 503),
    )
    world.audited.entries = [
        Entry(MOMENT - 3_600 + 400 * index, f"user:{SUPERVISOR}", what, target, detail, "10.1.0.23", status)
        for index, (what, target, detail, status) in enumerate(done)
    ]
    await here.enter(page.context, "admin")
    await page.goto("/audit")
    await page.locator("tbody tr").first.wait_for()


async def _health(page: Page, here: Stage) -> None:
    world = here.world
    await world.person("zhou", R.OPERATIONS)
    world.notes["voice"] = lambda: (
        "3 texts are spoken by the draft voice espeak-ng, and callers will not understand them: no answer within 60 s. "
        "When that is mended: ./wutong reload"
    )
    world.note(*waiting_call("c1", MOMENT - 40), *waiting_call("c2", MOMENT - 12))
    world.queues.crew = {name: {(AgentState.READY, PhoneState.FREE): 2} for name in world.queues.known}
    running_since(world, MOMENT - 93_784)
    await here.enter(page.context, "zhou")
    await page.goto("/health")
    await page.locator("section[aria-labelledby=examination] button").click()
    await page.locator("section[aria-labelledby=examination] table").wait_for()


async def _selftest(page: Page, here: Stage) -> None:
    world = here.world
    await world.person("zhou", R.OPERATIONS)
    said, heard = "停水请按1，水质请按2", "您好，这里是城建服务热线"
    found = [
        Difference("12319", ("2",), What.MISHEARD, said, heard),
        Difference("12319", ("3", "1"), What.NOT_ANSWERED, "sub_hotlines:gas"),
        Difference("12319", ("8", "silence"), What.ELSEWHERE, "queues:general", "goodbye:"),
    ]
    made = Outcome(MOMENT - 3_600, "system", 64, MOMENT - 1_800, 64, tuple(found), 0, ("bureau",), True, 0.4)
    world.note(Record(MOMENT - 1_800, Kind.SELFTEST_ENDED, data=as_data(made)))
    await here.enter(page.context, "zhou")
    await page.goto("/selftest")
    await page.locator("[data-difference]").nth(2).wait_for()


async def _restart(page: Page, here: Stage) -> None:
    await _health(page, here)
    await page.locator("section[aria-labelledby=maintenance] button").last.click()
    await page.locator("dialog[open]").wait_for()


async def _hotline(page: Page, here: Stage) -> None:
    await here.world.person("admin", R.ADMINISTRATOR)
    here.world.examination.problems.extend(PROBLEMS)
    await here.enter(page.context, "admin")
    await page.goto("/hotline")
    await page.locator("[data-problem]").first.wait_for()


DEEP_MENU = "this menu is on level 4; callers follow 3"
PROBLEMS = [
    Problem(
        Level.ERROR,
        "dangling-destination",
        "hotline.yaml",
        41,
        18,
        "there is no queue grening",
        "did you mean greening?",
    ),
    Problem(Level.WARNING, "deep-menu", "hotline.yaml", 73, 3, DEEP_MENU, "bring it nearer to the entry"),
]


async def _agents(page: Page, here: Stage) -> None:
    views = here.world.agents.views
    views["1004"] = replace(views["1004"], edited=Abilities({"roads": 5, "lighting": 2, "general": 2}, ("zh",)))
    await here.enter(page.context)
    await page.goto("/agents")
    await page.locator("[data-agent='1004']").wait_for()


async def _skills_page(page: Page, here: Stage) -> None:
    await _agents(page, here)
    await page.locator("[data-agent='1004'] button").click()
    await page.locator("dialog[open]").wait_for()


PENDING = 3
"""The prompt of which somebody has kept a recording that is not in use yet."""


def _of_all_voices(world: World) -> None:
    """Prompts of every kind."""
    known = (
        ("zh", "您好，这里是12319城市服务热线。", "recording", 3.4, "greeting"),
        ("zh", "绿化请按1，供水请按2，燃气请按3，人工服务请按0。", "voice", 6.8, "menus.main.say"),
        ("zh", "台风期间，路灯报修请直接留言。", "draft", 4.2, "menus.lighting.say"),
        ("en", "For greening, press 1. For water, press 2. For a person, press 0.", "voice", 6.1, "menus.main.say"),
        ("zh", "坐席全忙，请您稍候。", "voice", 2.9, "queues.gas.announce.messages.0"),
        ("zh", "感谢您的来电，再见。", "voice", 2.2, "goodbye"),
    )
    world.prompts = Listed(
        [
            PromptOut(
                id=f"{index:08x}",
                key=f"{index:016x}",
                language=language,
                text=text,
                speaker=speaker,
                seconds=seconds,
                where=[where],
                recording=f"{index:032x}" if speaker == "recording" or index == PENDING else None,
                pending=index == PENDING,
            )
            for index, (language, text, speaker, seconds, where) in enumerate(known)
        ]
    )


class Listed(Prompts):
    """A list without sounds: a picture shows prompts of all voices at once, and only one of them is installed."""

    def __init__(self, known: list[PromptOut]) -> None:
        self._known = known

    async def prompts(self) -> list[PromptOut]:
        return self._known


async def _prompts(page: Page, here: Stage, name: str = SUPERVISOR) -> None:
    await here.enter(page.context, name)
    await page.goto("/prompts")
    await page.locator("[data-prompt]").first.wait_for()


async def _prompts_record(page: Page, here: Stage) -> None:
    """The level of the microphone stands still, as time does."""
    await here.world.person("admin", Role.ADMINISTRATOR)
    await page.context.grant_permissions(["microphone"])
    await page.add_init_script("AnalyserNode.prototype.getFloatTimeDomainData = (samples) => samples.fill(0.05)")
    await _prompts(page, here, "admin")
    await page.locator("[data-prompt] td:last-child button").first.click()
    await page.locator("dialog [data-stage] button").first.click()
    await page.locator("dialog meter").wait_for()
    await page.locator("dialog meter:not([value='0'])").wait_for()


async def _person(page: Page, here: Stage) -> None:
    await _people(page, here)
    await page.locator(f"[data-person={SUPERVISOR}] button").first.click()
    await page.locator("dialog[open]").wait_for()


SHOTS = (
    Shot("sign-in", DESK, _sign_in),
    Shot("wall", DESK, _wall),
    Shot("wall-state", DESK, _state),
    Shot("wall-callers", DESK, _callers),
    Shot("wall-move", DESK, _move),
    Shot("wall-skills", DESK, _skills),
    Shot("wall-lost", DESK, _lost),
    Shot("wall-help", DESK, _help),
    Shot("wall-big", SCREEN, _big),
    Shot("desk", DESK, _desk_ready),
    Shot("desk-offer", DESK, _desk_offer),
    Shot("desk-call", DESK, _desk_call),
    Shot("desk-wrap-up", DESK, _desk_wrap_up),
    Shot("desk-missed", DESK, _desk_missed),
    Shot("desk-silent", DESK, _desk_silent),
    Shot("desk-sound", DESK, _desk_sound),
    Shot("account", DESK, _account),
    Shot("agents", DESK, _agents),
    Shot("agents-skills", DESK, _skills_page),
    Shot("audit", DESK, _audit),
    Shot("calls", DESK, _calls),
    Shot("calls-story", DESK, _story),
    Shot("missed", DESK, _missed),
    Shot("callbacks", DESK, _callbacks),
    Shot("surveys", DESK, _surveys),
    Shot("reports", DESK, _reports),
    Shot("reports-today", DESK, _reports_today),
    Shot("reports-menus", DESK, _reports_menus),
    Shot("day", DESK, _day),
    Shot("messages", DESK, _messages),
    Shot("health", DESK, _health),
    Shot("health-restart", DESK, _restart),
    Shot("selftest", DESK, _selftest),
    Shot("hotline", DESK, _hotline),
    *TREE,
    Shot("prompts", DESK, _prompts, _of_all_voices),
    Shot("prompts-record", DESK, _prompts_record, _of_all_voices),
    Shot("people", DESK, _people),
    Shot("people-rights", DESK, _person),
)
