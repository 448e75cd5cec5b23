/** When a figure of a queue is no longer as it should be, by the queue's own aim. Pure. */

import type { Level } from "./attention";

/** A wait: longer than the aim's seconds is amber, than three times as long red. */
export function waitLevel(seconds: number, within: number): Level {
  return seconds > 3 * within ? 2 : seconds > within ? 1 : 0;
}

/** The service level: below the aim is amber, below three quarters of it red; null: nothing to judge yet. */
export function serviceLevel(percent: number | null, aim: number): Level {
  if (percent === null || percent >= aim) return 0;
  return percent < 0.75 * aim ? 2 : 1;
}

/** With fewer calls than these a queue's estimate is more an assumption than a measurement: `GET queues` says so. */
export const FEW_CALLS = 10;

export interface Crew {
  readonly ready: number;
  readonly ringing: number;
  readonly on_call: number;
  readonly wrap_up: number;
}

/** Somebody waits: amber if nobody is free, red if nobody works at all. */
export function crewLevel(waiting: number, crew: Crew): Level {
  if (waiting === 0 || crew.ready + crew.ringing > 0) return 0;
  return crew.on_call + crew.wrap_up > 0 ? 1 : 2;
}
