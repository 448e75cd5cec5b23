/** Where a call can be sent, as one list to choose from. Pure. */

import type { AgentTarget, DepartmentTarget, NumberTarget, QueueTarget, TargetsOut } from "../../../api/schema";
import { spellings } from "../../../frame/pinyin";
import type { Target } from "../../../phone/model";
import { type Language, named } from "../../../texts/texts";
import { inOrder } from "./order";

export type Choice = Target &
  (
    | { readonly kind: "queue"; readonly of: QueueTarget }
    | { readonly kind: "agent"; readonly of: AgentTarget }
    | { readonly kind: "department"; readonly of: DepartmentTarget }
    | { readonly kind: "number"; readonly of: NumberTarget }
  );

/** Queues, then colleagues (those who could answer first), departments, numbers outside: as far as they have the words
 *  that were typed, in the name, its pinyin initials or the number.
 */
export function choices(targets: TargetsOut, typed: string, language: Language): Choice[] {
  const all: Choice[] = [
    ...targets.queues.map((of): Choice => ({ kind: "queue", number: of.number, name: named(of.name, language), of })),
    ...inOrder(targets.agents).map((of): Choice => ({ kind: "agent", number: of.number, name: of.name, of })),
    ...targets.departments.map(
      (of): Choice => ({ kind: "department", number: of.number, name: named(of.name, language), of }),
    ),
    ...targets.numbers.map((of): Choice => ({ kind: "number", number: of.number, name: named(of.name, language), of })),
  ];
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return words.length === 0 ? all : all.filter(({ name, number }) => found(`${spellings(name)} ${number}`, words));
}

/** What is chosen after the key: one step on, not past the ends. Nothing is left: 0. */
export function moved(chosen: number, key: string, count: number): number {
  const step = key === "ArrowDown" ? 1 : key === "ArrowUp" ? -1 : 0;
  return Math.max(0, Math.min(count - 1, chosen + step));
}

function found(text: string, words: readonly string[]): boolean {
  return words.every((word) => text.includes(word));
}
