/** A message as it is filled in, and how it is switched on. */

import { ask } from "../../../api/client";
import type { EmergencyIn } from "../../../api/schema";
import type { Take } from "../../prompts/recording/take";

export interface Filled {
  /** The place whose callers hear it; empty: all callers. */
  readonly where: string;
  readonly texts: Readonly<Record<string, string>>;
  readonly takes: Readonly<Record<string, Take>>;
  /** `before`, or what comes after a message instead of the menus. */
  readonly after: string;
  readonly until: string;
}

export const BEFORE = "before";

/** Whether there is anything to be heard. */
export function says({ texts, takes }: Filled): boolean {
  return Object.keys(takes).length > 0 || Object.values(texts).some((words) => words.trim() !== "");
}

/** The languages whose words a voice has to speak. */
export function spoken({ texts, takes }: Filled): string[] {
  return Object.keys(texts).filter((language) => texts[language]?.trim() && takes[language] === undefined);
}

/** How words sound. */
export interface Heard {
  /** By language, under which `take` they can be listened to. */
  readonly takes: Readonly<Record<string, string>>;
  /** Whether the draft voice speaks any of them. */
  readonly draft: boolean;
}

/** Has the words spoken that a voice has to speak. Switches nothing on. Throws `Refused` or `Unreached`. */
export async function hear(filled: Filled): Promise<Heard> {
  const texts = Object.fromEntries(spoken(filled).map((language) => [language, filled.texts[language] ?? ""]));
  const answer = await ask("post", "/api/v1/emergency/hear", { body: { texts } });
  const takes = Object.fromEntries(answer.spoken.map(({ language, take }) => [language, take]));
  return { takes, draft: answer.drafts.length > 0 };
}

/** Answers what callers may not understand, in sentences. `draft`: also in the draft voice. Throws `Refused`, with
 * `draft` where that one would have to speak it, or `Unreached`. */
export async function switchOn(filled: Filled, draft = false): Promise<readonly string[]> {
  const recordings: Record<string, string> = {};
  for (const [language, take] of Object.entries(filled.takes)) {
    const kept = await ask("post", "/api/v1/emergency/takes", { raw: take.wav, more: { "Content-Type": "audio/wav" } });
    recordings[language] = kept.take;
  }
  return (await ask("put", "/api/v1/emergency", { body: order(filled, recordings, draft) })).warnings;
}

/** What the service is asked for. `recordings`: those that it has kept, by language. `draft`: as in `switchOn`. */
export function order(filled: Filled, recordings: Record<string, string>, draft = false): EmergencyIn {
  const texts = Object.fromEntries(Object.entries(filled.texts).filter(([, words]) => words.trim() !== ""));
  const before = filled.after === BEFORE;
  return {
    ...(filled.where ? { where: filled.where } : {}),
    mode: before ? "before" : "instead",
    after: before ? "goodbye" : filled.after,
    texts,
    recordings,
    until: filled.until,
    draft,
  };
}
