/** What the event stream has told: queues and agents by id, in the hotline's order. Pure. */

import type { AgentOut, ListeningOut, QueueOut } from "../api/schema";

/** A queue as told at `at`: the wait of the longest waiting has grown since. */
export type Queue = QueueOut & { readonly at: number };
export type Agent = AgentOut;

export interface Board {
  /** Of the last message, on the service's clock; milliseconds since the epoch. */
  readonly at: number;
  readonly queues: ReadonlyMap<string, Queue>;
  readonly agents: ReadonlyMap<string, Agent>;
  /** Who listens to which talk; nobody, for a person who may not listen. */
  readonly listening: readonly ListeningOut[];
}

export interface News {
  at: string;
  queues: QueueOut[];
  agents: AgentOut[];
  /** All of them, if anything changed. */
  listening?: ListeningOut[];
}

/** `state` replaces everything, `changes` what it names. */
export function fold(board: Board | null, event: string, news: News): Board | null {
  if (event !== "state" && (event !== "changes" || board === null)) return board;
  const at = Date.parse(news.at);
  const before = event === "state" ? null : board;
  const queues = new Map(before?.queues);
  for (const queue of news.queues) queues.set(queue.id, { ...queue, at });
  const agents = new Map(before?.agents);
  for (const agent of news.agents) agents.set(agent.id, agent);
  return { at, queues, agents, listening: news.listening ?? before?.listening ?? [] };
}

/** Seconds that the longest waiting has waited; 0: nobody waits. */
export function longestWait(queue: Queue, now: number): number {
  return queue.waiting === 0 ? 0 : queue.longest_wait_s + Math.max(0, now - queue.at) / 1_000;
}
