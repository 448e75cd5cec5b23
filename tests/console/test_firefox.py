"""The pages in Firefox: signing in, the wall, the desk. `tests/integration/test_desk_firefox` has a call in it.
All else is tested in Chromium.
"""

from pathlib import Path

from base.role import Role
from tests.console.firefox import firefox
from tests.console.stage import SUPERVISOR, late_morning, stage
from tests.unit.service.world import PASSWORD


async def test_firefox_signs_in_and_shows_desk_and_wall_without_an_error(tmp_path: Path) -> None:
    world = late_morning()
    await world.person(SUPERVISOR, Role.SUPERVISOR, Role.AGENT, agent="1002")
    async with stage(world) as here, firefox(tmp_path) as browser:
        await browser.go(here.base)
        await browser.shows("Sign in")
        await browser.type("input[name=name]", SUPERVISOR)
        await browser.type("input[name=password]", f"{PASSWORD}\ue007")  # Enter
        await browser.shows("Leave the queues")
        assert await browser.run("return document.title") == "Desk · Wutong"
        await browser.go(f"{here.base}/wall")
        await browser.shows("Greening")
        assert await browser.errors(here.base) == []
