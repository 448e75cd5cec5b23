"""The link to Asterisk's manager misbehaves; calls go on, and what was missed is made up for."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.integration.conversations import in_menu
from tests.integration.world import World, world


@pytest.fixture
async def hotline(tmp_path: Path, hotline_folder: Path, sounds: Path) -> AsyncIterator[World]:
    async with world(tmp_path / "state", hotline_folder, sounds, proxied=True) as made:
        yield made


async def test_the_proxies_are_in_between(hotline: World) -> None:
    await in_menu(hotline)
    assert len(hotline.proxies.ami.connections) == 1
    assert len(hotline.proxies.agi.connections) == 1
