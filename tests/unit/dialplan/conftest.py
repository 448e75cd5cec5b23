"""What tests of the link and of AGI begin with."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from lab.patience import PATIENCE
from tests.unit.asterisk.manager import Manager


@pytest.fixture
async def bounded() -> AsyncIterator[None]:
    """The test may not hang."""
    async with asyncio.timeout(PATIENCE):
        yield


@pytest.fixture
async def manager() -> AsyncIterator[Manager]:
    async with Manager() as manager:
        yield manager
