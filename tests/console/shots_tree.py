"""The pictures of the menu tree's page, and of the emergency message, which is switched there, too."""

import json
import re

from playwright.async_api import Page, expect

from base.role import Role
from emergency.model import Emergency, Spoken, When
from tests.console.drafting import SAMPLE, with_tree
from tests.console.edited import edited
from tests.console.shot import DESK, MOMENT, Shot
from tests.console.stage import Stage
from tests.console.theatre import World

CHECKED = re.compile("^(检查通过|Checked:|错误|Errors:)")
"""What stands below the editor once the draft was checked."""


async def _tree(page: Page, here: Stage) -> None:
    await here.world.person("admin", Role.ADMINISTRATOR)
    await here.enter(page.context, "admin")
    await page.goto("/tree")
    await page.locator("[data-editor='hotline.yaml'] .cm-line").first.wait_for()
    await page.locator("g.node[data-place='menus/utilities']").focus()
    await page.keyboard.press("Enter")
    await page.locator("[data-chosen='menus/utilities']").wait_for()
    await expect(page.locator("[data-busy] [role=status]")).to_have_text(CHECKED)


async def _tree_slip(page: Page, here: Stage) -> None:
    """A queue that does not exist, found by `check`, and the names that do."""
    slip = SAMPLE | {"hotline.yaml": SAMPLE["hotline.yaml"].replace("{queue: drainage}", "{queue: drainge}", 1)}
    await _draft(page, here, slip)
    await page.locator("[data-problem]").first.wait_for()
    await page.locator("[data-problem] button").first.click()
    await page.keyboard.press("Control+Space")
    await page.locator(".cm-tooltip-autocomplete").wait_for()


async def _tree_list(page: Page, here: Stage) -> None:
    await _tree(page, here)
    await page.locator("[data-tab=list]").click()
    await page.locator("[data-item='queues/gas']").click()


async def _draft(page: Page, here: Stage, files: dict[str, str]) -> None:
    """The page with that draft."""
    draft = json.dumps({"files": files, "version": 3, "etag": f'"{here.world.versions.history()[-1].tag}"'})
    await page.add_init_script(f"localStorage.setItem('wutong.tree.draft.admin', {json.dumps(draft)})")
    await _tree(page, here)


async def _pane(page: Page, here: Stage, name: str) -> None:
    """One of the tabs beside the picture, with a draft in which callers about trees come to a person."""
    await _draft(page, here, edited(('"1": {queue: greening}', '"1": {queue: general}')))
    await page.locator(f"[data-tab={name}]").click()


async def _tree_walk(page: Page, here: Stage) -> None:
    await _pane(page, here, "walk")
    await page.locator("input[type=datetime-local]").fill("2026-03-03T10:30")
    await page.get_by_role("checkbox").uncheck()
    await page.locator("form button[data-primary]").click()
    await page.locator("[data-key='1']").click()
    await expect(page.locator("[data-key='1']")).to_be_enabled()


async def _tree_try(page: Page, here: Stage) -> None:
    await _pane(page, here, "try")
    await page.locator("[data-passed=false]").first.wait_for()


async def _tree_compare(page: Page, here: Stage) -> None:
    await _pane(page, here, "compare")
    await page.locator("[data-change]").first.wait_for()


async def _tree_publish(page: Page, here: Stage) -> None:
    await _pane(page, here, "publish")
    await page.locator("[data-change]").first.wait_for()


async def _tree_versions(page: Page, here: Stage) -> None:
    await _pane(page, here, "versions")
    await page.locator("tr[data-version='3']").wait_for()


def _in_a_tree(world: World) -> None:
    with_tree(world)


async def _emergency(page: Page, here: Stage) -> None:
    await here.enter(page.context)
    await page.goto("/emergency")
    await page.get_by_role("switch").wait_for()


async def _emergency_asked(page: Page, here: Stage) -> None:
    await _emergency(page, here)
    await page.get_by_role("switch").click()
    await page.locator("dialog[open] textarea, dialog[open] input").first.fill(WARNING["zh"])


WARNING = {
    "zh": "虹口区四川北路发生燃气泄漏，请勿前往。",
    "en": "There is a gas leak in North Sichuan Road. Please stay away.",
}


def _warning(world: World) -> None:
    """An emergency message is on."""
    spoken = tuple(Spoken(language=name, words=words, clip="0" * 32, seconds=6.2) for name, words in WARNING.items())
    made = Emergency(
        id="1", mode=When.BEFORE, spoken=spoken, begun=MOMENT - 600, until=MOMENT + 7_200, actor="user:wang"
    )
    world.announces(made)


TREE = (
    Shot("tree", DESK, _tree, _in_a_tree),
    Shot("tree-slip", DESK, _tree_slip, _in_a_tree),
    Shot("tree-list", DESK, _tree_list, _in_a_tree),
    Shot("tree-walk", DESK, _tree_walk, _in_a_tree),
    Shot("tree-try", DESK, _tree_try, _in_a_tree),
    Shot("tree-compare", DESK, _tree_compare, _in_a_tree),
    Shot("tree-publish", DESK, _tree_publish, _in_a_tree),
    Shot("tree-versions", DESK, _tree_versions, _in_a_tree),
    Shot("emergency", DESK, _emergency),
    Shot("emergency-asked", DESK, _emergency_asked),
    Shot("emergency-on", DESK, _emergency, _warning),
)
