/** Which prompts are shown, and where they are used in words. Pure. */

import type { PromptOut } from "../../api/schema";

export interface Filter {
  readonly words: string;
  /** Empty: every language. */
  readonly language: string;
  /** Empty: every speaker. */
  readonly speaker: string;
  /** Also Wutong's own sentences and numbers. */
  readonly own: boolean;
}

export const ALL: Filter = { words: "", language: "", speaker: "", own: false };

export type Place = { kind: "phrase" | "number" } | { kind: "hotline"; place: string };

/** `phrase KEY` and `number` are Wutong's own; anything else is a place in hotline.yaml. */
export function placeOf(where: string): Place {
  if (where === "number") return { kind: "number" };
  return where.startsWith("phrase ") ? { kind: "phrase" } : { kind: "hotline", place: where };
}

export function find(prompts: readonly PromptOut[], { words, language, speaker, own }: Filter): PromptOut[] {
  const wanted = words.trim().toLowerCase();
  return prompts.filter(
    (prompt) =>
      (own || prompt.where.some((where) => placeOf(where).kind === "hotline")) &&
      (language === "" || prompt.language === language) &&
      (speaker === "" || prompt.speaker === speaker) &&
      (prompt.text.toLowerCase().includes(wanted) ||
        prompt.where.some((where) => where.toLowerCase().includes(wanted))),
  );
}
