/** One thing that was looked at. Pure. */

import type { Text } from "../../../texts/texts";

/** 0: fine; 1: somebody should look at it; 2: broken. */
export type Level = 0 | 1 | 2;

export interface Row {
  readonly what: Text | string;
  readonly value: string;
  readonly level: Level;
  /** What to do; null: nothing. */
  readonly remedy: Text | null;
  /** The service's own sentence; a string: in English only. */
  readonly said?: Text | string;
}

/** What needs somebody first; else as they came. */
export function inOrder(rows: readonly Row[]): Row[] {
  return [...rows].sort((one, other) => other.level - one.level);
}

export function worst(rows: readonly Row[]): Level {
  return Math.max(0, ...rows.map(({ level }) => level)) as Level;
}
