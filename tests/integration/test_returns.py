"""The desk keeps the conversation: a page that is loaded anew in a talk, that dies, and that gets another network.

`tests/integration/cycles.py` says how it is measured.
"""

from pathlib import Path

import pytest

from tests.console.agent_page import at_work, in_talk, registered, speaking
from tests.integration.conversations import hear_each_other
from tests.integration.cycles import Cycles
from tests.integration.returns import apart, dead, loaded_anew, network
from tests.integration.world import World, kinds, record


async def test_a_talk_outlives_the_network_the_page_and_the_browser(hotline: World, tmp_path: Path) -> None:
    async with (
        network(hotline) as way,
        speaking(tmp_path) as chromium,
        at_work(chromium, hotline, "1001", bypass_csp=True) as page,  # the way is over another port
    ):
        await way.carries(page)
        await page.reload()
        await registered(page)
        call = await in_talk(page, hotline)
        done = 0
        for what, goes in (
            ("the page is loaded anew", loaded_anew),
            ("the network is another one", way.changes),
            ("the page is dead", dead),
        ):
            cycles = Cycles(what)
            for _ in cycles:
                before = await page.evaluate("window.connections.length") if goes == way.changes else 0
                page, seconds = await apart(call, page, goes, before)
                cycles.note(seconds)
            done += cycles.done
        await call.hang_up()
        story = await hotline.ended()
        assert [(talk["with"], talk["ended_by"]) for talk in story["talks"]] == [({"agent": "1001"}, "caller")]
        assert kinds(story).count("talk-interrupted") == kinds(story).count("talk-resumed") == done


@pytest.mark.parametrize("change", [("entry: main", "entry: main\nagent_back: 4s")])
async def test_a_caller_whose_agent_does_not_come_back_is_told_and_goes_to_the_front(
    hotline: World, tmp_path: Path
) -> None:
    async with speaking(tmp_path) as chromium, at_work(chromium, hotline, "1001") as page:
        call = await in_talk(page, hotline)
        await page.goto("about:blank")
        await call.hears_recording(hotline.clip("talk-broken"))
        await hotline.see_agent("1001", state="on-call")
        await hotline.see_queue("greening", waiting=1)
        other = await hotline.agent("1002")
        offer = await other.incoming()
        await offer.answer()
        await hear_each_other(call, offer)
        story = await hotline.story((await hotline.get("calls"))[0]["id"])
        assert record(story, "talk-ended")["cause"] == "agent-phone-gone"
        assert record(story, "routed")["front"]
