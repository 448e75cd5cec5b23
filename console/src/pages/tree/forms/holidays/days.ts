/** The days of a calendar: what a date is, and the edits that make it another. Pure: dates are texts, as 2027-02-05. */

import type { CountryOut } from "../../../../api/schema";
import { ends, key, nextDay } from "../special";
import { at, type Edit, entries, items, type Path, text, type Value } from "../value";
import { DAYS } from "../week";

/** `off`, `working`: by a list of the calendar; `holiday`, `makeup`: by what is known of the country; null: worked. */
export type Kind = "off" | "working" | "holiday" | "makeup" | "weekend" | null;
export const LISTS = ["off", "working"] as const;
export type List = (typeof LISTS)[number];

/** More edits than a request may have room for are one of the whole list. */
const MOST_EDITS = 20;

export function kindOf(calendar: Value, country: CountryOut | undefined, date: string): Kind {
  if (has(at(calendar, "working"), date)) return "working";
  if (has(at(calendar, "off"), date)) return "off";
  if (country?.holidays.includes(date)) return "holiday";
  if (country?.makeup.includes(date)) return "makeup";
  const day = (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
  const own = items(at(calendar, "weekend")).map((each) => (DAYS as readonly string[]).indexOf(text(each)));
  const weekend = at(calendar, "weekend") !== null ? own : (country?.weekend ?? [5, 6]);
  return weekend.includes(day) ? "weekend" : null;
}

function has(list: Value, date: string): boolean {
  return items(list).some((each) => {
    const [from, to] = ends(text(each));
    return from <= date && date <= to;
  });
}

/** The days from `from` to `to` are in that list from now on, and in no other; null: in none. Members of a list that
 *  reach over the ends are divided. Others stay as they are written.
 */
export function withKind(path: Path, calendar: Value, from: string, to: string, list: List | null): readonly Edit[] {
  const hotline = "hotline.yaml" as const;
  const lists = LISTS.map(
    (name) => [name, changed(items(at(calendar, name)).map(text), from, to, name === list)] as const,
  );
  // What is filled first: a calendar without a country needs one of its lists.
  const ordered = [...lists].sort(([one], [other]) => Number(other === list) - Number(one === list));
  const bare =
    !Object.keys(entries(calendar)).includes("country") && lists.every(([, { whole }]) => whole.length === 0);
  return ordered.flatMap(([name, { whole, steps }]): readonly Edit[] => {
    if (steps.length === 0) return [];
    if (whole.length === 0 && !(bare && name === "off"))
      return [{ do: "remove", file: hotline, path: [...path, name] }];
    if (whole.length === 0 || steps.length > MOST_EDITS)
      return [{ do: "set", file: hotline, path: [...path, name], value: whole }];
    return steps.map(([index, value]) =>
      value === null
        ? { do: "remove", file: hotline, path: [...path, name, index] }
        : { do: "set", file: hotline, path: [...path, name, index], value },
    );
  });
}

/** A list without these days, or with them as its last member; and the steps to it: a place, and what is there then. */
function changed(list: readonly string[], from: string, to: string, add: boolean) {
  const whole = [...list];
  const steps: (readonly [number, string | null])[] = [];
  const more: string[] = [];
  for (let index = list.length - 1; index >= 0; index -= 1) {
    const [first, last] = ends(list[index] ?? "");
    if (last < from || first > to) continue;
    const left = [
      ...(first < from ? [key(first, nextDay(from, -1))] : []),
      ...(last > to ? [key(nextDay(to), last)] : []),
    ];
    const [kept = null, other] = left;
    if (other !== undefined) more.push(other);
    whole.splice(index, 1, ...(kept === null ? [] : [kept]));
    steps.push([index, kept]);
  }
  for (const each of [...more, ...(add ? [key(from, to)] : [])]) {
    steps.push([whole.length, each]);
    whole.push(each);
  }
  return { whole, steps };
}

/** The dates of a year, those in a row as one: `01-01 – 01-03`. */
export function runs(dates: readonly string[], year: string): readonly string[] {
  const found: [string, string][] = [];
  for (const date of dates) {
    const last = found.at(-1);
    if (!date.startsWith(year)) continue;
    if (last !== undefined && nextDay(last[1]) === date) last[1] = date;
    else found.push([date, date]);
  }
  return found.map(([from, to]) => (from === to ? from.slice(5) : `${from.slice(5)} – ${to.slice(5)}`));
}
