/** The test before the first call: what the microphone heard, and tones, at a device of choice. */

import { CHIME, chime } from "./ringing";
import { routed } from "./sound";

/** Seconds of the tone, and hertz: high enough for a small loudspeaker. */
const TONE = 1;
const PITCH = 520;

/** What the microphone hears from now on, for so long. `stop` ends it early: then there is none. */
export async function record(microphone: MediaStream, seconds: number, stop: AbortSignal): Promise<ArrayBuffer> {
  const recorder = new MediaRecorder(microphone);
  const pieces: Blob[] = [];
  recorder.ondataavailable = ({ data }) => pieces.push(data);
  const over = new Promise<void>((resolve) => {
    recorder.onstop = () => resolve();
  });
  recorder.start();
  await pause(seconds, stop);
  recorder.stop();
  await over;
  stop.throwIfAborted();
  return new Blob(pieces).arrayBuffer();
}

/** Play it there; over when it has sounded. */
export async function play(recorded: ArrayBuffer, device: string, stop: AbortSignal): Promise<void> {
  await sound(device, async (context) => {
    const source = new AudioBufferSourceNode(context, { buffer: await context.decodeAudioData(recorded) });
    source.connect(context.destination);
    source.start();
    await pause(source.buffer?.duration ?? 0, stop);
  });
}

/** A tone as loud as a voice. */
export async function tone(device: string, stop: AbortSignal): Promise<void> {
  await sound(device, async (context) => {
    const gain = new GainNode(context, { gain: 0.2 });
    const note = new OscillatorNode(context, { frequency: PITCH });
    note.connect(gain).connect(context.destination);
    note.start();
    note.stop(context.currentTime + TONE);
    await pause(TONE, stop);
  });
}

/** The ring tone, once. */
export async function ringOnce(device: string, stop: AbortSignal): Promise<void> {
  await sound(device, async (context) => {
    chime(context);
    await pause(CHIME, stop);
  });
}

async function sound(device: string, made: (context: AudioContext) => Promise<void>): Promise<void> {
  const context = await routed(new AudioContext(), device);
  try {
    await made(context);
  } finally {
    await context.close();
  }
}

/** Seconds, or until the signal. */
function pause(seconds: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, seconds * 1_000);
    stop.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
