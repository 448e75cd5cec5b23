/** Keeping a recording and taking it away. Both name the one that they replace: nobody overwrites another's unseen. */

import { ask, Refused } from "../../../api/client";
import type { PromptOut } from "../../../api/schema";
import type { Speaker } from "../../../texts/language";
import type { Text } from "../../../texts/texts";
import { TEXTS } from "./texts";

/** What the service finds wrong with a recording, in words. */
const FAULTS: Readonly<Record<string, Text>> = {
  unreadable: TEXTS.unreadable,
  "too-long": TEXTS.tooLong,
  "too-short": TEXTS.tooShort,
  silent: TEXTS.silent,
  clipped: TEXTS.clipped,
};

const PATH = "/api/v1/prompts/{key}/recording";

/** Throws `Refused`, in words of the page's language where it has some, or `Unreached`. */
export async function keep({ key, recording }: PromptOut, wav: Blob, speaker: Speaker): Promise<void> {
  const known: Record<string, string> =
    recording === null ? { "If-None-Match": "*" } : { "If-Match": `"${recording}"` };
  await explained(
    ask("put", PATH, { path: { key }, more: { ...known, "Content-Type": "audio/wav" }, raw: wav }),
    speaker,
  );
}

export async function remove({ key, recording }: PromptOut, speaker: Speaker): Promise<void> {
  await explained(ask("delete", PATH, { path: { key }, more: { "If-Match": `"${recording}"` } }), speaker);
}

async function explained(asked: Promise<unknown>, { say }: Speaker): Promise<void> {
  try {
    await asked;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const words = error.status === 412 ? TEXTS.changed : FAULTS[error.fault ?? ""];
    throw words === undefined ? error : new Refused(error.status, say(words), null);
  }
}
