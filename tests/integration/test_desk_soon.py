"""How soon a caller's key rings at the desk, and how soon agent and caller hear each other after A.

The service, Asterisk, the caller's phone and the browser are on one machine and have one clock.
`tests/integration/cycles.py` says how this is measured.
"""

import asyncio
import time
from pathlib import Path

from lab.patience import patience
from lab.phone import Call, audio
from tests.console.agent_page import VOICE, at_work, hears, speaking
from tests.integration.cycles import Cycles
from tests.integration.world import World

CALLER = 440
"""Hertz."""

STEADY = 3
"""Packets in a row (20 ms each) that are the agent's voice: music may have its tone in one."""

RINGS = """() => { window.shown = new Promise((done) => {
  const at = {};
  const look = () => {
    const has = (what, words) => [...document.querySelectorAll(what)].some((one) => one.textContent.includes(words));
    if (has('main button', '接听')) at.rings ??= Date.now() / 1000;
    if (has('main h2', '绿化')) at.queue ??= Date.now() / 1000;
    if (at.rings && at.queue) done(at); else requestAnimationFrame(look);
  };
  look();
}); }"""
"""In the page, from now on: in which frames the way to answer, and the name of the queue, were drawn first."""

HEARS = """() => { window.heard = new Promise((done) => {
  const before = window.connections.length, context = new AudioContext();
  const analyser = new AnalyserNode(context, {fftSize: 256});
  const samples = new Float32Array(analyser.fftSize);
  let pressed, source;
  addEventListener('keydown', ({timeStamp}) => {
    pressed = (Date.now() - performance.now() + timeStamp) / 1000;
  }, {capture: true, once: true});
  const look = async () => {
    const track = window.connections.length > before && window.connections.at(-1).getReceivers()[0]?.track;
    if (track) source ??= context.createMediaStreamSource(new MediaStream([track]));
    source?.connect(analyser);
    analyser.getFloatTimeDomainData(samples);
    if (!samples.some((sample) => Math.abs(sample) > 0.02)) return void setTimeout(look, 5);
    const at = Date.now() / 1000;
    await context.close();
    done({pressed, heard: at});
  };
  void look();
}); }"""
"""In the page, from now on: when a key was pressed, and when sound came in by the next connection."""


class AgentHeard:
    """When the caller has heard the agent first."""

    def __init__(self, call: Call) -> None:
        self._began: list[float] = []
        self._found = asyncio.Event()
        call.media.ear.watch = self._hear

    async def at(self) -> float:
        async with patience("the agent's voice at the caller's ear"):
            await self._found.wait()
        return self._began[0]

    def _hear(self, frame: bytes) -> None:
        if self._found.is_set():
            return
        voice = audio.loudness(frame) >= audio.QUIET and audio.share(audio.decode(frame), VOICE) > 0.8
        self._began = [*self._began, time.time()] if voice else []
        if len(self._began) == STEADY:
            self._found.set()


async def test_how_soon_a_key_rings_at_the_desk_and_both_hear_each_other(hotline: World, tmp_path: Path) -> None:
    citizen = await hotline.citizen()
    rings, told = Cycles("a key until the desk rings"), Cycles("a key until the desk names the queue")
    talks = Cycles("A until both hear each other")
    async with speaking(tmp_path) as chromium, at_work(chromium, hotline, "1001") as page:
        for _ in zip(rings, told, talks, strict=True):
            call = await citizen.dial("12319")
            await call.hears_speech()
            call.send_tone(CALLER)
            await page.evaluate(RINGS)
            pressed = time.time()
            await call.press("1")
            shown = await page.evaluate("shown")

            agent = AgentHeard(call)
            await page.evaluate(HEARS)
            await page.keyboard.press("a")
            heard = await page.evaluate("heard")
            both = max(heard["heard"], await agent.at())
            await hears(page, CALLER)

            rings.note(shown["rings"] - pressed)
            told.note(shown["queue"] - pressed)
            talks.note(both - heard["pressed"])
            await call.hang_up()
            await hotline.see_agent("1001", phone="free")
            await page.keyboard.press("r")
            await hotline.see_agent("1001", state="ready")
