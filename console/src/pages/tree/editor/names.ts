/** The names that a draft has: what may stand where a queue, a menu, a skill is named. No DOM. */

import { NAMED as NAMED_KINDS } from "../kinds";
import { contentOf, type Doc, itemsOf, keysBelow, namesIn, pairAt } from "./yaml";

/** Names by section: `queues`, `menus`, …; `skills` are those of queues and agents, `languages` those of the hotline. */
export type Names = Readonly<Record<string, readonly string[]>>;

/** Key → the section whose names are its values. */
export const REFERS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(NAMED_KINDS.map(({ key, section }) => [key, section])),
  district: "districts",
  ask: "menus",
  entry: "menus",
  hours: "opening_hours",
  calendar: "calendars",
  list: "callers",
  language: "languages",
  wrap_up_codes: "wrap_up_codes",
};

/** Key → the section whose names are the keys of its mapping. */
export const NAMED: Readonly<Record<string, string>> = { needs: "skills", skills: "skills", districts: "districts" };

export function namesOf(hotline: Doc, agents: Doc | null): Names {
  const found: Record<string, readonly string[]> = {};
  for (const section of new Set(Object.values(REFERS))) found[section] = namesIn(hotline, section);
  const languages = pairAt(hotline, ["languages"]);
  found.languages = languages === null ? [] : itemsOf(contentOf(languages), hotline.text);
  const known = agents === null ? [] : keysBelow(agents, "skills");
  found.skills = [...new Set([...keysBelow(hotline, "needs"), ...known])].sort();
  return found;
}
