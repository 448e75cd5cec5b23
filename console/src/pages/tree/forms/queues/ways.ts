/** Rules by which callers leave a queue before an agent answers. Pure. */

import { at, type Edit, entries, type Path, type Value } from "../value";

/** The key of the file for where a call goes. */
export const THEN = "then";

export const CONDITIONS = ["waited", "waiting", "nobody_signed_in", "estimate"] as const;
export type Condition = (typeof CONDITIONS)[number];

/** What stands first behind a condition that is chosen: callers, or a time. */
export const FIRST: Readonly<Record<Condition, Value>> = {
  waited: "5m",
  waiting: 50,
  nobody_signed_in: "10s",
  estimate: "20m",
};

/** Null: none, or one that the file may not have. */
export function conditionOf(rule: Value): Condition | null {
  return CONDITIONS.find((each) => at(rule, each) !== null) ?? null;
}

/** Another condition at the same place of the rule. A time that somebody chose stays; a number of callers is none. */
export function withCondition(path: Path, rule: Value, to: Condition): readonly Edit[] {
  const file = "hotline.yaml" as const;
  const from = conditionOf(rule);
  if (from === to) return [];
  const counts = from === null || from === "waiting" || to === "waiting" || at(rule, from) === FIRST[from];
  return [
    ...(from === null ? [] : [{ do: "rename", file, path: [...path, from], to } as const]),
    ...(counts ? [{ do: "set", file, path: [...path, to], value: FIRST[to] } as const] : []),
  ];
}

/** Whether a destination is a message and then another one, and nothing more. */
export function isMessage(to: Value): boolean {
  const keys = Object.keys(entries(to));
  return keys.includes("say") && keys.every((key) => key === "say" || key === "then");
}

/** A message, and where the call goes then. */
export function message(say: Value, to: Value): Value {
  return { say, [THEN]: to };
}

/** Half a minute after a wait, `90s` → `120s`; after none, or one that is no time, half a minute. */
export function later(after: string): string {
  const [, count = "", unit = "s"] = /^(\d+)([smh])$/.exec(after.trim()) ?? [];
  return `${Number(count) * ({ s: 1, m: 60, h: 3_600 }[unit] ?? 1) + 30}s`;
}

/** Two keys of a mapping beside each other change places. What is written between them stays where it is. */
export function exchanged(path: Path, all: Value, one: string, other: string): readonly Edit[] {
  const file = "hotline.yaml" as const;
  return [
    { do: "rename", file, path: [...path, one], to: other },
    { do: "set", file, path: [...path, one], value: at(all, one) },
    { do: "set", file, path: [...path, other], value: at(all, other) },
  ];
}
