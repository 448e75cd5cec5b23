/** What agents know: which skills there are, who has what, and what the account may set. Pure. */

import type { Agent, Board } from "../../live/board";

export interface Abilities {
  readonly skills: Readonly<Record<string, number>>;
  readonly languages: readonly string[];
}

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

/** Every skill that a queue needs or an agent has, by name. */
export function skillsOf({ queues, agents }: Board): string[] {
  const needed = [...queues.values()].flatMap((queue) => queue.needs.flatMap((needs) => Object.keys(needs)));
  const known = [...agents.values()].flatMap((agent) => [
    ...Object.keys(agent.skills),
    ...Object.keys(agent.from_file?.skills ?? {}),
  ]);
  return [...new Set([...needed, ...known])].sort();
}

export function languagesOf({ agents }: Board): string[] {
  return [
    ...new Set([...agents.values()].flatMap((agent) => [...agent.languages, ...(agent.from_file?.languages ?? [])])),
  ];
}

/** The skills that an account may set which is limited to the queues of the board. */
export function ownSkills({ queues }: Board): ReadonlySet<string> {
  return new Set([...queues.values()].flatMap((queue) => queue.needs.flatMap((needs) => Object.keys(needs))));
}

/** With that level of the skill; 0: without it. */
export function withLevel(abilities: Abilities, skill: string, level: number): Abilities {
  const { [skill]: _, ...others } = abilities.skills;
  return { ...abilities, skills: level === 0 ? others : { ...others, [skill]: level } };
}

/** `gas 4`, the best first. */
export function inWords(skills: Readonly<Record<string, number>>): string[] {
  return Object.entries(skills)
    .sort(([one, level], [other, otherLevel]) => otherLevel - level || one.localeCompare(other))
    .map(([skill, level]) => `${skill} ${level}`);
}
