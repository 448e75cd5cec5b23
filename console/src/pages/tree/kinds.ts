/** The kinds of destinations: what they are called, and where their names stand. Pure. */

import type { NodeOut } from "../../api/schema";
import { KINDS as KNOWN } from "../../api/tables";
import type { Speaker } from "../../texts/language";
import type { Text } from "../../texts/texts";
import { TEXTS } from "./texts";

export interface Kind {
  readonly word: Text;
  /** The section of the file whose names it has; null: none. */
  readonly section: string | null;
  /** Its name in the picture; null: it is not drawn itself. */
  readonly drawn: string | null;
}

/** By the key that marks it in the file, as `ivr/model` has them. */
export const KINDS: Readonly<Record<string, Kind>> = KNOWN;

/** Those that lead to a place with a name: key, section, word. */
export const NAMED = Object.entries(KINDS).flatMap(([key, { section, word }]) =>
  section === null ? [] : [{ key, section, word }],
);

/** What a place of the picture is, in words. */
export function kindOf({ kind }: Pick<NodeOut, "kind">): Text {
  if (kind === "start") return TEXTS.kindStart;
  return Object.values(KINDS).find(({ drawn }) => drawn === kind)?.word ?? TEXTS.kindMissing;
}

/** What readers of the screen hear of a place. */
export function spoken(place: NodeOut, { say }: Speaker): string {
  const parts = [`${say(kindOf(place))} ${place.title}`];
  if (place.reach === "nobody") parts.push(say(TEXTS.unreachable));
  if (place.open === false) parts.push(say(TEXTS.closedNow));
  if (place.calls !== null) parts.push(say(TEXTS.spokenCalls, { calls: place.calls, lost: place.gave_up ?? 0 }));
  return parts.join(", ");
}
