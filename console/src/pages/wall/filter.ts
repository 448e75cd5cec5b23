/** Which agents are shown. Pure. */

import type { Agent, Board } from "../../live/board";
import { serves } from "../../states/serving";

export interface Filter {
  /** A queue's id; empty: every queue. */
  readonly queue: string;
  /** A skill; empty: every skill. */
  readonly skill: string;
  readonly signedOut: boolean;
}

export const ALL: Filter = { queue: "", skill: "", signedOut: false };

export interface Found {
  readonly agents: readonly Agent[];
  /** How many fit who are signed out, shown or not. */
  readonly signedOut: number;
}

export function find(board: Board, filter: Filter): Found {
  const queue = board.queues.get(filter.queue);
  const fitting = [...board.agents.values()].filter(
    (agent) =>
      (queue === undefined || serves(agent, queue)) &&
      (filter.skill === "" || agent.skills[filter.skill] !== undefined),
  );
  const present = fitting.filter((agent) => agent.state !== "logged-out");
  return { agents: filter.signedOut ? fitting : present, signedOut: fitting.length - present.length };
}

/** Every skill that some agent has, by name. */
export function skills(board: Board): string[] {
  return [...new Set([...board.agents.values()].flatMap((agent) => Object.keys(agent.skills)))].sort();
}
