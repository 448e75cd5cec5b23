/** Where a call goes, as a choice of a list: `queue:gas`, `menu:main`, `message:gas`, `repeat:`, `hangup:`. Pure. */

import type { Text } from "../../../texts/texts";
import { KINDS, NAMED } from "../kinds";
import { entries, text, type Value } from "./value";

/** The choice for a destination of the file; `other`: the file has more than a choice can say; "": nothing. */
export function choiceOf(value: Value): string {
  const found = entries(value);
  const keys = Object.keys(found);
  if (keys.length === 0) return "";
  const [kind = ""] = keys;
  if (keys.length > 1) return "other";
  if (kind === "repeat" || kind === "hangup") return `${kind}:`;
  if (kind === "message") return `message:${text(entries(found.message ?? null).queue ?? null)}`;
  return NAMED.some(({ key }) => key === kind) ? `${kind}:${text(found[kind] ?? null)}` : "other";
}

export function destinationOf(choice: string): Value {
  const [kind = "", name = ""] = choice.split(":");
  if (kind === "message") return { message: { queue: name } };
  return { [kind]: kind === "repeat" || kind === "hangup" ? true : name };
}

/** What the file has that is more than a choice: the kind in words, else its keys. */
export function kindIn(value: Value): readonly (Text | string)[] {
  const keys = Object.keys(entries(value));
  const kind = keys.find((key) => KINDS[key] !== undefined);
  return kind === undefined ? keys : [KINDS[kind]?.word ?? kind, ...keys.filter((key) => key !== kind)];
}
