/** Where a call can be sent, as one list to choose from. Pure. */

import type { AgentTarget, DepartmentTarget, NumberTarget, QueueTarget, TargetsOut } from "../../../api/schema";
import type { Target } from "../../../phone/model";
import { type Language, named } from "../../../texts/texts";

export type Choice = Target &
  (
    | { readonly kind: "queue"; readonly of: QueueTarget }
    | { readonly kind: "agent"; readonly of: AgentTarget }
    | { readonly kind: "department"; readonly of: DepartmentTarget }
    | { readonly kind: "number"; readonly of: NumberTarget }
  );

/** Queues, then colleagues (those who could answer first), departments, numbers outside: as far as they have the words
 *  that were typed, in the name or the number.
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
  return all.filter(({ name, number }) => words.every((word) => `${name} ${number}`.toLowerCase().includes(word)));
}

/** What is chosen after the key: one step on, not past the ends. Nothing is left: 0. */
export function moved(chosen: number, key: string, count: number): number {
  const step = key === "ArrowDown" ? 1 : key === "ArrowUp" ? -1 : 0;
  return Math.max(0, Math.min(count - 1, chosen + step));
}

function inOrder(agents: readonly AgentTarget[]): AgentTarget[] {
  return [...agents].sort((one, other) => rank(one) - rank(other));
}

/** 0: ready, and the phone is free; 1: the phone is free; 2: busy; 3: not to be reached. */
function rank({ state, phone }: AgentTarget): number {
  if (phone === "unreachable") return 3;
  if (phone === "busy") return 2;
  return state === "ready" ? 0 : 1;
}
