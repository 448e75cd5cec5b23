/** The words for how a call ended. */

import type { Outcome } from "../../../api/schema";
import type { Text } from "../../../texts/texts";
import { TEXTS } from "./texts";

export const OUTCOMES: Readonly<Record<Outcome, Text>> = {
  answered: TEXTS.answered,
  "sub-hotline": TEXTS.line,
  abandoned: TEXTS.abandoned,
  overflowed: TEXTS.overflowed,
  failed: TEXTS.overflowed,
  message: TEXTS.message,
  "hung-up": TEXTS.hungUp,
  lost: TEXTS.cut,
};
