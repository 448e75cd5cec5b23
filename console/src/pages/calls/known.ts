/** What queues, departments and agents are called, for the tables of calls. */

import { useAnswer } from "../../api/answer";
import { ask } from "../../api/client";
import type { NamesOut } from "../../api/schema";
import { called, useNames } from "../../frame/names";
import type { Language } from "../../texts/texts";

export interface Known {
  readonly names: NamesOut | null;
  /** Id → name; empty for an account that sees no agents. */
  readonly agents: ReadonlyMap<string, string>;
}

export function useKnown(): Known {
  const names = useNames();
  const { answer } = useAnswer((signal) => ask("get", "/api/v1/agents", {}, signal), []);
  return { names, agents: new Map((answer ?? []).map(({ id, name }) => [id, name])) };
}

/** `1001 王芳`. */
export function agentCalled({ agents }: Known, id: string): string {
  return [id, agents.get(id)].filter(Boolean).join(" ");
}

/** The queue or the department that a call was with last; empty: none. */
export function placeOf(
  { names }: Known,
  { queue, sub_hotline }: { queue: string | null; sub_hotline: string | null },
  language: Language,
): string {
  if (queue !== null) return called(names?.queues, queue, language);
  return sub_hotline === null ? "" : called(names?.departments, sub_hotline, language);
}
