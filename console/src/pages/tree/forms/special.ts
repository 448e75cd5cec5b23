/** Single dates of opening hours: `2027-02-05`, `2027-02-06 to 2027-02-11`. Pure: dates are texts, as 2027-02-05. */

import { type Entries, entries, text, type Value } from "./value";

const TO = " to ";

export function nextDay(date: string, by = 1): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + by * 86_400_000).toISOString().slice(0, 10);
}

export function ends(key: string): readonly [string, string] {
  const [from = "", to = from] = key.split(TO).map((date) => date.trim());
  return [from, to];
}

export function key(from: string, to: string): string {
  return from === to ? from : `${from}${TO}${to}`;
}

/** What the file says of that date, as `closed` or `09:00-12:00`; null: nothing. */
export function timesOn(special: Value, date: string): string | null {
  const found = Object.entries(entries(special)).find(([written]) => {
    const [from, to] = ends(written);
    return from <= date && date <= to;
  });
  return found === undefined ? null : text(found[1]);
}

/** The single dates once the days from `from` to `to` have those times; null: as any week. Entries that reach over the
 *  ends are divided. */
export function withDays(special: Value, from: string, to: string, times: string | null): Entries {
  const made: Record<string, Value> = {};
  for (const [written, said] of Object.entries(entries(special))) {
    const [first, last] = ends(written);
    if (last < from || first > to) made[written] = said;
    else {
      if (first < from) made[key(first, nextDay(from, -1))] = said;
      if (last > to) made[key(nextDay(to), last)] = said;
    }
  }
  if (times !== null) made[key(from, to)] = times;
  return Object.fromEntries(Object.entries(made).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** The weeks of a month, 2027-02, each from Monday: its dates, null beside the month. */
export function weeksOf(month: string): readonly (readonly (string | null)[])[] {
  const first = `${month}-01`;
  const before = (new Date(`${first}T00:00:00Z`).getUTCDay() + 6) % 7;
  const cells: (string | null)[] = Array.from({ length: before }, () => null);
  for (let date = first; date.startsWith(month); date = nextDay(date)) cells.push(date);
  while (cells.length % 7 > 0) cells.push(null);
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7));
}

export function nextMonth(month: string, by: number): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7);
}
