/** What agents know, and who is looked for. Pure. */

import type { Agent } from "../../live/board";

export interface Filter {
  readonly words: string;
  /** A skill; empty: every skill. */
  readonly skill: string;
  /** Only those who know something else than `agents.yaml` says. */
  readonly changed: boolean;
}

export const ALL: Filter = { words: "", skill: "", changed: false };

export function find(agents: Iterable<Agent>, { words, skill, changed }: Filter): Agent[] {
  const wanted = words.trim().toLowerCase();
  return [...agents].filter(
    (agent) =>
      (agent.id.includes(wanted) || agent.name.toLowerCase().includes(wanted)) &&
      (skill === "" || agent.skills[skill] !== undefined) &&
      (!changed || agent.from_file !== null),
  );
}

/** `Gas 4`, the best first. `called`: what a skill is called. */
export function inWords(skills: Readonly<Record<string, number>>, called: (skill: string) => string): string[] {
  return Object.entries(skills)
    .sort(([one, level], [other, otherLevel]) => otherLevel - level || one.localeCompare(other))
    .map(([skill, level]) => `${called(skill)} ${level}`);
}
