/** What an offer says of a call. Pure. */

import type { StoryOut } from "../../api/schema";
import { type Language, named } from "../../texts/texts";

/** The way through the menus in words: each key, and what it meant. */
export function way({ way: steps }: StoryOut, language: Language): string[] {
  return steps.map(({ key, name }) => [key, named(name, language)].filter(Boolean).join(" "));
}

/** Seconds between the entry into the queue and the answer, or now (milliseconds) if nobody has answered. */
export function waited({ queued, answered }: StoryOut, now: number): number | null {
  if (queued === null) return null;
  return ((answered === null ? now : Date.parse(answered)) - Date.parse(queued)) / 1_000;
}
