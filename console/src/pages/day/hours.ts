/** An agent's day as lines of an hour each, and as sums that are shown in whole seconds. Pure. */

import type { SpanOut } from "../../api/schema";

const HOUR = 3_600_000;

/** A part of a span, within one hour. `left`, `width`: in percent of the line. */
export interface Part {
  readonly span: SpanOut;
  readonly left: number;
  readonly width: number;
}

export interface Line {
  /** When the hour begins, in milliseconds since the epoch. */
  readonly begin: number;
  readonly parts: readonly Part[];
}

/** The hours from the first to the last span. `clock`: the time on the hotline's clock, as `2026-03-03 14:03:12`. */
export function hours(spans: readonly SpanOut[], clock: (at: number) => string): readonly Line[] {
  const [first, last] = [spans[0], spans[spans.length - 1]];
  if (first === undefined || last === undefined) return [];
  const lines: (Line & { parts: Part[] })[] = [];
  const end = Date.parse(last.until);
  for (let begin = hourOf(Date.parse(first.from), clock); begin < end; begin += HOUR) lines.push({ begin, parts: [] });
  for (const span of spans) {
    const [from, until] = [Date.parse(span.from), Date.parse(span.until)];
    for (const { begin, parts } of lines) {
      const [left, right] = [Math.max(from, begin), Math.min(until, begin + HOUR)];
      const touches = left < right || (from === until && from >= begin && from < begin + HOUR);
      if (touches) parts.push({ span, left: percent(left - begin), width: percent(right - left) });
    }
  }
  return lines;
}

function hourOf(at: number, clock: (at: number) => string): number {
  const [minutes, seconds] = clock(at).slice(-5).split(":").map(Number);
  return Math.floor(at / 1_000) * 1_000 - ((minutes ?? 0) * 60 + (seconds ?? 0)) * 1_000;
}

function percent(milliseconds: number): number {
  return (milliseconds / HOUR) * 100;
}

/** Seconds that add up to the rounded sum: what is rounded off is left to the next. */
export function wholeSeconds(milliseconds: readonly number[]): readonly number[] {
  let sum = 0;
  return milliseconds.map((each) => {
    const before = Math.round(sum / 1_000);
    sum += each;
    return Math.round(sum / 1_000) - before;
  });
}

/** The day `days` later: `2026-03-01`. */
export function later(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
