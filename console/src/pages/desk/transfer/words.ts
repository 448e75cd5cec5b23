/** The words for what became of a second call or of a transfer. Pure. */

import type { TransferOut } from "../../../api/schema";
import type { Why } from "../../../phone/model";
import type { Text } from "../../../texts/texts";
import { TEXTS } from "./texts";

const WHY: Readonly<Record<Why, Text>> = {
  declined: TEXTS.declined,
  busy: TEXTS.isBusy,
  "no-answer": TEXTS.noAnswer,
  unreachable: TEXTS.notReached,
  ended: TEXTS.hasEnded,
};

/** Of somebody who was called; null: nobody knows why. */
export function why(reason: Why | null | undefined): Text {
  return WHY[reason ?? "unreachable"];
}

/** To whom a story says that a call was sent: an id or a number. */
export function target({ to }: Pick<TransferOut, "to">): string {
  return String(to.agent ?? to.number ?? to.queue ?? to.sub_hotline ?? to.menu ?? "");
}
