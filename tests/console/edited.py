"""The menu tree's page before the real tasks: the sample is in use as version 1, an administrator edits it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Page

from base.folders import SAMPLE_HOTLINE
from base.role import Role
from hotline.loader import load
from journal import database, store
from lab.paths import journal
from settings.settings import Settings
from tests.console.drafting import SAMPLE, InProcess, version
from tests.console.stage import Stage, late_morning, somebody, stage
from tests.unit.service.fakes import FakeVersions

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
async def drafting(state: Path, callers: int = 0) -> AsyncIterator[Stage]:
    """`state`: an empty folder. `callers`: so many called in the last seven days."""
    settings = Settings(state=state, hotline=SAMPLE_HOTLINE)
    settings.folder.make()
    world = late_morning()
    world.versions = FakeVersions(kept={1: SAMPLE}, versions=[version(1, world.now - 86_400, "system", "")])
    if callers:
        await _call(settings, callers, world.now)
    world.drafts = InProcess(settings, world.versions, journal=True)
    await somebody(world, EDITOR, Role.ADMINISTRATOR)
    async with stage(world) as here:
        yield here


async def _call(settings: Settings, callers: int, now: float) -> None:
    hotline = load(SAMPLE_HOTLINE).hotline
    assert hotline is not None
    engine = database.open(settings.database)
    await database.migrate(engine)
    async with engine.begin() as connection:
        await store.append(connection, 1, list(journal(hotline, callers, 1, now + 3_600)))
    await engine.dispose()


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
