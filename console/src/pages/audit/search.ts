/** What of the audit is asked for, and how it goes on after what is shown. Pure. */

import type { EntryOut } from "../../api/schema";
import { fromField } from "../../time/zone";

export interface Search {
  /** `user:wang`; empty: everybody. A name alone is a person's. */
  readonly actor: string;
  /** A kind; empty: every kind. */
  readonly what: string;
  /** Of a field for day and time, on the hotline's clock; empty: from the beginning, to now. */
  readonly since: string;
  readonly until: string;
}

export const EVERYTHING: Search = { actor: "", what: "", since: "", until: "" };

/** Entries of one answer. */
export const PAGE = 100;

/** The query for the newest that fit, or for what comes after `last`, the oldest that is shown. */
export function query(search: Search, last: EntryOut | null = null): Record<string, string | number> {
  const asked: Record<string, string | number> = { limit: PAGE };
  const actor = search.actor.trim();
  if (actor !== "") asked.actor = actor.includes(":") ? actor : `user:${actor}`;
  if (search.what !== "") asked.what = search.what;
  if (search.since !== "") asked.since = new Date(fromField(search.since)).toISOString();
  const until = last === null ? search.until && endOfMinute(search.until) : last.at;
  if (until !== "") asked.until = until;
  return asked;
}

/** The field has minutes; the whole last one is meant. */
function endOfMinute(field: string): string {
  return new Date(fromField(field) + 59_999).toISOString();
}

/** What is shown, with the next answer behind it. That begins with entries of the last moment, which may be there already:
 *  as often as it is there, the same entry is left out.
 */
export function joined(shown: readonly EntryOut[], next: readonly EntryOut[]): readonly EntryOut[] {
  const last = shown.at(-1)?.at;
  const there = new Map<string, number>();
  for (const entry of shown) {
    if (entry.at === last) there.set(key(entry), (there.get(key(entry)) ?? 0) + 1);
  }
  const added = next.filter((entry) => {
    const left = there.get(key(entry)) ?? 0;
    if (left > 0) there.set(key(entry), left - 1);
    return left === 0;
  });
  return [...shown, ...added];
}

function key(entry: EntryOut): string {
  return JSON.stringify([entry.at, entry.actor, entry.what, entry.target, entry.detail, entry.address, entry.status]);
}
