/** What an offer says of a call. Pure. */

import type { StoryOut } from "../../api/schema";
import { type Language, named } from "../../texts/texts";

/** The way through the menus in words: each key, and what it meant. */
export function way({ way: steps }: StoryOut, language: Language): string[] {
  return steps.map(({ key, name }) => [key, named(name, language)].filter(Boolean).join(" "));
}

/** What the caller has entered: of each input the latest, with its name by language. */
export function entered({ story }: StoryOut): { name: Record<string, string>; digits: string }[] {
  const latest = new Map<unknown, { name: Record<string, string>; digits: string }>();
  for (const step of story) {
    const data = step as unknown as Readonly<Record<string, unknown>>;
    if (step.kind === "collected")
      latest.set(data.input, { name: data.name as Record<string, string>, digits: String(data.digits) });
  }
  return [...latest.values()];
}

/** The call about which a colleague asks in this one, through a queue; null: it is a citizen's. */
export function about(story: StoryOut | null): string | null {
  const begin = story?.story.find(({ kind }) => kind === "call-started") as { about?: string } | undefined;
  return begin?.about ?? null;
}

/** A callback whose agent is rung first; `promised`: from when until when, in seconds since 1970. null: it is none. */
export function calledBack({ story }: StoryOut): CalledBack | null {
  const begin = story.find((step) => step.kind === "call-out-dialled" && "callback" in step);
  return (begin as unknown as CalledBack | undefined) ?? null;
}

interface CalledBack {
  readonly callback: string;
  readonly promised?: readonly [number, number];
}

/** Seconds between the entry into the queue and the answer, or now (milliseconds) if nobody has answered. */
export function waited({ queued, answered }: StoryOut, now: number): number | null {
  if (queued === null) return null;
  return ((answered === null ? now : Date.parse(answered)) - Date.parse(queued)) / 1_000;
}
