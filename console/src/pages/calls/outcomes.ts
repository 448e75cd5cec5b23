/** What became of a call, in words. */

import type { CallOut, CallState, Outcome } from "../../api/schema";
import type { Text } from "../../texts/texts";
import { TEXTS } from "./texts";

export const OUTCOMES: Readonly<Record<Outcome, Text>> = {
  answered: TEXTS.answered,
  "sub-hotline": TEXTS.putThrough,
  abandoned: TEXTS.abandoned,
  overflowed: TEXTS.overflowed,
  failed: TEXTS.failed,
  message: TEXTS.message,
  "hung-up": TEXTS.hungUp,
  lost: TEXTS.lost,
};

const STATES: Readonly<Record<CallState, Text>> = {
  menu: TEXTS.inMenus,
  waiting: TEXTS.waits,
  ringing: TEXTS.rings,
  talking: TEXTS.talks,
  survey: TEXTS.atTheEnd,
  ended: TEXTS.ended,
};

/** How it ended, or where it is now. Of a call to a citizen it says that, too. */
export function became({ state, outcome, direction }: Pick<CallOut, "state" | "outcome" | "direction">): Text {
  if (direction === "out" && state === "ringing") return TEXTS.outRings;
  if (direction === "out" && state === "talking") return TEXTS.outTalks;
  if (direction === "out") return outcome === "answered" ? TEXTS.outAnswered : TEXTS.outFailed;
  return outcome === null ? STATES[state] : OUTCOMES[outcome];
}

/** Seconds in the queue that the call was in last; null: in none, or it came there after somebody had answered it. */
export function waitOf({ queued, answered, ended }: Pick<CallOut, "queued" | "answered" | "ended">): number | null {
  const end = answered ?? ended;
  if (queued === null || end === null || Date.parse(end) < Date.parse(queued)) return null;
  return (Date.parse(end) - Date.parse(queued)) / 1_000;
}
