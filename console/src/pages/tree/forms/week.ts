/** Opening hours of a week, as a form shows them and as the file has them. Pure. */

import { type Entries, entries, text, type Value } from "./value";

export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** From and to, as `09:00`. */
export type Span = readonly [string, string];
/** When a day is open; none: closed. */
export type Times = readonly Span[];

const SPAN = /^(\d\d:\d\d)\s*[-\u2013]\s*(\d\d:\d\d)$/;

/** `09:00-12:00, 13:30-17:30`, `closed` → the times; null: something else. 24:00 is shown as 00:00. */
export function times(written: string): Times | null {
  if (written.trim() === "closed") return [];
  const spans = written.split(/[,，]/).map((part) => SPAN.exec(part.trim()));
  return spans.every((found) => found !== null)
    ? spans.map((found) => [found?.[1] ?? "", (found?.[2] ?? "").replace("24:00", "00:00")] as const)
    : null;
}

export function written(spans: Times): string {
  return spans.map(([from, to]) => `${from}-${to === "00:00" ? "24:00" : to}`).join(", ") || "closed";
}

/** The days of `mon-fri`, `sat, sun`; null: something else. */
function daysOf(group: string): readonly number[] | null {
  const found: number[] = [];
  for (const part of group.split(/[,，]/)) {
    const [first = "", last = first] = part.split("-").map((day) => day.trim());
    const [from, to] = [first, last].map((day) => (DAYS as readonly string[]).indexOf(day));
    if (from === undefined || to === undefined || from < 0 || to < 0) return null;
    for (let ahead = 0; ahead <= (to - from + 7) % 7; ahead += 1) found.push((from + ahead) % 7);
  }
  return found;
}

/** The times of each day, from Monday; null: the file has it in a way that the form does not show. */
export function weekOf(value: Value): readonly Times[] | null {
  const week: Times[] = DAYS.map(() => []);
  for (const [group, said] of Object.entries(entries(value))) {
    const days = daysOf(group);
    const spans = times(text(said));
    if (days === null || spans === null) return null;
    for (const day of days) week[day] = spans;
  }
  return week;
}

/** As the file has it: days beside each other with the same times together, closed ones left out. */
export function grouped(week: readonly Times[]): Entries {
  const found: Record<string, string> = {};
  for (let from = 0; from < 7; ) {
    const said = written(week[from] ?? []);
    let to = from;
    while (to < 6 && written(week[to + 1] ?? []) === said) to += 1;
    const name = to === from ? DAYS[from] : `${DAYS[from]}-${DAYS[to]}`;
    if (said !== "closed" && name !== undefined) found[name] = said;
    from = to + 1;
  }
  return found;
}
