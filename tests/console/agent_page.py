"""An agent at the desk: a browser whose microphone says one tone, and which can tell what it hears."""

import math
import re
import wave
from array import array
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page

from lab.patience import until
from lab.phone import Call
from tests.console.browser import CHINESE, ENGLISH, SOUNDS, chromium, page_of, sign_in
from tests.integration.conversations import queued
from tests.integration.world import World
from tests.unit.service.world import PASSWORD

VOICE = 1_000
"""Hertz, of the microphone."""

TELEPHONE = {CHINESE: "话机", ENGLISH: "Telephone"}

WITH_SOUND = (
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--allow-loopback-in-peer-connection",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
)

PREPARED = """
const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async () => {
  const raw = {echoCancellation: false, noiseSuppression: false, autoGainControl: false};
  window.microphone = await open({audio: raw});
  return window.microphone;
};
/** As a headset's own switch does: the track says so, and gives silence. */
window.sleep = (asleep) => window.microphone.getAudioTracks()[0].dispatchEvent(new Event(asleep ? 'mute' : 'unmute'));
window.connections = [];
const Plain = RTCPeerConnection;
window.RTCPeerConnection = class extends Plain {
  constructor(...given) { super(...given); window.connections.push(this); }
};
const element = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'srcObject');
/** What is played to the agent: the stream that an element got last. */
Object.defineProperty(HTMLMediaElement.prototype, 'srcObject', {...element, set(stream) {
  window.ear = stream;
  element.set.call(this, stream);
}});
/** What comes in by the newest connection, or is played, by frequency: [decibels, hertz from one to the next]. */
window.spectrum = async (stream) => {
  const track = stream ? stream.getAudioTracks()[0] : window.connections.at(-1)?.getReceivers()[0]?.track;
  if (!track) return [[-Infinity], 0];
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, {fftSize: 8192, smoothingTimeConstant: 0});
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  await new Promise((done) => setTimeout(done, 300));
  const levels = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(levels);
  await context.close();
  return [levels, context.sampleRate / analyser.fftSize];
};
/** The loudest pitch of it, in hertz; 0: silence. */
window.pitch = async (stream) => {
  const [levels, step] = await spectrum(stream);
  const loudest = levels.indexOf(Math.max(...levels));
  return levels[loudest] > -60 ? loudest * step : 0;
};
/** Whether this pitch is in it, beside others. */
window.sounds = async (hertz) => {
  const [levels, step] = await spectrum();
  const bin = Math.round(hertz / step);
  return Math.max(...levels.slice(bin - 2, bin + 3)) > -60;
};
/** Packets of audio: [received, sent]. */
window.packets = async () => {
  const counts = [0, 0];
  for (const each of (await window.connections.at(-1)?.getStats())?.values() ?? []) {
    if (each.type === 'inbound-rtp') counts[0] += each.packetsReceived;
    if (each.type === 'outbound-rtp') counts[1] += each.packetsSent;
  }
  return counts;
};
"""
"""Noise suppression would take the tone for noise. The rest lets the test hear what the agent hears."""


def voice(folder: Path) -> Path:
    """Ten seconds of a tone, without a click when they are repeated."""
    file = folder / "voice.wav"
    period = 48_000 // VOICE
    samples = array("h", (round(12_000 * math.sin(2 * math.pi * at / period)) for at in range(period)))
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(48_000)
        sound.writeframes(samples.tobytes() * (480_000 // period))
    return file


@asynccontextmanager
async def speaking(folder: Path) -> AsyncIterator[Browser]:
    async with chromium(*WITH_SOUND, f"--use-file-for-fake-audio-capture={voice(folder)}") as made:
        yield made


async def person(hotline: World, agent: str) -> None:
    """Somebody who may sign in under the agent's id."""
    made = await hotline.http.post(
        "/api/v1/users", json={"name": f"agent-{agent}", "roles": ["agent"], "agent": agent, "password": PASSWORD}
    )
    assert made.status_code == 201, made.text


@asynccontextmanager
async def at_work(
    chromium: Browser, hotline: World, agent: str, *, locale: str = CHINESE, **how: Any
) -> AsyncIterator[Page]:
    """An agent who is ready, with the browser as telephone. `how`: as for `page_of`."""
    await person(hotline, agent)
    base = f"http://127.0.0.1:{hotline.settings.ports.http}"
    async with page_of(chromium, base, locale=locale, permissions=["microphone"], **how) as (page, _):
        await page.context.add_init_script(PREPARED)
        await page.context.add_init_script(SOUNDS)
        await page.goto("/desk")
        await sign_in(page, f"agent-{agent}", PASSWORD)
        await page.get_by_label(TELEPHONE[locale]).get_by_role("combobox").select_option("browser")
        await registered(page)
        await hotline.see_agent(agent, phone="free")
        await page.keyboard.press("r")
        await hotline.see_agent(agent, state="ready")
        yield page


async def registered(page: Page) -> None:
    await page.locator("[data-link=registered]").wait_for()


async def in_talk(page: Page, hotline: World, number: str = "13800138000") -> Call:
    """A caller whom the agent has answered; both hear each other, the agent 440 Hz."""
    call = await queued(hotline, "1", number)
    await page.get_by_text(number).wait_for()
    await page.get_by_role("button", name=re.compile("接听|Answer")).wait_for()  # the queue is seen before the ring
    await page.keyboard.press("a")
    call.send_tone(440)
    await call.hears(VOICE)
    await hears(page, 440)
    return call


async def hears(page: Page, hertz: int) -> None:
    """Wait until that tone comes in by the newest connection."""
    await until(f"{hertz} Hz at the agent's ear", lambda: page.evaluate("pitch()"), lambda it: abs(it - hertz) < 15)


async def hears_among_others(page: Page, hertz: int) -> None:
    """Wait until that tone is one of those that come in, as in a talk of three."""
    await until(f"{hertz} Hz among what the agent hears", lambda: page.evaluate(f"sounds({hertz})"), bool)


async def plays(page: Page, hertz: int) -> None:
    """Wait until that tone is played to the agent, who may have two calls."""
    await until(f"{hertz} Hz is played", lambda: page.evaluate("pitch(ear)"), lambda it: abs(it - hertz) < 15)
