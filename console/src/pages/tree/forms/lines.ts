/** Which lines of a text an edit changed. Pure. */

/** Lines that are gone and come in one place. */
export interface ChangedLines {
  /** The number of the first one in the new text, from 1. */
  readonly line: number;
  readonly gone: readonly string[];
  readonly come: readonly string[];
}

/** Between the first and the last change so many pairs of lines are compared; of more, all between count as changed. */
const MOST_PAIRS = 1_000_000;

/** Each place that is changed, in the order of the text; none: nothing is. */
export function changedLines(before: string, after: string): readonly ChangedLines[] {
  if (before === after) return [];
  const [old, now] = [before.split("\n"), after.split("\n")];
  const most = Math.min(old.length, now.length);
  let first = 0;
  while (first < most && old[first] === now[first]) first += 1;
  let last = 0;
  while (last < most - first && old[old.length - 1 - last] === now[now.length - 1 - last]) last += 1;
  return between(old.slice(first, old.length - last), now.slice(first, now.length - last), first + 1);
}

/** The same of two lists of lines that have nothing in common at both ends. `line`: the number of the first one. */
function between(old: readonly string[], now: readonly string[], line: number): readonly ChangedLines[] {
  if (old.length * now.length > MOST_PAIRS) return [{ line, gone: old, come: now }];
  const kept = common(old, now);
  const found: ChangedLines[] = [];
  let [from, to] = [0, 0];
  for (const [at, there] of [...kept, [old.length, now.length] as const]) {
    if (at > from || there > to) found.push({ line: line + to, gone: old.slice(from, at), come: now.slice(to, there) });
    [from, to] = [at + 1, there + 1];
  }
  return found;
}

/** The longest way through both lists by lines that are the same: their places. */
function common(old: readonly string[], now: readonly string[]): readonly (readonly [number, number])[] {
  const width = now.length + 1;
  const longest = new Uint32Array((old.length + 1) * width); // from a pair of places to the ends
  const at = (one: number, other: number) => longest[one * width + other] ?? 0;
  for (let one = old.length - 1; one >= 0; one -= 1)
    for (let other = now.length - 1; other >= 0; other -= 1)
      longest[one * width + other] =
        old[one] === now[other] ? at(one + 1, other + 1) + 1 : Math.max(at(one + 1, other), at(one, other + 1));
  const found: (readonly [number, number])[] = [];
  for (let [one, other] = [0, 0]; one < old.length && other < now.length; ) {
    if (old[one] === now[other]) {
      found.push([one, other]);
      one += 1;
      other += 1;
    } else if (at(one + 1, other) >= at(one, other + 1)) one += 1;
    else other += 1;
  }
  return found;
}
