/** The words for what became of a second call or of a transfer. Pure. */

import type { StoryOut, TransferOut } from "../../../api/schema";
import type { Text } from "../../../texts/texts";
import { TEXTS } from "./texts";

type Why = NonNullable<TransferOut["why"]>;

const WHY: Readonly<Record<Why, Text>> = {
  declined: TEXTS.declined,
  busy: TEXTS.isBusy,
  "no-answer": TEXTS.noAnswer,
  unreachable: TEXTS.notReached,
};

/** Of somebody who was called; null: nobody knows why. */
export function why(reason: Why | null | undefined): Text {
  return WHY[reason ?? "unreachable"];
}

/** Why the last consultation over HTTP was not answered; null: it was, or there was none. */
export function unanswered({ story }: StoryOut): { to: TransferOut["to"]; why: Why } | null {
  const last = [...story].reverse().find(({ kind }) => kind.startsWith("consult-"));
  if (last?.kind !== "consult-failed") return null;
  const failed = last as unknown as { to: TransferOut["to"]; status: string };
  return { to: failed.to, why: STATUS[failed.status] ?? "unreachable" };
}

/** Why the agent asks, as the agent wrote it; "": nothing was written. */
export function reasonOfConsult({ story }: StoryOut): string {
  const last = [...story].reverse().find(({ kind }) => kind === "consult-asked");
  const reason = (last as unknown as { reason?: string | null } | undefined)?.reason;
  return reason ?? "";
}

/** As Asterisk says it: who declines is busy to it. */
const STATUS: Readonly<Record<string, Why>> = { BUSY: "busy", NOANSWER: "no-answer" };

/** To whom a story says that a call was sent: an id or a number. */
export function target({ to }: Pick<TransferOut, "to">): string {
  return String(to.agent ?? to.number ?? to.queue ?? to.sub_hotline ?? to.menu ?? "");
}
