/** Brings notes to the service: a moment after the last key, and again until it has them. Knows no page and no request. */

import { Refused } from "../../../api/client";
import type { Drafts } from "./drafts";

/** Milliseconds without a key after which a note is saved; and between two tries of one that could not be. */
export const QUIET = 1_500;
export const AGAIN = 5_000;

export type Saved =
  | { kind: "saved" }
  | { kind: "saving" }
  /** It is tried again. */
  | { kind: "unsaved"; why: unknown }
  /** The service will never take it. */
  | { kind: "refused"; why: unknown };

export interface Saver {
  typed(call: string, text: string): void;
  /** Do not wait for the end of the typing. */
  now(): Promise<void>;
}

export function saver(
  drafts: Drafts,
  send: (call: string, text: string) => Promise<unknown>,
  report: (call: string, saved: Saved) => void,
): Saver {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sending: Promise<void> | null = null;

  const later = (wait: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => void now(), wait);
  };
  const one = async (call: string): Promise<boolean> => {
    const text = drafts.get(call);
    if (text === null) return true;
    report(call, { kind: "saving" });
    try {
      await send(call, text);
      if (drafts.get(call) !== text) return false; // typed on meanwhile
      drafts.drop(call);
      report(call, { kind: "saved" });
      return true;
    } catch (why) {
      if (why instanceof Refused && FINAL.has(why.status)) {
        drafts.drop(call);
        report(call, { kind: "refused", why });
        return true;
      }
      report(call, { kind: "unsaved", why });
      return false;
    }
  };
  const all = async () => {
    let whole = true;
    for (const call of drafts.calls()) whole = (await one(call)) && whole;
    if (!whole) later(AGAIN);
  };
  const now = async () => {
    clearTimeout(timer);
    while (sending !== null) await sending;
    sending = all().finally(() => {
      sending = null;
    });
    await sending;
  };
  return {
    typed(call, text) {
      drafts.keep(call, text);
      report(call, { kind: "saving" });
      later(QUIET);
    },
    now,
  };
}

/** No such call any more, too late, not possible. */
const FINAL = new Set([404, 409, 422]);
