"""One Chromium for all tests of this folder that a process runs; each test has a fresh profile."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser

from tests.console.browser import chromium


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with chromium("--use-fake-device-for-media-stream") as made:
        yield made
