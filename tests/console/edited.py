"""The menu tree's page before the real tasks: the sample is in use as version 1, an administrator edits it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Page

from base.role import Role
from lab.paths import journal
from tests.console.drafting import SAMPLE, in_use
from tests.console.stage import Stage, late_morning, somebody, stage

EDITOR = "li"
"""An administrator."""


def edited(*changes: tuple[str, str]) -> dict[str, str]:
    """The sample's files with words of hotline.yaml replaced."""
    text = SAMPLE["hotline.yaml"]
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return SAMPLE | {"hotline.yaml": text}


@asynccontextmanager
async def drafting(callers: int = 0) -> AsyncIterator[Stage]:
    """`callers`: so many called in the last seven days."""
    world = late_morning()
    in_use(world)
    if callers:
        world.archive.keep(list(journal(world.desk.editions.in_use.hotline, callers, 1, world.now + 3_600)))
    await somebody(world, EDITOR, Role.ADMINISTRATOR)
    async with stage(world) as here:
        yield here


async def open_draft(page: Page, here: Stage, files: dict[str, str] | None, pane: str) -> None:
    """The page with a pane, before that draft; None: nothing is edited."""
    await here.enter(page.context, EDITOR)
    if files is not None:
        version = here.world.versions.version
        assert version is not None
        kept = json.dumps({"files": files, "version": version.number, "etag": f'"{version.tag}"'})
        await page.goto("/account")  # a page of the same origin, to put the draft where the browser keeps it
        await page.evaluate("([name, text]) => localStorage.setItem(name, text)", [f"wutong.tree.draft.{EDITOR}", kept])
    await page.goto("/tree")
    await page.get_by_role("tab", name=pane).click()
