/** Which lines of a text an edit changed. Pure. */

export interface ChangedLines {
  /** The number of the first one, from 1. */
  readonly line: number;
  readonly gone: readonly string[];
  readonly come: readonly string[];
}

/** Null: nothing is changed. Lines between two changes count as changed. */
export function changedLines(before: string, after: string): ChangedLines | null {
  if (before === after) return null;
  const [old, now] = [before.split("\n"), after.split("\n")];
  const most = Math.min(old.length, now.length);
  let first = 0;
  while (first < most && old[first] === now[first]) first += 1;
  let last = 0;
  while (last < most - first && old[old.length - 1 - last] === now[now.length - 1 - last]) last += 1;
  return { line: first + 1, gone: old.slice(first, old.length - last), come: now.slice(first, now.length - last) };
}
