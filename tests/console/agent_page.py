"""An agent at the desk: a browser whose microphone says one tone, and which can tell what it hears."""

import math
import wave
from array import array
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from lab.browser import Browser, Page, running
from tests.integration.world import World

VOICE = 1_000
"""Hertz, of the microphone."""

PASSWORD = "a long enough one"

PREPARED = """
const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = () =>
  open({audio: {echoCancellation: false, noiseSuppression: false, autoGainControl: false}});
window.connections = [];
const Plain = RTCPeerConnection;
window.RTCPeerConnection = class extends Plain {
  constructor(...given) { super(...given); window.connections.push(this); }
};
/** The loudest pitch of what comes in, in hertz; 0: silence. */
window.pitch = async () => {
  const track = window.connections.at(-1)?.getReceivers()[0]?.track;
  if (!track) return 0;
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, {fftSize: 8192, smoothingTimeConstant: 0});
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  await new Promise((done) => setTimeout(done, 400));
  const levels = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(levels);
  const loudest = levels.indexOf(Math.max(...levels));
  const found = levels[loudest] > -60 ? loudest * context.sampleRate / analyser.fftSize : 0;
  await context.close();
  return found;
};
/** Packets of audio: [received, sent]. */
window.packets = async () => {
  const counts = [0, 0];
  for (const each of (await window.connections.at(-1).getStats()).values()) {
    if (each.type === 'inbound-rtp') counts[0] += each.packetsReceived;
    if (each.type === 'outbound-rtp') counts[1] += each.packetsSent;
  }
  return counts;
};
"""
"""Noise suppression would take the tone for noise. The rest lets the test hear what the agent hears."""


def voice(folder: Path, hertz: int = VOICE) -> Path:
    """Ten seconds of a tone, without a click when they are repeated."""
    file = folder / f"{hertz}.wav"
    samples = array("h", (round(12_000 * math.sin(2 * math.pi * hertz * at / 48_000)) for at in range(480_000)))
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(48_000)
        sound.writeframes(samples.tobytes())
    return file


@asynccontextmanager
async def browser(folder: Path) -> AsyncIterator[Browser]:
    async with running(voice=voice(folder)) as made:
        yield made


async def person(hotline: World, agent: str) -> None:
    """Somebody who may sign in under the agent's id."""
    made = await hotline.http.post(
        "/api/v1/users", json={"name": f"agent-{agent}", "roles": ["agent"], "agent": agent, "password": PASSWORD}
    )
    assert made.status_code == 201, made.text


async def desk(browser: Browser, hotline: World, agent: str) -> Page:
    """The agent's desk, signed in, without a telephone yet."""
    page = await browser.page(f"http://127.0.0.1:{hotline.settings.ports.http}/desk", first=PREPARED)
    await page.fill("[name=name]", f"agent-{agent}")
    await page.fill("[name=password]", PASSWORD)
    await page.run("document.querySelector('[type=submit]').click()")
    await page.see("document.querySelector('[data-state]') !== null", "the desk")
    return page


async def choose_phone(page: Page, which: str) -> None:
    await page.run(
        "{const select = [...document.querySelectorAll('select')].find((each) => each.querySelector('[value=sip]'));"
        f"select.value = '{which}'; select.dispatchEvent(new Event('change', {{bubbles: true}}));}}"
    )


async def at_work(browser: Browser, hotline: World, agent: str) -> Page:
    """An agent who is ready, with the browser as telephone."""
    await person(hotline, agent)
    page = await desk(browser, hotline, agent)
    await choose_phone(page, "browser")
    await page.see("document.querySelector('[data-link=registered]') !== null", "the phone registered")
    await hotline.see_agent(agent, phone="free")
    await page.press("r")
    await hotline.see_agent(agent, state="ready")
    return page


async def hears(page: Page, hertz: int) -> None:
    """Wait until the agent hears that tone."""
    await page.see(f"window.pitch().then((found) => Math.abs(found - {hertz}) < 15)", f"{hertz} Hz at the agent's ear")
