"""One Chromium for all tests of this folder that a process runs; each test has a fresh profile."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser

from lab.stalls import Stalls, stalls
from tests.console.browser import WHOLE, chromium


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with chromium("--use-fake-device-for-media-stream") as made:
        yield made


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def whole() -> AsyncIterator[Browser]:
    """For what SHELL lacks: it cannot keep a page from the microphone, and rounds the widths of letters."""
    async with chromium("--use-fake-device-for-media-stream", program=WHOLE) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="session")
async def stalled() -> AsyncIterator[Stalls]:
    """How long the test, with the HTTP server in it, stood still since it began."""
    async with stalls() as watched:
        yield watched
