"""The menu tree's page before the real tasks: the sample is in use as version 1, an administrator edits it."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Page

from accounts.model import Role
from hotline.files import FILES
from hotline.loader import load
from hotline.versions import Origin, Version, content
from journal import store
from journal.actor import SYSTEM
from lab.paths import journal
from service.app.drafts import Workshop
from service.cli.draft_worker import answer
from service.cli.drafting import Drafts
from service.setup.places import SAMPLE_HOTLINE
from service.setup.settings import Settings
from service.storage import database
from tests.console.stage import Stage, late_morning, somebody, stage
from tests.unit.service.fakes import FakeVersions

SAMPLE = {name: (SAMPLE_HOTLINE / name).read_text(encoding="utf-8") for name in FILES}

EDITOR = "li"
"""An administrator."""


def edited(*changes: tuple[str, str]) -> dict[str, str]:
    """The sample's files with words of hotline.yaml replaced."""
    text = SAMPLE["hotline.yaml"]
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return SAMPLE | {"hotline.yaml": text}


class _InPlace(Workshop):
    """Works in a thread of the test. `tests/unit/service/app/test_drafts` has the program of its own."""

    async def _said(self, line: bytes) -> Mapping[str, Any]:
        return await asyncio.to_thread(answer, Drafts(self._settings), line)


@asynccontextmanager
async def drafting(state: Path, callers: int = 0) -> AsyncIterator[Stage]:
    """`state`: an empty folder. `callers`: so many called in the last seven days."""
    settings = Settings(state=state, hotline=SAMPLE_HOTLINE)
    settings.folder.make()
    world = late_morning()
    first = Version(1, world.now - 86_400, SYSTEM, "", "6f1c2a90b7d3", Origin.FOLDER, "/h", content(SAMPLE))
    world.versions = FakeVersions(kept={1: SAMPLE}, versions=[first])
    if callers:
        await _call(settings, callers, world.now)
    world.drafts = _InPlace(settings, lambda: SAMPLE_HOTLINE, world.versions)
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
