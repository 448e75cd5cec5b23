/** The ring tone: two soft notes, every three seconds; louder after five. Made here, so that no file is fetched. */

import { routed } from "./sound";

const NOTES = [659.3, 830.6]; // hertz: a major third
const EVERY = 3_000;
const LOUDER = 5_000;
const SOFT = 0.12;
const LOUD = 0.35;

/** Seconds that one chime sounds. */
export const CHIME = 0.9 + 0.22;

/** Ring at that device, as `setSinkId` names it, until what is answered is called. */
export function ring(device: string): () => void {
  const context = new AudioContext();
  const began = performance.now();
  let timer: ReturnType<typeof setInterval> | undefined;
  let over = false;
  const again = () => chime(context, performance.now() - began >= LOUDER ? LOUD : SOFT);
  void routed(context, device).then(() => {
    if (over) return;
    again();
    timer = setInterval(again, EVERY);
  });
  return () => {
    over = true;
    clearInterval(timer);
    void context.close();
  };
}

/** Ring once. `volume`: 0 to 1. */
export function chime(context: AudioContext, volume = LOUD): void {
  NOTES.forEach((pitch, index) => {
    const start = context.currentTime + index * 0.22;
    const note = new OscillatorNode(context, { type: "sine", frequency: pitch });
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(volume, start + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.001, start + 0.9);
    note.connect(gain).connect(context.destination);
    note.start(start);
    note.stop(start + 0.9);
  });
}
