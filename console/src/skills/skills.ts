/** What an agent can be said to know and speak. Pure. */

import type { AbilitiesOut, SessionOut } from "../api/schema";
import type { Agent, Board } from "../live/board";

export interface Subject {
  readonly skill: string;
  /** Whether the person may set it: an account that is limited to queues only those that these need. */
  readonly open: boolean;
}

export function limited(who: SessionOut): boolean {
  return who.queues.length > 0 || who.departments.length > 0;
}

/** Every skill that a queue needs or an agent has, by the hotline's file too, in the order of their names. */
export function skillsOf(board: Board): string[] {
  const known = [...board.agents.values()].flatMap((agent) => [agent, inFile(agent)]);
  return [...new Set([...needed(board), ...known.flatMap(({ skills }) => Object.keys(skills))])].sort();
}

/** The same, and whether the account may set them. */
export function subjects(board: Board, who: SessionOut): Subject[] {
  const own = needed(board);
  return skillsOf(board).map((skill) => ({ skill, open: !limited(who) || own.has(skill) }));
}

/** Those that the queues need which the account sees. */
function needed({ queues }: Board): ReadonlySet<string> {
  return new Set([...queues.values()].flatMap(({ needs }) => needs.flatMap(Object.keys)));
}

/** Every language that somebody speaks, or would by the hotline's file. */
export function spoken(board: Board): string[] {
  const found = [...board.agents.values()].flatMap((agent) => [...agent.languages, ...inFile(agent).languages]);
  return [...new Set(found)].sort();
}

/** What the hotline's file says of the agent. */
export function inFile(agent: Agent): AbilitiesOut {
  return agent.from_file ?? agent;
}
