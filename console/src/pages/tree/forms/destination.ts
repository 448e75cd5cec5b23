/** Where a call goes, as a choice of a list: `queue:gas`, `menu:main`, `repeat:`, `hangup:`. Pure. */

import { entries, text, type Value } from "./value";

const NAMED = ["queue", "menu", "sub_hotline", "scope", "input"] as const;

/** The choice for a destination of the file; `other`: the file has more than a choice can say; "": nothing. */
export function choiceOf(value: Value): string {
  const found = entries(value);
  const keys = Object.keys(found);
  if (keys.length === 0) return "";
  const [kind = ""] = keys;
  if (keys.length > 1) return "other";
  if (kind === "repeat" || kind === "hangup") return `${kind}:`;
  return (NAMED as readonly string[]).includes(kind) ? `${kind}:${text(found[kind] ?? null)}` : "other";
}

export function destinationOf(choice: string): Value {
  const [kind = "", name = ""] = choice.split(":");
  return { [kind]: kind === "repeat" || kind === "hangup" ? true : name };
}
