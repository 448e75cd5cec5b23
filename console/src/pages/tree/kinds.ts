import type { PlaceOut } from "../../api/schema";
import type { Speaker } from "../../texts/language";
import type { Text } from "../../texts/texts";
import { TEXTS } from "./texts";

/** What a place is, in words. */
export const KINDS: Readonly<Record<PlaceOut["kind"], Text>> = {
  start: TEXTS.kindStart,
  menu: TEXTS.kindMenu,
  queue: TEXTS.kindQueue,
  line: TEXTS.kindLine,
  scope: TEXTS.kindScope,
  input: TEXTS.kindInput,
  missing: TEXTS.kindMissing,
};

/** What readers of the screen hear of a place. */
export function spoken(place: PlaceOut, { say }: Speaker): string {
  const parts = [`${say(KINDS[place.kind])} ${place.title}`];
  if (place.reach === "nobody") parts.push(say(TEXTS.unreachable));
  if (place.open === false) parts.push(say(TEXTS.closedNow));
  if (place.calls !== null) parts.push(say(TEXTS.spokenCalls, { calls: place.calls, lost: place.gave_up ?? 0 }));
  return parts.join(", ");
}
