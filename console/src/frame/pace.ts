/** Which entries of a map are drawn in the next frame, so that the work of one message is spread over several. Pure. */

/** Milliseconds within which every change is drawn: three frames of most screens. */
export const WITHIN = 50;

/** Whether a change is drawn at once. */
export type Urgent<T> = (was: T, now: T) => boolean;

export interface Pace<T> {
  /** What is drawn. */
  readonly drawn: ReadonlyMap<string, T>;
  /** The names of entries that differ from what came; the first is drawn first. */
  readonly behind: readonly string[];
  /** When the last frame was drawn, or these changes came; milliseconds. */
  readonly at: number;
  /** When everything has to be drawn. */
  readonly due: number;
}

/** Everything that came is drawn. */
export function drawn<T>(news: ReadonlyMap<string, T>): Pace<T> {
  return { drawn: news, behind: [], at: 0, due: 0 };
}

/** Something came. Other names, or another order of them, are drawn at once. */
export function arrived<T>(was: Pace<T>, news: ReadonlyMap<string, T>, urgent: Urgent<T>, now: number): Pace<T> {
  if (!sameNames(was.drawn, news)) return drawn(news);
  const next = new Map(was.drawn);
  const waits = (name: string) => {
    const [before, after] = [next.get(name) as T, news.get(name) as T];
    if (before !== after && urgent(before, after)) next.set(name, after);
    return next.get(name) !== after;
  };
  const before = was.behind.filter(waits);
  const behind = [...new Set([...before, ...[...news.keys()].filter(waits)])];
  return before.length > 0 ? { ...was, drawn: next, behind } : { drawn: next, behind, at: now, due: now + WITHIN };
}

/** A frame: the share of what is behind that the time since the last frame is of the time that is left. */
export function frame<T>(was: Pace<T>, news: ReadonlyMap<string, T>, now: number): Pace<T> {
  const share = now >= was.due ? 1 : Math.max(0, now - was.at) / (was.due - was.at);
  const count = Math.max(1, Math.round(share * was.behind.length));
  const next = new Map(was.drawn);
  for (const name of was.behind.slice(0, count)) next.set(name, news.get(name) as T);
  return { drawn: next, behind: was.behind.slice(count), at: now, due: was.due };
}

function sameNames(one: ReadonlyMap<string, unknown>, other: ReadonlyMap<string, unknown>): boolean {
  const [names, others] = [[...one.keys()], [...other.keys()]];
  return names.length === others.length && names.every((name, at) => name === others[at]);
}
