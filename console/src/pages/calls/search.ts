/** Which calls are looked for: in the fields, in the page's address, and as the service is asked. Pure. */

import { fromField } from "../../time/zone";

export interface Search {
  /** The caller's number, however it is written. Of all fields: empty means whatever it is. */
  readonly caller: string;
  /** An agent's id. */
  readonly agent: string;
  readonly queue: string;
  readonly outcome: string;
  /** `in` or `out`. */
  readonly direction: string;
  /** Keys in the menus, however they are divided. */
  readonly path: string;
  /** Words of a note. */
  readonly words: string;
  /** Of a field for day and time, on the hotline's clock. */
  readonly since: string;
  readonly until: string;
}

export const EVERY_CALL: Search = {
  caller: "",
  agent: "",
  queue: "",
  outcome: "",
  direction: "",
  path: "",
  words: "",
  since: "",
  until: "",
};

const FIELDS = Object.keys(EVERY_CALL) as readonly (keyof Search)[];

/** Calls of the first answer, and of each later one. */
export const FIRST_PAGE = 100;
export const NEXT_PAGE = 500;

/** What the address says. */
export function searchIn(query: URLSearchParams): Search {
  const given = Object.fromEntries(FIELDS.map((field) => [field, query.get(field)?.trim() ?? ""]));
  return { ...EVERY_CALL, ...given };
}

/** The address of a search, to be kept or passed on. */
export function addressOf(search: Search): string {
  const given = FIELDS.filter((field) => search[field].trim() !== "").map((field) => [field, search[field].trim()]);
  return given.length === 0 ? "/calls" : `/calls?${new URLSearchParams(given)}`;
}

/** The address of one call. */
export function addressOfCall(id: string): string {
  return `/calls?${new URLSearchParams({ call: id })}`;
}

/** What the service is asked for: the newest that fit, or those after the call `last`. */
export function query(search: Search, last: string | null = null): Record<string, string | number> {
  const asked: Record<string, string | number> = { limit: last === null ? FIRST_PAGE : NEXT_PAGE };
  for (const field of FIELDS) {
    const given = search[field].trim();
    if (given !== "") asked[field] = given;
  }
  if (search.path !== "") asked.path = [...search.path.replace(/[\s,，、]/g, "")].join(",");
  if (search.since !== "") asked.since = moment(search.since, 0);
  if (search.until !== "") asked.until = moment(search.until, 59_999); // the whole last minute is meant
  if (last !== null) asked.before = last;
  return asked;
}

/** What is no time in an address is left to the service, which refuses it in words. */
function moment(field: string, more: number): string {
  const at = fromField(field);
  return Number.isNaN(at) ? field : new Date(at + more).toISOString();
}
