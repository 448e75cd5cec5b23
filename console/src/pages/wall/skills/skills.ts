/** What an agent can be said to know and speak. Pure. */

import type { AbilitiesOut, SessionOut } from "../../../api/schema";
import type { Agent, Board } from "../../../live/board";

export interface Subject {
  readonly skill: string;
  /** Whether the person may set it: an account that is limited to queues only those that these need. */
  readonly open: boolean;
}

export function limited(who: SessionOut): boolean {
  return who.queues.length > 0 || who.departments.length > 0;
}

/** Every skill that a queue needs or an agent has, by name. */
export function subjects(board: Board, who: SessionOut): Subject[] {
  const needed = new Set([...board.queues.values()].flatMap(({ needs }) => needs.flatMap(Object.keys)));
  const known = [...board.agents.values()].flatMap((agent) => Object.keys(agent.skills));
  const all = [...new Set([...needed, ...known])].sort();
  return all.map((skill) => ({ skill, open: !limited(who) || needed.has(skill) }));
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
