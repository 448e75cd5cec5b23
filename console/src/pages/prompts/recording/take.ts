/** A take: what the microphone heard, or what a file holds, before it is kept. */

import { peakOf, verdict } from "../../../phone/level";
import { wavOf } from "./wav";

/** Samples a second; the service keeps as many. */
const RATE = 24_000;

/** Seconds that a recording may last. */
export const LONGEST = 120;

/** Bytes of a file that the page opens. */
const LARGEST = 100_000_000;

/** The share of samples at the end of the scale from which on it is heard as crackling. */
const CLIPPED = 0.0005;
const END = 0.999;

export type Fault = "too-long" | "silent" | "quiet" | "clipped";

export interface Take {
  readonly wav: Blob;
  readonly seconds: number;
  /** What is wrong with it, as far as the page knows; null: nothing. */
  readonly fault: Fault | null;
}

/** The browser cannot read it. */
export class Unreadable extends Error {}

/** Throws `Unreadable`. */
export async function takeOf(file: Blob): Promise<Take> {
  if (file.size > LARGEST) throw new Unreadable();
  const samples = await decoded(await file.arrayBuffer());
  const seconds = samples.length / RATE;
  return { wav: wavOf(samples.subarray(0, (LONGEST + 1) * RATE), RATE), seconds, fault: faultOf(samples, seconds) };
}

/** One channel, whatever there were. */
async function decoded(file: ArrayBuffer): Promise<Float32Array> {
  try {
    const buffer = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(file);
    const channels = Array.from({ length: buffer.numberOfChannels }, (_, place) => buffer.getChannelData(place));
    return mixed(channels);
  } catch {
    throw new Unreadable();
  }
}

export function mixed(channels: readonly Float32Array[]): Float32Array {
  const [first, ...others] = channels;
  if (first === undefined) return new Float32Array();
  if (others.length === 0) return first;
  return first.map(
    (sample, place) => others.reduce((sum, channel) => sum + (channel[place] ?? 0), sample) / channels.length,
  );
}

export function faultOf(samples: Float32Array, seconds: number): Fault | null {
  if (seconds > LONGEST) return "too-long";
  const found = verdict(peakOf(samples));
  if (found === "silent" || found === "quiet") return found;
  const clipped = samples.reduce((count, sample) => count + (Math.abs(sample) >= END ? 1 : 0), 0);
  return clipped > CLIPPED * samples.length ? "clipped" : null;
}
