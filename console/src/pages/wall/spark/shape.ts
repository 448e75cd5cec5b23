/** The shape of a queue's last hour: one step for each minute, and one for now. Pure. */

import type { LastHourOut } from "../../../api/schema";

type Hour = LastHourOut["waiting"];

/** Units of the drawing: one a minute across, and so many high. */
export const HIGH = 20;

/** A drawing of less is lower: two callers in an hour are no mountain. */
const LEAST = 4;

export interface Peak {
  readonly waiting: number;
  /** Minutes ago that it ended; 0: it is now. */
  readonly ago: number;
}

export interface Shape {
  /** Outline of the steps, for `d` of a path that is filled down to the bottom. */
  readonly area: string;
  /** How wide: minutes and the step of now. */
  readonly width: number;
  /** The last of the highest steps; null: nobody waited, or nothing is known. */
  readonly peak: Peak | null;
}

/** `now` is the number of callers who wait now. A minute without a known number is a gap in the line. */
export function shape(hour: Hour, now: number): Shape {
  const steps = [...hour, now];
  const most = Math.max(...steps.map((step) => step ?? 0));
  const scale = HIGH / Math.max(LEAST, most);
  const area = steps.map((step, at) => (step ? bar(at, round(step * scale)) : "")).join("");
  const last = steps.lastIndexOf(most);
  return { area, width: steps.length, peak: most === 0 ? null : { waiting: most, ago: steps.length - 1 - last } };
}

function bar(at: number, high: number): string {
  return `M${at} ${HIGH}v-${high}h1v${high}z`;
}

function round(value: number): number {
  return Math.round(100 * value) / 100;
}

/** Whether nothing of the hour is known. */
export function unknown(hour: Hour): boolean {
  return hour.every((minute) => minute === null);
}
