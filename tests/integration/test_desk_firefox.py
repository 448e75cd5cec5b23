"""Firefox as an agent's phone: real Asterisk, a real caller, Debian's browser."""

from pathlib import Path

from lab.patience import until
from tests.console.agent_page import PREPARED, VOICE, person
from tests.console.firefox import firefox
from tests.integration.conversations import queued
from tests.integration.world import World
from tests.unit.service.world import PASSWORD

CHOOSES = """
const phone = document.querySelector("option[value='browser']").parentElement;
phone.value = 'browser';
phone.dispatchEvent(new Event('change', {bubbles: true}));
"""

LEVEL = """
return (async () => {
const told = [...(await window.connections.at(-1).getStats()).values()];
return told.find((one) => one.type === 'inbound-rtp')?.audioLevel ?? -1;
})();
"""
"""How loud is what Firefox has decoded, 0 to 1; -1: nothing came yet. Without a sound card its AudioContext stands
still, so no pitch can be measured.
"""


async def test_a_call_is_answered_in_firefox_and_both_hear_each_other(hotline: World, tmp_path: Path) -> None:
    await person(hotline, "1001")
    base = f"http://127.0.0.1:{hotline.settings.ports.http}"
    async with firefox(tmp_path) as browser:
        await browser.go(f"{base}/desk")
        await browser.shows("Sign in")
        await browser.run(PREPARED)
        await browser.type("input[name=name]", "agent-1001")
        await browser.type("input[name=password]", f"{PASSWORD}\ue007")  # Enter
        await browser.shows("Telephone")
        await browser.run(CHOOSES)
        await hotline.see_agent("1001", phone="free")
        await browser.type("body", "r")
        await hotline.see_agent("1001", state="ready")
        call = await queued(hotline, "1")
        await browser.shows("13800138000")
        await browser.type("body", "a")
        await hotline.see_agent("1001", state="on-call")
        await call.hears(VOICE)
        await until("silence in Firefox", lambda: browser.run(LEVEL), lambda level: 0 <= level < 0.01)
        call.send_tone(440)
        await until("the caller in Firefox", lambda: browser.run(LEVEL), lambda level: level > 0.1)
        await until("a second of audio", lambda: browser.run("return packets()"), lambda counts: min(counts) > 50)
        await browser.type("body", "m")
        await call.hears_silence()
        await browser.type("body", "m")
        await call.hears(VOICE)
        await call.hang_up()
        await hotline.see_agent("1001", state="ready")
        assert await browser.errors(base) == []
