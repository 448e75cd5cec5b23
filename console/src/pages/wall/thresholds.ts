/** When a figure of a queue is no longer as it should be, by the queue's own aim, as `agents/states` has it. Pure. */

import { FAR } from "../../api/tables";
import { type Counts, counted, LOOKS, SHOWN } from "../../states/states";
import type { Level } from "./attention";

/** A wait: longer than the aim's seconds is amber, than three times as long red. */
export function waitLevel(seconds: number, within: number): Level {
  return seconds > FAR.late * within ? 2 : seconds > within ? 1 : 0;
}

/** The service level: below the aim is amber, below three quarters of it red; null: nothing to judge yet. */
export function serviceLevel(percent: number | null, aim: number): Level {
  if (percent === null || percent >= aim) return 0;
  return percent < FAR.below * aim ? 2 : 1;
}

/** With fewer calls than these a queue's estimate is more an assumption than a measurement: `GET queues` says so. */
export const FEW_CALLS = 10;

/** Somebody waits: amber if nobody is free, red if nobody works at all. */
export function crewLevel(waiting: number, crew: Counts): Level {
  if (waiting === 0 || counted(crew, "ready") + counted(crew, "ringing") > 0) return 0;
  return SHOWN.some((state) => LOOKS[state].working && counted(crew, state) > 0) ? 1 : 2;
}
