/** Why somebody could not sign in, as a text. Pure. */

import { Refused, Unreached } from "../api/client";
import type { Text, Values } from "../texts/texts";
import { duration } from "../time/format";
import type { Why } from "./session";
import { TEXTS } from "./texts";

export interface Said {
  readonly text: Text;
  readonly values?: Values;
}

export function refusalOf(error: unknown): Said {
  if (error instanceof Unreached) return { text: TEXTS.unreached };
  if (!(error instanceof Refused)) throw error;
  if (error.status === 401) return { text: TEXTS.wrong };
  if (error.status === 429) return { text: TEXTS.locked, values: { time: duration(error.retryAfter ?? 30) } };
  if (error.status === 503) return { text: TEXTS.away };
  return { text: TEXTS.other, values: { why: error.message } };
}

/** The status with which the way back from the city's sign-in failed; null: it did not. */
export function openIdRefusal(status: string | null): Said | null {
  if (status === null) return null;
  if (status === "403") return { text: TEXTS.openIdNoRole };
  if (status === "429") return { text: TEXTS.locked, values: { time: duration(30) } };
  return { text: status === "503" ? TEXTS.openIdAway : TEXTS.openIdRefused };
}

export function whyNobody(why: Why): Said | null {
  switch (why) {
    case "signed-out":
      return { text: TEXTS.whySignedOut };
    case "ended":
      return { text: TEXTS.whyEnded };
    case "no-access":
      return { text: TEXTS.whyNoAccess };
    case null:
      return null;
  }
}
